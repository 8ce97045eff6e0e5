//! Rules that span rows hold when two do the same at the same moment, in two processes on one store.

use std::sync::Barrier;

use axum::http::StatusCode;
use store::{Micros, Viewer, params};

use crate::site::{Person, Reply, Site, on_demo};

/// How often each race is run: who wins is chance.
const ROUNDS: usize = 4;

/// Both do at once what they do, each in a process of their own; what each got.
pub fn at_once(
    site: &Site,
    one: impl Fn(&Site) -> Reply + Sync,
    other: impl Fn(&Site) -> Reply + Sync,
) -> [Reply; 2] {
    let beside = site.beside();
    let barrier = Barrier::new(2);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| {
            barrier.wait();
            one(site)
        });
        barrier.wait();
        let second = other(&beside);
        [first.join().unwrap(), second]
    })
}

pub fn count(site: &Site, sql: &str) -> i64 {
    site.db.read::<_, store::Error>(&Viewer::System("test"), |r| r.one(sql, params![])).unwrap()
}

pub fn sound(site: &Site) {
    let mut faults = store::soundness::check(&site.db).unwrap();
    faults.extend(app::search::faults(&site.db).unwrap());
    assert!(faults.is_empty(), "{faults:?}");
}

/// The part of a page between two marks.
fn between<'a>(page: &'a str, from: &str, until: &str) -> &'a str {
    page.split(from).nth(1).unwrap_or_else(|| panic!("{from} in {page}")).split(until).next().unwrap()
}

fn bring_in(coordinator: &Person<'_>, rows: &str) {
    let heading = "ชื่อ-นามสกุล,ชื่อเล่น,หน่วยงาน,บทบาท,จังหวัด,อำเภอ,ตำบล,เบอร์โทร,สิ่งที่ให้ได้,สิ่งที่ต้องการ,ยินยอม";
    let sheet = format!("{heading}\n{rows}");
    let import = coordinator.upload("/transfer", "x.csv", sheet.as_bytes()).location.unwrap();
    coordinator.done(&import, &[("do", "write")]);
}

#[test]
fn a_slip_lets_one_of_two_in() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        for round in 0..ROUNDS {
            let (once, name) = (format!("race-slip-{round:04}"), format!("สมศรี น้ำใส{round}"));
            let fields = [
                ("once", once.as_str()),
                ("kind", "person"),
                ("name", &name),
                ("nickname", "ศรี"),
                ("capacity", "4"),
                ("visibility", "network"),
            ];
            let id = coordinator.done("/members/new", &fields).trim_start_matches("/members/").to_owned();
            let slip = coordinator.post(&format!("/joining/unclaimed/{id}/code"), &[]);
            let link = format!("/joining/c/{}", between(&slip.body, "/joining/c/", "\""));
            let claim = |site: &Site, login: &str| {
                let fields = [("login", login), ("password", "ฝนตกฟ้าใส"), ("consent", "1")];
                site.stranger().post(&link, &fields)
            };
            let (a, b) = (format!("srione{round}"), format!("sritwo{round}"));
            let came = at_once(site, |site| claim(site, &a), |site| claim(site, &b));
            let inside = came.iter().filter(|reply| reply.status == StatusCode::SEE_OTHER).count();
            assert_eq!(inside, 1, "{came:?}");
            assert!(came.iter().all(|reply| !reply.status.is_server_error()), "{came:?}");
        }
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM account_name WHERE name LIKE 'sri%'"),
            i64::try_from(ROUNDS).unwrap()
        );
        sound(site);
    });
}

#[test]
fn two_who_say_yes_at_once_are_tied_once() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let cookie = coordinator.cookie.clone();
        bring_in(
            &coordinator,
            "คำปัน มีรถ,ลุงปัน,,,เชียงใหม่,,,081-111-1111,มีรถกระบะ รับส่งคนป่วยไปโรงพยาบาลได้,,ยินยอม\n\
             บัวคำ เดินลำบาก,ยายบัว,,,เชียงใหม่,,,082-222-2222,,อยากได้รถรับส่งไปโรงพยาบาลหาหมอ,ยินยอม\n",
        );
        let page = coordinator.page("/introductions");
        let value = |name: &str| between(&page, &format!("name=\"{name}\" value=\""), "\"").to_owned();
        coordinator
            .done("/introductions", &[("a", &value("a")), ("b", &value("b")), ("once", &value("once"))]);
        let page = coordinator.page("/introductions");
        let calls: Vec<&str> = page
            .split("action=\"")
            .filter(|part| part.contains("/recorded/"))
            .map(|part| part.split('"').next().unwrap())
            .collect();
        assert_eq!(calls.len(), 2);
        let yes = |site: &Site, call: &str| site.with_cookie(cookie.clone()).post(call, &[("answer", "yes")]);
        let said = at_once(site, |site| yes(site, calls[0]), |site| yes(site, calls[1]));
        assert!(said.iter().all(|reply| reply.status == StatusCode::SEE_OTHER), "{said:?}");
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM introduction WHERE state = 'connected' AND tie_id IS NOT NULL"),
            1
        );
        assert_eq!(count(site, "SELECT COUNT(*) FROM tie WHERE origin = 'introduction'"), 1);
        sound(site);
    });
}

#[test]
fn two_taps_of_one_answer_make_one_reply() {
    on_demo(|site| {
        let (coordinator, member) = (site.sign_in("coordinator"), site.sign_in("member"));
        let cookie = member.cookie.clone();
        for round in 0..ROUNDS {
            let (once, text) = (format!("race-reply-{round:04}"), format!("หาคนช่วยยกของ ครั้งที่ {round}"));
            let fields = [
                ("side", "need"),
                ("asked", "1"),
                ("text", text.as_str()),
                ("mode", "either"),
                ("terms", "gift"),
                ("urgency", "whenever"),
                ("ends", "180"),
                ("capacity", "1"),
                ("everywhere", "1"),
                ("once", &once),
            ];
            let need = coordinator.done("/giving/new", &fields);
            let need = need.split('?').next().unwrap();
            let help = |site: &Site, words: &str| {
                site.with_cookie(cookie.clone()).post(&format!("{need}/reply"), &[("words", words)])
            };
            let said = at_once(site, |site| help(site, "ไปได้วันเสาร์"), |site| help(site, "ไปได้วันอาทิตย์"));
            assert!(said.iter().all(|reply| reply.status == StatusCode::SEE_OTHER), "{said:?}");
        }
        let rounds = i64::try_from(ROUNDS).unwrap();
        assert_eq!(count(site, "SELECT COUNT(*) FROM reply"), rounds);
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM notice WHERE kind = 'giving_reply'"),
            rounds,
            "the owner is told once"
        );
        sound(site);
    });
}

/// The owner agrees to one reply in two windows at once, or agrees here and declines there.
#[test]
fn a_reply_agreed_to_at_once_is_one_promise() {
    on_demo(|site| {
        let (asker, giver) = (site.sign_in("coordinator"), site.sign_in("member"));
        let cookie = asker.cookie.clone();
        for round in 0..ROUNDS {
            let need = crate::giving::post(
                &asker,
                "need",
                &format!("หาคนขนเก้าอี้{}", "นะ".repeat(round)),
                &["log.transport"],
            );
            giver.done(
                &format!("{need}/reply"),
                &[("words", "ไปได้"), ("once", &*format!("agree-reply-{round:03}"))],
            );
            let page = asker.page(&need);
            let reply = format!("/promises/reply/{}", between(&page, "/promises/reply/", "\""));
            let agree = |site: &Site, once: &str| {
                site.with_cookie(cookie.clone()).post(&reply, &[("due", ""), ("once", once)])
            };
            let (one, other) = (format!("agree-one-{round:04}"), format!("agree-two-{round:04}"));
            let said = at_once(site, |site| agree(site, &one), |site| agree(site, &other));
            assert!(said.iter().all(|reply| !reply.status.is_server_error()), "{said:?}");
            assert!(said.iter().any(|reply| reply.status == StatusCode::SEE_OTHER), "{said:?}");
        }
        let rounds = i64::try_from(ROUNDS).unwrap();
        assert_eq!(count(site, "SELECT COUNT(*) FROM promise WHERE state = 'accepted'"), rounds);
        assert_eq!(count(site, "SELECT COUNT(*) FROM reply WHERE state = 'accepted'"), rounds);
        let doubles = "SELECT COUNT(*) FROM (SELECT actor_id, kind, object_id FROM notice GROUP BY actor_id, kind, object_id \
                       HAVING COUNT(*) > 1) AS twice";
        assert_eq!(count(site, doubles), 0, "nobody is told twice");
        sound(site);
    });
}

/// A promise that was proposed is accepted in two windows at once; another is accepted by the one while the other takes
/// it back.
#[test]
fn a_promise_accepted_at_once_is_accepted_once_or_taken_back() {
    on_demo(|site| {
        let (giver, asker) = (site.sign_in("member"), site.sign_in("coordinator"));
        let (theirs, mine) = (asker.cookie.clone(), giver.cookie.clone());
        let with = crate::joining::own_id(&asker);
        for round in 0..ROUNDS {
            let propose = |what: &str| {
                let once = format!("propose-{what}-{round:04}");
                let fields =
                    [("once", &*once), ("with", &with), ("way", "mine"), ("what", what), ("due", "")];
                giver.done("/promises/new", &fields).split('?').next().unwrap().to_owned()
            };
            let act = |site: &Site, cookie: &Option<String>, at: &str, act: &str| {
                site.with_cookie(cookie.clone()).post(&format!("{at}/{act}"), &[])
            };
            let twice = propose("ยกเก้าอี้");
            let said = at_once(
                site,
                |site| act(site, &theirs, &twice, "accept"),
                |site| act(site, &theirs, &twice, "accept"),
            );
            assert!(said.iter().any(|reply| reply.status == StatusCode::SEE_OTHER), "{said:?}");
            assert!(said.iter().all(|reply| !reply.status.is_server_error()), "{said:?}");
            let both = propose("กวาดลานวัด");
            let said = at_once(
                site,
                |site| act(site, &theirs, &both, "accept"),
                |site| act(site, &mine, &both, "release"),
            );
            assert!(said.iter().any(|reply| reply.status == StatusCode::SEE_OTHER), "{said:?}");
            assert!(said.iter().all(|reply| !reply.status.is_server_error()), "{said:?}");
        }
        let rounds = i64::try_from(ROUNDS).unwrap();
        let of = |what: &str, states: &str| {
            count(
                site,
                &format!("SELECT COUNT(*) FROM promise WHERE what = '{what}' AND state IN ({states})"),
            )
        };
        assert_eq!(of("ยกเก้าอี้", "'accepted'"), rounds);
        assert_eq!(
            of("กวาดลานวัด", "'accepted', 'released', 'lapsed'"),
            rounds,
            "the one or the other, never half"
        );
        let told = "SELECT COUNT(*) FROM notice n JOIN promise p ON p.id = n.object_id WHERE n.kind = 'promise_accepted' \
                    AND p.what = 'ยกเก้าอี้'";
        assert_eq!(count(site, told), rounds, "told once each");
        sound(site);
    });
}

#[test]
fn a_member_who_is_merged_while_somebody_edits_it_loses_nothing() {
    on_demo(|site| {
        let coordinator = site.sign_in("coordinator");
        let cookie = coordinator.cookie.clone();
        bring_in(
            &coordinator,
            "มะลิ ดอกขาว,ลิ,,,เชียงใหม่,,,081-111-1111,ทำขนม,,ยินยอม\n\
             มะลิ ดอกขาว,ลี่,,,ลำพูน,,,082-222-2222,ร้องเพลง,,ยินยอม\n",
        );
        let page = coordinator.page("/transfer/duplicates");
        let pair = format!("/transfer/duplicates/{}", between(&page, "action=\"/transfer/duplicates/", "\""));
        let ids: Vec<store::ids::ActorId> = site
            .db
            .read::<_, store::Error>(&Viewer::System("test"), |r| {
                r.all("SELECT id FROM actor WHERE name = 'มะลิ ดอกขาว' ORDER BY id", params![])
            })
            .unwrap();
        let edited = format!("/members/{}/edit", ids[1]);
        let form = coordinator.page(&edited);
        let version = between(&form, "name=\"version\" value=\"", "\"").to_owned();
        let merge = |site: &Site| site.with_cookie(cookie.clone()).post(&pair, &[("same", "yes")]);
        let edit = |site: &Site| {
            let fields = [
                ("version", version.as_str()),
                ("kind", "person"),
                ("name", "มะลิ ดอกขาว"),
                ("nickname", "ลี่"),
                ("bio", "ร้องเพลงลูกทุ่ง"),
                ("capacity", "4"),
                ("visibility", "network"),
            ];
            site.with_cookie(cookie.clone()).post(&edited, &fields)
        };
        let [merged, changed] = at_once(site, merge, edit);
        assert_eq!(merged.status, StatusCode::SEE_OTHER, "{merged:?}");
        assert!(changed.status == StatusCode::SEE_OTHER || changed.status.is_client_error(), "{changed:?}");
        assert_eq!(
            count(site, "SELECT COUNT(*) FROM actor WHERE name = 'มะลิ ดอกขาว' AND gone_at IS NULL"),
            1
        );
        let offers = "SELECT COUNT(*) FROM intent i JOIN actor a ON a.id = i.actor_id WHERE a.name = 'มะลิ ดอกขาว' \
                      AND a.gone_at IS NULL AND i.state = 'open'";
        assert_eq!(count(site, offers), 2, "what both offered is offered by the one");
        // a second decision at once finds it decided
        let again = at_once(site, merge, merge);
        assert!(again.iter().all(|reply| !reply.status.is_server_error()), "{again:?}");
        assert_eq!(count(site, "SELECT COUNT(*) FROM merge WHERE undone_at IS NULL"), 1);
        sound(site);
    });
}

/// The clock of the machine is set back: what is written then is found, newer ids stay newer, sessions go on.
#[test]
fn a_clock_set_back_loses_nothing() {
    on_demo(|site| {
        let member = site.sign_in("member");
        let post = |text: &str, once: &str| {
            let fields = [
                ("side", "offer"),
                ("asked", "1"),
                ("text", text),
                ("mode", "either"),
                ("terms", "gift"),
                ("urgency", "whenever"),
                ("ends", "180"),
                ("capacity", "1"),
                ("everywhere", "1"),
                ("once", once),
            ];
            member.done("/giving/new", &fields)
        };
        post("สอนสานตะกร้าไม้ไผ่", "clock-000001");
        assert!(member.page("/search?q=ตะกร้า").contains("สานตะกร้า"));
        site.fresh.clock.advance(-2 * Micros::HOUR);
        post("สอนทอเสื่อกก", "clock-000002");
        assert!(member.page("/search?q=เสื่อ").contains("ทอเสื่อกก"), "found although it looks older");
        assert!(site.sign_in("member").page("/giving?side=offer").contains("ทอเสื่อกก"));
        let later: i64 = count(
            site,
            "SELECT COUNT(*) FROM intent a JOIN intent b ON a.id > b.id WHERE a.text = 'สอนทอเสื่อกก' \
             AND b.text = 'สอนสานตะกร้าไม้ไผ่'",
        );
        assert_eq!(later, 1, "ids only grow");
        // in a process that starts now, too
        let beside = site.beside();
        assert!(beside.sign_in("member").page("/search?q=เสื่อ").contains("ทอเสื่อกก"));
        sound(site);
    });
}
