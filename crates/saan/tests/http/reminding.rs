//! Whom a letter names, with the program's own rule (rhythm.md): others while others wait, each after half a gap, after a
//! whole one, then one question, then silence until there is word or an answer; a letter and its prompt are one write.

use app::parts::{Reminder, Reminders};
use app::rhythm;
use network::telling::Channel;
use network::vocabulary::Direction;
use saan::server::router::REMINDERS;
use serde_json::{Value, json};
use store::ids::{ActorId, CareId};
use store::{Error, Micros, Reading, Viewer, Writing, params};
use testing::smtp::{Manner, Scripted};

use crate::notices::{ORIGIN, carrier, choose, everything, letters, prove, words};
use crate::rhythm::{id_of, kept, log, newcomer, tied};
use crate::site::{Site, on_demo_with_letters};

fn write_letters(site: &Site) -> usize {
    app::notices::write_letters(&site.db, ORIGIN, REMINDERS).unwrap()
}

/// The member reads letters; their summary is looked at from now on.
fn reads(site: &Site, when: &str) -> ActorId {
    prove(site, "member", "nan@example.org");
    let nan = id_of(site, "member");
    choose(&site.sign_in("member"), json!([everything(when)]));
    site.db.bookkeeping::<_, Error>("test", |w| app::notices::begin_letters(w, nan)).unwrap();
    assert_eq!(write_letters(site), 0, "an address alone is no reason");
    nan
}

/// The letters that came since, and whom they name.
fn since(site: &Site, before: usize) -> (Vec<Value>, Vec<String>) {
    let new = letters(site).split_off(before);
    let named = new.iter().flat_map(words).collect();
    (new, named)
}

/// Whom the letters of the next so many days name.
fn after(site: &Site, days: i64) -> Vec<String> {
    let before = letters(site).len();
    site.fresh.clock.advance(days * Micros::DAY);
    write_letters(site);
    since(site, before).1
}

/// The days from now on which somebody is named, looked at day by day, with what the letter says.
fn named_on(site: &Site, days: i64) -> Vec<(i64, String)> {
    (1..=days).flat_map(|day| after(site, 1).into_iter().map(move |said| (day, said))).collect()
}

fn prompts(site: &Site, care: CareId) -> (i64, Vec<(String, String)>) {
    site.db
        .read::<_, Error>(&Viewer::System("test"), |r| {
            Ok((
                r.one("SELECT prompts FROM care WHERE id = $1", params![care])?,
                r.all(
                    "SELECT channel, state FROM prompt WHERE care_id = $1 ORDER BY due_on, channel",
                    params![care],
                )?,
            ))
        })
        .unwrap()
}

/// A tie of the member with somebody new, talked about every so many days; both talked on this day.
fn every(site: &Site, nan: ActorId, name: &str, days: &str) -> (ActorId, CareId) {
    let other = newcomer(site, name);
    tied(site, nan, other);
    log(site, &[nan, other], site.fresh.clock.now(), Direction::Mutual);
    let care = kept(site, nan, other).row.id;
    site.sign_in("member").done(&format!("/rhythm/{care}/cadence"), &[("ideal", days)]);
    (other, care)
}

fn settle(site: &Site, care: CareId, what: &str) {
    site.sign_in("member").done(&format!("/rhythm/{care}/settle"), &[("what", what), ("back", "/today")]);
}

#[test]
fn of_eight_who_are_due_each_week_names_others_while_others_wait() {
    on_demo_with_letters(|site| {
        let nan = reads(site, "weekly");
        for n in 1..=8 {
            tied(site, nan, newcomer(site, &format!("คนที่ {n}")));
        }
        // all are due; nothing was written meanwhile
        site.fresh.clock.advance(60 * Micros::DAY);
        let first = after(site, 7);
        let (second, third) = (after(site, 7), after(site, 7));
        assert_eq!((first.len(), second.len(), third.len()), (3, 3, 2), "{first:?} {second:?} {third:?}");
        let mut all: Vec<String> = [&first[..], &second, &third].concat();
        all.sort();
        assert_eq!(all, (1..=8).map(|n| format!("ติดต่อคนที่ {n}")).collect::<Vec<_>>(), "each once");
        for week in 4..=7 {
            assert_eq!(after(site, 7), [""; 0], "week {week}: half of ninety days is not over for anybody");
        }
        // in week eight half the gap is over for the first three, and so on
        let mut again = after(site, 7);
        again.sort();
        let mut first = first;
        first.sort();
        assert_eq!(again, first, "back-off is counted of each");
        let member = site.sign_in("member").page("/today");
        assert_eq!(member.matches("/ties/contact/").count(), 6, "today shows three, two ways each: {member}");
    });
}

#[test]
fn prompts_back_off_then_ask_then_are_silent_until_there_is_word() {
    on_demo_with_letters(|site| {
        let nan = reads(site, "daily");
        let (somsri, care) = every(site, nan, "สมศรี", "20");
        // due on day 20; then after 10, 20 and 20 days, the last time as a question; then nothing
        let said = named_on(site, 300);
        let days: Vec<i64> = said.iter().map(|one| one.0).collect();
        assert_eq!(days, [20, 30, 50, 70], "{said:?}");
        assert!(said[..3].iter().all(|one| one.1 == "ติดต่อสมศรี"), "{said:?}");
        assert_eq!(said[3].1, "ยังอยากติดต่อสมศรีตามรอบนี้ไหม");
        let last = letters(site).pop().unwrap();
        assert_eq!(last["items"][0]["link"]["url"], format!("{ORIGIN}/rhythm/{care}"), "to the four answers");
        assert!(last["items"][0]["why"].as_str().unwrap().contains("ฝากคนอื่น"), "{last}");
        let (count, rows) = prompts(site, care);
        assert_eq!((count, rows.len()), (4, 4));
        // the question stays open where one looks oneself
        let member = site.sign_in("member");
        for page in ["/today", &format!("/rhythm/{care}"), &format!("/members/{somsri}")] {
            let shown = member.page(page);
            for what in ["keep", "lengthen", "end"] {
                assert!(shown.contains(&format!("value=\"{what}\"")), "{page}: {what}: {shown}");
            }
            assert!(shown.contains("ยังอยากติดต่อสมศรีตามรอบนี้ไหม"), "{page}");
        }
        let due: Value = serde_json::from_str(&member.page("/api/v1/rhythm/due")).unwrap();
        assert_eq!(due["due"][0]["asks"], true);
        // word begins anew
        log(site, &[nan, somsri], site.fresh.clock.now(), Direction::Mutual);
        assert_eq!(prompts(site, care).0, 0);
        let said = named_on(site, 45);
        assert_eq!(said.iter().map(|one| one.0).collect::<Vec<_>>(), [20, 30], "{said:?}");
    });
}

#[test]
fn each_answer_to_the_question_is_one_tap() {
    on_demo_with_letters(|site| {
        let nan = reads(site, "daily");
        let (_, keeps) = every(site, nan, "กบ", "10");
        let (longer, lengthens) = every(site, nan, "แก้ว", "10");
        let (_, ends) = every(site, nan, "ก้อย", "10");
        let (handed, hands) = every(site, nan, "เกด", "10");
        // due on day 10, again on 15 and 25, asked on 35
        let asked = named_on(site, 35).into_iter().filter(|one| one.1.starts_with("ยังอยาก")).count();
        // of four on one day the fourth waits a day for its place, each time
        named_on(site, 5);
        assert!(asked >= 3, "{asked}");
        for care in [keeps, lengthens, ends, hands] {
            assert_eq!(prompts(site, care).0, 4);
        }
        settle(site, keeps, "keep");
        settle(site, lengthens, "lengthen");
        settle(site, ends, "end");
        let da = id_of(site, "coordinator").to_string();
        tied(site, nan, da.parse().unwrap());
        site.sign_in("member").done(&format!("/rhythm/{hands}/settle"), &[("what", "hand"), ("to", &da)]);
        let today = site.sign_in("member").page("/today");
        assert!(!today.contains("/ties/contact/"), "whatever was answered is answered: {today}");
        assert!(
            site.sign_in("coordinator").page("/today").contains("เกด"),
            "with the colleague, not as asked"
        );
        assert_eq!(kept(site, nan, longer).care.cadence.ideal, 20);
        assert_eq!(kept(site, nan, handed).prompted.count, 0);
        let said = named_on(site, 21);
        let of = |name: &str| -> Vec<i64> {
            said.iter().filter(|one| one.1 == format!("ติดต่อ{name}")).map(|one| one.0).collect()
        };
        assert_eq!(of("กบ"), [10, 15], "kept: left alone for a gap, then as ever: {said:?}");
        assert_eq!(of("แก้ว"), [20], "lengthened: left alone for the longer gap: {said:?}");
        assert_eq!((of("ก้อย"), of("เกด")), (vec![], vec![]), "let go, and handed over: {said:?}");
    });
}

#[test]
fn what_is_put_off_or_rests_is_not_named() {
    on_demo_with_letters(|site| {
        let nan = reads(site, "daily");
        let (_, care) = every(site, nan, "สมศรี", "20");
        assert_eq!(named_on(site, 22).len(), 1);
        settle(site, care, "snooze_30");
        let said = named_on(site, 60);
        let days: Vec<i64> = said.iter().map(|one| one.0).collect();
        assert_eq!(days, [30, 40, 60], "on the day it was put off to, then as ever: {said:?}");
        settle(site, care, "pause");
        assert_eq!(named_on(site, 100), [], "resting");
        settle(site, care, "resume");
        let said = named_on(site, 12);
        assert_eq!(said.iter().map(|one| one.0).collect::<Vec<_>>(), [1, 11], "{said:?}");
        settle(site, care, "dismiss");
        let said = named_on(site, 35);
        assert_eq!(
            said.iter().map(|one| one.0).collect::<Vec<_>>(),
            [30],
            "left alone for thirty days: {said:?}"
        );
    });
}

/// By e-mail and by LINE on one morning: two ways, one prompt.
#[test]
fn two_channels_on_one_morning_are_one_prompt() {
    on_demo_with_letters(|site| {
        let nan = reads(site, "daily");
        let (_, care) = every(site, nan, "สมศรี", "20");
        site.db
            .bookkeeping::<_, Error>("test", |w| {
                w.execute(
                    "INSERT INTO account_name (kind, name, account_id, confirmed_at) SELECT 'provider', $1, id, 1 \
                     FROM account WHERE person_id = $2",
                    params!["https://access.line.me U0123", nan],
                )
            })
            .unwrap();
        let line = json!({ "scope": "default", "channel": "line", "when": "daily" });
        choose(&site.sign_in("member"), json!([everything("daily"), line]));
        let outside = app::notices::Outside {
            origin: ORIGIN.to_owned(),
            line: Some("https://access.line.me".to_owned()),
        };
        site.fresh.clock.advance(20 * Micros::DAY);
        app::notices::write_letters(&site.db, outside, REMINDERS).unwrap();
        let (count, rows) = prompts(site, care);
        let channels: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        assert_eq!((count, channels), (1, vec!["email", "line"]));
    });
}

/// Trap 18: a prompt follows what became of its letter; a letter that fails moves no rhythm.
#[test]
fn a_prompt_says_what_became_of_its_letter() {
    on_demo_with_letters(|site| {
        let nan = reads(site, "daily");
        let (somsri, care) = every(site, nan, "สมศรี", "20");
        let peer = Scripted::start(&[Manner::RefusesWords, Manner::Takes]);
        let carrier = carrier(peer.address.port());
        let states =
            || -> Vec<String> { prompts(site, care).1.into_iter().map(|(_, state)| state).collect() };
        let stood = kept(site, nan, somsri);
        site.fresh.clock.advance(20 * Micros::DAY);
        for (days, known) in [(0, "failed"), (10, "sent")] {
            site.fresh.clock.advance(days * Micros::DAY);
            write_letters(site);
            assert_eq!(rhythm::mark_prompts(&site.db).unwrap(), 0);
            assert_eq!(states().last().unwrap(), "queued");
            carrier.carry(&site.db).unwrap();
            assert_eq!(rhythm::mark_prompts(&site.db).unwrap(), 1);
            assert_eq!(states().last().unwrap(), known);
            assert_eq!(rhythm::mark_prompts(&site.db).unwrap(), 0);
        }
        let stands = kept(site, nan, somsri);
        assert_eq!((stood.due_on(), stood.row.version), (stands.due_on(), stands.row.version));
        log(site, &[nan, somsri], site.fresh.clock.now(), Direction::Mutual);
        assert_eq!(states(), ["failed", "acted"], "and whether somebody acted on it");
    });
}

fn due(r: &Reading<'_>, asker: &web::Asker, actor: ActorId) -> Result<Vec<Reminder>, web::Problem> {
    (rhythm::REMINDERS.of)(r, asker, actor)
}

/// The process dies after the prompt, before its letter: the write is not done.
fn dies(w: &mut Writing<'_>, reminder: &Reminder, channels: &[Channel]) -> Result<bool, Error> {
    assert!((rhythm::REMINDERS.note)(w, reminder, channels)?);
    Err(Error::Fault("the process died here".to_owned()))
}

/// Word comes between reading whom to name and writing the letter.
fn touched(w: &mut Writing<'_>, reminder: &Reminder, channels: &[Channel]) -> Result<bool, Error> {
    let holder: ActorId = w.one("SELECT holder_id FROM care WHERE id = $1", params![reminder.care])?;
    let draft =
        app::ties::ContactDraft::now(holder, reminder.about, w.now(), network::vocabulary::Channel::Phone);
    app::ties::log(w, &draft)?;
    (rhythm::REMINDERS.note)(w, reminder, channels)
}

#[test]
fn a_letter_and_its_prompt_are_one_write() {
    on_demo_with_letters(|site| {
        let nan = reads(site, "daily");
        let (_, care) = every(site, nan, "สมศรี", "20");
        site.fresh.clock.advance(20 * Micros::DAY);
        let write =
            |note| app::notices::write_letters(&site.db, ORIGIN, &[Reminders { of: due, note }]).unwrap();
        for _ in 0..2 {
            assert_eq!(write(dies), 0);
            assert_eq!(
                (prompts(site, care), letters(site).len()),
                ((0, vec![]), 0),
                "neither, not one of both"
            );
        }
        assert_eq!(write(rhythm::REMINDERS.note), 1, "nothing was lost by it");
        assert_eq!(prompts(site, care), (1, vec![("email".to_owned(), "queued".to_owned())]));
        assert_eq!((write(rhythm::REMINDERS.note), letters(site).len()), (0, 1), "and nothing comes twice");

        site.fresh.clock.advance(10 * Micros::DAY);
        assert_eq!(write(touched), 0, "whoever was talked to meanwhile is not named");
        assert_eq!((prompts(site, care).0, letters(site).len()), (0, 1));
    });
}

/// Two processes write letters of the same morning at once: one prompt, one letter.
#[test]
fn two_processes_at_once_remind_once() {
    on_demo_with_letters(|site| {
        let nan = reads(site, "daily");
        let (_, care) = every(site, nan, "สมศรี", "20");
        site.fresh.clock.advance(20 * Micros::DAY);
        let beside = site.beside();
        let barrier = std::sync::Barrier::new(2);
        std::thread::scope(|scope| {
            for site in [site, &beside] {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    write_letters(site);
                });
            }
        });
        assert_eq!((prompts(site, care).0, letters(site).len()), (1, 1));
    });
}
