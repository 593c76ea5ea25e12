//! What is yes or no, or one of a few, of an event: bits of one number (`event.marks`), because each column costs a byte
//! in each of a million rows. Statements read them by their names, as columns that SQLite computes and does not keep
//! (`schema/0009_packed.sql` says which bits they are), and indexes use them.

use crate::relation::{Relation, Shown};

/// What is marked on an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks {
    /// How it travelled, as `projection.rs` numbers it.
    pub(crate) encryption: i64,
    pub(crate) shown: Shown,
    pub(crate) relation: Relation,
    pub(crate) notifies: bool,
    pub(crate) mentions: bool,
    /// Unread until it is read.
    pub(crate) counts: bool,
    pub(crate) redacted: bool,
    /// A key may still open it.
    pub(crate) waiting: bool,
}

impl Marks {
    /// As they are kept.
    pub(crate) fn bits(self) -> i64 {
        let bit = |is: bool, at: u32| i64::from(is) << at;
        self.encryption & 15
            | (self.shown as i64) << 4
            | (self.relation as i64) << 6
            | bit(self.notifies, 9)
            | bit(self.mentions, 10)
            | bit(self.counts, 11)
            | bit(self.redacted, 12)
            | bit(self.waiting, 13)
    }
}

/// An assignment: the event is redacted, counts for nothing, and waits for nothing.
pub(crate) const REDACT: &str = "marks = (marks & ~(1 << 11) & ~(1 << 13)) | (1 << 12)";

/// An assignment: the event is shown as `?2`, and counts where that and the sender, who is not `?3`, let it.
pub(crate) const SHOW: &str = "marks = (marks & ~(3 << 4) & ~(1 << 11)) | (?2 << 4) \
     | ((notifies AND ?2 > 0 AND NOT redacted AND sender != ?3) << 11)";
