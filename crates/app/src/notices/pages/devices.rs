//! Devices that show what concerns one: allowed on the device itself, taken back from anywhere.

use axum::extract::{Path, State};
use store::sessions;
use web::{Answer, Asker, Fields, Problem, see_other};

use super::super::actions;
use crate::App;

/// `POST /notices/devices`: this device is told things from now on, as long as its session lasts.
pub async fn subscribe(asker: Asker, State(app): State<App>, fields: Fields) -> Answer {
    let (_, session) = asker.member()?;
    let person = session.person;
    if app.house.setup.push.is_none() {
        return Err(Problem::not_found());
    }
    let hash = asker.secret.as_deref().map(sessions::hash).ok_or_else(Problem::sign_in)?;
    let device = post::Subscription {
        endpoint: fields.text("endpoint").to_owned(),
        p256dh: fields.text("p256dh").to_owned(),
        auth: fields.text("auth").to_owned(),
    };
    if !device.is_usable() {
        return Err(Problem::bad_request());
    }
    app.house
        .write(&asker.acting(), move |w| {
            actions::subscribe(w, person, &hash, &device)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/notices/settings?saved=1"))
}

/// `POST /notices/devices/{id}/remove`
pub async fn unsubscribe(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (_, session) = asker.member()?;
    let account = session.account;
    let id = id.parse().map_err(|_| Problem::not_found())?;
    app.house
        .write(&asker.acting(), move |w| {
            actions::unsubscribe(w, account, id)?;
            Ok::<_, Problem>(w.finished(())?)
        })
        .await?;
    Ok(see_other("/notices/settings?saved=1"))
}
