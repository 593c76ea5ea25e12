//! Texts: what somebody writes in a chat, in a language.

use std::fmt::Write as _;

use crate::{
    Lexicon, Ranks,
    dice::{BASE64, Dice, HEX},
    people::{self, PEOPLE},
};

/// Half of the messages have fewer words, and how far they spread (the spread is ProcessOne's; see the crate's page).
const WORDS: f64 = 9.0;
const SPREAD: f64 = 1.1;
/// Nobody writes more words in a chat.
const MOST: usize = 600;
const EMOJI: &[&str] = &[
    "👍",
    "🙂",
    "😂",
    "🎉",
    "🙏",
    "❤️",
    "😅",
    "👀",
    "🔥",
    "✅",
    "🚀",
    "😉",
    "👌",
    "💪",
    "🤔",
    "😊",
    "🙌",
    "☕",
    "🥳",
    "👋🏽",
    "🤷‍♀️",
    "🇪🇺",
    "📎",
    "⚠️",
];
const HOSTS: &[&str] =
    &["wiki.bench.example", "git.bench.example", "docs.bench.example", "tickets.bench.example", "example.org"];
const ENDINGS: &[&str] = &["pdf", "docx", "xlsx", "pptx", "png", "zip", "txt", "csv", "svg", "odt"];
const TICKETS: &[&str] = &["OPS", "WEB", "HR", "FIN", "APP"];

/// Writes messages.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    lexicon: Lexicon,
    ranks: Ranks,
}

impl Writer {
    /// With the vocabulary of all languages.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The language of a room.
    pub fn language(&self, dice: &mut Dice) -> usize {
        self.lexicon.language(dice)
    }

    /// A message: mostly short, sometimes long.
    pub fn message(&self, dice: &mut Dice, language: usize) -> String {
        let mut text = String::new();
        if dice.percent(2) {
            text.push_str(dice.early(EMOJI).unwrap_or_default());
            return text;
        }
        self.words(dice, language, WORDS, &mut text);
        if dice.percent(6) {
            text.push(' ');
            text.push_str(&self.address(dice));
        }
        if dice.percent(10) {
            text.push(' ');
            text.push_str(dice.early(EMOJI).unwrap_or_default());
        }
        text
    }

    /// What stands under a picture: a few words.
    pub(crate) fn caption(&self, dice: &mut Dice, language: usize) -> String {
        let mut text = String::new();
        self.words(dice, language, 4.0, &mut text);
        text
    }

    /// A poll's question.
    pub(crate) fn question(&self, dice: &mut Dice, language: usize) -> String {
        let mut text = self.caption(dice, language);
        text.push('?');
        text
    }

    /// One word that says something.
    pub(crate) fn word(&self, dice: &mut Dice, language: usize) -> String {
        let mut text = String::new();
        self.lexicon.write(language, 60 + self.ranks.draw(dice), &mut text);
        text
    }

    /// The name of a document, with its ending.
    pub(crate) fn file_name(&self, dice: &mut Dice, language: usize) -> String {
        let mut name = self.word(dice, language);
        match dice.below(4) {
            0 => name.push_str(&format!("_{}", self.word(dice, language))),
            1 => name.push_str(&format!("-v{}", 1 + dice.below(9))),
            2 => name.push_str(&format!(" {}", 2019 + dice.below(7))),
            _ => name.push_str("_final"),
        }
        name + "." + dice.early(ENDINGS).unwrap_or_default()
    }

    fn words(&self, dice: &mut Dice, language: usize, median: f64, text: &mut String) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive count")]
        let count = (dice.log_normal(median, SPREAD) as usize).clamp(1, MOST);
        let (space, comma, stop) = self.lexicon.marks(language);
        let mut sentence = dice.percent(60);
        let from = text.len();
        for at in 0..count {
            if sentence {
                self.capital(dice, language, text);
                sentence = false;
            } else {
                self.token(dice, language, text);
            }
            if at + 1 == count {
                break;
            }
            match dice.below(100) {
                0..6 => {
                    text.push_str(stop);
                    text.push_str(if dice.percent(15) { "\n" } else { space });
                    sentence = true;
                }
                6..14 => text.push_str(comma),
                _ => text.push_str(space),
            }
        }
        if count > 3 && text.len() > from {
            match dice.below(100) {
                0..35 => text.push_str(stop),
                35..50 => text.push('?'),
                50..56 => text.push('!'),
                _ => {}
            }
        }
    }

    fn capital(&self, dice: &mut Dice, language: usize, text: &mut String) {
        let mut word = String::new();
        self.token(dice, language, &mut word);
        let mut letters = word.chars();
        text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        text.push_str(letters.as_str());
    }

    /// Mostly a word; sometimes what stands in its place.
    fn token(&self, dice: &mut Dice, language: usize, text: &mut String) {
        // Writing to a text does not fail.
        let _ = match dice.below(1000) {
            0..11 => write!(text, "{}", dice.below(2_000)),
            11..15 => write!(text, "{}:{:02}", 7 + dice.below(12), dice.below(4) * 15),
            15..17 => write!(text, "{}.{}.", 1 + dice.below(28), 1 + dice.below(12)),
            17..21 => write!(text, "{}-{}", dice.one(TICKETS).unwrap_or_default(), 1_000 + dice.below(30_000)),
            21..23 => write!(text, "{}", dice.letters(7, HEX)),
            23..35 => write!(text, "{}", people::first(dice.below(PEOPLE))),
            35..37 => write!(text, "{}", self.file_name(dice, language)),
            _ => {
                self.lexicon.write(language, self.ranks.draw(dice), text);
                Ok(())
            }
        };
    }

    fn address(&self, dice: &mut Dice) -> String {
        let host = dice.early(HOSTS).unwrap_or_default();
        match dice.below(3) {
            0 => format!("https://{host}/{}/{}", self.word(dice, 0), self.word(dice, 0)),
            1 => format!("https://{host}/{}-{}/{}", self.word(dice, 0), self.word(dice, 0), dice.below(90_000)),
            _ => format!("https://{host}/d/{}?v={}", dice.letters(22, BASE64), dice.below(40)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_writes_the_same_text() {
        let write = |seed| Writer::new().message(&mut Dice::new(seed), 0);
        assert_eq!(write(42), write(42));
        assert_ne!(write(43), write(42));
    }

    #[test]
    fn messages_are_as_long_as_in_chats_at_work() {
        let (writer, mut dice) = (Writer::new(), Dice::new(3));
        let mut texts: Vec<String> = (0..20_000)
            .map(|_| {
                let language = writer.language(&mut dice);
                writer.message(&mut dice, language)
            })
            .collect();
        let bytes = texts.iter().map(String::len).sum::<usize>() / texts.len();
        assert!((90..=115).contains(&bytes), "{bytes} bytes in the mean");
        texts.sort_by_key(String::len);
        let median = texts[texts.len() / 2].len();
        assert!(median * 10 < bytes * 7, "most are short: half have up to {median} bytes of {bytes}");
    }
}
