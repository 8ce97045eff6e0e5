//! The pages of giving: the board, one offer or need, the form, and the part on a member's page.

mod board;
mod form;
mod intent;

pub use board::{board, panel};
pub use form::{change_form, change_submit, chips, new_form, new_submit};
pub use intent::{Panel, answer, met, renew, reopen, reply, show, withdraw};

use matching::Taxonomy;
use network::vocabulary::{Mode, Side, Terms};
use thai::Lang;
use web::Problem;

use super::queries::Card;
use crate::Texts;

/// The label of a category.
fn category(lang: Lang, code: &str) -> &'static str {
    let taxonomy = Taxonomy::built_in();
    taxonomy.find(code).map_or("", |id| taxonomy.label(id, lang))
}

/// All categories, for choosing one.
fn categories(lang: Lang) -> Vec<(&'static str, &'static str)> {
    Taxonomy::built_in().categories().iter().map(|c| (c.code.as_str(), c.label(lang))).collect()
}

fn terms_label(t: Texts, terms: &Terms) -> &'static str {
    match terms {
        Terms::Gift => t.giving_terms_gift(),
        Terms::Lend => t.giving_terms_lend(),
        Terms::Swap => t.giving_terms_swap(),
        Terms::Pay => t.giving_terms_pay(),
    }
}

fn mode_label(t: Texts, mode: &Mode) -> &'static str {
    match mode {
        Mode::Onsite => t.giving_mode_onsite(),
        Mode::Online => t.giving_mode_online(),
        Mode::Either => t.giving_mode_either(),
    }
}

/// Where it can be done, in one line.
fn place(t: Texts, lang: Lang, card: &Card) -> String {
    if card.mode == Mode::Online {
        return t.giving_mode_online().to_owned();
    }
    if card.everywhere {
        return t.giving_everywhere().to_owned();
    }
    let names: Vec<&str> = card.areas.iter().filter_map(|code| crate::places::name(lang, code)).collect();
    names.join(" · ")
}

fn is_need(side: &Side) -> bool {
    *side == Side::Need
}

/// The sentence for a refusal of the actions.
fn refused(error: store::Error) -> Problem {
    Problem::from(error)
}
