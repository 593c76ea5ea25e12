//! The chat list.
#![allow(missing_docs, unused_variables)]
use tidings_model::{RoomId, Timestamp};

use crate::{Changes, ChatRecord, Result, Vault, VaultError};

impl Vault {
    /// Joined and invited rooms, pinned first, then newest first.
    pub fn chat_list(&self, limit: Option<usize>) -> Result<Vec<ChatRecord>> {
        Err(VaultError::Closed)
    }
    pub fn chat(&self, room: &RoomId) -> Result<Option<ChatRecord>> {
        Err(VaultError::Closed)
    }
    pub fn unread_chats(&self) -> Result<u32> {
        Err(VaultError::Closed)
    }
    pub fn set_draft(&self, room: &RoomId, text: &str, now: Timestamp) -> Result<Changes> {
        Err(VaultError::Closed)
    }
    pub fn draft(&self, room: &RoomId) -> Result<Option<String>> {
        Err(VaultError::Closed)
    }
}
