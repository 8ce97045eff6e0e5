//! What the network holds already, as far as an import must know it.
//!
//! The store fills these plain structs before an import; [`super::Intake`] compares with them and with what earlier
//! files of the same call brought.

/// Everything an import compares with. Empty for a new network.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Members of every kind, in a stable order.
    pub actors: Vec<KnownActor>,
    /// Who left the network or was taken out of it: a file neither brings them back nor makes them a second time.
    pub left: Vec<KnownActor>,
    /// Ties that stand.
    pub ties: Vec<KnownTie>,
    /// [`super::PlannedContact::fingerprints`] of contacts imported before.
    pub contacts: Vec<String>,
    /// Activities that came from a calendar.
    pub activities: Vec<KnownActivity>,
    /// Pairs of [`KnownActor::id`] that a person said are not the same; they are not suggested again.
    pub kept_apart: Vec<(i64, i64)>,
}

/// Kind of an actor, as an import sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ActorKind {
    /// A human being.
    Person,
    /// กลุ่ม ชมรม เครือข่าย วิสาหกิจชุมชน ทีม ชุมชน.
    Group,
    /// Any other body.
    Organization,
}

/// A member the network holds.
#[derive(Debug, Clone)]
pub struct KnownActor {
    /// The store's id.
    pub id: i64,
    /// What it is.
    pub kind: ActorKind,
    /// Name as shown; titles and brackets are taken off where names are compared.
    pub name: String,
    /// Other names of the same actor.
    pub aliases: Vec<String>,
    /// What people call it.
    pub nicknames: Vec<String>,
    /// Telephone numbers in E.164.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// LINE ids.
    pub line_ids: Vec<String>,
    /// District (อำเภอ) and sub-district (ตำบล), as written, where both are known.
    pub place: Option<(String, String)>,
    /// [`KnownActor::id`] of the groups and organizations it belongs to.
    pub belongs_to: Vec<i64>,
    /// Texts of its open offers.
    pub offers: Vec<String>,
    /// Texts of its open needs.
    pub needs: Vec<String>,
    /// Identifier from an address book, where it came from one.
    pub card_uid: Option<String>,
    /// [`super::Plan::sheet_keys`] of the lists that brought it in.
    pub sheets: Vec<String>,
    /// Said no, or took a yes back: an older sheet with a yes is no new answer.
    pub said_no: bool,
}

impl KnownActor {
    /// An actor of which nothing but its kind is known, to be filled in.
    #[must_use]
    pub const fn new(id: i64, kind: ActorKind) -> Self {
        Self {
            id,
            kind,
            name: String::new(),
            aliases: Vec::new(),
            nicknames: Vec::new(),
            phones: Vec::new(),
            emails: Vec::new(),
            line_ids: Vec::new(),
            place: None,
            belongs_to: Vec::new(),
            offers: Vec::new(),
            needs: Vec::new(),
            card_uid: None,
            sheets: Vec::new(),
            said_no: false,
        }
    }
}

/// A tie the network holds.
#[derive(Debug, Clone)]
pub struct KnownTie {
    /// The store's id.
    pub id: i64,
    /// [`KnownActor::id`] of the one end.
    pub subject: i64,
    /// [`KnownActor::id`] of the other end.
    pub object: i64,
    /// What it is.
    pub relation: super::Relation,
}

/// An activity the network holds.
#[derive(Debug, Clone)]
pub struct KnownActivity {
    /// The store's id.
    pub id: i64,
    /// The calendar's identifier.
    pub uid: String,
    /// The calendar's revision number.
    pub sequence: i64,
}
