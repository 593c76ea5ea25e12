//! A desktop that writes down what it is told.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use tidings_engine::ports::{Desktop, Notice, NoticeKey};
use tidings_model::{LinkTarget, RoomId};

use crate::Seen;

/// Something the desktop was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A notification was shown.
    Shown(Notice),
    /// A notification was taken away.
    Withdrawn(RoomId),
    /// The badge was set.
    Badge(u32),
    /// A link was opened.
    Link(String),
}

/// What a person finds on the desktop.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    /// Everything that happened, in order.
    pub log: Vec<Happened>,
    /// The notifications that are shown.
    pub standing: BTreeMap<RoomId, Notice>,
    /// The badge.
    pub badge: u32,
}

impl Desk {
    /// The texts of every notification that was ever shown, as `title: body`.
    #[must_use]
    pub fn said(&self) -> Vec<String> {
        let notices = self.log.iter().filter_map(|happened| match happened {
            Happened::Shown(notice) => Some(format!("{}: {}", notice.title, notice.body)),
            Happened::Withdrawn(_) | Happened::Badge(_) | Happened::Link(_) => None,
        });
        notices.collect()
    }

    /// How often the notification of a chat was taken away.
    #[must_use]
    pub fn withdrawn(&self, room: &RoomId) -> usize {
        self.log.iter().filter(|happened| **happened == Happened::Withdrawn(room.clone())).count()
    }
}

/// A desktop that records; it can be made to panic or to hang.
pub struct FakeDesktop {
    desk: Seen<Desk>,
    downloads: PathBuf,
    panics: AtomicBool,
    on_battery: AtomicBool,
    hangs: Mutex<bool>,
    released: Condvar,
    hanging: Seen<bool>,
}

impl FakeDesktop {
    /// An empty desktop whose downloads go into this folder.
    #[must_use]
    pub fn new(downloads: PathBuf) -> Self {
        Self {
            desk: Seen::new(Desk::default()),
            downloads,
            panics: AtomicBool::new(false),
            on_battery: AtomicBool::new(false),
            hangs: Mutex::new(false),
            released: Condvar::new(),
            hanging: Seen::new(false),
        }
    }

    /// What stands on it now.
    #[must_use]
    pub fn now(&self) -> Desk {
        self.desk.now()
    }

    /// Wait until `look` finds something on it.
    pub async fn until<R>(&self, what: &str, look: impl FnMut(&Desk) -> Option<R>) -> R {
        self.desk.until(what, look).await
    }

    /// Wait for a notification whose text contains this, and give it.
    pub async fn notifies(&self, part: &str) -> Notice {
        let what = format!("a notification with {part:?}");
        let shown = |desk: &Desk| {
            desk.log.iter().find_map(|happened| match happened {
                Happened::Shown(notice) if notice.body.contains(part) => Some(notice.clone()),
                _ => None,
            })
        };
        self.until(&what, shown).await
    }

    /// The next notification makes it panic, as a bug of a daemon's binding would.
    pub fn panics_once(&self) {
        self.panics.store(true, Ordering::SeqCst);
    }

    /// From now on the computer runs on its battery, or on mains.
    pub fn runs_on_battery(&self, battery: bool) {
        self.on_battery.store(battery, Ordering::SeqCst);
    }

    /// From now on showing a notification does not return, until [`Self::recovers`].
    pub fn hangs(&self) {
        *self.hangs.lock().unwrap() = true;
    }

    /// Wait until a notification hangs.
    pub async fn is_hanging(&self) {
        self.hanging.until("a notification that hangs", |hanging| hanging.then_some(())).await;
    }

    /// Everything that hangs goes on.
    pub fn recovers(&self) {
        *self.hangs.lock().unwrap() = false;
        self.released.notify_all();
    }
}

impl Desktop for FakeDesktop {
    fn show(&self, notice: Notice) {
        assert!(!self.panics.swap(false, Ordering::SeqCst), "the desktop falls over, as the test asked");
        let mut hangs = self.hangs.lock().unwrap();
        while *hangs {
            self.hanging.change(|hanging| *hanging = true);
            hangs = self.released.wait(hangs).unwrap();
        }
        drop(hangs);
        self.desk.change(|desk| {
            desk.standing.insert(notice.key.room.clone(), notice.clone());
            desk.log.push(Happened::Shown(notice));
        });
    }

    fn withdraw(&self, key: &NoticeKey) {
        self.desk.change(|desk| {
            desk.standing.remove(&key.room);
            desk.log.push(Happened::Withdrawn(key.room.clone()));
        });
    }

    fn badge(&self, unread_chats: u32) {
        self.desk.change(|desk| {
            desk.badge = unread_chats;
            desk.log.push(Happened::Badge(unread_chats));
        });
    }

    fn open_link(&self, target: &LinkTarget) -> Result<(), String> {
        self.desk.change(|desk| desk.log.push(Happened::Link(target.href.clone())));
        Ok(())
    }

    fn downloads(&self) -> PathBuf {
        self.downloads.clone()
    }

    fn on_battery(&self) -> bool {
        self.on_battery.load(Ordering::SeqCst)
    }
}

impl Drop for FakeDesktop {
    fn drop(&mut self) {
        self.recovers();
    }
}
