//! How the words of a language are spelled: a rank becomes a word.

use crate::dice::Dice;
use crate::languages::{LANGUAGES, Language};

/// Stems that rare words are derived from.
const STEMS: usize = 6_000;
/// Words that are kept spelled: most of what is said.
const KEPT: usize = 3_000;

/// The vocabulary of every language. Rank r of a language is always the same word, and there is a word for every rank.
#[derive(Clone, Debug)]
pub struct Lexicon {
    tongues: Vec<Tongue>,
}

/// A language, taken apart.
#[derive(Clone, Debug)]
struct Tongue {
    language: &'static Language,
    number: u64,
    words: Vec<&'static str>,
    onsets: Vec<&'static str>,
    vowels: Vec<&'static str>,
    codas: Vec<&'static str>,
    endings: Vec<&'static str>,
    kept: Vec<String>,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self::new()
    }
}

impl Lexicon {
    /// All languages.
    #[must_use]
    pub fn new() -> Self {
        Self { tongues: (0_u64..).zip(LANGUAGES).map(|(number, language)| Tongue::new(language, number)).collect() }
    }

    /// The language of a room, by the languages' shares.
    pub(crate) fn language(&self, dice: &mut Dice) -> usize {
        let mut left = dice.below(LANGUAGES.iter().map(|language| language.share).sum());
        for (number, language) in LANGUAGES.iter().enumerate() {
            match left.checked_sub(language.share) {
                Some(rest) => left = rest,
                None => return number,
            }
        }
        0
    }

    /// What is written between words, after a part of a sentence, and at its end.
    pub(crate) fn marks(&self, language: usize) -> (&'static str, &'static str, &'static str) {
        let found = self.tongues.get(language);
        found.map_or((" ", ", ", "."), |tongue| (tongue.language.space, tongue.language.comma, tongue.language.stop))
    }

    /// Write the word of this rank (0 is the commonest) behind the text.
    pub(crate) fn write(&self, language: usize, rank: usize, text: &mut String) {
        let Some(tongue) = self.tongues.get(language) else { return };
        match tongue.kept.get(rank) {
            Some(word) => text.push_str(word),
            None => tongue.spell(rank, text),
        }
    }
}

impl Tongue {
    fn new(language: &'static Language, number: u64) -> Self {
        let parts = |list: &'static str| -> Vec<&'static str> {
            list.split_whitespace().map(|part| if part == "-" { "" } else { part }).collect()
        };
        let mut tongue = Self {
            language,
            number,
            words: parts(language.words),
            onsets: parts(language.onsets),
            vowels: parts(language.vowels),
            codas: parts(language.codas),
            endings: parts(language.endings),
            kept: Vec::new(),
        };
        tongue.kept = (0..KEPT)
            .map(|rank| {
                let mut word = String::new();
                tongue.spell(rank, &mut word);
                word
            })
            .collect();
        tongue
    }

    /// Common words are a language's own, then short stems; rare ones are mostly derived: stems with endings, stems
    /// joined to stems, seldom something quite new.
    fn spell(&self, rank: usize, text: &mut String) {
        if let Some(word) = self.words.get(rank) {
            return text.push_str(word);
        }
        let mut dice = Dice::of(self.number, rank as u64);
        if rank < 2_500 {
            return self.stem(rank, text);
        }
        match dice.below(100) {
            0..55 => {
                self.some_stem(&mut dice, text);
                self.ending(&mut dice, text);
                if dice.percent(30) {
                    self.ending(&mut dice, text);
                }
            }
            55..80 => {
                self.some_stem(&mut dice, text);
                self.some_stem(&mut dice, text);
                if dice.percent(50) {
                    self.ending(&mut dice, text);
                }
            }
            _ => {
                let syllables = 2 + dice.below(3);
                self.syllables(&mut dice, syllables, text);
            }
        }
    }

    fn some_stem(&self, dice: &mut Dice, text: &mut String) {
        let point = dice.unit();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a small count"
        )]
        self.stem((point * point * STEMS as f64) as usize, text);
    }

    fn stem(&self, number: usize, text: &mut String) {
        let mut dice = Dice::of(!self.number, number as u64);
        let syllables = 1 + usize::from(number > 300 && dice.percent(65)) + usize::from(dice.percent(8));
        self.syllables(&mut dice, syllables, text);
    }

    fn syllables(&self, dice: &mut Dice, count: usize, text: &mut String) {
        for at in 0..count {
            let mut push = |list: &[&str]| text.push_str(dice.early(list).unwrap_or_default());
            push(&self.onsets);
            push(&self.vowels);
            // Syllables inside a word are mostly open.
            if at + 1 == count || dice.percent(25) {
                text.push_str(dice.early(&self.codas).unwrap_or_default());
            }
        }
    }

    fn ending(&self, dice: &mut Dice, text: &mut String) {
        text.push_str(dice.early(&self.endings).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn word(lexicon: &Lexicon, language: usize, rank: usize) -> String {
        let mut text = String::new();
        lexicon.write(language, rank, &mut text);
        text
    }

    #[test]
    fn every_rank_of_every_language_has_a_word_and_few_share_one() {
        let lexicon = Lexicon::new();
        for language in 0..LANGUAGES.len() {
            let ranks = (0..2_000).chain((2_000..400_000).step_by(199));
            let words: Vec<String> = ranks.map(|rank| word(&lexicon, language, rank)).collect();
            assert!(words.iter().all(|word| !word.is_empty() && !word.contains(char::is_whitespace)));
            let distinct: BTreeSet<&String> = words.iter().collect();
            assert!(distinct.len() * 100 > words.len() * 75, "language {language}: {} words", distinct.len());
        }
    }

    #[test]
    fn common_words_are_shorter_and_rare_ones_share_their_beginnings() {
        let lexicon = Lexicon::new();
        let length = |ranks: std::ops::Range<usize>| {
            let count = ranks.len();
            ranks.map(|rank| word(&lexicon, 0, rank).chars().count()).sum::<usize>() * 10 / count
        };
        assert!(length(0..100) < 50, "{}", length(0..100));
        assert!(length(20_000..21_000) > 70, "{}", length(20_000..21_000));
        let beginnings: BTreeSet<String> =
            (20_000..24_000).map(|rank| word(&lexicon, 0, rank).chars().take(4).collect()).collect();
        assert!(beginnings.len() < 2_600, "{} beginnings of 4,000 words", beginnings.len());
    }

    #[test]
    fn the_languages_have_letters_of_their_own() {
        let lexicon = Lexicon::new();
        let scripts: BTreeSet<u32> = (0..LANGUAGES.len())
            .map(|language| word(&lexicon, language, 1_000).chars().next().map_or(0, |first| u32::from(first) >> 8))
            .collect();
        assert!(scripts.len() >= 7, "{scripts:x?}");
    }
}
