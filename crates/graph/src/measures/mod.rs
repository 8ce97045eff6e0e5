//! Every measure by its name, over one network: what is shared between measures is found once, when first asked for.
//!
//! Networks too large for an exact value in reasonable time get an approximate one with its error, unless exactness
//! is asked for. Large networks are renumbered first so that neighbors lie near in memory.
//!
//! ```
//! use graph::Direction;
//! use graph::measures::{Analysis, Exactness, Value, named};
//! use graph::read::{Times, actors_from, ties_from};
//!
//! let actors = "id,village\nAda,north\nBoon,north\nChai,south\nDao,south\nEk,south\n";
//! let ties = "source,target,weight\nAda,Boon,2\nBoon,Ada,1\nBoon,Chai,1\nChai,Boon,1\n";
//! let actors = actors_from(actors.as_bytes(), "actors.csv")?;
//! let ties = ties_from(ties.as_bytes(), "ties.csv", Some(actors), Times::Ignored)?;
//! let (network, actors) = ties.network(Direction::Directed)?;
//! let analysis = Analysis::new(network, Exactness::Approximate);
//! let value = |name: &str| named(name).and_then(|measure| measure.of(&analysis)).map(|found| found.value);
//!
//! assert_eq!(value("density"), Some(Value::Number(0.2)));
//! assert_eq!(value("reciprocity_edge"), Some(Value::Number(1.0)));
//! assert_eq!(value("weak_components"), Some(Value::Count(3)));
//! assert_eq!(value("fragmentation"), Some(Value::Number(0.7)));
//! let between = [0.0, 1.0, 0.0, 0.0, 0.0].map(Some).to_vec();
//! assert_eq!(value("und_betweenness"), Some(Value::Numbers(between)));
//! assert_eq!(value("und_articulation_points"), Some(Value::Actors(vec![1])));
//! assert!(matches!(value("best_single_removal"), Some(Value::Actor(1, _))));
//! assert_eq!(value("und_closeness"), Some(Value::Undefined));
//! let village = actors.column("village").map(|column| analysis.trait_of(column));
//! let across = village.and_then(|village| named("ei_index_und")?.by(&analysis, &village));
//! assert_eq!(across.map(|found| found.value), Some(Value::Number(0.0)));
//! # Ok::<(), graph::read::ReadError>(())
//! ```

mod all;
mod analysis;
mod names;
mod of_groups;
mod of_network;
mod value;

pub use all::{Threads, of_all};
pub use analysis::{Analysis, Exactness, Trait};
pub use names::{MEASURES, Measure, Needs, named};
pub use value::{Approximation, Outcome, Value};
