//! What happens when the webview's own process dies: the page is loaded again, and its streams begin with a reset.
//!
//! **Invariant:** the engine is not touched; it goes on syncing and sending. A page that dies again and again is loaded
//! at most five times a minute, so that a crash at each load cannot keep the computer busy.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use tauri::WebviewWindow;

const MOST: usize = 5;
const WITHIN: Duration = Duration::from_secs(60);

/// When the page was loaded again.
#[derive(Debug, Default)]
struct Reloads(VecDeque<Instant>);

impl Reloads {
    /// How long to wait before the next load.
    fn next(&mut self, now: Instant) -> Duration {
        while self.0.len() >= MOST {
            let Some(oldest) = self.0.front() else { break };
            let over = *oldest + WITHIN;
            if over > now {
                self.0.pop_front();
                self.0.push_back(over);
                return over - now;
            }
            self.0.pop_front();
        }
        self.0.push_back(now);
        Duration::ZERO
    }
}

/// Load the page again whenever its process dies.
#[cfg(target_os = "linux")]
pub(crate) fn watch(window: &WebviewWindow) {
    use std::cell::RefCell;
    use webkit2gtk::WebViewExt;

    let page = window.clone();
    let watched = window.with_webview(move |webview| {
        let reloads = RefCell::new(Reloads::default());
        webview.inner().connect_web_process_terminated(move |_, reason| {
            let wait = reloads.borrow_mut().next(Instant::now());
            tracing::error!(?reason, ?wait, "the webview's process died; its page is loaded again");
            load_again(page.clone(), wait);
        });
    });
    if let Err(error) = watched {
        tracing::warn!(%error, "a death of the webview's process will not be noticed");
    }
}

/// WebView2 starts its process again of its own accord; macOS is served by [`load_again`] from the program's builder.
#[cfg(not(target_os = "linux"))]
pub(crate) fn watch(_window: &WebviewWindow) {}

/// Load the page again after a while.
fn load_again(page: WebviewWindow, wait: Duration) {
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(wait).await;
        if let Err(error) = page.reload() {
            tracing::error!(%error, "the page was not loaded again");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_keeps_dying_is_loaded_five_times_a_minute() {
        let (mut reloads, start) = (Reloads::default(), Instant::now());
        for second in 0..5 {
            assert_eq!(reloads.next(start + Duration::from_secs(second)), Duration::ZERO);
        }
        assert_eq!(reloads.next(start + Duration::from_secs(5)), Duration::from_secs(55));
        assert_eq!(reloads.next(start + Duration::from_secs(61)), Duration::ZERO);
    }

    #[test]
    fn a_page_that_dies_now_and_then_is_loaded_at_once() {
        let (mut reloads, start) = (Reloads::default(), Instant::now());
        for hour in 0..100 {
            assert_eq!(reloads.next(start + Duration::from_secs(hour * 3600)), Duration::ZERO);
        }
    }
}
