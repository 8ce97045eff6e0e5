//! What a plan would make, as a page of plain text for the person who decides.

use std::fmt::Write as _;

use thai::Lang;

use super::known::ActorKind;
use super::people::Numbered;
use super::plan::{Meaning, SamePair, Source};
use super::words::{column, reason};
use super::{Activities, Log, MembersPart, Plan, Ties};

/// So many lines of one list are shown; the report has them all.
const SHOWN: usize = 12;

impl Plan {
    /// The preview.
    #[must_use]
    pub fn preview(&self, lang: Lang) -> String {
        let mut page = Page { text: String::new(), lang };
        page.line(0, &self.file);
        if let Some(encoding) = &self.encoding {
            page.say(1, &format!("ตัวอักษรแบบ {encoding}"), &format!("letters: {encoding}"));
        }
        for table in &self.tables {
            let named: Vec<String> = table
                .columns
                .iter()
                .map(|(_, heading, meaning)| {
                    format!("{heading} → {}", meaning.map_or("–", |meaning| column(meaning, lang)))
                })
                .collect();
            let (sheet, row) = (&table.sheet, table.header_row);
            page.say(
                1,
                &format!("{sheet} หัวตารางแถวที่ {row}: {}", named.join(" · ")),
                &format!("{sheet} headings in row {row}: {}", named.join(" · ")),
            );
            if !table.certain {
                page.say(
                    1,
                    "รู้จักหัวตารางไม่ถึง 8 ช่อง โปรดตรวจว่าอ่านถูก",
                    "fewer than 8 headings are known; please check them",
                );
            }
        }
        for (name, why) in &self.sheets_not_imported {
            page.say(
                1,
                &format!("ไม่นำเข้าแผ่นงาน {name}: {}", reason(why, lang)),
                &format!("sheet {name} is not imported: {}", reason(why, lang)),
            );
        }
        if let Some(part) = &self.members {
            page.members(part, self);
        }
        if let Some(log) = &self.log {
            page.log(log);
        }
        if let Some(ties) = &self.ties {
            page.ties(ties);
        }
        if let Some(activities) = &self.activities {
            page.activities(activities);
        }
        page.text
    }

    fn shown_name(&self, numbered: &Numbered<'_>, pair: &SamePair) -> (String, String) {
        let name = |no| {
            let here = numbered.get(&no);
            here.map(|actor| {
                let place = actor.sources.first().map(|source| source.row).unwrap_or_default();
                format!("{} ({place})", actor.name)
            })
            .or_else(|| self.names.get(&no).cloned())
            .unwrap_or_default()
        };
        (name(pair.a), name(pair.b))
    }
}

struct Page {
    text: String,
    lang: Lang,
}

impl Page {
    fn line(&mut self, depth: usize, text: &str) {
        // writing to a String cannot fail
        let _ = writeln!(self.text, "{}{}", "  ".repeat(depth), text.replace('\n', " "));
    }

    fn say(&mut self, depth: usize, thai: &str, english: &str) {
        let text = if self.lang == Lang::Thai { thai } else { english };
        self.line(depth, text);
    }

    fn list(&mut self, thai: &str, english: &str, lines: &[String]) {
        if lines.is_empty() {
            return;
        }
        let count = lines.len();
        self.say(1, &format!("{thai} {count}"), &format!("{english}: {count}"));
        for line in lines.iter().take(SHOWN) {
            self.line(2, line);
        }
        if count > SHOWN {
            self.say(2, &format!("… อีก {}", count - SHOWN), &format!("… {} more", count - SHOWN));
        }
    }

    fn at(&self, source: Source, what: &str) -> String {
        match self.lang {
            Lang::Thai => format!("แถว {}: {what}", source.row),
            Lang::English => format!("row {}: {what}", source.row),
        }
    }

    fn members(&mut self, part: &MembersPart, plan: &Plan) {
        let counts = &part.people.counts;
        let organizations = counts.organizations - counts.groups;
        self.say(
            1,
            &format!(
                "บุคคล {} (รอความยินยอม {}) · กลุ่ม {} · หน่วยงาน {organizations} · การเป็นสมาชิก {} · สิ่งที่ให้ได้ {} · สิ่งที่ต้องการ {}",
                counts.persons, counts.persons_pending, counts.groups, counts.memberships, counts.offers, counts.needs
            ),
            &format!(
                "{} persons ({} pending consent) · {} groups · {organizations} organizations · {} memberships · {} offers · {} needs",
                counts.persons, counts.persons_pending, counts.groups, counts.memberships, counts.offers, counts.needs
            ),
        );
        if plan.after_others {
            let new = part
                .people
                .actors
                .iter()
                .filter(|a| a.kind == ActorKind::Person && a.existing.is_none())
                .count();
            let known = part.people.known_persons.len();
            self.say(
                1,
                &format!("มีอยู่แล้ว {known} คน"),
                &format!("{known} of the persons are known already, {new} are not in the store"),
            );
        }
        let lang = self.lang;
        let numbered = part.people.numbered();
        let pairs: Vec<String> = [
            &part.people.pairs,
            &part.people.known_pairs,
            &part.people.organization_pairs,
            &part.people.known_organization_pairs,
        ]
        .into_iter()
        .flatten()
        .map(|pair| {
            let (a, b) = plan.shown_name(&numbered, pair);
            format!("{a} · {b}: {}", reason(pair.reason, lang))
        })
        .collect();
        self.list("อาจซ้ำกัน ให้คนตัดสิน", "may be the same, for a person to decide", &pairs);
        let again: Vec<String> = part
            .people
            .yes_after_no()
            .filter_map(|actor| Some(self.at(*actor.sources.first()?, &actor.name)))
            .collect();
        self.list(
            "เคยไม่ยินยอมหรือถอนความยินยอม จึงไม่เปลี่ยนให้ โปรดถามเจ้าตัว",
            "said no or took their yes back before; it stays so until somebody asks them",
            &again,
        );
        let left: Vec<String> = part.people.left.iter().map(|one| self.at(one.source, &one.name)).collect();
        self.list(
            "เคยออกจากเครือข่ายหรือถูกนำออก จึงไม่เพิ่มซ้ำ ให้คนตัดสิน",
            "left the network or were removed before; not added again, for a person to decide",
            &left,
        );
        let rejected: Vec<String> =
            part.rejected.iter().map(|row| self.at(row.source, &reason(row.reason, lang))).collect();
        self.list("แถวที่ไม่นำเข้า", "rows not imported", &rejected);
        let warnings: Vec<String> = part
            .warnings
            .iter()
            .map(|warning| {
                self.at(warning.source, &format!("{} {}", reason(&warning.what, lang), warning.text))
            })
            .collect();
        self.list("ค่าที่อ่านไม่ได้", "values that were lost", &warnings);
    }

    fn log(&mut self, log: &Log) {
        let lang = self.lang;
        let new = log.contacts.iter().filter(|contact| contact.new).count();
        self.say(
            1,
            &format!("บันทึกการติดต่อ {} รายการ (ใหม่ {new}) · ซ้ำ {}", log.contacts.len(), log.repeated.len()),
            &format!("{} contacts ({new} new) · {} repeated", log.contacts.len(), log.repeated.len()),
        );
        let rejected: Vec<String> =
            log.rejected.iter().map(|row| self.at(row.source, &reason(row.reason, lang))).collect();
        self.list("แถวที่ไม่นำเข้า", "rows not imported", &rejected);
        let undecided: Vec<String> = log
            .undecided
            .iter()
            .map(|row| self.at(row.source, &format!("{} {}", reason(row.reason, lang), row.text)))
            .collect();
        self.list("รอให้คนตัดสิน", "for a person to decide", &undecided);
        let mentions: Vec<String> = log
            .all_mentions()
            .filter_map(|(source, mention)| {
                let why = match mention.meaning {
                    Meaning::Ambiguous(_) => "ambiguous",
                    Meaning::Unknown => "unknown",
                    _ => return None,
                };
                Some(self.at(source, &format!("{}: {}", mention.text, reason(why, lang))))
            })
            .collect();
        self.list("ชื่อที่ไม่แน่ชัด", "names that are not clear", &mentions);
    }

    fn ties(&mut self, ties: &Ties) {
        let lang = self.lang;
        let new = ties.ties.iter().filter(|tie| tie.new).count();
        self.say(
            1,
            &format!("ความสัมพันธ์ {} (ใหม่ {new}) · การเป็นสมาชิก {}", ties.ties.len(), ties.memberships.len()),
            &format!("{} ties ({new} new) · {} memberships", ties.ties.len(), ties.memberships.len()),
        );
        let rejected: Vec<String> =
            ties.rejected.iter().map(|row| self.at(row.source, &reason(row.reason, lang))).collect();
        self.list("แถวที่ไม่นำเข้า", "rows not imported", &rejected);
        let undecided: Vec<String> = ties
            .undecided
            .iter()
            .map(|row| self.at(row.source, &format!("{} {}", reason(row.reason, lang), row.text)))
            .collect();
        self.list("รอให้คนตัดสิน", "for a person to decide", &undecided);
        let warnings: Vec<String> = ties
            .warnings
            .iter()
            .map(|warning| {
                self.at(warning.source, &format!("{} {}", reason(&warning.what, lang), warning.text))
            })
            .collect();
        self.list("ค่าที่อ่านไม่ได้", "values that were lost", &warnings);
    }

    fn activities(&mut self, activities: &Activities) {
        let lang = self.lang;
        let (all, recurring, cancelled) =
            (activities.planned.len(), activities.recurring(), activities.cancelled());
        self.say(
            1,
            &format!("กิจกรรม {all} (จัดซ้ำ {recurring} · ยกเลิก {cancelled})"),
            &format!("{all} activities ({recurring} recurring · {cancelled} cancelled)"),
        );
        let told = |list: &[(String, &'static str)]| {
            list.iter().map(|(uid, why)| format!("{uid}: {}", reason(why, lang))).collect::<Vec<_>>()
        };
        self.list("ที่ไม่นำเข้า", "not imported", &told(&activities.rejected));
        self.list("รอให้คนตัดสิน", "for a person to decide", &told(&activities.undecided));
    }
}
