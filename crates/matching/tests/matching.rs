//! Needs meet offers: what comes first, what is left out and why, and that reasons are the score's own.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test whose premise fails has failed")]

use matching::fair::{Caps, Owner, Turns, Urgency};
use matching::{
    ActorKey, Area, Cause, Day, Detail, Intent, IntentKey, Measures, Mode, Obstacle, OwnerKind, Pool, Reach,
    Record, Side, Situation, Taxonomy, Ties, Weights, Window,
};
use proptest::prelude::*;
use thai::Lang;

fn offer(key: u64, text: &str) -> Intent {
    Intent::new(IntentKey(key), Side::Offer, text)
}

fn need(key: u64, text: &str) -> Intent {
    Intent::new(IntentKey(key), Side::Need, text)
}

fn at(mut intent: Intent, area: &str) -> Intent {
    intent.reach = Reach::Areas(vec![Area::parse(area).unwrap()]);
    intent.mode = Mode::Onsite;
    intent
}

fn owned(mut intent: Intent, actor: u64) -> Intent {
    intent.actor = Some(ActorKey(actor));
    intent
}

fn tapped(mut intent: Intent, code: &str) -> Intent {
    intent.categories = vec![Taxonomy::built_in().find(code).unwrap()];
    intent
}

fn community() -> Vec<Intent> {
    vec![
        offer(1, "ช่างไม้รับติดราวจับ ปรับห้องน้ำให้ผู้สูงอายุ"),
        offer(2, "Volunteer tutors for maths and English, evenings online"),
        offer(3, "พยาบาลเกษียณ รับทำแผลและเปลี่ยนสายถึงบ้าน"),
        offer(4, "ทนายอาสาให้คำปรึกษาเรื่องหนี้และสัญญา"),
        offer(5, "We lend tents, chairs and a sound system"),
        offer(6, "ศูนย์เรียนรู้เปิดรับคณะดูงาน"),
    ]
}

#[test]
fn story_a_trouble_finds_the_help_that_names_it_otherwise() {
    let pool = Pool::build(community());
    let situation = Situation::default();
    for (trouble, expected) in [
        ("ยายลื่นล้มในห้องน้ำ ไม่มีอะไรให้จับ", 1),
        ("My mother slipped in the bathroom, there is nothing to hold on to", 1),
        ("ลูกสอบตกเลข อยากได้คนสอนตอนเย็น", 2),
        ("a deep bedsore that has to be cleaned at home", 3),
        ("งานบุญหมู่บ้านไม่มีเต็นท์กับเก้าอี้", 5),
    ] {
        let found = pool.offers_for(&need(99, trouble), 3, &situation);
        assert_eq!(found.fit.first().map(|p| p.key), Some(IntentKey(expected)), "{trouble}");
        assert!(found.fit.iter().all(|p| p.score > 0.0 && p.score < 1.0 && !p.why.is_empty()));
    }
}

#[test]
fn what_cannot_help_stands_apart_with_its_reason() {
    let day = |text| Day::parse(text);
    let text = "รับติดราวจับในห้องน้ำผู้สูงอายุ";
    let over = Window { from: None, until: day("2026-10-31") };
    let pool = Pool::build([
        at(offer(1, text), "TH-50"),
        at(offer(2, text), "TH-40"),
        Intent { window: over, ..at(offer(3, text), "TH-50") },
        Intent { mode: Mode::Online, ..offer(4, text) },
        Intent { capacity: Some(0), ..at(offer(5, text), "TH-50") },
        at(offer(6, "ติวคณิตให้เด็ก"), "TH-40"),
    ]);
    let asked = at(need(9, "ห้องน้ำยายพื้นลื่น อยากได้ราวจับ"), "TH-50");
    let situation = Situation { today: day("2026-12-01"), ..Situation::default() };
    let found = pool.offers_for(&asked, 10, &situation);
    assert_eq!(found.fit.iter().map(|p| p.key.0).collect::<Vec<_>>(), [1]);
    let mut distant: Vec<(u64, Obstacle)> = found.distant.iter().map(|d| (d.key.0, d.obstacle)).collect();
    distant.sort_by_key(|d| d.0);
    let expected = [(2, Obstacle::Place), (3, Obstacle::Time), (4, Obstacle::Mode), (5, Obstacle::Capacity)];
    assert_eq!(distant, expected);
    assert_eq!(pool.needs_for(pool.get(IntentKey(2)).unwrap(), 5, &situation).fit, []);
}

#[test]
fn nothing_fits_an_unreadable_need() {
    let pool = Pool::build(community());
    assert_eq!(pool.offers_for(&need(99, "qwzx"), 5, &Situation::default()).fit, []);
    assert_eq!(Pool::default().offers_for(&need(99, "ยายล้ม"), 5, &Situation::default()).fit, []);
}

#[test]
fn a_tap_leads_where_the_words_do_not() {
    let pool = Pool::build([
        tapped(offer(1, "มาช่วยได้ทุกวันเสาร์"), "care.respite"),
        tapped(offer(2, "ว่างตอนเย็น ยินดีช่วย"), "art.music"),
    ]);
    let asked = tapped(need(9, "ขอคนช่วยหน่อย"), "care.respite");
    let found = pool.offers_for(&asked, 2, &Situation::default());
    assert_eq!(found.fit.first().map(|p| p.key), Some(IntentKey(1)));
}

#[test]
fn own_and_excluded_offers_are_not_proposed() {
    let pool = Pool::build(community().into_iter().map(|o| {
        let key = o.key.0;
        owned(o, key)
    }));
    let asked = owned(need(99, "ยายลื่นล้มในห้องน้ำ ไม่มีราวจับ"), 1);
    let keys = |situation: &Situation| -> Vec<u64> {
        pool.offers_for(&asked, 6, situation).fit.iter().map(|p| p.key.0).collect()
    };
    assert!(!keys(&Situation::default()).contains(&1));
    let excluded = [ActorKey(3)];
    assert!(!keys(&Situation { excluded: &excluded, ..Situation::default() }).contains(&3));
}

#[test]
fn kept_changed_and_taken_out() {
    let mut pool = Pool::build(community());
    let asked = need(99, "ยายลื่นล้มในห้องน้ำ ไม่มีราวจับ");
    let first = |pool: &Pool| pool.offers_for(&asked, 1, &Situation::default()).fit.first().map(|p| p.key.0);
    assert_eq!((first(&pool), pool.len()), (Some(1), 6));
    assert!(pool.remove(IntentKey(1)) && !pool.remove(IntentKey(1)));
    assert_ne!(first(&pool), Some(1));
    pool.upsert(offer(6, "รับติดราวจับในห้องน้ำ"));
    assert_eq!((first(&pool), pool.len()), (Some(6), 5));
}

#[test]
fn many_offers_are_searched_as_few_are() {
    // beyond three thousand only candidates are read: the right one must be among them
    let text = |n: u64| community()[(n % 6) as usize].text.clone();
    let mut pool =
        Pool::build((10..4_010).map(|n| at(offer(n, &text(n + 1).replace("ราวจับ", "ประตู")), "TH-40")));
    pool.upsert(at(offer(1, "ช่างไม้รับติดราวจับ ปรับห้องน้ำให้ผู้สูงอายุ"), "TH-50"));
    let found = pool.offers_for(&at(need(2, "ยายลื่นล้มในห้องน้ำ ไม่มีราวจับ"), "TH-50"), 5, &Situation::default());
    assert_eq!(found.fit.iter().map(|p| p.key.0).collect::<Vec<_>>(), [1]);
    assert!(found.distant.iter().all(|d| d.obstacle == Obstacle::Place));
    for key in 10..4_010 {
        assert!(pool.remove(IntentKey(key)));
    }
    assert_eq!(pool.len(), 1);
}

#[test]
fn who_has_the_same_trouble() {
    let pool = Pool::build([
        at(need(1, "ดอกร้อยละยี่สิบ ผ่อนไม่ไหวแล้ว"), "TH-40"),
        need(2, "loan sharks come every evening for the money"),
        need(3, "หลังคารั่วทั้งหลัง"),
    ]);
    let alike = pool.same_need(pool.get(IntentKey(1)).unwrap(), 2);
    assert_eq!(alike.first().map(|p| p.key), Some(IntentKey(2)));
    assert!(alike.iter().all(|p| p.key != IntentKey(1)));
}

#[test]
fn reasons_name_place_introducer_and_words_in_both_languages() {
    let mut bathroom = owned(at(offer(1, "รับติดราวจับในห้องน้ำ"), "TH-50"), 1);
    bathroom.record = Record { asked: 4, answered: 4 };
    let back = owned(need(3, "อยากได้คนสอนการบ้านลูก"), 1);
    let gives = owned(offer(4, "สอนการบ้านเด็กประถม"), 2);
    let pool = Pool::build([bathroom, back, gives]);
    let ties = Ties::new([(ActorKey(1), ActorKey(7), 0.9), (ActorKey(7), ActorKey(2), 0.9)]);
    let asked = owned(at(need(9, "ห้องน้ำยายลื่น อยากได้ราวจับ"), "TH-50"), 2);
    let situation = Situation { ties: Some(&ties), ..Situation::default() };
    let found = pool.offers_for(&asked, 1, &situation);
    let why = &found.fit[0].why;
    let of = |cause| why.iter().find(|why| why.cause == cause).unwrap();
    assert_eq!(of(Cause::Place).text(Lang::Thai), "อยู่เชียงใหม่เหมือนกัน");
    assert_eq!(of(Cause::Place).text(Lang::English), "both in Chiang Mai");
    assert_eq!(of(Cause::Acquaintance).detail, Detail::Introducer(ActorKey(7)));
    let named = |_| Some("คุณสมศรี".to_owned());
    assert_eq!(of(Cause::Acquaintance).text_naming(Lang::Thai, named), "คุณสมศรีรู้จักทั้งสองฝ่าย");
    assert!(
        of(Cause::Words).text(Lang::Thai).contains("ห้องน้ำ")
            || of(Cause::Words).text(Lang::Thai).contains("จับ")
    );
    assert!(of(Cause::Reciprocity).weight > 0.0 && of(Cause::Complementarity).weight > 0.0);
    assert!(of(Cause::Reliability).weight > 0.0);
    for reason in why {
        assert!(!reason.text(Lang::Thai).is_empty() && !reason.text(Lang::English).is_empty());
    }
}

#[test]
fn a_reason_taken_away_lowers_the_score() {
    let pool = Pool::build(community());
    let weights = Weights::default();
    let mut reasons = 0;
    for trouble in ["ยายลื่นล้มในห้องน้ำ ไม่มีราวจับ", "need chairs and a tent", "แผลกดทับที่หลัง", "เป็นหนี้ โดนฟ้อง"]
    {
        for proposal in pool.offers_for(&need(99, trouble), 6, &Situation::default()).fit {
            assert!((weights.score(&proposal.measures) - proposal.score).abs() < 1e-12);
            for why in &proposal.why {
                reasons += 1;
                assert!(
                    weights.score(&proposal.measures.without(why.cause)) < proposal.score,
                    "{}",
                    why.cause.name()
                );
            }
        }
    }
    assert!(reasons > 20);
}

proptest! {
    #[test]
    fn no_better_measure_lowers_a_score(values in proptest::collection::vec(0.0_f64..=1.0, 16), which in 0_usize..16, more in 0.0_f64..=1.0) {
        let mut measures = Measures::default();
        for (cause, value) in Cause::ALL.into_iter().zip(&values) {
            measures.set(cause, *value);
        }
        let weights = Weights::default();
        let mut better = measures;
        better.set(Cause::ALL[which], values[which].max(more));
        prop_assert!(weights.score(&better) >= weights.score(&measures));
    }

    #[test]
    fn the_order_of_coming_changes_nothing(seed in 0_usize..720) {
        let mut intents = community();
        let mut rest = seed;
        for place in (1..intents.len()).rev() {
            intents.swap(place, rest % (place + 1));
            rest /= place + 1;
        }
        let asked = need(99, "ยายลื่นล้มในห้องน้ำ ไม่มีราวจับ");
        let scores = |pool: &Pool| -> Vec<(u64, String)> {
            let fit = pool.offers_for(&asked, 6, &Situation::default()).fit;
            fit.iter().map(|p| (p.key.0, format!("{:.9}", p.score))).collect()
        };
        prop_assert_eq!(scores(&Pool::build(intents)), scores(&Pool::build(community())));
    }
}

/// One hub that offers everything, well worded, and 200 small members with one offer each; needs of all kinds. Both the
/// hub's and the small one's offer in the need's category solve it.
#[test]
fn turns_halve_the_hubs_share_and_keep_the_quality() {
    let taxonomy = Taxonomy::built_in();
    let codes: Vec<&str> = taxonomy.categories().iter().map(|c| c.code.as_str()).collect();
    let mut intents = Vec::new();
    for (place, code) in codes.iter().enumerate() {
        let mut hub = owned(tapped(offer(place as u64, ""), code), 1);
        hub.owner = OwnerKind::Organization;
        hub.record = Record { asked: 100, answered: 100 };
        hub.capacity = Some(50);
        intents.push(hub);
    }
    for small in 0..200_u64 {
        let mut one =
            owned(tapped(offer(1_000 + small, ""), codes[small as usize % codes.len()]), 100 + small);
        one.capacity = Some(2);
        intents.push(one);
    }
    let pool = Pool::build(intents);
    let (mut plain, mut fair) = (Outcome::default(), Outcome::default());
    let mut turns = Turns::among(201);
    for round in 0..600_usize {
        let code = codes[(round * 37) % codes.len()];
        let asked = tapped(need(10_000 + round as u64, ""), code);
        let wide = pool.offers_for(&asked, 20, &Situation::default()).fit;
        plain.note(&pool, &wide[..wide.len().min(5)], code);
        let kind = |key| pool.get(key).map_or(OwnerKind::Person, |intent| intent.owner);
        fair.note(&pool, &turns.order(wide, 5, &Caps::default(), Urgency::Usual, kind), code);
    }
    assert!(plain.hub_first > 0.9 * 600.0, "without turns the hub is first: {}", plain.hub_first);
    assert!(fair.hub_first <= 0.5 * plain.hub_first, "{} of {}", fair.hub_first, plain.hub_first);
    assert!(fair.ndcg >= 0.95 * plain.ndcg, "{} of {}", fair.ndcg, plain.ndcg);
    assert!(turns.shown(Owner::Actor(ActorKey(1))) > 0.0);
}

#[derive(Default)]
struct Outcome {
    hub_first: f64,
    ndcg: f64,
}

impl Outcome {
    fn note(&mut self, pool: &Pool, shown: &[matching::Proposal], code: &str) {
        let right = |key| {
            pool.get(key).is_some_and(|i| i.categories.iter().any(|c| Taxonomy::built_in().code(*c) == code))
        };
        let gain = |place: usize| 3.0 / (place as f64 + 2.0).log2();
        let reached: f64 = (0..shown.len()).filter(|p| right(shown[*p].key)).map(gain).sum();
        // the hub and two or three small ones are right for each need
        let place = Taxonomy::built_in().find(code).unwrap().index();
        let rights = 1 + (0..200).filter(|small| small % 87 == place).count();
        let best: f64 = (0..rights.min(5)).map(gain).sum();
        self.ndcg += reached / best;
        self.hub_first += f64::from(u8::from(shown.first().is_some_and(|p| p.actor == Some(ActorKey(1)))));
    }
}
