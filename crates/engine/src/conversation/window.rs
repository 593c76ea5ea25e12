//! A window over the vault.
//!
//! The window knows two numbers, the positions of its oldest and of its newest row; without the second it follows the
//! end. After every change it reads what lies between and sends the difference, so that a new message, an edit of an old
//! one, a late key and a filled gap are one code path. More rows come from the vault at once, and from the server where
//! the vault has a gap; a gap between rows that are shown is filled without being asked.
//!
//! **Invariant:** a window that stands somewhere else says so with a reset; patches only ever speak of neighbours.

use std::{future::Future, pin::Pin, sync::Arc};

use tidings_model::{
    Code, Connection, ConversationHeader, ConversationUpdate, Departure, Failure, History, Item, ItemKey, ItemKind,
    Landing, SavedDraft, Target, diff,
};
use tidings_vault::{DraftRecord, Gap, Membership, VaultError};
use tokio::sync::{broadcast, broadcast::error::RecvError, mpsc};

use super::{
    Ask,
    items::{self, Reading, UnreadLine},
    source::{Older, Source},
    standing::{Found, PAGE, Standing, Stop, find, find_in_thread, newest},
};
use crate::{
    Sink,
    broadcast::lock,
    history, people, rooms,
    session::{News, Session},
};

/// Pages that are fetched on the way to the beginning of a thread before somebody has to ask again.
const PATIENCE: u32 = 30;

/// A gap that is being asked for.
type Filling = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

pub(super) struct Window {
    session: Arc<Session>,
    source: Source,
    sink: Sink<ConversationUpdate>,
    /// The position of the oldest row.
    from: i64,
    /// The position of the newest row; `None` follows the end.
    to: Option<i64>,
    unread: Option<UnreadLine>,
    header: ConversationHeader,
    items: Vec<Item>,
    history: History,
    newer: History,
    /// The gaps before and between the rows, as last read.
    gaps: Vec<Gap>,
    /// A gap is being filled: its token, and whether scrolling up waits for it.
    filling: Option<(String, bool)>,
    /// A gap that the server did not fill; not asked for again until the connection comes back.
    refused: Option<String>,
    /// How many more pages are fetched without a row coming of them, until it is asked for again.
    patience: u32,
    /// Nobody listens any more.
    closed: bool,
}

/// A window, read at one moment.
struct View {
    header: ConversationHeader,
    items: Vec<Item>,
    history: History,
    newer: History,
    landing: Landing,
    draft: SavedDraft,
}

impl Window {
    pub(super) async fn first(
        session: Arc<Session>,
        source: Source,
        target: Target,
        sink: Sink<ConversationUpdate>,
    ) -> Result<Self, Failure> {
        let (reader, of) = (Arc::clone(&session), source.clone());
        let read = session
            .vault(move |vault| {
                if vault.chat(&of.room)?.is_none() {
                    return Ok(None);
                }
                let find = |target: &Target| match of.thread {
                    None => find(vault, &of.room, target),
                    Some(_) => find_in_thread(vault, &of, target),
                };
                let standing = match find(&target)? {
                    Found::Here(standing) | Found::Near(standing, _) => standing,
                    Found::Missing => match find(&Target::Unread)? {
                        Found::Here(standing) | Found::Near(standing, _) => standing,
                        Found::Missing => super::standing::end(vault, &of.room)?,
                    },
                };
                let unread = match of.unread(vault)? {
                    (_, 0) => None,
                    (after, count) => Some(UnreadLine { after: after.unwrap_or(i64::MIN), count }),
                };
                let view = view(&reader, &of, standing, unread.as_ref())?;
                Ok(view.map(|view| (standing, unread, view)))
            })
            .await?;
        let Some((Standing { from, to, .. }, unread, view)) = read else {
            return Err(Failure::new(Code::Gone, "there is no such chat"));
        };
        let View { header, items, history, newer, .. } = &view;
        let (header, items, history, newer) = (header.clone(), items.clone(), *history, *newer);
        let closed = !sink(view.into());
        Ok(Self {
            session,
            source,
            sink,
            from,
            to,
            unread,
            header,
            items,
            history,
            newer,
            gaps: Vec::new(),
            filling: None,
            refused: None,
            patience: PATIENCE,
            closed,
        })
    }

    pub(super) async fn follow(&mut self, mut feed: broadcast::Receiver<News>, mut asked: mpsc::Receiver<Ask>) {
        // Its gaps come before those of other chats.
        let _on_screen = history::on_screen(&self.session, self.source.room.clone());
        let mut connection = self.session.connection.subscribe();
        let mut filling: Option<Filling> = None;
        // A gap is looked for when one may be there to fill, not after every change.
        let mut look = true;
        while !self.closed {
            if look && filling.is_none() {
                filling = self.next_filling().await;
                look = false;
            }
            let filled = async {
                match filling.as_mut() {
                    Some(filling) => filling.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                news = feed.recv() => match news {
                    Ok(News::Changes(changes)) if changes.conversations.contains(&self.source.room) => look |= self.refresh().await,
                    Ok(News::Changes(changes)) if changes.rows.contains(&self.source.room) => self.refresh_header().await,
                    Ok(News::Changes(_) | News::Invited(_) | News::Me | News::CatchingUp(_)) => {}
                    Ok(News::History) => self.refresh_header().await,
                    Ok(News::Typing(room)) => if room == self.source.room { self.refresh_header().await },
                    Err(RecvError::Lagged(_)) => look |= self.refresh().await,
                    Err(RecvError::Closed) => return,
                },
                changed = connection.changed() => {
                    if changed.is_err() { return }
                    self.refused = None;
                    self.refresh().await;
                    look = true;
                }
                ask = asked.recv() => {
                    match ask {
                        Some(Ask::Older) => filling = self.older(filling).await,
                        Some(Ask::Newer) => self.newer().await,
                        Some(Ask::Stand(standing)) => self.stand(standing).await,
                        None => return,
                    }
                    look = true;
                }
                outcome = filled => {
                    filling = None;
                    self.filled(outcome).await;
                    look = true;
                }
            }
        }
    }

    /// Stand somewhere else.
    async fn stand(&mut self, standing: Standing) {
        let (session, source, unread) = (Arc::clone(&self.session), self.source.clone(), self.unread.clone());
        match self.session.vault(move |_| view(&session, &source, standing, unread.as_ref())).await {
            Ok(Some(view)) => {
                self.from = standing.from;
                self.to = standing.to;
                self.header = view.header.clone();
                self.items.clone_from(&view.items);
                self.history = view.history;
                self.newer = view.newer;
                self.refused = None;
                // A gap that is being filled is not waited for any more.
                if let Some((_, waits)) = &mut self.filling {
                    *waits = false;
                }
                self.send(view.into());
            }
            Ok(None) => {}
            Err(failure) => tracing::error!(room = %self.source.room, "a conversation cannot be read: {failure}"),
        }
    }

    /// Read everything again and send the difference; whether the gaps are others than before.
    async fn refresh(&mut self) -> bool {
        let (session, source, from, to) = (Arc::clone(&self.session), self.source.clone(), self.from, self.to);
        let unread = self.unread.clone();
        let read = self
            .session
            .vault(move |_| {
                let reading = items::read(&session, &source, from, to)?;
                let oldest = reading.page.messages.first().map(|record| record.position);
                Ok((items::items(&session, &source.room, &reading, unread.as_ref())?, oldest, reading.page.gaps))
            })
            .await;
        let moved = match read {
            Ok((items, oldest, gaps)) => {
                // An empty chat got its first messages.
                if self.from == i64::MIN && self.source.thread.is_none() {
                    self.from = oldest.unwrap_or(i64::MIN);
                }
                let moved = gaps != self.gaps;
                self.gaps = gaps;
                let ops = diff(&self.items, &items, |item| item.key.clone());
                self.items = items;
                if !ops.is_empty() {
                    self.send(ConversationUpdate::Patch { ops });
                }
                moved
            }
            Err(failure) => {
                tracing::error!(room = %self.source.room, "a conversation cannot be read: {failure}");
                false
            }
        };
        self.refresh_header().await;
        moved
    }

    async fn refresh_header(&mut self) {
        let (session, source) = (Arc::clone(&self.session), self.source.clone());
        match self.session.vault(move |_| header(&session, &source)).await {
            Ok(Some(header)) if header != self.header => {
                self.header = header.clone();
                self.send(ConversationUpdate::Header { header });
            }
            Ok(_) => {}
            Err(failure) => tracing::error!(room = %self.source.room, "a header cannot be read: {failure}"),
        }
    }

    /// Show newer messages. The vault has them: what is missing between is a gap between rows.
    async fn newer(&mut self) {
        let Some(to) = self.to else { return };
        let room = self.source.room.clone();
        match self.session.vault(move |vault| newest(vault, &room, to, PAGE)).await {
            Ok(to) => {
                self.to = to;
                self.refresh().await;
                let newer = if to.is_some() { History::More } else { History::Complete };
                if self.newer != newer {
                    self.newer = newer;
                    self.send(ConversationUpdate::Newer { newer });
                }
            }
            Err(failure) => tracing::error!(room = %self.source.room, "newer messages cannot be read: {failure}"),
        }
    }

    /// Show older messages: from the vault at once, else from the server.
    async fn older(&mut self, filling: Option<Filling>) -> Option<Filling> {
        self.refused = None;
        self.patience = PATIENCE;
        match self.extend().await {
            Some(Older::Here) | None => filling,
            Some(Older::Gap(gap)) => {
                self.history(History::Loading);
                // One request at a time: if another gap is being filled, this one is asked for after it.
                if let (Some(filling), Some((_, waits))) = (filling, self.filling.as_mut()) {
                    *waits = true;
                    return Some(filling);
                }
                Some(self.fill(gap, true))
            }
        }
    }

    /// Extend the window by a page of the vault; what is left to do otherwise.
    async fn extend(&mut self) -> Option<Older> {
        let (source, from) = (self.source.clone(), self.from);
        let found = self
            .session
            .vault(move |vault| {
                let oldest = source.older(vault, from.saturating_sub(1), PAGE)?.last().copied();
                Ok((oldest, source.before(vault, from)?))
            })
            .await;
        match found {
            Ok((Some(oldest), _)) => {
                self.from = oldest;
                self.refresh().await;
                self.refresh_history().await;
                Some(Older::Here)
            }
            Ok((None, older)) => {
                if older.is_none() {
                    self.history(History::Complete);
                }
                older
            }
            Err(failure) => {
                tracing::error!(room = %self.source.room, "older messages cannot be read: {failure}");
                self.history(History::Failed);
                None
            }
        }
    }

    fn fill(&mut self, gap: Gap, scrolled_to: bool) -> Filling {
        self.filling = Some((gap.token.clone(), scrolled_to));
        let (session, room) = (Arc::clone(&self.session), self.source.room.clone());
        Box::pin(async move { history::ask(&session, room, gap.token).await })
    }

    async fn filled(&mut self, outcome: Result<(), Failure>) {
        let Some((token, scrolled_to)) = self.filling.take() else { return };
        match outcome {
            Ok(()) if scrolled_to => {
                // A page of nothing but edits and reactions shows no row: ask on, until one comes or the room begins.
                if let Some(Older::Gap(gap)) = self.extend().await
                    && gap.token != token
                {
                    self.refused = None;
                    self.history(History::Loading);
                }
            }
            Ok(()) => self.refresh_history().await,
            Err(failure) => {
                tracing::info!(room = %self.source.room, code = ?failure.code, "a gap was not filled");
                self.refused = Some(token);
                if scrolled_to {
                    self.history(History::Failed);
                }
            }
        }
    }

    /// The next gap that is filled without being asked: one between rows that are shown, or the one that scrolling up
    /// still waits for.
    async fn next_filling(&mut self) -> Option<Filling> {
        if *self.session.connection.borrow() != Connection::Online {
            return None;
        }
        let (source, from, to) = (self.source.clone(), self.from, self.to);
        let few = self.items.len() < PAGE / 3;
        let loading = self.history == History::Loading;
        let gap = self
            .session
            .vault(move |vault| {
                if (loading || few)
                    && let Some(Older::Gap(gap)) = source.before(vault, from)?
                {
                    return Ok(Some((gap, true)));
                }
                let page = source.between(vault, from, to)?;
                let oldest = page.messages.first().map_or(i64::MIN, |oldest| oldest.position);
                Ok(page.gaps.into_iter().rev().find(|gap| gap.before > oldest).map(|gap| (gap, false)))
            })
            .await
            .ok()
            .flatten()?;
        let (gap, scrolled_to) = gap;
        if self.refused.as_ref() == Some(&gap.token) {
            return None;
        }
        // The root of a thread may be years back, and the way to it shows nothing.
        if self.patience == 0 {
            self.history(History::More);
            return None;
        }
        self.patience = self.patience.saturating_sub(u32::from(self.source.thread.is_some()));
        if scrolled_to {
            self.history(History::Loading);
        }
        Some(self.fill(gap, scrolled_to))
    }

    async fn refresh_history(&mut self) {
        let (source, from) = (self.source.clone(), self.from);
        if let Ok(older) = self.session.vault(move |vault| source.before(vault, from)).await {
            self.history(if older.is_some() { History::More } else { History::Complete });
        }
    }

    fn history(&mut self, history: History) {
        if self.history != history {
            self.history = history;
            self.send(ConversationUpdate::History { history });
        }
    }

    fn send(&mut self, update: ConversationUpdate) {
        self.closed |= !(self.sink)(update);
    }
}

impl From<View> for ConversationUpdate {
    fn from(View { header, items, history, newer, landing, draft }: View) -> Self {
        Self::Reset { header, items, history, newer, landing, draft }
    }
}

/// Read a window; `None` when there is no such chat.
fn view(
    session: &Session,
    source: &Source,
    standing: Standing,
    unread: Option<&UnreadLine>,
) -> Result<Option<View>, VaultError> {
    let Some(header) = header(session, source)? else { return Ok(None) };
    let reading = items::read(session, source, standing.from, standing.to)?;
    let items = items::items(session, &source.room, &reading, unread)?;
    let older = source.before(&session.vault, standing.from)?;
    Ok(Some(View {
        header,
        landing: landing(&reading, &items, standing.stop),
        items,
        history: if older.is_some() { History::More } else { History::Complete },
        newer: if standing.to.is_some() { History::More } else { History::Complete },
        draft: draft(session, source)?,
    }))
}

/// What was left in the composer.
fn draft(session: &Session, source: &Source) -> Result<SavedDraft, VaultError> {
    let DraftRecord { text, reply_to } = session.vault.draft(&source.room, source.thread.as_ref())?;
    let mut quotes = items::quotes_of(session, &source.room, reply_to.iter().cloned().collect())?;
    Ok(SavedDraft { text, reply_to: reply_to.and_then(|event| quotes.remove(&event)) })
}

/// The row that is to be seen first.
fn landing(reading: &Reading, items: &[Item], stop: Stop) -> Landing {
    let key_at = |position: i64| {
        let record = reading.page.messages.iter().find(|record| record.position == position)?;
        let key = items::key(record);
        // A line that says nothing has no row.
        items.iter().any(|item| item.key == key).then_some(key)
    };
    match stop {
        Stop::Unread => Landing::Unread,
        Stop::End => Landing::End,
        Stop::Message(position) => key_at(position).map_or(Landing::End, |key| Landing::Message { key }),
        Stop::Start(position) => {
            key_at(position).map_or(Landing::End, |key| Landing::Start { key: with_its_day(items, key) })
        }
    }
}

/// The day that begins at a row, or the row itself.
fn with_its_day(items: &[Item], key: ItemKey) -> ItemKey {
    let mut rows = items.iter();
    let before = rows.position(|item| item.key == key).and_then(|index| index.checked_sub(1));
    match before.and_then(|index| items.get(index)) {
        Some(Item { key: day, kind: ItemKind::Day { .. } }) => day.clone(),
        _ => key,
    }
}

fn header(session: &Session, source: &Source) -> Result<Option<ConversationHeader>, VaultError> {
    let Source { room, thread } = source;
    let Some(chat) = session.vault.chat(room)? else { return Ok(None) };
    let unread = source.unread_in_threads(&session.vault, chat.unread)?;
    let summary = chat.summary;
    let name = people::chat_name(&summary.name);
    let typing = lock(&session.typing).get(room).cloned().unwrap_or_default();
    Ok(Some(ConversationHeader {
        room: room.clone(),
        avatar: people::chat_avatar(session, room, &summary, &name),
        name,
        direct: summary.direct,
        members: summary.members,
        encrypted: summary.encrypted,
        unread: unread.here,
        mentions: if thread.is_some() { 0 } else { chat.mentions },
        unread_thread: unread.newest,
        thread: thread.clone(),
        typing: rooms::typing_names(session, room, &typing),
        can_write: summary.can_write,
        invitation: summary.membership == Membership::Invited,
        departure: (summary.membership == Membership::Left).then(|| match &summary.left_by {
            Some(user) if *user == session.user => Departure::Own,
            other => Departure::Removed { by: other.as_ref().map(|user| people::name(session, room, user)) },
        }),
        reach: history::reach(session, room)?,
    }))
}
