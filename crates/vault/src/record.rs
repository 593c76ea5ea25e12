//! The single entry.
#![allow(missing_docs, unused_variables)]
use tidings_model::{EventId, RoomId};

use crate::{Batch, Changes, Event, Result, Vault, VaultError};

impl Vault {
    /// Record everything one response said, in one transaction.
    pub fn record(&self, batch: &Batch) -> Result<Changes> {
        Err(VaultError::Closed)
    }
    /// Events that could not be decrypted and now can.
    pub fn redecrypt(&self, room: &RoomId, events: &[Event]) -> Result<Changes> {
        Err(VaultError::Closed)
    }
    /// Events that wait for a key.
    pub fn undecryptable(
        &self,
        room: Option<&RoomId>,
        session: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(RoomId, EventId)>> {
        Err(VaultError::Closed)
    }
}
