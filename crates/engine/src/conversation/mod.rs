//! An open conversation: a window over the vault that begins with a reset and goes on in keyed patches.
//!
//! The window knows one number, the position of its oldest row. After every change it reads from there to the end and
//! sends the difference, so that a new message, an edit of an old one, a late key and a filled gap are one code path.
//! Older rows come from the vault at once, and from the server where the vault has a gap; a gap between rows that are
//! shown is filled without being asked.

mod body;
mod items;
pub(crate) mod preview;
mod system;

use std::{future::Future, pin::Pin, sync::Arc};

use tidings_model::{Code, Connection, ConversationHeader, ConversationUpdate, Failure, History, Item, RoomId, diff};
use tidings_vault::{Gap, Membership, VaultError};
use tokio::sync::{broadcast, broadcast::error::RecvError, mpsc};

use crate::{
    Sink,
    broadcast::lock,
    history, people, rooms,
    session::{News, Session},
};
use items::UnreadLine;

/// Rows of the first page, and of every page that is scrolled to.
const PAGE: usize = 60;
/// The first page grows up to this, to reach the unread line.
const LONGEST_FIRST_PAGE: usize = 600;

/// What a window is asked.
pub(crate) enum Ask {
    /// Show older messages.
    Older,
}

/// Open a conversation: the first reset is sent before this returns; the future keeps the window in step.
pub(crate) async fn open(
    session: Arc<Session>,
    room: RoomId,
    sink: Sink<ConversationUpdate>,
) -> Result<(mpsc::Sender<Ask>, impl Future<Output = ()> + Send + 'static), Failure> {
    // Subscribed before the first reading, so that no change falls between.
    let feed = session.feed.subscribe();
    let mut window = Window::first(session, room, sink).await?;
    let (asks, asked) = mpsc::channel(4);
    Ok((asks, async move { window.follow(feed, asked).await }))
}

/// A gap that is being asked for.
type Filling = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

struct Window {
    session: Arc<Session>,
    room: RoomId,
    sink: Sink<ConversationUpdate>,
    /// The position of the oldest row.
    from: i64,
    unread: Option<UnreadLine>,
    header: ConversationHeader,
    items: Vec<Item>,
    history: History,
    /// A gap is being filled: its token, and whether scrolling up waits for it.
    filling: Option<(String, bool)>,
    /// A gap that the server did not fill; not asked for again until the connection comes back.
    refused: Option<String>,
    /// Nobody listens any more.
    closed: bool,
}

impl Window {
    async fn first(session: Arc<Session>, room: RoomId, sink: Sink<ConversationUpdate>) -> Result<Self, Failure> {
        let (reader, id) = (Arc::clone(&session), room.clone());
        let waiting = *session.connection.borrow() != Connection::Online;
        let read = session
            .vault(move |vault| {
                let Some(chat) = vault.chat(&id)? else { return Ok(None) };
                let read_up_to = vault.read_position(&id)?;
                let wanted = PAGE.max(chat.unread as usize + PAGE / 3).min(LONGEST_FIRST_PAGE);
                let from = vault.page(&id, None, wanted)?.messages.first().map_or(i64::MIN, |oldest| oldest.position);
                let unread = (chat.unread > 0).then(|| UnreadLine { after: read_up_to.unwrap_or(i64::MIN) });
                let reading = items::read(&reader, &id, from, waiting)?;
                let items = items::items(&reader, &id, &reading, unread.as_ref())?;
                let header = header(&reader, &id)?;
                let history = if older(&reader, &id, from)?.is_some() { History::More } else { History::Complete };
                let draft = vault.draft(&id)?.unwrap_or_default();
                Ok(header.map(|header| (from, unread, items, header, history, draft)))
            })
            .await?;
        let Some((from, unread, items, header, history, draft)) = read else {
            return Err(Failure::new(Code::Gone, "there is no such chat"));
        };
        let reset = ConversationUpdate::Reset { header: header.clone(), items: items.clone(), history, draft };
        let closed = !sink(reset);
        Ok(Self { session, room, sink, from, unread, header, items, history, filling: None, refused: None, closed })
    }

    async fn follow(&mut self, mut feed: broadcast::Receiver<News>, mut asked: mpsc::Receiver<Ask>) {
        // Its gaps come before those of other chats.
        let _on_screen = history::on_screen(&self.session, self.room.clone());
        let mut connection = self.session.connection.subscribe();
        let mut filling: Option<Filling> = self.next_filling().await;
        while !self.closed {
            let filled = async {
                match filling.as_mut() {
                    Some(filling) => filling.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                news = feed.recv() => match news {
                    Ok(News::Changes(changes)) if changes.conversations.contains(&self.room) => self.refresh().await,
                    Ok(News::Changes(changes)) if changes.rows.contains(&self.room) => self.refresh_header().await,
                    Ok(News::Changes(_) | News::Invited(_) | News::Me | News::CatchingUp(_)) => {}
                    Ok(News::History) => self.refresh_header().await,
                    Ok(News::Typing(room)) => if room == self.room { self.refresh_header().await },
                    Err(RecvError::Lagged(_)) => self.refresh().await,
                    Err(RecvError::Closed) => return,
                },
                changed = connection.changed() => {
                    if changed.is_err() { return }
                    self.refused = None;
                    self.refresh().await;
                }
                ask = asked.recv() => match ask {
                    Some(Ask::Older) => filling = self.older(filling).await,
                    None => return,
                },
                outcome = filled => {
                    filling = None;
                    self.filled(outcome).await;
                }
            }
            if filling.is_none() {
                filling = self.next_filling().await;
            }
        }
    }

    /// Read everything again and send the difference.
    async fn refresh(&mut self) {
        let (session, room, from) = (Arc::clone(&self.session), self.room.clone(), self.from);
        let (unread, waiting) = (self.unread.clone(), *self.session.connection.borrow() != Connection::Online);
        let read = self
            .session
            .vault(move |_| {
                let reading = items::read(&session, &room, from, waiting)?;
                let oldest = reading.page.messages.first().map(|record| record.position);
                Ok((items::items(&session, &room, &reading, unread.as_ref())?, oldest))
            })
            .await;
        match read {
            Ok((items, oldest)) => {
                // An empty chat got its first messages.
                if self.from == i64::MIN {
                    self.from = oldest.unwrap_or(i64::MIN);
                }
                let ops = diff(&self.items, &items, |item| item.key.clone());
                self.items = items;
                if !ops.is_empty() {
                    self.send(ConversationUpdate::Patch { ops });
                }
            }
            Err(failure) => tracing::error!(room = %self.room, "a conversation cannot be read: {failure}"),
        }
        self.refresh_header().await;
    }

    async fn refresh_header(&mut self) {
        let (session, room) = (Arc::clone(&self.session), self.room.clone());
        match self.session.vault(move |_| header(&session, &room)).await {
            Ok(Some(header)) if header != self.header => {
                self.header = header.clone();
                self.send(ConversationUpdate::Header { header });
            }
            Ok(_) => {}
            Err(failure) => tracing::error!(room = %self.room, "a header cannot be read: {failure}"),
        }
    }

    /// Show older messages: from the vault at once, else from the server.
    async fn older(&mut self, filling: Option<Filling>) -> Option<Filling> {
        self.refused = None;
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
        let (session, room, from) = (Arc::clone(&self.session), self.room.clone(), self.from);
        let found = self
            .session
            .vault(move |vault| {
                let page = vault.page(&room, Some(from), PAGE)?;
                Ok((page.messages.first().map(|oldest| oldest.position), older(&session, &room, from)?))
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
                tracing::error!(room = %self.room, "older messages cannot be read: {failure}");
                self.history(History::Failed);
                None
            }
        }
    }

    fn fill(&mut self, gap: Gap, scrolled_to: bool) -> Filling {
        self.filling = Some((gap.token.clone(), scrolled_to));
        let (session, room) = (Arc::clone(&self.session), self.room.clone());
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
                tracing::info!(room = %self.room, code = ?failure.code, "a gap was not filled");
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
        let (session, room, from) = (Arc::clone(&self.session), self.room.clone(), self.from);
        let few = self.items.len() < PAGE / 3;
        let loading = self.history == History::Loading;
        let gap = self
            .session
            .vault(move |vault| {
                if (loading || few)
                    && let Some(Older::Gap(gap)) = older(&session, &room, from)?
                {
                    return Ok(Some((gap, true)));
                }
                let page = vault.page_since(&room, from)?;
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
        if scrolled_to {
            self.history(History::Loading);
        }
        Some(self.fill(gap, scrolled_to))
    }

    async fn refresh_history(&mut self) {
        let (session, room, from) = (Arc::clone(&self.session), self.room.clone(), self.from);
        if let Ok(older) = self.session.vault(move |_| older(&session, &room, from)).await {
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

/// What lies before the oldest row.
enum Older {
    /// More of the vault.
    Here,
    /// A gap that the server may fill.
    Gap(Gap),
}

fn older(session: &Session, room: &RoomId, from: i64) -> Result<Option<Older>, VaultError> {
    let page = session.vault.page(room, Some(from), 1)?;
    if !page.messages.is_empty() {
        return Ok(Some(Older::Here));
    }
    Ok(page.gaps.into_iter().next_back().map(Older::Gap))
}

fn header(session: &Session, room: &RoomId) -> Result<Option<ConversationHeader>, VaultError> {
    let Some(chat) = session.vault.chat(room)? else { return Ok(None) };
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
        typing: rooms::typing_names(session, room, &typing),
        can_write: summary.can_write,
        invitation: summary.membership == Membership::Invited,
        reach: history::reach(session, room)?,
    }))
}
