//! Whether a message makes a notification, and what it says.
//!
//! **Invariant:** [`decide`] is pure and total: every message gets an answer, and every silence a reason that can be shown.
//! The first reason that holds is given, in the order of [`Reason`].
//!
//! What counts is what the person's push rules say (Matrix spec, "Push notifications"), evaluated after decryption; this
//! module does not read rules. A muted room is silent for mentions too: its rule stands before the rules for mentions, so
//! these never match there. Only a rule of the person's own that stands before it can notify *and* highlight in a muted
//! room, and then it was meant to.

mod notice;

use tidings_model::Timestamp;

pub use notice::{Subject, What, title_and_body};

/// Milliseconds. What is older than this when the program comes back was missed, and is not news.
const BACKLOG: i64 = 5 * 60 * 1000;
/// Milliseconds between two sounds of one chat.
const SOUND_GAP: i64 = 5_000;

/// What is known of a message, or of an invitation, that just came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// It is an invitation: modes of a room that was not joined yet do not apply, and there is nothing to decrypt.
    pub invitation: bool,
    /// This person sent it, on any device.
    pub own: bool,
    /// It was deleted.
    pub redacted: bool,
    /// It could not be decrypted (yet).
    pub undecryptable: bool,
    /// Its key came after it.
    pub late: bool,
    /// Push rules say `notify`.
    pub notifies: bool,
    /// Push rules say `highlight`: it mentions this person, or one of their keywords.
    pub highlights: bool,
    /// A push rule silences the room.
    pub muted: bool,
    /// The room notifies for mentions only.
    pub mentions_only: bool,
    /// The window has the keyboard, and this chat is on screen.
    pub watching: bool,
    /// This person's read receipt, of any device, stands at it or after it.
    pub read: bool,
    /// It was notified before.
    pub notified: bool,
    /// When it was sent, as the server says.
    pub sent: Timestamp,
    /// When this device was signed in.
    pub signed_in: Timestamp,
    /// While the first sync since the program started or the network came back is running: when that began.
    pub catching_up: Option<Timestamp>,
    /// When this chat last made a sound.
    pub last_sound: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// Why a message makes no notification, the first that holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It was deleted.
    Redacted,
    /// This person sent it.
    OwnMessage,
    /// It was notified before.
    AlreadyNotified,
    /// It was read, here or on another device.
    AlreadyRead,
    /// The chat is on screen in the focused window.
    Watching,
    /// It was missed while the program was not running, or is from before the sign-in.
    Backlog,
    /// The room is muted.
    Muted,
    /// It cannot be read yet: it is held, and decided again when its key arrives.
    Undecryptable,
    /// The room notifies for mentions only, and this is none.
    MentionsOnly,
    /// Push rules say that it is not worth a notification.
    NotWorth,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is shown.
    Show {
        /// With a sound: at most one in five seconds for a chat.
        sound: bool,
    },
    /// It is not shown.
    Silent(Reason),
}

/// Decide.
#[must_use]
pub fn decide(facts: &Facts) -> Decision {
    let message = !facts.invitation;
    let reasons = [
        (facts.redacted, Reason::Redacted),
        (facts.own, Reason::OwnMessage),
        (facts.notified, Reason::AlreadyNotified),
        (facts.read, Reason::AlreadyRead),
        (facts.watching, Reason::Watching),
        (is_backlog(facts), Reason::Backlog),
        (facts.muted && !(facts.notifies && facts.highlights), Reason::Muted),
        (message && facts.undecryptable, Reason::Undecryptable),
        (message && facts.mentions_only && !facts.highlights, Reason::MentionsOnly),
        // Servers tell of an invitation without its push actions; it is always about this person.
        (message && !facts.notifies, Reason::NotWorth),
    ];
    match reasons.into_iter().find(|(holds, _)| *holds) {
        Some((_, reason)) => Decision::Silent(reason),
        None => Decision::Show { sound: facts.last_sound.is_none_or(|last| is_over(last, facts.now)) },
    }
}

/// Missed, or from before the sign-in. A running program allows five minutes there too: the clocks of this computer and of
/// the server differ, and a message that comes live is news. One whose key came later did not come live. An invitation waits for an answer, so it is never too old
/// to be told once, unless this device was not there yet.
fn is_backlog(facts: &Facts) -> bool {
    let before = |moment: Timestamp| facts.sent.0 < moment.0.saturating_sub(BACKLOG);
    match facts.catching_up {
        Some(start) => facts.sent < facts.signed_in || (!facts.invitation && before(start)),
        None if facts.late => facts.sent < facts.signed_in,
        None => before(facts.signed_in),
    }
}

/// Five seconds went by, or the clock was set back.
fn is_over(last: Timestamp, now: Timestamp) -> bool {
    let passed = now.0.saturating_sub(last.0);
    !(0..SOUND_GAP).contains(&passed)
}

#[cfg(test)]
mod tests;
