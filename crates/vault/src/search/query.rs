//! What a person typed, read: words, phrases and filters.
//!
//! **Invariant:** total: every text is a query. What looks like a filter and is none is looked for as words.
//! **Invariant:** typing on narrows what is found: a letter more at the end never finds a message that was not found
//! before (but for the end of a filter or of a quotation).
//!
//! `key:value` and `key:"several words"` are filters where the key is one of [`FilterKind`]'s; `"several words"` are looked
//! for as they stand, in order, and whole. Of everything else each part between spaces is looked for: one word as a part
//! of words (the first one or two letters: as their beginning), several in order (`berth-plan`), the last of them as a
//! beginning. Case, accents and punctuation do not matter.

use std::ops::Range;

use super::text::{Word, asked};

/// From how many letters on a word is looked for inside of others too. Shorter ones are in nearly every word.
const INSIDE: usize = 3;
/// Of a longer query only the beginning is read.
const LONGEST: usize = 2_048;
/// How many things are looked for at once.
const CLAUSES: usize = 32;

/// A query, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// All of these must be said.
    pub clauses: Vec<Clause>,
    /// What narrows the result, in the order typed.
    pub filters: Vec<Filter>,
}

/// Something that must be said. Words are folded as the index has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    /// A word that contains this.
    Inside(String),
    /// A word that begins so.
    Begins(String),
    /// These words one after another.
    Phrase {
        /// The words.
        words: Vec<String>,
        /// The last one may go on.
        open: bool,
    },
}

/// A filter, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// What it narrows by.
    pub kind: FilterKind,
    /// The value, without quotation marks; may be empty while it is typed.
    pub value: String,
    /// Where the whole filter stands in the text, in bytes.
    pub range: Range<usize>,
}

/// What a filter narrows by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FilterKind {
    /// `from:` a sender.
    From,
    /// `in:` a chat.
    In,
    /// `has:` file, image, video, audio, voice, link, poll.
    Has,
    /// `before:` a day, which is not included.
    Before,
    /// `after:` a day, which is included.
    After,
    /// `is:` pinned, starred, unread.
    Is,
    /// `mentions:me`.
    Mentions,
}

/// A day of the calendar (proleptic Gregorian), in whatever time zone the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year, 1 to 9999.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
    /// The day, 1 to 31, and there is such a day.
    pub day: i8,
}

impl Query {
    /// Read what was typed.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for piece in pieces(text) {
            if query.clauses.len().saturating_add(query.filters.len()) >= CLAUSES {
                break;
            }
            match piece {
                Piece::Filter(filter) => query.filters.push(filter),
                Piece::Quoted(quoted) => query.clauses.extend(phrase(asked(quoted), false)),
                Piece::Plain(plain) => query.clauses.extend(clause(plain)),
            }
        }
        query
    }

    /// Nothing narrows anything: everything would be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty() && self.filters.is_empty()
    }
}

enum Piece<'a> {
    Filter(Filter),
    Quoted(&'a str),
    Plain(&'a str),
}

/// Cut a text at its spaces and quotation marks.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let text = text.get(..end).unwrap_or_default();
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let spaces = rest.len().saturating_sub(rest.trim_start().len());
        if spaces > 0 {
            at = at.saturating_add(spaces);
            continue;
        }
        if is_quote(rest) {
            let (quoted, length) = quotation(rest);
            pieces.push(Piece::Quoted(quoted));
            at = at.saturating_add(length);
            continue;
        }
        let word = rest.find(|letter: char| letter.is_whitespace() || is_quote_mark(letter)).unwrap_or(rest.len());
        let plain = rest.get(..word).unwrap_or_default();
        if let Some((key, kind)) = filter_kind(plain) {
            let value = rest.get(key..).unwrap_or_default();
            let (value, length) = if is_quote(value) {
                quotation(value)
            } else {
                let value = plain.get(key..).unwrap_or_default();
                (value, value.len())
            };
            let to = at.saturating_add(key).saturating_add(length);
            pieces.push(Piece::Filter(Filter { kind, value: value.trim().to_owned(), range: at..to }));
            at = to;
            continue;
        }
        pieces.push(Piece::Plain(plain));
        at = at.saturating_add(word);
    }
    pieces
}

fn is_quote_mark(letter: char) -> bool {
    matches!(letter, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}')
}

fn is_quote(text: &str) -> bool {
    text.chars().next().is_some_and(is_quote_mark)
}

/// What stands between the quotation mark at the beginning and the next one (or the end), and how long all of it is.
fn quotation(text: &str) -> (&str, usize) {
    let open = text.chars().next().map_or(0, char::len_utf8);
    let inner = text.get(open..).unwrap_or_default();
    match inner.char_indices().find(|(_, letter)| is_quote_mark(*letter)) {
        Some((end, mark)) => {
            (inner.get(..end).unwrap_or_default(), open.saturating_add(end).saturating_add(mark.len_utf8()))
        }
        None => (inner, text.len()),
    }
}

/// The filter that a word begins with, and how long its key is with the colon.
fn filter_kind(word: &str) -> Option<(usize, FilterKind)> {
    let (key, value) = word.split_once(':')?;
    let kind = match key.to_ascii_lowercase().as_str() {
        "from" => FilterKind::From,
        "in" => FilterKind::In,
        "has" => FilterKind::Has,
        "before" => FilterKind::Before,
        "after" => FilterKind::After,
        "is" => FilterKind::Is,
        // Nobody else's mentions are kept.
        "mentions" if "me".starts_with(&value.to_ascii_lowercase()) => FilterKind::Mentions,
        _ => return None,
    };
    Some((key.len().saturating_add(1), kind))
}

fn phrase(words: Vec<Word>, open: bool) -> Option<Clause> {
    let words: Vec<String> = words.into_iter().map(|word| word.word).collect();
    (!words.is_empty()).then_some(Clause::Phrase { words, open })
}

/// A part between spaces.
fn clause(plain: &str) -> Option<Clause> {
    let mut words = asked(plain);
    if words.len() > 1 {
        return phrase(words, true);
    }
    let word = words.pop()?.word;
    let long = word.chars().count() >= INSIDE || !word.is_ascii() && word.chars().count() == 2;
    Some(if long { Clause::Inside(word) } else { Clause::Begins(word) })
}

impl Clause {
    /// How many of the next words answer this clause; `None` when they do not.
    pub(crate) fn length_at<'a>(&self, mut words: impl Iterator<Item = &'a str>) -> Option<usize> {
        match self {
            Self::Inside(part) => words.next()?.contains(part.as_str()).then_some(1),
            Self::Begins(part) => words.next()?.starts_with(part.as_str()).then_some(1),
            Self::Phrase { words: asked, open } => {
                let (last, before) = asked.split_last()?;
                if !before.iter().all(|asked| words.next().is_some_and(|said| said == asked)) {
                    return None;
                }
                let said = words.next()?;
                let ends = if *open { said.starts_with(last.as_str()) } else { said == last };
                ends.then_some(asked.len())
            }
        }
    }
}

impl Date {
    /// A day as people write it in a filter: `2026-03-01`, `1.3.2026`, or the first of `2026-03` and `2026`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let numbers = |separator: char| -> Vec<i16> {
            let parts = text.split(separator).map(|part| part.parse().ok().filter(|_| part.len() <= 4));
            parts.collect::<Option<_>>().unwrap_or_default()
        };
        let (year, month, day) = match (numbers('-').as_slice(), numbers('.').as_slice()) {
            (&[year, month, day], _) | (_, &[day, month, year]) => (year, month, day),
            (&[year, month], _) => (year, month, 1),
            (&[year], _) if text.len() == 4 => (year, 1, 1),
            _ => return None,
        };
        Self::new(year, month, day)
    }

    fn new(year: i16, month: i16, day: i16) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        if !(1..=9_999).contains(&year) || !(1..=days).contains(&day) {
            return None;
        }
        Some(Self { year, month: i8::try_from(month).ok()?, day: i8::try_from(day).ok()? })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::string_slice, reason = "a test may panic")]
    use super::*;

    fn inside(word: &str) -> Clause {
        Clause::Inside(word.to_owned())
    }

    #[test]
    fn words_are_parts_and_quotations_are_phrases() {
        assert_eq!(Query::parse("Berth PLAN").clauses, [inside("berth"), inside("plan")]);
        assert_eq!(Query::parse("be").clauses, [Clause::Begins("be".to_owned())]);
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        for text in ["\"the berth plan\"", "“the berth plan”", "\"the berth plan"] {
            assert_eq!(
                Query::parse(text).clauses,
                [Clause::Phrase { words: words(&["the", "berth", "plan"]), open: false }]
            );
        }
        assert_eq!(
            Query::parse("berth-plan.pd").clauses,
            [Clause::Phrase { words: words(&["berth", "plan", "pd"]), open: true }]
        );
        assert_eq!(Query::parse("大学").clauses, [inside("大学")]);
        assert_eq!(Query::parse("学").clauses, [Clause::Begins("学".to_owned())]);
    }

    #[test]
    fn filters_are_read_where_they_stand() {
        let text = "from:\"Tomasz Wiśniewski\" has:file berth in:ops is:starred mentions:me before:2026-03-01";
        let query = Query::parse(text);
        let kinds: Vec<_> = query.filters.iter().map(|filter| (filter.kind, filter.value.as_str())).collect();
        assert_eq!(
            kinds,
            [
                (FilterKind::From, "Tomasz Wiśniewski"),
                (FilterKind::Has, "file"),
                (FilterKind::In, "ops"),
                (FilterKind::Is, "starred"),
                (FilterKind::Mentions, "me"),
                (FilterKind::Before, "2026-03-01"),
            ]
        );
        assert_eq!(query.clauses, [inside("berth")]);
        assert_eq!(&text[query.filters[0].range.clone()], "from:\"Tomasz Wiśniewski\"");
        assert_eq!(&text[query.filters[1].range.clone()], "has:file");
    }

    #[test]
    fn what_only_looks_like_a_filter_is_looked_for() {
        let query = Query::parse("https://example.org note:this 12:30");
        assert!(query.filters.is_empty());
        assert_eq!(query.clauses.len(), 3);
    }

    #[test]
    fn odd_input_is_a_query() {
        for text in [
            "", " ", "\"", "\"\"", "*", "-", "--", "OR", "NEAR(", "from:", "from:\"", "in: x", ":", "'", "_r1", "\u{0}",
        ] {
            let _ = Query::parse(text);
        }
        assert!(Query::parse("\" * - ( ) : ;").is_empty());
        assert_eq!(Query::parse("👍").clauses, [Clause::Begins("👍".to_owned())]);
        let long = "ä ".repeat(10_000);
        assert!(Query::parse(&long).clauses.len() <= CLAUSES);
        assert_eq!(Query::parse("_r1").clauses, [Clause::Begins("r1".to_owned())]);
    }

    #[test]
    fn days_are_days_of_the_calendar() {
        let date = |year, month, day| Some(Date { year, month, day });
        assert_eq!(Date::parse("2026-03-01"), date(2026, 3, 1));
        assert_eq!(Date::parse("1.3.2026"), date(2026, 3, 1));
        assert_eq!(Date::parse("2026-03"), date(2026, 3, 1));
        assert_eq!(Date::parse("2026"), date(2026, 1, 1));
        assert_eq!(Date::parse("2024-02-29"), date(2024, 2, 29));
        for text in ["", "2026-02-29", "2026-13-01", "26", "yesterday", "2026-1-1-1", "-", "99999-01-01"] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }
}
