use askama::Template;
use axum::extract::{Path, State as Given};
use network::referral::State;
use store::Micros;
use web::{Answer, Asker, Lang, Page, Problem};

use super::called;
use crate::referrals::ReferralId;
use crate::referrals::parts::{date, state_label};
use crate::referrals::queries::{self, Referral};
use crate::{App, Texts, dates, qr};

#[derive(Template)]
#[template(path = "referrals/letter.html")]
struct Letter<'a> {
    t: Texts,
    lang: Lang,
    referral: &'a Referral,
    sender: String,
    receiver: String,
    network: String,
    person: Option<String>,
    reach: &'a [(String, String, String)],
    link: String,
    qr: String,
}

/// `GET /referrals/{id}/letter`: made for printing; the code leads to where it is, and says nothing else.
pub async fn letter(asker: Asker, Given(app): Given<App>, Path(id): Path<String>) -> Answer {
    let id: ReferralId = id.parse().map_err(|_| Problem::not_found())?;
    asker.member()?;
    let (t, lang) = (Texts(asker.lang), asker.lang);
    let (referral, sender, receiver, network, person, reach) = app
        .house
        .read(&asker.viewer, move |r| {
            let referral = queries::find(r, id)?;
            if matches!(referral.state, State::Draft | State::Cancelled) {
                return Err(Problem::not_found());
            }
            let (person, reach) = match referral.person.filter(|_| referral.consent_at.is_some()) {
                Some(person) => (Some(called(r, t, person)?), queries::reach(r, person)?),
                None => (None, Vec::new()),
            };
            let name = |id| called(r, t, id);
            let (sender, receiver, network) =
                (name(referral.sender)?, name(referral.receiver)?, name(referral.network)?);
            Ok((referral, sender, receiver, network, person, reach))
        })
        .await?;
    let link = format!("{}/referrals/s/{}", asker.origin, referral.secret);
    Page::new(&asker, t.referrals_letter()).plain().with(&Letter {
        t,
        lang,
        sender,
        receiver,
        network,
        person,
        reach: &reach,
        qr: qr::svg(&link, t.referrals_letter_qr()),
        link,
        referral: &referral,
    })
}

#[derive(Template)]
#[template(path = "referrals/state.html")]
struct PublicState {
    t: Texts,
    state: &'static str,
    changed: String,
    due: Option<String>,
}

/// `GET /referrals/s/{secret}`: where it is, for whoever holds the letter; no names.
pub async fn public_state(asker: Asker, Given(app): Given<App>, Path(secret): Path<String>) -> Answer {
    let (word, changed, due): (String, Micros, i64) =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::by_secret(r, &secret)?)).await?;
    let t = Texts(asker.lang);
    let state = State::from_word(&word).unwrap_or(State::Cancelled);
    Page::new(&asker, t.referrals_state_title()).plain().with(&PublicState {
        t,
        state: state_label(t, state),
        changed: dates::short(changed, asker.lang),
        due: Some(date(due, asker.lang)).filter(|_| state.waits()),
    })
}
