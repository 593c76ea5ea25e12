//! The verbs around what this computer keeps.

use std::path::Path;

use tidings_model::{AccountId, Failure, RoomId, Storage, TransactionId};
use tidings_vault::{Action, NewIntent};

use super::{Engine, random_name};
use crate::{retention, session::restore::STORES};

/// How the SDK's store of copies is called.
const MEDIA: &str = "matrix-sdk-media";

impl Engine {
    /// What takes room on the disk. Reads every page of the vault: seconds for a large one.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn storage(&self, account: AccountId) -> Result<Storage, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let stores = session.folder.join(STORES);
        session
            .vault(move |vault| {
                let sizes = vault.sizes()?;
                let (media, keys) = stores_size(&stores);
                let tidings_vault::Sizes { messages, search, free, log, aside } = sizes;
                Ok(Storage { messages, search, free, log, aside, media, keys, kept_days: retention::load(vault)? })
            })
            .await
    }

    /// Delete the damaged files that were set aside.
    ///
    /// # Errors
    /// When one of them cannot be deleted.
    pub async fn remove_set_aside(&self, account: AccountId) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        session.vault(|vault| vault.remove_set_aside()).await
    }

    /// Keep messages on this computer for so many days, or, with nothing, for good. Returns when what is older is deleted,
    /// with its files.
    ///
    /// # Errors
    /// When it could not be recorded, or not all of it could be deleted: the rest is tried again later.
    pub async fn set_retention(&self, account: AccountId, days: Option<u32>) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        session.vault(move |vault| retention::save(vault, days)).await?;
        retention::sweep(&session).await
    }

    /// Leave a chat, and delete it from this computer. Lists and searches are told when this returns; what was said in it
    /// is deleted after that, and what comes of it until the server knows is not recorded.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn leave_chat(&self, account: AccountId, room: RoomId) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let time = session.ports.clock.now();
        let changes = session
            .vault(move |vault| {
                let transaction = TransactionId(random_name());
                let action = Action::Membership { join: false };
                vault.enqueue(&NewIntent { room: room.clone(), action, transaction, time })?;
                vault.forget_room(&room)
            })
            .await?;
        session.publish(changes);
        session.outbox.notify_one();
        let reader = std::sync::Arc::clone(&session);
        session.spawn_once(async move {
            if let Err(failure) = retention::sweep(&reader).await {
                tracing::warn!(code = ?failure.code, "a chat that was left is deleted later: {}", failure.details);
            }
        });
        Ok(())
    }
}

/// Bytes of the SDK's stores: copies of media, and everything else.
fn stores_size(folder: &Path) -> (u64, u64) {
    let (mut media, mut other) = (0_u64, 0_u64);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let size = entry.metadata().map_or(0, |metadata| metadata.len());
        let sum = if entry.file_name().to_string_lossy().starts_with(MEDIA) { &mut media } else { &mut other };
        *sum = sum.saturating_add(size);
    }
    (media, other)
}
