//! The outbox from end to end: what is written once is sent once, whatever the other side and the machine do.

#![expect(clippy::unwrap_used, reason = "a test whose premise fails has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use post::{
    Carried, Carrier, Channel, Decision, Email, Letter, Link, Outcome, Parcel, Security, SmtpSettings, To,
};
use store::{Acting, Database, Error, Micros, Viewer};
use testing::smtp::{Manner, Real, Scripted};
use testing::{Fresh, on_both};

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".into(),
        port: Some(port),
        tls: Security::None,
        from: "สาน เครือข่ายแม่ทา <saan@example.org>".into(),
        patience_seconds: Some(20),
        ..SmtpSettings::default()
    }
}

fn by_email(port: u16) -> Carrier {
    Carrier::default().with(Arc::new(Email::new(&settings(port)).unwrap()))
}

/// One that waits for two seconds.
fn impatient(port: u16) -> Carrier {
    let settings = SmtpSettings { patience_seconds: Some(2), ..settings(port) };
    Carrier::default().with(Arc::new(Email::new(&settings).unwrap()))
}

fn letter(key: &str) -> Letter {
    let mut letter = Letter::new(key, "th", "น้ำใสไหลเย็น: มีคนอยากรู้จักคุณแนนที่โรงพยาบาลส่งเสริมสุขภาพตำบลบ้านน้ำปลีก");
    letter.paragraphs.push("สวัสดีคุณแนน\nพี่ดาอยากแนะนำให้รู้จักกับครูนก".to_owned());
    letter.paragraphs.push("บรรทัดที่ขึ้นต้นด้วยจุด\n.\n..ต้องอยู่ครบ & <ไม่หาย>".to_owned());
    letter.link = Some(Link::new("ดูและตอบ", "https://saan.example/introductions"));
    letter.footer = "เลิกรับจดหมายแบบนี้".to_owned();
    letter.unsubscribe = Some("https://saan.example/stop/0123".to_owned());
    letter
}

fn write(db: &Database, key: &str, address: &str) -> bool {
    db.bookkeeping::<_, Error>("test", |w| post::enqueue(w, &letter(key), &To::email(address))).unwrap()
}

/// State of the only delivery, and what is left of the letter's words.
fn state(db: &Database) -> (String, String) {
    db.read::<_, Error>(&Viewer::System("test"), |r| {
        r.one("SELECT d.state, j.payload FROM delivery d JOIN job j ON j.id = d.job_id", &[])
    })
    .unwrap()
}

#[test]
fn a_thai_letter_arrives_whole_at_a_real_server() {
    on_both(|fresh: Fresh| {
        let Some(real) = Real::start() else { return };
        let db = fresh.open();
        assert!(write(&db, "introductions.asked/1", "nan@example.org"));
        assert!(!write(&db, "introductions.asked/1", "nan@example.org"), "the same key is the same letter");
        let carrier = by_email(real.port);
        assert_eq!(carrier.carry(&db).unwrap(), Carried { sent: 1, not_sent: 0 });
        assert_eq!(carrier.carry(&db).unwrap(), Carried::default());
        let got: serde_json::Value = serde_json::from_str(&real.letter()).unwrap();
        let text = |name: &str| got.get(name).and_then(|v| v.as_str()).unwrap().replace("\r\n", "\n");
        let headers = got.get("headers").unwrap();
        let header = |name: &str| headers.get(name).and_then(|v| v.as_str()).unwrap_or_default();
        let sent = letter("introductions.asked/1");
        assert_eq!(text("subject"), sent.subject);
        assert_eq!(text("from"), "สาน เครือข่ายแม่ทา <saan@example.org>");
        assert_eq!(got.get("to").unwrap(), &serde_json::json!(["nan@example.org"]));
        for paragraph in &sent.paragraphs {
            assert!(text("plain").contains(paragraph), "{}", text("plain"));
        }
        assert!(text("plain").contains("https://saan.example/introductions"));
        assert!(
            text("html").contains("..ต้องอยู่ครบ &amp; &lt;ไม่หาย&gt;") && text("html").contains("lang=\"th\"")
        );
        assert_eq!(header("List-Unsubscribe"), "<https://saan.example/stop/0123>");
        assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert_eq!(header("Auto-Submitted"), "auto-generated");
        assert!(header("Message-ID").ends_with("@example.org>"), "{}", header("Message-ID"));
        assert!(
            header("Date").contains("22 Nov 2026 05:00:00"),
            "the clock of the store: {}",
            header("Date")
        );
        assert_eq!(got.get("defects").unwrap(), &serde_json::json!([]));
        assert_eq!(state(&db), ("sent".into(), "{}".into()), "what was sent is forgotten");
        assert!(!real.more());
    });
}

#[test]
fn a_letter_that_is_put_off_goes_later_and_only_once() {
    on_both(|fresh: Fresh| {
        let db = fresh.open();
        let peer = Scripted::start(&[Manner::Busy, Manner::Closed, Manner::Takes]);
        let carrier = by_email(peer.address.port());
        write(&db, "a", "nan@example.org");
        for _ in 0..2 {
            assert_eq!(carrier.carry(&db).unwrap(), Carried { sent: 0, not_sent: 1 });
            assert_eq!(carrier.carry(&db).unwrap(), Carried::default(), "not before its time");
            assert_eq!(state(&db).0, "waiting");
            fresh.clock.advance(10 * Micros::MINUTE);
        }
        assert_eq!(carrier.carry(&db).unwrap(), Carried { sent: 1, not_sent: 0 });
        assert_eq!(peer.received().len(), 1);
        assert_eq!(state(&db).0, "sent");
    });
}

#[test]
fn a_server_that_falls_silent_is_given_up_and_the_letter_goes_later() {
    on_both(|fresh: Fresh| {
        let db = fresh.open();
        let peer = Scripted::start(&[Manner::Silent, Manner::Takes]);
        let carrier = impatient(peer.address.port());
        write(&db, "a", "nan@example.org");
        assert_eq!(carrier.carry(&db).unwrap(), Carried { sent: 0, not_sent: 1 });
        assert_eq!(state(&db).0, "waiting", "it was not handed over");
        fresh.clock.advance(10 * Micros::MINUTE);
        assert_eq!(carrier.carry(&db).unwrap(), Carried { sent: 1, not_sent: 0 });
        assert_eq!(peer.received().len(), 1);
    });
}

#[test]
fn what_was_handed_over_without_an_answer_waits_for_a_person() {
    for manner in [Manner::CutAfterData, Manner::CutInData, Manner::SilentAfterData] {
        on_both(|fresh: Fresh| {
            let db = fresh.open();
            let peer = Scripted::start(&[manner, Manner::Takes]);
            let carrier = impatient(peer.address.port());
            write(&db, "a", "nan@example.org");
            carrier.carry(&db).unwrap();
            assert_eq!(state(&db).0, "perhaps");
            fresh.clock.advance(Micros::DAY);
            assert_eq!(carrier.carry(&db).unwrap(), Carried::default(), "never twice by itself");
            let waiting = db.read::<_, Error>(&Viewer::System("test"), |r| post::waiting(r, 10)).unwrap();
            assert_eq!(waiting.len(), 1);
            let id = waiting.first().unwrap().id;
            db.write::<_, Error>(&Acting::system("test"), |w| {
                post::decide(w, id, Decision::SendAgain)?;
                w.finished(())
            })
            .unwrap();
            assert_eq!(carrier.carry(&db).unwrap(), Carried { sent: 1, not_sent: 0 });
            let again = db.write::<_, Error>(&Acting::system("test"), |w| {
                post::decide(w, id, Decision::SendAgain)?;
                w.finished(())
            });
            assert!(matches!(again, Err(Error::NotFound)), "what was sent is settled");
        });
    }
}

#[test]
fn an_address_that_does_not_exist_is_marked_and_a_policy_is_not() {
    for (manner, bounced) in [(Manner::NobodyHere, 1), (Manner::Policy, 0), (Manner::RefusesWords, 0)] {
        on_both(|fresh: Fresh| {
            let db = fresh.open();
            db.bookkeeping::<_, Error>("test", |w| {
                w.execute(
                    "INSERT INTO account (id, person_id, operator, lang, state, created_at, updated_at, version) \
                     VALUES (4, 8, FALSE, 'th', 'active', 0, 0, 1)",
                    &[],
                )?;
                w.execute(
                    "INSERT INTO account_name (kind, name, account_id, confirmed_at) \
                     VALUES ('email', 'gone@example.org', 4, 1)",
                    &[],
                )
            })
            .unwrap();
            let peer = Scripted::start(&[manner]);
            let carrier = by_email(peer.address.port());
            write(&db, "a", "gone@example.org");
            carrier.carry(&db).unwrap();
            assert_eq!(state(&db).0, "refused");
            let found = db
                .read::<_, Error>(&Viewer::System("test"), |r| {
                    Ok((
                        post::bounced(r, store::ids::ActorId(8))?,
                        post::email_of(r, store::ids::ActorId(8))?,
                    ))
                })
                .unwrap();
            assert_eq!(found.0.len(), bounced, "{manner:?}");
            assert_eq!(found.1.is_none(), bounced == 1, "no more letters go there");
            fresh.clock.advance(Micros::DAY);
            assert_eq!(carrier.carry(&db).unwrap(), Carried::default(), "refused for good");
        });
    }
}

/// Dies in the middle of handing a letter over, as a killed process does.
struct Dies(AtomicUsize);

impl Channel for Dies {
    fn word(&self) -> &'static str {
        "email"
    }
    fn send(&self, _: &Parcel<'_>) -> Outcome {
        self.0.fetch_add(1, Ordering::SeqCst);
        std::panic::resume_unwind(Box::new("killed"));
    }
}

#[test]
fn a_process_that_dies_while_sending_leaves_perhaps_sent() {
    on_both(|fresh: Fresh| {
        let db = fresh.open();
        write(&db, "a", "nan@example.org");
        let dies = Arc::new(Dies(AtomicUsize::new(0)));
        let carrier = Carrier::default().with(dies.clone());
        let died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| carrier.carry(&db)));
        assert!(died.is_err());
        // the next process: at first the letter is still locked, then it is found
        let beside = fresh.open();
        assert_eq!(state(&beside).0, "sending");
        assert_eq!(carrier.carry(&beside).unwrap(), Carried::default());
        fresh.clock.advance(10 * Micros::MINUTE);
        assert_eq!(carrier.carry(&beside).unwrap(), Carried { sent: 0, not_sent: 1 });
        assert_eq!(dies.0.load(Ordering::SeqCst), 1, "handed over once");
        let (said, words) = state(&beside);
        assert_eq!(said, "perhaps");
        assert!(words.contains("น้ำใส"), "its words are kept for the person who decides");
    });
}

#[test]
fn a_letter_whose_time_is_over_is_not_sent_and_its_words_are_forgotten() {
    on_both(|fresh: Fresh| {
        let db = fresh.open();
        let peer = Scripted::start(&[Manner::Takes]);
        write(&db, "a", "nan@example.org");
        fresh.clock.advance(4 * Micros::DAY);
        assert_eq!(post::forget_old(&db).unwrap(), 1);
        assert_eq!(state(&db), ("expired".into(), "{}".into()));
        by_email(peer.address.port()).carry(&db).unwrap();
        assert!(peer.received().is_empty());
        fresh.clock.advance(91 * Micros::DAY);
        post::forget_old(&db).unwrap();
        post::forget_old(&db).unwrap();
        let left: i64 = db
            .read::<_, Error>(&Viewer::System("test"), |r| {
                r.one("SELECT (SELECT COUNT(*) FROM job) + (SELECT COUNT(*) FROM delivery)", &[])
            })
            .unwrap();
        assert_eq!(left, 0);
    });
}

#[test]
fn a_rolled_back_cause_sends_nothing() {
    on_both(|fresh: Fresh| {
        let db = fresh.open();
        let failed: Result<(), Error> = db.bookkeeping("test", |w| {
            post::enqueue(w, &letter("a"), &To::email("nan@example.org"))?;
            Err(Error::NotFound)
        });
        assert!(failed.is_err());
        let peer = Scripted::start(&[Manner::Takes]);
        assert_eq!(by_email(peer.address.port()).carry(&db).unwrap(), Carried::default());
    });
}

#[test]
fn many_letters_leave_by_several_hands_each_once() {
    on_both(|fresh: Fresh| {
        let db = fresh.open();
        let peer = Scripted::start(&[Manner::Takes]);
        for n in 0..60 {
            write(&db, &format!("a{n}"), &format!("nan{n}@example.org"));
        }
        let carrier = by_email(peer.address.port());
        let carried = carrier.carry(&db).unwrap();
        assert_eq!(
            (carried.sent, carried.not_sent),
            (60, 0),
            "a hand that was not quick enough takes the next"
        );
        let received = peer.received();
        for n in 0..60 {
            let to = format!("nan{n}@example.org");
            let times = received.iter().filter(|letter| letter.contains(&format!("To: {to}"))).count();
            assert_eq!(times, 1, "{to}");
        }
    });
}

#[test]
fn two_carriers_at_once_send_each_letter_once() {
    on_both(|fresh: Fresh| {
        let db = fresh.open();
        let peer = Scripted::start(&[Manner::Takes]);
        for n in 0..20 {
            write(&db, &format!("a{n}"), "nan@example.org");
        }
        let carrier = by_email(peer.address.port());
        let beside = fresh.open();
        std::thread::scope(|scope| {
            let one = scope.spawn(|| carrier.carry(&db).unwrap());
            let other = scope.spawn(|| carrier.carry(&beside).unwrap());
            let _ = (one.join().unwrap(), other.join().unwrap());
        });
        assert_eq!(peer.received().len(), 20);
    });
}
