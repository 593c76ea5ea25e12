//! What is kept: one encrypted database an account.

mod batch;
mod intent;
mod records;

pub use batch::{Batch, Encryption, Event, Member, Membership, Place, Receipt, RoomBatch, RoomSummary, Timeline};
pub use intent::{Action, Intent, IntentState, NewIntent};
pub use records::{Arrived, Changes, ChatRecord, Gap, MemberRecord, MessageRecord, Page, ReactionRecord, ThreadRecord};
