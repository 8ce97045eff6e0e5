//! What is measured of a need and an offer, each from 0 to 1, the larger the better.
//!
//! What surrounds a match (place, time, the network …) counts only as far as the two are on one matter: an offer next
//! door about something else is no better than one far away.

use crate::feasibility::nearness;
use crate::intent::{Day, Intent, Mode};
use crate::reading::{Reading, overlap, trigrams};
use crate::score::Measures;
use crate::shelf::Shelf;
use crate::taxonomy::CategoryId;
use crate::why::Cause;

/// Half-life of an offer's freshness, in days.
const FRESH: f64 = 180.0;

/// What the words of two intents have in common.
pub(crate) struct Words {
    pub(crate) measures: Measures,
    /// The category both most likely speak of
    pub(crate) category: Option<CategoryId>,
    /// How far they are on one matter
    pub(crate) bearing: f64,
}

/// Compares the words of a query with an intent on a shelf.
pub(crate) fn words(query: &Reading, rarities: &Rarities, other: &Reading, shelf: &Shelf) -> Words {
    let (topic, category) = query.topics.agreement(&other.topics);
    let closeness = query.closeness(other);
    let mut measures = Measures::default();
    measures.set(Cause::Topic, topic);
    if let Some(category) = category {
        measures.set(Cause::Specificity, topic * shelf.category_rarity(category));
    }
    measures.set(Cause::Words, covered(query, rarities, other));
    measures.set(Cause::Concepts, overlap(&query.concepts, &other.concepts, |c| shelf.concept_rarity(c)));
    measures.set(Cause::Meaning, closeness);
    let bearing = topic.max(closeness * closeness).max(measures.get(Cause::Words));
    Words { measures, category, bearing }
}

/// How rare the words of a query are on a shelf: asked once, used for each candidate.
pub(crate) struct Rarities {
    /// in the order of the query's words
    words: Vec<f64>,
    total: f64,
}

impl Rarities {
    pub(crate) fn of(query: &Reading, shelf: &Shelf) -> Self {
        let words: Vec<f64> = query.words.iter().map(|word| shelf.word_rarity(*word)).collect();
        Self { total: words.iter().sum(), words }
    }
}

/// How much of the rarity of the query's words the other text covers: BM25 of short texts, where a word stands once.
fn covered(query: &Reading, rarities: &Rarities, other: &Reading) -> f64 {
    let rest = query.words.iter().zip(&rarities.words);
    let met: f64 =
        rest.filter(|(word, _)| other.words.binary_search(word).is_ok()).map(|(_, rarity)| rarity).sum();
    if met > 0.0 { met / rarities.total } else { 0.0 }
}

/// Cosine of the trigrams of two texts by their rarity on the shelf.
pub(crate) fn spelling(query: &[u16], other: &str, shelf: &Shelf) -> f64 {
    overlap(query, &trigrams(other), |gram| shelf.trigram_rarity(gram).powi(2))
}

/// Place, time, mode, capacity, freshness, language and reliability, as far as the two are on one matter.
pub(crate) fn circumstances(
    measures: &mut Measures,
    offer: &Intent,
    need: &Intent,
    today: Option<Day>,
    bearing: f64,
) {
    let mut set = |cause, value: f64| measures.set(cause, value * bearing);
    set(
        Cause::Place,
        match nearness(offer, need) {
            3 => 1.0,
            2 => 0.85,
            1 => 0.7,
            _ => 0.5,
        },
    );
    set(Cause::Time, time(offer, need));
    set(Cause::Mode, if offer.mode == Mode::Either && need.mode == Mode::Either { 1.0 } else { 0.0 });
    set(Cause::Capacity, offer.capacity.map_or(0.7, |left| f64::from(left) / (f64::from(left) + 1.0)));
    if let (Some(today), Some(renewed)) = (today, offer.renewed) {
        let age = f64::from(today.0.saturating_sub(renewed.0).max(0));
        set(Cause::Freshness, (-age / FRESH).exp2());
    }
    set(Cause::Language, if offer.lang == need.lang { 1.0 } else { 0.0 });
    if offer.record.asked > 0 {
        // smoothed as if two of three earlier requests had been answered
        let (asked, answered) = (f64::from(offer.record.asked), f64::from(offer.record.answered));
        set(Cause::Reliability, (answered.min(asked) + 2.0) / (asked + 3.0));
    }
}

/// The share of the needed days on which help is on offer; 1 where either has no end.
fn time(offer: &Intent, need: &Intent) -> f64 {
    let Some(shared) = offer.window.shared(need.window) else { return 0.0 };
    match (shared.days(), need.window.days()) {
        (Some(shared), Some(needed)) if needed > 0 => f64::from(shared) / f64::from(needed),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intent::{IntentKey, Record, Side, Window};

    #[test]
    fn circumstances_weigh_only_what_is_on_the_matter() {
        let day = |text| Day::parse(text);
        let need = Intent {
            window: Window { from: day("2026-12-01"), until: day("2026-12-10") },
            ..Intent::new(IntentKey(1), Side::Need, "")
        };
        let offer = Intent {
            window: Window { from: day("2026-12-06"), until: None },
            capacity: Some(1),
            renewed: day("2026-06-04"),
            record: Record { asked: 3, answered: 1 },
            ..Intent::new(IntentKey(2), Side::Offer, "")
        };
        let mut measures = Measures::default();
        circumstances(&mut measures, &offer, &need, day("2026-12-01"), 1.0);
        for (cause, expected) in [
            (Cause::Time, 0.5),
            (Cause::Capacity, 0.5),
            (Cause::Freshness, 0.5),
            (Cause::Reliability, 0.5),
            (Cause::Place, 0.5),
            (Cause::Mode, 1.0),
            (Cause::Language, 1.0),
        ] {
            assert!((measures.get(cause) - expected).abs() < 1e-9, "{}", cause.name());
        }
        circumstances(&mut measures, &offer, &need, day("2026-12-01"), 0.0);
        assert_eq!(measures.get(Cause::Time), 0.0);
    }
}
