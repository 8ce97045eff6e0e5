//! `cargo xtask bench reports`: the corroboration engine against a simulator of citizen reports that knows the truth.
//!
//! The simulator is a program of its own, named by `--simulator`; it drives the engine line by line, answers its asks
//! and scores its alerts. `--without TERM` leaves a term out, `--ablate` leaves out each in turn, `--vary N` changes
//! every rate of the simulator by up to a half, `--speed` times decisions with a million reports stored.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;

use corroboration::{Policy, Term};
use serde_json::Value;

const SCENARIOS: [&str; 4] = ["mixed", "attack", "calm", "adaptive"];
const USAGE: &str = "cargo xtask bench reports --simulator report_sim.py [--seeds 1-20] [--scenarios mixed,attack] \
                     [--vary FIRST] [--without TERM]… [--ablate] | --speed";

/// What was asked for.
struct Call {
    simulator: Option<PathBuf>,
    seeds: (u32, u32),
    scenarios: Vec<String>,
    vary: Option<u32>,
    without: Vec<Term>,
    ablate: bool,
    speed: bool,
}

/// Runs the benchmark.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let call = read(arguments)?;
    if call.speed {
        return speed();
    }
    let simulator = call.simulator.as_ref().ok_or(USAGE)?;
    let built = Command::new("cargo")
        .args(["build", "--release", "--package", "corroboration", "--example", "lines"])
        .status()
        .map_err(|e| format!("cannot run cargo: {e}"))?;
    if !built.success() {
        return Err("the engine does not build".to_owned());
    }
    println!("{HEADER}");
    let bench = |without: &[Term], name: &str| -> Result<(), String> {
        for scenario in &call.scenarios {
            let runs = drive(&call, simulator, scenario, without)?;
            println!("{}", row(scenario, name, &runs));
        }
        Ok(())
    };
    bench(&call.without, "")?;
    if call.ablate {
        for term in Term::ALL {
            bench(&[term], &format!(" without {}", term.name()))?;
        }
    }
    Ok(())
}

fn read(arguments: &[String]) -> Result<Call, String> {
    let mut call = Call {
        simulator: None,
        seeds: (1, 20),
        scenarios: SCENARIOS.map(str::to_owned).to_vec(),
        vary: None,
        without: Vec::new(),
        ablate: false,
        speed: false,
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value: {USAGE}"));
        match word.as_str() {
            "--simulator" => call.simulator = Some(PathBuf::from(value()?)),
            "--seeds" => call.seeds = seeds(value()?)?,
            "--scenarios" => call.scenarios = value()?.split(',').map(str::to_owned).collect(),
            "--vary" => call.vary = Some(number(value()?)?),
            "--without" => {
                let name = value()?;
                call.without.push(name.parse().map_err(|()| format!("{name} is no term"))?);
            }
            "--ablate" => call.ablate = true,
            "--speed" => call.speed = true,
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(call)
}

fn seeds(text: &str) -> Result<(u32, u32), String> {
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    Ok((number(from)?, number(to)?))
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("expected a whole number, found {text:?}"))
}

/// The simulator's figures for each seed, two at a time.
fn drive(call: &Call, simulator: &PathBuf, scenario: &str, without: &[Term]) -> Result<Vec<Value>, String> {
    let policy = Policy { without: without.iter().copied().collect(), ..Policy::default() };
    let file = std::env::temp_dir().join(format!("saan-bench-policy-{}.json", std::process::id()));
    let json = serde_json::to_string(&policy).map_err(|e| e.to_string())?;
    std::fs::write(&file, json).map_err(|e| format!("cannot write {}: {e}", file.display()))?;
    let command = format!("target/release/examples/lines {}", file.display());
    let waiting: Mutex<Vec<u32>> = Mutex::new((call.seeds.0..=call.seeds.1).rev().collect());
    let done: Mutex<Vec<Result<Value, String>>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(seed) = waiting.lock().ok().and_then(|mut w| w.pop()) {
                    let vary = call.vary.map_or(0, |first| first + seed);
                    let run = one(simulator, scenario, seed, vary, &command);
                    if let Ok(mut done) = done.lock() {
                        done.push(run);
                    }
                }
            });
        }
    });
    // a leftover of ours in the temporary folder harms nobody
    let _ = std::fs::remove_file(&file);
    done.into_inner().map_err(|e| e.to_string())?.into_iter().collect()
}

fn one(simulator: &PathBuf, scenario: &str, seed: u32, vary: u32, command: &str) -> Result<Value, String> {
    let output = Command::new("python3")
        .arg("-B")
        .arg(simulator)
        .args(["drive", "--scenario", scenario, "--seed", &seed.to_string(), "--vary", &vary.to_string()])
        .args(["--cmd", command])
        .output()
        .map_err(|e| format!("cannot run python3: {e}"))?;
    if !output.status.success() {
        return Err(format!("{scenario} {seed}: {}", String::from_utf8_lossy(&output.stderr)));
    }
    // Python writes NaN where a figure is undefined, which JSON does not know
    let text = String::from_utf8_lossy(&output.stdout).replace("NaN", "null");
    serde_json::from_str(&text).map_err(|e| format!("{scenario} {seed}: {e}"))
}

const HEADER: &str = "| scenario | P | R | F1 (least) | TTA p50 min | false a week | of mistake/prank/sybil/rumor/\
    stale/scatter | recall small, large | asks p95 | Brier, ECE | slowest line ms |\n|---|---|---|---|---|---|---|---|---|---|---|";

fn row(scenario: &str, name: &str, runs: &[Value]) -> String {
    let values = |key: &str| -> Vec<f64> { runs.iter().filter_map(|r| r.get(key)?.as_f64()).collect() };
    let mean = |key: &str| {
        let v = values(key);
        v.iter().sum::<f64>() / v.len().max(1) as f64
    };
    let most = |key: &str| values(key).into_iter().fold(0.0, f64::max);
    let least = values("F1").into_iter().fold(1.0, f64::min);
    let kinds: Vec<String> = ["mistake", "prank", "sybil", "rumor", "stale", "scatter"]
        .iter()
        .map(|k| format!("{:.1}", mean(&format!("fp_{k}"))))
        .collect();
    format!(
        "| {scenario}{name} | {:.3} | {:.3} | {:.3} ({least:.3}) | {:.1} | {:.2} | {} | {:.2}, {:.2} | {:.1} | {:.3}, {:.3} | {:.0} |",
        mean("P"),
        mean("R"),
        mean("F1"),
        mean("tta50"),
        mean("fp_week"),
        kinds.join("/"),
        mean("recall_small"),
        mean("recall_large"),
        most("asks_p95"),
        mean("brier"),
        mean("ece"),
        most("slowest_line_ms"),
    )
}

/// Times decisions with a million reports stored, by the engine's own example, which is built for speed.
fn speed() -> Result<(), String> {
    let run = Command::new("cargo")
        .args(["run", "--release", "--package", "corroboration", "--example", "speed"])
        .status()
        .map_err(|e| format!("cannot run cargo: {e}"))?;
    if run.success() { Ok(()) } else { Err("the engine's example did not run".to_owned()) }
}
