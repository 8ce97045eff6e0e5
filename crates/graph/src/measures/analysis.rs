//! One network under analysis.

use std::sync::OnceLock;

use crate::betweenness::{self, Folded, Paths};
use crate::communities::{Communities, Effort, communities};
use crate::components::{Components, strong_components, weak_components};
use crate::cuts::{Cuts, cuts};
use crate::distances::{self, Distances};
use crate::dyads::{DyadCensus, dyad_census};
use crate::groups::Groups;
use crate::krackhardt::Condensation;
use crate::network::Graph;
use crate::order;
use crate::read::Column;
use crate::respondents::{FromRespondents, from_respondents};
use crate::triangles::{Triangles, triangles};

/// Whether values that take long may be approximated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exactness {
    /// Where an exact value would take more than some seconds.
    Approximate,
    /// Never.
    Exact,
}

/// A trait of the actors, as one column says it.
#[derive(Debug, Clone)]
pub struct Trait {
    pub name: String,
    pub(super) groups: Groups,
    /// The cells that say anything (not empty, not "NA"), as numbers where they are numbers.
    pub(super) numbers: Vec<Option<f64>>,
}

/// A network with what is known of it so far.
pub struct Analysis {
    graph: Graph,
    /// the present number of each actor given; none where they are the same
    place: Option<Vec<u32>>,
    exactness: Exactness,
    respondents: Option<FromRespondents>,
    weak: OnceLock<Components>,
    strong: OnceLock<Components>,
    dyads: OnceLock<DyadCensus>,
    cuts: OnceLock<Cuts>,
    triangles: OnceLock<Triangles>,
    distances: OnceLock<Distances>,
    diameter: OnceLock<Option<(u32, u32)>>,
    condensation: OnceLock<Condensation>,
    directed: OnceLock<Between>,
    undirected: OnceLock<Between>,
    communities: OnceLock<Communities>,
}

/// Betweenness and, where it is sampled, how.
#[derive(Debug, Clone)]
pub(super) struct Between {
    pub values: Vec<f64>,
    pub sampled: Option<(String, crate::bound::Bound)>,
}

/// Whatever is drawn at random is drawn alike in each run.
pub(super) const SEED: u64 = 1;
pub(super) const CONFIDENCE: f64 = 0.95;
/// Networks of more actors than this are renumbered.
const RENUMBERED: usize = 20_000;
/// The most steps an exact value may take: a few seconds.
const DISTANCE_STEPS: f64 = 1e10;
const BETWEENNESS_STEPS: f64 = 1e9;

impl Analysis {
    /// Begins with a network.
    #[must_use]
    pub fn new(graph: Graph, exactness: Exactness) -> Self {
        let place = (graph.actors() > RENUMBERED).then(|| order::near_neighbors(&graph));
        let graph = match &place {
            Some(place) => graph.renumbered(place),
            None => graph,
        };
        Self {
            graph,
            place,
            exactness,
            respondents: None,
            weak: OnceLock::new(),
            strong: OnceLock::new(),
            dyads: OnceLock::new(),
            cuts: OnceLock::new(),
            triangles: OnceLock::new(),
            distances: OnceLock::new(),
            diameter: OnceLock::new(),
            condensation: OnceLock::new(),
            directed: OnceLock::new(),
            undirected: OnceLock::new(),
            communities: OnceLock::new(),
        }
    }

    /// From now on density and reciprocity are corrected for those who did not answer.
    pub fn answered_by(&mut self, respondent: Vec<bool>) {
        let respondent = self.as_present(respondent);
        self.respondents = Some(from_respondents(&self.graph, &respondent));
    }

    /// A trait of the actors of this network.
    #[must_use]
    pub fn trait_of(&self, column: &Column) -> Trait {
        let said: Vec<Option<Option<f64>>> = column
            .labels
            .iter()
            .map(|label| (!label.is_empty() && label != "NA").then(|| label.parse::<f64>().ok()))
            .collect();
        let of_code = |&code: &u32| said.get(code as usize).copied().flatten();
        Trait {
            name: column.name.clone(),
            groups: Groups::new(self.as_present(column.codes.clone())),
            numbers: column.codes.iter().filter_map(of_code).collect(),
        }
    }

    /// The network, its actors numbered as suits the measures.
    pub(super) fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Values of actors in the order in which these were given.
    pub(super) fn as_given<T: Clone>(&self, values: Vec<T>) -> Vec<T> {
        match &self.place {
            None => values,
            Some(place) => place.iter().filter_map(|&at| values.get(at as usize).cloned()).collect(),
        }
    }

    /// Values given of actors in their present order.
    fn as_present<T: Clone>(&self, values: Vec<T>) -> Vec<T> {
        let Some(place) = &self.place else { return values };
        let mut present = values.clone();
        for (value, &at) in values.into_iter().zip(place) {
            if let Some(to) = present.get_mut(at as usize) {
                *to = value;
            }
        }
        present
    }

    /// The numbers under which actors were given.
    pub(super) fn given_numbers(&self, actors: &[u32]) -> Vec<u32> {
        let Some(place) = &self.place else { return actors.to_vec() };
        let mut given = vec![0; place.len()];
        for (number, &at) in (0..).zip(place) {
            if let Some(to) = given.get_mut(at as usize) {
                *to = number;
            }
        }
        actors.iter().filter_map(|&actor| given.get(actor as usize).copied()).collect()
    }

    pub(super) fn is_exact(&self) -> bool {
        self.exactness == Exactness::Exact
    }

    pub(super) fn respondents(&self) -> Option<&FromRespondents> {
        self.respondents.as_ref()
    }

    pub(super) fn weak(&self) -> &Components {
        self.weak.get_or_init(|| weak_components(&self.graph))
    }

    pub(super) fn strong(&self) -> &Components {
        self.strong.get_or_init(|| strong_components(&self.graph))
    }

    pub(super) fn dyads(&self) -> &DyadCensus {
        self.dyads.get_or_init(|| dyad_census(&self.graph))
    }

    pub(super) fn cuts(&self) -> &Cuts {
        self.cuts.get_or_init(|| cuts(&self.graph))
    }

    pub(super) fn triangles(&self) -> &Triangles {
        self.triangles.get_or_init(|| triangles(&self.graph))
    }

    pub(super) fn condensation(&self) -> &Condensation {
        self.condensation.get_or_init(|| Condensation::new(&self.graph, self.strong()))
    }

    pub(super) fn communities(&self) -> &Communities {
        self.communities.get_or_init(|| communities(&self.graph, Effort::for_size(&self.graph)))
    }

    /// Whether distances between all pairs are found.
    pub(super) fn all_distances(&self) -> bool {
        let rows = self.graph.undirected();
        self.is_exact() || rows.actors() as f64 * rows.len() as f64 <= DISTANCE_STEPS
    }

    pub(super) fn distances(&self) -> &Distances {
        self.distances.get_or_init(|| {
            if self.all_distances() {
                distances::distances(&self.graph)
            } else {
                distances::sampled_distances(&self.graph, self.sample_size(), SEED)
            }
        })
    }

    /// How many actors distances are sampled from: about as many as take a few seconds.
    pub(super) fn sample_size(&self) -> usize {
        (4_000_000_000 / self.graph.undirected().len().max(1) / 64 * 64).clamp(512, 4096)
    }

    /// The least and the greatest the diameter can be.
    pub(super) fn diameter(&self) -> Option<(u32, u32)> {
        *self.diameter.get_or_init(|| {
            if self.all_distances() {
                self.distances().diameter().map(|diameter| (diameter, diameter))
            } else {
                distances::diameter(&self.graph, self.weak(), 200)
            }
        })
    }

    pub(super) fn between(&self, paths: Paths) -> &Between {
        let cell = if paths == Paths::Directed { &self.directed } else { &self.undirected };
        cell.get_or_init(|| {
            let folded = Folded::new(&self.graph, paths);
            if self.is_exact() || folded.steps() <= BETWEENNESS_STEPS {
                return Between { values: betweenness::betweenness(&folded), sampled: None };
            }
            drop(folded);
            let sampled = betweenness::sampled(&self.graph, paths, self.weak(), CONFIDENCE, SEED);
            Between { values: sampled.values, sampled: Some((sampled.method, sampled.bound)) }
        })
    }
}
