//! What members hope for, and the network as a whole.

use askama::Template;
use axum::extract::{Query, State};
use network::vocabulary::Benefit;
use web::{Answer, Asker, Fields, Form, Page, Place, Problem, see_other};

use super::{Flash, benefit_label, benefits, percent, share_line};
use crate::exchanges::actions::{self, ExchangeError};
use crate::exchanges::queries;
use crate::exchanges::whole::{self, Whole};
use crate::{App, Texts};

#[derive(Template)]
#[template(path = "exchanges/hopes.html")]
struct HopesForm<'a> {
    t: Texts,
    form: &'a Form,
    benefits: Vec<(&'static str, &'static str)>,
    asked: Vec<(String, &'static str)>,
    levels: Vec<(&'static str, &'static str)>,
}

/// `GET /exchanges/hopes`: what I hope for here, and how much of it came.
pub async fn hopes_form(asker: Asker, State(app): State<App>, Query(flash): Query<Flash>) -> Answer {
    let (me, network) = asker.member_and_network()?;
    let hopes =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::hopes_of(r, network, me)?)).await?;
    let t = Texts(asker.lang);
    let mut fields = Fields::default();
    for (benefit, level, _) in &hopes {
        fields.add("hopes", benefit.word());
        if let Some(level) = level {
            fields.set(&format!("level-{}", benefit.word()), level.to_string());
        }
    }
    let page = Page::new(&asker, t.exchanges_hopes_title()).at(Place::Giving);
    let page = if flash.done == "hopes" { page.done(t.exchanges_done_hopes(), None) } else { page };
    page.with(&HopesForm {
        t,
        form: &Form::new(asker.texts(), fields),
        benefits: benefits(t),
        asked: hopes
            .iter()
            .map(|(benefit, ..)| (format!("level-{}", benefit.word()), benefit_label(t, *benefit)))
            .collect(),
        levels: vec![
            ("1", t.exchanges_level_none()),
            ("2", t.exchanges_level_little()),
            ("3", t.exchanges_level_some()),
            ("4", t.exchanges_level_much()),
            ("5", t.exchanges_level_full()),
        ],
    })
}

/// `POST /exchanges/hopes`
pub async fn hopes_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (me, network) = asker.member_and_network()?;
    let form = Form::new(asker.texts(), fields);
    let hopes: Vec<Benefit> = form.fields.all("hopes").into_iter().filter_map(Benefit::from_word).collect();
    let levels: Vec<(Benefit, i64)> = Benefit::ALL
        .iter()
        .filter_map(|benefit| {
            let level = form.value(&format!("level-{}", benefit.word())).parse().ok()?;
            (1..=5).contains(&level).then_some((*benefit, level))
        })
        .collect();
    crate::once(&app.house, &asker, &form, move |w| {
        actions::put_hope(w, network, me, &hopes)?;
        actions::put_level(w, network, me, &levels)?;
        Ok::<_, ExchangeError>(String::new())
    })
    .await?;
    Ok(see_other("/exchanges/hopes?done=hopes"))
}

#[derive(Template)]
#[template(path = "exchanges/network.html")]
struct Network<'a> {
    t: Texts,
    whole: &'a Whole,
}

/// `GET /exchanges/network`: what the network's members gave each other, as a whole.
pub async fn network(asker: Asker, State(app): State<App>) -> Answer {
    let (_, network) = asker.member_and_network()?;
    let whole = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(whole::of(r, network)?)).await?;
    let t = Texts(asker.lang);
    Page::new(&asker, t.exchanges_network_title()).at(Place::Networks).with(&Network { t, whole: &whole })
}

fn kind_label(t: Texts, kind: &str) -> &'static str {
    match kind {
        "group" => t.exchanges_kind_group(),
        "organization" => t.exchanges_kind_organization(),
        _ => t.exchanges_kind_person(),
    }
}
