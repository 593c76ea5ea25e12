//! The configuration, frozen: any change of what the page may do fails here and must be made on purpose.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' media: http://media.localhost; \
                   media-src media: http://media.localhost blob:; font-src 'self'; connect-src ipc: \
                   http://ipc.localhost; form-action 'none'; frame-src 'none'; base-uri 'none'; object-src 'none'";

/// The verbs of `ui/src/backend/backend.ts` that reach Rust as commands.
pub(crate) const COMMANDS: [&str; 55] = [
    "answer_invitation",
    "care_read",
    "chat_info",
    "chat_parts",
    "close_chat",
    "discard_send",
    "discover",
    "edit_message",
    "end_poll",
    "export_keys",
    "fetch_history",
    "follow_move",
    "import_keys",
    "jump",
    "leave_chat",
    "load_newer",
    "load_older",
    "mark_chat_read",
    "mark_read",
    "mark_unread",
    "message_text",
    "open_chat",
    "open_link",
    "open_thread",
    "played_media",
    "rebuild_search",
    "recover",
    "redact",
    "remove_reaction",
    "remove_set_aside",
    "repair",
    "retry_send",
    "save_draft",
    "save_file",
    "search",
    "send_message",
    "send_reaction",
    "set_attention",
    "set_list_width",
    "set_retention",
    "set_starred",
    "set_theme",
    "set_typing",
    "set_up_recovery",
    "sign_in",
    "sign_in_again",
    "sign_out",
    "stop_history",
    "storage",
    "subscribe_app",
    "subscribe_chats",
    "timing",
    "try_now",
    "unlock",
    "vote",
];

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    std::fs::read_to_string(here().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn parsed(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap()
}

#[test]
fn the_page_has_no_network_and_no_power() {
    let configuration = parsed("tauri.conf.json");
    let expected = json!({
        "windows": [],
        "withGlobalTauri": false,
        "enableGTKAppId": false,
        "security": {
            "csp": CSP,
            "freezePrototype": true,
            "dangerousDisableAssetCspModification": false,
            "capabilities": ["main"]
        }
    });
    assert_eq!(configuration["app"], expected);
    assert_eq!(
        configuration["build"],
        json!({ "frontendDist": "../ui/dist" }),
        "no server and no command serves the page"
    );
    assert_eq!(configuration.get("plugins"), None);
    assert_eq!(configuration["identifier"], "org.tidings.Tidings");
}

/// Tauri reads `tauri.linux.conf.json` and its siblings over the file above.
#[test]
fn no_other_file_changes_the_configuration() {
    let mut files: Vec<String> = std::fs::read_dir(here())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.to_lowercase().starts_with("tauri"))
        .collect();
    files.sort();
    assert_eq!(files, ["tauri.conf.json"]);
}

#[test]
fn the_page_may_call_our_commands_and_nothing_of_tauri_s() {
    let permissions: Vec<String> =
        COMMANDS.iter().map(|command| format!("allow-{}", command.replace('_', "-"))).collect();
    let mut capability = parsed("capabilities/main.json");
    let mut found: Vec<String> = serde_json::from_value(capability["permissions"].take()).unwrap();
    found.sort();
    assert_eq!(found, permissions);
    assert_eq!(capability["windows"], json!(["main"]));
    for power in ["remote", "webviews", "platforms"] {
        assert_eq!(capability.get(power), None, "{power}");
    }
    let files: Vec<_> = std::fs::read_dir(here().join("capabilities")).unwrap().collect();
    assert_eq!(files.len(), 1, "a second file would be added to the first");
}

#[test]
fn every_command_has_a_permission_and_no_permission_is_without_a_command() {
    let build = read("build.rs");
    let (_, list) = build.split_once("const COMMANDS: &[&str] = &[").unwrap();
    let (list, _) = list.split_once("];").unwrap();
    let built: BTreeSet<&str> = list.split('"').skip(1).step_by(2).collect();
    assert_eq!(built, COMMANDS.into_iter().collect());
    let table = read("src/commands/mod.rs");
    let (_, list) = table.split_once("generate_handler![").unwrap();
    let (list, _) = list.split_once(']').unwrap();
    let answered: BTreeSet<&str> =
        list.split(',').filter_map(|path| path.trim().rsplit("::").next()).filter(|name| !name.is_empty()).collect();
    assert_eq!(answered, built);
}

#[test]
fn every_verb_of_the_page_is_a_command() {
    let door = read("../ui/src/backend/backend.ts");
    let (_, door) = door.split_once("export interface Backend {").unwrap();
    let verbs: BTreeSet<String> = door
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once('(').map(|(name, _)| name))
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        // These two reach Rust by other ways: a script in the window, and the `media:` scheme.
        .filter(|name| !["firstPaint", "mediaUrl"].contains(name))
        .map(snake)
        .collect();
    assert_eq!(verbs, COMMANDS.into_iter().map(str::to_owned).collect());
}

fn snake(name: &str) -> String {
    name.chars().fold(String::new(), |mut snake, letter| {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        snake
    })
}

#[test]
fn a_release_has_no_inspector_and_no_development_server() {
    let workspace = read("../Cargo.toml");
    let line = workspace.lines().find(|line| line.starts_with("tauri = ")).unwrap();
    assert!(line.contains("default-features = false"), "{line}");
    let package = read("Cargo.toml");
    let (shipped, _) = package.split_once("[dev-dependencies]").unwrap();
    let line = shipped.lines().find(|line| line.starts_with("tauri = ")).unwrap();
    assert!(line.contains(r#"["wry", "tray-icon", "image-png", "x11", "custom-protocol"]"#), "{line}");
    const { assert!(!cfg!(dev), "the page is embedded in every build") };
}
