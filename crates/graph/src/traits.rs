//! How alike or unequal the actors of a network are in one number each.

/// Van der Eijk's agreement A of answers on a scale of `counts.len()` grades: 1 all the same, 0 even, −1 half at each
/// end (van der Eijk 2001, Measuring agreement in ordered rating scales, *Quality & Quantity* 35). `counts` is how many
/// gave each grade. None where nobody answered or the scale has fewer than three grades.
///
/// The counts are split into layers of equal height; a layer of S grades out of K has
/// U = ((K−2)·TU − (K−1)·TDU) / ((K−2)·(TU + TDU)), with TU the triples of grades filled as 110 or 011 and TDU those
/// filled as 101, and A = U·(1 − (S−1)/(K−1)); layers count by their mass.
#[must_use]
pub fn agreement(counts: &[u64]) -> Option<f64> {
    let all: u64 = counts.iter().sum();
    if all == 0 || counts.len() < 3 {
        return None;
    }
    let mut left = counts.to_vec();
    let mut agreement = 0.0;
    while let Some(height) = left.iter().copied().filter(|&count| count > 0).min() {
        let filled: Vec<bool> = left.iter().map(|&count| count > 0).collect();
        let mass = height * filled.iter().filter(|&&filled| filled).count() as u64;
        agreement += mass as f64 / all as f64 * layer_agreement(&filled);
        for count in &mut left {
            *count = count.saturating_sub(height);
        }
    }
    Some(agreement)
}

fn layer_agreement(filled: &[bool]) -> f64 {
    let k = filled.len() as f64;
    let (mut unimodal, mut bimodal) = (0.0, 0.0);
    for (i, &first) in filled.iter().enumerate() {
        for (j, &second) in filled.iter().enumerate().skip(i + 1) {
            for &third in filled.iter().skip(j + 1) {
                match (first, second, third) {
                    (true, true, false) | (false, true, true) => unimodal += 1.0,
                    (true, false, true) => bimodal += 1.0,
                    _ => {}
                }
            }
        }
    }
    let size = filled.iter().filter(|&&filled| filled).count() as f64;
    let all = unimodal + bimodal;
    let shape =
        if all > 0.0 { ((k - 2.0) * unimodal - (k - 1.0) * bimodal) / ((k - 2.0) * all) } else { 1.0 };
    shape * (1.0 - (size - 1.0) / (k - 1.0))
}

/// The Gini coefficient with the correction for small samples, G·n/(n−1): 0 all have the same, 1 one has all
/// (Deltas 2003). None below two values, where the sum is 0, or where a value is negative or not a number.
#[must_use]
pub fn gini(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let sum: f64 = values.iter().sum();
    if values.len() < 2
        || values.iter().any(|value| value.is_nan() || *value < 0.0)
        || !sum.is_finite()
        || sum <= 0.0
    {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    // Σ of all differences of two, from each value's place in the order
    let spread: f64 =
        sorted.iter().enumerate().map(|(place, value)| (2.0 * place as f64 + 1.0 - n) * value).sum();
    Some(spread / (n - 1.0) / sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: Option<f64>, wanted: f64) {
        assert!((value.unwrap() - wanted).abs() < 1e-12, "{value:?} is not {wanted}");
    }

    // values of indicators E1a and of van der Eijk's paper
    #[test]
    fn agreement_is_one_when_all_say_the_same_and_minus_one_at_opposite_ends() {
        near(agreement(&[0, 0, 0, 3, 0]), 1.0);
        near(agreement(&[4, 0, 0, 0, 4]), -1.0);
        near(agreement(&[2, 2, 2, 2, 2]), 0.0);
        assert_eq!(agreement(&[0; 5]), None);
        assert_eq!(agreement(&[3, 4]), None);
    }

    #[test]
    fn agreement_by_hand_over_two_layers() {
        // 01110 of height 1 (TU 6, TDU 0: U 1, A 1 − 2/4) and 00100 of height 2 (A 1): (3·.5 + 2·1) / 5
        near(agreement(&[0, 1, 3, 1, 0]), 0.7);
        // 11000: TU 3 (a b with each later), TDU 0: A 1 − 1/4
        near(agreement(&[5, 5, 0, 0, 0]), 0.75);
        // 10100: TU 0? (1,2,3)=101; (1,3,4),(1,3,5) = 110: TU 2; (2,3,4),(2,3,5) = 010 none; TDU 1:
        // U = (3·2 − 4·1) / (3·3) = 2/9, A = 2/9 · 3/4
        near(agreement(&[1, 0, 1, 0, 0]), 2.0 / 9.0 * 0.75);
    }

    #[test]
    fn gini_of_one_who_has_all_is_one() {
        near(gini(&[0.0, 0.0, 10.0, 0.0, 0.0]), 1.0);
        near(gini(&[3.0, 3.0, 3.0]), 0.0);
        // differences 1+1+2 over the three pairs, doubled: 8 / (2 · 9 · 2) = 2/9, times 3/2
        near(gini(&[1.0, 2.0, 3.0]), 1.0 / 3.0);
        assert_eq!(gini(&[1.0]), None);
        assert_eq!(gini(&[0.0, 0.0]), None);
        assert_eq!(gini(&[-1.0, 2.0]), None);
    }
}
