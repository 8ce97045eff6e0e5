//! Who is tied to whom, for introducers and distance.

use std::collections::HashMap;

use crate::intent::ActorKey;

/// Steps from one member's view are followed along at most this many ties, so that a hub costs no more.
const MOST: usize = 200_000;

/// Undirected ties with their strength.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    around: HashMap<ActorKey, Vec<(ActorKey, f64)>>,
    len: usize,
}

impl Ties {
    /// Ties of these pairs, strength 0 to 1 (others are brought inside); loops are dropped, of parallel ones the
    /// strongest counts.
    pub fn new(pairs: impl IntoIterator<Item = (ActorKey, ActorKey, f64)>) -> Self {
        let mut strongest: HashMap<(ActorKey, ActorKey), f64> = HashMap::new();
        for (a, b, strength) in pairs {
            if a == b {
                continue;
            }
            let strength = if strength.is_nan() { 0.0 } else { strength.clamp(0.0, 1.0) };
            let known = strongest.entry((a.min(b), a.max(b))).or_default();
            *known = known.max(strength);
        }
        let mut ties = Self { around: HashMap::new(), len: strongest.len() };
        for ((a, b), strength) in strongest {
            ties.around.entry(a).or_default().push((b, strength));
            ties.around.entry(b).or_default().push((a, strength));
        }
        for others in ties.around.values_mut() {
            others.sort_by_key(|other| other.0);
        }
        ties
    }

    /// How many pairs are tied.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nobody is tied.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn of(&self, actor: ActorKey) -> &[(ActorKey, f64)] {
        self.around.get(&actor).map_or(&[], Vec::as_slice)
    }

    /// The network as one member sees it.
    #[must_use]
    pub fn seen_by(&self, actor: ActorKey) -> View<'_> {
        let mut through: HashMap<ActorKey, (f64, ActorKey)> = HashMap::new();
        let mut followed = 0;
        for &(between, near) in self.of(actor) {
            for &(far, strength) in self.of(between) {
                followed += 1;
                let path = near * strength;
                let best = through.entry(far).or_insert((path, between));
                // the smaller key among equals, so that the answer does not hang on the order of ties
                if path > best.0 || (path >= best.0 && between < best.1) {
                    *best = (path, between);
                }
            }
            if followed > MOST {
                break;
            }
        }
        View { ties: self, actor, through }
    }
}

/// How two members stand to each other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Acquaintance {
    /// Tied already, or the same
    Tied,
    /// Someone is tied to both; the product of the two strengths
    Through(ActorKey, f64),
    /// Over two others
    TwoBetween,
    /// No such path
    Strangers,
}

/// The network around one member.
#[derive(Debug)]
pub struct View<'a> {
    ties: &'a Ties,
    actor: ActorKey,
    through: HashMap<ActorKey, (f64, ActorKey)>,
}

impl View<'_> {
    /// How that member stands to another.
    #[must_use]
    pub fn acquaintance(&self, other: ActorKey) -> Acquaintance {
        let tied = |a: ActorKey| self.ties.of(a).binary_search_by_key(&self.actor, |tie| tie.0).is_ok();
        if other == self.actor || tied(other) {
            return Acquaintance::Tied;
        }
        if let Some(&(strength, introducer)) = self.through.get(&other) {
            return Acquaintance::Through(introducer, strength);
        }
        if self.ties.of(other).iter().any(|(near, _)| self.through.contains_key(near)) {
            return Acquaintance::TwoBetween;
        }
        Acquaintance::Strangers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_strongest_introducer() {
        let key = ActorKey;
        let ties = Ties::new([
            (key(1), key(2), 0.9),
            (key(2), key(3), 0.9),
            (key(1), key(4), 0.5),
            (key(4), key(3), 1.0),
            (key(3), key(5), 1.0),
            (key(7), key(7), 1.0),
            (key(2), key(1), 0.1),
        ]);
        assert_eq!(ties.len(), 5);
        let view = ties.seen_by(key(1));
        assert_eq!(view.acquaintance(key(2)), Acquaintance::Tied);
        assert_eq!(view.acquaintance(key(3)), Acquaintance::Through(key(2), 0.9 * 0.9));
        assert_eq!(view.acquaintance(key(5)), Acquaintance::TwoBetween);
        assert_eq!(view.acquaintance(key(6)), Acquaintance::Strangers);
        assert_eq!(view.acquaintance(key(1)), Acquaintance::Tied);
    }
}
