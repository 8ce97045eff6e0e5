//! The category model as it ships: one file of about two megabytes, read once.
//!
//! Multinomial logistic regression. Each feature has a rarity (its inverse document frequency in training) and, for
//! the few categories it speaks for or against, a weight of one byte; what it says of the others is a constant, which
//! the softmax does not see, so it is left out.
//!
//! Layout, little-endian: `SAANCAT1`, digest of the training input u64, scale f32, temperature f32, trust in the first
//! guess (intercept f32, slope f32), number of categories u32, number of features u32, bias f32 each category; then the features in the order of their hashes:
//! hash u32, rarity u8 (sixteenths), number of weights u8, and for each weight its category u8 and value i8.

use crate::features::Feature;

const MAGIC: &[u8; 8] = b"SAANCAT1";

/// One weight of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Place of the category
    pub category: u8,
    /// In steps of the model's scale
    pub steps: i8,
}

/// A feature as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its hash
    pub hash: u32,
    /// Inverse document frequency in sixteenths
    pub rarity: u8,
    /// Its weights
    pub weights: Vec<Weight>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    hash: u32,
    start: u32,
    count: u8,
    rarity: u8,
}

/// How the certainty of the likeliest category is corrected: logit p' = intercept + slope · logit p, fitted on held-out
/// sentences (Platt 1999).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trust {
    /// Added to the log-odds
    pub intercept: f32,
    /// Factor of the log-odds
    pub slope: f32,
}

impl Trust {
    /// Changes nothing.
    pub const PLAIN: Self = Self { intercept: 0.0, slope: 1.0 };

    /// Corrects probabilities that sum to 1; they still do, and the likeliest stays the likeliest.
    pub fn correct(self, p: &mut [f32]) {
        let Some((best, &most)) = p.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)) else { return };
        if most >= 1.0 || most <= 0.0 {
            return;
        }
        let odds = self.intercept + self.slope * (most / (1.0 - most)).ln();
        let corrected = 1.0 / (1.0 + (-odds).exp());
        let rest = (1.0 - corrected) / (1.0 - most);
        if p.iter().enumerate().any(|(place, p)| place != best && p * rest > corrected) {
            return;
        }
        for (place, p) in p.iter_mut().enumerate() {
            *p = if place == best { corrected } else { *p * rest };
        }
    }
}

/// A model ready to read texts.
#[derive(Debug)]
pub struct Model {
    digest: u64,
    scale: f32,
    temperature: f32,
    trust: Trust,
    bias: Vec<f32>,
    /// open addressing by hash; a slot with `count` 0 is free
    slots: Vec<Slot>,
    weights: Vec<Weight>,
}

/// Why bytes are no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the category model is damaged at byte {0}")]
pub struct Damaged(pub usize);

/// Writes a model file.
#[must_use]
pub fn write(digest: u64, scale: f32, temperature: f32, trust: Trust, bias: &[f32], rows: &[Row]) -> Vec<u8> {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = MAGIC.to_vec();
    bytes.extend(digest.to_le_bytes());
    bytes.extend(scale.to_le_bytes());
    bytes.extend(temperature.to_le_bytes());
    bytes.extend(trust.intercept.to_le_bytes());
    bytes.extend(trust.slope.to_le_bytes());
    bytes.extend(count(bias.len()));
    bytes.extend(count(rows.len()));
    bias.iter().for_each(|b| bytes.extend(b.to_le_bytes()));
    for row in rows {
        bytes.extend(row.hash.to_le_bytes());
        bytes.push(row.rarity);
        bytes.push(u8::try_from(row.weights.len()).unwrap_or(u8::MAX));
        for weight in &row.weights {
            bytes.push(weight.category);
            bytes.extend(weight.steps.to_le_bytes());
        }
    }
    bytes
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Damaged> {
        let part = self.bytes.get(self.at..self.at + N).and_then(|part| part.try_into().ok());
        self.at += N;
        part.ok_or(Damaged(self.at))
    }

    fn count(&mut self) -> Result<usize, Damaged> {
        usize::try_from(u32::from_le_bytes(self.take()?)).map_err(|_| Damaged(self.at))
    }
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// The bytes are not such a file, by the place where that shows.
    pub fn read(bytes: &[u8]) -> Result<Self, Damaged> {
        let mut reader = Reader { bytes, at: 0 };
        if reader.take::<8>()? != *MAGIC {
            return Err(Damaged(0));
        }
        let digest = u64::from_le_bytes(reader.take()?);
        let scale = f32::from_le_bytes(reader.take()?);
        let temperature = f32::from_le_bytes(reader.take()?);
        let trust = Trust {
            intercept: f32::from_le_bytes(reader.take()?),
            slope: f32::from_le_bytes(reader.take()?),
        };
        let (categories, features) = (reader.count()?, reader.count()?);
        if categories > 255 || features > bytes.len() || !(temperature > 0.0 && scale > 0.0) {
            return Err(Damaged(reader.at));
        }
        let mut bias = Vec::with_capacity(categories);
        for _ in 0..categories {
            bias.push(f32::from_le_bytes(reader.take()?));
        }
        let free = Slot { hash: 0, start: 0, count: 0, rarity: 0 };
        let mut model = Self {
            digest,
            scale,
            temperature,
            trust,
            bias,
            slots: vec![free; (features * 2).next_power_of_two().max(2)],
            weights: Vec::new(),
        };
        for _ in 0..features {
            let hash = u32::from_le_bytes(reader.take()?);
            let [rarity, count] = reader.take()?;
            let start = u32::try_from(model.weights.len()).map_err(|_| Damaged(reader.at))?;
            for _ in 0..count {
                let [category, steps] = reader.take()?;
                if usize::from(category) >= categories {
                    return Err(Damaged(reader.at));
                }
                model.weights.push(Weight { category, steps: i8::from_le_bytes([steps]) });
            }
            model.place(Slot { hash, start, count, rarity });
        }
        if reader.at == bytes.len() { Ok(model) } else { Err(Damaged(reader.at)) }
    }

    fn place(&mut self, slot: Slot) {
        let mask = self.slots.len() - 1;
        let mut at = slot.hash as usize & mask;
        // at most half of the slots are taken, so a free one comes
        while let Some(place) = self.slots.get_mut(at) {
            if place.count == 0 {
                *place = slot;
                return;
            }
            at = (at + 1) & mask;
        }
    }

    fn find(&self, hash: u32) -> Option<&Slot> {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots.get(at)?;
            if slot.count == 0 {
                return None;
            }
            if slot.hash == hash {
                return Some(slot);
            }
            at = (at + 1) & mask;
        }
    }

    /// A model that knows no feature.
    #[must_use]
    pub fn silent(categories: usize) -> Self {
        let free = Slot { hash: 0, start: 0, count: 0, rarity: 0 };
        Self {
            digest: 0,
            scale: 1.0,
            temperature: 1.0,
            trust: Trust::PLAIN,
            bias: vec![0.0; categories],
            slots: vec![free; 2],
            weights: vec![],
        }
    }

    /// How many categories it tells apart.
    #[must_use]
    pub fn categories(&self) -> usize {
        self.bias.len()
    }

    /// Digest of the input it was trained on.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest
    }

    /// The log-odds of each category, calibrated, up to a constant.
    #[must_use]
    pub fn logits(&self, features: &[Feature]) -> Vec<f32> {
        self.with_bias(&self.evidence(features))
    }

    /// Evidence and how common each category is by itself.
    #[must_use]
    pub fn with_bias(&self, evidence: &[f32]) -> Vec<f32> {
        evidence.iter().zip(&self.bias).map(|(sum, bias)| sum + bias / self.temperature).collect()
    }

    /// The probability of each category from log-odds, corrected; they sum to 1.
    #[must_use]
    pub fn probabilities(&self, mut logits: Vec<f32>) -> Vec<f32> {
        crate::training::softmax(&mut logits);
        self.trust.correct(&mut logits);
        logits
    }

    /// What the text alone says for each category: all 0 for a text of unknown features.
    #[must_use]
    pub fn evidence(&self, features: &[Feature]) -> Vec<f32> {
        // one for each category a byte can name, so that none is out of bounds
        let mut sums = [0.0_f32; 256];
        let mut squares = 0.0_f32;
        // found first, weighed after: the places lie far apart in memory, and so they are fetched at once
        let found: Vec<(&Slot, f32)> =
            features.iter().filter_map(|feature| Some((self.find(feature.hash)?, feature.value))).collect();
        for (slot, value) in found {
            let value = value * f32::from(slot.rarity);
            squares += value * value;
            let start = slot.start as usize;
            let weights = self.weights.get(start..start + usize::from(slot.count)).unwrap_or_default();
            for weight in weights {
                if let Some(sum) = sums.get_mut(usize::from(weight.category)) {
                    *sum += value * f32::from(weight.steps);
                }
            }
        }
        let unit = if squares > 0.0 { self.scale / squares.sqrt() } else { 0.0 };
        sums.iter().take(self.bias.len()).map(|sum| sum * unit / self.temperature).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small() -> Vec<u8> {
        let row = |hash, category, steps| Row { hash, rarity: 16, weights: vec![Weight { category, steps }] };
        write(7, 0.5, 2.0, Trust::PLAIN, &[0.0, 1.0], &[row(3, 0, 4), row(9, 1, -2)])
    }

    #[test]
    fn weighs_what_it_knows() {
        let model = Model::read(&small()).unwrap();
        assert_eq!(model.digest(), 7);
        let feature = |hash, value| Feature { hash, value };
        // one known feature has length 1: 4 steps of .5 over temperature 2
        assert_eq!(model.logits(&[feature(3, 0.7), feature(100, 5.0)]), [1.0, 0.5]);
        let both = model.logits(&[feature(3, 1.0), feature(9, 1.0)]);
        assert!((both[0] - 0.5_f32.sqrt()).abs() < 1e-6, "{both:?}");
        assert!((both[1] - (1.0 - 0.5_f32.sqrt()) / 2.0).abs() < 1e-6, "{both:?}");
    }

    #[test]
    fn trust_moves_the_first_and_keeps_the_sum() {
        let mut p = [0.9, 0.06, 0.04];
        Trust { intercept: 0.0, slope: 0.5 }.correct(&mut p);
        assert!((p[0] - 0.75).abs() < 1e-6, "{p:?}");
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let mut tied = [0.5, 0.5];
        Trust { intercept: -1.0, slope: 1.0 }.correct(&mut tied);
        assert_eq!(tied, [0.5, 0.5]);
    }

    proptest! {
        #[test]
        fn damaged_bytes_are_refused_or_read(cut in 0_usize..100, at in 0_usize..60, to in 0_u8..=255) {
            let mut bytes = small();
            let whole = bytes.len();
            if let Some(byte) = bytes.get_mut(at) { *byte = to; }
            bytes.truncate(whole.saturating_sub(cut));
            let read = Model::read(&bytes);
            prop_assert!(cut == 0 || read.is_err());
        }
    }
}
