//! What proposing brings: the best pairs are drawn once in a half-year and keep their side, and what became of both sides
//! is counted, for coordinators alone and never by name.

use std::collections::HashSet;

use app::introductions::{self, draw_pairs};
use axum::http::StatusCode;
use network::introduction::choice::{DAYS_HELD_OUT, held_out};
use serde_json::Value;
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Error, Micros, Viewer, audience, params};

use crate::introductions::{members, teach};
use crate::races::{count, sound};
use crate::silence::bind;
use crate::site::{Site, on_demo};

const SUBJECTS: [&str; 6] =
    ["farm.organic", "farm.seed", "edu.language", "log.storage", "it.software", "art.craft"];

fn draw(site: &Site) {
    draw_pairs(&site.db, &site.app.pools, &site.app.pairs, &HashSet::new()).unwrap();
}

fn drawn(site: &Site) -> Vec<(ActorId, ActorId, bool)> {
    site.db
        .read(&Viewer::System("test"), |r| {
            r.all("SELECT a_id, b_id, held_out FROM introduction_candidate ORDER BY id", params![])
        })
        .unwrap_or_else(|error: Error| panic!("{error}"))
}

#[test]
fn pairs_are_drawn_once_and_keep_their_side_for_half_a_year() {
    on_demo(|site| {
        let all = members(site, 120);
        let network = count(site, "SELECT id FROM actor WHERE kind = 'network'");
        let couples: Vec<_> = all.chunks(2).map(|two| (two[0], two[1])).collect();
        let subjects: Vec<&str> = (0..couples.len()).map(|at| SUBJECTS[at % SUBJECTS.len()]).collect();
        // somebody who knows the other already is no candidate
        bind(site, &couples[0].0.to_string(), &couples[0].1.to_string());
        teach(site, &couples, &subjects);
        draw(site);
        let first = drawn(site);
        assert!(first.len() > 100 && first.len() <= 200, "the best alone: {}", first.len());
        let today = site.db.now().0.div_euclid(Micros::DAY);
        for (a, b, held) in &first {
            assert_eq!(*held, held_out(network, (a.0, b.0), today), "as it was drawn");
            assert_ne!((*a, *b), couples[0]);
        }
        draw(site);
        assert_eq!(drawn(site), first, "once");
        sound(site);

        // into the next half-year of the draw, in which others would be left alone
        let days = DAYS_HELD_OUT - today.rem_euclid(DAYS_HELD_OUT);
        assert!(days < DAYS_HELD_OUT);
        let later = |pair: &(ActorId, ActorId, bool)| held_out(network, (pair.0.0, pair.1.0), today + days);
        let alone = first.iter().find(|pair| pair.2 && !later(pair)).unwrap();
        let proposed = first.iter().find(|pair| !pair.2 && later(pair)).unwrap();
        site.fresh.clock.advance(days * Micros::DAY);
        teach(site, &[], &[]);
        let coordinator = site.sign_in("coordinator");
        let put = |pair: &(ActorId, ActorId, bool), once: &str| {
            let (a, b) = (pair.0.to_string(), pair.1.to_string());
            coordinator.done("/introductions", &[("once", once), ("a", &a), ("b", &b)])
        };
        assert_eq!(put(alone, "side-0000001"), "/introductions", "left alone for its half-year");
        assert!(
            put(proposed, "side-0000002").starts_with("/introductions/itr_"),
            "proposed for its half-year"
        );
    });
}

/// Lets pairs stand among the candidates since now.
fn enter(site: &Site, pairs: &[(ActorId, ActorId)], held: bool) {
    site.db
        .write::<_, Error>(&Acting::system("test"), |w| {
            let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            for (a, b) in pairs {
                let (id, now) = (w.new_id(), w.now());
                w.execute(
                    "INSERT INTO introduction_candidate (id, network_id, a_id, b_id, held_out, entered_at) \
                     VALUES ($1, $2, $3, $4, $5, $6)",
                    params![id, network, *a, *b, held, now],
                )?;
            }
            w.done(&Entry::new(Act::Do, "test.enter", network.0), ())
        })
        .unwrap();
}

fn introduce(site: &Site, pairs: &[(ActorId, ActorId)]) {
    site.db
        .write::<_, Error>(&Acting::system("test"), |w| {
            let network: ActorId = w.one("SELECT id FROM actor WHERE kind = 'network'", &[])?;
            for (a, b) in pairs {
                let id = introductions::ask_both(w, network, network, (*a, ""), (*b, ""), "")?.unwrap();
                introductions::put_answer(w, id, *a, "yes", "phone")?;
                introductions::put_answer(w, id, *b, "yes", "phone")?;
            }
            w.done(&Entry::new(Act::Do, "test.introduce", network.0), ())
        })
        .unwrap();
}

/// Two were in contact now.
fn meet(site: &Site, (a, b): (ActorId, ActorId)) {
    site.db
        .write::<_, Error>(&Acting::system("test"), |w| {
            let (id, now) = (w.new_id(), w.now());
            w.execute(
                "INSERT INTO contact (id, at, whole_day, channel, direction, summary, outcome, origin, visibility, \
                 text_key, recorded_at) VALUES ($1, $2, FALSE, 'phone', 'mutual', '', 'help', 'self', 'tie', '', $2)",
                params![id, now],
            )?;
            for (position, who) in [(0_i64, a), (1, b)] {
                w.execute(
                    "INSERT INTO contact_participant (contact_id, position, actor_id, words, role) \
                     VALUES ($1, $2, $3, '', 'present')",
                    params![id, position, who],
                )?;
            }
            audience::set(w, id, &[audience::own(a), audience::own(b)])?;
            w.done(&Entry::new(Act::Do, "test.meet", id), ())
        })
        .unwrap();
}

#[test]
fn what_proposing_brings_is_counted_beside_those_left_alone() {
    on_demo(|site| {
        let all = members(site, 92);
        let pairs: Vec<_> = all.chunks(2).map(|two| (two[0], two[1])).collect();
        let (proposed, alone) = pairs.split_at(25);
        enter(site, proposed, false);
        enter(site, &alone[..20], true);
        let brings = |site: &Site| -> Value {
            serde_json::from_str(&site.sign_in("coordinator").page("/api/v1/introductions/brings")).unwrap()
        };
        site.fresh.clock.advance(10 * Micros::DAY);
        introduce(site, &proposed[..6]);
        for (a, b) in proposed[6..15].iter().chain(&alone[..2]) {
            bind(site, &a.to_string(), &b.to_string());
        }
        site.fresh.clock.advance(5 * Micros::DAY);
        for pair in proposed[..8].iter().chain(&alone[..1]) {
            meet(site, *pair);
        }
        site.fresh.clock.advance(74 * Micros::DAY);
        let young = brings(site);
        assert_eq!(young["outcomes"].as_array().unwrap().len(), 1, "{young}");
        assert_eq!(young["outcomes"][0]["proposed"]["pairs"], 0, "none is old enough");

        site.fresh.clock.advance(2 * Micros::DAY);
        // too late to count, and of no pair that stood here
        bind(site, &proposed[20].0.to_string(), &proposed[20].1.to_string());
        let told = brings(site);
        let of = |outcome: &str, told: &Value| {
            told["outcomes"].as_array().unwrap().iter().find(|row| row["outcome"] == outcome).cloned()
        };
        let tied = of("tied", &told).unwrap();
        assert_eq!(
            (&tied["proposed"]["pairs"], &tied["proposed"]["came"]),
            (&25.into(), &15.into()),
            "{told}"
        );
        assert_eq!((&tied["left_alone"]["pairs"], &tied["left_alone"]["came"]), (&20.into(), &2.into()));
        // 15/25 − 2/20 = .5; Newcombe's interval from Wilson's .407–.766 and .028–.301
        let near = |value: &Value, wanted: f64| (value.as_f64().unwrap() - wanted).abs() < 1e-4;
        assert!(
            near(&tied["more"], 0.5) && near(&tied["low"], 0.2216) && near(&tied["high"], 0.6810),
            "{tied}"
        );
        let agreed = of("agreed", &told).unwrap();
        assert_eq!((&agreed["proposed"]["came"], &agreed["left_alone"]["came"]), (&6.into(), &0.into()));
        let early = of("met", &told).unwrap();
        assert!(early["proposed"]["came"].is_null() && early["more"].is_null(), "{early}");

        let page = site.sign_in("coordinator").page("/introductions");
        assert!(page.contains("คู่ที่เสนอ: 15 จาก 25 คู่ (60 %)"), "{page}");
        assert!(page.contains("การเสนอช่วยให้ได้มากขึ้น น่าจะ 22 ถึง 68 คู่ในร้อย"), "{page}");
        assert!(page.contains("ยังเร็วเกินกว่าจะบอกได้"), "{page}");

        site.fresh.clock.advance(30 * Micros::DAY);
        let met = of("met", &brings(site)).unwrap();
        assert_eq!((&met["proposed"]["came"], &met["left_alone"]["came"]), (&8.into(), &1.into()), "{met}");
        // the first two are still in touch in the second half of the half-year after
        for pair in &proposed[..2] {
            meet(site, *pair);
        }
        site.fresh.clock.advance(160 * Micros::DAY);
        let later = brings(site);
        let exchanged = of("exchanged", &later).unwrap();
        assert_eq!(exchanged["proposed"]["came"], 0, "nobody helped anybody");
        let alive = of("alive", &later).unwrap();
        assert_eq!(
            (&alive["proposed"]["came"], &alive["left_alone"]["came"]),
            (&2.into(), &0.into()),
            "{alive}"
        );
        assert!(later["worth"].is_null(), "too few said");
        sound(site);
    });
}

#[test]
fn few_pairs_tell_nothing_and_only_coordinators_are_told() {
    on_demo(|site| {
        let all = members(site, 80);
        let pairs: Vec<_> = all.chunks(2).map(|two| (two[0], two[1])).collect();
        enter(site, &pairs[..21], false);
        enter(site, &pairs[21..], true);
        bind(site, &pairs[0].0.to_string(), &pairs[0].1.to_string());
        site.fresh.clock.advance(91 * Micros::DAY);
        let coordinator = site.sign_in("coordinator");
        let told: Value = serde_json::from_str(&coordinator.page("/api/v1/introductions/brings")).unwrap();
        let row = &told["outcomes"][0];
        assert_eq!((&row["proposed"]["pairs"], &row["left_alone"]["pairs"]), (&21.into(), &19.into()));
        assert!(row["proposed"]["came"].is_null() && row["more"].is_null(), "{told}");
        let page = coordinator.page("/introductions");
        assert!(page.contains("คู่ที่เสนอครบสามเดือนแล้วมี 21 คู่ คู่ที่เว้นไว้มี 19 คู่"), "{page}");
        for name in ["member", "supporter"] {
            let person = site.sign_in(name);
            assert_eq!(person.get("/api/v1/introductions/brings").status, StatusCode::FORBIDDEN);
            assert!(!person.page("/introductions").contains("id=\"brings\""));
        }
    });
}
