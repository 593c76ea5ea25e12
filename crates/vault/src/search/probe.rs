//! A quick look at a message's content, before its words are cut: whether a part of a word may be in it at all.
//!
//! **Invariant:** never says no where the words say yes. It may say yes too often: it looks through all of the JSON, and
//! across the ends of words.

use memchr::memmem::Finder;
use unicode_normalization::UnicodeNormalization as _;

use super::text::{is_accent, is_of_words, plain};

/// What is looked for, as [`Probe::may_be_in`] folds a content.
pub(super) struct Probe {
    finder: Finder<'static>,
    folded: String,
    ascii: bool,
}

impl Probe {
    /// For a part of a word, as the index folds it.
    pub(super) fn new(part: &str) -> Self {
        let mut folded = String::with_capacity(part.len());
        fold(part, &mut folded);
        Self { finder: Finder::new(folded.as_bytes()).into_owned(), ascii: folded.is_ascii(), folded: String::new() }
    }

    /// Whether a content, as it is kept, may say it.
    pub(super) fn may_be_in(&mut self, content: &str) -> bool {
        if content.is_ascii() && !self.ascii {
            return false;
        }
        self.folded.clear();
        fold(content, &mut self.folded);
        self.finder.find(self.folded.as_bytes()).is_some()
    }
}

/// As words are folded, but taken apart and without their ends: what is a part of a folded word is a part of this.
fn fold(text: &str, folded: &mut String) {
    if text.is_ascii() {
        folded.extend(text.chars().filter(|letter| *letter != '\'').map(|letter| letter.to_ascii_lowercase()));
        return;
    }
    for letter in text.nfkd() {
        if letter.is_ascii() {
            // A compatibility form may come apart into signs, which its word does not keep.
            if letter.is_ascii_alphanumeric() {
                folded.push(letter.to_ascii_lowercase());
            }
        } else if !is_accent(letter) {
            for lower in letter.to_lowercase().filter(|lower| !is_accent(*lower)) {
                match plain(lower) {
                    Some(plain) => folded.push_str(plain),
                    None if is_of_words(lower) => folded.push(lower),
                    None => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::text::words;

    #[test]
    fn what_is_said_may_be_said() {
        for (part, content) in [
            ("berth", "The BERTH plan"),
            ("dont", "I don't"),
            ("equipe", "l'équipe"),
            ("lodz", "in Łódź"),
            ("strasse", "Straße 5"),
            ("fine", "it is ﬁne"),
            ("한국", "한국어"),
            ("оранж", "ОРАНЖЕВЫЙ"),
        ] {
            assert!(Probe::new(part).may_be_in(content), "{part} in {content}");
        }
        for (part, content) in [("berth", "The birth"), ("é", "ascii only"), ("lodz", "Łó-bź")] {
            assert!(!Probe::new(part).may_be_in(content), "{part} in {content}");
        }
    }

    proptest! {
        #[test]
        fn every_part_of_every_word_may_be_in_its_text(text in any::<String>(), from in 0..8_usize, length in 1..6_usize) {
            for word in words(&text) {
                let part: String = word.word.chars().skip(from).take(length).collect();
                prop_assert!(part.is_empty() || Probe::new(&part).may_be_in(&text), "{part:?} in {text:?}");
            }
        }
    }
}
