//! What one wants to be told, when, and in which hours not.

use askama::Template;
use axum::extract::{Path, Query, State};
use network::telling::{Channel, Scope, Topic, When, when};
use serde::Deserialize;
use store::Reading;
use store::ids::{ActorId, TieId};
use web::{Answer, Asker, Fields, Form, Lang, Page, Problem, see_other};

use super::super::actions::{self, Spot};
use super::super::hours::{Hours, is_zone};
use super::super::letters::{channel_label, topic_label};
use super::super::queries::choices::{self, Chosen};
use super::devices::{DeviceLine, device_lines};
use crate::{App, Texts, dates, members};

type Options = Vec<(&'static str, &'static str)>;

/// A topic on the page: a field for each channel it has there, and one for the list.
#[derive(Debug)]
struct TopicLine {
    label: &'static str,
    /// The channel's word and the field's name.
    ways: Vec<(&'static str, String)>,
    page: String,
    /// Whether it stands in the list as one chooses.
    listed: bool,
}

/// A choice about somebody or something.
#[derive(Debug)]
struct Narrow {
    id: i64,
    about: String,
    words: String,
}

#[derive(Template)]
#[template(path = "notices/settings.html")]
struct Settings<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    address: Option<String>,
    letters: bool,
    push: Option<&'a str>,
    script: String,
    devices: Vec<DeviceLine>,
    line: LineSection,
    line_provider: &'a str,
    trouble: Vec<(String, &'static str)>,
    whens: Options,
    topic_whens: Options,
    topics: Vec<TopicLine>,
    weekdays: Options,
    narrow: Vec<Narrow>,
}

/// What the page says of LINE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineSection {
    /// It is not set up here.
    None,
    /// It is, and this account is not tied to it.
    Untied,
    Tied,
}

impl Settings<'_> {
    fn has_line(&self) -> bool {
        self.line == LineSection::Tied
    }

    fn may_have_line(&self) -> bool {
        self.line == LineSection::Untied
    }

    /// Whether the device that asks shows messages already.
    fn is_on(&self) -> bool {
        self.devices.iter().any(|one| one.own)
    }

    /// Whether something may appear on a locked screen.
    fn on_screens(&self) -> bool {
        !self.devices.is_empty() || self.has_line()
    }
}

fn when_label(t: Texts, when: When) -> &'static str {
    match when {
        When::AtOnce => t.notices_when_at_once(),
        When::Daily => t.notices_when_daily(),
        When::Weekly => t.notices_when_weekly(),
        When::Never => t.notices_when_never(),
    }
}

fn whens(t: Texts) -> Options {
    When::ALL.iter().map(|when| (when.word(), when_label(t, *when))).collect()
}

fn weekdays(t: Texts) -> Options {
    vec![
        ("1", t.notices_monday()),
        ("2", t.notices_tuesday()),
        ("3", t.notices_wednesday()),
        ("4", t.notices_thursday()),
        ("5", t.notices_friday()),
        ("6", t.notices_saturday()),
        ("7", t.notices_sunday()),
    ]
}

/// `2100` minutes as `21:00`.
pub fn clock(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `21:00` as minutes of the day.
pub fn minutes(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
}

fn listed(topic: Topic) -> bool {
    !matches!(topic, Topic::Account | Topic::Rhythm)
}

/// `?saved=1` after saving.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    saved: String,
}

/// `GET /notices/settings`
pub async fn settings(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    show(&asker, &app, Form::new(asker.texts(), Fields::default()), wanted.saved == "1").await
}

struct Stands {
    chosen: Vec<Chosen>,
    hours: Hours,
    words: bool,
    address: Option<String>,
    devices: Vec<post::DeviceRow>,
    line: Option<String>,
    trouble: Vec<(store::Micros, String)>,
    names: Vec<(i64, String)>,
}

impl Stands {
    /// The channels this person can be reached by.
    fn channels(&self) -> Vec<Channel> {
        let mut channels = vec![Channel::Email];
        if !self.devices.is_empty() {
            channels.push(Channel::Push);
        }
        if self.line.is_some() {
            channels.push(Channel::Line);
        }
        channels
    }
}

async fn show(asker: &Asker, app: &App, mut form: Form, saved: bool) -> Answer {
    let (_, session) = asker.member()?;
    let (person, account) = (session.person, session.account);
    let t = Texts(asker.lang);
    let setup = &app.house.setup;
    let issuer = setup.line.clone();
    let stands = app
        .house
        .read(&asker.viewer, move |r| {
            let chosen = choices::all(r, person)?;
            let mut names = Vec::new();
            for one in chosen.iter().filter(|one| one.choice.scope != Scope::Default) {
                names.push((one.id, name_of(r, t, one)?));
            }
            Ok::<_, Problem>(Stands {
                hours: choices::hours(r, person)?,
                words: choices::words(r, person)?,
                address: post::email_of(r, person)?.map(|(address, _)| address),
                devices: post::devices(r, account)?,
                line: match &issuer {
                    Some(issuer) => post::line_of(r, person, issuer)?,
                    None => None,
                },
                trouble: post::trouble(r, person)?,
                names,
                chosen,
            })
        })
        .await?;
    if form.value("email").is_empty() {
        fill(&mut form, &stands);
    }
    let mut topic_whens = vec![("", t.notices_when_as_above())];
    topic_whens.extend(whens(t));
    let narrow = stands.names.iter().filter_map(|(id, about)| {
        let one = stands.chosen.iter().find(|one| one.id == *id)?;
        Some(Narrow { id: *id, about: about.clone(), words: choice_words(t, one) })
    });
    let mut page = Page::new(asker, t.notices_settings_title());
    if saved {
        page = page.done(t.notices_settings_saved(), None);
    }
    let provider = app.providers.list.iter().find(|one| Some(&one.issuer) == setup.line.as_ref());
    page.with(&Settings {
        t,
        w: asker.texts(),
        letters: setup.letters,
        push: setup.push.as_deref(),
        script: web::assets::address("push.js"),
        devices: device_lines(asker, &stands.devices),
        line: match (&setup.line, &stands.line) {
            (None, _) => LineSection::None,
            (Some(_), None) => LineSection::Untied,
            (Some(_), Some(_)) => LineSection::Tied,
        },
        line_provider: provider.map_or("LINE", |one| one.label.as_str()),
        trouble: trouble(t, asker.lang, &stands.trouble),
        whens: whens(t),
        topic_whens,
        topics: topics(t, &stands.channels()),
        weekdays: weekdays(t),
        narrow: narrow.collect(),
        address: stands.address.clone(),
        form: &form,
    })
}

fn topics(t: Texts, channels: &[Channel]) -> Vec<TopicLine> {
    Topic::ALL
        .into_iter()
        .map(|topic| TopicLine {
            label: topic_label(t, topic),
            ways: channels
                .iter()
                .map(|channel| (channel_label(t, *channel), field(*channel, topic)))
                .collect(),
            page: format!("page-{}", topic.word()),
            listed: listed(topic),
        })
        .collect()
}

fn field(channel: Channel, topic: Topic) -> String {
    format!("{}-{}", channel.word(), topic.word())
}

fn trouble(t: Texts, lang: Lang, rows: &[(store::Micros, String)]) -> Vec<(String, &'static str)> {
    rows.iter()
        .map(|(at, state)| {
            let words = match state.as_str() {
                "perhaps" => t.notices_trouble_perhaps(),
                "failed" => t.notices_trouble_failed(),
                _ => t.notices_trouble_refused(),
            };
            (dates::short(*at, lang), words)
        })
        .collect()
}

fn name_of(r: &Reading<'_>, t: Texts, one: &Chosen) -> Result<String, Problem> {
    if one.choice.scope == Scope::Tie {
        return Ok(t.notices_about_tie(TieId(one.about).to_string()));
    }
    let name = members::names(r, &[ActorId(one.about)])?.pop();
    let name = name.map_or_else(|| t.notices_somebody().to_owned(), |named| named.called().to_owned());
    Ok(if one.choice.scope == Scope::Group { t.notices_about_group(name) } else { name })
}

fn choice_words(t: Texts, one: &Chosen) -> String {
    let channel =
        one.choice.channel.map_or_else(|| t.notices_channel_every(), |channel| channel_label(t, channel));
    let topic = one.choice.topic.map_or_else(|| t.notices_topic_every(), |topic| topic_label(t, topic));
    format!("{topic} · {channel} · {}", when_label(t, one.choice.when))
}

fn fill(form: &mut Form, stands: &Stands) {
    let wide: Vec<_> =
        stands.chosen.iter().map(|one| one.choice).filter(|one| one.scope == Scope::Default).collect();
    let all: Vec<_> = wide.iter().copied().filter(|one| one.topic.is_none()).collect();
    for channel in Channel::OUTSIDE {
        form.fields.set(channel.word(), when(&all, Topic::Account, channel).word());
    }
    form.fields.set("words", if stands.words { "1" } else { "" });
    for topic in Topic::ALL {
        let own: Vec<_> = wide.iter().copied().filter(|one| one.topic == Some(topic)).collect();
        for channel in Channel::OUTSIDE {
            let named = own.iter().any(|one| one.channel.is_none_or(|own| own == channel));
            let word = if named { when(&own, topic, channel).word() } else { "" };
            form.fields.set(&field(channel, topic), word);
        }
        let shown = when(&wide, topic, Channel::Page) != When::Never;
        form.fields.set(&format!("page-{}", topic.word()), if shown { "1" } else { "" });
    }
    form.fields.set("quiet_from", clock(stands.hours.quiet_from));
    form.fields.set("quiet_until", clock(stands.hours.quiet_until));
    form.fields.set("zone", stands.hours.zone.clone());
    form.fields.set("weekday", stands.hours.weekday.to_string());
}

/// `POST /notices/settings`
pub async fn settings_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let person = session.person;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let hours = read_hours(t, &mut form);
    let Some(chosen) = read_choices(&form) else { return Err(Problem::bad_request()) };
    // asked only where something may appear on a locked screen
    let words = (form.value("screens") == "1").then(|| form.fields.ticked("words"));
    let Some(hours) = hours else { return show(&asker, &app, form, false).await };
    app.house
        .write(&asker.acting(), move |w| {
            actions::choose(w, person, &chosen)?;
            actions::live(w, person, &hours)?;
            if let Some(words) = &words {
                actions::show_words(w, person, words)?;
            }
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/notices/settings?saved=1"))
}

fn read_hours(t: Texts, form: &mut Form) -> Option<Hours> {
    let quiet_from = minutes(form.value("quiet_from"));
    let quiet_until = minutes(form.value("quiet_until"));
    for (field, read) in [("quiet_from", quiet_from), ("quiet_until", quiet_until)] {
        if read.is_none() {
            form.complain(field, t.notices_hour_problem());
        }
    }
    let zone = form.value("zone").trim().to_owned();
    if !is_zone(&zone) {
        form.complain("zone", t.notices_zone_problem());
    }
    let weekday = form.value("weekday").parse::<i64>().ok().filter(|day| (1..=7).contains(day))?;
    if form.has_problems() {
        return None;
    }
    Some(Hours { zone, quiet_from: quiet_from?, quiet_until: quiet_until?, weekday })
}

/// What the form says of everything; the wide choice first, so that a topic's own stands after it.
fn read_choices(form: &Form) -> Option<Vec<(Spot, Option<When>)>> {
    let mut chosen = Vec::new();
    // a channel that is not on the page keeps what was chosen for it
    let on_page = |channel: &Channel| !form.value(channel.word()).is_empty();
    let channels: Vec<Channel> = Channel::OUTSIDE.into_iter().filter(on_page).collect();
    if !channels.contains(&Channel::Email) {
        return None;
    }
    for channel in &channels {
        let wanted = When::from_word(form.value(channel.word()))?;
        chosen.push((Spot::everything(None, *channel), Some(wanted)));
    }
    for topic in Topic::ALL {
        for channel in &channels {
            let word = form.value(&field(*channel, topic));
            let wanted = if word.is_empty() { None } else { Some(When::from_word(word)?) };
            chosen.push((Spot::everything(Some(topic), *channel), wanted));
        }
        if listed(topic) {
            let shown = form.fields.ticked(&format!("page-{}", topic.word()));
            let wanted = if shown { None } else { Some(When::Never) };
            chosen.push((Spot::everything(Some(topic), Channel::Page), wanted));
        }
    }
    Some(chosen)
}

/// `POST /notices/settings/choices/{choice}/remove`
pub async fn remove_choice(asker: Asker, State(app): State<App>, Path(choice): Path<String>) -> Answer {
    let (_, session) = asker.member()?;
    let person = session.person;
    let id: i64 = choice.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::take_back(w, person, id)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/notices/settings?saved=1"))
}

#[derive(Template)]
#[template(path = "notices/panel.html")]
struct Panel {
    t: Texts,
    id: ActorId,
    group: bool,
    options: Options,
    now: &'static str,
}

/// On a member's page: when one wants to be told what they do.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, id: ActorId) -> Result<String, Problem> {
    let Ok((actor, session)) = asker.member() else { return Ok(String::new()) };
    let (person, t) = (session.person, Texts(asker.lang));
    let Some(named) = members::names(r, &[id])?.pop().filter(|named| named.id != actor && named.id != person)
    else {
        return Ok(String::new());
    };
    let group = named.kind != "person";
    let scope = if group { Scope::Group } else { Scope::Person };
    let own = choices::all(r, person)?;
    let own = own.iter().find(|one| {
        one.about == id.0
            && one.choice.scope == scope
            && one.choice.topic.is_none()
            && one.choice.channel.is_none()
    });
    let mut options = vec![("", t.notices_when_usual())];
    options.extend(whens(t));
    Ok(Panel { t, id, group, options, now: own.map_or("", |one| one.choice.when.word()) }.render()?)
}

/// `POST /notices/settings/about/{id}`: when one wants to be told what this member or group does.
pub async fn about_submit(
    asker: Asker,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let (_, session) = asker.member()?;
    let person = session.person;
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let wanted = match fields.text("when") {
        "" => None,
        word => Some(When::from_word(word).ok_or_else(Problem::bad_request)?),
    };
    app.house
        .write(&asker.acting(), move |w| {
            let named = members::names(w, &[id])?.pop().ok_or_else(Problem::not_found)?;
            let scope = if named.kind == "person" { Scope::Person } else { Scope::Group };
            let spot = Spot { scope, about: id.0, topic: None, channel: None };
            actions::choose(w, person, &[(spot, wanted)])?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other(&format!("/members/{id}")))
}
