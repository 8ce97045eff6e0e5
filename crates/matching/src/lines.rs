//! Offers, needs and texts as JSON lines, one object a line; what is wrong is named by line, column and expectation.
//!
//! An offer: `type` (offer), `id`, `lang`, `kind`, `area` (codes, or `*` for everywhere), `mode` (onsite, online, both),
//! `from`, `until`, `text`. A need: `type` (need), `id`, `lang`, `kind`, `province`, `mode` (onsite, online, any),
//! `from`, `to`, `text`. On both, where known: `categories` that were tapped, `actor`, and for offers `capacity`. Only
//! `id` and `text` must be there; other fields are passed over.

use std::collections::HashSet;

use serde_json::{Map, Value};
use thai::Lang;

use crate::intent::{Area, Day, Intent, IntentKey, Mode, OwnerKind, Reach, Side, Window};
use crate::taxonomy::Taxonomy;

/// What stood where something else was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line, from 1
    pub line: usize,
    /// Column in characters, from 1
    pub column: usize,
    /// What should stand there
    pub expected: Expected,
}

/// What should stand somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// UTF-8
    Utf8,
    /// One JSON object a line
    Object,
    /// A field with a text, by the field's name
    Text(&'static str),
    /// An id that no earlier line has
    NewId,
    /// One of these words in a field
    OneOf(&'static str, &'static str),
    /// A date in a field
    Date(&'static str),
    /// A last day that is not before the first
    LaterEnd(&'static str),
    /// A list of place codes
    Areas(&'static str),
    /// A list of codes of the taxonomy
    Codes(&'static str),
    /// A whole number from 0
    Count(&'static str),
}

impl Fault {
    /// The fault in one sentence, for the reader of `file`.
    #[must_use]
    pub fn sentence(&self, file: &str, lang: Lang) -> String {
        let Self { line, column, expected } = self;
        match lang {
            Lang::Thai => format!("{file} บรรทัด {line} คอลัมน์ {column}: ต้องเป็น{}", expected.thai()),
            Lang::English => format!("{file}, line {line}, column {column}: expected {}", expected.english()),
        }
    }
}

impl Expected {
    fn english(self) -> String {
        match self {
            Self::Utf8 => "UTF-8 text".to_owned(),
            Self::Object => "one JSON object on the line".to_owned(),
            Self::Text(field) => format!("a text in \"{field}\""),
            Self::NewId => "an id that no earlier line has".to_owned(),
            Self::OneOf(field, words) => format!("{words} in \"{field}\""),
            Self::Date(field) => format!("a date such as 2026-12-01 in \"{field}\""),
            Self::LaterEnd(field) => format!("a day in \"{field}\" that is not before \"from\""),
            Self::Areas(field) => format!("place codes such as TH-50, or *, in \"{field}\""),
            Self::Codes(field) => format!("codes of the taxonomy in \"{field}\""),
            Self::Count(field) => format!("a whole number from 0 in \"{field}\""),
        }
    }

    fn thai(self) -> String {
        match self {
            Self::Utf8 => "ข้อความ UTF-8".to_owned(),
            Self::Object => "วัตถุ JSON หนึ่งรายการต่อบรรทัด".to_owned(),
            Self::Text(field) => format!("ข้อความใน \"{field}\""),
            Self::NewId => " id ที่ไม่ซ้ำกับบรรทัดก่อน".to_owned(),
            Self::OneOf(field, words) => format!("คำใดคำหนึ่งใน {words} สำหรับ \"{field}\""),
            Self::Date(field) => format!("วันที่อย่าง 2026-12-01 ใน \"{field}\""),
            Self::LaterEnd(field) => format!("วันใน \"{field}\" ที่ไม่อยู่ก่อน \"from\""),
            Self::Areas(field) => format!("รหัสพื้นที่อย่าง TH-50 หรือ * ใน \"{field}\""),
            Self::Codes(field) => format!("รหัสหมวดใน \"{field}\""),
            Self::Count(field) => format!("จำนวนเต็มตั้งแต่ 0 ใน \"{field}\""),
        }
    }
}

/// An intent with the names it has in its file.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Its id
    pub id: String,
    /// Its owner's id, if named
    pub actor: Option<String>,
    /// The intent; its key is `first` plus its place, its actor is left to the caller
    pub intent: Intent,
}

/// A text to categorize.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titled {
    /// Its id
    pub id: String,
    /// The text
    pub text: String,
}

/// Reads the intents of one side; lines of the other side (by `type`) are passed over. Keys count up from `first`.
///
/// # Errors
/// The first fault.
pub fn read_intents(bytes: &[u8], side: Side, first: u64) -> Result<Vec<Named>, Fault> {
    let mut ids = HashSet::new();
    let mut intents: Vec<Named> = Vec::new();
    each_line(bytes, |line| {
        let other = match line.optional_text("type")? {
            None => false,
            Some("offer") => side != Side::Offer,
            Some("need") => side != Side::Need,
            Some(_) => return Err(line.fault("type", Expected::OneOf("type", "offer, need"))),
        };
        if other {
            return Ok(());
        }
        let id = line.id()?;
        if !ids.insert(id.clone()) {
            return Err(line.fault("id", Expected::NewId));
        }
        let key = IntentKey(first + intents.len() as u64);
        let intent = line.intent(side, key)?;
        intents.push(Named { id, actor: line.actor()?, intent });
        Ok(())
    })?;
    Ok(intents)
}

/// Reads texts with their ids.
///
/// # Errors
/// The first fault.
pub fn read_texts(bytes: &[u8]) -> Result<Vec<Titled>, Fault> {
    let mut texts = Vec::new();
    each_line(bytes, |line| {
        texts.push(Titled { id: line.id()?, text: line.text("text")?.to_owned() });
        Ok(())
    })?;
    Ok(texts)
}

struct Line<'a> {
    number: usize,
    raw: &'a str,
    fields: Map<String, Value>,
}

fn each_line(bytes: &[u8], mut read: impl FnMut(&Line) -> Result<(), Fault>) -> Result<(), Fault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for (place, raw) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let number = place + 1;
        let raw = std::str::from_utf8(raw).map_err(|error| {
            let good = raw.get(..error.valid_up_to()).and_then(|good| std::str::from_utf8(good).ok());
            let column = good.map_or(0, |good| good.chars().count()) + 1;
            Fault { line: number, column, expected: Expected::Utf8 }
        })?;
        let raw = raw.trim_end_matches('\r');
        if raw.trim().is_empty() {
            continue;
        }
        let fields = serde_json::from_str(raw).map_err(|error| {
            // serde counts bytes
            let before = raw.get(..error.column().saturating_sub(1)).unwrap_or(raw);
            Fault { line: number, column: before.chars().count() + 1, expected: Expected::Object }
        })?;
        read(&Line { number, raw, fields })?;
    }
    Ok(())
}

impl Line<'_> {
    /// A fault at the name of a field, or at the start of the line if it is missing.
    fn fault(&self, field: &str, expected: Expected) -> Fault {
        let at = self.raw.find(&format!("\"{field}\"")).and_then(|byte| self.raw.get(..byte));
        Fault { line: self.number, column: at.map_or(0, |before| before.chars().count()) + 1, expected }
    }

    fn field(&self, field: &str) -> Option<&Value> {
        self.fields.get(field).filter(|value| !value.is_null())
    }

    fn optional_text(&self, field: &'static str) -> Result<Option<&str>, Fault> {
        let Some(value) = self.field(field) else { return Ok(None) };
        value.as_str().map(Some).ok_or_else(|| self.fault(field, Expected::Text(field)))
    }

    fn text(&self, field: &'static str) -> Result<&str, Fault> {
        self.optional_text(field)?.ok_or_else(|| self.fault(field, Expected::Text(field)))
    }

    fn id(&self) -> Result<String, Fault> {
        self.name("id")?.ok_or_else(|| self.fault("id", Expected::Text("id")))
    }

    fn actor(&self) -> Result<Option<String>, Fault> {
        self.name("actor")
    }

    /// A text or a number that names something.
    fn name(&self, field: &'static str) -> Result<Option<String>, Fault> {
        match self.field(field) {
            None => Ok(None),
            Some(Value::String(name)) => Ok(Some(name.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(_) => Err(self.fault(field, Expected::Text(field))),
        }
    }

    fn day(&self, field: &'static str) -> Result<Option<Day>, Fault> {
        let Some(text) = self.optional_text(field)? else { return Ok(None) };
        Day::parse(text).map(Some).ok_or_else(|| self.fault(field, Expected::Date(field)))
    }

    fn areas(&self, field: &'static str) -> Result<Reach, Fault> {
        let wrong = || self.fault(field, Expected::Areas(field));
        let one = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(wrong);
        let codes: Vec<String> = match self.field(field) {
            None => return Ok(Reach::Everywhere),
            Some(Value::Array(codes)) => codes.iter().map(one).collect::<Result<_, _>>()?,
            Some(code) => vec![one(code)?],
        };
        if codes.iter().any(|code| code == "*") {
            return Ok(Reach::Everywhere);
        }
        let areas = codes.iter().map(|code| Area::parse(code).ok_or_else(wrong));
        Ok(Reach::Areas(areas.collect::<Result<_, _>>()?))
    }

    fn intent(&self, side: Side, key: IntentKey) -> Result<Intent, Fault> {
        let mut intent = Intent::new(key, side, self.text("text")?);
        let (area, last) = match side {
            Side::Offer => ("area", "until"),
            Side::Need => ("province", "to"),
        };
        intent.reach = self.areas(area)?;
        intent.window = Window { from: self.day("from")?, until: self.day(last)? };
        if let (Some(from), Some(until)) = (intent.window.from, intent.window.until)
            && until < from
        {
            return Err(self.fault(last, Expected::LaterEnd(last)));
        }
        intent.mode = match self.optional_text("mode")? {
            Some("onsite") => Mode::Onsite,
            Some("online") => Mode::Online,
            None | Some("both" | "any") => Mode::Either,
            Some(_) => return Err(self.fault("mode", Expected::OneOf("mode", "onsite, online, both, any"))),
        };
        intent.owner = match self.optional_text("kind")? {
            None | Some("person") => OwnerKind::Person,
            Some("group") => OwnerKind::Group,
            Some("org" | "organization") => OwnerKind::Organization,
            Some(_) => return Err(self.fault("kind", Expected::OneOf("kind", "person, group, org"))),
        };
        intent.lang = match self.optional_text("lang")?.and_then(Lang::from_tag) {
            Some(lang) => lang,
            None if intent.text.chars().any(|c| ('\u{0e01}'..='\u{0e5b}').contains(&c)) => Lang::Thai,
            None => Lang::English,
        };
        if let Some(capacity) = self.field("capacity") {
            let count =
                capacity.as_u64().ok_or_else(|| self.fault("capacity", Expected::Count("capacity")))?;
            intent.capacity = Some(u32::try_from(count).unwrap_or(u32::MAX));
        }
        if let Some(codes) = self.field("categories") {
            let wrong = || self.fault("categories", Expected::Codes("categories"));
            for code in codes.as_array().ok_or_else(wrong)? {
                let category =
                    code.as_str().and_then(|code| Taxonomy::built_in().find(code)).ok_or_else(wrong)?;
                if !intent.categories.contains(&category) {
                    intent.categories.push(category);
                }
            }
        }
        Ok(intent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_both_sides_of_one_file() {
        let file = "\u{feff}{\"type\":\"offer\",\"id\":\"o1\",\"lang\":\"th\",\"kind\":\"org\",\"area\":[\"TH-50\"],\
                    \"mode\":\"both\",\"from\":\"2026-01-01\",\"until\":null,\"gold_category\":\"x\",\"text\":\"ศาลา\",\
                    \"capacity\":2,\"categories\":[\"log.venue\"],\"actor\":7}\r\n\n\
                    {\"type\":\"need\",\"id\":\"n1\",\"province\":\"TH-51\",\"mode\":\"any\",\"text\":\"a hall\"}";
        let offers = read_intents(file.as_bytes(), Side::Offer, 10).unwrap();
        assert_eq!(offers.len(), 1);
        assert_eq!((offers[0].id.as_str(), offers[0].actor.as_deref()), ("o1", Some("7")));
        assert_eq!(offers[0].intent.key, IntentKey(10));
        assert_eq!(offers[0].intent.capacity, Some(2));
        assert_eq!(offers[0].intent.owner, OwnerKind::Organization);
        let needs = read_intents(file.as_bytes(), Side::Need, 0).unwrap();
        assert_eq!(needs[0].intent.lang, Lang::English);
        assert_eq!(needs[0].intent.reach, Reach::Areas(vec![Area::parse("TH-51").unwrap()]));
    }

    #[test]
    fn names_line_column_and_expectation() {
        let fault = |file: &str| read_intents(file.as_bytes(), Side::Offer, 0).unwrap_err();
        let good = "{\"id\":\"a\",\"text\":\"x\"}\n";
        for (line, column, expected) in [
            ("{\"id\":\"b\"", 9, Expected::Object),
            ("[]", 1, Expected::Object),
            ("{\"id\":\"b\"}", 1, Expected::Text("text")),
            ("{\"id\":\"a\",\"text\":\"x\"}", 2, Expected::NewId),
            (
                "{\"text\":\"ย\",\"id\":\"b\",\"mode\":\"fax\"}",
                22,
                Expected::OneOf("mode", "onsite, online, both, any"),
            ),
            ("{\"id\":\"b\",\"text\":\"x\",\"from\":\"1.1.26\"}", 22, Expected::Date("from")),
            ("{\"id\":\"b\",\"text\":\"x\",\"area\":[5]}", 22, Expected::Areas("area")),
            ("{\"id\":\"b\",\"text\":\"x\",\"capacity\":-1}", 22, Expected::Count("capacity")),
            ("{\"id\":\"b\",\"text\":\"x\",\"categories\":[\"no.such\"]}", 22, Expected::Codes("categories")),
            (
                "{\"id\":\"b\",\"text\":\"x\",\"from\":\"2026-02-01\",\"until\":\"2026-01-01\"}",
                42,
                Expected::LaterEnd("until"),
            ),
        ] {
            let found = fault(&format!("{good}{line}"));
            assert_eq!((found.line, found.expected), (2, expected), "{line}");
            assert_eq!(found.column, column, "{line}");
            assert!(found.sentence("f.jsonl", Lang::English).starts_with("f.jsonl, line 2, column "));
        }
        let broken = read_texts(b"{\"id\":\"\xff\"}").unwrap_err();
        assert_eq!((broken.line, broken.column, broken.expected), (1, 8, Expected::Utf8));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_texts(&bytes);
            let _ = read_intents(&bytes, Side::Need, 0);
        }

        #[test]
        fn any_fields_are_read_or_refused(field in "(id|text|mode|from|until|area|categories|capacity|kind|lang|type)",
                                          value in "(null|1|-3|\"[a-z*]{0,6}\"|\\[\"[A-Z0-9-]{0,8}\"\\]|\\{\\}|true)") {
            let line = format!("{{\"id\":\"a\",\"text\":\"b\",\"{field}\":{value}}}");
            let _ = read_intents(line.as_bytes(), Side::Offer, 0);
        }
    }
}
