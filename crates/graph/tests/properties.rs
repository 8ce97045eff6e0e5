//! What must hold of every network: calling actors otherwise changes no figure of theirs, turning ties round changes
//! what looks along them and nothing else, and measures of two networks side by side add up.

#![expect(
    clippy::unwrap_used,
    clippy::needless_range_loop,
    reason = "a test should stop where it fails, in the words of its definition"
)]

use graph::betweenness::{Folded, Paths, betweenness, sampled};
use graph::components::{strong_components, weak_components};
use graph::cuts::cuts;
use graph::distances::{diameter, distances, sampled_distances};
use graph::dyads::{dyad_census, weighted_reciprocity};
use graph::groups::{Groups, brokerage, ei_index};
use graph::holes::{Strength, constraint};
use graph::krackhardt::{Condensation, hierarchy, least_upper_boundedness, sampled_lub};
use graph::measures::{Analysis, Exactness, MEASURES, Threads, Value, of_all};
use graph::pagerank::pagerank;
use graph::triads::triad_census;
use graph::triangles::triangles;
use graph::{Builder, Direction, Graph};
use proptest::prelude::*;

type Ties = Vec<(u32, u32, f64)>;

fn built(direction: Direction, actors: u32, ties: &Ties) -> Graph {
    let mut builder = Builder::new(direction, actors);
    for &(source, target, weight) in ties {
        builder.tie(source, target, weight).unwrap();
    }
    builder.build().unwrap()
}

/// A number of actors and ties between them; loops and parallel ties among them.
fn networks(most: u32) -> impl Strategy<Value = (u32, Ties)> {
    (1..=most).prop_flat_map(|actors| {
        let tie = (0..actors, 0..actors, prop_oneof![Just(1.0), 0.1..5.0_f64]);
        (Just(actors), prop::collection::vec(tie, 0..(actors as usize * 3)))
    })
}

fn shuffled_networks(most: u32) -> impl Strategy<Value = (u32, Ties, Vec<u32>)> {
    networks(most).prop_flat_map(|(actors, ties)| {
        let places = Just((0..actors).collect::<Vec<u32>>()).prop_shuffle();
        (Just(actors), Just(ties), places)
    })
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3)
}

fn all_near(a: &[Option<f64>], b: &[Option<f64>]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| match (a, b) {
            (Some(a), Some(b)) => near(*a, *b),
            _ => a == b,
        })
}

/// Measures whose value rests on choices between equals or on draws.
const BY_CHOICE: [&str; 4] =
    ["und_communities_weighted", "und_modularity_weighted", "core_periphery_fit", "best_single_removal"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn two_threads_find_what_one_finds((actors, ties) in networks(30)) {
        let analysis = || Analysis::new(built(Direction::Directed, actors, &ties), Exactness::Approximate);
        let asked: Vec<_> = MEASURES.iter().map(|measure| (measure, None)).collect();
        let (one, two) = (of_all(&analysis(), &asked, Threads::One), of_all(&analysis(), &asked, Threads::Two));
        prop_assert_eq!(one.len(), asked.len());
        prop_assert_eq!(one, two);
    }

    #[test]
    fn calling_actors_otherwise_changes_no_figure((actors, ties, place) in shuffled_networks(24)) {
        let moved: Ties =
            ties.iter().map(|&(a, b, w)| (place[a as usize], place[b as usize], w)).collect();
        let one = Analysis::new(built(Direction::Directed, actors, &ties), Exactness::Approximate);
        let other = Analysis::new(built(Direction::Directed, actors, &moved), Exactness::Approximate);
        for measure in MEASURES.iter().filter(|measure| !BY_CHOICE.contains(&measure.name)) {
            let (Some(a), Some(b)) = (measure.of(&one), measure.of(&other)) else { continue };
            let same = match (&a.value, &b.value) {
                (Value::Number(a), Value::Number(b)) => near(*a, *b),
                (Value::Numbers(a), Value::Numbers(b)) => {
                    let b: Vec<Option<f64>> = place.iter().map(|&at| b[at as usize]).collect();
                    all_near(a, &b)
                }
                (Value::Whole(a), Value::Whole(b)) => {
                    *a == place.iter().map(|&at| b[at as usize]).collect::<Vec<_>>()
                }
                (Value::Actors(a), Value::Actors(b)) => {
                    let mut a: Vec<u32> = a.iter().map(|&actor| place[actor as usize]).collect();
                    a.sort_unstable();
                    a == *b
                }
                (Value::Pairs(a), Value::Pairs(b)) => a.len() == b.len(),
                (a, b) => a == b,
            };
            prop_assert!(same, "{}: {:?} became {:?}", measure.name, a.value, b.value);
        }
    }

    #[test]
    fn turning_ties_round_changes_only_what_looks_along_them((actors, ties) in networks(20)) {
        let turned: Ties = ties.iter().map(|&(a, b, w)| (b, a, w)).collect();
        let one = built(Direction::Directed, actors, &ties);
        let other = built(Direction::Directed, actors, &turned);
        prop_assert_eq!(one.out(), other.inward());
        prop_assert_eq!(dyad_census(&one), dyad_census(&other));
        prop_assert_eq!(strong_components(&one), strong_components(&other));
        prop_assert_eq!(triangles(&one), triangles(&other));
        let (a, b) = (weighted_reciprocity(&one), weighted_reciprocity(&other));
        prop_assert!(all_near(&[a], &[b]));
        let (a, b) = (constraint(&one, Strength::Weighted), constraint(&other, Strength::Weighted));
        prop_assert!(all_near(&a, &b));
        let of = |graph: &Graph| betweenness(&Folded::new(graph, Paths::Directed));
        for (a, b) in of(&one).iter().zip(of(&other)) {
            prop_assert!(near(*a, b));
        }
        // down and up change places: 021D with 021U, 111D with 111U, 120D with 120U
        let (a, mut b) = (triad_census(&one), triad_census(&other));
        b.swap(3, 4);
        b.swap(6, 7);
        b.swap(11, 12);
        prop_assert_eq!(a, b);
        // in-degrees become out-degrees
        prop_assert_eq!(
            graph::degrees::indegree_centralization(&one),
            graph::degrees::outdegree_centralization(&other)
        );
    }

    #[test]
    fn two_networks_side_by_side_add_up(
        (first, first_ties) in networks(14),
        (second, second_ties) in networks(14),
    ) {
        let mut ties = first_ties.clone();
        ties.extend(second_ties.iter().map(|&(a, b, w)| (a + first, b + first, w)));
        let parts =
            [built(Direction::Directed, first, &first_ties), built(Direction::Directed, second, &second_ties)];
        let both = built(Direction::Directed, first + second, &ties);
        let sum = |of: fn(&Graph) -> u64| parts.iter().map(of).sum::<u64>();
        prop_assert_eq!(both.ties() as u64, sum(|graph| graph.ties() as u64));
        prop_assert_eq!(triangles(&both).count, sum(|graph| triangles(graph).count));
        prop_assert_eq!(weak_components(&both).count() as u64, sum(|graph| weak_components(graph).count() as u64));
        prop_assert_eq!(cuts(&both).bridges.len() as u64, sum(|graph| cuts(graph).bridges.len() as u64));
        prop_assert_eq!(
            cuts(&both).biconnected_components,
            sum(|graph| cuts(graph).biconnected_components)
        );
        prop_assert_eq!(dyad_census(&both).mutual, sum(|graph| dyad_census(graph).mutual));
        let joined = |values: [Vec<f64>; 2]| values.concat();
        let of = |graph: &Graph| betweenness(&Folded::new(graph, Paths::Undirected));
        for (a, b) in of(&both).iter().zip(joined([of(&parts[0]), of(&parts[1])])) {
            prop_assert!(near(*a, b));
        }
        let of = |graph: &Graph| constraint(graph, Strength::Binary);
        prop_assert!(all_near(&of(&both), &[of(&parts[0]), of(&parts[1])].concat()));
        // closed and connected triads add up, as no third actor is tied across
        let census = triad_census(&both);
        for kind in 3..16 {
            prop_assert_eq!(census[kind], triad_census(&parts[0])[kind] + triad_census(&parts[1])[kind]);
        }
        let n = u128::from(first + second);
        prop_assert_eq!(census.iter().sum::<u128>(), n * (n - 1) / 2 * n.saturating_sub(2) / 3);
        let farthest = |graph: &Graph| diameter(graph, &weak_components(graph), 1000);
        prop_assert_eq!(farthest(&both), farthest(&parts[0]).max(farthest(&parts[1])));
    }

    #[test]
    fn the_diameter_by_bounds_is_that_of_all_distances((actors, ties) in networks(60)) {
        let graph = built(Direction::Undirected, actors, &ties);
        let bounds = diameter(&graph, &weak_components(&graph), 1000);
        prop_assert_eq!(bounds.map(|(low, _)| low), distances(&graph).diameter());
        prop_assert!(bounds.is_none_or(|(low, high)| low == high));
    }

    #[test]
    fn ranks_sum_to_one_and_brokers_stand_between((actors, ties) in networks(20)) {
        let graph = built(Direction::Directed, actors, &ties);
        prop_assert!(near(pagerank(&graph, 0.85, 1e-14).iter().sum(), 1.0));
        let of: Vec<u32> = (0..actors).map(|actor| actor % 3).collect();
        let alone = Groups::new((0..actors).collect());
        let groups = Groups::new(of);
        for (grouped, apart) in brokerage(&graph, &groups).iter().zip(brokerage(&graph, &alone)) {
            // groups part the same two-paths in another way; where each is a group alone all are liaisons
            prop_assert_eq!(grouped.total(), apart.total());
            prop_assert_eq!(apart.liaison, apart.total());
        }
        if graph.ties() > 0 {
            prop_assert_eq!(ei_index(&graph, &alone), Some(1.0));
        }
    }

    #[test]
    fn hierarchy_and_upper_bounds_follow_from_who_reaches_whom((actors, ties) in networks(16)) {
        let graph = built(Direction::Directed, actors, &ties);
        let n = actors as usize;
        let mut reaches = vec![vec![false; n]; n];
        for (from, row) in reaches.iter_mut().enumerate() {
            let mut open = vec![from as u32];
            while let Some(actor) = open.pop() {
                if !std::mem::replace(&mut row[actor as usize], true) {
                    open.extend(graph.out().neighbors(actor));
                }
            }
        }
        let (mut some, mut mutual) = (0, 0);
        for a in 0..n {
            for b in 0..a {
                some += u32::from(reaches[a][b] || reaches[b][a]);
                mutual += u32::from(reaches[a][b] && reaches[b][a]);
            }
        }
        let condensation = Condensation::new(&graph, &strong_components(&graph));
        let wanted = (some > 0).then(|| 1.0 - f64::from(mutual) / f64::from(some));
        prop_assert!(all_near(&[hierarchy(&condensation)], &[wanted]));

        let weak = weak_components(&graph);
        let (mut lacking, mut most) = (0.0, 0.0);
        for size in &weak.sizes {
            most += (*size as f64 - 1.0) * (*size as f64 - 2.0) / 2.0;
        }
        for a in 0..n {
            for b in (0..a).filter(|&b| weak.of[a] == weak.of[b]) {
                let bounds: Vec<usize> = (0..n).filter(|&u| reaches[u][a] && reaches[u][b]).collect();
                let least = bounds.iter().any(|&u| bounds.iter().all(|&other| reaches[other][u]));
                lacking += f64::from(u8::from(!least));
            }
        }
        let wanted = (most > 0.0).then(|| 1.0 - lacking / most);
        let exact = least_upper_boundedness(&condensation, &weak);
        prop_assert!(all_near(&[exact], &[wanted]));
        if let Some((value, bound)) = sampled_lub(&condensation, &weak, 4000, 0.999_999, 7) {
            prop_assert!((value - exact.unwrap()).abs() <= bound.error);
        }
    }
}

/// A network of `actors` in villages of 20, most ties within.
fn villages(actors: u32) -> Graph {
    let mut builder = Builder::directed(actors);
    let mut state = 7_u64;
    let mut next = |bound: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % u64::from(bound)) as u32
    };
    for _ in 0..actors * 3 {
        let source = next(actors);
        let target = if next(4) > 0 { source / 20 * 20 + next(20) } else { next(actors) };
        builder.tie(source, target.min(actors - 1), 1.0).unwrap();
    }
    builder.build().unwrap()
}

#[test]
fn sampled_betweenness_is_within_its_bound_and_finds_the_prominent() {
    for (paths, actors) in [(Paths::Directed, 10_000), (Paths::Undirected, 2_000)] {
        let graph = villages(actors);
        let weak = weak_components(&graph);
        let exact = betweenness(&Folded::new(&graph, paths));
        let found = sampled(&graph, paths, &weak, 0.95, 1);
        for (exact, found_value) in exact.iter().zip(&found.values) {
            assert!((exact - found_value).abs() <= found.bound.error, "{paths:?} {exact} {found_value}");
        }
        let top = |values: &[f64]| {
            let mut order: Vec<usize> = (0..values.len()).collect();
            order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
            order.truncate(50);
            order
        };
        let (true_top, found_top) = (top(&exact), top(&found.values));
        let shared = found_top.iter().filter(|actor| true_top.contains(actor)).count();
        assert!(shared >= 35, "{paths:?}: {shared} of the true top 50");
    }
}

#[test]
fn sampled_distances_are_within_their_bounds() {
    let graph = villages(10_000);
    let weak = weak_components(&graph);
    let (exact, found) = (distances(&graph), sampled_distances(&graph, 512, 1));
    let bound = found.harmonic_bound(0.95).unwrap();
    for (a, b) in exact.harmonic().unwrap().iter().zip(found.harmonic().unwrap()) {
        assert!((a - b).abs() <= bound.error, "{a} {b} {}", bound.error);
    }
    let off = (exact.efficiency().unwrap() - found.efficiency().unwrap()).abs();
    assert!(off <= found.efficiency_bound(0.95).unwrap().error);
    let most = exact.diameter().unwrap();
    let off = (exact.mean_distance(&weak).unwrap() - found.mean_distance(&weak).unwrap()).abs();
    assert!(off <= found.mean_distance_bound(&weak, most, 0.95).unwrap().error);
    assert_eq!(found.diameter(), None);
}

// 1,100 diamonds in a row have 2^1100 shortest paths from end to end, more than a number can hold
#[test]
fn countless_shortest_paths_stay_countable() {
    let diamonds = 1100;
    let mut builder = Builder::undirected(3 * diamonds + 1);
    for i in 0..diamonds {
        for (a, b) in [(0, 1), (0, 2), (1, 3), (2, 3)] {
            builder.tie(3 * i + a, 3 * i + b, 1.0).unwrap();
        }
    }
    let graph = builder.build().unwrap();
    let n = graph.actors() as f64;
    for (actor, value) in betweenness(&Folded::new(&graph, Paths::Undirected)).into_iter().enumerate() {
        // by symmetry: joints lie between all before and all behind; of the two sides of a diamond each has half
        let before = (actor / 3 * 3) as f64;
        let wanted = match actor % 3 {
            0 => {
                before * (n - 1.0 - before)
                    + if before > 0.0 { 0.5 } else { 0.0 }
                    + if before < n - 1.0 { 0.5 } else { 0.0 }
            }
            _ => (before + 1.0) * (n - 3.0 - before) / 2.0,
        };
        // an end joint closes one diamond, an inner one two
        assert!(near(value, wanted), "{actor}: {value} is not {wanted}");
    }
}

#[test]
fn a_star_of_many_is_measured_exactly() {
    let n = 200_000;
    let mut builder = Builder::undirected(n);
    for leaf in 1..n {
        builder.tie(0, leaf, 1.0).unwrap();
    }
    let graph = builder.build().unwrap();
    let folded = Folded::new(&graph, Paths::Undirected);
    assert_eq!(folded.steps(), 0.0);
    let leaves = f64::from(n - 1);
    assert_eq!(betweenness(&folded)[0], leaves * (leaves - 1.0) / 2.0);
    assert_eq!(cuts(&graph).articulation_points, [0]);
    assert_eq!(graph::degrees::degree_centralization(&graph), Some(1.0));
    assert_eq!(constraint(&graph, Strength::Weighted)[1], Some(1.0));
    assert_eq!(diameter(&graph, &weak_components(&graph), 10), Some((2, 2)));
}
