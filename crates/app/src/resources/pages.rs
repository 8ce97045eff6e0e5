use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use matching::Taxonomy;
use network::promise::Side;
use network::resource::Coverage;
use network::vocabulary::{BookingState, Condition, ResourceKind};
use serde::Deserialize;
use store::ids::ActorId;
use store::{Micros, Reading};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::actions::{self, BookingError, Draft, Step, Wanted};
use super::queries::{self, Booking, Resource};
use super::{BookingId, ResourceId};
use crate::{App, Texts, dates, members};

impl From<BookingError> for Problem {
    fn from(error: BookingError) -> Self {
        let conflict = |code, sentence: fn(Texts) -> &'static str| {
            Self::new(StatusCode::CONFLICT, code, |lang| sentence(Texts(lang)).to_owned())
        };
        match error {
            BookingError::Taken => conflict("taken", Texts::resources_taken_problem),
            BookingError::NotLent => conflict("not-lent", Texts::resources_not_lent),
            BookingError::Time => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", |lang| {
                Texts(lang).resources_time_problem().to_owned()
            })
            .in_field("from"),
            BookingError::Past => conflict("past", Texts::promises_past),
            BookingError::Exchange(error) => error.into(),
            BookingError::Store(error) => error.into(),
        }
    }
}

fn kind_label(t: Texts, kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Thing => t.resources_kind_thing(),
        ResourceKind::Place => t.resources_kind_place(),
        ResourceKind::Vehicle => t.resources_kind_vehicle(),
        ResourceKind::Expert => t.resources_kind_expert(),
    }
}

fn kinds(t: Texts) -> Vec<(&'static str, &'static str)> {
    ResourceKind::ALL.iter().map(|kind| (kind.word(), kind_label(t, *kind))).collect()
}

fn condition_label(t: Texts, condition: Condition) -> &'static str {
    match condition {
        Condition::Good => t.resources_condition_good(),
        Condition::Worn => t.resources_condition_worn(),
        Condition::Broken => t.resources_condition_broken(),
    }
}

/// The word for a condition as it stands in a booking; nothing where none was written down.
fn said_condition(t: Texts, word: &str) -> &'static str {
    Condition::from_word(word).map_or("", |condition| condition_label(t, condition))
}

fn conditions(t: Texts) -> Vec<(&'static str, &'static str)> {
    Condition::ALL.iter().map(|condition| (condition.word(), condition_label(t, *condition))).collect()
}

fn booking_label(t: Texts, state: BookingState) -> &'static str {
    match state {
        BookingState::Requested => t.resources_booking_requested(),
        BookingState::Agreed => t.resources_booking_agreed(),
        BookingState::Declined => t.resources_booking_declined(),
        BookingState::HandedOver => t.resources_booking_handed(),
        BookingState::Returned => t.resources_booking_returned(),
        BookingState::Cancelled => t.resources_booking_cancelled(),
    }
}

const fn booking_class(state: BookingState) -> &'static str {
    match state {
        BookingState::Requested | BookingState::HandedOver => "tag watch",
        BookingState::Agreed | BookingState::Returned => "tag give",
        BookingState::Declined | BookingState::Cancelled => "tag",
    }
}

fn category(lang: Lang, code: &str) -> &'static str {
    let taxonomy = Taxonomy::built_in();
    taxonomy.find(code).map_or("", |id| taxonomy.label(id, lang))
}

/// From a day to a day, with the hours where it is not whole days.
pub fn when(
    lang: Lang,
    from: impl std::borrow::Borrow<Micros>,
    until: impl std::borrow::Borrow<Micros>,
) -> String {
    let (from, until) = (*from.borrow(), *until.borrow());
    let clock = |at: Micros| {
        let minutes = (at.0 + 7 * Micros::HOUR).rem_euclid(Micros::DAY) / Micros::MINUTE;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let (first, last) = (dates::day(from), dates::day(until.plus(-1)));
    let whole = clock(from) == "00:00" && clock(until) == "00:00";
    let day = |at| dates::short(at, lang);
    match (first == last, whole) {
        (true, true) => day(from),
        (true, false) => format!("{} {}–{}", day(from), clock(from), clock(until)),
        (false, true) => format!("{} – {}", day(from), day(until.plus(-1))),
        (false, false) => format!("{} {} – {} {}", day(from), clock(from), day(until), clock(until)),
    }
}

#[derive(Template)]
#[template(path = "resources/list.html")]
struct List<'a> {
    t: Texts,
    lang: Lang,
    me: ActorId,
    kinds: Vec<(&'static str, &'static str)>,
    kind: &'a str,
    resources: &'a [Resource],
    bookings: &'a [Booking],
    next: Option<ResourceId>,
}

impl List<'_> {
    fn mine(&self, booking: &Booking) -> bool {
        booking.borrower == self.me
    }

    fn chosen(&self, kind: &str) -> bool {
        self.kind == kind
    }
}

/// What `/resources?…` may ask for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    kind: String,
    before: String,
}

/// Shown at once.
const ROWS: i64 = 30;

/// `GET /resources`
pub async fn list(asker: Asker, State(app): State<App>, Query(asked): Query<Asked>) -> Answer {
    let (me, network) = asker.member_and_network()?;
    let kind = ResourceKind::from_word(&asked.kind).map_or("", ResourceKind::word);
    let before = asked.before.parse::<ResourceId>().map_or(0, |id| id.0);
    let (mut resources, bookings) = app
        .house
        .read(&asker.viewer, move |r| {
            let resources = queries::list(r, network, kind, before, ROWS + 1)?;
            Ok::<_, Problem>((resources, queries::bookings_of(r, me)?))
        })
        .await?;
    let more = i64::try_from(resources.len()).unwrap_or(0) > ROWS;
    resources.truncate(usize::try_from(ROWS).unwrap_or(30));
    let t = Texts(asker.lang);
    Page::new(&asker, t.resources_title()).at(Place::Giving).with(&List {
        t,
        lang: asker.lang,
        me,
        kinds: kinds(t),
        kind,
        next: if more { resources.last().map(|resource| resource.id) } else { None },
        resources: &resources,
        bookings: &bookings,
    })
}

#[derive(Template)]
#[template(path = "resources/form.html")]
struct Edit<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    title: &'a str,
    action: String,
    kinds: Vec<(&'static str, &'static str)>,
    conditions: Vec<(&'static str, &'static str)>,
    categories: Vec<(&'static str, &'static str)>,
}

fn show_form(asker: &Asker, form: &Form, edited: Option<ResourceId>) -> Answer {
    let t = Texts(asker.lang);
    let title = if edited.is_some() { t.resources_edit() } else { t.resources_new() };
    let mut categories = vec![("", t.resources_category_any())];
    let all = Taxonomy::built_in().categories().iter();
    categories.extend(all.map(|category| (category.code.as_str(), category.label(asker.lang))));
    Page::new(asker, title).at(Place::Giving).with(&Edit {
        t,
        w: asker.texts(),
        form,
        title,
        action: edited.map_or_else(|| "/resources/new".to_owned(), |id| format!("/resources/{id}/edit")),
        kinds: kinds(t),
        conditions: conditions(t),
        categories,
    })
}

fn read_draft(form: &mut Form, t: Texts) -> Draft {
    let quantity = thai::text::western_digits(form.value("quantity")).trim().parse::<i64>().ok();
    let quantity = quantity.filter(|n| (1..=9999).contains(n));
    if quantity.is_none() {
        form.complain("quantity", t.resources_quantity_problem());
    }
    Draft {
        kind: ResourceKind::from_word(form.value("kind")).unwrap_or(ResourceKind::Thing),
        title: form.required("title", 120),
        text: form.optional("text", 1000),
        category: Some(form.value("category").to_owned())
            .filter(|code| Taxonomy::built_in().find(code).is_some()),
        quantity: quantity.unwrap_or(1),
        condition: Condition::from_word(form.value("condition")).unwrap_or(Condition::Good),
        lendable: form.fields.ticked("lendable"),
        location: form.optional("location", 200),
    }
}

/// `GET /resources/new`
pub async fn new_form(asker: Asker) -> Answer {
    asker.member_and_network()?;
    let mut fields = Fields::default();
    for (name, value) in [("kind", "thing"), ("quantity", "1"), ("condition", "good"), ("lendable", "1")] {
        fields.set(name, value);
    }
    show_form(&asker, &Form::new(asker.texts(), fields), None)
}

/// `POST /resources/new`
pub async fn new_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (me, network) = asker.member_and_network()?;
    let mut form = Form::new(asker.texts(), fields);
    let draft = read_draft(&mut form, Texts(asker.lang));
    if form.has_problems() {
        return show_form(&asker, &form, None);
    }
    let id = crate::once(&app.house, &asker, &form, move |w| {
        actions::put(w, network, me, &draft).map(|id| id.to_string())
    })
    .await?;
    Ok(see_other(&format!("/resources/{id}")))
}

async fn own(asker: &Asker, app: &App, id: ResourceId) -> Result<Resource, Problem> {
    app.house
        .read(&asker.viewer, move |r| {
            let resource = queries::find(r, id)?;
            if members::may_change(r, resource.holder)? { Ok(resource) } else { Err(Problem::not_found()) }
        })
        .await
}

/// `GET /resources/{id}/edit`
pub async fn change_form(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    asker.member()?;
    let id: ResourceId = id.parse().map_err(|_| Problem::not_found())?;
    let resource = own(&asker, &app, id).await?;
    let mut fields = Fields::default();
    let pairs = [
        ("kind", resource.kind.word()),
        ("title", resource.title.as_str()),
        ("text", resource.text.as_str()),
        ("category", resource.category.as_deref().unwrap_or_default()),
        ("condition", resource.condition.word()),
        ("location", resource.location.as_str()),
        ("lendable", if resource.lendable { "1" } else { "" }),
    ];
    for (name, value) in pairs {
        fields.set(name, value);
    }
    fields.set("quantity", resource.quantity.to_string());
    show_form(&asker, &Form::new(asker.texts(), fields), Some(id))
}

/// `POST /resources/{id}/edit`
pub async fn change_submit(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    asker.member()?;
    let id: ResourceId = id.parse().map_err(|_| Problem::not_found())?;
    let holder = own(&asker, &app, id).await?.holder;
    let mut form = Form::new(asker.texts(), fields);
    let draft = read_draft(&mut form, Texts(asker.lang));
    if form.has_problems() {
        return show_form(&asker, &form, Some(id));
    }
    crate::once_for(&app.house, &asker, &form, Some(holder), move |w| {
        actions::change(w, id, &draft).map(|()| String::new())
    })
    .await?;
    Ok(see_other(&format!("/resources/{id}")))
}

/// `POST /resources/{id}/gone`
pub async fn gone(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    asker.member()?;
    let id: ResourceId = id.parse().map_err(|_| Problem::not_found())?;
    let holder = own(&asker, &app, id).await?.holder;
    let form = Form::new(asker.texts(), fields);
    crate::once_for(&app.house, &asker, &form, Some(holder), move |w| {
        actions::gone(w, id).map(|()| String::new())
    })
    .await?;
    Ok(see_other("/resources"))
}

#[derive(Template)]
#[template(path = "resources/show.html")]
struct Show<'a> {
    t: Texts,
    w: web::Texts,
    lang: Lang,
    form: &'a Form,
    s: &'a Resource,
    may_change: bool,
    taken: &'a [(Micros, Micros, i64)],
    bookings: &'a [Booking],
}

/// `GET /resources/{id}`
pub async fn show(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    asker.member()?;
    let id: ResourceId = id.parse().map_err(|_| Problem::not_found())?;
    let mut fields = Fields::default();
    fields.set("pieces", "1");
    show_resource(&asker, &app, id, &Form::new(asker.texts(), fields)).await
}

async fn show_resource(asker: &Asker, app: &App, id: ResourceId, form: &Form) -> Answer {
    let (resource, may_change, taken, bookings) = app
        .house
        .read(&asker.viewer, move |r| {
            let resource = queries::find(r, id)?;
            let may_change = members::may_change(r, resource.holder)?;
            Ok::<_, Problem>((resource, may_change, queries::taken(r, id)?, queries::bookings_on(r, id)?))
        })
        .await?;
    Page::new(asker, resource.title.as_str()).at(Place::Giving).with(&Show {
        t: Texts(asker.lang),
        w: asker.texts(),
        lang: asker.lang,
        form,
        s: &resource,
        may_change,
        taken: &taken,
        bookings: &bookings,
    })
}

/// A moment of a form: the day, and the clock where one was given.
fn moment(day: &str, clock: &str) -> Option<Micros> {
    let day = dates::read(day)?;
    let clock = clock.trim();
    if clock.is_empty() {
        return Some(day);
    }
    let (hours, minutes) = clock.split_once(':')?;
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    ((0..24).contains(&hours) && (0..60).contains(&minutes))
        .then(|| day.plus(hours * Micros::HOUR + minutes * Micros::MINUTE))
}

/// `POST /resources/{id}/book`: from a day to a day; without a clock, whole days.
pub async fn book(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let (me, _) = asker.member()?;
    let id: ResourceId = id.parse().map_err(|_| Problem::not_found())?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let from = moment(form.value("from"), form.value("from-clock"));
    let last = if form.value("until").trim().is_empty() { form.value("from") } else { form.value("until") };
    let until = moment(last, form.value("until-clock"));
    let until =
        until.map(|at| if form.value("until-clock").trim().is_empty() { at.plus(Micros::DAY) } else { at });
    let pieces = thai::text::western_digits(form.value("pieces")).trim().parse::<i64>().ok();
    let purpose = form.optional("purpose", 300);
    let now = app.house.database().now();
    let (Some(from), Some(until)) = (from, until) else {
        form.complain("from", t.resources_time_problem());
        return show_resource(&asker, &app, id, &form).await;
    };
    if until <= from || until <= now {
        form.complain("from", t.resources_time_problem());
    }
    let pieces = pieces.filter(|n| *n >= 1);
    if pieces.is_none() {
        form.complain("pieces", t.resources_quantity_problem());
    }
    let (Some(pieces), false) = (pieces, form.has_problems()) else {
        return show_resource(&asker, &app, id, &form).await;
    };
    let wanted = Wanted { from, until, pieces, purpose };
    let booked = crate::once(&app.house, &asker, &form, move |w| {
        actions::book(w, id, me, &wanted).map(|id| id.to_string())
    })
    .await;
    match booked {
        Ok(booking) => Ok(see_other(&format!("/resources/bookings/{booking}"))),
        // another time is chosen on the same page, with what was typed
        Err(problem) if problem.code == "taken" => {
            form.complain("from", t.resources_taken_problem());
            show_resource(&asker, &app, id, &form).await
        }
        Err(problem) => Err(problem),
    }
}

#[derive(Template)]
#[template(path = "resources/booking.html")]
struct Booked<'a> {
    t: Texts,
    lang: Lang,
    form: &'a Form,
    b: &'a Booking,
    side: Option<Side>,
    conditions: Vec<(&'static str, &'static str)>,
}

async fn read_booking(asker: &Asker, app: &App, id: &str) -> Result<(Booking, Option<Side>), Problem> {
    asker.member()?;
    let id: BookingId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .read(&asker.viewer, move |r| {
            let booking = queries::find_booking(r, id)?;
            let side = actions::side_of(r, &booking)?;
            Ok::<_, Problem>((booking, side))
        })
        .await
}

/// `GET /resources/bookings/{id}`
pub async fn booking(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (booking, side) = read_booking(&asker, &app, &id).await?;
    let t = Texts(asker.lang);
    let mut fields = Fields::default();
    fields.set("condition", "good");
    Page::new(&asker, booking.title.as_str()).at(Place::Giving).with(&Booked {
        t,
        lang: asker.lang,
        form: &Form::new(asker.texts(), fields),
        b: &booking,
        side,
        conditions: conditions(t),
    })
}

async fn take(asker: &Asker, app: &App, id: &str, form: &Form, step: Step) -> Answer {
    let (booking, side) = read_booking(asker, app, id).await?;
    let me = match side {
        Some(Side::Provider) => booking.holder,
        _ => booking.borrower,
    };
    let id = booking.id;
    crate::once_for(&app.house, asker, form, Some(me), move |w| {
        actions::step(w, id, &step).map(|()| String::new())
    })
    .await?;
    Ok(see_other(&format!("/resources/bookings/{id}")))
}

/// `POST /resources/bookings/{id}/answer`: the holder agrees, or it does not suit.
pub async fn answer(asker: Asker, State(app): State<App>, Path(id): Path<String>, fields: Fields) -> Answer {
    let step = if fields.text("answer") == "yes" { Step::Agree } else { Step::Decline };
    take(&asker, &app, &id, &Form::new(asker.texts(), fields), step).await
}

/// What a word of an address or a program means.
pub fn step_of(word: &str, condition: &str, words: String) -> Result<Step, Problem> {
    let condition = Condition::from_word(condition).unwrap_or(Condition::Good);
    match word {
        "agree" => Ok(Step::Agree),
        "decline" => Ok(Step::Decline),
        "cancel" => Ok(Step::Cancel),
        "hand-over" => Ok(Step::HandOver(condition)),
        "return" => Ok(Step::Return(condition, words)),
        _ => Err(Problem::not_found()),
    }
}

/// `POST /resources/bookings/{id}/{step}`: cancel, hand over, return.
pub async fn act(
    asker: Asker,
    State(app): State<App>,
    Path((id, word)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let words: String = fields.tidy("words").chars().take(300).collect();
    let step = step_of(&word, fields.text("condition"), words)?;
    take(&asker, &app, &id, &Form::new(asker.texts(), fields), step).await
}

#[derive(Template)]
#[template(path = "resources/gaps.html")]
struct Gaps<'a> {
    t: Texts,
    lang: Lang,
    coverage: &'a Coverage,
    sole: &'a [(String, Option<members::Named>)],
    coordinates: bool,
}

/// `GET /resources/gaps`: what is needed that nobody has; for coordinators, what hangs on one alone.
pub async fn gaps(asker: Asker, State(app): State<App>) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let coordinates = asker.coordinates();
    let (coverage, sole) = app
        .house
        .read(&asker.viewer, move |r| {
            let coverage = queries::coverage(r, network)?;
            let mut sole = Vec::new();
            if coordinates {
                for (what, who) in &coverage.sole {
                    sole.push((what.clone(), members::names(r, &[ActorId(*who)])?.pop()));
                }
            }
            Ok::<_, Problem>((coverage, sole))
        })
        .await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.resources_gaps()).at(Place::Networks).with(&Gaps {
        t,
        lang: asker.lang,
        coverage: &coverage,
        sole: &sole,
        coordinates,
    })
}

#[derive(Template)]
#[template(path = "resources/panel.html")]
struct Panel<'a> {
    t: Texts,
    lang: Lang,
    shared: &'a [Resource],
    needed: &'a [String],
}

/// What stands on a member's page: what they share, and for their own eyes why the network needs them.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, member: ActorId) -> Result<String, Problem> {
    let shared = queries::of_holder(r, member)?;
    let own = asker.actor() == Some(member);
    let needed = match asker.network().filter(|_| own) {
        Some(network) => queries::why_needed(r, network, member)?,
        None => Vec::new(),
    };
    if shared.is_empty() && needed.is_empty() {
        return Ok(String::new());
    }
    let panel = Panel { t: Texts(asker.lang), lang: asker.lang, shared: &shared, needed: &needed };
    Ok(panel.render()?)
}
