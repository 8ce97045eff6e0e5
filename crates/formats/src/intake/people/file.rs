//! The people of one file, and what is planned of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::bodies::FileOrganizations;
use super::describe::{blank, describe_extras, describe_organization, describe_person, describe_reach};
use super::numbers::Numbers;
use super::{Counts, FilePerson, OrganizationEntry, People, PersonEntry};
use crate::intake::cells::{Answer, intent_key};
use crate::intake::known::ActorKind;
use crate::intake::plan::{ActorNo, IntentKind, PlannedActor, PlannedIntent, PlannedMembership, Source};
use crate::intake::roster::Roster;
use crate::intake::sets::Sets;

pub(super) struct File {
    pub(super) entries: Vec<PersonEntry>,
    pub(super) bodies: Vec<OrganizationEntry>,
    pub(super) persons: Vec<FilePerson>,
    pub(super) organizations: FileOrganizations,
}

impl File {
    pub(super) fn merge_persons(&mut self, pairs: &[(usize, usize, &'static str)]) {
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

    pub(super) fn rows<'a>(&'a self, person: &'a FilePerson) -> impl Iterator<Item = &'a PersonEntry> {
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

    pub(super) fn all_memberships(&self) -> BTreeMap<(usize, usize), (Option<String>, Vec<Source>)> {
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

    pub(super) fn actors(&self, numbers: &Numbers, roster: &Roster) -> Vec<PlannedActor> {
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

    pub(super) fn memberships(&self, numbers: &Numbers, roster: &mut Roster) -> Vec<PlannedMembership> {
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

    pub(super) fn intents(&self, numbers: &Numbers, roster: &mut Roster) -> Vec<PlannedIntent> {
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

pub(super) fn note_certain(file: &File, people: &mut People) {
    for person in file.persons.iter().filter(|person| person.entries.len() > 1) {
        let name = file.rows(person).next().map(|entry| entry.name.full()).unwrap_or_default();
        people.certain.push((name, file.rows(person).map(|entry| entry.source).collect()));
    }
}

pub(super) fn count(file: &File, counts: &mut Counts) {
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
