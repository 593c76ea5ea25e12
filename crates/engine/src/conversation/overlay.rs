//! What this person did and the server has not confirmed, drawn as if it had happened: reactions, changes, deletions and
//! votes. Messages of their own are rows of their own (`items`).
//!
//! **Invariant:** nothing is kept here: it is read from the outbox each time, so what is sent, refused or dropped leaves
//! no trace.

use std::collections::BTreeMap;

use serde_json::Value;
use tidings_model::{EventId, UserId};
use tidings_vault::{Action, Intent, IntentState, MessageRecord, PollQuestion, ReactionRecord};

/// Where a redaction of a reaction says whose it was and which: for this overlay only, it is not sent.
pub(crate) const TAKES_BACK: &str = "takes_back";

/// Event types of votes and of ends of polls.
const OF_POLLS: [&str; 4] =
    ["m.poll.response", "org.matrix.msc3381.poll.response", "m.poll.end", "org.matrix.msc3381.poll.end"];

/// Whether a recorded message is a row of a chat, or of one of its threads, and not said of another.
pub(super) fn stands_in(event_type: &str, content: &Value, thread: Option<&EventId>) -> bool {
    let text = |pointer: &str| content.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let of_another = matches!(event_type, "m.reaction" | "m.room.redaction") || OF_POLLS.contains(&event_type);
    let root = (text("/m.relates_to/rel_type") == "m.thread").then(|| text("/m.relates_to/event_id"));
    !of_another && text("/m.relates_to/rel_type") != "m.replace" && root == thread.map(EventId::as_str)
}

/// Let what is pending take effect on these messages. Gives the changes of own messages, by the message.
pub(super) fn apply(messages: &mut [MessageRecord], pending: &[Intent], me: &UserId) -> BTreeMap<EventId, Intent> {
    let mut edits = BTreeMap::new();
    if pending.is_empty() {
        return edits;
    }
    let places: BTreeMap<EventId, usize> =
        messages.iter().enumerate().map(|(place, message)| (message.event.clone(), place)).collect();
    for intent in pending {
        let Action::Message { event_type, content } = &intent.action else { continue };
        let failed = matches!(intent.state, IntentState::Failed { .. });
        let text = |pointer: &str| content.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let target = match event_type.as_str() {
            "m.room.redaction" if content.get(TAKES_BACK).is_some() => text("/takes_back/event_id"),
            "m.room.redaction" => text("/redacts"),
            _ => text("/m.relates_to/event_id"),
        };
        let Some(message) = places.get(&EventId::from(target)).and_then(|place| messages.get_mut(*place)) else {
            continue;
        };
        match (event_type.as_str(), text("/m.relates_to/rel_type")) {
            (_, "m.replace") => {
                if let Some(content) = content.get("m.new_content").filter(|_| !failed) {
                    message.content = content.clone();
                    message.edited = true;
                }
                edits.insert(message.event.clone(), intent.clone());
            }
            _ if failed => {}
            ("m.reaction", _) => react(message, text("/m.relates_to/key"), me),
            ("m.room.redaction", _) if content.get(TAKES_BACK).is_some() => {
                take_back(message, text("/takes_back/key"), me)
            }
            ("m.room.redaction", _) => {
                message.redacted = true;
                message.content = Value::Null;
                message.reactions.clear();
            }
            ("m.poll.response" | "org.matrix.msc3381.poll.response", _) => vote(message, content, me),
            ("m.poll.end" | "org.matrix.msc3381.poll.end", _) => {
                message.poll.get_or_insert_default().closed.get_or_insert(intent.time);
            }
            _ => {}
        }
    }
    edits
}

fn react(message: &mut MessageRecord, key: &str, me: &UserId) {
    match message.reactions.iter_mut().find(|reaction| reaction.key == key) {
        Some(reaction) if reaction.senders.contains(me) => {}
        Some(reaction) => reaction.senders.push(me.clone()),
        None => message.reactions.push(ReactionRecord { key: key.to_owned(), senders: vec![me.clone()] }),
    }
}

fn take_back(message: &mut MessageRecord, key: &str, me: &UserId) {
    if let Some(reaction) = message.reactions.iter_mut().find(|reaction| reaction.key == key) {
        reaction.senders.retain(|sender| sender != me);
    }
    message.reactions.retain(|reaction| !reaction.senders.is_empty());
}

fn vote(message: &mut MessageRecord, content: &Value, me: &UserId) {
    let Some(question) = PollQuestion::read(&message.content) else { return };
    let tally = message.poll.get_or_insert_default();
    if tally.closed.is_none() {
        tally.vote(&question, me, content);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;
    use tidings_model::{FailReason, RoomId, Timestamp, TransactionId};
    use tidings_vault::Encryption;

    use super::*;

    fn message(kind: &str, content: Value) -> MessageRecord {
        MessageRecord {
            event: EventId::from("$m"),
            transaction: None,
            position: 1,
            sender: UserId::from("@marta"),
            time: Timestamp(1),
            kind: kind.to_owned(),
            state_key: None,
            content,
            previous: None,
            edited: false,
            redacted: false,
            encryption: Encryption::Clear,
            mentions_me: false,
            notifies: false,
            reply_to: None,
            reactions: vec![ReactionRecord { key: "👍".to_owned(), senders: vec![UserId::from("@priya")] }],
            thread: None,
            starred: false,
            pinned: false,
            poll: None,
            call: Vec::new(),
        }
    }

    fn intent(event_type: &str, content: Value, state: IntentState) -> Intent {
        Intent {
            id: 1,
            room: RoomId::from("!r"),
            action: Action::Message { event_type: event_type.to_owned(), content },
            transaction: TransactionId("t".to_owned()),
            time: Timestamp(2),
            state,
            attempts: 0,
            next_try: Timestamp(0),
        }
    }

    fn after(kind: &str, content: Value, actions: &[(&str, Value, IntentState)]) -> (MessageRecord, usize) {
        let mut messages = vec![message(kind, content)];
        let pending: Vec<Intent> =
            actions.iter().map(|(kind, content, state)| intent(kind, content.clone(), state.clone())).collect();
        let edits = apply(&mut messages, &pending, &UserId::from("@marta"));
        (messages.remove(0), edits.len())
    }

    const TEXT: &str = "m.room.message";

    fn text(body: &str) -> Value {
        json!({"msgtype": "m.text", "body": body})
    }

    fn edit(body: &str) -> Value {
        json!({"m.new_content": text(body), "m.relates_to": {"rel_type": "m.replace", "event_id": "$m"}})
    }

    #[test]
    fn a_reaction_is_there_at_once_and_goes_at_once() {
        let thumb = json!({"m.relates_to": {"rel_type": "m.annotation", "event_id": "$m", "key": "👍"}});
        let back = json!({"redacts": "$reaction", "takes_back": {"event_id": "$m", "key": "👍"}});
        let (message, _) = after(TEXT, text("a"), &[("m.reaction", thumb.clone(), IntentState::Pending)]);
        assert_eq!(message.reactions.first().unwrap().senders.len(), 2);
        let both = [("m.reaction", thumb, IntentState::Pending), ("m.room.redaction", back, IntentState::Pending)];
        let (message, _) = after(TEXT, text("a"), &both);
        assert_eq!(message.reactions.first().unwrap().senders, [UserId::from("@priya")]);
        assert!(!message.redacted);
    }

    #[test]
    fn a_change_that_was_refused_shows_the_old_text_and_says_so() {
        let failed = IntentState::Failed { reason: FailReason::Refused };
        let (message, edits) = after(TEXT, text("old"), &[(TEXT, edit("new"), failed)]);
        assert_eq!((message.content, message.edited, edits), (text("old"), false, 1));
        let (message, edits) = after(TEXT, text("old"), &[(TEXT, edit("new"), IntentState::Pending)]);
        assert_eq!((message.content, message.edited, edits), (text("new"), true, 1));
    }

    #[test]
    fn a_deletion_is_shown_at_once() {
        let (message, _) =
            after(TEXT, text("a"), &[("m.room.redaction", json!({"redacts": "$m"}), IntentState::Pending)]);
        assert!(message.redacted && message.content.is_null() && message.reactions.is_empty());
    }

    #[test]
    fn a_vote_moves_at_once_and_stays_after_the_end() {
        let poll = json!({"m.poll": {"question": {"m.text": "?"}, "kind": "m.disclosed",
            "answers": [{"m.id": "a", "m.text": "A"}, {"m.id": "b", "m.text": "B"}]}});
        let vote =
            |id: &str| json!({"m.selections": [id], "m.relates_to": {"rel_type": "m.reference", "event_id": "$m"}});
        let response = |id: &str| ("m.poll.response", vote(id), IntentState::Pending);
        let end = (
            "m.poll.end",
            json!({"m.relates_to": {"rel_type": "m.reference", "event_id": "$m"}}),
            IntentState::Pending,
        );
        let counts = |message: MessageRecord| {
            let tally = message.poll.unwrap();
            (tally.chosen.iter().map(Vec::len).collect::<Vec<_>>(), tally.voters, tally.closed.is_some())
        };
        let (message, _) = after("m.poll.start", poll.clone(), &[response("a"), response("b")]);
        assert_eq!(counts(message), (vec![0, 1], 1, false));
        let (message, _) = after("m.poll.start", poll, &[response("a"), end, response("b")]);
        assert_eq!(counts(message), (vec![1, 0], 1, true));
    }

    #[test]
    fn what_is_said_of_another_message_is_no_row() {
        for (kind, content, alone) in [
            (TEXT, text("a"), true),
            (TEXT, edit("b"), false),
            (TEXT, json!({"m.relates_to": {"m.in_reply_to": {"event_id": "$x"}}}), true),
            ("m.reaction", json!({}), false),
            ("m.room.redaction", json!({}), false),
            ("m.poll.response", json!({}), false),
        ] {
            assert_eq!(stands_in(kind, &content, None), alone, "{kind} {content}");
            assert!(!stands_in(kind, &content, Some(&EventId::from("$root"))), "{kind} {content}");
        }
        let reply = json!({"m.relates_to": {"rel_type": "m.thread", "event_id": "$root"}});
        assert!(stands_in(TEXT, &reply, Some(&EventId::from("$root"))));
        assert!(!stands_in(TEXT, &reply, Some(&EventId::from("$other"))));
        assert!(!stands_in(TEXT, &reply, None));
    }
}
