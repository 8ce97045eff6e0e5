//! What a person is compared by, and what a comparison says (rule 5).

use std::collections::BTreeSet;

use thai::names::{NameKey, PersonName, short_key};
use thai::phones::{Line, Phone};

/// Why two persons may be one, in the order the reasons are tried.
pub const SAME_NAME: &str = "same_name_different_contact";
const SHARED_CONTACT: &str = "shared_contact";
const PARTIAL_NAME: &str = "partial_name";
const SIMILAR_NAME: &str = "similar_name";

/// What a person is compared by.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// The name's key.
    pub key: String,
    /// Keys of other names of the same person, such as an earlier family name.
    pub aliases: BTreeSet<String>,
    /// The first word's key.
    pub given: String,
    /// One word only.
    pub partial: bool,
    /// Telephone numbers (`+66…`), addresses (`e:…`) and LINE ids (`l:…`).
    pub contacts: BTreeSet<String>,
    /// Keys of the organizations it belongs to.
    pub organizations: BTreeSet<String>,
    /// District and sub-district, where both are known.
    pub places: BTreeSet<String>,
    /// Keys of nicknames.
    pub nicknames: BTreeSet<String>,
    /// Keys of the lists that name it.
    pub sheets: BTreeSet<String>,
}

impl Profile {
    /// Begins a profile with a name.
    #[must_use]
    pub fn named(name: &PersonName) -> Self {
        let NameParts { key, given } = NameParts::of(name);
        Self { key, given, partial: name.is_partial(), ..Self::default() }
    }

    /// True where a telephone number is known.
    #[must_use]
    pub fn has_phone(&self) -> bool {
        self.contacts.iter().any(|contact| contact.starts_with('+'))
    }

    /// Contacts by which two names may be one person: no landline, which an office shares.
    pub(super) fn personal(&self) -> impl Iterator<Item = &String> {
        self.contacts.iter().filter(|contact| is_personal(contact))
    }

    /// Adds what another profile of the same person knows.
    pub fn take_in(&mut self, other: &Self) {
        self.aliases.extend(
            std::iter::once(&other.key).chain(&other.aliases).filter(|key| **key != self.key).cloned(),
        );
        self.contacts.extend(other.contacts.iter().cloned());
        self.organizations.extend(other.organizations.iter().cloned());
        self.places.extend(other.places.iter().cloned());
        self.nicknames.extend(other.nicknames.iter().cloned());
        self.sheets.extend(other.sheets.iter().cloned());
    }

    fn shares_a_name(&self, other: &Self) -> bool {
        self.key == other.key
            || self.aliases.contains(&other.key)
            || other.aliases.contains(&self.key)
            || !self.aliases.is_disjoint(&other.aliases)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.key).chain(&self.aliases)
    }

    /// The same person for certain (rule 5).
    #[must_use]
    pub fn is_certainly(&self, other: &Self) -> bool {
        if !self.shares_a_name(other) {
            return false;
        }
        let both_have_phones = self.has_phone() && other.has_phone();
        let together = !self.organizations.is_disjoint(&other.organizations);
        !self.contacts.is_disjoint(&other.contacts) || (together && !both_have_phones)
    }

    /// True where nothing but a name, a nickname and a place is known.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.contacts.is_empty() && self.organizations.is_empty()
    }

    /// The bare row that a list named before, in the same list again: a list that is brought in every month names its
    /// people every month. Rule 5 is about rows of one file; this is about one row at two times.
    #[must_use]
    pub fn came_again(&self, known: &Self) -> bool {
        self.is_bare()
            && known.is_bare()
            && self.key == known.key
            && !self.sheets.is_disjoint(&known.sheets)
            && (self.nicknames.is_empty()
                || known.nicknames.is_empty()
                || !self.nicknames.is_disjoint(&known.nicknames))
            && (self.places.is_empty() || known.places.is_empty() || !self.places.is_disjoint(&known.places))
    }

    /// Why the two may be one person though it is not certain (rule 5); the first reason that applies.
    #[must_use]
    pub fn suspicion(&self, other: &Self) -> Option<&'static str> {
        if self.shares_a_name(other) {
            return Some(SAME_NAME);
        }
        if self.personal().any(|contact| other.contacts.contains(contact)) {
            return Some(SHARED_CONTACT);
        }
        let together = !self.organizations.is_disjoint(&other.organizations);
        let partial = (self.partial && !other.partial && self.key == other.given)
            || (other.partial && !self.partial && other.key == self.given);
        if together && partial {
            return Some(PARTIAL_NAME);
        }
        let near = together || !self.places.is_disjoint(&other.places);
        (near && !self.partial && !other.partial && thai::names::within(&self.key, &other.key, 2))
            .then_some(SIMILAR_NAME)
    }

    /// What brings alike names together: the same organization or the same sub-district.
    pub(super) fn surroundings(&self) -> impl Iterator<Item = String> {
        let organizations = self.organizations.iter().map(|key| format!("o{key}"));
        organizations.chain(self.places.iter().map(|place| format!("p{place}")))
    }
}

struct NameParts {
    key: String,
    given: String,
}

impl NameParts {
    fn of(name: &PersonName) -> Self {
        let key: NameKey = name.key();
        Self { key: key.as_str().to_owned(), given: short_key(&name.given) }
    }
}

fn is_personal(contact: &str) -> bool {
    if !contact.starts_with('+') {
        return true;
    }
    Phone::parse(contact).is_some_and(|phone| phone.line() == Line::Mobile)
}

/// The key of a district and sub-district, where both are there.
#[must_use]
pub fn place_key(district: &str, subdistrict: &str) -> Option<String> {
    (!district.is_empty() && !subdistrict.is_empty()).then(|| {
        format!("{district}/{subdistrict}")
            .chars()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect()
    })
}
