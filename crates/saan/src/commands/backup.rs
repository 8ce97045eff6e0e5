//! `saan backup`, `saan restore`, `saan check`: one file of the whole store, back into an empty one, and whether all is
//! well.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::PathBuf;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use store::{Database, dump, soundness};
use thai::Lang;

use super::{Failure, Globals, say, serve};

#[derive(Debug, clap::Args)]
pub struct FileArgs {
    /// The backup file
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// Takes a backup while others may go on writing. The file appears under its name only when it is whole.
pub fn backup(args: &FileArgs, globals: &Globals) -> Result<(), Failure> {
    let db = serve::open_existing(globals)?;
    let failed =
        |e: dump::DumpError| Failure::Work(say::not_backed_up(globals.lang(), &args.file.display(), &e));
    let partial = args.file.with_extension("partial");
    let made = || -> Result<u64, dump::DumpError> {
        let mut out = GzEncoder::new(BufWriter::new(File::create(&partial)?), Compression::default());
        let rows = dump::write(&db, &mut out)?;
        let mut file = out.finish()?;
        file.flush()?;
        file.get_ref().sync_all()?;
        std::fs::rename(&partial, &args.file)?;
        Ok(rows)
    };
    let rows = made().inspect_err(|_| {
        // half a backup is none
        let _ = std::fs::remove_file(&partial);
    });
    let rows = rows.map_err(failed)?;
    match globals.lang() {
        Lang::Thai => eprintln!("สำรองข้อมูลแล้ว {rows} แถว ไว้ที่ {}", args.file.display()),
        Lang::English => eprintln!("backed up {rows} rows to {}", args.file.display()),
    }
    Ok(())
}

/// Brings a backup back into an empty store of either database.
pub fn restore(args: &FileArgs, globals: &Globals) -> Result<(), Failure> {
    // a mistyped name makes no store
    File::open(&args.file).map_err(|e| {
        Failure::Work(say::not_restored(globals.lang(), &args.file.display(), &dump::DumpError::File(e)))
    })?;
    let db: std::sync::Arc<Database> = serve::open(globals)?;
    let rows =
        dump::restore(&db, || Ok(BufReader::new(GzDecoder::new(BufReader::new(File::open(&args.file)?)))))
            .map_err(|e| Failure::Work(say::not_restored(globals.lang(), &args.file.display(), &e)))?;
    match globals.lang() {
        Lang::Thai => eprintln!("กู้คืนแล้ว {rows} แถว"),
        Lang::English => eprintln!("restored {rows} rows"),
    }
    Ok(())
}

/// Names every fault of the store, a line each; exit status 1 if there is one.
pub fn check(globals: &Globals) -> Result<(), Failure> {
    let db = serve::open_existing(globals)?;
    let failed = |e: store::Error| serve::failed(globals.lang(), &e);
    let mut faults = soundness::check(&db).map_err(failed)?;
    faults.extend(app::search::faults(&db).map_err(failed)?);
    for fault in &faults {
        println!("{}", if globals.lang() == Lang::Thai { &fault.thai } else { &fault.english });
    }
    match (faults.is_empty(), globals.lang()) {
        (true, Lang::Thai) => eprintln!("ข้อมูลครบถ้วนดี"),
        (true, Lang::English) => eprintln!("everything is in order"),
        (false, Lang::Thai) => return Err(Failure::Work(format!("พบข้อผิดพลาด {} จุด", faults.len()))),
        (false, Lang::English) => return Err(Failure::Work(format!("{} faults found", faults.len()))),
    }
    Ok(())
}
