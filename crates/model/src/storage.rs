//! What this computer keeps, and for how long.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What takes room on the disk, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Storage {
    /// Messages, chats, people.
    #[ts(type = "number")]
    pub messages: u64,
    /// The index that finds words.
    #[ts(type = "number")]
    pub search: u64,
    /// Room in the files that nothing uses; new messages take it first.
    #[ts(type = "number")]
    pub free: u64,
    /// What was written last and is not folded in yet.
    #[ts(type = "number")]
    pub log: u64,
    /// Damaged files that were set aside.
    #[ts(type = "number")]
    pub aside: u64,
    /// Copies of pictures and files.
    #[ts(type = "number")]
    pub media: u64,
    /// Keys of messages and the state of chats.
    #[ts(type = "number")]
    pub keys: u64,
    /// Messages that are older than this many days are deleted from this computer; `None`: they are kept.
    pub kept_days: Option<u32>,
}
