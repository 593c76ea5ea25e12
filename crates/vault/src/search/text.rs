//! Words of a text, as they are compared: without case, accents and punctuation.
//!
//! - Letters and digits make words; `'` inside one is dropped ("don't", "l'équipe"). Compatibility forms, case and accents
//!   are folded (Unicode NFKD, then the marks of Latin, Greek, Cyrillic, Hebrew and Arabic are dropped; `ł`, `ø`, `ß` and
//!   their like have no decomposition and are named here). Marks of other scripts are letters and stay.
//! - Scripts without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) are cut into overlapping pairs, and the last letter
//!   of a run stands alone too: every letter begins one word, so any part of a run is a phrase of pairs.
//! - An emoji is a word.
//!
//! **Invariant:** a word has no space, no ASCII punctuation and no ASCII capital, so it passes through the index's own
//! tokenizer unchanged; and it is never longer than [`LONGEST`].

use unicode_normalization::UnicodeNormalization as _;

use super::letters::{self, Folded, class};

/// Letters of a word that are kept; the rest of a longer one (a key, a picture in base64) says nothing.
pub(super) const LONGEST: usize = 64;
/// Words of one message; no server takes an event that has more.
const MOST: usize = 16_384;

/// A word, and where it stands in its text (in bytes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) word: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A letter or digit of a word.
    Letter,
    /// A letter of a script without spaces.
    Dense,
    /// A word by itself.
    Emoji,
    /// Between the letters of a word without ending it.
    Joiner,
    /// Everything else.
    Other,
}

pub(super) fn class_by_unicode(letter: char) -> Class {
    match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' => Class::Letter,
        '\'' | '\u{2019}' | '\u{ad}' | '\u{200c}' | '\u{200d}' => Class::Joiner,
        '\0'..='\u{7f}' => Class::Other,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => Class::Dense,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{3099}'..='\u{309f}' => Class::Dense,
        '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' => Class::Dense,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Class::Dense,
        '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3347f}' => Class::Dense,
        // Skin tones say nothing by themselves.
        '\u{1f3fb}'..='\u{1f3ff}' => Class::Other,
        '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}' => Class::Emoji,
        letter if letter.is_alphanumeric() || is_mark(letter) => Class::Letter,
        _ => Class::Other,
    }
}

/// A letter that words are made of.
pub(super) fn is_of_words(letter: char) -> bool {
    matches!(class_by_unicode(letter), Class::Letter | Class::Dense | Class::Emoji)
}

/// A mark that belongs to the letter before it.
fn is_mark(letter: char) -> bool {
    unicode_normalization::char::is_combining_mark(letter)
}

/// A mark that is not written when people write quickly.
pub(super) fn is_accent(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'..='\u{5c2}'
        | '\u{5c4}'..='\u{5c5}' | '\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}')
}

/// Letters that stand for others and have no decomposition.
pub(super) fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ł' => "l",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ς' => "σ",
        _ => return None,
    })
}

/// A stretch of letters as it is compared.
fn fold(letters: &str) -> String {
    if letters.is_ascii() {
        return letters.chars().filter(|letter| *letter != '\'').map(|letter| letter.to_ascii_lowercase()).collect();
    }
    let mut folded = String::with_capacity(letters.len());
    for letter in letters.chars() {
        match letters::fold(letter) {
            Folded::Nothing => {}
            Folded::One(letter) => folded.push(letter),
            Folded::Several(letters) => folded.push_str(&letters),
            Folded::Together => return fold_together(letters),
        }
    }
    folded
}

/// The same by Unicode's rules for the whole of it.
pub(super) fn fold_together(letters: &str) -> String {
    let mut folded = String::with_capacity(letters.len());
    let lower = letters.nfkd().filter(|letter| !is_accent(*letter)).flat_map(char::to_lowercase);
    for letter in lower.filter(|letter| !is_accent(*letter)) {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            // A compatibility form may come apart into what is no letter.
            None if is_of_words(letter) => folded.push(letter),
            None => {}
        }
    }
    folded.nfc().collect()
}

/// Cut a text that is kept into words.
pub(crate) fn words(text: &str) -> Vec<Word> {
    cut(text, true)
}

/// Write the words of a text that is kept, each after a space but for the very first.
pub(crate) fn write_words(text: &str, written: &mut String) {
    if !text.is_ascii() {
        for word in words(text) {
            if !written.is_empty() {
                written.push(' ');
            }
            written.push_str(&word.word);
        }
        return;
    }
    // The same, without a text for each word: most messages are of this kind.
    let parts = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '\'');
    let parts = parts.filter(|part| part.bytes().any(|letter| letter != b'\''));
    for part in parts.take(MOST) {
        if !written.is_empty() {
            written.push(' ');
        }
        let letters = part.bytes().filter(|letter| *letter != b'\'').take(LONGEST);
        written.extend(letters.map(|letter| char::from(letter.to_ascii_lowercase())));
    }
}

/// Cut what is looked for into words: a run of a script without spaces ends with its last pair, because more may follow.
pub(crate) fn asked(text: &str) -> Vec<Word> {
    cut(text, false)
}

fn cut(text: &str, last_alone: bool) -> Vec<Word> {
    let mut words = Vec::new();
    let mut run: Option<(Class, usize, usize)> = None;
    // The last word is the last letter of a run, which stands in a pair already.
    let mut repeats = false;
    for (at, letter) in text.char_indices() {
        let (class, end) = (class(letter), at.saturating_add(letter.len_utf8()));
        run = match (run, class) {
            (Some((Class::Letter, start, _)), Class::Letter) => Some((Class::Letter, start, end)),
            (Some((Class::Dense, start, _)), Class::Dense) => Some((Class::Dense, start, end)),
            // Ends the word only when no letter follows.
            (Some(run), Class::Joiner) => Some(run),
            (before, class) => {
                repeats = finish(text, before, &mut words).unwrap_or(repeats);
                matches!(class, Class::Letter | Class::Dense | Class::Emoji).then_some((class, at, end))
            }
        };
        if words.len() >= MOST {
            break;
        }
    }
    repeats = finish(text, run, &mut words).unwrap_or(repeats);
    // Only the end of what is asked for is open: between words a run ends as it does in a text.
    if repeats && !last_alone {
        words.pop();
    }
    words.truncate(MOST);
    words
}

/// Add the words of a run; whether the last of them is the last letter of a run with others. `None` when nothing was added.
fn finish(text: &str, run: Option<(Class, usize, usize)>, words: &mut Vec<Word>) -> Option<bool> {
    let (class, start, end) = run?;
    let letters = text.get(start..end)?;
    if class == Class::Dense {
        return Some(pairs(letters, start, words));
    }
    let mut word = fold(letters);
    if let Some((cut, _)) = word.char_indices().nth(LONGEST) {
        word.truncate(cut);
    }
    (!word.is_empty()).then(|| {
        words.push(Word { word, start, end });
        false
    })
}

fn pairs(letters: &str, start: usize, words: &mut Vec<Word>) -> bool {
    // Each letter with its marks.
    let mut units: Vec<(String, usize, usize)> = Vec::new();
    for (at, letter) in letters.char_indices() {
        let (from, to) = (start.saturating_add(at), start.saturating_add(at).saturating_add(letter.len_utf8()));
        match units.last_mut() {
            Some((unit, _, end)) if is_mark(letter) => {
                unit.push(letter);
                *end = to;
            }
            _ => units.push((letter.to_string(), from, to)),
        }
    }
    let units = units.into_iter().map(|(unit, from, to)| (fold(&unit), from, to));
    // A joiner says nothing.
    let units: Vec<_> = units.filter(|(unit, ..)| !unit.is_empty()).collect();
    for pair in units.windows(2) {
        if let [(one, from, _), (other, _, to)] = pair {
            words.push(Word { word: format!("{one}{other}"), start: *from, end: *to });
        }
    }
    if let Some((last, from, to)) = units.last() {
        words.push(Word { word: last.clone(), start: *from, end: *to });
    }
    units.len() > 1
}

/// Where a text says what a query asks for: byte ranges in the order of the text, not overlapping.
///
/// Only for drawing: a mark may stand where a phrase was asked for and only one of its words stands.
#[must_use]
pub fn marks(text: &str, query: &super::Query) -> Vec<std::ops::Range<usize>> {
    let words = words(text);
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let rest = words.get(at..).unwrap_or_default();
        let said = rest.iter().map(|word| word.word.as_str());
        let length = query.clauses.iter().filter_map(|clause| clause.length_at(said.clone())).max();
        let Some(last) = length.and_then(|length| rest.get(length.saturating_sub(1))) else { continue };
        match ranges.last_mut() {
            Some(before) if before.end >= word.start => before.end = before.end.max(last.end),
            _ => ranges.push(word.start..last.end),
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    #![allow(clippy::string_slice, reason = "a test may panic")]
    use super::*;

    fn said(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.word).collect()
    }

    proptest::proptest! {
        #[test]
        fn letters_one_by_one_are_folded_as_they_are_together(text in "\\PC{0,40}") {
            proptest::prop_assert_eq!(fold(&text), if text.is_ascii() { fold(&text) } else { fold_together(&text) });
        }

        #[test]
        fn words_are_written_as_they_are_cut(text in "[ -~\n]{0,200}|\\PC{0,60}") {
            let mut written = String::new();
            write_words(&text, &mut written);
            proptest::prop_assert_eq!(written, said(&text).join(" "));
        }
    }

    #[test]
    fn words_are_compared_without_case_accents_and_punctuation() {
        assert_eq!(said("Ramp 3 is DOWN, don't wait!"), ["ramp", "3", "is", "down", "dont", "wait"]);
        assert_eq!(said("Wiśniewski Łukasz Søren Straße ÆØÅ"), ["wisniewski", "lukasz", "soren", "strasse", "aeoa"]);
        assert_eq!(said("Ελλάδα ΕΛΛΑΔΑΣ ёлка Ёлка"), ["ελλαδα", "ελλαδασ", "елка", "елка"]);
        assert_eq!(said("berth-plan_v2.pdf"), ["berth", "plan", "v2", "pdf"]);
        assert_eq!(said("ﬁle １２３"), ["file", "123"]);
        assert_eq!(said("\u{65}\u{301}te\u{301} été"), ["ete", "ete"]);
        assert_eq!(said("שָׁלוֹם مُحَمَّد"), ["שלום", "محمد"]);
        assert_eq!(said("हिन्दी"), ["हिन्दी"]);
        assert_eq!(said("한국어 공부"), ["한국어", "공부"]);
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs() {
        assert_eq!(said("北京大学"), ["北京", "京大", "大学", "学"]);
        assert_eq!(said("在Rust里"), ["在", "rust", "里"]);
        assert_eq!(said("これ''重要''"), said("これ重要"));
        let asked = |text| asked(text).into_iter().map(|word| word.word).collect::<Vec<_>>();
        assert_eq!(asked("京大"), ["京大"]);
        assert_eq!(asked("京大!"), ["京大"]);
        assert_eq!(asked("学"), ["学"]);
        // Only the end is open.
        assert_eq!(asked("使用Rust"), ["使用", "用", "rust"]);
        assert_eq!(asked("Rust使用"), ["rust", "使用"]);
    }

    #[test]
    fn an_emoji_is_a_word_and_its_skin_is_not() {
        assert_eq!(said("ok👍🏽 ⚓️"), ["ok", "👍", "⚓"]);
    }

    #[test]
    fn nothing_in_a_word_is_cut_again_by_the_index() {
        for text in ["a'b", "x\u{200d}y", "½ ㎏ ﷺ", "A_B", "…", "\u{0}\u{1}", "İstanbul", "ǅ"] {
            for word in said(text) {
                assert!(!word.is_empty());
                assert!(
                    word.chars()
                        .all(|letter| !letter.is_ascii() || letter.is_ascii_lowercase() || letter.is_ascii_digit()),
                    "{word:?}"
                );
                assert!(word.chars().all(|letter| !letter.is_whitespace()));
            }
        }
    }

    #[test]
    fn a_word_says_where_it_stands() {
        let text = "… here is the Berth plan";
        let word = words(text).into_iter().find(|word| word.word == "berth").unwrap();
        assert_eq!(&text[word.start..word.end], "Berth");
    }

    #[test]
    fn long_words_and_long_texts_are_bounded() {
        assert_eq!(said(&"x".repeat(10_000)), ["x".repeat(LONGEST)]);
        assert_eq!(said(&"x ".repeat(40_000)).len(), MOST);
        assert_eq!(said(&"字".repeat(40_000)).len(), MOST);
    }
}
