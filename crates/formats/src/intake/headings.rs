//! Which column holds what: headings recognized by key word, in Thai and English, and corrected by people.

use std::collections::BTreeMap;

use thai::text::normalize;

use crate::table::{Cell, Row};

/// How many known headings make a row the heading without a person confirming it.
pub const CERTAIN: usize = 8;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// ประทับเวลา.
    Submitted,
    /// ชื่อ-นามสกุล, or the first name where the family name stands apart.
    Name,
    /// นามสกุล in a column of its own.
    FamilyName,
    /// ชื่อเล่น.
    Nickname,
    /// หน่วยงาน.
    Organization,
    /// บทบาท.
    Role,
    /// จังหวัด.
    Province,
    /// อำเภอ.
    District,
    /// ตำบล.
    Subdistrict,
    /// เบอร์โทร.
    Phone,
    /// LINE.
    Line,
    /// อีเมล.
    Email,
    /// สิ่งที่ให้ได้.
    Offer,
    /// สิ่งที่ต้องการ.
    Need,
    /// ช่วงเวลา.
    Availability,
    /// ยินยอม.
    Consent,
    /// วันที่ of a contact.
    Date,
    /// ใคร made the contact.
    Who,
    /// คุยกับใคร.
    With,
    /// ช่องทาง.
    Channel,
    /// เรื่อง.
    Topic,
    /// One end of a tie.
    Source,
    /// The other end.
    Target,
    /// What ties them.
    Relation,
    /// How strong it is.
    Strength,
    /// Since when.
    Since,
}

impl Column {
    /// All of them, members' columns first.
    pub const ALL: [Self; 26] = [
        Self::Submitted,
        Self::Name,
        Self::FamilyName,
        Self::Nickname,
        Self::Organization,
        Self::Role,
        Self::Province,
        Self::District,
        Self::Subdistrict,
        Self::Phone,
        Self::Line,
        Self::Email,
        Self::Offer,
        Self::Need,
        Self::Availability,
        Self::Consent,
        Self::Date,
        Self::Who,
        Self::With,
        Self::Channel,
        Self::Topic,
        Self::Source,
        Self::Target,
        Self::Relation,
        Self::Strength,
        Self::Since,
    ];

    /// The short name in reports and in a remembered mapping.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Submitted => "ts",
            Self::Name => "name",
            Self::FamilyName => "family",
            Self::Nickname => "nick",
            Self::Organization => "org",
            Self::Role => "role",
            Self::Province => "prov",
            Self::District => "amp",
            Self::Subdistrict => "tam",
            Self::Phone => "phone",
            Self::Line => "line",
            Self::Email => "email",
            Self::Offer => "offer",
            Self::Need => "need",
            Self::Availability => "avail",
            Self::Consent => "consent",
            Self::Date => "date",
            Self::Who => "who",
            Self::With => "with",
            Self::Channel => "channel",
            Self::Topic => "topic",
            Self::Source => "source",
            Self::Target => "target",
            Self::Relation => "relation",
            Self::Strength => "strength",
            Self::Since => "since",
        }
    }

    /// Reads a [`Self::code`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.code() == code)
    }
}

/// What a table is a list of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    /// Persons and organizations.
    Members,
    /// Contacts that took place.
    Contacts,
    /// Ties between members.
    Ties,
}

/// What people said a heading means, kept for the network: normalized heading → column, or nothing to leave it out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    meanings: BTreeMap<String, Option<Column>>,
}

impl Mapping {
    /// Says what a heading means; `None` leaves the column out.
    pub fn set(&mut self, heading: &str, column: Option<Column>) {
        self.meanings.insert(plain(heading), column);
    }

    /// The corrections, for keeping.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<Column>)> {
        self.meanings.iter().map(|(heading, column)| (heading.as_str(), *column))
    }

    fn get(&self, heading: &str) -> Option<Option<Column>> {
        self.meanings.get(heading).copied()
    }
}

/// A heading as it is compared: normalized, small letters, without spaces and line breaks.
fn plain(text: &str) -> String {
    normalize(text).to_lowercase().chars().filter(|c| !c.is_whitespace()).collect()
}

/// The headings of a row that are known for a kind of table.
#[must_use]
pub fn recognize(row: &Row, kind: TableKind, mapping: &Mapping) -> Vec<(usize, Column)> {
    let mut found: Vec<(usize, Column)> = Vec::new();
    for (at, cell) in row.cells.iter().enumerate() {
        if let Some(column) = meaning(cell, kind, mapping) {
            found.push((at, column));
        }
    }
    found
}

/// What one heading means.
#[must_use]
pub fn meaning(cell: &Cell, kind: TableKind, mapping: &Mapping) -> Option<Column> {
    const LONGEST_HEADING: usize = 300;
    let Cell::Text(text) = cell else { return None };
    if text.chars().count() > LONGEST_HEADING {
        return None;
    }
    let heading = plain(text);
    if heading.is_empty() {
        return None;
    }
    if let Some(said) = mapping.get(&heading) {
        return said.filter(|column| kind_of(*column) == kind);
    }
    match kind {
        TableKind::Members => member_column(&heading, text),
        TableKind::Contacts => contact_column(&heading),
        TableKind::Ties => tie_column(&heading),
    }
}

const fn kind_of(column: Column) -> TableKind {
    match column {
        Column::Date | Column::Who | Column::With | Column::Channel | Column::Topic => TableKind::Contacts,
        Column::Source | Column::Target | Column::Relation | Column::Strength | Column::Since => {
            TableKind::Ties
        }
        _ => TableKind::Members,
    }
}

fn any(heading: &str, words: &[&str]) -> bool {
    words.iter().any(|word| heading.contains(word))
}

/// A Latin word by itself, so that `online` is no LINE and `hotel` no telephone.
fn has_word(text: &str, word: &str) -> bool {
    text.to_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == word)
}

fn member_column(heading: &str, text: &str) -> Option<Column> {
    // the order matters: a question on consent names telephone and LINE, ชื่อกลุ่ม and ชื่อเล่น begin like a name
    if any(heading, &["ยินยอม", "pdpa", "consent"]) {
        return Some(Column::Consent);
    }
    if any(heading, &["ประทับเวลา", "timestamp"]) {
        return Some(Column::Submitted);
    }
    if any(heading, &["ชื่อเล่น", "nickname"]) {
        return Some(Column::Nickname);
    }
    if let Some(intent) = intent_column(heading) {
        return Some(intent);
    }
    if any(heading, &["ช่วงเวลา", "เวลาที่สะดวก", "วันที่สะดวก", "availability"])
    {
        return Some(Column::Availability);
    }
    if any(heading, &["อีเมล", "อีเมล์", "e-mail", "email"]) {
        return Some(Column::Email);
    }
    if any(heading, &["ไลน์"]) || has_word(text, "line") || heading.starts_with("lineid") {
        return Some(Column::Line);
    }
    if any(heading, &["เบอร์โทร", "โทรศัพท์", "มือถือ", "phone", "mobile"])
        || heading == "เบอร์"
        || has_word(text, "tel")
    {
        return Some(Column::Phone);
    }
    if any(heading, &["บทบาท", "ตำแหน่ง"]) || has_word(text, "role") || has_word(text, "position")
    {
        return Some(Column::Role);
    }
    if any(heading, &["หน่วยงาน", "องค์กร", "สังกัด", "ชื่อกลุ่ม", "organization", "organisation"])
        || heading == "กลุ่ม"
    {
        return Some(Column::Organization);
    }
    place_column(heading).or_else(|| name_column(heading, text))
}

/// ให้ได้ or ต้องการ, whichever the heading says first.
fn intent_column(heading: &str) -> Option<Column> {
    let offer = ["ให้ได้", "offer"].iter().filter_map(|word| heading.find(word)).min();
    let need = ["ต้องการ", "need"].iter().filter_map(|word| heading.find(word)).min();
    match (offer, need) {
        (Some(offer), Some(need)) => Some(if offer < need { Column::Offer } else { Column::Need }),
        (Some(_), None) => Some(Column::Offer),
        (None, Some(_)) => Some(Column::Need),
        (None, None) => None,
    }
}

fn place_column(heading: &str) -> Option<Column> {
    if any(heading, &["ตำบล", "แขวง", "subdistrict", "sub-district", "tambon"]) {
        return Some(Column::Subdistrict);
    }
    if any(heading, &["อำเภอ", "district", "amphoe"]) || heading == "เขต" {
        return Some(Column::District);
    }
    if any(heading, &["จังหวัด", "province"]) {
        return Some(Column::Province);
    }
    None
}

fn name_column(heading: &str, text: &str) -> Option<Column> {
    if matches!(heading, "นามสกุล" | "สกุล" | "surname" | "lastname" | "familyname") {
        return Some(Column::FamilyName);
    }
    if any(
        heading,
        &["ชื่อ-นามสกุล", "ชื่อ-สกุล", "ชื่อ–นามสกุล", "ชื่อ–สกุล", "ชื่อนามสกุล", "ชื่อสกุล", "ชื่อและนามสกุล", "ชื่อ/นามสกุล"],
    ) {
        return Some(Column::Name);
    }
    if heading == "ชื่อ" || heading.starts_with("ชื่อจริง") || heading.starts_with("ชื่อผู้") || has_word(text, "name")
    {
        return Some(Column::Name);
    }
    None
}

fn contact_column(heading: &str) -> Option<Column> {
    if heading.starts_with("คุยกับ") || heading.starts_with("ติดต่อกับ") || matches!(heading, "with" | "towhom")
    {
        return Some(Column::With);
    }
    if heading.starts_with("วัน") || heading == "date" {
        return Some(Column::Date);
    }
    if heading.starts_with("ใคร") || heading.starts_with("ผู้ติดต่อ") || matches!(heading, "who" | "by")
    {
        return Some(Column::Who);
    }
    if any(heading, &["ช่องทาง", "channel"]) || heading.starts_with("วิธี") {
        return Some(Column::Channel);
    }
    if heading.starts_with("เรื่อง") || any(heading, &["รายละเอียด", "topic", "subject"])
    {
        return Some(Column::Topic);
    }
    None
}

fn tie_column(heading: &str) -> Option<Column> {
    match heading {
        "source" | "from" | "จาก" | "ต้นทาง" | "ฝ่ายหนึ่ง" => {
            Some(Column::Source)
        }
        "target" | "to" | "ถึง" | "ไปยัง" | "ปลายทาง" | "อีกฝ่าย" => {
            Some(Column::Target)
        }
        "relation" | "relationship" | "ความสัมพันธ์" | "ความเกี่ยวข้อง" => {
            Some(Column::Relation)
        }
        "strength" | "weight" | "ความแน่นแฟ้น" | "ระดับ" | "น้ำหนัก" => {
            Some(Column::Strength)
        }
        "since" | "ตั้งแต่" | "เมื่อ" | "ตั้งแต่ปี" => {
            Some(Column::Since)
        }
        _ => None,
    }
}

/// Whether a row's headings make it the heading of a table, and of which; with the columns.
#[must_use]
pub fn heading_row(row: &Row, mapping: &Mapping) -> Option<(TableKind, Vec<(usize, Column)>)> {
    let has = |columns: &[(usize, Column)], column| columns.iter().any(|(_, c)| *c == column);
    let ties = recognize(row, TableKind::Ties, mapping);
    if has(&ties, Column::Source) && has(&ties, Column::Target) && has(&ties, Column::Relation) {
        return Some((TableKind::Ties, ties));
    }
    let contacts = recognize(row, TableKind::Contacts, mapping);
    let parties = has(&contacts, Column::With) && has(&contacts, Column::Who);
    if parties && distinct(&contacts) >= 3 {
        return Some((TableKind::Contacts, contacts));
    }
    let members = recognize(row, TableKind::Members, mapping);
    let key = has(&members, Column::Name) || has(&members, Column::Organization);
    if distinct(&members) >= CERTAIN || (key && distinct(&members) >= 2) {
        return Some((TableKind::Members, members));
    }
    None
}

/// How many different things the columns hold.
#[must_use]
pub fn distinct(columns: &[(usize, Column)]) -> usize {
    let mut seen: Vec<Column> = columns.iter().map(|(_, column)| *column).collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(text: &str) -> Option<Column> {
        meaning(&Cell::Text(text.into()), TableKind::Members, &Mapping::default())
    }

    #[test]
    fn headings_of_real_forms_are_known() {
        let cases = [
            ("ประทับเวลา", Column::Submitted),
            ("ชื่อ-นามสกุล (ไม่ต้องใส่คำนำหน้า)", Column::Name),
            ("ชื่อ - สกุล", Column::Name),
            ("ชื่อเล่น", Column::Nickname),
            ("นามสกุล", Column::FamilyName),
            ("หน่วยงาน/กลุ่ม ", Column::Organization),
            ("ชื่อกลุ่ม/องค์กรที่สังกัด", Column::Organization),
            ("บทบาทในกลุ่ม", Column::Role),
            ("จังหวัด", Column::Province),
            ("อำเภอ", Column::District),
            ("ตำบล", Column::Subdistrict),
            ("เบอร์โทรศัพท์ที่ติดต่อได้", Column::Phone),
            ("LINE ID", Column::Line),
            ("ไอดีไลน์", Column::Line),
            ("E-mail", Column::Email),
            ("สิ่งที่ให้ได้", Column::Offer),
            ("สิ่งที่ท่านต้องการจากเครือข่าย", Column::Need),
            ("ช่วงเวลาที่สะดวก", Column::Availability),
            ("ยินยอมให้เก็บข้อมูลและติดต่อทางโทรศัพท์หรือไลน์", Column::Consent),
            ("Full name", Column::Name),
            ("Organisation", Column::Organization),
        ];
        for (text, column) in cases {
            assert_eq!(member(text), Some(column), "{text}");
        }
        for text in ["online", "hotel", "", "ลำดับ", "อายุ"] {
            assert_eq!(member(text), None, "{text}");
        }
    }

    #[test]
    fn codes_read_back() {
        for column in Column::ALL {
            assert_eq!(Column::from_code(column.code()), Some(column));
        }
    }

    #[test]
    fn people_correct_a_heading() {
        let mut mapping = Mapping::default();
        mapping.set("ท่านคือใคร ", Some(Column::Name));
        mapping.set("LINE ID", None);
        let row = Row {
            number: 1,
            cells: ["ท่านคือใคร", "LINE ID", "เบอร์โทร"].map(|text| Cell::Text(text.into())).to_vec(),
            undecodable: false,
        };
        let (kind, columns) = heading_row(&row, &mapping).unwrap();
        assert_eq!(kind, TableKind::Members);
        assert_eq!(columns, [(0, Column::Name), (2, Column::Phone)]);
    }
}
