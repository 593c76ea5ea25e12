//! Somebody at a computer of their own, who reads, thinks, types and answers.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rand::Rng;
use tidings_engine::{
    Config, Engine, Ports,
    ports::{Clock, Desktop, Notice, NoticeKey},
};
use tidings_journeys::{FileKeychain, TestClock, text_of};
use tidings_model::{
    AccountId, AppUpdate, Body, ChatListUpdate, ChatRow, Code, ConversationUpdate, Draft, EventId, Failure, Item,
    ItemKind, LinkTarget, Message, Preview, RoomId, Screen, SignIn, Target, Timestamp, apply,
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::answers::{COLLEAGUES, Character, INCIDENT};

/// Between two remarks in Harbour Ops.
const REMARKS: Duration = Duration::from_secs(7 * 60);

/// What a colleague notices.
enum Noticed {
    Chats(ChatListUpdate),
    Chat(RoomId, Box<ConversationUpdate>),
}

/// What a chat is to a colleague.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Direct,
    HarbourOps,
    Incident,
}

/// A chat a colleague has open.
struct OpenChat {
    place: Place,
    items: Vec<Item>,
    /// The message that was answered last, or is being answered.
    answered: Option<EventId>,
    /// How many lines of the beginning were begun.
    begun: usize,
    writing: Option<JoinHandle<()>>,
    last_words: String,
}

/// Priya or Jonas, signed in.
pub(crate) struct Colleague {
    character: &'static Character,
    engine: Engine,
    account: AccountId,
    arrived: Timestamp,
    notice: mpsc::UnboundedSender<Noticed>,
    noticed: mpsc::UnboundedReceiver<Noticed>,
    rows: Vec<ChatRow>,
    accepted: HashSet<RoomId>,
    chats: HashMap<RoomId, OpenChat>,
}

impl Colleague {
    /// Signs in, or goes on with the profile of last time.
    pub(crate) async fn arrive(character: &'static Character, folder: &Path, sign_in: SignIn) -> Result<Self, Failure> {
        let (profile, keys) = (folder.join("profile"), folder.join("keys"));
        for path in [&profile, &keys] {
            fs::create_dir_all(path).map_err(|error| Failure::new(Code::DiskFull, error))?;
        }
        let clock = Arc::new(TestClock::default());
        let arrived = clock.now();
        let keychain = Arc::new(FileKeychain::in_folder(keys));
        let ports = Ports { desktop: Arc::new(Elsewhere), keychain, clock };
        let config = Config { profile, device_name: format!("{}'s computer", character.first) };
        let engine = Engine::start(config, ports).await?;
        let (tell, mut told) = watch::channel(None);
        engine.subscribe_app(Box::new(move |update| {
            if let AppUpdate::Reset { state } = update {
                tell.send_replace(Some(state.screen));
            }
            true
        }));
        let mut sign_in = Some(sign_in);
        let account = loop {
            // Copied out first: the engine tells while it signs in, and must not wait for this look.
            let screen = told.borrow_and_update().clone();
            match screen {
                Some(Screen::Chats { account }) => break account.account,
                Some(Screen::Locked { reason, .. }) => {
                    return Err(Failure::new(Code::KeyLost, format!("the profile is locked: {reason:?}")));
                }
                Some(Screen::SignIn) => {
                    if let Some(sign_in) = sign_in.take() {
                        engine.sign_in(sign_in).await?;
                    }
                }
                Some(Screen::Starting) | None => {}
            }
            told.changed().await.map_err(|_| Failure::new(Code::Internal, "the engine ended"))?;
        };
        let (notice, noticed) = mpsc::unbounded_channel();
        let feed = notice.clone();
        let sink = Box::new(move |update| feed.send(Noticed::Chats(update)).is_ok());
        engine.subscribe_chats(account.clone(), sink).await?;
        let (rows, accepted, chats) = Default::default();
        Ok(Self { character, engine, account, arrived, notice, noticed, rows, accepted, chats })
    }

    /// Reads and answers until the demo ends.
    pub(crate) async fn work(mut self, mut ending: watch::Receiver<bool>) {
        let first = tokio::time::Instant::now() + Duration::from_secs(self.character.first_remark_s);
        let mut remarks = tokio::time::interval_at(first, REMARKS);
        let mut last_remark = String::new();
        loop {
            tokio::select! {
                _ = ending.wait_for(|ending| *ending) => break,
                _ = remarks.tick() => {
                    let room = self.chats.iter().find(|(_, chat)| chat.place == Place::HarbourOps);
                    if let Some(room) = room.map(|(room, _)| room.clone()) {
                        last_remark = self.character.remark(&last_remark);
                        drop(self.write(room, None, last_remark.clone(), 4));
                    }
                }
                noticed = self.noticed.recv() => match noticed {
                    Some(Noticed::Chats(update)) => self.look_over(update).await,
                    Some(Noticed::Chat(room, update)) => self.read(&room, *update),
                    None => break,
                },
            }
        }
        self.engine.shutdown().await;
    }

    /// Joins what invites, and opens what is of interest.
    async fn look_over(&mut self, update: ChatListUpdate) {
        match update {
            ChatListUpdate::Reset { rows } => self.rows = rows,
            ChatListUpdate::Patch { ops } => apply(&mut self.rows, ops),
        }
        for row in self.rows.clone() {
            if matches!(row.preview, Preview::Invitation { .. }) {
                if self.accepted.insert(row.room.clone()) {
                    // Not recorded means not joined; the next look at the list asks again.
                    if self.engine.answer_invitation(self.account.clone(), row.room.clone(), true).await.is_err() {
                        self.accepted.remove(&row.room);
                    }
                }
                continue;
            }
            let place = match row.name.as_str() {
                _ if row.direct => Place::Direct,
                "Harbour Ops" => Place::HarbourOps,
                "Incident review" => Place::Incident,
                _ => continue,
            };
            if self.chats.contains_key(&row.room) {
                continue;
            }
            let (feed, room) = (self.notice.clone(), row.room.clone());
            let sink = Box::new(move |update| feed.send(Noticed::Chat(room.clone(), Box::new(update))).is_ok());
            if self.engine.open_chat(self.account.clone(), row.room.clone(), Target::Unread, sink).await.is_ok() {
                let chat = OpenChat {
                    place,
                    items: Vec::new(),
                    answered: None,
                    begun: 0,
                    writing: None,
                    last_words: String::new(),
                };
                self.chats.insert(row.room, chat);
            }
        }
    }

    /// Takes in what changed in a chat, and answers where that is for this colleague.
    fn read(&mut self, room: &RoomId, update: ConversationUpdate) {
        let Some(chat) = self.chats.get_mut(room) else { return };
        match update {
            ConversationUpdate::Reset { items, .. } => chat.items = items,
            ConversationUpdate::Patch { ops } => apply(&mut chat.items, ops),
            ConversationUpdate::Header { .. }
            | ConversationUpdate::History { .. }
            | ConversationUpdate::Newer { .. } => {
                return;
            }
        }
        let messages: Vec<&Message> = chat.items.iter().filter_map(message).collect();
        if chat.place == Place::Incident
            && let Some((who, line)) = INCIDENT.get(messages.len())
            && *who == self.character.local
            && chat.begun <= messages.len()
        {
            chat.begun = messages.len() + 1;
            drop(self.write(room.clone(), None, (*line).to_owned(), 5));
            return;
        }
        let Some(newest) = messages.last() else { return };
        let Some(event) = newest.event.clone() else { return };
        if chat.answered.as_ref() == Some(&event) || !for_me(self.character, chat.place, newest, self.arrived) {
            return;
        }
        let text = text_of(&newest.body);
        let answer = self.character.answer(&text, &chat.last_words);
        chat.last_words.clone_from(&answer);
        chat.answered = Some(event.clone());
        // Somebody who writes three lines gets one answer, to the last.
        if let Some(writing) = chat.writing.take() {
            writing.abort();
        }
        let writing = self.write(room.clone(), Some(event), answer, 2);
        if let Some(chat) = self.chats.get_mut(room) {
            chat.writing = Some(writing);
        }
    }

    /// Reads, thinks, types, and sends.
    fn write(&self, room: RoomId, read: Option<EventId>, text: String, think_s: u64) -> JoinHandle<()> {
        let (engine, account) = (self.engine.clone(), self.account.clone());
        let pause = Duration::from_millis(rand::rng().random_range(500..think_s * 1000));
        let typing = Duration::from_millis(900 + 35 * u64::try_from(text.chars().count()).unwrap_or(0).min(90));
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            if let Some(event) = read {
                // What could not be recorded now is read by the next message.
                let _ = engine.mark_read(account.clone(), room.clone(), None, event).await;
            }
            engine.set_typing(account.clone(), room.clone(), true).await;
            tokio::time::sleep(typing).await;
            let draft = Draft { text, reply_to: None, thread: None, mentions: Vec::new() };
            // A demo's colleague who cannot write stays silent.
            let _ = engine.send_message(account.clone(), room.clone(), draft).await;
            engine.set_typing(account, room, false).await;
        })
    }
}

fn message(item: &Item) -> Option<&Message> {
    match &item.kind {
        ItemKind::Message { message } => Some(message),
        ItemKind::Day { .. } | ItemKind::NewMessages { .. } | ItemKind::Gap | ItemKind::System { .. } => None,
    }
}

/// Whether a message wants an answer from this colleague.
fn for_me(me: &Character, place: Place, message: &Message, arrived: Timestamp) -> bool {
    let sender = message.sender.user.as_str();
    let colleague = COLLEAGUES.iter().any(|local| sender.starts_with(&format!("@{local}:")));
    let readable = !matches!(message.body, Body::Deleted | Body::Undecryptable { .. } | Body::Unsupported { .. });
    if message.own || colleague || !readable {
        return false;
    }
    let text = text_of(&message.body);
    let named = |first: &str| text.contains(first);
    let [one, other] = COLLEAGUES.map(|local| named(&capitalised(local)));
    // For both: who answers depends on the message alone, so that exactly one does.
    let mine = if one == other { message.time.0.rem_euclid(2) == i64::from(me.odd) } else { named(me.first) };
    match place {
        Place::Direct => true,
        Place::Incident => mine,
        Place::HarbourOps => mine && message.time > arrived && (one || other || text.contains('?')),
    }
}

fn capitalised(local: &str) -> String {
    let mut letters = local.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A colleague looks at no notifications: every chat of interest is open.
struct Elsewhere;

impl Desktop for Elsewhere {
    fn show(&self, _notice: Notice) {}
    fn withdraw(&self, _key: &NoticeKey) {}
    fn badge(&self, _unread_chats: u32) {}
    fn open_link(&self, _target: &LinkTarget) -> Result<(), String> {
        Err("a colleague opens nothing".to_owned())
    }
    fn downloads(&self) -> PathBuf {
        std::env::temp_dir()
    }
    fn on_battery(&self) -> bool {
        false
    }
}
