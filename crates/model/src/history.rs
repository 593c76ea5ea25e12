//! How far back a chat is kept on this computer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Timestamp;

/// How far back a chat is kept here without a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HistoryReach {
    /// Complete from this moment on; `None`: from its beginning, or nothing of it is here yet.
    pub since: Option<Timestamp>,
    /// Whether the rest is being fetched.
    pub fetching: Fetching,
}

/// How the fetching of a chat's whole history stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Fetching {
    /// Nobody asked for it.
    Off,
    /// It goes on in the background, whenever there is a connection.
    Running,
    /// It waits until the computer is back on mains.
    OnBattery,
    /// The organisation's policy does not allow it.
    NotAllowed,
}
