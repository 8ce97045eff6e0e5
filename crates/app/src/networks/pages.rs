use askama::Template;
use axum::extract::State;
use store::ids::ActorId;
use web::{Answer, Asker, Fields, Form, Lang, Page, Place, Problem, see_other};

use super::actions;
use super::queries::{self, Network};
use crate::gatherings::{self, Next};
use crate::members::{self, Named};
use crate::{App, Texts};

/// What waits for a coordinator: how many, what, and where to go.
#[derive(Debug)]
struct Waiting {
    sentence: String,
    address: &'static str,
}

#[derive(Template)]
#[template(path = "networks/page.html")]
struct NetworkPage<'a> {
    t: Texts,
    network: &'a Network,
    people: i64,
    groups: i64,
    organizations: i64,
    offers: i64,
    needs: i64,
    coordinators: &'a [Named],
    coordinates: bool,
    waiting: Vec<Waiting>,
    lang: Lang,
    gatherings: &'a [Next],
}

/// `GET /networks`: the network that is shown.
pub async fn page(asker: Asker, State(app): State<App>) -> Answer {
    let (_, id) = asker.member_and_network()?;
    let coordinates = asker.coordinates();
    let sizes = app.sizes.clone();
    let (network, size, coordinators, work, gatherings) = app
        .house
        .read(&asker.viewer, move |r| {
            let coordinators = queries::coordinators(r, id)?;
            Ok::<_, Problem>((
                queries::find(r, id)?,
                sizes.of(r, id, || queries::size(r, id))?,
                members::names(r, &coordinators)?,
                if coordinates { Some(queries::work(r, id)?) } else { None },
                gatherings::next(r, gatherings::OF_NETWORK, id, 8)?,
            ))
        })
        .await?;
    let t = Texts(asker.lang);
    let count = |kind: &str| size.members.iter().find(|(of, _)| of == kind).map_or(0, |(_, n)| *n);
    let waiting = work.map(|work| waiting(t, work)).unwrap_or_default();
    Page::new(&asker, &network.name).at(Place::Networks).with(&NetworkPage {
        t,
        network: &network,
        people: count("person"),
        groups: count("group"),
        organizations: count("organization"),
        offers: size.offers,
        needs: size.needs,
        coordinators: &coordinators,
        coordinates,
        waiting,
        lang: asker.lang,
        gatherings: &gatherings,
    })
}

fn waiting(
    t: Texts,
    (pending, duplicates, unclaimed, concerns, applications): (i64, i64, i64, i64, i64),
) -> Vec<Waiting> {
    [
        (applications, t.networks_work_applications(applications), "/administration/applications"),
        (pending, t.networks_work_consent(pending), "/members?pending=1"),
        (duplicates, t.networks_work_duplicates(duplicates), "/transfer/duplicates"),
        (unclaimed, t.networks_work_unclaimed(unclaimed), "/joining/unclaimed"),
        (concerns, t.networks_work_concerns(concerns), "/administration/concerns"),
    ]
    .into_iter()
    .filter(|(n, _, _)| *n > 0)
    .map(|(_, sentence, address)| Waiting { sentence, address })
    .collect()
}

#[derive(Template)]
#[template(path = "networks/edit.html")]
struct Edit<'a> {
    t: Texts,
    w: web::Texts,
    form: &'a Form,
}

fn show_edit(asker: &Asker, form: &Form) -> Answer {
    let t = Texts(asker.lang);
    Page::new(asker, t.networks_edit()).at(Place::Networks).with(&Edit { t, w: asker.texts(), form })
}

/// `GET /networks/edit`
pub async fn edit_form(asker: Asker, State(app): State<App>) -> Answer {
    let (_, id) = asker.coordinator()?;
    let network = app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, id)?)).await?;
    let mut fields = Fields::default();
    fields.set("name", network.name);
    fields.set("about", network.about);
    fields.set("version", network.version.to_string());
    show_edit(&asker, &Form::new(asker.texts(), fields))
}

/// `POST /networks/edit`
pub async fn edit_submit(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, id): (ActorId, ActorId) = asker.coordinator()?;
    let mut form = Form::new(asker.texts(), fields);
    let (name, about) = (form.required("name", 200), form.optional("about", 2000));
    if form.has_problems() {
        return show_edit(&asker, &form);
    }
    let version = form.value("version").parse().unwrap_or(0);
    app.house
        .write(&asker.acting(), move |w| {
            actions::describe(w, id, version, &name, &about)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/networks"))
}
