//! From rows or cards to persons, groups, organizations, memberships, offers and needs (rules 5 to 7): which rows
//! speak of one person, who is known already, and what a person must decide.

mod bodies;
mod describe;
mod file;
mod left;
mod numbers;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use thai::dates::Reading;
use thai::names::{PersonName, short_key};

use super::cells::Answer;
use super::organizations::OrganizationName;
use super::plan::{
    ActorNo, Consent, PlannedActor, PlannedIntent, PlannedMembership, Rejected, SamePair, Source,
};
use super::profile::{Profile, place_key};
use super::roster::{self, Roster};
use super::sets::Sets;
use bodies::FileOrganizations;
use file::{File, count, note_certain};
use numbers::Numbers;

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
    /// Lines this program does not know.
    pub lines: Vec<String>,
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

/// A member who left, or was taken out, and stands in a file again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// As the file writes it.
    pub name: String,
    /// Where it stands.
    pub source: Source,
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
    /// Members who left the network or were taken out of it, of whom the file speaks again.
    pub left: Vec<Left>,
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

/// The members of a plan by their numbers.
pub type Numbered<'a> = HashMap<ActorNo, &'a PlannedActor>;

impl People {
    /// Its members by their numbers, for whoever asks for many.
    #[must_use]
    pub fn numbered(&self) -> Numbered<'_> {
        self.actors.iter().map(|actor| (actor.no, actor)).collect()
    }

    /// Those of whom a no is on record and of whom the file says yes: a sheet of before is no new answer, so their
    /// consent stays as it is until a person asks them.
    pub fn yes_after_no(&self) -> impl Iterator<Item = &PlannedActor> {
        self.actors.iter().filter(|actor| actor.said_no && actor.consent == Consent::Given)
    }
}

/// Makes people of the rows and cards of one file, and adds them to the roster. `left`: who was a member before.
pub fn take_in(
    entries: Vec<PersonEntry>,
    bodies: Vec<OrganizationEntry>,
    (roster, left): (&mut Roster, &Roster),
    suggested: Suggested,
    sheets: &HashMap<u16, String>,
) -> People {
    let mut people = People::default();
    let entries = accepted(entries, roster, &mut people);
    let (entries, bodies) = left::set_aside((entries, bodies), (roster, left), sheets, &mut people);
    people.unclear =
        entries.iter().filter(|entry| entry.consent != Answer::Yes).map(|entry| entry.source).collect();
    let named_in = |entry: &PersonEntry| {
        let mut profile = profile(entry);
        profile.sheets.extend(sheets.get(&entry.source.sheet).cloned());
        profile
    };
    let profiles: Vec<Profile> = entries.iter().map(named_in).collect();
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
    profile.places.extend(place_key(&entry.reach.district, &entry.reach.subdistrict));
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
