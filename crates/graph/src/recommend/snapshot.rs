//! What is known of a network at one moment: who is tied to whom and how warmly, and how active each actor has been.

#![expect(clippy::indexing_slicing, reason = "row bounds are made here and hold by construction; hot path")]

use super::history::{Event, ages};

/// Half-lives in units of the horizon.
const RECENT: f32 = 0.3;
const LASTING: f32 = 1.0;
const NEW_BRIEF: f32 = 0.15;
const NEW_RECENT: f32 = 0.5;
const NEW_LASTING: f32 = 2.0;

/// How many traits of an actor [`Snapshot::traits`] holds.
pub(super) const TRAITS: usize = 12;

/// One moment of a history.
#[derive(Debug, Clone, Default)]
pub(super) struct Snapshot {
    pub starts: Vec<usize>,
    pub neighbors: Vec<u32>,
    /// Strength of each tie in 0..1 from frequency and recency, half-life one horizon.
    pub lasting: Vec<f32>,
    /// The same with a half-life of 0.3 horizons.
    pub recent: Vec<f32>,
    /// Weight of each tie for walks: ln(1 + decayed contacts).
    pub warmth: Vec<f32>,
    /// Sum of `warmth` in each row.
    pub warmth_sum: Vec<f32>,
    /// What each actor is like, whomever it may meet; see `features::TRAIT_NAMES`.
    pub traits: Vec<[f32; TRAITS]>,
    /// 0 for actors never seen in a contact.
    pub seen: Vec<bool>,
}

struct Contact {
    other: u32,
    lasting: f32,
    recent: f32,
}

impl Snapshot {
    pub fn new(actors: usize, events: &[Event], timed: bool) -> Self {
        let ages = ages(events, timed);
        let mut snapshot = Self::ties(actors, events, &ages);
        snapshot.seen = (0..actors).map(|i| snapshot.starts[i + 1] > snapshot.starts[i]).collect();
        snapshot.traits = snapshot.measured_traits(actors, events, &ages);
        snapshot
    }

    fn ties(actors: usize, events: &[Event], ages: &[f32]) -> Self {
        let mut starts = vec![0_usize; actors + 1];
        for event in events {
            starts[event.source as usize + 1] += 1;
            starts[event.target as usize + 1] += 1;
        }
        for i in 0..actors {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut order = vec![0_u32; events.len() * 2];
        for (at, event) in events.iter().enumerate() {
            for end in [event.source, event.target] {
                order[next[end as usize]] = at as u32;
                next[end as usize] += 1;
            }
        }
        let mut snapshot = Self { starts: Vec::with_capacity(actors + 1), ..Self::default() };
        snapshot.starts.push(0);
        let mut row: Vec<Contact> = Vec::new();
        for actor in 0..actors {
            row.clear();
            for &at in &order[starts[actor]..starts[actor + 1]] {
                let event = events[at as usize];
                let other = if event.source as usize == actor { event.target } else { event.source };
                let age = ages[at as usize];
                row.push(Contact {
                    other,
                    lasting: event.weight * (-age / LASTING).exp2(),
                    recent: event.weight * (-age / RECENT).exp2(),
                });
            }
            row.sort_by_key(|contact| contact.other);
            snapshot.push_row(&row);
        }
        snapshot
    }

    /// Adds one actor's contacts, sorted by the other, as ties.
    fn push_row(&mut self, row: &[Contact]) {
        let mut warmth_sum = 0.0;
        for same in row.chunk_by(|a, b| a.other == b.other) {
            let lasting: f32 = same.iter().map(|contact| contact.lasting).sum();
            let recent: f32 = same.iter().map(|contact| contact.recent).sum();
            self.neighbors.push(same[0].other);
            self.lasting.push(lasting / (lasting + 1.0));
            self.recent.push(recent / (recent + 1.0));
            // never quite 0: an old tie still leads somewhere
            let warmth = (0.02 + lasting).ln_1p();
            self.warmth.push(warmth);
            warmth_sum += warmth;
        }
        self.warmth_sum.push(warmth_sum);
        self.starts.push(self.neighbors.len());
    }

    fn measured_traits(&self, actors: usize, events: &[Event], ages: &[f32]) -> Vec<[f32; TRAITS]> {
        let mut traits = vec![[0_f32; TRAITS]; actors];
        let oldest = ages.first().copied().unwrap_or(0.0);
        for row in &mut traits {
            (row[10], row[11]) = (oldest, 0.0);
        }
        let mut met = Vec::with_capacity(self.neighbors.len());
        met.resize(self.neighbors.len(), false);
        for (event, &age) in events.iter().zip(ages) {
            let (source, target) = (event.source as usize, event.target as usize);
            let (lasting, recent) = ((-age / LASTING).exp2(), (-age / RECENT).exp2());
            for end in [source, target] {
                traits[end][0] += event.weight * recent;
                traits[end][1] += event.weight * lasting;
                traits[end][10] = traits[end][10].min(age);
                traits[end][11] = traits[end][11].max(age);
            }
            traits[source][2] += event.weight * recent;
            traits[target][3] += event.weight * lasting;
            let (low, high) = (source.min(target), source.max(target));
            let row = self.starts[low]..self.starts[low + 1];
            if let Ok(at) = self.neighbors[row.clone()].binary_search(&(high as u32))
                && !met[row.start + at]
            {
                met[row.start + at] = true;
                let (brief, recent) = ((-age / NEW_BRIEF).exp2(), (-age / NEW_RECENT).exp2());
                let lasting = (-age / NEW_LASTING).exp2();
                for end in [source, target] {
                    traits[end][4] += brief;
                    traits[end][5] += recent;
                    traits[end][6] += lasting;
                }
                traits[source][7] += brief;
                traits[source][8] += recent;
            }
        }
        for (actor, row) in traits.iter_mut().enumerate() {
            for value in &mut row[..4] {
                *value = (*value * 10.0).ln_1p();
            }
            for value in &mut row[4..9] {
                *value = (*value * 5.0).ln_1p();
            }
            row[9] = (self.degree(actor as u32) as f32).ln_1p();
            row[10] = (row[10] + 1e-3).ln();
        }
        traits
    }

    pub fn actors(&self) -> usize {
        self.warmth_sum.len()
    }

    pub fn row(&self, actor: u32) -> std::ops::Range<usize> {
        self.starts[actor as usize]..self.starts[actor as usize + 1]
    }

    pub fn degree(&self, actor: u32) -> usize {
        self.starts[actor as usize + 1] - self.starts[actor as usize]
    }

    pub fn neighbors(&self, actor: u32) -> &[u32] {
        &self.neighbors[self.row(actor)]
    }

    pub fn tied(&self, a: u32, b: u32) -> bool {
        self.neighbors(a).binary_search(&b).is_ok()
    }
}
