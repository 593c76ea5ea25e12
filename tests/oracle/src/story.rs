//! What happens in a room, as a log that a server keeps.
//!
//! **Invariant:** every step becomes one event, whatever it aims at, so a story that is shortened stays a story. A step
//! may aim at an event that comes later in the log: over federation, what relates can come before what it relates to.
//!
//! Left out: redactions of redactions (the specification does not say what they undo) and state events.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::megolm::Sessions;

/// This person, and two others.
pub(crate) const PEOPLE: [&str; 3] = ["@me:org.example", "@ann:org.example", "@bob:org.example"];
/// Reactions of people.
const KEYS: [&str; 2] = ["+1", "-1"];
/// When the first event was sent, in milliseconds.
const BEGIN: i64 = 1_764_000_000_000;

/// What happens in a room. `to` counts from the log's first event.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// A message.
    Say { by: usize, what: What, sealed: bool },
    /// An answer.
    Reply { by: usize, to: usize, sealed: bool },
    /// An answer in a thread.
    Thread { by: usize, to: usize, sealed: bool },
    /// A reaction; its sender's clock may be behind.
    React { by: usize, to: usize, key: usize, behind: bool },
    /// An edit.
    Edit { by: usize, to: usize, how: How, clock: Clock, sealed: bool },
    /// A redaction.
    Redact { by: usize, to: usize },
}

/// Kinds of messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    Text,
    Notice,
    /// A `msgtype` that nobody knows.
    Strange,
    /// Without `body`, which the specification requires.
    Bodiless,
    Sticker,
}

/// Shapes of edits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum How {
    Plain,
    /// `m.new_content` claims to be an answer.
    Answering,
    /// Without `m.new_content`.
    Empty,
    /// `m.new_content` has no `body`.
    Bodiless,
}

/// What the sender of an edit believes the time to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Clock {
    Right,
    Behind,
    /// The moment that the room began: two of these are edits at the same time.
    Stopped,
}

/// Stories of rooms in the clear, or of encrypted ones.
pub(crate) fn stories(encrypted: bool) -> impl Strategy<Value = Vec<Step>> {
    let by = || prop_oneof![4 => Just(1_usize), 1 => Just(0_usize), 1 => Just(2_usize)];
    let to = || prop_oneof![2 => 0..4_usize, 1 => 0..18_usize];
    let sealed = move || proptest::bool::weighted(if encrypted { 0.8 } else { 0.0 });
    let what = prop_oneof![
        6 => Just(What::Text),
        1 => Just(What::Notice),
        1 => Just(What::Strange),
        1 => Just(What::Bodiless),
        1 => Just(What::Sticker),
    ];
    let how = prop_oneof![
        8 => Just(How::Plain),
        1 => Just(How::Answering),
        1 => Just(How::Empty),
        1 => Just(How::Bodiless),
    ];
    let clock = prop_oneof![6 => Just(Clock::Right), 1 => Just(Clock::Behind), 1 => Just(Clock::Stopped)];
    let step = prop_oneof![
        5 => (by(), what, sealed()).prop_map(|(by, what, sealed)| Step::Say { by, what, sealed }),
        2 => (by(), to(), sealed()).prop_map(|(by, to, sealed)| Step::Reply { by, to, sealed }),
        1 => (by(), to(), sealed()).prop_map(|(by, to, sealed)| Step::Thread { by, to, sealed }),
        4 => (by(), to(), 0..2_usize, proptest::bool::weighted(0.1))
            .prop_map(|(by, to, key, behind)| Step::React { by, to, key, behind }),
        5 => (by(), to(), how, clock, sealed())
            .prop_map(|(by, to, how, clock, sealed)| Step::Edit { by, to, how, clock, sealed }),
        3 => (by(), to()).prop_map(|(by, to)| Step::Redact { by, to }),
    ];
    proptest::collection::vec(step, 1..18)
}

/// One event of the log.
pub(crate) struct Entry {
    /// Its step, with `to` as it came out.
    pub(crate) step: Step,
    pub(crate) id: String,
    pub(crate) by: &'static str,
    /// Milliseconds since 1970.
    pub(crate) time: i64,
    /// Its type and content, decrypted.
    pub(crate) kind: &'static str,
    pub(crate) content: Value,
    /// Its content as it travels, if it is encrypted.
    pub(crate) sealed: Option<Value>,
}

/// The log of a room. Its last event is a message that came when everything else was known.
pub(crate) struct Story {
    pub(crate) room: String,
    pub(crate) log: Vec<Entry>,
    pub(crate) sessions: Sessions,
    /// Room version 11 rather than 10: `redacts` is in the content.
    pub(crate) modern: bool,
}

/// The id of an event.
pub(crate) fn id(n: usize) -> String {
    format!("${n}")
}

impl Story {
    pub(crate) fn new(room: &str, steps: &[Step], modern: bool) -> Self {
        let mut steps: Vec<Step> = (0..steps.len()).map(|n| aimed(steps, n)).collect();
        steps.push(Step::Say { by: 0, what: What::Text, sealed: false });
        let mut sessions = Sessions::new(room);
        let log = steps.into_iter().enumerate().map(|(n, step)| entry(n, step, modern, &mut sessions)).collect();
        Self { room: room.to_owned(), log, sessions, modern }
    }

    /// The first redaction of an event among the first `head` events of the log.
    pub(crate) fn redaction(&self, n: usize, head: usize) -> Option<usize> {
        (0..head.min(self.log.len())).find(|by| self.deletes(*by, n))
    }

    /// An event is a redaction of another.
    pub(crate) fn deletes(&self, by: usize, n: usize) -> bool {
        matches!(self.log[by].step, Step::Redact { to, .. } if to == n)
    }

    /// An event as the server gives it when the log has come to `head`: a redacted one has lost its content.
    pub(crate) fn given(&self, n: usize, head: usize) -> Value {
        let entry = &self.log[n];
        let kind = if entry.sealed.is_some() { "m.room.encrypted" } else { entry.kind };
        let mut event = json!({
            "event_id": entry.id, "room_id": self.room, "sender": entry.by, "type": kind,
            "origin_server_ts": entry.time, "content": entry.sealed.as_ref().unwrap_or(&entry.content), "unsigned": {},
        });
        if let Step::Redact { to, .. } = entry.step
            && !self.modern
        {
            event["redacts"] = json!(id(to));
        }
        if let Some(redaction) = self.redaction(n, head) {
            event["content"] = json!({});
            event["unsigned"]["redacted_because"] = self.given(redaction, 0);
        }
        event
    }
}

/// The step with a target that it can have: another event, of a redaction one that is none.
///
/// What waits for its key and will turn out to be no edit aims at no edit: whether it goes with a deleted message would
/// hang on what came first.
fn aimed(steps: &[Step], n: usize) -> Step {
    let find = |to: usize, fits: fn(&Step) -> bool| {
        let mut all = (0..steps.len()).map(|more| (to + more) % steps.len());
        all.find(|to| *to != n && fits(&steps[*to]))
    };
    let mut step = steps[n].clone();
    let to = match &step {
        Step::Say { .. } => return step,
        Step::Redact { to, .. } => find(*to, |step| !matches!(step, Step::Redact { .. })),
        Step::Edit { to, how: How::Empty, sealed: true, .. } => find(*to, |step| !matches!(step, Step::Edit { .. })),
        Step::Reply { to, .. } | Step::Thread { to, .. } | Step::React { to, .. } | Step::Edit { to, .. } => {
            find(*to, |_| true)
        }
    };
    let Some(found) = to else { return Step::Say { by: 0, what: What::Text, sealed: false } };
    if let Step::Reply { to, .. }
    | Step::Thread { to, .. }
    | Step::React { to, .. }
    | Step::Edit { to, .. }
    | Step::Redact { to, .. } = &mut step
    {
        *to = found;
    }
    step
}

fn entry(n: usize, step: Step, modern: bool, sessions: &mut Sessions) -> Entry {
    let now = BEGIN + 1_000 * i64::try_from(n).unwrap();
    let text = |body: String| json!({ "msgtype": "m.text", "body": body });
    let (mut time, mut kind) = (now, "m.room.message");
    let (by, content, seal) = match step {
        Step::Say { by, what, sealed } => {
            let content = match what {
                What::Text => text(format!("text {n}")),
                What::Notice => json!({ "msgtype": "m.notice", "body": format!("notice {n}") }),
                What::Strange => json!({ "msgtype": "org.example.strange", "body": format!("strange {n}") }),
                What::Bodiless => json!({ "msgtype": "m.text" }),
                What::Sticker => {
                    kind = "m.sticker";
                    json!({ "body": format!("sticker {n}"), "url": "mxc://org.example/sticker", "info": {} })
                }
            };
            (by, content, sealed)
        }
        Step::Reply { by, to, sealed } => {
            let mut content = text(format!("reply {n}"));
            content["m.relates_to"] = json!({ "m.in_reply_to": { "event_id": id(to) } });
            (by, content, sealed)
        }
        Step::Thread { by, to, sealed } => {
            let mut content = text(format!("thread {n}"));
            content["m.relates_to"] = json!({
                "rel_type": "m.thread", "event_id": id(to), "is_falling_back": true,
                "m.in_reply_to": { "event_id": id(to) },
            });
            (by, content, sealed)
        }
        Step::React { by, to, key, behind } => {
            kind = "m.reaction";
            time = if behind { now - 2_500 } else { now };
            let relates = json!({ "rel_type": "m.annotation", "event_id": id(to), "key": KEYS[key] });
            (by, json!({ "m.relates_to": relates }), false)
        }
        Step::Edit { by, to, how, clock, sealed } => {
            time = match clock {
                Clock::Right => now,
                Clock::Behind => now - 2_500,
                Clock::Stopped => BEGIN,
            };
            let mut content = text(format!("* edit {n}"));
            match how {
                How::Plain => content["m.new_content"] = text(format!("edit {n}")),
                How::Answering => {
                    content["m.new_content"] = text(format!("edit {n}"));
                    content["m.new_content"]["m.relates_to"] = json!({ "m.in_reply_to": { "event_id": "$other" } });
                }
                How::Empty => {}
                How::Bodiless => content["m.new_content"] = json!({ "msgtype": "m.text" }),
            }
            content["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": id(to) });
            (by, content, sealed)
        }
        Step::Redact { by, to } => {
            kind = "m.room.redaction";
            (by, if modern { json!({ "redacts": id(to) }) } else { json!({}) }, false)
        }
    };
    let sealed = seal.then(|| sessions.seal(by, kind, &content));
    Entry { step, id: id(n), by: PEOPLE[by], time, kind, content, sealed }
}

impl Step {
    /// The key of a reaction.
    pub(crate) fn key(&self) -> Option<&'static str> {
        match self {
            Self::React { key, .. } => Some(KEYS[*key]),
            _ => None,
        }
    }
}
