use askama::Template;
use axum::extract::{Path, State as AppState};
use network::rhythm::{Source, State, date_of};
use network::strength::Warmth;
use network::vocabulary::Channel;
use store::Reading;
use store::ids::{ActorId, CareId, LabelId};
use store::journal::{Act, Entry};
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::super::actions::{self, Change};
use super::super::due::{self, Due, Kept, day_label, reason};
use super::super::queries;
use super::super::zone::day_of_contact;
use super::{back, gaps, state_label, tone, ways};
use crate::members;
use crate::parts::{Card, CardAct, Day};
use crate::{App, Texts, dates};

pub fn warmth_label(t: Texts, warmth: Warmth) -> &'static str {
    match warmth {
        Warmth::Quiet => t.rhythm_warmth_quiet(),
        Warmth::Thin => t.rhythm_warmth_thin(),
        Warmth::Warm => t.rhythm_warmth_warm(),
        Warmth::Strong => t.rhythm_warmth_strong(),
    }
}

pub fn source_label(t: Texts, source: Source) -> &'static str {
    match source {
        Source::Tie => t.rhythm_source_tie(),
        Source::Label => t.rhythm_source_label(),
        Source::Role => t.rhythm_source_role(),
        Source::Network => t.rhythm_source_network(),
        Source::BuiltIn => t.rhythm_source_built_in(),
    }
}

/// Who is due, as cards of today.
///
/// # Errors
/// The database's own.
pub fn cards(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<Vec<Card>, Problem> {
    let mut cards = Vec::new();
    let all = due::due(r, actor)?;
    let named = members::named(r, all.iter().flat_map(|one| [one.kept.row.other, one.kept.row.holder]))?;
    for one in all {
        // somebody the holder may not see any more is nobody to call
        let Some(other) = named.get(&one.kept.row.other) else { continue };
        let holder = named.get(&one.kept.row.holder).filter(|holder| holder.id != actor);
        cards.push(card(asker.lang, &one, other, holder));
    }
    Ok(cards)
}

/// The card of somebody the holder has come to know and was not in touch with yet: the same two taps as for who is due,
/// with `why` and the page that `link` names. None once they were in touch, tried, put it off or let it go, or are due.
///
/// # Errors
/// The database's own.
pub fn first_card(
    r: &Reading<'_>,
    asker: &Asker,
    (holder, other): (ActorId, ActorId),
    why: String,
    link: String,
) -> Result<Option<Card>, Problem> {
    let Some((kept, title)) = first_words(r, asker, holder, other)? else { return Ok(None) };
    let act = contact(&kept, ways(Texts(asker.lang)));
    Ok(Some(Card { title, link, why, act, rank: 1 }))
}

/// The rhythm toward somebody with whom there was no word yet, and what one is asked to do.
pub fn first_words(
    r: &Reading<'_>,
    asker: &Asker,
    holder: ActorId,
    other: ActorId,
) -> Result<Option<(Kept, String)>, Problem> {
    let (Some(kept), Some(named)) = (due::kept(r, holder, other)?, members::names(r, &[other])?.pop()) else {
        return Ok(None);
    };
    let waits = matches!(kept.state(), State::Fresh | State::DueSoon)
        && kept.care.history.touch.is_none()
        && kept.row.attempts == 0
        && kept.row.locked_until.is_none_or(|until| until <= kept.today);
    Ok(waits.then(|| (kept, Texts(asker.lang).rhythm_first_card(named.called()))))
}

fn contact(kept: &Kept, ways: Vec<(&'static str, &'static str)>) -> CardAct {
    let (care, other) = (kept.row.id, kept.row.other);
    let asks = kept.asks();
    CardAct::Contact {
        address: format!("/ties/contact/{other}"),
        ways,
        later: format!("/rhythm/{care}/settle"),
        more: if asks { format!("/rhythm/{care}#rhythm") } else { format!("/members/{other}#rhythm") },
        asks,
    }
}

/// What one is asked to do, and why, for a card and for a letter.
pub fn words(
    lang: Lang,
    due: &Due,
    other: &members::Named,
    holder: Option<&members::Named>,
) -> (String, String) {
    let t = Texts(lang);
    let mut why = vec![reason(t, due)];
    why.extend(holder.map(|holder| t.rhythm_handed(holder.called())));
    why.extend(Some(due.kept.row.why.clone()).filter(|why| !why.is_empty()));
    let title = if due.ask { t.rhythm_card_ask(other.called()) } else { t.rhythm_card(other.called()) };
    (title, why.join(" · "))
}

fn card(lang: Lang, due: &Due, other: &members::Named, holder: Option<&members::Named>) -> Card {
    let (title, why) = words(lang, due, other, holder);
    let mut ways = ways(Texts(lang));
    // the way that suits best stands first
    if let Some(channel) = &due.kept.row.channel {
        ways.sort_by_key(|(word, _)| word != channel);
    }
    let link = format!("/members/{}", other.id);
    Card { title, link, why, act: contact(&due.kept, ways), rank: 1 }
}

/// The days on which somebody is due, for the calendar: the next one of each care, none for what rests.
///
/// # Errors
/// The database's own.
pub fn days(r: &Reading<'_>, lang: Lang, actor: ActorId) -> Result<Vec<Day>, Problem> {
    let t = Texts(lang);
    let mut days = Vec::new();
    let all = due::of_holder(r, actor)?;
    let named = members::named(r, all.iter().map(|kept| kept.row.other))?;
    for kept in all {
        if matches!(kept.state(), State::Ended | State::Paused | State::Dormant) {
            continue;
        }
        let Some(other) = named.get(&kept.row.other) else { continue };
        // a day that is over is today's matter
        let on = kept.due_on().max(kept.row.snoozed_until.unwrap_or(kept.today)).max(kept.today);
        days.push(Day {
            uid: kept.row.id.to_string(),
            on: date_of(on),
            title: t.rhythm_calendar(other.called()),
            reduced: t.rhythm_calendar_reduced().to_owned(),
            link: format!("/members/{}", other.id),
            sequence: kept.row.version,
            changed_at: kept.row.updated_at,
        });
    }
    Ok(days)
}

#[derive(Template)]
#[template(path = "rhythm/panel.html")]
struct Panel<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    open: bool,
    id: CareId,
    other: ActorId,
    name: String,
    back: String,
    state: &'static str,
    tone: &'static str,
    every: String,
    source: &'static str,
    warmth: &'static str,
    last: String,
    next: String,
    why: &'a str,
    delegate: String,
    unanswered: bool,
    replies: String,
    ended: bool,
    asks: bool,
    resting: bool,
    ways: Vec<(&'static str, &'static str)>,
    channels: Vec<(&'static str, &'static str)>,
    labels: Vec<(String, String)>,
    colleagues: Vec<(String, String)>,
}

/// The rhythm of whoever asks toward a member, beside what else is said of that member; nothing where there is none.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, other: ActorId) -> Result<String, Problem> {
    let Some(actor) = asker.actor() else { return Ok(String::new()) };
    rendered(r, asker, (actor, other), None)
}

/// The panel, with a form that needs another look.
fn rendered(
    r: &Reading<'_>,
    asker: &Asker,
    (holder, other): (ActorId, ActorId),
    form: Option<&Form>,
) -> Result<String, Problem> {
    let Some(kept) = due::kept(r, holder, other)? else { return Ok(String::new()) };
    // whoever looks after it for the holder hands it on to people of their own
    let actor = asker.actor().unwrap_or(holder);
    let t = Texts(asker.lang);
    let state = kept.state();
    let stored = Form::new(asker.texts(), filled(r, &kept)?);
    let open = form.is_some();
    let form = form.unwrap_or(&stored);
    let delegate = match kept.row.delegate {
        Some(id) => members::names(r, &[id])?.pop(),
        None => None,
    };
    let mut channels = vec![("", t.rhythm_channel_any())];
    channels.extend(ways(t));
    let mut colleagues = Vec::new();
    if let Some(network) = asker.network() {
        let ids = queries::colleagues(r, actor, network)?;
        let named = members::names(r, &ids)?.into_iter().filter(|one| one.id != other);
        colleagues = named.map(|one| (one.id.to_string(), one.called().to_owned())).collect();
    }
    let labels = if actor == holder { queries::labels_of(r, holder)? } else { Vec::new() };
    let labels = labels.into_iter().map(|label| (label.id.to_string(), label.name)).collect();
    let shown = state != State::Ended && state != State::Paused;
    let panel = Panel {
        t,
        w: asker.texts(),
        form,
        open,
        id: kept.row.id,
        other,
        name: members::names(r, &[other])?.pop().map(|named| named.called().to_owned()).unwrap_or_default(),
        back: if open { format!("/members/{other}") } else { asker.path.clone() },
        state: state_label(t, state),
        tone: tone(state),
        every: t.rhythm_every(kept.care.cadence.ideal),
        source: source_label(t, kept.source),
        // how warm it feels and which words one has for somebody are nobody else's matter
        warmth: if actor == holder { warmth_label(t, due::warmth(r, holder, other)?) } else { "" },
        last: match kept.care.history.touch {
            Some(touch) => t.rhythm_last(day_label(touch.on, asker.lang)),
            None => t.rhythm_never().to_owned(),
        },
        next: if shown { t.rhythm_next(day_label(kept.due_on(), asker.lang)) } else { String::new() },
        why: &kept.row.why,
        delegate: delegate.map(|one| one.called().to_owned()).unwrap_or_default(),
        unanswered: state == State::Unanswered,
        replies: if state == State::Unanswered { replies(r, t, actor)? } else { String::new() },
        ended: state == State::Ended,
        asks: kept.asks(),
        resting: matches!(state, State::Paused | State::Snoozed),
        ways: ways(t),
        channels,
        labels,
        colleagues,
    };
    Ok(panel.render()?)
}

/// The fear of annoying others, answered with one's own experience: how often an attempt led to a talk.
fn replies(r: &Reading<'_>, t: Texts, actor: ActorId) -> Result<String, Problem> {
    let (tries, talks) = queries::replies(r, actor)?;
    // of fewer than five attempts nothing can be said
    Ok(if tries < 5 { String::new() } else { t.rhythm_unanswered_share(100 * talks / tries) })
}

fn filled(r: &Reading<'_>, kept: &Kept) -> Result<Fields, Problem> {
    let mut fields = Fields::default();
    let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    fields.set("ideal", number(kept.row.ideal));
    fields.set("max", number(kept.row.max));
    fields.set("why", kept.row.why.as_str());
    fields.set("channel", kept.row.channel.clone().unwrap_or_default());
    fields.set("next", kept.row.next_fixed_on.map(|on| date_of(on).to_string()).unwrap_or_default());
    for label in queries::labels_between(r, kept.row.holder, kept.row.other)? {
        fields.add("labels", label.to_string());
    }
    Ok(fields)
}

fn care_id(text: &str) -> Result<CareId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

async fn apply(asker: &Asker, app: &App, id: CareId, changes: Vec<Change>) -> Result<(), Problem> {
    let (actor, _) = asker.member()?;
    app.house
        .write(&asker.acting(), move |w| {
            for change in &changes {
                actions::change(w, id, actor, change)?;
            }
            Ok::<_, Problem>(w.done(&Entry::new(Act::Do, "rhythm.change", id.0).fields(&["care"]), ())?)
        })
        .await
}

#[derive(Template)]
#[template(path = "rhythm/care.html")]
struct CarePage<'a> {
    w: web::Texts,
    wrong: bool,
    other: ActorId,
    name: &'a str,
    panel: &'a str,
}

/// `GET /rhythm/{id}`: one rhythm with everything that can be set.
pub async fn care(asker: Asker, AppState(app): AppState<App>, Path(id): Path<String>) -> Answer {
    let id = care_id(&id)?;
    show_care(&asker, &app, id, None).await
}

async fn show_care(asker: &Asker, app: &App, id: CareId, form: Option<Form>) -> Answer {
    let (actor, _) = asker.member()?;
    let wrong = form.as_ref().is_some_and(Form::has_problems);
    let asked = asker.clone();
    let (other, panel) = app
        .house
        .read(&asker.viewer, move |r| {
            let row = queries::find(r, id, actor)?;
            let other = members::names(r, &[row.other])?.pop().ok_or_else(Problem::not_found)?;
            let form = form.unwrap_or(Form::new(
                asked.texts(),
                match due::kept(r, row.holder, row.other)? {
                    Some(kept) => filled(r, &kept)?,
                    None => Fields::default(),
                },
            ));
            let panel = rendered(r, &asked, (row.holder, row.other), Some(&form))?;
            Ok::<_, Problem>((other, panel))
        })
        .await?;
    Page::new(asker, other.called()).at(Place::Today).with(&CarePage {
        w: asker.texts(),
        wrong,
        other: other.id,
        name: other.called(),
        panel: &panel,
    })
}

/// `POST /rhythm/{id}/cadence`
pub async fn cadence_submit(
    asker: Asker,
    AppState(app): AppState<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    asker.member()?;
    let id = care_id(&id)?;
    let mut form = Form::new(asker.texts(), fields);
    let t = Texts(asker.lang);
    let (ideal, max) = gaps(&mut form, t);
    let why = form.optional("why", 300);
    let channel = Channel::from_word(form.value("channel"));
    if form.has_problems() {
        return show_care(&asker, &app, id, Some(form)).await;
    }
    apply(&asker, &app, id, vec![Change::Cadence { ideal, max }, Change::Why { why, channel }]).await?;
    Ok(see_other(&back(form.value("back"))))
}

/// `POST /rhythm/{id}/next`
pub async fn next_submit(
    asker: Asker,
    AppState(app): AppState<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    asker.member()?;
    let id = care_id(&id)?;
    let now = app.house.database().now();
    let mut form = Form::new(asker.texts(), fields);
    let typed = form.value("next").trim().to_owned();
    let day = dates::read(&typed).filter(|at| dates::day(*at) >= dates::day(now));
    if !typed.is_empty() && day.is_none() {
        form.complain("next", Texts(asker.lang).rhythm_date_problem());
        return show_care(&asker, &app, id, Some(form)).await;
    }
    let on = day.map(|day| day_of_contact("", day, &true));
    apply(&asker, &app, id, vec![Change::NextOn(on)]).await?;
    Ok(see_other(&back(form.value("back"))))
}

/// `POST /rhythm/{id}/settle`: put off, rest, go on, hand over, let go.
pub async fn settle_submit(
    asker: Asker,
    AppState(app): AppState<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (actor, network) = asker.member_and_network()?;
    let id = care_id(&id)?;
    let to = fields.text("to").parse::<ActorId>().ok();
    let change = match fields.text("what") {
        "snooze_14" => Change::Snooze(14),
        "snooze_30" => Change::Snooze(30),
        "snooze_90" => Change::Snooze(90),
        "pause" => Change::Pause { until: None, reason: String::new() },
        "resume" => Change::Resume,
        "dismiss" => Change::Dismiss,
        "keep" => Change::Keep,
        "lengthen" => Change::Lengthen,
        "end" => Change::End,
        "begin" => Change::BeginAgain,
        "take_back" => Change::HandTo(None),
        "hand" => {
            let to = to.ok_or_else(Problem::not_found)?;
            let may = app
                .house
                .read(&asker.viewer, move |r| {
                    Ok::<_, Problem>(queries::colleagues(r, actor, network)?.contains(&to))
                })
                .await?;
            if !may {
                return Err(Problem::not_found());
            }
            Change::HandTo(Some(to))
        }
        _ => return Err(Problem::not_found()),
    };
    apply(&asker, &app, id, vec![change]).await?;
    Ok(see_other(&back(fields.text("back"))))
}

/// `POST /rhythm/{id}/labels`
pub async fn tie_labels_submit(
    asker: Asker,
    AppState(app): AppState<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (actor, _) = asker.member()?;
    let id = care_id(&id)?;
    let labels: Vec<LabelId> = fields.all("labels").iter().filter_map(|text| text.parse().ok()).collect();
    app.house
        .write(&asker.acting(), move |w| {
            let care = queries::find(w, id, actor)?;
            queries::set_labels(w, actor, care.other, &labels)?;
            Ok::<_, Problem>(w.done(&Entry::new(Act::Do, "rhythm.label", id.0).fields(&["labels"]), ())?)
        })
        .await?;
    Ok(see_other(&back(fields.text("back"))))
}
