//! The verbs of open conversations: where they stand, and where they go.

use std::sync::Arc;

use tidings_model::{AccountId, Code, ConversationId, ConversationUpdate, EventId, Failure, RoomId, Target};

use super::{Engine, Sink};
use crate::{
    conversation::{self, Ask, Conversing, Source},
    session::document::remember_last_chat,
};

impl Engine {
    /// Open a conversation at a target. Begins with a reset from what is on this computer: a target that is not on it
    /// opens like [`Target::Unread`], and [`Self::jump`] asks the server for it.
    ///
    /// # Errors
    /// When there is no such chat.
    pub async fn open_chat(
        &self,
        account: AccountId,
        room: RoomId,
        target: Target,
        sink: Sink<ConversationUpdate>,
    ) -> Result<ConversationId, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let (conversing, window) =
            conversation::open(Arc::clone(&session), Source::main(room.clone()), target, sink).await?;
        let id = self.accounts.add_conversation(conversing);
        session.spawn_once(window);
        let reader = Arc::clone(&session);
        session.spawn_once(async move {
            if let Ok(Err(failure)) = reader.vault(move |vault| Ok(remember_last_chat(vault, &room))).await {
                tracing::warn!(code = ?failure.code, "the open chat was not remembered");
            }
        });
        Ok(id)
    }

    /// Open a thread of a chat, by its root, at a target: the root is its first row. Begins with a reset; a target that is
    /// not in the thread opens at the first reply that was not read.
    ///
    /// # Errors
    /// When there is no such chat.
    pub async fn open_thread(
        &self,
        account: AccountId,
        room: RoomId,
        root: EventId,
        target: Target,
        sink: Sink<ConversationUpdate>,
    ) -> Result<ConversationId, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let source = Source { room, thread: Some(root) };
        let (conversing, window) = conversation::open(Arc::clone(&session), source, target, sink).await?;
        let id = self.accounts.add_conversation(conversing);
        session.spawn_once(window);
        Ok(id)
    }

    /// Go to another place of an open conversation: a reset tells where it stands then. What is not on this computer is
    /// asked for first, so this may take a while; it returns when the window is on its way.
    ///
    /// # Errors
    /// [`Code::NotHere`] when the target is not on this computer and was not brought by the server; the window stays where
    /// it was. When the conversation is closed.
    pub async fn jump(&self, conversation: ConversationId, target: Target) -> Result<(), Failure> {
        let Conversing { session, source, asks } = self.conversation(conversation)?;
        let session = session.upgrade().ok_or_else(closed)?;
        let standing = conversation::seek(&session, &source, &target).await?;
        asks.send(Ask::Stand(standing)).await.map_err(|_| closed())
    }

    /// Show older messages: from the vault at once, from the server where there is a gap.
    ///
    /// # Errors
    /// When the conversation is closed.
    #[expect(clippy::unused_async, reason = "every verb is awaited, whatever it does inside")]
    pub async fn load_older(&self, conversation: ConversationId) -> Result<(), Failure> {
        // A full queue already asks for the same.
        let _ = self.conversation(conversation)?.asks.try_send(Ask::Older);
        Ok(())
    }

    /// Show newer messages, in a conversation that does not stand at its end.
    ///
    /// # Errors
    /// When the conversation is closed.
    #[expect(clippy::unused_async, reason = "every verb is awaited, whatever it does inside")]
    pub async fn load_newer(&self, conversation: ConversationId) -> Result<(), Failure> {
        let _ = self.conversation(conversation)?.asks.try_send(Ask::Newer);
        Ok(())
    }

    /// Stop following a conversation.
    #[expect(clippy::unused_async, reason = "every verb is awaited, whatever it does inside")]
    pub async fn close_chat(&self, conversation: ConversationId) {
        self.accounts.close_conversation(conversation);
    }

    fn conversation(&self, conversation: ConversationId) -> Result<Conversing, Failure> {
        self.accounts.conversation(conversation).ok_or_else(closed)
    }
}

fn closed() -> Failure {
    Failure::new(Code::Gone, "the conversation is closed")
}
