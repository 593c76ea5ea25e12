//! Full-text search: as you type, newest first, whatever part of a word is typed.
//!
//! **Invariant:** the index says what a scan over all texts would: it is written by the same transaction as the rows, and
//! an edit, a redaction or a removed room changes both.
//! **Invariant:** nothing a person can type is an error; what has no word in it finds what its filters find.
//! **Invariant:** the index holds no word that no kept message says.
//!
//! `text` cuts words (here, not in SQLite, because both sides of a comparison, the marks in a hit and the vocabulary need
//! the same words). `index` writes them to an FTS5 table without content, whose rows are those of `event` and so stand
//! in the order of time: newest first needs no sorting. Filters are words too (`tags`): who, where and what are
//! intersected like any other word instead of being checked on every hit. `vocabulary` has each word once, in memory: a
//! part of a word becomes the words that contain it; `blocks` keeps them. `recent` has the newest messages in memory.
//! `query` reads what was typed, `plan` makes a question to the index of it, `find` answers it. The index knows which
//! messages say a word and not where: a phrase is asked for by its words and compared with what has all of them.
//!
//! Refused: places of words in the index (every search would step over them, and only phrases need them); a trigram
//! index over the texts (3.7 times the time to record, and most of the file); FTS5's own prefix indexes (half of the file
//! again, and a prefix is just a part of a word); `fts5vocab`, which reads the whole index to list its words; ranking by
//! relevance (people look for what was said lately, and results must not jump).

pub(crate) mod blocks;
mod find;
pub(crate) mod index;
mod letters;
pub(crate) mod maintenance;
mod plan;
mod probe;
mod query;
mod recent;
mod suggest;
mod tags;
pub(crate) mod text;
mod vocabulary;

pub use find::{Found, Hit, Search};
pub use index::body as said;
pub use maintenance::{IndexCheck, IndexState};
pub use query::{Clause, Date, Filter, FilterKind, Query};
pub(crate) use recent::Recent;
pub use text::marks;
pub(crate) use vocabulary::Vocabulary;
