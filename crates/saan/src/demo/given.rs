//! What the people of the demo promised, gave and share: told here, on days of their own, the same every time.

use std::collections::HashMap;

use app::{exchanges, promises, resources};
use network::promise::{Act, Side};
use network::vocabulary::{Benefit, Condition, ExchangeAction, ResourceKind};
use store::ids::ActorId;
use store::journal::{self, Entry};
use store::{Acting, Database, Error, Micros, Writing};

use super::tables::word;

/// Giver, receiver, days ago, what, what the receiver gained, thanks, who may read them (`us`, `all`), and whether it
/// was promised first.
type Given =
    (&'static str, &'static str, i64, &'static str, &'static str, &'static str, &'static str, &'static str);
const GIVEN: [Given; 14] = [
    (
        "พี่ดา",
        "แนน",
        210,
        "พาไปรู้จักทีมดูแลแผลของโรงพยาบาล",
        "relationship knowledge",
        "ได้พี่เลี้ยงที่อยากมีมานาน",
        "all",
        "promised",
    ),
    ("แนน", "พี่ดา", 180, "ช่วยทำสไลด์ให้เวทีสุขภาพ", "skill", "สวยและเข้าใจง่ายมาก", "us", ""),
    ("พี่ตุ๊ก", "แนน", 160, "สอนอ่านคลื่นหัวใจ", "knowledge skill", "จากที่กลัว ตอนนี้อ่านเองได้แล้ว", "all", "promised"),
    ("แนน", "หมิว", 150, "พาฝึกเจาะเลือดเด็ก", "skill", "ขอบคุณที่ใจเย็นกับหนู", "us", "promised"),
    ("อาจารย์วิทย์", "พี่ดา", 140, "อ่านร่างงานวิจัยให้", "advancement knowledge", "ได้ตีพิมพ์แล้ว", "all", "promised"),
    ("พี่ก้อย", "ป้าศรี", 120, "จัดยากล่องรายวันให้", "safety", "ไม่ลืมกินยาแล้ว", "all", ""),
    ("ป้าศรี", "ลุงแก้ว", 110, "ทำกับข้าวไปส่งตอนป่วย", "happiness belonging", "กินหมดทุกมื้อ", "us", ""),
    ("ลุงแก้ว", "แม่คำ", 95, "ติดราวจับในห้องน้ำ", "safety material", "ลุกเองได้ ไม่ต้องเรียกใคร", "all", "promised"),
    ("แม่คำ", "ป้าศรี", 80, "สอนจักสานให้กลุ่มผู้สูงอายุ", "happiness skill", "", "us", ""),
    ("แนน", "พี่ตุ๊ก", 70, "แปลบทความภาษาอังกฤษ", "knowledge", "ช่วยได้มากจริง ๆ", "us", "promised"),
    ("พี่ดา", "หมิว", 60, "ซ้อมสัมภาษณ์งาน", "advancement", "ได้งานแล้วค่าพี่", "all", ""),
    ("หมิว", "ลุงแก้ว", 45, "สอนใช้ไลน์วิดีโอคอลกับหลาน", "happiness relationship", "เห็นหน้าหลานทุกเย็น", "all", ""),
    ("พี่ตุ๊ก", "พี่ก้อย", 30, "อยู่เวรแทนวันงานศพ", "relationship", "ไม่รู้จะขอบคุณอย่างไร", "us", "promised"),
    ("แนน", "แม่คำ", 12, "วัดความดันที่บ้านทุกสัปดาห์", "safety", "", "us", "promised"),
];

/// Promises that are open today: who, for whom, days until due, what.
const OPEN: [(&str, &str, i64, &str); 4] = [
    ("แนน", "พี่ตุ๊ก", 1, "ส่งสรุปบทความเรื่องแผลเบาหวาน"),
    ("แนน", "ป้าศรี", 9, "พาไปตรวจตาที่โรงพยาบาล"),
    ("พี่ดา", "แนน", 4, "นัดอาจารย์วิทย์คุยเรื่องเรียนต่อ"),
    ("อาจารย์วิทย์", "พี่ก้อย", 20, "ช่วยดูแบบสอบถามของชมรมผู้สูงอายุ"),
];

/// Holder, kind, name, how many, condition, where, category.
const SHARED: [(&str, &str, &str, i64, &str, &str, &str); 6] = [
    ("พี่ดา", "thing", "เครื่องวัดความดันแบบพกพา", 6, "good", "ห้องพยาบาลชั้น 2", "health.care"),
    ("ลุงแก้ว", "thing", "เต็นท์งานบุญ 4×8 เมตร", 1, "worn", "ศาลาบ้านเหนือ", ""),
    ("พี่ก้อย", "place", "ห้องประชุม รพ.สต. นั่งได้ 30 คน", 1, "good", "รพ.สต. บ้านใหม่", ""),
    ("ป้าศรี", "vehicle", "รถกระบะพร้อมคนขับ วันเสาร์", 1, "good", "บ้านเหนือ", ""),
    ("อาจารย์วิทย์", "expert", "ที่ปรึกษางานวิจัยจากงานประจำ", 1, "good", "คณะพยาบาลศาสตร์ หรือออนไลน์", ""),
    ("แม่คำ", "expert", "ครูจักสานไม้ไผ่", 1, "good", "บ้านป่าแดด", ""),
];

/// Which of these, who, from and until in days from today, what for, how far: asked, agreed, out.
const BOOKED: [(usize, &str, i64, i64, &str, &str); 4] = [
    (1, "แนน", 5, 7, "งานวันผู้สูงอายุ", "agreed"),
    (0, "แนน", -2, 1, "ออกเยี่ยมบ้านสัปดาห์นี้", "out"),
    (2, "พี่ดา", 8, 9, "ประชุมแกนนำ", "asked"),
    (4, "พี่ตุ๊ก", 3, 4, "ปรึกษาโครงร่าง", "asked"),
];

/// What members hope for, and how much of it came.
const HOPES: [(&str, &str); 7] = [
    ("แนน", "advancement:3 knowledge:5 relationship:4"),
    ("พี่ดา", "recognition:4 happiness:5"),
    ("พี่ตุ๊ก", "knowledge:4 belonging:4"),
    ("หมิว", "skill:5 advancement:4"),
    ("พี่ก้อย", "safety:2 relationship:4"),
    ("ป้าศรี", "happiness:5 safety:4"),
    ("ลุงแก้ว", "belonging:4 happiness:3"),
];

fn exchange_fault(error: &exchanges::ExchangeError) -> Error {
    Error::Fault(error.to_string())
}

/// Nine in the morning in Thailand, so many days from today: people lend and borrow by the hour, not at the minute the demo
/// was begun.
fn at_nine(today: Micros, days: i64) -> Micros {
    Micros((today.day(7) + days) * Micros::DAY + 2 * Micros::HOUR)
}

/// Plants all of it in one network.
///
/// # Errors
/// [`Error::Fault`] naming a word that is not right; the database's own.
pub fn plant(
    db: &Database,
    network: ActorId,
    actors: &HashMap<&'static str, ActorId>,
    today: Micros,
) -> Result<(), Error> {
    let actor = |nickname: &str| word(actors.get(nickname).copied(), nickname);
    db.write(&Acting::system("demo"), |w| {
        for row in GIVEN {
            give(w, network, (actor(row.0)?, actor(row.1)?), today.day(7) - row.2, row)?;
        }
        for (provider, receiver, days, what) in OPEN {
            let draft = promises::Draft {
                network,
                provider: actor(provider)?,
                receiver: actor(receiver)?,
                what: what.to_owned(),
                due_on: Some(today.day(7) + days),
                intent: None,
            };
            let id = promises::made(w, &draft, None, None)?;
            w.record(&agreed(network, id))?;
            w.record(&agreed(network, id))?;
        }
        for (member, hopes) in HOPES {
            let mut levels = Vec::new();
            for hope in hopes.split_whitespace() {
                let (benefit, level) = word(hope.split_once(':'), hope)?;
                levels.push((word(Benefit::from_word(benefit), benefit)?, word(level.parse().ok(), level)?));
            }
            let hoped: Vec<Benefit> = levels.iter().map(|(benefit, _)| *benefit).collect();
            exchanges::put_hope(w, network, actor(member)?, &hoped)?;
            exchanges::put_level(w, network, actor(member)?, &levels)?;
        }
        let mut shared = Vec::new();
        for (holder, kind, title, quantity, condition, location, category) in SHARED {
            let known = matching::Taxonomy::built_in().find(category).is_some();
            let draft = resources::Draft {
                kind: word(ResourceKind::from_word(kind), kind)?,
                title: title.to_owned(),
                text: String::new(),
                category: known.then(|| category.to_owned()),
                quantity,
                condition: word(Condition::from_word(condition), condition)?,
                lendable: true,
                location: location.to_owned(),
            };
            shared.push(resources::put(w, network, actor(holder)?, &draft)?);
        }
        for (which, borrower, from, until, purpose, state) in BOOKED {
            let wanted = resources::Wanted {
                from: at_nine(today, from),
                until: at_nine(today, until),
                pieces: 1,
                purpose: purpose.to_owned(),
            };
            let resource = word(shared.get(which).copied(), purpose)?;
            let fault = |error: resources::BookingError| Error::Fault(error.to_string());
            let booking = resources::book(w, resource, actor(borrower)?, &wanted).map_err(fault)?;
            if state != "asked" {
                resources::step(w, booking, &resources::Step::Agree).map_err(fault)?;
            }
            if state == "out" {
                let out = resources::Step::HandOver(Condition::Good);
                resources::step(w, booking, &out).map_err(fault)?;
            }
        }
        w.record(&Entry::new(journal::Act::Do, super::WHOLE, network.0))?;
        w.finished(())
    })
}

/// What the journal says of a promise that both sides made.
fn agreed(network: ActorId, id: promises::PromiseId) -> Entry {
    Entry::new(journal::Act::Do, "promises.agree", id.0).in_network(network).fields(&["promise"])
}

fn give(
    w: &mut Writing<'_>,
    network: ActorId,
    (provider, receiver): (ActorId, ActorId),
    on_day: i64,
    (.., what, gained, thanks, readers, promised): (&str, &str, i64, &str, &str, &str, &str, &str),
) -> Result<(), Error> {
    let promise = if promised.is_empty() {
        None
    } else {
        let draft = promises::Draft {
            network,
            provider,
            receiver,
            what: what.to_owned(),
            due_on: Some(on_day + 3),
            intent: None,
        };
        let id = promises::made(w, &draft, None, None)?;
        w.record(&agreed(network, id))?;
        let promise = promises::find(w, id)?;
        promises::settle(w, &promise, Act::Keep, Side::Receiver, on_day)
            .map_err(|error| Error::Fault(error.to_string()))?;
        Some(id)
    };
    let mut benefits = Vec::new();
    for benefit in gained.split_whitespace() {
        benefits.push(word(Benefit::from_word(benefit), benefit)?);
    }
    let draft = exchanges::Draft {
        network,
        provider,
        receiver,
        what: what.to_owned(),
        action: ExchangeAction::DeliverService,
        quantity: String::new(),
        effort_minutes: None,
        on_day,
        intent: None,
        promise,
        benefits,
    };
    let readers = if readers == "all" { exchanges::Readers::Network } else { exchanges::Readers::Us };
    exchanges::record_thanked(w, &draft, thanks, readers).map_err(|error| exchange_fault(&error))?;
    Ok(())
}
