//! From plans to rows: everything that takes long (ids, sort keys, categories, places) is done here, before the
//! transaction begins, so that the writer is held for the writing alone.

mod gatherings;
mod rows;
mod words;

use std::collections::{HashMap, HashSet};

use formats::intake::{
    ActorKind, ActorNo, Consent, IntentKind, Known, Plan, PlannedActor, PlannedContact, PlannedIntent,
    PlannedMembership, PlannedTie, SamePair, Source,
};
use jiff::civil::Time;
use network::vocabulary::Side;
use store::ids::ActorId;
use store::{Database, Micros, Value, audience, params};
use thai::places::PlaceCode;

pub use rows::Batch;
use rows::{
    ACTORS, AUDIENCE, CATEGORIES, CONSENTS, CONTACTS, DUPLICATES, INTENTS, KEYS, MEMBERSHIPS, PARTICIPANTS,
    POINTS, TIES,
};
use words::{channel_word, kind_word};

use super::queries::writing::Rows;
use crate::gatherings::moment;
use crate::search::{MemberWords, Noted};
use crate::{giving, places};

/// How long an offer or need that was brought in stays open: a sheet seldom says (trap 8).
const STAYS_OPEN: i64 = 180 * Micros::DAY;

/// What a sheet adds to a member that is there.
#[derive(Debug, Clone)]
pub struct Fill {
    pub id: i64,
    pub nickname: String,
    pub place_words: String,
    pub place: Option<PlaceCode>,
}

struct Maker<'a> {
    db: &'a Database,
    network: ActorId,
    /// The coordinator who sees what is kept among few.
    confidant: ActorId,
    now: Micros,
    ids: HashMap<ActorNo, i64>,
    batch: Batch,
    consent: HashMap<i64, bool>,
    persons: HashSet<i64>,
    /// The province of a member, where it is known.
    areas: HashMap<i64, String>,
    /// By what the lists of this file are known when they come again.
    sheet_keys: HashMap<u16, String>,
    /// Ways to reach new members, and keys and wholes they have: of what stands here already the table may have the same.
    points: HashSet<(i64, &'static str, String)>,
    pairs: HashSet<(usize, i64, i64)>,
}

/// Turns the plans of one call into rows.
pub fn prepare(db: &Database, network: ActorId, confidant: ActorId, known: &Known, plans: &[Plan]) -> Batch {
    let ids = known.actors.iter().enumerate().map(|(no, actor)| (ActorNo(no), actor.id)).collect();
    let mut maker = Maker {
        db,
        network,
        confidant,
        now: db.now(),
        ids,
        batch: Batch::new(),
        consent: HashMap::new(),
        persons: HashSet::new(),
        areas: HashMap::new(),
        sheet_keys: HashMap::new(),
        points: HashSet::new(),
        pairs: HashSet::new(),
    };
    for plan in plans {
        maker.plan(plan);
    }
    let mut batch = maker.batch;
    for table in [AUDIENCE, KEYS] {
        batch.tables.get_mut(table).into_iter().for_each(Rows::sort);
    }
    batch
}

impl Maker<'_> {
    fn id(&self, no: ActorNo) -> Option<i64> {
        self.ids.get(&no).copied()
    }

    /// Whether this import makes the member.
    fn is_new(&self, actor: i64) -> bool {
        self.consent.contains_key(&actor)
    }

    /// A row told by two members: nothing has the same where one of them is new and it comes for the first time.
    fn push_pair(&mut self, table: usize, (a, b): (i64, i64), new: bool, row: Vec<Value>) {
        if new && self.pairs.insert((table, a, b)) {
            self.batch.push_new(table, row);
        } else {
            self.batch.push(table, row);
        }
    }

    fn key(&mut self, holder: i64, key: i64) {
        let new = self.is_new(holder);
        self.push_pair(KEYS, (holder, key), new, params![holder, key].to_vec());
    }

    fn made(&mut self, kind: &'static str, id: i64, file: &str, source: Option<Source>) {
        let mut place = source.map_or_else(|| file.to_owned(), |s| format!("{file}:{}:{}", s.sheet, s.row));
        let key = source.filter(|_| kind == "actor").and_then(|source| self.sheet_keys.get(&source.sheet));
        if let Some(key) = key {
            place = format!("{place}#{key}");
        }
        self.batch.made.push((kind, id, place));
        self.batch.count(kind);
    }

    fn plan(&mut self, plan: &Plan) {
        self.sheet_keys.clone_from(&plan.sheet_keys);
        if let Some(part) = &plan.members {
            let people = &part.people;
            let mut wholes: HashMap<ActorNo, Vec<ActorNo>> = HashMap::new();
            for membership in &people.memberships {
                wholes.entry(membership.member).or_default().push(membership.organization);
            }
            // ids first: a member's audience names the organizations it is in
            for actor in &people.actors {
                if actor.kind == ActorKind::Person {
                    self.persons.extend(self.id(actor.no).or(actor.existing));
                }
                if !self.ids.contains_key(&actor.no) {
                    let id = actor.existing.unwrap_or_else(|| self.db.new_id());
                    self.ids.insert(actor.no, id);
                    if actor.kind == ActorKind::Person {
                        self.persons.insert(id);
                    }
                    if actor.existing.is_none() {
                        self.consent.insert(id, actor.consent != Consent::Pending);
                        self.new_actor(
                            actor,
                            wholes.get(&actor.no).map_or(&[][..], Vec::as_slice),
                            &plan.file,
                        );
                        continue;
                    }
                }
                self.more_of(actor, &plan.file);
            }
            for membership in people.memberships.iter().filter(|m| m.new) {
                self.membership(membership, &plan.file);
            }
            for intent in people.intents.iter().filter(|i| i.new) {
                self.intent(intent, &plan.file);
            }
            for no in &people.withdrawn {
                let id = self.id(*no);
                self.batch.withdrawn.extend(id);
            }
            let pairs = [
                &people.pairs,
                &people.known_pairs,
                &people.organization_pairs,
                &people.known_organization_pairs,
            ];
            for pair in pairs.into_iter().flatten() {
                self.duplicate(pair, &plan.file);
            }
        }
        if let Some(log) = &plan.log {
            for contact in log.contacts.iter().filter(|c| c.new) {
                self.contact(contact, &plan.file);
            }
        }
        if let Some(ties) = &plan.ties {
            for membership in ties.memberships.iter().filter(|m| m.new) {
                self.membership(membership, &plan.file);
            }
            for tie in ties.ties.iter().filter(|t| t.new) {
                self.tie(tie, &plan.file);
            }
        }
        if let Some(activities) = &plan.activities {
            for activity in activities.planned.iter().filter(|a| a.new && a.existing.is_none()) {
                self.gathering(activity, &plan.file);
            }
        }
    }

    fn new_actor(&mut self, actor: &PlannedActor, wholes: &[ActorNo], file: &str) {
        let Some(id) = self.id(actor.no) else { return };
        let nickname = actor.nicknames.first().cloned().unwrap_or_default();
        let others = actor.nicknames.iter().skip(1).cloned().collect::<Vec<_>>().join("\n");
        let called = if nickname.is_empty() { &actor.name } else { &nickname };
        let key = match actor.kind {
            ActorKind::Person => thai::names::PersonName::parse(&actor.name).key().as_str().to_owned(),
            ActorKind::Group | ActorKind::Organization => thai::names::short_key(&actor.name),
        };
        let place = place_of(actor);
        let [province, district, subdistrict] = place.map(places::codes).unwrap_or_default();
        let [(_, latitude), (_, longitude), (_, cell)] = places::shown_cells(ActorId(id), place);
        self.areas.extend(province.clone().map(|code| (id, code)));
        let consent = if actor.consent == Consent::Pending { "pending" } else { "given" };
        let row = params![
            id,
            kind_word(actor.kind),
            actor.name,
            nickname,
            actor.title,
            others,
            actor.aliases.join("\n"),
            place_words(actor),
            actor.card_uid,
            actor.card_lines.join("\n"),
            actor.birthday.map(|day| day.to_string()),
            key,
            thai::sorting::sort_key(called),
            actor.notes.join("\n"),
            "",
            "",
            "th",
            province,
            district,
            subdistrict,
            latitude,
            longitude,
            cell,
            4_i64,
            actor.availability,
            "",
            "",
            "",
            "unclaimed",
            consent,
            true,
            "network",
            "none",
            "th",
            self.now,
            self.now,
            1_i64
        ];
        self.batch.push(ACTORS, row.to_vec());
        self.made("actor", id, file, actor.sources.first().copied());
        self.points(id, actor, file);
        self.put_membership(self.network.0, id, "", file, None);
        let own = ActorId(id);
        let mut keys = vec![audience::own(own), audience::coordinators(self.network)];
        if actor.consent != Consent::Pending {
            keys.extend([audience::tied(own), audience::members(own), audience::members(self.network)]);
            let organizations: Vec<i64> = wholes.iter().filter_map(|no| self.id(*no)).collect();
            keys.extend(organizations.into_iter().map(|whole| audience::members(ActorId(whole))));
        }
        self.batch.open_to(id, keys);
        if actor.consent == Consent::Given {
            let consent = self.db.new_id();
            self.batch.push(
                CONSENTS,
                params![consent, id, "show_and_contact", "given", "import", "", self.now].to_vec(),
            );
            self.made("consent", consent, file, actor.sources.first().copied());
        }
        let facets = [province, district].into_iter().flatten().map(|code| format!("area:{code}")).collect();
        let words = MemberWords {
            name: &actor.name,
            nickname: &nickname,
            other_nicknames: &others,
            profession: "",
            position: "",
            bio: &actor.notes.join("\n"),
        };
        let (title, text) = words.title_and_text();
        self.note(id, kind_word(actor.kind), own, (&title, &text), facets);
    }

    /// A member the network holds: what is new is added, nothing is taken away.
    fn more_of(&mut self, actor: &PlannedActor, file: &str) {
        let Some(id) = self.id(actor.no) else { return };
        self.points(id, actor, file);
        self.batch.fills.push(Fill {
            id,
            nickname: actor.nicknames.first().cloned().unwrap_or_default(),
            place_words: place_words(actor),
            place: place_of(actor),
        });
        // a yes in a sheet answers for whoever was not asked; a no is taken back by nobody but a person
        if actor.consent == Consent::Given && !actor.said_no && self.consent.get(&id) != Some(&true) {
            self.batch.given.push(id);
        }
    }

    fn points(&mut self, id: i64, actor: &PlannedActor, file: &str) {
        let phones = actor.phones.iter().map(|e164| {
            let shown =
                thai::phones::Phone::parse(e164).map_or_else(|| e164.clone(), |phone| phone.grouped());
            ("phone", e164.clone(), shown)
        });
        let emails = actor.emails.iter().map(|email| ("email", email.clone(), email.clone()));
        let lines = actor.line_ids.iter().map(|line| ("line", line.clone(), line.clone()));
        let all: Vec<_> = phones.chain(emails).chain(lines).collect();
        for (kind, value, shown) in all {
            let point = self.db.new_id();
            let row = params![point, id, kind, value, shown, "", "network", self.now].to_vec();
            if self.is_new(id) && self.points.insert((id, kind, value)) {
                self.batch.push_new(POINTS, row);
            } else {
                self.batch.push(POINTS, row);
            }
            let mut keys = vec![audience::own(ActorId(id)), audience::coordinators(self.network)];
            if self.consent.get(&id) == Some(&true) {
                keys.extend([audience::tied(ActorId(id)), audience::members(self.network)]);
            }
            self.batch.open_to(point, keys);
            self.made("contact_point", point, file, actor.sources.first().copied());
        }
    }

    fn membership(&mut self, membership: &PlannedMembership, file: &str) {
        let (Some(whole), Some(part)) = (self.id(membership.organization), self.id(membership.member)) else {
            return;
        };
        let role = membership.role.clone().unwrap_or_default();
        self.put_membership(whole, part, &role, file, membership.sources.first().copied());
    }

    fn put_membership(&mut self, whole: i64, part: i64, title: &str, file: &str, source: Option<Source>) {
        let id = self.db.new_id();
        let now = self.now;
        let row = params![id, whole, part, "member", title, "member", "", now, now, now, 1_i64];
        let new = self.is_new(part) || self.is_new(whole);
        self.push_pair(MEMBERSHIPS, (whole, part), new, row.to_vec());
        self.key(part, audience::members(ActorId(whole)));
        // a new member's place in the network goes when the member does
        if whole == self.network.0 && self.is_new(part) {
            self.batch.count("membership");
        } else {
            self.made("membership", id, file, source);
        }
    }

    fn intent(&mut self, intent: &PlannedIntent, file: &str) {
        let Some(owner) = self.id(intent.owner) else { return };
        let (id, now) = (self.db.new_id(), self.now);
        let side = match intent.kind {
            IntentKind::Offer => Side::Offer,
            IntentKind::Need => Side::Need,
        };
        let (title, guessed) = (giving::title(&intent.text), giving::guesses(&intent.text));
        let person = self.persons.contains(&owner);
        let restricted = giving::is_restricted(side, person, &[], &guessed);
        let visibility = if restricted { "private" } else { "network" };
        let area = self.areas.get(&owner).cloned();
        let row = params![
            id,
            side.word(),
            owner,
            self.network,
            title,
            intent.text,
            giving::text_key(&intent.text),
            "either",
            "gift",
            "whenever",
            area.clone().unwrap_or_default(),
            area.is_none(),
            "",
            now.plus(STAYS_OPEN),
            1_i64,
            visibility,
            restricted.then_some(self.confidant),
            "open",
            "",
            "th",
            now,
            now,
            1_i64
        ];
        self.batch.push(INTENTS, row.to_vec());
        for (code, p) in guessed.iter().take(8) {
            self.batch.push(CATEGORIES, params![id, code, false, *p].to_vec());
        }
        let mut keys = vec![audience::own(ActorId(owner))];
        if restricted {
            let of_all = self.confidant == self.network;
            let coordinators = audience::coordinators(self.network);
            keys.push(if of_all { coordinators } else { audience::own(self.confidant) });
        } else {
            // whose consent is pending is asked again wherever it is shown
            keys.extend([audience::coordinators(self.network), audience::members(self.network)]);
        }
        self.batch.open_to(id, keys);
        self.made("intent", id, file, intent.sources.first().copied());
        let facets = area.map(|code| format!("area:{code}")).into_iter().collect();
        self.note(id, side.word(), ActorId(owner), (&title, &intent.text), facets);
    }

    fn note(
        &mut self,
        object: i64,
        kind: &str,
        actor: ActorId,
        (title, text): (&str, &str),
        facets: Vec<String>,
    ) {
        let network = Some(self.network);
        let noted = Noted { object, kind, network, actor, title, text, facets: &facets };
        self.batch.noted.add(&noted);
    }

    fn tie(&mut self, tie: &PlannedTie, file: &str) {
        let (Some(subject), Some(object)) = (self.id(tie.subject), self.id(tie.object)) else { return };
        let (id, now) = (self.db.new_id(), self.now);
        let word = tie.relation.code();
        let layer = network::vocabulary::Relation::from_word(word).map_or("contact", |r| r.layer().word());
        let row = params![
            id,
            subject,
            object,
            self.network,
            word,
            layer,
            tie.relation.is_directed(),
            "import",
            tie.strength.map(i64::from),
            tie.since.map(thai::dates::PartialDate::iso),
            "",
            "",
            "",
            "confirmed",
            tie.relation_text,
            now,
            now,
            1_i64
        ];
        self.batch.push(TIES, row.to_vec());
        let (a, b) = (ActorId(subject), ActorId(object));
        let keys = vec![audience::own(a), audience::own(b), audience::coordinators(self.network)];
        self.batch.open_to(id, keys);
        self.key(subject, audience::tied(b));
        self.key(object, audience::tied(a));
        self.made("tie", id, file, Some(tie.source));
    }

    fn contact(&mut self, contact: &PlannedContact, file: &str) {
        let id = self.db.new_id();
        let time = contact.date.time.unwrap_or(Time::midnight());
        let at = moment(contact.date.date.earliest().to_datetime(time));
        let row = params![
            id,
            self.network,
            at,
            contact.date.time.is_none(),
            channel_word(contact),
            "mutual",
            contact.topic,
            "nothing",
            "import",
            "private",
            contact.fingerprints.join("\n"),
            self.now
        ];
        self.batch.push(CONTACTS, row.to_vec());
        let mut keys = vec![audience::coordinators(self.network)];
        for (position, mention) in std::iter::once(&contact.who).chain(&contact.with).enumerate() {
            let actor = mention.meaning.actor().and_then(|no| self.id(no));
            let role = if position == 0 { "initiator" } else { "participant" };
            self.batch.push(PARTICIPANTS, params![id, position, actor, mention.text, role].to_vec());
            keys.extend(actor.map(|actor| audience::own(ActorId(actor))));
        }
        self.batch.open_to(id, keys);
        self.made("contact", id, file, Some(contact.source));
    }

    fn duplicate(&mut self, pair: &SamePair, file: &str) {
        let (Some(a), Some(b)) = (self.id(pair.a), self.id(pair.b)) else { return };
        let id = self.db.new_id();
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        self.batch.push(DUPLICATES, params![id, self.network, a, b, pair.reason, "open", self.now].to_vec());
        if self.is_new(a) || self.is_new(b) {
            self.batch.count("duplicate");
        } else {
            self.made("duplicate", id, file, None);
        }
    }
}

fn place_words(actor: &PlannedActor) -> String {
    [actor.province.as_str(), &actor.district, &actor.subdistrict].join("\n")
}

/// Where a member is, as far as it is known without doubt.
fn place_of(actor: &PlannedActor) -> Option<PlaceCode> {
    thai::places::resolve(&actor.province, &actor.district, &actor.subdistrict).place
}
