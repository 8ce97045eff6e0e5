//! Any bytes as a table of ties and as a table of actors; what is read is built and measured.
#![no_main]

use graph::Direction;
use graph::read::{Times, actors_from, ties_from};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = actors_from(bytes, "actors.csv");
    for times in [Times::Read, Times::Ignored] {
        let Ok(ties) = ties_from(bytes, "ties.csv", None, times) else { continue };
        if let Ok((network, _)) = ties.network(Direction::Directed) {
            let rank = graph::pagerank::pagerank(&network, 0.85, 1e-10);
            assert_eq!(rank.len(), network.actors());
            let _ = graph::components::strong_components(&network);
            let _ = graph::cuts::cuts(&network);
        }
    }
});
