//! The form of a member: filled in from what is there, and read over it, so that what it does not show stays.

use matching::Taxonomy;
use network::vocabulary::{ActorKind, ContactPointKind, OrgType, SizeBand, Visibility};
use thai::places::PlaceCode;
use web::{Fields, Form};

use super::super::{Sketch, languages};
use super::Profile;
use crate::{Texts, places};

/// A form filled in with what is said of a member now.
pub fn filled(p: &Profile) -> Fields {
    let mut fields = Fields::default();
    let pairs = [
        ("kind", p.card.kind.as_str()),
        ("name", &p.card.name),
        ("nickname", &p.card.nickname),
        ("profession", &p.card.profession),
        ("position", &p.card.position),
        ("bio", &p.bio),
        ("size", p.size_band.as_deref().unwrap_or_default()),
        ("org_type", p.org_type.as_deref().unwrap_or_default()),
        ("province", p.card.province.as_deref().unwrap_or_default()),
        ("district", p.card.district.as_deref().unwrap_or_default()),
        ("subdistrict", p.subdistrict.as_deref().unwrap_or_default()),
        ("hours", &p.contact_hours),
        ("limits", &p.context_limits),
        ("avoid", &p.context_avoid),
        ("matters", &p.context_matters),
        ("visibility", &p.visibility),
        ("suggest", if p.may_be_suggested { "1" } else { "" }),
    ];
    for (name, value) in pairs {
        fields.set(name, value);
    }
    for code in p.languages.split_whitespace() {
        fields.add("language", code);
    }
    fields.set("capacity", p.capacity_a_month.to_string());
    fields.set("version", p.version.to_string());
    // the first of each kind, the one that an editing replaces
    for point in p.contact_points.iter().rev() {
        fields.set(&point.kind, point.shown.as_str());
    }
    for (category, learn) in &p.capabilities {
        fields.add(if *learn { "learn" } else { "can" }, category.as_str());
    }
    fields
}

/// Reads the form of a member who is entered; complaints stand at their fields.
pub fn read_new(form: &mut Form, t: Texts) -> Sketch {
    let kind = ActorKind::from_word(form.value("kind"))
        .filter(|kind| !matches!(kind, ActorKind::Network | ActorKind::Service))
        .unwrap_or(ActorKind::Person);
    read(form, t, Sketch::named(kind, ""))
}

/// Reads the form over what is there; complaints stand at their fields.
pub fn read(form: &mut Form, t: Texts, mut sketch: Sketch) -> Sketch {
    sketch.name = form.required("name", 200);
    sketch.nickname = form.optional("nickname", 80);
    sketch.profession = form.optional("profession", 120);
    sketch.position = form.optional("position", 120);
    sketch.bio = form.optional("bio", 2000);
    sketch.contact_hours = form.optional("hours", 200);
    sketch.context_limits = form.optional("limits", 500);
    sketch.context_avoid = form.optional("avoid", 500);
    sketch.context_matters = form.optional("matters", 500);
    if sketch.kind != ActorKind::Person {
        sketch.size_band = SizeBand::from_word(form.value("size"));
        sketch.org_type = OrgType::from_word(form.value("org_type"));
    }
    if let Some(visibility) = Visibility::from_word(form.value("visibility")) {
        sketch.visibility = visibility;
    }
    sketch.may_be_suggested = form.fields.ticked("suggest");
    sketch.languages = languages::chosen(&sketch.languages, &form.fields.all("language"));
    read_place(form, t, &mut sketch);
    match thai::text::western_digits(form.value("capacity")).trim().parse::<i64>() {
        Ok(number) if (0..=99).contains(&number) => sketch.capacity_a_month = number,
        _ => form.complain("capacity", t.members_form_number()),
    }
    contact_points(form, t, &mut sketch);
    capabilities(form, &mut sketch);
    sketch
}

/// Reads the place over what is there. A form without the smaller places says nothing of them; one that names a place
/// outside the wider one is asked again, because the wider one was changed after it.
fn read_place(form: &mut Form, t: Texts, sketch: &mut Sketch) {
    let province = Some(form.value("province").to_owned()).filter(|code| places::is_province(code));
    if province != sketch.province {
        (sketch.district, sketch.subdistrict) = (None, None);
    }
    sketch.province = province;
    if !form.fields.has("district") {
        return;
    }
    // where the wider place was taken back, the smaller ones go with it
    let outer = sketch.province.as_deref().unwrap_or_default();
    let district = if outer.is_empty() { "" } else { form.value("district") }.to_owned();
    let subdistrict = if district.is_empty() { "" } else { form.value("subdistrict") }.to_owned();
    if !district.is_empty() && !lies_in(&district, outer) {
        return form.complain("district", t.members_form_district_problem());
    }
    if !subdistrict.is_empty() && !lies_in(&subdistrict, &district) {
        // a form whose sub-districts were those of another district shows them anew
        return form.complain("subdistrict", t.members_form_subdistrict_problem());
    }
    if form.fields.has("subdistrict") || sketch.district.as_ref() != Some(&district) {
        sketch.subdistrict = Some(subdistrict).filter(|code| !code.is_empty());
    }
    sketch.district = Some(district).filter(|code| !code.is_empty());
}

fn lies_in(code: &str, outer: &str) -> bool {
    let pair = (PlaceCode::parse(code), PlaceCode::parse(outer));
    matches!(pair, (Some(inner), Some(outer)) if inner.parent() == Some(outer))
}

/// Forgets the chosen places that do not lie in the wider one chosen now, before the form shows what lies in it.
pub fn tidy_places(form: &mut Form) {
    for (outer, inner) in [("province", "district"), ("district", "subdistrict")] {
        if !lies_in(form.value(inner), form.value(outer)) {
            form.fields.set(inner, "");
        }
    }
}

fn capabilities(form: &Form, sketch: &mut Sketch) {
    let taxonomy = Taxonomy::built_in();
    // what the form does not offer stays
    sketch.capabilities.retain(|(code, _)| taxonomy.find(code).is_none());
    for (name, learn) in [("can", false), ("learn", true)] {
        for code in form.fields.all(name) {
            if taxonomy.find(code).is_some() {
                sketch.capabilities.push((code.to_owned(), learn));
            }
        }
    }
}

fn contact_points(form: &mut Form, t: Texts, sketch: &mut Sketch) {
    let first = |sketch: &Sketch, kind: ContactPointKind| {
        sketch.contact_points.iter().find(|point| point.0 == kind.word()).map(|point| point.2.clone())
    };
    let phone = form.optional("phone", 60);
    if first(sketch, ContactPointKind::Phone).as_deref() != Some(phone.as_str()) {
        let number = thai::phones::Phone::parse(&phone);
        if number.is_none() && !phone.is_empty() {
            form.complain("phone", t.members_form_phone_problem());
        }
        let point = number.map(|number| (number.e164().to_owned(), number.grouped()));
        sketch.replace_point(ContactPointKind::Phone, point);
    }
    let line = form.optional("line", 60);
    let point = (!line.is_empty()).then(|| (line.to_lowercase(), line));
    sketch.replace_point(ContactPointKind::Line, point);
    let email = form.optional("email", 200).to_lowercase();
    if !email.is_empty() && !is_complete(&email) {
        form.complain("email", t.members_form_email_problem());
    }
    sketch.replace_point(ContactPointKind::Email, (!email.is_empty()).then(|| (email.clone(), email)));
}

/// Whether this may be an address for letters.
fn is_complete(email: &str) -> bool {
    let parts = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    parts && !email.contains(char::is_whitespace)
}
