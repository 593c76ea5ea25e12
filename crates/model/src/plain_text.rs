//! Text that others wrote, as one honest line: for previews, quotes, notifications and names.
//!
//! **Invariant:** what [`one_line`] gives holds no control character, no bidi control and nothing that is drawn as
//! nothing, except the joiners that scripts and emoji need.
//!
//! Bidi controls are taken out, not balanced: a line stands between other words of the window or of a notification
//! daemon, and a mark without its end would turn those round as well.

use unicode_segmentation::UnicodeSegmentation as _;

/// Whether a character turns the order of others round (UAX #9: marks, embeddings, overrides and isolates).
#[must_use]
pub fn is_bidi_control(letter: char) -> bool {
    matches!(letter, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character is drawn as nothing: bidi controls, joiners, selectors, tags and fillers
/// (`Default_Ignorable_Code_Point`, UAX #44), and the interlinear marks.
#[must_use]
pub fn is_unseen(letter: char) -> bool {
    is_bidi_control(letter)
        || matches!(letter,
            '\u{00ad}' | '\u{034f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character separates words or is drawn as an empty place.
#[must_use]
pub(crate) fn is_blank(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || letter == '\u{2800}'
}

/// Joiners, variation selectors and tags: unseen, but Persian, Indic scripts and emoji are made with them.
fn joins(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

/// One line of at most `max` characters. Blanks of every kind become single spaces; a longer text is cut between
/// graphemes (UAX #29) and ends in `…`.
#[must_use]
pub fn one_line(text: &str, max: usize) -> String {
    let mut line = String::new();
    let mut count: usize = 0;
    let mut blank = false;
    for letter in text.chars() {
        if is_blank(letter) {
            blank = true;
        } else if !is_unseen(letter) || joins(letter) {
            if std::mem::take(&mut blank) && !line.is_empty() {
                line.push(' ');
                count += 1;
            }
            line.push(letter);
            count += 1;
            if count > max {
                return cut(&line, max);
            }
        }
    }
    line
}

fn cut(line: &str, max: usize) -> String {
    let mut kept = String::new();
    let mut left = max.saturating_sub(1);
    for grapheme in line.graphemes(true) {
        let Some(rest) = left.checked_sub(grapheme.chars().count()) else { break };
        left = rest;
        kept.push_str(grapheme);
    }
    kept.truncate(kept.trim_end().len());
    if max > 0 {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_cut_between_graphemes() {
        for (text, max, expected) in [
            ("short", 5, "short"),
            ("too long", 5, "too…"),
            ("two\n\n\n\nlines\t\r\n", 20, "two lines"),
            ("  \u{3000}\u{2800}edge  ", 20, "edge"),
            ("a\u{202e}b\u{2066}c\u{200f}d\u{61c}", 9, "abcd"),
            ("zero\u{200b}width\u{feff}", 20, "zerowidth"),
            ("bell\u{7}\u{9b}nul\0", 20, "bell nul"),
            ("👩‍👩‍👧 family", 20, "👩‍👩‍👧 family"),
            ("ab👩‍👩‍👧", 5, "ab…"),
            ("می\u{200c}خواهم", 20, "می\u{200c}خواهم"),
            ("", 5, ""),
            ("abc", 0, ""),
        ] {
            assert_eq!(one_line(text, max), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_line_is_short_and_honest(text in "(\\PC|[\\x00-\\x20\u{200b}-\u{2069}\u{301}]){0,80}", max in 0usize..60) {
            let line = one_line(&text, max);
            prop_assert!(line.chars().count() <= max);
            prop_assert!(!line.chars().any(|letter| letter.is_control() || is_bidi_control(letter)));
            prop_assert!(!line.contains("  "));
            prop_assert_eq!(one_line(&line, max), line.clone());
        }
    }
}
