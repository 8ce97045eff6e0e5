//! `cargo xtask bench graph FOLDER NAME [--figures FILE] [--into FILE]`: CPU seconds on one thread and peak memory of each
//! measure on the network `FOLDER/NAME.csv`, beside those of the libraries that a script of the same measures times on
//! the same file, as a table in Markdown.
//!
//! The script is named by `SAAN_PEERS` and run by the Python of `SAAN_PYTHON` (default `python3`; for graph-tool that of
//! `SAAN_GRAPHTOOL_PYTHON`), as [`peers`] says. Their figures are kept in `FOLDER/NAME.peers.jsonl`; `--figures` takes
//! them from such a file and runs no script. Without either our own figures stand alone. `--into` puts the table into a
//! document, between the lines `<!-- bench NAME -->` and `<!-- end NAME -->`. `--exact` compares sampled values with exact
//! ones instead, on a network of some thousand actors.

#[path = "graph/bandwidth.rs"]
mod bandwidth;
#[path = "graph/check.rs"]
mod check;
#[path = "graph/peers.rs"]
mod peers;

use std::path::Path;

use graph::components::{strong_components, weak_components};
use graph::distances::sampled_distances;
use graph::holes::{Strength, constraint};
use graph::read::{Times, ties};
use graph::{Direction, Graph};
use peers::Figure;

/// A measure of ours with the names that the script has for it.
struct Row {
    name: &'static str,
    theirs: &'static [&'static str],
    run: fn(&Graph) -> String,
}

/// How many sources distances are found from, as the script takes.
fn sources(network: &Graph) -> usize {
    if network.actors() > 500_000 { 32 } else { 256 }
}

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
        name: "transitivity",
        theirs: &["transitivity_global"],
        run: |g| {
            let triangles = graph::triangles::triangles(g);
            format!("{:.6}", graph::triangles::transitivity(g, &triangles).unwrap_or(f64::NAN))
        },
    },
    Row {
        name: "local clustering",
        theirs: &["clustering_local"],
        run: |g| {
            let triangles = graph::triangles::triangles(g);
            let local = graph::triangles::local_clustering(g, &triangles);
            format!("sum {:.3}", local.iter().sum::<f64>())
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
        name: "harmonic from sampled sources",
        theirs: &["harmonic_sampled"],
        run: |g| {
            let found = sampled_distances(g, sources(g), 7);
            format!("{} sources, efficiency {:.5}", sources(g), found.efficiency().unwrap_or(f64::NAN))
        },
    },
    Row {
        name: "betweenness, sampled",
        theirs: &["betweenness_sampled"],
        run: |g| {
            use graph::betweenness::{Paths, sampled};
            let found = sampled(g, Paths::Directed, &weak_components(g), 0.95, 1);
            let pairs = g.actors() as f64 * (g.actors() as f64 - 1.0);
            let most = found.values.iter().copied().fold(0.0, f64::max);
            format!(
                "{}; largest {:.5} of pairs, ± {:.5}",
                found.method,
                most / pairs,
                found.bound.error / pairs
            )
        },
    },
    Row {
        name: "eigenvector",
        theirs: &["eigenvector"],
        run: |g| {
            let found = graph::eigenvector::eigenvector(g, &weak_components(g));
            format!("sum {:.5}", found.map_or(f64::NAN, |found| found.values.iter().sum()))
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

/// Larger networks are not drawn.
const DRAWN: usize = 200_000;

/// Runs the benchmark.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let usage =
        "cargo xtask bench graph FOLDER NAME [--figures FILE] [--into FILE] (the network FOLDER/NAME.csv)";
    let (Some(folder), Some(name)) = (arguments.first(), arguments.get(1)) else {
        return Err(usage.to_owned());
    };
    let rest = arguments.get(2..).unwrap_or_default();
    let after = |option: &str| {
        let at = rest.iter().position(|argument| argument == option)?;
        rest.get(at + 1)
    };
    if rest.iter().any(|argument| argument == "--exact") {
        return check::against_exact(&Path::new(folder).join(format!("{name}.csv")));
    }
    let began = load();
    let metrics: Vec<&str> = ROWS.iter().flat_map(|row| row.theirs).copied().collect();
    // theirs first: a process begins with the peak memory of the one that started it
    let theirs = match (after("--figures"), std::env::var("SAAN_PEERS")) {
        (Some(file), _) => peers::kept(Path::new(file))?,
        (None, Ok(script)) => peers::measured(&script, folder, name, &metrics)?,
        (None, Err(_)) => Vec::new(),
    };
    let ours = own_figures(&Path::new(folder).join(format!("{name}.csv")))?;
    let memory = ours.iter().map(|figure| figure.rss).fold(0.0, f64::max);
    let mut text =
        format!("Measured {}; {}; load at the start {began}, at the end {}.\n\n", today(), machine(), load());
    text.push_str("| measure | ours, CPU s | peak MB | value | fastest other, CPU s | ratio | others |\n|---|---|---|---|---|---|---|\n");
    for figure in &ours {
        text.push_str(&row(figure, &theirs));
    }
    text.push_str(&format!("\nPeak memory: ours {memory:.0} MB; {}.\n", peers::memory(&theirs)));
    text.push_str(&format!("\n{}\n", bandwidth::measured()));
    let without: Vec<String> = theirs.iter().filter_map(Figure::why_not).collect();
    if !without.is_empty() {
        text.push_str(&format!("\nNot completed: {}.\n", without.join("; ")));
    }
    print!("{text}");
    match after("--into") {
        Some(document) => put_into(Path::new(document), name, &text),
        None => Ok(()),
    }
}

/// Replaces what stands between the marks of this network in a document.
fn put_into(document: &Path, name: &str, text: &str) -> Result<(), String> {
    let place = document.display();
    let before = std::fs::read_to_string(document).map_err(|error| format!("{place}: {error}"))?;
    let (begin, end) = (format!("<!-- bench {name} -->"), format!("<!-- end {name} -->"));
    let parts = before
        .split_once(&begin)
        .and_then(|(head, rest)| rest.split_once(&end).map(|(_, tail)| (head, tail)));
    let Some((head, tail)) = parts else {
        return Err(format!("{place} has no lines {begin} and {end}"));
    };
    std::fs::write(document, format!("{head}{begin}\n{text}{end}{tail}"))
        .map_err(|error| format!("{place}: {error}"))
}

/// The date, as the system says it.
fn today() -> String {
    let output = std::process::Command::new("date").arg("+%Y-%m-%d").output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}

/// The processor and how many of it.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores", model.map_or("unknown processor", |(_, model)| model))
}

/// How many processes wanted to run over the last minute.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_ascii_whitespace().next().unwrap_or("unknown").to_owned()
}

fn own_figures(path: &Path) -> Result<Vec<Figure>, String> {
    let mut figures = Vec::new();
    let mut note = |metric: &str, cpu: f64, value: String, held: f64| {
        eprintln!("{metric}: {cpu:.4} s, {held:.0} MB");
        figures.push(Figure::ours(metric, cpu, value, held));
        forget_peak();
    };
    let (read, cpu) = timed(|| {
        let ties = ties(path, None, Times::Ignored)?;
        ties.network(Direction::Directed)
    });
    let (given, _) = read.map_err(|error| error.to_string())?;
    note("CSV to network", cpu, format!("{} actors, {} ties", given.actors(), given.ties()), peak_memory());
    let (network, cpu) = timed(|| given.renumbered(&graph::order::near_neighbors(&given)));
    drop(given);
    note("renumbering by neighborhood", cpu, String::new(), peak_memory());
    let views = |network: &Graph| network.inward().len() + network.undirected().len();
    // views are kept once they are made: those of copies are made anew, and one after the other
    let (_, first) = timed_once(|| views(&network));
    let held = peak_memory();
    let same: Vec<u32> = (0..network.actors() as u32).collect();
    let again = || {
        let copy = network.renumbered(&same);
        timed_once(|| views(&copy))
    };
    let (entries, second) = again();
    let cpu = median(vec![first, second, again().1]);
    forget_peak();
    note("inward view and undirected projection", cpu, format!("{entries} entries"), held);
    for row in ROWS {
        let (value, cpu) = timed(|| (row.run)(&network));
        note(row.name, cpu, value, peak_memory());
    }
    if network.actors() <= DRAWN {
        let (map, cpu) = timed(|| graph::layout::layout(&network, 1));
        let kept = graph::layout::neighbors_kept(network.undirected(), &map).unwrap_or(f64::NAN);
        note("layout", cpu, format!("{kept:.3} of ties among the ten nearest"), peak_memory());
    }
    Ok(figures)
}

/// The result and the median CPU seconds of three runs, as the script takes them, or of as many as take a tenth of a second
/// together; of one where that takes long. Short runs are taken many between two looks at the clock.
fn timed<T>(run: impl Fn() -> T) -> (T, f64) {
    let mut runs: Vec<f64> = Vec::new();
    let mut at_once = 1_u32;
    let mut spent = 0.0;
    loop {
        let before = cpu_seconds();
        for _ in 1..at_once {
            // what is not used might not be computed
            std::hint::black_box(run());
        }
        let result = run();
        let taken = cpu_seconds() - before;
        if at_once == 1 && taken < SHORT {
            at_once = (SHORT / taken.max(1e-7)).ceil() as u32;
            continue;
        }
        runs.push(taken / f64::from(at_once));
        spent += taken;
        if (runs.len() >= 3 && spent > 0.1) || spent > LONG {
            return (result, median(runs));
        }
    }
}

fn median(mut runs: Vec<f64>) -> f64 {
    runs.sort_by(f64::total_cmp);
    runs.get(runs.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What takes more CPU seconds than this is run once.
const LONG: f64 = 6.0;
/// Of what takes less, several runs are taken as one.
const SHORT: f64 = 0.005;

/// The result and the CPU seconds of a single run, for what is kept once it is made.
fn timed_once<T>(run: impl FnOnce() -> T) -> (T, f64) {
    let before = cpu_seconds();
    let result = run();
    (result, cpu_seconds() - before)
}

/// CPU time of this thread.
fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The most memory this process has held, in MB.
fn peak_memory() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}

/// Begins to count the most memory held anew from what is held now.
fn forget_peak() {
    // where the system has no such file the peak stays that of all before
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The names that the script has for a measure of ours.
fn names_of(metric: &str) -> &'static [&'static str] {
    match ROWS.iter().find(|row| row.name == metric) {
        Some(row) => row.theirs,
        None if metric == "CSV to network" => &["load"],
        None if metric == "inward view and undirected projection" => &["undirect"],
        None => &[],
    }
}

/// One line of the table.
fn row(figure: &Figure, theirs: &[Figure]) -> String {
    let names = names_of(&figure.metric);
    let mut peers: Vec<&Figure> =
        theirs.iter().filter(|peer| peer.cpu.is_finite() && names.contains(&peer.metric.as_str())).collect();
    peers.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    // communities of a lower modularity are found sooner, and are not the same work
    let as_good =
        |peer: &&&Figure| peer.modularity().is_none_or(|q| q >= figure.modularity().unwrap_or(q) - 1e-4);
    let fastest = peers.iter().find(as_good);
    let ratio = fastest.map_or(String::new(), |peer| format!("{:.1}×", peer.cpu / figure.cpu));
    let others: Vec<String> = peers
        .iter()
        .filter(|peer| fastest.is_none_or(|fastest| !std::ptr::eq(**peer, *fastest)))
        .map(|peer| peer.short())
        .collect();
    format!(
        "| {} | {:.5} | {:.0} | {} | {} | {ratio} | {} |\n",
        figure.metric,
        figure.cpu,
        figure.rss,
        figure.value,
        fastest.map_or(String::new(), |peer| peer.short()),
        others.join(", ")
    )
}
