//! Somebody at a computer: a profile, a keyring, a desktop, and the program while it runs.

use std::{
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use tidings_engine::{Config, Engine, Ports};
use tidings_model::{
    AccountId, AppState, AppUpdate, Attention, ChatListUpdate, ChatRow, Connection, Failure, LockReason, Preview,
    RoomId, Screen, SignIn, Target, apply,
};

use crate::{Chat, FakeDesktop, KeyringState, MemoryKeychain, Person, Seen, TestClock};

/// A person at a computer. Cheap to clone; clones are the same computer.
#[derive(Clone)]
pub struct Seat {
    inside: Arc<Inside>,
}

struct Inside {
    person: Person,
    folder: tempfile::TempDir,
    desktop: Arc<FakeDesktop>,
    keychain: Arc<MemoryKeychain>,
    clock: Arc<TestClock>,
    engine: Mutex<Option<Engine>>,
    app: Seen<Option<AppState>>,
    asked_to_open: Seen<Vec<RoomId>>,
    rows: Seen<Option<Vec<ChatRow>>>,
}

impl Drop for Inside {
    /// What hangs is let go, so that a test that failed can end.
    fn drop(&mut self) {
        self.keychain.becomes(KeyringState::Works);
        self.desktop.recovers();
    }
}

impl Deref for Seat {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.inside.person
    }
}

impl Seat {
    /// A new computer with nothing on it.
    #[must_use]
    pub fn new(person: Person) -> Self {
        Self::on(&std::env::temp_dir(), person)
    }

    /// A new computer with nothing on it, whose disk this is.
    #[must_use]
    pub fn on(disk: &Path, person: Person) -> Self {
        let folder = tempfile::tempdir_in(disk).unwrap();
        let downloads = folder.path().join("downloads");
        std::fs::create_dir(&downloads).unwrap();
        Self {
            inside: Arc::new(Inside {
                person,
                desktop: Arc::new(FakeDesktop::new(downloads)),
                keychain: Arc::default(),
                clock: Arc::default(),
                engine: Mutex::default(),
                app: Seen::new(None),
                asked_to_open: Seen::new(Vec::new()),
                rows: Seen::new(None),
                folder,
            }),
        }
    }

    /// Start the program.
    ///
    /// # Errors
    /// As [`Engine::start`].
    pub async fn starts(&self) -> Result<(), Failure> {
        let inside = &self.inside;
        let engine = Engine::start(self.config(), self.ports()).await?;
        inside.app.change(|app| *app = None);
        inside.rows.change(|rows| *rows = None);
        let (app, asked) = (inside.app.clone(), inside.asked_to_open.clone());
        engine.subscribe_app(Box::new(move |update| {
            match update {
                AppUpdate::Reset { state } => app.change(|app| *app = Some(state)),
                AppUpdate::Open { room, .. } => asked.change(|asked| asked.push(room)),
            }
            true
        }));
        *inside.engine.lock().unwrap() = Some(engine);
        if matches!(self.screen(), Screen::Chats { .. }) {
            self.follows_chats().await;
        }
        Ok(())
    }

    /// Quit the program in order.
    pub async fn quits(&self) {
        let engine = self.inside.engine.lock().unwrap().take();
        if let Some(engine) = engine {
            engine.shutdown().await;
        }
    }

    /// Quit, and start again.
    pub async fn restarts(&self) {
        self.quits().await;
        self.starts().await.unwrap();
    }

    /// Sign in at this address with the right name and password.
    ///
    /// # Errors
    /// As [`Engine::sign_in`].
    pub async fn signs_in_at(&self, address: &str) -> Result<(), Failure> {
        self.signs_in_with(self.types(address)).await
    }

    /// Sign in with this.
    ///
    /// # Errors
    /// As [`Engine::sign_in`].
    pub async fn signs_in_with(&self, sign_in: SignIn) -> Result<(), Failure> {
        self.engine().sign_in(sign_in).await?;
        self.opens_the_chats().await;
        Ok(())
    }

    /// Unlock the vault.
    ///
    /// # Errors
    /// As [`Engine::unlock`].
    pub async fn unlocks(&self, account: &AccountId, sign_in: Option<SignIn>) -> Result<(), Failure> {
        self.engine().unlock(account.clone(), sign_in).await?;
        self.opens_the_chats().await;
        Ok(())
    }

    /// Wait for the chats to be on screen, and follow them.
    pub async fn opens_the_chats(&self) {
        self.until("the chats on screen", |state| matches!(state.screen, Screen::Chats { .. }).then_some(())).await;
        self.follows_chats().await;
    }

    async fn follows_chats(&self) {
        let rows = self.inside.rows.clone();
        let sink = Box::new(move |update| {
            rows.change(|rows| match update {
                ChatListUpdate::Reset { rows: all } => *rows = Some(all),
                ChatListUpdate::Patch { ops } => apply(rows.as_mut().unwrap(), ops),
            });
            true
        });
        self.engine().subscribe_chats(self.account(), sink).await.unwrap();
    }

    /// The running program.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.inside.engine.lock().unwrap().clone().unwrap()
    }

    /// What the program is started with.
    #[must_use]
    pub fn config(&self) -> Config {
        Config { profile: self.profile(), device_name: "Journey".to_owned() }
    }

    /// The world the program is started in.
    #[must_use]
    pub fn ports(&self) -> Ports {
        let inside = &self.inside;
        Ports { desktop: inside.desktop.clone(), keychain: inside.keychain.clone(), clock: inside.clock.clone() }
    }

    /// The profile's folder.
    #[must_use]
    pub fn profile(&self) -> PathBuf {
        self.inside.folder.path().join("profile")
    }

    /// The folder for downloads.
    #[must_use]
    pub fn downloads(&self) -> PathBuf {
        self.inside.folder.path().join("downloads")
    }

    /// The desktop.
    #[must_use]
    pub fn desktop(&self) -> &FakeDesktop {
        &self.inside.desktop
    }

    /// The keyring.
    #[must_use]
    pub fn keychain(&self) -> &MemoryKeychain {
        &self.inside.keychain
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &TestClock {
        &self.inside.clock
    }

    /// The screen now.
    #[must_use]
    pub fn screen(&self) -> Screen {
        self.inside.app.now().unwrap().screen
    }

    /// The state of the program now.
    #[must_use]
    pub fn app(&self) -> AppState {
        self.inside.app.now().unwrap()
    }

    /// The account on screen, open or locked.
    #[must_use]
    pub fn account(&self) -> AccountId {
        match self.screen() {
            Screen::Chats { account } => account.account,
            Screen::Locked { account, .. } => account,
            other @ (Screen::Starting | Screen::SignIn) => panic!("no account on {other:?}"),
        }
    }

    /// Why the vault is locked, if it is.
    #[must_use]
    pub fn locked(&self) -> Option<LockReason> {
        match self.screen() {
            Screen::Locked { reason, .. } => Some(reason),
            Screen::Starting | Screen::SignIn | Screen::Chats { .. } => None,
        }
    }

    /// Wait until `look` finds something in the state of the program.
    pub async fn until<R>(&self, what: &str, mut look: impl FnMut(&AppState) -> Option<R>) -> R {
        self.inside.app.until(what, |state| state.as_ref().and_then(&mut look)).await
    }

    /// Wait for this state of the connection.
    pub async fn is_connected(&self, what: &str, mut look: impl FnMut(&Connection) -> bool) -> Connection {
        self.until(what, |state| look(&state.connection).then_some(state.connection)).await
    }

    /// Wait to be online.
    pub async fn is_online(&self) {
        self.is_connected("online", |connection| *connection == Connection::Online).await;
    }

    /// The rows of the chat list now.
    #[must_use]
    pub fn rows(&self) -> Vec<ChatRow> {
        self.inside.rows.now().unwrap()
    }

    /// Wait until `look` finds something in the rows.
    pub async fn until_rows<R>(&self, what: &str, mut look: impl FnMut(&[ChatRow]) -> Option<R>) -> R {
        self.inside.rows.until(what, |rows| rows.as_deref().and_then(&mut look)).await
    }

    /// Wait until `look` finds something in the row of a chat.
    pub async fn until_row<R>(&self, room: &RoomId, what: &str, mut look: impl FnMut(&ChatRow) -> Option<R>) -> R {
        self.until_rows(what, |rows| rows.iter().find(|row| row.room == *room).and_then(&mut look)).await
    }

    /// Wait until the row of a chat previews a message with this text.
    pub async fn has_preview(&self, room: &RoomId, expected: &str) {
        let what = format!("a preview {expected:?}");
        self.until_row(room, &what, |row| match &row.preview {
            Preview::Message { text, .. } if text == expected => Some(()),
            _ => None,
        })
        .await;
    }

    /// Wait until the chat is in the list.
    pub async fn has(&self, room: &RoomId) {
        self.until_row(room, "the chat in the list", |_| Some(())).await;
    }

    /// Open a chat.
    pub async fn opens(&self, room: &RoomId) -> Chat {
        self.opens_at(room, Target::Unread).await
    }

    /// Open a chat at a place of it.
    pub async fn opens_at(&self, room: &RoomId, target: Target) -> Chat {
        self.has(room).await;
        Chat::open(self.clone(), room.clone(), target).await
    }

    /// Open a chat that is in the list no longer.
    pub async fn opens_gone(&self, room: &RoomId) -> Chat {
        Chat::open(self.clone(), room.clone(), Target::Unread).await
    }

    /// Open a chat whose messages are encrypted, once that is known here: a room is told of while it is being made.
    pub async fn opens_encrypted(&self, room: &RoomId) -> Chat {
        let chat = self.opens(room).await;
        chat.until("encryption", |view| view.header.as_ref()?.encrypted.then_some(())).await;
        chat
    }

    /// The window is focused and shows this chat.
    pub fn looks_at(&self, room: &RoomId) {
        self.engine().set_attention(Attention { focused: true, room: Some(room.clone()) });
    }

    /// The window is not looked at.
    pub fn looks_away(&self) {
        self.engine().set_attention(Attention::default());
    }

    /// What was asked to be opened.
    #[must_use]
    pub fn asked_to_open(&self) -> Vec<RoomId> {
        self.inside.asked_to_open.now()
    }

    /// Every file of the profile.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        crate::disk::files(&self.profile())
    }

    /// The folders of the accounts in the profile.
    #[must_use]
    pub fn account_folders(&self) -> Vec<PathBuf> {
        folders(&self.profile().join("accounts"))
    }
}

fn folders(path: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}
