mod forms;

use askama::Template;
use axum::extract::{Path, Query, State};
use matching::Taxonomy;
use network::rights::Action;
use network::vocabulary::{ActorKind, Consent, MembershipState, OrgType, Role, SizeBand, Visibility};
use serde::Deserialize;
use store::Reading;
use store::ids::ActorId;
use store::journal::{Act, Entry};
use web::paging::{Cursor, ROWS, Rows};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::queries::{self, Card, Filter, Profile};
use super::{Sketch, change, enter, join, languages, record_consent};
use crate::{App, Texts, allowed};

/// A part of the member's page that belongs to another feature: reads what it needs and renders itself, or nothing.
pub type Panel = fn(&Reading<'_>, &Asker, ActorId) -> Result<String, Problem>;

/// What `/members?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    kind: String,
    can: String,
    province: String,
    pending: String,
    after: String,
}

#[derive(Template)]
#[template(path = "members/directory.html")]
struct Directory<'a> {
    t: Texts,
    lang: Lang,
    cards: &'a [Card],
    next: Option<String>,
    wanted: &'a Wanted,
    kinds: Vec<(&'static str, &'static str)>,
    categories: Vec<(&'static str, &'static str)>,
    coordinates: bool,
}

/// `GET /members`
pub async fn directory(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let filter = Filter {
        whole: Some(network),
        kind: some(&wanted.kind),
        province: some(&wanted.province),
        can: some(&wanted.can),
        pending: !wanted.pending.is_empty(),
    };
    let after = Cursor::decode(&wanted.after);
    let rows: Rows<Card> = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::list(r, &filter, &after, ROWS)?))
        .await?;
    let t = Texts(asker.lang);
    let next = rows.next.as_ref().map(|cursor| {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("kind", &wanted.kind),
                ("can", &wanted.can),
                ("province", &wanted.province),
                ("pending", &wanted.pending),
                ("after", &cursor.encode()),
            ])
            .finish()
    });
    Page::new(&asker, t.members_title()).at(Place::Members).with(&Directory {
        t,
        lang: asker.lang,
        cards: &rows.rows,
        next,
        wanted: &wanted,
        kinds: kinds(t),
        categories: categories(asker.lang),
        coordinates: asker.coordinates(),
    })
}

fn kinds(t: Texts) -> Vec<(&'static str, &'static str)> {
    [ActorKind::Person, ActorKind::Group, ActorKind::Organization]
        .map(|kind| (kind.word(), kind_label(t, kind.word())))
        .to_vec()
}

/// The word for a kind of member on screen.
fn kind_label(t: Texts, kind: &str) -> &'static str {
    match kind {
        "group" => t.members_kind_group(),
        "organization" => t.members_kind_organization(),
        "network" => t.members_kind_network(),
        _ => t.members_kind_person(),
    }
}

/// The word for a role on screen.
#[must_use]
pub fn role_label(t: Texts, role: &str) -> &'static str {
    match Role::from_word(role) {
        Some(Role::Coordinator) => t.members_role_coordinator(),
        Some(Role::Supporter) => t.members_role_supporter(),
        Some(Role::Observer) => t.members_role_observer(),
        Some(Role::Steward) => t.members_role_steward(),
        Some(Role::Member) | None => t.members_role_member(),
    }
}

fn categories(lang: Lang) -> Vec<(&'static str, &'static str)> {
    Taxonomy::built_in()
        .categories()
        .iter()
        .map(|category| (category.code.as_str(), category.label(lang)))
        .collect()
}

fn category_label(lang: Lang, code: &str) -> &'static str {
    let taxonomy = Taxonomy::built_in();
    taxonomy.find(code).map_or("", |id| taxonomy.label(id, lang))
}

impl Card {
    /// Nickname first, because that is what people use.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.nickname.is_empty() { &self.name } else { &self.nickname }
    }

    /// The full name where the nickname stands first.
    #[must_use]
    pub fn full(&self) -> Option<&str> {
        (!self.nickname.is_empty()).then_some(self.name.as_str())
    }

    /// Profession and position in one line.
    #[must_use]
    pub fn work(&self) -> String {
        // a position that names the profession says it all
        let profession = if self.position.contains(&self.profession) { "" } else { self.profession.as_str() };
        [self.position.as_str(), profession]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }
}

#[derive(Template)]
#[template(path = "members/page.html")]
struct MemberPage<'a> {
    t: Texts,
    lang: Lang,
    p: &'a Profile,
    may_change: bool,
    own: bool,
    /// The viewer and this member have a living tie.
    tied: bool,
    /// Whether the viewer's role lets them propose ties and log contacts.
    weaves: bool,
    panels: &'a [String],
}

impl MemberPage<'_> {
    /// What kind of group or organization it is, where that was said.
    fn org_type(&self) -> Option<&'static str> {
        let org_type = OrgType::from_word(self.p.org_type.as_deref()?)?;
        Some(org_type_label(self.t, org_type))
    }
}

/// `GET /members/{id}`
pub async fn page(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let panels = app.panels;
    let asked = asker.clone();
    let (me, network) = (asker.actor(), asker.network());
    let (profile, may_change, (tied, weaves), panels) = app
        .house
        .read(&asker.viewer, move |r| {
            let profile = queries::find(r, id)?;
            let may_change = queries::may_change(r, id)?;
            let tied = me.map_or(Ok(false), |me| queries::tied(r, me, id))?;
            let weaves = network.is_some_and(|network| allowed(r, network, Action::Weave).is_ok());
            let panels = panels.iter().map(|panel| panel(r, &asked, id)).collect::<Result<Vec<_>, _>>()?;
            Ok::<_, Problem>((profile, may_change, (tied, weaves), panels))
        })
        .await?;
    let t = Texts(asker.lang);
    let own = asker.actor() == Some(id);
    Page::new(&asker, profile.card.called()).at(Place::Members).with(&MemberPage {
        t,
        lang: asker.lang,
        p: &profile,
        may_change,
        own,
        tied,
        weaves,
        panels: &panels,
    })
}

#[derive(Template)]
#[template(path = "members/form.html")]
struct MemberForm<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    action: String,
    new: bool,
    kinds: Vec<(&'static str, &'static str)>,
    sizes: Vec<(&'static str, &'static str)>,
    visibilities: Vec<(&'static str, &'static str)>,
    org_types: Vec<(&'static str, &'static str)>,
    languages: Vec<(&'static str, &'static str)>,
    provinces: Vec<(String, String)>,
    /// Inside the province and the district chosen; empty where none is.
    districts: Vec<(String, String)>,
    subdistricts: Vec<(String, String)>,
    /// Whether what is not asked of everybody stands open.
    unfolded: bool,
    categories: Vec<(&'static str, &'static str)>,
    title: String,
}

impl MemberForm<'_> {
    /// A person has no size and is no kind of organization; on a form for somebody new anything may still be chosen.
    fn may_be_many(&self) -> bool {
        self.new || self.form.value("kind") != ActorKind::Person.word()
    }
}

/// The places inside a place, under the choice of none; empty where there are none.
fn places_inside(t: Texts, lang: Lang, code: &str) -> Vec<(String, String)> {
    let mut inside = crate::places::inside(lang, code);
    if !inside.is_empty() {
        inside.insert(0, (String::new(), t.members_form_province_any().to_owned()));
    }
    inside
}

/// The form again with the places inside those chosen; nothing is written.
fn show_places(asker: &Asker, mut form: Form, edited: Option<ActorId>) -> Answer {
    forms::tidy_places(&mut form);
    show_form(asker, &form, edited)
}

fn asks_for_places(form: &Form) -> bool {
    form.value("do") == "places"
}

fn show_form(asker: &Asker, form: &Form, edited: Option<ActorId>) -> Answer {
    let t = Texts(asker.lang);
    let title = if edited.is_some() { t.members_edit() } else { t.members_new() };
    let mut sizes = vec![("", t.members_form_size_any())];
    sizes.extend(SizeBand::ALL.iter().map(|band| (band.word(), band.word())));
    let visibilities = [Visibility::Network, Visibility::Tie, Visibility::Public, Visibility::Private]
        .map(|v| (v.word(), visibility_label(t, v)))
        .to_vec();
    let mut provinces = vec![(String::new(), t.members_form_province_any().to_owned())];
    provinces.extend(crate::places::provinces(asker.lang));
    let mut org_types = vec![("", t.members_form_size_any())];
    org_types.extend(OrgType::ALL.iter().map(|kind| (kind.word(), org_type_label(t, *kind))));
    Page::new(asker, title).at(Place::Members).with(&MemberForm {
        t,
        w: asker.texts(),
        form,
        action: edited.map_or_else(|| "/members/new".to_owned(), |id| format!("/members/{id}/edit")),
        new: edited.is_none(),
        kinds: kinds(t),
        sizes,
        visibilities,
        org_types,
        languages: languages::offered(asker.lang),
        provinces,
        districts: places_inside(t, asker.lang, form.value("province")),
        subdistricts: places_inside(t, asker.lang, form.value("district")),
        unfolded: edited.is_some() || form.has_problems() || asks_for_places(form),
        categories: categories(asker.lang),
        title: title.to_owned(),
    })
}

fn org_type_label(t: Texts, org_type: OrgType) -> &'static str {
    match org_type {
        OrgType::CivilSociety => t.members_org_civil_society(),
        OrgType::Company => t.members_org_company(),
        OrgType::PublicAgency => t.members_org_public_agency(),
        OrgType::School => t.members_org_school(),
        OrgType::Temple => t.members_org_temple(),
        OrgType::Clinic => t.members_org_clinic(),
        OrgType::FarmerGroup => t.members_org_farmer_group(),
        OrgType::Informal => t.members_org_informal(),
        OrgType::Other => t.members_org_other(),
    }
}

fn visibility_label(t: Texts, visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Private => t.members_visibility_private(),
        Visibility::Tie => t.members_visibility_tie(),
        Visibility::Group => t.members_visibility_group(),
        Visibility::Network => t.members_visibility_network(),
        Visibility::Public => t.members_visibility_public(),
    }
}

/// `GET /members/new`: a coordinator enters somebody, perhaps somebody without internet.
pub async fn new_form(asker: Asker) -> Answer {
    asker.coordinator()?;
    let mut fields = Fields::default();
    for (name, value) in [
        ("kind", "person"),
        ("visibility", "network"),
        ("suggest", "1"),
        ("capacity", "4"),
        ("language", "th"),
    ] {
        fields.set(name, value);
    }
    show_form(&asker, &Form::new(asker.texts(), fields), None)
}

/// `POST /members/new`
pub async fn new_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, network) = asker.coordinator()?;
    let mut form = Form::new(asker.texts(), fields);
    if asks_for_places(&form) {
        return show_places(&asker, form, None);
    }
    let sketch = forms::read_new(&mut form, Texts(asker.lang));
    if form.has_problems() {
        return show_form(&asker, &form, None);
    }
    let consents = form.fields.ticked("consent") && sketch.kind == ActorKind::Person;
    let id = crate::once(&app.house, &asker, &form, move |w| {
        let id = enter(w, &sketch)?;
        join(w, network, id, Role::Member, "", MembershipState::Member)?;
        if consents {
            record_consent(w, id, Consent::Given, "told_coordinator", "")?;
        }
        w.record(
            &Entry::new(Act::Administer, "members.enter", id.0)
                .for_member(id)
                .in_network(network)
                .fields(&["actor"]),
        )?;
        Ok::<_, Problem>(id.to_string())
    })
    .await?;
    Ok(see_other(&format!("/members/{id}")))
}

/// `GET /members/{id}/edit`
pub async fn change_form(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let profile = app
        .house
        .read(&asker.viewer, move |r| {
            if !queries::may_change(r, id)? {
                return Err(Problem::forbidden());
            }
            Ok(queries::find(r, id)?)
        })
        .await?;
    show_form(&asker, &Form::new(asker.texts(), forms::filled(&profile)), Some(id))
}

/// `POST /members/{id}/edit`
pub async fn change_submit(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let (asked, t) = (Form::new(asker.texts(), fields), Texts(asker.lang));
    let version = asked.value("version").parse().unwrap_or(0);
    let read = app
        .house
        .write(&asker.acting(), move |w| {
            if !queries::may_change(w, id)? {
                return Err(Problem::forbidden());
            }
            let mut form = asked.clone();
            if asks_for_places(&form) {
                return Ok(w.finished(Some(form))?);
            }
            let before = Sketch::of(&queries::find(w, id)?);
            let sketch = forms::read(&mut form, t, before.clone());
            if form.has_problems() {
                return Ok(w.finished(Some(form))?);
            }
            let Some(entry) = sketch.changed(id, &before) else { return Ok(w.finished(None)?) };
            change(w, id, version, &sketch)?;
            Ok(w.done(&entry, None)?)
        })
        .await?;
    match read {
        Some(form) if asks_for_places(&form) => show_places(&asker, form, Some(id)),
        Some(form) => show_form(&asker, &form, Some(id)),
        None => Ok(see_other(&format!("/members/{id}"))),
    }
}
