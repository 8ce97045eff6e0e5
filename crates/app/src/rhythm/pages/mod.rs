//! What a holder sees and sets: the panel beside a member, the list of everybody, labels, zone, the network's defaults.

mod panel;
mod settings;

use network::rhythm::State;
use network::vocabulary::Channel;

pub use panel::{
    cadence_submit, cards, care, days, first_card, first_words, next_submit, panel, settle_submit,
    tie_labels_submit, words,
};
pub use settings::{default_submit, labels, labels_submit, settings, zone_submit};

use crate::Texts;

fn state_label(t: Texts, state: State) -> &'static str {
    match state {
        State::Ended => t.rhythm_state_ended(),
        State::Paused => t.rhythm_state_paused(),
        State::Snoozed => t.rhythm_state_snoozed(),
        State::Unanswered => t.rhythm_state_unanswered(),
        State::Dormant => t.rhythm_state_dormant(),
        State::Overdue => t.rhythm_state_overdue(),
        State::Due => t.rhythm_state_due(),
        State::DueSoon => t.rhythm_state_due_soon(),
        State::Fresh => t.rhythm_state_fresh(),
    }
}

/// The color beside the word.
const fn tone(state: State) -> &'static str {
    match state {
        State::Fresh => " give",
        State::Due | State::DueSoon | State::Unanswered => " watch",
        State::Overdue | State::Dormant => " warn",
        State::Ended | State::Paused | State::Snoozed => "",
    }
}

/// The ways people are in touch, those used most first.
fn ways(t: Texts) -> Vec<(&'static str, &'static str)> {
    vec![
        (Channel::Line.word(), t.ties_channel_line()),
        (Channel::Phone.word(), t.ties_channel_phone()),
        (Channel::Meeting.word(), t.ties_channel_meeting()),
        (Channel::Visit.word(), t.ties_channel_visit()),
        (Channel::Email.word(), t.ties_channel_email()),
    ]
}

/// A path of ours to go back to, or today.
fn back(path: &str) -> String {
    if path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r']) {
        path.to_owned()
    } else {
        "/today".to_owned()
    }
}

/// A number of days from a form; an empty field is none.
fn days_of(form: &mut web::Form, name: &str, problem: &str) -> Option<i64> {
    let text = thai::text::western_digits(form.value(name)).trim().to_owned();
    if text.is_empty() {
        return None;
    }
    match text.parse::<i64>() {
        Ok(days) if (network::rhythm::SHORTEST..=network::rhythm::LONGEST).contains(&days) => Some(days),
        _ => {
            form.complain(name, problem);
            None
        }
    }
}

/// Both gaps of a form, checked against each other.
fn gaps(form: &mut web::Form, t: Texts) -> (Option<i64>, Option<i64>) {
    let ideal = days_of(form, "ideal", t.rhythm_days_problem());
    let max = days_of(form, "max", t.rhythm_days_problem());
    if ideal.zip(max).is_some_and(|(ideal, max)| max < ideal) {
        form.complain("max", t.rhythm_max_problem());
    }
    (ideal, max.filter(|_| ideal.is_some()))
}
