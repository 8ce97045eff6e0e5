use network::vocabulary::{
    ActorKind, ActorState, Consent, MembershipState, OrgType, Role, SizeBand, Visibility,
};
use store::ids::{ActorId, ConsentId, MembershipId};
use store::journal::{Act, Entry};
use store::{Error, Value, Writing, audience, params};
use thai::places::PlaceCode;

use super::queries::{self, writing};
use crate::{places, search};

/// What is said of a member: by themselves, by who acts for them, or by a coordinator for people without internet.
#[derive(Debug, Clone)]
pub struct Sketch {
    pub kind: ActorKind,
    pub name: String,
    pub nickname: String,
    pub bio: String,
    pub profession: String,
    pub position: String,
    pub org_type: Option<OrgType>,
    pub size_band: Option<SizeBand>,
    pub languages: String,
    pub province: Option<String>,
    pub district: Option<String>,
    pub subdistrict: Option<String>,
    pub capacity_a_month: i64,
    pub contact_hours: String,
    pub context_limits: String,
    pub context_avoid: String,
    pub context_matters: String,
    pub visibility: Visibility,
    pub may_be_suggested: bool,
    /// kind of contact point, value as stored, value as shown, who may see it
    pub contact_points: Vec<(&'static str, String, String, Visibility)>,
    /// category code, wants to learn it (else: can do it)
    pub capabilities: Vec<(String, bool)>,
}

impl Sketch {
    /// A member of whom only the name is known.
    #[must_use]
    pub fn named(kind: ActorKind, name: &str) -> Self {
        Self {
            kind,
            name: name.to_owned(),
            nickname: String::new(),
            bio: String::new(),
            profession: String::new(),
            position: String::new(),
            org_type: None,
            size_band: None,
            languages: "th".to_owned(),
            province: None,
            district: None,
            subdistrict: None,
            capacity_a_month: 4,
            contact_hours: String::new(),
            context_limits: String::new(),
            context_avoid: String::new(),
            context_matters: String::new(),
            visibility: Visibility::Network,
            may_be_suggested: true,
            contact_points: Vec::new(),
            capabilities: Vec::new(),
        }
    }

    /// The nickname is what people call each other by; sorting goes by it where there is one.
    fn called(&self) -> &str {
        if self.nickname.is_empty() { &self.name } else { &self.nickname }
    }

    /// The place the three codes name.
    #[must_use]
    pub fn place(&self) -> Option<PlaceCode> {
        let codes = [&self.province, &self.district, &self.subdistrict].map(Option::as_deref);
        let [province, district, subdistrict] = codes;
        places::narrowest(province, district, subdistrict)
    }

    fn cells(&self, id: ActorId) -> Vec<(&'static str, Value)> {
        let key = if self.kind == ActorKind::Person {
            thai::names::PersonName::parse(&self.name).key().as_str().to_owned()
        } else {
            thai::names::short_key(&self.name)
        };
        let [kind, name, nickname, name_key, sort_key] =
            [self.kind.word(), &self.name, &self.nickname, &key, &thai::sorting::sort_key(self.called())]
                .map(|text| Value::Text(text.to_owned()));
        let p = params![
            self.bio,
            self.profession,
            self.position,
            self.org_type.map(OrgType::word),
            self.size_band.map(SizeBand::word),
            self.languages,
            self.province,
            self.district,
            self.subdistrict,
            self.capacity_a_month,
            self.contact_hours,
            self.context_limits,
            self.context_avoid,
            self.context_matters,
            self.visibility.word(),
            self.may_be_suggested
        ]
        .to_vec();
        let columns = [
            "bio",
            "profession",
            "position",
            "org_type",
            "size_band",
            "languages",
            "province_code",
            "district_code",
            "subdistrict_code",
            "capacity_a_month",
            "contact_hours",
            "context_limits",
            "context_avoid",
            "context_matters",
            "visibility",
            "may_be_suggested",
        ];
        let mut cells = vec![
            ("kind", kind),
            ("name", name),
            ("nickname", nickname),
            ("name_key", name_key),
            ("sort_key", sort_key),
        ];
        cells.extend(columns.into_iter().zip(p));
        cells.extend(places::shown_cells(id, self.place()));
        cells
    }
}

/// Enters a member. A person's consent is pending until it is recorded; groups, organizations and networks are shown
/// at once, because they are no persons.
///
/// # Errors
/// The database's own.
pub fn enter(w: &mut Writing<'_>, sketch: &Sketch) -> Result<ActorId, Error> {
    let id = ActorId(w.new_id());
    let now = w.now();
    let consent = if sketch.kind == ActorKind::Person { Consent::Pending } else { Consent::Given };
    let mut cells = vec![("id", Value::Int(id.0))];
    cells.extend(sketch.cells(id));
    let by = w.viewer().person();
    let rest = [
        ("state", Value::Text(ActorState::Unclaimed.word().to_owned())),
        ("consent", Value::Text(consent.word().to_owned())),
        ("verification", Value::Text("none".to_owned())),
        ("lang", Value::Text("th".to_owned())),
        ("created_at", Value::Int(now.0)),
        ("created_by", by.map_or(Value::Null, |by| Value::Int(by.0))),
        ("updated_at", Value::Int(now.0)),
        ("version", Value::Int(1)),
    ];
    cells.extend(rest);
    w.insert("actor", &cells)?;
    write_lists(w, id, sketch)?;
    refresh(w, id)?;
    Ok(id)
}

/// Changes what is said of a member. The caller has checked the right and journals it ([`Sketch::changed`]). What the
/// one who acts may not see of it stays: a way to reach them that is open to fewer.
///
/// # Errors
/// [`Error::Changed`] when somebody else changed it since `version` was read.
pub fn change(w: &mut Writing<'_>, id: ActorId, version: i64, sketch: &Sketch) -> Result<(), Error> {
    if !writing::update_actor(w, id, version, sketch.cells(id))? {
        return Err(Error::Changed);
    }
    let points: Vec<(&str, &str)> =
        sketch.contact_points.iter().map(|(kind, value, ..)| (*kind, value.as_str())).collect();
    writing::drop_contact_points_but(w, id, &points)?;
    writing::drop_capabilities_but(w, id, &sketch.capabilities)?;
    write_lists(w, id, sketch)?;
    refresh(w, id)
}

fn write_lists(w: &mut Writing<'_>, id: ActorId, sketch: &Sketch) -> Result<(), Error> {
    for (kind, value, shown, visibility) in &sketch.contact_points {
        writing::add_contact_point(w, id, kind, value, shown, *visibility)?;
    }
    for (category, learn) in &sketch.capabilities {
        writing::add_capability(w, id, category, learn)?;
    }
    Ok(())
}

/// Makes one member part of a network, group or organization, with a role; a second time changes the role.
///
/// # Errors
/// The database's own.
pub fn join(
    w: &mut Writing<'_>,
    whole: ActorId,
    part: ActorId,
    role: Role,
    title: &str,
    state: MembershipState,
) -> Result<MembershipId, Error> {
    let id = writing::put_membership(w, whole, part, role, title, state)?;
    hold_keys(w, whole, part, role, state)?;
    refresh(w, part)?;
    Ok(id)
}

fn hold_keys(
    w: &mut Writing<'_>,
    whole: ActorId,
    part: ActorId,
    role: Role,
    state: MembershipState,
) -> Result<(), Error> {
    if state == MembershipState::Member {
        audience::give_key(w, part, audience::members(whole))?;
    } else {
        audience::take_key(w, part, audience::members(whole))?;
    }
    if state == MembershipState::Member && role == Role::Coordinator {
        audience::give_key(w, part, audience::coordinators(whole))
    } else {
        audience::take_key(w, part, audience::coordinators(whole))
    }
}

/// Ends a membership; what the member gave others stays with them.
///
/// # Errors
/// [`Error::NotFound`] when there is no such membership.
pub fn leave(
    w: &mut Writing<'_>,
    whole: ActorId,
    part: ActorId,
    state: MembershipState,
) -> Result<(), Error> {
    writing::end_membership(w, whole, part, state)?;
    hold_keys(w, whole, part, Role::Member, state)?;
    refresh(w, part)
}

/// Puts a consent on record: for what, how it was given, by whom it was written down.
///
/// # Errors
/// The database's own.
pub fn record_consent(
    w: &mut Writing<'_>,
    actor: ActorId,
    state: Consent,
    manner: &str,
    wording: &str,
) -> Result<ConsentId, Error> {
    let id = writing::put_consent(w, actor, state, manner, wording)?;
    w.record(&Entry::new(Act::Consent, "members.consent", actor.0).for_member(actor).fields(&["consent"]))?;
    refresh(w, actor)?;
    Ok(id)
}

/// Who may see a member, and by which words the member is found, after anything about it changed.
///
/// # Errors
/// The database's own.
pub fn refresh(w: &mut Writing<'_>, id: ActorId) -> Result<(), Error> {
    let member = queries::seen_by(w, id)?;
    audience::set(w, id.0, &member.keys(id))?;
    writing::clear_contact_point_audience(w, id)?;
    for (point, visibility) in queries::contact_point_visibilities(w, id)? {
        let mut keys = member.keys_for(id, visibility);
        // a way to reach somebody is never wider open than the somebody
        let own = member.keys(id);
        keys.retain(|key| own.contains(key) || *key == audience::tied(id) || *key == audience::own(id));
        audience::set(w, point, &keys)?;
    }
    search::touch(w, id)?;
    if member.gone || member.erased {
        return search::forget(w, id.0);
    }
    let text = queries::words(w, id)?;
    let facets = queries::facets(w, id)?;
    let network = member.wholes.first().copied();
    search::note(
        w,
        &search::Noted {
            object: id.0,
            kind: &member.kind,
            network,
            actor: id,
            title: &text.0,
            text: &text.1,
            facets: &facets,
        },
    )
}
