//! What is kept: one encrypted database an account.
//!
//! **Invariant:** everything a person can see was first written here; [`Vault::record`] is the only way in for what the
//! server says, [`Vault::enqueue`] the only one for what the person does.
//! **Invariant:** what a call acknowledged is on the disk; what it did not acknowledge is there whole or not at all.
//! **Invariant:** no file can be read without the key: SQLCipher encrypts every page of the database and of its log.
//! **Invariant:** no statement of a screen reads a table from end to end or sorts; `tests/vault/plans.rs` reads them all
//! out of the sources, asks SQLite, and names the few of maintenance that do.
//! **Invariant:** no SDK, no clock, no async. Calls block and belong on a blocking task.
//!
//! A write, in the order of the modules: `record` opens an `entry` for each room, `positions` says where its events
//! stand, `relation` what each is to the others, `projection` lets them take effect, and the entry brings the room's
//! row up to date. Reads: `chats`, `pages`, `places`, `gaps`,
//! `waiting`, `people`, `outbox`.
//!
//! What a row keeps in few bytes: `content` and its dictionary, `event_id`, `names`, `marks`.
//!
//! The key is raw (32 random bytes, no key stretching), so opening costs nothing. Positions are explained in
//! `positions`, what is projected when in `projection`, keys and damage in `key` and `vault`.
//!
//! Care of the file: `chain` notices a file that went back, `salvage` builds a damaged one anew, `space` says what takes
//! room, `retention` deletes for good.
//!
//! Refused: value encryption in a plain database (identifiers, sizes and relations stay readable); a table of rendered
//! rows (it would have to be repaired by every edit); JSON functions over `content` in queries (no index helps them).

mod batch;
mod chain;
mod chats;
mod connections;
mod content;
mod documents;
mod drafts;
mod entry;
mod error;
mod event_id;
mod files;
mod gaps;
mod intent;
mod key;
pub mod keying;
mod marks;
mod names;
mod order;
mod outbox;
mod pages;
mod parts;
mod people;
mod places;
mod polls;
mod positions;
mod projection;
mod reading;
mod record;
mod records;
mod relation;
mod retention;
mod rooms;
mod salvage;
mod schema;
mod seals;
mod search;
mod space;
mod stars;
mod threads;
mod vault;
mod waiting;

pub use batch::{
    Batch, Encryption, Event, Member, Membership, Part, Place, Receipt, RoomBatch, RoomSummary, ThreadReceipt, Timeline,
};
pub use drafts::{DraftRecord, KeptDraft};
pub use error::{Result, VaultError};
pub use gaps::{Reach, RoomGap};
pub use intent::{Action, Intent, IntentState, NewIntent, ReceiptThread};
pub use key::VaultKey;
pub use parts::{Carried, Carrier};
pub use polls::{PollChoice, PollQuestion, PollTally};
pub use records::{
    Arrived, CallStep, Changes, ChatRecord, EventPlace, Gap, MemberRecord, MessageRecord, Page, ReactionRecord,
    ThreadRecord, UnreadThread,
};
pub use relation::{GROUP_CALLS, reply_to};
pub use retention::Forgotten;
pub use salvage::Salvage;
pub use seals::{Seal, Twin};
pub use search::{Clause, Date, Filter, FilterKind, Found, Hit, IndexCheck, IndexState, Query, Search, marks, said};
pub use space::Sizes;
pub use stars::StarRecord;
pub use vault::{Vault, assert_sqlite_version};
