//! A text as one line, and whether it is drawn large.

use tidings_model::{Block, Span, one_line};
use unicode_properties::UnicodeEmoji as _;
use unicode_segmentation::UnicodeSegmentation as _;

/// Characters of a preview, a quote or a notification.
const MAX_PREVIEW: usize = 200;

/// One line of at most 200 characters, without control and bidi characters.
#[must_use]
pub fn to_plain(blocks: &[Block]) -> String {
    let mut text = String::new();
    write_blocks(blocks, &mut text);
    one_line(&text, MAX_PREVIEW)
}

/// Calls itself only as deep as the tree is: at most `MAX_DEPTH`.
fn write_blocks(blocks: &[Block], text: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph { spans } | Block::Heading { spans, .. } => write_spans(spans, text),
            Block::Code { text: code, .. } => text.push_str(code),
            Block::Quote { blocks } => write_blocks(blocks, text),
            Block::List { items, .. } => items.iter().for_each(|item| write_blocks(item, text)),
            Block::Rule => {}
        }
        text.push(' ');
    }
}

fn write_spans(spans: &[Span], text: &mut String) {
    for span in spans {
        match span {
            Span::Text { text: words } | Span::Code { text: words } => text.push_str(words),
            Span::Break => text.push(' '),
            Span::Mention { name, .. } => {
                text.push('@');
                text.push_str(name);
            }
            Span::Bold { spans }
            | Span::Italic { spans }
            | Span::Strike { spans }
            | Span::Underline { spans }
            | Span::Link { spans, .. } => write_spans(spans, text),
        }
    }
}

/// Whether a text is one to three emoji and nothing else.
#[must_use]
pub fn jumbo(blocks: &[Block]) -> bool {
    let [Block::Paragraph { spans }] = blocks else { return false };
    let [Span::Text { text }] = spans.as_slice() else { return false };
    // Families and flags are long; three of anything are still less.
    if text.len() > 256 {
        return false;
    }
    let mut count = 0;
    text.graphemes(true).filter(|grapheme| !grapheme.trim().is_empty()).all(|grapheme| {
        count += 1;
        count <= 3 && is_emoji(grapheme)
    }) && count > 0
}

/// A grapheme that is drawn as a picture (UTS #51). Arrows and signs are so only with U+FE0F, digits only as keycaps.
fn is_emoji(grapheme: &str) -> bool {
    let Some(first) = grapheme.chars().next() else { return false };
    let pictured = grapheme.contains('\u{fe0f}');
    let flag = |letter: char| ('\u{1f1e6}'..='\u{1f1ff}').contains(&letter);
    if grapheme.contains('\u{fe0e}') {
        return false;
    }
    if first.is_ascii() {
        return grapheme.ends_with('\u{20e3}');
    }
    if flag(first) {
        return grapheme.chars().filter(|letter| flag(*letter)).count() == 2;
    }
    let parts =
        |letter: char| letter.is_emoji_char_or_emoji_component() || letter == '\u{200d}' || letter == '\u{fe0f}';
    first.is_emoji_char() && (pictured || first >= '\u{2600}') && grapheme.chars().all(parts)
}
