//! `cargo xtask bench reports`: the corroboration engine against a simulator of citizen reports that knows the truth.
//!
//! The simulator is a program of its own, named by `--simulator`; it drives the engine line by line, answers its asks
//! and scores its alerts. `--without TERM` leaves a term out, `--ablate` leaves out each in turn, `--vary N` changes
//! every rate of the simulator by up to a half, `--speed` times decisions with a million reports stored.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

use corroboration::fingerprint::Fingerprint;
use corroboration::{Engine, Hazard, Member, Moment, Place, Polarity, Policy, Report, Term, Tier, Witness};
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

/// Times decisions while a million reports are stored, at the pace of 5,000 a minute.
fn speed() -> Result<(), String> {
    const STORED: u32 = 1_000_000;
    const TIMED: u32 = 20_000;
    let mut engine = Engine::new(Policy::default());
    let mut random = 1_u64;
    let mut next = move |below: u32| {
        // Knuth's 64-bit linear congruence; only a spread of places and times is needed
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((random >> 33) as u32) % below
    };
    let mut homes = Vec::new();
    for n in 0..100_000_u32 {
        // a country: 2,000 villages over 6 by 6 degrees
        let village = n % 2000;
        let lat = 14.0 + f64::from(village % 45) * 0.13 + f64::from(next(1000)) * 2e-5;
        let lon = 98.0 + f64::from(village / 45) * 0.13 + f64::from(next(1000)) * 2e-5;
        let home = Place::new(lat, lon).ok_or("a home off the globe")?;
        homes.push(home);
        let tier = if n % 12 == 0 { Tier::Trained } else { Tier::Member };
        let created = Moment(i64::from(next(30_000_000)));
        engine.member(&Member { id: format!("m{n}"), tier, created, home, invited_by: None, device: None });
    }
    let mut times = Vec::new();
    let begun = Instant::now();
    for n in 0..STORED + TIMED {
        let who = next(100_000);
        let place = *homes.get(who as usize).ok_or("no such home")?;
        let received = Moment(40_000_000 + i64::from(n) * 60 / 5000);
        let report = Report {
            member: format!("m{who}"),
            hazard: Hazard::ALL.get(next(3) as usize).copied().unwrap_or(Hazard::Hail),
            polarity: Polarity::of(next(10) > 0),
            observed: Moment(received.0 - i64::from(next(600))),
            received,
            place,
            accuracy_m: 800.0,
            witness: if next(4) == 0 { Witness::Hearsay } else { Witness::Firsthand },
            photo: (next(4) == 0).then(|| Fingerprint::Token(u64::from(n))),
            text: None,
            device: None,
        };
        let start = Instant::now();
        let outcomes = engine.report(&report);
        if n >= STORED {
            times.push((start.elapsed().as_secs_f64() * 1000.0, outcomes.len()));
        }
    }
    let whole = begun.elapsed().as_secs_f64();
    times.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: f64| times.get((share * (times.len() - 1) as f64) as usize).map_or(f64::NAN, |t| t.0);
    println!(
        "{STORED} reports stored, then {TIMED} timed: p50 {:.2} ms, p99 {:.2} ms, slowest {:.2} ms; {:.0} reports a minute",
        at(0.5),
        at(0.99),
        at(1.0),
        f64::from(STORED + TIMED) / whole * 60.0
    );
    Ok(())
}
