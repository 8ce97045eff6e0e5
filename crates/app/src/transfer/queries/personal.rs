//! What the store holds about one member, table by table, asked for with the member's own eyes (trap 7): whom the
//! member may not see is not named, and what somebody else declined looks like what still waits.

use store::ids::{AccountId, ActorId};
use store::{Error, Reading, Value, audience};

use super::{kept, received, signing_in};

/// How a cell is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum As {
    /// As it is.
    Text,
    /// Microseconds since 1970.
    Moment,
    /// Days since 1970.
    Day,
}

/// With what a table is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The member alone.
    Member,
    /// The member and whose eyes these are.
    Eyes,
    /// The account alone.
    Account,
}

/// One table of a member's data.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The word in JSON.
    pub name: &'static str,
    pub columns: Vec<(&'static str, As)>,
    by: By,
    sql: String,
}

/// Tables of the store whose rows about a member are in their personal data; what they hold about others is not.
pub const PERSONAL: &[&str] = &[
    "access_token",
    "account",
    "account_name",
    "actor",
    "appreciation",
    "attendance",
    "block",
    "booking",
    "calendar_feed",
    "capability",
    "care",
    "concern",
    "consent",
    "contact",
    "contact_participant",
    "contact_point",
    "delivery",
    "exchange",
    "exchange_answer",
    "exchange_benefit",
    "expectation",
    "gathering",
    "import_object",
    "intent",
    "intent_category",
    "introduction",
    "introduction_answer",
    "introduction_limit",
    "introduction_worth",
    "invitation",
    "journal",
    "journal_before",
    "label",
    "membership",
    "merge",
    "notice",
    "passkey",
    "promise",
    "referral",
    "referral_step",
    "prompt",
    "reply",
    "resource",
    "ring_side",
    "session",
    "stewardship",
    "telling",
    "tie",
    "tie_consent",
    "membership_consent",
    "tie_label",
    "tie_note",
    "vouch",
    "word",
    "word_seen",
];

/// Tables that hold nothing of a member's own, and why. A test that knows every table compares.
pub const NOT_PERSONAL: &[(&str, &str)] = &[
    ("introduction_candidate", "which pairs were drawn to be proposed says nothing about a member"),
    ("answer_rule", "how a group answers, no person's"),
    ("audience", "made anew from what is said of visibility"),
    ("cadence_default", "what a network suggests to everybody"),
    ("file", "pictures, which stand on the pages they are shown on"),
    ("gathering_change", "what a gathering is, not who comes"),
    ("idempotency", "the program's own memory of second taps"),
    ("import", "a list a coordinator brought in; what it said of a member is in their profile"),
    ("import_mapping", "what headings mean in a network"),
    ("import_upload", "files that wait for a coordinator, about many"),
    ("indexed", "made anew from the texts"),
    ("job", "the program's own work"),
    ("key_holder", "made anew from ties and memberships"),
    ("likely_duplicate", "open questions of the coordinators, about two"),
    ("migration", "the store's own state"),
    ("notice_way", "letters that are due; the lines they are about are there"),
    ("one_time_code", "secrets"),
    ("opening", "the store's own state"),
    ("push_subscription", "keys of a device; its session stands there"),
    ("ring", "who could give in a circle; one's own step is in it"),
    ("setting", "of this instance"),
    ("sign_in_attempt", "the instance's own protection, without names"),
    ("telling_hours", "stands on the page of what one is told"),
    ("telling_link", "secrets"),
];

/// The name of a member as far as these eyes may see it.
pub(super) fn who(column: &str) -> String {
    format!(
        "(SELECT CASE WHEN w.nickname <> '' THEN w.nickname ELSE w.name END FROM actor w WHERE w.id = {column} AND {})",
        audience::visible("w.id", 2)
    )
}

pub(super) fn table(name: &'static str, by: By, columns: &[(&'static str, &str, As)], rest: &str) -> Asked {
    let select: Vec<&str> = columns.iter().map(|(_, sql, _)| *sql).collect();
    Asked {
        name,
        by,
        columns: columns.iter().map(|(code, _, shown)| (*code, *shown)).collect(),
        sql: format!("SELECT {} {rest}", select.join(", ")),
    }
}

use As::{Day, Moment, Text};
use By::{Eyes, Member};

/// Who the member is.
fn identity() -> Vec<Asked> {
    let profile = [
        "kind",
        "name",
        "nickname",
        "title",
        "other_nicknames",
        "aliases",
        "bio",
        "profession",
        "position",
        "org_type",
        "size_band",
        "languages",
        "place_words",
        "province_code",
        "district_code",
        "subdistrict_code",
        "latitude",
        "longitude",
        "capacity_a_month",
        "contact_hours",
        "context_limits",
        "context_avoid",
        "context_matters",
        "visibility",
        "may_be_suggested",
        "consent",
        "state",
        "card_uid",
        "card_lines",
    ];
    let mut columns: Vec<(&'static str, &str, As)> =
        profile.iter().map(|column| (*column, *column, Text)).collect();
    columns.push(("created", "created_at", Moment));
    vec![
        table("profile", Member, &columns, "FROM actor WHERE id = $1"),
        table(
            "contact_points",
            Member,
            &[
                ("kind", "kind", Text),
                ("value", "shown", Text),
                ("note", "note", Text),
                ("visibility", "visibility", Text),
                ("at", "created_at", Moment),
            ],
            "FROM contact_point WHERE actor_id = $1 ORDER BY id",
        ),
        table(
            "capabilities",
            Member,
            &[
                ("category", "category", Text),
                ("wants_to_learn", "wants_to_learn", Text),
                ("note", "note", Text),
                ("at", "created_at", Moment),
            ],
            "FROM capability WHERE actor_id = $1 ORDER BY id",
        ),
        table(
            "consents",
            Eyes,
            &[
                ("purpose", "c.purpose", Text),
                ("state", "c.state", Text),
                ("manner", "c.manner", Text),
                ("words", "c.wording", Text),
                ("by", &who("c.recorded_by"), Text),
                ("at", "c.at", Moment),
            ],
            "FROM consent c WHERE c.actor_id = $1 ORDER BY c.id",
        ),
        table(
            "memberships",
            Eyes,
            &[
                ("in", &who("m.whole_id"), Text),
                ("role", "m.role", Text),
                ("title", "m.title", Text),
                ("state", "m.state", Text),
                ("words", "m.answers", Text),
                ("by", &who("m.invited_by"), Text),
                ("from", "m.since", Moment),
                ("until", "m.until", Moment),
            ],
            "FROM membership m WHERE m.part_id = $1 ORDER BY m.id",
        ),
        table(
            "acting_for",
            Eyes,
            &[
                ("who", &who("s.person_id"), Text),
                ("for", &who("s.actor_id"), Text),
                ("role", "s.role", Text),
                ("from", "s.since", Moment),
                ("until", "s.until", Moment),
            ],
            "FROM stewardship s WHERE s.actor_id = $1 OR s.person_id = $1 ORDER BY s.actor_id, s.person_id",
        ),
    ]
}

/// What the member gives and needs.
fn giving() -> Vec<Asked> {
    vec![
        table(
            "offers_and_needs",
            Eyes,
            &[
                ("side", "i.side", Text),
                ("title", "i.title", Text),
                ("text", "i.text", Text),
                ("mode", "i.mode", Text),
                ("terms", "i.terms", Text),
                ("urgency", "i.urgency", Text),
                ("areas", "i.areas", Text),
                ("available", "i.available", Text),
                ("from", "i.starts_on", Day),
                ("until", "i.ends_on", Day),
                ("expires", "i.valid_until", Moment),
                ("visibility", "i.visibility", Text),
                ("restricted", "i.restricted_to IS NOT NULL", Text),
                ("state", "i.state", Text),
                ("met_by", &who("i.met_by"), Text),
                ("note", "i.met_note", Text),
                ("at", "i.created_at", Moment),
            ],
            "FROM intent i WHERE i.actor_id = $1 ORDER BY i.id",
        ),
        table(
            "categories",
            Member,
            &[("title", "i.title", Text), ("category", "c.category", Text), ("chosen", "c.tapped", Text)],
            "FROM intent_category c JOIN intent i ON i.id = c.intent_id WHERE i.actor_id = $1 ORDER BY i.id, c.category",
        ),
        table(
            "replies",
            Eyes,
            &[
                (
                    "title",
                    &format!("CASE WHEN {} THEN i.title ELSE '' END", audience::visible("i.id", 2)),
                    Text,
                ),
                ("words", "p.words", Text),
                // a no looks like silence
                ("state", "CASE WHEN p.state = 'declined' THEN 'open' ELSE p.state END", Text),
                ("at", "p.at", Moment),
            ],
            "FROM reply p JOIN intent i ON i.id = p.intent_id WHERE p.actor_id = $1 ORDER BY p.id",
        ),
        table(
            "replies_received",
            Eyes,
            &[
                ("title", "i.title", Text),
                ("who", &who("p.actor_id"), Text),
                ("words", "p.words", Text),
                ("state", "p.state", Text),
                ("at", "p.at", Moment),
            ],
            "FROM reply p JOIN intent i ON i.id = p.intent_id WHERE i.actor_id = $1 AND p.state <> 'withdrawn' ORDER BY p.id",
        ),
    ]
}

/// With whom the member has to do.
fn ties() -> Vec<Asked> {
    let other = who("CASE WHEN t.subject_id = $1 THEN t.object_id ELSE t.subject_id END");
    let introduced = who("CASE WHEN i.a_id = $1 THEN i.b_id ELSE i.a_id END");
    vec![
        table(
            "ties",
            Eyes,
            &[
                ("who", &other, Text),
                ("relation", "t.relation", Text),
                ("mine", "t.subject_id = $1", Text),
                ("offers", "t.subject_offers", Text),
                ("asks", "t.subject_asks", Text),
                ("benefit", "t.benefit", Text),
                ("reversed", "t.reversed", Text),
                ("answer_offers", "t.object_offers", Text),
                ("answer_asks", "t.object_asks", Text),
                ("answer_benefit", "t.object_benefit", Text),
                ("state", "t.state", Text),
                ("since", "t.since", Text),
                // one's own no; nobody else's
                ("declined", "CASE WHEN t.object_id = $1 THEN t.object_declined_at END", Moment),
                ("last_contact", "t.last_contact_at", Moment),
                ("at", "t.created_at", Moment),
            ],
            &format!(
                "FROM tie t WHERE (t.subject_id = $1 OR t.object_id = $1) AND {} ORDER BY t.id",
                audience::visible("t.id", 2)
            ),
        ),
        table(
            "notes",
            Eyes,
            &[("who", &other, Text), ("words", "n.words", Text), ("at", "n.updated_at", Moment)],
            "FROM tie_note n JOIN tie t ON t.id = n.tie_id WHERE n.actor_id = $1 ORDER BY n.tie_id",
        ),
        table(
            "contacts",
            Eyes,
            &[
                ("at", "c.at", Moment),
                ("who", &format!("COALESCE({}, q.words)", who("q.actor_id")), Text),
                ("channel", "c.channel", Text),
                ("direction", "c.direction", Text),
                ("text", "c.summary", Text),
                ("outcome", "c.outcome", Text),
                ("by", &who("c.recorded_by"), Text),
            ],
            &format!(
                "FROM contact c JOIN contact_participant p ON p.contact_id = c.id AND p.actor_id = $1 \
                 LEFT JOIN contact_participant q ON q.contact_id = c.id AND q.position <> p.position \
                 WHERE {} ORDER BY c.at, c.id, q.position",
                audience::visible("c.id", 2)
            ),
        ),
        table(
            "gatherings",
            Eyes,
            &[
                ("title", "g.title", Text),
                ("from", "g.starts_at", Moment),
                ("place", "g.place", Text),
                ("state", "a.state", Text),
                ("at", "a.at", Moment),
            ],
            &format!(
                "FROM attendance a JOIN gathering g ON g.id = a.gathering_id WHERE a.actor_id = $1 AND {} ORDER BY g.starts_at, g.id",
                audience::visible("g.id", 2)
            ),
        ),
        table(
            "introductions",
            Eyes,
            &[
                ("who", &introduced, Text),
                ("words", "i.reason", Text),
                ("benefit", "CASE WHEN i.a_id = $1 THEN i.a_gains ELSE i.b_gains END", Text),
                ("note", "CASE WHEN i.asker_id = $1 THEN i.note ELSE i.words END", Text),
                ("state", "i.state", Text),
                ("answer", "n.answer", Text),
                ("manner", "n.manner", Text),
                ("until", "i.closes_at", Moment),
                ("at", "i.created_at", Moment),
            ],
            "FROM introduction i LEFT JOIN introduction_answer n ON n.introduction_id = i.id AND n.actor_id = $1 \
             WHERE (i.a_id = $1 OR i.b_id = $1) AND (i.asked_at IS NOT NULL OR i.asker_id = $1) ORDER BY i.id",
        ),
        table(
            "introductions_made",
            Eyes,
            &[
                ("who", &who("i.a_id"), Text),
                ("whom", &who("i.b_id"), Text),
                ("words", "i.words", Text),
                ("state", "i.state", Text),
                ("at", "i.created_at", Moment),
            ],
            "FROM introduction i WHERE i.introducer_id = $1 AND i.a_id <> $1 AND i.b_id <> $1 ORDER BY i.id",
        ),
        table(
            "introductions_worth",
            Eyes,
            &[
                ("who", &introduced, Text),
                ("answer", "s.worth", Text),
                ("outcome", "s.outcome", Text),
                ("words", "s.thanks", Text),
                ("at", "s.at", Moment),
            ],
            "FROM introduction_worth s JOIN introduction i ON i.id = s.introduction_id WHERE s.actor_id = $1 ORDER BY i.id",
        ),
        table(
            "introduction_limits",
            Member,
            &[("open", "at_once", Text), ("a_week", "a_week", Text), ("to_make", "to_make", Text)],
            "FROM introduction_limit WHERE actor_id = $1",
        ),
        table(
            "blocked",
            Eyes,
            &[("who", &who("b.blocked_id"), Text), ("at", "b.at", Moment)],
            "FROM block b WHERE b.actor_id = $1 ORDER BY b.at",
        ),
    ]
}

/// What the member was told, said and did, and what was written about the member.
fn records() -> Vec<Asked> {
    vec![
        table(
            "referrals",
            Eyes,
            &[
                ("title", "f.title", Text),
                ("by", &who("f.sender_id"), Text),
                ("for", &who("f.receiver_id"), Text),
                ("text", "f.reason", Text),
                ("state", "f.state", Text),
                ("until", "f.due_on", Day),
                ("answer", "f.reply", Text),
                ("words", "CASE WHEN x.by_id = $1 THEN x.words ELSE '' END", Text),
                ("at", "COALESCE(x.at, f.created_at)", Moment),
            ],
            &format!(
                "FROM referral f LEFT JOIN referral_step x ON x.referral_id = f.id AND x.by_id = $1 \
                 WHERE (f.sender_id = $1 OR f.receiver_id = $1 OR f.person_id = $1) AND {} ORDER BY f.id, x.id",
                audience::visible("f.id", 2)
            ),
        ),
        table(
            "notices",
            Eyes,
            &[
                ("kind", "n.kind", Text),
                ("who", &who("n.about_id"), Text),
                ("words", "n.words", Text),
                ("at", "n.at", Moment),
                ("read", "n.read_at", Moment),
            ],
            "FROM notice n WHERE n.actor_id = $1 ORDER BY n.id",
        ),
        table(
            "told",
            Eyes,
            &[
                ("scope", "c.scope", Text),
                ("who", &who("c.about_id"), Text),
                ("topic", "c.topic", Text),
                ("channel", "c.channel", Text),
                ("timing", "c.timing", Text),
                ("at", "c.updated_at", Moment),
            ],
            "FROM telling c WHERE c.actor_id = $1 ORDER BY c.id",
        ),
        table(
            "reports",
            Member,
            &[
                ("words", "words", Text),
                ("state", "state", Text),
                ("answer", "answer", Text),
                ("at", "at", Moment),
            ],
            "FROM concern WHERE by_id = $1 ORDER BY id",
        ),
        table(
            "invitations",
            Member,
            &[
                ("words", "message", Text),
                ("state", "state", Text),
                ("accepted", "accepted", Text),
                ("at", "created_at", Moment),
                ("expires", "expires_at", Moment),
            ],
            "FROM invitation WHERE from_id = $1 ORDER BY id",
        ),
        table(
            "deliveries",
            Member,
            &[
                ("channel", "channel", Text),
                ("value", "address", Text),
                ("state", "state", Text),
                ("at", "at", Moment),
            ],
            "FROM delivery WHERE recipient_id = $1 ORDER BY id",
        ),
        table(
            "brought_in",
            Member,
            &[("kind", "o.kind", Text), ("text", "o.provenance", Text), ("at", "m.created_at", Moment)],
            "FROM import_object o JOIN import m ON m.id = o.import_id WHERE o.object_id = $1 ORDER BY o.import_id, o.position",
        ),
        table(
            "merged",
            Member,
            &[("name", "a.name", Text), ("at", "g.at", Moment), ("until", "g.undone_at", Moment)],
            "FROM merge g JOIN actor a ON a.id = g.merged_id WHERE g.kept_id = $1 ORDER BY g.id",
        ),
        // who blocked or reported the member is theirs: of what others did, what the network itself writes alone
        table(
            "journal",
            Eyes,
            &[
                ("at", "j.at", Moment),
                ("who", &who("j.actor_id"), Text),
                ("for", &who("j.on_behalf_of"), Text),
                ("act", "j.act", Text),
                ("verb", "j.verb", Text),
                ("fields", "j.fields", Text),
                ("through", "j.through", Text),
            ],
            "FROM journal j WHERE j.actor_id = $1 OR j.on_behalf_of = $1 OR (j.object_id = $1 AND \
             (j.verb LIKE 'members.%' OR j.verb LIKE 'administration.%' OR j.verb LIKE 'transfer.%' \
             OR j.verb IN ('joining.slip', 'joining.consent_sheet', 'joining.claim', 'joining.visibility'))) ORDER BY j.id",
        ),
        table(
            "earlier_values",
            Member,
            &[
                ("field", "b.field", Text),
                ("value", "b.value", Text),
                ("at", "j.at", Moment),
                ("expires", "b.expires_at", Moment),
            ],
            "FROM journal_before b JOIN journal j ON j.id = b.journal_id WHERE b.object_id = $1 \
             OR b.object_id IN (SELECT id FROM intent WHERE actor_id = $1) ORDER BY b.journal_id, b.field",
        ),
    ]
}

/// Every table; those of the account for the person alone.
#[must_use]
pub fn tables(account_too: Option<AccountId>) -> Vec<Asked> {
    let mut all = identity();
    all.extend(giving());
    all.extend(ties());
    all.extend(received::tables());
    all.extend(kept::tables());
    all.extend(records());
    if account_too.is_some() {
        all.extend(signing_in::tables());
    }
    all
}

/// The rows of one table.
pub fn rows(
    r: &Reading<'_>,
    asked: &Asked,
    member: ActorId,
    account: Option<AccountId>,
) -> Result<Vec<Vec<Value>>, Error> {
    let parameters = match asked.by {
        By::Member => vec![Value::Int(member.0)],
        By::Eyes => vec![Value::Int(member.0), audience::parameter(r.viewer())],
        By::Account => vec![account.map_or(Value::Null, |account| Value::Int(account.0))],
    };
    r.all(&asked.sql, &parameters)
}
