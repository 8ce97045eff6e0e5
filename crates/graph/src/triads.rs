//! The triad census: how often each of the sixteen ways stands in which three actors can be tied by arcs.
//!
//! Holland & Leinhardt (1970). Batagelj & Mrvar (2001) visit each connected triad; here only closed ones are visited,
//! as triangles, and open ones are counted from the ties around their middle actor, so that a star of a million
//! takes no longer than any other network of a million ties. Counts may pass 2⁶⁴.

#![expect(clippy::indexing_slicing, reason = "codes and types are below the sizes of their tables")]

use crate::network::Graph;
use crate::triangles::Oriented;

/// The names of the sixteen types in the order of the census.
pub const TRIAD_TYPES: [&str; 16] = [
    "003", "012", "102", "021D", "021U", "021C", "111D", "111U", "030T", "030C", "201", "120D", "120U",
    "120C", "210", "300",
];

// places in the census
const ASYMMETRIC: usize = 1;
const MUTUAL: usize = 2;
const T021D: usize = 3;
const T021U: usize = 4;
const T021C: usize = 5;
const T111D: usize = 6;
const T111U: usize = 7;
const T201: usize = 10;

// how a tie looks from one of its ends
const OUT: usize = 1;
const IN: usize = 2;
const BOTH: usize = 3;

/// How many sets of three actors are of each type, in the order of [`TRIAD_TYPES`].
#[must_use]
pub fn triad_census(graph: &Graph) -> [u128; 16] {
    let mut census = [0_u128; 16];
    let (mutual, asymmetric) = add_two_paths(graph, &mut census);
    let closed = closed_triads(graph);
    for (codes, &count) in closed.iter().enumerate() {
        let codes = [codes & 3, codes >> 2 & 3, codes >> 4];
        if count == 0 {
            continue;
        }
        census[closed_type(codes)] += u128::from(count);
        // each closed triad was counted above as three paths of two ties
        let [ab, ac, bc] = codes;
        for (first, second) in [(ab, ac), (turned(ab), bc), (turned(ac), turned(bc))] {
            census[open_type(first, second)] -= u128::from(count);
        }
    }
    let n = graph.actors() as u128;
    // every pair with a tie is in n − 2 triads, of which those of the types above are known
    let others = n.saturating_sub(2);
    (census[MUTUAL], census[ASYMMETRIC]) =
        (mutual * others - pairs_in(&census, 0), asymmetric * others - pairs_in(&census, 1));
    let all = n * n.saturating_sub(1) / 2 * n.saturating_sub(2) / 3;
    census[0] = all - census[1..].iter().sum::<u128>();
    census
}

/// How many mutual (digit 0) or asymmetric (digit 1) pairs stand in the connected triads counted: the first digits of
/// a type's name.
fn pairs_in(census: &[u128; 16], digit: usize) -> u128 {
    let pairs = |name: &str| u128::from(name.as_bytes()[digit] - b'0');
    (T021D..16).map(|triad| census[triad] * pairs(TRIAD_TYPES[triad])).sum()
}

/// Counts paths of two ties by their middle actor, and pairs with a tie.
fn add_two_paths(graph: &Graph, census: &mut [u128; 16]) -> (u128, u128) {
    let (out, inward, either) = (graph.out(), graph.inward(), graph.undirected());
    let (mut twice_mutual, mut twice_asymmetric) = (0, 0);
    for actor in out.each_actor() {
        let all = either.degree(actor) as u128;
        let both = (out.degree(actor) + inward.degree(actor)) as u128 - all;
        let (only_out, only_in) = (out.degree(actor) as u128 - both, inward.degree(actor) as u128 - both);
        twice_mutual += both;
        twice_asymmetric += only_out + only_in;
        census[T021D] += only_out * only_out.saturating_sub(1) / 2;
        census[T021U] += only_in * only_in.saturating_sub(1) / 2;
        census[T021C] += only_out * only_in;
        census[T111D] += both * only_in;
        census[T111U] += both * only_out;
        census[T201] += both * both.saturating_sub(1) / 2;
    }
    (twice_mutual / 2, twice_asymmetric / 2)
}

/// The type of an open triad whose middle actor sees its two ties so.
fn open_type(first: usize, second: usize) -> usize {
    match (first, second) {
        (OUT, OUT) => T021D,
        (IN, IN) => T021U,
        (BOTH, BOTH) => T201,
        (BOTH, IN) | (IN, BOTH) => T111D,
        (BOTH, OUT) | (OUT, BOTH) => T111U,
        _ => T021C,
    }
}

/// Counts triangles by the codes of their ties: (a,b) + 4·(a,c) + 16·(b,c).
fn closed_triads(graph: &Graph) -> [u64; 64] {
    let mut closed = [0_u64; 64];
    if graph.out().is_empty() {
        return closed;
    }
    let oriented = Oriented::new(graph);
    let codes = tie_codes(graph, &oriented);
    oriented.each_triangle(|triangle| {
        let [ab, ac, bc] = triangle.ties.map(|tie| usize::from(codes[tie]));
        closed[ab | ac << 2 | bc << 4] += 1;
    });
    closed
}

/// How each oriented tie looks from its tail.
fn tie_codes(graph: &Graph, oriented: &Oriented) -> Vec<u8> {
    let (out, inward) = (graph.out(), graph.inward());
    let mut present = (u32::MAX, out.neighbors(0).iter().peekable(), inward.neighbors(0).iter().peekable());
    let mut codes = Vec::new();
    for (tail, head, _) in oriented.ties() {
        if present.0 != tail {
            present = (tail, out.neighbors(tail).iter().peekable(), inward.neighbors(tail).iter().peekable());
        }
        while present.1.next_if(|&&other| other < head).is_some() {}
        while present.2.next_if(|&&other| other < head).is_some() {}
        let code = usize::from(present.1.peek() == Some(&&head)) * OUT
            + usize::from(present.2.peek() == Some(&&head)) * IN;
        codes.push(code as u8);
    }
    codes
}

/// A tie seen from its other end.
fn turned(code: usize) -> usize {
    [0, IN, OUT, BOTH][code]
}

/// The type of a closed triad from the codes of (a,b), (a,c) and (b,c), each seen from its first actor.
fn closed_type([ab, ac, bc]: [usize; 3]) -> usize {
    let mutual = [ab, ac, bc].iter().filter(|&&code| code == BOTH).count();
    // arcs that leave each actor, mutual ties aside
    let leaves = |code: usize| usize::from(code == OUT);
    let out =
        [leaves(ab) + leaves(ac), leaves(turned(ab)) + leaves(bc), leaves(turned(ac)) + leaves(turned(bc))];
    let name = match (mutual, out.iter().max()) {
        (3, _) => "300",
        (2, _) => "210",
        (1, Some(2)) => "120D",
        (1, _) => one_mutual([ab, ac, bc]),
        (_, Some(2)) => "030T",
        _ => "030C",
    };
    TRIAD_TYPES.iter().position(|&other| other == name).unwrap_or(0)
}

/// With one mutual tie and no actor from whom both other arcs leave: they meet in one (120U) or pass through (120C).
fn one_mutual([ab, ac, bc]: [usize; 3]) -> &'static str {
    let enters = |code: usize| usize::from(code == IN);
    let into =
        [enters(ab) + enters(ac), enters(turned(ab)) + enters(bc), enters(turned(ac)) + enters(turned(bc))];
    if into.contains(&2) { "120U" } else { "120C" }
}
