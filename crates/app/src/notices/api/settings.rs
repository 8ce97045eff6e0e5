//! What you want to be told, and when, for programs.

use axum::Json;
use axum::extract::State;
use network::telling::{Channel, Scope, Topic, When};
use serde::{Deserialize, Serialize};
use store::Reading;
use store::ids::{ActorId, TieId};
use utoipa::ToSchema;
use web::{Asker, Problem};

use super::super::actions::{self, Spot};
use super::super::hours::{Hours, is_zone};
use super::super::pages::{clock, minutes};
use super::super::queries::choices::{self, Chosen};
use crate::App;

/// When you are told what. Of the choices that apply, one about a person counts before one about a tie, that before one
/// about a group, and that before `default`; within one of these a named topic before every topic, then a named channel
/// before every channel.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TellingOf {
    pub choices: Vec<ChoiceOf>,
    pub hours: HoursOf,
    /// Whether what is shown on a locked screen, by web push or LINE, may say what it is about.
    #[serde(default)]
    pub words_on_screen: bool,
}

/// One choice.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ChoiceOf {
    /// `person`, `tie`, `group` or `default`
    pub scope: String,
    /// `mem_…` of the person or group, `tie_…` of the tie; none for `default`.
    #[serde(default)]
    pub about: Option<String>,
    /// `giving`, `ties`, `words`, `introductions`, `promises`, `exchanges`, `resources`, `referrals`, `rhythm` or `account`; every
    /// topic without one.
    #[serde(default)]
    pub topic: Option<String>,
    /// `page`, `email`, `push` or `line`; every channel without one.
    #[serde(default)]
    pub channel: Option<String>,
    /// `at_once`, `daily`, `weekly` or `never`
    pub when: String,
}

/// Where and when you live.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HoursOf {
    /// A zone of the IANA time zone database, such as `Asia/Bangkok`.
    pub zone: String,
    /// `21:00`; alike with `quiet_until`: no hour is quiet.
    pub quiet_from: String,
    /// `07:00`
    pub quiet_until: String,
    /// The day of the weekly summary, 1 Monday to 7 Sunday.
    pub weekday: i64,
}

impl From<Chosen> for ChoiceOf {
    fn from(one: Chosen) -> Self {
        let about = match one.choice.scope {
            Scope::Default => None,
            Scope::Tie => Some(TieId(one.about).to_string()),
            Scope::Person | Scope::Group => Some(ActorId(one.about).to_string()),
        };
        Self {
            scope: one.choice.scope.word().to_owned(),
            about,
            topic: one.choice.topic.map(|topic| topic.word().to_owned()),
            channel: one.choice.channel.map(|channel| channel.word().to_owned()),
            when: one.choice.when.word().to_owned(),
        }
    }
}

fn whole(r: &Reading<'_>, person: ActorId) -> Result<TellingOf, Problem> {
    let hours = choices::hours(r, person)?;
    Ok(TellingOf {
        choices: choices::all(r, person)?.into_iter().map(ChoiceOf::from).collect(),
        hours: HoursOf {
            quiet_from: clock(hours.quiet_from),
            quiet_until: clock(hours.quiet_until),
            zone: hours.zone,
            weekday: hours.weekday,
        },
        words_on_screen: choices::words(r, person)?,
    })
}

/// What you chose to be told.
#[utoipa::path(get, path = "/api/v1/notices/settings", tag = "notices",
    responses((status = 200, body = TellingOf), (status = 401)))]
pub async fn show(asker: Asker, State(app): State<App>) -> Result<Json<TellingOf>, Problem> {
    let person = asker.member()?.1.person;
    Ok(Json(app.house.read(&asker.viewer, move |r| whole(r, person)).await?))
}

/// Most choices one may make.
const MOST: usize = 1000;

fn spot(one: &ChoiceOf) -> Option<(Spot, When)> {
    let scope = Scope::from_word(&one.scope)?;
    let about = match (scope, one.about.as_deref()) {
        (Scope::Default, None) => 0,
        (Scope::Tie, Some(id)) => id.parse::<TieId>().ok()?.0,
        (Scope::Person | Scope::Group, Some(id)) => id.parse::<ActorId>().ok()?.0,
        _ => return None,
    };
    let topic = match one.topic.as_deref() {
        Some(word) => Some(Topic::from_word(word)?),
        None => None,
    };
    let channel = match one.channel.as_deref() {
        Some(word) => Some(Channel::from_word(word)?),
        None => None,
    };
    Some((Spot { scope, about, topic, channel }, When::from_word(&one.when)?))
}

fn read_hours(of: &HoursOf) -> Result<Hours, Problem> {
    let hours = Hours {
        zone: of.zone.clone(),
        quiet_from: minutes(&of.quiet_from).ok_or_else(|| Problem::invalid("hours.quiet_from"))?,
        quiet_until: minutes(&of.quiet_until).ok_or_else(|| Problem::invalid("hours.quiet_until"))?,
        weekday: of.weekday,
    };
    if !is_zone(&hours.zone) {
        return Err(Problem::invalid("hours.zone"));
    }
    if !(1..=7).contains(&hours.weekday) {
        return Err(Problem::invalid("hours.weekday"));
    }
    Ok(hours)
}

/// Puts your choices in the place of those that stood.
#[utoipa::path(put, path = "/api/v1/notices/settings", tag = "notices", request_body = TellingOf,
    responses((status = 200, body = TellingOf), (status = 401), (status = 422)))]
pub async fn change(
    asker: Asker,
    State(app): State<App>,
    Json(new): Json<TellingOf>,
) -> Result<Json<TellingOf>, Problem> {
    let person = asker.member()?.1.person;
    if new.choices.len() > MOST {
        return Err(Problem::invalid("choices"));
    }
    let hours = read_hours(&new.hours)?;
    let wanted: Option<Vec<(Spot, When)>> = new.choices.iter().map(spot).collect();
    let wanted = wanted.ok_or_else(|| Problem::invalid("choices"))?;
    let done = app
        .house
        .write(&asker.acting(), move |w| {
            for (spot, _) in &wanted {
                if !choices::may_choose_about(w, person, spot.scope, spot.about)? {
                    return Err(Problem::invalid("choices"));
                }
            }
            actions::put_all(w, person, &wanted)?;
            actions::live(w, person, &hours)?;
            actions::show_words(w, person, &new.words_on_screen)?;
            let now = whole(w, person)?;
            Ok::<_, Problem>(w.finished(now)?)
        })
        .await?;
    Ok(Json(done))
}
