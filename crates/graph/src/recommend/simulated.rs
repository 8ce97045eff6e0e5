//! Made-up histories of several kinds of networks, to check that foresight holds on each and not on one data set.
//!
//! They differ in what makes a tie: closing triangles in a tight office, who is active in an open forum, being in the
//! same class in a school, writing together again in a field of authors, living near by in villages. All numbers are
//! our own choice.

#![expect(
    clippy::indexing_slicing,
    reason = "actors are numbered from 0 and every list is as long as they are many"
)]

use super::history::{Columns, History, HistoryError, spread};

/// A kind of network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 160 people who nearly always meet through people they know.
    Office,
    /// 1,500 people who join over time and write to whoever is active.
    Forum,
    /// 240 pupils in nine classes, each pair in contact many times.
    School,
    /// About 3,000 authors of papers with two to five authors, dated by the month.
    Authors,
    /// 1,200 people in forty villages of eight sub-districts, which are their groups.
    Villages,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Office, Self::Forum, Self::School, Self::Authors, Self::Villages];

    /// The kind's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Forum => "forum",
            Self::School => "school",
            Self::Authors => "authors",
            Self::Villages => "villages",
        }
    }

    /// A history of this kind; the same seed gives the same one.
    #[must_use]
    pub fn grow(self, seed: u64) -> Grown {
        let mut network = match self {
            Self::Office => Growing::new(seed, 160, 8),
            Self::Forum => Growing::new(seed, 1_500, 1),
            Self::School => Growing::new(seed, 240, 9),
            Self::Authors => Growing::new(seed, 4_000, 12),
            Self::Villages => Growing::new(seed, 1_200, 40),
        };
        match self {
            Self::Office => network.office(9_000),
            Self::Forum => network.forum(20_000),
            Self::School => network.school(30_000),
            Self::Authors => network.authors(2_400),
            Self::Villages => network.villages(14_000),
        }
        network.grown
    }
}

/// A history like [`Kind::Villages`] of any size, about thirty actors a village: for measuring speed.
#[must_use]
pub fn villages(actors: usize, contacts: usize, seed: u64) -> Grown {
    let mut network = Growing::new(seed, actors, (actors / 30).max(1));
    network.villages(contacts);
    network.grown
}

/// About 1,600 authors of few papers each, most of whom write with newcomers: one component of a quarter to a half of
/// them with long ways, and hundreds of small ones.
#[must_use]
pub fn sparse_authors(seed: u64) -> Grown {
    let mut network = Growing::new(seed, 1_600, 12);
    network.sparse_authors();
    network.grown
}

/// A made-up history as columns.
#[derive(Debug, Clone, Default)]
pub struct Grown {
    pub sources: Vec<u32>,
    pub targets: Vec<u32>,
    pub times: Vec<f64>,
    /// The group of each actor.
    pub groups: Vec<u32>,
}

impl Grown {
    /// The history of these contacts.
    ///
    /// # Errors
    /// None for what [`Kind::grow`] made.
    pub fn history(&self) -> Result<History, HistoryError> {
        let weights = vec![1.0; self.sources.len()];
        let columns =
            Columns { sources: &self.sources, targets: &self.targets, weights: &weights, times: &self.times };
        History::new(self.groups.len(), columns)
    }
}

struct Growing {
    seed: u64,
    draws: u64,
    grown: Grown,
    /// Contacts of each actor, again for each contact: drawing one draws by frequency.
    contacts: Vec<Vec<u32>>,
    /// How readily each actor begins a contact.
    zeal: Vec<f64>,
}

impl Growing {
    fn new(seed: u64, actors: usize, groups: usize) -> Self {
        let mut growing = Self {
            seed: spread(seed),
            draws: 0,
            grown: Grown::default(),
            contacts: vec![Vec::new(); actors],
            zeal: Vec::new(),
        };
        growing.grown.groups = (0..actors).map(|actor| (actor * groups / actors) as u32).collect();
        growing.zeal = (0..actors).map(|_| growing_zeal(&mut growing)).collect();
        growing
    }

    fn unit(&mut self) -> f64 {
        self.draws += 1;
        (spread(self.seed ^ self.draws) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, many: usize) -> usize {
        ((self.unit() * many as f64) as usize).min(many.saturating_sub(1))
    }

    fn actors(&self) -> usize {
        self.contacts.len()
    }

    /// An actor below `many`, the zealous more often.
    fn zealous(&mut self, many: usize) -> u32 {
        loop {
            let actor = self.below(many);
            if self.unit() * 8.0 < self.zeal[actor] {
                return actor as u32;
            }
        }
    }

    fn contact_of(&mut self, actor: u32) -> Option<u32> {
        let many = self.contacts[actor as usize].len();
        if many == 0 {
            return None;
        }
        // lately met people come up more
        let from = if self.unit() < 0.5 { many.saturating_sub(12) } else { 0 };
        let at = from + self.below(many - from);
        Some(self.contacts[actor as usize][at])
    }

    fn contact_of_contact(&mut self, actor: u32) -> Option<u32> {
        let between = self.contact_of(actor)?;
        self.contact_of(between)
    }

    fn in_group(&mut self, group: u32) -> u32 {
        let (actors, groups) = (self.actors(), self.last_group() as usize + 1);
        let (start, end) =
            ((group as usize * actors).div_ceil(groups), ((group as usize + 1) * actors).div_ceil(groups));
        (start + self.below(end - start)) as u32
    }

    fn last_group(&self) -> u32 {
        self.grown.groups.last().copied().unwrap_or(0)
    }

    fn meet(&mut self, source: u32, target: u32, time: f64) {
        if source == target {
            return;
        }
        self.grown.sources.push(source);
        self.grown.targets.push(target);
        self.grown.times.push(time);
        self.contacts[source as usize].push(target);
        self.contacts[target as usize].push(source);
    }

    fn office(&mut self, contacts: usize) {
        for step in 0..contacts {
            let actor = self.zealous(self.actors());
            let chance = self.unit();
            let own = self.grown.groups[actor as usize];
            let other = if chance < 0.88 {
                self.contact_of(actor)
            } else if chance < 0.985 {
                self.contact_of_contact(actor)
            } else {
                None
            };
            let other = other.unwrap_or_else(|| {
                if self.unit() < 0.8 { self.in_group(own) } else { self.below(self.actors()) as u32 }
            });
            self.meet(actor, other, step as f64);
        }
    }

    fn forum(&mut self, contacts: usize) {
        for step in 0..contacts {
            let joined = 20 + self.actors() * step / contacts;
            // half of all contacts come from those who joined of late
            let lately = self.unit() < 0.4;
            let mut actor = self.zealous(joined.min(self.actors()));
            if lately {
                actor = (joined.saturating_sub(1 + self.below(150))).min(self.actors() - 1) as u32;
            }
            let chance = self.unit();
            let known = if chance < 0.65 {
                self.contact_of(actor)
            } else if chance < 0.82 {
                self.contact_of_contact(actor)
            } else {
                None
            };
            let other = known.unwrap_or_else(|| self.seen_lately(300));
            self.meet(actor, other, step as f64);
        }
    }

    /// Someone in one of the last contacts.
    fn seen_lately(&mut self, window: usize) -> u32 {
        let many = self.grown.sources.len();
        if many == 0 {
            return 0;
        }
        let back = 1 + self.below(window.min(many));
        let at = many - back;
        if self.unit() < 0.5 { self.grown.sources[at] } else { self.grown.targets[at] }
    }

    fn school(&mut self, contacts: usize) {
        for step in 0..contacts {
            // twenty rows of the same moment, as where sensors are read out
            let time = (step / 20) as f64;
            let actor = self.zealous(self.actors());
            let own = self.grown.groups[actor as usize];
            let chance = self.unit();
            let other = if chance < 0.8 {
                self.contact_of(actor).unwrap_or_else(|| self.in_group(own))
            } else if chance < 0.93 {
                self.in_group(own)
            } else if chance < 0.98 {
                self.in_group((own + 1) % 9)
            } else {
                self.below(self.actors()) as u32
            };
            self.meet(actor, other, time);
        }
    }

    fn authors(&mut self, papers: usize) {
        let mut known = 30;
        for paper in 0..papers {
            let size = 2 + self.below(2) + self.below(3) / 2;
            let lead = if self.unit() < 0.25 { self.newcomer(&mut known) } else { self.zealous(known) };
            let mut team = vec![lead];
            while team.len() < size {
                let asks = team[self.below(team.len())];
                let chance = self.unit();
                let joins = if chance < 0.4 {
                    self.newcomer(&mut known)
                } else if chance < 0.8 {
                    self.contact_of(asks).unwrap_or(asks)
                } else if chance < 0.93 {
                    self.contact_of_contact(asks).unwrap_or(asks)
                } else {
                    self.zealous(known)
                };
                if team.contains(&joins) && self.unit() < 0.8 {
                    continue;
                }
                team.push(joins);
            }
            for (place, &a) in team.iter().enumerate() {
                for &b in &team[..place] {
                    self.meet(b, a, (paper / 40) as f64);
                }
            }
        }
    }

    fn sparse_authors(&mut self) {
        let (mut known, mut paper) = (1, 0);
        while known < self.actors() {
            paper += 1;
            let size = 1 + self.below(4) + self.below(3) / 2;
            let lead = if self.unit() < 0.35 { self.newcomer(&mut known) } else { self.below(known) as u32 };
            let mut team = vec![lead];
            while team.len() < size {
                let chance = self.unit();
                let joins = if chance < 0.68 {
                    self.newcomer(&mut known)
                } else if chance < 0.9 {
                    self.contact_of(lead).unwrap_or(lead)
                } else if chance < 0.96 {
                    self.contact_of_contact(lead).unwrap_or(lead)
                } else {
                    self.zealous(known)
                };
                if team.contains(&joins) && self.unit() < 0.8 {
                    continue;
                }
                team.push(joins);
            }
            for (place, &a) in team.iter().enumerate() {
                for &b in &team[..place] {
                    self.meet(b, a, f64::from(paper));
                }
            }
        }
    }

    fn newcomer(&mut self, known: &mut usize) -> u32 {
        *known = (*known + 1).min(self.actors());
        // the newest numbers come last: newcomers are told by them
        (*known - 1) as u32
    }

    fn villages(&mut self, contacts: usize) {
        for step in 0..contacts {
            let actor = self.zealous(self.actors());
            let own = self.grown.groups[actor as usize];
            let chance = self.unit();
            let other = if chance < 0.6 {
                self.contact_of(actor)
            } else if chance < 0.7 {
                self.contact_of_contact(actor)
            } else {
                None
            };
            let other = other.unwrap_or_else(|| {
                let near = self.unit();
                if near < 0.6 {
                    self.in_group(own)
                } else if near < 0.9 {
                    let neighbor = (own / 5 * 5 + self.below(5) as u32).min(self.last_group());
                    self.in_group(neighbor)
                } else {
                    self.zealous(self.actors())
                }
            });
            self.meet(actor, other, step as f64);
        }
    }
}

/// Few do much: between 0.2 and 8, most below 1.
fn growing_zeal(growing: &mut Growing) -> f64 {
    let draw = growing.unit();
    (0.2 / (1.0 - draw * 0.98).powf(0.95)).min(8.0)
}
