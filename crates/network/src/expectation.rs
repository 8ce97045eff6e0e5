//! What members hope for and what they got (E3): asked on joining, and again twice a year; told per kind of member,
//! and only where it points at nobody.

use std::collections::BTreeMap;

use crate::share::FEWEST;

/// So many days after the last answer it is asked again.
pub const ASKED_EVERY_DAYS: i64 = 182;
/// From this level on (of 1 to 5) a hope counts as met (indicators.md E3a).
pub const MET: i64 = 4;

/// What one member hoped for, and how much of it came, 1 to 5, where they said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hopes {
    /// The kind of member, as a group to be told about.
    pub kind: String,
    pub levels: Vec<Option<i64>>,
}

/// One group: how many answered, and the share of hopes that were met.
#[derive(Debug, Clone, PartialEq)]
pub struct Met {
    pub kind: String,
    pub people: usize,
    /// The middle member's share of hopes that were met.
    pub median: f64,
    /// A quarter of the members have at most this.
    pub lower_quartile: f64,
}

/// The share of hopes met per kind of member. Only those who answered count; a group below five is hidden, and where
/// that would leave exactly one hidden group beside a known whole, the smallest other is hidden with it.
#[must_use]
pub fn met(hopes: &[Hopes]) -> Vec<Met> {
    let mut groups: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for hope in hopes {
        let answered: Vec<i64> = hope.levels.iter().filter_map(|level| *level).collect();
        if answered.is_empty() {
            continue;
        }
        let met = answered.iter().filter(|level| **level >= MET).count();
        groups.entry(&hope.kind).or_default().push(share(met, answered.len()));
    }
    let hidden = groups.values().filter(|group| group.len() < FEWEST).count();
    let mut shown: Vec<Met> = groups
        .into_iter()
        .filter(|(_, group)| group.len() >= FEWEST)
        .map(|(kind, mut group)| {
            group.sort_by(f64::total_cmp);
            Met {
                kind: kind.to_owned(),
                people: group.len(),
                median: quantile(&group, 0.5),
                lower_quartile: quantile(&group, 0.25),
            }
        })
        .collect();
    if hidden == 1
        && let Some(smallest) = shown.iter().map(|met| met.people).min()
        && let Some(at) = shown.iter().position(|met| met.people == smallest)
    {
        shown.remove(at);
    }
    shown
}

fn share(part: usize, whole: usize) -> f64 {
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    count(part) / count(whole)
}

/// The quantile of a sorted list, linear between its neighbors (type 7 of Hyndman & Fan 1996); 0 of nothing.
#[must_use]
pub fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = q.clamp(0.0, 1.0) * f64::from(u32::try_from(last).unwrap_or(u32::MAX));
    let below =
        (0..=last).take_while(|n| f64::from(u32::try_from(*n).unwrap_or(u32::MAX)) <= at).last().unwrap_or(0);
    let get = |n: usize| sorted.get(n.min(last)).copied().unwrap_or(0.0);
    let rest = at - f64::from(u32::try_from(below).unwrap_or(u32::MAX));
    get(below) + rest * (get(below + 1) - get(below))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(kind: &str, people: usize, level: i64) -> Vec<Hopes> {
        (0..people)
            .map(|_| Hopes { kind: kind.to_owned(), levels: vec![Some(level), Some(2), None] })
            .collect()
    }

    #[test]
    fn quantiles_are_those_of_r() {
        // quantile(c(1, 2, 4, 8), c(.25, .5)) in R: 1.75, 3
        assert!((quantile(&[1.0, 2.0, 4.0, 8.0], 0.25) - 1.75).abs() < 1e-12);
        assert!((quantile(&[1.0, 2.0, 4.0, 8.0], 0.5) - 3.0).abs() < 1e-12);
        assert!(quantile(&[], 0.5).abs() < 1e-12);
    }

    #[test]
    fn a_group_of_four_is_hidden_and_cannot_be_had_by_subtraction() {
        let mut hopes = group("person", 9, 5);
        hopes.extend(group("group", 6, 5));
        hopes.extend(group("organization", 4, 5));
        let shown = met(&hopes);
        let kinds: Vec<&str> = shown.iter().map(|met| met.kind.as_str()).collect();
        assert_eq!(kinds, ["person"], "the smallest of the others is hidden with it");
        assert!((shown[0].median - 0.5).abs() < 1e-12);
        assert_eq!(met(&group("person", 4, 5)), vec![]);
        assert_eq!(met(&group("person", 5, 1))[0].people, 5);
    }

    #[test]
    fn who_did_not_answer_counts_nowhere() {
        let mut hopes = group("person", 5, 4);
        hopes.push(Hopes { kind: "person".to_owned(), levels: vec![None] });
        assert_eq!(met(&hopes)[0].people, 5);
    }
}
