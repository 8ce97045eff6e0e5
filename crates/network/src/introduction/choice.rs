//! Which of the scored pairs are proposed: how readily the two answer, how much they have on their hands, not the same
//! thing over and over, a tenth left alone so that it can be told what proposing does, and few without anybody in between.
//! *Next best introduction*, Score and Policy; the weights are starting values.

use super::{Limits, Load};

/// What an answer in time is worth before anybody was asked anything: two yes and two no.
const BEFORE: f64 = 4.0;
/// What was not agreed to in time. A no is an answer too, but it must look like silence, so that both count half.
const PASSED: f64 = 0.5;

/// How readily somebody answers, 0 to 1: the share of what they were asked that they agreed to in time, drawn toward 0.5
/// while little was asked: (agreed + 2) / (agreed + ½·passed + 4), the mean of a Beta(2, 2) after these observations.
///
/// Only what the other side saw as well may be counted: `agreed` in time, and `passed` without agreement. A refusal and
/// silence are the same here, so that no order of proposals can tell one from the other.
#[must_use]
pub fn readiness(agreed: u32, passed: u32) -> f64 {
    let agreed = f64::from(agreed);
    (agreed + BEFORE / 2.0) / (agreed + PASSED * f64::from(passed) + BEFORE)
}

/// How readily two answer: both must, so that it is the geometric mean (Palomares et al. 2020, arXiv 2007.16120).
#[must_use]
pub fn both_ready(one: f64, other: f64) -> f64 {
    (one.clamp(0.0, 1.0) * other.clamp(0.0, 1.0)).sqrt()
}

impl Limits {
    /// How much of the room for introductions of their own is taken, 0 to 1.
    #[must_use]
    pub fn taken(&self, load: Load) -> f64 {
        share(load.open, self.at_once).max(share(load.week, self.a_week))
    }

    /// How much of what they make for others is taken, 0 to 1.
    #[must_use]
    pub fn taken_to_make(&self, load: Load) -> f64 {
        share(load.made, self.to_make)
    }
}

#[expect(clippy::cast_precision_loss, reason = "limits are at most twenty")]
fn share(taken: i64, room: i64) -> f64 {
    if room <= 0 { 1.0 } else { (taken.max(0) as f64 / room as f64).min(1.0) }
}

/// Load: the mean of what is taken of the room of both and of who would introduce them. Where nobody stands in between it
/// is the coordinators' work, and no favor asked of anybody.
#[must_use]
pub fn burden(one: f64, other: f64, between: Option<f64>) -> f64 {
    (one + other + between.unwrap_or(0.0)) / 3.0
}

/// One pair of so many is held out.
const HELD_OUT_OF: u64 = 10;
/// Days for which the same pairs are held out: as long as a pair rests, and as long as a tie must live to count.
pub const DAYS_HELD_OUT: i64 = 180;
/// Below so many members nobody is held out: nothing could be told from so few pairs, and each is wanted.
pub const HOLDS_OUT_FROM: usize = 100;

/// Whether a pair is left out of what is proposed for this half-year, one in ten, drawn from the network, the two and the
/// half-year alone (splitmix64; Steele, Lea & Flood 2014). Who asks to be introduced, or introduces two they know, is not
/// touched by it.
///
/// Nothing is stored for it: of any two it can be said later whether they were held out on a day. Since the draw knows
/// nothing of them, one in ten of all eligible pairs stands on this side, so that what became of pairs (both agreed, met
/// within 30 days, an exchange within 90, a tie alive after 180, worth it) can be counted on both sides and compared:
/// nine times the count of the held out is what would have come by itself.
#[must_use]
pub fn held_out(network: i64, pair: (i64, i64), day: i64) -> bool {
    let period = day.div_euclid(DAYS_HELD_OUT);
    let parts = [network, pair.0.min(pair.1), pair.0.max(pair.1), period];
    let drawn = parts.into_iter().fold(0, |seed, part| mixed(seed ^ part.cast_unsigned()));
    drawn.is_multiple_of(HELD_OUT_OF)
}

/// One step of splitmix64.
const fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Up to so many proposals stand in all, even where nobody stands between any two: a network without ties has to begin.
/// Of five, one is a fifth.
const FEWEST: usize = 5;

/// How many pairs without anybody in between may stand beside `warm` others: one in five of all, or what is missing to
/// five in all.
#[must_use]
pub const fn cold_beside(warm: usize) -> usize {
    let missing = FEWEST.saturating_sub(warm);
    let fifth = warm / 4;
    if fifth > missing { fifth } else { missing }
}

/// What of a pair may be the same as of another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traits {
    /// The two, without who looks at them.
    pub members: Vec<i64>,
    /// The categories it is about.
    pub topics: Vec<u16>,
    /// The circles the two move in.
    pub circles: Vec<u32>,
}

impl Traits {
    /// How alike two pairs are, 0 to 1: half of it a member in both, three tenths the share of categories in common, two
    /// tenths the share of circles in common.
    #[must_use]
    pub fn alike(&self, other: &Self) -> f64 {
        let member = f64::from(u8::from(self.members.iter().any(|one| other.members.contains(one))));
        0.5 * member
            + 0.3 * jaccard(&self.topics, &other.topics)
            + 0.2 * jaccard(&self.circles, &other.circles)
    }
}

/// What two hold in common of what either holds; 0 where neither holds anything.
#[expect(clippy::cast_precision_loss, reason = "few of them")]
fn jaccard<T: PartialEq>(one: &[T], other: &[T]) -> f64 {
    let distinct = |of: &[T]| {
        (0..of.len()).filter(|&at| of.get(at).is_some_and(|x| !of.iter().take(at).any(|y| y == x))).count()
    };
    let common = one
        .iter()
        .enumerate()
        .filter(|(at, x)| other.contains(x) && !one.iter().take(*at).any(|y| y == *x))
        .count();
    let either = distinct(one) + distinct(other) - common;
    if either == 0 { 0.0 } else { common as f64 / either as f64 }
}

/// λ of maximal marginal relevance (Carbonell & Goldstein 1998): so much the score counts, the rest that it is not like
/// what stands there already.
const RELEVANCE: f64 = 0.7;

/// Hands out pairs one by one, each time the one with the largest λ·S/S₁ − (1−λ)·(likeness to the chosen ones), where S₁
/// is the best score. Pairs of the same value come in the order in which they were given.
#[derive(Debug, Clone)]
pub struct Mix {
    best: f64,
    open: Vec<Option<f64>>,
    traits: Vec<Traits>,
    nearest: Vec<f64>,
}

impl Mix {
    /// Of pairs with their scores.
    #[must_use]
    pub fn of(pairs: Vec<(f64, Traits)>) -> Self {
        let best = pairs.iter().map(|(score, _)| *score).fold(0.0, f64::max);
        let nearest = vec![0.0; pairs.len()];
        let (open, traits) = pairs.into_iter().map(|(score, traits)| (Some(score), traits)).unzip();
        Self { best, open, traits, nearest }
    }

    /// Takes out the next one: its place among those given.
    pub fn draw(&mut self) -> Option<usize> {
        let mut next: Option<(f64, usize)> = None;
        for (at, (score, nearest)) in self.open.iter().zip(&self.nearest).enumerate() {
            let Some(score) = score else { continue };
            let share = if self.best > 0.0 { (score / self.best).max(0.0) } else { 0.0 };
            let value = RELEVANCE * share - (1.0 - RELEVANCE) * nearest;
            if next.is_none_or(|(most, _)| value > most) {
                next = Some((value, at));
            }
        }
        let (_, at) = next?;
        if let Some(open) = self.open.get_mut(at) {
            *open = None;
        }
        Some(at)
    }

    /// Puts one back with a lower score.
    pub fn put_back(&mut self, at: usize, score: f64) {
        if let Some(open) = self.open.get_mut(at) {
            *open = Some(score);
        }
    }

    /// This one is shown: what is like it comes later.
    pub fn chose(&mut self, at: usize) {
        let Some(chosen) = self.traits.get(at).cloned() else { return };
        for (traits, nearest) in self.traits.iter().zip(&mut self.nearest) {
            *nearest = nearest.max(traits.alike(&chosen));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: f64, wanted: f64) {
        assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
    }

    #[test]
    fn who_was_asked_little_is_thought_neither_ready_nor_not() {
        close(readiness(0, 0), 0.5);
        // 3 of 3: 5/7; never: 2/(4 + 1.5)
        close(readiness(3, 0), 5.0 / 7.0);
        close(readiness(0, 3), 4.0 / 11.0);
        // 8 agreed, 4 passed: 10/(8 + 2 + 4)
        close(readiness(8, 4), 10.0 / 14.0);
        close(both_ready(0.5, 0.5), 0.5);
        close(both_ready(0.81, 0.49), 0.63);
        close(both_ready(0.0, 1.0), 0.0);
    }

    #[test]
    fn what_is_taken_of_everybodys_room_is_the_load() {
        let limits = Limits { at_once: 2, a_week: 3, to_make: 4 };
        close(limits.taken(Load { open: 1, week: 1, made: 9 }), 0.5);
        close(limits.taken(Load { open: 0, week: 2, made: 0 }), 2.0 / 3.0);
        close(limits.taken(Load { open: 7, week: 0, made: 0 }), 1.0);
        close(limits.taken_to_make(Load { open: 9, week: 9, made: 1 }), 0.25);
        close(Limits { at_once: 0, ..limits }.taken(Load::default()), 1.0);
        close(burden(0.5, 0.25, Some(0.75)), 0.5);
        close(burden(0.5, 0.25, None), 0.25);
    }

    #[test]
    fn one_in_ten_is_held_out_and_others_in_the_next_half_year() {
        let out = |day: i64| -> Vec<i64> {
            (1..=10_000).filter(|pair| held_out(7, (1_000_000, *pair), day)).collect()
        };
        let (first, again, next) = (out(0), out(179), out(180));
        // binomial: 1,000 ± 4·30
        assert!((880..=1_120).contains(&first.len()), "{}", first.len());
        assert_eq!(first, again, "the same through the half-year");
        let both = next.iter().filter(|pair| first.contains(pair)).count();
        // of a tenth again a tenth: 100 ± 4·9.5
        assert!((62..=138).contains(&both), "{both}");
        for pair in 1..200 {
            assert_eq!(held_out(7, (3, pair), 5), held_out(7, (pair, 3), 5), "whichever is named first");
        }
        assert!(
            (1..200).any(|pair| held_out(7, (3, pair), 5) != held_out(8, (3, pair), 5)),
            "each network its own"
        );
    }

    #[test]
    fn at_most_one_in_five_has_nobody_in_between() {
        let beside: Vec<usize> = (0..=12).map(cold_beside).collect();
        assert_eq!(beside, [5, 4, 3, 2, 1, 1, 1, 1, 2, 2, 2, 2, 3]);
        for warm in 4..100 {
            assert!(cold_beside(warm) * 5 <= warm + cold_beside(warm), "{warm}");
        }
    }

    fn traits(members: &[i64], topics: &[u16], circles: &[u32]) -> Traits {
        Traits { members: members.to_vec(), topics: topics.to_vec(), circles: circles.to_vec() }
    }

    #[test]
    fn pairs_are_alike_by_members_matter_and_circle() {
        let one = traits(&[1, 2], &[5, 6], &[0, 1]);
        close(one.alike(&one), 1.0);
        close(one.alike(&traits(&[2, 3], &[9], &[4])), 0.5);
        // a third of the categories, half of the circles
        close(one.alike(&traits(&[3, 4], &[6, 7], &[1])), 0.3 / 3.0 + 0.2 / 2.0);
        close(one.alike(&Traits::default()), 0.0);
        close(jaccard(&[3, 3], &[3]), 1.0);
    }

    #[test]
    fn what_is_like_what_stands_there_comes_later() {
        let pairs = vec![
            (0.50, traits(&[1, 2], &[5], &[0])),
            (0.48, traits(&[1, 3], &[5], &[0])),
            (0.30, traits(&[4, 5], &[9], &[1])),
        ];
        let mut mix = Mix::of(pairs);
        assert_eq!(mix.draw(), Some(0));
        mix.chose(0);
        // .7·.48/.5 − .3·1 = .372 against .7·.3/.5 − 0 = .42
        assert_eq!(mix.draw(), Some(2));
        mix.chose(2);
        assert_eq!((mix.draw(), mix.draw()), (Some(1), None));
    }

    #[test]
    fn what_was_taken_out_and_not_chosen_pushes_nothing_away() {
        let alike = traits(&[1, 2], &[5], &[0]);
        let mut mix = Mix::of(vec![(0.4, alike.clone()), (0.6, alike.clone()), (0.5, alike)]);
        assert_eq!(mix.draw(), Some(1));
        mix.put_back(1, 0.1);
        assert_eq!((mix.draw(), mix.draw(), mix.draw()), (Some(2), Some(0), Some(1)));
    }

    proptest! {
        #[test]
        fn without_likeness_the_order_is_that_of_the_scores(scores in prop::collection::vec(0.001..1.0_f64, 1..30)) {
            let apart = |at: usize| traits(&[i64::try_from(at).unwrap()], &[], &[]);
            let mut mix = Mix::of(scores.iter().enumerate().map(|(at, score)| (*score, apart(at))).collect());
            let mut before = f64::INFINITY;
            for _ in 0..scores.len() {
                let at = mix.draw().unwrap();
                mix.chose(at);
                prop_assert!(scores[at] <= before);
                before = scores[at];
            }
            prop_assert_eq!(mix.draw(), None);
        }

        #[test]
        fn readiness_is_a_share_and_grows_with_what_was_agreed_to(agreed in 0..10_000_u32, passed in 0..10_000_u32) {
            let ready = readiness(agreed, passed);
            prop_assert!(ready > 0.0 && ready < 1.0);
            prop_assert!(readiness(agreed + 1, passed) > ready);
            prop_assert!(readiness(agreed, passed + 1) < ready);
        }
    }
}
