//! What is unread in threads, and chats that are marked as unread.

use serde_json::json;
use tidings_model::{EventId, RoomId, Timestamp, TransactionId, UserId};
use tidings_vault::{Action, Event, NewIntent, Receipt, RoomBatch, ThreadReceipt};

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
