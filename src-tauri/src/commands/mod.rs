//! What the page may ask: one command for each verb of `ui/src/backend/backend.ts`, each handed on to the engine.
//!
//! **Invariant:** a command decides nothing. **Invariant:** every command, one added later too, is refused to anything
//! but our own page in our own window, before its arguments are looked at. Tauri's own check is not enough: it counts
//! every scheme that a program registers as the program's own, so a document served by `media:` would pass it.

mod app;
mod chats;
mod conversation;
mod info;
mod messages;
mod search;
mod session;
mod storage;

use tauri::{
    Runtime, Url,
    ipc::{Invoke, InvokeMessage},
};
use tidings_model::{Code, Failure};

use crate::{page, window};

/// Answers every call from the page.
pub(crate) fn answer<R: Runtime>() -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    let table = table::<R>();
    move |invoke| {
        if from_our_page(&invoke.message) {
            return table(invoke);
        }
        tracing::error!(command = invoke.message.command(), "a call from outside the page was refused");
        invoke.resolver.reject(Failure::new(Code::Internal, "this caller may not call"));
        true
    }
}

fn table<R: Runtime>() -> Box<dyn Fn(Invoke<R>) -> bool + Send + Sync> {
    Box::new(tauri::generate_handler![
        app::subscribe_app,
        app::set_attention,
        app::open_link,
        app::save_file,
        app::set_list_width,
        app::set_theme,
        app::try_now,
        app::timing,
        chats::subscribe_chats,
        chats::answer_invitation,
        conversation::open_chat,
        conversation::open_thread,
        conversation::load_older,
        conversation::fetch_history,
        conversation::stop_history,
        conversation::load_newer,
        conversation::jump,
        conversation::close_chat,
        conversation::send_message,
        conversation::retry_send,
        conversation::discard_send,
        conversation::mark_read,
        conversation::mark_unread,
        conversation::save_draft,
        conversation::set_typing,
        messages::message_text,
        messages::edit_message,
        messages::redact,
        messages::send_reaction,
        messages::remove_reaction,
        messages::vote,
        messages::end_poll,
        messages::set_starred,
        messages::follow_move,
        messages::mark_chat_read,
        messages::played_media,
        info::chat_info,
        info::chat_parts,
        info::leave_chat,
        search::search,
        search::rebuild_search,
        session::discover,
        session::sign_in,
        session::sign_out,
        session::unlock,
        session::repair,
        session::care_read,
        session::sign_in_again,
        storage::storage,
        storage::remove_set_aside,
        storage::set_retention,
        storage::set_up_recovery,
        storage::recover,
        storage::export_keys,
        storage::import_keys,
    ])
}

/// The window's label, the address it shows, and (where the call came over `ipc:`) the origin that called.
fn from_our_page<R: Runtime>(message: &InvokeMessage<R>) -> bool {
    let webview = message.webview_ref();
    let origin_is_ours = message.headers().get("origin").is_none_or(|origin| {
        origin.to_str().ok().and_then(|origin| Url::parse(origin).ok()).is_some_and(|origin| page::is_ours(&origin))
    });
    webview.label() == window::LABEL && origin_is_ours && webview.url().is_ok_and(|shown| page::is_ours(&shown))
}

#[cfg(test)]
mod tests;
