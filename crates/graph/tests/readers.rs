//! Readers of tables take whatever comes: they answer or refuse, and never panic; and what they read at the greatest
//! sizes is measured within seconds.

use std::fmt::Write as _;

use graph::components::{strong_components, weak_components};
use graph::cuts::cuts;
use graph::pagerank::pagerank;
use graph::read::{Problem, Times, actors_from, ties_from};
use graph::{Builder, Direction, Graph};
use proptest::prelude::*;

/// Reads and measures; the number of ties if the text is a table of them.
fn everything(bytes: &[u8]) -> Option<usize> {
    let _ = actors_from(bytes, "actors.csv");
    let with_times = ties_from(bytes, "ties.csv", None, Times::Read);
    let ties = ties_from(bytes, "ties.csv", None, Times::Ignored).ok()?;
    if let Ok(with_times) = with_times {
        assert_eq!((&ties.sources, &ties.targets), (&with_times.sources, &with_times.targets));
    }
    let (network, actors) = ties.network(Direction::Directed).ok()?;
    assert_eq!(actors.ids.len(), network.actors());
    assert_eq!(pagerank(&network, 0.85, 1e-10).len(), network.actors());
    assert!(strong_components(&network).count() >= weak_components(&network).count());
    Some(network.ties())
}

#[test]
fn what_fuzzing_begins_with_is_read_as_it_should_be() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/ties");
    let read = |name: &str| everything(&std::fs::read(format!("{folder}/{name}")).unwrap());
    for (name, ties) in [
        ("bom_crlf_quotes", Some(2)),
        // 1–2 both ways, 7654321–1, 12345678–2 and "01"–1; the weight 0 says that there is no tie
        ("numbers", Some(5)),
        ("loops_parallels", Some(2)),
        ("huge_id", Some(2)),
        ("times", Some(3)),
        ("no_end", Some(1)),
        ("nan", None),
        ("huge_weight", None),
        ("open_quote", None),
        ("utf16", None),
        ("cr_alone", None),
        ("actors", None),
        ("empty", None),
    ] {
        assert_eq!(read(name), ties, "{name}");
    }
    for entry in std::fs::read_dir(folder).unwrap() {
        everything(&std::fs::read(entry.unwrap().path()).unwrap());
    }
}

/// Lines people and programs write, in any order.
fn lines() -> impl Strategy<Value = String> {
    let words = [
        "1,2,3",
        "1,2",
        "2,1,0",
        "07,7,1",
        "7,07,1",
        "1,2,3\r",
        "12345678,1,1",
        " 1 , 2 , 3 ",
        "\"1\",\"2\",3",
        "ก,ข,0.5",
        "",
        "1,,1",
        "1,2,-1",
        "1,2,NaN",
        "1,2,1e999",
        "99999999999,1,9999999",
        "1,2,3,4",
        "\"",
        "5,5,5",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..12)
        .prop_map(|lines| format!("source,target,weight\n{}", lines.join("\n")))
}

proptest! {
    #[test]
    fn no_table_makes_the_reader_panic(text in lines(), bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        everything(text.as_bytes());
        everything(&bytes);
    }

    // numbers take a shorter way than other fields; a column of text sends the same rows the longer way
    #[test]
    fn numbers_are_read_alike_with_and_without_other_columns(
        rows in proptest::collection::vec((0_u32..20_000_000, 0_u32..50, 0_u32..1000), 0..60), crlf in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let (mut short, mut long) = (format!("source,target,weight{end}"), format!("source,note,target,weight{end}"));
        for (source, target, weight) in rows {
            write!(short, "{source},{target},{weight}{end}").unwrap();
            write!(long, "{source},x,{target},{weight}{end}").unwrap();
        }
        let read = |text: &str| ties_from(text.as_bytes(), "ties.csv", None, Times::Ignored).unwrap();
        let (short, long) = (read(&short), read(&long));
        prop_assert_eq!(short.actors.ids.iter().collect::<Vec<_>>(), long.actors.ids.iter().collect::<Vec<_>>());
        prop_assert_eq!((short.sources, short.targets, short.weights), (long.sources, long.targets, long.weights));
    }
}

#[test]
fn a_wrong_row_is_named_behind_ten_thousand_right_ones() {
    let mut text = String::from("source,target,weight\n");
    for row in 0..10_000 {
        writeln!(text, "{row},{},1", row + 1).unwrap();
    }
    let error = |tail: &str| {
        let actors = actors_from("id\n".as_bytes(), "actors.csv").unwrap();
        let closed =
            ties_from(format!("source,target\n1,2\n{tail}").as_bytes(), "t", Some(actors), Times::Ignored);
        assert!(matches!(closed.unwrap_err().problem, Problem::UnknownId { id } if id == "1"));
        ties_from(format!("{text}{tail}").as_bytes(), "t", None, Times::Ignored).unwrap_err().to_string()
    };
    assert_eq!(error("5,6\n"), "t, line 10002: this line has 2 fields; the header has 3");
    assert_eq!(
        error("5,,7\n"),
        "t, line 10002, column 2: the id is empty; expected the name or number of an actor"
    );
    assert_eq!(error("5,6,7x\n"), "t, line 10002, column 3: the weight \"7x\" is not a number of 0 or more");
}

fn measured(graph: &Graph) -> (usize, usize, u32, usize, u64) {
    let most = graph::cores::core_numbers(graph).into_iter().max().unwrap_or(0);
    (
        weak_components(graph).count(),
        strong_components(graph).count(),
        most,
        cuts(graph).articulation_points.len(),
        graph::triangles::triangles(graph).count,
    )
}

#[test]
fn a_million_actors_without_ties_are_a_million_components() {
    let n = 1_000_000;
    let graph = Builder::directed(n).build().unwrap();
    assert_eq!(measured(&graph), (n as usize, n as usize, 0, 0, 0));
    let rank = pagerank(&graph, 0.85, 1e-12);
    assert!(rank.iter().all(|&value| (value * f64::from(n) - 1.0).abs() < 1e-9));
    assert!(graph::eigenvector::eigenvector(&graph, &weak_components(&graph)).is_none());
    assert_eq!(
        graph::triads::triad_census(&graph)[0],
        u128::from(n) * u128::from(n - 1) * u128::from(n - 2) / 6
    );
}

#[test]
fn a_star_of_a_million_is_measured_exactly() {
    let n = 1_000_000_u32;
    let mut builder = Builder::directed(n);
    for leaf in 1..n {
        builder.tie(leaf, 0, 1.0).unwrap();
    }
    let graph = builder.build().unwrap();
    assert_eq!(measured(&graph), (1, n as usize, 1, 1, 0));
    // leaves have 1 each and the center 1 + .85 (n − 1), of n + .85 (n − 1) in all
    let (leaves, rank) = (f64::from(n - 1), pagerank(&graph, 0.85, 1e-14));
    let all = f64::from(n) + 0.85 * leaves;
    assert!((rank[0] / ((1.0 + 0.85 * leaves) / all) - 1.0).abs() < 1e-9);
    assert!((rank[7] * all - 1.0).abs() < 1e-9);
}
