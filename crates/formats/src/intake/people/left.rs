//! Rows about members who left the network or were taken out of it: a sheet that was kept brings nobody back and makes
//! nobody a second time. They are listed for a person to decide on, who lets them in again by hand.

use std::collections::HashMap;

use super::{Left, OrganizationEntry, People, PersonEntry, profile};
use crate::intake::organizations::OrganizationName;
use crate::intake::plan::{Rejected, Source};
use crate::intake::profile::{Profile, SAME_NAME};
use crate::intake::roster::Roster;

/// The reason of a row that is set aside.
pub const LEFT_BEFORE: &str = "left_before";

/// Rows that stay; an organization that is no longer there is taken out of those that name it.
pub(super) fn set_aside(
    (persons, bodies): (Vec<PersonEntry>, Vec<OrganizationEntry>),
    (roster, left): (&Roster, &Roster),
    sheets: &HashMap<u16, String>,
    people: &mut People,
) -> (Vec<PersonEntry>, Vec<OrganizationEntry>) {
    if left.is_empty() {
        return (persons, bodies);
    }
    let profiles: Vec<Profile> = persons
        .iter()
        .map(|entry| {
            let mut profile = profile(entry);
            profile.sheets.extend(sheets.get(&entry.source.sheet).cloned());
            profile
        })
        .collect();
    let suspects = left.suspects(&profiles.iter().collect::<Vec<_>>());
    let mut staying = Vec::new();
    for ((mut entry, profile), suspects) in persons.into_iter().zip(&profiles).zip(suspects) {
        let namesake = suspects.iter().any(|(_, reason)| *reason == SAME_NAME);
        if is_one_who_left(profile, namesake, roster, left) {
            people.reject_left(entry.name.full(), entry.source);
            continue;
        }
        let source = entry.source;
        entry.organizations.retain(|(name, _)| still_there(name, (roster, left), source, people));
        staying.push(entry);
    }
    let mut bodies_staying = Vec::new();
    for mut body in bodies {
        let source = body.source;
        if let Some(first) = body.organizations.first().filter(|first| has_left(first, roster, left)) {
            people.reject_left(first.text.clone(), source);
            continue;
        }
        body.organizations.retain(|name| still_there(name, (roster, left), source, people));
        bodies_staying.push(body);
    }
    (staying, bodies_staying)
}

/// Whoever is certainly a member now is no one else. Of two who bear one name, the one there and the one who left, a
/// bare row could be either, and waits too.
fn is_one_who_left(profile: &Profile, namesake: bool, roster: &Roster, left: &Roster) -> bool {
    if !roster.certainly(profile).is_empty() {
        return false;
    }
    if !left.certainly(profile).is_empty() || !left.came_again(profile).is_empty() {
        return true;
    }
    namesake && roster.came_again(profile).is_empty()
}

fn has_left(name: &OrganizationName, roster: &Roster, left: &Roster) -> bool {
    roster.organization(&name.key).is_none() && left.organization(&name.key).is_some()
}

fn still_there(
    name: &OrganizationName,
    (roster, left): (&Roster, &Roster),
    source: Source,
    people: &mut People,
) -> bool {
    let gone = has_left(name, roster, left);
    if gone {
        people.left.push(Left { name: name.text.clone(), source });
    }
    !gone
}

impl People {
    fn reject_left(&mut self, name: String, source: Source) {
        self.rejected.push(Rejected { source, reason: LEFT_BEFORE });
        self.left.push(Left { name, source });
    }
}
