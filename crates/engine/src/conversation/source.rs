//! Where a window's rows come from: the main timeline of a chat, or one of its threads.
//!
//! **Invariant:** a thread follows its end; only the main timeline stands elsewhere.

use tidings_model::{EventId, RoomId, UnreadThread};
use tidings_vault::{Gap, Page, Vault, VaultError};

/// The main timeline of a chat, or one of its threads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    /// The chat.
    pub(crate) room: RoomId,
    /// The root of the thread.
    pub(crate) thread: Option<EventId>,
}

/// What lies before the oldest row.
pub(super) enum Older {
    /// More of the vault.
    Here,
    /// A gap that the server may fill.
    Gap(Gap),
}

/// What was not read.
pub(super) struct Unread {
    /// What can be read by scrolling.
    pub(super) here: u32,
    /// The thread with the newest such reply, and how many there are in all threads.
    pub(super) newest: Option<UnreadThread>,
}

impl Source {
    /// A chat's main timeline.
    pub(crate) fn main(room: RoomId) -> Self {
        Self { room, thread: None }
    }

    /// The positions of at most `limit` rows up to a position, that one included, newest first.
    pub(super) fn older(&self, vault: &Vault, until: i64, limit: usize) -> Result<Vec<i64>, VaultError> {
        match &self.thread {
            None => vault.older(&self.room, until, limit),
            Some(root) => vault.thread_older(&self.room, root, until, limit),
        }
    }

    /// Everything from one position to another, or to the end.
    pub(super) fn between(&self, vault: &Vault, from: i64, to: Option<i64>) -> Result<Page, VaultError> {
        match &self.thread {
            None => vault.page_between(&self.room, from, to),
            Some(root) => vault.thread_between(&self.room, root, from, to),
        }
    }

    /// What lies before the oldest row.
    pub(super) fn before(&self, vault: &Vault, from: i64) -> Result<Option<Older>, VaultError> {
        let page = match &self.thread {
            None => {
                let page = vault.page(&self.room, Some(from), 1)?;
                if !page.messages.is_empty() {
                    return Ok(Some(Older::Here));
                }
                page
            }
            Some(root) => {
                if !vault.thread_older(&self.room, root, from.saturating_sub(1), 1)?.is_empty() {
                    return Ok(Some(Older::Here));
                }
                vault.thread_between(&self.room, root, from, None)?
            }
        };
        Ok(page.gaps.into_iter().next_back().map(Older::Gap))
    }

    /// How far everybody else has read it.
    pub(super) fn read_by_all(&self, vault: &Vault) -> Result<Option<i64>, VaultError> {
        match &self.thread {
            None => vault.read_by_all(&self.room),
            Some(root) => vault.thread_read_by_all(&self.room, root),
        }
    }

    /// How far this person has read it, and how many messages they have not.
    pub(super) fn unread(&self, vault: &Vault) -> Result<(Option<i64>, u32), VaultError> {
        let unread = vault.chat(&self.room)?.map_or(0, |chat| chat.unread);
        let read = match &self.thread {
            None => vault.read_position(&self.room)?,
            Some(root) => vault.thread_read_position(&self.room, root)?,
        };
        Ok((read, self.unread_in_threads(vault, unread)?.here))
    }

    /// What is unread, of so many unread messages of the chat: here, and in its threads.
    pub(super) fn unread_in_threads(&self, vault: &Vault, unread: u32) -> Result<Unread, VaultError> {
        let threads = if unread > 0 { vault.unread_threads(&self.room)? } else { Vec::new() };
        let in_threads = threads.iter().map(|thread| thread.replies).fold(0, u32::saturating_add);
        let here = match &self.thread {
            None => unread.saturating_sub(in_threads),
            Some(root) => threads.iter().find(|thread| thread.root == *root).map_or(0, |thread| thread.replies),
        };
        let newest = threads.into_iter().next();
        Ok(Unread { here, newest: newest.map(|newest| UnreadThread { root: newest.root, replies: in_threads }) })
    }
}
