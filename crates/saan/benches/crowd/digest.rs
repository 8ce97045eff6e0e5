//! The morning on which everybody's summary is due: so many members with a proved address, each with lines they have not
//! read and people it is time to be in touch with. How long it takes until every letter is written, and until every one
//! has left to a mail server on the same machine.

use std::sync::Arc;
use std::time::Instant;

use store::ids::{AccountId, ActorId};
use store::{Acting, Database, Error};
use testing::smtp::{Manner, Scripted};

use super::{PASSWORD, queries};

/// Lines each has not read.
const LINES: usize = 3;
/// Members prepared in one transaction.
const AT_ONCE: usize = 500;

/// Opens an account with a proved address for each and tells them something.
fn prepare(db: &Database, network: ActorId, members: &[ActorId]) -> Result<(), Error> {
    let hash = app::joining::hash_password(PASSWORD)?;
    for (round, some) in members.chunks(AT_ONCE).enumerate() {
        db.write(&Acting::system("crowd"), |w| {
            for (place, person) in some.iter().enumerate() {
                let name = format!("digest{}", round * AT_ONCE + place);
                let account: AccountId = match queries::account_of(w, *person)? {
                    Some(account) => account,
                    None => app::joining::open_account_hashed(w, *person, &name, &hash, "th")?,
                };
                queries::prove(w, account, &format!("{name}@example.org"))?;
                app::notices::begin_letters(w, *person)?;
                for line in 0..LINES {
                    // somebody else of the same chunk did it
                    let about = some.get((place + line + 1) % some.len()).copied();
                    let words = "ช่วยพายายไปโรงพยาบาลวันพฤหัสบดี";
                    app::notices::tell(w, *person, "giving_reply", 1, about, words)?;
                }
            }
            w.record(&super::people::entry(network))?;
            w.finished(())
        })?;
    }
    // begun, and due now
    db.bookkeeping("crowd", queries::due_now)
}

/// Measures it, on a store whose clock stands so much later that rhythms are due; one line for each step.
pub fn run(db: &Database, network: ActorId, members: &[ActorId], cares: u64) -> Result<(), String> {
    let failed = |error: Error| error.to_string();
    prepare(db, network, members).map_err(failed)?;
    let began = Instant::now();
    let mut written = 0;
    loop {
        let round = app::notices::write_letters(db, "https://saan.example", saan::server::router::REMINDERS)
            .map_err(failed)?;
        if round == 0 {
            break;
        }
        written += round;
    }
    let wrote = began.elapsed().as_secs_f64();
    let peer = Scripted::start(&[Manner::Takes]);
    let email = post::Email::new(&post::SmtpSettings {
        host: "127.0.0.1".into(),
        port: Some(peer.address.port()),
        tls: post::Security::None,
        from: "saan@example.org".into(),
        ..post::SmtpSettings::default()
    });
    let carrier = post::Carrier::default().with(Arc::new(email.map_err(|e| e.to_string())?));
    let began = Instant::now();
    let mut sent = 0;
    loop {
        let carried = carrier.carry(db).map_err(failed)?;
        if carried == post::Carried::default() {
            break;
        }
        sent += carried.sent;
    }
    let people = peer.received().iter().filter(|letter| letter.len() > 1_000).count();
    println!(
        "| digest of {} members ({cares} rhythms begun, {LINES} unread lines each): written | {wrote:.1} s ({written} letters) | < 60 s |",
        members.len()
    );
    println!(
        "| … and taken by a mail server on the same machine, one connection each, eight at once | {:.1} s ({sent} letters, {people} with words) | – |",
        began.elapsed().as_secs_f64()
    );
    Ok(())
}
