//! Parts of pages to which several features add: the cards of today, the timeline of a tie, the days of a member's
//! calendar, the rooms in which those concerned write to each other.
//!
//! A feature that has something to add writes a function of the right type and is named in the lists of the router
//! (`CARDS`, `REMINDERS`, `TIMELINES`, `DAYS`, `ROOMS` beside `PANELS`); the page asks all of them. So `today`, `ties`, `calendar`
//! and `words` know none of the features that show there, and no feature depends on another in a circle.

use jiff::civil::Date;
use network::telling::Channel;
use store::ids::{ActorId, CareId};
use store::{Error, Micros, Reading, Writing};
use web::{Asker, Lang, Problem};

/// One thing to do: who or what, why, one action, a quiet second.
#[derive(Debug, Clone)]
pub struct Card {
    pub title: String,
    /// The way to the whole.
    pub link: String,
    /// One sentence from true causes.
    pub why: String,
    pub act: CardAct,
    /// What keeps people waiting comes first: 0 somebody waits for my answer or my word is due, 1 somebody is due,
    /// 2 I could help, 3 the rest.
    pub rank: u8,
}

/// What one tap does.
#[derive(Debug, Clone)]
pub enum CardAct {
    /// Goes to a page.
    Go { label: String, address: String },
    /// Posts `answer=yes` or `answer=no`.
    Answer { address: String, yes: String, no: String },
    /// Posts an empty form.
    Do { label: String, address: String },
    /// Logs a contact with somebody: posts `channel` and `answered` to `address`. `later` takes `what=snooze_14` and the
    /// like; `more` is where everything else about it is set. Where `asks` is set the question is open whether to go on:
    /// `later` takes `what=keep`, `lengthen` and `end`, and `more` hands over.
    Contact {
        address: String,
        ways: Vec<(&'static str, &'static str)>,
        later: String,
        more: String,
        asks: bool,
    },
}

/// What a feature has for a member to do today; at most a handful, the most pressing first.
pub type Cards = fn(&Reading<'_>, &Asker, ActorId) -> Result<Vec<Card>, Problem>;

/// Somebody whom a member may be reminded of by a letter.
#[derive(Debug, Clone)]
pub struct Reminder {
    pub care: CareId,
    /// The care's version and how often it was prompted when it was looked at.
    pub version: i64,
    /// See `version`.
    pub prompts: i64,
    /// The day from which this prompt may be made, counted from 1970-01-01 as [`network::rhythm::Day`].
    pub from: i64,
    /// Today where the holder lives.
    pub today: i64,
    pub about: ActorId,
    pub title: String,
    /// One sentence from true causes.
    pub why: String,
    /// Path of the page where something can be done about it.
    pub link: String,
}

/// A feature by which members are reminded of others.
#[derive(Debug, Clone, Copy)]
pub struct Reminders {
    /// Whom a member may be reminded of now, the most pressing first.
    pub of: fn(&Reading<'_>, &Asker, ActorId) -> Result<Vec<Reminder>, Problem>,
    /// Notes it in the transaction that puts the letters by these channels into the outbox; whether it still may be.
    pub note: fn(&mut Writing<'_>, &Reminder, &[Channel]) -> Result<bool, Error>,
}

/// One line of what happened between two members.
#[derive(Debug, Clone)]
pub struct Line {
    pub at: Micros,
    /// What it was, in a word or two: "ติดต่อทางไลน์", "แนะนำให้รู้จัก".
    pub what: String,
    /// What about; may be empty.
    pub words: String,
    /// Where the whole of it stands.
    pub link: Option<String>,
    /// Who logged it may take it back here.
    pub undo: Option<String>,
}

/// What happened between two members, as far as the viewer may see it, newest first, at most fifty lines.
pub type Timeline = fn(&Reading<'_>, &Asker, ActorId, ActorId) -> Result<Vec<Line>, Problem>;

/// One day in a member's calendar.
#[derive(Debug, Clone)]
pub struct Day {
    /// The same for the same matter every time, such as `car_…`.
    pub uid: String,
    pub on: Date,
    pub title: String,
    /// What stands there when the member wants no names in the calendar.
    pub reduced: String,
    /// Path of the page.
    pub link: String,
    /// Grows whenever the day changes.
    pub sequence: i64,
    pub changed_at: Micros,
}

/// The days ahead that a feature has for a member.
pub type Days = fn(&Reading<'_>, Lang, ActorId) -> Result<Vec<Day>, Problem>;

/// A kind of thing on which those concerned may write to each other.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The word in addresses and tables, such as `tie`.
    pub word: &'static str,
    /// Reads an id of this kind.
    pub id: fn(&str) -> Option<i64>,
    /// The page of the thing.
    pub address: fn(i64) -> String,
    /// Those concerned; empty where there is no such thing or nobody may write yet.
    pub concerned: fn(&Reading<'_>, i64) -> Result<Vec<ActorId>, Error>,
}
