//! What rows and cards say about one member, put together.

use super::bodies::FileOrganization;
use super::{CardExtras, PersonEntry, Reach};
use crate::intake::cells::Answer;
use crate::intake::known::ActorKind;
use crate::intake::plan::{ActorNo, Consent, PlannedActor};
use crate::intake::roster::Roster;

pub(super) fn blank(no: ActorNo, kind: ActorKind, roster: &Roster) -> PlannedActor {
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
        said_no: known.is_some_and(|actor| actor.said_no),
        submitted: None,
        birthday: None,
        photo: None,
        card_uid: None,
        card_lines: Vec::new(),
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

pub(super) fn describe_person(actor: &mut PlannedActor, entry: &PersonEntry) {
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

pub(super) fn describe_organization(actor: &mut PlannedActor, organization: &FileOrganization) {
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

pub(super) fn describe_reach(actor: &mut PlannedActor, reach: &Reach) {
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

pub(super) fn describe_extras(actor: &mut PlannedActor, extras: &CardExtras) {
    for note in &extras.notes {
        add(&mut actor.notes, note);
    }
    for line in &extras.lines {
        add(&mut actor.card_lines, line);
    }
    actor.birthday = actor.birthday.or(extras.birthday);
    actor.photo = actor.photo.take().or_else(|| extras.photo.clone());
    actor.card_uid = actor.card_uid.take().or_else(|| extras.uid.clone());
}
