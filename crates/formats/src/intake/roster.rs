//! Everybody an import knows of: the network's members and those earlier files of the call brought.

use std::collections::{BTreeSet, HashMap, HashSet};

use thai::names::{PersonName, short_forms, short_key};

use super::known::{ActorKind, Known, KnownActor};
use super::near;
use super::organizations::{self, OrganizationName};
use super::plan::{ActorNo, Meaning};
use super::profile::{Profile, place_key};

/// In an organization or sub-district of more persons than this, alike names say nothing and are not compared.
const MOST_TOGETHER: usize = 20_000;

/// Of more persons who share one name or contact than this, each is compared with the next alone: they stay linked,
/// and a file that repeats one name ten thousand times does not make fifty million pairs.
const MOST_ALIKE: usize = 200;

/// Pairs among some profiles that may be one person, in order, each with its reason.
#[must_use]
pub fn suspicions(profiles: &[&Profile]) -> Vec<(usize, usize, &'static str)> {
    let mut index = Index::default();
    for (at, profile) in profiles.iter().enumerate() {
        index.add(at, profile);
    }
    let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
    for (at, profile) in profiles.iter().enumerate() {
        pairs.extend(
            index.candidates(profile, at).into_iter().filter(|other| *other > at).map(|other| (at, other)),
        );
    }
    for members in index.surroundings.values().filter(|members| members.len() <= MOST_TOGETHER) {
        let keys: Vec<&str> =
            members.iter().map(|at| profiles.get(*at).map_or("", |profile| profile.key.as_str())).collect();
        for (i, j) in near::pairs(&keys, &keys) {
            if let (Some(a), Some(b)) = (members.get(i), members.get(j)) {
                pairs.insert((*a.min(b), *a.max(b)));
            }
        }
    }
    pairs
        .into_iter()
        .filter_map(|(a, b)| Some((a, b, profiles.get(a)?.suspicion(profiles.get(b)?)?)))
        .collect()
}

/// Where persons are found by what two rows of one person share.
#[derive(Debug, Default)]
struct Index {
    names: HashMap<String, Vec<usize>>,
    contacts: HashMap<String, Vec<usize>>,
    given: HashMap<String, Vec<usize>>,
    partial: HashMap<String, Vec<usize>>,
    surroundings: HashMap<String, Vec<usize>>,
    short: HashMap<String, Vec<usize>>,
}

impl Index {
    fn add(&mut self, at: usize, profile: &Profile) {
        let put = |map: &mut HashMap<String, Vec<usize>>, key: String| {
            let list = map.entry(key).or_default();
            // lists grow in the order of `at`, except where a known actor gains a name later
            let place = list.partition_point(|other| *other < at);
            if list.get(place) != Some(&at) {
                list.insert(place, at);
            }
        };
        for name in profile.names() {
            put(&mut self.names, name.clone());
        }
        for contact in &profile.contacts {
            put(&mut self.contacts, contact.clone());
        }
        if profile.partial {
            put(&mut self.partial, profile.key.clone());
        } else {
            put(&mut self.given, profile.given.clone());
        }
        put(&mut self.short, profile.given.clone());
        for nickname in &profile.nicknames {
            put(&mut self.short, nickname.clone());
        }
        for place in profile.surroundings() {
            // lists of a whole district grow long: the last entry alone tells a repeated one here
            let list = self.surroundings.entry(place).or_default();
            if list.last() != Some(&at) {
                list.push(at);
            }
        }
    }

    /// Who shares a name, a personal contact, or a first name with a partial name; of very many, those who come
    /// next after a place of the list.
    fn candidates(&self, profile: &Profile, after: usize) -> BTreeSet<usize> {
        let next = |list: Option<&Vec<usize>>| -> Vec<usize> {
            let list = list.map(Vec::as_slice).unwrap_or_default();
            if list.len() <= MOST_ALIKE {
                return list.to_vec();
            }
            let from = list.partition_point(|other| *other <= after);
            list.get(from..).unwrap_or_default().iter().take(1).copied().collect()
        };
        let mut found: BTreeSet<usize> = BTreeSet::new();
        for name in profile.names() {
            found.extend(next(self.names.get(name)));
        }
        for contact in profile.personal() {
            found.extend(next(self.contacts.get(contact)));
        }
        let other =
            if profile.partial { self.given.get(&profile.key) } else { self.partial.get(&profile.given) };
        found.extend(next(other));
        found
    }
}

/// One actor of the roster.
#[derive(Debug, Clone)]
pub struct RosterActor {
    /// The store's id, where it holds it.
    pub existing: Option<i64>,
    /// What it is.
    pub kind: ActorKind,
    /// As shown.
    pub name: String,
    /// What persons are compared by.
    pub profile: Profile,
    /// Keys of its offers and needs.
    pub offers: HashSet<String>,
    /// Keys of its needs.
    pub needs: HashSet<String>,
    /// Said no before this call, or took a yes back.
    pub said_no: bool,
}

/// Everybody known so far.
#[derive(Debug, Default)]
pub struct Roster {
    actors: Vec<RosterActor>,
    index: Index,
    organizations: HashMap<String, ActorNo>,
    memberships: HashSet<(ActorNo, ActorNo)>,
    apart: HashSet<(ActorNo, ActorNo)>,
}

impl Roster {
    /// Begins with what the network holds.
    #[must_use]
    pub fn new(known: &Known) -> Self {
        Self::of(known, &known.actors)
    }

    /// Those who left.
    #[must_use]
    pub fn of_left(known: &Known) -> Self {
        Self::of(known, &known.left)
    }

    fn of(known: &Known, actors: &[KnownActor]) -> Self {
        let mut roster = Self::default();
        let mut numbers: HashMap<i64, ActorNo> = HashMap::new();
        let organization_keys: HashMap<i64, String> = known
            .actors
            .iter()
            .chain(&known.left)
            .filter(|actor| actor.kind != ActorKind::Person)
            .map(|actor| (actor.id, OrganizationName::new(&actor.name).key))
            .collect();
        for actor in actors {
            let name = PersonName::parse(&actor.name);
            let mut profile = Profile::named(&name);
            profile.contacts.extend(actor.phones.iter().cloned());
            profile.contacts.extend(actor.emails.iter().map(|email| format!("e:{}", email.to_lowercase())));
            profile.contacts.extend(actor.line_ids.iter().map(|id| format!("l:{}", id.to_lowercase())));
            profile
                .organizations
                .extend(actor.belongs_to.iter().filter_map(|id| organization_keys.get(id)).cloned());
            profile.places.extend(actor.place.as_ref().and_then(|(d, s)| place_key(d, s)));
            if actor.kind == ActorKind::Person {
                let other =
                    actor.aliases.iter().map(|alias| PersonName::parse(alias).key().as_str().to_owned());
                profile.aliases.extend(other.filter(|key| !key.is_empty() && *key != profile.key));
            }
            profile.nicknames.extend(actor.nicknames.iter().map(|nickname| short_key(nickname)));
            profile.sheets.extend(actor.sheets.iter().cloned());
            let no = roster.add(RosterActor {
                existing: Some(actor.id),
                kind: actor.kind,
                name: actor.name.clone(),
                profile,
                offers: actor.offers.iter().map(|text| super::cells::intent_key(text)).collect(),
                needs: actor.needs.iter().map(|text| super::cells::intent_key(text)).collect(),
                said_no: actor.said_no,
            });
            if actor.kind != ActorKind::Person {
                for alias in &actor.aliases {
                    roster.add_organization_key(&OrganizationName::new(alias).key, no);
                }
            }
            numbers.insert(actor.id, no);
        }
        let pair = |a: i64, b: i64| Some((*numbers.get(&a)?, *numbers.get(&b)?));
        for actor in actors {
            roster.memberships.extend(actor.belongs_to.iter().filter_map(|id| pair(actor.id, *id)));
        }
        for (a, b) in known.kept_apart.iter().filter_map(|(a, b)| pair(*a, *b)) {
            roster.apart.extend([(a, b), (b, a)]);
        }
        roster
    }

    /// Adds an actor, found from now on.
    pub fn add(&mut self, actor: RosterActor) -> ActorNo {
        let no = ActorNo(self.actors.len());
        if actor.kind == ActorKind::Person {
            self.index.add(no.0, &actor.profile);
        } else {
            self.organizations.entry(OrganizationName::new(&actor.name).key).or_insert(no);
        }
        self.actors.push(actor);
        no
    }

    /// Adds a spelling under which an organization is found too.
    pub fn add_organization_key(&mut self, key: &str, no: ActorNo) {
        self.organizations.entry(key.to_owned()).or_insert(no);
    }

    /// The actor of a number.
    #[must_use]
    pub fn get(&self, no: ActorNo) -> Option<&RosterActor> {
        self.actors.get(no.0)
    }

    /// The actor of a number, to add what it offers.
    pub fn get_mut(&mut self, no: ActorNo) -> Option<&mut RosterActor> {
        self.actors.get_mut(no.0)
    }

    /// Adds what a file says about a person known before.
    pub fn extend(&mut self, no: ActorNo, profile: &Profile) {
        if let Some(actor) = self.actors.get_mut(no.0) {
            actor.profile.take_in(profile);
            let whole = actor.profile.clone();
            self.index.add(no.0, &whole);
        }
    }

    /// The one person with this address of e-mail, in small letters; none where several share it.
    #[must_use]
    pub fn by_email(&self, email: &str) -> Option<ActorNo> {
        match self.index.contacts.get(&format!("e:{email}")).map(Vec::as_slice) {
            Some([only]) => Some(ActorNo(*only)),
            _ => None,
        }
    }

    /// True where nobody is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.actors.is_empty()
    }

    /// Persons that are certainly the one described.
    #[must_use]
    pub fn certainly(&self, profile: &Profile) -> Vec<ActorNo> {
        let named: BTreeSet<usize> =
            profile.names().filter_map(|name| self.index.names.get(name)).flatten().copied().collect();
        named
            .into_iter()
            .filter(|at| self.actors.get(*at).is_some_and(|actor| actor.profile.is_certainly(profile)))
            .map(ActorNo)
            .collect()
    }

    /// Members whom a list brought in with nothing but this name, and who stand in the same list again.
    #[must_use]
    pub fn came_again(&self, profile: &Profile) -> Vec<ActorNo> {
        let named = self.index.names.get(&profile.key).into_iter().flatten();
        let again = |at: &&usize| {
            self.actors
                .get(**at)
                .is_some_and(|actor| actor.existing.is_some() && profile.came_again(&actor.profile))
        };
        named.filter(again).map(|at| ActorNo(*at)).collect()
    }

    /// For each person described, those that may be the same, each with the reason.
    #[must_use]
    pub fn suspects(&self, profiles: &[&Profile]) -> Vec<Vec<(ActorNo, &'static str)>> {
        let mut found: Vec<BTreeSet<usize>> =
            profiles.iter().map(|profile| self.index.candidates(profile, 0)).collect();
        let mut here: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, profile) in profiles.iter().enumerate() {
            for place in profile.surroundings() {
                here.entry(place).or_default().push(at);
            }
        }
        for (place, new) in &here {
            let Some(members) = self.index.surroundings.get(place).filter(|m| m.len() <= MOST_TOGETHER)
            else {
                continue;
            };
            let new_keys: Vec<&str> =
                new.iter().map(|at| profiles.get(*at).map_or("", |p| p.key.as_str())).collect();
            let keys: Vec<&str> = members
                .iter()
                .map(|at| self.actors.get(*at).map_or("", |a| a.profile.key.as_str()))
                .collect();
            for (i, j) in near::pairs(&new_keys, &keys) {
                if let (Some(found), Some(member)) =
                    (new.get(i).and_then(|at| found.get_mut(*at)), members.get(j))
                {
                    found.insert(*member);
                }
            }
        }
        found
            .iter()
            .zip(profiles)
            .map(|(found, profile)| {
                found
                    .iter()
                    .filter_map(|at| Some((ActorNo(*at), self.actors.get(*at)?.profile.suspicion(profile)?)))
                    .collect()
            })
            .collect()
    }

    /// The organization of a key.
    #[must_use]
    pub fn organization(&self, key: &str) -> Option<ActorNo> {
        self.organizations.get(key).copied()
    }

    /// For each key, the organizations whose name may be the same, each with the reason.
    #[must_use]
    pub fn similar_organizations(&self, keys: &[&str]) -> Vec<Vec<(ActorNo, &'static str)>> {
        let mut known: Vec<(&str, ActorNo)> =
            self.organizations.iter().map(|(key, no)| (key.as_str(), *no)).collect();
        known.sort_unstable();
        let mut by_stem: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, (key, _)) in known.iter().enumerate() {
            by_stem.entry(organizations::stem(key)).or_default().push(at);
        }
        let mut found: Vec<BTreeSet<usize>> = keys
            .iter()
            .map(|key| by_stem.get(organizations::stem(key)).into_iter().flatten().copied().collect())
            .collect();
        let known_keys: Vec<&str> = known.iter().map(|(key, _)| *key).collect();
        for (i, j) in near::pairs(keys, &known_keys) {
            if let Some(found) = found.get_mut(i) {
                found.insert(j);
            }
        }
        found
            .iter()
            .zip(keys)
            .map(|(found, key)| {
                let similar = found.iter().filter_map(|at| known.get(*at));
                let mut similar: Vec<_> = similar
                    .filter_map(|(other, no)| Some((*no, organizations::suspicion(key, other)?)))
                    .collect();
                similar.sort_unstable();
                similar.dedup_by_key(|(no, _)| *no);
                similar
            })
            .collect()
    }

    /// True once a person belongs to an organization.
    #[must_use]
    pub fn belongs(&self, member: ActorNo, organization: ActorNo) -> bool {
        self.memberships.contains(&(member, organization))
    }

    /// Notes a membership; false where it stood already.
    pub fn join(&mut self, member: ActorNo, organization: ActorNo) -> bool {
        self.memberships.insert((member, organization))
    }

    /// True where a person said that the two are not the same.
    #[must_use]
    pub fn kept_apart(&self, a: ActorNo, b: ActorNo) -> bool {
        self.apart.contains(&(a, b))
    }

    /// Who a mention means (rule 11): full name, organization, then nickname or first name, as written and, where
    /// `forms` allows it, without title or word of kinship.
    #[must_use]
    pub fn mention(&self, text: &str, forms: ShortForms) -> Meaning {
        let name = PersonName::parse(text);
        if !name.is_partial() {
            match self.index.names.get(name.key().as_str()).map(Vec::as_slice) {
                Some([one]) => return Meaning::Full(ActorNo(*one)),
                Some(several) if !several.is_empty() => return ambiguous(several),
                _ => {}
            }
        }
        if let Some(no) = self.organization(&OrganizationName::new(text).key) {
            return Meaning::Organization(no);
        }
        let most = if forms == ShortForms::AsWritten { 1 } else { usize::MAX };
        for form in short_forms(text).iter().take(most) {
            match self.index.short.get(form).map(Vec::as_slice) {
                Some([one]) => return Meaning::Short(ActorNo(*one)),
                Some(several) if !several.is_empty() => return ambiguous(several),
                _ => {}
            }
        }
        Meaning::Unknown
    }
}

/// The first of those who could be meant; nobody chooses among more.
fn ambiguous(several: &[usize]) -> Meaning {
    const MOST_CHOICES: usize = 50;
    Meaning::Ambiguous(several.iter().take(MOST_CHOICES).map(|at| ActorNo(*at)).collect())
}

/// Which short forms of a name may stand for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortForms {
    /// Only what is written (ties).
    AsWritten,
    /// Also without a title or a word of kinship (contacts).
    WithoutKinship,
}
