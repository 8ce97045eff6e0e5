//! A map keeps neighbors together, is the same each time, and moves little when little has changed.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use graph::layout::{Point, continued, layout, neighbors_kept};
use graph::{Builder, Graph};
use proptest::prelude::*;

fn network(actors: u32, ties: &[(u32, u32)]) -> Graph {
    let mut builder = Builder::undirected(actors);
    for &(a, b) in ties {
        builder.tie(a, b, 1.0).unwrap();
    }
    builder.build().unwrap()
}

/// Cliques of eight in a ring, each tied to the next by one tie.
fn caves(many: u32) -> Graph {
    let mut ties = Vec::new();
    for cave in 0..many {
        ties.extend((0..8).flat_map(|a| (0..a).map(move |b| (cave * 8 + a, cave * 8 + b))));
        ties.push((cave * 8, (cave + 1) % many * 8 + 1));
    }
    network(many * 8, &ties)
}

fn apart(p: Point, q: Point) -> f32 {
    ((p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2)).sqrt()
}

#[test]
fn those_of_one_cave_stand_together() {
    let graph = caves(40);
    let kept = neighbors_kept(graph.undirected(), &layout(&graph, 1)).unwrap();
    assert!(kept > 0.9, "{kept}");
}

#[test]
fn components_do_not_mingle() {
    let graph = network(9, &[(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]);
    let map = layout(&graph, 1);
    for a in 0..9_usize {
        for b in 0..a {
            let together = a / 3 == b / 3 && a < 6;
            assert!(together || apart(map[a], map[b]) > 1.0, "{a} {b} {map:?}");
        }
    }
}

#[test]
fn a_map_goes_on_from_where_it_was() {
    let before = caves(30);
    let map = layout(&before, 1);
    // one more, tied to two of the first cave
    let mut builder = Builder::undirected(241);
    let rows = before.undirected();
    for a in rows.each_actor() {
        for &b in rows.neighbors(a).iter().filter(|&&b| a < b) {
            builder.tie(a, b, 1.0).unwrap();
        }
    }
    builder.tie(240, 0, 1.0).unwrap();
    builder.tie(240, 3, 1.0).unwrap();
    let now = continued(&builder.build().unwrap(), &map.iter().copied().map(Some).collect::<Vec<_>>(), 1);
    let width = map.iter().map(|p| p[0]).fold(0.0, f32::max) - map.iter().map(|p| p[0]).fold(0.0, f32::min);
    let moved: f32 = map.iter().zip(&now).map(|(&p, &q)| apart(p, q)).sum::<f32>() / 240.0;
    assert!(moved < width / 20.0, "moved {moved} of {width}");
    assert!(apart(now[240], now[0]) < width / 5.0);
}

#[test]
fn nobody_one_and_a_large_star_have_maps() {
    assert!(layout(&network(0, &[]), 1).is_empty());
    assert_eq!(neighbors_kept(network(1, &[]).undirected(), &layout(&network(1, &[]), 1)), None);
    let star: Vec<(u32, u32)> = (1..50_000).map(|leaf| (0, leaf)).collect();
    let map = layout(&network(50_000, &star), 1);
    assert!(map.iter().flatten().all(|c| c.is_finite()));
    let alone = layout(&network(10_000, &[]), 1);
    assert_eq!(alone.len(), 10_000);
    assert!(apart(alone[4], alone[5]) > 0.5);
}

#[test]
fn places_that_are_no_places_are_found_anew() {
    let graph = network(4, &[(0, 1), (1, 2), (2, 3)]);
    let before = [Some([f32::NAN, 0.0]), Some([1.0, 1.0]), None];
    assert!(continued(&graph, &before, 1).iter().flatten().all(|c| c.is_finite()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn every_actor_has_a_place_and_the_same_each_time(
        ties in proptest::collection::vec((0_u32..40, 0_u32..40), 0..90), seed in 0_u64..1000,
    ) {
        let graph = network(40, &ties);
        let map = layout(&graph, seed);
        prop_assert_eq!(map.len(), 40);
        prop_assert!(map.iter().flatten().all(|c| c.is_finite()));
        prop_assert_eq!(&map, &layout(&graph, seed));
        let on = continued(&graph, &map.iter().copied().map(Some).collect::<Vec<_>>(), seed);
        prop_assert!(on.iter().flatten().all(|c| c.is_finite()));
    }
}
