//! From a change to a notification: facts are gathered here, [`notify::decide`] decides, the desktop shows.
//!
//! **Invariant:** one notification a chat; it is withdrawn when the chat is read anywhere, and when its message is
//! deleted or the chat left; an invitation's when it is answered. A message is decided on once, which the vault remembers, so that no restart says it again.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use tidings_model::{EventId, PreviewMark, RoomId, Timestamp, Trust};
use tidings_vault::{Arrived, Changes, Membership, MessageRecord, Vault, VaultError};
use tokio::sync::broadcast::error::RecvError;

use crate::{
    broadcast::lock,
    conversation::preview,
    notify::{self, Decision, Facts, Subject, What},
    people,
    ports::{Notice, NoticeKey},
    session::{News, Session},
};

/// What was heard.
#[derive(Default)]
struct Shown {
    /// Rooms whose notification is an invitation.
    invitations: BTreeSet<RoomId>,
    /// When each chat last made a sound.
    sounds: BTreeMap<RoomId, Timestamp>,
    /// What comes now was missed since this moment; `None` when it is live.
    catching_up: Option<Timestamp>,
}

/// Watch the change feed until the session ends.
pub(crate) async fn run(session: Arc<Session>) {
    let mut feed = session.feed.subscribe();
    let mut shown = Shown { catching_up: *session.catching_up.borrow(), ..Shown::default() };
    loop {
        match feed.recv().await {
            Ok(News::Changes(changes)) => changed(&session, &mut shown, &changes).await,
            Ok(News::Invited(room)) => invited(&session, &mut shown, &room).await,
            Ok(News::CatchingUp(since)) => shown.catching_up = since,
            Ok(News::Typing(_) | News::Me | News::History) => {}
            // What was missed was a flood; silence is the better fault.
            Err(RecvError::Lagged(_)) => shown.catching_up = *session.catching_up.borrow(),
            Err(RecvError::Closed) => return,
        }
    }
}

async fn changed(session: &Arc<Session>, shown: &mut Shown, changes: &Changes) {
    let maybe_answered: Vec<RoomId> = shown.invitations.intersection(&changes.rows).cloned().collect();
    for room in maybe_answered {
        answered(session, shown, room).await;
    }
    let noticed: Vec<RoomId> =
        lock(&session.noticed).keys().filter(|room| changes.rows.contains(*room)).cloned().collect();
    for room in noticed {
        maybe_over(session, room).await;
    }
    for room in &changes.read {
        withdraw(session, room).await;
    }
    for (room, event) in &changes.altered {
        if lock(&session.noticed).get(room) == Some(event) {
            again(session, room, event).await;
        }
    }
    for arrived in &changes.arrived {
        consider(session, shown, arrived).await;
    }
}

/// The message that is shown was edited or deleted.
async fn again(session: &Arc<Session>, room: &RoomId, event: &EventId) {
    let (id, wanted) = (room.clone(), event.clone());
    let record = session.vault(move |vault| vault.message(&id, &wanted)).await.ok().flatten();
    match record {
        Some(record) if !record.redacted => {
            if let Some(notice) = notice(session, room, event, false).await {
                show(session, notice).await;
            }
        }
        _ => withdraw(session, room).await,
    }
}

async fn consider(session: &Arc<Session>, shown: &mut Shown, arrived: &Arrived) {
    let (room, event, held) = (arrived.room.clone(), arrived.event.clone(), arrived.undecryptable);
    let known = session
        .vault(move |vault| {
            let Some(chat) = vault.chat(&room)? else { return Ok(None) };
            let Some(record) = vault.message(&room, &event)? else { return Ok(None) };
            let read = is_read(vault, &room, &event)?;
            // What cannot be read yet is decided again when its key arrives.
            let notified = !held && vault.notified(&room, &event)?;
            Ok(Some((chat.summary, record, read, notified)))
        })
        .await;
    let Ok(Some((summary, record, read, notified))) = known else { return };
    let facts = Facts {
        invitation: false,
        own: arrived.sender == session.user,
        redacted: record.redacted,
        undecryptable: held,
        late: arrived.late,
        // What arrived counts as unread: outside rooms that were made quieter, that is what push rules notify for.
        notifies: true,
        highlights: arrived.mentions_me,
        muted: summary.muted,
        mentions_only: summary.mentions_only,
        watching: session.attention.is_on(&arrived.room),
        read,
        notified,
        sent: arrived.time,
        signed_in: session.signed_in,
        catching_up: shown.catching_up,
        last_sound: shown.sounds.get(&arrived.room).copied(),
        now: session.ports.clock.now(),
    };
    let Some(sound) = decided(shown, &arrived.room, &facts) else { return };
    let Some(notice) = notice(session, &arrived.room, &arrived.event, sound).await else { return };
    lock(&session.noticed).insert(arrived.room.clone(), arrived.event.clone());
    show(session, notice).await;
}

/// An invitation arrived.
async fn invited(session: &Arc<Session>, shown: &mut Shown, room: &RoomId) {
    let id = room.clone();
    let Ok(Some(chat)) = session.vault(move |vault| vault.chat(&id)).await else { return };
    let now = session.ports.clock.now();
    let facts = Facts {
        invitation: true,
        own: false,
        redacted: false,
        undecryptable: false,
        late: false,
        notifies: true,
        highlights: false,
        muted: false,
        mentions_only: false,
        watching: session.attention.is_on(room),
        read: false,
        notified: false,
        sent: now,
        signed_in: session.signed_in,
        catching_up: shown.catching_up,
        last_sound: shown.sounds.get(room).copied(),
        now,
    };
    let Some(sound) = decided(shown, room, &facts) else { return };
    let name = people::chat_name(&chat.summary.name);
    let (title, body) = notify::title_and_body(&Subject {
        sender: chat.summary.inviter.as_deref().unwrap_or_default(),
        chat: (!chat.summary.direct).then_some(name.as_str()),
        what: What::Invitation,
        trust: Trust::Usual,
        private: false,
    });
    shown.invitations.insert(room.clone());
    lock(&session.noticed).insert(room.clone(), EventId(String::new()));
    show(session, Notice { key: key(session, room), title, body, sound }).await;
}

/// An invitation may have been answered, here or elsewhere, or taken back.
async fn answered(session: &Arc<Session>, shown: &mut Shown, room: RoomId) {
    let id = room.clone();
    let chat = session.vault(move |vault| vault.chat(&id)).await;
    let Ok(chat) = chat else { return };
    if chat.is_none_or(|chat| chat.summary.membership != Membership::Invited) {
        shown.invitations.remove(&room);
        withdraw(session, &room).await;
    }
}

/// The chat of a notification may have been left, or its message read, here or elsewhere.
async fn maybe_over(session: &Arc<Session>, room: RoomId) {
    let event = lock(&session.noticed).get(&room).cloned();
    let id = room.clone();
    let over = session
        .vault(move |vault| {
            let left = vault.chat(&id)?.is_none_or(|chat| chat.summary.membership == Membership::Left);
            Ok(left || event.map_or(Ok(false), |event| is_read(vault, &id, &event))?)
        })
        .await;
    if matches!(over, Ok(true)) {
        withdraw(session, &room).await;
    }
}

/// This person has read a message, in its thread if it is in one.
fn is_read(vault: &Vault, room: &RoomId, event: &EventId) -> Result<bool, VaultError> {
    let Some(place) = vault.place(room, event)? else { return Ok(false) };
    let read = match place.about.filter(|_| place.in_thread) {
        Some(root) => vault.thread_read_position(room, &root)?,
        None => vault.read_position(room)?,
    };
    Ok(read.is_some_and(|read| read >= place.position))
}

/// The decision; whether to make a sound, when a notification is shown.
fn decided(shown: &mut Shown, room: &RoomId, facts: &Facts) -> Option<bool> {
    match notify::decide(facts) {
        Decision::Show { sound } => {
            if sound {
                shown.sounds.insert(room.clone(), facts.now);
            }
            Some(sound)
        }
        Decision::Silent(reason) => {
            tracing::debug!(%room, ?reason, "not notified");
            None
        }
    }
}

/// The notification for a message; `None` when it is not there any more.
async fn notice(session: &Arc<Session>, room: &RoomId, event: &EventId, sound: bool) -> Option<Notice> {
    let (reader, id, event) = (Arc::clone(session), room.clone(), event.clone());
    let (title, body) = session
        .vault(move |vault| {
            let Some(chat) = vault.chat(&id)? else { return Ok(None) };
            let Some(record) = vault.message(&id, &event)? else { return Ok(None) };
            let (text, mark) = preview::of_record(&reader, &id, &record);
            let sender = people::name(&reader, &id, &record.sender);
            let chat_name = people::chat_name(&chat.summary.name);
            let what = what(&record, &text, mark);
            let chat = (!chat.summary.direct).then_some(chat_name.as_str());
            let trust = preview::trust(&record.encryption);
            Ok(Some(notify::title_and_body(&Subject { sender: &sender, chat, what, trust, private: false })))
        })
        .await
        .ok()
        .flatten()?;
    Some(Notice { key: key(session, room), title, body, sound })
}

/// What a message is, for its notification.
fn what<'a>(record: &MessageRecord, text: &'a str, mark: Option<PreviewMark>) -> What<'a> {
    let caption = Some(text).filter(|text| !text.is_empty());
    match mark {
        None if record.content.get("msgtype").and_then(serde_json::Value::as_str) == Some("m.emote") => {
            What::Action(text)
        }
        None => What::Text(text),
        Some(PreviewMark::Image) => What::Photo(caption),
        Some(PreviewMark::Video) => What::Video(caption),
        Some(PreviewMark::Audio) => What::Audio,
        Some(PreviewMark::Voice) => What::Voice,
        Some(PreviewMark::File) => What::File(text),
        Some(PreviewMark::Location) => What::Location,
        Some(PreviewMark::Poll) => What::Poll(text),
        Some(PreviewMark::Sticker) => What::Sticker,
        Some(PreviewMark::Call) => What::Call,
        Some(PreviewMark::MissedCall) => What::MissedCall,
        Some(PreviewMark::Deleted | PreviewMark::Undecryptable | PreviewMark::Unsupported) => What::Other,
    }
}

fn key(session: &Session, room: &RoomId) -> NoticeKey {
    NoticeKey { account: session.account.clone(), room: room.clone() }
}

/// A daemon that hangs holds up notifications, and nothing else; one that falls over costs one notification.
async fn show(session: &Session, notice: Notice) {
    let desktop = Arc::clone(&session.ports.desktop);
    if tokio::task::spawn_blocking(move || desktop.show(notice)).await.is_err() {
        tracing::error!("a notification fell over");
    }
}

/// Everything that is shown goes: the account is leaving this computer.
pub(crate) async fn withdraw_all(session: &Session) {
    let rooms: Vec<RoomId> = lock(&session.noticed).keys().cloned().collect();
    for room in rooms {
        withdraw(session, &room).await;
    }
}

async fn withdraw(session: &Session, room: &RoomId) {
    let noticed = lock(&session.noticed).remove(room);
    if noticed.is_some() {
        take_away(session, room).await;
    }
}

async fn take_away(session: &Session, room: &RoomId) {
    let (desktop, key) = (Arc::clone(&session.ports.desktop), key(session, room));
    if tokio::task::spawn_blocking(move || desktop.withdraw(&key)).await.is_err() {
        tracing::error!("a notification was not withdrawn");
    }
}
