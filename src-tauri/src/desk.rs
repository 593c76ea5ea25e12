//! The desktop as the engine sees it: notifications, the badge, the opener, the downloads folder.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use tauri::{AppHandle, Manager};
use tidings_engine::ports::{Desktop, Notice, NoticeKey};
use tidings_model::LinkTarget;

use crate::{notices::Notices, opener, power, running::Running, tray, window};

/// The desktop of this computer.
pub(crate) struct Desk {
    app: AppHandle,
    notices: Notices,
    unread_chats: AtomicU32,
}

impl Desk {
    /// The desktop around this program. A click on a notification shows the window and opens the chat.
    ///
    /// # Errors
    /// When the system gives no thread for notifications.
    pub(crate) fn new(app: &AppHandle) -> std::io::Result<Self> {
        let clicked = app.clone();
        let notices = Notices::begin(Arc::new(move |key: NoticeKey| {
            window::present(&clicked);
            if let Some(engine) = clicked.state::<Running>().engine_now() {
                engine.request_open(key.account, key.room);
            }
        }))?;
        Ok(Self { app: app.clone(), notices, unread_chats: AtomicU32::new(0) })
    }

    /// How many chats are unread, as last told.
    pub(crate) fn unread_chats(&self) -> u32 {
        self.unread_chats.load(Ordering::Relaxed)
    }
}

impl Desktop for Desk {
    fn show(&self, notice: Notice) {
        self.notices.show(notice);
    }

    fn withdraw(&self, key: &NoticeKey) {
        self.notices.withdraw(key);
    }

    fn badge(&self, unread_chats: u32) {
        if self.unread_chats.swap(unread_chats, Ordering::Relaxed) != unread_chats {
            tray::tell(&self.app, unread_chats);
            window::tell(&self.app, unread_chats);
        }
    }

    fn open_link(&self, target: &LinkTarget) -> Result<(), String> {
        opener::open_link(target)
    }

    fn downloads(&self) -> PathBuf {
        let home = || dirs::home_dir().map(|home| home.join("Downloads"));
        dirs::download_dir().or_else(home).unwrap_or_else(std::env::temp_dir)
    }

    fn on_battery(&self) -> bool {
        power::on_battery()
    }
}
