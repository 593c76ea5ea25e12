//! Notifications in the Notification Center.
//!
//! A notification that was shown cannot be taken away or replaced through `notify-rust`; a click is still told, and one
//! for a chat that was read meanwhile opens it, which does no harm.

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
        let mut banner = Notification::new();
        banner.summary(&notice.title).body(&text::plain(&notice.body));
        if notice.sound {
            banner.sound_name("Blow");
        }
        let handle = match banner.show() {
            Ok(handle) => handle,
            Err(error) => return tracing::warn!(%error, "a notification was not shown"),
        };
        let clicked = self.clicked.clone();
        // Ends with the banner: when it is clicked or dismissed.
        let _ = std::thread::Builder::new().name("banner".to_owned()).spawn(move || {
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
