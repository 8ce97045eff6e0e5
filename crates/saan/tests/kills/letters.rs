//! The program is killed between what happened, the line that tells of it, its letter, and the mail server's answer: no
//! line is lost, none is in two letters, and a letter whose fate nobody knows waits for a person. Nor does a kill move or
//! delete a rhythm: whoever is due is named in one letter, and prompted as often as named.

use std::collections::BTreeMap;
use std::time::Duration;

use app::members::Sketch;
use network::vocabulary::{ActorKind, Consent, MembershipState, Relation, Role, TieOrigin};
use saan::server::router::REMINDERS;
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Clock, Database, Error, Viewer, params};
use testing::Fresh;
use testing::smtp::{Manner, Scripted};

use super::{Browser, Program, kills};

/// The member reads letters at once and at any hour; answers the member's id.
fn wants_letters(db: &Database) -> ActorId {
    db.bookkeeping::<_, Error>("test", |w| {
        let (account, person): (i64, ActorId) = w.one(
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
    .unwrap()
}

/// The member is tied with so many others, with all of whom it is time to be in touch.
fn with_due(db: &Database, member: ActorId, others: u32) {
    db.write(&Acting::system("test"), |w| {
        let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
        for n in 0..others {
            let other = Sketch::named(ActorKind::Person, &format!("CARE{n:04}END"));
            let other = app::members::enter(w, &other)?;
            app::members::join(w, network, other, Role::Member, "", MembershipState::Member)?;
            app::members::record_consent(w, other, Consent::Given, "paper", "")?;
            let bound = app::ties::Bound {
                subject: member,
                object: other,
                network: Some(network),
                relation: Relation::Colleague,
                origin: TieOrigin::Introduction,
                introduced_by: None,
                offers: "",
                asks: "",
                benefit: "",
            };
            app::ties::bind(w, &bound)?;
        }
        w.execute("UPDATE care SET created_on = created_on - 60", &[])?;
        w.done(&Entry::new(Act::Do, "test.write", member.0), ())
    })
    .unwrap();
}

/// A summary is due to the member now, whenever the last one was.
fn summary_due(db: &Database, member: ActorId) {
    db.bookkeeping::<_, Error>("test", |w| {
        w.execute_one("UPDATE telling_hours SET next_at = 1 WHERE actor_id = $1", params![member])
    })
    .unwrap();
}

/// Every rhythm with all that a letter must not change.
fn rhythms(db: &Database) -> Vec<String> {
    db.read::<_, Error>(&Viewer::System("test"), |r| {
        r.all(
            "SELECT id || ' ' || holder_id || ' ' || other_id || ' ' || created_on || ' ' || attempts || ' ' || version \
             || ' ' || COALESCE(ideal_days, 0) || ' ' || COALESCE(last_touch_at, 0) || ' ' || COALESCE(next_fixed_on, 0) \
             || ' ' || COALESCE(snoozed_until, 0) || ' ' || COALESCE(locked_until, 0) || ' ' || COALESCE(ended_on, 0) \
             FROM care ORDER BY id",
            &[],
        )
    })
    .unwrap()
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
    let db = Database::open(&settings).unwrap();
    let member = wants_letters(&db);
    let to = member.to_string();
    with_due(&db, member, times);
    let before = rhythms(&db);
    drop(db);
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
        summary_due(&Database::open(&settings).unwrap(), member);
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
        let written = app::notices::write_letters(&db, "http://saan.test", REMINDERS).unwrap();
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
    let named = each_rhythm_once(&db, times, &arrived, &kept);
    assert_eq!(rhythms(&db), before, "no rhythm was moved or deleted");
    eprintln!(
        "{times} kills: {} lines and {named} people in {} letters, {} of them perhaps sent",
        told.len(),
        received.len(),
        perhaps.len()
    );
}

/// Whoever was due is prompted as often as letters name them, and in no more than one within their cycle. Answers how many
/// were named.
fn each_rhythm_once(db: &Database, others: u32, arrived: &[String], kept: &str) -> usize {
    let prompted: Vec<(String, i64, i64)> = db
        .read::<_, Error>(&Viewer::System("test"), |r| {
            r.all(
                "SELECT a.name, c.prompts, (SELECT COUNT(*) FROM prompt p WHERE p.care_id = c.id) FROM care c \
                 JOIN actor a ON a.id = c.other_id WHERE a.name LIKE 'CARE%' ORDER BY a.name",
                &[],
            )
        })
        .unwrap();
    assert_eq!(prompted.len(), others as usize);
    let mut named = 0;
    for (name, prompts, rows) in prompted {
        assert_eq!(prompts, rows, "{name}: each prompt is counted, and by one channel");
        let letters = arrived.iter().filter(|letter| letter.contains(&name)).count();
        assert!(letters <= 1, "{name} came {letters} times");
        let said = letters == 1 || kept.contains(&name);
        assert_eq!(
            prompts,
            i64::from(said),
            "{name}: a prompt without its letter, or a letter without its prompt"
        );
        named += usize::from(said);
    }
    assert!(named > 0, "somebody was named between the kills");
    named
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
