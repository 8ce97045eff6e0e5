use std::cmp::Ordering;

use super::{Care, Day, State};

/// What a holder was reminded of since the last touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prompted {
    pub on: Option<Day>,
    /// Prompts since the last touch.
    pub count: u32,
    /// Until then the holder does not want to hear of it.
    pub locked_until: Option<Day>,
}

/// Whether somebody may be reminded of a care today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prompting {
    Now,
    /// The next day on which it may.
    Wait(Day),
    /// Three times was enough: keep, lengthen, hand over, let go?
    Ask,
    /// The day has not come.
    NotDue,
    /// Everything was said.
    Silent,
}

/// Who dismisses a prompt is left alone for so long.
pub const LOCK: i64 = 30;

/// After so many prompts comes the question, and after the question nothing.
const ENOUGH: u32 = 3;

impl Prompted {
    /// Days after the last prompt until the next: half a gap, then a whole one.
    fn pause(&self, ideal: Day) -> Day {
        if self.count == 1 { ((ideal + 1) / 2).max(1) } else { ideal }
    }

    /// The rule: on the day; again after half a gap; again after a whole one; then one question, then silence. A touch
    /// begins anew, or an answer of the holder.
    #[must_use]
    pub fn may(&self, care: &Care, today: Day) -> Prompting {
        if self.count > ENOUGH {
            return Prompting::Silent;
        }
        if let Some(until) = self.locked_until.filter(|until| today < *until) {
            return Prompting::Wait(until);
        }
        let next = self.on.unwrap_or(today) + self.pause(care.cadence.ideal);
        if self.count > 0 && today < next {
            return Prompting::Wait(next);
        }
        let due = matches!(care.state(today), State::Due | State::Overdue | State::Dormant);
        match (due, self.count) {
            (true, ENOUGH) => Prompting::Ask,
            (true, _) => Prompting::Now,
            (false, ENOUGH) => Prompting::Silent,
            (false, _) => Prompting::NotDue,
        }
    }

    /// Whether the question is open: it may be asked, or was asked and stayed without an answer.
    #[must_use]
    pub fn asks(&self, care: &Care, today: Day) -> bool {
        self.count > ENOUGH || self.may(care, today) == Prompting::Ask
    }

    /// The day from which the next prompt may be made; each prompt has its own.
    #[must_use]
    pub fn from(&self, care: &Care, today: Day) -> Day {
        let day = match self.on.filter(|_| self.count > 0) {
            Some(on) => on + self.pause(care.cadence.ideal),
            None => care.due(today),
        };
        [self.locked_until, care.snoozed_until].into_iter().flatten().fold(day, Day::max)
    }
}

/// Somebody a holder could be reminded of.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub care: Care,
    pub prompting: Prompting,
    /// There is a word to keep between the two.
    pub open_commitment: bool,
    /// They gave last, and nothing went back.
    pub gave_last: bool,
}

/// Why somebody was picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The day has come, or is over.
    Due,
    /// Long silent, and there was something between the two.
    Dormant,
    /// They gave last.
    Reciprocity,
}

/// One of those picked, by its place among the candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picked {
    pub at: usize,
    pub why: Why,
}

/// The most pressing first; then an open word, then the older.
fn order(a: &Candidate, b: &Candidate, today: Day) -> Ordering {
    b.care
        .urgency(today)
        .total_cmp(&a.care.urgency(today))
        .then(b.open_commitment.cmp(&a.open_commitment))
        .then(a.care.anchor().cmp(&b.care.anchor()))
        .then(a.care.id.cmp(&b.care.id))
}

/// At most five people: three that are due, by how much it presses; one long silent with a shared history; one who gave
/// last. Only those who may be reminded of today.
#[must_use]
pub fn pick(candidates: &[Candidate], today: Day) -> Vec<Picked> {
    let mut places: Vec<(usize, &Candidate, State)> = candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| (at, candidate, candidate.care.state(today)))
        .collect();
    places.sort_by(|(_, a, _), (_, b, _)| order(a, b, today));
    let may = |candidate: &Candidate| matches!(candidate.prompting, Prompting::Now | Prompting::Ask);
    let mut picked: Vec<Picked> = places
        .iter()
        .filter(|(_, candidate, state)| state.is_due() && may(candidate))
        .take(3)
        .map(|(at, ..)| Picked { at: *at, why: Why::Due })
        .collect();
    let dormant = places.iter().find(|(_, candidate, state)| {
        *state == State::Dormant && may(candidate) && candidate.care.history.touch.is_some()
    });
    picked.extend(dormant.map(|(at, ..)| Picked { at: *at, why: Why::Dormant }));
    let quiet =
        |state: State| matches!(state, State::Ended | State::Paused | State::Snoozed | State::Unanswered);
    let gave = places.iter().find(|(at, candidate, state)| {
        candidate.gave_last
            && !quiet(*state)
            && matches!(candidate.prompting, Prompting::Now | Prompting::NotDue)
            && picked.iter().all(|one| one.at != *at)
    });
    picked.extend(gave.map(|(at, ..)| Picked { at: *at, why: Why::Reciprocity }));
    picked
}
