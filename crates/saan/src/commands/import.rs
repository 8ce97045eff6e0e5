//! `saan import`: shows what files would make of a network, asks, and makes it.
//!
//! Everything is planned before anything is written: one refused file and nothing of any file is imported. Rejected
//! rows and open decisions are no failure.

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};

use app::{joining, networks, transfer};
use formats::intake::{Column, Formulas, Intake, Known, Mapping, Options, Plan, Suggested};
use formats::{Refusal, detect};
use network::vocabulary::NetworkOrigin;
use serde_json::json;
use store::ids::ActorId;
use store::{Acting, Database, Through, Viewer};
use thai::Lang;

use super::{Failure, Globals, serve};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Workbooks (.xlsx), tables (.csv), address books (.vcf) and calendars (.ics), resolved in this order
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The network that takes them in
    #[arg(long, value_name = "NAME")]
    network: String,
    /// Show what would be made, write nothing
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Do not ask; make the store and the network where they do not exist
    #[arg(long)]
    yes: bool,
    /// Make suggested duplicates one
    #[arg(long)]
    merge_suggested: bool,
    /// Cells that look like formulas have been looked at and are text
    #[arg(long)]
    formulas_are_text: bool,
    /// What a heading means, as "หัวตาราง=name"; an empty meaning leaves the column out
    #[arg(long = "column", value_name = "HEADING=COLUMN", value_parser = parse_column)]
    columns: Vec<(String, Option<Column>)>,
    /// One JSON object a file, a line each
    #[arg(long)]
    json: bool,
}

fn parse_column(text: &str) -> Result<(String, Option<Column>), String> {
    let (heading, column) = text.rsplit_once('=').ok_or("HEADING=COLUMN")?;
    if column.is_empty() {
        return Ok((heading.to_owned(), None));
    }
    let known = || Column::ALL.map(Column::code).join(", ");
    Column::from_code(column).map(|column| (heading.to_owned(), Some(column))).ok_or_else(known)
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let lang = globals.lang();
    let failed = |error: store::Error| serve::failed(lang, &error);
    let open = || serve::open(globals);
    // neither a dry run nor a refused file makes anything, not even a store
    let db = if exists(globals)? { Some(open()?) } else { None };
    let system = Viewer::System("import");
    let network = match &db {
        Some(db) => db.read(&system, |r| networks::found_by_name(r, &args.network)).map_err(failed)?,
        None => None,
    };
    let known = match (&db, network) {
        (Some(db), Some(network)) => db.read(&system, |r| transfer::known(r, network)).map_err(failed)?,
        _ => Known::default(),
    };
    let mut intake = Intake::new(&known, args.options());
    let plans = plan(args, &mut intake, lang)?;
    for plan in &plans {
        print(args, plan, lang)?;
    }
    if args.dry_run || (!args.yes && !confirmed(lang)?) {
        return Ok(());
    }
    let db = db.map_or_else(open, Ok)?;
    // before there is an operator the command itself acts
    let acting = db.read(&system, joining::operator).map_err(failed)?.unwrap_or(system);
    let acting = Acting::new(acting, Through::CommandLine);
    let network = match network {
        Some(network) => network,
        None => found(&db, &acting, &args.network).map_err(failed)?,
    };
    transfer::bring_in(&db, &acting, network, &known, &plans, None).map_err(failed)?;
    Ok(())
}

/// Whether there is a store to look at: a dry run on none works, and leaves none behind.
fn exists(globals: &Globals) -> Result<bool, Failure> {
    Ok(match globals.settings()?.backend {
        store::Backend::Folder(folder) => folder.join("saan.db").is_file(),
        store::Backend::Memory | store::Backend::PostgreSql(_) => true,
    })
}

/// Makes the network that does not exist yet, with the operator as its first coordinator.
fn found(db: &Database, acting: &Acting, name: &str) -> Result<ActorId, store::Error> {
    let founding = networks::Founding {
        name: name.to_owned(),
        about: String::new(),
        origin: NetworkOrigin::Grassroots,
        founder: acting.viewer.person(),
    };
    db.write(acting, |w| {
        let network = networks::found(w, &founding)?;
        w.finished(network)
    })
}

impl Args {
    fn options(&self) -> Options {
        let mut mapping = Mapping::default();
        for (heading, column) in &self.columns {
            mapping.set(heading, *column);
        }
        Options {
            mapping,
            suggested: if self.merge_suggested { Suggested::Merged } else { Suggested::Apart },
            formulas: if self.formulas_are_text { Formulas::AsText } else { Formulas::Refuse },
        }
    }
}

/// Plans every file. A refused one is told, and then nothing of any file is imported.
fn plan(args: &Args, intake: &mut Intake, lang: Lang) -> Result<Vec<Plan>, Failure> {
    let mut plans = Vec::new();
    let mut refused: Vec<String> = Vec::new();
    for path in &args.files {
        let name = file_name(path);
        let bytes = read(path, lang)?;
        match intake.read(&name, &bytes) {
            Ok(plan) => plans.push(plan),
            Err(refusal) => {
                let message = refusal.message(lang);
                if args.json {
                    write_line(
                        &json!({"file": name, "error": refusal.code(), "message": message}).to_string(),
                    )?;
                }
                refused.push(format!("{}: {message}", path.display()));
            }
        }
    }
    if refused.is_empty() { Ok(plans) } else { Err(Failure::Work(refused.join("\n"))) }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Reads a file, but none that is too large to be looked at.
fn read(path: &Path, lang: Lang) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| {
        let sentence = match lang {
            Lang::Thai => "เปิดไฟล์ไม่ได้",
            Lang::English => "the file cannot be read",
        };
        Failure::Work(format!("{}: {sentence} ({error})", path.display()))
    };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if usize::try_from(length).is_ok_and(|length| length <= detect::LARGEST_FILE) {
        std::fs::read(path).map_err(unreadable)
    } else {
        Err(Failure::Work(format!("{}: {}", path.display(), Refusal::TooMany.message(lang))))
    }
}

fn print(args: &Args, plan: &Plan, lang: Lang) -> Result<(), Failure> {
    if args.json { write_line(&plan.report().to_string()) } else { write_line(plan.preview(lang).trim_end()) }
}

fn write_line(text: &str) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{text}").map_err(|error| Failure::Work(error.to_string()))
}

/// Asks on standard error, so that what is printed stays what was asked for; no answer is no.
fn confirmed(lang: Lang) -> Result<bool, Failure> {
    let question = match lang {
        Lang::Thai => "นำเข้าตามนี้ไหม [ใช่/ไม่] ",
        Lang::English => "import this? [yes/no] ",
    };
    eprint!("{question}");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::Work(error.to_string()))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "ใช่" | "ตกลง"))
}
