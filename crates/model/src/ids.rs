//! Identifiers as newtypes, so that a room can never be passed for a person.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(&self.0)
            }
        }
    };
}

id!(
    /// One account on this computer: the name of its folder, random, and so no hint at the person.
    AccountId
);
id!(
    /// A Matrix room id (`!…`), Matrix spec, appendix "Room IDs".
    RoomId
);
id!(
    /// A Matrix user id (`@…`), Matrix spec, appendix "User Identifiers".
    UserId
);
id!(
    /// A Matrix event id (`$…`).
    EventId
);
id!(
    /// The transaction id an own message was recorded with; it never changes, so nothing is sent twice.
    TransactionId
);
id!(
    /// The stable key of a row in a conversation: kept through echo, sending, edits and decryption.
    ItemKey
);
id!(
    /// A picture or file as the page may name it in a `media:` address: a hash, never the server's own address.
    MediaRef
);

/// Milliseconds since the Unix epoch, as `origin_server_ts` gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(transparent)]
pub struct Timestamp(#[ts(type = "number")] pub i64);

/// An open conversation window; valid until it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(transparent)]
pub struct ConversationId(pub u32);
