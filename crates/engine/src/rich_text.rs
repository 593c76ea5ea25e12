//! Message text from others as a tree of blocks and spans.
//!
//! **Invariant:** no attribute of the sender's survives but a checked `href`, the `start` of a list and the language of code;
//! no tag survives that has no variant in [`Block`] or [`Span`]. The tree is at most [`tidings_model::MAX_DEPTH`] deep and
//! [`MAX_NODES`] large, and is made in time linear in the input.
//!
//! Refused: the SDK's sanitiser and any other that gives HTML back, because HTML that is parsed twice is a hole; html5ever's
//! tree builder, because its time and depth are the sender's choice. The tokenizer alone knows all of HTML's lexical
//! oddities, and formatting is kept as counters, so that neither order nor number of tags costs anything.

mod html;
mod inline;
mod pill;
mod preview;

#[cfg(test)]
pub(crate) mod tests;

use tidings_model::{Block, UserId};

pub use preview::{jumbo, to_plain};

/// Bytes of text that are read; a Matrix event holds at most 65,536 (Matrix spec, "Size limits").
pub const MAX_INPUT: usize = 128 * 1024;
/// Blocks and spans of one message; what follows is plain text.
pub const MAX_NODES: usize = 10_000;

/// What is known of the chat a text is read in.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// This person.
    pub me: &'a UserId,
    /// The display name of a member of the room.
    pub names: &'a dyn Fn(&UserId) -> Option<String>,
    /// Who is mentioned (`m.mentions`, `user_ids`; Matrix spec, "User and room mentions").
    pub mentions: &'a [UserId],
    /// The whole room is mentioned (`m.mentions`, `room`).
    pub room_mention: bool,
}

/// Read a `formatted_body` (`org.matrix.custom.html`). Empty when nothing visible is left, or when the markup is none that
/// an honest program writes: the plain `body` is to be shown then.
#[must_use]
pub fn from_html(html: &str, context: Context<'_>) -> Vec<Block> {
    html::parse(html, context)
}

/// Read a plain `body`: line breaks, addresses, mentions.
#[must_use]
pub fn from_plain(body: &str, context: Context<'_>) -> Vec<Block> {
    let body = beginning(body, MAX_INPUT).trim_end();
    let body = body.trim_start_matches(['\n', '\r']);
    let mut runs = Vec::new();
    for (number, line) in body.lines().enumerate() {
        if number > 0 {
            runs.push(inline::Run::line_break(inline::Style::default()));
        }
        let text: String = line.chars().filter(|letter| is_kept(*letter)).collect();
        runs.push(inline::Run::text(inline::Style::default(), text));
    }
    let spans = inline::Marker::new(context, inline::Names::Bare).spans(&runs, &[]);
    let spans = if inline::count(&spans) < MAX_NODES { spans } else { inline::flat(&inline::words(&runs)) };
    if spans.is_empty() { Vec::new() } else { vec![Block::Paragraph { spans }] }
}

/// The first `max` bytes, cut between characters.
fn beginning(text: &str, max: usize) -> &str {
    text.get(..text.floor_char_boundary(max)).unwrap_or_default()
}

/// Control characters mean nothing in a message, and embeddings and overrides (UAX #9) reach beyond their own words;
/// marks and isolates, which honest right-to-left text uses, stay.
fn is_kept(letter: char) -> bool {
    (!letter.is_control() || matches!(letter, '\t' | '\n')) && !matches!(letter, '\u{202a}'..='\u{202e}')
}
