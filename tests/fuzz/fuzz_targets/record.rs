//! Whatever a server says is recorded: nothing panics, every page is whole, saying it again changes nothing, and the index
//! has what the messages say.
#![no_main]

use std::{
    cell::RefCell,
    sync::LazyLock,
    sync::atomic::{AtomicU64, Ordering},
};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use tidings_model::{EventId, RoomId, Timestamp, TransactionId, UndecryptableCause, UserId};
use tidings_vault::{
    Batch, Encryption, Event, Membership, Place, Receipt, RoomBatch, RoomSummary, ThreadReceipt, Timeline, Vault,
    VaultKey,
};

const PEOPLE: [&str; 3] = ["@me:org", "@ann:org", "@bob:org"];
const KINDS: [&str; 16] = [
    "m.room.message",
    "m.room.message",
    "m.reaction",
    "m.room.redaction",
    "m.room.encrypted",
    "m.room.member",
    "m.room.name",
    "m.sticker",
    "m.poll.start",
    "m.poll.response",
    "m.poll.end",
    "org.matrix.msc3381.poll.start",
    "m.call.invite",
    "m.call.hangup",
    "m.room.power_levels",
    "org.example.unknown",
];
/// Names and texts that content is looked into for.
const WORDS: [&str; 32] = [
    "body", "msgtype", "m.text", "m.image", "m.audio", "m.relates_to", "rel_type", "event_id", "key", "m.replace",
    "m.annotation", "m.thread", "m.reference", "m.new_content", "m.in_reply_to", "membership", "join", "leave",
    "displayname", "m.mentions", "user_ids", "call_id", "m.poll", "question", "answers", "m.selections", "m.id", "url",
    "filename", "info", "is_falling_back", "redacts",
];

#[derive(Arbitrary, Debug)]
enum Json {
    Null,
    Flag(bool),
    Number(i64),
    Float(f64),
    Word(u8),
    Id(u8),
    Text(String),
    List(Vec<Json>),
    Fields(Vec<(u8, Json)>),
}

impl Json {
    fn value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Flag(flag) => Value::Bool(*flag),
            Self::Number(number) => Value::from(*number),
            Self::Float(number) => Value::from(*number),
            Self::Word(word) => Value::from(WORDS[usize::from(*word) % WORDS.len()]),
            Self::Id(id) => Value::from(name(*id).0),
            Self::Text(text) => Value::from(text.as_str()),
            Self::List(list) => list.iter().map(Self::value).collect(),
            Self::Fields(fields) => Value::Object(object(fields)),
        }
    }
}

fn object(fields: &[(u8, Json)]) -> Map<String, Value> {
    fields.iter().map(|(name, value)| (WORDS[usize::from(*name) % WORDS.len()].to_owned(), value.value())).collect()
}

/// What most events are: a relation to another one.
#[derive(Arbitrary, Debug)]
struct Relation {
    kind: u8,
    target: u8,
    key: u8,
}

#[derive(Arbitrary, Debug)]
struct Sketch {
    id: u8,
    sender: u8,
    kind: u8,
    state_key: Option<u8>,
    content: Vec<(u8, Json)>,
    body: Option<String>,
    relation: Option<Relation>,
    previous: Option<Json>,
    redacts: Option<u8>,
    redacted: bool,
    encryption: u8,
    time: i64,
    near: bool,
    notifies: bool,
    mentions_me: bool,
    transaction: Option<u8>,
}

#[derive(Arbitrary, Debug)]
enum Step {
    Live { events: Vec<Sketch>, hole: Option<u8> },
    Older { events: Vec<Sketch>, next: Option<u8> },
    Keys { events: Vec<Sketch> },
    Read { by: u8, event: u8, thread: Option<u8> },
    Star { event: u8, starred: bool },
    Membership { left: bool, muted: bool },
    Old { before: i64, near: bool },
}

fn name(id: u8) -> EventId {
    // A few ids are hashes, as servers make them; the rest is text.
    match id % 4 {
        0 => EventId(format!("$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr{:02}g", id % 64)),
        _ => EventId(format!("${}", id % 64)),
    }
}

fn moment(time: i64, near: bool) -> Timestamp {
    Timestamp(if near { 1_764_000_000_000 + time.rem_euclid(1_000_000_000) } else { time })
}

impl Sketch {
    fn event(&self) -> Event {
        let mut content = object(&self.content);
        if let Some(body) = &self.body {
            content.insert("body".to_owned(), Value::from(body.as_str()));
        }
        if let Some(Relation { kind, target, key }) = &self.relation {
            let kinds = ["m.replace", "m.annotation", "m.thread", "m.reference"];
            let relates = serde_json::json!({ "rel_type": kinds[usize::from(*kind) % 4], "event_id": name(*target),
                "key": WORDS[usize::from(*key) % WORDS.len()] });
            content.insert("m.relates_to".to_owned(), relates);
            content.entry("m.new_content").or_insert_with(|| serde_json::json!({ "msgtype": "m.text", "body": "new" }));
        }
        let encryption = match self.encryption % 12 {
            0 => Encryption::Decrypted,
            1 => Encryption::Suspicious,
            2 => Encryption::Verified,
            3 => Encryption::Forged,
            4 => Encryption::Undecryptable { session: Some("s".to_owned()), cause: UndecryptableCause::Waiting },
            5 => Encryption::Undecryptable { session: None, cause: UndecryptableCause::Unknown },
            6 => Encryption::UnverifiedDevice,
            _ => Encryption::Clear,
        };
        Event {
            id: name(self.id),
            sender: UserId::from(PEOPLE[usize::from(self.sender) % PEOPLE.len()]),
            time: moment(self.time, self.near),
            kind: KINDS[usize::from(self.kind) % KINDS.len()].to_owned(),
            state_key: self.state_key.map(|key| PEOPLE.get(usize::from(key)).copied().unwrap_or_default().to_owned()),
            previous: self.previous.as_ref().map(Json::value),
            content: Value::Object(content),
            redacts: self.redacts.map(name),
            redacted: self.redacted,
            transaction: self.transaction.map(|id| TransactionId(format!("t{id}"))),
            encryption,
            notifies: self.notifies,
            mentions_me: self.mentions_me,
        }
    }
}

fn events(sketches: &[Sketch]) -> Vec<Event> {
    sketches.iter().map(Sketch::event).collect()
}

/// A vault for as many stories as it takes well; each has a room of its own.
struct Kept {
    vault: Vault,
    _folder: tempfile::TempDir,
}

fn fresh() -> Kept {
    let folder = tempfile::tempdir().expect("a folder");
    let vault = Vault::create(folder.path(), &VaultKey::random(), &UserId::from(PEOPLE[0])).expect("a vault");
    Kept { vault, _folder: folder }
}

static STORIES: AtomicU64 = AtomicU64::new(0);
static SHARED: LazyLock<u64> = LazyLock::new(|| 256);

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::new(fresh());
}

fuzz_target!(|steps: Vec<Step>| {
    let story = STORIES.fetch_add(1, Ordering::Relaxed);
    KEPT.with_borrow_mut(|kept| {
        if story % *SHARED == 0 {
            *kept = fresh();
        }
        tell(&kept.vault, &RoomId(format!("!{story}")), &steps);
        if story % *SHARED == *SHARED - 1 {
            let check = kept.vault.check_index().expect("the index can be read");
            assert!(check.sound && check.missing == 0, "{check:?}");
        }
    });
});

fn tell(vault: &Vault, room: &RoomId, steps: &[Step]) {
    let summary = |membership, muted| RoomSummary {
        name: "R".to_owned(),
        members: 3,
        membership,
        muted,
        ..RoomSummary::default()
    };
    let record = |batch: RoomBatch| vault.record(&Batch { rooms: vec![batch] }).expect("recorded");
    record(RoomBatch { summary: Some(summary(Membership::Joined, false)), ..RoomBatch::new(room.clone()) });
    for step in steps {
        let timeline = |events, place| RoomBatch {
            timeline: Some(Timeline { events, place }),
            ..RoomBatch::new(room.clone())
        };
        match step {
            Step::Live { events: sketches, hole } => {
                let place = Place::Live { prev_batch: hole.map(|token| format!("p{token}")) };
                let batch = timeline(events(sketches), place);
                record(batch.clone());
                let before = page(vault, room);
                let again = Place::Live { prev_batch: None };
                record(timeline(events(sketches), again));
                assert_eq!(page(vault, room), before, "saying it again changes nothing");
            }
            Step::Older { events: sketches, next } => {
                if let Some(gap) = vault.oldest_gap(room).expect("read") {
                    let next = next.map(|token| format!("n{token}")).filter(|next| *next != gap.token);
                    record(timeline(events(sketches), Place::Older { from: gap.token, next }));
                }
            }
            Step::Keys { events: sketches } => drop(vault.redecrypt(room, &events(sketches)).expect("decrypted")),
            Step::Read { by, event, thread } => {
                let user = UserId::from(PEOPLE[usize::from(*by) % PEOPLE.len()]);
                let receipt = Receipt { user, event: name(*event), time: Timestamp(1) };
                let mut batch = RoomBatch::new(room.clone());
                match thread {
                    None => batch.receipts = vec![receipt],
                    Some(root) => {
                        let root = (root % 3 > 0).then(|| name(*root));
                        batch.thread_receipts = vec![ThreadReceipt { receipt, root }];
                    }
                }
                record(batch);
            }
            Step::Star { event, starred } => drop(vault.set_starred(room, &name(*event), *starred, Timestamp(1))),
            Step::Membership { left, muted } => {
                let membership = if *left { Membership::Left } else { Membership::Joined };
                let summary = Some(summary(membership, *muted));
                record(RoomBatch { summary, ..RoomBatch::new(room.clone()) });
            }
            Step::Old { before, near } => {
                while vault.forget_before(moment(*before, *near), 50).expect("deleted").more {}
                vault.keep_everything().expect("kept");
            }
        }
    }
    whole(vault, room);
}

fn page(vault: &Vault, room: &RoomId) -> tidings_vault::Page {
    vault.page(room, None, 1_000).expect("read")
}

/// What readers may rely on.
fn whole(vault: &Vault, room: &RoomId) {
    let page = page(vault, room);
    for pair in page.messages.windows(2) {
        assert!(pair[0].position < pair[1].position, "rows stand one after another");
    }
    for message in &page.messages {
        assert_eq!(vault.message(room, &message.event).expect("read").as_ref(), Some(message));
        assert!(!message.redacted || message.content.is_null(), "what was deleted says nothing");
        if message.thread.is_some() {
            let thread = vault.thread_between(room, &message.event, i64::MIN, None).expect("read");
            assert!(thread.messages.len() > 1 && thread.messages[0].event == message.event);
        }
    }
    if let Some(chat) = vault.chat(room).expect("read") {
        assert!(chat.mentions <= chat.unread, "a mention is unread");
        let in_threads: u32 = vault.unread_threads(room).expect("read").iter().map(|thread| thread.replies).sum();
        assert!(in_threads <= chat.unread, "what is unread in threads is unread");
    }
    if let Some(newest) = vault.newest(room).expect("read") {
        let receipt = Receipt { user: UserId::from(PEOPLE[0]), event: newest, time: Timestamp(1) };
        let batch = RoomBatch { receipts: vec![receipt], ..RoomBatch::new(room.clone()) };
        vault.record(&Batch { rooms: vec![batch] }).expect("recorded");
        let chat = vault.chat(room).expect("read").expect("it is here");
        assert_eq!((chat.unread, chat.mentions), (0, 0), "reading everything leaves nothing");
    }
}
