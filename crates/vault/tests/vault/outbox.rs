//! Intents: kept, in order, once.

use tidings_model::{EventId, FailReason, RoomId, Timestamp, TransactionId};
use tidings_vault::{Action, Event, Intent, IntentState, NewIntent, ReceiptThread, VaultError};

use crate::world::{ANN, ME, World, at, intent, joined, ping, text};

const ROOM: &str = "!r";

fn names(intents: Vec<Intent>) -> Vec<String> {
    intents.into_iter().map(|intent| intent.transaction.0).collect()
}

fn due(world: &World, now: i64) -> Vec<String> {
    names(world.vault.due(Timestamp(now)).unwrap())
}

fn pending(world: &World) -> Vec<String> {
    names(world.vault.pending(&RoomId::from(ROOM)).unwrap())
}

/// The remote echo of an own message.
fn echo(id: &str, transaction: Option<&str>) -> Event {
    Event { transaction: transaction.map(TransactionId::from), ..text(id, ME, "hello") }
}

#[test]
fn what_was_recorded_is_there_after_a_restart_with_its_transaction_id() {
    let world = World::new();
    let written = world.write(ROOM, "t1", "hello");
    assert_eq!((written.state.clone(), written.attempts), (IntentState::Pending, 0));
    let world = world.reopen();
    assert_eq!(world.vault.intent(&TransactionId::from("t1")).unwrap(), Some(written));
    assert_eq!(world.vault.intent(&TransactionId::from("t2")).unwrap(), None);
}

#[test]
fn the_same_transaction_id_records_nothing_again() {
    let world = World::new();
    let first = world.write(ROOM, "t1", "hello");
    let (again, changes) = world.vault.enqueue(&intent(ROOM, "t1", "other")).unwrap();
    assert_eq!(again, first);
    assert!(changes.is_empty());
    assert_eq!(pending(&world), ["t1"]);
}

#[test]
fn messages_go_out_one_by_one_in_each_room() {
    let world = World::new();
    let first = world.write(ROOM, "a1", "1");
    world.write(ROOM, "a2", "2");
    world.write("!other", "b1", "1");
    assert_eq!(due(&world, 1_000), ["a1", "b1"]);
    world.vault.attempt(first.id, Timestamp(5_000)).unwrap();
    assert_eq!(due(&world, 1_000), ["b1"], "what waits holds up what is behind it");
    // What is due is no reason to look again; what waits is.
    assert_eq!(world.vault.next_due(Timestamp(1_000)).unwrap(), Some(Timestamp(5_000)));
    assert_eq!(world.vault.next_due(Timestamp(999)).unwrap(), Some(Timestamp(1_000)));
    assert_eq!(due(&world, 5_000), ["a1", "b1"]);
    let changes = world.vault.sent(first.id, Some(&EventId::from("$a1"))).unwrap();
    assert!(changes.outbox && changes.conversations.contains(&RoomId::from(ROOM)));
    assert_eq!(due(&world, 5_000), ["a2", "b1"]);
    assert_eq!(world.vault.intent(&TransactionId::from("a1")).unwrap().unwrap().attempts, 1);
}

#[test]
fn a_refused_message_waits_for_the_person_and_holds_nothing_up() {
    let world = World::new();
    world.summary(ROOM, joined("R"));
    let first = world.write(ROOM, "t1", "1");
    world.write(ROOM, "t2", "2");
    world.vault.refused(first.id, FailReason::TooLarge).unwrap();
    assert_eq!(due(&world, 9_999), ["t2"]);
    assert_eq!(pending(&world), ["t1", "t2"]);
    let chat = world.vault.chat(&RoomId::from(ROOM)).unwrap().unwrap();
    assert_eq!(chat.failed.unwrap().transaction.as_str(), "t1");
    assert_eq!(chat.latest_intent.unwrap().transaction.as_str(), "t2");
    let kept = world.vault.intent(&TransactionId::from("t1")).unwrap().unwrap();
    assert_eq!(kept.state, IntentState::Failed { reason: FailReason::TooLarge });

    assert!(world.vault.retry(&TransactionId::from("t1"), Timestamp(2_000)).unwrap().outbox);
    assert_eq!(due(&world, 2_000), ["t1"], "at the place it had");
    world.vault.refused(first.id, FailReason::Gone).unwrap();
    world.vault.discard(&TransactionId::from("t1")).unwrap();
    assert_eq!(pending(&world), ["t2"]);
}

#[test]
fn what_is_on_its_way_cannot_be_discarded() {
    let world = World::new();
    let written = world.write(ROOM, "t1", "1");
    let t1 = TransactionId::from("t1");
    assert!(matches!(world.vault.discard(&t1), Err(VaultError::OnItsWay)));
    world.vault.sent(written.id, Some(&EventId::from("$1"))).unwrap();
    assert!(matches!(world.vault.discard(&t1), Err(VaultError::OnItsWay)));
    assert!(matches!(world.vault.discard(&TransactionId::from("t9")), Err(VaultError::NotFound)));
    assert_eq!(pending(&world), ["t1"]);
}

#[test]
fn the_echo_takes_the_place_of_the_intent_and_keeps_its_transaction_id() {
    let named = |world: &World| {
        assert_eq!(pending(world), Vec::<String>::new());
        let rows = world.rows(ROOM);
        assert_eq!(rows.iter().map(|row| row.event.as_str()).collect::<Vec<_>>(), ["$1"]);
        assert_eq!(rows[0].transaction, Some(TransactionId::from("t1")));
    };
    let t1 = Some(EventId::from("$1"));

    // The answer first, then the echo, with its transaction id or without.
    for transaction in [Some("t1"), None] {
        let world = World::new();
        let written = world.write(ROOM, "t1", "hello");
        world.vault.sent(written.id, t1.as_ref()).unwrap();
        assert_eq!(pending(&world), ["t1"], "drawn until its echo is here");
        let changes = world.live(ROOM, vec![echo("$1", transaction)]);
        assert!(changes.conversations.contains(&RoomId::from(ROOM)));
        named(&world);
    }
    // The echo first, then the answer.
    for transaction in [Some("t1"), None] {
        let world = World::new();
        let written = world.write(ROOM, "t1", "hello");
        world.live(ROOM, vec![echo("$1", transaction)]);
        world.vault.sent(written.id, t1.as_ref()).unwrap();
        named(&world);
    }
    // The answer never came: the echo alone ends it.
    let world = World::new();
    world.write(ROOM, "t1", "hello");
    world.write(ROOM, "t2", "next");
    assert!(world.live(ROOM, vec![echo("$1", Some("t1"))]).outbox);
    assert_eq!(due(&world, 9_999), ["t2"]);
}

#[test]
fn an_event_of_another_person_never_takes_an_intent_away() {
    let world = World::new();
    world.write(ROOM, "t1", "hello");
    world.live(ROOM, vec![Event { transaction: Some(TransactionId::from("t1")), ..text("$1", ANN, "forged") }]);
    world.live("!other", vec![echo("$2", Some("t1"))]);
    assert_eq!(pending(&world), ["t1"]);
}

#[test]
fn a_receipt_replaces_the_one_before_and_is_read_at_once() {
    let world = World::new();
    world.summary(ROOM, joined("R"));
    world.live(ROOM, vec![ping("$1", ANN), ping("$2", ANN)]);
    let receipt = |transaction: &str, event: &str| NewIntent {
        room: RoomId::from(ROOM),
        action: Action::Receipt { event: EventId::from(event), thread: ReceiptThread::Unthreaded },
        transaction: TransactionId::from(transaction),
        time: Timestamp(1),
    };
    world.vault.enqueue(&receipt("r1", "$1")).unwrap();
    assert_eq!(world.unread(ROOM), (1, 0));
    let (newest, changes) = world.vault.enqueue(&receipt("r2", "$2")).unwrap();
    assert!(changes.outbox && changes.read.contains(&RoomId::from(ROOM)));
    assert_eq!(due(&world, 9), ["r2"]);
    assert_eq!(pending(&world), Vec::<String>::new());
    world.vault.sent(newest.id, None).unwrap();
    assert_eq!(due(&world, 9), Vec::<String>::new());
    assert_eq!(world.vault.next_due(Timestamp(9)).unwrap(), None);
}

#[test]
fn a_membership_replaces_the_one_before() {
    let world = World::new();
    for (transaction, join) in [("m1", true), ("m2", false)] {
        let new = NewIntent {
            room: RoomId::from(ROOM),
            action: Action::Membership { join },
            transaction: TransactionId::from(transaction),
            time: Timestamp(1),
        };
        world.vault.enqueue(&new).unwrap();
    }
    let due = world.vault.due(Timestamp(1)).unwrap();
    assert_eq!(due.iter().map(|intent| &intent.action).collect::<Vec<_>>(), [&Action::Membership { join: false }]);
}

#[test]
fn a_row_shows_the_newest_thing_written_even_if_clocks_disagree() {
    let world = World::new();
    let room = RoomId::from(ROOM);
    world.summary(ROOM, joined("R"));
    // The server's clock is far ahead.
    world.live(ROOM, vec![at(1_000_000, text("$1", ANN, "from the future"))]);
    world.write(ROOM, "t1", "now");
    let row = || world.vault.chat_list(None).unwrap().remove(0);
    assert_eq!(row().latest_intent.unwrap().transaction.as_str(), "t1");
    assert_eq!(world.vault.chat(&room).unwrap().unwrap(), row());
    world.live(ROOM, vec![at(1_000_001, text("$2", ANN, "newer"))]);
    assert_eq!(row().latest_intent, None);
    assert_eq!(row().order, Timestamp(1_000_001));
}

#[test]
fn the_network_comes_back_and_everything_is_due() {
    let world = World::new();
    let written = world.write(ROOM, "t1", "x");
    world.vault.attempt(written.id, Timestamp(60_000)).unwrap();
    assert_eq!(due(&world, 2_000), Vec::<String>::new());
    assert!(world.vault.retry_all_now(Timestamp(2_000)).unwrap().outbox);
    assert_eq!(due(&world, 2_000), ["t1"]);
    assert!(!world.vault.retry_all_now(Timestamp(2_000)).unwrap().outbox);
}

#[test]
fn late_answers_for_what_is_gone_are_no_error() {
    let world = World::new();
    let written = world.write(ROOM, "t1", "x");
    world.live(ROOM, vec![echo("$1", Some("t1"))]);
    world.vault.attempt(written.id, Timestamp(9)).unwrap();
    assert!(world.vault.sent(written.id, Some(&EventId::from("$1"))).unwrap().is_empty());
    assert!(world.vault.refused(written.id, FailReason::Refused).unwrap().is_empty());
    // And the id is never another's.
    assert!(world.write(ROOM, "t2", "y").id > written.id);
}

#[test]
fn what_was_written_is_sent_and_its_composer_is_empty_both_or_neither() {
    let world = World::new();
    let (room, root) = (RoomId::from(ROOM), EventId::from("$root"));
    let draft = |thread: Option<&EventId>| world.vault.draft(&room, thread).unwrap().text;
    world.live(ROOM, vec![text("$root", ANN, "berth?")]);
    for thread in [None, Some(&root)] {
        world.vault.set_draft(&room, None, &"to the chat".into(), Timestamp(1)).unwrap();
        world.vault.set_draft(&room, Some(&root), &"to the thread".into(), Timestamp(1)).unwrap();
        let name = format!("t{}", thread.is_some());
        let (_, changes) = world.vault.enqueue_written(&intent(ROOM, &name, "sent"), thread).unwrap();
        assert!(changes.rows.contains(&room) && pending(&world).contains(&name));
        let left = (draft(None), draft(Some(&root)));
        let expected = if thread.is_some() { ("to the chat", "") } else { ("", "to the thread") };
        assert_eq!((left.0.as_str(), left.1.as_str()), expected);
    }
    assert_eq!(world.vault.chat(&room).unwrap().unwrap().draft.as_deref(), Some("to the chat"));
}
