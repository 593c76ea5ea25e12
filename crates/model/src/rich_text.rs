//! Message text as a tree of blocks and spans.
//!
//! **Invariant:** the page never gets HTML. The engine parses what others sent with an allow-list, limits on depth and
//! size, and checked link targets; the page draws these variants and nothing else.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::UserId;

/// How deep blocks and spans may nest; what lies deeper is drawn flat.
pub const MAX_DEPTH: usize = 12;

/// A part of a message that stands on lines of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Block {
    /// Running text.
    Paragraph {
        /// Its parts.
        spans: Vec<Span>,
    },
    /// A heading.
    Heading {
        /// 1 to 6.
        level: u8,
        /// Its parts.
        spans: Vec<Span>,
    },
    /// Code on lines of its own.
    Code {
        /// The language, as the sender named it.
        language: Option<String>,
        /// The code.
        text: String,
    },
    /// A quotation.
    Quote {
        /// What is quoted.
        blocks: Vec<Block>,
    },
    /// A list.
    List {
        /// The first number of a numbered list; `None` for bullets.
        start: Option<u32>,
        /// The entries.
        items: Vec<Vec<Block>>,
    },
    /// A horizontal line.
    Rule,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Span {
    /// Plain text; line breaks are [`Span::Break`].
    Text {
        /// The text.
        text: String,
    },
    /// The next line.
    Break,
    /// Bold.
    Bold {
        /// Its parts.
        spans: Vec<Span>,
    },
    /// Italic.
    Italic {
        /// Its parts.
        spans: Vec<Span>,
    },
    /// Struck through.
    Strike {
        /// Its parts.
        spans: Vec<Span>,
    },
    /// Underlined.
    Underline {
        /// Its parts.
        spans: Vec<Span>,
    },
    /// Code within a line.
    Code {
        /// The code.
        text: String,
    },
    /// A link. Its target was checked: http, https or mailto.
    Link {
        /// The target; opened only through the `openLink` verb.
        href: String,
        /// The host to show, in punycode where letters of several scripts mix.
        host: String,
        /// The text reads like an address of another host: the page asks before it opens.
        misleading: bool,
        /// What is shown.
        spans: Vec<Span>,
    },
    /// A person who is mentioned (`m.mentions`, pill links).
    Mention {
        /// Who; `None` for the whole room.
        user: Option<UserId>,
        /// The name to show, without `@`.
        name: String,
        /// It is this person.
        me: bool,
    },
}
