//! The verb around what lies in composers.

use tidings_model::{AccountId, EventId, Failure, RoomId};
use tidings_vault::DraftRecord;

use super::Engine;

impl Engine {
    /// Keep what stands in the composer of a chat or of one of its threads, and what it answers; an empty text that
    /// answers nothing forgets it.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn save_draft(
        &self,
        account: AccountId,
        room: RoomId,
        thread: Option<EventId>,
        text: String,
        reply_to: Option<EventId>,
    ) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let now = session.ports.clock.now();
        let draft = DraftRecord { text, reply_to };
        let changes = session.vault(move |vault| vault.set_draft(&room, thread.as_ref(), &draft, now)).await?;
        session.publish(changes);
        Ok(())
    }
}
