//! One event, from the SDK's words to the vault's.
//!
//! **Invariant:** reads JSON by hand and trusts no shape: a field that is missing or of another type reads as absent.
//! An event without an id is the only thing that is dropped, because nothing could ever refer to it.

use matrix_sdk::{
    deserialized_responses::{
        DeviceLinkProblem, TimelineEvent, TimelineEventKind, UnableToDecryptReason, VerificationLevel,
        VerificationState,
    },
    ruma::push::Action,
};
use serde_json::Value;
use tidings_model::{EventId, Timestamp, TransactionId, UndecryptableCause, UserId};
use tidings_vault::{Encryption, Event, GROUP_CALLS};

/// What an event is read against.
pub(super) struct Context {
    /// This person.
    pub(super) me: UserId,
    /// When the room became encrypted, if it is: for what is older than this device's own knowledge of it.
    pub(super) encrypted_since: Option<Timestamp>,
    /// The event came live into a room that was known to be encrypted: whatever time the server gives it.
    pub(super) known_encrypted: bool,
    /// This person made the room quieter than usual, so its push rules say nothing about what counts as unread.
    pub(super) quiet_by_choice: bool,
}

/// Translate an event; `None` when it has no id.
pub(super) fn translate(event: &TimelineEvent, context: &Context) -> Option<Event> {
    let raw: Value = serde_json::from_str(event.raw().json().get()).unwrap_or_default();
    let text = |key: &str| raw.get(key).and_then(Value::as_str).map(str::to_owned);
    let id = event.event_id().map(ToString::to_string).or_else(|| text("event_id"))?;
    let sender = UserId(text("sender").unwrap_or_default());
    let kind = text("type").unwrap_or_default();
    // An encrypted payload says what it likes. State and redactions are the server's to check, and it checks what it
    // can see: nothing of an encrypted event is either.
    let encrypted = matches!(event.kind, TimelineEventKind::Decrypted(_));
    let state_key = text("state_key").filter(|_| !encrypted);
    let time = Timestamp(
        event
            .timestamp()
            .map(|time| i64::from(time.get()))
            .or_else(|| raw.get("origin_server_ts").and_then(Value::as_i64))
            .unwrap_or_default(),
    );
    let content = raw.get("content").cloned().unwrap_or_default();
    let unsigned = raw.get("unsigned");
    let redacts = raw
        .get("redacts")
        .or_else(|| content.get("redacts"))
        .and_then(Value::as_str)
        .filter(|_| kind == "m.room.redaction" && !encrypted)
        .map(EventId::from);
    let previous = unsigned.and_then(|unsigned| unsigned.get("prev_content")).filter(|it| it.is_object()).cloned();
    let own = sender == context.me;
    let (pushes, highlights) = match event.push_actions() {
        Some(actions) => (actions.iter().any(Action::should_notify), actions.iter().any(Action::is_highlight)),
        None => (true, mentions(&content, &context.me)),
    };
    Some(Event {
        notifies: !own && state_key.is_none() && counts(&kind, &content) && (pushes || context.quiet_by_choice),
        mentions_me: !own && highlights,
        encryption: encryption(event, &kind, state_key.is_some(), time, context),
        transaction: unsigned
            .and_then(|unsigned| unsigned.get("transaction_id"))
            .and_then(Value::as_str)
            // Of others it is none of ours: what is drawn goes by it.
            .filter(|_| own)
            .map(TransactionId::from),
        redacted: unsigned.is_some_and(|unsigned| unsigned.get("redacted_because").is_some()),
        id: EventId(id),
        sender,
        time,
        previous: previous.filter(|_| state_key.is_some()),
        kind,
        state_key,
        content,
        redacts,
    })
}

/// What a person would call a message. Edits, reactions and the rest change what is there.
fn counts(kind: &str, content: &Value) -> bool {
    let replaces = content.pointer("/m.relates_to/rel_type").and_then(Value::as_str) == Some("m.replace");
    !replaces && (kind == "m.room.encrypted" || is_message(kind))
}

/// A kind that a person would call a message, as it is once decrypted.
fn is_message(kind: &str) -> bool {
    matches!(kind, "m.room.message" | "m.sticker" | "m.poll.start" | "org.matrix.msc3381.poll.start" | "m.call.invite")
        || GROUP_CALLS.contains(&kind)
}

/// A kind that counts for something in what others wrote, and never travels in the clear where messages do not.
fn is_vote(kind: &str) -> bool {
    matches!(
        kind,
        "m.poll.response" | "org.matrix.msc3381.poll.response" | "m.poll.end" | "org.matrix.msc3381.poll.end"
    )
}

/// `m.mentions` of the content names this person (Matrix spec, "User and room mentions").
fn mentions(content: &Value, me: &UserId) -> bool {
    content
        .pointer("/m.mentions/user_ids")
        .and_then(Value::as_array)
        .is_some_and(|users| users.iter().any(|user| user.as_str() == Some(me.as_str())))
}

fn encryption(event: &TimelineEvent, kind: &str, state: bool, time: Timestamp, context: &Context) -> Encryption {
    match &event.kind {
        TimelineEventKind::Decrypted(_) => {
            event.encryption_info().map_or(Encryption::Unproven, |info| proof(&info.verification_state))
        }
        TimelineEventKind::UnableToDecrypt { utd_info, .. } => {
            Encryption::Undecryptable { session: utd_info.session_id.clone(), cause: cause(&utd_info.reason) }
        }
        // Reactions and redactions travel in the clear by the specification; a message does not.
        TimelineEventKind::PlainText { .. }
            if !state
                && (is_message(kind) || is_vote(kind))
                && (context.known_encrypted || context.encrypted_since.is_some_and(|since| time > since)) =>
        {
            Encryption::Suspicious
        }
        TimelineEventKind::PlainText { .. } => Encryption::Clear,
    }
}

/// Who encrypted it, as far as that can be told. As the SDK's shields, of which only a key from a backup is grey.
fn proof(state: &VerificationState) -> Encryption {
    match state {
        VerificationState::Verified => Encryption::Verified,
        VerificationState::Unverified(level) => match level {
            VerificationLevel::UnverifiedIdentity => Encryption::Decrypted,
            VerificationLevel::VerificationViolation => Encryption::ChangedIdentity,
            VerificationLevel::UnsignedDevice => Encryption::UnverifiedDevice,
            VerificationLevel::None(DeviceLinkProblem::MissingDevice) => Encryption::UnknownDevice,
            VerificationLevel::None(DeviceLinkProblem::InsecureSource) => Encryption::Unproven,
            VerificationLevel::MismatchedSender => Encryption::Forged,
        },
    }
}

fn cause(reason: &UnableToDecryptReason) -> UndecryptableCause {
    match reason {
        UnableToDecryptReason::MissingMegolmSession { withheld_code: Some(_) } => UndecryptableCause::Withheld,
        UnableToDecryptReason::MissingMegolmSession { withheld_code: None } => UndecryptableCause::Waiting,
        UnableToDecryptReason::UnknownMegolmMessageIndex => UndecryptableCause::BeforeSignIn,
        _ => UndecryptableCause::Unknown,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use matrix_sdk::ruma::{events::AnySyncTimelineEvent, serde::Raw};
    use serde_json::json;

    use super::*;

    fn context() -> Context {
        Context {
            me: "@marta:example.org".into(),
            encrypted_since: Some(Timestamp(100)),
            known_encrypted: false,
            quiet_by_choice: false,
        }
    }

    fn read(json: &Value) -> Option<Event> {
        let raw = Raw::<AnySyncTimelineEvent>::from_json_string(json.to_string()).unwrap();
        translate(&TimelineEvent::from_plaintext(raw), &context())
    }

    #[test]
    fn an_event_of_any_shape_is_kept_as_long_as_it_has_an_id() {
        for strange in [
            json!(null),
            json!(7),
            json!("text"),
            json!([1, 2]),
            json!({"__proto__": {"polluted": true}, "constructor": 1}),
            json!({"body": {"not": "text"}, "msgtype": 4}),
            json!({"m.relates_to": "nothing"}),
        ] {
            let event = read(&json!({
                "event_id": "$a", "sender": "@priya:example.org", "type": "m.room.message",
                "origin_server_ts": -1, "content": strange, "unsigned": []
            }))
            .unwrap();
            assert_eq!(event.content, strange);
        }
        let bare = read(&json!({"event_id": "$b"})).unwrap();
        assert_eq!((bare.kind.as_str(), bare.sender.as_str(), &bare.content), ("", "", &Value::Null));
        assert!(read(&json!({"type": "m.room.message"})).is_none());
    }

    #[test]
    fn a_message_of_another_counts_and_an_own_one_or_an_edit_does_not() {
        let message = |sender: &str, content: Value| {
            read(&json!({"event_id": "$a", "sender": sender, "type": "m.room.message", "origin_server_ts": 5, "content": content}))
                .unwrap()
                .notifies
        };
        assert!(message("@priya:example.org", json!({"msgtype": "m.text", "body": "hi"})));
        assert!(!message("@marta:example.org", json!({"msgtype": "m.text", "body": "hi"})));
        let edit = json!({"body": "* hi", "m.relates_to": {"rel_type": "m.replace", "event_id": "$z"}});
        assert!(!message("@priya:example.org", edit));
    }

    #[test]
    fn a_clear_message_in_an_encrypted_room_is_suspicious_and_an_older_one_is_not() {
        let at = |time: i64, kind: &str| {
            read(&json!({"event_id": "$a", "sender": "@priya:example.org", "type": kind, "origin_server_ts": time, "content": {}}))
                .unwrap()
                .encryption
        };
        assert_eq!(at(200, "m.room.message"), Encryption::Suspicious);
        assert_eq!(at(50, "m.room.message"), Encryption::Clear);
        assert_eq!(at(200, "m.reaction"), Encryption::Clear);
        assert_eq!(at(200, "org.matrix.msc3381.poll.response"), Encryption::Suspicious);
        assert_eq!(at(200, "m.call.invite"), Encryption::Suspicious);
    }

    #[test]
    fn only_the_devices_of_the_sender_make_a_message_a_usual_one() {
        let unverified = VerificationState::Unverified;
        for (state, expected) in [
            (VerificationState::Verified, Encryption::Verified),
            (unverified(VerificationLevel::UnverifiedIdentity), Encryption::Decrypted),
            (unverified(VerificationLevel::UnsignedDevice), Encryption::UnverifiedDevice),
            (unverified(VerificationLevel::VerificationViolation), Encryption::ChangedIdentity),
            (unverified(VerificationLevel::MismatchedSender), Encryption::Forged),
            (unverified(VerificationLevel::None(DeviceLinkProblem::MissingDevice)), Encryption::UnknownDevice),
            (unverified(VerificationLevel::None(DeviceLinkProblem::InsecureSource)), Encryption::Unproven),
        ] {
            assert_eq!(proof(&state), expected, "{state:?}");
        }
    }

    #[test]
    fn a_state_event_brings_what_was_before_and_a_message_does_not() {
        let previous = |state_key: Value| {
            read(&json!({
                "event_id": "$a", "sender": "@priya:example.org", "type": "m.room.name", "state_key": state_key,
                "origin_server_ts": 5, "content": {"name": "B"}, "unsigned": {"prev_content": {"name": "A"}}
            }))
            .unwrap()
            .previous
        };
        assert_eq!(previous(json!("")), Some(json!({"name": "A"})));
        assert_eq!(previous(json!(null)), None);
    }
}
