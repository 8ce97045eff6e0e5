//! `saan analyze`: measures a network given as CSV files and prints the figures as JSON, or as a report that a
//! coordinator can read.

pub(super) mod faults;
mod json;
mod report;
mod words;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use graph::Direction;
use graph::measures::{Analysis, Exactness, MEASURES, Measure, Outcome, Threads, named, of_all};
use graph::read::{self, Actors, Column, Times};
use thai::Lang;

use super::{Failure, Globals};

/// What the command line takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ties: a CSV with source,target and optionally weight
    #[arg(value_name = "TIES.csv")]
    ties: PathBuf,
    /// Actors: a CSV with id and then columns of traits; actors without ties are named here
    #[arg(long, value_name = "ACTORS.csv")]
    actors: Option<PathBuf>,
    /// A tie is the same from both ends
    #[arg(long)]
    undirected: bool,
    /// Names of measures, or all
    #[arg(long, value_delimiter = ',', default_value = "all", value_name = "NAMES")]
    measures: Vec<String>,
    /// A column of ACTORS.csv to group actors by; may be given more than once
    #[arg(long, value_name = "COLUMN")]
    group: Vec<String>,
    /// Exact values however long they take
    #[arg(long)]
    exact: bool,
    /// One JSON object in place of the report
    #[arg(long)]
    json: bool,
}

/// A measure with the column it is computed for, and its value.
struct Figure {
    measure: &'static Measure,
    column: Option<String>,
    outcome: Outcome,
}

impl Figure {
    /// The name under which the contract has it.
    fn name(&self) -> String {
        match &self.column {
            Some(column) => format!("{}[{column}]", self.measure.name),
            None => self.measure.name.to_owned(),
        }
    }
}

/// What was read and what was found.
struct Findings {
    actors: Actors,
    ties: usize,
    directed: bool,
    dropped: graph::Dropped,
    figures: Vec<Figure>,
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let lang = globals.lang();
    // a wrong call is told before a large file is read
    check_names(&args.measures, lang)?;
    let findings = measured(args, lang)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let written = if args.json {
        json::write(&findings, &mut output)
    } else {
        report::write(&findings, lang, &mut output)
    };
    match written.and_then(|()| output.flush()) {
        // whoever reads may stop when it has seen enough
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::Work(faults::cannot_write(&error, lang))),
        Ok(()) => Ok(()),
    }
}

fn measured(args: &Args, lang: Lang) -> Result<Findings, Failure> {
    let direction = if args.undirected { Direction::Undirected } else { Direction::Directed };
    let refused = |error: read::ReadError| Failure::Work(faults::sentence(&error, lang));
    let actors = args.actors.as_deref().map(read::actors).transpose().map_err(refused)?;
    let wanted = wanted(args, actors.as_ref(), lang)?;
    let respondent = actors
        .as_ref()
        .and_then(|actors| actors.column("respondent"))
        .map(|column| answered(column).ok_or_else(|| Failure::Work(faults::respondent(column, lang))));
    let respondent = respondent.transpose()?;

    let ties = read::ties(&args.ties, actors, Times::Ignored).map_err(refused)?;
    let (graph, actors) = ties.network(direction).map_err(refused)?;
    let (tie_count, dropped) = (graph.ties(), graph.dropped());
    let exactness = if args.exact { Exactness::Exact } else { Exactness::Approximate };
    let mut analysis = Analysis::new(graph, exactness);
    if let Some(respondent) = respondent {
        analysis.answered_by(respondent);
    }
    let mut asked = Vec::new();
    let mut columns_asked = Vec::new();
    for (measure, columns) in wanted {
        if columns.is_empty() {
            asked.push((measure, None));
            columns_asked.push(None);
        }
        for name in columns {
            let Some(column) = actors.column(&name) else { continue };
            asked.push((measure, Some(analysis.trait_of(column))));
            columns_asked.push(Some(name));
        }
    }
    let outcomes = of_all(&analysis, &asked, Threads::of_machine());
    let figures = asked.into_iter().zip(columns_asked).zip(outcomes);
    let figures = figures
        .filter_map(|(((measure, _), column), outcome)| Some(Figure { measure, column, outcome: outcome? }))
        .collect();
    Ok(Findings { actors, ties: tie_count, directed: !args.undirected, dropped, figures })
}

/// Splits `name[column]`.
fn parted(name: &str) -> (&str, Option<&str>) {
    match name.split_once('[') {
        Some((plain, rest)) => (plain, Some(rest.strip_suffix(']').unwrap_or(rest))),
        None => (name, None),
    }
}

fn check_names(names: &[String], lang: Lang) -> Result<(), Failure> {
    for name in names {
        let (plain, column) = parted(name.trim());
        match named(plain) {
            _ if plain == "all" && column.is_none() => {}
            Some(measure) if column.is_none() || measure.needs.a_trait() => {}
            _ => return Err(Failure::Call(faults::no_measure(name, lang))),
        }
    }
    Ok(())
}

/// The measures asked for in the order of [`MEASURES`], each with the columns it is wanted for (none where it needs
/// no column).
fn wanted(
    args: &Args,
    actors: Option<&Actors>,
    lang: Lang,
) -> Result<Vec<(&'static Measure, Vec<String>)>, Failure> {
    let known = |name: &str| actors.is_some_and(|actors| actors.column(name).is_some());
    let named_columns = args.measures.iter().filter_map(|name| parted(name.trim()).1);
    for column in args.group.iter().map(String::as_str).chain(named_columns) {
        if !known(column) {
            return Err(Failure::Call(faults::no_column(column, args.actors.as_deref(), lang)));
        }
    }
    let mut wanted = Vec::new();
    for measure in MEASURES {
        if args.undirected && measure.needs.direction() {
            continue;
        }
        let mut asked = false;
        let mut columns: Vec<String> = Vec::new();
        for name in &args.measures {
            let (plain, column) = parted(name.trim());
            let all = plain == "all";
            if !all && plain != measure.name {
                continue;
            }
            let for_columns = match column {
                Some(column) => vec![column.to_owned()],
                None => args.group.clone(),
            };
            if measure.needs.a_trait() && for_columns.is_empty() && !all {
                return Err(Failure::Call(faults::needs_column(measure.name, lang)));
            }
            asked |= !measure.needs.a_trait() || !for_columns.is_empty();
            columns.extend(for_columns);
        }
        if asked {
            if !measure.needs.a_trait() {
                columns.clear();
            }
            columns.sort_by_key(|column| args.group.iter().position(|group| group == column));
            columns.dedup();
            wanted.push((measure, columns));
        }
    }
    Ok(wanted)
}

/// Who answered, from a column of 1 and 0; an empty cell means not. None where a cell says anything else.
fn answered(column: &Column) -> Option<Vec<bool>> {
    let of_label = |code: &u32| match column.labels.get(*code)? {
        "1" => Some(true),
        "0" | "" => Some(false),
        _ => None,
    };
    column.codes.iter().map(of_label).collect()
}
