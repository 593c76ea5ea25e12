//! Calls: the older kind of two (Matrix spec, "Voice over IP") and the ring of a group's (MSC4075).
//!
//! This version takes no calls; it says that there was one, and what became of it.

use serde_json::Value;
use tidings_model::{Body, Call, CallState, Timestamp};
use tidings_vault::{CallStep, MessageRecord};

/// Milliseconds a call rings when it does not say how long, and at most.
const RINGS: i64 = 60_000;
const RINGS_AT_MOST: i64 = 5 * 60_000;

/// What a call is drawn as.
pub(super) fn body(record: &MessageRecord, now: Timestamp) -> Body {
    let content = &record.content;
    let video = if record.kind == "m.call.invite" {
        content.pointer("/offer/sdp").and_then(Value::as_str).is_some_and(|sdp| sdp.contains("m=video"))
    } else {
        content.get("m.call.intent").and_then(Value::as_str) == Some("video")
    };
    Body::Call { call: Call { video, state: state(record, now) } }
}

fn state(record: &MessageRecord, now: Timestamp) -> CallState {
    let content = &record.content;
    let lifetime = content.get("lifetime").and_then(Value::as_i64).unwrap_or(RINGS).clamp(0, RINGS_AT_MOST);
    let until = Timestamp(record.time.0.saturating_add(lifetime));
    let first = |wanted: CallStep| record.call.iter().find(|(step, ..)| *step == wanted);
    if record.kind != "m.call.invite" {
        let rings = ["notification_type", "notify_type"]
            .iter()
            .any(|name| content.get(name).and_then(Value::as_str) == Some("ring"));
        return match (first(CallStep::Decline), rings && now < until) {
            (Some(_), _) => CallState::Declined,
            (None, true) => CallState::Ringing { until },
            (None, false) => CallState::Started,
        };
    }
    let end = first(CallStep::End);
    if let Some((_, _, answered)) = first(CallStep::Answer) {
        return match end {
            Some((_, _, ended)) => {
                let seconds = ended.0.saturating_sub(answered.0).max(0) / 1000;
                CallState::Ended { seconds: u32::try_from(seconds).unwrap_or(u32::MAX) }
            }
            None => CallState::Answered,
        };
    }
    // Before calls could be declined, the called one hung up (VoIP version 0).
    let declined = first(CallStep::Decline).is_some() || end.is_some_and(|(_, who, _)| *who != record.sender);
    match (declined, end.is_some(), now < until) {
        (true, ..) => CallState::Declined,
        (false, false, true) => CallState::Ringing { until },
        _ => CallState::Missed,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tidings_model::{EventId, UserId};
    use tidings_vault::Encryption;

    use super::*;

    fn call(kind: &str, content: Value, steps: &[(CallStep, &str, i64)], now: i64) -> CallState {
        let record = MessageRecord {
            event: EventId::from("$call"),
            transaction: None,
            position: 1,
            sender: UserId::from("@priya"),
            time: Timestamp(100_000),
            kind: kind.to_owned(),
            state_key: None,
            content,
            previous: None,
            edited: false,
            redacted: false,
            encryption: Encryption::Clear,
            mentions_me: false,
            notifies: true,
            reply_to: None,
            reactions: Vec::new(),
            thread: None,
            starred: false,
            pinned: false,
            poll: None,
            call: steps.iter().map(|(step, who, time)| (*step, UserId::from(*who), Timestamp(*time))).collect(),
        };
        state(&record, Timestamp(now))
    }

    #[test]
    fn a_call_of_two_says_what_became_of_it() {
        use CallStep::{Answer, Decline, End};
        let (her, me) = ("@priya", "@marta");
        let rings = CallState::Ringing { until: Timestamp(160_000) };
        for (steps, now, expected) in [
            (vec![], 120_000, rings),
            (vec![], 170_000, CallState::Missed),
            (vec![(End, her, 130_000)], 131_000, CallState::Missed),
            (vec![(End, me, 130_000)], 131_000, CallState::Declined),
            (vec![(Decline, me, 130_000)], 131_000, CallState::Declined),
            (vec![(Answer, me, 130_000)], 131_000, CallState::Answered),
            (vec![(Answer, me, 130_000), (End, her, 172_900)], 999_000, CallState::Ended { seconds: 42 }),
            (vec![(Answer, me, 130_000), (End, her, 0)], 999_000, CallState::Ended { seconds: 0 }),
        ] {
            assert_eq!(call("m.call.invite", json!({}), &steps, now), expected, "{steps:?} {now}");
        }
    }

    #[test]
    fn a_group_call_rings_only_if_it_says_so_and_not_for_ever() {
        let kind = "org.matrix.msc4075.rtc.notification";
        let ring = |lifetime: i64| json!({"notification_type": "ring", "lifetime": lifetime});
        let far = CallState::Ringing { until: Timestamp(400_000) };
        for (content, steps, now, expected) in [
            (ring(30_000), vec![], 110_000, CallState::Ringing { until: Timestamp(130_000) }),
            (ring(30_000), vec![], 140_000, CallState::Started),
            (ring(i64::MAX), vec![], 390_000, far),
            (ring(30_000), vec![(CallStep::Decline, "@marta", 101_000)], 110_000, CallState::Declined),
            (json!({"notification_type": "notification"}), vec![], 101_000, CallState::Started),
            (json!(null), vec![], 101_000, CallState::Started),
        ] {
            assert_eq!(call(kind, content.clone(), &steps, now), expected, "{content} {now}");
        }
    }
}
