//! An account that is open: its vault, its client once there is one, and the tasks that keep both in step.
//!
//! **Invariant:** tasks are spawned here and nowhere else, each under supervision: one that panics is said in the log and
//! started again, so that no sync and no outbox dies in silence. Closing a session ends them all before the vault and
//! the stores are closed.

pub(crate) mod client;
pub(crate) mod document;
pub(crate) mod keys;
pub(crate) mod recovery;
pub(crate) mod repair;
pub(crate) mod restore;
pub(crate) mod sign_in;

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use matrix_sdk::{Client, Room, ruma::OwnedRoomId};
use tidings_model::{AccountId, Code, Connection, EventId, Failure, MediaRef, RoomId, Timestamp, UserId};
use tidings_vault::{Changes, Vault, VaultError};
use tokio::{
    sync::{Notify, broadcast, watch},
    task::JoinSet,
};

use crate::{
    attention::Watch,
    broadcast::lock,
    engine::{Media, Ports},
    history::History,
    media::Source,
};

/// How many changes a reader may lag behind before it reads everything again.
const FEED_CAPACITY: usize = 256;

/// What happened to an account, for its readers.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// The vault changed.
    Changes(Arc<Changes>),
    /// Who is writing in a room changed.
    Typing(RoomId),
    /// Somebody invited this person to a room.
    Invited(RoomId),
    /// This person's own name or picture changed, or there is something to be said of this account.
    Me,
    /// What follows is what was missed, since this moment; or, with nothing, it is live. Told in the feed, so that a reader
    /// that is behind judges each change by how it came.
    CatchingUp(Option<Timestamp>),
    /// How history is fetched changed.
    History,
}

/// An open account.
pub(crate) struct Session {
    pub(crate) account: AccountId,
    pub(crate) folder: PathBuf,
    pub(crate) user: UserId,
    pub(crate) vault: Arc<Vault>,
    pub(crate) ports: Ports,
    pub(crate) attention: Watch,
    /// The SDK's client, once its stores are open.
    pub(crate) client: watch::Sender<Option<Client>>,
    pub(crate) connection: watch::Sender<Connection>,
    /// When this device was signed in.
    pub(crate) signed_in: Timestamp,
    /// While the first whole sync since the start, or since the network came back, is running: when that began.
    pub(crate) catching_up: watch::Sender<Option<Timestamp>>,
    pub(crate) feed: broadcast::Sender<News>,
    pub(crate) typing: Mutex<BTreeMap<RoomId, Vec<UserId>>>,
    /// The message that each chat's notification speaks of.
    pub(crate) noticed: Mutex<BTreeMap<RoomId, EventId>>,
    /// Pictures and files that were shown, by the name the page knows.
    pub(crate) media: Mutex<BTreeMap<MediaRef, Source>>,
    /// Since when every chat is complete, for searches.
    pub(crate) reach: crate::search::index::Reach,
    /// The filling of holes.
    pub(crate) history: History,
    /// Keys that rows were recorded without.
    pub(crate) missed_keys: crate::intake::late_keys::Missed,
    /// The film or sound that was asked for last, decrypted: players ask for it piece by piece.
    pub(crate) playing: Mutex<Option<(MediaRef, Media)>>,
    /// Settings changed: rooms are to be read again.
    pub(crate) settings: Notify,
    /// Rooms of which the server said that they are not encrypted.
    pub(crate) clear_rooms: Mutex<BTreeSet<OwnedRoomId>>,
    /// The disk is full: the vault, or a store beside it, could not be written.
    pub(crate) full: watch::Sender<bool>,
    /// A page of the vault cannot be read: the account is closed, and the person told.
    pub(crate) damaged: watch::Sender<bool>,
    /// Wakes the outbox.
    pub(crate) outbox: Notify,
    /// Counts "try now": every wait ends when it moves.
    pub(crate) hurry: watch::Sender<u64>,
    /// Tasks that talk to the server.
    tasks: Mutex<JoinSet<()>>,
    /// Tasks that keep windows in step with the vault; they outlive a session that the server ended.
    windows: Mutex<JoinSet<()>>,
}

impl Session {
    /// An open account that does nothing yet.
    pub(crate) fn new(
        account: AccountId,
        folder: PathBuf,
        vault: Arc<Vault>,
        ports: Ports,
        attention: Watch,
    ) -> Arc<Self> {
        Arc::new(Self {
            account,
            folder,
            user: vault.own_user(),
            attention,
            client: watch::Sender::new(None),
            connection: watch::Sender::new(Connection::Connecting),
            signed_in: document::SessionDocument::load(&vault).map(|document| document.signed_in).unwrap_or_default(),
            catching_up: watch::Sender::new(Some(ports.clock.now())),
            feed: broadcast::Sender::new(FEED_CAPACITY),
            typing: Mutex::default(),
            noticed: Mutex::default(),
            media: Mutex::default(),
            playing: Mutex::default(),
            clear_rooms: Mutex::default(),
            reach: Mutex::default(),
            history: History::load(&vault),
            missed_keys: crate::intake::late_keys::Missed::default(),
            settings: Notify::new(),
            full: watch::Sender::new(false),
            damaged: watch::Sender::new(false),
            outbox: Notify::new(),
            hurry: watch::Sender::new(0),
            tasks: Mutex::new(JoinSet::new()),
            windows: Mutex::new(JoinSet::new()),
            vault,
            ports,
        })
    }

    /// Start a task that talks to the server; when it panics it is started again.
    pub(crate) fn spawn<F, Fut>(self: &Arc<Self>, name: &'static str, task: F)
    where
        F: Fn(Arc<Self>) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        lock(&self.tasks).spawn(supervised(Arc::clone(self), name, task));
    }

    /// Start a task that keeps a window in step; when it panics it is started again.
    pub(crate) fn spawn_window<F, Fut>(self: &Arc<Self>, name: &'static str, task: F)
    where
        F: Fn(Arc<Self>) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        lock(&self.windows).spawn(supervised(Arc::clone(self), name, task));
    }

    /// Start a task that ends with its window. A panic ends the window; opening the chat again begins anew.
    pub(crate) fn spawn_once(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut windows = lock(&self.windows);
        while windows.try_join_next().is_some() {}
        windows.spawn(task);
    }

    /// End every task that talks to the server, and wait for the end.
    pub(crate) async fn disconnect(&self) {
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        tasks.shutdown().await;
        self.client.send_replace(None);
        self.history.forget_asks();
        self.set_catching_up(Some(self.ports.clock.now()));
    }

    /// End every task, and wait for the end.
    pub(crate) async fn stop(&self) {
        self.disconnect().await;
        let mut windows = std::mem::take(&mut *lock(&self.windows));
        windows.shutdown().await;
    }

    /// Use the vault where blocking is allowed.
    pub(crate) async fn vault<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, Failure> {
        let vault = Arc::clone(&self.vault);
        tokio::task::spawn_blocking(move || work(&vault))
            .await
            .map_err(|error| Failure::new(Code::Internal, error))?
            .map_err(|error| {
                match error {
                    VaultError::DiskFull => drop(self.full.send_replace(true)),
                    VaultError::Damaged(_) => drop(self.damaged.send_replace(true)),
                    _ => {}
                }
                vault_failure(&error)
            })
    }

    /// Wait until the disk is full, if it is not.
    pub(crate) async fn fills_up(&self) {
        // The sender is this session's own.
        let _ = self.full.subscribe().wait_for(|full| *full).await;
    }

    /// Whether the vault can be written: asked of the disk by writing.
    pub(crate) async fn has_room(&self) -> bool {
        let room = self.vault(|vault| vault.try_writing()).await.is_ok();
        if room {
            self.full.send_replace(false);
        }
        room
    }

    /// Tell the readers what changed.
    pub(crate) fn publish(&self, changes: Changes) {
        if changes.outbox {
            self.outbox.notify_one();
        }
        if !changes.is_empty() {
            // No reader is no error.
            let _ = self.feed.send(News::Changes(Arc::new(changes)));
        }
    }

    /// What comes from now on was missed since this moment, or is live.
    pub(crate) fn set_catching_up(&self, since: Option<Timestamp>) {
        self.catching_up.send_replace(since);
        let _ = self.feed.send(News::CatchingUp(since));
    }

    /// The SDK's room.
    pub(crate) fn room(&self, room: &RoomId) -> Option<Room> {
        let id = matrix_sdk::ruma::RoomId::parse(room.as_str()).ok()?;
        self.client.borrow().as_ref()?.get_room(&id)
    }

    /// The SDK's client, as soon as its stores are open.
    pub(crate) async fn opened_client(&self) -> Option<Client> {
        let mut client = self.client.subscribe();
        client.wait_for(Option::is_some).await.ok()?.clone()
    }

    /// Wait, but no longer than until the person or the system says "now".
    pub(crate) async fn pause(&self, duration: Duration) {
        let mut hurry = self.hurry.subscribe();
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            _ = hurry.changed() => {}
        }
    }

    /// End every wait.
    pub(crate) fn try_now(&self) {
        self.hurry.send_modify(|count| *count = count.wrapping_add(1));
        self.outbox.notify_one();
    }
}

/// A task that is started again when it panics.
async fn supervised<F, Fut>(session: Arc<Session>, name: &'static str, task: F)
where
    F: Fn(Arc<Session>) -> Fut,
    Fut: Future<Output = ()> + Send + 'static,
{
    let mut falls: u32 = 0;
    loop {
        // A task of its own, so that a panic ends there. Aborted with this one.
        let mut inner = JoinSet::new();
        inner.spawn(task(Arc::clone(&session)));
        match inner.join_next().await {
            Some(Err(error)) if error.is_panic() => {
                tracing::error!(task = name, falls, "a task fell over and is started again");
                tokio::time::sleep(crate::backoff::wait(falls, None)).await;
                falls = falls.saturating_add(1);
            }
            _ => return,
        }
    }
}

/// How a vault's refusal is said.
pub(crate) fn vault_failure(error: &VaultError) -> Failure {
    let code = match error {
        VaultError::WrongKey => Code::WrongKey,
        VaultError::Damaged(_) => Code::Damaged,
        VaultError::Newer { .. } => Code::Newer,
        VaultError::InUse => Code::InUse,
        VaultError::DiskFull => Code::DiskFull,
        VaultError::Missing | VaultError::NotFound => Code::Gone,
        _ => Code::Internal,
    };
    Failure::new(code, error)
}
