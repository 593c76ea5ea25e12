//! The corpus: what an organisation of several countries wrote in its chats in a year, made up by rule.
//!
//! **Invariant:** nothing here reads a clock, the network or the system's randomness: the same number of messages is the
//! same text, event by event, for ever and for every engine that is measured on it.
//! **Invariant:** no word of it was ever written by a person in a chat, and nothing is shipped but the rules.
//!
//! What search engines feel is the shape of language, so each shape has a source:
//!
//! - How often a word is said: Zipf–Mandelbrot for the common ones and a steeper tail beyond, so that the vocabulary grows
//!   with the text for ever and most words are said once ([`Ranks`]).
//! - How long a message is: log-normal, as ProcessOne found in 474,562 archived messages of a server (2013, Log-N(2.83,
//!   1.15) letters). Its mean there is 40 letters of a public chat; work writes longer, ours about 100 bytes.
//! - How words are spelled: each language has its letters and syllables, common ones first, and most rare words are
//!   common stems with endings or joined to one another, so that prefixes and parts of words are shared as they really
//!   are ([`Lexicon`]). Seventeen languages, eight scripts; Chinese and Japanese without spaces.
//! - What is no word at all: numbers, times, tickets, hashes, addresses, file names, people's names, emoji.
//! - What is no text: reactions, edits, redactions, replies, threads, polls and votes, pictures and files with their
//!   keys, in the contents that today's clients send ([`Event`]).
//!
//! Refused: a list of words from a dictionary (one language, no frequencies, and ends where the text should grow);
//! random letters (every word rare, no shared part); real chats (they are people's).

mod content;
mod dice;
mod language;
mod languages;
mod people;
mod queries;
mod ranks;
mod responses;
mod writer;

pub use dice::Dice;
pub use language::Lexicon;
pub use people::{OWN, PEOPLE, Person, person};
pub use queries::{Class, Queries, choose};
pub use ranks::Ranks;
pub use responses::{Event, Part, ROOMS, Responses, Room, room};
pub use writer::Writer;
