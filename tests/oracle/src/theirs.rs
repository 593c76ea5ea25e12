//! Their side: matrix-sdk with its stores in SQLite, as the app has them, and matrix-sdk-ui's `Timeline`.
//!
//! **Invariant:** each piece has come through before the next is given, and the end is read when nothing is on its way:
//! the last event of the log is in the timeline, and nothing in it waits for a key.
//! **Invariant:** it is the client of somebody who writes nothing. Of events that come twice the specification says:
//! "Clients SHOULD de-duplicate events based on the event ID when this happens." Theirs takes a response or a page that
//! has nothing but own messages for a new one, whatever it knows, and ends in another order.
//!
//! Refused: its stores in memory. What they replace in a room or a thread, they look for in all of them, by its place
//! alone (`RelationalLinkedChunk`, `ReplaceItem`): rows of others are lost, or it panics.

use std::{collections::BTreeSet, fmt::Debug, time::Duration};

use eyeball_im::VectorDiff;
use futures_util::{Stream, StreamExt as _};
use matrix_sdk::{
    Client, SessionMeta, SessionTokens,
    authentication::matrix::MatrixSession,
    config::SyncSettings,
    deserialized_responses::TimelineEvent,
    event_cache::{RedecryptorReport, RoomEventCacheUpdate},
    ruma::{
        EventId, RoomId,
        events::{
            AnyMessageLikeEventContent, AnySyncTimelineEvent,
            room::message::{Relation, RoomMessageEventContent},
        },
    },
    store::RoomLoadSettings,
};
use matrix_sdk_ui::timeline::{
    EventTimelineItem, MsgLikeKind, Timeline, TimelineBuilder, TimelineFocus, TimelineItemContent, default_event_filter,
};
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;

use crate::delivery::{Known, Piece};
use crate::homeserver::{Homeserver, token};
use crate::megolm::PASSPHRASE;
use crate::row::Row;
use crate::story::{PEOPLE, Story, id};

/// Whose client it is.
const READER: &str = "@reader:org.example";
/// Longer than anything takes; what takes longer never comes.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Theirs {
    client: Client,
    server: Homeserver,
    folder: tempfile::TempDir,
}

impl Theirs {
    pub(crate) async fn new() -> Self {
        let server = Homeserver::new().await;
        let folder = tempfile::tempdir().unwrap();
        let client =
            Client::builder().homeserver_url(&server.address).sqlite_store(folder.path(), None).build().await.unwrap();
        let session = MatrixSession {
            meta: SessionMeta { user_id: READER.try_into().unwrap(), device_id: "HERE".into() },
            tokens: SessionTokens { access_token: "token".to_owned(), refresh_token: None },
        };
        client.matrix_auth().restore_session(session, RoomLoadSettings::default()).await.unwrap();
        client.event_cache().subscribe().unwrap();
        Self { client, server, folder }
    }

    /// Tell a story and say what the timeline shows in the end.
    pub(crate) async fn tell(&self, story: &Story, pieces: &[Piece]) -> Vec<Row> {
        self.sync(story, json!({ "state": { "events": state(story) }, "timeline": { "events": [] } })).await;
        let room = self.client.get_room(<&RoomId>::try_from(story.room.as_str()).unwrap()).unwrap();
        let timeline = TimelineBuilder::new(&room)
            .with_focus(TimelineFocus::Live { hide_threaded_events: true })
            .event_filter(|event, rules| default_event_filter(event, rules) || is_strange(event))
            .build()
            .await
            .unwrap();
        let (cache, _drop) = room.event_cache().await.unwrap();
        for (at, piece) in pieces.iter().enumerate() {
            match *piece {
                Piece::Live { from, to, hole } => {
                    let events: Vec<Value> = (from..to).map(|n| story.given(n, to)).collect();
                    let mut said = json!({ "events": events, "limited": hole });
                    if hole {
                        said["prev_batch"] = json!(token(from));
                    }
                    self.server.log(&story.room, (0..to).map(|n| story.given(n, to)).collect());
                    let last = id(to - 1);
                    let (known, mut updates) = cache.subscribe().await.unwrap();
                    self.sync(story, json!({ "timeline": said })).await;
                    // Of what comes again, nothing is told.
                    if !known.iter().any(|known| known.event_id().is_some_and(|id| id == last.as_str())) {
                        came(&mut updates, &last).await;
                    }
                }
                Piece::Fill { page } => {
                    let pagination = cache.pagination();
                    while !pagination.run_backwards_once(page.try_into().unwrap()).await.unwrap().reached_start {}
                }
                Piece::Keys if story.sessions.any() => {
                    let reports = self.client.event_cache().subscribe_to_decryption_reports();
                    let file = self.folder.path().join("keys.txt");
                    std::fs::write(&file, story.sessions.export()).unwrap();
                    self.client.encryption().import_room_keys(file, PASSPHRASE).await.unwrap();
                    opened(reports, waiting(story, &pieces[..at])).await;
                }
                Piece::Keys => {}
            }
        }
        let last = id(story.log.len() - 1);
        let last: &EventId = last.as_str().try_into().unwrap();
        until(&timeline, |items| items.iter().any(|item| item.event_id() == Some(last))).await;
        shows(&timeline, |item| !item.content().is_unable_to_decrypt()).await;
        events(&timeline).await.iter().map(row).collect()
    }

    async fn sync(&self, story: &Story, room: Value) {
        self.server.sync(&json!({ &story.room: room }));
        self.client.sync_once(SyncSettings::new()).await.unwrap();
    }
}

/// The state of a room.
fn state(story: &Story) -> Vec<Value> {
    let event = |kind: &str, key: &str, content: Value| {
        json!({
            "event_id": format!("$state-{kind}-{key}"), "sender": PEOPLE[0], "type": kind, "state_key": key,
            "origin_server_ts": 1, "content": content,
        })
    };
    let version = if story.modern { "11" } else { "10" };
    let mut state = vec![event("m.room.create", "", json!({ "creator": PEOPLE[0], "room_version": version }))];
    state.extend(
        PEOPLE
            .into_iter()
            .chain([READER])
            .map(|person| event("m.room.member", person, json!({ "membership": "join" }))),
    );
    if story.sessions.any() {
        state.push(event("m.room.encryption", "", json!({ "algorithm": "m.megolm.v1.aes-sha2" })));
    }
    state
}

/// A message whose `msgtype` nobody knows: theirs leaves it to the client whether to show it, ours shows it.
fn is_strange(event: &AnySyncTimelineEvent) -> bool {
    let AnySyncTimelineEvent::MessageLike(event) = event else { return false };
    matches!(
        event.original_content(),
        Some(AnyMessageLikeEventContent::RoomMessage(RoomMessageEventContent { relates_to, .. }))
            if !matches!(relates_to, Some(Relation::Replacement(_)))
    )
}

/// Wait for a response to come through: its last event is in what the cache tells everybody who listens.
///
/// That it is in the cache is not enough. The cache changes before it tells of it, and what it tells next would overtake.
async fn came(updates: &mut Receiver<RoomEventCacheUpdate>, event: &str) {
    let came = async {
        loop {
            if let RoomEventCacheUpdate::UpdateTimelineEvents(update) = updates.recv().await.unwrap()
                && update.diffs.iter().any(|diff| brings(diff, event))
            {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, came).await.expect("a response never came through");
}

/// What waits for its key after these pieces: given whole, and its deletion is not known.
fn waiting(story: &Story, pieces: &[Piece]) -> BTreeSet<String> {
    let known = Known::new(pieces, story.log.len());
    let deleted = |n| (0..story.log.len()).any(|by| known.has(by) && story.deletes(by, n));
    let waits = |n: &usize| {
        let whole = known.has(*n) && story.redaction(*n, known.head(*n)).is_none();
        whole && story.log[*n].sealed.is_some() && !deleted(*n)
    };
    (0..story.log.len()).filter(waits).map(id).collect()
}

/// Wait until all of these are opened, also those that are not in the timeline. A redaction that comes while one is being
/// opened is lost to theirs.
async fn opened(reports: impl Stream<Item = Result<RedecryptorReport, impl Debug>>, mut waiting: BTreeSet<String>) {
    let mut reports = std::pin::pin!(reports);
    let came = async {
        while !waiting.is_empty() {
            if let RedecryptorReport::ResolvedUtds { events, .. } = reports.next().await.unwrap().unwrap() {
                waiting.retain(|event| !events.iter().any(|opened| opened == event.as_str()));
            }
        }
    };
    tokio::time::timeout(PATIENCE, came).await.expect("keys never opened what waited for them");
}

fn brings(diff: &VectorDiff<TimelineEvent>, event: &str) -> bool {
    let is = |value: &TimelineEvent| value.event_id().is_some_and(|id| id == event);
    match diff {
        VectorDiff::Append { values } | VectorDiff::Reset { values } => values.iter().any(is),
        VectorDiff::PushBack { value } | VectorDiff::PushFront { value } | VectorDiff::Insert { value, .. } => {
            is(value)
        }
        _ => false,
    }
}

/// Wait until every row is so.
async fn shows(timeline: &Timeline, is_so: impl Fn(&EventTimelineItem) -> bool) {
    until(timeline, |items| items.iter().all(&is_so)).await;
}

async fn until(timeline: &Timeline, is_so: impl Fn(&[EventTimelineItem]) -> bool) {
    let mut changes = std::pin::pin!(timeline.subscribe().await.1);
    let came = async {
        while !is_so(&events(timeline).await) {
            changes.next().await;
        }
    };
    tokio::time::timeout(PATIENCE, came).await.expect("the timeline never came to its end");
}

async fn events(timeline: &Timeline) -> Vec<EventTimelineItem> {
    timeline.items().await.iter().filter_map(|item| item.as_event().cloned()).collect()
}

fn row(item: &EventTimelineItem) -> Row {
    let content = item.content();
    let (body, edited) = match content {
        TimelineItemContent::MsgLike(message) => match &message.kind {
            MsgLikeKind::Message(message) => (Some(message.body().to_owned()), message.is_edited()),
            MsgLikeKind::Sticker(sticker) => (Some(sticker.content().body.clone()), false),
            _ => (None, false),
        },
        _ => (None, false),
    };
    Row {
        event: item.event_id().unwrap().to_string(),
        body,
        edited,
        redacted: content.is_redacted(),
        answers: content.in_reply_to().map(|details| details.event_id.to_string()),
        reactions: content
            .reactions()
            .into_iter()
            .flat_map(|reactions| reactions.iter())
            .map(|(key, senders)| (key.clone(), senders.keys().map(ToString::to_string).collect()))
            .collect(),
    }
}
