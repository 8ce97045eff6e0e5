//! Why an offer is proposed: the score's own terms, in words.

use thai::Lang;

use crate::intent::ActorKey;
use crate::taxonomy::{CategoryId, Taxonomy};

/// A term of the score. Each is measured from 0 to 1 and can only raise the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// Both speak of the same category
    Topic,
    /// The shared category is rare here, so the match says more
    Specificity,
    /// They share words
    Words,
    /// They share the spelling of words (character trigrams)
    Spelling,
    /// They name the same things in other words or in the other language
    Concepts,
    /// They lie close in meaning
    Meaning,
    /// Near, or reachable from anywhere
    Place,
    /// Available in the days it is needed
    Time,
    /// Both can do it the same way
    Mode,
    /// The giver can take on more
    Capacity,
    /// Offered or renewed lately
    Freshness,
    /// Written in one language
    Language,
    /// The giver answers when asked
    Reliability,
    /// The one in need holds something the giver needs
    Reciprocity,
    /// Each covers what the other lacks
    Complementarity,
    /// Someone known to both could introduce them
    Acquaintance,
}

impl Cause {
    /// All causes in a fixed order.
    pub const ALL: [Self; 16] = [
        Self::Topic,
        Self::Specificity,
        Self::Words,
        Self::Spelling,
        Self::Concepts,
        Self::Meaning,
        Self::Place,
        Self::Time,
        Self::Mode,
        Self::Capacity,
        Self::Freshness,
        Self::Language,
        Self::Reliability,
        Self::Reciprocity,
        Self::Complementarity,
        Self::Acquaintance,
    ];

    /// Its name in results read by programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Specificity => "specificity",
            Self::Words => "words",
            Self::Spelling => "spelling",
            Self::Concepts => "concepts",
            Self::Meaning => "meaning",
            Self::Place => "place",
            Self::Time => "time",
            Self::Mode => "mode",
            Self::Capacity => "capacity",
            Self::Freshness => "freshness",
            Self::Language => "language",
            Self::Reliability => "reliability",
            Self::Reciprocity => "reciprocity",
            Self::Complementarity => "complementarity",
            Self::Acquaintance => "acquaintance",
        }
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// What a [`Why`] names besides its cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Nothing
    None,
    /// The category both speak of
    Category(CategoryId),
    /// Words both use
    Words(Vec<String>),
    /// How near: 0 reaches everywhere or online, 1 the same province, 2 district, 3 subdistrict
    Near(u8),
    /// The Thai province both are in, by its two digits
    Province(u8),
    /// Someone who knows both
    Introducer(ActorKey),
    /// Nobody between them is known
    Strangers,
}

/// One reason of a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// Which term of the score
    pub cause: Cause,
    /// What it adds to the score's log-odds, mean of both sides; above 0
    pub weight: f64,
    /// What the sentence names
    pub detail: Detail,
}

impl Why {
    /// The reason as a short phrase. An introducer is named by [`Why::text_naming`].
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        self.text_naming(lang, |_| None)
    }

    /// The reason as a short phrase; `name` gives the name of an actor that may be shown to the reader.
    pub fn text_naming(&self, lang: Lang, name: impl Fn(ActorKey) -> Option<String>) -> String {
        let th = lang == Lang::Thai;
        let pick = |thai: &str, english: &str| if th { thai.to_owned() } else { english.to_owned() };
        match (self.cause, &self.detail) {
            (Cause::Topic | Cause::Specificity | Cause::Meaning, Detail::Category(id)) => {
                let label = Taxonomy::built_in().label(*id, lang);
                match (self.cause, th) {
                    (Cause::Topic, true) => format!("ตรงเรื่อง: {label}"),
                    (Cause::Topic, false) => format!("on the matter: {label}"),
                    (Cause::Specificity, true) => format!("เรื่องที่มีคนช่วยได้ไม่มาก: {label}"),
                    (Cause::Specificity, false) => format!("few can help with this: {label}"),
                    (_, true) => format!("เรื่องใกล้กัน: {label}"),
                    (_, false) => format!("close in meaning: {label}"),
                }
            }
            (Cause::Words | Cause::Concepts, Detail::Words(words)) => {
                let list = words.join(", ");
                match (self.cause, th) {
                    (Cause::Words, true) => format!("พูดถึงเหมือนกัน: {list}"),
                    (Cause::Words, false) => format!("both say: {list}"),
                    (_, true) => format!("เป็นสิ่งเดียวกัน: {list}"),
                    (_, false) => format!("the same thing: {list}"),
                }
            }
            (Cause::Place, Detail::Province(number)) => match (province(*number, lang), th) {
                (Some(name), true) => format!("อยู่{name}เหมือนกัน"),
                (Some(name), false) => format!("both in {name}"),
                (None, _) => pick("อยู่จังหวัดเดียวกัน", "in the same province"),
            },
            (Cause::Acquaintance, Detail::Strangers) => pick("จะได้รู้จักคนใหม่", "someone new to you"),
            (Cause::Place, Detail::Near(3)) => pick("อยู่ตำบลเดียวกัน", "in the same subdistrict"),
            (Cause::Place, Detail::Near(2)) => pick("อยู่อำเภอเดียวกัน", "in the same district"),
            (Cause::Place, Detail::Near(1)) => pick("อยู่จังหวัดเดียวกัน", "in the same province"),
            (Cause::Place, _) => pick("ช่วยได้ทุกพื้นที่", "can help anywhere"),
            (Cause::Acquaintance, Detail::Introducer(actor)) => match (name(*actor), th) {
                (Some(name), true) => format!("{name}รู้จักทั้งสองฝ่าย"),
                (Some(name), false) => format!("{name} knows both of you"),
                (None, true) => "มีคนที่รู้จักทั้งสองฝ่าย".to_owned(),
                (None, false) => "someone knows both of you".to_owned(),
            },
            (Cause::Topic, _) => pick("ตรงเรื่อง", "on the matter"),
            (Cause::Specificity, _) => pick("เรื่องที่มีคนช่วยได้ไม่มาก", "few can help with this"),
            (Cause::Words, _) => pick("ใช้คำเดียวกัน", "the same words"),
            (Cause::Spelling, _) => pick("คำคล้ายกัน", "similar words"),
            (Cause::Concepts, _) => pick("พูดถึงสิ่งเดียวกัน", "speaks of the same thing"),
            (Cause::Meaning, _) => pick("เรื่องใกล้กัน", "close in meaning"),
            (Cause::Time, _) => pick("ว่างตรงช่วงที่ต้องการ", "available when it is needed"),
            (Cause::Mode, _) => pick("สะดวกทั้งพบกันและออนไลน์", "can meet or be online"),
            (Cause::Capacity, _) => pick("ยังรับได้อีก", "can take on more"),
            (Cause::Freshness, _) => pick("เพิ่งบอกไว้ไม่นาน", "offered lately"),
            (Cause::Language, _) => pick("ใช้ภาษาเดียวกัน", "in the same language"),
            (Cause::Reliability, _) => pick("ตอบเมื่อมีคนขอ", "answers when asked"),
            (Cause::Reciprocity, _) => pick("คุณมีสิ่งที่อีกฝ่ายต้องการ", "you have something they need"),
            (Cause::Complementarity, _) => pick("ต่างเติมสิ่งที่อีกฝ่ายขาด", "each covers what the other lacks"),
            (Cause::Acquaintance, _) => pick("รู้จักกันผ่านคนอื่น", "connected through others"),
        }
    }
}

fn province(number: u8, lang: Lang) -> Option<&'static str> {
    let code = thai::places::PlaceCode::from_number(u32::from(number))?;
    thai::places::get(code).map(|place| place.name(lang))
}

/// Why an offer that is on the matter cannot help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// Too far
    Place,
    /// Not in the days it is needed, or over
    Time,
    /// One side only on site, the other only online
    Mode,
    /// The giver can take on no more
    Capacity,
}

impl Obstacle {
    /// Its name in results read by programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Place => "place",
            Self::Time => "time",
            Self::Mode => "mode",
            Self::Capacity => "capacity",
        }
    }

    /// A short phrase for the reader.
    #[must_use]
    pub const fn text(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Place, Lang::Thai) => "ตรงเรื่อง แต่อยู่ไกลเกินไป",
            (Self::Place, Lang::English) => "on the matter, but too far away",
            (Self::Time, Lang::Thai) => "ตรงเรื่อง แต่ช่วงเวลาไม่ตรงกัน",
            (Self::Time, Lang::English) => "on the matter, but not at that time",
            (Self::Mode, Lang::Thai) => "ตรงเรื่อง แต่ฝ่ายหนึ่งต้องพบกัน อีกฝ่ายสะดวกทางออนไลน์",
            (Self::Mode, Lang::English) => {
                "on the matter, but one side must meet and the other only works online"
            }
            (Self::Capacity, Lang::Thai) => "ตรงเรื่อง แต่ตอนนี้รับเพิ่มไม่ได้",
            (Self::Capacity, Lang::English) => "on the matter, but can take on no more now",
        }
    }
}
