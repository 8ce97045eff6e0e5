use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use store::ids::{ActorId, IntentId, TieId, WordId};
use store::{Database, Error};
use web::{Answer, Asker, Lang, Page, Problem, see_other};

use super::NoticeId;
use super::queries::{self, Notice};
use crate::{App, Texts};

mod devices;
mod line;
mod off;
mod settings;

pub use devices::{subscribe, unsubscribe};
pub use line::line;
pub use off::{off, off_submit};
pub use settings::{about_submit, panel, remove_choice, settings, settings_submit};
pub(super) use settings::{clock, minutes};

const ROWS: i64 = 30;

/// What `/notices?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    before: String,
}

#[derive(Template)]
#[template(path = "notices/page.html")]
struct List<'a> {
    t: Texts,
    lang: Lang,
    notices: &'a [Notice],
    unread: bool,
    next: Option<NoticeId>,
    now: store::Micros,
}

/// `GET /notices`
pub async fn page(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (actor, session) = asker.member()?;
    let before = wanted.before.parse::<NoticeId>().map_or(0, |id| id.0);
    let unread = session.unread > 0;
    let mut notices = app
        .house
        .read(&asker.viewer, move |r| Ok::<_, Problem>(queries::list(r, actor, before, ROWS + 1)?))
        .await?;
    let more = i64::try_from(notices.len()).unwrap_or(0) > ROWS;
    notices.truncate(usize::try_from(ROWS).unwrap_or(30));
    let next = if more { notices.last().map(|notice| notice.id) } else { None };
    let t = Texts(asker.lang);
    Page::new(&asker, t.notices_title()).with(&List {
        t,
        lang: asker.lang,
        notices: &notices,
        unread,
        next,
        now: app.house.database().now(),
    })
}

/// The sentence of a line: its kind, who did it as far as the reader may know, and the words it quotes.
pub(super) fn sentence(t: Texts, kind: &str, who: Option<&str>, words: &str) -> String {
    let who = who.unwrap_or_else(|| t.notices_somebody());
    match kind {
        "giving_reply" => t.notices_giving_reply(who, words),
        "giving_ask" => t.notices_giving_ask(who, words),
        "giving_accepted" => t.notices_giving_accepted(who, words),
        "giving_met" => t.notices_giving_met(who, words),
        "giving_renew" | "giving_renew_now" => t.notices_giving_renew(words),
        "giving_expired" => t.notices_giving_expired(words),
        "tie_proposed" => t.notices_tie_proposed(who),
        "tie_confirmed" => t.notices_tie_confirmed(who),
        "introduction_asked" => t.notices_introduction_asked(who),
        "introduction_connected" | "introduction_met" => t.notices_introduction_connected(who),
        "introduction_wanted" => t.notices_introduction_wanted(who),
        "introduction_suggested" => t.notices_introduction_suggested(who),
        "introduction_passed" => t.notices_introduction_passed(who),
        "introduction_made" => t.notices_introduction_made(who),
        "introduction_worth" => t.notices_introduction_worth(who),
        "introduction_thanks" => t.notices_introduction_thanks(who, words),
        "promise_offered" => t.notices_promise_offered(who, words),
        "promise_asked" => t.notices_promise_asked(who, words),
        "promise_accepted" => t.notices_promise_accepted(who, words),
        "promise_broken" => t.notices_promise_broken(who, words),
        "promise_released" => t.notices_promise_released(who, words),
        "promise_day_asked" => t.notices_promise_day_asked(who, words),
        "promise_day_moved" => t.notices_promise_day_moved(who, words),
        "promise_due" => t.notices_promise_due(who, words),
        "promise_over" => t.notices_promise_over(who, words),
        "promise_ring_made" => t.notices_promise_ring_made(who, words),
        "exchange_recorded" => t.notices_exchange_recorded(who, words),
        "exchange_confirmed" => t.notices_exchange_confirmed(who, words),
        "exchange_disputed" => t.notices_exchange_disputed(who, words),
        "exchange_helped" => t.notices_exchange_helped(who, words),
        "exchange_thanks" => t.notices_exchange_thanks(who, words),
        "promise_ring" => t.notices_promise_ring(who),
        "booking_requested" => t.notices_booking_requested(who, words),
        "booking_agreed" => t.notices_booking_agreed(who, words),
        "booking_declined" => t.notices_booking_declined(who, words),
        "booking_handed" => t.notices_booking_handed(who, words),
        "booking_returned" => t.notices_booking_returned(who, words),
        "booking_cancelled" => t.notices_booking_cancelled(who, words),
        "booking_due" => t.notices_booking_due(who, words),
        "referral_consent" => t.notices_referral_consent(who, words),
        "referral_new" => t.notices_referral_new(who, words),
        "referral_of_need" => t.notices_referral_of_need(who, words),
        "referral_agreed" => t.notices_referral_agreed(who, words),
        "referral_passed_on" => t.notices_referral_passed_on(who, words),
        "referral_accepted" => t.notices_referral_accepted(who, words),
        "referral_begun" => t.notices_referral_begun(who, words),
        "referral_completed" => t.notices_referral_completed(who, words),
        "referral_declined" => t.notices_referral_declined(who, words),
        "referral_cancelled" => t.notices_referral_cancelled(words),
        "referral_overdue" => t.notices_referral_overdue(words),
        "referral_thanks" => t.notices_referral_thanks(who, words),
        "joining_accepted" => t.notices_joining_accepted(who),
        "joining_admitted" => t.notices_joining_admitted(who),
        "joining_application" => t.notices_joining_application().to_owned(),
        "joining_belonging" => t.notices_joining_belonging(who),
        "joining_belongs" => t.notices_joining_belongs(who),
        "joining_concern" => t.notices_joining_concern().to_owned(),
        "joining_settled" if words.is_empty() => t.notices_joining_settled_silently().to_owned(),
        "joining_settled" => t.notices_joining_settled(words),
        "joining_steward" => t.notices_joining_steward(who),
        "joining_reset" => t.notices_joining_reset().to_owned(),
        "words_new" => t.words_notice(who),
        "rhythm_handed" => t.rhythm_handed(who),
        "member_vouch" => t.notices_vouch(who),
        _ if words.is_empty() => t.notices_other(who),
        _ => words.to_owned(),
    }
}

fn address(kind: &str, object: i64) -> String {
    match kind.split('_').next().unwrap_or_default() {
        "giving" => format!("/giving/{}", IntentId(object)),
        "tie" => format!("/ties/{}", TieId(object)),
        // lines written before an introduction had a page lead to the tie
        "introduction" if kind == "introduction_connected" => format!("/ties/{}", TieId(object)),
        "introduction" => format!("/introductions/{}", store::ids::IntroductionId(object)),
        // a ring is answered where one's promises stand
        "promise" if kind == "promise_ring" => "/promises".to_owned(),
        "promise" => format!("/promises/prm_{}", store::ids::encode(object)),
        "exchange" => format!("/exchanges/exc_{}", store::ids::encode(object)),
        "booking" => format!("/resources/bookings/bok_{}", store::ids::encode(object)),
        "referral" => format!("/referrals/ref_{}", store::ids::encode(object)),
        "words" => format!("/words/at/{}", WordId(object)),
        "rhythm" => format!("/members/{}#rhythm", ActorId(object)),
        "member" => format!("/members/{}", ActorId(object)),
        "joining" => match kind {
            "joining_application" => "/administration/applications".to_owned(),
            "joining_concern" => "/administration/concerns".to_owned(),
            "joining_reset" => "/joining/settings".to_owned(),
            "joining_steward" => "/joining/me".to_owned(),
            "joining_admitted" => "/networks".to_owned(),
            // the one who asks stands in today of the group they ask
            "joining_belonging" => "/today".to_owned(),
            "joining_accepted" | "joining_belongs" => format!("/members/{}", ActorId(object)),
            _ => "/notices".to_owned(),
        },
        _ => "/notices".to_owned(),
    }
}

/// `GET /notices/{id}`: on to where something can be done about it; from then on the line counts as read.
pub async fn open(asker: Asker, State(app): State<App>, Path(id): Path<String>) -> Answer {
    let (actor, _) = asker.member()?;
    let id: NoticeId = id.parse().map_err(|_| Problem::not_found())?;
    let (kind, object) =
        app.house.read(&asker.viewer, move |r| Ok::<_, Problem>(queries::find(r, actor, id)?)).await?;
    mark(app.house.database(), actor, Some(id)).await?;
    Ok(see_other(&address(&kind, object)))
}

/// `POST /notices/read`
pub async fn read_all(asker: Asker, State(app): State<App>) -> Answer {
    let (actor, _) = asker.member()?;
    mark(app.house.database(), actor, None).await?;
    Ok(see_other("/notices"))
}

pub(super) async fn mark(db: &Arc<Database>, actor: ActorId, id: Option<NoticeId>) -> Result<(), Problem> {
    let db = Arc::clone(db);
    web::on_a_thread(move || {
        db.bookkeeping("notices", |w| queries::mark_read(w, actor, id)).map_err(|error: Error| error.into())
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use network::telling::Topic;

    use super::*;

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                found.push(path);
            }
        }
    }

    /// A kind is a text of two words joined by `_`, written near a call of [`crate::notices::tell`].
    fn kinds() -> Vec<String> {
        let mut files = Vec::new();
        sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
        let mut kinds = Vec::new();
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            // what the journal names are columns and tables
            let lines: Vec<&str> = text.lines().filter(|line| !line.contains(".fields(&[")).collect();
            let text = lines.join("\n");
            if !text.contains("notices::tell(") {
                continue;
            }
            let features = [
                "giving",
                "tie",
                "introduction",
                "joining",
                "member",
                "promise",
                "exchange",
                "booking",
                "referral",
                "rhythm",
                "words",
            ];
            for word in text.split('"').skip(1).step_by(2) {
                let plain = word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                let feature = word.split_once('_').is_some_and(|(feature, _)| features.contains(&feature));
                // an act of the journal is written with a point, a column stands in SQL
                if plain && feature && text.matches(&format!("\"{word}\"")).count() > 0 {
                    kinds.push(word.to_owned());
                }
            }
        }
        kinds.sort();
        kinds.dedup();
        kinds
    }

    #[test]
    fn whatever_is_told_has_a_sentence_in_both_languages_and_leads_somewhere() {
        let kinds = kinds();
        assert!(kinds.len() >= 16, "{kinds:?}");
        for kind in kinds {
            let notice = Notice {
                id: NoticeId(0),
                kind: kind.clone(),
                words: "WORDS".to_owned(),
                at: store::Micros(0),
                read: false,
                about: Some("SOMEBODY".to_owned()),
            };
            for lang in [Lang::Thai, Lang::English] {
                let said = sentence(Texts(lang), &notice.kind, notice.about.as_deref(), &notice.words);
                assert_ne!(said, "WORDS", "{kind} has no sentence");
                assert_ne!(said, Texts(lang).notices_other("SOMEBODY"), "{kind} has no sentence");
            }
            // what nobody can turn off is what concerns belonging and the account itself
            assert_eq!(Topic::of_kind(&kind) == Topic::Account, kind.starts_with("joining_"), "{kind}");
            if kind != "joining_settled" {
                assert_ne!(address(&kind, 4), "/notices", "{kind} leads nowhere");
            }
        }
    }
}
