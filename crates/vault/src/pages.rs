//! Stretches of a conversation.
#![allow(missing_docs, unused_variables)]
use tidings_model::{EventId, RoomId};

use crate::{Gap, MessageRecord, Page, Result, Vault, VaultError};

impl Vault {
    pub fn page(&self, room: &RoomId, before: Option<i64>, limit: usize) -> Result<Page> {
        Err(VaultError::Closed)
    }
    pub fn page_since(&self, room: &RoomId, from: i64) -> Result<Page> {
        Err(VaultError::Closed)
    }
    pub fn message(&self, room: &RoomId, event: &EventId) -> Result<Option<MessageRecord>> {
        Err(VaultError::Closed)
    }
    pub fn messages(&self, room: &RoomId, events: &[EventId]) -> Result<Vec<MessageRecord>> {
        Err(VaultError::Closed)
    }
    pub fn oldest_gap(&self, room: &RoomId) -> Result<Option<Gap>> {
        Err(VaultError::Closed)
    }
    /// The newest event of a room, shown or not: what a read receipt points at.
    pub fn newest(&self, room: &RoomId) -> Result<Option<EventId>> {
        Err(VaultError::Closed)
    }
}
