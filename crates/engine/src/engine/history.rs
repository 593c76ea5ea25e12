//! The verbs around complete history.

use tidings_model::{AccountId, Failure, RoomId};

use super::Engine;
use crate::{broadcast::lock, history, history::HistoryPolicy};

impl Engine {
    /// Fetch the whole history of a chat, or of all, in the background; durable, and goes on after a restart.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn fetch_history(&self, account: AccountId, room: Option<RoomId>) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        history::choose(&session, room, true).await
    }

    /// Fetch no more of the history of a chat, or of all, than the policy does by itself. What is here stays.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn stop_history(&self, account: AccountId, room: Option<RoomId>) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        history::choose(&session, room, false).await
    }

    /// What the filling of history may do by itself, from now on, in every account.
    pub fn set_history_policy(&self, policy: HistoryPolicy) {
        *lock(&self.accounts.history_policy) = policy;
        for open in self.accounts.all_open() {
            history::set_policy(&open.session, policy);
        }
    }
}
