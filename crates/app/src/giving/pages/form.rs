use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use jiff::civil::{Date, date};
use network::vocabulary::{Mode, Side, Terms, Urgency, Visibility};
use serde::Deserialize;
use store::ids::{ActorId, IntentId};
use store::{Error, Micros, Reading};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::{categories, category, refused};
use crate::giving::queries::{self, About, Card};
use crate::giving::{Draft, actions, rules};
use crate::{App, Texts};

/// What `/giving/new?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    side: String,
    text: String,
    /// For a member without internet, by a coordinator.
    #[serde(rename = "for")]
    for_whom: String,
}

#[derive(Template)]
#[template(path = "giving/form.html")]
struct IntentForm<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    action: String,
    side: Side,
    /// Chips for what the text may speak of, and for what was chosen.
    chips: Vec<(String, &'static str)>,
    all: Vec<(&'static str, &'static str)>,
    /// The text was read once, so that the rest of the form is shown.
    asked: bool,
    private: bool,
    prompts: Vec<String>,
    for_whom: Option<String>,
    modes: Vec<(&'static str, &'static str)>,
    terms: Vec<(&'static str, &'static str)>,
    urgencies: Vec<(&'static str, &'static str)>,
    provinces: Vec<(String, String)>,
    confidants: Vec<(String, String)>,
    visibilities: Vec<(&'static str, &'static str)>,
    ends: Vec<(&'static str, String)>,
    title: &'static str,
    edited: bool,
}

/// What the form is about: a new one, or one that is changed.
struct About_<'a> {
    side: Side,
    edited: Option<&'a Card>,
    about: About,
    for_whom: Option<String>,
    person: bool,
}

fn suggested(text: &str, chosen: &[&str], lang: Lang) -> Vec<(String, &'static str)> {
    let mut codes: Vec<String> = chosen.iter().map(|code| (*code).to_owned()).collect();
    let guesses = rules::guesses(text);
    codes.extend(guesses.into_iter().take(rules::SUGGESTED).map(|(code, _)| code));
    rules::known(&codes)
        .into_iter()
        .map(|code| {
            let label = category(lang, &code);
            (code, label)
        })
        .collect()
}

fn show_form(asker: &Asker, form: &Form, page: &About_<'_>) -> Answer {
    let (t, lang, side) = (Texts(asker.lang), asker.lang, page.side);
    let title = match (page.edited.is_some(), side) {
        (true, _) => t.giving_edit(),
        (false, Side::Offer) => t.giving_new_offer(),
        (false, Side::Need) => t.giving_new_need(),
    };
    let text = form.value("text");
    let chosen = form.fields.all("categories");
    let tapped: Vec<String> = chosen.iter().map(|code| (*code).to_owned()).collect();
    let private = rules::is_restricted(side, page.person, &tapped, &rules::guesses(text));
    let mut provinces = vec![(String::new(), t.giving_form_province_any().to_owned())];
    provinces.extend(crate::places::provinces(lang));
    let asked = !form.value("asked").is_empty() || page.edited.is_some();
    let visibilities = [
        ("", if private { t.giving_visibility_few() } else { t.giving_visibility_network() }),
        (
            if private { "network" } else { "tie" },
            if private { t.giving_visibility_network() } else { t.giving_visibility_tie() },
        ),
        ("public", t.giving_visibility_public()),
    ];
    Page::new(asker, title).at(Place::Giving).with(&IntentForm {
        t,
        w: asker.texts(),
        form,
        action: page
            .edited
            .map_or_else(|| "/giving/new".to_owned(), |card| format!("/giving/{}/edit", card.id)),
        side,
        chips: if asked { suggested(text, &chosen, lang) } else { Vec::new() },
        all: categories(lang),
        asked,
        private,
        prompts: if side == Side::Offer && !asked { prompts(t, lang, &page.about) } else { Vec::new() },
        for_whom: page.for_whom.clone(),
        modes: vec![
            ("either", t.giving_mode_either()),
            ("onsite", t.giving_mode_onsite()),
            ("online", t.giving_mode_online()),
        ],
        terms: vec![
            ("gift", t.giving_terms_gift()),
            ("lend", t.giving_terms_lend()),
            ("swap", t.giving_terms_swap()),
            ("pay", t.giving_terms_pay()),
        ],
        urgencies: vec![
            ("whenever", t.giving_urgency_whenever()),
            ("soon", t.giving_urgency_soon()),
            ("urgent", t.giving_urgency_urgent()),
        ],
        provinces,
        confidants: page.about.confidants.clone(),
        visibilities: visibilities.to_vec(),
        ends: [30, 90, 180, 365].map(|days| (end_word(days), t.giving_form_days(days))).to_vec(),
        title,
        edited: page.edited.is_some(),
    })
}

const fn end_word(days: i64) -> &'static str {
    match days {
        30 => "30",
        90 => "90",
        365 => "365",
        _ => "180",
    }
}

/// Beginnings of sentences for those who think they have nothing to give, from what is known of them.
fn prompts(t: Texts, lang: Lang, about: &About) -> Vec<String> {
    let mut prompts = Vec::new();
    for work in [&about.profession, &about.position] {
        if !work.is_empty() && prompts.len() < 2 {
            prompts.push(t.giving_prompt_work(work));
        }
    }
    prompts.extend(about.can.iter().take(2).map(|code| t.giving_prompt_can(category(lang, code))));
    if let Some(place) = about.province.as_deref().and_then(|code| crate::places::name(lang, code)) {
        prompts.push(t.giving_prompt_place(place));
    }
    prompts.extend(
        [t.giving_prompt_listen(), t.giving_prompt_lend(), t.giving_prompt_taught()].map(str::to_owned),
    );
    prompts.truncate(6);
    prompts
}

/// The address of the form with a prompt in it.
fn prompted(text: &str) -> String {
    let query: String = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("side", "offer"), ("text", text)])
        .finish();
    format!("/giving/new?{query}")
}

/// Who may be trusted with a personal matter: the coordinators but oneself, by name, the likeliest first.
fn confidants(r: &Reading<'_>, actor: ActorId, network: ActorId) -> Result<Vec<(String, String)>, Error> {
    let likeliest = actions::confidant(r, actor, network)?;
    let others = queries::coordinators(r, network)?.into_iter().filter(|one| *one != likeliest);
    let all: Vec<ActorId> = std::iter::once(likeliest).chain(others).filter(|one| *one != actor).collect();
    let mut named = crate::members::names(r, &all)?;
    named.sort_by_key(|one| all.iter().position(|id| *id == one.id));
    Ok(named.into_iter().map(|one| (one.id.to_string(), one.called().to_owned())).collect())
}

/// For whom the form is: the one who asks, or somebody they may write for.
async fn for_whom(
    asker: &Asker,
    app: &App,
    wanted: &str,
) -> Result<(ActorId, ActorId, About, Option<String>, bool), Problem> {
    let (own, network) = asker.member_and_network()?;
    let actor = if wanted.is_empty() { own } else { wanted.parse().map_err(|_| Problem::not_found())? };
    app.house
        .read(&asker.viewer, move |r| {
            if !actions::may_post(r, network, actor)? {
                return Err(Problem::forbidden());
            }
            let name = match crate::members::names(r, &[actor])?.first() {
                Some(named) if actor != own => Some(named.called().to_owned()),
                _ => None,
            };
            let (kind, _) = queries::owner(r, actor)?;
            let person = kind == network::vocabulary::ActorKind::Person;
            let mut about = queries::about(r, actor)?;
            about.confidants = confidants(r, actor, network)?;
            Ok((actor, network, about, name, person))
        })
        .await
}

/// `GET /giving/new?side=`
pub async fn new_form(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (_, _, about, name, person) = for_whom(&asker, &app, &wanted.for_whom).await?;
    let side = Side::from_word(&wanted.side).unwrap_or(Side::Offer);
    let mut fields = Fields::default();
    let province = about.province.clone().unwrap_or_default();
    for (field, value) in [
        ("side", side.word()),
        ("for", &wanted.for_whom),
        ("text", &wanted.text),
        ("mode", "either"),
        ("terms", "gift"),
        ("urgency", "whenever"),
        ("ends", "180"),
        ("capacity", "4"),
        ("province", &province),
    ] {
        fields.set(field, value);
    }
    let page = About_ { side, edited: None, about, for_whom: name, person };
    show_form(&asker, &Form::new(asker.texts(), fields), &page)
}

/// `POST /giving/new`: the first time it reads the text and offers categories, the second time it posts.
pub async fn new_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let for_field = fields.text("for").to_owned();
    let (actor, network, about, name, person) = for_whom(&asker, &app, &for_field).await?;
    let side = Side::from_word(fields.text("side")).unwrap_or(Side::Offer);
    let mut form = Form::new(asker.texts(), fields);
    let now = app.house.database().now();
    let draft = read_draft(&mut form, Texts(asker.lang), side, asker.lang, now);
    let suggest = form.value("do") == "suggest" || form.value("asked").is_empty();
    if form.has_problems() || suggest {
        if form.problem("text").is_none() {
            form.fields.set("asked", "1");
        }
        return show_form(&asker, &form, &About_ { side, edited: None, about, for_whom: name, person });
    }
    let id = crate::once(&app.house, &asker, &form, move |w| {
        if !actions::may_post(w, network, actor)? {
            return Err(Problem::forbidden());
        }
        Ok(actions::post(w, actor, network, &draft)?.to_string())
    })
    .await?;
    Ok(see_other(&format!("/giving/{id}?done=posted")))
}

/// `POST /giving/suggest`: the chips alone, while the text is being written.
pub async fn chips(asker: Asker, fields: Fields) -> Result<Response, Problem> {
    asker.member()?;
    let text: String = fields.text("text").chars().take(2000).collect();
    let chosen = fields.all("categories");
    let chips = suggested(&text, &chosen, asker.lang);
    let form = Form::new(asker.texts(), fields.clone());
    let html = Chips { form: &form, chips }.render()?;
    Ok(axum::response::Html(html).into_response())
}

#[derive(Template)]
#[template(path = "giving/chips.html")]
struct Chips<'a> {
    form: &'a Form,
    chips: Vec<(String, &'static str)>,
}

/// `GET /giving/{id}/edit`
pub async fn change_form(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (card, about, confidant) = changeable(&asker, &app, &id).await?;
    let mut fields = filled(&card);
    fields.set("confidant", confidant);
    show_form(&asker, &Form::new(asker.texts(), fields), &of_card(&card, about))
}

fn of_card(card: &Card, about: About) -> About_<'_> {
    About_ {
        side: card.side,
        edited: Some(card),
        about,
        for_whom: None,
        person: card.owner_kind == network::vocabulary::ActorKind::Person,
    }
}

/// What may be changed, who may be trusted with it, and who is.
async fn changeable(asker: &Asker, app: &App, id: &str) -> Result<(Card, About, String), Problem> {
    asker.member()?;
    let id: IntentId = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .read(&asker.viewer, move |r| {
            let card = queries::find(r, id)?;
            if !actions::may_change(r, &card)? {
                return Err(Problem::not_found());
            }
            let confidants = confidants(r, card.actor, card.network)?;
            let entrusted = queries::entrusted_to(r, id)?.map(|to| to.to_string()).unwrap_or_default();
            Ok((card, About { confidants, ..About::default() }, entrusted))
        })
        .await
}

/// `POST /giving/{id}/edit`
pub async fn change_submit(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (card, about, _) = changeable(&asker, &app, &id).await?;
    let mut form = Form::new(asker.texts(), fields);
    let now = app.house.database().now();
    let draft = read_draft(&mut form, Texts(asker.lang), card.side, asker.lang, now);
    if form.has_problems() || form.value("do") == "suggest" {
        return show_form(&asker, &form, &of_card(&card, about));
    }
    let version = form.value("version").parse().unwrap_or(0);
    let id = card.id;
    app.house
        .write(&asker.acting(), move |w| {
            actions::change(w, id, version, &draft).map_err(refused)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/giving/{id}?done=saved")))
}

fn filled(card: &Card) -> Fields {
    let mut fields = Fields::default();
    let (from, until) = (iso(card.starts_on), iso(card.ends_on));
    for (name, value) in [
        ("side", card.side.word()),
        ("text", &card.text),
        ("mode", card.mode.word()),
        ("terms", card.terms.word()),
        ("urgency", card.urgency.word()),
        ("available", &card.available),
        ("province", card.areas.first().map_or("", String::as_str)),
        ("everywhere", if card.everywhere { "1" } else { "" }),
        ("from", &from),
        ("until", &until),
        ("visibility", if card.restricted || card.visibility == "network" { "" } else { &card.visibility }),
        ("ends", "180"),
    ] {
        fields.set(name, value);
    }
    // whoever opened a restricted need to the network sees that choice again
    let open = card.visibility == "network"
        && rules::is_restricted(card.side, true, &card.categories, &rules::guesses(&card.text));
    if open {
        fields.set("visibility", "network");
    }
    fields.set("capacity", card.capacity.to_string());
    fields.set("version", card.version.to_string());
    for code in card.categories.iter().filter(|_| card.tapped) {
        fields.add("categories", code);
    }
    fields
}

const EPOCH: Date = date(1970, 1, 1);

fn iso(day: Option<i64>) -> String {
    let date =
        day.and_then(|n| i32::try_from(n).ok()).map(|n| EPOCH.saturating_add(jiff::Span::new().days(n)));
    date.map(|date| date.to_string()).unwrap_or_default()
}

/// Reads a day of the form; a complaint stands at its field.
fn day(form: &mut Form, t: Texts, name: &str) -> Option<i64> {
    let typed = form.value(name).trim().to_owned();
    if typed.is_empty() {
        return None;
    }
    let read = thai::dates::parse(&typed).ok().filter(thai::dates::Reading::is_plausible);
    let found = read.and_then(|reading| reading.date.day());
    if found.is_none() {
        form.complain(name, t.giving_form_day_problem());
    }
    Some(i64::from((found? - EPOCH).get_days()))
}

/// Reads and checks the form; complaints stand at their fields.
fn read_draft(form: &mut Form, t: Texts, side: Side, lang: Lang, now: Micros) -> Draft {
    let text = form.required("text", 2000);
    let mut draft = Draft::new(side, &text);
    draft.categories = form.fields.all("categories").into_iter().map(str::to_owned).collect();
    draft.categories.retain(|code| !code.is_empty());
    draft.mode = Mode::from_word(form.value("mode")).unwrap_or(Mode::Either);
    draft.terms = Terms::from_word(form.value("terms")).unwrap_or(Terms::Gift);
    draft.urgency = Urgency::from_word(form.value("urgency")).unwrap_or(Urgency::Whenever);
    draft.available = form.optional("available", 200);
    let province = form.value("province").to_owned();
    draft.areas = Some(province).filter(|code| crate::places::is_province(code)).into_iter().collect();
    draft.everywhere = form.fields.ticked("everywhere");
    draft.starts_on = day(form, t, "from");
    draft.ends_on = day(form, t, "until");
    if let (Some(from), Some(until)) = (draft.starts_on, draft.ends_on)
        && until < from
    {
        form.complain("until", t.giving_form_until_before());
    }
    if draft.ends_on.is_some_and(|until| until < now.day(7)) {
        form.complain("until", t.giving_form_until_past());
    }
    let days = form.value("ends").parse::<i64>().unwrap_or(180).clamp(1, 730);
    draft.valid_until = Some(now.plus(days * Micros::DAY));
    if side == Side::Offer {
        match thai::text::western_digits(form.value("capacity")).trim().parse::<i64>() {
            Ok(number) if (1..=99).contains(&number) => draft.capacity = number,
            _ => form.complain("capacity", t.giving_form_capacity_problem()),
        }
    }
    draft.visibility = Visibility::from_word(form.value("visibility"));
    draft.confidant = form.value("confidant").parse().ok();
    draft.lang = lang;
    draft
}
