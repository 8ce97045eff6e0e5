//! What a plan says to a program: the object `saan import --json` prints for a file. Its keys are fixed by the
//! contract of the command line.

use serde_json::{Map, Value, json};
use thai::dates::DateSystem;

use super::contacts::Log;
use super::known::ActorKind;
use super::members::{INVALID_EMAIL, INVALID_PHONE, INVALID_TIMESTAMP};
use super::people::{Numbered, People};
use super::plan::{
    ActorNo, Consent, FileKind, Meaning, PlannedActor, Rejected, Repeated, SamePair, Source, Undecided,
    Warning,
};
use super::ties::Ties;
use super::{Activities, MembersPart, Plan};

impl Plan {
    /// The report of this file.
    #[must_use]
    pub fn report(&self) -> Value {
        let mut report = Map::new();
        report.insert("file".into(), json!(self.file));
        if let Some(encoding) = &self.encoding {
            report.insert("encoding".into(), json!(encoding));
        }
        if let Some(delimiter) = self.delimiter {
            report.insert("delimiter".into(), json!(delimiter.to_string()));
        }
        match self.kind {
            FileKind::Workbook | FileKind::Delimited => self.tables(&mut report),
            FileKind::Cards => self.cards(&mut report),
            FileKind::Calendar => {
                if let Some(activities) = &self.activities {
                    calendar(activities, &mut report);
                }
            }
        }
        Value::Object(report)
    }

    fn tables(&self, report: &mut Map<String, Value>) {
        let workbook = self.kind == FileKind::Workbook;
        if let Some(part) = &self.members {
            if workbook {
                report.insert("sheet_members".into(), json!(part.sheet));
            }
            if let Some(table) = self.tables.iter().find(|table| table.sheet == part.sheet) {
                report.insert("header_row".into(), json!(table.header_row));
                report.insert("first_data_row".into(), json!(table.first_data_row));
            }
            self.members(part, report);
        }
        if workbook {
            let system = if self.date_system == DateSystem::Since1904 { "1904" } else { "1900" };
            report.insert("date_system".into(), json!(system));
            let sheets: Vec<Value> = self
                .sheets_not_imported
                .iter()
                .map(|(name, reason)| json!({"name": name, "reason": reason}))
                .collect();
            report.insert("sheets_not_imported".into(), json!(sheets));
        }
        if let Some(log) = &self.log {
            let mut inner = Map::new();
            log_report(log, &mut inner);
            if workbook {
                let sheet = self
                    .tables
                    .iter()
                    .find(|table| table.columns.iter().any(|(_, _, c)| *c == Some(super::Column::With)));
                inner.insert("sheet".into(), json!(sheet.map(|table| table.sheet.clone())));
                report.insert("contact_log".into(), Value::Object(inner));
            } else {
                if self.after_others {
                    let held: Vec<u32> =
                        log.contacts.iter().filter(|c| !c.new).map(|c| c.source.row).collect();
                    inner.insert("already_in_members_log_rows".into(), json!(held));
                    inner.insert(
                        "new_entries_after_members_xlsx".into(),
                        json!(log.contacts.len() - held.len()),
                    );
                }
                report.extend(inner);
            }
        }
        if let Some(ties) = &self.ties {
            let mut inner = Map::new();
            self.ties_report(ties, &mut inner);
            if workbook {
                report.insert("ties".into(), Value::Object(inner));
            } else {
                report.extend(inner);
            }
        }
    }

    fn members(&self, part: &MembersPart, report: &mut Map<String, Value>) {
        let people = &part.people;
        let counts = &people.counts;
        report.insert(
            "counts".into(),
            json!({
                "persons": counts.persons,
                "persons_if_every_suggested_pair_is_merged": counts.persons_if_merged,
                "persons_pending_consent": counts.persons_pending,
                "organisations": counts.organizations,
                "organisations_if_every_suggested_pair_is_merged": counts.organizations_if_merged,
                "organisations_by_kind": {
                    "group": counts.groups,
                    "organisation": counts.organizations - counts.groups,
                },
                "organisations_without_person": counts.without_person,
                "memberships": counts.memberships,
                "persons_in_two_or_more_organisations": counts.in_several,
                "persons_without_organisation": counts.in_none,
                "offers": counts.offers,
                "needs": counts.needs,
            }),
        );
        report.insert("accepted_rows".into(), json!(part.accepted));
        let certain: Vec<Value> = people
            .certain
            .iter()
            .map(|(name, rows)| json!({"name": name, "rows": row_numbers(rows)}))
            .collect();
        report.insert("certain_merges".into(), json!(certain));
        let pending: Vec<Value> = people
            .actors
            .iter()
            .filter(|actor| actor.kind == ActorKind::Person && actor.consent == Consent::Pending)
            .map(who)
            .collect();
        report.insert("pending_consent".into(), json!(pending));
        report.insert("organisations".into(), json!(organization_names(people)));
        report.insert("rejected_rows".into(), rejected(&part.rejected));
        let skipped: Vec<Value> =
            part.skipped.iter().map(|row| json!({"row": row.source.row, "what": row.what})).collect();
        report.insert("skipped_rows".into(), json!(skipped));
        let numbered = people.numbered();
        let mut decisions = json!({
            "duplicate_persons": people.pairs.iter().map(|pair| pair_report(&numbered, pair)).collect::<Vec<_>>(),
            "similar_organisations": people.organization_pairs.iter().map(|pair| json!({
                "a": self.name_of(&numbered, pair.a), "b": self.name_of(&numbered, pair.b), "reason": pair.reason,
            })).collect::<Vec<_>>(),
            "consent_unclear_or_missing_rows": row_numbers(&people.unclear),
        });
        let again: Vec<Value> = people.yes_after_no().map(who).collect();
        if let (Some(lists), false) = (decisions.as_object_mut(), again.is_empty()) {
            lists.insert("consent_after_refusal".into(), json!(again));
        }
        let left: Vec<Value> =
            people.left.iter().map(|one| json!({"row": one.source.row, "name": one.name})).collect();
        if let (Some(lists), false) = (decisions.as_object_mut(), left.is_empty()) {
            lists.insert("left_before".into(), json!(left));
        }
        report.insert("needs_decision".into(), decisions);
        report.insert("warnings".into(), warnings_by_kind(&part.warnings));
        report.insert("distinct_valid_phones".into(), json!(counts.phones));
        report.insert("distinct_valid_emails".into(), json!(counts.emails));
        if self.after_others {
            report.insert("after_known".into(), self.after(people, "row"));
        }
    }

    fn cards(&self, report: &mut Map<String, Value>) {
        let Some(part) = &self.members else { return };
        let people = &part.people;
        let counts = &people.counts;
        report.insert("cards".into(), json!(self.cards));
        report.insert(
            "standalone".into(),
            json!({
                "persons": counts.persons,
                "organisations": counts.organizations,
                "memberships": counts.memberships,
                "photos": counts.photos,
                "persons_pending_consent": counts.persons_pending,
            }),
        );
        report.insert("organisations".into(), json!(organization_names(people)));
        let numbered = people.numbered();
        let memberships: Vec<[String; 2]> = people
            .memberships
            .iter()
            .map(|m| [self.name_of(&numbered, m.member), self.name_of(&numbered, m.organization)])
            .collect();
        report.insert("memberships".into(), json!(memberships));
        let cards: Vec<Value> = part
            .rejected
            .iter()
            .map(|card| json!({"card": card.source.row, "reason": card.reason}))
            .collect();
        report.insert("rejected_cards".into(), json!(cards));
        let certain: Vec<Value> =
            people.certain.iter().map(|(_, cards)| json!({"cards": row_numbers(cards)})).collect();
        report.insert("certain_merges".into(), json!(certain));
        let persons = people.actors.iter().filter(|actor| actor.kind == ActorKind::Person);
        report.insert("persons".into(), json!(persons.map(card_report).collect::<Vec<_>>()));
        let warnings: Vec<Value> = part
            .warnings
            .iter()
            .map(|warning| json!({"card": warning.source.row, "what": warning.what}))
            .collect();
        report.insert("warnings".into(), json!(warnings));
        let decisions: Vec<Value> = people
            .pairs
            .iter()
            .chain(&people.organization_pairs)
            .map(|pair| self.decision(&numbered, pair, "card"))
            .collect();
        report.insert("needs_decision".into(), json!(decisions));
        if self.after_others {
            report.insert("after_members_xlsx".into(), self.after(people, "card"));
        }
    }

    /// What a file comes to beside what was known before it.
    fn after(&self, people: &People, place: &str) -> Value {
        let numbered = people.numbered();
        let certain: Vec<Value> = people
            .known_persons
            .iter()
            .map(|(no, source)| {
                let name = numbered.get(no).map(|actor| &actor.name);
                json!({place: source.row, "name": name})
            })
            .collect();
        let decisions: Vec<Value> = people
            .known_pairs
            .iter()
            .chain(&people.known_organization_pairs)
            .map(|pair| self.decision(&numbered, pair, place))
            .collect();
        json!({
            "same_person_certain": certain,
            "needs_decision": decisions,
            "new_persons": people.counts.persons - people.known_persons.len(),
        })
    }

    fn decision(&self, numbered: &Numbered<'_>, pair: &SamePair, place: &str) -> Value {
        let here = numbered.get(&pair.a);
        json!({
            place: here.and_then(|actor| actor.sources.first()).map(|source| source.row),
            "name": here.map(|actor| &actor.name),
            "with": self.name_of(numbered, pair.b),
            "reason": pair.reason,
        })
    }

    fn name_of(&self, numbered: &Numbered<'_>, no: ActorNo) -> String {
        let here = numbered.get(&no).map(|actor| actor.name.clone());
        here.or_else(|| self.names.get(&no).cloned()).unwrap_or_default()
    }

    fn ties_report(&self, ties: &Ties, report: &mut Map<String, Value>) {
        let directed = ties.ties.iter().filter(|tie| tie.relation.is_directed()).count();
        report.insert("ties".into(), json!(ties.ties.len()));
        report.insert("ties_by_kind".into(), json!(self.tie_kinds));
        report.insert("directed".into(), json!(directed));
        report.insert("undirected".into(), json!(ties.ties.len() - directed));
        let name = |no: ActorNo| self.names.get(&no).cloned().unwrap_or_default();
        let memberships: Vec<Value> = ties
            .memberships
            .iter()
            .map(|membership| {
                json!({
                    "row": membership.sources.first().map(|source| source.row),
                    "person": name(membership.member),
                    "organisation": name(membership.organization),
                    "new": membership.new,
                })
            })
            .collect();
        report.insert("memberships_rows".into(), json!(memberships));
        report.insert("new_memberships".into(), json!(ties.memberships.iter().filter(|m| m.new).count()));
        report.insert("skipped_duplicates".into(), repeated(&ties.repeated));
        report.insert("rejected_rows".into(), rejected(&ties.rejected));
        report.insert("needs_decision".into(), undecided(&ties.undecided));
        let warnings: Vec<Value> = ties
            .warnings
            .iter()
            .map(|warning| json!({"row": warning.source.row, "what": warning.what}))
            .collect();
        report.insert("warnings".into(), json!(warnings));
    }
}

fn log_report(log: &Log, report: &mut Map<String, Value>) {
    let counts = log.mentions();
    report.insert("contact_log_entries".into(), json!(log.contacts.len()));
    report.insert("by_channel".into(), json!(log.by_channel()));
    report.insert(
        "mentions".into(),
        json!({
            "linked_full": counts.full,
            "linked_short": counts.short,
            "linked_org": counts.organization,
            "ambiguous": counts.ambiguous,
            "unknown": counts.unknown,
        }),
    );
    report.insert("rejected_rows".into(), rejected(&log.rejected));
    report.insert("skipped_duplicates".into(), repeated(&log.repeated));
    let open: Vec<Value> = log
        .all_mentions()
        .filter_map(|(source, mention)| {
            let why = match mention.meaning {
                Meaning::Ambiguous(_) => "ambiguous",
                Meaning::Unknown => "unknown",
                _ => return None,
            };
            Some(json!({"row": source.row, "mention": mention.text, "why": why}))
        })
        .collect();
    report.insert("needs_decision".into(), json!({"entries": undecided(&log.undecided), "mentions": open}));
}

fn calendar(activities: &Activities, report: &mut Map<String, Value>) {
    report.insert("activities".into(), json!(activities.planned.len()));
    report.insert("recurring".into(), json!(activities.recurring()));
    report.insert("cancelled".into(), json!(activities.cancelled()));
    let events: Vec<Value> = activities
        .planned
        .iter()
        .map(|activity| {
            let event = &activity.event;
            let start = event.start.map(|start| {
                let format = if start.whole_day { "%Y-%m-%d" } else { "%Y-%m-%dT%H:%M" };
                start.bangkok().strftime(format).to_string()
            });
            let mut object = json!({
                "uid": event.uid,
                "title": event.summary,
                "first_start_local": start,
                "all_day": event.start.is_some_and(|start| start.whole_day),
                "status": event.status.code(),
            });
            if let (Some(days), Some(object)) = (event.days(), object.as_object_mut()) {
                object.insert("days".into(), json!(days));
            }
            object
        })
        .collect();
    report.insert("events".into(), json!(events));
    let told = |list: &[(String, &'static str)]| {
        list.iter().map(|(uid, reason)| json!({"uid": uid, "reason": reason})).collect::<Vec<_>>()
    };
    report.insert("rejected".into(), json!(told(&activities.rejected)));
    report.insert("needs_decision".into(), json!(told(&activities.undecided)));
    report.insert("ignored".into(), json!(activities.ignored));
}

fn row_numbers(sources: &[Source]) -> Vec<u32> {
    sources.iter().map(|source| source.row).collect()
}

fn who(actor: &PlannedActor) -> Value {
    json!({"name": actor.name, "rows": row_numbers(&actor.sources)})
}

fn pair_report(numbered: &Numbered<'_>, pair: &SamePair) -> Value {
    let side = |no: ActorNo| numbered.get(&no).map(|actor| who(actor));
    json!({"a": side(pair.a), "b": side(pair.b), "reason": pair.reason})
}

fn card_report(actor: &PlannedActor) -> Value {
    let mut card = Map::new();
    card.insert("card".into(), json!(actor.sources.first().map(|source| source.row)));
    card.insert("name".into(), json!(actor.name));
    card.insert("phones".into(), json!(actor.phones));
    if let Some(email) = actor.emails.first() {
        card.insert("email".into(), json!(email));
    }
    if let Some(birthday) = actor.birthday {
        card.insert("birthday".into(), json!(birthday.to_string()));
    }
    if let Some(photo) = &actor.photo {
        card.insert("photo_bytes".into(), json!(photo.len()));
    }
    Value::Object(card)
}

fn organization_names(people: &People) -> Vec<&str> {
    let mut names: Vec<&str> = people
        .actors
        .iter()
        .filter(|actor| actor.kind != ActorKind::Person)
        .map(|actor| actor.name.as_str())
        .collect();
    names.sort_unstable();
    names
}

fn rejected(list: &[Rejected]) -> Value {
    json!(list.iter().map(|row| json!({"row": row.source.row, "reason": row.reason})).collect::<Vec<_>>())
}

fn repeated(list: &[Repeated]) -> Value {
    json!(
        list.iter().map(|row| json!({"row": row.source.row, "same_as": row.same_as.row})).collect::<Vec<_>>()
    )
}

fn undecided(list: &[Undecided]) -> Value {
    json!(list.iter().map(|row| json!({"row": row.source.row, "reason": row.reason})).collect::<Vec<_>>())
}

fn warnings_by_kind(warnings: &[Warning]) -> Value {
    let rows = |what: &str| {
        let mut rows: Vec<u32> = warnings.iter().filter(|w| w.what == what).map(|w| w.source.row).collect();
        rows.dedup();
        rows
    };
    let cells: Vec<Value> = warnings
        .iter()
        .filter(|w| ![INVALID_EMAIL, INVALID_PHONE, INVALID_TIMESTAMP].contains(&w.what.as_str()))
        .map(|w| json!({"row": w.source.row, "what": w.what}))
        .collect();
    json!({
        "invalid_email_rows": rows(INVALID_EMAIL),
        "invalid_phone_rows": rows(INVALID_PHONE),
        "invalid_timestamp_rows": rows(INVALID_TIMESTAMP),
        "cells": cells,
    })
}
