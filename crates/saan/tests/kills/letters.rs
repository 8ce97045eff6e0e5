//! The program is killed between what happened, the line that tells of it, its letter, and the mail server's answer: no
//! line is lost, none is in two letters, and a letter whose fate nobody knows waits for a person.

use std::collections::BTreeMap;
use std::time::Duration;

use store::{Clock, Database, Error, Viewer, params};
use testing::Fresh;
use testing::smtp::{Manner, Scripted};

use super::{Browser, Program, kills};

/// The member reads letters at once and at any hour; answers the member's id.
fn wants_letters(db: &Database) -> String {
    let person: store::ids::ActorId = db
        .bookkeeping::<_, Error>("test", |w| {
            let (account, person): (i64, store::ids::ActorId) = w.one(
                "SELECT a.id, a.person_id FROM account a JOIN account_name n ON n.account_id = a.id \
                 WHERE n.name = 'member'",
                &[],
            )?;
            w.execute(
                "INSERT INTO account_name (kind, name, account_id, confirmed_at) \
                 VALUES ('email', 'nan@example.org', $1, 1)",
                params![account],
            )?;
            w.execute(
                "INSERT INTO telling_hours (actor_id, zone, quiet_from, quiet_until, weekday, next_at) \
                 VALUES ($1, 'Asia/Bangkok', 0, 0, 1, 0) ON CONFLICT (actor_id) \
                 DO UPDATE SET quiet_from = 0, quiet_until = 0",
                params![person],
            )?;
            let id = w.new_id();
            w.execute(
                "INSERT INTO telling (id, actor_id, scope, about_id, topic, channel, timing, updated_at) \
                 VALUES ($1, $2, 'default', 0, '', 'email', 'at_once', 0)",
                params![id, person],
            )?;
            Ok(person)
        })
        .unwrap();
    person.to_string()
}

/// Refers one thing after the other until the program is gone. Answers the titles that were answered with yes, and one
/// that may have been.
fn refer(browser: &mut Browser, to: &str, first: u64) -> (Vec<String>, String) {
    let mut done = Vec::new();
    for number in first.. {
        let title = format!("REF{number:06}END");
        let once = format!("refer-{number}");
        let form = [
            ("once", once.as_str()),
            ("do", "send"),
            ("to", to),
            ("title", title.as_str()),
            ("reason", "แผลใหญ่ขึ้น"),
            ("days", "7"),
            ("urgent", "1"),
        ];
        match browser.post("/referrals/new", &form) {
            Some((303, _)) => done.push(title),
            Some((status, body)) => panic!("{title}: {status} {body}"),
            None => return (done, title),
        }
        std::thread::sleep(Duration::from_millis(60));
    }
    unreachable!("the loop ends with the program")
}

/// How often each letter came, by the id that is the same however often it is tried.
fn message_ids(letters: &[String]) -> BTreeMap<String, usize> {
    let mut ids = BTreeMap::new();
    for letter in letters {
        let id = letter.lines().find(|line| line.starts_with("Message-ID")).unwrap();
        *ids.entry(id.to_owned()).or_insert(0) += 1;
    }
    ids
}

fn killed_between(fresh: &Fresh, times: u32) {
    let settings = fresh.settings.clone().with_clock(Clock::System);
    saan::demo::plant(&settings).unwrap();
    let to = wants_letters(&Database::open(&settings).unwrap());
    let peer = Scripted::start(&[Manner::Takes]);
    let mail: Vec<String> = [
        "--public-url",
        "http://saan.test",
        "--smtp-host",
        "127.0.0.1",
        "--smtp-port",
        &peer.address.port().to_string(),
        "--smtp-tls",
        "none",
        "--mail-from",
        "saan@example.org",
    ]
    .map(str::to_owned)
    .to_vec();
    let (mut cookie, mut next) = (String::new(), 0);
    let (mut done, mut unsure) = (Vec::new(), Vec::new());
    for round in 0..times {
        let program = Program::start_with(&settings, &mail);
        if cookie.is_empty() {
            cookie = program.browser("").sign_in("coordinator", saan::demo::PASSWORD);
        }
        let id = program.child.id().to_string();
        let (yes, maybe) = std::thread::scope(|scope| {
            let writing = scope.spawn(|| refer(&mut program.browser(&cookie), &to, next));
            std::thread::sleep(Duration::from_millis(40 + u64::from(round) * 53 % 700));
            assert!(std::process::Command::new("kill").args(["-9", &id]).status().unwrap().success());
            writing.join().unwrap()
        });
        next += u64::try_from(yes.len()).unwrap() + 1;
        done.extend(yes);
        unsure.push(maybe);
        program.kill();
    }
    // what was taken by a process that died comes up again when its lock has run out
    let clock = Clock::fake(Clock::System.now().plus(store::Micros::HOUR));
    let db = Database::open(&fresh.settings.clone().with_clock(clock)).unwrap();
    let email = post::Email::new(&post::SmtpSettings {
        host: "127.0.0.1".into(),
        port: Some(peer.address.port()),
        tls: post::Security::None,
        from: "saan@example.org".into(),
        ..post::SmtpSettings::default()
    });
    let carrier = post::Carrier::default().with(std::sync::Arc::new(email.unwrap()));
    loop {
        let written = app::notices::write_letters(&db, "http://saan.test", &[]).unwrap();
        let carried = carrier.carry(&db).unwrap();
        if written == 0 && carried == post::Carried::default() {
            break;
        }
    }
    let all = |sql: &str| -> Vec<String> {
        db.read::<_, Error>(&Viewer::System("test"), |r| r.all(sql, &[])).unwrap()
    };
    // each line that was told is there once, whatever was killed
    let told =
        all("SELECT words FROM notice WHERE kind = 'referral_new' AND words LIKE 'REF%' ORDER BY words");
    for title in &done {
        assert_eq!(told.iter().filter(|one| *one == title).count(), 1, "{title}");
    }
    for title in told.iter().filter(|one| !done.contains(one)) {
        assert!(unsure.contains(title), "{title} was never asked for");
    }
    // no line waits, and each is in one letter: the letter is known by the first line it names
    assert_eq!(all("SELECT CAST(notice_id AS TEXT) FROM notice_way"), [""; 0]);
    let sent =
        all("SELECT j.idempotency_key FROM delivery d JOIN job j ON j.id = d.job_id WHERE d.state = 'sent'");
    let perhaps = all(
        "SELECT j.idempotency_key FROM delivery d JOIN job j ON j.id = d.job_id WHERE d.state = 'perhaps'",
    );
    let others = all(
        "SELECT d.state FROM delivery d WHERE d.channel = 'email' AND d.state NOT IN ('sent', 'perhaps')",
    );
    assert_eq!(others, [""; 0], "every letter left, or waits for a person");
    let received = message_ids(&peer.received());
    let twice: Vec<_> = received.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
    assert!(received.len() >= sent.len() && received.len() <= sent.len() + perhaps.len());
    // the words of what perhaps was sent are kept: with them and what arrived no line is missing
    let kept = all("SELECT payload FROM job WHERE kind = 'letter' AND payload <> '{}'").join("\n");
    let arrived: Vec<String> = peer.received().iter().map(|letter| plain(letter)).collect();
    for title in &told {
        let in_letters = arrived.iter().filter(|letter| letter.contains(title)).count();
        assert!(in_letters <= 1, "{title} came {in_letters} times");
        assert!(in_letters == 1 || kept.contains(title), "{title} is in no letter");
    }
    eprintln!(
        "{times} kills: {} lines in {} letters, {} of them perhaps sent",
        told.len(),
        received.len(),
        perhaps.len()
    );
}

/// A letter with its quoted-printable or base64 undone far enough to find a title of ASCII letters.
fn plain(letter: &str) -> String {
    let joined = letter.replace("=\n", "");
    let mut out = joined.clone();
    for block in letter.split("\n\n") {
        // a part ends where the next one's boundary begins
        let packed: String =
            block.lines().take_while(|line| !line.starts_with("--")).map(str::trim).collect();
        if let Some(octets) = credentials::decode(&packed.replace('+', "-").replace('/', "_")) {
            out.push_str(&String::from_utf8_lossy(&octets));
        }
    }
    out
}

#[test]
fn a_program_killed_between_a_line_and_its_letter_loses_nothing_on_sqlite() {
    killed_between(&testing::sqlite(), kills(25));
}

#[test]
fn a_program_killed_between_a_line_and_its_letter_loses_nothing_on_postgresql() {
    let Some(fresh) = testing::postgresql() else { return };
    killed_between(&fresh, kills(25));
}
