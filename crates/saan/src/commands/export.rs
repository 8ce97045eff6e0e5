//! `saan export`: takes a network out, as one of its members may see it.

use std::path::PathBuf;

use app::{networks, transfer};
use store::{Viewer, ids::AccountId};
use thai::Lang;

use super::{Failure, Globals, say, serve};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The network to take out
    #[arg(long, value_name = "NAME")]
    network: String,
    /// As this member may see it: name, nickname or user name (default: the operator, all but private notes and ballots)
    #[arg(long = "as", value_name = "MEMBER")]
    as_member: Option<String>,
    /// xlsx, csv (a zip of tables), graphml, gexf, kumu, vcf, ics or json
    #[arg(long, value_parser = format)]
    format: transfer::Format,
    /// Where to write it
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
}

fn format(word: &str) -> Result<transfer::Format, String> {
    transfer::Format::from_word(word).ok_or_else(|| {
        transfer::Format::ALL.iter().map(|format| format.word()).collect::<Vec<_>>().join(", ")
    })
}

pub fn run(args: &Args, globals: &Globals) -> Result<(), Failure> {
    let lang = globals.lang();
    let db = serve::open_existing(globals)?;
    let failed = |e: store::Error| serve::failed(lang, &e);
    let system = Viewer::System("export");
    let missing = |what: &str| {
        Failure::Work(match lang {
            Lang::Thai => format!("ไม่พบ {what}"),
            Lang::English => format!("there is no {what}"),
        })
    };
    let network = db
        .read(&system, |r| networks::found_by_name(r, &args.network))
        .map_err(failed)?
        .ok_or_else(|| missing(&args.network))?;
    let viewer = match &args.as_member {
        None => system,
        Some(name) => {
            let member =
                db.read(&system, |r| transfer::member_named(r, network, name)).map_err(
                    |error| match error {
                        store::Error::NotFound => missing(name),
                        other => failed(other),
                    },
                )?;
            Viewer::Member { account: AccountId(0), person: member, acting_as: member, operator: false }
        }
    };
    let gathered = db.snapshot(&viewer, |r| transfer::gather(r, network, lang)).map_err(failed)?;
    let bytes = transfer::write(&gathered, args.format, lang).map_err(failed)?;
    std::fs::write(&args.out, bytes)
        .map_err(|e| Failure::Work(say::file_error(lang, &args.out.display(), &e)))
}
