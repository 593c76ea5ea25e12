//! The verbs around reading.

use tidings_model::{AccountId, EventId, Failure, RoomId, TransactionId};
use tidings_vault::{Action, Changes, NewIntent, ReceiptThread, Vault, VaultError};

use super::{Engine, random_name};

/// How many rows from the end a read mark is looked for, to see that nothing of others follows.
const LAST_ROWS: usize = 60;

impl Engine {
    /// Everything up to this message of a chat, or of one of its threads, was on screen for a second in the focused window.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn mark_read(
        &self,
        account: AccountId,
        room: RoomId,
        thread: Option<EventId>,
        event: EventId,
    ) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let time = session.ports.clock.now();
        let changes = session
            .vault(move |vault| {
                let marked = vault.chat(&room)?.is_some_and(|chat| chat.marked_unread);
                let news = match thread {
                    None => news(vault, &room, event)?,
                    Some(root) => news_of_thread(vault, &room, root, event)?,
                };
                let transaction = TransactionId(random_name());
                let read = match news {
                    Some(action) => vault.enqueue(&NewIntent { room: room.clone(), action, transaction, time })?.1,
                    None => Changes::default(),
                };
                if !marked {
                    return Ok([read, Changes::default()]);
                }
                let (action, transaction) = (Action::MarkUnread { unread: false }, TransactionId(random_name()));
                let (_, unmarked) = vault.enqueue(&NewIntent { room, action, transaction, time })?;
                Ok([read, unmarked])
            })
            .await?;
        for changes in changes {
            session.publish(changes);
        }
        Ok(())
    }

    /// Mark a chat as unread, to come back to it; or take the mark away. Reading takes it away, too.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn mark_unread(&self, account: AccountId, room: RoomId, unread: bool) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let time = session.ports.clock.now();
        let transaction = TransactionId(random_name());
        let intent = NewIntent { room, action: Action::MarkUnread { unread }, transaction, time };
        let changes = session.vault(move |vault| vault.enqueue(&intent).map(|(_, changes)| changes)).await?;
        session.publish(changes);
        Ok(())
    }
}

/// The receipt that says that the main timeline was read up to here; `None` where it says nothing new.
fn news(vault: &Vault, room: &RoomId, event: EventId) -> Result<Option<Action>, VaultError> {
    // Whoever has read the last message has read the lines about the room behind it.
    let rows = vault.page(room, None, LAST_ROWS)?.messages;
    let own = vault.own_user();
    let after = rows.iter().position(|row| row.event == event).map(|at| rows.iter().skip(at.saturating_add(1)));
    let last = after.is_some_and(|mut after| !after.any(|row| row.sender != own && row.state_key.is_none()));
    let event = rows.last().filter(|_| last).map_or(event, |row| row.event.clone());
    // Scrolling back through what was read says nothing new.
    let read = vault.read_position(room)?;
    let old = vault.place(room, &event)?.is_some_and(|place| read.is_some_and(|read| place.position <= read));
    Ok((!old).then_some(Action::Receipt { event, thread: ReceiptThread::Main }))
}

/// The receipt that says that a thread was read up to here; `None` where it says nothing new.
fn news_of_thread(vault: &Vault, room: &RoomId, root: EventId, event: EventId) -> Result<Option<Action>, VaultError> {
    let Some(place) = vault.place(room, &event)? else { return Ok(None) };
    // The root itself is part of the main timeline.
    let there = place.in_thread && place.about.as_ref() == Some(&root);
    let old = vault.thread_read_position(room, &root)?.is_some_and(|read| place.position <= read);
    Ok((there && !old).then_some(Action::Receipt { event, thread: ReceiptThread::Thread { root } }))
}
