//! A quick look at a message's content, before its words are cut: whether a part of a word, or words side by side, may be
//! in it at all.
//!
//! **Invariant:** never says no where the words say yes. It may say yes too often: it looks through all of the JSON, and
//! across the ends of words.

use memchr::memchr;
use memchr::memmem::Finder;
use unicode_normalization::UnicodeNormalization as _;

use super::letters::{self, Folded, class};
use super::text::{Class, LONGEST, is_accent, is_of_words, plain};

/// What is looked for, as [`Probe::may_be_in`] folds a content.
pub(super) struct Probe {
    finder: Finder<'static>,
    /// The same taken apart, for texts in which letters compose.
    apart: Finder<'static>,
    folded: String,
    ascii: bool,
    /// Only letters are compared: what stands between words does not matter.
    side_by_side: bool,
}

impl Probe {
    /// For a part of a word, as the index folds it.
    pub(super) fn new(part: &str) -> Self {
        let mut folded = String::with_capacity(part.len());
        take_apart(part, &mut folded);
        let (finder, apart) = (Finder::new(part.as_bytes()).into_owned(), Finder::new(folded.as_bytes()).into_owned());
        Self { finder, apart, ascii: part.is_ascii(), folded, side_by_side: false }
    }

    /// For words side by side; `None` where that cannot be told quickly: a script without spaces says letters twice, and
    /// of a long word only the beginning is known.
    pub(super) fn side_by_side(words: &[String]) -> Option<Self> {
        let dense = |word: &str| word.chars().any(|letter| class(letter) == Class::Dense);
        if words.iter().any(|word| dense(word) || word.chars().count() >= LONGEST) {
            return None;
        }
        Some(Self { side_by_side: true, ..Self::new(&words.concat()) })
    }

    /// Whether a content, as it is kept, may say it.
    pub(super) fn may_be_in(&mut self, content: &str) -> bool {
        self.folded.clear();
        if self.side_by_side {
            return !fold_letters(content, &mut self.folded) || self.finder.find(self.folded.as_bytes()).is_some();
        }
        let finder = if content.is_ascii() {
            if !self.ascii {
                return false;
            }
            self.folded.push_str(content);
            self.folded.make_ascii_lowercase();
            if memchr(b'\'', content.as_bytes()).is_some() {
                self.folded.retain(|letter| letter != '\'');
            }
            &self.finder
        } else if fold(content, &mut self.folded) {
            &self.finder
        } else {
            self.folded.clear();
            take_apart(content, &mut self.folded);
            &self.apart
        };
        finder.find(self.folded.as_bytes()).is_some()
    }
}

/// As words are folded, without their ends: what is a part of a folded word is a part of this. Whether that can be done
/// letter by letter.
fn fold(text: &str, folded: &mut String) -> bool {
    for letter in text.chars() {
        match letter {
            '\'' => {}
            '\0'..='\u{7f}' => folded.push(letter.to_ascii_lowercase()),
            _ if push(letter, folded) => {}
            _ => return false,
        }
    }
    true
}

/// One letter as it is folded, wherever it stands; whether that does not depend on what is beside it.
fn push(letter: char, folded: &mut String) -> bool {
    match letters::fold(letter) {
        Folded::Nothing => {}
        Folded::One(letter) => folded.push(letter),
        Folded::Several(letters) => folded.push_str(&letters),
        Folded::Together => return false,
    }
    true
}

/// As `fold`, of the letters alone.
fn fold_letters(text: &str, folded: &mut String) -> bool {
    for letter in text.chars() {
        match letter {
            'a'..='z' | '0'..='9' => folded.push(letter),
            'A'..='Z' => folded.push(letter.to_ascii_lowercase()),
            // In JSON, the letter after it is none; in a plain text it is.
            '\\' => return false,
            '\0'..='\u{7f}' => {}
            _ if matches!(class(letter), Class::Other | Class::Joiner) => {}
            _ if push(letter, folded) => {}
            _ => return false,
        }
    }
    true
}

/// As `fold`, of any text, with every letter taken apart.
fn take_apart(text: &str, folded: &mut String) {
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

    #[test]
    fn what_stands_side_by_side_may_stand_so() {
        let json = |text: &str| serde_json::json!({ "body": text }).to_string();
        let phrase = |words: &str| Probe::side_by_side(&words.split(' ').map(str::to_owned).collect::<Vec<_>>());
        for (words, text) in [
            ("berth plan", "the BERTH\n\u{1}\"plan\""),
            ("berth plan", "berth\\plan"),
            ("dont wait", "I don't — wait"),
            ("caf e", "café: e"),
            ("lodz 5", "Łódź/5"),
        ] {
            for text in [text, &json(text)] {
                assert!(phrase(words).unwrap().may_be_in(text), "{words} in {text}");
            }
        }
        assert!(!phrase("plan berth").unwrap().may_be_in(&json("the berth plan")));
        assert!(!phrase("berth plan").unwrap().may_be_in(&json("berth 5 plan")));
        assert!(phrase("北京 京大").is_none() && phrase(&format!("{} a", "x".repeat(LONGEST))).is_none());
    }

    proptest! {
        #[test]
        fn words_side_by_side_may_stand_so(text in "\\PC{0,40}|[a-zé'\n\\\\\" \u{1}ﬁ½-]{0,40}|.{0,30}", length in 2..4_usize) {
            let said: Vec<String> = words(&text).into_iter().map(|word| word.word).collect();
            let json = serde_json::json!({ "body": text }).to_string();
            for phrase in said.windows(length) {
                let may = |text| Probe::side_by_side(phrase).is_none_or(|mut probe| probe.may_be_in(text));
                prop_assert!(may(&json) && may(&text), "{phrase:?} in {json}");
            }
        }

        #[test]
        fn every_part_of_every_word_may_be_in_its_text(text in any::<String>(), from in 0..8_usize, length in 1..6_usize) {
            for word in words(&text) {
                let part: String = word.word.chars().skip(from).take(length).collect();
                prop_assert!(part.is_empty() || Probe::new(&part).may_be_in(&text), "{part:?} in {text:?}");
            }
        }
    }
}
