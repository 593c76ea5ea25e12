//! The verbs. One verb, three files: `sendMessage` (ui), `send_message` (src-tauri), [`Engine::send_message`].

use std::{path::PathBuf, sync::Arc};

use tidings_model::{
    AccountId, AppUpdate, Attention, ChatListUpdate, ConversationId, ConversationUpdate, Draft, EventId, Failure,
    ItemKey, MediaRef, Organisation, RoomId, SignIn, Theme, TransactionId,
};

use crate::ports::{Clock, Desktop, Keychain};

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
    /// The sniffed type; `image/png`, `image/jpeg`, `image/gif`, `image/webp` or `application/octet-stream`.
    pub mime: &'static str,
}

/// The program without a window.
#[derive(Clone)]
pub struct Engine {}

impl Engine {
    /// Open the profile: take its lock, and, if it holds an account, its key and its vault. No network is touched
    /// before this returns, and it never waits for one. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// [`tidings_model::Code::InUse`] when another process has the profile; [`tidings_model::Code::DiskFull`] when it cannot be written.
    /// A keyring or vault that does not open is no error here: it is [`tidings_model::Screen::Locked`].
    pub async fn start(_config: Config, _ports: Ports) -> Result<Self, Failure> {
        unimplemented!()
    }

    /// What the window shows first, read from the vault with no SDK and no network: the state, and the first `rows` chats.
    pub fn first_paint(&self, _rows: usize) -> (AppUpdate, ChatListUpdate) {
        unimplemented!()
    }

    /// Follow the state of the program. Begins with a reset.
    pub fn subscribe_app(&self, _sink: Sink<AppUpdate>) {
        unimplemented!()
    }

    /// Ask every window to open a chat (a clicked notification).
    pub fn request_open(&self, _account: AccountId, _room: RoomId) {
        unimplemented!()
    }

    /// Find the homeserver behind an address.
    ///
    /// # Errors
    /// Unknown, untrusted, unreachable or unsupported servers.
    pub async fn discover(&self, _address: String) -> Result<Organisation, Failure> {
        unimplemented!()
    }

    /// Sign in with a password, make the vault, start to sync.
    ///
    /// # Errors
    /// As the server or the keyring refuses.
    pub async fn sign_in(&self, _sign_in: SignIn) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Sign out and wipe everything of this account on this computer: the key first, then the files.
    ///
    /// # Errors
    /// When a file cannot be removed. A server that cannot be reached is no error.
    pub async fn sign_out(&self, _account: AccountId) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Try to open a locked vault again; with a password when the keyring lost the key.
    ///
    /// # Errors
    /// As before, or a wrong password.
    pub async fn unlock(&self, _account: AccountId, _password: Option<String>) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Sign in again after the server ended the session: same device, same vault.
    ///
    /// # Errors
    /// As [`Self::sign_in`].
    pub async fn sign_in_again(&self, _account: AccountId, _password: String) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Follow the chat list. Begins with a reset.
    ///
    /// # Errors
    /// When there is no such open account.
    pub async fn subscribe_chats(&self, _account: AccountId, _sink: Sink<ChatListUpdate>) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Open a conversation at its unread line, else at its end. Begins with a reset.
    ///
    /// # Errors
    /// When there is no such chat.
    pub async fn open_chat(
        &self,
        _account: AccountId,
        _room: RoomId,
        _sink: Sink<ConversationUpdate>,
    ) -> Result<ConversationId, Failure> {
        unimplemented!()
    }

    /// Show older messages: from the vault at once, from the server where there is a gap.
    ///
    /// # Errors
    /// When the conversation is closed.
    pub async fn load_older(&self, _conversation: ConversationId) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Stop following a conversation.
    pub async fn close_chat(&self, _conversation: ConversationId) {
        unimplemented!()
    }

    /// Record a message and its echo; it goes out as soon as it can. Returns its transaction id.
    ///
    /// # Errors
    /// When it could not be recorded: then it is not shown either.
    pub async fn send_message(
        &self,
        _account: AccountId,
        _room: RoomId,
        _draft: Draft,
    ) -> Result<TransactionId, Failure> {
        unimplemented!()
    }

    /// Send a refused message again, with the same transaction id.
    ///
    /// # Errors
    /// When it is not there any more.
    pub async fn retry_send(&self, _account: AccountId, _transaction: TransactionId) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Delete a message that was refused.
    ///
    /// # Errors
    /// When it is not there any more, or on its way.
    pub async fn discard_send(&self, _account: AccountId, _transaction: TransactionId) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Everything up to this message was on screen for a second in the focused window.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn mark_read(&self, _account: AccountId, _room: RoomId, _event: EventId) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Keep what stands in a composer; empty text forgets it.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn save_draft(&self, _account: AccountId, _room: RoomId, _text: String) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Tell the room that this person is writing, or stopped. Not kept, not repeated.
    pub async fn set_typing(&self, _account: AccountId, _room: RoomId, _typing: bool) {
        unimplemented!()
    }

    /// Join, or decline an invitation.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn answer_invitation(&self, _account: AccountId, _room: RoomId, _join: bool) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Where the person is looking.
    pub fn set_attention(&self, _attention: Attention) {
        unimplemented!()
    }

    /// Open a link of a message.
    ///
    /// # Errors
    /// [`tidings_model::Code::LinkRefused`] for everything but http, https and mailto.
    pub fn open_link(&self, _href: &str) -> Result<(), Failure> {
        unimplemented!()
    }

    /// Fetch a picture or file, from the encrypted cache if it is there.
    ///
    /// # Errors
    /// When it is not known, not kept or cannot be fetched.
    pub async fn media(&self, _account: AccountId, _media: MediaRef) -> Result<Media, Failure> {
        unimplemented!()
    }

    /// Save a message's file into the downloads folder under its safe name. Returns that name.
    ///
    /// # Errors
    /// As [`Self::media`], or when it cannot be written.
    pub async fn save_file(&self, _account: AccountId, _media: MediaRef) -> Result<String, Failure> {
        unimplemented!()
    }

    /// Choose the colours; kept in the profile.
    ///
    /// # Errors
    /// When it could not be kept.
    pub async fn set_theme(&self, _theme: Theme) -> Result<(), Failure> {
        unimplemented!()
    }

    /// The server's network may have changed or come back ("Try now"): reset every back-off.
    pub fn try_now(&self) {
        unimplemented!()
    }

    /// Stop syncing, flush, close the vault and the stores.
    pub async fn shutdown(&self) {
        unimplemented!()
    }

    /// The row key of an own message that was recorded here.
    #[must_use]
    pub fn item_key(transaction: &TransactionId) -> ItemKey {
        ItemKey(format!("t:{transaction}"))
    }
}
