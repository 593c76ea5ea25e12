//! What is deleted is gone: from rows, index, free pages and log; and it does not come back.

use std::fs;
use std::path::Path;

use aes::Aes256;
use aes::cipher::{BlockModeDecrypt as _, KeyIvInit as _, block_padding::NoPadding};
use serde_json::json;
use tidings_model::{EventId, RoomId, Timestamp};
use tidings_vault::{Action, Event, Membership, NewIntent, Place, Query, RoomSummary, Search, VaultKey};

use crate::world::{ANN, BOB, ME, World, at, edit, event, intent, joined, member, ping, reaction, text, thread};

const ROOM: &str = "!r";
const OTHER: &str = "!other";
const PAGE: usize = 4096;
/// SQLCipher's reserve: an initialisation vector of 16 bytes, and an HMAC of 64.
const RESERVE: usize = 80;
/// Bytes before the page of a frame of the log, and before the first frame (SQLite, "WAL file format").
const FRAME: usize = 24;
const LOG: usize = 32;

/// One page as it is behind the cipher (SQLCipher, "Design": AES-256-CBC, the key is raw). The first begins with a salt.
fn page(key: &VaultKey, bytes: &[u8], first: bool) -> Vec<u8> {
    let begin = if first { 16 } else { 0 };
    let end = PAGE - RESERVE;
    let cipher = cbc::Decryptor::<Aes256>::new_from_slices(key.bytes(), &bytes[end..end + 16]).unwrap();
    cipher.decrypt_padded_vec::<NoPadding>(&bytes[begin..end]).unwrap()
}

/// Every page of the database and of its log, decrypted: used, free, and overwritten.
fn pages(folder: &Path, key: &VaultKey) -> Vec<Vec<u8>> {
    let database = fs::read(folder.join("vault.db")).unwrap();
    let mut found: Vec<Vec<u8>> =
        database.chunks_exact(PAGE).enumerate().map(|(n, bytes)| page(key, bytes, n == 0)).collect();
    let log = fs::read(folder.join("vault.db-wal")).unwrap_or_default();
    for frame in log.get(LOG..).unwrap_or_default().chunks_exact(FRAME + PAGE) {
        let first = frame[..4] == 1_u32.to_be_bytes();
        found.push(page(key, &frame[FRAME..], first));
    }
    found
}

/// How many pages have this text, as it was written or as the index folds it.
fn traces(world: &World, canary: &str) -> usize {
    let canary = canary.to_lowercase();
    let has = |page: &&Vec<u8>| {
        let page = page.to_ascii_lowercase();
        page.windows(canary.len()).any(|bytes| bytes == canary.as_bytes())
    };
    pages(world.path(), &world.key).iter().filter(has).count()
}

fn joined_to(room: &str) -> World {
    let world = World::new();
    world.summary(room, joined("Harbour Ops"));
    world
}

fn find(world: &World, word: &str) -> Vec<String> {
    world
        .vault
        .search(&Search::of(&Query::parse(word), 20))
        .unwrap()
        .hits
        .into_iter()
        .map(|hit| hit.message.event.0)
        .collect()
}

/// Delete until there is no more; the files that were named.
fn forget_before(world: &World, time: i64, step: usize) -> Vec<String> {
    for _ in 0..1_000 {
        let forgotten = world.vault.forget_before(Timestamp(time), step).unwrap();
        if !forgotten.more {
            let media = world.vault.orphans(10).unwrap();
            world.vault.orphans_gone(&media).unwrap();
            assert_eq!(world.vault.orphans(10).unwrap(), Vec::<String>::new());
            world.vault.fold().unwrap();
            return media;
        }
    }
    panic!("it does not end");
}

fn forget_room(world: &World, room: &str, step: usize) -> Vec<String> {
    world.vault.forget_room(&RoomId::from(room)).unwrap();
    for _ in 0..1_000 {
        let forgotten = world.vault.forget_more(step).unwrap();
        if !forgotten.more {
            let media = world.vault.orphans(10).unwrap();
            world.vault.orphans_gone(&media).unwrap();
            assert_eq!(world.vault.orphans(10).unwrap(), Vec::<String>::new());
            world.vault.fold().unwrap();
            return media;
        }
    }
    panic!("it does not end");
}

const OLD: i64 = 1_700_000_000_000;
const CUT: i64 = 1_750_000_000_000;
const NEW: i64 = 1_760_000_000_000;

fn picture(id: &str, url: &str) -> Event {
    let content = json!({ "msgtype": "m.image", "body": "a.png", "url": url,
                          "info": { "thumbnail_url": "mxc://org.example/small" } });
    event(id, ANN, "m.room.message", content)
}

#[test]
fn what_is_older_than_the_organisation_keeps_is_nowhere_any_more() {
    let world = joined_to(ROOM);
    // Enough that the index has pieces, and pages that nothing else shares.
    for n in 0..40 {
        let events =
            (0..10).map(|m| at(OLD + n * 1_000 + m, text(&format!("$o{n}.{m}"), ANN, "quicksilver harbour plan")));
        world.live(ROOM, events.collect());
    }
    world.live(
        ROOM,
        vec![
            at(OLD, picture("$picture", "mxc://org.example/large")),
            at(NEW, edit("$late", ANN, "$o1.1", "corrected to quicksilver and alembic")),
            at(OLD + 1, edit("$early", ANN, "$new", "retort is fine")),
            at(NEW, reaction("$re", BOB, "$o1.1", "quicksilver")),
            at(NEW, thread("$answer", BOB, "$o1.2", "still needed")),
            at(NEW, Event { notifies: true, ..text("$new", ANN, "mercury is fine") }),
        ],
    );
    world.vault.set_starred(&RoomId::from(ROOM), &"$o3.3".into(), true, Timestamp(1)).unwrap();
    // Said by an edit alone: of a message that goes, and an old one of a message that stays.
    for word in ["quicksilver", "alembic", "retort"] {
        assert!(traces(&world, word) > 0, "the search for traces finds what is there: {word}");
    }
    // Side by side only in rows, whose contents are compressed where that saves something: not here.
    assert!(traces(&world, "quicksilver harbour") > 0);
    assert_eq!(find(&world, "quicksilver").len(), 20);
    assert_eq!((find(&world, "alembic"), find(&world, "retort")), (vec!["$o1.1".to_owned()], vec!["$new".to_owned()]));

    let media = forget_before(&world, CUT, 70);
    assert_eq!(media, ["mxc://org.example/large", "mxc://org.example/small"]);
    for word in ["quicksilver", "alembic", "retort"] {
        assert_eq!((traces(&world, word), find(&world, word)), (0, Vec::new()), "{word}");
    }
    assert!(traces(&world, "mercury") > 0);
    assert_eq!(find(&world, "quicksilver"), Vec::<String>::new());
    assert_eq!(find(&world, "harbour"), Vec::<String>::new());
    assert_eq!(find(&world, "mercury"), ["$new"]);
    assert_eq!(world.ids(ROOM), ["$new"]);
    assert_eq!(world.unread(ROOM), (1, 0));
    assert_eq!(world.vault.count_events().unwrap(), 2, "the new message, and the answer in the thread");
    let check = world.vault.check_index().unwrap();
    assert_eq!((check.missing, check.sound), (0, true));
    let world = world.reopen();
    assert_eq!((world.ids(ROOM), traces(&world, "quicksilver")), (vec!["$new".to_owned()], 0));
}

#[test]
fn a_chat_of_which_nothing_is_kept_stays_where_it_was_in_the_list() {
    let world = joined_to(ROOM);
    world.live(ROOM, vec![at(OLD, Event { mentions_me: true, ..ping("$1", ANN) })]);
    world.summary(OTHER, joined("Other"));
    world.live(OTHER, vec![at(OLD - 5, text("$2", ANN, "before"))]);
    let order =
        || -> Vec<String> { world.vault.chat_list(None).unwrap().into_iter().map(|chat| chat.room.0).collect() };
    assert_eq!((order(), world.unread(ROOM)), (vec![ROOM.to_owned(), OTHER.to_owned()], (1, 1)));
    forget_before(&world, CUT, 1);
    assert_eq!((order(), world.unread(ROOM)), (vec![ROOM.to_owned(), OTHER.to_owned()], (0, 0)));
    assert!(world.vault.chat(&RoomId::from(ROOM)).unwrap().unwrap().latest.is_none());
}

#[test]
fn what_was_deleted_by_age_does_not_come_back_until_it_may() {
    let world = joined_to(ROOM);
    world.limited(ROOM, vec![at(OLD, text("$1", ANN, "old")), at(NEW, text("$2", ANN, "new"))], "t1");
    forget_before(&world, CUT, 10);
    assert_eq!(world.vault.oldest_gap(&RoomId::from(ROOM)).unwrap(), None, "nothing more is asked for");
    // The server says it again; history that is asked for all the same goes down to the moment and no further.
    world.live(ROOM, vec![at(OLD, text("$1", ANN, "old"))]);
    world.limited(ROOM, vec![at(NEW + 2, text("$4", ANN, "newest"))], "t2");
    world.older(
        ROOM,
        vec![at(OLD + 1, text("$0", ANN, "older")), at(NEW + 1, text("$3", ANN, "newer"))],
        "t2",
        Some("t3"),
    );
    world.older(ROOM, vec![at(OLD, text("$-1", ANN, "oldest"))], "t3", Some("t4"));
    assert_eq!(world.ids(ROOM), ["$2", "$3", "$4"]);
    assert_eq!(world.vault.oldest_gap(&RoomId::from(ROOM)).unwrap(), None);
    let world = world.reopen();
    assert_eq!(world.vault.kept_since().unwrap(), Some(Timestamp(CUT)));
    world.vault.keep_everything().unwrap();
    world.limited(ROOM, vec![at(OLD, text("$9", ANN, "imported"))], "t4");
    assert_eq!(world.ids(ROOM).len(), 4);
}

#[test]
fn a_room_that_is_deleted_is_nowhere_any_more_and_can_be_joined_again() {
    let world = joined_to(ROOM);
    world.summary(OTHER, joined("Other"));
    world.live(OTHER, vec![text("$k", BOB, "nightingale stays")]);
    world.live(ROOM, vec![member("$m", ANN, ANN, "join"), picture("$picture", "mxc://org.example/large")]);
    for n in 0..30 {
        world.live(ROOM, (0..10).map(|m| text(&format!("${n}.{m}"), ANN, "goldfinch 金絲雀 secret")).collect());
    }
    let room = RoomId::from(ROOM);
    world.members(ROOM, &[(ANN, "Ann", true)]);
    world.vault.set_draft(&room, None, &"goldfinch draft".into(), Timestamp(1)).unwrap();
    world.vault.set_draft(&room, Some(&"$1.1".into()), &"goldfinch thread".into(), Timestamp(1)).unwrap();
    world.vault.enqueue(&intent(ROOM, "t1", "goldfinch waits")).unwrap();
    world.vault.set_starred(&room, &"$1.1".into(), true, Timestamp(1)).unwrap();
    let leave = NewIntent {
        room: room.clone(),
        action: Action::Membership { join: false },
        transaction: "t2".into(),
        time: Timestamp(2),
    };
    world.vault.enqueue(&leave).unwrap();
    assert!(traces(&world, "goldfinch") > 0 && traces(&world, "金絲") > 0);
    assert!(traces(&world, "goldfinch 金絲雀") > 0, "in rows, too");

    let changes = world.vault.forget_room(&room).unwrap();
    assert!(changes.rows.contains(&room));
    assert_eq!(find(&world, "goldfinch"), Vec::<String>::new(), "from the first moment");
    let listed: Vec<_> = world.vault.chat_list(None).unwrap().into_iter().map(|chat| chat.room).collect();
    assert_eq!(listed, [RoomId::from(OTHER)]);
    // Interrupted, opened again, left, and joined again meanwhile.
    world.vault.forget_more(50).unwrap();
    let world = world.reopen();
    let due = world.vault.due(Timestamp(10)).unwrap();
    let [leaving] = due.as_slice() else { panic!("{due:?}") };
    assert_eq!(leaving.action, Action::Membership { join: false }, "leaving it still goes out");
    world.vault.sent(leaving.id, None).unwrap();
    world.summary(ROOM, joined("Harbour Ops"));
    world.live(ROOM, vec![text("$again", ANN, "hello again"), text("$1.1", ANN, "canary")]);
    assert_eq!(forget_room_goes_on(&world), ["mxc://org.example/large", "mxc://org.example/small"]);
    assert_eq!((traces(&world, "goldfinch"), traces(&world, "金絲")), (0, 0));
    assert_eq!(world.ids(ROOM), ["$again", "$1.1"]);
    assert_eq!(find(&world, "hello"), ["$again"]);
    assert_eq!(find(&world, "nightingale"), ["$k"]);
    assert!(world.vault.draft(&room, None).unwrap().is_empty());
    let check = world.vault.check_index().unwrap();
    assert_eq!((check.missing, check.sound), (0, true));
}

/// Go on deleting a room after an interruption; the files that were named.
fn forget_room_goes_on(world: &World) -> Vec<String> {
    forget_room(world, "!nowhere", 60)
}

#[test]
fn leaving_and_deleting_a_room_that_is_not_here_does_nothing() {
    let world = joined_to(ROOM);
    world.live(ROOM, vec![text("$1", ANN, "kept")]);
    assert!(world.vault.forget_room(&RoomId::from("!nowhere")).unwrap().is_empty());
    assert_eq!(world.vault.forget_more(10).unwrap(), tidings_vault::Forgotten::default());
    assert_eq!(world.ids(ROOM), ["$1"]);
    let left = RoomSummary { membership: Membership::Left, ..joined("Harbour Ops") };
    world.summary(ROOM, left);
    world.read(ROOM, ME, "$1");
    assert!(forget_room(&world, ROOM, 3).is_empty());
    assert_eq!(world.vault.chat(&RoomId::from(ROOM)).unwrap(), None);
    assert_eq!(world.vault.place(&RoomId::from(ROOM), &EventId::from("$1")).unwrap(), None);
    let place = Place::Live { prev_batch: None };
    world.record(vec![crate::world::timeline(ROOM, vec![text("$1", ANN, "kept")], place)]);
    assert_eq!(world.ids(ROOM), ["$1"], "whoever is let in again has it anew");
}

#[test]
fn an_old_date_among_new_messages_ends_nothing() {
    let world = joined_to(ROOM);
    world.live(ROOM, vec![at(NEW, text("$1", ANN, "one"))]);
    forget_before(&world, CUT, 10);
    // Missed meanwhile, and one of those that came has a date of its own.
    world.limited(ROOM, vec![at(OLD, text("$old", BOB, "bridged")), at(NEW + 9, text("$9", ANN, "nine"))], "t1");
    assert!(world.vault.oldest_gap(&RoomId::from(ROOM)).unwrap().is_some(), "something is missing before it");
    world.older(
        ROOM,
        vec![at(OLD, text("$odd", BOB, "bridged")), at(NEW + 5, text("$5", ANN, "five"))],
        "t1",
        Some("t2"),
    );
    assert!(world.vault.oldest_gap(&RoomId::from(ROOM)).unwrap().is_some());
    // Nor when the deleting meets one that was recorded before there was a limit.
    world.vault.keep_everything().unwrap();
    world.live(ROOM, vec![at(OLD, text("$late", BOB, "bridged"))]);
    forget_before(&world, CUT, 10);
    assert_eq!(world.ids(ROOM), ["$1", "$5", "$9"]);
    assert!(world.vault.oldest_gap(&RoomId::from(ROOM)).unwrap().is_some());
    world.older(ROOM, vec![at(NEW, text("$1", ANN, "one")), at(NEW + 3, text("$3", ANN, "three"))], "t2", None);
    assert_eq!(world.ids(ROOM), ["$1", "$3", "$5", "$9"]);
}

#[test]
fn what_deletes_a_message_takes_effect_whatever_its_date() {
    let world = joined_to(ROOM);
    world.live(ROOM, vec![at(NEW, text("$1", ANN, "regretted"))]);
    forget_before(&world, CUT, 10);
    world.live(ROOM, vec![at(OLD, crate::world::redaction("$x", ANN, "$1"))]);
    assert!(world.message(ROOM, "$1").redacted);
}

#[test]
fn the_files_of_a_message_that_is_deleted_for_everyone_are_to_be_deleted_here() {
    let world = joined_to(ROOM);
    let mut other = picture("$e", "mxc://org.example/other");
    other.content["m.new_content"] = json!({ "msgtype": "m.image", "url": "mxc://org.example/changed" });
    other.content["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": "$1" });
    world.live(ROOM, vec![picture("$1", "mxc://org.example/large"), other]);
    assert_eq!(world.vault.orphans(10).unwrap(), Vec::<String>::new());
    world.live(ROOM, vec![crate::world::redaction("$x", ANN, "$1")]);
    let expected = ["changed", "large", "other", "small"].map(|name| format!("mxc://org.example/{name}"));
    assert_eq!(world.vault.orphans(10).unwrap(), expected);
}

#[test]
fn an_edit_that_is_deleted_before_its_message_takes_its_words_along() {
    let world = joined_to(ROOM);
    world.live(ROOM, vec![at(OLD, edit("$e", ANN, "$1", "alembic")), at(OLD + 1, text("$1", ANN, "kettle"))]);
    assert_eq!(find(&world, "alembic"), ["$1"]);
    forget_room(&world, ROOM, 1);
    assert_eq!((traces(&world, "alembic"), traces(&world, "kettle")), (0, 0));
}

#[test]
fn what_comes_of_a_room_that_is_about_to_be_left_is_not_recorded() {
    let world = joined_to(ROOM);
    world.live(ROOM, vec![ping("$1", ANN)]);
    let leave = |transaction: &str, join: bool| NewIntent {
        action: Action::Membership { join },
        ..intent(ROOM, transaction, "")
    };
    let (leaving, _) = world.vault.enqueue(&leave("t1", false)).unwrap();
    forget_room(&world, ROOM, 10);
    let came = |id: &str| {
        let mut room = crate::world::timeline(ROOM, vec![ping(id, ANN)], Place::Live { prev_batch: None });
        room.summary = Some(joined("Harbour Ops"));
        world.record(vec![room])
    };
    let changes = came("$2");
    assert!(changes.is_empty() && changes.arrived.is_empty(), "{changes:?}");
    assert_eq!((world.vault.chat_list(None).unwrap(), world.vault.count_events().unwrap()), (Vec::new(), 0));
    // An invitation is another matter.
    let invited = RoomSummary { membership: Membership::Invited, ..joined("Harbour Ops") };
    world.summary(ROOM, invited);
    assert_eq!(world.vault.chat_list(None).unwrap().len(), 1);
    // So is that they are not in it: a declined one goes, whether or not the answer to that came.
    world.summary(ROOM, RoomSummary { membership: Membership::Left, ..joined("Harbour Ops") });
    assert_eq!(world.vault.chat(&RoomId::from(ROOM)).unwrap().unwrap().summary.membership, Membership::Left);
    // The control: when the server knows, it is a room like any other.
    let id = world.vault.due(Timestamp(i64::MAX)).unwrap()[0].id;
    assert_ne!(id, leaving.id, "it hangs on a fresh row");
    world.vault.sent(id, None).unwrap();
    came("$3");
    assert_eq!(world.ids(ROOM), ["$3"]);
}
