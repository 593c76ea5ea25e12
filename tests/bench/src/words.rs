//! Text with the frequencies of natural language: few words often, most words hardly ever (Zipf).
//!
//! **Invariant:** nothing here reads a clock or the system's randomness: the same seed writes the same text for ever.
//!
//! Refused: random letters. They make every word rare, and a full-text index of a shape that no person's has.

/// How many different words there are.
const VOCABULARY: usize = 30_000;
const ONSETS: [&str; 16] = ["b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w"];
const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ea", "ö"];

/// A stream of numbers (SplitMix64: Steele, Lea, Flood 2014). A generator of our own, because the streams of library
/// generators change between versions.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// The stream of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 when that is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap_or_default()
    }

    /// True so often in a hundred.
    pub(crate) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    /// A number in 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float has")]
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Numbers that follow Zipf's law: rank n is drawn in proportion to 1 / n^1.05.
#[derive(Clone, Debug)]
pub(crate) struct Zipf {
    sums: Vec<f64>,
}

impl Zipf {
    /// Over this many ranks.
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    pub(crate) fn new(ranks: usize) -> Self {
        let mut sum = 0.0;
        let weight = |rank: usize| 1.0 / ((rank + 1) as f64).powf(1.05);
        let sums = (0..ranks).map(|rank| {
            sum += weight(rank);
            sum
        });
        Self { sums: sums.collect() }
    }

    /// A rank, from 0.
    pub(crate) fn draw(&self, dice: &mut Dice) -> usize {
        let point = dice.unit() * self.sums.last().copied().unwrap_or_default();
        self.sums.partition_point(|sum| *sum < point).min(self.sums.len().saturating_sub(1))
    }
}

/// Writes messages.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    words: Vec<String>,
    often: Zipf,
}

impl Writer {
    /// With the vocabulary that everybody shares.
    pub(crate) fn new() -> Self {
        let mut dice = Dice::new(1);
        let words = (0..VOCABULARY).map(|rank| word(&mut dice, rank)).collect();
        Self { words, often: Zipf::new(VOCABULARY) }
    }

    /// A message: mostly short, sometimes long.
    pub(crate) fn message(&self, dice: &mut Dice) -> String {
        let longest = if dice.percent(5) { 80 } else { 16 };
        let length = 1 + dice.below(longest);
        let mut text = String::new();
        for at in 0..length {
            if at > 0 {
                text.push(' ');
            }
            text.push_str(self.words.get(self.often.draw(dice)).map_or("", String::as_str));
        }
        text
    }
}

/// Common words are short.
fn word(dice: &mut Dice, rank: usize) -> String {
    let syllables = 1 + usize::from(rank > 60) + usize::from(rank > 2_000) + dice.below(2);
    let mut pick = |from: &[&'static str]| from.get(dice.below(from.len())).copied().unwrap_or_default();
    (0..syllables).flat_map(|_| [pick(&ONSETS), pick(&VOWELS)]).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_same_seed_writes_the_same_text() {
        let write = || Writer::new().message(&mut Dice::new(42));
        assert_eq!(write(), write());
        assert_ne!(Writer::new().message(&mut Dice::new(43)), write());
    }

    #[test]
    fn few_words_are_frequent_and_most_are_rare() {
        let (writer, mut dice) = (Writer::new(), Dice::new(7));
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for _ in 0..5_000 {
            for word in writer.message(&mut dice).split(' ') {
                *counts.entry(word.to_owned()).or_default() += 1;
            }
        }
        let total: usize = counts.values().sum();
        let mut sorted: Vec<usize> = counts.into_values().collect();
        sorted.sort_unstable_by(|one, other| other.cmp(one));
        let top: usize = sorted.iter().take(100).sum();
        assert!(top * 100 > total * 35, "the hundred commonest words are {top} of {total}");
        assert!(sorted.iter().filter(|count| **count == 1).count() > 2_000, "many words are said once");
    }
}
