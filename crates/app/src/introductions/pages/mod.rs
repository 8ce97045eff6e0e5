mod forms;
mod list;
mod show;

pub use forms::{new_form, new_submit, offer_form, offer_submit};
pub use list::{ask, limits_submit, list, not_these, pair_again};
pub(super) use list::{found_offer, say_no_pair, take_back_no_pair};
pub(super) use show::record;
pub use show::{answer, pass_on, recorded_answer, show, worth};

use axum::http::StatusCode;
use network::introduction::Stage;
use network::vocabulary::{Benefit, Outcome};
use store::Reading;
use store::ids::ActorId;
use web::Problem;

use super::actions::IntroductionError;
use crate::{Texts, exchanges, members, ties};

impl From<IntroductionError> for Problem {
    fn from(error: IntroductionError) -> Self {
        let conflict = |code, sentence: fn(Texts) -> &'static str| {
            Self::new(StatusCode::CONFLICT, code, |lang| sentence(Texts(lang)).to_owned())
        };
        match error {
            IntroductionError::Oneself => conflict("oneself", Texts::introductions_oneself),
            IntroductionError::Already => conflict("already", Texts::introductions_already),
            IntroductionError::NotNow => conflict("not_now", Texts::introductions_not_now),
            IntroductionError::Enough => conflict("enough", Texts::introductions_enough),
            IntroductionError::IntroducerFull => {
                conflict("introducer_full", Texts::introductions_introducer_full).in_field("via")
            }
            IntroductionError::NotBetween => {
                conflict("not_between", Texts::introductions_not_between).in_field("via")
            }
            IntroductionError::Store(error) => error.into(),
        }
    }
}

/// The name somebody goes by, or "somebody" where the viewer may not know.
pub(super) fn called(r: &Reading<'_>, t: Texts, id: ActorId) -> Result<String, Problem> {
    Ok(members::names(r, &[id])?
        .pop()
        .map_or_else(|| t.notices_somebody().to_owned(), |named| named.called().to_owned()))
}

/// The stage in words.
pub(super) fn stage_label(t: Texts, stage: Stage) -> &'static str {
    match stage {
        Stage::Drafted => t.introductions_stage_drafted(),
        Stage::Asking => t.introductions_stage_asking(),
        Stage::Connected => t.introductions_stage_connected(),
        Stage::Lapsed => t.introductions_stage_lapsed(),
    }
}

/// What somebody hopes for, as chips.
fn purposes(t: Texts) -> Vec<(&'static str, &'static str)> {
    Benefit::ALL.iter().map(|benefit| (benefit.word(), exchanges::benefit_label(t, *benefit))).collect()
}

fn purpose_label(t: Texts, word: &str) -> &'static str {
    Benefit::from_word(word).map_or("", |benefit| exchanges::benefit_label(t, benefit))
}

/// What came of it, as chips.
fn outcomes(t: Texts) -> Vec<(&'static str, &'static str)> {
    Outcome::ALL.iter().map(|outcome| (outcome.word(), ties::outcome_label(t, *outcome))).collect()
}

fn outcome_label(t: Texts, word: &str) -> &'static str {
    Outcome::from_word(word).map_or("", |outcome| ties::outcome_label(t, outcome))
}
