use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use matching::Taxonomy;
use network::rights::Action;
use network::vocabulary::{
    ActorKind, ContactPointKind, MembershipState, OrgType, Role, SizeBand, Visibility,
};
use serde::{Deserialize, Serialize};
use store::ids::ActorId;
use store::journal::{Act, Entry};
use thai::places::{Level, PlaceCode};
use utoipa::{OpenApi, ToSchema};
use web::paging::{Cursor, Rows, parameter};
use web::{Asker, Problem};

use super::queries::{self, Card, Filter, Profile};
use super::{Sketch, change as change_member, enter, join, languages};
use crate::{App, allowed, places};

/// The description of these addresses.
#[derive(Debug, OpenApi)]
#[openapi(
    paths(list, show, create, change),
    components(schemas(MemberCard, Members, Member, ContactPointOf, NewMember)),
    tags((name = "members"))
)]
pub struct Api;

/// A member in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberCard {
    /// `mem_…`
    pub id: String,
    /// `person`, `group`, `organization` or `network`
    pub kind: String,
    pub name: String,
    pub nickname: String,
    pub profession: String,
    pub position: String,
    /// ISO 3166-2, such as `TH-50`.
    pub province: Option<String>,
    /// DOPA number.
    pub district: Option<String>,
    /// `given`, or `pending` for coordinators.
    pub consent: String,
}

impl From<Card> for MemberCard {
    fn from(card: Card) -> Self {
        Self {
            id: card.id.to_string(),
            kind: card.kind,
            name: card.name,
            nickname: card.nickname,
            profession: card.profession,
            position: card.position,
            province: card.province,
            district: card.district,
            consent: card.consent,
        }
    }
}

/// A page of the directory.
#[derive(Debug, Serialize, ToSchema)]
pub struct Members {
    pub members: Vec<MemberCard>,
    /// For `after`, when there are more.
    pub next: Option<String>,
}

/// A way to reach a member that you may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactPointOf {
    /// `phone`, `line`, `email`, `facebook` or `web`
    pub kind: String,
    pub value: String,
}

/// All of a member that you may see.
#[derive(Debug, Serialize, ToSchema)]
pub struct Member {
    #[serde(flatten)]
    pub card: MemberCard,
    pub bio: String,
    /// Category codes.
    pub can: Vec<String>,
    pub wants_to_learn: Vec<String>,
    pub contact_points: Vec<ContactPointOf>,
    pub contact_hours: String,
    pub capacity_a_month: i64,
    /// How many people a group or organization has: `1`, `2-9`, `10-49`, `50-249` or `250+`.
    pub size_band: Option<String>,
    /// What kind of group or organization it is, such as `school` or `farmer_group`.
    pub org_type: Option<String>,
    /// DOPA number.
    pub subdistrict: Option<String>,
    /// BCP 47 codes.
    pub languages: Vec<String>,
    /// What to know before the first contact: what limits them.
    pub context_limits: String,
    /// What to avoid.
    pub context_avoid: String,
    /// What matters to them.
    pub context_matters: String,
    /// Whether Saan may suggest them to others.
    pub may_be_suggested: bool,
    /// Send it back when changing; another change in between is refused.
    pub version: i64,
}

impl From<Profile> for Member {
    fn from(profile: Profile) -> Self {
        let codes = |learn: bool| {
            profile.capabilities.iter().filter(|(_, l)| *l == learn).map(|(code, _)| code.clone()).collect()
        };
        Self {
            can: codes(false),
            wants_to_learn: codes(true),
            bio: profile.bio,
            contact_points: profile
                .contact_points
                .into_iter()
                .map(|point| ContactPointOf { kind: point.kind, value: point.value })
                .collect(),
            contact_hours: profile.contact_hours,
            size_band: profile.size_band,
            org_type: profile.org_type,
            subdistrict: profile.subdistrict,
            languages: profile.languages.split_whitespace().map(str::to_owned).collect(),
            context_limits: profile.context_limits,
            context_avoid: profile.context_avoid,
            context_matters: profile.context_matters,
            may_be_suggested: profile.may_be_suggested,
            capacity_a_month: profile.capacity_a_month,
            version: profile.version,
            card: profile.card.into(),
        }
    }
}

/// What is said of a member.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct NewMember {
    /// `person`, `group` or `organization`; kept when changing.
    #[serde(default)]
    pub kind: String,
    /// At most 200 letters.
    pub name: String,
    #[serde(default)]
    pub nickname: String,
    #[serde(default)]
    pub profession: String,
    #[serde(default)]
    pub position: String,
    #[serde(default)]
    pub bio: String,
    /// ISO 3166-2, such as `TH-50`; what is sent of a place must lie in the wider place sent with it.
    #[serde(default)]
    pub province: Option<String>,
    /// DOPA number; says the province too.
    #[serde(default)]
    pub district: Option<String>,
    /// DOPA number; says district and province too.
    #[serde(default)]
    pub subdistrict: Option<String>,
    /// BCP 47 codes: `th`, `en`, `nod`, `tts`, `sou`, `kxm`, `lo`, `my`, `km`, `ms`, `zh`.
    #[serde(default)]
    pub languages: Option<Vec<String>>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    /// A LINE id.
    #[serde(default)]
    pub line: Option<String>,
    /// When they are best reached.
    #[serde(default)]
    pub contact_hours: Option<String>,
    /// How often a month they can help, 0 to 99.
    #[serde(default)]
    pub capacity_a_month: Option<i64>,
    /// `1`, `2-9`, `10-49`, `50-249` or `250+`
    #[serde(default)]
    pub size_band: Option<String>,
    /// `civil_society`, `company`, `public_agency`, `school`, `temple`, `clinic`, `farmer_group`, `informal` or
    /// `other`; not for a person.
    #[serde(default)]
    pub org_type: Option<String>,
    #[serde(default)]
    pub context_limits: Option<String>,
    #[serde(default)]
    pub context_avoid: Option<String>,
    #[serde(default)]
    pub context_matters: Option<String>,
    /// Whether Saan may suggest them to others.
    #[serde(default)]
    pub may_be_suggested: Option<bool>,
    /// Category codes.
    #[serde(default)]
    pub can: Vec<String>,
    #[serde(default)]
    pub wants_to_learn: Vec<String>,
    /// `network`, `tie`, `public` or `private`
    #[serde(default)]
    pub visibility: Option<String>,
    /// When changing: the version you read.
    #[serde(default)]
    pub version: Option<i64>,
}

/// What `?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    kind: String,
    can: String,
    province: String,
    after: String,
}

const ROWS: i64 = 50;

/// The members of your network, in the order of their names.
#[utoipa::path(get, path = "/api/v1/members", tag = "members", params(
    ("kind" = Option<String>, Query, description = "person, group or organization"),
    ("can" = Option<String>, Query, description = "a category code: who can do it, exactly"),
    ("province" = Option<String>, Query, description = "a province such as TH-50"),
    ("after" = Option<String>, Query, description = "next of the page before"),
), responses((status = 200, body = Members), (status = 401)))]
pub async fn list(
    asker: Asker,
    State(app): State<App>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Members>, Problem> {
    let (_, network) = asker.member_and_network()?;
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let filter = Filter {
        whole: Some(network),
        kind: parameter("kind", &wanted.kind, |word| {
            ActorKind::from_word(word).map(|kind| kind.word().to_owned())
        })?,
        province: some(wanted.province),
        can: some(wanted.can),
        pending: false,
    };
    let after = Cursor::read("after", &wanted.after)?;
    let rows: Rows<Card> = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::list(r, &filter, &after, ROWS)?))
        .await?;
    let next = rows.next.map(|cursor| cursor.encode());
    Ok(Json(Members { members: rows.rows.into_iter().map(MemberCard::from).collect(), next }))
}

/// One member.
#[utoipa::path(get, path = "/api/v1/members/{id}", tag = "members", params(("id" = String, Path)),
    responses((status = 200, body = Member), (status = 404)))]
pub async fn show(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
) -> Result<Json<Member>, Problem> {
    asker.member()?;
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let profile = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, id)?)).await?;
    Ok(Json(profile.into()))
}

fn text(field: &str, given: &str, most: usize) -> Result<String, Problem> {
    let text = thai::text::normalize(given).into_owned();
    if text.chars().count() > most { Err(Problem::invalid(field)) } else { Ok(text) }
}

fn sketch(new: &NewMember, kind: ActorKind) -> Result<Sketch, Problem> {
    let mut sketch = Sketch::named(kind, "");
    put(&mut sketch, new)?;
    Ok(sketch)
}

/// Puts what was sent over what is there.
fn put(sketch: &mut Sketch, new: &NewMember) -> Result<(), Problem> {
    sketch.name = text("name", &new.name, 200)?;
    if sketch.name.is_empty() {
        return Err(Problem::invalid("name"));
    }
    sketch.nickname = text("nickname", &new.nickname, 80)?;
    sketch.profession = text("profession", &new.profession, 120)?;
    sketch.position = text("position", &new.position, 120)?;
    sketch.bio = text("bio", &new.bio, 2000)?;
    put_place(sketch, new)?;
    if let Some(word) = &new.visibility {
        sketch.visibility = Visibility::from_word(word).ok_or_else(|| Problem::invalid("visibility"))?;
    }
    if let Some(typed) = &new.phone {
        let phone = thai::phones::Phone::parse(typed).ok_or_else(|| Problem::invalid("phone"))?;
        let point = (phone.e164().to_owned(), phone.grouped());
        sketch.replace_point(ContactPointKind::Phone, Some(point));
    }
    put_reach(sketch, new)?;
    let taxonomy = Taxonomy::built_in();
    sketch.capabilities.clear();
    for (field, codes, learn) in [("can", &new.can, false), ("wants_to_learn", &new.wants_to_learn, true)] {
        for code in codes {
            if taxonomy.find(code).is_none() {
                return Err(Problem::invalid(field));
            }
            sketch.capabilities.push((code.clone(), learn));
        }
    }
    Ok(())
}

/// The narrowest place that was sent; one that was held inside it stays.
fn put_place(sketch: &mut Sketch, new: &NewMember) -> Result<(), Problem> {
    let mut place: Option<PlaceCode> = None;
    for (field, sent, level) in [
        ("province", &new.province, Level::Province),
        ("district", &new.district, Level::District),
        ("subdistrict", &new.subdistrict, Level::Subdistrict),
    ] {
        let Some(sent) = sent else { continue };
        let code = if level == Level::Province { PlaceCode::from_iso(sent) } else { PlaceCode::parse(sent) };
        let code = code
            .filter(|code| code.level() == level && place.is_none_or(|wider| code.is_within(wider)))
            .ok_or_else(|| Problem::invalid(field))?;
        place = Some(code);
    }
    let Some(place) = place else { return Ok(()) };
    if sketch.place().is_none_or(|held| !held.is_within(place)) {
        [sketch.province, sketch.district, sketch.subdistrict] = places::codes(place);
    }
    Ok(())
}

/// The languages that were sent; one that the list does not have is taken where it is held already.
fn put_languages(sketch: &mut Sketch, new: &NewMember) -> Result<(), Problem> {
    let Some(codes) = &new.languages else { return Ok(()) };
    let held: Vec<&str> = sketch.languages.split_whitespace().collect();
    if !codes.iter().all(|code| languages::is_offered(code) || held.contains(&code.as_str())) {
        return Err(Problem::invalid("languages"));
    }
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    sketch.languages = languages::chosen(&sketch.languages, &codes);
    Ok(())
}

/// How and when somebody is reached, what they can take on, and what to know before; what was not sent stays.
fn put_reach(sketch: &mut Sketch, new: &NewMember) -> Result<(), Problem> {
    if let Some(typed) = &new.email {
        let email = text("email", typed, 200)?.to_lowercase();
        if !email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) {
            return Err(Problem::invalid("email"));
        }
        sketch.replace_point(ContactPointKind::Email, Some((email.clone(), email)));
    }
    if let Some(typed) = &new.line {
        let line = text("line", typed, 80)?;
        if line.is_empty() {
            return Err(Problem::invalid("line"));
        }
        sketch.replace_point(ContactPointKind::Line, Some((line.to_lowercase(), line)));
    }
    if let Some(number) = new.capacity_a_month {
        if !(0..=99).contains(&number) {
            return Err(Problem::invalid("capacity_a_month"));
        }
        sketch.capacity_a_month = number;
    }
    if let Some(word) = &new.size_band {
        sketch.size_band = Some(SizeBand::from_word(word).ok_or_else(|| Problem::invalid("size_band"))?);
    }
    if let Some(word) = &new.org_type {
        let org_type = OrgType::from_word(word).filter(|_| sketch.kind != ActorKind::Person);
        sketch.org_type = Some(org_type.ok_or_else(|| Problem::invalid("org_type"))?);
    }
    for (field, sent, most, kept) in [
        ("contact_hours", &new.contact_hours, 120, &mut sketch.contact_hours),
        ("context_limits", &new.context_limits, 500, &mut sketch.context_limits),
        ("context_avoid", &new.context_avoid, 500, &mut sketch.context_avoid),
        ("context_matters", &new.context_matters, 500, &mut sketch.context_matters),
    ] {
        if let Some(sent) = sent {
            *kept = text(field, sent, most)?;
        }
    }
    sketch.may_be_suggested = new.may_be_suggested.unwrap_or(sketch.may_be_suggested);
    Ok(())
}

/// Enters a member, as a coordinator: unclaimed, and a person is shown to nobody before their consent. Once for an
/// `Idempotency-Key`.
#[utoipa::path(post, path = "/api/v1/members", tag = "members", request_body = NewMember,
    responses((status = 201, body = Member), (status = 403), (status = 422, description = "the field that needs another look")))]
pub async fn create(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<NewMember>,
) -> Result<(StatusCode, Json<Member>), Problem> {
    let (_, network) = asker.member_and_network()?;
    let kind = ActorKind::from_word(&new.kind)
        .filter(|kind| !matches!(kind, ActorKind::Network | ActorKind::Service))
        .ok_or_else(|| Problem::invalid("kind"))?;
    let mut sketch = sketch(&new, kind)?;
    put_languages(&mut sketch, &new)?;
    let profile = app
        .house
        .write(&asker.acting(), move |w| {
            allowed(w, network, Action::EnterMembers)?;
            let id = enter(w, &sketch)?;
            join(w, network, id, Role::Member, "", MembershipState::Member)?;
            let entry = Entry::new(Act::Administer, "members.enter", id.0)
                .in_network(network)
                .for_member(id)
                .fields(&["actor"]);
            let profile = queries::find(w, id)?;
            Ok::<_, Problem>(w.done(&entry, profile)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(profile.into())))
}

/// Changes what is said of a member: yourself, whom you act for, or somebody unclaimed in a network you coordinate.
/// Names, words and what they can are emptied where they are not sent; everything else stays.
#[utoipa::path(put, path = "/api/v1/members/{id}", tag = "members", params(("id" = String, Path)),
    request_body = NewMember, responses((status = 200, body = Member), (status = 403), (status = 404),
    (status = 409, description = "changed by somebody else since that version"), (status = 422)))]
pub async fn change(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    Json(new): Json<NewMember>,
) -> Result<Json<Member>, Problem> {
    asker.member()?;
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let version = new.version.ok_or_else(|| Problem::invalid("version"))?;
    // what cannot be read is said before anything is looked up
    sketch(&new, if new.org_type.is_some() { ActorKind::Organization } else { ActorKind::Person })?;
    let profile = app
        .house
        .write(&asker.acting(), move |w| {
            let before = queries::find(w, id)?;
            if !queries::may_change(w, id)? {
                return Err(Problem::forbidden());
            }
            // also where nothing would change: what was read is not what stands there
            if before.version != version {
                return Err(store::Error::Changed.into());
            }
            let before = Sketch::of(&before);
            let mut changed = before.clone();
            put(&mut changed, &new)?;
            put_languages(&mut changed, &new)?;
            let Some(entry) = changed.changed(id, &before) else {
                return Ok(w.finished(queries::find(w, id)?)?);
            };
            change_member(w, id, version, &changed)?;
            let profile = queries::find(w, id)?;
            Ok(w.done(&entry, profile)?)
        })
        .await?;
    Ok(Json(profile.into()))
}
