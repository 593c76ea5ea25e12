//! Ciphertext that comes twice: a server may send what somebody once wrote again, under another id, as if they said it
//! now. Its decryption is as good as the first time.
//!
//! A Megolm message has an index that no other message of its session has, and its ciphertext says which; but the SDK
//! hands on what it decrypted without either. So a print of session, sender and words is kept with every event. Where it
//! repeats (people do say "ok" twice) the server is asked for both ciphertexts, and their indices decide. What it gives is
//! decrypted here before it is believed: only the true ciphertext of an event leads to the same print.
//!
//! **Invariant:** an event whose print is here already is [`Encryption::Forged`] unless both indices were seen and
//! differ; it then counts for nothing and notifies nobody. Decided before it is recorded, so it is never shown otherwise.
//! **Invariant:** a server that cannot be asked now decides nothing: the events are taken in when it answered.
//!
//! What was deleted has no ciphertext any more, on no server: who says "ok", deletes it and says it again is believed. A
//! server could use that to say again what its sender deleted.

use std::{collections::BTreeMap, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use matrix_sdk::{
    Room,
    deserialized_responses::{TimelineEvent, TimelineEventKind},
    ruma::{
        EventId as RumaEventId,
        api::client::room::get_room_event,
        events::{AnyTimelineEvent, room::encrypted::OriginalSyncRoomEncryptedEvent},
        serde::Raw,
    },
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tidings_model::{EventId, RoomId};
use tidings_vault::{Encryption, Event, Seal, Twin};

use crate::{fault::Fault, session::Session};

/// How long the server may take to show a ciphertext. What waits for it is a message that repeats another.
const PATIENCE: Duration = Duration::from_secs(10);

/// Stands for the session, the sender and the words of an encrypted event.
fn print(session: &str, sender: &str, kind: &str, content: &Value) -> i64 {
    let mut hash = Sha256::new();
    for part in [session, sender, kind, &content.to_string()] {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(part);
    }
    let mut bytes = [0; 8];
    for (byte, hashed) in bytes.iter_mut().zip(hash.finalize().iter().take(6)) {
        *byte = *hashed;
    }
    i64::from_le_bytes(bytes).max(1)
}

fn print_of(event: &TimelineEvent, said: &Event) -> Option<i64> {
    if !matches!(event.kind, TimelineEventKind::Decrypted(_)) || said.redacted {
        return None;
    }
    let session = event.kind.session_id()?;
    Some(print(session, said.sender.as_str(), &said.kind, &said.content))
}

/// Find what came before among these events, and say so on them; how each was sealed.
///
/// # Errors
/// When the server has to be asked, and cannot be.
pub(super) async fn check(
    session: &Session,
    room: &Room,
    raw: &[TimelineEvent],
    events: &mut [Event],
) -> Result<BTreeMap<EventId, Seal>, Fault> {
    let mut seals = BTreeMap::new();
    for event in events.iter() {
        let decrypted = raw.iter().find(|raw| raw.event_id().is_some_and(|id| id.as_str() == event.id.as_str()));
        if let Some(print) = decrypted.and_then(|raw| print_of(raw, event)) {
            seals.insert(event.id.clone(), Seal { print, index: None });
        }
    }
    if seals.is_empty() {
        return Ok(seals);
    }
    let id = RoomId(room.room_id().to_string());
    let prints: Vec<i64> = seals.values().map(|seal| seal.print).collect();
    let mut known: BTreeMap<i64, Vec<Twin>> = BTreeMap::new();
    match session.vault(move |vault| vault.twins(&id, &prints)).await {
        Ok(twins) => twins.into_iter().for_each(|twin| known.entry(twin.seal.print).or_default().push(twin)),
        Err(failure) => tracing::error!(code = ?failure.code, "seals cannot be read: {}", failure.details),
    }
    for event in events {
        let Some(seal) = seals.get_mut(&event.id) else { continue };
        let twins = known.entry(seal.print).or_default();
        if let Some(twin) = twins.iter().find(|twin| twin.event == event.id) {
            // It comes again under its own name.
            seal.index = twin.seal.index;
            continue;
        }
        let comparable = twins.iter().any(|twin| !twin.redacted || twin.seal.index.is_some());
        let repeats = comparable && !differs(room, &event.id, seal, twins).await?;
        if repeats {
            tracing::warn!(room = %room.room_id(), event = %event.id, "a message came twice, under two names");
            event.encryption = Encryption::Forged;
            event.notifies = false;
            event.mentions_me = false;
        }
        twins.push(Twin { event: event.id.clone(), seal: *seal, redacted: event.redacted });
    }
    // What was learned of earlier ones is kept, too.
    for twin in known.into_values().flatten() {
        seals.entry(twin.event).or_insert(twin.seal);
    }
    Ok(seals)
}

/// Whether an event's index is one that none of its twins has, all of them seen that can be.
async fn differs(room: &Room, event: &EventId, seal: &mut Seal, twins: &mut [Twin]) -> Result<bool, Fault> {
    seal.index = index(room, event, seal.print).await?;
    let Some(own) = seal.index else { return Ok(false) };
    for twin in twins {
        if twin.seal.index.is_none() && !twin.redacted {
            twin.seal.index = index(room, &twin.event, twin.seal.print).await?;
        }
        if twin.seal.index.map_or(!twin.redacted, |index| index == own) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The index of an event, from its ciphertext as the server shows it; `None` when it shows none that fits.
async fn index(room: &Room, event: &EventId, print: i64) -> Result<Option<u32>, Fault> {
    let Ok(id) = RumaEventId::parse(event.as_str()) else { return Ok(None) };
    let request = get_room_event::v3::Request::new(room.room_id().to_owned(), id);
    let shown = match tokio::time::timeout(PATIENCE, room.client().send(request)).await {
        Ok(Ok(shown)) => shown.event,
        Ok(Err(error)) => match Fault::of_http(&error) {
            fault if fault != Fault::Local && (fault.heals() || fault == Fault::SessionEnded) => return Err(fault),
            _ => return Ok(None),
        },
        Err(_) => return Err(Fault::Silent),
    };
    Ok(read_index(room, &shown, print).await)
}

async fn read_index(room: &Room, raw: &Raw<AnyTimelineEvent>, print: i64) -> Option<u32> {
    let index = message_index(&raw.get_field::<Value>("content").ok()??)?;
    let decrypted = room.decrypt_event(raw.cast_ref_unchecked::<OriginalSyncRoomEncryptedEvent>(), None).await.ok()?;
    let said: Value = serde_json::from_str(decrypted.raw().json().get()).ok()?;
    let text = |key: &str| said.get(key).and_then(Value::as_str).unwrap_or_default();
    let content = said.get("content").cloned().unwrap_or_default();
    let found = self::print(decrypted.kind.session_id()?, text("sender"), text("type"), &content);
    (found == print).then_some(index)
}

/// The index inside a Megolm ciphertext (Megolm specification, "Message format": a version of 3, then the field 0x08).
fn message_index(content: &Value) -> Option<u32> {
    let text = content.get("ciphertext")?.as_str()?;
    // The index stands at the very beginning: 8 bytes of it are enough.
    let bytes = STANDARD_NO_PAD.decode(text.get(..16)?).ok()?;
    let [3, 0x08, number @ ..] = bytes.as_slice() else { return None };
    let mut index: u32 = 0;
    for (position, byte) in (0_u32..5).zip(number) {
        index |= u32::from(byte & 0x7f).checked_shl(position.checked_mul(7)?)?;
        if byte & 0x80 == 0 {
            return Some(index);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ciphertext(bytes: &[u8]) -> Value {
        json!({"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": STANDARD_NO_PAD.encode(bytes)})
    }

    #[test]
    fn the_index_of_a_ciphertext_is_read_from_its_beginning() {
        let sealed = |beginning: &[u8]| ciphertext(&[beginning, &[0x12; 20]].concat());
        assert_eq!(message_index(&sealed(&[3, 0x08, 0])), Some(0));
        assert_eq!(message_index(&sealed(&[3, 0x08, 7])), Some(7));
        assert_eq!(message_index(&sealed(&[3, 0x08, 0x80, 0x01])), Some(128));
        assert_eq!(message_index(&sealed(&[3, 0x08, 0xff, 0xff, 0xff, 0xff, 0x0f])), Some(u32::MAX));
        for odd in [
            sealed(&[2, 0x08, 7]),
            sealed(&[3, 0x12, 7]),
            sealed(&[3, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            ciphertext(&[3, 0x08]),
            json!({"ciphertext": 5}),
            json!({"ciphertext": "not base64 at all, no"}),
            json!(null),
        ] {
            assert_eq!(message_index(&odd), None, "{odd}");
        }
    }

    #[test]
    fn a_print_stands_for_session_sender_and_words() {
        let ok = json!({"body": "ok"});
        let one = print("session", "@priya:org", "m.room.message", &ok);
        assert_eq!(one, print("session", "@priya:org", "m.room.message", &ok.clone()));
        assert!(one > 0);
        for other in [
            print("another", "@priya:org", "m.room.message", &ok),
            print("session", "@marta:org", "m.room.message", &ok),
            print("session", "@priya:org", "m.sticker", &ok),
            print("session", "@priya:org", "m.room.message", &json!({"body": "no"})),
            print("session@", "priya:org", "m.room.message", &ok),
        ] {
            assert_ne!(one, other);
        }
    }
}
