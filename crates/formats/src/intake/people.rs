//! From rows or cards to persons, groups, organizations, memberships, offers and needs (rules 5 to 7): which rows
//! speak of one person, who is known already, and what a person must decide.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use thai::dates::Reading;
use thai::names::{PersonName, short_key};

use super::cells::{Answer, intent_key};
use super::known::ActorKind;
use super::near;
use super::organizations::{self, OrganizationName};
use super::plan::{
    ActorNo, Consent, IntentKind, PlannedActor, PlannedIntent, PlannedMembership, Rejected, SamePair, Source,
};
use super::roster::{self, Profile, Roster, RosterActor};
use super::sets::Sets;

/// What becomes of two that may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Suggested {
    /// They stay apart until a person decides.
    #[default]
    Apart,
    /// They are made one (`--merge-suggested`).
    Merged,
}

/// How somebody can be reached.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Telephone numbers in E.164.
    pub phones: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// LINE ids.
    pub line_ids: Vec<String>,
    /// จังหวัด.
    pub province: String,
    /// อำเภอ.
    pub district: String,
    /// ตำบล.
    pub subdistrict: String,
    /// When it is convenient.
    pub availability: String,
}

/// What a card holds besides.
#[derive(Debug, Clone, Default)]
pub struct CardExtras {
    /// Day of birth.
    pub birthday: Option<Date>,
    /// Picture.
    pub photo: Option<Vec<u8>>,
    /// Identifier.
    pub uid: Option<String>,
    /// Notes.
    pub notes: Vec<String>,
}

/// One row or card about a person.
#[derive(Debug, Clone)]
pub struct PersonEntry {
    /// Where it stands.
    pub source: Source,
    /// The name, taken apart.
    pub name: PersonName,
    /// The nickname, empty where none was written.
    pub nickname: String,
    /// The organizations it names, each with the role there.
    pub organizations: Vec<(OrganizationName, Option<String>)>,
    /// How the person can be reached.
    pub reach: Reach,
    /// What the row says to consent.
    pub consent: Answer,
    /// Offers.
    pub offers: Vec<String>,
    /// Needs.
    pub needs: Vec<String>,
    /// When the form was sent.
    pub submitted: Option<Reading>,
    /// What a card holds besides.
    pub extras: CardExtras,
}

/// One row or card about organizations; what it says belongs to the first.
#[derive(Debug, Clone)]
pub struct OrganizationEntry {
    /// Where it stands.
    pub source: Source,
    /// The organizations it names.
    pub organizations: Vec<OrganizationName>,
    /// How the first can be reached.
    pub reach: Reach,
    /// Offers of the first.
    pub offers: Vec<String>,
    /// Needs of the first.
    pub needs: Vec<String>,
    /// What a card holds besides.
    pub extras: CardExtras,
    /// Identifiers of the members a card names.
    pub members: Vec<String>,
}

/// Numbers of one file, looked at alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Persons.
    pub persons: usize,
    /// Persons, should every suggested pair be one.
    pub persons_if_merged: usize,
    /// Persons no row of whom says yes.
    pub persons_pending: usize,
    /// Groups and organizations.
    pub organizations: usize,
    /// The same, should every suggested pair be one.
    pub organizations_if_merged: usize,
    /// Groups among them.
    pub groups: usize,
    /// Organizations no person belongs to.
    pub without_person: usize,
    /// Distinct persons in organizations.
    pub memberships: usize,
    /// Persons in two or more.
    pub in_several: usize,
    /// Persons in none.
    pub in_none: usize,
    /// Distinct offers.
    pub offers: usize,
    /// Distinct needs.
    pub needs: usize,
    /// Distinct valid telephone numbers.
    pub phones: usize,
    /// Distinct valid addresses.
    pub emails: usize,
    /// Pictures.
    pub photos: usize,
}

/// What a file makes of people.
#[derive(Debug, Clone, Default)]
pub struct People {
    /// Its members, persons first.
    pub actors: Vec<PlannedActor>,
    /// Who belongs where.
    pub memberships: Vec<PlannedMembership>,
    /// Offers and needs.
    pub intents: Vec<PlannedIntent>,
    /// Rows that refuse consent, and earlier rows of the same person.
    pub rejected: Vec<Rejected>,
    /// Members of the network, or of an earlier file, who refuse consent here.
    pub withdrawn: Vec<ActorNo>,
    /// Rows that were certainly one person.
    pub certain: Vec<(String, Vec<Source>)>,
    /// Pairs within the file.
    pub pairs: Vec<SamePair>,
    /// Pairs of one in the file and one known before.
    pub known_pairs: Vec<SamePair>,
    /// Pairs of organizations within the file.
    pub organization_pairs: Vec<SamePair>,
    /// Pairs of an organization in the file and one known before.
    pub known_organization_pairs: Vec<SamePair>,
    /// Persons of the file who are certainly known before: actor and first source.
    pub known_persons: Vec<(ActorNo, Source)>,
    /// Sources of rows whose consent is unclear.
    pub unclear: Vec<Source>,
    /// The numbers.
    pub counts: Counts,
}

/// Makes people of the rows and cards of one file, and adds them to the roster.
pub fn take_in(
    entries: Vec<PersonEntry>,
    bodies: Vec<OrganizationEntry>,
    roster: &mut Roster,
    suggested: Suggested,
) -> People {
    let mut people = People::default();
    let entries = accepted(entries, roster, &mut people);
    people.unclear =
        entries.iter().filter(|entry| entry.consent != Answer::Yes).map(|entry| entry.source).collect();
    let profiles: Vec<Profile> = entries.iter().map(profile).collect();
    let mut file = File {
        persons: persons(&certain(&profiles), &profiles),
        organizations: FileOrganizations::gather(&entries, &bodies),
        entries,
        bodies,
    };
    note_certain(&file, &mut people);
    let mut person_pairs = roster::suspicions(&file.persons.iter().map(|p| &p.profile).collect::<Vec<_>>());
    let mut organization_pairs = file.organizations.suspicions();
    people.counts.persons_if_merged =
        joined(file.persons.len(), person_pairs.iter().map(|(a, b, _)| (*a, *b)));
    people.counts.organizations_if_merged =
        joined(file.organizations.list.len(), organization_pairs.iter().map(|(a, b, _)| (*a, *b)));
    if suggested == Suggested::Merged {
        file.merge_persons(&person_pairs);
        file.organizations.merge(&organization_pairs);
        person_pairs.clear();
        organization_pairs.clear();
    }
    count(&file, &mut people.counts);
    let numbers = Numbers::assign(&file, roster, suggested, &mut people);
    for (a, b, reason) in person_pairs {
        people.pairs.extend(numbers.person_pair(a, b, reason));
    }
    for (a, b, reason) in organization_pairs {
        people.organization_pairs.extend(numbers.organization_pair(a, b, reason));
    }
    people.actors = file.actors(&numbers, roster);
    people.memberships = file.memberships(&numbers, roster);
    people.intents = file.intents(&numbers, roster);
    people
}

/// Rows that stay, without those that refuse consent and the earlier ones of the same person.
fn accepted(entries: Vec<PersonEntry>, roster: &Roster, people: &mut People) -> Vec<PersonEntry> {
    if entries.iter().all(|entry| entry.consent != Answer::No) {
        return entries;
    }
    let profiles: Vec<Profile> = entries.iter().map(profile).collect();
    let clusters = certain(&profiles);
    let mut refused_at: HashMap<usize, usize> = HashMap::new();
    for ((at, entry), (cluster, profile)) in entries.iter().enumerate().zip(clusters.iter().zip(&profiles)) {
        if entry.consent == Answer::No {
            refused_at.insert(*cluster, at);
            people.rejected.push(Rejected { source: entry.source, reason: "consent_refused" });
            people.withdrawn.extend(roster.certainly(profile));
        }
    }
    let mut stay = Vec::new();
    for ((at, entry), cluster) in entries.into_iter().enumerate().zip(&clusters) {
        if entry.consent == Answer::No {
            continue;
        }
        if refused_at.get(cluster).is_some_and(|refused| at < *refused) {
            people.rejected.push(Rejected { source: entry.source, reason: "consent_withdrawn" });
        } else {
            stay.push(entry);
        }
    }
    people.withdrawn.sort_unstable();
    people.withdrawn.dedup();
    stay
}

fn profile(entry: &PersonEntry) -> Profile {
    let mut profile = Profile::named(&entry.name);
    profile.contacts.extend(contacts(&entry.reach));
    profile.organizations.extend(entry.organizations.iter().map(|(name, _)| name.key.clone()));
    profile.places.extend(roster::place_key(&entry.reach.district, &entry.reach.subdistrict));
    let nickname = short_key(&entry.nickname);
    if !nickname.is_empty() {
        profile.nicknames.insert(nickname);
    }
    profile
}

fn contacts(reach: &Reach) -> impl Iterator<Item = String> {
    let phones = reach.phones.iter().cloned();
    let emails = reach.emails.iter().map(|email| format!("e:{email}"));
    phones.chain(emails).chain(reach.line_ids.iter().map(|id| format!("l:{id}")))
}

/// For each entry, the first entry of its certain person (rule 5, transitive).
fn certain(profiles: &[Profile]) -> Vec<usize> {
    let mut sets = Sets::new(profiles.len());
    let mut by_contact: HashMap<(&str, &str), usize> = HashMap::new();
    let mut by_organization: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    for (at, profile) in profiles.iter().enumerate() {
        for contact in &profile.contacts {
            sets.join(*by_contact.entry((&profile.key, contact)).or_insert(at), at);
        }
        for organization in &profile.organizations {
            by_organization.entry((&profile.key, organization)).or_default().push(at);
        }
    }
    let has_phone = |at: &usize| profiles.get(*at).is_some_and(Profile::has_phone);
    for together in by_organization.values() {
        // one row without a telephone is the same person as each of the others
        if together.iter().all(has_phone) {
            continue;
        }
        for at in together {
            sets.join(together.first().copied().unwrap_or(*at), *at);
        }
    }
    (0..profiles.len()).map(|at| sets.root(at)).collect()
}

/// A person of the file.
struct FilePerson {
    entries: Vec<usize>,
    profile: Profile,
}

fn persons(clusters: &[usize], profiles: &[Profile]) -> Vec<FilePerson> {
    let mut by_root: BTreeMap<usize, FilePerson> = BTreeMap::new();
    for ((at, root), profile) in clusters.iter().enumerate().zip(profiles) {
        let person = by_root
            .entry(*root)
            .or_insert_with(|| FilePerson { entries: Vec::new(), profile: profile.clone() });
        person.entries.push(at);
        person.profile.take_in(profile);
    }
    by_root.into_values().collect()
}

/// How many are left of so many once the pairs are one.
fn joined(all: usize, pairs: impl Iterator<Item = (usize, usize)>) -> usize {
    let mut sets = Sets::new(all);
    for (a, b) in pairs {
        sets.join(a, b);
    }
    (0..all).filter(|at| sets.root(*at) == *at).count()
}

/// An organization of the file.
struct FileOrganization {
    key: String,
    keys: BTreeSet<String>,
    spellings: Vec<(String, usize)>,
    kind: ActorKind,
    sources: Vec<Source>,
}

impl FileOrganization {
    /// The spelling most rows use; the first of equals.
    fn name(&self) -> String {
        let most = self.spellings.iter().map(|(_, times)| *times).max().unwrap_or(0);
        self.spellings
            .iter()
            .find(|(_, times)| *times == most)
            .map(|(text, _)| text.clone())
            .unwrap_or_default()
    }

    fn note(&mut self, name: &OrganizationName, source: Source) {
        match self.spellings.iter_mut().find(|(text, _)| *text == name.text) {
            Some((_, times)) => *times += 1,
            None => self.spellings.push((name.text.clone(), 1)),
        }
        if self.sources.last() != Some(&source) {
            self.sources.push(source);
        }
    }
}

#[derive(Default)]
struct FileOrganizations {
    list: Vec<FileOrganization>,
    by_key: HashMap<String, usize>,
}

impl FileOrganizations {
    fn gather(entries: &[PersonEntry], bodies: &[OrganizationEntry]) -> Self {
        let mut named: Vec<(Source, &OrganizationName)> = Vec::new();
        for entry in entries {
            named.extend(entry.organizations.iter().map(|(name, _)| (entry.source, name)));
        }
        for body in bodies {
            named.extend(body.organizations.iter().map(|name| (body.source, name)));
        }
        named.sort_by_key(|(source, _)| *source);
        let mut gathered = Self::default();
        for (source, name) in named {
            let at = *gathered.by_key.entry(name.key.clone()).or_insert(gathered.list.len());
            if at == gathered.list.len() {
                gathered.list.push(FileOrganization {
                    key: name.key.clone(),
                    keys: BTreeSet::from([name.key.clone()]),
                    spellings: Vec::new(),
                    kind: name.kind(),
                    sources: Vec::new(),
                });
            }
            if let Some(organization) = gathered.list.get_mut(at) {
                organization.note(name, source);
            }
        }
        gathered
    }

    fn at(&self, name: &OrganizationName) -> Option<usize> {
        self.by_key.get(&name.key).copied()
    }

    fn suspicions(&self) -> Vec<(usize, usize, &'static str)> {
        let mut pairs: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut by_stem: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, organization) in self.list.iter().enumerate() {
            by_stem.entry(organizations::stem(&organization.key)).or_default().push(at);
        }
        for alike in by_stem.values() {
            for (i, a) in alike.iter().enumerate() {
                pairs.extend(alike.iter().skip(i + 1).map(|b| (*a, *b)));
            }
        }
        let keys: Vec<&str> = self.list.iter().map(|organization| organization.key.as_str()).collect();
        pairs.extend(near::pairs(&keys, &keys).into_iter().filter(|(a, b)| a < b));
        pairs
            .into_iter()
            .filter_map(|(a, b)| Some((a, b, organizations::suspicion(keys.get(a)?, keys.get(b)?)?)))
            .collect()
    }

    fn merge(&mut self, pairs: &[(usize, usize, &'static str)]) {
        let mut sets = Sets::new(self.list.len());
        for (a, b, _) in pairs {
            sets.join(*a, *b);
        }
        let mut places: HashMap<usize, usize> = HashMap::new();
        let mut merged: Vec<FileOrganization> = Vec::new();
        for (at, organization) in std::mem::take(&mut self.list).into_iter().enumerate() {
            let place = *places.entry(sets.root(at)).or_insert(merged.len());
            for key in &organization.keys {
                self.by_key.insert(key.clone(), place);
            }
            match merged.get_mut(place) {
                None => merged.push(organization),
                Some(first) => {
                    first.keys.extend(organization.keys);
                    first.spellings.extend(organization.spellings);
                    first.sources.extend(organization.sources);
                    first.sources.sort_unstable();
                }
            }
        }
        self.list = merged;
    }
}

struct File {
    entries: Vec<PersonEntry>,
    bodies: Vec<OrganizationEntry>,
    persons: Vec<FilePerson>,
    organizations: FileOrganizations,
}

impl File {
    fn merge_persons(&mut self, pairs: &[(usize, usize, &'static str)]) {
        let mut sets = Sets::new(self.persons.len());
        for (a, b, _) in pairs {
            sets.join(*a, *b);
        }
        let mut by_root: BTreeMap<usize, FilePerson> = BTreeMap::new();
        for (at, person) in std::mem::take(&mut self.persons).into_iter().enumerate() {
            match by_root.get_mut(&sets.root(at)) {
                None => {
                    by_root.insert(sets.root(at), person);
                }
                Some(first) => {
                    first.entries.extend(person.entries);
                    first.entries.sort_unstable();
                    first.profile.take_in(&person.profile);
                }
            }
        }
        self.persons = by_root.into_values().collect();
    }

    fn rows<'a>(&'a self, person: &'a FilePerson) -> impl Iterator<Item = &'a PersonEntry> {
        person.entries.iter().filter_map(|at| self.entries.get(*at))
    }

    /// Cards name the members of a group by identifier: (person, organization) of the file.
    fn named_members(&self) -> Vec<(usize, usize, Source)> {
        let mut by_uid: HashMap<&str, usize> = HashMap::new();
        for (at, person) in self.persons.iter().enumerate() {
            for uid in self.rows(person).filter_map(|entry| entry.extras.uid.as_deref()) {
                by_uid.insert(uid, at);
            }
        }
        let mut found = Vec::new();
        for body in &self.bodies {
            let Some(place) = body.organizations.first().and_then(|name| self.organizations.at(name)) else {
                continue;
            };
            found.extend(
                body.members
                    .iter()
                    .filter_map(|uid| by_uid.get(uid.as_str()))
                    .map(|at| (*at, place, body.source)),
            );
        }
        found
    }

    fn all_memberships(&self) -> BTreeMap<(usize, usize), (Option<String>, Vec<Source>)> {
        let mut all: BTreeMap<(usize, usize), (Option<String>, Vec<Source>)> = BTreeMap::new();
        for (at, person) in self.persons.iter().enumerate() {
            for entry in self.rows(person) {
                for (name, role) in &entry.organizations {
                    let Some(place) = self.organizations.at(name) else { continue };
                    let membership = all.entry((at, place)).or_default();
                    membership.0 = membership.0.take().or_else(|| role.clone());
                    membership.1.push(entry.source);
                }
            }
        }
        for (person, place, source) in self.named_members() {
            all.entry((person, place)).or_default().1.push(source);
        }
        all
    }

    fn actors(&self, numbers: &Numbers, roster: &Roster) -> Vec<PlannedActor> {
        let mut actors: Vec<PlannedActor> = Vec::new();
        let mut places: HashMap<ActorNo, usize> = HashMap::new();
        for (person, no) in self.persons.iter().zip(&numbers.persons) {
            let place = *places.entry(*no).or_insert(actors.len());
            if place == actors.len() {
                actors.push(blank(*no, ActorKind::Person, roster));
            }
            if let Some(actor) = actors.get_mut(place) {
                self.rows(person).for_each(|entry| describe_person(actor, entry));
            }
        }
        for (organization, no) in self.organizations.list.iter().zip(&numbers.organizations) {
            let place = *places.entry(*no).or_insert(actors.len());
            if place == actors.len() {
                actors.push(blank(*no, organization.kind, roster));
            }
            if let Some(actor) = actors.get_mut(place) {
                describe_organization(actor, organization);
            }
        }
        for body in &self.bodies {
            let first = body.organizations.first().and_then(|name| self.organizations.at(name));
            let no = first.and_then(|at| numbers.organizations.get(at));
            if let Some(actor) = no.and_then(|no| places.get(no)).and_then(|place| actors.get_mut(*place)) {
                describe_reach(actor, &body.reach);
                describe_extras(actor, &body.extras);
            }
        }
        actors
    }

    fn memberships(&self, numbers: &Numbers, roster: &mut Roster) -> Vec<PlannedMembership> {
        let mut planned = Vec::new();
        for ((person, place), (role, sources)) in self.all_memberships() {
            let (Some(member), Some(organization)) =
                (numbers.persons.get(person).copied(), numbers.organizations.get(place).copied())
            else {
                continue;
            };
            let new = roster.join(member, organization);
            planned.push(PlannedMembership { member, organization, role, new, sources });
        }
        planned
    }

    fn intents(&self, numbers: &Numbers, roster: &mut Roster) -> Vec<PlannedIntent> {
        let mut said: Vec<(ActorNo, IntentKind, &String, Source)> = Vec::new();
        for (person, no) in self.persons.iter().zip(&numbers.persons) {
            for entry in self.rows(person) {
                said.extend(entry.offers.iter().map(|text| (*no, IntentKind::Offer, text, entry.source)));
                said.extend(entry.needs.iter().map(|text| (*no, IntentKind::Need, text, entry.source)));
            }
        }
        for body in &self.bodies {
            let first = body.organizations.first().and_then(|name| self.organizations.at(name));
            let Some(no) = first.and_then(|at| numbers.organizations.get(at)) else { continue };
            said.extend(body.offers.iter().map(|text| (*no, IntentKind::Offer, text, body.source)));
            said.extend(body.needs.iter().map(|text| (*no, IntentKind::Need, text, body.source)));
        }
        let mut planned: Vec<PlannedIntent> = Vec::new();
        let mut places: HashMap<(ActorNo, IntentKind, String), usize> = HashMap::new();
        for (owner, kind, text, source) in said {
            let key = intent_key(text);
            let place = *places.entry((owner, kind, key.clone())).or_insert(planned.len());
            if let Some(again) = planned.get_mut(place) {
                again.sources.push(source);
                continue;
            }
            let new = roster.get_mut(owner).is_none_or(|actor| match kind {
                IntentKind::Offer => actor.offers.insert(key),
                IntentKind::Need => actor.needs.insert(key),
            });
            planned.push(PlannedIntent { owner, kind, text: text.clone(), new, sources: vec![source] });
        }
        planned
    }
}

fn note_certain(file: &File, people: &mut People) {
    for person in file.persons.iter().filter(|person| person.entries.len() > 1) {
        let name = file.rows(person).next().map(|entry| entry.name.full()).unwrap_or_default();
        people.certain.push((name, file.rows(person).map(|entry| entry.source).collect()));
    }
}

fn count(file: &File, counts: &mut Counts) {
    counts.persons = file.persons.len();
    counts.persons_pending =
        file.persons.iter().filter(|p| file.rows(p).all(|entry| entry.consent != Answer::Yes)).count();
    counts.organizations = file.organizations.list.len();
    counts.groups = file.organizations.list.iter().filter(|o| o.kind == ActorKind::Group).count();
    let memberships = file.all_memberships();
    counts.memberships = memberships.len();
    let mut of_person: HashMap<usize, usize> = HashMap::new();
    for (person, _) in memberships.keys() {
        *of_person.entry(*person).or_default() += 1;
    }
    counts.in_several = of_person.values().filter(|times| **times >= 2).count();
    counts.in_none = counts.persons - of_person.len();
    let with_person: HashSet<usize> = memberships.keys().map(|(_, place)| *place).collect();
    counts.without_person = counts.organizations - with_person.len();
    let mut offers: HashSet<(bool, usize, String)> = HashSet::new();
    let mut needs: HashSet<(bool, usize, String)> = HashSet::new();
    for (at, person) in file.persons.iter().enumerate() {
        for entry in file.rows(person) {
            offers.extend(entry.offers.iter().map(|text| (true, at, intent_key(text))));
            needs.extend(entry.needs.iter().map(|text| (true, at, intent_key(text))));
        }
    }
    for body in &file.bodies {
        let Some(at) = body.organizations.first().and_then(|name| file.organizations.at(name)) else {
            continue;
        };
        offers.extend(body.offers.iter().map(|text| (false, at, intent_key(text))));
        needs.extend(body.needs.iter().map(|text| (false, at, intent_key(text))));
    }
    counts.offers = offers.len();
    counts.needs = needs.len();
    let reaches = || file.entries.iter().map(|e| &e.reach).chain(file.bodies.iter().map(|b| &b.reach));
    counts.phones = reaches().flat_map(|reach| &reach.phones).collect::<HashSet<_>>().len();
    counts.emails = reaches().flat_map(|reach| &reach.emails).collect::<HashSet<_>>().len();
    let extras = file.entries.iter().map(|e| &e.extras).chain(file.bodies.iter().map(|b| &b.extras));
    counts.photos = extras.filter(|extras| extras.photo.is_some()).count();
}

/// The roster's numbers of a file's persons and organizations.
struct Numbers {
    persons: Vec<ActorNo>,
    organizations: Vec<ActorNo>,
}

impl Numbers {
    /// Finds each in the roster or adds it. All are looked for before any is added, so that a file is compared with
    /// what came before it alone.
    fn assign(file: &File, roster: &mut Roster, suggested: Suggested, people: &mut People) -> Self {
        let organizations = Self::organizations(file, roster, suggested, people);
        let found: Vec<Found> =
            file.persons.iter().map(|person| Found::of(person, roster, suggested)).collect();
        let mut persons = Vec::new();
        for (person, found) in file.persons.iter().zip(&found) {
            let first = file.rows(person).next();
            let no = match found.known {
                Some(no) => {
                    roster.extend(no, &person.profile);
                    people.known_persons.extend(first.map(|entry| (no, entry.source)));
                    no
                }
                None => roster.add(RosterActor {
                    existing: None,
                    kind: ActorKind::Person,
                    name: first.map(|entry| entry.name.full()).unwrap_or_default(),
                    profile: person.profile.clone(),
                    offers: HashSet::new(),
                    needs: HashSet::new(),
                }),
            };
            people.known_pairs.extend(found.suspects.iter().map(|(other, reason)| SamePair {
                a: no,
                b: *other,
                reason,
            }));
            persons.push(no);
        }
        Self { persons, organizations }
    }

    fn organizations(
        file: &File,
        roster: &mut Roster,
        suggested: Suggested,
        people: &mut People,
    ) -> Vec<ActorNo> {
        let found: Vec<(Option<ActorNo>, Vec<(ActorNo, &'static str)>)> = file
            .organizations
            .list
            .iter()
            .map(|organization| {
                let known = organization.keys.iter().find_map(|key| roster.organization(key));
                let similar = if known.is_none() {
                    roster.similar_organizations(&organization.key)
                } else {
                    Vec::new()
                };
                match (known, suggested, similar.first()) {
                    (None, Suggested::Merged, Some((no, _))) => (Some(*no), Vec::new()),
                    _ => (known, similar),
                }
            })
            .collect();
        let mut numbers = Vec::new();
        for (organization, (known, similar)) in file.organizations.list.iter().zip(found) {
            let no = known.unwrap_or_else(|| {
                roster.add(RosterActor {
                    existing: None,
                    kind: organization.kind,
                    name: organization.name(),
                    profile: Profile::default(),
                    offers: HashSet::new(),
                    needs: HashSet::new(),
                })
            });
            for key in &organization.keys {
                roster.add_organization_key(key, no);
            }
            for (other, reason) in similar {
                if !roster.kept_apart(no, other) {
                    people.known_organization_pairs.push(SamePair { a: no, b: other, reason });
                }
            }
            numbers.push(no);
        }
        numbers
    }

    fn person_pair(&self, a: usize, b: usize, reason: &'static str) -> Option<SamePair> {
        let (a, b) = (*self.persons.get(a)?, *self.persons.get(b)?);
        (a != b).then_some(SamePair { a, b, reason })
    }

    fn organization_pair(&self, a: usize, b: usize, reason: &'static str) -> Option<SamePair> {
        let (a, b) = (*self.organizations.get(a)?, *self.organizations.get(b)?);
        (a != b).then_some(SamePair { a, b, reason })
    }
}

/// Who a person of the file is among those known before.
struct Found {
    known: Option<ActorNo>,
    suspects: Vec<(ActorNo, &'static str)>,
}

impl Found {
    fn of(person: &FilePerson, roster: &Roster, suggested: Suggested) -> Self {
        let certain = roster.certainly(&person.profile);
        let known = certain.first().copied();
        if let Some(actor) = known.and_then(|no| roster.get(no))
            && brings_nothing(&person.profile, &actor.profile)
        {
            return Self { known, suspects: Vec::new() };
        }
        let mut suspects = roster.suspects(&person.profile);
        // two members who are both certainly this person may be one themselves
        suspects.extend(certain.iter().skip(1).map(|no| (*no, roster::SAME_NAME)));
        suspects.retain(|(other, _)| {
            Some(*other) != known && !known.is_some_and(|no| settled(roster, no, *other))
        });
        suspects.sort_unstable();
        suspects.dedup_by_key(|(other, _)| *other);
        match (known, suggested, suspects.first()) {
            (None, Suggested::Merged, Some((no, _))) => Self { known: Some(*no), suspects: Vec::new() },
            _ => Self { known, suspects },
        }
    }
}

fn brings_nothing(new: &Profile, known: &Profile) -> bool {
    new.contacts.is_subset(&known.contacts)
        && new.organizations.is_subset(&known.organizations)
        && new.places.is_subset(&known.places)
}

/// The pair was to be decided before this file already, or has been.
fn settled(roster: &Roster, a: ActorNo, b: ActorNo) -> bool {
    let both = roster.get(a).zip(roster.get(b));
    roster.kept_apart(a, b) || both.is_some_and(|(a, b)| a.profile.suspicion(&b.profile).is_some())
}

fn blank(no: ActorNo, kind: ActorKind, roster: &Roster) -> PlannedActor {
    let known = roster.get(no);
    PlannedActor {
        no,
        existing: known.and_then(|actor| actor.existing),
        kind: known.map_or(kind, |actor| actor.kind),
        name: String::new(),
        title: String::new(),
        nicknames: Vec::new(),
        aliases: Vec::new(),
        notes: Vec::new(),
        phones: Vec::new(),
        emails: Vec::new(),
        line_ids: Vec::new(),
        province: String::new(),
        district: String::new(),
        subdistrict: String::new(),
        availability: String::new(),
        consent: if kind == ActorKind::Person { Consent::Pending } else { Consent::NotAPerson },
        submitted: None,
        birthday: None,
        photo: None,
        card_uid: None,
        sources: Vec::new(),
    }
}

fn add(list: &mut Vec<String>, text: &str) {
    if !text.is_empty() && !list.iter().any(|other| other == text) {
        list.push(text.to_owned());
    }
}

/// Later rows speak later: a place or a time that is said again replaces the earlier one.
fn replace(place: &mut String, text: &str) {
    if !text.is_empty() {
        text.clone_into(place);
    }
}

fn describe_person(actor: &mut PlannedActor, entry: &PersonEntry) {
    let full = entry.name.full();
    if actor.name.is_empty() {
        actor.name = full;
    } else if actor.name != full {
        add(&mut actor.aliases, &full);
    }
    replace(&mut actor.title, &entry.name.title);
    add(&mut actor.nicknames, &entry.nickname);
    for note in &entry.name.notes {
        add(&mut actor.notes, note);
    }
    describe_reach(actor, &entry.reach);
    describe_extras(actor, &entry.extras);
    if entry.consent == Answer::Yes {
        actor.consent = Consent::Given;
    }
    actor.submitted = entry.submitted.or(actor.submitted);
    actor.sources.push(entry.source);
}

fn describe_organization(actor: &mut PlannedActor, organization: &FileOrganization) {
    let name = organization.name();
    for (spelling, _) in organization.spellings.iter().filter(|(spelling, _)| *spelling != name) {
        add(&mut actor.aliases, spelling);
    }
    if actor.name.is_empty() {
        actor.name = name;
    } else {
        add(&mut actor.aliases, &name);
    }
    actor.sources.extend(&organization.sources);
}

fn describe_reach(actor: &mut PlannedActor, reach: &Reach) {
    for phone in &reach.phones {
        add(&mut actor.phones, phone);
    }
    for email in &reach.emails {
        add(&mut actor.emails, email);
    }
    for id in &reach.line_ids {
        add(&mut actor.line_ids, id);
    }
    replace(&mut actor.province, &reach.province);
    replace(&mut actor.district, &reach.district);
    replace(&mut actor.subdistrict, &reach.subdistrict);
    replace(&mut actor.availability, &reach.availability);
}

fn describe_extras(actor: &mut PlannedActor, extras: &CardExtras) {
    for note in &extras.notes {
        add(&mut actor.notes, note);
    }
    actor.birthday = actor.birthday.or(extras.birthday);
    actor.photo = actor.photo.take().or_else(|| extras.photo.clone());
    actor.card_uid = actor.card_uid.take().or_else(|| extras.uid.clone());
}
