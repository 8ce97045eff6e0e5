use formats::export::{self, Member, Network};
use formats::intake::ActorKind;
use serde_json::Value as Json;
use store::ids::ActorId;
use store::{Error, Reading};
use thai::Lang;

use super::queries::{leaving, whole};
use crate::{dates, gatherings};

/// In which form a network is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Xlsx,
    Csv,
    Json,
    Vcf,
    Ics,
    Graphml,
    Gexf,
    Kumu,
}

impl Format {
    /// All of them, as pages offer them.
    pub const ALL: &'static [Self] =
        &[Self::Xlsx, Self::Csv, Self::Json, Self::Vcf, Self::Ics, Self::Graphml, Self::Gexf, Self::Kumu];

    /// The word on the command line and in addresses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Vcf => "vcf",
            Self::Ics => "ics",
            Self::Graphml => "graphml",
            Self::Gexf => "gexf",
            Self::Kumu => "kumu",
        }
    }

    /// The name it goes by on a page.
    #[must_use]
    pub const fn called(self) -> &'static str {
        match self {
            Self::Xlsx => "Excel",
            Self::Csv => "CSV",
            Self::Json => "JSON",
            Self::Vcf => "vCard",
            Self::Ics => "iCalendar",
            Self::Graphml => "GraphML",
            Self::Gexf => "GEXF",
            Self::Kumu => "Kumu",
        }
    }

    /// Back from [`Self::word`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.word() == word)
    }

    /// What a browser is told it is, and how the file's name ends.
    #[must_use]
    pub const fn media_type(self) -> (&'static str, &'static str) {
        match self {
            Self::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
            Self::Csv => ("application/zip", "zip"),
            Self::Json => ("application/json", "json"),
            Self::Vcf => ("text/vcard; charset=utf-8", "vcf"),
            Self::Ics => ("text/calendar; charset=utf-8", "ics"),
            Self::Graphml => ("application/graphml+xml", "graphml"),
            Self::Gexf => ("application/gexf+xml", "gexf"),
            Self::Kumu => ("application/json", "kumu.json"),
        }
    }
}

/// Tables that leave in no export, and why. A test that knows every table of the store compares.
pub const LEFT_OUT: &[(&str, &str)] = &[
    ("access_token", "secrets of an account"),
    ("account", "how somebody signs in, not who they are"),
    ("account_name", "how somebody signs in"),
    ("answer_rule", "how a group answers is its own matter"),
    ("appreciation", "thanks are between two members"),
    ("attendance", "who said they would come is theirs to tell"),
    ("audience", "who may see what is decided anew where the data goes"),
    ("block", "whom somebody blocked is theirs alone"),
    ("booking", "who borrows what is between the two"),
    ("cadence_default", "a suggestion of this instance's network"),
    ("calendar_feed", "secret addresses"),
    ("care", "the rhythm somebody keeps is theirs alone"),
    ("concern", "told to the coordinators in confidence"),
    ("delivery", "the program's own work"),
    ("exchange", "who gave whom what is theirs to tell; the network's whole is a page"),
    ("exchange_answer", "answered apart, shown to nobody"),
    ("exchange_benefit", "what one member gained is theirs"),
    ("expectation", "what one member hopes for is theirs"),
    ("file", "pictures stay in the rooms they were written into; who sees one may keep it from there"),
    ("idempotency", "the program's own memory of second taps"),
    ("import", "where data came from, not what it says"),
    ("import_mapping", "a convenience of this instance"),
    ("import_object", "the program's own memory for an undo"),
    ("import_upload", "files that wait; their owner has them"),
    ("indexed", "made anew from the texts"),
    ("introduction", "who was asked and did not answer must not be told"),
    ("introduction_answer", "a refusal looks like silence, in exports too"),
    ("introduction_candidate", "the program's own draw of whom it proposes; only what is counted is told"),
    ("introduction_limit", "what somebody takes on is in their personal data"),
    ("introduction_worth", "whether it was worth it is said for oneself"),
    ("invitation", "secret links"),
    ("job", "the program's own work"),
    ("journal", "who did what belongs to the instance; a member's own is in their personal data"),
    ("journal_before", "old values under retention"),
    ("key_holder", "made anew from ties and memberships"),
    ("label", "the words somebody has for others are theirs alone"),
    ("likely_duplicate", "open questions of the coordinators"),
    ("merge", "the program's own memory for an undo"),
    ("migration", "the store's own state"),
    ("notice", "what one member was told"),
    ("notice_way", "the program's own work"),
    ("one_time_code", "secrets"),
    ("opening", "the store's own state"),
    ("passkey", "how somebody signs in"),
    ("promise", "a member's record of promises is theirs alone"),
    ("prompt", "what one member was reminded of"),
    ("push_subscription", "a way to one member's device"),
    ("referral", "between those concerned; a member's own are in their personal data"),
    ("referral_step", "between those concerned"),
    ("reply", "said to one member"),
    ("resource", "what is shared here stands where it is"),
    ("ring", "who was asked and did not answer must not be told"),
    ("ring_side", "a no looks like silence, in exports too"),
    ("session", "secrets"),
    ("setting", "of this instance"),
    ("sign_in_attempt", "the instance's own protection"),
    ("telling", "what one member wants to be told is theirs"),
    ("telling_hours", "when one member sleeps is theirs"),
    ("telling_link", "secrets"),
    ("tie_consent", "who of a group agreed first"),
    ("membership_consent", "who of a group agreed first"),
    ("tie_label", "the words somebody has for others are theirs alone"),
    ("tie_note", "a note is private to the side that wrote it"),
    ("vouch", "said of a member to this network, and fading"),
    ("word", "written for those concerned"),
    ("word_seen", "who read what"),
];

/// Tables that leave, each in one of the export's own tables.
pub const TAKEN: &[&str] = &[
    "actor",
    "capability",
    "consent",
    "contact",
    "contact_participant",
    "contact_point",
    "gathering",
    "gathering_change",
    "intent",
    "intent_category",
    "membership",
    "stewardship",
    "tie",
];

/// The columns of a table that leave, and those that stay behind, each with its reason.
#[must_use]
pub fn columns_of(table: &str) -> (Vec<&'static str>, Vec<(&'static str, &'static str)>) {
    let found = whole::WHOLE.iter().find(|whole| whole.table == table);
    found.map(|whole| (whole.columns().collect(), whole.left.to_vec())).unwrap_or_default()
}

/// A moment as a calendar in UTC says it, to the second.
fn in_utc(at: store::Micros) -> jiff::civil::DateTime {
    let moment = jiff::Timestamp::from_second(at.0.div_euclid(1_000_000)).unwrap_or_default();
    moment.to_zoned(jiff::tz::TimeZone::UTC).datetime()
}

/// A network as this viewer may see it.
///
/// # Errors
/// The database's own.
pub fn gather(r: &Reading<'_>, network: ActorId, lang: Lang) -> Result<Network, Error> {
    let mut out = Network { name: leaving::name(r, network)?, ..Network::default() };
    out.at = in_utc(r.now());
    for row in leaving::members(r, network)? {
        let kind = match row.kind.as_str() {
            "group" => ActorKind::Group,
            "person" => ActorKind::Person,
            _ => ActorKind::Organization,
        };
        let mut member = Member::new(&row.id.to_string(), kind, &row.name);
        member.title.clone_from(&row.title);
        member.nicknames = std::iter::once(row.nickname.clone())
            .filter(|name| !name.is_empty())
            .chain(row.other_nicknames.lines().map(str::to_owned))
            .collect();
        let mut place = row.place_words.split('\n').map(str::to_owned);
        member.province = place.next().unwrap_or_default();
        member.district = place.next().unwrap_or_default();
        member.subdistrict = place.next().unwrap_or_default();
        if member.province.is_empty() {
            member.province = crate::places::label(lang, &row.province, &None).unwrap_or_default();
        }
        member.availability.clone_from(&row.contact_hours);
        member.consented = row.consent == "given";
        member.note.clone_from(&row.bio);
        member.card_uid.clone_from(&row.card_uid);
        member.card_lines = row.card_lines.lines().map(str::to_owned).collect();
        member.birthday = row.birthday.as_deref().and_then(|day| day.parse().ok());
        for (kind, value) in leaving::points(r, row.id)? {
            match kind.as_str() {
                "phone" => member.phones.push(value),
                "email" => member.emails.push(value),
                "line" => member.line_ids.push(value),
                _ => {}
            }
        }
        out.members.push(member);
    }
    let here: std::collections::HashSet<String> =
        out.members.iter().map(|member| member.id.clone()).collect();
    let both = |a: &ActorId, b: &ActorId| here.contains(&a.to_string()) && here.contains(&b.to_string());
    for (part, whole, role) in leaving::memberships(r, network)? {
        if both(&part, &whole) {
            out.memberships.push(export::Membership {
                member: part.to_string(),
                organization: whole.to_string(),
                role,
            });
        }
    }
    for (owner, side, text) in leaving::intents(r, network)? {
        if here.contains(&owner.to_string()) {
            out.intents.push(export::Intent { owner: owner.to_string(), offers: side == "offer", text });
        }
    }
    for tie in leaving::ties(r, network)? {
        if both(&tie.subject, &tie.object) {
            out.ties.push(export::Tie {
                subject: tie.subject.to_string(),
                object: tie.object.to_string(),
                relation: tie.relation,
                directed: tie.directed,
                strength: tie.strength.and_then(|n| u8::try_from(n).ok()),
                since: tie.since.and_then(|text| thai::dates::PartialDate::from_iso(&text)),
            });
        }
    }
    for (id, at, channel, topic) in leaving::contacts(r, network)? {
        let mut who = leaving::participants(r, id)?.into_iter();
        out.contacts.push(export::Contact {
            at: dates::day(at).to_string(),
            who: who.next().unwrap_or_default(),
            with: who.collect(),
            channel,
            topic,
        });
    }
    out.activities = gatherings::all(r, gatherings::OF_NETWORK, network)?;
    for table in whole::tables(r, network)? {
        let for_people = matches!(table.name.as_str(), "capability" | "stewardship" | "consent");
        if for_people { out.further.push(table) } else { out.whole.push(table) }
    }
    out.further.push(left_out());
    Ok(out)
}

/// What does not leave and why, said in the export itself (trap 7).
fn left_out() -> export::Table {
    export::Table {
        name: "left_out".to_owned(),
        columns: ["table", "reason"].map(str::to_owned).to_vec(),
        rows: LEFT_OUT.iter().map(|(table, why)| vec![(*table).to_owned(), (*why).to_owned()]).collect(),
    }
}

/// The bytes of an export.
///
/// # Errors
/// [`Error::Fault`] when the file cannot be made.
pub fn write(network: &Network, format: Format, lang: Lang) -> Result<Vec<u8>, Error> {
    let failed = |e: export::ExportError| Error::Fault(e.to_string());
    let text = |json: Json| serde_json::to_vec_pretty(&json).map_err(|e| Error::Fault(e.to_string()));
    match format {
        Format::Xlsx => export::xlsx(network, lang).map_err(failed),
        Format::Csv => export::csv_zip(network, lang).map_err(failed),
        Format::Json => text(export::json(network, lang)),
        Format::Vcf => Ok(export::vcard(network).into_bytes()),
        Format::Ics => Ok(export::icalendar(network).into_bytes()),
        Format::Graphml => Ok(export::graphml(network).into_bytes()),
        Format::Gexf => Ok(export::gexf(network).into_bytes()),
        Format::Kumu => text(export::kumu(network)),
    }
}
