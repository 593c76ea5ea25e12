//! Freezes the list of commands: each gets a permission, and `capabilities/main.json` names the ones the page has.

/// The commands, as `src/commands/` defines them. A command that is not here cannot be called.
const COMMANDS: &[&str] = &[
    "subscribe_app",
    "subscribe_chats",
    "discover",
    "sign_in",
    "sign_out",
    "unlock",
    "repair",
    "care_read",
    "sign_in_again",
    "open_chat",
    "open_thread",
    "load_older",
    "fetch_history",
    "stop_history",
    "load_newer",
    "jump",
    "close_chat",
    "send_message",
    "retry_send",
    "discard_send",
    "mark_read",
    "mark_unread",
    "message_text",
    "edit_message",
    "redact",
    "send_reaction",
    "remove_reaction",
    "vote",
    "end_poll",
    "set_starred",
    "follow_move",
    "mark_chat_read",
    "played_media",
    "save_draft",
    "set_typing",
    "answer_invitation",
    "search",
    "rebuild_search",
    "chat_info",
    "chat_parts",
    "leave_chat",
    "storage",
    "remove_set_aside",
    "set_retention",
    "set_up_recovery",
    "recover",
    "export_keys",
    "import_keys",
    "set_attention",
    "open_link",
    "save_file",
    "set_list_width",
    "set_theme",
    "try_now",
    "timing",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The page is embedded: any of its files makes a new program.
    println!("cargo:rerun-if-changed=../ui/dist");
    if !std::path::Path::new("../ui/dist/index.html").exists() {
        return Err("ui/dist/index.html is missing: build the page first with `npm ci && npm run build` in ui/".into());
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
