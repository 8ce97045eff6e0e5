//! Measures of a network and a trait of its actors.

use super::analysis::{Analysis, Trait};
use super::value::{Outcome, Value};
use crate::{groups, traits};

pub(super) fn ei_index_arcs(analysis: &Analysis, by: &Trait) -> Outcome {
    Outcome::exact(groups::ei_index(analysis.graph(), &by.groups))
}

pub(super) fn ei_index_und(analysis: &Analysis, by: &Trait) -> Outcome {
    Outcome::exact(groups::ei_index_undirected(analysis.graph(), &by.groups))
}

pub(super) fn ei_index_node_und(analysis: &Analysis, by: &Trait) -> Outcome {
    let values = groups::ei_index_of_actors(analysis.graph(), &by.groups);
    Outcome::exact(Value::Numbers(analysis.as_given(values)))
}

pub(super) fn ei_expected(_: &Analysis, by: &Trait) -> Outcome {
    Outcome::exact(groups::ei_expected(&by.groups))
}

pub(super) fn ei_p(analysis: &Analysis, by: &Trait) -> Outcome {
    let entries = analysis.graph().undirected().len() + analysis.graph().actors();
    let deals = (1_000_000_000 / entries.max(1)).clamp(99, 9999);
    match groups::ei_permutation_p(analysis.graph(), &by.groups, deals, super::analysis::SEED) {
        Some((p, bound)) => {
            Outcome::sampled(Some(p), &format!("{deals} random permutations of the groups"), Some(bound))
        }
        None => Outcome::exact(Value::Undefined),
    }
}

pub(super) fn assortativity_und(analysis: &Analysis, by: &Trait) -> Outcome {
    Outcome::exact(groups::assortativity(analysis.graph(), &by.groups))
}

pub(super) fn modularity_und(analysis: &Analysis, by: &Trait) -> Outcome {
    Outcome::exact(groups::modularity(analysis.graph(), &by.groups))
}

pub(super) fn brokerage(analysis: &Analysis, by: &Trait) -> Outcome {
    let roles = groups::brokerage(analysis.graph(), &by.groups);
    Outcome::exact(Value::Roles(analysis.as_given(roles.iter().map(groups::Brokerage::columns).collect())))
}

pub(super) fn agreement(_: &Analysis, by: &Trait) -> Outcome {
    let mut counts = [0_u64; 5];
    for value in &by.numbers {
        let grade = value
            .filter(|value| value.fract() == 0.0)
            .and_then(|value| counts.get_mut((value as usize).wrapping_sub(1)).filter(|_| value >= 1.0));
        let Some(count) = grade else { return Outcome::exact(Value::Undefined) };
        *count += 1;
    }
    Outcome::exact(traits::agreement(&counts))
}

pub(super) fn gini(_: &Analysis, by: &Trait) -> Outcome {
    let values: Option<Vec<f64>> = by.numbers.iter().copied().collect();
    Outcome::exact(values.and_then(|values| traits::gini(&values)))
}
