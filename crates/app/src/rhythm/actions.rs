use network::rhythm::{
    BUILT_IN, Cadence, Counted, Day, Entry, History, LARGEST_SMALL_EVENT, LOCK, Touch, clears_fixed, counted,
};
use network::vocabulary::{Channel, Direction};
use store::ids::{ActorId, CareId, ContactId, LabelId};
use store::{Error, Value, Writing};

use super::due;
use super::queries::{self, CareRow};
use super::zone::{day_in, day_of_contact};
use crate::notices;

/// Begins a rhythm from each of two who are tied toward the other. Contacts that were written before count.
///
/// # Errors
/// The database's own.
pub fn begin(
    w: &mut Writing<'_>,
    one: ActorId,
    other: ActorId,
    network: Option<ActorId>,
) -> Result<(), Error> {
    for (holder, other) in [(one, other), (other, one)] {
        let zone = queries::zone(w, holder)?;
        let today = day_in(&zone, w.now());
        if queries::insert(w, holder, other, network, today)? {
            count_anew(w, holder, other)?;
        }
    }
    Ok(())
}

/// Ends the rhythm of both: they stay as history.
///
/// # Errors
/// The database's own.
pub fn end(w: &mut Writing<'_>, one: ActorId, other: ActorId) -> Result<(), Error> {
    for (holder, other) in [(one, other), (other, one)] {
        if let Some(care) = queries::between(w, holder, other)? {
            let today = today(w, holder)?;
            queries::set(w, care.id, &[("ended_on", Value::Int(today))])?;
            queries::settle_prompts(w, care.id, "dismissed_system")?;
        }
    }
    Ok(())
}

fn today(w: &Writing<'_>, holder: ActorId) -> Result<Day, Error> {
    Ok(day_in(&queries::zone(w, holder)?, w.now()))
}

impl CareRow {
    pub(super) fn history(&self) -> History {
        History {
            touch: self.touch_at.zip(self.touch_on).map(|(at, on)| Touch { at: at.0, on }),
            attempt: self.attempt_on,
            attempts: u32::try_from(self.attempts).unwrap_or(0),
            inbound: self.inbound_on,
        }
    }
}

/// A holder and an other whom a contact may concern, and whether the holder's side began it.
type Pair = (ActorId, ActorId, bool);

/// Everybody whom a contact of these concerns: they themselves and the groups they act for. The first one began it.
fn pairs(w: &Writing<'_>, who: &[ActorId]) -> Result<Vec<Pair>, Error> {
    let mut sides: Vec<Vec<ActorId>> = Vec::new();
    for one in who {
        let mut side = queries::acts_for(w, *one)?;
        side.push(*one);
        sides.push(side);
    }
    let mut pairs: Vec<Pair> = Vec::new();
    for (i, holders) in sides.iter().enumerate() {
        for (j, others) in sides.iter().enumerate() {
            for (holder, other) in holders.iter().flat_map(|h| others.iter().map(move |o| (*h, *o))) {
                // of several of one side the one who began it counts
                let known = pairs.iter().any(|(h, o, _)| (*h, *o) == (holder, other));
                if i != j && holder != other && !known {
                    pairs.push((holder, other, i == 0));
                }
            }
        }
    }
    Ok(pairs)
}

/// Moves every rhythm that a contact concerns: that of each who took part, of the groups they act for, and of those who
/// handed theirs to them. Answers between whom it was a touch.
///
/// # Errors
/// The database's own.
pub fn follow(w: &mut Writing<'_>, id: ContactId) -> Result<Vec<(ActorId, ActorId)>, Error> {
    let (at, whole_day, channel, direction, who) = queries::contact(w, id)?;
    // a large gathering is nobody's touch, and its pairs are too many to look at
    if who.len() > LARGEST_SMALL_EVENT * 4 {
        return Ok(Vec::new());
    }
    let channel = Channel::from_word(&channel).unwrap_or(Channel::Other);
    let direction = Direction::from_word(&direction).unwrap_or(Direction::Mutual);
    let mut touched = Vec::new();
    for (holder, other, began) in pairs(w, &who)? {
        let counted = counted(direction, channel, who.len(), began);
        if matches!(counted, Counted::Touch { .. }) {
            touched.push((holder, other));
        }
        for care in queries::concerned(w, holder, other)? {
            let zone = queries::zone(w, care.holder)?;
            let on = day_of_contact(&zone, at, &whole_day);
            move_on(w, &care, id, Entry { at: at.0, on, counted })?;
        }
    }
    Ok(touched)
}

/// Counts every rhythm anew that a contact of these concerned: it was taken back, or it is another than was written.
/// Answers between whom.
///
/// # Errors
/// The database's own.
pub fn forget(w: &mut Writing<'_>, who: &[ActorId]) -> Result<Vec<(ActorId, ActorId)>, Error> {
    let pairs = pairs(w, who)?;
    for (holder, other, _) in &pairs {
        count_anew(w, *holder, *other)?;
    }
    Ok(pairs.into_iter().map(|(holder, other, _)| (holder, other)).collect())
}

fn move_on(w: &mut Writing<'_>, care: &CareRow, id: ContactId, entry: Entry) -> Result<(), Error> {
    let before = care.history();
    let mut history = before;
    if before.is_after(&entry) {
        history.add(&entry);
    } else {
        history = counted_from_rows(w, care)?;
    }
    if history == before {
        return Ok(());
    }
    let touched = history.touch != before.touch;
    queries::remember(w, care.id, &history, touched.then_some(id))?;
    if touched {
        news(w, care, history.touch.map(|touch| touch.on))?;
    }
    Ok(())
}

/// A new touch answers what was asked, and what a fixed date near it was for.
fn news(w: &mut Writing<'_>, care: &CareRow, touch: Option<Day>) -> Result<(), Error> {
    let fixed = care.next_fixed_on.zip(touch).filter(|(fixed, touch)| clears_fixed(*touch, *fixed));
    queries::answered(w, care.id, fixed.map(|(fixed, _)| fixed))
}

fn counted_from_rows(w: &Writing<'_>, care: &CareRow) -> Result<History, Error> {
    let zone = queries::zone(w, care.holder)?;
    let heard = queries::heard(w, care.holder, care.other, care.delegate, &zone)?;
    let entries: Vec<Entry> = heard.iter().map(|one| one.entry).collect();
    Ok(History::of(&entries))
}

/// Counts a rhythm anew from the contacts that stand in their table: after one was taken back, or two members were made
/// one.
///
/// # Errors
/// The database's own.
pub fn count_anew(w: &mut Writing<'_>, holder: ActorId, other: ActorId) -> Result<(), Error> {
    for care in queries::concerned(w, holder, other)? {
        let history = counted_from_rows(w, &care)?;
        if history != care.history() {
            queries::remember(w, care.id, &history, None)?;
        }
    }
    Ok(())
}

/// Counts every rhythm of a member and toward it anew: two members were made one, or parted.
///
/// # Errors
/// The database's own.
pub fn count_all(w: &mut Writing<'_>, member: ActorId) -> Result<(), Error> {
    for (holder, other) in queries::of_and_toward(w, member)? {
        count_anew(w, holder, other)?;
    }
    Ok(())
}

/// What a holder changes.
#[derive(Debug, Clone)]
pub enum Change {
    /// How often; without a value as label, role or network say.
    Cadence { ideal: Option<i64>, max: Option<i64> },
    /// What this tie is for, and by which channel.
    Why { why: String, channel: Option<Channel> },
    /// One agreed date.
    NextOn(Option<Day>),
    /// Not before so many days.
    Snooze(i64),
    /// Rest from today, until a day or until further notice.
    Pause { until: Option<Day>, reason: String },
    /// Go on.
    Resume,
    /// Somebody of the same group or tied to the holder looks after it; nobody takes it back.
    HandTo(Option<ActorId>),
    /// Not to be reminded of for thirty days.
    Dismiss,
    /// Go on as it is: an answer to the question, which leaves it alone for a whole gap.
    Keep,
    /// Twice the gap from now on: another answer.
    Lengthen,
    /// Let go.
    End,
    /// Take up again.
    BeginAgain,
}

/// What an answer of the holder leaves of the prompts before it: nothing, so that they begin anew when the day has come.
fn unprompted() -> [(&'static str, Value); 2] {
    [("prompts", Value::Int(0)), ("prompted_on", Value::Null)]
}

fn with_unprompted(cell: (&'static str, Value)) -> Vec<(&'static str, Value)> {
    let mut cells = vec![cell];
    cells.extend(unprompted());
    cells
}

/// The gaps that hold for a care, whoever said them.
fn cadence(w: &Writing<'_>, care: &CareRow) -> Result<Cadence, Error> {
    Ok(due::kept(w, care.holder, care.other)?.map_or(BUILT_IN, |kept| kept.care.cadence))
}

/// Changes a care of this holder, or one handed to it. The caller journals it.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs; the database's own.
pub fn change(w: &mut Writing<'_>, id: CareId, by: ActorId, change: &Change) -> Result<CareRow, Error> {
    let care = queries::find(w, id, by)?;
    let today = today(w, care.holder)?;
    let int = |n: Option<i64>| n.map_or(Value::Null, Value::Int);
    let cells: Vec<(&'static str, Value)> = match change {
        Change::Cadence { ideal, max } => {
            let mut cells = vec![("ideal_days", int(*ideal)), ("max_days", int(*max))];
            if (*ideal, *max) != (care.ideal, care.max) {
                // the next prompt follows the new gap, and no question is open
                cells.push(("prompts", Value::Int(care.prompts.min(1))));
            }
            cells
        }
        Change::Why { why, channel } => vec![
            ("why", Value::Text(why.clone())),
            ("channel", channel.map_or(Value::Null, |channel| Value::Text(channel.word().to_owned()))),
        ],
        Change::NextOn(on) => {
            let mut cells = vec![("next_fixed_on", int(*on)), ("snoozed_until", Value::Null)];
            if *on != care.next_fixed_on {
                cells.extend(unprompted());
            }
            cells
        }
        Change::Snooze(days) => with_unprompted(("snoozed_until", Value::Int(today + (*days).clamp(1, 366)))),
        Change::Pause { until, reason } => vec![
            ("paused_from", Value::Int(today)),
            ("paused_to", int(*until)),
            ("paused_reason", Value::Text(reason.clone())),
        ],
        Change::Resume => {
            // what was rested stays rested
            let to = care.paused_from.map_or(Value::Null, |_| Value::Int(today - 1));
            let mut cells = with_unprompted(("paused_to", to));
            cells.push(("snoozed_until", Value::Null));
            cells
        }
        Change::HandTo(Some(whom)) => with_unprompted(("delegate_id", Value::Int(whom.0))),
        Change::HandTo(None) => vec![("delegate_id", Value::Null)],
        Change::Dismiss => vec![("locked_until", Value::Int(today + LOCK))],
        Change::Keep => {
            let cadence = cadence(w, &care)?;
            with_unprompted(("locked_until", Value::Int(today + cadence.ideal)))
        }
        Change::Lengthen => {
            let longer = Cadence::new(2 * cadence(w, &care)?.ideal, None);
            let mut cells = with_unprompted(("locked_until", Value::Int(today + longer.ideal)));
            cells.extend([("ideal_days", Value::Int(longer.ideal)), ("max_days", Value::Null)]);
            cells
        }
        Change::End => vec![("ended_on", Value::Int(today))],
        Change::BeginAgain => with_unprompted(("ended_on", Value::Null)),
    };
    queries::set(w, id, &cells)?;
    match change {
        Change::Snooze(_) => queries::settle_prompts(w, id, "snoozed")?,
        Change::Dismiss => queries::settle_prompts(w, id, "dismissed_user")?,
        Change::End | Change::Pause { .. } => queries::settle_prompts(w, id, "dismissed_system")?,
        Change::Keep | Change::Lengthen => queries::settle_prompts(w, id, "acted")?,
        Change::HandTo(Some(whom)) => {
            queries::settle_prompts(w, id, "acted")?;
            notices::tell(w, *whom, "rhythm_handed", care.other.0, Some(by), "")?;
        }
        Change::Cadence { .. }
        | Change::Why { .. }
        | Change::NextOn(_)
        | Change::Resume
        | Change::BeginAgain
        | Change::HandTo(None) => {}
    }
    Ok(care)
}

/// What a network suggests to everybody. The caller has checked that it is theirs to say, and journals it.
///
/// # Errors
/// The database's own.
pub fn suggest(w: &mut Writing<'_>, network: ActorId, cadence: Cadence) -> Result<(), Error> {
    let row = queries::DefaultRow {
        role: String::new(),
        ideal: Some(cadence.ideal),
        max: Some(cadence.max),
        season: None,
    };
    queries::set_default(w, network, &row)
}

/// A label of a holder, made or changed. The caller journals it.
///
/// # Errors
/// The database's own.
pub fn label(
    w: &mut Writing<'_>,
    holder: ActorId,
    name: &str,
    cadence: Cadence,
    weight: f64,
) -> Result<LabelId, Error> {
    queries::put_label(w, holder, name, (Some(cadence.ideal), Some(cadence.max)), weight)
}

/// Gives somebody a label. The caller journals it.
///
/// # Errors
/// The database's own.
pub fn give_label(w: &mut Writing<'_>, label: LabelId, other: ActorId) -> Result<(), Error> {
    queries::give_label(w, label, other)
}
