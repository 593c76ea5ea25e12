//! What a person did and the server does not know yet.
#![allow(missing_docs, unused_variables)]
use tidings_model::{EventId, FailReason, RoomId, Timestamp, TransactionId};

use crate::{Changes, Intent, NewIntent, Result, Vault, VaultError};

impl Vault {
    pub fn enqueue(&self, intent: &NewIntent) -> Result<(Intent, Changes)> {
        Err(VaultError::Closed)
    }
    pub fn intent(&self, transaction: &TransactionId) -> Result<Option<Intent>> {
        Err(VaultError::Closed)
    }
    pub fn pending(&self, room: &RoomId) -> Result<Vec<Intent>> {
        Err(VaultError::Closed)
    }
    pub fn due(&self, now: Timestamp) -> Result<Vec<Intent>> {
        Err(VaultError::Closed)
    }
    pub fn next_due(&self) -> Result<Option<Timestamp>> {
        Err(VaultError::Closed)
    }
    pub fn attempt(&self, id: i64, next_try: Timestamp) -> Result<()> {
        Err(VaultError::Closed)
    }
    pub fn sent(&self, id: i64, event: Option<&EventId>) -> Result<Changes> {
        Err(VaultError::Closed)
    }
    pub fn refused(&self, id: i64, reason: FailReason) -> Result<Changes> {
        Err(VaultError::Closed)
    }
    pub fn retry(&self, transaction: &TransactionId, now: Timestamp) -> Result<Changes> {
        Err(VaultError::Closed)
    }
    pub fn discard(&self, transaction: &TransactionId) -> Result<Changes> {
        Err(VaultError::Closed)
    }
    pub fn retry_all_now(&self, now: Timestamp) -> Result<Changes> {
        Err(VaultError::Closed)
    }
}
