//! The chat-list window: the vault's rooms as rows, kept in step with the change feed.
//!
//! One list serves every listener. A change re-reads only the rooms it names; the order is the vault's (pinned, then the
//! newest message), so a row that changed is put where it belongs and the difference goes out as keyed patches.

use std::sync::{Arc, Mutex};

use tidings_model::{ChatListUpdate, ChatRow, Delivery, Failure, Preview, RoomId, UserId, diff};
use tidings_vault::{ChatRecord, IntentState, Membership};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    Sink,
    broadcast::{Listeners, lock},
    conversation::preview,
    people,
    session::{News, Session},
};

/// The chat list of one account.
#[derive(Default)]
pub(crate) struct ChatList {
    rows: Mutex<Vec<Row>>,
    listeners: Listeners<ChatListUpdate>,
}

/// A row and what it is sorted by.
#[derive(Clone, PartialEq)]
struct Row {
    order: (bool, i64),
    row: ChatRow,
}

impl ChatList {
    /// The newest rows, straight from the vault; for the first paint.
    pub(crate) fn first(session: &Session, rows: usize) -> ChatListUpdate {
        let rows = match session.vault.chat_list(Some(rows)) {
            Ok(records) => records.iter().map(|record| chat_row(session, record)).collect(),
            Err(error) => {
                tracing::error!("the chat list cannot be read: {error}");
                Vec::new()
            }
        };
        ChatListUpdate::Reset { rows }
    }

    /// The rows as they are; read from the vault when nobody has asked for them yet.
    pub(crate) async fn rows(&self, session: &Arc<Session>) -> Result<Vec<ChatRow>, Failure> {
        self.fill(session).await?;
        Ok(plain(&lock(&self.rows)))
    }

    async fn fill(&self, session: &Arc<Session>) -> Result<(), Failure> {
        if lock(&self.rows).is_empty() {
            let fresh = read(session).await?;
            let mut rows = lock(&self.rows);
            // Meanwhile the list may have been read, and changed.
            if rows.is_empty() {
                *rows = fresh;
            }
        }
        Ok(())
    }

    /// Follow the list.
    pub(crate) async fn follow(&self, session: &Arc<Session>, sink: Sink<ChatListUpdate>) -> Result<(), Failure> {
        self.fill(session).await?;
        // Added under the lock of the rows, so that no patch falls between the reset and the first change.
        let rows = lock(&self.rows);
        let reset = ChatListUpdate::Reset { rows: rows.iter().map(|row| row.row.clone()).collect() };
        self.listeners.add(sink, reset);
        drop(rows);
        Ok(())
    }

    /// Keep the list in step with the vault until the session ends.
    pub(crate) async fn run(self: Arc<Self>, session: Arc<Session>) {
        let mut feed = session.feed.subscribe();
        if let Err(failure) = self.refresh(&session).await {
            tracing::error!("the chat list cannot be read: {failure}");
        }
        loop {
            let outcome = match feed.recv().await {
                Ok(News::Changes(changes)) if changes.rows.is_empty() => Ok(()),
                Ok(News::Changes(changes)) if changes.rows.len() > 64 => self.refresh(&session).await,
                Ok(News::Changes(changes)) => self.update(&session, changes.rows.iter().cloned().collect()).await,
                Ok(News::Typing(room)) => self.update(&session, vec![room]).await,
                Ok(News::Me | News::Invited(_) | News::CatchingUp(_) | News::History) => Ok(()),
                Err(RecvError::Lagged(_)) => self.refresh(&session).await,
                Err(RecvError::Closed) => return,
            };
            if let Err(failure) = outcome {
                tracing::error!("the chat list cannot be read: {failure}");
            }
        }
    }

    /// Read everything again.
    async fn refresh(&self, session: &Arc<Session>) -> Result<(), Failure> {
        let fresh = read(session).await?;
        self.replace(fresh);
        Ok(())
    }

    /// Read these rooms again.
    async fn update(&self, session: &Arc<Session>, rooms: Vec<RoomId>) -> Result<(), Failure> {
        let reader = Arc::clone(session);
        let fresh = session
            .vault(move |vault| {
                rooms
                    .into_iter()
                    .map(|room| {
                        let record = vault.chat(&room)?.filter(|record| record.listed);
                        Ok((room, record.map(|record| row(&reader, &record))))
                    })
                    .collect::<Result<Vec<_>, _>>()
            })
            .await?;
        let mut rows = lock(&self.rows).clone();
        for (room, fresh) in fresh {
            rows.retain(|row| row.row.room != room);
            if let Some(fresh) = fresh {
                let place = rows.partition_point(|row| row.order >= fresh.order);
                rows.insert(place, fresh);
            }
        }
        self.replace(rows);
        Ok(())
    }

    fn replace(&self, fresh: Vec<Row>) {
        let mut rows = lock(&self.rows);
        let ops = diff(&plain(&rows), &plain(&fresh), |row| row.room.clone());
        *rows = fresh;
        if !ops.is_empty() {
            self.listeners.tell(&ChatListUpdate::Patch { ops });
        }
    }
}

fn plain(rows: &[Row]) -> Vec<ChatRow> {
    rows.iter().map(|row| row.row.clone()).collect()
}

async fn read(session: &Arc<Session>) -> Result<Vec<Row>, Failure> {
    let reader = Arc::clone(session);
    session
        .vault(move |vault| {
            let mut rows: Vec<Row> = vault.chat_list(None)?.iter().map(|record| row(&reader, record)).collect();
            rows.sort_by_key(|row| std::cmp::Reverse(row.order));
            Ok(rows)
        })
        .await
}

fn row(session: &Session, record: &ChatRecord) -> Row {
    Row { order: (record.summary.pinned, record.order.0), row: chat_row(session, record) }
}

/// A chat as its row shows it.
fn chat_row(session: &Session, record: &ChatRecord) -> ChatRow {
    let summary = &record.summary;
    let name = people::chat_name(&summary.name);
    ChatRow {
        avatar: people::chat_avatar(session, &record.room, summary, &name),
        preview: chat_preview(session, record),
        time: Some(record.order).filter(|time| time.0 > 0),
        unread: record.unread,
        mentions: record.mentions,
        marked_unread: record.marked_unread,
        muted: summary.muted,
        pinned: summary.pinned,
        direct: summary.direct,
        room: record.room.clone(),
        name,
    }
}

/// The second line: not sent, typing, draft, latest message.
fn chat_preview(session: &Session, record: &ChatRecord) -> Preview {
    if record.summary.membership == Membership::Invited {
        return Preview::Invitation { by: record.summary.inviter.as_deref().map(people::chat_name) };
    }
    if let Some(intent) = &record.failed {
        return Preview::NotSent { text: preview::of_intent(intent) };
    }
    let typing = lock(&session.typing).get(&record.room).cloned().unwrap_or_default();
    if !typing.is_empty() {
        let names = typing.iter().map(|user| first_name(&people::name(session, &record.room, user))).collect();
        return Preview::Typing { names };
    }
    if let Some(draft) = record.draft.as_ref().filter(|draft| !draft.trim().is_empty()) {
        return Preview::Draft { text: preview::line(draft) };
    }
    if let Some(intent) = &record.latest_intent {
        let delivery = match intent.state {
            IntentState::Sent { .. } => Delivery::Sent,
            _ => Delivery::Sending,
        };
        return Preview::Message {
            sender: None,
            own: true,
            text: preview::of_intent(intent),
            mark: None,
            delivery: Some(delivery),
            doubtful: false,
        };
    }
    let Some(latest) = &record.latest else { return Preview::Empty };
    let own = latest.sender == session.user;
    let (text, mark) = preview::of_record(session, &record.room, latest);
    let read = || session.vault.read_by_all(&record.room).ok().flatten().is_some_and(|read| read >= latest.position);
    Preview::Message {
        sender: (!own && !record.summary.direct)
            .then(|| first_name(&people::name(session, &record.room, &latest.sender))),
        own,
        text,
        mark,
        delivery: own.then(|| if read() { Delivery::Read } else { Delivery::Sent }),
        doubtful: preview::trust(&latest.encryption).is_doubtful(),
    }
}

fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_owned()
}

/// A user's short name in a room, for lists of who is writing.
pub(crate) fn typing_names(session: &Session, room: &RoomId, users: &[UserId]) -> Vec<String> {
    users.iter().map(|user| first_name(&people::name(session, room, user))).collect()
}
