//! What speaks for one actor meeting another, as numbers on a common scale.

#![expect(
    clippy::indexing_slicing,
    reason = "groups and actors are numbered from 0 and checked on the way in; hot path"
)]

use super::near::{Cell, Near};
use super::snapshot::{Snapshot, TRAITS};

/// What a term of a score is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The other is in touch with people, now or lately.
    Active,
    /// The other has been making new ties.
    Open,
    /// How many ties the other has.
    Connected,
    /// How long ago the other came.
    Newcomer,
    /// People both are tied to.
    CommonContacts,
    /// Many short ways lead from one to the other, though not all through common contacts.
    Near,
    /// Both belong to the same group, or their groups meet often.
    Group,
}

impl Cause {
    /// All causes.
    pub const ALL: [Self; 7] = [
        Self::Active,
        Self::Open,
        Self::Connected,
        Self::Newcomer,
        Self::CommonContacts,
        Self::Near,
        Self::Group,
    ];

    /// The name in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Open => "open_to_new_ties",
            Self::Connected => "connected",
            Self::Newcomer => "newcomer",
            Self::CommonContacts => "common_contacts",
            Self::Near => "near",
            Self::Group => "group",
        }
    }
}

/// Measures between two actors: common contacts and the like.
pub(super) const PAIRS: usize = 15;
pub(super) const FEATURES: usize = TRAITS + PAIRS;
/// The first of the two measures that need groups.
const GROUP: usize = FEATURES - 2;

/// The name and cause of each feature, in the order in which they stand in a row.
pub(super) const NAMES: [(&str, Cause); FEATURES] = [
    ("contacts, recent", Cause::Active),
    ("contacts, lasting", Cause::Active),
    ("contacts begun, recent", Cause::Active),
    ("contacts received, lasting", Cause::Active),
    ("new ties, just now", Cause::Open),
    ("new ties, recent", Cause::Open),
    ("new ties, lasting", Cause::Open),
    ("new ties begun, just now", Cause::Open),
    ("new ties begun, recent", Cause::Open),
    ("ties", Cause::Connected),
    ("time since last contact", Cause::Active),
    ("time since first contact", Cause::Newcomer),
    ("common contacts", Cause::CommonContacts),
    ("resource allocation", Cause::CommonContacts),
    ("resource allocation, lasting", Cause::CommonContacts),
    ("resource allocation, recent", Cause::CommonContacts),
    ("overlap of contacts", Cause::CommonContacts),
    ("paths of three ties", Cause::Near),
    ("walk", Cause::Near),
    ("walk back", Cause::Near),
    ("resource allocation, of the best", Cause::CommonContacts),
    ("walk, of the best", Cause::Near),
    ("paths of three ties, of the best", Cause::Near),
    ("two ties away", Cause::CommonContacts),
    ("three ties away", Cause::Near),
    ("same group", Cause::Group),
    ("groups that meet", Cause::Group),
];

/// Features whose high values speak against; alone, they are ranked the other way round.
pub(super) fn speaks_against(feature: usize) -> bool {
    matches!(feature, 10 | 11)
}

pub(super) type Row = [f32; FEATURES];

/// The groups of actors and how readily each two of them meet.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    /// The group of each actor; empty where there are none.
    pub of: Vec<u32>,
    pub count: usize,
    /// ln of ties between two groups over ties expected from the ties each has; only for few groups.
    affinity: Vec<f32>,
}

/// With more groups than this, only being of the same one counts.
const FEW_GROUPS: usize = 64;

impl Groups {
    pub fn new(of: &[u32], snapshot: &Snapshot) -> Self {
        let count = of.iter().max().map_or(0, |&most| most as usize + 1);
        let mut groups = Self { of: of.to_vec(), count, affinity: Vec::new() };
        if count == 0 || count > FEW_GROUPS {
            return groups;
        }
        let mut ties = vec![0_f32; count * count];
        let mut ends = vec![0_f32; count];
        for actor in 0..snapshot.actors() as u32 {
            let own = of[actor as usize] as usize;
            ends[own] += snapshot.degree(actor) as f32;
            for &other in snapshot.neighbors(actor) {
                ties[own * count + of[other as usize] as usize] += 1.0;
            }
        }
        let all: f32 = ends.iter().sum::<f32>().max(1.0);
        let affinity = |(pair, met): (usize, &f32)| {
            let expected = ends[pair / count] * ends[pair % count] / all;
            ((met + 1.0) / (expected + 1.0)).ln().clamp(-4.0, 4.0)
        };
        groups.affinity = ties.iter().enumerate().map(affinity).collect();
        groups
    }

    /// Whether groups are few enough to compare each with each.
    pub fn compared(&self) -> bool {
        !self.affinity.is_empty()
    }

    /// Same group, and how readily the two groups meet.
    pub fn between(&self, own: u32, other: u32) -> [f32; 2] {
        let same = f32::from(u8::from(own == other));
        let at = own as usize * self.count + other as usize;
        [same, self.affinity.get(at).copied().unwrap_or(0.0)]
    }
}

/// The average of each unbounded measure where it is above 0: what 1 means in this network.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scales {
    allocation: f32,
    lasting: f32,
    recent: f32,
    three_ties: f32,
    walk: f32,
    walk_back: f32,
}

impl Scales {
    /// From the surroundings of about a hundred actors, evenly spread.
    pub fn new(snapshot: &Snapshot, near: &mut Near) -> Self {
        let mut sums = [0_f64; 6];
        let mut counts = [0_f64; 6];
        let step = (snapshot.actors() / 100).max(1);
        for actor in (0..snapshot.actors() as u32).step_by(step) {
            near.look(snapshot, actor);
            for &other in near.touched() {
                if other == actor || snapshot.tied(actor, other) {
                    continue;
                }
                let cell = near.cell(other);
                let values = [
                    cell.allocation,
                    cell.allocation_lasting,
                    cell.allocation_recent,
                    cell.three_ties,
                    cell.walk,
                    walk_back(snapshot, actor, other, cell),
                ];
                for (at, &value) in values.iter().enumerate() {
                    if value > 0.0 {
                        sums[at] += f64::from(value);
                        counts[at] += 1.0;
                    }
                }
            }
        }
        let mean = |at: usize| if sums[at] > 0.0 { (sums[at] / counts[at]) as f32 } else { 1.0 };
        Self {
            allocation: mean(0),
            lasting: mean(1),
            recent: mean(2),
            three_ties: mean(3),
            walk: mean(4),
            walk_back: mean(5),
        }
    }
}

/// The walk from the other to the actor: on a network without direction the two differ by the weight of their ties.
fn walk_back(snapshot: &Snapshot, actor: u32, other: u32, cell: Cell) -> f32 {
    let (own, theirs) = (snapshot.warmth_sum[actor as usize], snapshot.warmth_sum[other as usize]);
    if theirs > 0.0 { cell.walk * own / theirs } else { 0.0 }
}

/// The best values around one actor.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Best {
    allocation: f32,
    walk: f32,
    three_ties: f32,
}

impl Best {
    pub fn new(snapshot: &Snapshot, near: &Near, actor: u32, candidates: &[u32]) -> Self {
        let mut best = Self::default();
        for &other in candidates {
            debug_assert!(other != actor && !snapshot.tied(actor, other));
            let cell = near.cell(other);
            best.allocation = best.allocation.max(cell.allocation);
            best.walk = best.walk.max(cell.walk);
            best.three_ties = best.three_ties.max(cell.three_ties);
        }
        best
    }
}

/// All that features are made of.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub snapshot: &'a Snapshot,
    pub groups: &'a Groups,
    pub scales: Scales,
}

impl Scene<'_> {
    /// The features of a pair.
    pub fn row(&self, near: &Near, best: Best, actor: u32, other: u32) -> Row {
        let mut row = [0_f32; FEATURES];
        row[..TRAITS].copy_from_slice(&self.snapshot.traits[other as usize]);
        self.pair(near.cell(other), best, actor, other, &mut row);
        self.group(actor, other, &mut row);
        row
    }

    fn pair(&self, cell: Cell, best: Best, actor: u32, other: u32, row: &mut Row) {
        if cell == Cell::default() {
            return;
        }
        let scaled = |value: f32, scale: f32| (3.0 * value / scale).ln_1p();
        let of_best = |value: f32, most: f32| if most > 0.0 { value / most } else { 0.0 };
        let degrees = (self.snapshot.degree(actor) + self.snapshot.degree(other)) as f32;
        let back = walk_back(self.snapshot, actor, other, cell);
        row[TRAITS..GROUP].copy_from_slice(&[
            cell.common.ln_1p(),
            scaled(cell.allocation, self.scales.allocation),
            scaled(cell.allocation_lasting, self.scales.lasting),
            scaled(cell.allocation_recent, self.scales.recent),
            cell.common / (degrees - cell.common).max(1.0),
            scaled(cell.three_ties, self.scales.three_ties),
            scaled(cell.walk, self.scales.walk),
            scaled(back, self.scales.walk_back),
            of_best(cell.allocation, best.allocation),
            of_best(cell.walk, best.walk),
            of_best(cell.three_ties, best.three_ties),
            f32::from(u8::from(cell.common > 0.0)),
            f32::from(u8::from(cell.common == 0.0 && cell.three_ties > 0.0)),
        ]);
    }

    fn group(&self, actor: u32, other: u32, row: &mut Row) {
        if self.groups.of.is_empty() {
            return;
        }
        let (own, theirs) = (self.groups.of[actor as usize], self.groups.of[other as usize]);
        row[GROUP..].copy_from_slice(&self.groups.between(own, theirs));
    }
}
