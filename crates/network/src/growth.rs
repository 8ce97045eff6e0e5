//! Who brought whom, and whether the network grows by that (D6, T3): the generations of its members and its
//! reproduction number, new active members per active member per generation.
//!
//! The number is that of a cohort (Wallinga and Teunis 2004, American Journal of Epidemiology 160: a case reproduction
//! number, here with links that are known and not guessed). Everybody is watched equally long: of the members who came
//! [`WATCHED_DAYS`] ago or earlier and became active, those whom each brought within [`GENERATION_DAYS`] and who became
//! active, too, are counted, and R is their mean.
//!
//! Few bring many and many bring nobody (Lloyd-Smith and others 2005, Nature 438), so the count spreads wider than a
//! Poisson count. The interval is Byar's approximation to the exact one of a Poisson count (Breslow and Day 1987,
//! Statistical Methods in Cancer Research II, page 69) after both count and cohort were divided by the dispersion
//! φ = s²/x̄ where that is above one (McCullagh and Nelder 1989, section 6.2.3).

use std::collections::HashMap;

use crate::share::FEWEST;

/// Within so many days of coming somebody is active who ever becomes so, for this count.
pub const ACTIVE_DAYS: i64 = 90;
/// A generation: so many days a member has to bring others.
pub const GENERATION_DAYS: i64 = 180;
/// Who came later cannot be counted yet: the last they may bring would still have time to become active.
pub const WATCHED_DAYS: i64 = GENERATION_DAYS + ACTIVE_DAYS;

/// A member as this count sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    pub id: i64,
    /// Who brought them.
    pub by: Option<i64>,
    /// The day they came, counted from any one day.
    pub on: i64,
    /// Whether they did something of their own within [`ACTIVE_DAYS`] of coming.
    pub active: bool,
}

/// New active members per active member per generation, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reproduction {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    /// How many active members were watched.
    pub members: usize,
    /// How many active members they brought.
    pub brought: usize,
}

/// What the interval says of growth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// The whole interval is above one: each generation is larger than the one before.
    Grows,
    /// The whole interval is below one: without other ways in, fewer come each time.
    Shrinks,
    /// It may be either.
    Open,
}

impl Reproduction {
    #[must_use]
    pub fn growth(&self) -> Growth {
        if self.low > 1.0 {
            Growth::Grows
        } else if self.high < 1.0 {
            Growth::Shrinks
        } else {
            Growth::Open
        }
    }
}

/// The reproduction number on a day; none where fewer than five active members were watched long enough.
#[must_use]
pub fn reproduction(members: &[Member], today: i64) -> Option<Reproduction> {
    let mut brought: HashMap<i64, u32> = members
        .iter()
        .filter(|member| member.active && member.on + WATCHED_DAYS <= today)
        .map(|member| (member.id, 0))
        .collect();
    if brought.len() < FEWEST {
        return None;
    }
    let came: HashMap<i64, i64> = members.iter().map(|member| (member.id, member.on)).collect();
    for member in members.iter().filter(|member| member.active) {
        let Some(by) = member.by.filter(|by| *by != member.id) else { continue };
        let Some(since) = came.get(&by) else { continue };
        // who came before the one who brought them was there already
        if (0..=GENERATION_DAYS).contains(&(member.on - since))
            && let Some(count) = brought.get_mut(&by)
        {
            *count += 1;
        }
    }
    Some(mean(brought.into_values()))
}

/// 97.5 % of the normal distribution lies below this.
const Z: f64 = 1.959_963_984_540_054;

fn mean(counts: impl Iterator<Item = u32>) -> Reproduction {
    let (mut members, mut brought, mut squares) = (0_u32, 0_u32, 0.0);
    for count in counts {
        members += 1;
        brought += count;
        squares += f64::from(count) * f64::from(count);
    }
    let (n, sum) = (f64::from(members), f64::from(brought));
    let value = sum / n;
    let variance = (squares - sum * value) / (n - 1.0).max(1.0);
    let dispersion = if sum > 0.0 { (variance / value).max(1.0) } else { 1.0 };
    let (low, high) = byar(sum / dispersion);
    Reproduction {
        value,
        low: low * dispersion / n,
        high: high * dispersion / n,
        members: members as usize,
        brought: brought as usize,
    }
}

/// The 95 % interval of a Poisson count.
fn byar(count: f64) -> (f64, f64) {
    let low = if count > 0.0 {
        let root = 1.0 - 1.0 / (9.0 * count) - Z / (3.0 * count.sqrt());
        count * root.max(0.0).powi(3)
    } else {
        0.0
    };
    let above = count + 1.0;
    let root = 1.0 - 1.0 / (9.0 * above) + Z / (3.0 * above.sqrt());
    (low, above * root.powi(3))
}

/// Members by how many steps of bringing they are from somebody whom nobody brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation {
    pub members: usize,
    pub active: usize,
}

/// The generations, the first being those whom nobody of the network brought. Two who name each other are of the first.
#[must_use]
pub fn generations(members: &[Member]) -> Vec<Generation> {
    let by: HashMap<i64, Option<i64>> = members.iter().map(|member| (member.id, member.by)).collect();
    let mut known: HashMap<i64, usize> = HashMap::new();
    let mut generations: Vec<Generation> = Vec::new();
    for member in members {
        let depth = depth(member.id, &by, &mut known);
        while generations.len() <= depth {
            generations.push(Generation { members: 0, active: 0 });
        }
        if let Some(generation) = generations.get_mut(depth) {
            generation.members += 1;
            generation.active += usize::from(member.active);
        }
    }
    generations
}

/// How far somebody is from whom nobody brought; what was found on the way is kept.
fn depth(id: i64, by: &HashMap<i64, Option<i64>>, known: &mut HashMap<i64, usize>) -> usize {
    let mut way = Vec::new();
    let mut at = id;
    let start = loop {
        if let Some(depth) = known.get(&at) {
            break *depth + 1;
        }
        if way.contains(&at) {
            // a circle begins wherever it is entered
            break 0;
        }
        way.push(at);
        match by.get(&at).copied().flatten().filter(|next| *next != at && by.contains_key(next)) {
            Some(next) => at = next,
            None => break 0,
        }
    };
    for (steps, one) in way.iter().rev().enumerate() {
        known.insert(*one, start + steps);
    }
    known.get(&id).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TODAY: i64 = 1000;

    fn member(id: i64, by: Option<i64>, on: i64) -> Member {
        Member { id, by, on, active: true }
    }

    /// Ten founders a year ago: one brought four, two brought one each, the others nobody.
    fn ten() -> Vec<Member> {
        let mut members: Vec<Member> = (0..10).map(|id| member(id, None, TODAY - 365)).collect();
        let came = [(10, 0), (11, 0), (12, 0), (13, 0), (14, 1), (15, 2)];
        members.extend(came.map(|(id, by)| member(id, Some(by), TODAY - 200)));
        members
    }

    #[test]
    fn the_worked_example() {
        // x = 4, 1, 1 and seven times 0: mean .6, s² = (18 − 10 × .36) / 9 = 1.6, φ = 2.6667, 6 / φ = 2.25; Byar's
        // interval of 2.25 is 2.25 × .51507³ = .30745 to 3.25 × 1.32821³ = 7.6152, times φ / 10
        let found = reproduction(&ten(), TODAY).unwrap();
        assert_eq!((found.members, found.brought), (10, 6));
        assert!((found.value - 0.6).abs() < 1e-12, "{found:?}");
        assert!((found.low - 0.0820).abs() < 5e-4 && (found.high - 2.0307).abs() < 5e-4, "{found:?}");
        assert_eq!(found.growth(), Growth::Open);
    }

    #[test]
    fn byars_interval_is_close_to_the_exact_one() {
        // the exact interval of a Poisson count (Garwood 1936, Biometrika 28, table 1)
        for (count, low, high) in [
            (0.0, 0.0, 3.69),
            (1.0, 0.0253, 5.57),
            (5.0, 1.62, 11.67),
            (10.0, 4.80, 18.39),
            (50.0, 37.11, 65.92),
        ] {
            let (l, h) = byar(count);
            assert!((l - low).abs() < 0.03 && (h - high).abs() < 0.03, "{count}: {l} {h}");
        }
    }

    #[test]
    fn who_came_lately_is_not_held_against_the_network() {
        let mut members = ten();
        let before = reproduction(&members, TODAY).unwrap();
        members.extend((20..60).map(|id| member(id, None, TODAY - WATCHED_DAYS + 1)));
        assert_eq!(reproduction(&members, TODAY), Some(before), "they had no time to bring anybody");
        assert_ne!(reproduction(&members, TODAY + 1), Some(before));
    }

    #[test]
    fn who_never_became_active_counts_on_neither_side() {
        let mut members = ten();
        let before = reproduction(&members, TODAY).unwrap();
        members.push(Member { active: false, ..member(20, Some(3), TODAY - 300) });
        members.push(Member { active: false, ..member(21, None, TODAY - 365) });
        assert_eq!(reproduction(&members, TODAY), Some(before));
        // late ones are of another generation's time, and nobody brings who came before them
        members.push(member(22, Some(4), TODAY - 365 + GENERATION_DAYS + 1));
        members.push(member(23, Some(10), TODAY - 900));
        let after = reproduction(&members, TODAY).unwrap();
        assert_eq!(after.brought, before.brought);
    }

    #[test]
    fn few_members_are_no_figure() {
        assert_eq!(reproduction(&ten()[..4], TODAY), None);
        let none = reproduction(&ten()[..10], TODAY).unwrap();
        assert_eq!((none.value, none.low), (0.0, 0.0));
        assert_eq!(none.growth(), Growth::Shrinks, "0 to .37");
    }

    #[test]
    fn generations_count_the_steps_from_those_nobody_brought() {
        let members = [
            member(1, None, 0),
            member(2, Some(1), 1),
            member(3, Some(2), 2),
            member(4, Some(99), 3),
            member(5, Some(1), 4),
        ];
        let counted: Vec<usize> = generations(&members).iter().map(|one| one.members).collect();
        assert_eq!(counted, [2, 2, 1], "who was brought by somebody unknown is of the first");
    }

    fn any_members() -> impl Strategy<Value = Vec<Member>> {
        proptest::collection::vec((proptest::option::of(0_i64..40), 0_i64..1000, any::<bool>()), 0..40)
            .prop_map(|rows| {
                let rows = rows.into_iter().enumerate();
                rows.map(|(id, (by, on, active))| Member { id: i64::try_from(id).unwrap(), by, on, active })
                    .collect()
            })
    }

    proptest! {
        #[test]
        fn the_number_lies_in_its_interval_and_order_does_not_matter(members in any_members(), turn in 0_usize..40) {
            let found = reproduction(&members, TODAY);
            let mut turned = members.clone();
            turned.rotate_left(turn.min(members.len()));
            let again = reproduction(&turned, TODAY);
            prop_assert_eq!(found.is_some(), again.is_some());
            if let (Some(found), Some(again)) = (found, again) {
                prop_assert!(found.low <= found.value && found.value <= found.high, "{:?}", found);
                prop_assert!(found.members >= FEWEST && found.high.is_finite());
                prop_assert!((found.value * found.members as f64 - found.brought as f64).abs() < 1e-9);
                prop_assert!((found.value - again.value).abs() < 1e-12 && (found.high - again.high).abs() < 1e-9);
            }
        }

        #[test]
        fn more_of_the_same_makes_it_surer(members in any_members()) {
            let Some(once) = reproduction(&members, TODAY) else { return Ok(()) };
            let copy = members.iter().map(|one| Member { id: one.id + 1000, by: one.by.map(|by| by + 1000), ..*one });
            let twice: Vec<Member> = members.iter().copied().chain(copy).collect();
            let twice = reproduction(&twice, TODAY).unwrap();
            prop_assert!((once.value - twice.value).abs() < 1e-9);
            prop_assert!(twice.high - twice.low < once.high - once.low + 1e-9, "{:?} {:?}", once, twice);
        }

        #[test]
        fn everybody_is_of_one_generation_even_in_circles(members in any_members()) {
            let generations = generations(&members);
            prop_assert_eq!(generations.iter().map(|one| one.members).sum::<usize>(), members.len());
            prop_assert!(generations.iter().all(|one| one.active <= one.members && one.members > 0));
        }
    }
}
