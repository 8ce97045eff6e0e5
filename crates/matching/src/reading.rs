//! What the engine keeps of an intent's words: the categories it speaks of, its pieces, its concepts, its place in the
//! space of meanings.

use crate::categorizer::Categorizer;
use crate::concepts::{Concept, Concepts};
use crate::intent::Intent;
use crate::taxonomy::CategoryId;
use crate::text::{Analyzed, HashedMap, analyze, hash};

/// Categories kept of a text.
const KEPT: usize = 6;
/// A category less likely than this says nothing.
const FAINT: f32 = 0.02;
/// How far a tap is believed: one in ten is a slip of the finger or of judgment.
const BELIEVED: f32 = 0.9;
const PIECE: u8 = 1;

/// A few categories with their probabilities, largest first.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Topics {
    categories: [u8; KEPT],
    p: [f32; KEPT],
    len: u8,
}

impl Topics {
    fn of(
        categorizer: &Categorizer,
        logits: &[f32],
        tapped: &[CategoryId],
        allowed: Option<&[CategoryId]>,
    ) -> Self {
        let mut p = logits.to_vec();
        if let Some(allowed) = allowed {
            for (place, logit) in p.iter_mut().enumerate() {
                if !allowed.contains(&CategoryId::from_index(place)) {
                    *logit = -60.0;
                }
            }
        }
        let mut p = categorizer.model().probabilities(p);
        if !tapped.is_empty() {
            let each = BELIEVED / tapped.len() as f32;
            p.iter_mut().for_each(|p| *p *= 1.0 - BELIEVED);
            for category in tapped {
                if let Some(p) = p.get_mut(category.index()) {
                    *p += each;
                }
            }
        }
        let mut order: Vec<(u8, f32)> = (0_u8..).zip(p).filter(|(_, p)| *p >= FAINT).collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut topics = Self::default();
        for ((slot, p), (category, value)) in topics.categories.iter_mut().zip(&mut topics.p).zip(order) {
            *slot = category;
            *p = value;
            topics.len += 1;
        }
        topics
    }

    /// Its categories, likeliest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (CategoryId, f32)> {
        self.categories.iter().zip(self.p).take(usize::from(self.len)).map(|(c, p)| (CategoryId(*c), p))
    }

    /// The likeliest category.
    pub(crate) fn first(&self) -> Option<CategoryId> {
        self.iter().next().map(|(category, _)| category)
    }

    fn p(&self, category: CategoryId) -> f32 {
        self.iter().find(|(c, _)| *c == category).map_or(0.0, |(_, p)| p)
    }

    /// How far two texts speak of the same: the root of the probability that both mean one category, and with it the
    /// category that adds most.
    pub(crate) fn agreement(&self, other: &Self) -> (f64, Option<CategoryId>) {
        let mut sum = 0.0;
        let mut most = (0.0, None);
        for (category, p) in self.iter() {
            let both = p * other.p(category);
            sum += both;
            if both > most.0 {
                most = (both, Some(category));
            }
        }
        (f64::from(sum).sqrt(), most.1)
    }
}

/// An intent's words as the engine compares them.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) topics: Topics,
    /// hashes of its pieces, sorted, each once
    pub(crate) words: Box<[u32]>,
    /// its concepts, sorted: things by line, words of categories above
    pub(crate) concepts: Box<[u16]>,
    /// what speaks for each category, in 255ths of the most
    meaning: Box<[u8]>,
}

const OF_CATEGORY: u16 = 1 << 15;

impl Reading {
    pub(crate) fn of(intent: &Intent, categorizer: &Categorizer, allowed: Option<&[CategoryId]>) -> Self {
        let text = analyze(&intent.text);
        let evidence = categorizer.evidence(&text);
        let logits = categorizer.model().with_bias(&evidence);
        let mut concepts: Vec<u16> = Concepts::built_in()
            .find(&text)
            .into_iter()
            .map(|concept| match concept {
                Concept::Thing(line) => line,
                Concept::Of(id) => u16::from(id.0) | OF_CATEGORY,
            })
            .collect();
        concepts.sort_unstable();
        Self {
            topics: Topics::of(categorizer, &logits, &intent.categories, allowed),
            words: words(&text),
            concepts: concepts.into(),
            meaning: meaning(&evidence),
        }
    }

    /// Cosine of what speaks for each category, 0 to 1: two texts may be close without sharing their likeliest one.
    pub(crate) fn closeness(&self, other: &Self) -> f64 {
        let (mut dot, mut own, mut others) = (0_u32, 0_u32, 0_u32);
        for (a, b) in self.meaning.iter().zip(&other.meaning) {
            let (a, b) = (u32::from(*a), u32::from(*b));
            dot += a * b;
            own += a * a;
            others += b * b;
        }
        if dot == 0 { 0.0 } else { f64::from(dot) / (f64::from(own) * f64::from(others)).sqrt() }
    }
}

fn words(text: &Analyzed) -> Box<[u32]> {
    let mut words: Vec<u32> = text.pieces().map(word_hash).collect();
    words.sort_unstable();
    words.dedup();
    words.into()
}

pub(crate) fn word_hash(piece: &str) -> u32 {
    hash(PIECE, piece.as_bytes())
}

/// What speaks for each category above the mean, as shares of the largest; that is the space of meanings the sentences taught.
fn meaning(evidence: &[f32]) -> Box<[u8]> {
    let mean = evidence.iter().sum::<f32>() / evidence.len().max(1) as f32;
    let most = evidence.iter().map(|sum| sum - mean).fold(0.0, f32::max);
    if most <= 0.0 {
        return vec![0; evidence.len()].into();
    }
    evidence.iter().map(|sum| ((sum - mean).max(0.0) / most * 255.0).round() as u8).collect()
}

/// The sum of a weight over what two sorted sets share, over the root of the product of their sums: 0 to 1.
pub(crate) fn overlap<T: Ord + Copy>(a: &[T], b: &[T], weight: impl Fn(T) -> f64) -> f64 {
    let total = |set: &[T]| set.iter().map(|x| weight(*x)).sum::<f64>();
    let shared: f64 = shared(a, b).map(&weight).sum();
    if shared > 0.0 { shared / (total(a) * total(b)).sqrt() } else { 0.0 }
}

/// What two sorted sets share.
pub(crate) fn shared<'a, T: Ord + Copy>(a: &'a [T], b: &'a [T]) -> impl Iterator<Item = T> + 'a {
    let mut rest = b.iter().peekable();
    a.iter().copied().filter(move |x| {
        while rest.next_if(|y| **y < *x).is_some() {}
        rest.next_if(|y| **y == *x).is_some()
    })
}

/// Character trigrams of a text, hashed to 16 bits, sorted, each once.
pub(crate) fn trigrams(text: &str) -> Vec<u16> {
    let chars: Vec<char> = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let mut grams: Vec<u16> = chars
        .windows(3)
        .map(|window| {
            let mix = window.iter().fold(0_u32, |sum, &c| (sum ^ u32::from(c)).wrapping_mul(0x9e37_79b1));
            u16::try_from(mix >> 16).unwrap_or(0)
        })
        .collect();
    grams.sort_unstable();
    grams.dedup();
    grams
}

/// In how many texts something stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts<T: std::hash::Hash + Eq>(HashedMap<T, u32>);

impl<T: std::hash::Hash + Eq + Copy> Counts<T> {
    pub(crate) fn add(&mut self, things: &[T]) {
        for thing in things {
            *self.0.entry(*thing).or_default() += 1;
        }
    }

    pub(crate) fn subtract(&mut self, things: &[T]) {
        for thing in things {
            if let Some(count) = self.0.get_mut(thing) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// ln(1 + (n - df + .5) / (df + .5)), as BM25 has it (Robertson & Zaragoza 2009): above 0 for every thing.
    pub(crate) fn rarity(&self, thing: T, n: usize) -> f64 {
        let df = f64::from(self.0.get(&thing).copied().unwrap_or(0)).min(n as f64);
        (1.0 + (n as f64 - df + 0.5) / (df + 0.5)).ln()
    }
}
