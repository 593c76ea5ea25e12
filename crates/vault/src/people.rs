//! Members and how far they have read.
#![allow(missing_docs, unused_variables)]
use tidings_model::{RoomId, UserId};

use crate::{MemberRecord, Result, Vault, VaultError};

impl Vault {
    pub fn members(&self, room: &RoomId, users: &[UserId]) -> Result<Vec<MemberRecord>> {
        Err(VaultError::Closed)
    }
    pub fn joined_count(&self, room: &RoomId) -> Result<u32> {
        Err(VaultError::Closed)
    }
    pub fn read_position(&self, room: &RoomId) -> Result<Option<i64>> {
        Err(VaultError::Closed)
    }
    pub fn read_by_all(&self, room: &RoomId) -> Result<Option<i64>> {
        Err(VaultError::Closed)
    }
}
