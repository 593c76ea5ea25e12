//! The verbs. One verb, three files: `sendMessage` (ui), `send_message` (src-tauri), [`Engine::send_message`].

mod conversations;
mod drafts;
mod history;
mod info;
mod keys;
mod messages;
mod reading;
mod storage;

use std::{path::PathBuf, sync::Arc, time::Duration};

use rand::Rng as _;
use tidings_model::{
    AccountId, AppUpdate, Attention, ChatListUpdate, Code, Draft, Failure, ItemKey, LinkTarget, MediaRef, Organisation,
    RebuildUpdate, RoomId, SearchRequest, SearchResults, SignIn, Theme, TransactionId,
};
use tidings_vault::{Action, NewIntent};

use crate::{
    accounts::{Accounts, lock_reason},
    compose,
    fault::Fault,
    media, notices,
    ports::{Clock, Desktop, Keychain, StoredKey},
    profile::Profile,
    rooms::ChatList,
    search,
    session::{
        client::Address,
        document::SessionDocument,
        repair::{self, Keys},
        restore, sign_in,
    },
};

/// The window waits this long for the keyring; after that it says that it is starting.
const KEYRING_PATIENCE: Duration = Duration::from_millis(1500);
/// Signing out waits this long for the server; the files are wiped in any case.
const FAREWELL: Duration = Duration::from_secs(10);

/// Where a stream goes. Returns `false` when nobody listens any more; the stream then ends.
pub type Sink<T> = Box<dyn Fn(T) -> bool + Send + Sync>;

/// What the engine needs to start.
pub struct Config {
    /// The folder that holds everything of this person on this computer.
    pub profile: PathBuf,
    /// Shown by homeservers in the list of devices: the computer's name.
    pub device_name: String,
}

/// The world.
#[derive(Clone)]
pub struct Ports {
    /// Notifications, badge, opener.
    pub desktop: Arc<dyn Desktop>,
    /// The system's keyring.
    pub keychain: Arc<dyn Keychain>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Media as the `media:` scheme serves it.
#[derive(Clone, Debug)]
pub struct Media {
    /// The bytes.
    pub bytes: Arc<[u8]>,
    /// The sniffed type: one of [`crate::media_type::SHOWN`], or `application/octet-stream`.
    pub mime: &'static str,
}

/// The program without a window.
#[derive(Clone)]
pub struct Engine {
    pub(crate) accounts: Arc<Accounts>,
}

impl Engine {
    /// Open the profile: take its lock, and, if it holds an account, its key and its vault. No network is touched
    /// before this returns, and it never waits for one. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`tidings_model::Code::InUse`] when another process has the profile; [`tidings_model::Code::DiskFull`] when it cannot be written.
    /// A keyring or vault that does not open is no error here: it is [`tidings_model::Screen::Locked`].
    pub async fn start(config: Config, ports: Ports) -> Result<Self, Failure> {
        Self::start_in(Profile::take(&config.profile)?, config.device_name, ports).await
    }

    /// As [`Engine::start`], on a profile that is held already; it is let go when the engine is dropped.
    ///
    /// # Errors
    /// [`tidings_model::Code::DiskFull`] when the profile cannot be read.
    pub async fn start_in(profile: Profile, device_name: String, ports: Ports) -> Result<Self, Failure> {
        let accounts = Accounts::of(profile, device_name, ports);
        let (complete, unfinished) = accounts.profile.accounts()?;
        for account in unfinished {
            let forgotten =
                sign_in::in_keychain(&accounts.ports.keychain, &account, |keychain, account| keychain.forget(account));
            if let Err(failure) = forgotten.await {
                tracing::info!(code = ?failure.code, "the keyring kept the key of an interrupted sign-in");
            }
        }
        let engine = Self { accounts };
        if let Some(account) = complete.into_iter().next() {
            engine.accounts.set_starting(true);
            let opener = engine.clone();
            let mut opening = tokio::spawn(async move { opener.open(account).await });
            // A keyring that asks the person first may take its time; the window does not wait for it.
            let _ = tokio::time::timeout(KEYRING_PATIENCE, &mut opening).await;
        }
        Ok(engine)
    }

    /// What the window shows first, read from the vault with no SDK and no network: the state, and the first `rows` chats.
    pub fn first_paint(&self, rows: usize) -> (AppUpdate, ChatListUpdate) {
        let state = self.accounts.state();
        let chats = match self.accounts.shown() {
            Some(open) => ChatList::first(&open.session, rows),
            None => ChatListUpdate::Reset { rows: Vec::new() },
        };
        (AppUpdate::Reset { state }, chats)
    }

    /// Follow the state of the program. Begins with a reset.
    pub fn subscribe_app(&self, sink: Sink<AppUpdate>) {
        self.accounts.follow(sink);
    }

    /// Ask every window to open a chat (a clicked notification).
    pub fn request_open(&self, account: AccountId, room: RoomId) {
        self.accounts.app.tell(&AppUpdate::Open { account, room });
    }

    /// Find the homeserver behind an address.
    ///
    /// # Errors
    /// Unknown, untrusted, unreachable or unsupported servers.
    pub async fn discover(&self, address: String) -> Result<Organisation, Failure> {
        sign_in::discover(&address).await.map(|(organisation, _)| organisation)
    }

    /// Sign in with a password, make the vault, start to sync.
    ///
    /// # Errors
    /// As the server or the keyring refuses.
    pub async fn sign_in(&self, sign_in: SignIn) -> Result<(), Failure> {
        if self.accounts.any() {
            return Err(Failure::new(Code::InUse, "this profile has an account already"));
        }
        let Accounts { profile, ports, device_name, .. } = self.accounts.as_ref();
        let fresh = sign_in::sign_in(profile, ports, device_name, &sign_in).await?;
        self.accounts.run(&fresh.account, fresh.vault, Some(fresh.client));
        self.accounts.tell().await;
        Ok(())
    }

    /// Sign out and wipe everything of this account on this computer: the key first, then the files.
    ///
    /// # Errors
    /// When a file cannot be removed. A server that cannot be reached is no error.
    pub async fn sign_out(&self, account: AccountId) -> Result<(), Failure> {
        self.accounts.known(&account)?;
        // From here on the next start wipes what this one does not get to.
        self.accounts.profile.doom(&account)?;
        if let Ok(open) = self.accounts.open_account(&account) {
            let client = open.session.client.borrow().clone();
            open.session.stop().await;
            notices::withdraw_all(&open.session).await;
            if let Some(client) = client {
                match tokio::time::timeout(FAREWELL, client.logout()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => {
                        tracing::info!(fault = ?Fault::of(&error), "the server was not told of the sign-out")
                    }
                    Err(_) => tracing::info!("the server was not told of the sign-out: no answer"),
                }
                // Closes every handle; Windows removes no file that is open.
                let _ = client.pause().await;
            }
            let vault = Arc::clone(&open.session.vault);
            let _ = tokio::task::spawn_blocking(move || vault.close()).await;
        }
        // The key first: whatever stops the rest leaves files that nothing opens.
        let forgotten =
            sign_in::in_keychain(&self.accounts.ports.keychain, &account, |keychain, account| keychain.forget(account))
                .await;
        if let Err(failure) = forgotten {
            tracing::warn!(code = ?failure.code, "the keyring kept the key of a removed account");
        }
        self.accounts.forget_stores(&account);
        self.accounts.profile.remove(&account)?;
        self.accounts.forget(&account);
        self.accounts.set_starting(false);
        self.accounts.tell().await;
        Ok(())
    }

    /// Try to open a locked vault again; with a whole sign-in when the keyring cannot give the key (the organisation's
    /// server then gives its half of the spare key).
    ///
    /// # Errors
    /// As before, or as [`Self::sign_in`].
    pub async fn unlock(&self, account: AccountId, sign_in: Option<SignIn>) -> Result<(), Failure> {
        self.accounts.known(&account)?;
        if self.accounts.open_account(&account).is_ok() {
            return Ok(());
        }
        let opened = match sign_in {
            None => self.open_with_keyring(&account).await,
            Some(sign_in) => {
                let key = sign_in::spare_key(&self.accounts.folder(&account), &account, &sign_in).await?;
                let kept = key.clone();
                let stored = sign_in::in_keychain(&self.accounts.ports.keychain, &account, move |keychain, account| {
                    keychain.store(account, &kept)
                });
                if let Err(failure) = stored.await {
                    // Open for now; the next start asks again.
                    tracing::warn!(code = ?failure.code, "the keyring did not take the key");
                }
                self.accounts.open(&account, key).await
            }
        };
        if let Err(failure) = &opened {
            self.accounts.lock(account, lock_reason(failure));
        }
        self.accounts.tell().await;
        opened
    }

    /// Sign in again after the server ended the session: same device, same vault. A device whose keys were lost is not
    /// used again: a new one is signed in then.
    ///
    /// # Errors
    /// As [`Self::sign_in`].
    pub async fn sign_in_again(&self, account: AccountId, password: String) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let document = session.vault(|vault| Ok(SessionDocument::load(vault))).await??;
        let address = Address::parse(&document.homeserver)?;
        let old = session.client.borrow().clone();
        session.disconnect().await;
        if let Some(old) = old {
            let _ = old.pause().await;
        }
        let keys = repair::keys(&session).await;
        if let Ok(Keys::Lost) = keys {
            repair::set_keys_aside(&session);
        }
        let known_device = matches!(keys, Ok(Keys::Current { .. }));
        let renewed = async {
            let client = crate::session::client::resident(&address, &session.folder.join(restore::STORES))
                .await
                .map_err(|error| Fault::of_build(&error).failure(error))?;
            let name = &self.accounts.device_name;
            // A client over fresh stores must never be a device that others know.
            let device = known_device.then_some(document.device.as_str());
            sign_in::log_in(&client, &document.user, &password, name, device).await?;
            sign_in::publish_device(&client).await.map_err(|error| Fault::of(&error).failure(error))?;
            let matrix = client.matrix_auth().session().ok_or_else(|| Failure::new(Code::Internal, "no session"))?;
            let fresh = SessionDocument::new(
                document.homeserver.clone(),
                document.organisation.clone(),
                document.signed_in,
                &matrix,
            );
            session.vault(move |vault| Ok(fresh.save(vault))).await??;
            Ok(client)
        }
        .await;
        match renewed {
            Ok(client) => {
                session.connection.send_replace(tidings_model::Connection::Connecting);
                restore::run(&session, Some(client));
                Ok(())
            }
            Err(failure) => {
                // As before: history, cached pictures and what waits in the outbox stay in reach.
                restore::run(&session, None);
                Err(failure)
            }
        }
    }

    /// Follow the chat list. Begins with a reset.
    ///
    /// # Errors
    /// When there is no such open account.
    pub async fn subscribe_chats(&self, account: AccountId, sink: Sink<ChatListUpdate>) -> Result<(), Failure> {
        let open = self.accounts.open_account(&account)?;
        open.chats.follow(&open.session, sink).await
    }

    /// Record a message and its echo; it goes out as soon as it can, and the composer it was written in is empty. Returns
    /// its transaction id.
    ///
    /// # Errors
    /// When it could not be recorded: then it is not shown either.
    pub async fn send_message(&self, account: AccountId, room: RoomId, draft: Draft) -> Result<TransactionId, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let transaction = TransactionId(random_name());
        let intent = (room, transaction.clone(), session.ports.clock.now());
        let me = session.user.clone();
        let changes = session
            .vault(move |vault| {
                let (room, transaction, time) = intent;
                let reply = match &draft.reply_to {
                    Some(event) => vault
                        .message(&room, event)?
                        .map(|record| compose::ReplyContext { event: record.event, sender: record.sender }),
                    None => None,
                };
                let thread = match &draft.thread {
                    Some(root) => Some(compose::ThreadContext {
                        root: root.clone(),
                        latest: vault.newest_in_thread(&room, root)?.unwrap_or_else(|| root.clone()),
                    }),
                    None => None,
                };
                let content = match compose::message_content(&draft, reply.as_ref(), thread.as_ref(), &me) {
                    Ok(Some(content)) => content,
                    Ok(None) => return Ok(Err(Failure::new(Code::Gone, "the message is empty"))),
                    Err(error) => return Ok(Err(Failure::new(Code::TooLong, error))),
                };
                let action = Action::Message { event_type: "m.room.message".to_owned(), content };
                let new = NewIntent { room, action, transaction, time };
                let (_, changes) = vault.enqueue_written(&new, draft.thread.as_ref())?;
                Ok(Ok(changes))
            })
            .await??;
        session.publish(changes);
        Ok(transaction)
    }

    /// Send a refused message again, with the same transaction id.
    ///
    /// # Errors
    /// When it is not there any more.
    pub async fn retry_send(&self, account: AccountId, transaction: TransactionId) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let now = session.ports.clock.now();
        let changes = session.vault(move |vault| vault.retry(&transaction, now)).await?;
        session.publish(changes);
        Ok(())
    }

    /// Delete a message that was refused.
    ///
    /// # Errors
    /// When it is not there any more, or on its way.
    pub async fn discard_send(&self, account: AccountId, transaction: TransactionId) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let changes = session.vault(move |vault| vault.discard(&transaction)).await?;
        session.publish(changes);
        Ok(())
    }

    /// Tell the room that this person is writing, or stopped. Not kept, not repeated.
    #[expect(clippy::unused_async, reason = "every verb is awaited, whatever it does inside")]
    pub async fn set_typing(&self, account: AccountId, room: RoomId, typing: bool) {
        let Ok(open) = self.accounts.open_account(&account) else { return };
        let Some(room) = open.session.room(&room) else { return };
        open.session.spawn_once(async move {
            // Worth one try: a moment later it is not true any more.
            let _ = room.typing_notice(typing).await;
        });
    }

    /// Join, or decline an invitation.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn answer_invitation(&self, account: AccountId, room: RoomId, join: bool) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let time = session.ports.clock.now();
        let intent =
            NewIntent { room, action: Action::Membership { join }, transaction: TransactionId(random_name()), time };
        let changes = session.vault(move |vault| vault.enqueue(&intent).map(|(_, changes)| changes)).await?;
        session.publish(changes);
        session.outbox.notify_one();
        Ok(())
    }

    /// Find messages, people and chats; from this computer alone.
    ///
    /// # Errors
    /// When the account is not open, or its vault cannot be read. No text is an error.
    pub async fn search(&self, account: AccountId, request: SearchRequest) -> Result<SearchResults, Failure> {
        let open = self.accounts.open_account(&account)?;
        let chats = open.chats.rows(&open.session).await?;
        let session = Arc::clone(&open.session);
        open.session.vault(move |_| search::search(&session, &chats, &request)).await
    }

    /// Make the index anew, and say how far that is. It goes on when nobody listens any more.
    ///
    /// # Errors
    /// When the account is not open.
    #[expect(clippy::unused_async, reason = "every verb is awaited, whatever it does inside")]
    pub async fn rebuild_search(&self, account: AccountId, sink: Sink<RebuildUpdate>) -> Result<(), Failure> {
        let session = self.accounts.open_account(&account)?.session;
        session.spawn_once(search::rebuild(Arc::clone(&session), sink));
        Ok(())
    }

    /// Where the person is looking.
    pub fn set_attention(&self, attention: Attention) {
        self.accounts.attention.set(attention);
    }

    /// Open a link of a message.
    ///
    /// # Errors
    /// [`tidings_model::Code::LinkRefused`] for everything but http, https and mailto.
    pub fn open_link(&self, href: &str) -> Result<(), Failure> {
        let target =
            LinkTarget::parse(href).ok_or_else(|| Failure::new(Code::LinkRefused, "not a web or mail address"))?;
        self.accounts.ports.desktop.open_link(&target).map_err(|error| Failure::new(Code::Internal, error))
    }

    /// Fetch a picture or file, from the encrypted cache if it is there.
    ///
    /// # Errors
    /// When it is not known, not kept or cannot be fetched.
    pub async fn media(&self, account: AccountId, media: MediaRef) -> Result<Media, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        media::fetch(&session, &media).await
    }

    /// Save a message's file into the downloads folder under its safe name. Returns that name.
    ///
    /// # Errors
    /// As [`Self::media`], or when it cannot be written.
    pub async fn save_file(&self, account: AccountId, media: MediaRef) -> Result<String, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        media::save(&session, &media).await
    }

    /// Choose the colours; kept in the profile.
    ///
    /// # Errors
    /// When it could not be kept.
    pub async fn set_theme(&self, theme: Theme) -> Result<(), Failure> {
        self.accounts.change_window(|window| window.theme = theme)?;
        self.accounts.tell().await;
        Ok(())
    }

    /// The chat list was made this wide, in CSS pixels; kept in the profile.
    ///
    /// # Errors
    /// When it could not be kept.
    pub async fn set_list_width(&self, width: u16) -> Result<(), Failure> {
        self.accounts.change_window(|window| window.list_width = Some(width))?;
        self.accounts.tell().await;
        Ok(())
    }

    /// The server's network may have changed or come back ("Try now"): reset every back-off.
    pub fn try_now(&self) {
        for open in self.accounts.all_open() {
            open.session.try_now();
        }
    }

    /// Stop syncing, flush, close the vault and the stores.
    pub async fn shutdown(&self) {
        for open in self.accounts.all_open() {
            let client = open.session.client.borrow().clone();
            open.session.stop().await;
            if let Some(client) = client {
                let _ = client.pause().await;
            }
            let vault = Arc::clone(&open.session.vault);
            let _ = tokio::task::spawn_blocking(move || vault.close()).await;
        }
    }

    /// The row key of an own message that was recorded here.
    #[must_use]
    pub fn item_key(transaction: &TransactionId) -> ItemKey {
        ItemKey(format!("t:{transaction}"))
    }

    /// Open the account of this profile, or say why it is locked.
    async fn open(&self, account: AccountId) {
        if let Err(failure) = self.open_with_keyring(&account).await {
            tracing::warn!(code = ?failure.code, "the vault stays closed: {}", failure.details);
            self.accounts.lock(account, lock_reason(&failure));
        }
        self.accounts.set_starting(false);
        self.accounts.tell().await;
    }

    async fn open_with_keyring(&self, account: &AccountId) -> Result<(), Failure> {
        let key = self.key(account).await?;
        self.accounts.open(account, key).await
    }

    /// The key of this account's vault.
    pub(crate) async fn key(&self, account: &AccountId) -> Result<StoredKey, Failure> {
        let key: Option<StoredKey> =
            sign_in::in_keychain(&self.accounts.ports.keychain, account, |keychain, account| keychain.load(account))
                .await?;
        key.ok_or_else(|| Failure::new(Code::KeyLost, "the keyring does not have this key"))
    }
}

/// A name that nobody gave before: 128 random bits.
fn random_name() -> String {
    let bits: u128 = rand::rng().random();
    format!("{bits:032x}")
}
