//! Who is in the crowd: names from lists of our own, real sub-districts, offers and needs in the words of the demo.

use std::collections::HashSet;

use app::search::Noted;
use network::vocabulary::{NetworkOrigin, Relation, Role};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use store::{Acting, Database, Error, Micros, audience, params};
use thai::places::{self, Place};

use crate::rows::{Batch, Table};
use crate::words::{BIO, FAMILY_FIRST, FAMILY_LAST, GIVEN, NICK};

/// Members in one sub-district: 1.04 million health volunteers in Thailand's 7,400.
const IN_A_SUBDISTRICT: usize = 140;
/// A word that every member has: what a broad search finds.
pub const BROAD: &str = "อสม";
/// One in so many offers something, and one in so many needs something.
const ONE_IN: usize = 20;
/// Members made at once.
const AT_ONCE: usize = 5_000;

/// Offers and needs of the demo: side, categories, mode and text stand in its second, third, fourth and eighth cell.
const GIVING: &str = include_str!("../../src/demo/data/giving.txt");

/// Numbers that look random and are the same every time (xorshift64*, Vigna 2016, doi:10.1145/2845077).
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let wide = u128::from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)) * below as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    fn of(&mut self, words: &[&'static str]) -> &'static str {
        let at = self.below(words.len());
        words.get(at).copied().unwrap_or_default()
    }
}

/// The crowd while it is made.
#[derive(Debug)]
pub struct Crowd {
    pub network: ActorId,
    wanted: usize,
    ties: usize,
    chance: Chance,
    subdistricts: Vec<&'static Place>,
    giving: Vec<[&'static str; 4]>,
    now: Micros,
    /// Every member made so far: the id and the name.
    ids: Vec<ActorId>,
    names: Vec<String>,
    group: Option<ActorId>,
    intents: usize,
    tied: usize,
}

/// Days for which two know each other, at most.
const OLDEST_TIE: usize = 120;

/// One entry of the journal for each part, as for an import.
pub fn entry(network: ActorId) -> Entry {
    Entry::new(Act::Administer, "crowd.make", network.0).in_network(network)
}

impl Crowd {
    pub fn begin(db: &Database, members: usize, ties: usize) -> Result<Self, Error> {
        let network = db.write(&Acting::system("crowd"), |w| {
            let founding = app::networks::Founding {
                name: "เครือข่ายอาสาสมัครสาธารณสุข".to_owned(),
                about: "คนดูแลสุขภาพเพื่อนบ้านทั่วประเทศ".to_owned(),
                origin: NetworkOrigin::Evolved,
                founder: None,
            };
            let network = app::networks::found(w, &founding)?;
            w.finished(network)
        })?;
        let districts = places::provinces().iter().flat_map(|province| places::children(province.code));
        let subdistricts = districts.flat_map(|district| places::children(district.code)).collect();
        let giving = GIVING.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            match cells.as_slice() {
                [_, side, categories, mode, _, _, _, text] => Some([*side, *categories, *mode, *text]),
                _ => None,
            }
        });
        Ok(Self {
            network,
            wanted: members,
            ties,
            chance: Chance(2026),
            subdistricts,
            giving: giving.collect(),
            now: db.now(),
            ids: Vec::with_capacity(members),
            names: Vec::new(),
            group: None,
            intents: 0,
            tied: 0,
        })
    }

    pub fn entry(&self) -> Entry {
        entry(self.network)
    }

    pub fn counts(&self) -> serde_json::Value {
        serde_json::json!({ "members": self.ids.len(), "intents": self.intents, "ties": self.tied })
    }

    /// The rows of the next members; none when all are made.
    pub fn next(&mut self, db: &Database) -> Option<Batch> {
        if self.ids.len() >= self.wanted {
            return None;
        }
        let mut batch = Batch::new(self.network);
        let until = (self.ids.len() + AT_ONCE).min(self.wanted);
        while self.ids.len() < until {
            if self.ids.len().is_multiple_of(IN_A_SUBDISTRICT) {
                self.begin_group(db, &mut batch);
            }
            self.person(db, &mut batch);
            batch.members += 1;
        }
        Some(batch)
    }

    /// Where the next member lives: sub-districts in their order, begun again when there are more members.
    fn place(&self) -> Option<&'static Place> {
        let at = (self.ids.len() / IN_A_SUBDISTRICT) % self.subdistricts.len().max(1);
        self.subdistricts.get(at).copied()
    }

    fn begin_group(&mut self, db: &Database, batch: &mut Batch) {
        let Some(place) = self.place() else { return };
        let id = ActorId(db.new_id());
        self.group = Some(id);
        let name = format!("อสม. ตำบล{}", place.th);
        self.actor(batch, id, "group", (&name, ""), Some(place));
        self.member(db, batch, self.network, id);
        let keys =
            [audience::own(id), audience::tied(id), audience::members(self.network), audience::members(id)];
        batch.open_to(id.0, &keys);
        let facets = area(place);
        self.note(batch, id.0, "group", id, (&name, ""), &facets);
    }

    fn person(&mut self, db: &Database, batch: &mut Batch) {
        let Some(place) = self.place() else { return };
        let id = ActorId(db.new_id());
        let given = self.chance.of(&GIVEN);
        let family = format!("{}{}", self.chance.of(&FAMILY_FIRST), self.chance.of(&FAMILY_LAST));
        let name = format!("{given} {family}");
        let nickname = self.chance.of(&NICK);
        let bio = self.chance.of(&BIO);
        self.actor(batch, id, "person", (&name, nickname), Some(place));
        self.member(db, batch, self.network, id);
        let mut keys = vec![
            audience::own(id),
            audience::tied(id),
            audience::members(self.network),
            audience::members(id),
        ];
        if let Some(group) = self.group {
            self.member(db, batch, group, id);
            keys.push(audience::members(group));
        }
        batch.open_to(id.0, &keys);
        let point = db.new_id();
        let phone = format!("+668{:08}", self.ids.len());
        batch.push(Table::ContactPoint, params![point, id, "phone", phone, phone, "", "tie", self.now]);
        batch.open_to(point, &[audience::own(id), audience::coordinators(self.network), audience::tied(id)]);
        let consent = db.new_id();
        batch.push(Table::Consent, params![consent, id, "show_and_contact", "given", "import", "", self.now]);
        let facets = area(place);
        let text = format!("{BROAD} {} {bio}", place.th);
        self.note(batch, id.0, "person", id, (&format!("{nickname} {name}"), &text), &facets);
        if self.ids.len().is_multiple_of(ONE_IN) {
            self.intent(db, batch, id, place, "offer");
        } else if self.ids.len() % ONE_IN == 1 {
            self.intent(db, batch, id, place, "need");
        }
        self.tie(db, batch, id);
        self.ids.push(id);
        if self.names.len() < 20_000 {
            self.names.push(name);
        }
    }

    fn actor(
        &self,
        batch: &mut Batch,
        id: ActorId,
        kind: &str,
        (name, nickname): (&str, &str),
        place: Option<&Place>,
    ) {
        let key = match kind {
            "person" => thai::names::PersonName::parse(name).key().as_str().to_owned(),
            _ => thai::names::short_key(name),
        };
        let called = if nickname.is_empty() { name } else { nickname };
        let province = place.map(|place| place.code.iso());
        let district = place.and_then(|place| place.code.district()).map(|code| code.to_string());
        let subdistrict = place.map(|place| place.code.to_string());
        let (bio, profession) = if kind == "person" {
            ("อาสาสมัครสาธารณสุขประจำหมู่บ้าน", BROAD)
        } else {
            ("", "")
        };
        batch.push(
            Table::Actor,
            params![
                id,
                kind,
                name,
                nickname,
                key,
                thai::sorting::sort_key(called),
                bio,
                profession,
                "",
                "th",
                province,
                district,
                subdistrict,
                4_i64,
                "",
                "",
                "",
                "",
                "active",
                "given",
                true,
                "network",
                "none",
                "th",
                self.now,
                self.now,
                1_i64
            ],
        );
    }

    fn member(&self, db: &Database, batch: &mut Batch, whole: ActorId, part: ActorId) {
        let now = self.now;
        batch.push(
            Table::Membership,
            params![db.new_id(), whole, part, Role::Member.word(), "", "member", "", now, now, now, 1_i64],
        );
        batch.push(Table::KeyHolder, params![part, audience::members(whole)]);
    }

    fn note(
        &self,
        batch: &mut Batch,
        object: i64,
        kind: &str,
        actor: ActorId,
        (title, text): (&str, &str),
        facets: &[String],
    ) {
        let network = Some(self.network);
        batch.noted.add(&Noted { object, kind, network, actor, title, text, facets });
    }

    fn intent(&mut self, db: &Database, batch: &mut Batch, owner: ActorId, place: &Place, side: &str) {
        let of_side: Vec<[&'static str; 4]> =
            self.giving.iter().filter(|row| row[0] == side).copied().collect();
        let at = self.chance.below(of_side.len());
        let Some([_, categories, mode, text]) = of_side.get(at) else { return };
        let id = db.new_id();
        let text = format!("{text} ตำบล{}", place.th);
        let title = app::giving::title(&text);
        let area_code = place.code.district().map(|code| code.to_string()).unwrap_or_default();
        let now = self.now;
        batch.push(
            Table::Intent,
            params![
                id,
                side,
                owner,
                self.network,
                title,
                text,
                app::giving::text_key(&text),
                *mode,
                "gift",
                "whenever",
                area_code,
                *mode != "onsite",
                "",
                now.plus(180 * Micros::DAY),
                2_i64,
                "network",
                "open",
                "",
                "th",
                now,
                now,
                1_i64
            ],
        );
        for code in categories.split_whitespace() {
            batch.push(Table::Category, params![id, code, true, 1.0]);
        }
        batch.open_to(id, &[audience::own(owner), audience::tied(owner), audience::members(self.network)]);
        let facets: Vec<String> = categories.split_whitespace().map(|code| format!("cat:{code}")).collect();
        self.note(batch, id, side, owner, (&title, &text), &facets);
        if let Some(code) = categories.split_whitespace().next().filter(|_| side == "offer") {
            batch.push(Table::Capability, params![db.new_id(), owner, code, "", false, now]);
        }
        self.intents += 1;
    }

    /// Ties to members made before: most within the group, one in four anywhere.
    fn tie(&mut self, db: &Database, batch: &mut Batch, id: ActorId) {
        let known = self.ids.len();
        let mut others = HashSet::new();
        for turn in 0..self.ties.min(known) {
            let near = known.min(IN_A_SUBDISTRICT);
            let at =
                if turn % 4 == 3 { self.chance.below(known) } else { known - 1 - self.chance.below(near) };
            let Some(other) = self.ids.get(at).copied().filter(|other| others.insert(*other)) else {
                continue;
            };
            let (tie, now, relation) = (db.new_id(), self.now, Relation::Knows);
            batch.push(
                Table::Tie,
                params![
                    tie,
                    id,
                    other,
                    self.network,
                    relation.word(),
                    relation.layer().word(),
                    relation.is_directed(),
                    "import",
                    "",
                    "",
                    "",
                    "confirmed",
                    "",
                    now,
                    now,
                    1_i64
                ],
            );
            batch.open_to(
                tie,
                &[audience::own(id), audience::own(other), audience::coordinators(self.network)],
            );
            batch.push(Table::KeyHolder, params![id, audience::tied(other)]);
            batch.push(Table::KeyHolder, params![other, audience::tied(id)]);
            // a tie has a rhythm on each side from its first day, and those of some are due
            for (holder, toward) in [(id, other), (other, id)] {
                let care = db.new_id();
                let age = i64::try_from(self.chance.below(OLDEST_TIE)).unwrap_or(0);
                batch.push(
                    Table::Care,
                    params![
                        care,
                        holder,
                        toward,
                        self.network,
                        0_i64,
                        "",
                        0_i64,
                        "",
                        "private",
                        now.day(7) - age,
                        now,
                        now,
                        1_i64
                    ],
                );
            }
            self.tied += 1;
        }
    }

    /// People spread over the crowd, for sessions.
    pub fn callers(&self, most: usize) -> Vec<ActorId> {
        spread(&self.ids, most)
    }

    pub fn some_members(&self, most: usize) -> Vec<ActorId> {
        spread(self.ids.get(1..).unwrap_or_default(), most)
    }

    pub fn some_names(&self, most: usize) -> Vec<String> {
        spread(&self.names, most)
    }
}

fn area(place: &Place) -> Vec<String> {
    let district = place.code.district().map(|code| format!("area:{code}"));
    std::iter::once(format!("area:{}", place.code.iso())).chain(district).collect()
}

fn spread<T: Clone>(all: &[T], most: usize) -> Vec<T> {
    let step = (all.len() / most.max(1)).max(1);
    all.iter().step_by(step).take(most).cloned().collect()
}
