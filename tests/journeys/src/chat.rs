//! An open conversation, as the window keeps it.

use std::collections::BTreeMap;

use tidings_model::{
    Block, Body, ConversationHeader, ConversationId, ConversationUpdate, Delivery, Draft, EventId, Failure, History,
    Item, ItemKey, ItemKind, Landing, Message, Op, RoomId, SavedDraft, Span, Target, TransactionId, apply,
};

use crate::{Seat, Seen};

/// What the window shows of a conversation, and what happened to its rows.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The header, once there was a reset.
    pub header: Option<ConversationHeader>,
    /// The rows.
    pub items: Vec<Item>,
    /// What lies before the oldest row.
    pub history: Option<History>,
    /// What lies after the newest row.
    pub newer: Option<History>,
    /// Where it stood after the last reset.
    pub landing: Option<Landing>,
    /// What stood in the composer when it was opened.
    pub draft: SavedDraft,
    /// How often each key was inserted after the reset.
    pub inserted: BTreeMap<String, usize>,
    /// Keys that were removed, in order.
    pub removed: Vec<ItemKey>,
    /// How often everything was sent anew.
    pub resets: usize,
    /// Every delivery each own message was seen with, in order.
    pub deliveries: BTreeMap<String, Vec<Delivery>>,
}

impl View {
    /// The messages.
    pub fn messages(&self) -> impl Iterator<Item = &Message> {
        self.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Message { message } => Some(message.as_ref()),
            ItemKind::Day { .. } | ItemKind::NewMessages { .. } | ItemKind::Gap | ItemKind::System { .. } => None,
        })
    }

    /// The texts of the messages, top to bottom.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.messages().map(|message| text_of(&message.body)).collect()
    }

    /// The message with this text.
    #[must_use]
    pub fn message(&self, text: &str) -> Option<&Message> {
        self.messages().find(|message| text_of(&message.body) == text)
    }

    /// The row of a message with this text.
    #[must_use]
    pub fn item(&self, text: &str) -> Option<&Item> {
        self.items
            .iter()
            .find(|item| matches!(&item.kind, ItemKind::Message { message } if text_of(&message.body) == text))
    }

    /// The text of the message it landed at, if it did.
    #[must_use]
    pub fn landed_at(&self) -> Option<String> {
        let (Landing::Message { key } | Landing::Start { key }) = self.landing.as_ref()? else { return None };
        self.items.iter().skip_while(|item| item.key != *key).find_map(|item| match &item.kind {
            ItemKind::Message { message } => Some(text_of(&message.body)),
            ItemKind::Day { .. } | ItemKind::NewMessages { .. } | ItemKind::Gap | ItemKind::System { .. } => None,
        })
    }

    fn take(&mut self, update: ConversationUpdate) {
        match update {
            ConversationUpdate::Reset { header, items, history, newer, landing, draft } => {
                self.resets += 1;
                self.header = Some(header);
                self.items = items;
                self.history = Some(history);
                self.newer = Some(newer);
                self.landing = Some(landing);
                self.draft = draft;
            }
            ConversationUpdate::Header { header } => self.header = Some(header),
            ConversationUpdate::History { history } => self.history = Some(history),
            ConversationUpdate::Newer { newer } => self.newer = Some(newer),
            ConversationUpdate::Patch { ops } => {
                for op in ops {
                    match &op {
                        Op::Insert { item, .. } => *self.inserted.entry(item.key.0.clone()).or_default() += 1,
                        Op::Remove { index } => self.removed.push(self.items[*index].key.clone()),
                        Op::Set { index, item } => {
                            assert_eq!(self.items[*index].key, item.key, "a row changes, its key does not");
                        }
                    }
                    apply(&mut self.items, vec![op]);
                }
            }
        }
        let mut keys: Vec<&ItemKey> = self.items.iter().map(|item| &item.key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), self.items.len(), "no key stands twice: {:#?}", self.items);
        for item in &self.items {
            if let ItemKind::Message { message } = &item.kind
                && let Some(delivery) = &message.delivery
            {
                let seen = self.deliveries.entry(item.key.0.clone()).or_default();
                if seen.last() != Some(delivery) {
                    seen.push(delivery.clone());
                }
            }
        }
    }
}

/// A conversation that a [`Seat`] has open.
pub struct Chat {
    seat: Seat,
    room: RoomId,
    thread: Option<EventId>,
    id: ConversationId,
    view: Seen<View>,
}

impl Chat {
    pub(crate) async fn open(seat: Seat, room: RoomId, target: Target) -> Self {
        let view = Seen::new(View::default());
        let feed = view.clone();
        let sink = Box::new(move |update| {
            feed.change(|view| view.take(update));
            true
        });
        let id = seat.engine().open_chat(seat.account(), room.clone(), target, sink).await.unwrap();
        assert_eq!(view.now().resets, 1, "a stream begins with a reset");
        Self { seat, room, thread: None, id, view }
    }

    /// Open the thread that begins at a message.
    pub async fn opens_thread(&self, root: &EventId) -> Self {
        let view = Seen::new(View::default());
        let feed = view.clone();
        let sink = Box::new(move |update| {
            feed.change(|view| view.take(update));
            true
        });
        let (seat, room, thread) = (self.seat.clone(), self.room.clone(), Some(root.clone()));
        let id =
            seat.engine().open_thread(seat.account(), room.clone(), root.clone(), Target::Unread, sink).await.unwrap();
        assert_eq!(view.now().resets, 1, "a stream begins with a reset");
        Self { seat, room, thread, id, view }
    }

    /// What is shown now.
    #[must_use]
    pub fn now(&self) -> View {
        self.view.now()
    }

    /// The texts of the messages, top to bottom.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.now().texts()
    }

    /// Wait until `look` finds something in the conversation.
    pub async fn until<R>(&self, what: &str, look: impl FnMut(&View) -> Option<R>) -> R {
        self.view.until(what, look).await
    }

    /// Wait for a message with this text.
    pub async fn sees(&self, text: &str) -> Message {
        self.until(&format!("a message {text:?}"), |view| view.message(text).cloned()).await
    }

    /// Wait for a message with this text that `look` likes.
    pub async fn sees_with(&self, text: &str, what: &str, look: impl Fn(&Message) -> bool) -> Message {
        let what = format!("a message {text:?} {what}");
        self.until(&what, |view| view.message(text).filter(|message| look(message)).cloned()).await
    }

    /// Wait for an own message to have come this far.
    pub async fn delivers(&self, text: &str, delivery: &Delivery) -> Message {
        let what = format!("that is {delivery:?}");
        self.sees_with(text, &what, |message| message.delivery.as_ref() == Some(delivery)).await
    }

    /// Wait for exactly these texts, top to bottom.
    pub async fn shows(&self, texts: &[&str]) {
        self.until(&format!("exactly {texts:?}"), |view| (view.texts() == texts).then_some(())).await;
    }

    /// Write a message; gives its transaction id. The echo is there when this returns or right after.
    pub async fn sends(&self, text: &str) -> TransactionId {
        let (text, thread) = (text.to_owned(), self.thread.clone());
        self.sends_draft(Draft { text, reply_to: None, thread, mentions: Vec::new() }).await
    }

    /// Write this.
    pub async fn sends_draft(&self, draft: Draft) -> TransactionId {
        self.seat.engine().send_message(self.seat.account(), self.room.clone(), draft).await.unwrap()
    }

    /// Scroll up.
    pub async fn scrolls_up(&self) {
        self.seat.engine().load_older(self.id).await.unwrap();
    }

    /// Scroll down.
    pub async fn scrolls_down(&self) {
        self.seat.engine().load_newer(self.id).await.unwrap();
    }

    /// Go somewhere else.
    ///
    /// # Errors
    /// As [`tidings_engine::Engine::jump`].
    pub async fn jumps_to(&self, target: Target) -> Result<(), Failure> {
        let resets = self.now().resets;
        self.seat.engine().jump(self.id, target).await?;
        self.until("a reset", |view| (view.resets > resets).then_some(())).await;
        Ok(())
    }

    /// Scroll up until the chat begins.
    pub async fn scrolls_to_the_beginning(&self) {
        loop {
            let before = self.now();
            if before.history == Some(History::Complete) {
                return;
            }
            self.scrolls_up().await;
            let count = before.items.len();
            self.until("older rows, or the beginning", |view| {
                let came = view.items.len() > count && view.history != Some(History::Loading);
                (came || view.history == Some(History::Complete)).then_some(())
            })
            .await;
        }
    }

    /// Everything up to this message was read.
    pub async fn reads(&self, event: &EventId) {
        self.seat
            .engine()
            .mark_read(self.seat.account(), self.room.clone(), self.thread.clone(), event.clone())
            .await
            .unwrap();
    }

    /// Leave this text in the composer.
    pub async fn drafts(&self, text: &str) {
        self.seat
            .engine()
            .save_draft(self.seat.account(), self.room.clone(), self.thread.clone(), text.to_owned(), None)
            .await
            .unwrap();
    }

    /// Star a message, or take the star away.
    pub async fn stars(&self, event: &EventId, starred: bool) {
        let (account, room) = (self.seat.account(), self.room.clone());
        self.seat.engine().set_starred(account, room, event.clone(), starred).await.unwrap();
    }

    /// Begin or stop writing.
    pub async fn types(&self, typing: bool) {
        self.seat.engine().set_typing(self.seat.account(), self.room.clone(), typing).await;
    }

    /// Send a refused message again.
    pub async fn tries_again(&self, transaction: &TransactionId) {
        self.seat.engine().retry_send(self.seat.account(), transaction.clone()).await.unwrap();
    }

    /// Delete a refused message.
    pub async fn discards(&self, transaction: &TransactionId) {
        self.seat.engine().discard_send(self.seat.account(), transaction.clone()).await.unwrap();
    }

    /// React to a message.
    pub async fn reacts(&self, event: &EventId, key: &str) {
        let (account, room) = (self.seat.account(), self.room.clone());
        self.seat.engine().send_reaction(account, room, event.clone(), key.to_owned()).await.unwrap();
    }

    /// Take a reaction back.
    pub async fn takes_back(&self, event: &EventId, key: &str) {
        let (account, room) = (self.seat.account(), self.room.clone());
        self.seat.engine().remove_reaction(account, room, event.clone(), key.to_owned()).await.unwrap();
    }

    /// Give an own message another text.
    pub async fn edits(&self, event: &EventId, text: &str) -> Result<TransactionId, Failure> {
        let draft = Draft { text: text.to_owned(), reply_to: None, thread: None, mentions: Vec::new() };
        self.seat.engine().edit_message(self.seat.account(), self.room.clone(), event.clone(), draft).await
    }

    /// Delete a message for everyone.
    pub async fn deletes(&self, event: &EventId) {
        self.seat.engine().redact(self.seat.account(), self.room.clone(), event.clone()).await.unwrap();
    }

    /// Vote in a poll.
    pub async fn votes(&self, poll: &EventId, answers: &[&str]) -> Result<TransactionId, Failure> {
        let answers = answers.iter().map(|answer| (*answer).to_owned()).collect();
        self.seat.engine().vote(self.seat.account(), self.room.clone(), poll.clone(), answers).await
    }

    /// Close a poll.
    pub async fn ends(&self, poll: &EventId) -> Result<TransactionId, Failure> {
        self.seat.engine().end_poll(self.seat.account(), self.room.clone(), poll.clone()).await
    }

    /// Close the conversation.
    pub async fn closes(self) {
        self.seat.engine().close_chat(self.id).await;
    }
}

/// What a body says, as plain text; `[what]` for what is no text.
#[must_use]
pub fn text_of(body: &Body) -> String {
    match body {
        Body::Text { blocks, .. } => blocks_text(blocks),
        Body::Image { .. } => "[image]".to_owned(),
        Body::File { file, .. } => format!("[file {}]", file.name),
        Body::Poll { poll } => format!("[poll {}]", poll.question),
        Body::Video { video, .. } => format!("[video {}]", video.file.name),
        Body::Audio { sound, .. } => format!("[audio {}]", sound.file.name),
        Body::Voice { .. } => "[voice]".to_owned(),
        Body::Sticker { text, .. } => format!("[sticker {text}]"),
        Body::Location { location } => format!("[location {}]", location.text),
        Body::Call { call } => format!("[call {:?}]", call.state),
        Body::Deleted => "[deleted]".to_owned(),
        Body::Undecryptable { cause } => format!("[undecryptable {cause:?}]"),
        Body::Unsupported { what } => format!("[unsupported {what}]"),
    }
}

fn blocks_text(blocks: &[Block]) -> String {
    let texts: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph { spans } | Block::Heading { spans, .. } => spans_text(spans),
            Block::Code { text, .. } => text.clone(),
            Block::Quote { blocks } => format!("> {}", blocks_text(blocks)),
            Block::List { items, .. } => {
                items.iter().map(|item| format!("- {}", blocks_text(item))).collect::<Vec<_>>().join("\n")
            }
            Block::Rule => "---".to_owned(),
        })
        .collect();
    texts.join("\n")
}

fn spans_text(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text { text } | Span::Code { text } => text.clone(),
            Span::Break => "\n".to_owned(),
            Span::Bold { spans }
            | Span::Italic { spans }
            | Span::Strike { spans }
            | Span::Underline { spans }
            | Span::Link { spans, .. } => spans_text(spans),
            Span::Mention { name, .. } => format!("@{name}"),
        })
        .collect()
}
