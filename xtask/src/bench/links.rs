//! `cargo xtask bench links [EVENTS.csv…] [--speed ACTORS]`: how well new ties are foreseen, on the files named and on
//! made-up networks of several kinds, all measures together beside the best alone and, on files, without each cause;
//! and how long an actor takes.

use std::path::Path;
use std::time::Instant;

use graph::read::{Times, ties};
use graph::recommend::simulated::{Kind, villages};
use graph::recommend::{Cause, Columns, History, Measured, Recommender, Why, measure, measure_without};

/// Networks made of each kind.
const SEEDS: [u64; 3] = [1, 2, 3];
/// Actors answered for when the time is taken.
const TIMED: usize = 5_000;

pub fn run(arguments: &[String]) -> Result<(), String> {
    println!("| network | asked | Hits@10 | best alone | MRR | best alone |");
    println!("|---|---|---|---|---|---|");
    let mut left = arguments.iter();
    while let Some(argument) = left.next() {
        if argument == "--speed" {
            let actors = left.next().and_then(|number| number.parse().ok());
            return speed(actors.ok_or("--speed takes a number of actors")?);
        }
        let path = Path::new(argument);
        let table = ties(path, None, Times::Read).map_err(|error| error.to_string())?;
        let columns = Columns {
            sources: &table.sources,
            targets: &table.targets,
            weights: &table.weights,
            times: &table.times,
        };
        let history = History::new(table.actors.len(), columns).map_err(|error| error.to_string())?;
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        row(&name, &history, &[]);
        for cause in Cause::ALL {
            if let Some(found) = measure_without(&history, &[], &[cause]) {
                println!(
                    "| {name} without {} | | {:.3} | | {:.3} | |",
                    cause.name(),
                    found.hits10,
                    found.mrr
                );
            }
        }
    }
    for kind in Kind::ALL {
        for seed in SEEDS {
            let grown = kind.grow(seed);
            let history = grown.history().map_err(|error| error.to_string())?;
            row(&format!("{} {seed}", kind.name()), &history, &[]);
            if kind == Kind::Villages {
                row(&format!("{} {seed}, groups given", kind.name()), &history, &grown.groups);
            }
        }
    }
    Ok(())
}

fn row(name: &str, history: &History, groups: &[u32]) {
    let (asked, measured) = measure(history, groups);
    let Some((all, alone)) = measured.split_first() else { return };
    let best = |value: fn(&Measured) -> f64| {
        let best = alone.iter().max_by(|a, b| value(a).total_cmp(&value(b)));
        best.map_or(String::new(), |best| format!("{:.3} {}", value(best), best.name))
    };
    println!(
        "| {name} | {asked} | {:.3} | {} | {:.3} | {} |",
        all.foresight.hits10,
        best(|measured| measured.foresight.hits10),
        all.foresight.mrr,
        best(|measured| measured.foresight.mrr),
    );
}

fn speed(actors: usize) -> Result<(), String> {
    let grown = villages(actors, actors.saturating_mul(10), 1);
    let history = grown.history().map_err(|error| error.to_string())?;
    let begun = Instant::now();
    let recommender = Recommender::learn(&history, &[]);
    let learned = begun.elapsed();
    let mut search = recommender.search();
    let begun = Instant::now();
    let step = (actors / TIMED).max(1);
    let mut answered = 0_u32;
    for actor in (0..actors as u32).step_by(step) {
        // what is not used might not be computed
        std::hint::black_box(recommender.suggest(&mut search, actor, 10, Why::FirstTen));
        answered += 1;
    }
    let each = begun.elapsed() / answered.max(1);
    println!(
        "\n{actors} actors, {} contacts: learned in {learned:.1?}, then {each:.1?} an actor",
        history.len()
    );
    Ok(())
}
