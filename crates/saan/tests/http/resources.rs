use std::sync::Barrier;

use axum::http::StatusCode;
use store::ids::ActorId;
use store::{Acting, Micros, Viewer, params};

use crate::exchanges::someone;
use crate::giving::post;
use crate::joining::own_id;
use crate::promises::day;
use crate::site::{Person, Site, on_demo};

/// Shares a tent and answers its page.
fn tent(person: &Person<'_>, quantity: &str, key: &str) -> String {
    person.done(
        "/resources/new",
        &[
            ("kind", "thing"),
            ("title", "เต็นท์งานบุญ"),
            ("quantity", quantity),
            ("condition", "good"),
            ("lendable", "1"),
            ("location", "ศาลาบ้านเหนือ"),
            ("once", key),
        ],
    )
}

fn book(person: &Person<'_>, page: &str, from: i64, until: i64, key: &str) -> axum::http::StatusCode {
    let (from, until) = (day(person, from), day(person, until));
    let fields = [("from", from.as_str()), ("until", until.as_str()), ("pieces", "1"), ("once", key)];
    person.post(&format!("{page}/book"), &fields).status
}

#[test]
fn o3_a_thing_is_asked_for_handed_over_returned_and_thanked_for() {
    on_demo(|site| {
        let (holder, borrower) = (site.sign_in("coordinator"), site.sign_in("member"));
        let page = tent(&holder, "1", "tent-key-1");
        assert_eq!(tent(&holder, "1", "tent-key-1"), page, "a second tap shares one");
        assert!(borrower.page("/resources").contains("เต็นท์งานบุญ"));
        assert!(!borrower.page("/resources?kind=expert").contains("เต็นท์งานบุญ"));
        let (from, until) = (day(&borrower, 3), day(&borrower, 5));
        let fields = [
            ("from", from.as_str()),
            ("until", until.as_str()),
            ("pieces", "1"),
            ("purpose", "งานบวช"),
            ("once", "book-key-1"),
        ];
        let booking = borrower.done(&format!("{page}/book"), &fields);
        assert_eq!(borrower.done(&format!("{page}/book"), &fields), booking, "a second tap asks once");
        assert!(holder.page("/notices").contains("ขอใช้ เต็นท์งานบุญ"));
        assert_eq!(site.sign_in("supporter").get(&booking).status, StatusCode::NOT_FOUND, "between two");
        assert_eq!(
            borrower.post(&format!("{booking}/answer"), &[("answer", "yes")]).status,
            StatusCode::CONFLICT,
            "only the holder agrees"
        );
        holder.done(&format!("{booking}/answer"), &[("answer", "yes"), ("once", "agree-key-1")]);
        let shown = site.sign_in("supporter").page(&page);
        assert!(shown.contains("มีคนใช้อยู่") && !shown.contains("แนน"), "when, not who");

        let typed = borrower.post(
            &format!("{page}/book"),
            &[("from", &until), ("until", &day(&borrower, 9)), ("pieces", "1"), ("purpose", "อีกงาน")],
        );
        assert!(typed.body.contains("มีคนใช้อยู่แล้ว") && typed.body.contains("อีกงาน"), "what was typed stays");
        assert_eq!(
            book(&borrower, &page, 6, 7, "book-key-2"),
            StatusCode::SEE_OTHER,
            "the day after is free"
        );
        let late = borrower.post(&format!("{page}/book"), &[("from", "2001-01-01"), ("pieces", "1")]);
        assert!(late.body.contains("aria-invalid"));

        holder.done(&format!("{booking}/hand-over"), &[("condition", "good"), ("once", "hand-key-1")]);
        site.fresh.clock.advance(5 * Micros::DAY);
        assert!(app::resources::remind(&site.db).unwrap() >= 1);
        assert_eq!(app::resources::remind(&site.db).unwrap(), 0, "reminded once");
        holder.done(
            &format!("{booking}/return"),
            &[("condition", "worn"), ("words", "ผ้าใบขาดนิดหน่อย"), ("once", "back-key-1")],
        );
        holder.done(&format!("{booking}/return"), &[("condition", "worn"), ("once", "back-key-2")]);
        let after = borrower.page(&booking);
        assert!(after.contains("คืนแล้ว") && after.contains("ผ้าใบขาดนิดหน่อย"));
        assert!(holder.page(&page).contains("ใช้ได้ แต่เก่า"), "its condition is what it came back in");
        assert_eq!(
            borrower.page("/exchanges").matches("เต็นท์งานบุญ").count(),
            2,
            "lending is an exchange, once: waiting, and in the list"
        );
    });
}

/// Two people on two processes ask for the same days and are agreed to at the same moment: one gets it.
#[test]
fn of_two_who_book_at_once_one_gets_it() {
    on_demo(|site| {
        let beside = site.beside();
        let holder = someone(site, "ลุงคำ");
        let borrowers = [someone(site, "ป้าแก้ว"), someone(site, "น้าหวาน")];
        for round in 0..6_i64 {
            let resource = shared(site, holder);
            let wanted = app::resources::Wanted {
                from: site.db.now().plus(round * Micros::DAY),
                until: site.db.now().plus((round + 2) * Micros::DAY),
                pieces: 1,
                purpose: String::new(),
            };
            let bookings: Vec<app::resources::BookingId> = borrowers
                .iter()
                .map(|borrower| {
                    site.db
                        .write(&Acting::system("test"), |w| {
                            let id = app::resources::book(w, resource, *borrower, &wanted)?;
                            Ok::<_, app::resources::BookingError>(w.finished(id)?)
                        })
                        .unwrap()
                })
                .collect();
            let barrier = Barrier::new(2);
            let agree = |db: &store::Database, booking| {
                let acting = Acting::system("test");
                barrier.wait();
                db.write(&acting, |w| {
                    app::resources::step(w, booking, &app::resources::Step::Agree)?;
                    Ok::<_, app::resources::BookingError>(w.finished(())?)
                })
            };
            let (one, other) = std::thread::scope(|scope| {
                let one = scope.spawn(|| agree(&site.db, bookings[0]));
                let other = scope.spawn(|| agree(&beside.db, bookings[1]));
                (one.join().unwrap(), other.join().unwrap())
            });
            let outcomes = [one, other];
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
            let refused = outcomes.iter().find_map(|outcome| outcome.as_ref().err()).unwrap();
            assert!(matches!(refused, app::resources::BookingError::Taken), "{refused:?}");
            let held: i64 = site
                .db
                .read::<_, store::Error>(&Viewer::System("test"), |r| {
                    r.one(
                        "SELECT COUNT(*) FROM booking WHERE resource_id = $1 AND state = 'agreed'",
                        params![resource],
                    )
                })
                .unwrap();
            assert_eq!(held, 1);
        }
    });
}

fn shared(site: &Site, holder: ActorId) -> app::resources::ResourceId {
    site.db
        .write(&Acting::system("test"), |w| {
            let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            let draft = app::resources::Draft {
                kind: network::vocabulary::ResourceKind::Thing,
                title: "เครื่องเสียง".to_owned(),
                text: String::new(),
                category: None,
                quantity: 1,
                condition: network::vocabulary::Condition::Good,
                lendable: true,
                location: String::new(),
            };
            let id = app::resources::put(w, network, holder, &draft)?;
            w.finished(id)
        })
        .unwrap()
}

#[test]
fn e6_gaps_are_for_all_and_who_alone_can_for_the_coordinator_and_that_one() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        post(&coordinator, "need", "อยากได้คนติดราวจับในห้องน้ำ", &["care.home_repair"]);
        let gap = member.page("/resources/gaps");
        assert!(gap.contains("มีคนขอ แต่ยังไม่มีใครมี"));
        post(&member, "offer", "รับติดราวจับในห้องน้ำ ไม่คิดค่าแรง", &["care.home_repair"]);
        let sole = coordinator.page("/resources/gaps");
        assert!(sole.contains("มีคนเดียวที่ทำได้") && sole.contains("แนน"));
        assert!(!site.sign_in("supporter").page("/resources/gaps").contains("มีคนเดียวที่ทำได้"));
        let own = member.page(&format!("/members/{}", own_id(&member)));
        assert!(own.contains("เครือข่ายต้องการคุณเพราะ"));
        let seen = coordinator.page(&format!("/members/{}", own_id(&member)));
        assert!(!seen.contains("เครือข่ายต้องการคุณเพราะ"), "told to that one alone");
    });
}

#[test]
fn what_was_promised_given_and_lent_moves_with_a_merge_and_back_and_outlives_an_erasure() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let me: ActorId = own_id(&member).parse().unwrap();
        let (twin, kept) = (someone(site, "ครูบัว"), someone(site, "ครูบัว บ้านเหนือ"));
        let promise = site
            .db
            .write(&Acting::system("test"), |w| {
                let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
                let draft = app::promises::Draft {
                    network,
                    provider: twin,
                    receiver: me,
                    what: "สอนหนังสือ".to_owned(),
                    due_on: None,
                    intent: None,
                };
                let id = app::promises::made(w, &draft, None, None)?;
                let duplicate = w.new_id();
                let now = w.now();
                w.execute(
                    "INSERT INTO likely_duplicate (id, network_id, a_id, b_id, reason, state, at) \
                     VALUES ($1, $2, $3, $4, 'name', 'open', $5)",
                    params![duplicate, network, twin, kept, now],
                )?;
                w.record(&store::journal::Entry::new(store::journal::Act::Do, "test", id.0))?;
                w.finished((id, duplicate))
            })
            .unwrap();
        let coordinator = site.sign_in("coordinator");
        let provider = |site: &Site| -> (ActorId, i64) {
            site.db
                .read::<_, store::Error>(&Viewer::System("test"), |r| {
                    r.one("SELECT provider_id, (SELECT MAX(id) FROM merge) FROM promise", params![])
                })
                .map(|(id, merge): (ActorId, Option<i64>)| (id, merge.unwrap_or(0)))
                .unwrap()
        };
        coordinator.done(
            &format!("/transfer/duplicates/{}", promise.1),
            &[("same", "yes"), ("once", "merge-key-1")],
        );
        let (now, merge) = provider(site);
        assert_eq!(now, twin.min(kept), "the earlier one is kept");
        assert!(merge > 0);
        assert!(member.page(&format!("/promises/{}", promise.0)).contains("สอนหนังสือ"));
        let erased = member.post("/joining/erase", &[("sure", "1"), ("password", saan::demo::PASSWORD)]);
        assert_eq!(erased.status, StatusCode::OK);
        let state: String = site
            .db
            .read::<_, store::Error>(&Viewer::System("test"), |r| {
                r.one("SELECT state FROM promise", params![])
            })
            .unwrap();
        assert_eq!(state, "released", "an open promise with somebody who is gone binds nobody");
    });
}
