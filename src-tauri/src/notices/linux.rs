//! Notifications over D-Bus (Desktop Notifications Specification 1.2).
//!
//! **Invariant:** one notification for each chat; a later one takes the earlier one's place, and the earlier one is
//! closed if the daemon would not replace it. **Invariant:** the daemon is given no image, no link and no sound file.
//! **Invariant:** everything goes over one connection that stays: GNOME takes all notifications of a program away when
//! the connection ends that brought the first, and some daemons tell only the connection that asked of a click.
//!
//! Refused: `notify-rust`, which serves the other systems, because it opens a connection for each notification and
//! begins to listen for clicks only after it was shown.

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use tidings_engine::ports::{Notice, NoticeKey};
use tokio::time::timeout;
use zbus::{Variant, proxy::OwnerChangedStream};

use super::{Clicked, LIMIT, text};

/// After a daemon did not answer in time it is left alone this long, so that a hung one does not delay what follows.
const REST: Duration = Duration::from_secs(10);

/// The system chooses how long it stays.
const USUAL_TIME: i32 = -1;

#[zbus::proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications"
)]
trait Notifications {
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[expect(clippy::too_many_arguments, reason = "the specification's own list")]
    fn notify(
        &self,
        app_name: &str,
        replaces_id: u32,
        app_icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: &HashMap<&str, Variant<'_>>,
        expire_timeout: i32,
    ) -> zbus::Result<u32>;

    fn close_notification(&self, id: u32) -> zbus::Result<()>;

    #[zbus(signal)]
    fn action_invoked(&self, id: u32, action_key: String);

    #[zbus(signal)]
    fn notification_closed(&self, id: u32, reason: u32);
}

/// What is on the screen now.
pub(super) struct Screen {
    clicked: Clicked,
    address: Option<String>,
    daemon: Option<Daemon>,
    shown: BTreeMap<NoticeKey, u32>,
    resting_until: Option<Instant>,
}

/// The daemon, and what it tells.
struct Daemon {
    proxy: NotificationsProxy<'static>,
    clicks: ActionInvokedStream,
    closings: NotificationClosedStream,
    owners: OwnerChangedStream<'static>,
}

/// Why the daemon did not do it. Never holds what was to be shown.
#[derive(Debug, thiserror::Error)]
enum ScreenError {
    #[error("the notification daemon did not answer in time")]
    Silent(#[from] tokio::time::error::Elapsed),
    #[error("the notification daemon cannot be reached: {0}")]
    Bus(#[from] zbus::Error),
}

/// What a daemon can do, as far as it matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Capabilities {
    markup: bool,
    actions: bool,
}

impl Screen {
    pub(super) fn new(clicked: Clicked) -> Self {
        Self { clicked, address: None, daemon: None, shown: BTreeMap::new(), resting_until: None }
    }

    /// Show a notification in place of the chat's earlier one.
    pub(super) async fn show(&mut self, notice: Notice) {
        if self.resting_until.is_some_and(|until| Instant::now() < until) {
            return;
        }
        if let Err(error) = self.try_show(&notice).await {
            self.left_by(&error);
            tracing::warn!(%error, "a notification was not shown");
        }
    }

    /// Take a chat's notification away, if it is still there.
    pub(super) async fn withdraw(&mut self, key: &NoticeKey) {
        if let (Some(id), Some(daemon)) = (self.shown.remove(key), &self.daemon)
            && let Err(error) = close(&daemon.proxy, id).await
        {
            tracing::warn!(%error, "a notification was not withdrawn");
            self.left_by(&error);
        }
    }

    /// Wait for what the daemon tells; never returns while there is none.
    pub(super) async fn listen(&mut self) {
        let Some(daemon) = &mut self.daemon else { return std::future::pending().await };
        tokio::select! {
            Some(click) = daemon.clicks.next() => {
                let told = click.args().ok().filter(|told| told.action_key == "default").map(|told| told.id);
                if let Some(key) = told.and_then(|id| key_of(&self.shown, id)) {
                    (self.clicked)(key);
                }
            }
            Some(closing) = daemon.closings.next() => {
                let told = closing.args().ok().map(|told| told.id);
                if let Some(key) = told.and_then(|id| key_of(&self.shown, id)) {
                    self.shown.remove(&key);
                }
            }
            // Another daemon gives its own numbers: the old ones would name others' notifications.
            Some(_) = daemon.owners.next() => self.shown.clear(),
            else => self.daemon = None,
        }
    }

    async fn try_show(&mut self, notice: &Notice) -> Result<(), ScreenError> {
        let proxy = timeout(LIMIT, self.proxy()).await??;
        let capabilities = timeout(LIMIT, proxy.get_capabilities()).await??;
        let has = |name: &str| capabilities.iter().any(|other| other == name);
        let capabilities = Capabilities { markup: has("body-markup"), actions: has("actions") };
        let before = self.shown.get(&notice.key).copied();
        let id = timeout(LIMIT, notify(&proxy, notice, capabilities, before.unwrap_or_default())).await??;
        self.shown.insert(notice.key.clone(), id);
        if let Some(before) = before.filter(|before| *before != id) {
            close(&proxy, before).await?;
        }
        Ok(())
    }

    async fn proxy(&mut self) -> Result<NotificationsProxy<'static>, zbus::Error> {
        if let Some(daemon) = &self.daemon {
            return Ok(daemon.proxy.clone());
        }
        self.shown.clear();
        let bus = match &self.address {
            None => zbus::Connection::session().await?,
            Some(address) => zbus::connection::Builder::address(address.as_str()).build().await?,
        };
        let proxy =
            NotificationsProxy::builder(&bus).cache_properties(zbus::proxy::CacheProperties::No).build().await?;
        // Listening begins before anything is shown, so that no click is missed.
        let daemon = Daemon {
            clicks: proxy.receive_action_invoked().await?,
            closings: proxy.receive_notification_closed().await?,
            owners: proxy.inner().receive_owner_changed().await?,
            proxy,
        };
        Ok(self.daemon.insert(daemon).proxy.clone())
    }

    /// What a failed call means for the next one.
    fn left_by(&mut self, error: &ScreenError) {
        match error {
            ScreenError::Silent(_) => self.resting_until = Some(Instant::now() + REST),
            ScreenError::Bus(zbus::Error::MethodError(..)) => {}
            ScreenError::Bus(_) => self.daemon = None,
        }
    }
}

fn key_of(shown: &BTreeMap<NoticeKey, u32>, id: u32) -> Option<NoticeKey> {
    shown.iter().find(|(_, other)| **other == id).map(|(key, _)| key.clone())
}

async fn close(proxy: &NotificationsProxy<'static>, id: u32) -> Result<(), ScreenError> {
    match timeout(LIMIT, proxy.close_notification(id)).await? {
        // It was gone already.
        Ok(()) | Err(zbus::Error::MethodError(..)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn notify(
    proxy: &NotificationsProxy<'static>,
    notice: &Notice,
    capabilities: Capabilities,
    replaces: u32,
) -> zbus::Result<u32> {
    let body = if capabilities.markup { text::escaped(&notice.body) } else { text::plain(&notice.body) };
    let actions: &[&str] = if capabilities.actions { &["default", "Open"] } else { &[] };
    let sound = match notice.sound {
        true => ("sound-name", Variant::from("message-new-instant")),
        false => ("suppress-sound", Variant::from(true)),
    };
    let hints = HashMap::from([
        ("desktop-entry", Variant::from("org.tidings.Tidings")),
        ("category", Variant::from("im.received")),
        ("urgency", Variant::from(1_u8)),
        sound,
    ]);
    proxy.notify("Tidings", replaces, "tidings", &notice.title, &body, actions, &hints, USUAL_TIME).await
}

#[cfg(test)]
mod tests;
