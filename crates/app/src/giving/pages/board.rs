use askama::Template;
use axum::extract::{Query, State};
use network::vocabulary::{ActorKind, Side};
use serde::Deserialize;
use store::Reading;
use store::ids::{ActorId, IntentId};
use web::{Answer, Asker, Lang, Page, Place, Problem};

use super::{categories, category, is_need, place, terms_label};
use crate::giving::pools::Fit;
use crate::giving::queries::{self, Card, Filter};
use crate::{App, Texts};

const ROWS: i64 = 20;

/// What `/giving?…` may ask for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    side: String,
    category: String,
    province: String,
    before: String,
}

impl Wanted {
    /// The address with another side, or further down.
    fn address(&self, side: &str, before: Option<IntentId>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("side", side);
        for (name, value) in [("category", &self.category), ("province", &self.province)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        format!("/giving?{}", query.finish())
    }
}

#[derive(Template)]
#[template(path = "giving/board.html")]
struct Board<'a> {
    t: Texts,
    lang: Lang,
    cards: &'a [Card],
    mine: &'a [Fit],
    next: Option<IntentId>,
    wanted: &'a Wanted,
    side: Side,
    categories: Vec<(&'static str, &'static str)>,
    provinces: Vec<(String, String)>,
}

impl Board<'_> {
    fn filtered(&self) -> bool {
        !self.wanted.category.is_empty() || !self.wanted.province.is_empty()
    }
}

/// `GET /giving`
pub async fn board(asker: Asker, State(app): State<App>, Query(wanted): Query<Wanted>) -> Answer {
    let (actor, network) = asker.member_and_network()?;
    let side = Side::from_word(&wanted.side).unwrap_or(Side::Need);
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let filter = Filter {
        network: Some(network),
        side: Some(side),
        category: some(&wanted.category),
        province: some(&wanted.province).filter(|code| crate::places::is_province(code)),
        ..Filter::default()
    };
    let before = wanted.before.parse::<IntentId>().map_or(0, |id| id.0);
    // what one could do now stands above the list, where one begins to look
    let first = before == 0 && side == Side::Need && wanted.category.is_empty() && wanted.province.is_empty();
    let pools = app.pools.clone();
    let (mut cards, mine) = app
        .house
        .read(&asker.viewer, move |r| {
            let cards = queries::board(r, &filter, before, ROWS + 1)?;
            let mine = if first { pools.open_needs_i_can_meet(r, network, actor, 3)? } else { Vec::new() };
            Ok::<_, Problem>((cards, mine))
        })
        .await?;
    let more = i64::try_from(cards.len()).unwrap_or(0) > ROWS;
    cards.truncate(usize::try_from(ROWS).unwrap_or(20));
    let next = if more { cards.last().map(|card| card.id) } else { None };
    let t = Texts(asker.lang);
    let mut provinces = vec![(String::new(), t.giving_filter_anywhere().to_owned())];
    provinces.extend(crate::places::provinces(asker.lang));
    Page::new(&asker, t.giving_title()).at(Place::Giving).with(&Board {
        t,
        lang: asker.lang,
        cards: &cards,
        mine: &mine,
        next,
        wanted: &wanted,
        side,
        categories: categories(asker.lang),
        provinces,
    })
}

#[derive(Template)]
#[template(path = "giving/panel.html")]
struct Part<'a> {
    t: Texts,
    lang: Lang,
    offers: Vec<&'a Card>,
    needs: Vec<&'a Card>,
    own: bool,
}

/// What a member gives and needs, on the member's page.
///
/// # Errors
/// The database's own.
pub fn panel(r: &Reading<'_>, asker: &Asker, actor: ActorId) -> Result<String, Problem> {
    let filter = Filter { actor: Some(actor), ..Filter::default() };
    let cards = queries::board(r, &filter, 0, 30)?;
    let own = asker.actor() == Some(actor);
    let (kind, _) = queries::owner(r, actor)?;
    if cards.is_empty() && (!own || kind == ActorKind::Network) {
        return Ok(String::new());
    }
    let (needs, offers) = cards.iter().partition(|card| card.side == Side::Need);
    Ok(Part { t: Texts(asker.lang), lang: asker.lang, offers, needs, own }.render()?)
}
