//! The groups and organizations of one file: spellings gathered by key, what may be the same.

use std::collections::{BTreeSet, HashMap};

use super::{OrganizationEntry, PersonEntry};
use crate::intake::known::ActorKind;
use crate::intake::near;
use crate::intake::organizations::{self, OrganizationName};
use crate::intake::plan::Source;
use crate::intake::sets::Sets;

/// An organization of the file.
pub(super) struct FileOrganization {
    pub(super) key: String,
    pub(super) keys: BTreeSet<String>,
    pub(super) spellings: Vec<(String, usize)>,
    pub(super) kind: ActorKind,
    pub(super) sources: Vec<Source>,
}

impl FileOrganization {
    /// The spelling most rows use; the first of equals.
    pub(super) fn name(&self) -> String {
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
pub(super) struct FileOrganizations {
    pub(super) list: Vec<FileOrganization>,
    by_key: HashMap<String, usize>,
}

impl FileOrganizations {
    pub(super) fn gather(entries: &[PersonEntry], bodies: &[OrganizationEntry]) -> Self {
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

    pub(super) fn at(&self, name: &OrganizationName) -> Option<usize> {
        self.by_key.get(&name.key).copied()
    }

    pub(super) fn suspicions(&self) -> Vec<(usize, usize, &'static str)> {
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

    pub(super) fn merge(&mut self, pairs: &[(usize, usize, &'static str)]) {
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
