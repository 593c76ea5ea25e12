//! How a search is asked: its words and filters, as the index knows them.

use std::cell::RefCell;

use rusqlite::{Connection, params};
use tidings_model::UserId;

use super::find::Search;
use super::probe::Probe;
use super::query::Clause;
use super::recent::Wanted;
use super::tags;
use crate::{Result, Vault, names, order, rooms};

/// Words that a part of a word may stand for before messages are compared instead.
const WORDS: usize = 300;
/// Words that the index looks up sooner than the newest messages are looked at.
const FEW: usize = 8;
/// Messages that are compared before the words are asked for after all.
pub(super) const COMPARED: usize = 3_000;
/// Messages that are compared to count hits, when no page is wanted.
const COMPARED_TO_COUNT: usize = 1_000;
/// Messages that have all words of a phrase and are compared before a page ends, full or not: the next one goes on.
const COMPARED_OF_PHRASE: usize = 10_000;
/// How far beyond its moment a message may stand because others of that moment took its place: half an hour's ids.
const NEARLY: i64 = 1 << 12;
/// Messages that an `is:` filter may name.
const NAMED: i64 = 10_000;

/// How a search is asked.
#[derive(Default)]
pub(super) struct Plan {
    /// Some part stands for more words than were asked for: it is compared instead.
    pub(super) loose: bool,
    /// To ask the index takes longer than to look at the newest messages.
    pub(super) broad: bool,
    /// Tags that a hit must have: of each of these one.
    pub(super) tags: Vec<Vec<String>>,
    /// The index's own query; empty when it narrows nothing.
    pub(super) matches: String,
    /// What is compared with each message, and what a quick look asks first.
    pub(super) compared: Vec<Clause>,
    pub(super) probes: RefCell<Vec<Probe>>,
    /// Only these messages, newest first.
    pub(super) named: Option<Vec<i64>>,
    /// From this id on.
    pub(super) from: i64,
    /// Below this id.
    pub(super) to: i64,
    /// Tags that a hit must not have: of rooms that are in no list, of what it must not carry.
    pub(super) without: Vec<String>,
}

impl Plan {
    /// The index alone says what is found.
    pub(super) fn is_exact(&self, search: &Search) -> bool {
        self.compared.is_empty() && self.named.is_none() && !self.matches.is_empty() && !search.is_dated()
    }

    /// How many messages are looked at.
    pub(super) fn most(&self, search: &Search) -> usize {
        match (self.compared.is_empty(), search.limit) {
            (true, _) => usize::MAX,
            (false, 0) => COMPARED_TO_COUNT,
            (false, _) if self.loose => COMPARED,
            (false, _) => COMPARED_OF_PHRASE,
        }
    }

    /// The same for messages in memory.
    pub(super) fn wanted(&self, search: &Search) -> Wanted {
        Wanted::new(&search.clauses, self.tags.clone(), self.without.clone())
    }

    /// Nothing narrows the result.
    pub(super) fn is_empty(&self, search: &Search) -> bool {
        !search.is_dated() && self.named.is_none() && self.matches.is_empty() && self.compared.is_empty()
    }
}

impl Vault {
    /// How to ask; `None` when nothing can be found. `all` asks for every word, however many.
    pub(super) fn plan(&self, db: &Connection, search: &Search, all: bool) -> Result<Option<Plan>> {
        let mut plan = Plan { from: i64::MIN, to: search.cursor.unwrap_or(i64::MAX), ..Plan::default() };
        let mut asked: Vec<String> = Vec::new();
        for clause in &search.clauses {
            let (part, inside) = match clause {
                Clause::Inside(part) => (part, true),
                Clause::Begins(part) => (part, false),
                Clause::Phrase { words, open } => {
                    if !self.ask_for_phrase(words, *open, &mut asked) {
                        return Ok(None);
                    }
                    // One whole word stands wherever it is said.
                    if *open || words.len() > 1 {
                        plan.broad = true;
                        plan.compared.push(clause.clone());
                        plan.probes.get_mut().extend(Probe::side_by_side(words));
                    }
                    continue;
                }
            };
            let words = self.vocabulary.like(part, inside, if all { usize::MAX } else { WORDS });
            if words.is_empty() {
                return Ok(None);
            }
            plan.broad |= words.len() > FEW;
            if !all && words.len() > WORDS {
                plan.loose = true;
                plan.compared.push(clause.clone());
                plan.probes.get_mut().push(Probe::new(part));
            } else {
                asked.push(any(words.iter().map(|word| quoted(word))));
            }
        }
        if let Some(users) = &search.from {
            let numbers = users.iter().map(|user| names::find(db, user.as_str()));
            plan.tags.push(known(numbers, tags::sender)?);
        }
        if let Some(asked_rooms) = &search.rooms {
            plan.tags.push(known(asked_rooms.iter().map(|room| rooms::find(db, room)), tags::room)?);
        }
        if !search.has.is_empty() {
            plan.tags.push(search.has.iter().map(|part| tags::part(*part)).collect());
        }
        if search.mentions_me {
            plan.tags.push(vec![tags::MENTIONS_ME.to_owned()]);
        }
        if plan.tags.iter().any(Vec::is_empty) {
            return Ok(None);
        }
        asked.extend(plan.tags.iter().map(|tags| any(tags.iter().cloned())));
        plan.without = hidden(db)?;
        plan.without.extend(search.without.iter().map(|part| tags::part(*part)));
        asked.sort_unstable();
        asked.dedup();
        plan.matches = asked.join(" AND ");
        if let Some(before) = search.before {
            // Ids are only nearly in the order of time; the exact moment is compared with the row's.
            plan.to = plan.to.min(order::of(before).saturating_add(NEARLY));
        }
        if let Some(after) = search.after {
            plan.from = order::of(after);
        }
        plan.named = named(db, &self.own, search)?;
        Ok(Some(plan))
    }
}

impl Vault {
    /// Ask for the words of a phrase, wherever they stand; whether it can be found at all. A last one that may go on in
    /// too many ways is left out: the others are asked for.
    fn ask_for_phrase(&self, words: &[String], open: bool, asked: &mut Vec<String>) -> bool {
        let whole = words.len().saturating_sub(usize::from(open));
        asked.extend(words.iter().take(whole).map(|word| quoted(word)));
        let Some(last) = words.get(whole) else { return true };
        let ends = self.vocabulary.like(last, false, WORDS);
        if ends.len() <= WORDS && !ends.is_empty() {
            asked.push(any(ends.iter().map(|word| quoted(word))));
        }
        !ends.is_empty()
    }
}

/// The tags of rooms that are in no list: left ones.
fn hidden(db: &Connection) -> Result<Vec<String>> {
    let mut query = db.prepare_cached("SELECT id FROM room WHERE listed = 0")?;
    Ok(query.query_map([], |row| Ok(tags::room(row.get(0)?)))?.collect::<rusqlite::Result<_>>()?)
}

/// The tags of those that are here.
fn known(numbers: impl Iterator<Item = Result<Option<i64>>>, tag: fn(i64) -> String) -> Result<Vec<String>> {
    numbers.filter_map(|number| number.map(|number| number.map(tag)).transpose()).collect()
}

/// A word in the index's own language.
fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}

/// One of these.
pub(super) fn any(words: impl Iterator<Item = String>) -> String {
    format!("({})", words.collect::<Vec<_>>().join(" OR "))
}

/// The messages that `is:` filters name, newest first; `None` without such a filter.
fn named(db: &Connection, own: &UserId, search: &Search) -> Result<Option<Vec<i64>>> {
    let mut lists: Vec<Vec<i64>> = Vec::new();
    let mut ids = |sql: &str| -> Result<()> {
        let ids = db.prepare_cached(sql)?.query_map([NAMED], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        lists.push(ids);
        Ok(())
    };
    if search.starred {
        ids(
            "SELECT e.id FROM star s CROSS JOIN event e
             WHERE substr(e.event, 16, 4) = substr(s.event, 16, 4) AND e.room = s.room AND e.event = s.event LIMIT ?1",
        )?;
    }
    if search.pinned {
        ids(
            "SELECT e.id FROM pin p CROSS JOIN event e
             WHERE substr(e.event, 16, 4) = substr(p.event, 16, 4) AND e.room = p.room AND e.event = p.event LIMIT ?1",
        )?;
    }
    if search.unread {
        lists.push(unread(db, own)?);
    }
    let Some(mut first) = lists.pop() else { return Ok(None) };
    for other in lists {
        let other: std::collections::BTreeSet<i64> = other.into_iter().collect();
        first.retain(|id| other.contains(id));
    }
    first.sort_unstable_by(|one, other| other.cmp(one));
    Ok(Some(first))
}

/// The unread messages of all chats. Where there are more than can be named, each chat gives its newest.
fn unread(db: &Connection, own: &UserId) -> Result<Vec<i64>> {
    let rooms = db
        .prepare_cached("SELECT id FROM room WHERE listed = 1 AND invited = 0 AND unread > 0")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    let share = NAMED / i64::try_from(rooms.len()).unwrap_or(NAMED).clamp(1, NAMED);
    let mut newest = db.prepare_cached(
        "SELECT e.id FROM event e
         WHERE e.room = ?1 AND e.shown > 0 AND e.counts = 1
             AND e.position > ifnull((SELECT t.position FROM receipt t
                 WHERE t.room = ?1 AND t.user = ?2), -9223372036854775808)
         ORDER BY e.position DESC LIMIT ?3",
    )?;
    let mut in_threads = db.prepare_cached(
        "SELECT e.id FROM event e
         WHERE e.room = ?1 AND e.counts = 1 AND e.relation = 4
             AND e.position > ifnull((SELECT t.everything FROM receipt t
                 WHERE t.room = ?1 AND t.user = ?2), -9223372036854775808)
             AND e.position > ifnull((SELECT t.position FROM thread_receipt t
                 WHERE t.room = ?1 AND t.thread = e.target AND t.user = ?2), -9223372036854775808)
         ORDER BY e.position DESC LIMIT ?3",
    )?;
    let mut found = Vec::new();
    for room in rooms {
        for query in [&mut newest, &mut in_threads] {
            let ids = query.query_map(params![room, own.as_str(), share], |row| row.get(0))?;
            for id in ids {
                found.push(id?);
            }
        }
    }
    Ok(found)
}
