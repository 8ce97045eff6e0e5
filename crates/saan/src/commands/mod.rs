//! One file a command. A command has `Args` (what clap reads, with its help) and `run`.
//!
//! Results go to standard output, everything else to standard error. Exit status 0 done, 1 the work failed (with one
//! clear sentence in the reader's language), 2 the call is wrong.

mod analyze;
mod backup;
mod categorize;
mod corroborate;
mod demo;
mod export;
mod import;
#[path = "match_.rs"]
mod matching;
mod recommend;
mod say;
mod serve;
mod settings;
mod setup;
mod strengthen;

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use thai::Lang;

/// Saan (สาน) weaves networks of persons, groups and organizations.
#[derive(Debug, clap::Parser)]
#[command(name = "saan", version, about, long_about = None)]
pub struct Call {
    #[command(flatten)]
    pub globals: Globals,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Globals {
    /// Language of messages: th or en (default: the locale, else th)
    #[arg(long, global = true, value_parser = parse_lang)]
    pub lang: Option<Lang>,
    /// Folder of the store
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A database in place of the folder's own, as postgres://…
    #[arg(long, global = true, value_name = "URL", env = "SAAN_DATABASE")]
    pub database: Option<String>,
}

impl Globals {
    /// The language asked for, else the locale's, else Thai.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang.unwrap_or_else(locale)
    }
}

fn locale() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| Lang::from_tag(&value))
        .unwrap_or_default()
}

/// The language of a call that cannot be read otherwise.
fn lang_of_words(words: &[std::ffi::OsString]) -> Lang {
    let words: Vec<&str> = words.iter().filter_map(|word| word.to_str()).collect();
    let after = words.windows(2).find_map(|pair| match pair {
        ["--lang", tag] => Some(*tag),
        _ => None,
    });
    let joined = words.iter().find_map(|word| word.strip_prefix("--lang="));
    after.or(joined).and_then(Lang::from_tag).unwrap_or_else(locale)
}

fn parse_lang(tag: &str) -> Result<Lang, String> {
    Lang::from_tag(tag).ok_or_else(|| "th or en".to_owned())
}

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Brings in members, offers, needs, ties, contacts and activities from files
    Import(import::Args),
    /// Take a network out as files
    Export(export::Args),
    /// Measure a network
    Analyze(analyze::Args),
    /// Whom would each actor do well to meet
    Recommend(recommend::Args),
    /// Which introductions help the network most
    Strengthen(strengthen::Args),
    /// Which offers meet each need
    Match(matching::Args),
    /// Which category a text speaks of
    Categorize(categorize::Args),
    /// Reads reports, verdicts and answers as lines; prints alerts and asks
    Corroborate(corroborate::Args),
    /// Make the first operator and network of a new store
    Setup(setup::Args),
    /// Write the whole store into one file, while the server runs
    Backup(backup::FileArgs),
    /// Bring a backup back into an empty store
    Restore(backup::FileArgs),
    /// Name every fault of the store
    Check,
    /// Start the server
    Serve(serve::Args),
    /// Start the server on a fresh demo network
    Demo(demo::Args),
}

impl Call {
    /// Reads the call; a wrong one is told in the reader's language, with exit status 2.
    ///
    /// # Errors
    /// The exit status, once everything was said: 0 after help or the version, 2 after a wrong call.
    pub fn read() -> Result<Self, ExitCode> {
        let words: Vec<std::ffi::OsString> = std::env::args_os().collect();
        <Self as clap::Parser>::try_parse_from(&words).map_err(|error| {
            if let Some(sentence) = say::wrong_call(lang_of_words(&words), &error) {
                eprintln!("{sentence}");
                return ExitCode::from(2);
            }
            // nobody is left to tell when the output is closed
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        })
    }

    /// Runs the command that was called.
    pub fn run(&self) -> Result<(), Failure> {
        match &self.command {
            Command::Import(args) => import::run(args, &self.globals),
            Command::Export(args) => export::run(args, &self.globals),
            Command::Analyze(args) => analyze::run(args, &self.globals),
            Command::Recommend(args) => recommend::run(args, &self.globals),
            Command::Strengthen(args) => strengthen::run(args, &self.globals),
            Command::Match(args) => matching::run(args, &self.globals),
            Command::Categorize(args) => categorize::run(args, &self.globals),
            Command::Corroborate(args) => corroborate::run(args, &self.globals),
            Command::Setup(args) => setup::run(args, &self.globals),
            Command::Backup(args) => backup::backup(args, &self.globals),
            Command::Restore(args) => backup::restore(args, &self.globals),
            Command::Check => backup::check(&self.globals),
            Command::Serve(args) => serve::run(args, &self.globals),
            Command::Demo(args) => demo::run(args, &self.globals),
        }
    }
}

/// Why a command did not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The work failed; one clear sentence in the reader's language. Exit status 1.
    Work(String),
    /// The call is wrong. Exit status 2.
    Call(String),
}

impl Failure {
    pub fn code(&self) -> ExitCode {
        match self {
            Self::Work(_) => ExitCode::from(1),
            Self::Call(_) => ExitCode::from(2),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Work(sentence) | Self::Call(sentence) => f.write_str(sentence),
        }
    }
}
