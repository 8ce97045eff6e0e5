//! Tables that leave with every column they have, for programs: nothing that was said of a network is lost because the
//! tables for people have no column for it (D1). A column that stays behind is named with its reason, and a test that
//! knows every column of the store compares.

use formats::export::Table;
use store::ids::{ActorId, ContactId, GatheringId, IntentId, TieId};
use store::{Error, Micros, Reading, Value, audience};

use super::leaving::{INSIDE, seen};

/// How a cell is written: an id must be told from a moment, since both are large numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    /// As it is.
    Plain,
    /// True or false, which one of the databases keeps as a number.
    Flag,
    /// `mem_…`, of whom the reader may see.
    Member,
    Intent,
    Tie,
    Contact,
    Gathering,
    /// Microseconds since 1970, written in UTC.
    Moment,
    /// Days since 1970.
    Day,
}

use As::{Contact, Day, Flag, Gathering, Intent, Member, Moment, Plain, Tie};

/// A table of the store as it leaves.
#[derive(Debug)]
pub struct Whole {
    pub table: &'static str,
    columns: &'static [(&'static str, As)],
    /// Columns that stay behind, and why.
    pub left: &'static [(&'static str, &'static str)],
    /// Which rows: `x` is the table's own row; `{inside}` stands for the members, `{sees:…}` for what the reader may see.
    rows: &'static str,
}

impl Whole {
    /// The columns that leave.
    pub fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|(name, _)| *name)
    }
}

const RECORDED: &str = "who wrote it down stands in the journal";
const OWN_NUMBER: &str = "a number of this instance";
const COUNTED: &str = "counts the writes of this instance";
const MADE_ANEW: &str = "made anew from what is written";
const DECIDED: &str = "who may see it is decided anew where the data goes";

/// Every table that leaves.
pub const WHOLE: &[Whole] = &[
    Whole {
        table: "actor",
        columns: &[
            ("id", Member),
            ("kind", Plain),
            ("name", Plain),
            ("nickname", Plain),
            ("title", Plain),
            ("other_nicknames", Plain),
            ("aliases", Plain),
            ("place_words", Plain),
            ("card_uid", Plain),
            ("card_lines", Plain),
            ("birthday", Plain),
            ("bio", Plain),
            ("profession", Plain),
            ("position", Plain),
            ("org_type", Plain),
            ("size_band", Plain),
            ("founder_id", Member),
            ("languages", Plain),
            ("province_code", Plain),
            ("district_code", Plain),
            ("subdistrict_code", Plain),
            ("public_latitude", Plain),
            ("public_longitude", Plain),
            ("public_cell", Plain),
            ("capacity_a_month", Plain),
            ("contact_channel", Plain),
            ("contact_hours", Plain),
            ("context_limits", Plain),
            ("context_avoid", Plain),
            ("context_matters", Plain),
            ("state", Plain),
            ("consent", Plain),
            ("may_be_suggested", Flag),
            ("visibility", Plain),
            ("verification", Plain),
            ("origin", Plain),
            ("stage", Plain),
            ("joining", Plain),
            ("lang", Plain),
            ("created_at", Moment),
            ("updated_at", Moment),
        ],
        left: &[
            ("name_key", MADE_ANEW),
            ("sort_key", MADE_ANEW),
            ("avatar", "names a picture's file, and pictures stay"),
            ("latitude", "the exact spot is shown to nobody; the blurred one leaves"),
            ("longitude", "the exact spot is shown to nobody; the blurred one leaves"),
            ("claimed_by", "whose account it is, is the account's"),
            ("merged_into", "two made one have left the list"),
            ("uri", "the address of this instance"),
            ("zone", "by which clock one is told is one's own"),
            ("created_by", RECORDED),
            ("gone_at", "who is gone does not leave"),
            ("version", COUNTED),
        ],
        rows: "actor x WHERE (x.id = $1 OR x.id IN ({inside})) AND x.gone_at IS NULL AND {sees:x.id} ORDER BY x.id",
    },
    Whole {
        table: "contact_point",
        columns: &[
            ("actor_id", Member),
            ("kind", Plain),
            ("value", Plain),
            ("shown", Plain),
            ("note", Plain),
            ("visibility", Plain),
            ("created_at", Moment),
        ],
        left: &[("id", OWN_NUMBER), ("bounced_at", "whether this instance's letters came back")],
        rows: "contact_point x WHERE x.actor_id IN ({inside}) AND {sees:x.actor_id} AND {sees:x.id} ORDER BY x.id",
    },
    Whole {
        table: "membership",
        columns: &[
            ("whole_id", Member),
            ("part_id", Member),
            ("role", Plain),
            ("title", Plain),
            ("state", Plain),
            ("since", Moment),
            ("created_at", Moment),
            ("updated_at", Moment),
        ],
        left: &[
            ("id", OWN_NUMBER),
            ("invited_by", "who brought whom is told by the page on growth, to those who may know"),
            ("answers", "said to the coordinators on joining"),
            ("until", "who left does not leave with the others"),
            ("created_by", RECORDED),
            ("version", COUNTED),
        ],
        rows: "membership x WHERE (x.whole_id = $1 OR x.whole_id IN ({inside})) AND x.part_id IN ({inside}) \
               AND x.state = 'member' AND {sees:x.part_id} AND {sees:x.whole_id} ORDER BY x.id",
    },
    Whole {
        table: "capability",
        columns: &[
            ("actor_id", Member),
            ("category", Plain),
            ("note", Plain),
            ("wants_to_learn", Flag),
            ("created_at", Moment),
        ],
        left: &[("id", OWN_NUMBER)],
        rows: "capability x WHERE x.actor_id IN ({inside}) AND {sees:x.actor_id} ORDER BY x.id",
    },
    Whole {
        table: "stewardship",
        columns: &[("actor_id", Member), ("person_id", Member), ("role", Plain), ("since", Moment)],
        left: &[("until", "who acts for a group no longer does not leave")],
        rows: "stewardship x WHERE x.actor_id IN ({inside}) AND x.until IS NULL AND {sees:x.actor_id} \
               ORDER BY x.actor_id, x.person_id",
    },
    Whole {
        table: "consent",
        columns: &[
            ("actor_id", Member),
            ("purpose", Plain),
            ("state", Plain),
            ("manner", Plain),
            ("wording", Plain),
            ("at", Moment),
        ],
        left: &[("id", OWN_NUMBER), ("recorded_by", RECORDED)],
        rows: "consent x WHERE x.actor_id IN ({inside}) AND {sees:x.actor_id} ORDER BY x.id",
    },
    Whole {
        table: "intent",
        columns: &[
            ("id", Intent),
            ("side", Plain),
            ("actor_id", Member),
            ("title", Plain),
            ("text", Plain),
            ("mode", Plain),
            ("terms", Plain),
            ("urgency", Plain),
            ("areas", Plain),
            ("everywhere", Flag),
            ("available", Plain),
            ("starts_on", Day),
            ("ends_on", Day),
            ("valid_until", Moment),
            ("capacity", Plain),
            ("visibility", Plain),
            ("state", Plain),
            ("lang", Plain),
            ("created_at", Moment),
            ("updated_at", Moment),
        ],
        left: &[
            ("network_id", "the network that leaves"),
            ("text_key", MADE_ANEW),
            ("restricted_to", DECIDED),
            ("met_by", "who helped is between the two, as exchanges are"),
            ("met_note", "who helped is between the two, as exchanges are"),
            ("created_by", RECORDED),
            ("version", COUNTED),
        ],
        rows: "intent x WHERE x.network_id = $1 AND x.state IN ('open', 'fulfilled', 'expired') AND {sees:x.id} \
               AND {sees:x.actor_id} ORDER BY x.id",
    },
    Whole {
        table: "intent_category",
        columns: &[("intent_id", Intent), ("category", Plain), ("tapped", Flag), ("weight", Plain)],
        left: &[],
        rows: "intent_category x JOIN intent n ON n.id = x.intent_id WHERE n.network_id = $1 \
               AND n.state IN ('open', 'fulfilled', 'expired') AND {sees:n.id} AND {sees:n.actor_id} \
               ORDER BY x.intent_id, x.category",
    },
    Whole {
        table: "tie",
        columns: &[
            ("id", Tie),
            ("subject_id", Member),
            ("object_id", Member),
            ("relation", Plain),
            ("layer", Plain),
            ("directed", Flag),
            ("origin", Plain),
            ("introduced_by", Member),
            ("strength", Plain),
            ("since", Plain),
            ("subject_offers", Plain),
            ("subject_asks", Plain),
            ("benefit", Plain),
            ("reversed", Flag),
            ("object_offers", Plain),
            ("object_asks", Plain),
            ("object_benefit", Plain),
            ("subject_confirmed_at", Moment),
            ("object_confirmed_at", Moment),
            ("state", Plain),
            ("note", Plain),
            ("last_contact_at", Moment),
            ("created_at", Moment),
            ("updated_at", Moment),
        ],
        left: &[
            ("network_id", "the network that leaves"),
            ("object_declined_at", "a no looks like silence, in exports too"),
            ("lapses_at", "a proposal does not leave"),
            ("recorded_by", RECORDED),
            ("created_by", RECORDED),
            ("version", COUNTED),
        ],
        rows: "tie x WHERE x.network_id = $1 AND x.state IN ('confirmed', 'active', 'quiet', 'dormant') AND {sees:x.id} \
               AND {sees:x.subject_id} AND {sees:x.object_id} ORDER BY x.id",
    },
    Whole {
        table: "contact",
        columns: &[
            ("id", Contact),
            ("at", Moment),
            ("whole_day", Flag),
            ("channel", Plain),
            ("direction", Plain),
            ("summary", Plain),
            ("outcome", Plain),
            ("origin", Plain),
            ("visibility", Plain),
            ("recorded_at", Moment),
        ],
        left: &[
            ("network_id", "the network that leaves"),
            ("text_key", MADE_ANEW),
            ("recorded_by", RECORDED),
        ],
        rows: "contact x WHERE x.network_id = $1 AND {sees:x.id} ORDER BY x.at, x.id",
    },
    Whole {
        table: "contact_participant",
        columns: &[
            ("contact_id", Contact),
            ("position", Plain),
            ("actor_id", Member),
            ("words", Plain),
            ("role", Plain),
        ],
        left: &[],
        rows: "contact_participant x JOIN contact c ON c.id = x.contact_id WHERE c.network_id = $1 AND {sees:c.id} \
               ORDER BY x.contact_id, x.position",
    },
    Whole {
        table: "gathering",
        columns: &[
            ("id", Gathering),
            ("uid", Plain),
            ("title", Plain),
            ("text", Plain),
            ("place", Plain),
            ("starts_at", Moment),
            ("ends_at", Moment),
            ("whole_day", Flag),
            ("zone", Plain),
            ("recurrence", Plain),
            ("exceptions", Plain),
            ("status", Plain),
            ("sequence", Plain),
            ("visibility", Plain),
            ("created_at", Moment),
            ("updated_at", Moment),
        ],
        left: &[("network_id", "the network that leaves"), ("created_by", RECORDED), ("version", COUNTED)],
        rows: "gathering x WHERE x.network_id = $1 AND {sees:x.id} ORDER BY x.starts_at, x.id",
    },
    Whole {
        table: "gathering_change",
        columns: &[
            ("gathering_id", Gathering),
            ("replaces_at", Moment),
            ("title", Plain),
            ("text", Plain),
            ("place", Plain),
            ("starts_at", Moment),
            ("ends_at", Moment),
            ("whole_day", Flag),
            ("status", Plain),
            ("sequence", Plain),
        ],
        left: &[("id", OWN_NUMBER)],
        rows: "gathering_change x JOIN gathering g ON g.id = x.gathering_id WHERE g.network_id = $1 AND {sees:g.id} \
               ORDER BY x.gathering_id, x.replaces_at",
    },
];

/// Writes out `{inside}` and `{sees:column}`.
fn filled(rows: &str) -> String {
    let mut out = String::new();
    let mut parts = rows.replace("{inside}", INSIDE);
    while let Some((before, rest)) = parts.split_once("{sees:") {
        out.push_str(before);
        let (column, after) = rest.split_once('}').unwrap_or((rest, ""));
        out.push_str(&audience::visible(column, 2));
        parts = after.to_owned();
    }
    out + &parts
}

/// Every table that leaves, whole, as this viewer may see it.
///
/// # Errors
/// The database's own.
pub fn tables(r: &Reading<'_>, network: ActorId) -> Result<Vec<Table>, Error> {
    let mut tables = Vec::new();
    for whole in WHOLE {
        let select: Vec<String> = whole
            .columns
            .iter()
            .map(|(column, shown)| match shown {
                // whom the reader may not see is not named
                Member => {
                    format!("CASE WHEN {} THEN x.{column} END", audience::visible(&format!("x.{column}"), 2))
                }
                _ => format!("x.{column}"),
            })
            .collect();
        let sql = format!("SELECT {} FROM {}", select.join(", "), filled(whole.rows));
        let rows: Vec<Vec<Value>> = r.all(&sql, &seen(r, network))?;
        let text = |row: Vec<Value>| {
            row.into_iter().zip(whole.columns).map(|(value, (_, shown))| written(value, *shown)).collect()
        };
        tables.push(Table {
            name: whole.table.to_owned(),
            columns: whole.columns().map(str::to_owned).collect(),
            rows: rows.into_iter().map(text).collect(),
        });
    }
    Ok(tables)
}

fn written(value: Value, shown: As) -> String {
    match (value, shown) {
        (Value::Null | Value::Bytes(_), _) => String::new(),
        (Value::Int(n), Member) => ActorId(n).to_string(),
        (Value::Int(n), Intent) => IntentId(n).to_string(),
        (Value::Int(n), Tie) => TieId(n).to_string(),
        (Value::Int(n), Contact) => ContactId(n).to_string(),
        (Value::Int(n), Gathering) => GatheringId(n).to_string(),
        (Value::Int(n), Moment) => moment(Micros(n)),
        (Value::Int(n), Day) => moment(Micros(n.saturating_mul(Micros::DAY))).chars().take(10).collect(),
        (Value::Int(n), Flag) => (n != 0).to_string(),
        (Value::Int(n), Plain) => n.to_string(),
        (Value::Real(x), _) => x.to_string(),
        (Value::Bool(b), _) => b.to_string(),
        (Value::Text(text), _) => text,
    }
}

fn moment(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}
