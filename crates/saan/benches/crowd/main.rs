//! `cargo bench -p saan --bench crowd -- --members N (--data DIR | --database URL) --out FILE`: a network of made-up
//! people as large as is asked for, straight through the store's bulk insert, for `cargo xtask bench server`.
//!
//! Members live in real sub-districts (thai::places) and belong to the group of theirs; one in twenty offers something,
//! one in twenty needs something, and each has ties within and beyond the group. The same seed makes the same crowd.
//! What a load client needs to know (sessions, ids, words to search for) is written to `--out` as JSON.

mod digest;
mod people;
mod queries;
mod rows;
mod words;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;
use store::{Acting, Clock, Database, Micros, Settings};

/// How the crowd is made.
#[derive(Debug)]
struct Call {
    settings: Settings,
    /// The log of writes of SQLite.
    log: Option<PathBuf>,
    members: usize,
    ties: usize,
    out: PathBuf,
    /// How many members' summaries are measured; 0 for none.
    digest: usize,
}

/// People with a session in the file for the load client.
const SIGNED_IN: usize = 2_000;
/// Their names to sign in with are `person0` and so on.
const PASSWORD: &str = "saan-crowd";

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo bench` of the whole workspace and `cargo test --benches` call without a word
    if !arguments.iter().any(|argument| argument == "--members") {
        println!("crowd: nothing to make without --members N --out FILE and --data DIR or --database URL");
        return Ok(());
    }
    let call = read(&arguments)?;
    let started = Instant::now();
    let db = Database::open(&call.settings).map_err(|e| e.to_string())?;
    let made = make(&db, &call).map_err(|e| e.to_string())?;
    std::fs::write(&call.out, made.to_string()).map_err(|e| format!("{}: {e}", call.out.display()))?;
    println!("crowd: {} members in {:.1} s", call.members, started.elapsed().as_secs_f64());
    if call.digest == 0 {
        return Ok(());
    }
    let network = made.get("network").and_then(|id| id.as_str()?.parse().ok()).ok_or("no network")?;
    let people = made.get("digest").cloned().unwrap_or_default();
    let people: Vec<String> = serde_json::from_value(people).map_err(|e| e.to_string())?;
    let people: Vec<store::ids::ActorId> = people.iter().filter_map(|id| id.parse().ok()).collect();
    let ties = made.pointer("/counts/ties").and_then(serde_json::Value::as_u64).unwrap_or(0);
    drop(db);
    // two months later those one has ties with are due
    let later = Clock::fake(Clock::System.now().plus(60 * Micros::DAY));
    let db = Database::open(&call.settings.clone().with_clock(later)).map_err(|e| e.to_string())?;
    digest::run(&db, network, &people, ties * 2)
}

fn read(arguments: &[String]) -> Result<Call, String> {
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    };
    let number = |name: &str, otherwise: usize| match value(name) {
        Some(text) => text.parse::<usize>().map_err(|_| format!("{name} takes a number")),
        None => Ok(otherwise),
    };
    // a day back: nothing of the crowd is new to those who follow what changes
    let clock = Clock::fake(Clock::System.now().plus(-Micros::DAY));
    let settings = match (value("--data"), value("--database")) {
        (Some(folder), _) => Settings::folder(std::path::Path::new(folder)),
        (None, Some(url)) => Settings::postgresql(url),
        (None, None) => return Err("--data DIR or --database URL".to_owned()),
    };
    Ok(Call {
        settings: settings.with_clock(clock),
        log: value("--data").map(|folder| PathBuf::from(folder).join("saan.db-wal")),
        members: number("--members", 10_000)?,
        ties: number("--ties", 2)?,
        digest: number("--digest", 0)?,
        out: value("--out").map(PathBuf::from).ok_or("--out FILE")?,
    })
}

/// Waits until what was written stands in the database: somebody who writes without a break lets the log of SQLite grow to three
/// times the database.
fn rest(call: &Call) {
    let Some(log) = &call.log else { return };
    let until = Instant::now() + Duration::from_secs(60);
    while std::fs::metadata(log).is_ok_and(|log| log.len() > 64 << 20) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn make(db: &Database, call: &Call) -> Result<serde_json::Value, store::Error> {
    let system = Acting::system("crowd");
    let mut crowd = people::Crowd::begin(db, call.members, call.ties)?;
    let dropped = db.write(&system, |w| {
        let dropped = queries::drop_indexes(w, db.backend())?;
        w.record(&crowd.entry())?;
        w.finished(dropped)
    })?;
    // one thread makes rows, this one writes them
    let (send, receive) = std::sync::mpsc::sync_channel::<rows::Batch>(2);
    let crowd = std::thread::scope(|scope| {
        let maker = scope.spawn(move || {
            while let Some(batch) = crowd.next(db) {
                if send.send(batch).is_err() {
                    break;
                }
            }
            crowd
        });
        let mut written = 0;
        for mut batch in receive {
            db.write(&system, |w| {
                queries::trust(w, db.backend())?;
                batch.write(w)?;
                w.record(&people::entry(batch.network))?;
                w.finished(())
            })?;
            written += batch.members;
            if written % 100_000 < batch.members {
                println!("crowd: {written} members written");
                rest(call);
            }
        }
        maker.join().map_err(|_| store::Error::Fault("the maker of rows ended early".to_owned()))
    })?;
    println!("crowd: making the indexes");
    db.write(&system, |w| {
        queries::make_indexes(w, db.backend(), &dropped)?;
        queries::rhythms_begun(w)?;
        w.record(&crowd.entry())?;
        w.finished(())
    })?;
    let hash = app::joining::hash_password(PASSWORD)?;
    let now = Clock::System.now();
    let sessions = db.write(&system, |w| {
        let mut sessions = Vec::new();
        for (place, person) in crowd.callers(SIGNED_IN).into_iter().enumerate() {
            let account =
                app::joining::open_account_hashed(w, person, &format!("person{place}"), &hash, "th")?;
            let secret = store::sessions::begin(w, account, person, "crowd")?;
            queries::seen_now(w, &secret, now)?;
            sessions.push(json!({ "secret": secret, "member": person }));
        }
        w.finished(sessions)
    })?;
    Ok(json!({
        "network": crowd.network,
        "digest": crowd.callers(call.digest),
        "password": PASSWORD,
        "sessions": sessions,
        "members": crowd.some_members(2_000),
        "narrow": crowd.some_names(500),
        "broad": people::BROAD,
        "counts": crowd.counts(),
    }))
}
