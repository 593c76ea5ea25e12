//! The one window.
//!
//! **Invariant:** it shows our page and nothing else: every other address, a new window and a download are refused.
//! **Invariant:** it is shown once its page has loaded, or 400 ms after it was made, whichever comes first, and its
//! ground has the theme's colour by then, so nothing flashes.
//!
//! The webview keeps nothing on disk (a private session), because what it keeps is not encrypted. Only when it is
//! driven by WebDriver does it have a folder in the profile: a private session of WebKitGTK cannot be driven.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde::Serialize;
use tauri::{
    AppHandle, Manager, Theme, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
    webview::{Color, NewWindowResponse, PageLoadEvent},
};
use tauri_plugin_window_state::{AppHandleExt, StateFlags};
use tidings_model::{AppUpdate, ChatListUpdate, Mark};

use crate::{page, running::Running, tray};

/// The window's name in Tauri, and in `capabilities/main.json`.
pub(crate) const LABEL: &str = "main";

/// The longest time between making and showing the window.
const SHOWN_AFTER: Duration = Duration::from_millis(400);

/// `--surface-page` of the light theme in the page's tokens.
const LIGHT: Color = Color(0xF8, 0xF6, 0xF2, 0xFF);

/// `--surface-page` of the dark theme.
const DARK: Color = Color(0x17, 0x16, 0x14, 0xFF);

/// What of the window is remembered.
pub(crate) fn remembered() -> StateFlags {
    StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED
}

/// What the page paints before it has asked for anything.
#[derive(Debug, Serialize)]
pub(crate) struct FirstPaint {
    /// The state of the program.
    pub(crate) app: AppUpdate,
    /// The newest chats.
    pub(crate) chats: ChatListUpdate,
}

/// How the window begins.
pub(crate) struct Beginning {
    /// What it paints first, if that is known in time.
    pub(crate) first_paint: Option<FirstPaint>,
    /// The chosen colours; `None` as the system says.
    pub(crate) theme: Option<Theme>,
    /// Not shown until it is asked for.
    pub(crate) hidden: bool,
}

/// Make the window, and show it when it has something to show.
///
/// # Errors
/// When the system's webview cannot be made.
pub(crate) fn open(app: &AppHandle, beginning: &Beginning) -> tauri::Result<()> {
    let driven = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some();
    let shower = Arc::new(Shower { app: app.clone(), done: AtomicBool::new(beginning.hidden) });
    let shows = Arc::clone(&shower);
    let mut builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Tidings")
        .inner_size(1280.0, 820.0)
        .min_inner_size(400.0, 480.0)
        .visible(false)
        .theme(beginning.theme)
        .background_color(ground(beginning.theme))
        .incognito(!driven)
        .general_autofill_enabled(false)
        .disable_drag_drop_handler()
        .devtools(cfg!(debug_assertions))
        .on_navigation(page::is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_page_load(move |window, load| match load.event() {
            PageLoadEvent::Started => window.state::<Running>().page_begins(),
            PageLoadEvent::Finished => shows.show(),
        });
    if let Some(first_paint) = &beginning.first_paint {
        builder = builder.initialization_script(script(first_paint)?);
    }
    let window = builder.build()?;
    if beginning.theme.is_none() && window.theme().is_ok_and(|theme| theme == Theme::Dark) {
        let _ = window.set_background_color(Some(DARK));
    }
    keep_in_tray(&window);
    crate::web_process::watch(&window);
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SHOWN_AFTER).await;
        shower.show();
    });
    Ok(())
}

/// Show the window and give it the keyboard.
pub(crate) fn present(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "the window was not shown");
    }
}

/// Say how many chats are unread, where the system shows that on the program's own icon.
pub(crate) fn tell(app: &AppHandle, unread_chats: u32) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    #[cfg(target_os = "macos")]
    let told = window.set_badge_count((unread_chats > 0).then_some(i64::from(unread_chats)));
    #[cfg(windows)]
    let told = window.set_overlay_icon((unread_chats > 0).then(|| tauri::include_image!("icons/tray-unread.png")));
    #[cfg(not(any(windows, target_os = "macos")))]
    let told = {
        let _ = (window, unread_chats);
        Ok::<(), tauri::Error>(())
    };
    if let Err(error) = told {
        tracing::warn!(%error, "the badge was not changed");
    }
}

/// Shows the window once.
struct Shower {
    app: AppHandle,
    done: AtomicBool,
}

impl Shower {
    fn show(&self) {
        if self.done.swap(true, Ordering::SeqCst) {
            return;
        }
        present(&self.app);
        self.app.state::<Running>().timings.mark(Mark::WindowShown, None);
    }
}

/// Closing hides the window behind the tray icon; without one it ends the program.
fn keep_in_tray(window: &WebviewWindow) {
    let closed = window.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            let app = closed.app_handle();
            let _ = app.save_window_state(remembered());
            if tray::is_here(app) {
                api.prevent_close();
                let _ = closed.hide();
            }
        }
    });
}

fn ground(theme: Option<Theme>) -> Color {
    if theme == Some(Theme::Dark) { DARK } else { LIGHT }
}

/// The script that hands the first paint to the page. A page that is loaded again gets none: what was painted at the
/// start may have been wiped since.
fn script(first_paint: &FirstPaint) -> Result<String, serde_json::Error> {
    let json = harmless(&serde_json::to_string(first_paint)?);
    let origin = page::ORIGIN;
    Ok(format!(
        "if (location.origin === '{origin}' && performance.getEntriesByType('navigation')[0]?.type !== 'reload') \
         window.__TIDINGS_FIRST_PAINT__ = {json};"
    ))
}

/// JSON that is also safe as a piece of script, wherever the system's webview puts it.
fn harmless(json: &str) -> String {
    let mut script = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' => script.push_str("\\u003c"),
            '>' => script.push_str("\\u003e"),
            '&' => script.push_str("\\u0026"),
            '\u{2028}' => script.push_str("\\u2028"),
            '\u{2029}' => script.push_str("\\u2029"),
            other => script.push(other),
        }
    }
    script
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn no_name_of_a_room_ends_the_script() {
        let name = "</script><!--<script>alert(1)\u{2028}\u{2029}]]>&";
        let json = serde_json::to_string(&serde_json::json!({ "name": name })).unwrap();
        let script = harmless(&json);
        for forbidden in ['<', '>', '&', '\u{2028}', '\u{2029}'] {
            assert!(!script.contains(forbidden), "{forbidden:?}");
        }
        let back: serde_json::Value = serde_json::from_str(&script).unwrap();
        assert_eq!(back["name"], name);
    }
}
