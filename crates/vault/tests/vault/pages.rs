//! Segments, gaps and pages, through the database.

use tidings_model::{EventId, RoomId, UserId};

use crate::world::{ANN, BOB, ME, World, edit, event, joined, reaction, text, thread};

const ROOM: &str = "!r";

fn texts(ids: &[&str]) -> Vec<tidings_vault::Event> {
    ids.iter().map(|id| text(id, ANN, id)).collect()
}

#[test]
fn pages_go_back_from_the_newest_and_say_whether_there_is_more() {
    let world = World::new();
    world.live(ROOM, texts(&["$1", "$2", "$3", "$4", "$5"]));
    let room = RoomId::from(ROOM);
    let page = world.vault.page(&room, None, 2).unwrap();
    assert_eq!(page.messages.iter().map(|m| m.event.as_str()).collect::<Vec<_>>(), ["$4", "$5"]);
    assert!(page.older_here);
    let page = world.vault.page(&room, Some(page.messages[0].position), 3).unwrap();
    assert_eq!(page.messages.iter().map(|m| m.event.as_str()).collect::<Vec<_>>(), ["$1", "$2", "$3"]);
    assert!(!page.older_here);
    assert_eq!(page.gaps, []);
}

#[test]
fn a_window_reads_itself_anew_from_its_oldest_row() {
    let world = World::new();
    world.live(ROOM, texts(&["$1", "$2", "$3"]));
    let room = RoomId::from(ROOM);
    let from = world.message(ROOM, "$2").position;
    world.live(ROOM, texts(&["$4"]));
    let page = world.vault.page_since(&room, from).unwrap();
    assert_eq!(page.messages.iter().map(|m| m.event.as_str()).collect::<Vec<_>>(), ["$2", "$3", "$4"]);
    assert!(page.older_here);
}

#[test]
fn a_gap_is_in_the_page_of_the_row_it_lies_before_and_in_no_other() {
    let world = World::new();
    let room = RoomId::from(ROOM);
    world.limited(ROOM, texts(&["$1", "$2"]), "t1");
    // The event right after the hole is one that no row shows.
    let mut newer = vec![reaction("$r", BOB, "$2", "+1")];
    newer.extend(texts(&["$8", "$9"]));
    world.limited(ROOM, newer, "t2");

    let newest = world.vault.page(&room, None, 1).unwrap();
    assert_eq!(newest.gaps, []);
    let next = world.vault.page(&room, Some(newest.messages[0].position), 1).unwrap();
    assert_eq!(next.gaps.iter().map(|gap| gap.token.as_str()).collect::<Vec<_>>(), ["t2"]);
    let oldest = world.vault.page(&room, Some(next.messages[0].position), 5).unwrap();
    assert_eq!(oldest.gaps.iter().map(|gap| gap.token.as_str()).collect::<Vec<_>>(), ["t1"]);
    assert_eq!(world.vault.oldest_gap(&room).unwrap().unwrap().token, "t1");
    let all = world.vault.page_since(&room, oldest.messages[0].position).unwrap();
    assert_eq!(all.gaps.len(), 2);
}

#[test]
fn history_fills_a_hole_without_doubles() {
    let world = World::new();
    world.live(ROOM, texts(&["$1", "$2"]));
    world.limited(ROOM, texts(&["$7", "$8"]), "t7");
    world.older(ROOM, texts(&["$5", "$6"]), "t7", Some("t5"));
    world.older(ROOM, texts(&["$2", "$3", "$4"]), "t5", Some("t2"));
    assert_eq!(world.ids(ROOM), ["$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8"]);
    assert_eq!(world.vault.oldest_gap(&RoomId::from(ROOM)).unwrap(), None);
    // The same page again: its token is gone, nothing happens.
    assert!(world.older(ROOM, texts(&["$2", "$3", "$4"]), "t5", Some("t2")).is_empty());
}

#[test]
fn the_same_batch_again_changes_nothing() {
    let world = World::new();
    world.limited(ROOM, texts(&["$1", "$2", "$2"]), "t");
    let again = world.limited(ROOM, texts(&["$1", "$2"]), "t");
    assert!(again.is_empty(), "{again:?}");
    assert_eq!(world.ids(ROOM), ["$1", "$2"]);
}

#[test]
fn positions_and_gaps_survive_a_restart() {
    let world = World::new();
    world.live(ROOM, texts(&["$1"]));
    world.limited(ROOM, texts(&["$5"]), "t5");
    let world = world.reopen();
    world.older(ROOM, texts(&["$1", "$2", "$3", "$4"]), "t5", None);
    assert_eq!(world.ids(ROOM), ["$1", "$2", "$3", "$4", "$5"]);
}

#[test]
fn a_page_carries_what_was_said_about_its_rows() {
    let world = World::new();
    world.live(
        ROOM,
        vec![
            text("$1", ANN, "one"),
            reaction("$r1", ANN, "$1", "👍"),
            reaction("$r2", BOB, "$1", "👍"),
            reaction("$r3", BOB, "$1", "👍"),
            reaction("$r4", BOB, "$1", "🎉"),
            thread("$t1", BOB, "$1", "first"),
            thread("$t2", ANN, "$1", "second"),
            edit("$e", ANN, "$1", "uno"),
        ],
    );
    let rows = world.rows(ROOM);
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(row.content["body"], "uno");
    assert!(row.edited);
    let reactions: Vec<(&str, Vec<&str>)> =
        row.reactions.iter().map(|r| (r.key.as_str(), r.senders.iter().map(UserId::as_str).collect())).collect();
    assert_eq!(reactions, [("👍", vec![ANN, BOB]), ("🎉", vec![BOB])]);
    let thread = row.thread.as_ref().unwrap();
    assert_eq!((thread.replies, thread.people.clone()), (2, vec![UserId::from(ANN), UserId::from(BOB)]));
}

#[test]
fn a_reply_names_what_it_answers_but_not_as_a_fallback_of_a_thread() {
    let world = World::new();
    let answer = serde_json::json!({ "msgtype": "m.text", "body": "yes",
        "m.relates_to": { "m.in_reply_to": { "event_id": "$1" } } });
    world.live(
        ROOM,
        vec![text("$1", ANN, "?"), event("$2", BOB, "m.room.message", answer), thread("$3", BOB, "$1", "in thread")],
    );
    assert_eq!(world.message(ROOM, "$2").reply_to, Some(EventId::from("$1")));
    assert_eq!(world.message(ROOM, "$3").reply_to, None);
    let asked = [EventId::from("$3"), EventId::from("$none"), EventId::from("$1")];
    let found = world.vault.messages(&RoomId::from(ROOM), &asked).unwrap();
    assert_eq!(found.iter().map(|m| m.event.as_str()).collect::<Vec<_>>(), ["$3", "$1"]);
}

#[test]
fn a_room_that_is_not_here_is_empty_and_no_error() {
    let world = World::new();
    let room = RoomId::from("!nowhere");
    assert_eq!(world.vault.page(&room, None, 10).unwrap(), tidings_vault::Page::default());
    assert_eq!(world.vault.chat(&room).unwrap(), None);
    assert_eq!(world.vault.newest(&room).unwrap(), None);
    assert_eq!(world.vault.read_by_all(&room).unwrap(), None);
}

#[test]
fn members_are_known_by_name_and_twins_are_told_apart() {
    let world = World::new();
    world.members(ROOM, &[(ME, "Me", true), (ANN, "Sam", true), (BOB, "Sam", true), ("@gone:o", "Me", false)]);
    let room = RoomId::from(ROOM);
    let ask = [UserId::from(BOB), UserId::from(ME), UserId::from("@stranger:o")];
    let found = world.vault.members(&room, &ask).unwrap();
    assert_eq!(found.iter().map(|m| (m.user.as_str(), m.ambiguous)).collect::<Vec<_>>(), [(BOB, true), (ME, false)]);
    assert_eq!(world.vault.joined_count(&room).unwrap(), 3);
    assert!(world.members(ROOM, &[(ME, "Me", true)]).is_empty());
    assert!(world.members(ROOM, &[(BOB, "Bob", true)]).conversations.contains(&room));
    assert!(!world.vault.members(&room, &[UserId::from(ANN)]).unwrap()[0].ambiguous);
}

#[test]
fn a_message_is_read_by_all_when_the_last_one_read_or_wrote() {
    let world = World::new();
    let room = RoomId::from(ROOM);
    world.summary(ROOM, joined("Three"));
    world.live(ROOM, vec![text("$1", ME, "a"), text("$2", ME, "b")]);
    assert_eq!(world.vault.read_by_all(&room).unwrap(), None);
    world.members(ROOM, &[(ME, "Me", true), (ANN, "Ann", true)]);
    world.read(ROOM, ANN, "$2");
    assert_eq!(world.vault.read_by_all(&room).unwrap(), None, "the third member is not known");
    world.members(ROOM, &[(BOB, "Bob", true)]);
    assert_eq!(world.vault.read_by_all(&room).unwrap(), None, "Bob read nothing");
    world.read(ROOM, BOB, "$1");
    assert_eq!(world.vault.read_by_all(&room).unwrap(), Some(0));
    world.live(ROOM, vec![text("$3", BOB, "c")]);
    assert_eq!(world.vault.read_by_all(&room).unwrap(), Some(1));
    world.read(ROOM, BOB, "$1");
    assert_eq!(world.vault.read_by_all(&room).unwrap(), Some(1), "a receipt never moves back");
}
