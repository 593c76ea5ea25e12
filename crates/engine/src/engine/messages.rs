//! The verbs of messages that are there: changing, deleting, reacting, voting.
//!
//! Each is recorded in the outbox like a message, in order with the others of its room, and drawn at once.

use serde_json::json;
use tidings_model::{AccountId, Code, Draft, EventId, Failure, MediaRef, RoomId, TransactionId};
use tidings_vault::{Action, Membership, MessageRecord, NewIntent, PollQuestion, ReceiptThread, Vault, VaultError};

use super::{Engine, random_name};
use crate::{Media, compose, conversation::TAKES_BACK, media_type};

/// Characters of a reaction (MSC2677 names no limit; more is no emoji and no short text).
const LONGEST_REACTION: usize = 32;

/// What becomes of a verb: an event to send, or why not.
type Composed = Result<(String, serde_json::Value), Failure>;

impl Engine {
    /// The text of an own message as it was typed, to be changed.
    ///
    /// # Errors
    /// [`Code::Gone`] when there is no such message of this person's.
    pub async fn message_text(&self, account: AccountId, room: RoomId, event: EventId) -> Result<String, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let me = session.user.clone();
        let record = session.vault(move |vault| vault.message(&room, &event)).await?;
        let record = record.filter(|record| record.sender == me && !record.redacted).ok_or_else(gone)?;
        Ok(compose::editable_text(&record.content))
    }

    /// Give an own message another text, or another caption.
    ///
    /// # Errors
    /// [`Code::Gone`] when there is no such message of this person's or the text is empty; when it could not be recorded.
    pub async fn edit_message(
        &self,
        account: AccountId,
        room: RoomId,
        event: EventId,
        draft: Draft,
    ) -> Result<TransactionId, Failure> {
        let me = self.accounts.open_account(&account)?.session.user.clone();
        self.say_of(account, room, event, move |_, record| {
            if record.sender != me || record.redacted || record.kind != "m.room.message" {
                return Ok(Err(gone()));
            }
            Ok(match compose::edit_content(&record.content, &record.event, &draft, &me) {
                Ok(Some(content)) => Ok((record.kind, content)),
                Ok(None) => Err(Failure::new(Code::Gone, "the message is empty")),
                Err(error) => Err(Failure::new(Code::TooLong, error)),
            })
        })
        .await
    }

    /// Delete a message for everyone.
    ///
    /// # Errors
    /// [`Code::Gone`] when there is no such message; when it could not be recorded.
    pub async fn redact(&self, account: AccountId, room: RoomId, event: EventId) -> Result<TransactionId, Failure> {
        self.say_of(account, room, event, |_, record| {
            Ok(Ok(("m.room.redaction".to_owned(), json!({ "redacts": record.event }))))
        })
        .await
    }

    /// React to a message; a second time says nothing new.
    ///
    /// # Errors
    /// [`Code::Gone`] when there is no such message, or the reaction is none; when it could not be recorded.
    pub async fn send_reaction(
        &self,
        account: AccountId,
        room: RoomId,
        event: EventId,
        key: String,
    ) -> Result<TransactionId, Failure> {
        self.say_of(account, room, event, move |_, record| {
            if record.redacted || key.trim().is_empty() || key.chars().count() > LONGEST_REACTION {
                return Ok(Err(gone()));
            }
            Ok(Ok(("m.reaction".to_owned(), compose::reaction_content(&record.event, &key))))
        })
        .await
    }

    /// Take an own reaction back.
    ///
    /// # Errors
    /// [`Code::Gone`] when the server does not have it (yet); when it could not be recorded.
    pub async fn remove_reaction(
        &self,
        account: AccountId,
        room: RoomId,
        event: EventId,
        key: String,
    ) -> Result<TransactionId, Failure> {
        let id = room.clone();
        self.say_of(account, room, event, move |vault, record| {
            let Some(reaction) = vault.own_reaction(&id, &record.event, &key)? else { return Ok(Err(gone())) };
            let of = json!({ "event_id": record.event, "key": key });
            Ok(Ok(("m.room.redaction".to_owned(), json!({ "redacts": reaction, TAKES_BACK: of }))))
        })
        .await
    }

    /// Vote in a poll; no answers take an earlier vote back.
    ///
    /// # Errors
    /// [`Code::Gone`] when there is no such poll or it is closed; when it could not be recorded.
    pub async fn vote(
        &self,
        account: AccountId,
        room: RoomId,
        poll: EventId,
        answers: Vec<String>,
    ) -> Result<TransactionId, Failure> {
        self.say_of(account, room, poll, move |_, record| {
            let Some(question) = PollQuestion::read(&record.content) else { return Ok(Err(gone())) };
            let closed = record.poll.as_ref().is_some_and(|poll| poll.closed.is_some());
            let known = |id: &String| question.answers.iter().any(|answer| answer.id == *id);
            if closed || answers.len() > question.max_selections || !answers.iter().all(known) {
                return Ok(Err(gone()));
            }
            let (kind, content) = compose::vote(&record.kind, &record.event, &answers);
            Ok(Ok((kind.to_owned(), content)))
        })
        .await
    }

    /// Close a poll: later votes do not count.
    ///
    /// # Errors
    /// [`Code::Gone`] when there is no such poll or it is closed; when it could not be recorded.
    pub async fn end_poll(&self, account: AccountId, room: RoomId, poll: EventId) -> Result<TransactionId, Failure> {
        self.say_of(account, room, poll, |_, record| {
            let Some(question) = PollQuestion::read(&record.content) else { return Ok(Err(gone())) };
            let tally = record.poll.unwrap_or_default();
            if tally.closed.is_some() {
                return Ok(Err(gone()));
            }
            let counts: Vec<usize> = tally.chosen.iter().map(Vec::len).collect();
            let (kind, content) = compose::poll_end(&record.kind, &record.event, &question, &counts);
            Ok(Ok((kind.to_owned(), content)))
        })
        .await
    }

    /// Everything in a chat counts as read.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn mark_chat_read(&self, account: AccountId, room: RoomId) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let time = session.ports.clock.now();
        let changes = session
            .vault(move |vault| {
                let Some(event) = vault.newest(&room)? else { return Ok(None) };
                let transaction = TransactionId(random_name());
                let intent = NewIntent {
                    room,
                    action: Action::Receipt { event, thread: ReceiptThread::Unthreaded },
                    transaction,
                    time,
                };
                vault.enqueue(&intent).map(|(_, changes)| Some(changes))
            })
            .await?;
        if let Some(changes) = changes {
            session.publish(changes);
        }
        Ok(())
    }

    /// Go to the room in which a chat goes on (`m.room.tombstone`): recorded as joining it, unless this person is in it.
    /// Which room that is, is read here; the page cannot name one.
    ///
    /// # Errors
    /// [`Code::Gone`] when the chat does not go on anywhere; when it could not be recorded.
    pub async fn follow_move(&self, account: AccountId, room: RoomId) -> Result<RoomId, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let successor = session.room(&room).and_then(|room| room.successor_room()).ok_or_else(gone)?;
        let next = RoomId(successor.room_id.to_string());
        let (time, target) = (session.ports.clock.now(), next.clone());
        let changes = session
            .vault(move |vault| {
                let known = vault.chat(&target)?;
                if known.is_some_and(|chat| chat.summary.membership == Membership::Joined && chat.summary.members > 0) {
                    return Ok(None);
                }
                let transaction = TransactionId(random_name());
                let action = Action::Membership { join: true };
                vault.enqueue(&NewIntent { room: target, action, transaction, time }).map(|(_, changes)| Some(changes))
            })
            .await?;
        if let Some(changes) = changes {
            session.publish(changes);
            session.outbox.notify_one();
        }
        Ok(next)
    }

    /// A film or a sound, whole, for players that cannot ask the `media:` scheme.
    ///
    /// # Errors
    /// As [`Self::media`]; [`Code::Gone`] for anything that is not played.
    pub async fn played_media(&self, account: AccountId, media: MediaRef) -> Result<Media, Failure> {
        let media = self.media(account, media).await?;
        if media_type::is_played(media.mime) { Ok(media) } else { Err(Failure::new(Code::Gone, "this is not played")) }
    }

    /// Keep that this person wants to find a message again, or not any more. Only this computer knows.
    ///
    /// # Errors
    /// [`Code::Gone`] when there is no such message; when it could not be recorded.
    pub async fn set_starred(
        &self,
        account: AccountId,
        room: RoomId,
        event: EventId,
        starred: bool,
    ) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let now = session.ports.clock.now();
        let changes = session
            .vault(move |vault| match vault.set_starred(&room, &event, starred, now) {
                Err(VaultError::NotFound) => Ok(Err(gone())),
                changes => changes.map(Ok),
            })
            .await??;
        session.publish(changes);
        Ok(())
    }

    /// Record what is said of a message that the server has.
    async fn say_of(
        &self,
        account: AccountId,
        room: RoomId,
        event: EventId,
        compose: impl FnOnce(&Vault, MessageRecord) -> Result<Composed, VaultError> + Send + 'static,
    ) -> Result<TransactionId, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let transaction = TransactionId(random_name());
        let (time, name) = (session.ports.clock.now(), transaction.clone());
        let changes = session
            .vault(move |vault| {
                let Some(record) = vault.message(&room, &event)? else { return Ok(Err(gone())) };
                let (event_type, content) = match compose(vault, record)? {
                    Ok(composed) => composed,
                    Err(failure) => return Ok(Err(failure)),
                };
                let action = Action::Message { event_type, content };
                let (_, changes) = vault.enqueue(&NewIntent { room, action, transaction: name, time })?;
                Ok(Ok(changes))
            })
            .await??;
        session.publish(changes);
        Ok(transaction)
    }
}

fn gone() -> Failure {
    Failure::new(Code::Gone, "there is no such message")
}
