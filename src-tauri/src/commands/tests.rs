//! Calls through the real table, with the real permissions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{sync::Arc, time::Instant};

use serde_json::{Value, json};
use tauri::{
    App, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    http::{HeaderMap, HeaderValue},
    ipc::{CallbackFn, InvokeBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    webview::InvokeRequest,
};
use tokio::sync::watch;

use super::*;
use crate::{
    configuration::COMMANDS,
    running::{Running, Started},
    timings::Timings,
};

/// The program without a window system; its engine never started, and every verb says so.
struct Program {
    app: App<MockRuntime>,
    _started: watch::Sender<Started>,
}

const REACHED: &str = "the verb was reached";

impl Program {
    fn new() -> Self {
        let (started, engine) = watch::channel(Some(Err(Failure::new(Code::Gone, REACHED))));
        let timings = Arc::new(Timings::begin(Instant::now(), None).unwrap());
        let app = mock_builder()
            .manage(Running::new(engine, timings))
            .register_asynchronous_uri_scheme_protocol("media", |_, _, _| {})
            .invoke_handler(answer())
            .build(tauri::generate_context!())
            .unwrap();
        Self { app, _started: started }
    }

    fn window(&self, label: &str, shows: &str) -> WebviewWindow<MockRuntime> {
        let url = WebviewUrl::CustomProtocol(shows.parse().unwrap());
        WebviewWindowBuilder::new(&self.app, label, url).build().unwrap()
    }
}

/// Every argument that any command takes.
fn arguments() -> Value {
    json!({
        "account": "a", "room": "!r", "event": "$e", "conversation": 1, "transaction": "t", "media": "0a", "text": "",
        "typing": true, "join": true, "href": "https://example.org", "theme": "dark", "width": 320, "mark": "enter", "password": "p",
        "target": { "kind": "end" }, "request": { "text": "", "room": null, "scope": "all", "cursor": null },
        "address": "example.org", "draft": { "text": "", "replyTo": null, "thread": null, "mentions": [] }, "signIn": { "address": "x", "user": "y", "password": "z" },
        "unread": true, "poll": "$p", "answers": ["a"], "key": "👍",
        "thread": null, "replyTo": null, "root": "$t", "starred": true, "kind": "media", "cursor": null, "days": 90,
        "passphrase": "p", "file": [1, 2],
        "attention": { "focused": true, "room": null }, "channel": "__CHANNEL__:1",
    })
}

/// A call as Tauri's `ipc:` scheme makes it of a page of this origin.
fn call(window: &WebviewWindow<MockRuntime>, command: &str, origin: &str) -> Result<Value, String> {
    let mut headers = HeaderMap::new();
    headers.insert("origin", HeaderValue::from_str(origin).unwrap());
    send(window, command, origin, headers)
}

fn send(window: &WebviewWindow<MockRuntime>, command: &str, origin: &str, headers: HeaderMap) -> Result<Value, String> {
    let request = InvokeRequest {
        cmd: command.to_owned(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: origin.parse().unwrap(),
        body: InvokeBody::Json(arguments()),
        headers,
        invoke_key: INVOKE_KEY.to_owned(),
    };
    get_ipc_response(window, request)
        .map(|body| body.deserialize().unwrap())
        .map_err(|error| error.get("details").and_then(Value::as_str).map_or(error.to_string(), str::to_owned))
}

#[test]
fn our_page_reaches_every_command() {
    let program = Program::new();
    let window = program.window("main", page::ORIGIN);
    for command in COMMANDS {
        let reached = match command {
            "timing" => Ok(Value::Null),
            _ => Err(REACHED.to_owned()),
        };
        assert_eq!(call(&window, command, page::ORIGIN), reached, "{command}");
    }
    assert_eq!(send(&window, "try_now", page::ORIGIN, HeaderMap::new()), Err(REACHED.to_owned()));
}

#[test]
fn no_other_origin_reaches_a_command() {
    let program = Program::new();
    let window = program.window("main", page::ORIGIN);
    for origin in [
        "media://localhost",
        "http://media.localhost",
        "http://app.evil.com",
        "http://tauri.localhost.evil.com",
        "https://example.org",
        "data:text/html,x",
        "about:srcdoc",
        "file:///etc/passwd",
        "ipc://localhost",
        "tauri://evil",
    ] {
        for command in COMMANDS {
            let refusal = call(&window, command, origin).unwrap_err();
            assert!(!refusal.contains(REACHED), "{command} from {origin}: {refusal}");
        }
    }
}

/// The control of the test above: Tauri alone lets our own media scheme through.
#[test]
fn tauri_alone_takes_the_media_scheme_for_our_page() {
    let (_started, engine) = watch::channel::<Started>(Some(Err(Failure::new(Code::Gone, REACHED))));
    let app = mock_builder()
        .manage(Running::new(engine, Arc::new(Timings::begin(Instant::now(), None).unwrap())))
        .register_asynchronous_uri_scheme_protocol("media", |_, _, _| {})
        .invoke_handler(table())
        .build(tauri::generate_context!())
        .unwrap();
    let url = WebviewUrl::CustomProtocol(page::ORIGIN.parse().unwrap());
    let window = WebviewWindowBuilder::new(&app, "main", url).build().unwrap();
    let origin = if cfg!(windows) { "http://media.localhost" } else { "media://localhost" };
    assert_eq!(call(&window, "try_now", origin), Err(REACHED.to_owned()));
}

#[test]
fn a_window_that_shows_something_else_reaches_no_command() {
    let program = Program::new();
    let window = program.window("main", "media://localhost/account/0a1b");
    for command in COMMANDS {
        let refusal = call(&window, command, page::ORIGIN).unwrap_err();
        assert!(!refusal.contains(REACHED), "{command}: {refusal}");
        assert!(!send(&window, command, page::ORIGIN, HeaderMap::new()).unwrap_err().contains(REACHED), "{command}");
    }
}

#[test]
fn another_window_reaches_no_command() {
    let program = Program::new();
    let window = program.window("other", page::ORIGIN);
    for command in COMMANDS {
        let refusal = call(&window, command, page::ORIGIN).unwrap_err();
        assert!(!refusal.contains(REACHED), "{command}: {refusal}");
    }
}

#[test]
fn tauri_s_own_commands_are_closed() {
    let program = Program::new();
    let window = program.window("main", page::ORIGIN);
    for command in [
        "plugin:window|close",
        "plugin:event|listen",
        "plugin:webview|create_webview_window",
        "plugin:path|resolve_directory",
        "plugin:app|version",
        "plugin:tray|new",
        "plugin:resources|close",
        "plugin:window-state|filename",
        "no_such_command",
    ] {
        assert!(call(&window, command, page::ORIGIN).is_err(), "{command}");
    }
}
