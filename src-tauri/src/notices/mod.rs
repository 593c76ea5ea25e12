//! Notifications, as the system shows them.
//!
//! **Invariant:** the caller never waits: [`Notices::show`] and [`Notices::withdraw`] put a note on a board and return;
//! one thread reads it and talks to the system, with at most [`LIMIT`] a call. **Invariant:** the board holds one note
//! for each chat, the newest, so a flood or a daemon that hangs costs no memory and never shows what was already read.
//!
//! Whether to show something is not decided here (`engine::notify` does).

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod text;
#[cfg(windows)]
mod windows;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tidings_engine::ports::{Notice, NoticeKey};
use tokio::sync::Notify;

#[cfg(target_os = "linux")]
use linux::Screen;
#[cfg(target_os = "macos")]
use macos::Screen;
#[cfg(windows)]
use windows::Screen;

/// The longest a call to the system may take.
const LIMIT: Duration = Duration::from_secs(2);

/// Called when a person clicks a notification.
pub(crate) type Clicked = Arc<dyn Fn(NoticeKey) + Send + Sync>;

/// What shall become of a chat's notification.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Order {
    Show(Notice),
    Withdraw,
}

/// The newest order for each chat.
#[derive(Debug, Default)]
struct Board {
    orders: Mutex<BTreeMap<NoticeKey, Order>>,
    changed: Notify,
}

impl Board {
    fn put(&self, key: NoticeKey, order: Order) {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner).insert(key, order);
        self.changed.notify_one();
    }

    fn take(&self) -> Option<(NoticeKey, Order)> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner).pop_first()
    }

    /// The next order, as soon as there is one.
    async fn next(&self) -> (NoticeKey, Order) {
        loop {
            if let Some(order) = self.take() {
                return order;
            }
            self.changed.notified().await;
        }
    }
}

/// Puts notifications on the board.
#[derive(Clone, Debug)]
pub(crate) struct Notices {
    board: Arc<Board>,
}

impl Notices {
    /// Begin to read the board on a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn begin(clicked: Clicked) -> std::io::Result<Self> {
        let board = Arc::new(Board::default());
        let read = Arc::clone(&board);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::Builder::new().name("notices".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let mut screen = Screen::new(clicked);
                loop {
                    tokio::select! {
                        order = read.next() => match order {
                            (_, Order::Show(notice)) => screen.show(notice).await,
                            (key, Order::Withdraw) => screen.withdraw(&key).await,
                        },
                        () = screen.listen() => {}
                    }
                }
            });
        })?;
        Ok(Self { board })
    }

    /// Show a notification, in place of an earlier one of the same chat.
    pub(crate) fn show(&self, notice: Notice) {
        self.board.put(notice.key.clone(), Order::Show(notice));
    }

    /// Take a chat's notification away.
    pub(crate) fn withdraw(&self, key: &NoticeKey) {
        self.board.put(key.clone(), Order::Withdraw);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    fn key(room: &str) -> NoticeKey {
        NoticeKey { account: "account".into(), room: room.into() }
    }

    fn notice(room: &str, body: &str) -> Notice {
        Notice { key: key(room), title: "Mira".to_owned(), body: body.to_owned(), sound: false }
    }

    #[test]
    fn the_newest_order_of_a_chat_replaces_the_older_ones() {
        let board = Board::default();
        for number in 0..1000 {
            let notice = notice(if number % 2 == 0 { "!a" } else { "!b" }, &number.to_string());
            board.put(notice.key.clone(), Order::Show(notice));
        }
        assert_eq!(board.take(), Some((key("!a"), Order::Show(notice("!a", "998")))));
        assert_eq!(board.take(), Some((key("!b"), Order::Show(notice("!b", "999")))));
        assert_eq!(board.take(), None);
    }

    #[test]
    fn what_was_read_before_it_was_shown_is_never_shown() {
        let board = Board::default();
        board.put(key("!a"), Order::Show(notice("!a", "lunch?")));
        board.put(key("!a"), Order::Withdraw);
        assert_eq!(board.take(), Some((key("!a"), Order::Withdraw)));
        assert_eq!(board.take(), None);
    }
}
