//! Who the people of a file are among those known before, and the numbers they get.

use std::collections::{BTreeMap, HashSet};

use super::file::File;
use super::{FilePerson, People, Suggested};
use crate::intake::known::ActorKind;
use crate::intake::plan::{ActorNo, SamePair};
use crate::intake::profile::{Profile, SAME_NAME};
use crate::intake::roster::{Roster, RosterActor};

/// The roster's numbers of a file's persons and organizations.
pub(super) struct Numbers {
    pub(super) persons: Vec<ActorNo>,
    pub(super) organizations: Vec<ActorNo>,
}

impl Numbers {
    /// Finds each in the roster or adds it. All are looked for before any is added, so that a file is compared with
    /// what came before it alone.
    pub(super) fn assign(
        file: &File,
        roster: &mut Roster,
        suggested: Suggested,
        people: &mut People,
    ) -> Self {
        let organizations = Self::organizations(file, roster, suggested, people);
        let found = Found::all(file, roster, suggested);
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
                    said_no: false,
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
        let keys: Vec<&str> =
            file.organizations.list.iter().map(|organization| organization.key.as_str()).collect();
        let found: Vec<Found> = file
            .organizations
            .list
            .iter()
            .zip(roster.similar_organizations(&keys))
            .map(|(organization, similar)| {
                let known = organization.keys.iter().find_map(|key| roster.organization(key));
                match (known, suggested, similar.first()) {
                    (Some(_), _, _) => Found { known, suspects: Vec::new() },
                    (None, Suggested::Merged, Some((no, _))) => {
                        Found { known: Some(*no), suspects: Vec::new() }
                    }
                    _ => Found { known, suspects: similar },
                }
            })
            .collect();
        let mut numbers = Vec::new();
        for (organization, Found { known, suspects: similar }) in file.organizations.list.iter().zip(found) {
            let no = known.unwrap_or_else(|| {
                roster.add(RosterActor {
                    existing: None,
                    kind: organization.kind,
                    name: organization.name(),
                    profile: Profile::default(),
                    offers: HashSet::new(),
                    needs: HashSet::new(),
                    said_no: false,
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

    pub(super) fn person_pair(&self, a: usize, b: usize, reason: &'static str) -> Option<SamePair> {
        let (a, b) = (*self.persons.get(a)?, *self.persons.get(b)?);
        (a != b).then_some(SamePair { a, b, reason })
    }

    pub(super) fn organization_pair(&self, a: usize, b: usize, reason: &'static str) -> Option<SamePair> {
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
    fn all(file: &File, roster: &Roster, suggested: Suggested) -> Vec<Self> {
        let mut certain: Vec<Vec<ActorNo>> =
            file.persons.iter().map(|person| roster.certainly(&person.profile)).collect();
        add_those_who_came_again(file, roster, &mut certain);
        // whoever is known and brings nothing new needs no second look
        let settled = |person: &FilePerson, certain: &[ActorNo]| {
            let known = certain.first().and_then(|no| roster.get(*no));
            known.is_some_and(|actor| brings_nothing(&person.profile, &actor.profile))
        };
        let open: Vec<usize> = file
            .persons
            .iter()
            .zip(&certain)
            .enumerate()
            .filter(|(_, (person, certain))| !settled(person, certain))
            .map(|(at, _)| at)
            .collect();
        let profiles: Vec<&Profile> =
            open.iter().filter_map(|at| file.persons.get(*at)).map(|person| &person.profile).collect();
        let mut all: Vec<Self> = certain
            .iter()
            .map(|certain| Self { known: certain.first().copied(), suspects: Vec::new() })
            .collect();
        for (at, suspects) in open.into_iter().zip(roster.suspects(&profiles)) {
            if let (Some(found), Some(certain)) = (all.get_mut(at), certain.get(at)) {
                found.look_again(certain, suspects, roster, suggested);
            }
        }
        all
    }

    fn look_again(
        &mut self,
        certain: &[ActorNo],
        mut suspects: Vec<(ActorNo, &'static str)>,
        roster: &Roster,
        suggested: Suggested,
    ) {
        let known = self.known;
        // two members who are both certainly this person may be one themselves
        suspects.extend(certain.iter().skip(1).map(|no| (*no, SAME_NAME)));
        suspects.retain(|(other, _)| {
            Some(*other) != known && !known.is_some_and(|no| settled(roster, no, *other))
        });
        suspects.sort_unstable();
        suspects.dedup_by_key(|(other, _)| *other);
        match (known, suggested, suspects.first()) {
            (None, Suggested::Merged, Some((no, _))) => self.known = Some(*no),
            _ => self.suspects = suspects,
        }
    }
}

/// Persons of whom a list says nothing but the name, as it did before. Several of one name are told apart by their
/// order, as long as they are as many as before.
fn add_those_who_came_again(file: &File, roster: &Roster, certain: &mut [Vec<ActorNo>]) {
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, person) in file.persons.iter().enumerate() {
        by_name.entry(&person.profile.key).or_default().push(at);
    }
    for rows in by_name.values() {
        let known: Vec<Vec<ActorNo>> = rows
            .iter()
            .map(|at| {
                file.persons.get(*at).map(|person| roster.came_again(&person.profile)).unwrap_or_default()
            })
            .collect();
        let mut all: Vec<ActorNo> = known.iter().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        if all.len() != rows.len() {
            continue;
        }
        for ((at, known), no) in rows.iter().zip(&known).zip(&all) {
            if let Some(found) = certain.get_mut(*at).filter(|found| found.is_empty() && known.contains(no)) {
                found.push(*no);
            }
        }
    }
}

fn brings_nothing(new: &Profile, known: &Profile) -> bool {
    new.aliases.is_subset(&known.aliases)
        && new.contacts.is_subset(&known.contacts)
        && new.organizations.is_subset(&known.organizations)
        && new.places.is_subset(&known.places)
}

/// The pair was to be decided before this file already, or has been.
fn settled(roster: &Roster, a: ActorNo, b: ActorNo) -> bool {
    let both = roster.get(a).zip(roster.get(b));
    roster.kept_apart(a, b) || both.is_some_and(|(a, b)| a.profile.suspicion(&b.profile).is_some())
}
