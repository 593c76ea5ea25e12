//! The accounts of this profile: which are open, which are locked, and what the window shows of that.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use tidings_model::{
    Account, AccountId, AppState, AppUpdate, Code, Connection, ConversationId, Failure, LockReason, Screen, Theme,
};
use tidings_vault::{Vault, VaultKey, keying};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    Ports, Sink,
    attention::Watch,
    broadcast::{Listeners, lock},
    conversation::Conversing,
    history,
    history::HistoryPolicy,
    people,
    ports::StoredKey,
    profile::{Profile, write_private},
    rooms::ChatList,
    search,
    session::{
        News, Session,
        document::{ProfileDocument, SessionDocument, care, last_chat, recovery},
        restore, vault_failure,
    },
};

/// Everything a running program holds.
pub(crate) struct Accounts {
    /// Shown by homeservers in the list of devices.
    pub(crate) device_name: String,
    pub(crate) ports: Ports,
    pub(crate) profile: Profile,
    pub(crate) attention: Watch,
    pub(crate) app: Listeners<AppUpdate>,
    /// Only one account is shown in this version; every verb names its account all the same.
    accounts: Mutex<BTreeMap<AccountId, Standing>>,
    window: Mutex<WindowFile>,
    pub(crate) history_policy: Mutex<HistoryPolicy>,
    /// The last state that was told.
    told: Mutex<Option<AppState>>,
    conversations: Mutex<BTreeMap<ConversationId, Conversing>>,
    next_conversation: AtomicU32,
    /// The profile's account is being opened.
    starting: Mutex<bool>,
}

/// How an account stands.
#[derive(Clone)]
enum Standing {
    /// Its vault is closed.
    Locked(LockReason),
    /// Its vault is open.
    Open(Open),
}

/// An open account with its chat list.
#[derive(Clone)]
pub(crate) struct Open {
    pub(crate) session: Arc<Session>,
    pub(crate) chats: Arc<ChatList>,
}

/// What is needed before anything is unlocked; no personal data.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct WindowFile {
    pub(crate) theme: Theme,
    pub(crate) list_width: Option<u16>,
}

impl Accounts {
    /// The accounts of a profile that is held.
    pub(crate) fn of(profile: Profile, device_name: String, ports: Ports) -> Arc<Self> {
        let window: WindowFile = std::fs::read(profile.window_file())
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Arc::new(Self {
            device_name,
            ports,
            profile,
            attention: Watch::default(),
            app: Listeners::default(),
            accounts: Mutex::default(),
            window: Mutex::new(window),
            history_policy: Mutex::default(),
            told: Mutex::default(),
            conversations: Mutex::default(),
            next_conversation: AtomicU32::new(1),
            starting: Mutex::new(false),
        })
    }

    /// The folder of an account.
    pub(crate) fn folder(&self, account: &AccountId) -> PathBuf {
        self.profile.account(account)
    }

    /// The open account of this id.
    pub(crate) fn open_account(&self, account: &AccountId) -> Result<Open, Failure> {
        match lock(&self.accounts).get(account) {
            Some(Standing::Open(open)) => Ok(open.clone()),
            Some(Standing::Locked(_)) | None => Err(Failure::new(Code::Gone, "the account is not open")),
        }
    }

    /// Refuse an account that this profile does not have: its name would become a path.
    pub(crate) fn known(&self, account: &AccountId) -> Result<(), Failure> {
        if lock(&self.accounts).contains_key(account) {
            Ok(())
        } else {
            Err(Failure::new(Code::Gone, "there is no such account"))
        }
    }

    /// The account that is shown, if it is open.
    pub(crate) fn shown(&self) -> Option<Open> {
        lock(&self.accounts).values().find_map(|standing| match standing {
            Standing::Open(open) => Some(open.clone()),
            Standing::Locked(_) => None,
        })
    }

    /// Every open account.
    pub(crate) fn all_open(&self) -> Vec<Open> {
        let accounts = lock(&self.accounts);
        accounts
            .values()
            .filter_map(|standing| if let Standing::Open(open) = standing { Some(open.clone()) } else { None })
            .collect()
    }

    /// There is an account: open, locked, or on its way.
    pub(crate) fn any(&self) -> bool {
        *lock(&self.starting) || !lock(&self.accounts).is_empty()
    }

    /// The account is being opened, or not any more.
    pub(crate) fn set_starting(&self, starting: bool) {
        *lock(&self.starting) = starting;
    }

    /// An account cannot be opened.
    pub(crate) fn lock(&self, account: AccountId, reason: LockReason) {
        lock(&self.accounts).insert(account, Standing::Locked(reason));
    }

    /// An account is not there any more.
    pub(crate) fn forget(&self, account: &AccountId) {
        lock(&self.accounts).remove(account);
    }

    /// Open an account's vault with its key and start everything it does.
    pub(crate) async fn open(self: &Arc<Self>, account: &AccountId, key: StoredKey) -> Result<(), Failure> {
        let folder = self.folder(account);
        restore::key_stores(&folder, &key)?;
        let vault = tokio::task::spawn_blocking(move || Vault::open(&folder, &VaultKey::new(key.0)))
            .await
            .map_err(|error| Failure::new(Code::Internal, error))?
            .map_err(|error| vault_failure(&error))?;
        self.run(account, vault, None);
        Ok(())
    }

    /// Start everything an open vault does.
    pub(crate) fn run(self: &Arc<Self>, account: &AccountId, vault: Vault, client: Option<matrix_sdk::Client>) {
        let session = Session::new(
            account.clone(),
            self.folder(account),
            Arc::new(vault),
            self.ports.clone(),
            self.attention.clone(),
        );
        history::set_policy(&session, *lock(&self.history_policy));
        let chats = Arc::new(ChatList::default());
        let open = Open { session: Arc::clone(&session), chats: Arc::clone(&chats) };
        lock(&self.accounts).insert(account.clone(), Standing::Open(open));
        session.spawn_window("chat list", move |session| Arc::clone(&chats).run(session));
        session.spawn_window("search index", search::index::run);
        let accounts = Arc::clone(self);
        session.spawn_window("window state", move |session| {
            let accounts = Arc::clone(&accounts);
            async move { accounts.watch(session).await }
        });
        restore::run(&session, client);
    }

    /// Tell the window whenever the connection, the counts or the own profile changed.
    async fn watch(self: Arc<Self>, session: Arc<Session>) {
        let mut connection = session.connection.subscribe();
        let mut feed = session.feed.subscribe();
        let mut damaged = session.damaged.subscribe();
        self.tell().await;
        loop {
            tokio::select! {
                found = damaged.wait_for(|damaged| *damaged) => {
                    if found.is_ok() {
                        // Not by a task that is ended with the rest.
                        let accounts = Arc::clone(&self);
                        tokio::spawn(async move { accounts.close_damaged(session).await });
                    }
                    return;
                }
                changed = connection.changed() => if changed.is_err() { return },
                news = feed.recv() => match news {
                    Ok(News::Changes(changes)) if changes.rows.is_empty() => continue,
                    Ok(News::Changes(_) | News::Me) | Err(RecvError::Lagged(_)) => {}
                    Ok(News::Typing(_) | News::Invited(_) | News::CatchingUp(_) | News::History) => continue,
                    Err(RecvError::Closed) => return,
                },
            }
            self.tell().await;
        }
    }

    /// A page of the vault cannot be read: what is shown might be wrong, so nothing is shown any more.
    async fn close_damaged(self: &Arc<Self>, session: Arc<Session>) {
        tracing::error!("the vault is damaged and was closed");
        let client = session.client.borrow().clone();
        session.stop().await;
        if let Some(client) = client {
            let _ = client.pause().await;
        }
        let vault = Arc::clone(&session.vault);
        let _ = tokio::task::spawn_blocking(move || vault.abandon()).await;
        self.lock(session.account.clone(), LockReason::Damaged);
        self.tell().await;
    }

    /// Tell the window the state, if it changed.
    pub(crate) async fn tell(self: &Arc<Self>) {
        let accounts = Arc::clone(self);
        let _ = tokio::task::spawn_blocking(move || {
            // Read and told under one lock: an older state never follows a newer one.
            let mut told = lock(&accounts.told);
            let state = accounts.state();
            if told.as_ref() == Some(&state) {
                return;
            }
            if told.as_ref().map(|told| told.unread_chats) != Some(state.unread_chats) {
                accounts.ports.desktop.badge(state.unread_chats);
            }
            *told = Some(state.clone());
            accounts.app.tell(&AppUpdate::Reset { state });
        })
        .await;
    }

    /// Follow the state of the program.
    pub(crate) fn follow(&self, sink: Sink<AppUpdate>) {
        // Under the same lock as telling: nothing falls between the reset and the first change.
        let _told = lock(&self.told);
        self.app.add(sink, AppUpdate::Reset { state: self.state() });
    }

    /// The state of the program. Reads the vault: not for a task of the runtime.
    pub(crate) fn state(&self) -> AppState {
        let WindowFile { theme, list_width } = *lock(&self.window);
        let standing =
            lock(&self.accounts).iter().next().map(|(account, standing)| (account.clone(), standing.clone()));
        let (screen, connection, unread_chats) = match standing {
            None if *lock(&self.starting) => (Screen::Starting, Connection::Connecting, 0),
            None => (Screen::SignIn, Connection::Connecting, 0),
            Some((account, Standing::Locked(reason))) => {
                (Screen::Locked { account, reason }, Connection::Connecting, 0)
            }
            Some((account, Standing::Open(Open { session, .. }))) => {
                let document = ProfileDocument::load(&session.vault);
                let organisation = SessionDocument::load(&session.vault)
                    .map(|document| document.organisation.clone())
                    .unwrap_or_default();
                let account = Account {
                    account,
                    user: session.user.clone(),
                    me: people::me(&session, document.name.as_deref(), document.avatar.as_deref()),
                    organisation,
                    last_chat: last_chat(&session.vault),
                    care: care(&session.vault),
                    recovery: recovery(&session.vault),
                    encrypted: session.vault.any_encrypted().unwrap_or_default(),
                };
                let unread = session.vault.unread_chats().unwrap_or_default();
                (Screen::Chats { account }, *session.connection.borrow(), unread)
            }
        };
        AppState { screen, connection, unread_chats, theme, list_width }
    }

    /// Change how the window looks and keep it.
    pub(crate) fn change_window(&self, change: impl FnOnce(&mut WindowFile)) -> Result<(), Failure> {
        let mut window = lock(&self.window);
        let mut changed = *window;
        change(&mut changed);
        let bytes = serde_json::to_vec(&changed).map_err(|error| Failure::new(Code::Internal, error))?;
        write_private(&self.profile.window_file(), &bytes).map_err(|error| Failure::new(Code::DiskFull, error))?;
        *window = changed;
        Ok(())
    }

    /// A conversation was opened.
    pub(crate) fn add_conversation(&self, conversing: Conversing) -> ConversationId {
        let id = ConversationId(self.next_conversation.fetch_add(1, Ordering::Relaxed));
        lock(&self.conversations).insert(id, conversing);
        id
    }

    /// A conversation that is open.
    pub(crate) fn conversation(&self, id: ConversationId) -> Option<Conversing> {
        lock(&self.conversations).get(&id).cloned()
    }

    /// A conversation was closed: its task ends when nothing can ask it any more.
    pub(crate) fn close_conversation(&self, id: ConversationId) {
        lock(&self.conversations).remove(&id);
    }

    /// The SDK's stores of an account need no key any more.
    pub(crate) fn forget_stores(&self, account: &AccountId) {
        keying::forget(&self.folder(account).join(restore::STORES));
    }
}

/// Why an account is locked, from what opening it met.
pub(crate) fn lock_reason(failure: &Failure) -> LockReason {
    match failure.code {
        Code::KeyringMissing => LockReason::KeyringMissing,
        Code::KeyringLocked => LockReason::KeyringLocked,
        Code::KeyLost => LockReason::KeyLost,
        Code::WrongKey => LockReason::WrongKey,
        Code::InUse => LockReason::InUse,
        Code::Newer => LockReason::Newer,
        Code::DiskFull => LockReason::DiskFull,
        _ => LockReason::Damaged,
    }
}
