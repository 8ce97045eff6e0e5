use super::Day;
use crate::vocabulary::{Channel, Direction};

/// In a gathering of more people than this, being there together is no touch.
pub const LARGEST_SMALL_EVENT: usize = 12;

/// What a contact is to one holder's rhythm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Both heard of each other; `inbound` when the other reached out.
    Touch { inbound: bool },
    /// The holder tried and had no answer yet.
    Attempt,
    /// The other tried and the holder has not answered.
    Inbound,
    /// A word to everybody, or a large gathering.
    Nothing,
}

/// What a contact counts for a holder. `began`: the holder, or who acts for it, logged it as the one who began.
#[must_use]
pub fn counted(direction: Direction, channel: Channel, people: usize, began: bool) -> Counted {
    let gathering = matches!(channel, Channel::Event | Channel::Meeting | Channel::Online);
    if direction == Direction::Broadcast || (gathering && people > LARGEST_SMALL_EVENT) {
        return Counted::Nothing;
    }
    match direction {
        Direction::Mutual => Counted::Touch { inbound: false },
        Direction::Inbound => Counted::Touch { inbound: began },
        Direction::Outbound if began => Counted::Attempt,
        Direction::Outbound => Counted::Inbound,
        Direction::Broadcast => Counted::Nothing,
    }
}

/// One contact on the way into a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The moment, in microseconds since 1970.
    pub at: i64,
    /// Its day in the holder's zone.
    pub on: Day,
    pub counted: Counted,
}

/// What a rhythm remembers of its contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct History {
    pub touch: Option<Touch>,
    /// The day of the last attempt since the last touch.
    pub attempt: Option<Day>,
    /// Attempts since the last touch.
    pub attempts: u32,
    /// The last day on which the other reached out.
    pub inbound: Option<Day>,
}

/// When they last heard of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    pub at: i64,
    pub on: Day,
}

impl History {
    /// Of contacts in any order: the same contacts give the same history, however late one of them was written down.
    #[must_use]
    pub fn of(entries: &[Entry]) -> Self {
        let mut sorted = entries.to_vec();
        // of one moment the touch comes last: whoever talked that day was not left without an answer
        sorted.sort_by_key(|entry| (entry.at, matches!(entry.counted, Counted::Touch { .. })));
        let mut history = Self::default();
        for entry in &sorted {
            history.add(entry);
        }
        history
    }

    /// Whether a contact may simply be added: nothing that is known came after it.
    #[must_use]
    pub fn is_after(&self, entry: &Entry) -> bool {
        self.touch.is_none_or(|touch| touch.at <= entry.at) && self.attempt.is_none_or(|on| on < entry.on)
    }

    /// Adds the newest contact.
    pub fn add(&mut self, entry: &Entry) {
        match entry.counted {
            Counted::Touch { inbound } => {
                let touch = Touch { at: entry.at, on: entry.on };
                self.touch = Some(self.touch.map_or(touch, |before| before.max(touch)));
                self.attempt = None;
                self.attempts = 0;
                if inbound {
                    self.heard(entry.on);
                }
            }
            Counted::Attempt => {
                self.attempt = Some(self.attempt.map_or(entry.on, |before| before.max(entry.on)));
                self.attempts = self.attempts.saturating_add(1);
            }
            Counted::Inbound => self.heard(entry.on),
            Counted::Nothing => {}
        }
    }

    fn heard(&mut self, on: Day) {
        self.inbound = Some(self.inbound.map_or(on, |before| before.max(on)));
    }
}
