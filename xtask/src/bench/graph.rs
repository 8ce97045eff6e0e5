//! `cargo xtask bench graph FOLDER NAME`: CPU seconds on one thread and peak memory of each measure on the network
//! `FOLDER/NAME.csv`, beside those of the libraries that a script of the same measures times on the same file.
//!
//! The script is named by `SAAN_PEERS` and run by the Python of `SAAN_PYTHON` (default `python3`) once a library, as
//! `SCRIPT worker LIBRARY NAME 1 MEASURES`, with the folder in `SNA_DATA`; it prints lines of JSON with `metric`,
//! `cpu` and `rss`. Without it our own figures stand alone.

use std::path::Path;
use std::process::Command;

use graph::components::{strong_components, weak_components};
use graph::distances::sampled_distances;
use graph::holes::{Strength, constraint};
use graph::read::{Times, ties};
use graph::{Direction, Graph};
use serde_json::Value as Json;

/// A measure of ours with the names that the script has for it.
struct Row {
    name: &'static str,
    theirs: &'static [&'static str],
    run: fn(&Graph) -> String,
}

/// How many sources distances are found from, as the script takes for networks below a million actors.
const SOURCES: usize = 256;

const ROWS: &[Row] = &[
    Row { name: "weak components", theirs: &["wcc"], run: |g| weak_components(g).count().to_string() },
    Row { name: "strong components", theirs: &["scc"], run: |g| strong_components(g).count().to_string() },
    Row {
        name: "dyad census, reciprocity",
        theirs: &["reciprocity", "dyad_census"],
        run: |g| format!("{:.6}", graph::dyads::dyad_census(g).edge_reciprocity().unwrap_or(f64::NAN)),
    },
    Row {
        name: "degree centralization",
        theirs: &["degree_centralisation"],
        run: |g| format!("{:.6}", graph::degrees::degree_centralization(g).unwrap_or(f64::NAN)),
    },
    Row {
        name: "cores",
        theirs: &["kcore"],
        run: |g| graph::cores::core_numbers(g).iter().max().copied().unwrap_or(0).to_string(),
    },
    Row {
        name: "cut points and bridges",
        theirs: &["articulation", "bridges"],
        run: |g| {
            let cuts = graph::cuts::cuts(g);
            format!("{} and {}", cuts.articulation_points.len(), cuts.bridges.len())
        },
    },
    Row {
        name: "PageRank to 1e-10",
        theirs: &["pagerank"],
        run: |g| {
            let rank = graph::pagerank::pagerank(g, 0.85, 1e-10);
            format!("{:.6e}", rank.iter().copied().fold(0.0, f64::max))
        },
    },
    Row {
        name: "clustering, global and local",
        theirs: &["transitivity_global", "clustering_local"],
        run: |g| {
            let triangles = graph::triangles::triangles(g);
            let local = graph::triangles::local_clustering(g, &triangles);
            let global = graph::triangles::transitivity(g, &triangles).unwrap_or(f64::NAN);
            format!("{global:.6}, sum {:.3}", local.iter().sum::<f64>())
        },
    },
    Row {
        name: "constraint",
        theirs: &["constraint"],
        run: |g| format!("sum {:.4}", constraint(g, Strength::Weighted).iter().flatten().sum::<f64>()),
    },
    Row {
        name: "triad census",
        theirs: &["triad_census"],
        run: |g| format!("300: {}", graph::triads::triad_census(g).last().copied().unwrap_or(0)),
    },
    Row {
        name: "harmonic, 256 sources",
        theirs: &["harmonic_sampled"],
        run: |g| {
            format!("efficiency {:.5}", sampled_distances(g, SOURCES, 7).efficiency().unwrap_or(f64::NAN))
        },
    },
    Row {
        name: "communities",
        theirs: &["leiden", "leiden_conv", "louvain_refine", "louvain"],
        run: |g| {
            use graph::communities::{Effort, communities};
            format!("Q {:.5}", communities(g, Effort::for_size(g)).modularity.unwrap_or(f64::NAN))
        },
    },
];

const LIBRARIES: [&str; 6] = ["igraph", "networkit", "rustworkx", "graphtool", "scipy", "leidenalg"];

/// One figure: whose, of what, CPU seconds and its check value.
struct Figure {
    library: String,
    metric: String,
    cpu: f64,
    value: String,
}

/// Runs the benchmark.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let [folder, name] = arguments else {
        return Err("cargo xtask bench graph FOLDER NAME (the network FOLDER/NAME.csv)".to_owned());
    };
    let ours = own_figures(&Path::new(folder).join(format!("{name}.csv")))?;
    let memory = peak_memory();
    let mut theirs = Vec::new();
    let mut peaks = Vec::new();
    if let Ok(script) = std::env::var("SAAN_PEERS") {
        for library in LIBRARIES {
            let (figures, peak) = peer_figures(&script, library, folder, name)?;
            theirs.extend(figures);
            peaks.push(format!("{library} {peak:.0} MB"));
        }
    }
    println!("| measure | ours, CPU s | value | fastest other, CPU s | ratio | others |");
    println!("|---|---|---|---|---|---|");
    for figure in &ours {
        print_row(figure, &theirs);
    }
    println!("\npeak memory: ours {memory:.0} MB; {}", peaks.join(", "));
    Ok(())
}

fn own_figures(path: &Path) -> Result<Vec<Figure>, String> {
    let mut figures = Vec::new();
    let mut note = |metric: &str, cpu: f64, value: String| {
        eprintln!("{metric}: {cpu:.4} s");
        figures.push(Figure { library: "ours".to_owned(), metric: metric.to_owned(), cpu, value });
    };
    let (read, cpu) = timed(|| {
        let ties = ties(path, None, Times::Ignored)?;
        ties.network(Direction::Directed)
    });
    let (given, _) = read.map_err(|error| error.to_string())?;
    note("CSV to network", cpu, format!("{} actors, {} ties", given.actors(), given.ties()));
    let (network, cpu) = timed(|| given.renumbered(&graph::order::near_neighbors(&given)));
    drop(given);
    note("renumbering by neighborhood", cpu, String::new());
    let (entries, cpu) = timed_once(|| network.inward().len() + network.undirected().len());
    note("inward view and undirected projection", cpu, format!("{entries} entries"));
    for row in ROWS {
        let (value, cpu) = timed(|| (row.run)(&network));
        note(row.name, cpu, value);
    }
    Ok(figures)
}

/// The result and the mean CPU seconds of as many runs as take a fifth of a second together: the clock moves in
/// steps of some milliseconds.
fn timed<T>(run: impl Fn() -> T) -> (T, f64) {
    let before = cpu_seconds();
    let mut runs = 0.0;
    loop {
        let result = run();
        runs += 1.0;
        let spent = cpu_seconds() - before;
        if spent > 0.2 || runs >= 1000.0 {
            return (result, spent / runs);
        }
    }
}

/// The result and the CPU seconds of a single run, for what is kept once it is made.
fn timed_once<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let before = cpu_seconds();
    let result = run();
    (result, cpu_seconds() - before)
}

/// CPU time of this thread, from the scheduler's own count in nanoseconds.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_ascii_whitespace().next().and_then(|field| field.parse::<f64>().ok());
    nanoseconds.unwrap_or(f64::NAN) / 1e9
}

/// The most memory this process has held, in MB.
fn peak_memory() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}

fn peer_figures(script: &str, library: &str, folder: &str, name: &str) -> Result<(Vec<Figure>, f64), String> {
    let python = std::env::var("SAAN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let metrics: Vec<&str> = ROWS.iter().flat_map(|row| row.theirs).copied().collect();
    let output = Command::new(&python)
        .args([script, "worker", library, name, "1", &metrics.join(",")])
        .env("SNA_DATA", folder)
        .envs(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"].map(|name| (name, "1")))
        .output()
        .map_err(|error| format!("{python} cannot be run: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut figures = Vec::new();
    let mut peak = f64::NAN;
    for line in text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok()) {
        peak = line.get("rss").and_then(Json::as_f64).unwrap_or(peak);
        let (Some(metric), Some(cpu)) =
            (line.get("metric").and_then(Json::as_str), line.get("cpu").and_then(Json::as_f64))
        else {
            continue;
        };
        eprintln!("{library} {metric}: {cpu:.4} s");
        let value = line.get("value").map(Json::to_string).unwrap_or_default();
        figures.push(Figure { library: library.to_owned(), metric: metric.to_owned(), cpu, value });
    }
    Ok((figures, peak))
}

fn print_row(figure: &Figure, theirs: &[Figure]) {
    let names: &[&str] = match ROWS.iter().find(|row| row.name == figure.metric) {
        Some(row) => row.theirs,
        None if figure.metric == "CSV to network" => &["load"],
        None if figure.metric == "inward view and undirected projection" => &["undirect"],
        None => &[],
    };
    let mut peers: Vec<&Figure> =
        theirs.iter().filter(|peer| names.contains(&peer.metric.as_str())).collect();
    peers.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    let (fastest, ratio) = match peers.first() {
        Some(peer) => (
            format!("{} {} {:.4}", peer.library, peer.metric, peer.cpu),
            format!("{:.1}×", peer.cpu / figure.cpu),
        ),
        None => (String::new(), String::new()),
    };
    let others: Vec<String> = peers
        .iter()
        .skip(1)
        .map(|peer| format!("{} {} {:.3}", peer.library, peer.metric, peer.cpu))
        .collect();
    println!(
        "| {} | {:.4} | {} | {fastest} | {ratio} | {} |",
        figure.metric,
        figure.cpu,
        figure.value,
        others.join(", ")
    );
    if let Some(peer) = peers.first().filter(|peer| !peer.value.is_empty()) {
        eprintln!("{}: ours {}; {} {}", figure.metric, figure.value, peer.library, peer.value);
    }
}
