//! The verbs around reading.

use tidings_model::{AccountId, Failure, RoomId, TransactionId};
use tidings_vault::{Action, NewIntent};

use super::{Engine, random_name};

impl Engine {
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
