use askama::Template;
use axum::extract::State as AppState;
use network::rhythm::{self, Season};
use network::vocabulary::Role;
use store::ids::{ActorId, LabelId};
use store::journal::{Act, Entry};
use web::{Answer, Asker, Fields, Form, Page, Place, Problem, see_other};

use super::super::due::{self, day_label};
use super::super::queries::{self, DefaultRow, LabelRow};
use super::super::zone::zones;
use super::{gaps, state_label, tone};
use crate::{App, Texts, members};

#[derive(Debug)]
struct Line {
    id: ActorId,
    name: String,
    state: &'static str,
    tone: &'static str,
    every: String,
    next: String,
}

#[derive(Template)]
#[template(path = "rhythm/settings.html")]
struct Settings<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    lines: Vec<Line>,
    on_time: i64,
    active: i64,
    zones: Vec<(&'static str, &'static str)>,
    coordinates: bool,
    share: String,
    defaults: Vec<String>,
    roles: Vec<(&'static str, &'static str)>,
}

/// So many stand on one page, those that press first.
const ROWS: usize = 200;

/// `GET /rhythm`: everybody one stays in touch with, and how days are counted.
pub async fn settings(asker: Asker, AppState(app): AppState<App>) -> Answer {
    let form = Form::new(asker.texts(), Fields::default());
    show(&asker, &app, form).await
}

async fn show(asker: &Asker, app: &App, mut form: Form) -> Answer {
    let (actor, network) = asker.member_and_network()?;
    let t = Texts(asker.lang);
    let coordinates = asker.coordinates();
    let lang = asker.lang;
    let (lines, counts, zone, share, defaults) = app
        .house
        .read(&asker.viewer, move |r| {
            let mut all = due::of_holder(r, actor)?;
            let states: Vec<_> = all.iter().map(due::Kept::state).collect();
            let counts = rhythm::on_time(&states);
            all.sort_by(|a, b| {
                b.care.urgency(b.today).total_cmp(&a.care.urgency(a.today)).then(a.due_on().cmp(&b.due_on()))
            });
            let mut lines = Vec::new();
            let named = members::named(r, all.iter().take(ROWS).map(|kept| kept.row.other))?;
            for kept in all.iter().take(ROWS) {
                let Some(other) = named.get(&kept.row.other) else { continue };
                lines.push(Line {
                    id: other.id,
                    name: other.called().to_owned(),
                    state: state_label(t, kept.state()),
                    tone: tone(kept.state()),
                    every: t.rhythm_every(kept.care.cadence.ideal),
                    next: t.rhythm_next(day_label(kept.due_on(), lang)),
                });
            }
            let share = if coordinates { due::on_time_of(r, network)? } else { None };
            let defaults = if coordinates { queries::defaults(r, network)? } else { Vec::new() };
            Ok::<_, Problem>((lines, counts, queries::zone(r, actor)?, share, defaults))
        })
        .await?;
    if form.value("zone").is_empty() {
        form.fields.set("zone", zone.clone());
    }
    let mut offered: Vec<(&'static str, &'static str)> = zones().iter().map(|zone| (*zone, *zone)).collect();
    offered.sort_by_key(|(name, _)| *name != zone);
    let percent = |(on_time, active): (usize, usize)| 100 * on_time / active.max(1);
    Page::new(asker, t.rhythm_title()).at(Place::Today).with(&Settings {
        t,
        w: asker.texts(),
        form: &form,
        lines,
        on_time: i64::try_from(counts.0).unwrap_or(0),
        active: i64::try_from(counts.1).unwrap_or(0),
        zones: offered,
        coordinates,
        share: match share {
            Some(share) => t.rhythm_network_on_time(i64::try_from(percent(share)).unwrap_or(0)),
            None => t.rhythm_network_few().to_owned(),
        },
        defaults: defaults.iter().map(|row| default_line(t, row)).collect(),
        roles: roles(t),
    })
}

fn roles(t: Texts) -> Vec<(&'static str, &'static str)> {
    let mut roles = vec![("", t.rhythm_role_everybody())];
    roles.extend(Role::ALL.iter().map(|role| (role.word(), members::role_label(t, role.word()))));
    roles
}

fn default_line(t: Texts, row: &DefaultRow) -> String {
    let whom =
        if row.role.is_empty() { t.rhythm_role_everybody() } else { members::role_label(t, &row.role) };
    let mut parts = vec![whom.to_owned()];
    parts.extend(row.ideal.map(|ideal| t.rhythm_every(ideal)));
    parts.extend(row.season.map(|(from, to)| format!("{}–{}", month_day(from), month_day(to))));
    parts.join(" · ")
}

/// 215 as 15/2, as people here write it.
fn month_day(number: i64) -> String {
    format!("{}/{}", number % 100, number / 100)
}

fn read_month_day(text: &str) -> Option<i64> {
    let text = thai::text::western_digits(text).into_owned();
    let (day, month) = text.trim().split_once('/')?;
    let number = month.trim().parse::<i64>().ok()? * 100 + day.trim().parse::<i64>().ok()?;
    Season::read(number, number).map(|_| number)
}

/// `POST /rhythm/zone`
pub async fn zone_submit(asker: Asker, AppState(app): AppState<App>, fields: Fields) -> Answer {
    let (actor, _) = asker.member()?;
    let zone = fields.text("zone").to_owned();
    if !zones().contains(&zone.as_str()) {
        return Err(Problem::invalid("zone"));
    }
    app.house
        .write(&asker.acting(), move |w| {
            queries::set_zone(w, actor, &zone)?;
            Ok::<_, Problem>(w.done(&Entry::new(Act::Do, "rhythm.zone", actor.0).fields(&["zone"]), ())?)
        })
        .await?;
    Ok(see_other("/rhythm"))
}

/// `POST /rhythm/default`: what the network suggests, for everybody or toward those with a role.
pub async fn default_submit(asker: Asker, AppState(app): AppState<App>, fields: Fields) -> Answer {
    let (_, network) = asker.coordinator()?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let (ideal, max) = gaps(&mut form, t);
    let role = Role::from_word(form.value("role")).map_or("", Role::word).to_owned();
    let mut season = None;
    if !form.value("from").trim().is_empty() || !form.value("to").trim().is_empty() {
        for name in ["from", "to"] {
            if read_month_day(form.value(name)).is_none() {
                form.complain(name, t.rhythm_season_problem());
            }
        }
        season = read_month_day(form.value("from")).zip(read_month_day(form.value("to")));
    }
    if form.has_problems() {
        return show(&asker, &app, form).await;
    }
    // the season is the whole network's
    let row = DefaultRow { season: season.filter(|_| role.is_empty()), role, ideal, max };
    app.house
        .write(&asker.acting(), move |w| {
            queries::set_default(w, network, &row)?;
            let entry = Entry::new(Act::Administer, "rhythm.default", network.0).in_network(network);
            Ok::<_, Problem>(w.done(&entry.fields(&["cadence_default"]), ())?)
        })
        .await?;
    Ok(see_other("/rhythm"))
}

#[derive(Template)]
#[template(path = "rhythm/labels.html")]
struct Labels<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
    labels: Vec<(LabelId, String, String)>,
    weights: Vec<(&'static str, &'static str)>,
}

/// `GET /rhythm/labels`
pub async fn labels(asker: Asker, AppState(app): AppState<App>) -> Answer {
    let mut fields = Fields::default();
    fields.set("weight", "1");
    show_labels(&asker, &app, Form::new(asker.texts(), fields)).await
}

async fn show_labels(asker: &Asker, app: &App, form: Form) -> Answer {
    let (actor, _) = asker.member()?;
    let t = Texts(asker.lang);
    let labels =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::labels_of(r, actor)?)).await?;
    let line = |label: LabelRow| {
        let every = label.ideal.map(|ideal| t.rhythm_every(ideal)).unwrap_or_default();
        (label.id, label.name, [every.as_str(), weight_label(t, label.weight)].join(" · "))
    };
    Page::new(asker, t.rhythm_labels()).at(Place::Today).with(&Labels {
        t,
        w: asker.texts(),
        form: &form,
        labels: labels.into_iter().map(line).collect(),
        weights: vec![
            ("1.5", t.rhythm_label_close()),
            ("1", t.rhythm_label_ordinary()),
            ("0.5", t.rhythm_label_distant()),
        ],
    })
}

fn weight_label(t: Texts, weight: f64) -> &'static str {
    if weight > 1.0 {
        t.rhythm_label_close()
    } else if weight < 1.0 {
        t.rhythm_label_distant()
    } else {
        t.rhythm_label_ordinary()
    }
}

/// `POST /rhythm/labels`: one more label, or one less.
pub async fn labels_submit(asker: Asker, AppState(app): AppState<App>, fields: Fields) -> Answer {
    let (actor, _) = asker.member()?;
    let t = Texts(asker.lang);
    let mut form = Form::new(asker.texts(), fields);
    let drop = form.value("drop").parse::<LabelId>().ok();
    let (mut name, mut label_gaps, mut weight) = (String::new(), (None, None), 1.0);
    if drop.is_none() {
        name = form.required("name", 60);
        label_gaps = gaps(&mut form, t);
        weight = form.value("weight").parse::<f64>().ok().filter(|w| (0.5..=1.5).contains(w)).unwrap_or(1.0);
    }
    if form.has_problems() {
        return show_labels(&asker, &app, form).await;
    }
    app.house
        .write(&asker.acting(), move |w| {
            match drop {
                Some(id) => queries::drop_label(w, actor, id)?,
                None => {
                    queries::put_label(w, actor, &name, label_gaps, weight)?;
                }
            }
            let entry = Entry::new(Act::Do, "rhythm.label", actor.0).fields(&["label"]);
            Ok::<_, Problem>(w.done(&entry, ())?)
        })
        .await?;
    Ok(see_other("/rhythm/labels"))
}
