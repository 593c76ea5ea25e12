//! How often the words of a language are said.

use crate::Dice;

/// The common words of a language: beyond them the tail is steeper (Gerlach and Altmann, "Stochastic Model for the
/// Vocabulary Growth in Natural Languages", Phys. Rev. X 3, 2013: b = 7873, γ = 1.77 for English).
const COMMON: usize = 7_873;
const STEEPNESS: f64 = 1.77;
/// Mandelbrot's shift: the very first words are a little less frequent than Zipf's law says.
const SHIFT: f64 = 2.7;
/// No rank is higher. Text of this size never meets it.
const LAST: f64 = 50_000_000.0;

/// Draws ranks, 0 being that of the commonest word.
///
/// Rank r has the weight 1 / (r + 2.7) up to 7,873 (Zipf–Mandelbrot) and falls with r^-1.77 beyond, without an end: about
/// one word in nine is of the tail, and the vocabulary grows with text^0.56 (Heaps).
#[derive(Clone, Debug)]
pub struct Ranks {
    sums: Vec<f64>,
    tail: f64,
}

impl Default for Ranks {
    fn default() -> Self {
        Self::new()
    }
}

impl Ranks {
    /// The distribution.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    pub fn new() -> Self {
        let mut sum = 0.0;
        let sums = (1..=COMMON).map(|rank| {
            sum += 1.0 / (rank as f64 + SHIFT);
            sum
        });
        Self { sums: sums.collect(), tail: 1.0 / (STEEPNESS - 1.0) }
    }

    /// A rank.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "ranks are far below 2^53"
    )]
    pub fn draw(&self, dice: &mut Dice) -> usize {
        let common = self.sums.last().copied().unwrap_or_default();
        let point = dice.unit() * (common + self.tail);
        if point <= common {
            return self.sums.partition_point(|sum| *sum < point);
        }
        // The tail's distribution function turned around.
        (COMMON as f64 * dice.unit().powf(-1.0 / (STEEPNESS - 1.0))).min(LAST) as usize
    }
}

/// Draws one of so many places, the first ones more often: rooms that are busy, people who write much.
#[derive(Clone, Debug)]
pub(crate) struct Busy {
    sums: Vec<f64>,
}

impl Busy {
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    pub(crate) fn new(places: usize) -> Self {
        let mut sum = 0.0;
        let sums = (0..places).map(|place| {
            sum += 1.0 / (place as f64 + 4.0);
            sum
        });
        Self { sums: sums.collect() }
    }

    pub(crate) fn draw(&self, dice: &mut Dice) -> usize {
        let point = dice.unit() * self.sums.last().copied().unwrap_or_default();
        self.sums.partition_point(|sum| *sum < point).min(self.sums.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn few_words_are_frequent_and_the_vocabulary_grows_for_ever() {
        let (ranks, mut dice) = (Ranks::new(), Dice::new(7));
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        let mut distinct = Vec::new();
        for said in 1..=400_000 {
            *counts.entry(ranks.draw(&mut dice)).or_default() += 1;
            if said % 100_000 == 0 {
                distinct.push(counts.len());
            }
        }
        let top: usize = counts.range(..100).map(|(_, count)| count).sum();
        assert!((30..45).contains(&(top * 100 / 400_000)), "the hundred commonest words are {top} of 400,000");
        let once = counts.values().filter(|count| **count == 1).count();
        assert!(once * 100 > counts.len() * 35, "{once} of {} words are said once", counts.len());
        assert!(distinct.windows(2).all(|pair| pair[1] > pair[0] + 1_500), "it grows: {distinct:?}");
    }
}
