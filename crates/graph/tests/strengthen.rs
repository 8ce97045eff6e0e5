//! Introductions keep to what was asked and do what they say.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use graph::groups::{Groups, ei_expected};
use graph::strengthen::{Aim, Pairs, Plan, Wish, standing, strengthen};
use graph::{Builder, Graph};
use proptest::prelude::*;

fn network(actors: u32, ties: &[(u32, u32)]) -> Graph {
    let mut builder = Builder::undirected(actors);
    for &(a, b) in ties {
        builder.tie(a, b, 1.0).unwrap();
    }
    builder.build().unwrap()
}

fn with(graph: &Graph, plan: &Plan, many: usize) -> Graph {
    let rows = graph.undirected();
    let mut ties: Vec<(u32, u32)> =
        rows.each_actor().flat_map(|a| rows.neighbors(a).iter().map(move |&b| (a, b))).collect();
    ties.extend(plan.introductions.iter().take(many).map(|i| (i.a, i.b)));
    network(graph.actors() as u32, &ties)
}

fn wish(aim: Aim, count: usize, pairs: Pairs) -> Wish {
    Wish { aim, count, pairs, per_actor: 2 }
}

const ALL_AIMS: [Aim; 4] = [Aim::Paths, Aim::Resilience, Aim::Islands, Aim::Mixing];

#[test]
fn where_there_is_nobody_to_introduce_nobody_is() {
    let complete: Vec<(u32, u32)> = (0..6).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    for graph in [network(0, &[]), network(1, &[(0, 0)]), network(6, &complete)] {
        for aim in ALL_AIMS {
            for pairs in [Pairs::Plausible, Pairs::Near, Pairs::All] {
                let plan = strengthen(&graph, None, wish(aim, 5, pairs));
                assert!(plan.introductions.is_empty(), "{aim:?} {pairs:?}");
                assert_eq!(plan.before, plan.after);
            }
        }
    }
    let alone = strengthen(&network(1, &[]), None, wish(Aim::Paths, 5, Pairs::All));
    assert_eq!((alone.before.efficiency, alone.before.algebraic_connectivity), (None, None));
}

#[test]
fn a_line_is_best_closed_to_a_ring() {
    let line: Vec<(u32, u32)> = (1..8).map(|i| (i - 1, i)).collect();
    let plan = strengthen(&network(8, &line), None, wish(Aim::Resilience, 1, Pairs::All));
    assert_eq!((plan.introductions[0].a, plan.introductions[0].b), (0, 7));
    assert_eq!((plan.before.articulation_points, plan.after.articulation_points), (6, 0));
    assert_eq!((plan.before.bridges, plan.after.bridges), (7, 0));
    assert_eq!(plan.introductions[0].gain.articulation_points, -6);
    assert!(plan.introductions[0].via.is_empty());
}

#[test]
fn who_may_introduce_two_knows_both() {
    // 0 and 3 share 1 and 2; 1 has more ties than 2
    let graph = network(6, &[(0, 1), (0, 2), (3, 1), (3, 2), (1, 4), (1, 5)]);
    let plan = strengthen(&graph, None, wish(Aim::Paths, 10, Pairs::Plausible));
    let of_both = plan.introductions.iter().find(|i| (i.a, i.b) == (0, 3)).unwrap();
    assert_eq!(of_both.via, [2, 1]);
}

#[test]
fn islands_come_by_two_ties_and_hang_on_nobody_new() {
    // a ring of six, a ring of three, a pair, one alone
    let ties = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (6, 7), (7, 8), (8, 6), (9, 10)];
    let graph = network(12, &ties);
    let plan = strengthen(&graph, None, wish(Aim::Islands, 6, Pairs::Plausible));
    assert_eq!(plan.introductions.len(), 6);
    assert_eq!((plan.before.islands, plan.after.islands), (3, 0));
    assert_eq!((plan.after.bridges, plan.after.articulation_points), (0, 0));
    assert_eq!(plan.after.largest_component, 12);
    // an odd one would be a bridge
    let five = strengthen(&graph, None, wish(Aim::Islands, 5, Pairs::Plausible));
    assert_eq!(five.introductions.len(), 4);
    assert_eq!(five.after.bridges, 0);
}

#[test]
fn mixing_moves_toward_what_sizes_expect_and_stops_there() {
    // two cliques of five with one tie between
    let mut ties = vec![(0, 5)];
    for clique in [0, 5] {
        ties.extend((0..5).flat_map(|a| (0..a).map(move |b| (clique + a, clique + b))));
    }
    let graph = network(10, &ties);
    let groups = Groups::new((0..10).map(|actor| actor / 5).collect());
    let plan = strengthen(
        &graph,
        Some(&groups),
        Wish { aim: Aim::Mixing, count: 100, pairs: Pairs::All, per_actor: 9 },
    );
    let expected = ei_expected(&groups).unwrap();
    let (before, after) = (plan.before.e_i_index.unwrap(), plan.after.e_i_index.unwrap());
    assert!((before - (1.0 - 20.0) / 21.0).abs() < 1e-12);
    assert!((after - expected).abs() < (before - expected).abs());
    // one tie more or less would be no nearer
    let ties = plan.introductions.len() as f64 + 21.0;
    assert!((after - expected).abs() <= 2.0 / ties);
    assert!(plan.introductions.iter().all(|i| i.a / 5 != i.b / 5));
    assert!(strengthen(&graph, None, wish(Aim::Mixing, 5, Pairs::All)).introductions.is_empty());
}

#[test]
fn a_large_star_is_answered() {
    let ties: Vec<(u32, u32)> = (1..30_000).map(|leaf| (0, leaf)).collect();
    let graph = network(30_000, &ties);
    for pairs in [Pairs::Plausible, Pairs::All] {
        let plan = strengthen(&graph, None, wish(Aim::Resilience, 2, pairs));
        assert!(plan.sampled);
        assert_eq!(plan.before.bridges, 29_999);
        assert_eq!(plan.after.bridges, 29_999 - 2 * plan.introductions.len());
    }
}

fn networks() -> impl Strategy<Value = Graph> {
    proptest::collection::vec((0_u32..14, 0_u32..14), 0..26).prop_map(|ties| network(14, &ties))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_promised_is_kept(graph in networks(), aim in 0_usize..4, pairs in 0_usize..3, per_actor in 1_usize..4) {
        let (aim, pairs) = (ALL_AIMS[aim], [Pairs::Plausible, Pairs::Near, Pairs::All][pairs]);
        let groups = Groups::new((0..14).map(|actor| actor % 3).collect());
        let plan = strengthen(&graph, Some(&groups), Wish { aim, count: 6, pairs, per_actor });
        prop_assert!(plan.introductions.len() <= 6);
        let rows = graph.undirected();
        let mut used = [0; 14];
        for i in &plan.introductions {
            prop_assert!(i.a != i.b && !rows.has(i.a, i.b));
            used[i.a as usize] += 1;
            used[i.b as usize] += 1;
            for &between in &i.via {
                prop_assert!(rows.has(i.a, between) && rows.has(i.b, between));
            }
            if pairs == Pairs::Plausible && aim != Aim::Islands {
                prop_assert!(!i.via.is_empty());
            }
        }
        prop_assert!(used.iter().all(|&many| many <= per_actor));
        let after = with(&graph, &plan, 6);
        prop_assert_eq!(plan.before, standing(&graph, Some(&groups)));
        prop_assert_eq!(plan.after, standing(&after, Some(&groups)));
        let gained: f64 = plan.introductions.iter().map(|i| i.gain.efficiency).sum();
        let efficiency = plan.after.efficiency.unwrap() - plan.before.efficiency.unwrap();
        prop_assert!((gained - efficiency).abs() < 1e-5);
        let points: i64 = plan.introductions.iter().map(|i| i.gain.articulation_points).sum();
        prop_assert_eq!(points, plan.after.articulation_points as i64 - plan.before.articulation_points as i64);
    }

    #[test]
    fn each_is_the_best_there_is_when_it_is_chosen(graph in networks()) {
        let plan = strengthen(&graph, None, Wish { aim: Aim::Paths, count: 1, pairs: Pairs::All, per_actor: 2 });
        let before = standing(&graph, None).efficiency.unwrap();
        let mut best = 0.0_f64;
        for a in 0..14 {
            for b in 0..a {
                if !graph.undirected().has(a, b) {
                    let mut ties: Vec<(u32, u32)> = vec![(a, b)];
                    let rows = graph.undirected();
                    ties.extend(rows.each_actor().flat_map(|x| rows.neighbors(x).iter().map(move |&y| (x, y))));
                    best = best.max(standing(&network(14, &ties), None).efficiency.unwrap() - before);
                }
            }
        }
        let gained = plan.after.efficiency.unwrap() - before;
        prop_assert!((gained - best).abs() < 1e-6, "{} {}", gained, best);
    }

    #[test]
    fn islands_bring_no_new_point_or_bridge(graph in networks()) {
        let plan = strengthen(&graph, None, Wish { aim: Aim::Islands, count: 8, pairs: Pairs::All, per_actor: 3 });
        prop_assert!(plan.after.bridges <= plan.before.bridges);
        prop_assert!(plan.after.articulation_points <= plan.before.articulation_points);
        prop_assert_eq!(plan.introductions.len() % 2, 0);
        prop_assert_eq!(plan.before.islands - plan.after.islands, plan.introductions.len() / 2);
    }
}
