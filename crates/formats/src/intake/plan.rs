//! The plan of one file: all that would be made of it, where each thing came from, and what a person must decide.

use jiff::civil::{Date, DateTime};
use thai::dates::{PartialDate, Reading};

use super::headings::Column;
use super::known::ActorKind;
use crate::icalendar::{Event, Reply};

/// An actor within one call of an import: known before, or made by it. The same number in every plan of the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActorNo(pub usize);

/// Where in the file something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Source {
    /// Sheet of the workbook, from 0; 0 for other files.
    pub sheet: u16,
    /// Row, record or card number, from 1.
    pub row: u32,
}

/// What a file is, by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A workbook (.xlsx).
    Workbook,
    /// Delimited text (.csv, .tsv).
    Delimited,
    /// An address book (.vcf).
    Cards,
    /// A calendar (.ics).
    Calendar,
}

/// Whether somebody may be shown and contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// A row says yes.
    Given,
    /// No row says anything clear; must not be shown or contacted before they are asked.
    Pending,
    /// A group or organization; consent is for persons.
    NotAPerson,
}

/// A member the file names: new, or one more word about a known one.
#[derive(Debug, Clone)]
pub struct PlannedActor {
    /// The number others in the plan call it by.
    pub no: ActorNo,
    /// The store's id where the network holds it already; then the plan adds what is new and removes nothing.
    pub existing: Option<i64>,
    /// Person, group or organization.
    pub kind: ActorKind,
    /// Name as shown, without title.
    pub name: String,
    /// นาย, นาง, ดร. …, empty where none was written.
    pub title: String,
    /// Nicknames.
    pub nicknames: Vec<String>,
    /// Other spellings the file has.
    pub aliases: Vec<String>,
    /// What stood in brackets behind the name, and notes of a card.
    pub notes: Vec<String>,
    /// Telephone numbers in E.164.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// LINE ids.
    pub line_ids: Vec<String>,
    /// จังหวัด as written, without the word.
    pub province: String,
    /// อำเภอ as written, without the word.
    pub district: String,
    /// ตำบล as written, without the word.
    pub subdistrict: String,
    /// When it is convenient to be contacted, in the person's words.
    pub availability: String,
    /// Consent to be held and contacted.
    pub consent: Consent,
    /// The network has a no of theirs on record: a yes here is for a person to decide on.
    pub said_no: bool,
    /// When the form was sent.
    pub submitted: Option<Reading>,
    /// A day of birth.
    pub birthday: Option<Date>,
    /// A picture's bytes, as the card held them.
    pub photo: Option<Vec<u8>>,
    /// The card's identifier.
    pub card_uid: Option<String>,
    /// Lines of the card that this program does not know, to be written out again.
    pub card_lines: Vec<String>,
    /// The rows or cards that speak of it, in order.
    pub sources: Vec<Source>,
}

/// A person in a group or organization.
#[derive(Debug, Clone)]
pub struct PlannedMembership {
    /// The person, or group, that belongs.
    pub member: ActorNo,
    /// To whom.
    pub organization: ActorNo,
    /// As what, in the file's words.
    pub role: Option<String>,
    /// False where the network holds it already.
    pub new: bool,
    /// Where it stands.
    pub sources: Vec<Source>,
}

/// ให้ or ขอ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IntentKind {
    /// สิ่งที่ให้ได้.
    Offer,
    /// สิ่งที่ต้องการ.
    Need,
}

/// An offer or a need.
#[derive(Debug, Clone)]
pub struct PlannedIntent {
    /// Whose.
    pub owner: ActorNo,
    /// Which of the two.
    pub kind: IntentKind,
    /// In the owner's words.
    pub text: String,
    /// False where the network holds it already.
    pub new: bool,
    /// Where it stands.
    pub sources: Vec<Source>,
}

/// How people met (the words of the import report).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// โทร.
    Phone,
    /// LINE.
    Line,
    /// เจอตัว พบ ลงพื้นที่.
    InPerson,
    /// ประชุม.
    Meeting,
    /// Facebook.
    Facebook,
    /// อีเมล.
    Email,
    /// ซูม.
    Online,
    /// วิทยุ.
    Radio,
    /// จดหมาย.
    Letter,
    /// Anything else, or nothing written.
    Other,
}

impl Channel {
    /// The word in the report.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Line => "line",
            Self::InPerson => "in_person",
            Self::Meeting => "meeting",
            Self::Facebook => "facebook",
            Self::Email => "email",
            Self::Online => "online",
            Self::Radio => "radio",
            Self::Letter => "letter",
            Self::Other => "other",
        }
    }
}

/// Somebody named in a log or a list of ties, and who that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// As written.
    pub text: String,
    /// What it came to.
    pub meaning: Meaning,
}

/// Who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// The full name of exactly one person.
    Full(ActorNo),
    /// The nickname or first name of exactly one person.
    Short(ActorNo),
    /// A group or organization.
    Organization(ActorNo),
    /// Several could be meant.
    Ambiguous(Vec<ActorNo>),
    /// Nobody the network knows; never made a member of.
    Unknown,
}

impl Meaning {
    /// The one who is meant, where it is clear.
    #[must_use]
    pub const fn actor(&self) -> Option<ActorNo> {
        match self {
            Self::Full(no) | Self::Short(no) | Self::Organization(no) => Some(*no),
            Self::Ambiguous(_) | Self::Unknown => None,
        }
    }
}

/// A contact that took place.
#[derive(Debug, Clone)]
pub struct PlannedContact {
    /// When.
    pub date: Reading,
    /// Who made it.
    pub who: Mention,
    /// With whom.
    pub with: Vec<Mention>,
    /// How.
    pub channel: Channel,
    /// The channel in the file's words, since "เยี่ยมบ้าน" and "เจอตัว" are both in person.
    pub channel_text: String,
    /// About what.
    pub topic: String,
    /// What makes it the same contact in another file; to be kept with it.
    pub fingerprints: Vec<String>,
    /// False where the network holds it, or an earlier file of the call brought it.
    pub new: bool,
    /// Where it stands.
    pub source: Source,
}

/// What ties two members (the words of model.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// รู้จักกัน.
    Knows,
    /// ทำงานร่วมกัน.
    Colleague,
    /// แลกเปลี่ยน.
    Exchanges,
    /// ญาติ.
    Kin,
    /// เพื่อนบ้าน.
    Neighbour,
    /// เพื่อน.
    Friend,
    /// MOU.
    Partner,
    /// เป็นพี่เลี้ยง.
    Mentors,
    /// ส่งต่อ.
    RefersTo,
    /// แนะนำ.
    Introduces,
    /// สนับสนุน.
    Supports,
    /// ทำเรื่องเดียวกัน.
    Peer,
    /// เป็นต้นสังกัดของ.
    Parent,
    /// เกี่ยวข้องกันในงาน.
    Affiliated,
    /// ส่งของให้.
    Supplies,
    /// Any other.
    Other,
}

impl Relation {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Knows,
        Self::Colleague,
        Self::Exchanges,
        Self::Kin,
        Self::Neighbour,
        Self::Friend,
        Self::Partner,
        Self::Mentors,
        Self::RefersTo,
        Self::Introduces,
        Self::Supports,
        Self::Peer,
        Self::Parent,
        Self::Affiliated,
        Self::Supplies,
        Self::Other,
    ];

    /// The words in a Thai list, read back by the import.
    #[must_use]
    pub const fn thai(self) -> &'static str {
        match self {
            Self::Knows => "รู้จักกัน",
            Self::Colleague => "ทำงานร่วมกัน",
            Self::Exchanges => "แลกเปลี่ยน",
            Self::Kin => "ญาติ",
            Self::Neighbour => "เพื่อนบ้าน",
            Self::Friend => "เพื่อน",
            Self::Partner => "ภาคี",
            Self::Mentors => "เป็นพี่เลี้ยง",
            Self::RefersTo => "ส่งต่อ",
            Self::Introduces => "แนะนำ",
            Self::Supports => "สนับสนุน",
            Self::Peer => "ทำเรื่องเดียวกัน",
            Self::Parent => "เป็นต้นสังกัดของ",
            Self::Affiliated => "เกี่ยวข้องกันในงาน",
            Self::Supplies => "ส่งของให้",
            Self::Other => "สัมพันธ์กันแบบอื่น",
        }
    }

    /// The word in the store and on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Knows => "knows",
            Self::Colleague => "colleague",
            Self::Exchanges => "exchanges",
            Self::Kin => "kin",
            Self::Neighbour => "neighbour",
            Self::Friend => "friend",
            Self::Partner => "partner",
            Self::Mentors => "mentors",
            Self::RefersTo => "refers_to",
            Self::Introduces => "introduces",
            Self::Supports => "supports",
            Self::Peer => "peer",
            Self::Parent => "parent",
            Self::Affiliated => "affiliated",
            Self::Supplies => "supplies",
            Self::Other => "other",
        }
    }

    /// True where it runs from one end to the other.
    #[must_use]
    pub const fn is_directed(self) -> bool {
        matches!(
            self,
            Self::Mentors
                | Self::RefersTo
                | Self::Introduces
                | Self::Supports
                | Self::Parent
                | Self::Supplies
        )
    }
}

/// A tie between two members of any kind.
#[derive(Debug, Clone)]
pub struct PlannedTie {
    /// From whom.
    pub subject: ActorNo,
    /// To whom.
    pub object: ActorNo,
    /// What it is.
    pub relation: Relation,
    /// The relation in the file's words.
    pub relation_text: String,
    /// 1 (ห่าง ๆ) to 5 (แน่นแฟ้น).
    pub strength: Option<u8>,
    /// Since when, as exactly as written.
    pub since: Option<PartialDate>,
    /// False where the network holds it already.
    pub new: bool,
    /// Where it stands.
    pub source: Source,
}

/// An activity of a calendar.
#[derive(Debug, Clone)]
pub struct PlannedActivity {
    /// The store's id where the network holds it already.
    pub existing: Option<i64>,
    /// What the calendar says.
    pub event: Event,
    /// Members who were asked to come, and who asked, by their e-mail, with what they said.
    pub attendees: Vec<(ActorNo, Reply)>,
    /// Occurrences that were moved: from the time they had to the event they became.
    pub changed: Vec<(DateTime, Event)>,
    /// False where the network holds this revision or a later one.
    pub new: bool,
}

/// Something that was not taken in, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Where it stands.
    pub source: Source,
    /// The reason's code.
    pub reason: &'static str,
}

/// Something that holds no entry and was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Where it stands.
    pub source: Source,
    /// `blank`, `section`, `repeated_header`, `summary`, `note`.
    pub what: &'static str,
}

/// An entry that says again what an earlier one said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// Where it stands.
    pub source: Source,
    /// Where it stood first.
    pub same_as: Source,
}

/// A value that was lost; the row stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Where it stands.
    pub source: Source,
    /// The code, for a cell with its column as in `error_cell:amp`.
    pub what: String,
    /// What was written.
    pub text: String,
}

/// Two that may be one; a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamePair {
    /// The one, of this file.
    pub a: ActorNo,
    /// The other, of this file, of an earlier one or of the network.
    pub b: ActorNo,
    /// `same_name_different_contact`, `shared_contact`, `partial_name`, `similar_name`, `group_word_missing`.
    pub reason: &'static str,
}

/// An entry a person must decide on before it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// Where it stands.
    pub source: Source,
    /// The reason's code.
    pub reason: &'static str,
    /// What was written there, for the person who decides.
    pub text: String,
}

/// How a table's columns were understood; shown for correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRead {
    /// The sheet's number, as in [`Source::sheet`].
    pub number: u16,
    /// The sheet's name, empty for text.
    pub sheet: String,
    /// Row of the headings, 0 where there was none.
    pub header_row: u32,
    /// First row of data.
    pub first_data_row: u32,
    /// Column from 0, heading as written, meaning.
    pub columns: Vec<(usize, String, Option<Column>)>,
    /// False where fewer than eight headings were known: to be confirmed on screen before anything is written.
    pub certain: bool,
}
