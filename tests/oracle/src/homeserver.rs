//! A homeserver that says what it was told to say: responses to `/sync` from a queue, history from a log.
//!
//! It is HTTP on this machine, so the SDK is the one that is handed out: its `testing` feature, with a mock of its own,
//! would be another build.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::{
    Router,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Default)]
struct Script {
    sync: VecDeque<Value>,
    /// The log of each room as it is given now.
    history: BTreeMap<String, Vec<Value>>,
    responses: usize,
}

/// The homeserver. It ends with its runtime.
pub(crate) struct Homeserver {
    pub(crate) address: String,
    script: Arc<Mutex<Script>>,
}

/// The token of what is older than event `n`.
pub(crate) fn token(n: usize) -> String {
    format!("t{n}")
}

/// The event that a token is of.
pub(crate) fn before(token: &str) -> usize {
    token.trim_start_matches('t').parse().unwrap()
}

/// A page of a log, newest first, and the token of what is older.
pub(crate) fn page(to: usize, limit: usize) -> (std::ops::Range<usize>, Option<String>) {
    let from = to.saturating_sub(limit);
    (from..to, (from > 0).then(|| token(from)))
}

impl Homeserver {
    pub(crate) async fn new() -> Self {
        let script = Arc::<Mutex<Script>>::default();
        let told = Arc::clone(&script);
        let router = Router::new().fallback(move |uri: Uri| {
            let answer = answer(&told, &uri);
            async move { answer }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, script }
    }

    /// Say this in the next response to `/sync`.
    pub(crate) fn sync(&self, rooms: &Value) {
        let mut script = self.script.lock().unwrap();
        script.responses += 1;
        let response = json!({
            "next_batch": format!("s{}", script.responses),
            // Enough, so the client uploads none.
            "device_one_time_keys_count": { "signed_curve25519": 50 },
            "device_unused_fallback_key_types": ["signed_curve25519"],
            "rooms": { "join": rooms },
        });
        script.sync.push_back(response);
    }

    /// From now on this is the room's log.
    pub(crate) fn log(&self, room: &str, log: Vec<Value>) {
        self.script.lock().unwrap().history.insert(room.to_owned(), log);
    }
}

fn answer(script: &Mutex<Script>, uri: &Uri) -> Response {
    let path = uri.path().trim_start_matches("/_matrix/client/");
    let said = match path.split('/').collect::<Vec<_>>().as_slice() {
        ["versions"] => Some(json!({ "versions": ["v1.11"] })),
        ["v3", "sync"] => script.lock().unwrap().sync.pop_front(),
        ["v3", "rooms", room, "messages"] => messages(script, room, uri.query().unwrap_or_default()),
        ["v3", "rooms", _, "members"] => Some(json!({ "chunk": [] })),
        ["v3", "keys", "upload"] => Some(json!({ "one_time_key_counts": { "signed_curve25519": 50 } })),
        ["v3", "keys", "query"] => Some(json!({ "device_keys": {}, "failures": {} })),
        _ => None,
    };
    let (status, body) = match said {
        Some(said) => (StatusCode::OK, said),
        None => (StatusCode::NOT_FOUND, json!({ "errcode": "M_NOT_FOUND", "error": path })),
    };
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn messages(script: &Mutex<Script>, room: &str, query: &str) -> Option<Value> {
    let asked: BTreeMap<&str, &str> = query.split('&').filter_map(|part| part.split_once('=')).collect();
    let room = room.replace("%21", "!").replace("%3A", ":");
    let script = script.lock().unwrap();
    let log = script.history.get(&room)?;
    let (range, end) = page(before(asked.get("from")?), asked.get("limit")?.parse().ok()?);
    let chunk: Vec<&Value> = log[range].iter().rev().collect();
    let mut said = json!({ "start": asked.get("from"), "chunk": chunk });
    if let Some(end) = end {
        said["end"] = json!(end);
    }
    Some(said)
}
