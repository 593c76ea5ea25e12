//! Megolm sessions of people whose devices are not here: what they encrypt is real, and its keys can be had as a file.

use std::collections::BTreeMap;

use matrix_sdk_base::crypto::{
    encrypt_room_key_export,
    vodozemac::{
        base64_encode,
        megolm::{GroupSession, InboundGroupSession, SessionConfig},
    },
};
use serde_json::{Value, json};

/// What keeps the file of keys.
pub(crate) const PASSPHRASE: &str = "oracle";

/// One session of each sender in a room.
pub(crate) struct Sessions {
    room: String,
    by: BTreeMap<usize, (GroupSession, InboundGroupSession)>,
}

impl Sessions {
    pub(crate) fn new(room: &str) -> Self {
        Self { room: room.to_owned(), by: BTreeMap::new() }
    }

    /// Anything was encrypted.
    pub(crate) fn any(&self) -> bool {
        !self.by.is_empty()
    }

    /// The content of an `m.room.encrypted`. What relates travels in the clear.
    pub(crate) fn seal(&mut self, by: usize, kind: &str, content: &Value) -> Value {
        let (session, _) = self.by.entry(by).or_insert_with(|| {
            let session = GroupSession::new(SessionConfig::version_1());
            let reader = InboundGroupSession::new(&session.session_key(), SessionConfig::version_1());
            (session, reader)
        });
        let mut inner = content.clone();
        let relates = inner.as_object_mut().and_then(|inner| inner.remove("m.relates_to"));
        let payload = json!({ "room_id": self.room, "type": kind, "content": inner });
        let mut sealed = json!({
            "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": session.encrypt(payload.to_string()).to_base64(),
            "session_id": session.session_id(), "sender_key": device(by), "device_id": "ELSEWHERE",
        });
        if let Some(relates) = relates {
            sealed["m.relates_to"] = relates;
        }
        sealed
    }

    /// All keys, as a person exports them to a file.
    pub(crate) fn export(&self) -> String {
        let keys = self.by.iter().map(|(by, (session, reader))| {
            json!({
                "algorithm": "m.megolm.v1.aes-sha2", "room_id": self.room, "sender_key": device(*by),
                "session_id": session.session_id(), "session_key": reader.export_at_first_known_index().to_base64(),
                "sender_claimed_keys": {}, "forwarding_curve25519_key_chain": [],
            })
        });
        let keys = serde_json::from_value::<Vec<_>>(keys.collect()).unwrap();
        encrypt_room_key_export(&keys, PASSPHRASE, 1).unwrap()
    }
}

/// The Curve25519 key of a device: some point.
fn device(by: usize) -> String {
    base64_encode([u8::try_from(by).unwrap() + 7; 32])
}
