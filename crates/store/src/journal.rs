//! Every write leaves a row: who acted, for whom, with which consent, which fields of what (D3, E4, O6).
//!
//! Old values stand in a side table with a retention, because undo needs them and erasure must reach them.

use crate::ids::ActorId;
use crate::{Error, Micros, Reading, Value, Writing, params};

/// What kind of act this was (model.md *One vocabulary*): later chapters count participation by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Read,
    Attend,
    Propose,
    Comment,
    Vote,
    Consent,
    Do,
    Give,
    Receive,
    Invite,
    Introduce,
    Refer,
    Report,
    Verify,
    Administer,
}

impl Act {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Read,
        Self::Attend,
        Self::Propose,
        Self::Comment,
        Self::Vote,
        Self::Consent,
        Self::Do,
        Self::Give,
        Self::Receive,
        Self::Invite,
        Self::Introduce,
        Self::Refer,
        Self::Report,
        Self::Verify,
        Self::Administer,
    ];

    /// The word in the journal.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Attend => "attend",
            Self::Propose => "propose",
            Self::Comment => "comment",
            Self::Vote => "vote",
            Self::Consent => "consent",
            Self::Do => "do",
            Self::Give => "give",
            Self::Receive => "receive",
            Self::Invite => "invite",
            Self::Introduce => "introduce",
            Self::Refer => "refer",
            Self::Report => "report",
            Self::Verify => "verify",
            Self::Administer => "administer",
        }
    }
}

/// One line of the journal.
#[derive(Debug, Clone)]
pub struct Entry {
    act: Act,
    verb: &'static str,
    object: i64,
    network: Option<ActorId>,
    member: Option<ActorId>,
    fields: Vec<&'static str>,
    before: Vec<(&'static str, Option<String>)>,
}

impl Entry {
    /// `verb` is the feature's own word for it, such as `introductions.propose`.
    #[must_use]
    pub const fn new(act: Act, verb: &'static str, object: i64) -> Self {
        Self { act, verb, object, network: None, member: None, fields: Vec::new(), before: Vec::new() }
    }

    /// In which network.
    #[must_use]
    pub const fn in_network(mut self, network: ActorId) -> Self {
        self.network = Some(network);
        self
    }

    /// For which member: on behalf of them where that is not the one who acts.
    #[must_use]
    pub const fn for_member(mut self, member: ActorId) -> Self {
        self.member = Some(member);
        self
    }

    /// Which fields were written.
    #[must_use]
    pub fn fields(mut self, fields: &[&'static str]) -> Self {
        self.fields.extend_from_slice(fields);
        self
    }

    /// What a field held before.
    #[must_use]
    pub fn before(mut self, field: &'static str, value: Option<String>) -> Self {
        self.fields.push(field);
        self.before.push((field, value));
        self
    }
}

/// Whether an act of this name was ever recorded.
///
/// # Errors
/// The database's own.
pub fn tells_of(r: &Reading<'_>, verb: &str) -> Result<bool, Error> {
    Ok(r.first::<i64>("SELECT 1 FROM journal WHERE verb = $1 LIMIT 1", params![verb])?.is_some())
}

/// How long old values are kept: long enough to notice and undo a mistake.
const KEEP_BEFORE: i64 = 180 * Micros::DAY;

pub(crate) fn write(w: &mut Writing<'_>, entry: &Entry) -> Result<(), Error> {
    let id = w.new_id();
    let now = w.now();
    let acting = w.acting().clone();
    let reason = match acting.viewer {
        crate::Viewer::System(reason) => Some(reason.to_owned()),
        _ => None,
    };
    let someone_else =
        entry.member.filter(|member| !acting.viewer.is_system() && acting.viewer.person() != Some(*member));
    let for_whom = someone_else.or(acting.on_behalf_of).or_else(|| {
        // acting for a group is acting on its behalf
        (acting.viewer.actor() != acting.viewer.person()).then(|| acting.viewer.actor()).flatten()
    });
    let consent = match (acting.consent, for_whom) {
        (Some(consent), _) => Some(consent.0),
        // the consent on record under which somebody writes for them
        (None, Some(member)) => w.first(
            "SELECT MAX(id) FROM consent WHERE actor_id = $1 AND state = 'given' HAVING MAX(id) IS NOT NULL",
            params![member],
        )?,
        (None, None) => None,
    };
    w.execute(
        "INSERT INTO journal (id, at, account_id, actor_id, on_behalf_of, consent_id, through, reason, act, verb, \
         object_id, network_id, fields) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            id,
            now,
            acting.viewer.account(),
            acting.viewer.person(),
            for_whom,
            consent,
            acting.through.word(),
            reason,
            entry.act.word(),
            entry.verb,
            entry.object,
            entry.network,
            entry.fields.join(" ")
        ],
    )?;
    let rows: Vec<Vec<Value>> = entry
        .before
        .iter()
        .map(|(field, value)| params![id, entry.object, *field, value, now.plus(KEEP_BEFORE)].to_vec())
        .collect();
    w.insert_rows("journal_before", &["journal_id", "object_id", "field", "value", "expires_at"], &rows)?;
    Ok(())
}
