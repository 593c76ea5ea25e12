//! What a person did and the server does not know yet.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tidings_model::{EventId, FailReason, RoomId, Timestamp, TransactionId};

/// An action to record. Its transaction id is fixed here and never changes.
#[derive(Clone, Debug, PartialEq)]
pub struct NewIntent {
    /// The room it is for.
    pub room: RoomId,
    /// What to do.
    pub action: Action,
    /// The transaction id (Matrix spec, "Transaction identifiers").
    pub transaction: TransactionId,
    /// When the person did it.
    pub time: Timestamp,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// Send a message. Strictly in order within its room.
    Message {
        /// The event type.
        event_type: String,
        /// The content.
        content: Value,
    },
    /// Tell how far this person has read. A newer one of the same room and thread replaces an older one, and one
    /// without a thread replaces all.
    Receipt {
        /// Up to which event.
        event: EventId,
        /// What of the room it speaks of.
        #[serde(default)]
        thread: ReceiptThread,
    },
    /// Mark a chat as unread, or not any more (`m.marked_unread`). A newer one of the same room replaces an older one.
    MarkUnread {
        /// Mark it; else take the mark away.
        unread: bool,
    },
    /// Join or leave a room. A newer one of the same room replaces an older one.
    Membership {
        /// Join; else leave or decline.
        join: bool,
    },
}

/// What of a room a receipt speaks of (MSC3771).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReceiptThread {
    /// Everything, threads too.
    #[default]
    Unthreaded,
    /// The main timeline.
    Main,
    /// One thread.
    Thread {
        /// Its root.
        root: EventId,
    },
}

/// A recorded action.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    /// Its row; never reused, larger is newer.
    pub id: i64,
    /// The room it is for.
    pub room: RoomId,
    /// What to do.
    pub action: Action,
    /// Its transaction id.
    pub transaction: TransactionId,
    /// When the person did it.
    pub time: Timestamp,
    /// How far it has come.
    pub state: IntentState,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before this moment.
    pub next_try: Timestamp,
}

/// How far an intent has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IntentState {
    /// Not on the server yet.
    Pending,
    /// The server has it; its remote echo has not been recorded yet.
    Sent {
        /// The event it became.
        event: EventId,
    },
    /// Refused for good; waits for the person.
    Failed {
        /// Why.
        reason: FailReason,
    },
}
