//! The engine seen from outside: what it says to the streams a network may bring.

use corroboration::fingerprint::Fingerprint;
use corroboration::lines::{Flow, Lines};
use corroboration::{
    Answer, Engine, Finding, Hazard, Level, Member, Moment, Outcome, Place, Polarity, Policy, Report, Term,
    Tier, Verdict, Witness,
};
use proptest::prelude::*;

const DAY: i64 = 86_400;
/// When the stories begin: the accounts are a year old by then.
const START: i64 = 400 * DAY;

fn place(east_km: f64, north_km: f64) -> Place {
    Place { lat: 18.6 + north_km / 111.195, lon: 98.9 + east_km / 105.3 }
}

fn member(id: &str, tier: Tier, created: i64, home: Place) -> Member {
    Member { id: id.to_owned(), tier, created: Moment(created), home, invited_by: None, device: None }
}

fn seen(id: &str, minute: i64, at: Place) -> Report {
    Report {
        member: id.to_owned(),
        hazard: Hazard::Hail,
        polarity: Polarity::Seen,
        observed: Moment(START + minute * 60),
        received: Moment(START + minute * 60),
        place: at,
        accuracy_m: 300.0,
        witness: Witness::Firsthand,
        photo: None,
        text: None,
        device: None,
    }
}

/// A village of thirty, two of them trained, who joined over a year.
fn village() -> Engine {
    let mut engine = Engine::new(Policy::default());
    for n in 0..30_i64 {
        let tier = if n % 15 == 0 { Tier::Trained } else { Tier::Member };
        let home = place((n % 6) as f64 * 0.3 - 0.8, (n / 6) as f64 * 0.3 - 0.6);
        engine.member(&member(&format!("m{n}"), tier, n * 11 * DAY, home));
    }
    engine
}

fn alerts(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|o| matches!(o, Outcome::Alert { .. })).count()
}

fn asked(outcomes: &[Outcome]) -> Vec<String> {
    outcomes
        .iter()
        .filter_map(|o| match o {
            Outcome::Ask { member, .. } => Some(member.clone()),
            _ => None,
        })
        .collect()
}

fn answer(member: &str, minute: i64, polarity: Polarity) -> Answer {
    Answer {
        member: member.to_owned(),
        hazard: Hazard::Hail,
        observed: Moment(START),
        received: Moment(START + minute * 60),
        polarity,
    }
}

#[test]
fn a_lone_report_asks_and_the_neighbors_yes_alerts() {
    let mut engine = village();
    let first = engine.report(&seen("m7", 0, place(0.0, 0.0)));
    assert_eq!(alerts(&first), 0);
    let asked = asked(&first);
    assert!(asked.contains(&"m0".to_owned()), "the trained observer is among those asked: {asked:?}");
    assert!(!asked.contains(&"m7".to_owned()), "the reporter is not asked");
    let mut published = 0;
    for (minute, who) in asked.iter().enumerate() {
        published += alerts(&engine.answer(&answer(who, minute as i64 + 1, Polarity::Seen)).unwrap());
    }
    assert_eq!(published, 1, "one alert, and only one");
}

#[test]
fn a_vague_place_that_may_be_home_is_weighed_at_home_and_shown_as_named() {
    let tell = |at: Place, accuracy_m: f64, without: &[Term]| {
        let policy = Policy { without: without.iter().copied().collect(), ..Policy::default() };
        let mut engine = Engine::new(policy);
        for n in 0..30_i64 {
            engine.member(&member(&format!("m{n}"), Tier::Member, n * 11 * DAY, place(0.0, 0.0)));
        }
        let out = engine.report(&Report { accuracy_m, ..seen("m7", 0, at) });
        let claim = engine.open_claims().next().unwrap();
        (engine.view(claim, Moment(START)).unwrap(), out)
    };
    let (at_home, _) = tell(place(0.0, 0.0), 2000.0, &[]);
    let named = place(3.5, 0.0);
    let (vague, out) = tell(named, 2000.0, &[]);
    assert!((vague.log_odds - at_home.log_odds).abs() < 1e-12, "weighed among the thirty it comes from");
    assert_eq!(vague.place, named, "a home is never shown");
    assert!(out.iter().all(|o| !matches!(o, Outcome::Ask { place, .. } if *place != named)));
    // twice the accuracy is three kilometers now: they must have been elsewhere, where nobody lives
    let (exact, _) = tell(named, 1500.0, &[]);
    assert!(exact.log_odds > vague.log_odds + 0.1, "{} and {}", exact.log_odds, vague.log_odds);
    let (left_out, _) = tell(named, 2000.0, &[Term::Home]);
    assert!((left_out.log_odds - vague.log_odds).abs() > 0.1);
}

#[test]
fn a_trained_observer_is_enough_where_hardly_anybody_lives() {
    let report = seen("m0", 0, place(0.0, 0.0));
    let mut lonely = Engine::new(Policy::default());
    lonely.member(&member("m0", Tier::Trained, 0, place(0.0, 0.0)));
    assert_eq!(alerts(&lonely.report(&report)), 1);
    let mut ordinary = Engine::new(Policy::default());
    ordinary.member(&member("m0", Tier::Member, 0, place(0.0, 0.0)));
    assert_eq!(alerts(&ordinary.report(&report)), 0, "an ordinary member never is");
    let out = village().report(&report);
    assert_eq!(alerts(&out), 0, "among thirty, the others are asked first");
    assert!(out.iter().any(|o| matches!(o, Outcome::Advisory { .. })));
}

#[test]
fn the_neighbors_no_keeps_it_quiet() {
    let mut engine = village();
    let first = engine.report(&seen("m7", 0, place(0.0, 0.0)));
    for (minute, who) in asked(&first).iter().enumerate() {
        let out = engine.answer(&answer(who, minute as i64 + 1, Polarity::NotSeen)).unwrap();
        assert_eq!(alerts(&out), 0);
    }
    let out = engine.report(&seen("m8", 20, place(0.0, 0.0)));
    assert_eq!(alerts(&out), 0, "one more voice against ten denials");
}

#[test]
fn puppets_made_in_one_night_do_not_alert() {
    let mut engine = village();
    for n in 0..20_i64 {
        engine.member(&member(&format!("p{n}"), Tier::Member, 300 * DAY + n * 3600, place(0.1, 0.1)));
    }
    let mut published = 0;
    for n in 0..20_i64 {
        let mut report = seen(&format!("p{n}"), n / 4, place(0.1, 0.1));
        report.photo =
            Fingerprint::parse(&format!("{:016x}", (n as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        published += alerts(&engine.report(&report));
    }
    assert_eq!(published, 0);
}

#[test]
fn spontaneous_reports_that_nobody_confirms_are_an_advisory_and_ask_those_near() {
    let mut engine = Engine::new(Policy::default());
    for n in 0..20_i64 {
        engine.member(&member(&format!("m{n}"), Tier::Member, START - (n + 1) * 40 * DAY, place(0.0, 0.0)));
    }
    let mut out = Vec::new();
    // six of twenty report, and none of those asked answers
    for n in 0..6_i64 {
        out.extend(engine.report(&seen(&format!("m{n}"), n, place(0.0, 0.0))));
    }
    assert_eq!(alerts(&out), 0);
    assert!(out.iter().any(|o| matches!(o, Outcome::Ask { .. })));
    let advisories = out.iter().filter(|o| matches!(o, Outcome::Advisory { .. })).count();
    assert_eq!(advisories, 1, "members are told that it is reported and not confirmed, once");
}

#[test]
fn one_mans_word_told_by_many_is_no_advisory() {
    let mut engine = village();
    let mut out = Vec::new();
    for n in 0..12_i64 {
        let mut forwarded = seen(&format!("m{}", n + 1), n, place(0.0, 0.0));
        forwarded.text = Fingerprint::parse("00ff00ff00ff00ff");
        out.extend(engine.report(&forwarded));
    }
    assert!(!out.iter().any(|o| matches!(o, Outcome::Advisory { .. } | Outcome::Alert { .. })));
}

#[test]
fn an_old_picture_alerts_nobody() {
    let photo = Fingerprint::parse("00ff00ff00ff00ff");
    let mut engine = village();
    let mut last_week = seen("m3", -7 * 1440, place(0.0, 0.0));
    last_week.photo = photo;
    engine.report(&last_week);
    let mut again = seen("m0", 0, place(0.0, 0.0));
    again.photo = photo;
    assert_eq!(alerts(&engine.report(&again)), 0, "even a trained observer's old picture");
}

#[test]
fn a_stewards_verdict_is_published_as_a_warning() {
    let mut engine = village();
    engine.report(&seen("m7", 0, place(0.0, 0.0)));
    let out = engine.verdict(&Verdict {
        at: Moment(START + 600),
        hazard: Hazard::Hail,
        place: place(0.5, 0.0),
        observed: Moment(START),
        finding: Finding::True,
    });
    assert!(out.iter().any(|o| matches!(o, Outcome::Alert { level: Level::Warning, .. })), "{out:?}");
}

#[test]
fn an_answer_nobody_asked_for_is_refused() {
    let mut engine = village();
    assert!(engine.answer(&answer("m1", 0, Polarity::Seen)).is_err());
    assert!(engine.answer(&answer("nobody", 0, Polarity::Seen)).is_err());
}

#[test]
fn guests_are_heard_but_do_not_confirm() {
    let mut engine = Engine::new(Policy::default());
    let mut published = 0;
    for n in 0..30_i64 {
        published += alerts(&engine.report(&seen(&format!("guest{n}"), n, place(0.0, 0.0))));
    }
    assert_eq!(published, 0);
}

fn fed(lines: &[&str]) -> Result<String, String> {
    let mut protocol = Lines::new(Policy::default());
    let mut out = String::new();
    for line in lines {
        if protocol.feed(line, &mut out).map_err(|e| e.to_string())? == Flow::End {
            break;
        }
    }
    Ok(out)
}

const MEMBER: &str = r#"{"type":"member","id":"m1","role":"volunteer","created_at":"2024-01-01T00:00:00+07:00","home":[18.6,98.9],"device":"d","invited_by":null}"#;

#[test]
fn a_report_line_is_answered_with_next() {
    let report = r#"{"type":"report","id":"r1","member":"m1","hazard":"hail","positive":true,"observed_at":"2025-03-01T16:00:00+07:00","received_at":"2025-03-01T16:04:00+07:00","lat":18.6,"lon":98.9,"accuracy_m":300,"firsthand":true,"photo":null,"text":null,"device":"d","net":"n","channel":"app"}"#;
    let out = fed(&[MEMBER, "", report, r#"{"type":"end"}"#, "not read any more"]).unwrap();
    assert!(out.ends_with("{\"type\":\"next\"}\n"), "{out}");
    assert!(out.starts_with(r#"{"type":"alert","hazard":"hail","lat":18.6,"lon":98.9,"p":"#), "{out}");
}

#[test]
fn malformed_lines_name_line_column_and_what_was_expected() {
    let cases = [
        ("{\"type\":\"tick\"", "line 2, column 14: EOF while parsing an object"),
        ("[1]", "line 2, column 2: expected value"),
        (r#"{"type":"noise"}"#, "line 2, column 15: unknown variant `noise`, expected one of"),
        (r#"{"type":"tick"}"#, "line 2, column 15: missing field `t`"),
        (r#"{"type":"tick","t":"soon"}"#, "line 2, column 25: expected an RFC 3339 time, found \"soon\""),
        (
            r#"{"type":"verdict","t":"2025-03-01T16:00:00Z","hazard":"meteor","lat":1,"lon":1}"#,
            "line 2, column 62: unknown variant `meteor`, expected one of `hail`, `wind`, `flood`, `quake`",
        ),
        (
            r#"{"type":"verdict","t":"2025-03-01T16:00:00Z","hazard":"hail","lat":98.9}"#,
            "line 2, column 71: expected a latitude from -90 to 90, found 98.9",
        ),
        (r#"{"type":"tick","t":"2025-03-01T16:00:00Z"} x"#, "line 2, column 44: trailing characters"),
        (
            r#"{"type":"answer","member":"m1","hazard":"hail","observed_at":"2025-03-01T16:00:00Z","received_at":"2025-03-01T16:00:00Z","positive":true}"#,
            "line 2, column 1: member m1 was not asked about this",
        ),
    ];
    for (line, expected) in cases {
        let error = fed(&[MEMBER, line]).unwrap_err();
        assert!(error.starts_with(expected), "{line}\n gave {error}\n not {expected}");
    }
}

#[derive(Debug, Clone)]
enum Step {
    Report {
        who: u32,
        hazard: usize,
        seen: bool,
        east: f64,
        north: f64,
        minutes: i64,
        firsthand: bool,
        photo: u64,
    },
    Answer {
        nth: usize,
        seen: bool,
    },
    Verdict {
        east: f64,
        north: f64,
        minutes: i64,
        truth: bool,
    },
    Tick {
        minutes: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0u32..60, 0usize..4, any::<bool>(), -9.0..9.0f64, -9.0..9.0f64, 0i64..40, any::<bool>(), 0u64..6).prop_map(
            |(who, hazard, seen, east, north, minutes, firsthand, photo)| Step::Report {
                who, hazard, seen, east, north, minutes, firsthand, photo
            }
        ),
        4 => (any::<usize>(), any::<bool>()).prop_map(|(nth, seen)| Step::Answer { nth, seen }),
        1 => (-9.0..9.0f64, -9.0..9.0f64, 0i64..200, any::<bool>()).prop_map(|(east, north, minutes, truth)| {
            Step::Verdict { east, north, minutes, truth }
        }),
        2 => (0i64..4000).prop_map(|minutes| Step::Tick { minutes }),
    ]
}

/// Runs the steps; every outcome with the time it came at.
fn run(steps: &[Step]) -> Vec<(i64, Outcome)> {
    let mut engine = village();
    let mut now = START;
    let mut log: Vec<(i64, Outcome)> = Vec::new();
    let mut open: Vec<(String, Hazard, Moment)> = Vec::new();
    for step in steps {
        now += 30;
        let out = match step {
            Step::Report { who, hazard, seen, east, north, minutes, firsthand, photo } => {
                engine.report(&Report {
                    member: format!("m{who}"),
                    hazard: Hazard::ALL.get(*hazard).copied().unwrap_or(Hazard::Hail),
                    polarity: Polarity::of(*seen),
                    observed: Moment(now - minutes * 60),
                    received: Moment(now),
                    place: place(*east, *north),
                    accuracy_m: 500.0,
                    witness: if *firsthand { Witness::Firsthand } else { Witness::Hearsay },
                    photo: (*photo > 0).then_some(Fingerprint::Token(*photo)),
                    text: None,
                    device: None,
                })
            }
            Step::Answer { nth, seen } if !open.is_empty() => {
                let (member, hazard, observed) = open.remove(nth % open.len());
                let polarity = Polarity::of(*seen);
                // refused once its claim is closed and forgotten
                engine
                    .answer(&Answer { member, hazard, observed, received: Moment(now), polarity })
                    .unwrap_or_default()
            }
            Step::Answer { .. } => Vec::new(),
            Step::Verdict { east, north, minutes, truth } => engine.verdict(&Verdict {
                at: Moment(now),
                hazard: Hazard::Hail,
                place: place(*east, *north),
                observed: Moment(now - minutes * 60),
                finding: if *truth { Finding::True } else { Finding::False },
            }),
            Step::Tick { minutes } => {
                now += minutes * 60;
                engine.tick(Moment(now))
            }
        };
        for outcome in &out {
            if let Outcome::Ask { member, hazard, observed, .. } = outcome {
                open.push((member.clone(), *hazard, *observed));
            }
        }
        log.extend(out.into_iter().map(|o| (now, o)));
    }
    log
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_comes_the_promises_hold(steps in proptest::collection::vec(step(), 1..120)) {
        let log = run(&steps);
        let mut published = std::collections::BTreeSet::new();
        let mut asks: std::collections::BTreeMap<&str, Vec<i64>> = std::collections::BTreeMap::new();
        for (now, outcome) in &log {
            match outcome {
                Outcome::Alert { claim, p, .. } => {
                    prop_assert!(published.insert(*claim), "a claim is alerted once");
                    prop_assert!((0.9..=1.0).contains(p));
                }
                Outcome::Advisory { p, .. } => prop_assert!((0.0..=1.0).contains(p)),
                Outcome::Ask { member, .. } => asks.entry(member).or_default().push(*now),
            }
        }
        for (member, times) in asks {
            for window in times.windows(2) {
                prop_assert!(window[1] - window[0] >= 6 * 3600, "{member} was asked twice in six hours");
            }
            for window in times.windows(5) {
                prop_assert!(window[4] - window[0] >= 30 * DAY, "{member} was asked five times in a month");
            }
        }
    }

    #[test]
    fn the_same_stream_gives_the_same_outcomes(steps in proptest::collection::vec(step(), 1..80)) {
        prop_assert_eq!(run(&steps), run(&steps));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        let mut out = String::new();
        if let Err(error) = Lines::new(Policy::default()).feed(&text, &mut out) {
            prop_assert_eq!(error.line, 1);
            prop_assert!(error.column >= 1);
            prop_assert!(!error.expected.is_empty());
        }
    }
}
