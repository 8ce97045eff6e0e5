//! The engine as a protocol of JSON lines, for scripts and for the report simulator.
//!
//! One object a line in: `member`, `report`, `verdict`, `answer`, `tick`, `end`. For each but `member` and `end` any
//! number of `alert`, `advisory` and `ask` lines come out, then `{"type":"next"}`. Keys that are not known are ignored.

use std::fmt;

use serde::de::{Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::place::{Moment, Place};
use crate::policy::{Hazard, Level, Policy};
use crate::{Answer, Engine, Finding, Member, Outcome, Polarity, Report, Tier, Verdict, Witness};

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {expected}")]
pub struct Malformed {
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1, in bytes.
    pub column: usize,
    /// What was expected there.
    pub expected: String,
}

/// Whether more lines are awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Read on.
    More,
    /// The stream has ended.
    End,
}

/// Feeds lines to an engine.
#[derive(Debug, Clone)]
pub struct Lines {
    engine: Engine,
    line: u64,
}

impl Lines {
    /// Starts with an engine of this policy.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self { engine: Engine::new(policy), line: 0 }
    }

    /// The engine behind the lines.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Takes one line and appends what comes of it to `out`. Empty lines are passed over.
    ///
    /// # Errors
    /// [`Malformed`] with line, column and what was expected; nothing of that line is taken.
    pub fn feed(&mut self, text: &str, out: &mut String) -> Result<Flow, Malformed> {
        self.line += 1;
        let text = if self.line == 1 { text.trim_start_matches('\u{feff}') } else { text };
        if text.trim().is_empty() {
            return Ok(Flow::More);
        }
        let line = self.line;
        let kind = read::<Typed>(text, line)?.kind;
        let outcomes = match kind {
            Kind::End => return Ok(Flow::End),
            Kind::Member => {
                self.engine.member(&read::<MemberLine>(text, line)?.into());
                return Ok(Flow::More);
            }
            Kind::Report => self.engine.report(&read::<ReportLine>(text, line)?.into()),
            Kind::Verdict => self.engine.verdict(&read::<VerdictLine>(text, line)?.into()),
            Kind::Tick => self.engine.tick(read::<TickLine>(text, line)?.t),
            Kind::Answer => self
                .engine
                .answer(&read::<AnswerLine>(text, line)?.into())
                .map_err(|refusal| Malformed { line, column: 1, expected: refusal.to_string() })?,
        };
        for outcome in &outcomes {
            push(out, &Line::of(outcome));
        }
        push(out, &Line::Next);
        Ok(Flow::More)
    }
}

fn push(out: &mut String, line: &Line<'_>) {
    // numbers and known names always serialize
    if let Ok(json) = serde_json::to_string(line) {
        out.push_str(&json);
        out.push('\n');
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str, line: u64) -> Result<T, Malformed> {
    serde_json::from_str(text).map_err(|error| {
        let whole = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let expected = whole.strip_suffix(&place).unwrap_or(&whole).to_owned();
        Malformed { line, column: error.column().max(1), expected }
    })
}

#[derive(Deserialize)]
struct Typed {
    #[serde(rename = "type")]
    kind: Kind,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Member,
    Report,
    Verdict,
    Answer,
    Tick,
    End,
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_str(Time)
    }
}

/// Reads a time. What is wrong is said while the value is read, so that the column named is where the value ends, not
/// where the whole object does.
struct Time;

impl Visitor<'_> for Time {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an RFC 3339 time")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Moment, E> {
        Moment::parse(text)
            .ok_or_else(|| E::custom(format_args!("expected an RFC 3339 time, found {text:?}")))
    }
}

/// Latitude, −90 to 90.
struct Latitude(f64);
/// Longitude, −180 to 180.
struct Longitude(f64);
/// Not negative.
struct Meters(f64);

impl<'de> Deserialize<'de> for Latitude {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_f64(Within(-90.0, 90.0, "a latitude")).map(Self)
    }
}

impl<'de> Deserialize<'de> for Longitude {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_f64(Within(-180.0, 180.0, "a longitude")).map(Self)
    }
}

impl<'de> Deserialize<'de> for Meters {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_f64(Within(0.0, 1e7, "an accuracy in meters")).map(Self)
    }
}

/// Reads a number within two others, by its name.
struct Within(f64, f64, &'static str);

impl Visitor<'_> for Within {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(low, high, what) = self;
        write!(f, "{what} from {low} to {high}")
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<f64, E> {
        if (self.0..=self.1).contains(&value) {
            return Ok(value);
        }
        let Self(low, high, what) = self;
        Err(E::custom(format_args!("expected {what} from {low} to {high}, found {value}")))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<f64, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<f64, E> {
        self.visit_f64(value as f64)
    }
}

#[derive(Deserialize)]
struct MemberLine {
    id: String,
    #[serde(default)]
    role: Option<String>,
    created_at: Moment,
    home: (Latitude, Longitude),
    #[serde(default)]
    device: Option<String>,
    #[serde(default)]
    invited_by: Option<String>,
}

impl From<MemberLine> for Member {
    fn from(line: MemberLine) -> Self {
        let tier = match line.role.as_deref() {
            Some("official") => Tier::Official,
            Some("volunteer" | "trained") => Tier::Trained,
            Some("guest") => Tier::Guest,
            _ => Tier::Member,
        };
        let (Latitude(lat), Longitude(lon)) = line.home;
        Self {
            id: line.id,
            tier,
            created: line.created_at,
            home: Place { lat, lon },
            invited_by: line.invited_by,
            device: line.device.as_deref().and_then(Fingerprint::parse),
        }
    }
}

#[derive(Deserialize)]
struct ReportLine {
    member: String,
    hazard: Hazard,
    positive: bool,
    observed_at: Moment,
    received_at: Moment,
    lat: Latitude,
    lon: Longitude,
    #[serde(default = "default_accuracy")]
    accuracy_m: Meters,
    #[serde(default = "default_firsthand")]
    firsthand: bool,
    #[serde(default)]
    photo: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    device: Option<String>,
    #[serde(default)]
    channel: Option<String>,
}

fn default_accuracy() -> Meters {
    Meters(500.0)
}

fn default_firsthand() -> bool {
    true
}

impl From<ReportLine> for Report {
    fn from(line: ReportLine) -> Self {
        // what staff typed in comes from their own device, which ties nobody
        let by_staff = matches!(line.channel.as_deref(), Some("staff" | "call"));
        Self {
            member: line.member,
            hazard: line.hazard,
            polarity: Polarity::of(line.positive),
            observed: line.observed_at,
            received: line.received_at,
            place: Place { lat: line.lat.0, lon: line.lon.0 },
            accuracy_m: line.accuracy_m.0,
            witness: if line.firsthand { Witness::Firsthand } else { Witness::Hearsay },
            photo: line.photo.as_deref().and_then(Fingerprint::parse),
            text: line.text.as_deref().and_then(Fingerprint::parse),
            device: line.device.as_deref().filter(|_| !by_staff).and_then(Fingerprint::parse),
        }
    }
}

#[derive(Deserialize)]
struct VerdictLine {
    t: Moment,
    hazard: Hazard,
    lat: Latitude,
    lon: Longitude,
    observed_at: Moment,
    verdict: bool,
}

impl From<VerdictLine> for Verdict {
    fn from(line: VerdictLine) -> Self {
        Self {
            at: line.t,
            hazard: line.hazard,
            place: Place { lat: line.lat.0, lon: line.lon.0 },
            observed: line.observed_at,
            finding: if line.verdict { Finding::True } else { Finding::False },
        }
    }
}

#[derive(Deserialize)]
struct AnswerLine {
    member: String,
    hazard: Hazard,
    observed_at: Moment,
    received_at: Moment,
    positive: bool,
}

impl From<AnswerLine> for Answer {
    fn from(line: AnswerLine) -> Self {
        Self {
            member: line.member,
            hazard: line.hazard,
            observed: line.observed_at,
            received: line.received_at,
            polarity: Polarity::of(line.positive),
        }
    }
}

#[derive(Deserialize)]
struct TickLine {
    t: Moment,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Alert { hazard: Hazard, lat: f64, lon: f64, p: f64, level: Level },
    Advisory { hazard: Hazard, lat: f64, lon: f64, p: f64, level: &'static str },
    Ask { member: &'a str, hazard: Hazard, lat: f64, lon: f64, observed_at: String },
    Next,
}

impl<'a> Line<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        match outcome {
            Outcome::Alert { hazard, place, p, level, .. } => Self::Alert {
                hazard: *hazard,
                lat: round(place.lat),
                lon: round(place.lon),
                p: *p,
                level: *level,
            },
            Outcome::Advisory { hazard, place, p, .. } => Self::Advisory {
                hazard: *hazard,
                lat: round(place.lat),
                lon: round(place.lon),
                p: *p,
                level: "advisory",
            },
            Outcome::Ask { member, hazard, place, observed, .. } => Self::Ask {
                member,
                hazard: *hazard,
                lat: round(place.lat),
                lon: round(place.lon),
                observed_at: local(*observed),
            },
        }
    }
}

/// Five decimals are about a meter.
fn round(degrees: f64) -> f64 {
    (degrees * 1e5).round() / 1e5
}

/// With an offset: not every reader takes the letter Z.
fn local(moment: Moment) -> String {
    moment.to_string().replace('Z', "+00:00")
}
