//! A refusal looks like silence (trap 12): the same introduction is lived through side by side, once with a refusal and once
//! without any answer, and everything each of the others can observe is compared, before and after its fixed time.

use app::introductions;
use axum::http::StatusCode;
use network::vocabulary::{ActorKind, Consent, MembershipState, Relation, Role, TieOrigin};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Error, Micros};

use crate::joining::own_id;
use crate::policy::routes;
use crate::site::{Person, Site, on_demo};

/// The three: who introduces, and the two. Nobody of them coordinates the other two's network alone.
const THREE: [&str; 3] = ["supporter", "coordinator", "member"];

/// What one of the two does; none is silence.
type Does = Option<&'static str>;

/// Everything one person met: each address with its status and its body, without ids and keys, which differ by run.
pub type Observed = Vec<(String, String)>;

pub fn bind(site: &Site, one: &str, other: &str) {
    let (one, other): (ActorId, ActorId) = (one.parse().unwrap(), other.parse().unwrap());
    site.db
        .write::<_, Error>(&Acting::system("test"), |w| {
            let tie = app::ties::bind(
                w,
                &app::ties::Bound {
                    subject: one,
                    object: other,
                    network: None,
                    relation: Relation::Knows,
                    origin: TieOrigin::Self_,
                    introduced_by: None,
                    offers: "",
                    asks: "",
                    benefit: "",
                },
            )?;
            w.done(&Entry::new(Act::Do, "ties.bind", tie.0), ())
        })
        .unwrap();
}

/// A fourth member, without an account, whom the one who introduces knows.
fn fourth(site: &Site) -> String {
    site.db
        .write::<_, Error>(&Acting::system("test"), |w| {
            let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            let id = app::members::enter(w, &app::members::Sketch::named(ActorKind::Person, "สายใจ บ้านไกล"))?;
            app::members::join(w, network, id, Role::Member, "", MembershipState::Member)?;
            app::members::record_consent(w, id, Consent::Given, "paper", "")?;
            w.done(&Entry::new(Act::Administer, "test.enter", id.0), id.to_string())
        })
        .unwrap()
}

/// Runs of sixteen letters and digits are ids, keys and hashes: what they are differs by run and says nothing.
pub fn without_ids(text: &str) -> String {
    let mut plain = String::new();
    let mut run = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '-') {
            run.push(c);
            continue;
        }
        plain.push_str(if run.len() >= 16 { "#" } else { &run });
        run.clear();
        plain.push(c);
    }
    plain
}

/// The three, signed in anew: when a session was last used is one's own, and noted now or a moment later.
fn people(site: &Site) -> [Person<'_>; 3] {
    THREE.map(|name| site.sign_in(name))
}

/// Everything this person can ask for by address.
pub fn observe(person: &Person<'_>, ids: &[String], introduction: &str) -> Observed {
    let mut addresses: Vec<String> = routes()
        .into_iter()
        .filter(|(path, methods)| {
            methods.contains(&"GET") && !path.contains('{') && !path.starts_with("/assets")
        })
        .map(|(path, _)| path)
        .filter(|path| path != "/joining/sign-out" && path != "/healthz")
        .collect();
    addresses.extend([
        format!("/introductions/{introduction}"),
        format!("/api/v1/introductions/{introduction}"),
        format!("/words/introduction/{introduction}"),
    ]);
    for side in ["for_me", "mine", "to_pass_on", "made", "network"] {
        addresses.push(format!("/api/v1/introductions?side={side}"));
    }
    for id in ids {
        addresses.extend([
            format!("/members/{id}"),
            format!("/ties/with/{id}"),
            format!("/api/v1/members/{id}"),
        ]);
    }
    // what is taken along: the other forms hold less than these
    for format in ["json", "vcf", "ics"] {
        addresses.push(format!("/transfer/export/{format}"));
    }
    addresses.push("/transfer/mine/json".to_owned());
    for word in ["แนน", "พี่ดา", "แผนที่"] {
        let word: String = form_urlencoded::byte_serialize(word.as_bytes()).collect();
        addresses.push(format!("/search?q={word}"));
    }
    let made = person.post("/calendar", &[]);
    let feed = made.body.split("/calendar/").find_map(|part| {
        let token = part.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        (token.len() >= 16).then(|| format!("/calendar/{token}"))
    });
    addresses.extend(feed);
    let mut observed: Observed = addresses
        .into_iter()
        .map(|path| {
            let reply = person.get(&path);
            let mut headers: Vec<&str> = reply.headers.keys().map(|name| name.as_str()).collect();
            headers.sort_unstable();
            let said = format!("{} {headers:?} {}", reply.status.as_u16(), without_ids(&reply.body));
            (without_ids(&path), said)
        })
        .collect();
    observed.sort();
    let own = observed.iter().find(|(path, _)| path.trim() == "/transfer/mine/json");
    assert!(own.is_some_and(|(_, said)| said.starts_with("200")), "what is taken along is compared too");
    observed
}

fn say(person: &Person<'_>, introduction: &str, does: Does) {
    if let Some(answer) = does {
        person.done(&format!("/introductions/{introduction}/answer"), &[("answer", answer)]);
    }
}

/// What somebody tries after the fixed time, and how it is answered.
fn tries([introducer, one, other]: &[Person<'_>; 3], ids: &[String], fourth: &str) -> Observed {
    let offer = |a: &str, b: &str, once: &str| {
        let fields = [("once", once), ("a", a), ("b", b), ("purpose", "knowledge"), ("reason", "ลองอีกครั้ง")];
        let reply = introducer.post("/introductions/offer", &fields);
        (once.to_owned(), format!("{} {}", reply.status.as_u16(), without_ids(&reply.body)))
    };
    let ask = |person: &Person<'_>, to: &str, once: &str| {
        let fields = [
            ("once", once),
            ("to", to),
            ("purpose", "knowledge"),
            ("reason", "อยากรู้จัก"),
            ("note", "ขอเวลาสักครู่"),
        ];
        let reply = person.post("/introductions/new", &fields);
        (once.to_owned(), format!("{} {}", reply.status.as_u16(), without_ids(&reply.body)))
    };
    vec![
        offer(&ids[1], &ids[2], "the-same-pair-again"),
        ask(one, &ids[2], "one-asks-for-the-other"),
        ask(other, &ids[1], "the-other-asks-for-one"),
        offer(&ids[1], fourth, "the-slot-of-one-is-free"),
        offer(&ids[2], fourth, "the-slot-of-the-other-is-free"),
    ]
}

/// One life of an introduction: what each of the three observed while it was open, after its time, and how later tries
/// were answered.
fn lived(site: &Site, one: Does, other: Does) -> [Observed; 4] {
    let three = people(site);
    let ids = three.each_ref().map(own_id);
    let fourth = fourth(site);
    for id in [&ids[1], &ids[2], &fourth] {
        bind(site, &ids[0], id);
    }
    for person in &three[1..] {
        // a single slot: whether it is free again is to be seen
        let fields = [("at_once", "1"), ("a_week", "20"), ("to_make", "3")];
        person.done("/introductions/limits", &fields);
    }
    let fields = [
        ("once", "offer-of-silence"),
        ("a", ids[1].as_str()),
        ("b", ids[2].as_str()),
        ("purpose", "knowledge"),
        ("reason", "ทำแผนที่ผู้ป่วยด้วยกันได้"),
        ("a_gains", "ได้คนทำแผนที่"),
        ("b_gains", "ได้ข้อมูล"),
    ];
    let address = three[0].done("/introductions/offer", &fields);
    let introduction = address.rsplit('/').next().unwrap().to_owned();
    site.fresh.clock.advance(Micros::HOUR);
    say(&site.sign_in(THREE[1]), &introduction, one);
    say(&site.sign_in(THREE[2]), &introduction, other);
    site.fresh.clock.advance(Micros::DAY);
    introductions::lapse(&site.db).unwrap();
    let full = [
        ("once", "no-slot-while-open"),
        ("a", ids[1].as_str()),
        ("b", fourth.as_str()),
        ("purpose", "knowledge"),
        ("reason", "อีกเรื่อง"),
    ];
    let refused = site.sign_in(THREE[0]).post("/introductions/offer", &full);
    assert_eq!(refused.status, StatusCode::OK, "the form comes back: {}", refused.body);
    assert!(refused.body.contains("ตอนนี้ยังแนะนำคู่นี้ไม่ได้"), "{}", refused.body);
    let mut all: Vec<Observed> =
        people(site).iter().map(|person| observe(person, &ids, &introduction)).collect();
    site.fresh.clock.advance(14 * Micros::DAY);
    let three = people(site);
    // at the fixed time to the moment, before the program wrote it down, and after
    for _ in 0..2 {
        for (at, person) in three.iter().enumerate() {
            all[at].extend(observe(person, &ids, &introduction));
        }
        introductions::lapse(&site.db).unwrap();
    }
    let tried = tries(&three, &ids, &fourth);
    assert!(tried[..3].iter().all(|(_, answer)| answer.starts_with("200")), "the pair rests: {tried:?}");
    assert!(tried[3..].iter().all(|(_, answer)| answer.starts_with("303")), "the slots are free: {tried:?}");
    all.push(tried);
    all.try_into().unwrap()
}

pub fn differences(a: &Observed, b: &Observed) -> Vec<String> {
    assert_eq!(a.len(), b.len());
    let differ = a.iter().zip(b).filter(|(x, y)| x != y);
    differ
        .map(|((path, x), (_, y))| {
            let at = x.bytes().zip(y.bytes()).position(|(x, y)| x != y).unwrap_or(x.len().min(y.len()));
            let piece = |text: &str| {
                String::from_utf8_lossy(&text.as_bytes()[at.saturating_sub(80)..(at + 120).min(text.len())])
                    .into_owned()
            };
            format!("{path}\n  {}\n  {}", piece(x), piece(y))
        })
        .collect()
}

/// Lives through each case on both databases, in the same order.
fn cases(cases: &[(Does, Does)]) -> Vec<Vec<[Observed; 4]>> {
    cases
        .iter()
        .map(|(one, other)| {
            let seen = std::cell::RefCell::new(Vec::new());
            on_demo(|site| seen.borrow_mut().push(lived(site, *one, *other)));
            seen.into_inner()
        })
        .collect()
}

#[test]
fn nobody_can_tell_a_refusal_from_silence() {
    let lives = cases(&[(None, None), (Some("no"), None), (None, Some("yes")), (Some("no"), Some("yes"))]);
    for (database, _) in lives[0].iter().enumerate() {
        let of = |case: usize, who: usize| &lives[case][database][who];
        // the one who introduces and the other side, whether that one said nothing or yes
        for (silent, refused) in [(0, 1), (2, 3)] {
            for who in [0, 2] {
                let found = differences(of(silent, who), of(refused, who));
                assert!(found.is_empty(), "{} can tell: {}", THREE[who], found.join("\n"));
            }
            assert_eq!(of(silent, 3), of(refused, 3), "and so can nobody by what they try later");
        }
        // who introduces cannot tell a yes from silence either
        let found = differences(of(0, 0), of(2, 0));
        assert!(found.is_empty(), "{}", found.join("\n"));
        // the comparison sees what there is to see: the one who answered does see their own answer
        assert!(!differences(of(0, 1), of(1, 1)).is_empty());
    }
}

#[test]
fn nobody_can_tell_what_was_put_aside_from_what_was_forgotten() {
    let lived = |does: Does, after: Does| {
        let seen = std::cell::RefCell::new(Vec::new());
        on_demo(|site| {
            let three = people(site);
            let ids = three.each_ref().map(own_id);
            bind(site, &ids[0], &ids[1]);
            bind(site, &ids[0], &ids[2]);
            let fields = [
                ("once", "ask-of-silence-1"),
                ("to", ids[2].as_str()),
                ("via", ids[0].as_str()),
                ("purpose", "skill"),
                ("reason", "อยากเรียนทำแผนที่"),
                ("note", "ขอเวลาครึ่งชั่วโมง"),
            ];
            let address = three[1].done("/introductions/new", &fields);
            let introduction = address.rsplit('/').next().unwrap().to_owned();
            site.fresh.clock.advance(Micros::HOUR);
            if let Some(answer) = does {
                let pass = format!("/introductions/{introduction}/pass-on");
                site.sign_in(THREE[0]).done(&pass, &[("answer", answer)]);
            }
            say(&site.sign_in(THREE[2]), &introduction, after);
            let mut all = [Observed::new(), Observed::new(), Observed::new()];
            for days in [1, 21] {
                site.fresh.clock.advance(days * Micros::DAY);
                introductions::lapse(&site.db).unwrap();
                for (at, person) in people(site).iter().enumerate() {
                    all[at].extend(observe(person, &ids, &introduction));
                }
            }
            seen.borrow_mut().push(all);
        });
        seen.into_inner()
    };
    let (forgotten, aside) = (lived(None, None), lived(Some("no"), None));
    let (passed, refused) = (lived(Some("yes"), None), lived(Some("yes"), Some("no")));
    for (database, _) in forgotten.iter().enumerate() {
        // the one who asked cannot tell, and the other side never learns that there was something
        for who in [1, 2] {
            let found = differences(&forgotten[database][who], &aside[database][who]);
            assert!(found.is_empty(), "{} can tell: {}", THREE[who], found.join("\n"));
        }
        let unseen = &forgotten[database][2];
        assert!(unseen.iter().all(|(_, page)| !page.contains("ขอเวลาครึ่งชั่วโมง")), "the note went nowhere");
        // passed on, and refused or not answered: neither who asked nor who passed it on can tell
        for who in [0, 1] {
            let found = differences(&passed[database][who], &refused[database][who]);
            assert!(found.is_empty(), "{} can tell: {}", THREE[who], found.join("\n"));
        }
    }
}
