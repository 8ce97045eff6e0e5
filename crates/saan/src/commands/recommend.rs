//! `saan recommend`: whom would each actor do well to meet, a line of JSON an actor.

use std::collections::BTreeSet;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use graph::read::{self, Actors, Times};
use graph::recommend::{Columns, History, Recommender, Search, Suggestion, Why};
use thai::Lang;

use super::analyze::faults;
use super::{Failure, Globals};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Contacts: source,target and optionally time, weight; more rows for a pair are more contact
    #[arg(value_name = "EVENTS.csv")]
    events: PathBuf,
    /// How many suggestions an actor
    #[arg(short = 'k', default_value_t = 10)]
    k: usize,
    /// Actors: id, then columns of their traits
    #[arg(long, value_name = "ACTORS.csv")]
    actors: Option<PathBuf>,
    /// The column that names each actor's group
    #[arg(long, value_name = "COLUMN", requires = "actors")]
    group: Option<String>,
    /// Only for these actors, an id a line
    #[arg(long = "for", value_name = "IDS.txt")]
    only: Option<PathBuf>,
    /// Leave out the reasons
    #[arg(long)]
    no_why: bool,
    /// One JSON object an actor (the only form there is)
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let lang = globals.lang();
    let refused = |error: read::ReadError| Failure::Work(faults::sentence(&error, lang));
    let known = match &args.actors {
        Some(path) => Some(read::actors(path).map_err(refused)?),
        None => None,
    };
    let ties = read::ties(&args.events, known, Times::Read).map_err(refused)?;
    let groups = groups(&ties.actors, args.group.as_deref(), lang)?;
    let columns = Columns {
        sources: &ties.sources,
        targets: &ties.targets,
        weights: &ties.weights,
        times: &ties.times,
    };
    let history =
        History::new(ties.actors.len(), columns).map_err(|error| Failure::Work(error.to_string()))?;
    let asked = asked(args.only.as_deref(), &ties.actors, lang)?;
    let read::Ties { actors, .. } = ties;
    let recommender = Recommender::learn(&history, &groups);
    drop(history);
    let why = if args.no_why { Why::None } else { Why::FirstTen };
    let call = Call { recommender, actors, k: args.k, why };
    let mut out = BufWriter::new(io::stdout().lock());
    match call.print(&asked, &mut out).and_then(|()| out.flush()) {
        // whoever reads has read enough
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::Work(error.to_string())),
        Ok(()) => Ok(()),
    }
}

/// Each actor's group, or none.
pub(super) fn groups(actors: &Actors, column: Option<&str>, lang: Lang) -> Result<Vec<u32>, Failure> {
    let Some(name) = column else { return Ok(Vec::new()) };
    match actors.column(name) {
        Some(column) => Ok(column.codes.clone()),
        None => Err(Failure::Call(match lang {
            Lang::Thai => format!("ตารางสมาชิกไม่มีคอลัมน์ “{name}”"),
            Lang::English => format!("the table of actors has no column \"{name}\""),
        })),
    }
}

/// The actors to answer for: all, or those in the file.
fn asked(only: Option<&Path>, actors: &Actors, lang: Lang) -> Result<Vec<u32>, Failure> {
    let Some(path) = only else { return Ok((0..actors.len() as u32).collect()) };
    let file = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| Failure::Work(format!("{file}: {error}")))?;
    let mut asked = Vec::new();
    let mut before = BTreeSet::new();
    for (line, id) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let id = id.trim();
        if id.is_empty() {
            continue;
        }
        let Some(actor) = actors.ids.find(id) else {
            let line = line + 1;
            return Err(Failure::Work(match lang {
                Lang::Thai => format!("{file} บรรทัด {line}: ไม่รู้จัก “{id}”"),
                Lang::English => format!("{file}, line {line}, column 1: there is no actor \"{id}\""),
            }));
        };
        if before.insert(actor) {
            asked.push(actor);
        }
    }
    Ok(asked)
}

/// What every thread needs to answer.
struct Call {
    recommender: Recommender,
    actors: Actors,
    k: usize,
    why: Why,
}

/// Actors a thread answers for before their lines are written.
const BATCH: usize = 256;

impl Call {
    /// Writes a line an actor in the order asked, whichever thread is done first.
    fn print(&self, asked: &[u32], out: &mut impl Write) -> io::Result<()> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let mut searches: Vec<(Search, Vec<u8>)> =
            (0..threads).map(|_| (self.recommender.search(), Vec::new())).collect();
        for block in asked.chunks(BATCH * threads) {
            let parts: Vec<&[u32]> = block.chunks(BATCH).collect();
            std::thread::scope(|scope| {
                for ((search, lines), part) in searches.iter_mut().zip(&parts) {
                    scope.spawn(move || {
                        lines.clear();
                        for &actor in *part {
                            let found = self.recommender.suggest(search, actor, self.k, self.why);
                            self.line(actor, &found, lines);
                        }
                    });
                }
            });
            for (_, lines) in searches.iter().take(parts.len()) {
                out.write_all(lines)?;
            }
        }
        Ok(())
    }

    fn line(&self, actor: u32, found: &[Suggestion], line: &mut Vec<u8>) {
        line.extend_from_slice(b"{\"actor\":");
        self.id(actor, line);
        line.extend_from_slice(b",\"suggest\":[");
        for (place, suggestion) in found.iter().enumerate() {
            if place > 0 {
                line.push(b',');
            }
            line.extend_from_slice(b"{\"id\":");
            self.id(suggestion.actor, line);
            line.extend_from_slice(b",\"score\":");
            number(suggestion.score, line);
            if self.why == Why::FirstTen && place < 10 {
                self.reasons(suggestion, line);
            }
            line.push(b'}');
        }
        line.extend_from_slice(b"]}\n");
    }

    fn reasons(&self, suggestion: &Suggestion, line: &mut Vec<u8>) {
        line.extend_from_slice(b",\"why\":[");
        for (place, term) in suggestion.why.iter().enumerate() {
            if place > 0 {
                line.push(b',');
            }
            line.extend_from_slice(b"{\"cause\":\"");
            line.extend_from_slice(term.cause.name().as_bytes());
            line.extend_from_slice(b"\",\"weight\":");
            number(term.weight, line);
            line.extend_from_slice(b",\"with\":[");
            for (place, &with) in term.with.iter().enumerate() {
                if place > 0 {
                    line.push(b',');
                }
                self.id(with, line);
            }
            line.extend_from_slice(b"]}");
        }
        line.push(b']');
    }

    fn id(&self, actor: u32, line: &mut Vec<u8>) {
        let id = self.actors.ids.get(actor).unwrap_or_default();
        // writing to memory does not fail
        drop(serde_json::to_writer(line, id));
    }
}

/// Scores are finite; six digits behind the point tell apart all that differ.
fn number(value: f32, line: &mut Vec<u8>) {
    drop(write!(line, "{value:.6}"));
}
