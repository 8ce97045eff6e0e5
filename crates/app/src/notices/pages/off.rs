//! The link of a letter that ends letters of its kind: without signing in, and only by a tap, since mail programs open
//! links by themselves (RFC 8058).

use askama::Template;
use axum::extract::{Path, State};
use network::telling::{Channel, Scope, Topic, When};
use store::Acting;
use web::{Answer, Asker, Page, Problem};

use super::super::actions::{self, Spot};
use super::super::letters::{channel_label, topic_label};
use crate::{App, Texts};

#[derive(Template)]
#[template(path = "notices/off.html")]
struct Off<'a> {
    t: Texts,
    secret: &'a str,
    what: &'a str,
    done: bool,
}

/// "e-mail about promises", "messages by LINE".
fn what(t: Texts, topic: Option<Topic>, channel: Channel) -> String {
    let label = channel_label(t, channel);
    topic.map_or_else(|| t.notices_off_all(label), |topic| t.notices_off_topic(label, topic_label(t, topic)))
}

/// `GET /notices/off/{secret}`: one button. Looking turns nothing off.
pub async fn off(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    let looked = secret.clone();
    let (_, topic, channel) =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(actions::of_link(r, &looked)?)).await?;
    let t = Texts(asker.lang);
    let what = what(t, topic, channel);
    Page::new(&asker, t.notices_off_title()).plain().with(&Off {
        t,
        secret: &secret,
        what: &what,
        done: false,
    })
}

/// `POST /notices/off/{secret}`: by the button, or by the mail program's own. A second tap changes nothing.
pub async fn off_submit(asker: Asker, State(app): State<App>, Path(secret): Path<String>) -> Answer {
    let used = secret.clone();
    // whoever holds the letter, not whoever is signed in here
    let (topic, channel) = app
        .house
        .write(&Acting::system("unsubscribe"), move |w| {
            let (person, topic, channel) = actions::of_link(w, &used)?;
            let spot = Spot { scope: Scope::Default, about: 0, topic, channel: Some(channel) };
            actions::choose(w, person, &[(spot, Some(When::Never))])?;
            Ok::<_, Problem>(w.finished((topic, channel))?)
        })
        .await?;
    let t = Texts(asker.lang);
    let what = what(t, topic, channel);
    Page::new(&asker, t.notices_off_title()).plain().with(&Off {
        t,
        secret: &secret,
        what: &what,
        done: true,
    })
}
