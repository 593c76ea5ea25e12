//! Stretches of a conversation, and single events of it.
//!
//! **Invariant:** a page costs the same in a room of ten and of a million events: an index gives its rows, and one
//! query gives what was said about all of them.
//! **Invariant:** a page is one moment; its rows, gaps and reactions belong together.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::Value;
use tidings_model::{EventId, RoomId, Timestamp, TransactionId, UserId};

use crate::content::Beside;
use crate::event_id::{self, ABOUT, BY_ID, IN_THREAD};
use crate::polls::{self, STARTS, Vote};
use crate::projection::travelled;
use crate::relation::{Relation, call_name, reply_to};
use crate::{
    CallStep, Gap, MessageRecord, Page, PollQuestion, ReactionRecord, Result, ThreadRecord, Vault, content, names,
    rooms, threads,
};

/// How many people a thread's summary names.
const THREAD_PEOPLE: usize = 3;

/// The columns of [`message`], from `event m` and its edit `event e`.
pub(crate) const MESSAGE: &str = "m.event, m.transaction_id, m.position, \
     (SELECT name FROM name WHERE id = m.sender), m.time, (SELECT name FROM name WHERE id = m.kind), m.state_key, \
     m.content, m.redacted, m.encryption, m.session, m.cause, m.mentions, m.notifies, m.target, m.detail, e.content";
/// How many they are.
pub(crate) const MESSAGE_COLUMNS: usize = 17;

/// A message from the columns [`MESSAGE`], beginning at column `at`; without reactions and thread.
pub(crate) fn message(row: &Row<'_>, at: usize) -> rusqlite::Result<MessageRecord> {
    let column = |offset: usize| at.saturating_add(offset);
    let transaction: String = row.get(column(1))?;
    let event = row.get_ref(at)?.as_blob()?;
    let beside = Beside { target: row.get_ref(column(14))?.as_blob()?, detail: row.get_ref(column(15))?.as_str()? };
    let original = content::unpack(row.get_ref(column(7))?.as_blob()?, beside);
    let edit = row.get_ref(column(16))?.as_blob_or_null()?.map(|edit| content::unpack(edit, Beside::edit_of(event)));
    let reply_to = reply_to(&original);
    let (content, edited) = match edit {
        Some(Value::Object(mut edit)) => (edit.remove("m.new_content").unwrap_or_default(), true),
        _ => (original, false),
    };
    Ok(MessageRecord {
        event: event_id::unpack(event),
        transaction: Some(transaction).filter(|transaction| !transaction.is_empty()).map(TransactionId),
        position: row.get(column(2))?,
        sender: UserId(row.get(column(3))?),
        time: Timestamp(row.get(column(4))?),
        kind: row.get(column(5))?,
        state_key: row.get(column(6))?,
        content,
        previous: None,
        edited,
        redacted: row.get(column(8))?,
        encryption: travelled(row.get(column(9))?, row.get(column(10))?, row.get(column(11))?),
        mentions_me: row.get(column(12))?,
        notifies: row.get(column(13))?,
        reply_to,
        reactions: Vec::new(),
        thread: None,
        starred: false,
        pinned: false,
        poll: None,
        call: Vec::new(),
    })
}

impl Vault {
    /// The newest `limit` shown rows older than the position `before` (of all, without it).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn page(&self, room: &RoomId, before: Option<i64>, limit: usize) -> Result<Page> {
        let before = before.unwrap_or(i64::MAX);
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Page::default()) };
            let mut query = db.prepare_cached(&format!(
                "SELECT {MESSAGE} FROM event m LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
                 WHERE m.room = ?1 AND m.shown > 0 AND m.position < ?2 ORDER BY m.position DESC LIMIT ?3"
            ))?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut messages = query
                .query_map(params![room, before, limit], |row| message(row, 0))?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            messages.reverse();
            let oldest = messages.first().map_or(before, |message| message.position);
            finish(db, &self.own, room, messages, oldest, before)
        })
    }

    /// Every shown row from the position `from` to the end.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn page_since(&self, room: &RoomId, from: i64) -> Result<Page> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Page::default()) };
            let mut query = db.prepare_cached(&format!(
                "SELECT {MESSAGE} FROM event m LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
                 WHERE m.room = ?1 AND m.shown > 0 AND m.position >= ?2 ORDER BY m.position"
            ))?;
            let messages =
                query.query_map(params![room, from], |row| message(row, 0))?.collect::<rusqlite::Result<Vec<_>>>()?;
            finish(db, &self.own, room, messages, from, i64::MAX)
        })
    }

    /// An event, shown or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn message(&self, room: &RoomId, event: &EventId) -> Result<Option<MessageRecord>> {
        Ok(self.messages(room, std::slice::from_ref(event))?.pop())
    }

    /// These events, shown or not, in the order asked for; those that are not here are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn messages(&self, room: &RoomId, events: &[EventId]) -> Result<Vec<MessageRecord>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(Vec::new()) };
            let mut found = Vec::with_capacity(events.len());
            for event in events {
                found.extend(by_id(db, room, &event_id::pack(event.as_str()))?);
            }
            surround(db, &self.own, room, &mut found)?;
            Ok(found)
        })
    }

    /// This person's own reaction to an event with this key: its event, if the server has it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn own_reaction(&self, room: &RoomId, event: &EventId, key: &str) -> Result<Option<EventId>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let Some(own) = names::find(db, self.own.as_str())? else { return Ok(None) };
            let mut query = db.prepare_cached(&format!(
                "SELECT event FROM event WHERE {ABOUT} AND relation = 3 AND sender = ?3 AND detail = ?4 LIMIT 1"
            ))?;
            let packed = event_id::pack(event.as_str());
            let found = query.query_row(params![room, packed, own, key], |row| row.get::<_, Vec<u8>>(0)).optional()?;
            Ok(found.map(|event| event_id::unpack(&event)))
        })
    }

    /// The oldest gap of a room.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn oldest_gap(&self, room: &RoomId) -> Result<Option<Gap>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let mut query =
                db.prepare_cached("SELECT before, token FROM gap WHERE room = ?1 ORDER BY before LIMIT 1")?;
            Ok(query.query_row([room], gap).optional()?)
        })
    }

    /// The newest event that a receipt should name, so that everything in the room counts as read: shown or not.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest(&self, room: &RoomId) -> Result<Option<EventId>> {
        self.read(|db| {
            let Some(room) = rooms::find(db, room)? else { return Ok(None) };
            let pick = |sql: &str| -> Result<Option<(i64, Vec<u8>)>> {
                Ok(db.prepare_cached(sql)?.query_row([room], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
            };
            let shown =
                pick("SELECT position, event FROM event WHERE room = ?1 AND shown > 0 ORDER BY position DESC LIMIT 1")?;
            let reply = pick(
                "SELECT position, event FROM event WHERE room = ?1 AND counts = 1 AND relation = 4
                 ORDER BY position DESC LIMIT 1",
            )?;
            Ok(shown.max(reply).map(|(_, event)| event_id::unpack(&event)))
        })
    }
}

/// An event, shown or not; without reactions and thread.
pub(crate) fn by_id(db: &Connection, room: i64, packed: &[u8]) -> Result<Option<MessageRecord>> {
    let mut query = db.prepare_cached(&format!(
        "SELECT {MESSAGE} FROM event m LEFT JOIN event e ON m.edit != 0 AND e.id = m.edit
         WHERE m.id = (SELECT id FROM event WHERE {BY_ID})"
    ))?;
    Ok(query.query_row(params![room, packed], |row| message(row, 0)).optional()?)
}

pub(crate) fn gap(row: &Row<'_>) -> rusqlite::Result<Gap> {
    Ok(Gap { before: row.get(0)?, token: row.get(1)? })
}

/// Add what belongs to the rows from position `from` to before `to`.
pub(crate) fn finish(
    db: &Connection,
    own: &UserId,
    room: i64,
    mut messages: Vec<MessageRecord>,
    from: i64,
    to: i64,
) -> Result<Page> {
    let older: Option<i64> = db
        .prepare_cached(
            "SELECT position FROM event WHERE room = ?1 AND shown > 0 AND position < ?2 ORDER BY position DESC LIMIT 1",
        )?
        .query_row([room, from], |row| row.get(0))
        .optional()?;
    // A gap may lie before an event that is not shown. It belongs to the row that comes next.
    let newest = match messages.last() {
        Some(message) if to != i64::MAX => message.position,
        _ => to,
    };
    let mut query = db.prepare_cached(
        "SELECT before, token FROM gap WHERE room = ?1 AND before > ?2 AND before <= ?3 ORDER BY before",
    )?;
    let gaps =
        query.query_map([room, older.unwrap_or(i64::MIN), newest], gap)?.collect::<rusqlite::Result<Vec<_>>>()?;
    surround(db, own, room, &mut messages)?;
    Ok(Page { messages, gaps, older_here: older.is_some() })
}

/// Add to messages what was said of them: reactions, threads, votes, steps of calls; and to lines what was before.
pub(crate) fn surround(db: &Connection, own: &UserId, room: i64, messages: &mut [MessageRecord]) -> Result<()> {
    let mut about = db.prepare_cached(&format!("SELECT {HEARD} FROM event WHERE {ABOUT} AND relation >= 3"))?;
    let mut replies = db.prepare_cached(&format!("SELECT {HEARD} FROM event WHERE {IN_THREAD}"))?;
    let mut hear = |said: &mut Said, target: &str, of_call: bool| -> Result<()> {
        let packed = event_id::pack(target);
        let mut heard = about.query_map(params![room, packed], Heard::read)?.collect::<rusqlite::Result<Vec<_>>>()?;
        if !of_call {
            heard.extend(replies.query_map(params![room, packed], Heard::read)?.collect::<rusqlite::Result<Vec<_>>>()?);
        }
        heard.sort_unstable();
        for Heard { time, relation, sender, detail, .. } in heard {
            let relation = Relation::from_code(relation);
            // Whatever else may name a call is none of its steps.
            if of_call && relation != Relation::Call {
                continue;
            }
            match relation {
                Relation::Reaction => said.react(&detail, &sender),
                Relation::Thread => said.reply(time, &sender),
                Relation::Vote => said.votes.push(Vote {
                    sender: UserId(sender),
                    time,
                    selections: serde_json::from_str(&detail).unwrap_or_default(),
                }),
                Relation::PollEnd => said.ends.push((UserId(sender), time)),
                Relation::Call => said.step(&detail, &sender, time),
                Relation::None | Relation::Redaction | Relation::Edit => {}
            }
        }
        Ok(())
    };
    let mut marked = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM star WHERE room = ?1 AND event = ?2),
                EXISTS (SELECT 1 FROM pin WHERE room = ?1 AND event = ?2)",
    )?;
    let mut moderators: Option<BTreeSet<UserId>> = None;
    for message in messages {
        if message.state_key.is_some() {
            message.previous = previous(db, room, &message.event)?;
        }
        let mut said = Said::default();
        hear(&mut said, message.event.as_str(), false)?;
        message.thread = said.thread.take();
        let packed = event_id::pack(message.event.as_str());
        if let Some(thread) = &mut message.thread {
            thread.unread = threads::unread(db, room, own.as_str(), &packed)?;
        }
        (message.starred, message.pinned) =
            marked.query_row(params![room, packed], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if message.redacted {
            continue;
        }
        if message.kind == "m.call.invite"
            && let Some(name) = call_name(&message.content)
        {
            hear(&mut said, &name, true)?;
        }
        message.call = std::mem::take(&mut said.steps);
        if STARTS.contains(&message.kind.as_str())
            && let Some(question) = PollQuestion::read(&message.content)
        {
            if moderators.is_none() {
                moderators = Some(rooms::moderators(db, room)?);
            }
            let may_end = |who: &UserId| {
                *who == message.sender || moderators.as_ref().is_some_and(|moderators| moderators.contains(who))
            };
            let ends = said.ends.iter().filter(|(who, _)| may_end(who)).map(|(_, time)| *time);
            message.poll = Some(polls::tally(&question, std::mem::take(&mut said.votes), ends));
        }
        message.reactions = said.reactions;
    }
    Ok(())
}

/// The content of a state before an event.
fn previous(db: &Connection, room: i64, event: &EventId) -> Result<Option<Value>> {
    let mut query = db.prepare_cached(&format!("SELECT previous FROM event WHERE {BY_ID}"))?;
    let packed = event_id::pack(event.as_str());
    let kept: Option<Option<Vec<u8>>> = query.query_row(params![room, packed], |row| row.get(0)).optional()?;
    Ok(kept.flatten().map(|kept| content::unpack(&kept, Beside::NOTHING)))
}

/// The columns of [`Heard`].
const HEARD: &str = "time, event, relation, (SELECT name FROM name WHERE id = sender), detail";

/// A reaction, a vote and so on; in their order, which is that of their time.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Heard {
    time: i64,
    event: Vec<u8>,
    relation: i64,
    sender: String,
    detail: String,
}

impl Heard {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            time: row.get(0)?,
            event: row.get(1)?,
            relation: row.get(2)?,
            sender: row.get(3)?,
            detail: row.get(4)?,
        })
    }
}

/// What was said about an event.
#[derive(Default)]
struct Said {
    reactions: Vec<ReactionRecord>,
    /// Where each key stands in `reactions`.
    keys: BTreeMap<String, usize>,
    given: BTreeSet<(usize, String)>,
    thread: Option<ThreadRecord>,
    votes: Vec<Vote>,
    ends: Vec<(UserId, i64)>,
    steps: Vec<(CallStep, UserId, Timestamp)>,
}

impl Said {
    /// Reactions come oldest first.
    fn react(&mut self, key: &str, sender: &str) {
        let at = self.keys.get(key).copied().unwrap_or_else(|| {
            let at = self.reactions.len();
            self.keys.insert(key.to_owned(), at);
            self.reactions.push(ReactionRecord { key: key.to_owned(), senders: Vec::new() });
            at
        });
        if let Some(reaction) = self.reactions.get_mut(at)
            && self.given.insert((at, sender.to_owned()))
        {
            reaction.senders.push(UserId::from(sender));
        }
    }

    /// Steps of a call come oldest first.
    fn step(&mut self, step: &str, sender: &str, time: i64) {
        let step = match step {
            "answer" => CallStep::Answer,
            "reject" => CallStep::Decline,
            "hangup" => CallStep::End,
            _ => return,
        };
        self.steps.push((step, UserId::from(sender), Timestamp(time)));
    }

    /// Replies come oldest first.
    fn reply(&mut self, time: i64, sender: &str) {
        let thread = self.thread.get_or_insert_with(|| ThreadRecord {
            replies: 0,
            unread: 0,
            people: Vec::new(),
            latest: Timestamp(0),
        });
        thread.replies = thread.replies.saturating_add(1);
        thread.latest = Timestamp(time);
        thread.people.retain(|known| known.as_str() != sender);
        thread.people.insert(0, UserId::from(sender));
        thread.people.truncate(THREAD_PEOPLE);
    }
}
