//! Every measure against the values other programs give on nineteen reference networks.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test should stop where it fails")]

use std::path::{Path, PathBuf};

use graph::measures::{Analysis, Exactness, MEASURES, Value, named};
use graph::read::{self, Actors, Times};
use graph::{Direction, Graph};
use serde_json::Value as Json;

const NETWORKS: [&str; 19] = [
    "coleman_fall",
    "davis_two_mode",
    "emon_cheyenne",
    "emon_texas",
    "florentine_marriage",
    "karate",
    "krackhardt_kite",
    "tiny_bowtie",
    "tiny_complete4",
    "tiny_cycle5",
    "tiny_diamond5",
    "tiny_directed_cycle4",
    "tiny_mutual_chain4",
    "tiny_no_lub",
    "tiny_outtree7",
    "tiny_path5",
    "tiny_star6",
    "tiny_two_components_isolate",
    "tiny_two_disconnected_trees",
];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn expected(name: &str) -> Json {
    let text = std::fs::read_to_string(file(&format!("{name}.expected.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn network(name: &str) -> (Graph, Actors) {
    let directed = expected(name)["directed"].as_bool().unwrap();
    let direction = if directed { Direction::Directed } else { Direction::Undirected };
    let actors = read::actors(&file(&format!("{name}.nodes.csv"))).unwrap();
    let ties = read::ties(&file(&format!("{name}.csv")), Some(actors), Times::Ignored).unwrap();
    ties.network(direction).unwrap()
}

/// A value in the shape of the reference files.
fn shown(value: &Value, actors: &Actors) -> Json {
    let id = |actor: &u32| actors.ids.get(*actor).unwrap().to_owned();
    match value {
        Value::Undefined => Json::Null,
        Value::Number(number) => Json::from(*number),
        Value::Count(count) => Json::from(u64::try_from(*count).unwrap()),
        Value::Counts(counts) => counts.iter().map(|&count| u64::try_from(count).unwrap()).collect(),
        Value::Numbers(numbers) => {
            numbers.iter().map(|number| number.map_or(Json::Null, Json::from)).collect()
        }
        Value::Whole(numbers) => numbers.iter().copied().collect(),
        Value::Actors(list) => {
            let mut ids: Vec<String> = list.iter().map(id).collect();
            ids.sort();
            ids.into()
        }
        Value::Pairs(list) => {
            let mut pairs: Vec<[String; 2]> = list
                .iter()
                .map(|(a, b)| {
                    let mut pair = [id(a), id(b)];
                    pair.sort();
                    pair
                })
                .collect();
            pairs.sort();
            serde_json::to_value(pairs).unwrap()
        }
        Value::Roles(roles) => serde_json::to_value(roles).unwrap(),
        Value::Actor(actor, _) => Json::from(id(actor)),
    }
}

fn same(ours: &Json, theirs: &Json) -> bool {
    match (ours, theirs) {
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Number(a), Json::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            // the reference is rounded to 12 digits
            (a - b).abs() <= 1e-9 * b.abs() || (b == 0.0 && a.abs() < 1e-12)
        }
        _ => ours == theirs,
    }
}

#[test]
fn all_measures_equal_the_reference_on_all_networks() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for name in NETWORKS {
        let (graph, actors) = network(name);
        let analysis = Analysis::new(graph, Exactness::Approximate);
        for (measure, expected) in expected(name)["metrics"].as_object().unwrap() {
            if measure.starts_with("und_max_modularity") || measure == "krackhardt_lub_sna" {
                continue;
            }
            let (plain, column) = match measure.split_once('[') {
                Some((plain, rest)) => (plain, Some(rest.trim_end_matches(']'))),
                None => (measure.as_str(), None),
            };
            compared += 1;
            if plain == "und_leiden_best_of_20_weighted" {
                let ours = named("und_modularity_weighted").unwrap().of(&analysis).unwrap();
                let Value::Number(ours) = ours.value else { panic!("{name}: no modularity") };
                if ours < expected["value"].as_f64().unwrap() - 1e-9 {
                    wrong.push(format!("{name} {measure}: {ours} is below {}", expected["value"]));
                }
                continue;
            }
            let found = named(plain).unwrap_or_else(|| panic!("no measure {plain}"));
            let outcome = match column {
                None => found.of(&analysis).unwrap(),
                Some(column) => {
                    found.by(&analysis, &analysis.trait_of(actors.column(column).unwrap())).unwrap()
                }
            };
            assert_eq!(outcome.approximation, None, "{name} {measure} must be exact");
            let ours = shown(&outcome.value, &actors);
            if !same(&ours, &expected["value"]) {
                wrong.push(format!("{name} {measure}:\n  ours   {ours}\n  theirs {}", expected["value"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {compared} differ\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 600, "only {compared} values were compared");
}

#[test]
fn no_measure_panics_on_any_reference_network_read_the_other_way() {
    for name in NETWORKS {
        for direction in [Direction::Directed, Direction::Undirected] {
            let actors = read::actors(&file(&format!("{name}.nodes.csv"))).unwrap();
            let ties = read::ties(&file(&format!("{name}.csv")), Some(actors), Times::Ignored).unwrap();
            let (graph, actors) = ties.network(direction).unwrap();
            let n = graph.actors();
            let analysis = Analysis::new(graph, Exactness::Exact);
            for measure in MEASURES {
                let outcomes = match measure.of(&analysis) {
                    Some(outcome) => vec![outcome],
                    None => actors
                        .columns
                        .iter()
                        .map(|column| measure.by(&analysis, &analysis.trait_of(column)).unwrap())
                        .collect(),
                };
                for outcome in outcomes {
                    match outcome.value {
                        Value::Number(number) => assert!(number.is_finite(), "{name} {}", measure.name),
                        Value::Numbers(list) => {
                            assert_eq!(list.len(), n, "{name} {}", measure.name);
                            assert!(
                                list.iter().flatten().all(|number| number.is_finite()),
                                "{name} {}",
                                measure.name
                            );
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

// design figures of indicators.md: Borgatti (2006) on Zachary's karate club, E-I after Krackhardt & Stern (1988)
#[test]
fn karate_has_the_published_figures() {
    let (graph, actors) = network("karate");
    let analysis = Analysis::new(graph, Exactness::Approximate);
    let value = |name: &str| named(name).unwrap().of(&analysis).unwrap().value;
    let Value::Actor(actor, numbers) = value("best_single_removal") else { panic!("no removal") };
    assert_eq!(actors.ids.get(actor), Some("n0"));
    let number = |wanted: &str| numbers.iter().find(|(name, _)| *name == wanted).unwrap().1;
    assert!((number("fragmentation") - 0.316).abs() < 5e-4);
    // 0.641540404040 by networkx 3.6.1: 1 − global_efficiency of the graph without the actor
    assert!((number("fragmentation_distance") - 0.641_540_404_040_404).abs() < 1e-12);
    assert_eq!(value("fragmentation"), Value::Number(0.0));
    let Value::Number(distance_weighted) = value("fragmentation_distance") else {
        panic!("no fragmentation")
    };
    assert!((distance_weighted - 0.508).abs() < 5e-4);
    let Value::Number(efficiency) = value("efficiency") else { panic!("no efficiency") };
    let Value::Numbers(harmonic) = value("und_harmonic") else { panic!("no harmonic") };
    let mean = harmonic.iter().flatten().sum::<f64>() / 34.0;
    assert!((efficiency - mean).abs() < 1e-12);

    let club = analysis.trait_of(actors.column("club").unwrap());
    let by = |name: &str| named(name).unwrap().by(&analysis, &club).unwrap().value;
    let Value::Number(expected) = by("ei_expected") else { panic!("no expected E-I") };
    assert!((expected - 0.0303).abs() < 5e-5);
    let Value::Number(p) = by("ei_p") else { panic!("no p") };
    assert!(p < 0.001, "{p}");
}
