//! What a network's members gave each other, as a whole: nothing that speaks of fewer than five people, nothing that
//! compares them.

use std::collections::BTreeSet;

use network::exchange::{Dyads, Together, WINDOW_DAYS, together};
use network::expectation::{self, Met};
use network::share::{FEWEST, Share};
use network::vocabulary::{Alone, Benefit};
use store::ids::ActorId;
use store::{Error, Reading};

use super::queries;
use crate::promises;

/// A share of pairs means something from so many pairs on (indicators.md E7c).
const PAIRS_LEAST: u32 = 15;
/// And one of results from so many results on (indicators.md E5d).
const RESULTS_LEAST: usize = 5;

/// The figures of the last year.
#[derive(Debug, Clone)]
pub struct Whole {
    /// Confirmed exchanges; nothing below five people.
    pub exchanges: Option<i64>,
    /// The kinds that at least five different members gave, and how often.
    pub kinds: Vec<(Benefit, i64)>,
    /// Promises kept of those settled (E7b).
    pub kept: Option<Share>,
    /// Exchanges that the receiver says helped.
    pub helped: Option<Share>,
    /// Pairs that gave both ways (E7c).
    pub two_way: Option<Share>,
    /// Results of which both say, apart from each other, that neither could have done it alone (E5d).
    pub more: Option<Share>,
    /// Hopes met, per kind of member (E3a).
    pub hopes: Vec<Met>,
}

/// Counts them.
pub fn of(r: &Reading<'_>, network: ActorId) -> Result<Whole, Error> {
    let since = r.now().day(7) - WINDOW_DAYS;
    let arcs = queries::arcs(r, network, since)?;
    let people: BTreeSet<i64> = arcs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let enough = people.len() >= FEWEST;
    let (confirmed, helped, _) = queries::network_counts(r, network, since)?;
    let count = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    let dyads = Dyads::of(&arcs);
    let pairs = dyads.mutual.saturating_add(dyads.one_way);
    let (record, promisers) = promises::network_record(r, network, since)?;
    let least = i64::try_from(FEWEST).unwrap_or(5);
    Ok(Whole {
        exchanges: enough.then_some(confirmed),
        kinds: queries::network_kinds(r, network, since)?
            .into_iter()
            .filter(|(_, _, givers)| *givers >= least)
            .map(|(benefit, times, _)| (benefit, times))
            .collect(),
        kept: record.share(promisers),
        helped: if enough { Share::wilson(count(helped), count(confirmed)) } else { None },
        two_way: if enough && pairs >= PAIRS_LEAST { Share::wilson(dyads.mutual, pairs) } else { None },
        more: more(&queries::both_alone(r, network, since)?),
        hopes: expectation::met(&queries::all_hopes(r, network)?),
    })
}

fn more(answers: &[(i64, String, i64, String)]) -> Option<Share> {
    let people: BTreeSet<i64> = answers.iter().flat_map(|(a, _, b, _)| [*a, *b]).collect();
    if people.len() < FEWEST || answers.len() < RESULTS_LEAST {
        return None;
    }
    let both = answers
        .iter()
        .filter(|(_, p, _, q)| together(Alone::from_word(p), Alone::from_word(q)) == Together::More)
        .count();
    Share::wilson(u32::try_from(both).ok()?, u32::try_from(answers.len()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::more;

    #[test]
    fn answers_of_few_are_no_figure() {
        let said = |a: i64, b: i64, word: &str| (a, "could_not".to_owned(), b, word.to_owned());
        let few: Vec<_> = (0..9).map(|_| said(1, 2, "could_not")).collect();
        assert!(more(&few).is_none(), "two people would know each other's answers");
        let many: Vec<_> =
            (0..6).map(|n| said(n, n + 10, if n < 3 { "could_not" } else { "could" })).collect();
        let share = more(&many).unwrap();
        assert!((share.value - 0.5).abs() < 1e-12 && share.of == 6);
    }
}
