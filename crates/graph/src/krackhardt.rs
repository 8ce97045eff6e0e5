//! How much an organization looks like a tree with one head: Krackhardt's four dimensions.
//!
//! Krackhardt, D. (1994). Graph theoretical dimensions of informal organizations. In *Computational Organization
//! Theory*. The first, connectedness, is in [`crate::components`].

#![expect(clippy::indexing_slicing, reason = "component numbers are below their count; this is the hot path")]

use crate::bound::{Bound, Spread};
use crate::components::Components;
use crate::network::Graph;
use crate::random::Random;

/// Graph efficiency: 1 − the share of arcs beyond a spanning tree of each weak component, of those there could be
/// (arcs counted with their direction, as R's `sna` reads it). None where no component has two actors.
#[must_use]
pub fn graph_efficiency(graph: &Graph, weak: &Components) -> Option<f64> {
    let tree: u128 = weak.sizes.iter().map(|&size| u128::from(size - 1)).sum();
    let most: u128 = weak.joined_pairs() - tree;
    (most > 0).then(|| 1.0 - (graph.ties() as u128 - tree) as f64 / most as f64)
}

/// The strong components of a network and the arcs between them: no way leads back along these.
pub struct Condensation {
    /// For each component the components with an arc to it, ascending. Components are in an order in which every arc
    /// leads from a lesser number to a greater.
    above: Vec<Vec<u32>>,
    sizes: Vec<u64>,
    of: Vec<u32>,
}

impl Condensation {
    #[must_use]
    pub fn new(graph: &Graph, strong: &Components) -> Self {
        let count = strong.count();
        let arcs_above = component_arcs(graph, strong);
        let order = downward_order(&arcs_above, count);
        let mut place = vec![0_u32; count];
        for (i, &component) in order.iter().enumerate() {
            place[component as usize] = i as u32;
        }
        let mut above: Vec<Vec<u32>> = order
            .iter()
            .map(|&component| {
                arcs_above[component as usize].iter().map(|&other| place[other as usize]).collect()
            })
            .collect();
        for list in &mut above {
            list.sort_unstable();
        }
        let sizes = order.iter().map(|&component| strong.sizes[component as usize]).collect();
        let of = strong.of.iter().map(|&component| place[component as usize]).collect();
        Self { above, sizes, of }
    }

    /// How many strong components there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// Components with an arc to another, ascending.
    fn above_some(&self) -> Vec<u32> {
        let mut has_arc = vec![false; self.count()];
        for &component in self.above.iter().flatten() {
            has_arc[component as usize] = true;
        }
        (0..self.count() as u32).filter(|&component| has_arc[component as usize]).collect()
    }

    fn arcs(&self) -> usize {
        self.above.iter().map(Vec::len).sum()
    }
}

fn component_arcs(graph: &Graph, strong: &Components) -> Vec<Vec<u32>> {
    let mut above: Vec<Vec<u32>> = vec![Vec::new(); strong.count()];
    let rows = graph.out();
    for actor in rows.each_actor() {
        let own = strong.of[actor as usize];
        for &neighbor in rows.neighbors(actor) {
            let other = strong.of[neighbor as usize];
            if other != own {
                above[other as usize].push(own);
            }
        }
    }
    for list in &mut above {
        list.sort_unstable();
        list.dedup();
        list.shrink_to_fit();
    }
    above
}

/// Components so ordered that each stands behind all those above it (Kahn 1962).
fn downward_order(above: &[Vec<u32>], count: usize) -> Vec<u32> {
    let mut waiting: Vec<u32> = above.iter().map(|list| list.len() as u32).collect();
    let mut below: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (component, list) in above.iter().enumerate() {
        for &other in list {
            below[other as usize].push(component as u32);
        }
    }
    let mut order: Vec<u32> =
        (0..count as u32).filter(|&component| waiting[component as usize] == 0).collect();
    let mut at = 0;
    while let Some(&component) = order.get(at) {
        at += 1;
        for &other in &below[component as usize] {
            waiting[other as usize] -= 1;
            if waiting[other as usize] == 0 {
                order.push(other);
            }
        }
    }
    order
}

/// Krackhardt's hierarchy: of the pairs where at least one reaches the other, the share where the other does not
/// reach back; 1 in a tree. None where no actor reaches another.
///
/// Ancestors are gathered 512 at a time as bits passed down the condensation: about arcs × components / 64 steps
/// ([`hierarchy_steps`]).
#[must_use]
pub fn hierarchy(condensation: &Condensation) -> Option<f64> {
    let sizes = &condensation.sizes;
    let mutual: u128 = sizes.iter().map(|&size| u128::from(size) * u128::from(size - 1) / 2).sum();
    let mut one_way = 0_u128;
    let mut bits = vec![[0_u64; WORDS]; sizes.len()];
    // only those above somebody need a bit, only those below somebody need to be asked
    let above_some = condensation.above_some();
    let below_some: Vec<u32> =
        (0..sizes.len() as u32).filter(|&c| !condensation.above[c as usize].is_empty()).collect();
    let mut own_bit = vec![NONE; sizes.len()];
    for block in above_some.chunks(WORDS * 64) {
        let (Some(&first), block_sizes) = (block.first(), sizes_of(sizes, block)) else { break };
        let singles = single_bits(&block_sizes);
        for (bit, &component) in (0..).zip(block) {
            own_bit[component as usize] = bit;
        }
        for &component in below_some.iter().skip(below_some.partition_point(|&c| c < first)) {
            let mut word = [0_u64; WORDS];
            for &other in condensation.above[component as usize].iter().filter(|&&other| other >= first) {
                if !condensation.above[other as usize].is_empty() {
                    for (to, from) in word.iter_mut().zip(&bits[other as usize]) {
                        *to |= from;
                    }
                }
                set(&mut word, own_bit[other as usize]);
            }
            one_way += u128::from(sizes[component as usize]) * actors_in(&word, &singles, &block_sizes);
            bits[component as usize] = word;
        }
        for &component in block {
            own_bit[component as usize] = NONE;
        }
    }
    let all = mutual + one_way;
    (all > 0).then(|| 1.0 - mutual as f64 / all as f64)
}

const WORDS: usize = 8;
const NONE: u32 = u32::MAX;

fn set(word: &mut [u64; WORDS], bit: u32) {
    if bit != NONE {
        word[bit as usize / 64] |= 1 << (bit % 64);
    }
}

fn sizes_of(sizes: &[u64], components: &[u32]) -> Vec<u64> {
    components.iter().map(|&component| sizes[component as usize]).collect()
}

/// The steps [`hierarchy`] takes, to choose by.
#[must_use]
pub fn hierarchy_steps(condensation: &Condensation) -> f64 {
    (condensation.arcs() + condensation.count()) as f64 * condensation.above_some().len() as f64 / 64.0
}

fn single_bits(sizes: &[u64]) -> [u64; WORDS] {
    let mut singles = [0; WORDS];
    for (i, &size) in sizes.iter().enumerate() {
        if size == 1 {
            singles[i / 64] |= 1 << (i % 64);
        }
    }
    singles
}

/// How many actors the components of these bits have together.
fn actors_in(word: &[u64; WORDS], singles: &[u64; WORDS], sizes: &[u64]) -> u128 {
    let mut sum = 0;
    for (w, (&bits, &single)) in word.iter().zip(singles).enumerate() {
        sum += u128::from((bits & single).count_ones());
        let mut large = bits & !single;
        while large != 0 {
            sum += u128::from(sizes[w * 64 + large.trailing_zeros() as usize]);
            large &= large - 1;
        }
    }
    sum
}

/// Least upper boundedness: 1 − the pairs within a weak component that have no least upper bound, of those that could
/// lack one, Σ (N−1)(N−2)/2. A least upper bound of two actors reaches both and is reached by every other actor that
/// does. None where no component has three actors.
///
/// An actor is that bound exactly if those who reach it are all those who reach both, so it is enough to look at the
/// actor with the most above it: about components³/128 steps. (R's `sna` 2.7.1 looks for an actor that *reaches* every
/// other upper bound, which its help does not say; the values differ.)
#[must_use]
pub fn least_upper_boundedness(condensation: &Condensation, weak: &Components) -> Option<f64> {
    let most = lub_most(weak)?;
    let closure = Closure::new(condensation);
    let mut lacking = 0_u128;
    let group = weak_of(condensation, weak);
    for a in 0..closure.order.len() {
        for b in 0..a {
            if group[closure.order[a] as usize] == group[closure.order[b] as usize]
                && !closure.has_bound(a, b)
            {
                let size = |i: usize| u128::from(condensation.sizes[closure.order[i] as usize]);
                lacking += size(a) * size(b);
            }
        }
    }
    Some(1.0 - lacking as f64 / most as f64)
}

/// The steps of [`least_upper_boundedness`], to choose by.
#[must_use]
pub fn lub_steps(condensation: &Condensation) -> f64 {
    (condensation.count() as f64).powi(3) / 128.0
}

fn lub_most(weak: &Components) -> Option<u128> {
    let pairs = |size: u64| u128::from(size - 1) * u128::from(size.saturating_sub(2)) / 2;
    let most: u128 = weak.sizes.iter().map(|&size| pairs(size)).sum();
    (most > 0).then_some(most)
}

fn weak_of(condensation: &Condensation, weak: &Components) -> Vec<u32> {
    let mut group = vec![0; condensation.count()];
    for (actor, &component) in condensation.of.iter().enumerate() {
        group[component as usize] = weak.of[actor];
    }
    group
}

/// For each strong component the set of those that reach it, itself included, as bits in the order of falling size
/// of that set.
struct Closure {
    order: Vec<u32>,
    counts: Vec<u64>,
    words: usize,
    bits: Vec<u64>,
}

impl Closure {
    fn new(condensation: &Condensation) -> Self {
        let count = condensation.count();
        let words = count.div_ceil(64);
        let mut bits = vec![0_u64; words * count];
        for component in 0..count {
            let (before, rest) = bits.split_at_mut(component * words);
            let own = &mut rest[..words];
            for &other in &condensation.above[component] {
                let theirs = &before[other as usize * words..(other as usize + 1) * words];
                for (to, from) in own.iter_mut().zip(theirs) {
                    *to |= from;
                }
            }
            own[component / 64] |= 1 << (component % 64);
        }
        let above_count = |c: usize| {
            bits[c * words..(c + 1) * words].iter().map(|w| u64::from(w.count_ones())).sum::<u64>()
        };
        let mut order: Vec<u32> = (0..count as u32).collect();
        let counts_by_number: Vec<u64> = (0..count).map(above_count).collect();
        order.sort_by_key(|&component| std::cmp::Reverse(counts_by_number[component as usize]));
        Self::reordered(&bits, words, order, &counts_by_number)
    }

    fn reordered(bits: &[u64], words: usize, order: Vec<u32>, counts: &[u64]) -> Self {
        let mut place = vec![0_usize; order.len()];
        for (i, &component) in order.iter().enumerate() {
            place[component as usize] = i;
        }
        let mut sorted = vec![0_u64; bits.len()];
        for (i, &component) in order.iter().enumerate() {
            for w in 0..words {
                let mut word = bits[component as usize * words + w];
                while word != 0 {
                    let to = place[w * 64 + word.trailing_zeros() as usize];
                    sorted[i * words + to / 64] |= 1 << (to % 64);
                    word &= word - 1;
                }
            }
        }
        let counts = order.iter().map(|&component| counts[component as usize]).collect();
        Self { order, counts, words, bits: sorted }
    }

    fn has_bound(&self, a: usize, b: usize) -> bool {
        let of = |i: usize| &self.bits[i * self.words..(i + 1) * self.words];
        let (mut shared, mut lowest) = (0_u64, None);
        for (w, (x, y)) in of(a).iter().zip(of(b)).enumerate() {
            let both = x & y;
            if both != 0 && lowest.is_none() {
                lowest = Some(w * 64 + both.trailing_zeros() as usize);
            }
            shared += u64::from(both.count_ones());
        }
        lowest.is_some_and(|bound| self.counts[bound] == shared)
    }
}

/// Least upper boundedness from pairs drawn at random, for networks too large for the exact value, with the error
/// that holds with that confidence (Hoeffding 1963). None as for [`least_upper_boundedness`].
#[must_use]
pub fn sampled_lub(
    condensation: &Condensation,
    weak: &Components,
    pairs: usize,
    confidence: f64,
    seed: u64,
) -> Option<(f64, Bound)> {
    let most = lub_most(weak)? as f64;
    let mut random = Random::new(seed);
    let draw = PairDraw::new(weak);
    let mut ancestors = [Ancestors::new(condensation), Ancestors::new(condensation)];
    let mut counted = Ancestors::new(condensation);
    let mut lacking = 0_usize;
    for _ in 0..pairs {
        let [a, b] = draw.pair(&mut random).map(|actor| condensation.of[actor as usize]);
        if a == b {
            continue;
        }
        for (list, of) in ancestors.iter_mut().zip([a, b]) {
            list.find(condensation, of);
        }
        let [of_a, of_b] = &ancestors;
        let shared: Vec<u32> = of_a.list.iter().copied().filter(|&c| of_b.holds(c)).collect();
        // below all others in the downward order stands the only one that can be reached by all of them
        let bound = shared.iter().copied().max();
        let reached_by_all = bound.is_some_and(|bound| {
            counted.find(condensation, bound);
            counted.list.len() == shared.len()
        });
        lacking += usize::from(!reached_by_all);
    }
    let all = weak.joined_pairs() as f64 / 2.0;
    let scale = all / most;
    let off = ((2.0 / (1.0 - confidence)).ln() / (2.0 * pairs as f64)).sqrt();
    let value = 1.0 - lacking as f64 / pairs as f64 * scale;
    Some((value, Bound { error: off * scale, confidence }))
}

/// Hierarchy from actors drawn at random and all who reach them, for networks too large for the exact value, with the
/// error that holds with that confidence. None as for [`hierarchy`].
#[must_use]
pub fn sampled_hierarchy(
    condensation: &Condensation,
    size: usize,
    confidence: f64,
    seed: u64,
) -> Option<(f64, Bound)> {
    let n = condensation.of.len();
    let pairs_in = |size: u64| size as f64 * (size as f64 - 1.0) / 2.0;
    let mutual: f64 = condensation.sizes.iter().map(|&size| pairs_in(size)).sum();
    let mut random = Random::new(seed);
    let mut ancestors = Ancestors::new(condensation);
    let mut reached_by = Spread::default();
    for _ in 0..size {
        let own = condensation.of[random.below(n as u64) as usize];
        ancestors.find(condensation, own);
        let actors: u64 = ancestors.list.iter().map(|&c| condensation.sizes[c as usize]).sum();
        reached_by.add((actors - condensation.sizes[own as usize]) as f64);
    }
    let share = |one_way: f64| one_way / (one_way + mutual);
    let (mean, off) = (reached_by.mean(), reached_by.error(n as f64, 1.0 - confidence));
    let value = share(mean * n as f64);
    let error = (share((mean + off) * n as f64) - value).max(value - share((mean - off).max(0.0) * n as f64));
    value.is_finite().then_some((value, Bound { error, confidence }))
}

/// Draws two actors of one weak component, each pair equally likely.
struct PairDraw {
    members: Vec<u32>,
    /// for each component where its members begin, and how many pairs stand up to its end
    starts: Vec<usize>,
    pairs: Vec<u128>,
}

impl PairDraw {
    fn new(weak: &Components) -> Self {
        let mut starts = vec![0_usize];
        let mut pairs = Vec::with_capacity(weak.count());
        let mut sum = 0;
        for &size in &weak.sizes {
            starts.push(starts[starts.len() - 1] + size as usize);
            sum += u128::from(size) * u128::from(size - 1);
            pairs.push(sum);
        }
        let mut next = starts.clone();
        let mut members = vec![0; weak.of.len()];
        for (actor, &component) in weak.of.iter().enumerate() {
            members[next[component as usize]] = actor as u32;
            next[component as usize] += 1;
        }
        Self { members, starts, pairs }
    }

    fn pair(&self, random: &mut Random) -> [u32; 2] {
        let all = self.pairs.last().copied().unwrap_or(0);
        let drawn = u128::from(random.below(all as u64));
        let component = self.pairs.partition_point(|&sum| sum <= drawn);
        let members = &self.members[self.starts[component]..self.starts[component + 1]];
        let first = random.below(members.len() as u64) as usize;
        let mut second = random.below(members.len() as u64 - 1) as usize;
        second += usize::from(second >= first);
        [members[first], members[second]]
    }
}

/// The strong components that reach one of them, itself included.
struct Ancestors {
    list: Vec<u32>,
    marked: Vec<bool>,
}

impl Ancestors {
    fn new(condensation: &Condensation) -> Self {
        Self { list: Vec::new(), marked: vec![false; condensation.count()] }
    }

    fn holds(&self, component: u32) -> bool {
        self.marked[component as usize]
    }

    fn find(&mut self, condensation: &Condensation, of: u32) {
        for component in self.list.drain(..) {
            self.marked[component as usize] = false;
        }
        self.list.push(of);
        self.marked[of as usize] = true;
        let mut at = 0;
        while let Some(&component) = self.list.get(at) {
            at += 1;
            for &other in &condensation.above[component as usize] {
                if !self.marked[other as usize] {
                    self.marked[other as usize] = true;
                    self.list.push(other);
                }
            }
        }
    }
}
