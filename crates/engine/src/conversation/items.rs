//! Records and echoes become rows: days, runs, quotes, the unread line.
//!
//! A pure reading of the vault at one moment; the window compares it with what it showed before.

use std::collections::{BTreeMap, BTreeSet};

use tidings_model::{
    Body, Connection, Delivery, EventId, Item, ItemKey, ItemKind, Message, Person, Quote, Reaction, RoomId,
    RunPosition, ThreadSummary, Timestamp, TransactionId, Trust, UserId,
};
use tidings_vault::{Action, Encryption, Intent, IntentState, Membership, MessageRecord, Page, VaultError, reply_to};

use super::body::Rights;
use super::{body, body::Scene, overlay, preview, source::Source, system};
use crate::{Engine, people::People, session::Session};

/// Messages of one person within this many milliseconds are one run.
const RUN: i64 = 3 * 60 * 1000;
/// How many different reactions of one message are drawn.
const LOOKS: usize = 64;
/// How many names a reaction's tooltip has.
const NAMES: usize = 20;

/// The unread line of a window: fixed when it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UnreadLine {
    /// The line stands before the first message above this position.
    pub(super) after: i64,
    /// How many messages had not been read then.
    pub(super) count: u32,
}

/// What rows are made of.
pub(super) struct Reading {
    pub(super) page: Page,
    pub(super) pending: Vec<Intent>,
    /// Changes of own messages that the server does not have yet, by the message.
    edits: BTreeMap<EventId, Intent>,
    rights: Rights,
    read_by_all: Option<i64>,
    /// Nothing goes out now.
    waiting: bool,
    /// It goes down to the end of the chat.
    whole: bool,
}

/// Read everything that rows are made of, from the position `from` to the position `to`, or to the end.
pub(super) fn read(session: &Session, source: &Source, from: i64, to: Option<i64>) -> Result<Reading, VaultError> {
    let (vault, room) = (&session.vault, &source.room);
    // Echoes first: one that becomes an event in between is then in both, and never in neither. They stand at the end.
    let pending = vault.pending(room)?;
    let mut page = source.between(vault, from, to)?;
    let edits = overlay::apply(&mut page.messages, &pending, &session.user);
    Ok(Reading {
        page,
        pending: if to.is_none() { own_rows(pending, source.thread.as_ref()) } else { Vec::new() },
        edits,
        rights: Rights::of(vault, room, &session.user)?,
        read_by_all: source.read_by_all(vault)?,
        waiting: *session.connection.borrow() != Connection::Online,
        whole: to.is_none(),
    })
}

/// What is on its way and will be a row here.
fn own_rows(pending: Vec<Intent>, thread: Option<&EventId>) -> Vec<Intent> {
    let belongs = |intent: &Intent| match &intent.action {
        Action::Message { event_type, content } => overlay::stands_in(event_type, content, thread),
        Action::Receipt { .. } | Action::Membership { .. } | Action::MarkUnread { .. } => false,
    };
    pending.into_iter().filter(belongs).collect()
}

/// The key of a record's row.
pub(super) fn key(record: &MessageRecord) -> ItemKey {
    match &record.transaction {
        Some(transaction) => Engine::item_key(transaction),
        None => ItemKey(format!("e:{}", record.event)),
    }
}

/// The rows of a reading.
pub(super) fn items(
    session: &Session,
    room: &RoomId,
    reading: &Reading,
    unread: Option<&UnreadLine>,
) -> Result<Vec<Item>, VaultError> {
    let people = people(session, room, reading);
    let quotes = quotes(session, room, reading)?;
    let clock = &session.ports.clock;
    let scene = Scene { session, people: &people, rights: reading.rights };
    let name = |user: &UserId| people.name(user);
    let viewer = system::Viewer { name: &name, me: &session.user };
    let here = |other: &RoomId| matches!(session.vault.chat(other), Ok(Some(chat)) if chat.summary.membership == Membership::Joined);
    let thread = |event: &EventId| {
        let place = session.vault.place(room, event).ok().flatten()?;
        place.about.filter(|_| place.in_thread)
    };
    let around = system::Around { here: &here, thread: &thread };
    let mut rows = Rows { items: Vec::new(), day: None, last: None };
    let mut gaps: BTreeSet<i64> = reading.page.gaps.iter().map(|gap| gap.before).collect();
    let first = reading.page.messages.first().map(|record| record.position);
    let mut line = unread_line(session, reading, unread);
    for record in &reading.page.messages {
        // A gap at the older end is what scrolling up asks for; one in between is said.
        let passed: Vec<i64> = gaps.range(..=record.position).copied().collect();
        for gap in passed {
            gaps.remove(&gap);
            if Some(record.position) != first {
                rows.push(format!("gap:{gap}"), ItemKind::Gap);
                rows.last = None;
            }
        }
        let time = record.time;
        let shown = if record.state_key.is_some() {
            system::line(viewer, record, around).map(|line| ItemKind::System { line, time })
        } else {
            let message = message(&scene, &quotes, record, reading);
            Some(ItemKind::Message { message: Box::new(message) })
        };
        let Some(kind) = shown else { continue };
        rows.day(clock.local_day(time), time);
        if let Some((after, count)) = line
            && record.position > after
            && record.sender != session.user
            && record.state_key.is_none()
        {
            rows.push("new".to_owned(), ItemKind::NewMessages { count });
            rows.last = None;
            line = None;
        }
        rows.put(key(record), kind);
    }
    let on_server: BTreeSet<&EventId> = reading.page.messages.iter().map(|record| &record.event).collect();
    let echoed: BTreeSet<&TransactionId> =
        reading.page.messages.iter().filter_map(|record| record.transaction.as_ref()).collect();
    for intent in &reading.pending {
        let Action::Message { event_type, content } = &intent.action else { continue };
        // Both the row and the event are here for the moment between two transactions.
        if matches!(&intent.state, IntentState::Sent { event } if on_server.contains(event))
            || echoed.contains(&intent.transaction)
        {
            continue;
        }
        let reply = reply_to(content).and_then(|event| quotes.get(&event).cloned());
        let message = Message {
            event: match &intent.state {
                IntentState::Sent { event } => Some(event.clone()),
                IntentState::Pending | IntentState::Failed { .. } => None,
            },
            transaction: Some(intent.transaction.clone()),
            sender: people.person(&session.user),
            own: true,
            time: intent.time,
            run: RunPosition::Only,
            body: body::draft_body(&scene, event_type, content),
            reply,
            reactions: Vec::new(),
            thread: None,
            edited: false,
            starred: false,
            pinned: false,
            mentions_me: false,
            delivery: Some(delivery(intent, reading.waiting)),
            trust: Trust::Usual,
            editable: false,
            deletable: false,
        };
        rows.day(clock.local_day(intent.time), intent.time);
        rows.put(Engine::item_key(&intent.transaction), ItemKind::Message { message: Box::new(message) });
    }
    Ok(rows.items)
}

/// The position after which the unread line stands, and what it says; nothing where it belongs into another stretch.
fn unread_line(session: &Session, reading: &Reading, unread: Option<&UnreadLine>) -> Option<(i64, u32)> {
    let unread = unread?;
    let page = &reading.page;
    let within = !page.older_here || page.messages.first().is_some_and(|oldest| oldest.position <= unread.after);
    if !within {
        return None;
    }
    let others = page
        .messages
        .iter()
        .filter(|record| record.position > unread.after && record.sender != session.user && record.state_key.is_none());
    let here = u32::try_from(others.count()).unwrap_or(u32::MAX);
    let count = if reading.whole { here } else { unread.count };
    (here > 0).then_some((unread.after, count))
}

fn delivery(intent: &Intent, waiting: bool) -> Delivery {
    match &intent.state {
        IntentState::Sent { .. } => Delivery::Sent,
        IntentState::Failed { reason } => Delivery::Failed { reason: *reason },
        IntentState::Pending if waiting => Delivery::Waiting,
        IntentState::Pending => Delivery::Sending,
    }
}

/// Rows as they are put one after another.
struct Rows {
    items: Vec<Item>,
    day: Option<i64>,
    /// The last message that a run may go on from: its index, sender and time.
    last: Option<(usize, UserId, Timestamp)>,
}

impl Rows {
    fn push(&mut self, key: String, kind: ItemKind) {
        self.items.push(Item { key: ItemKey(key), kind });
    }

    /// Begin a new day where one begins.
    fn day(&mut self, day: i64, time: Timestamp) {
        if self.day != Some(day) {
            // A clock that went back gives a day twice; keys stay unique.
            let key = format!("d:{day}:{}", self.items.len());
            let key =
                if self.items.iter().any(|item| item.key.0 == format!("d:{day}")) { key } else { format!("d:{day}") };
            self.push(key, ItemKind::Day { time });
            self.day = Some(day);
            self.last = None;
        }
    }

    /// Put a message or a line, and work out runs.
    fn put(&mut self, key: ItemKey, kind: ItemKind) {
        let index = self.items.len();
        let ItemKind::Message { message } = &kind else {
            self.last = None;
            self.put_line(key, kind);
            return;
        };
        let (sender, time) = (message.sender.user.clone(), message.time);
        let goes_on = self
            .last
            .as_ref()
            .is_some_and(|(_, last, then)| *last == sender && time.0.saturating_sub(then.0).abs() <= RUN);
        self.items.push(Item { key, kind });
        if goes_on && let Some((before, ..)) = self.last {
            self.set_run(before, |run| if run == RunPosition::Only { RunPosition::First } else { RunPosition::Middle });
            self.set_run(index, |_| RunPosition::Last);
        }
        self.last = Some((index, sender, time));
    }

    /// Put a line; a quiet one into the quiet one before it.
    fn put_line(&mut self, key: ItemKey, kind: ItemKind) {
        if let ItemKind::System { line, .. } = &kind
            && system::is_quiet(line)
            && let Some(Item { kind: ItemKind::System { line: before, time: last }, .. }) = self.items.last_mut()
            && system::is_quiet(before)
            && let ItemKind::System { line, time } = kind
        {
            *before = system::fold(before.clone(), line);
            *last = time;
            return;
        }
        self.items.push(Item { key, kind });
    }

    fn set_run(&mut self, index: usize, run: impl Fn(RunPosition) -> RunPosition) {
        if let Some(Item { kind: ItemKind::Message { message }, .. }) = self.items.get_mut(index) {
            message.run = run(message.run);
        }
    }
}

fn message(scene: &Scene<'_>, quotes: &BTreeMap<EventId, Quote>, record: &MessageRecord, reading: &Reading) -> Message {
    let Scene { session, people, rights } = *scene;
    let own = record.sender == session.user;
    let body = body::body(scene, record);
    let deleted = body == Body::Deleted;
    let edit = reading.edits.get(&record.event);
    let read = reading.read_by_all.is_some_and(|read| read >= record.position);
    let there = if read { Delivery::Read } else { Delivery::Sent };
    Message {
        event: Some(record.event.clone()),
        // A change that was refused is tried again, or dropped, by its own name.
        transaction: edit.map(|edit| edit.transaction.clone()).or_else(|| record.transaction.clone()),
        sender: people.person(&record.sender),
        own,
        time: record.time,
        run: RunPosition::Only,
        reply: record.reply_to.as_ref().filter(|_| !deleted).and_then(|event| quotes.get(event).cloned()),
        reactions: if deleted { Vec::new() } else { reactions(session, people, record) },
        thread: record.thread.as_ref().map(|thread| ThreadSummary {
            replies: thread.replies,
            unread: thread.unread,
            people: thread.people.iter().map(|user| people.person(user)).collect(),
            latest: thread.latest,
        }),
        edited: record.edited && !deleted,
        starred: record.starred && !deleted,
        pinned: record.pinned && !deleted,
        mentions_me: record.mentions_me && !deleted,
        delivery: own.then(|| edit.map_or(there, |edit| delivery(edit, reading.waiting))),
        trust: trust(&record.encryption),
        editable: own && rights.can_write && editable(&body),
        deletable: !deleted && (if own { rights.can_write } else { rights.can_redact }),
        body,
    }
}

/// How sure it is that a message is from its sender.
pub(crate) fn trust(encryption: &Encryption) -> Trust {
    match encryption {
        Encryption::Clear | Encryption::Decrypted | Encryption::Undecryptable { .. } => Trust::Usual,
        Encryption::Verified => Trust::Verified,
        Encryption::Unproven => Trust::Unproven,
        Encryption::UnknownDevice => Trust::UnknownDevice,
        Encryption::UnverifiedDevice => Trust::UnverifiedDevice,
        Encryption::ChangedIdentity => Trust::ChangedIdentity,
        Encryption::Suspicious => Trust::NotEncrypted,
        Encryption::Forged => Trust::Forged,
    }
}

/// What has a text that can be another: texts, and what has a caption.
fn editable(body: &Body) -> bool {
    match body {
        Body::Text { notice, .. } => !notice,
        Body::Image { .. } | Body::Video { .. } | Body::Audio { .. } | Body::File { .. } => true,
        _ => false,
    }
}

/// The reactions as they look: those that look the same are one, and everybody is counted once in it.
fn reactions(session: &Session, people: &People<'_>, record: &MessageRecord) -> Vec<Reaction> {
    looks(record.reactions.iter().map(|reaction| (reaction.key.as_str(), reaction.senders.as_slice())))
        .into_iter()
        .map(|(key, senders)| Reaction {
            key,
            count: u32::try_from(senders.len()).unwrap_or(u32::MAX),
            own: senders.contains(&&session.user),
            names: senders.iter().take(NAMES).map(|user| people.name(user)).collect(),
        })
        .collect()
}

fn looks<'a>(reactions: impl Iterator<Item = (&'a str, &'a [UserId])>) -> Vec<(String, Vec<&'a UserId>)> {
    let mut looks: Vec<(String, Vec<&UserId>)> = Vec::new();
    for (key, senders) in reactions {
        let key: String = crate::people::clean(key).unwrap_or_else(|| "?".to_owned()).chars().take(24).collect();
        let at = looks.iter().position(|(known, _)| *known == key);
        if at.is_none() && looks.len() >= LOOKS {
            continue;
        }
        let at = at.unwrap_or_else(|| {
            looks.push((key, Vec::new()));
            looks.len().saturating_sub(1)
        });
        if let Some((_, known)) = looks.get_mut(at) {
            for sender in senders {
                if !known.contains(&sender) {
                    known.push(sender);
                }
            }
        }
    }
    looks
}

/// Everybody a reading names.
fn people<'a>(session: &'a Session, room: &RoomId, reading: &Reading) -> People<'a> {
    let mut users: BTreeSet<UserId> = BTreeSet::from([session.user.clone()]);
    for record in &reading.page.messages {
        users.insert(record.sender.clone());
        users.extend(record.reactions.iter().flat_map(|reaction| reaction.senders.iter().take(NAMES).cloned()));
        users.extend(record.thread.iter().flat_map(|thread| thread.people.iter().cloned()));
        if record.kind == "m.room.member" {
            users.extend(record.state_key.iter().map(|user| UserId(user.clone())));
        }
        users.extend(system::named(record));
        users.extend(
            record
                .poll
                .iter()
                .flat_map(|poll| poll.chosen.iter().flat_map(|voters| voters.iter().rev().take(3).cloned())),
        );
        if let Some(mentions) = record.content.pointer("/m.mentions/user_ids").and_then(serde_json::Value::as_array) {
            users.extend(mentions.iter().filter_map(serde_json::Value::as_str).take(100).map(UserId::from));
        }
    }
    let users: Vec<UserId> = users.into_iter().collect();
    People::read(session, room, &users)
}

/// The messages that are answered, by id. One that is not here yet is a quote without a sender.
fn quotes(session: &Session, room: &RoomId, reading: &Reading) -> Result<BTreeMap<EventId, Quote>, VaultError> {
    let pending = reading.pending.iter().filter_map(|intent| match &intent.action {
        Action::Message { content, .. } => reply_to(content),
        Action::Receipt { .. } | Action::Membership { .. } | Action::MarkUnread { .. } => None,
    });
    let wanted: BTreeSet<EventId> =
        reading.page.messages.iter().filter_map(|record| record.reply_to.clone()).chain(pending).collect();
    quotes_of(session, room, wanted)
}

/// These messages as quotes.
pub(super) fn quotes_of(
    session: &Session,
    room: &RoomId,
    wanted: BTreeSet<EventId>,
) -> Result<BTreeMap<EventId, Quote>, VaultError> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<EventId> = wanted.iter().cloned().collect();
    let records = session.vault.messages(room, &ids)?;
    let senders: Vec<UserId> = records.iter().map(|record| record.sender.clone()).collect();
    let people = People::read(session, room, &senders);
    let mut quotes: BTreeMap<EventId, Quote> = wanted
        .into_iter()
        .map(|event| (event.clone(), Quote { event, sender: None::<Person>, text: String::new(), mark: None }))
        .collect();
    for record in records {
        let (text, mark) = preview::of_record(session, room, &record);
        let sender = Some(people.person(&record.sender));
        quotes.insert(record.event.clone(), Quote { event: record.event, sender, text, mark });
    }
    Ok(quotes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reactions_that_look_the_same_are_one() {
        let [ann, bob] = ["@ann:example.org", "@bob:example.org"].map(UserId::from);
        let (both, one) = ([ann.clone(), bob.clone()], [ann.clone()]);
        let (long, cut) = ("a".repeat(30), "a".repeat(24));
        let given = [
            ("👍", both.as_slice()),
            ("👍\u{200b}", one.as_slice()),
            ("\u{200b}", one.as_slice()),
            ("\u{200d}", both.as_slice()),
            (long.as_str(), one.as_slice()),
            (cut.as_str(), both.as_slice()),
        ];
        let looks = looks(given.into_iter());
        let keys: BTreeSet<&str> = looks.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys.len(), looks.len(), "{looks:?}");
        assert_eq!(looks.len(), 3, "{looks:?}");
        assert!(looks.iter().all(|(_, senders)| senders.len() == 2), "{looks:?}");
        let many: Vec<String> = (0..500).map(|n| n.to_string()).collect();
        assert_eq!(super::looks(many.iter().map(|key| (key.as_str(), one.as_slice()))).len(), LOOKS);
    }
}
