//! Density and reciprocity when only some members answered a survey: what those who did not answer would have said
//! is not counted as "no tie".

use crate::network::Graph;

/// Estimates from those who answered; `respondent[i]` says whether actor i did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FromRespondents {
    /// Arcs from respondents / (n_r (n − 1)). None where nobody answered or there is one actor.
    pub density: Option<f64>,
    /// Of the arcs with both ends among respondents, the share whose reverse exists. None where there is no such arc.
    pub edge_reciprocity: Option<f64>,
}

/// Corrects for non-response as the program's indicators do (the common rules: density = arcs from R / (n_r (n−1));
/// reciprocity over arcs with both ends in R).
#[must_use]
pub fn from_respondents(graph: &Graph, respondent: &[bool]) -> FromRespondents {
    let out = graph.out();
    let answered = |actor: u32| respondent.get(actor as usize).copied().unwrap_or(false);
    let (mut respondents, mut arcs, mut inside, mut returned) = (0_u64, 0_u64, 0_u64, 0_u64);
    for actor in out.each_actor().filter(|&actor| answered(actor)) {
        respondents += 1;
        arcs += out.degree(actor) as u64;
        for &other in out.neighbors(actor).iter().filter(|&&other| answered(other)) {
            inside += 1;
            returned += u64::from(out.has(other, actor));
        }
    }
    let possible = respondents as f64 * (graph.actors() as f64 - 1.0);
    FromRespondents {
        density: (possible > 0.0).then(|| arcs as f64 / possible),
        edge_reciprocity: (inside > 0).then(|| returned as f64 / inside as f64),
    }
}
