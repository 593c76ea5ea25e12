//! A search, answered from the index.
//!
//! **Invariant:** hits come in the order of time, newest first, and a next page goes on where the last one ended.
//! **Invariant:** an answer costs what it shows: the index is read from its newest end and left when a page is full, or
//! when so much was compared in vain that it is better to ask again.
//!
//! A part of a word becomes the words of the vocabulary that contain it. Where these are more than the index can look up
//! one by one while a person types (two letters, a common ending), hits are near: the newest messages are in memory
//! ([`recent`](super::recent)) and their words are compared, and only when that does not fill a page are the words asked for
//! after all. Until they were read, messages are read from the newest on instead. A phrase is asked for by its words, and
//! what has all of them is compared.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use tidings_model::{EventId, RoomId, Timestamp, UserId};

use super::index;
use super::index::{ENTRY, Kept};
use super::plan::{COMPARED, Plan, any};
use super::query::{Clause, Query};
use crate::pages::{MESSAGE, MESSAGE_COLUMNS, message};
use crate::relation::Relation;
use crate::{MessageRecord, Part, Result, Vault, event_id};

/// Messages that are compared before it is asked whether that leads anywhere.
const SAMPLE: usize = 512;
/// Hits are counted up to here.
const COUNTED: u32 = 1_000;

/// What to look for: a query with its filters resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What must be said. The filters of a query are not read here; they are resolved in the fields below.
    pub clauses: Vec<Clause>,
    /// By one of these.
    pub from: Option<Vec<UserId>>,
    /// In one of these rooms.
    pub rooms: Option<Vec<RoomId>>,
    /// Carries one of these.
    pub has: Vec<Part>,
    /// Carries none of these.
    pub without: Vec<Part>,
    /// Not at or after this moment.
    pub before: Option<Timestamp>,
    /// Not before this moment.
    pub after: Option<Timestamp>,
    /// Mentions this person.
    pub mentions_me: bool,
    /// Starred by this person.
    pub starred: bool,
    /// Pinned in its room.
    pub pinned: bool,
    /// Counts as unread.
    pub unread: bool,
    /// Where the last page ended ([`Found::next`]).
    pub cursor: Option<i64>,
    /// How many hits make a page.
    pub limit: usize,
}

/// A page of hits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The hits, newest first.
    pub hits: Vec<Hit>,
    /// How many there are from this page on, as far as they were counted.
    pub total: u32,
    /// There may be more than `total`.
    pub more: bool,
    /// Where the next page begins. There may be one after a page without hits: what takes long to compare is compared by
    /// and by.
    pub next: Option<i64>,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its room.
    pub room: RoomId,
    /// The message, without reactions and thread.
    pub message: MessageRecord,
    /// The root of the thread it is a reply in.
    pub thread: Option<EventId>,
    /// This person starred it.
    pub starred: bool,
}

impl Search {
    /// A search for what a query says; its filters are left to the caller.
    #[must_use]
    pub fn of(query: &Query, limit: usize) -> Self {
        Self { clauses: query.clauses.clone(), limit, ..Self::default() }
    }

    /// It is narrowed by time, which each row is asked for: ids are only nearly in its order.
    pub(super) fn is_dated(&self) -> bool {
        self.before.is_some() || self.after.is_some()
    }
}

impl Vault {
    /// Find messages that are searchable, in rooms of the chat list. A limit of zero counts only.
    ///
    /// # Errors
    /// When the database cannot be read. No input is an error.
    pub fn search(&self, search: &Search) -> Result<Found> {
        self.vocabulary.load(self)?;
        self.read(|db| {
            let Some(mut plan) = self.plan(db, search, false)? else { return Ok(Found::default()) };
            if plan.is_empty(search) {
                return Ok(Found::default());
            }
            let mut begun = Found::default();
            match self.near(db, search, &mut plan, &mut begun)? {
                Near::Whole => return Ok(begun),
                // What so many say so seldom is asked for word by word.
                Near::Part { looked } if plan.loose && looked >= COMPARED && plan.tags.is_empty() => {
                    let Some(rest) = self.plan_rest(db, search, &plan)? else { return Ok(begun) };
                    plan = rest;
                }
                Near::Part { .. } => {}
            }
            let (found, whole) = answer(db, search, &plan, begun.clone())?;
            if whole || !plan.loose {
                return Ok(found);
            }
            let Some(plan) = self.plan_rest(db, search, &plan)? else { return Ok(begun) };
            answer(db, search, &plan, begun).map(|(found, _)| found)
        })
    }

    /// Read what the first search needs, so that it does not wait for it, and so many of the newest events, which it finds
    /// faster then.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn warm_search(&self, newest: usize) -> Result<()> {
        self.vocabulary.load(self)?;
        self.recent.load(self, newest)
    }

    /// Find among the newest messages, which are in memory. The plan goes on where they end.
    fn near(&self, db: &Connection, search: &Search, plan: &mut Plan, found: &mut Found) -> Result<Near> {
        if !plan.broad || plan.named.is_some() {
            return Ok(Near::Part { looked: 0 });
        }
        if search.limit == 0 {
            return Ok(self.count_near(search, plan, found));
        }
        let wanted = plan.wanted(search);
        let mut looked = 0_usize;
        loop {
            // One more says whether there is more.
            let lacking = search.limit.saturating_sub(found.hits.len());
            let most = lacking.saturating_add(1);
            let Some(there) = self.recent.find(&wanted, plan.from, plan.to, most) else {
                return Ok(Near::Part { looked: 0 });
            };
            let ended = there.ids.len() < most;
            plan.to = there.back_to;
            looked = looked.saturating_add(there.looked);
            for id in there.ids {
                if found.hits.len() >= search.limit {
                    found.more = true;
                    break;
                }
                if let Some(hit) = hit(db, search, id)? {
                    found.hits.push(hit);
                    found.next = Some(id);
                }
            }
            found.total = u32::try_from(found.hits.len()).unwrap_or(u32::MAX);
            let whole = ended && plan.to <= plan.from;
            if whole {
                found.next = None;
            }
            if whole || found.hits.len() >= search.limit {
                found.more |= !whole;
                found.hits.sort_by_key(|hit| std::cmp::Reverse(hit.message.time));
                return Ok(Near::Whole);
            }
            if ended {
                return Ok(Near::Part { looked });
            }
        }
    }

    /// Count among them, where the index does not count by itself: that it does to the end.
    fn count_near(&self, search: &Search, plan: &mut Plan, found: &mut Found) -> Near {
        if search.is_dated() || plan.compared.is_empty() {
            return Near::Part { looked: 0 };
        }
        let most = usize::try_from(COUNTED).unwrap_or(usize::MAX);
        let Some(there) = self.recent.find(&plan.wanted(search), plan.from, plan.to, most) else {
            return Near::Part { looked: 0 };
        };
        found.total = u32::try_from(there.ids.len()).unwrap_or(COUNTED);
        plan.to = there.back_to;
        let counted = found.total >= COUNTED || plan.to <= plan.from;
        // Words that stand for too many others are counted further only where something else narrows them.
        let ends = plan.loose && plan.tags.is_empty();
        found.more = found.total >= COUNTED || ends && !counted;
        if counted || ends { Near::Whole } else { Near::Part { looked: there.looked } }
    }

    /// The same plan with every word, however many, from where it is now.
    fn plan_rest(&self, db: &Connection, search: &Search, plan: &Plan) -> Result<Option<Plan>> {
        Ok(self.plan(db, search, true)?.map(|all| Plan { to: plan.to, ..all }))
    }
}

/// What the newest messages gave.
#[derive(PartialEq, Eq)]
enum Near {
    /// Older ones are to be asked, after so many of them.
    Part { looked: usize },
    /// All that is wanted.
    Whole,
}

/// The hits of a plan after those that were found, and whether the answer is whole: the page is full, or all was looked at.
fn answer(db: &Connection, search: &Search, plan: &Plan, mut found: Found) -> Result<(Found, bool)> {
    let most = plan.most(search);
    let (mut looked, mut last) = (0_usize, None);
    // What the index answers wholly is counted without reading a row.
    let counting = plan.is_exact(search);
    let mut agreeing = db.prepare_cached(&format!("SELECT {ENTRY} FROM event m WHERE m.id = ?1"))?;
    // Not where too few hits come for a page: half of those that it would take.
    let goes_on = |looked: usize, hits: usize| {
        let few = hits.saturating_mul(most).saturating_mul(2) < looked.saturating_mul(search.limit);
        looked < most && (!plan.loose || looked < SAMPLE || !few)
    };
    let mut look = |id: i64, agrees_known: bool| -> Result<bool> {
        let full = found.hits.len() >= search.limit;
        if full && counting {
            found.total = found.total.saturating_add(1);
            return Ok(found.total < COUNTED);
        }
        looked = looked.saturating_add(1);
        last = Some(id);
        let agrees = agrees_known
            || counting
            || agreeing.query_row([id], |row| agrees(plan, search, row)).optional()?.unwrap_or_default();
        if !agrees {
            return Ok(goes_on(looked, found.hits.len()));
        }
        let Some(hit) = hit(db, search, id)? else { return Ok(goes_on(looked, found.hits.len())) };
        found.total = found.total.saturating_add(1);
        if search.limit == 0 {
            return Ok(found.total < COUNTED && looked < most);
        }
        if full {
            // The page is full and there is at least one more.
            found.more = true;
            return Ok(false);
        }
        found.hits.push(hit);
        found.next = Some(id);
        Ok(goes_on(looked, found.hits.len()))
    };
    let whole = walk(db, search, plan, most, &mut look)?;
    // Ids are only nearly in the order of time.
    found.hits.sort_by_key(|hit| std::cmp::Reverse(hit.message.time));
    let full = found.hits.len() >= search.limit;
    if !whole && full {
        found.more = true;
    }
    if !whole && !full && !plan.loose {
        found.more = true;
        found.next = last.or(found.next);
    }
    if usize::try_from(found.total).is_ok_and(|total| total <= found.hits.len()) && whole {
        found.next = None;
    }
    Ok((found, whole || full))
}

/// Whether a message, from the columns [`ENTRY`], says what is compared, and nothing that it must not carry.
fn agrees(plan: &Plan, search: &Search, row: &Row<'_>) -> rusqlite::Result<bool> {
    let mut probes = plan.probes.borrow_mut();
    if !probes.is_empty() {
        let said: Vec<String> = Kept::read(row)?.said().collect();
        if !probes.iter_mut().all(|probe| said.iter().any(|said| probe.may_be_in(said))) {
            return Ok(false);
        }
    }
    let Some(entry) = index::entry_of(row)? else { return Ok(false) };
    let carries = search.without.iter().any(|part| entry.parts.contains(part));
    Ok(!carries && plan.compared.iter().all(|clause| says(&entry.words, clause)))
}

/// Look at messages, newest first, until `look` says that it has enough; whether all were looked at.
fn walk(
    db: &Connection,
    search: &Search,
    plan: &Plan,
    most: usize,
    look: &mut impl FnMut(i64, bool) -> Result<bool>,
) -> Result<bool> {
    if let Some(named) = &plan.named {
        let mut said = db.prepare_cached("SELECT rowid FROM words WHERE words MATCH ?1 AND rowid = ?2")?;
        for id in named.iter().copied().filter(|id| *id >= plan.from && *id < plan.to) {
            if !plan.matches.is_empty() && !said.exists(params![plan.matches, id])? {
                continue;
            }
            if !look(id, false)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if plan.matches.is_empty() {
        return walk_all(db, search, plan, most, look);
    }
    let mut matching = db.prepare_cached(
        "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid < ?2 AND rowid >= ?3 ORDER BY rowid DESC",
    )?;
    let matches = if plan.without.is_empty() {
        plan.matches.clone()
    } else {
        format!("({}) NOT {}", plan.matches, any(plan.without.iter().cloned()))
    };
    let mut rows = matching.query(params![matches, plan.to, plan.from])?;
    while let Some(row) = rows.next()? {
        if !look(row.get(0)?, false)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The same where the index narrows nothing: rows are read one after another, and compared before anything else is read.
fn walk_all(
    db: &Connection,
    search: &Search,
    plan: &Plan,
    most: usize,
    look: &mut impl FnMut(i64, bool) -> Result<bool>,
) -> Result<bool> {
    let mut newest =
        db.prepare_cached(&format!("SELECT {ENTRY} FROM event m WHERE m.id < ?1 AND m.id >= ?2 ORDER BY m.id DESC"))?;
    let mut rows = newest.query([plan.to, plan.from])?;
    let mut read = 0_usize;
    while let Some(row) = rows.next()? {
        read = read.saturating_add(1);
        if agrees(plan, search, row)? && !look(row.get(12)?, true)? || read >= most {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The message of an id, if its room is in the list and its time is wanted.
fn hit(db: &Connection, search: &Search, id: i64) -> Result<Option<Hit>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT {MESSAGE}, r.room, r.listed, m.relation, m.target,
             EXISTS (SELECT 1 FROM star WHERE room = m.room AND event = m.event)
         FROM event m JOIN room r ON r.id = m.room LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit WHERE m.id = ?1"
    ))?;
    Ok(query.query_row([id], |row| read_hit(search, row)).optional()?.flatten())
}

fn read_hit(search: &Search, row: &Row<'_>) -> rusqlite::Result<Option<Hit>> {
    if !row.get::<_, bool>(MESSAGE_COLUMNS + 1)? {
        return Ok(None);
    }
    let hit = Hit {
        room: RoomId(row.get(MESSAGE_COLUMNS)?),
        message: message(row, 0)?,
        thread: match Relation::from_code(row.get(MESSAGE_COLUMNS + 2)?) {
            Relation::Thread => Some(event_id::unpack(row.get_ref(MESSAGE_COLUMNS + 3)?.as_blob()?)),
            _ => None,
        },
        starred: row.get(MESSAGE_COLUMNS + 4)?,
    };
    let time = hit.message.time;
    // Deleted, and the newest messages are told of it in a moment.
    if hit.message.redacted {
        return Ok(None);
    }
    if search.before.is_some_and(|before| time >= before) || search.after.is_some_and(|after| time < after) {
        return Ok(None);
    }
    Ok(Some(hit))
}

/// Whether words between spaces answer a clause.
pub(super) fn says(words: &str, clause: &Clause) -> bool {
    let mut rest = words.split(' ');
    loop {
        if clause.length_at(rest.clone()).is_some() {
            return true;
        }
        if rest.next().is_none() {
            return false;
        }
    }
}

impl Vault {
    /// People whose name or Matrix id contains this, as rooms know them; at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn people_named(&self, part: &str, limit: usize) -> Result<Vec<(UserId, Option<String>)>> {
        let asked: Vec<String> = super::text::asked(part).into_iter().map(|word| word.word).collect();
        let exact = part.trim().to_lowercase();
        self.read(|db| {
            let mut query = db.prepare_cached("SELECT user, name, folded FROM person")?;
            let mut rows = query.query([])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let (user, folded) = (row.get_ref(0)?.as_str()?, row.get_ref(2)?.as_str()?);
                let named = !asked.is_empty() && asked.iter().all(|word| folded.contains(word.as_str()));
                if named || user.to_lowercase() == exact {
                    found.push((UserId::from(user), row.get(1)?));
                    if found.len() >= limit {
                        break;
                    }
                }
            }
            Ok(found)
        })
    }
}
