//! Times decisions while a million reports are stored, at the pace of 5,000 reports a minute from a country of
//! 2,000 villages and 100,000 members; one in five who are asked answers five minutes later.
//!
//! `cargo run --release -p corroboration --example speed`

use std::collections::VecDeque;
use std::time::Instant;

use corroboration::fingerprint::Fingerprint;
use corroboration::{
    Answer, Engine, Hazard, Member, Moment, Outcome, Place, Polarity, Policy, Report, Tier, Witness,
};

const STORED: u32 = 1_000_000;
const TIMED: u32 = 20_000;
const MEMBERS: u32 = 100_000;
const A_MINUTE: i64 = 5_000;

/// Knuth's 64-bit linear congruence; only a spread of places and times is needed.
struct Spread(u64);

impl Spread {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % end
    }
}

fn main() -> Result<(), String> {
    let mut spread = Spread(1);
    let mut engine = Engine::new(Policy::default());
    let homes = settle(&mut engine, &mut spread)?;
    let mut waiting: VecDeque<Answer> = VecDeque::new();
    let (mut reports, mut answers) = (Vec::new(), Vec::new());
    let (mut asks, mut alerts) = (0_u32, 0_u32);
    let begun = Instant::now();
    for n in 0..STORED + TIMED {
        let report = report(n, &homes, &mut spread)?;
        let mut outcomes = Vec::new();
        while waiting.front().is_some_and(|a| a.received <= report.received) {
            let Some(answer) = waiting.pop_front() else { break };
            let start = Instant::now();
            outcomes.extend(engine.answer(&answer).map_err(|e| e.to_string())?);
            answers.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        let start = Instant::now();
        outcomes.extend(engine.report(&report));
        if n >= STORED {
            reports.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        for outcome in outcomes {
            match outcome {
                Outcome::Ask { member, hazard, observed, .. } => {
                    asks += 1;
                    if spread.below(5) == 0 {
                        let received = Moment(report.received.0 + 300);
                        let polarity = Polarity::of(spread.below(2) == 0);
                        waiting.push_back(Answer { member, hazard, observed, received, polarity });
                    }
                }
                Outcome::Alert { .. } => alerts += 1,
                Outcome::Advisory { .. } => {}
            }
        }
    }
    let whole = begun.elapsed().as_secs_f64();
    println!("{STORED} reports stored, then {TIMED} timed; {asks} asks, {alerts} alerts");
    println!("reports: {}", figures(&mut reports));
    println!("answers: {}", figures(&mut answers));
    println!("{:.0} reports a minute over the whole run", f64::from(STORED + TIMED) / whole * 60.0);
    Ok(())
}

/// 2,000 villages over six by six degrees, fifty members each, one in twelve of them trained.
fn settle(engine: &mut Engine, spread: &mut Spread) -> Result<Vec<Place>, String> {
    let mut homes = Vec::new();
    for n in 0..MEMBERS {
        let village = n % 2000;
        let lat = 14.0 + f64::from(village % 45) * 0.13 + f64::from(spread.below(1000)) * 2e-5;
        let lon = 98.0 + f64::from(village / 45) * 0.13 + f64::from(spread.below(1000)) * 2e-5;
        let home = Place::new(lat, lon).ok_or("a home off the globe")?;
        homes.push(home);
        let tier = if n % 12 == 0 { Tier::Trained } else { Tier::Member };
        let created = Moment(i64::from(spread.below(30_000_000)));
        engine.member(&Member { id: format!("m{n}"), tier, created, home, invited_by: None, device: None });
    }
    Ok(homes)
}

fn report(n: u32, homes: &[Place], spread: &mut Spread) -> Result<Report, String> {
    let who = spread.below(MEMBERS);
    let received = Moment(40_000_000 + i64::from(n) * 60 / A_MINUTE);
    Ok(Report {
        member: format!("m{who}"),
        hazard: Hazard::ALL.get(spread.below(3) as usize).copied().unwrap_or(Hazard::Hail),
        polarity: Polarity::of(spread.below(10) > 0),
        observed: Moment(received.0 - i64::from(spread.below(600))),
        received,
        place: *homes.get(who as usize).ok_or("no such home")?,
        accuracy_m: 800.0,
        witness: if spread.below(4) == 0 { Witness::Hearsay } else { Witness::Firsthand },
        photo: (spread.below(4) == 0).then(|| Fingerprint::Token(u64::from(n))),
        text: None,
        device: None,
    })
}

/// Median, 99th percentile and slowest, in milliseconds.
fn figures(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((share * (times.len().max(1) - 1) as f64) as usize).copied();
    match (at(0.5), at(0.99), at(1.0)) {
        (Some(p50), Some(p99), Some(most)) => {
            format!("{} timed, p50 {p50:.2} ms, p99 {p99:.2} ms, slowest {most:.2} ms", times.len())
        }
        _ => "none".to_owned(),
    }
}
