//! Where in a chat one wants to stand, and where one does.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{EventId, ItemKey, Timestamp};

/// Where in a chat to stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Target {
    /// At the first message that was not read, else at the end.
    Unread,
    /// At the end.
    End,
    /// At an event; one that has no row of its own (an edit, a reaction) stands for the message it speaks of.
    Event {
        /// The event.
        event: EventId,
    },
    /// At the first message that was sent at a moment or after it.
    Date {
        /// The moment: for a day, its beginning on this computer.
        time: Timestamp,
    },
}

/// Where a window stands after a reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Landing {
    /// At the line of new messages if there is one, else at the end.
    Unread,
    /// At the end.
    End,
    /// At a message that was asked for: it is shown and outlined for a moment.
    Message {
        /// Its row.
        key: ItemKey,
    },
    /// At the beginning of what was asked for: this row comes first.
    Start {
        /// The row.
        key: ItemKey,
    },
}
