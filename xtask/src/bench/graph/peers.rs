//! Figures of other libraries, from a script that times them.
//!
//! It is run as `SCRIPT worker LIBRARY NAME 1 MEASURES` with the folder in `SNA_DATA`, and prints lines of JSON: `start`
//! when a measure begins; `metric`, `cpu`, `value` and `rss` when it is done; `done` at the end. A measure that takes more
//! than `SAAN_PEER_SECONDS` of CPU (default 150) is given up, and the script is run again for those behind it. Of the
//! libraries only those in `SAAN_PEER_LIBRARIES` are asked, if that is given (parted by commas).

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use serde_json::{Value as Json, json};

const LIBRARIES: [&str; 7] =
    ["scipy", "graphtool", "rustworkx", "networkit", "igraph", "leidenalg", "networkx"];

/// One figure: whose, of what, CPU seconds and its check value; or why there is none.
pub struct Figure {
    library: String,
    pub metric: String,
    /// Not a number where the measure was not completed.
    pub cpu: f64,
    pub value: String,
    /// The most memory held, in MB.
    pub rss: f64,
    error: String,
}

impl Figure {
    pub fn ours(metric: &str, cpu: f64, value: String, rss: f64) -> Self {
        Self { library: "ours".to_owned(), metric: metric.to_owned(), cpu, value, rss, error: String::new() }
    }

    fn of(line: &Json) -> Option<Self> {
        let text = |key: &str| line.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let number = |key: &str| line.get(key).and_then(Json::as_f64).unwrap_or(f64::NAN);
        let value = line.get("value").map(Json::to_string).unwrap_or_default();
        line.get("metric")?;
        Some(Self {
            library: text("lib"),
            metric: text("metric"),
            cpu: number("cpu"),
            value,
            rss: number("rss"),
            error: text("error"),
        })
    }

    /// The modularity named in the check value, if any.
    pub fn modularity(&self) -> Option<f64> {
        let from = self.value.split_once("\"Q\":").or_else(|| self.value.split_once("Q "))?.1;
        let digits = from.trim_start();
        let end = digits.find(|c: char| !(c.is_ascii_digit() || ".-e".contains(c))).unwrap_or(digits.len());
        digits.get(..end)?.parse().ok()
    }

    pub fn short(&self) -> String {
        let quality = self.modularity().map_or(String::new(), |q| format!(" (Q {q:.5})"));
        format!("{} {} {:.4}{quality}", self.library, self.metric, self.cpu)
    }

    /// Where there is no figure: whose, of what and why.
    pub fn why_not(&self) -> Option<String> {
        (!self.error.is_empty()).then(|| format!("{} {}: {}", self.library, self.metric, self.error))
    }
}

/// The most memory each library held, in MB.
pub fn memory(figures: &[Figure]) -> String {
    let of = |library: &str| {
        let held = figures.iter().filter(|figure| figure.library == library).map(|figure| figure.rss);
        held.fold(f64::NAN, f64::max)
    };
    let parts: Vec<String> = LIBRARIES
        .iter()
        .map(|&library| (library, of(library)))
        .filter(|(_, held)| held.is_finite())
        .map(|(library, held)| format!("{library} {held:.0} MB"))
        .collect();
    parts.join(", ")
}

/// Figures of an earlier run.
pub fn kept(file: &Path) -> Result<Vec<Figure>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(text.lines().filter_map(|line| Figure::of(&serde_json::from_str(line).ok()?)).collect())
}

/// Figures of a new run, kept beside the network.
pub fn measured(script: &str, folder: &str, name: &str, metrics: &[&str]) -> Result<Vec<Figure>, String> {
    let file = Path::new(folder).join(format!("{name}.peers.jsonl"));
    let mut keep = std::fs::File::create(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut figures = Vec::new();
    let asked = std::env::var("SAAN_PEER_LIBRARIES").ok();
    let is_asked = |library: &&str| {
        asked.as_deref().is_none_or(|asked| asked.split(',').any(|name| name.trim() == *library))
    };
    for library in LIBRARIES.into_iter().filter(is_asked) {
        let mut left: Vec<&str> = metrics.to_vec();
        while !left.is_empty() {
            let mut run = Run::new(script, library, folder, name, &left)?;
            let mut note = |line: Json| {
                eprintln!("{line}");
                figures.extend(Figure::of(&line));
                writeln!(keep, "{line}").map_err(|error| format!("{}: {error}", file.display()))
            };
            while let Some(line) = run.next() {
                note(line)?;
            }
            if run.done {
                break;
            }
            let failed = run.present.clone().unwrap_or_else(|| "load".to_owned());
            note(json!({ "lib": library, "metric": failed, "error": run.why() }))?;
            // what it was given up at and what came before it are not asked for again
            let Some(at) = left.iter().position(|&metric| metric == failed) else { break };
            left.drain(..=at);
        }
    }
    Ok(figures)
}

/// One run of the script.
struct Run {
    library: String,
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
    /// the measure it is at, and the CPU seconds taken when that began
    present: Option<String>,
    since: f64,
    most: f64,
    given_up: bool,
    done: bool,
}

impl Run {
    fn new(script: &str, library: &str, folder: &str, name: &str, metrics: &[&str]) -> Result<Self, String> {
        let python = std::env::var("SAAN_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let python = match std::env::var("SAAN_GRAPHTOOL_PYTHON") {
            Ok(other) if library == "graphtool" => other,
            _ => python,
        };
        let mut child = Command::new(&python)
            .args([script, "worker", library, name, "1", &metrics.join(",")])
            .env("SNA_DATA", folder)
            .envs(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"].map(|name| (name, "1")))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{python} cannot be run: {error}"))?;
        let output = child.stdout.take().ok_or("no output to read")?;
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        let most =
            std::env::var("SAAN_PEER_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(150.0);
        Ok(Self {
            library: library.to_owned(),
            child,
            lines,
            present: None,
            since: 0.0,
            most,
            given_up: false,
            done: false,
        })
    }

    /// The next figure; none when the script has ended or is given up.
    fn next(&mut self) -> Option<Json> {
        loop {
            match self.lines.recv_timeout(Duration::from_millis(200)) {
                Ok(line) => {
                    let Ok(Json::Object(mut line)) = serde_json::from_str(&line) else { continue };
                    self.since = self.cpu_seconds();
                    if let Some(begun) = line.get("start").and_then(Json::as_str) {
                        self.present = Some(begun.to_owned());
                        continue;
                    }
                    self.done |= line.contains_key("done");
                    line.insert("lib".to_owned(), json!(self.library));
                    return Some(Json::Object(line));
                }
                // reading the network may take three times as long as one measure
                Err(RecvTimeoutError::Timeout) => {
                    let most = if self.present.is_none() { 3.0 * self.most } else { self.most };
                    if self.cpu_seconds() - self.since > most {
                        self.given_up = true;
                        self.end();
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.end();
                    return None;
                }
            }
        }
    }

    /// Ends the script, whether it has ended by itself or not.
    fn end(&mut self) {
        if self.child.kill().and_then(|()| self.child.wait()).is_err() {
            eprintln!("{}: the script could not be ended", self.library);
        }
    }

    fn why(&self) -> String {
        if self.given_up { format!("more than {} CPU seconds", self.most) } else { "ended early".to_owned() }
    }

    /// CPU seconds of the script so far, in the hundredths that the system counts.
    fn cpu_seconds(&self) -> f64 {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let behind_name = text.rsplit_once(')').map_or("", |(_, rest)| rest);
        let ticks = |field: usize| {
            let field = behind_name.split_ascii_whitespace().nth(field);
            field.and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0)
        };
        (ticks(11) + ticks(12)) / 100.0
    }
}
