//! Contacts in the order in which they happened, as what a network has been through.
//!
//! Age runs by events, not by the calendar: a network that rests over a holiday does not grow old. One unit of age is
//! the horizon that backtests look ahead, a quarter of all events so far. Contacts at the same moment are of the same
//! age; contacts without a time are taken as the oldest, and where none has a time, all are of age 0.

#![expect(clippy::indexing_slicing, reason = "positions come from the same columns they index")]

/// One contact between two different actors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Event {
    pub source: u32,
    pub target: u32,
    /// How much this contact counts; 1 is the average of the network.
    pub weight: f32,
    /// Contacts at the same moment share it; the order of moments.
    pub moment: u32,
}

/// All contacts of a network, oldest first, loops left out.
#[derive(Debug, Clone, Default)]
pub struct History {
    pub(super) actors: usize,
    pub(super) events: Vec<Event>,
    pub(super) timed: bool,
    /// Rows of an actor with itself, left out.
    pub loops: u64,
}

/// Why rows do not make a history.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HistoryError {
    #[error("sources, targets, weights and times differ in length")]
    Columns,
    #[error("row {row} names actor {actor}, and there are {actors} actors")]
    NoSuchActor { row: usize, actor: u32, actors: usize },
    #[error("row {row} has the weight {weight}; expected a number of 0 or more")]
    Weight { row: usize, weight: f64 },
    #[error("there are more than {} contacts", u32::MAX)]
    TooMany,
}

/// Contacts as columns of equal length.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    pub sources: &'a [u32],
    pub targets: &'a [u32],
    /// Finite, 0 or more; a contact of weight 0 is none.
    pub weights: &'a [f64],
    /// In any unit; not a number where it is unknown. Empty where no time is known at all.
    pub times: &'a [f64],
}

impl History {
    /// Puts contacts in order.
    ///
    /// # Errors
    /// When columns differ in length, an actor is not below `actors`, or a weight is negative or not finite.
    pub fn new(actors: usize, columns: Columns<'_>) -> Result<Self, HistoryError> {
        let rows = columns.sources.len();
        let times_fit = columns.times.is_empty() || columns.times.len() == rows;
        if columns.targets.len() != rows || columns.weights.len() != rows || !times_fit {
            return Err(HistoryError::Columns);
        }
        if u32::try_from(rows).is_err() {
            return Err(HistoryError::TooMany);
        }
        let mut history =
            Self { actors, timed: columns.times.iter().any(|t| t.is_finite()), ..Self::default() };
        let mut kept: Vec<u32> = Vec::with_capacity(rows);
        let mut total = 0.0;
        for row in 0..rows {
            let (source, target, weight) = (columns.sources[row], columns.targets[row], columns.weights[row]);
            for actor in [source, target] {
                if actor as usize >= actors {
                    return Err(HistoryError::NoSuchActor { row, actor, actors });
                }
            }
            if !weight.is_finite() || weight < 0.0 {
                return Err(HistoryError::Weight { row, weight });
            }
            if source == target {
                history.loops += 1;
            } else if weight > 0.0 {
                kept.push(row as u32);
                total += weight / rows as f64;
            }
        }
        let time = |row: u32| match columns.times.get(row as usize) {
            Some(time) if time.is_finite() => *time,
            _ => f64::NEG_INFINITY,
        };
        // stable: contacts of one moment stay in the order of the table
        kept.sort_by(|&a, &b| time(a).total_cmp(&time(b)));
        let mean = total * rows as f64 / kept.len().max(1) as f64;
        history.events.reserve_exact(kept.len());
        let mut moment = 0;
        for (place, &row) in kept.iter().enumerate() {
            if place > 0 && time(kept[place - 1]) < time(row) {
                moment = place as u32;
            }
            let at = row as usize;
            // one contact of a thousand times the usual weight must not drown a history
            let weight = (columns.weights[at] / mean).min(10.0) as f32;
            history.events.push(Event {
                source: columns.sources[at],
                target: columns.targets[at],
                weight,
                moment,
            });
        }
        Ok(history)
    }

    /// How many actors, those without contacts included.
    #[must_use]
    pub fn actors(&self) -> usize {
        self.actors
    }

    /// How many contacts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether any contact has a time.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        self.timed
    }

    /// What was known after that share of all contacts, and the contacts that followed up to the horizon.
    ///
    /// Without times no contact is earlier than another: then pairs are held out by their number, evenly spread.
    pub(super) fn cut(&self, share: f64, fold: u32) -> (Vec<Event>, Vec<Event>) {
        if self.timed {
            let at = ((self.events.len() as f64 * share) as usize).min(self.events.len());
            let until = ((at as f64 * (1.0 + HORIZON)) as usize).min(self.events.len());
            return (self.events[..at].to_vec(), self.events[at..until].to_vec());
        }
        let held = |event: &&Event| {
            let pair = (event.source.min(event.target), event.source.max(event.target));
            spread(u64::from(pair.0) << 32 | u64::from(pair.1)) % 5 == u64::from(fold % 5)
        };
        let kept = self.events.iter().filter(|event| !held(event)).copied().collect();
        (kept, self.events.iter().filter(held).copied().collect())
    }
}

/// The horizon as a share of the history before it: what 20 of 100 events are to the 80 before.
pub(super) const HORIZON: f64 = 0.25;

/// The ages of events in units of the horizon, by the rules at the top.
pub(super) fn ages(events: &[Event], timed: bool) -> Vec<f32> {
    if !timed {
        return vec![0.0; events.len()];
    }
    let mut ages = vec![0_f32; events.len()];
    let unit = (events.len() as f64 * HORIZON).max(1.0);
    let mut end = events.len();
    while end > 0 {
        let moment = events[end - 1].moment;
        let start = events[..end].partition_point(|event| event.moment < moment);
        // the middle of the moment, so that one large moment is neither all new nor all old
        let age = (events.len() as f64 - (start + end) as f64 / 2.0) / unit;
        ages[start..end].fill(age as f32);
        end = start;
    }
    ages
}

/// A number spread evenly over all 64 bits (splitmix64 of Steele, Lea and Flood 2014).
pub(super) fn spread(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
