//! What is kept: one encrypted database an account.

mod batch;
mod chats;
mod connections;
mod documents;
mod entry;
mod error;
mod files;
mod intent;
mod key;
pub mod keying;
mod outbox;
mod pages;
mod people;
mod positions;
mod projection;
mod record;
mod records;
mod relation;
mod rooms;
mod schema;
mod vault;

pub use batch::{Batch, Encryption, Event, Member, Membership, Place, Receipt, RoomBatch, RoomSummary, Timeline};
pub use error::{Result, VaultError};
pub use intent::{Action, Intent, IntentState, NewIntent};
pub use key::VaultKey;
pub use records::{Arrived, Changes, ChatRecord, Gap, MemberRecord, MessageRecord, Page, ReactionRecord, ThreadRecord};
pub use vault::{Vault, assert_sqlite_version};
