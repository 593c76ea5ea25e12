//! What is unread in threads, and chats that are marked as unread.

use serde_json::json;
use tidings_model::{EventId, RoomId, Timestamp, TransactionId, UserId};
use tidings_vault::{Action, DraftRecord, Event, NewIntent, Receipt, RoomBatch, ThreadReceipt};

use crate::world::{ANN, ME, World, event, joined, ping, thread};

const ROOM: &str = "!r";

/// A reply in a thread that counts as unread.
fn reply(id: &str, root: &str) -> Event {
    Event { notifies: true, ..thread(id, ANN, root, "ping") }
}

/// A receipt of this person for one thread, or for the main timeline.
fn read(world: &World, event: &str, root: Option<&str>) -> tidings_vault::Changes {
    let receipt = Receipt { user: UserId::from(ME), event: EventId::from(event), time: Timestamp(1) };
    let said = ThreadReceipt { receipt, root: root.map(EventId::from) };
    world.record(vec![RoomBatch { thread_receipts: vec![said], ..RoomBatch::new(RoomId::from(ROOM)) }])
}

/// A room with two messages, two replies to the first and one to the second.
fn world() -> World {
    let world = World::new();
    world.summary(ROOM, joined("r"));
    world.live(ROOM, vec![ping("$1", ANN), ping("$2", ANN)]);
    world.live(ROOM, vec![reply("$a", "$1"), reply("$b", "$1"), reply("$c", "$2")]);
    assert_eq!(world.unread(ROOM), (5, 0));
    world
}

#[test]
fn a_thread_is_read_by_itself_and_so_is_the_main_timeline() {
    let world = world();
    read(&world, "$a", Some("$1"));
    assert_eq!(world.unread(ROOM), (4, 0));
    // Everything after it, too, but nothing of a thread.
    read(&world, "$c", None);
    assert_eq!(world.unread(ROOM), (2, 0), "one of each thread");
    read(&world, "$b", Some("$1"));
    assert_eq!(world.unread(ROOM), (1, 0));
    let changes = read(&world, "$c", Some("$2"));
    assert_eq!(world.unread(ROOM), (0, 0));
    assert!(changes.read.contains(&RoomId::from(ROOM)));
    // An older receipt takes nothing back.
    read(&world, "$a", Some("$1"));
    assert_eq!(world.unread(ROOM), (0, 0));
    assert_eq!(world.reopen().unread(ROOM), (0, 0));
}

#[test]
fn a_receipt_for_everything_reads_the_threads_too() {
    let world = world();
    world.read(ROOM, ME, "$b");
    assert_eq!(world.unread(ROOM), (1, 0));
    let changes = world.live(ROOM, vec![reply("$d", "$1"), ping("$3", ANN)]);
    assert_eq!(world.unread(ROOM), (3, 0));
    assert_eq!(changes.arrived.len(), 2);
    world.read(ROOM, ME, "$3");
    assert_eq!(world.unread(ROOM), (0, 0));
}

#[test]
fn a_receipt_of_a_thread_that_comes_before_its_event_waits_for_it() {
    let world = World::new();
    world.summary(ROOM, joined("r"));
    read(&world, "$a", Some("$1"));
    read(&world, "$1", None);
    let changes = world.live(ROOM, vec![ping("$1", ANN), reply("$a", "$1"), reply("$b", "$1")]);
    assert_eq!(world.unread(ROOM), (1, 0));
    let arrived: Vec<&str> = changes.arrived.iter().map(|arrived| arrived.event.as_str()).collect();
    assert_eq!(arrived, ["$b"], "what was read does not notify");
}

#[test]
fn whoever_answers_in_a_thread_has_read_that_thread_and_no_more() {
    let world = world();
    world.live(ROOM, vec![thread("$mine", ME, "$1", "yes")]);
    assert_eq!(world.unread(ROOM), (3, 0));
    world.live(ROOM, vec![event("$too", ME, "m.room.message", json!({ "msgtype": "m.text", "body": "yes" }))]);
    assert_eq!(world.unread(ROOM), (0, 0), "who writes to everybody has read everything");
}

fn mark(world: &World, unread: bool) -> tidings_vault::Changes {
    world.record(vec![RoomBatch { marked_unread: Some(unread), ..RoomBatch::new(RoomId::from(ROOM)) }])
}

fn marks(world: &World, transaction: &str, unread: bool) -> (tidings_vault::Intent, tidings_vault::Changes) {
    let intent = NewIntent {
        room: RoomId::from(ROOM),
        action: Action::MarkUnread { unread },
        transaction: TransactionId::from(transaction),
        time: Timestamp(1),
    };
    world.vault.enqueue(&intent).unwrap()
}

fn is_marked(world: &World) -> (bool, u32) {
    let chat = world.vault.chat(&RoomId::from(ROOM)).unwrap().unwrap();
    assert_eq!(world.vault.chat_list(None).unwrap()[0], chat);
    (chat.marked_unread, world.vault.unread_chats().unwrap())
}

#[test]
fn a_chat_that_is_marked_asks_for_attention_once() {
    let world = World::new();
    world.summary(ROOM, joined("r"));
    assert_eq!(is_marked(&world), (false, 0));
    assert!(mark(&world, true).rows.contains(&RoomId::from(ROOM)));
    assert_eq!(is_marked(&world), (true, 1));
    assert!(mark(&world, true).is_empty(), "nothing new");
    world.live(ROOM, vec![ping("$1", ANN)]);
    assert_eq!(is_marked(&world), (true, 1), "one chat, whatever the reasons");
    world.summary(ROOM, tidings_vault::RoomSummary { muted: true, ..joined("r") });
    assert_eq!(is_marked(&world), (true, 0), "a muted one is asked for by nobody");
    world.summary(ROOM, joined("r"));
    world.read(ROOM, ME, "$1");
    mark(&world, false);
    assert_eq!(is_marked(&world), (false, 0));
}

#[test]
fn what_is_marked_here_counts_until_the_server_knows_it() {
    let world = World::new();
    world.summary(ROOM, joined("r"));
    let (first, changes) = marks(&world, "t1", true);
    assert!(changes.outbox && changes.rows.contains(&RoomId::from(ROOM)));
    mark(&world, false);
    assert_eq!(is_marked(&world), (true, 1), "what the server said is older");
    let (second, _) = marks(&world, "t2", false);
    assert_eq!(world.vault.due(Timestamp(1)).unwrap(), std::slice::from_ref(&second), "a newer one takes its place");
    assert_eq!(is_marked(&world), (false, 0));
    world.vault.sent(first.id, None).unwrap();
    world.vault.sent(second.id, None).unwrap();
    mark(&world, true);
    assert_eq!(is_marked(&world), (true, 1));
}

fn events(page: &tidings_vault::Page) -> Vec<&str> {
    page.messages.iter().map(|message| message.event.as_str()).collect()
}

#[test]
fn a_thread_is_a_conversation_that_begins_with_its_root() {
    let world = world();
    let (room, root) = (RoomId::from(ROOM), EventId::from("$1"));
    let whole = world.vault.thread_between(&room, &root, i64::MIN, None).unwrap();
    assert_eq!(events(&whole), ["$1", "$a", "$b"]);
    assert_eq!(whole.messages[0].thread.as_ref().map(|thread| (thread.replies, thread.unread)), Some((2, 2)));
    // A page that does not reach down to the first reply does not have the root.
    let positions = world.vault.thread_older(&room, &root, i64::MAX, 9).unwrap();
    assert_eq!(positions.len(), 2);
    let last = world.vault.thread_between(&room, &root, positions[0], None).unwrap();
    assert_eq!((events(&last), last.older_here), (vec!["$b"], true));
    assert_eq!(world.vault.newest_in_thread(&room, &root).unwrap(), Some("$b".into()));
    assert_eq!(world.vault.newest_in_thread(&room, &"$2".into()).unwrap(), Some("$c".into()));
    assert_eq!(world.vault.newest_in_thread(&room, &"$none".into()).unwrap(), None);
    // A thread without replies is its root; one whose root is not here is its replies.
    world.live(ROOM, vec![reply("$d", "$far")]);
    assert_eq!(events(&world.vault.thread_between(&room, &"$a".into(), i64::MIN, None).unwrap()), ["$a"]);
    assert_eq!(events(&world.vault.thread_between(&room, &"$far".into(), i64::MIN, None).unwrap()), ["$d"]);
}

#[test]
fn what_may_be_missing_of_a_thread_is_what_is_missing_since_its_root() {
    let world = World::new();
    let room = RoomId::from(ROOM);
    world.summary(ROOM, joined("r"));
    world.limited(ROOM, vec![ping("$1", ANN)], "before");
    world.limited(ROOM, vec![reply("$a", "$1"), reply("$z", "$0")], "between");
    let gaps = |root: &str| -> Vec<String> {
        let page = world.vault.thread_between(&room, &root.into(), i64::MIN, None).unwrap();
        page.gaps.into_iter().map(|gap| gap.token).collect()
    };
    assert_eq!(gaps("$1"), ["between"]);
    assert_eq!(gaps("$0"), ["before", "between"], "its root is not here");
}

#[test]
fn what_is_unread_of_threads_is_told_by_thread_the_newest_first() {
    let world = world();
    let unread = || -> Vec<(String, u32)> {
        let threads = world.vault.unread_threads(&RoomId::from(ROOM)).unwrap();
        threads.into_iter().map(|thread| (thread.root.0, thread.replies)).collect()
    };
    assert_eq!(unread(), [("$2".to_owned(), 1), ("$1".to_owned(), 2)]);
    read(&world, "$a", Some("$1"));
    assert_eq!(unread(), [("$2".to_owned(), 1), ("$1".to_owned(), 1)]);
    assert_eq!(world.message(ROOM, "$1").thread.map(|thread| thread.unread), Some(1));
    read(&world, "$c", None);
    assert_eq!(unread().len(), 2, "the main timeline is another");
    world.read(ROOM, ME, "$c");
    assert_eq!(unread(), []);
}

#[test]
fn a_reply_is_read_by_all_when_everybody_read_it_there_or_read_everything() {
    let world = World::new();
    let (room, root) = (RoomId::from(ROOM), EventId::from("$1"));
    world.summary(ROOM, tidings_vault::RoomSummary { members: 3, ..joined("r") });
    world.members(ROOM, &[(ME, "me", true), (ANN, "ann", true), (crate::world::BOB, "bob", true)]);
    world.live(ROOM, vec![ping("$1", ANN), thread("$mine", ME, "$1", "yes")]);
    let position = world.vault.place(&room, &"$mine".into()).unwrap().unwrap().position;
    assert_eq!(world.vault.thread_read_by_all(&room, &root).unwrap(), None);
    let receipt = Receipt { user: UserId::from(ANN), event: "$mine".into(), time: Timestamp(1) };
    let said = ThreadReceipt { receipt, root: Some(root.clone()) };
    world.record(vec![RoomBatch { thread_receipts: vec![said], ..RoomBatch::new(room.clone()) }]);
    assert_eq!(world.vault.thread_read_by_all(&room, &root).unwrap(), None, "bob did not");
    world.read(ROOM, crate::world::BOB, "$mine");
    assert_eq!(world.vault.thread_read_by_all(&room, &root).unwrap(), Some(position));
}

#[test]
fn a_chat_and_its_threads_have_drafts_of_their_own_with_what_they_answer() {
    let world = world();
    let (room, root) = (RoomId::from(ROOM), EventId::from("$1"));
    let answer = DraftRecord { text: "well".to_owned(), reply_to: Some("$2".into()) };
    assert!(world.vault.set_draft(&room, None, &answer, Timestamp(1)).unwrap().rows.contains(&room));
    assert!(world.vault.set_draft(&room, Some(&root), &"there".into(), Timestamp(1)).unwrap().is_empty());
    let world = world.reopen();
    assert_eq!(world.vault.draft(&room, None).unwrap(), answer);
    assert_eq!(world.vault.draft(&room, Some(&root)).unwrap(), "there".into());
    assert!(world.vault.draft(&room, Some(&"$2".into())).unwrap().is_empty());
    world.vault.set_draft(&room, Some(&root), &"".into(), Timestamp(2)).unwrap();
    assert!(world.vault.draft(&room, Some(&root)).unwrap().is_empty());
    assert_eq!(world.vault.draft(&room, None).unwrap(), answer);
}

#[test]
fn which_thread_a_deleted_reply_was_in_is_known_only_to_who_had_it() {
    let (before, after) = (world(), World::new());
    before.live(ROOM, vec![crate::world::redaction("$x", ANN, "$b")]);
    assert_eq!(before.unread(ROOM), (4, 0));
    let root = EventId::from("$1");
    let page = before.vault.thread_between(&RoomId::from(ROOM), &root, i64::MIN, None).unwrap();
    assert_eq!(events(&page), ["$1", "$a"], "it is gone from its thread");
    assert_eq!(before.ids(ROOM), ["$1", "$2"]);
    // A server gives it without its relation: a deleted message like another.
    after.summary(ROOM, joined("r"));
    after.live(ROOM, vec![Event { redacted: true, content: json!({}), ..reply("$b", "$1") }]);
    assert_eq!((after.ids(ROOM).len(), after.unread(ROOM)), (1, (0, 0)));
}
