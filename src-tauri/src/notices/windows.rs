//! Notifications in the Action Center.
//!
//! A toast that was shown cannot be taken away or replaced through `notify-rust`; a click is still told, and one for a
//! chat that was read meanwhile opens it, which does no harm.

use notify_rust::{Notification, NotificationResponse};
use tidings_engine::ports::{Notice, NoticeKey};

use super::{Clicked, text};

/// What is on the screen now.
pub(super) struct Screen {
    clicked: Clicked,
}

impl Screen {
    pub(super) fn new(clicked: Clicked) -> Self {
        Self { clicked }
    }

    #[expect(clippy::unused_async, reason = "the same verbs on every system")]
    pub(super) async fn show(&mut self, notice: Notice) {
        let mut toast = Notification::new();
        toast.app_id("org.tidings.Tidings").summary(&notice.title).body(&text::plain(&notice.body));
        if notice.sound {
            toast.sound_name("IM");
        }
        let handle = match toast.show() {
            Ok(handle) => handle,
            Err(error) => return tracing::warn!(%error, "a notification was not shown"),
        };
        let clicked = self.clicked.clone();
        // Ends with the toast: when it is clicked, dismissed or timed out.
        let _ = std::thread::Builder::new().name("toast".to_owned()).spawn(move || {
            let _ = handle.wait_for_response(move |response: &NotificationResponse| {
                if matches!(response, NotificationResponse::Default) {
                    clicked(notice.key.clone());
                }
            });
        });
    }

    #[expect(clippy::unused_async, reason = "the same verbs on every system")]
    pub(super) async fn withdraw(&mut self, _key: &NoticeKey) {}

    /// Clicks are heard by each notification's own thread.
    pub(super) async fn listen(&mut self) {
        std::future::pending().await
    }
}
