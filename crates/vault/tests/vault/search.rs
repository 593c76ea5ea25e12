//! Searching: what is found, in which order, and what is not found any more.

use serde_json::json;
use tidings_model::{EventId, RoomId, Timestamp, UserId};
use tidings_vault::{Encryption, Event, IndexState, Membership, Part, Query, RoomSummary, Search};

use crate::world::{ANN, BOB, ME, World, at, edit, event, joined, redaction, text, thread, undecryptable};

const ROOM: &str = "!ops";

/// A vault with a listed room.
fn world() -> World {
    let world = World::new();
    world.summary(ROOM, joined("Harbour Ops"));
    world
}

fn search(world: &World, search: &Search) -> Vec<String> {
    let found = world.vault.search(search).unwrap();
    found.hits.into_iter().map(|hit| hit.message.event.0).collect()
}

fn asked(query: &str) -> Search {
    Search::of(&Query::parse(query), 50)
}

fn find(world: &World, query: &str) -> Vec<String> {
    search(world, &asked(query))
}

#[test]
fn words_parts_of_words_and_phrases_are_found_newest_first() {
    let world = world();
    world.live(
        ROOM,
        vec![
            at(1_764_000_000_000, text("$1", ANN, "The berth plan for week 20")),
            at(1_764_000_010_000, text("$2", BOB, "Planning the berths. Wiśniewski knows")),
            at(1_764_000_020_000, text("$3", ANN, "An airplane over 北京大学")),
        ],
    );
    assert_eq!(find(&world, "plan"), ["$3", "$2", "$1"]);
    assert_eq!(find(&world, "BERTH plan"), ["$2", "$1"]);
    assert_eq!(find(&world, "\"berth plan\""), ["$1"]);
    assert_eq!(find(&world, "wisniew"), ["$2"]);
    assert_eq!(find(&world, "pl"), ["$2", "$1"]);
    assert_eq!(find(&world, "京大"), ["$3"]);
    assert_eq!(find(&world, "学"), ["$3"]);
    assert_eq!(find(&world, "北京大学"), ["$3"]);
    assert_eq!(find(&world, "nothing"), Vec::<String>::new());
    assert_eq!(find(&world, ""), Vec::<String>::new());
}

#[test]
fn what_comes_with_an_edit_and_a_deletion_is_in_the_index_and_out_of_it() {
    let world = world();
    let one = |n: i64| text(&format!("$old{n}"), ANN, &format!("berth plan {n}"));
    world.live(ROOM, (0..4).map(|n| at(1_764_000_000_000 + n * 1_000, one(n))).collect());
    world.live(
        ROOM,
        vec![
            at(1_764_000_010_000, edit("$edit", ANN, "$old0", "berth plan mended")),
            at(1_764_000_011_000, text("$new", BOB, "berth plan, new")),
            at(1_764_000_012_000, redaction("$gone", ANN, "$old2")),
        ],
    );
    let everything = ["$new", "$old3", "$old1", "$old0"];
    assert_eq!(find(&world, "berth"), everything);
    let here = |query: &str| search(&world, &Search { rooms: Some(vec![RoomId::from(ROOM)]), ..asked(query) });
    assert_eq!(here("plan"), everything);
    assert_eq!((here("mended"), find(&world, "2")), (vec!["$old0".to_owned()], Vec::new()));
    let counted = world.vault.search(&Search { limit: 0, ..asked("berth") }).unwrap();
    assert_eq!(counted.total, 4);
    let check = world.vault.check_index().unwrap();
    assert_eq!((check.missing, check.sound), (0, true));
}

#[test]
fn a_phrase_is_found_among_many_messages_that_say_its_words_elsewhere() {
    let world = world();
    world
        .live(ROOM, vec![at(1_764_000_000_000, text("$first", ANN, "berth plan-xenon, the berth plan, plan to plan"))]);
    // More than are compared before a search for a part of a word gives up, and more endings than are asked for.
    for response in 0..32 {
        let says = |n: i64| format!("plan of the berth xe{n}, plan it");
        let events = (0..100).map(|n| response * 100 + n);
        let events = events.map(|n| at(1_764_000_010_000 + n * 1_000, text(&format!("$n{n}"), BOB, &says(n))));
        world.live(ROOM, events.collect());
    }
    world.live(ROOM, vec![at(1_764_100_000_000, text("$last", ANN, "of plan and berth"))]);
    for query in [
        "\"the berth plan\"",
        "\"to plan\"",
        "berth-plan",
        "plan-xe",
        "\"berth plan xenon\"",
        "\"the berth plan\" berth",
    ] {
        assert_eq!(find(&world, query), ["$first"], "{query}");
    }
    for query in ["\"plan berth\"", "\"plan plan plan\"", "\"the the\"", "plan-xen-the-", "\"plan the\""] {
        assert_eq!(find(&world, query), Vec::<String>::new(), "{query}");
    }
    let newest = world.vault.search(&Search { limit: 3, ..asked("berth-xe") }).unwrap();
    assert_eq!(
        newest.hits.iter().map(|hit| hit.message.event.0.as_str()).collect::<Vec<_>>(),
        ["$n3199", "$n3198", "$n3197"]
    );
    assert!(newest.more);
    let next = world.vault.search(&Search { limit: 3, cursor: newest.next, ..asked("berth-xe") }).unwrap();
    assert_eq!(next.hits[0].message.event.0, "$n3196");
    // Counted as far as that is quick, and it is said that there may be more.
    let counted = world.vault.search(&Search { limit: 0, ..asked("\"of the berth\"") }).unwrap();
    assert_eq!((counted.total, counted.more), (1_000, true));
    let counted = world.vault.search(&Search { limit: 0, ..asked("\"the berth plan\"") }).unwrap();
    assert_eq!((counted.total, counted.more), (0, true));
}

#[test]
fn captions_file_names_and_questions_are_found() {
    let world = world();
    let file =
        json!({ "msgtype": "m.file", "body": "see the drawing", "filename": "Quay_5-rev.B.pdf", "url": "mxc://o/1" });
    let poll = json!({ "m.poll": { "question": { "m.text": [{ "body": "Which tug?" }] },
                                  "answers": [{ "m.id": "a", "m.text": [{ "body": "Kingfisher" }] }] } });
    world.live(ROOM, vec![event("$f", ANN, "m.room.message", file), event("$p", ANN, "m.poll.start", poll)]);
    for query in ["quay", "drawing", "pdf", "quay_5-rev.b.pdf"] {
        assert_eq!(find(&world, query), ["$f"], "{query}");
    }
    assert_eq!(find(&world, "tug kingfisher"), ["$p"]);
    // By what it shows, not by what it says to programs that cannot draw it.
    let poll = json!({ "m.poll": { "question": { "body": "fallback", "m.text": [{ "mimetype": "text/html" }, { "body": "Which buoy?" }] },
                                   "answers": [{ "m.id": "a", "m.text": [{ "body": "Red" }] }] } });
    world.live(ROOM, vec![event("$q", ANN, "m.poll.start", poll)]);
    assert_eq!((find(&world, "buoy red"), find(&world, "fallback")), (vec!["$q".to_owned()], Vec::new()));
    // A phrase does not reach from the caption into the name.
    assert_eq!(find(&world, "\"drawing quay\""), Vec::<String>::new());
}

#[test]
fn an_edit_replaces_and_a_redaction_removes_whatever_comes_first() {
    let world = world();
    world.live(ROOM, vec![text("$1", ANN, "the old harbour"), edit("$e", ANN, "$1", "the new harbour")]);
    assert_eq!(find(&world, "old"), Vec::<String>::new());
    assert_eq!(find(&world, "new"), ["$1"]);
    world.live(ROOM, vec![redaction("$re", ANN, "$e")]);
    assert_eq!(find(&world, "new"), Vec::<String>::new());
    assert_eq!(find(&world, "old"), ["$1"]);
    world.live(ROOM, vec![redaction("$r1", ANN, "$1")]);
    assert_eq!(find(&world, "harbour"), Vec::<String>::new());

    world.live(ROOM, vec![edit("$e2", ANN, "$2", "after"), text("$2", ANN, "before")]);
    assert_eq!(find(&world, "before"), Vec::<String>::new());
    assert_eq!(find(&world, "after"), ["$2"]);
    world.live(ROOM, vec![redaction("$r3", ANN, "$3"), text("$3", ANN, "never")]);
    assert_eq!(find(&world, "never"), Vec::<String>::new());
    assert_eq!(world.vault.check_index().unwrap().missing, 0);
}

#[test]
fn what_is_decrypted_late_is_found_from_then_on() {
    let world = world();
    world.live(ROOM, vec![undecryptable("$1", ANN, "s")]);
    assert_eq!(find(&world, "secret"), Vec::<String>::new());
    let plain = Event { encryption: Encryption::Decrypted, ..text("$1", ANN, "the secret") };
    world.vault.redecrypt(&RoomId::from(ROOM), &[plain]).unwrap();
    assert_eq!(find(&world, "secret"), ["$1"]);
}

#[test]
fn filters_narrow_by_who_where_what_and_when() {
    let world = world();
    world.summary("!other", joined("Other"));
    let picture = json!({ "msgtype": "m.image", "body": "plan.png", "url": "mxc://o/2" });
    world.live(
        ROOM,
        vec![
            at(1_764_000_000_000, text("$1", ANN, "plan https://example.org")),
            at(1_764_000_100_000, event("$2", BOB, "m.room.message", picture)),
            at(1_764_000_200_000, Event { mentions_me: true, ..text("$3", BOB, "plan") }),
            at(1_764_000_300_000, thread("$4", ANN, "$1", "plan in a thread")),
        ],
    );
    world.live("!other", vec![at(1_764_000_400_000, text("$5", ANN, "plan"))]);
    let plan = asked("plan");
    assert_eq!(search(&world, &plan), ["$5", "$4", "$3", "$2", "$1"]);
    let from = |user: &str| Some(vec![UserId::from(user)]);
    assert_eq!(search(&world, &Search { from: from(BOB), ..plan.clone() }), ["$3", "$2"]);
    assert_eq!(search(&world, &Search { from: from("@nobody:o"), ..plan.clone() }), Vec::<String>::new());
    assert_eq!(search(&world, &Search { rooms: Some(vec!["!other".into()]), ..plan.clone() }), ["$5"]);
    assert_eq!(search(&world, &Search { has: vec![Part::Image, Part::Link], ..plan.clone() }), ["$2", "$1"]);
    assert_eq!(search(&world, &Search { mentions_me: true, ..plan.clone() }), ["$3"]);
    let before = Some(Timestamp(1_764_000_200_000));
    assert_eq!(search(&world, &Search { before, ..plan.clone() }), ["$2", "$1"]);
    assert_eq!(search(&world, &Search { after: before, from: from(BOB), ..plan.clone() }), ["$3"]);
    // Without a word, too.
    assert_eq!(search(&world, &Search { has: vec![Part::Image], ..asked("") }), ["$2"]);
    assert_eq!(search(&world, &Search { after: before, ..asked("") }), ["$5", "$4", "$3"]);
    let hits = world.vault.search(&Search { from: from(ANN), ..plan }).unwrap().hits;
    assert!(hits.iter().any(|hit| hit.thread.is_some() && hit.message.event == EventId::from("$4")));
}

#[test]
fn starred_pinned_and_unread_are_filters_too() {
    let world = world();
    world.live(
        ROOM,
        vec![
            at(1_764_000_000_000, text("$1", ANN, "plan one")),
            at(1_764_000_100_000, text("$2", ANN, "plan two")),
            at(1_764_000_200_000, Event { notifies: true, ..text("$3", ANN, "plan three") }),
        ],
    );
    let room = RoomId::from(ROOM);
    assert!(world.vault.set_starred(&room, &"$1".into(), true, Timestamp(1)).unwrap().conversations.contains(&room));
    assert!(world.vault.set_starred(&room, &"$1".into(), true, Timestamp(2)).unwrap().is_empty());
    assert!(world.vault.set_starred(&room, &"$none".into(), true, Timestamp(1)).is_err());
    world.summary(ROOM, RoomSummary { pinned_events: vec!["$2".into()], ..joined("Harbour Ops") });
    let plan = asked("plan");
    assert_eq!(search(&world, &Search { starred: true, ..plan.clone() }), ["$1"]);
    assert_eq!(search(&world, &Search { pinned: true, ..plan.clone() }), ["$2"]);
    assert_eq!(search(&world, &Search { unread: true, ..plan.clone() }), ["$3"]);
    assert_eq!(search(&world, &Search { unread: true, ..asked("") }), ["$3"]);
    assert_eq!(search(&world, &Search { starred: true, pinned: true, ..asked("") }), Vec::<String>::new());
    world.read(ROOM, ME, "$3");
    assert_eq!(search(&world, &Search { unread: true, ..plan }), Vec::<String>::new());
}

#[test]
fn a_room_that_was_left_is_not_searched() {
    let world = world();
    world.live(ROOM, vec![text("$1", ANN, "plan")]);
    assert_eq!(find(&world, "plan"), ["$1"]);
    world.summary(ROOM, RoomSummary { membership: Membership::Left, ..joined("Harbour Ops") });
    let found = world.vault.search(&asked("plan")).unwrap();
    assert_eq!((found.hits.len(), found.total), (0, 0));
}

#[test]
fn pages_follow_one_another_without_doubles_and_hits_are_counted() {
    let world = world();
    let said = (0..130).map(|n| at(1_764_000_000_000 + n * 60_000, text(&format!("${n:03}"), ANN, "plan"))).collect();
    world.live(ROOM, said);
    let mut all = Vec::new();
    let mut page = Search { limit: 50, ..asked("plan") };
    loop {
        let found = world.vault.search(&page).unwrap();
        assert_eq!(found.total as usize, 130 - all.len());
        all.extend(found.hits.into_iter().map(|hit| hit.message.event.0));
        page.cursor = found.next;
        if page.cursor.is_none() {
            break;
        }
    }
    let expected: Vec<String> = (0..130).rev().map(|n| format!("${n:03}")).collect();
    assert_eq!(all, expected);
}

#[test]
fn a_part_that_stands_for_very_many_words_finds_all_of_them() {
    let world = world();
    // A thousand words with "q" as their beginning, said by one message each; the newest thousands say something else.
    let rare = (0..1_000).map(|n| at(1_700_000_000_000 + n * 60_000, text(&format!("$q{n}"), ANN, &format!("q{n}x"))));
    let later = (0..3_500).map(|n| at(1_764_000_000_000 + n * 60_000, text(&format!("$z{n}"), ANN, "zebra")));
    world.live(ROOM, rare.chain(later).collect());
    let found = world.vault.search(&Search { limit: 5, ..asked("q") }).unwrap();
    assert_eq!(
        found.hits.iter().map(|hit| hit.message.event.as_str()).collect::<Vec<_>>(),
        ["$q999", "$q998", "$q997", "$q996", "$q995"]
    );
    let found = world.vault.search(&Search { limit: 2_000, ..asked("q") }).unwrap();
    assert_eq!(found.hits.len(), 1_000);
    // Where hits are near, the newest are read and the page is full at once.
    let found = world.vault.search(&Search { limit: 5, ..asked("z") }).unwrap();
    assert_eq!(found.hits[0].message.event.as_str(), "$z3499");
}

#[test]
fn odd_input_is_never_an_error() {
    let world = world();
    world.live(ROOM, vec![text("$1", ANN, "it's a \"test\" * of - 👍 _r1 OR NOT")]);
    let long = "w ".repeat(5_000);
    for query in [
        "\"",
        "\"\"",
        "*",
        "-",
        "a*",
        "(",
        ")",
        "NEAR(a b)",
        "a OR",
        "NOT",
        "^a",
        "a:b",
        "{a}:b",
        "'",
        "👍",
        &long,
        "\0",
        "_r1",
        "from:",
        "%",
        "\\",
    ] {
        world.vault.search(&asked(query)).unwrap_or_else(|error| panic!("{query}: {error}"));
    }
    assert_eq!(find(&world, "👍"), ["$1"]);
    assert_eq!(find(&world, "_r1"), ["$1"]);
    assert_eq!(find(&world, "its"), ["$1"]);
}

#[test]
fn the_index_can_be_built_anew_while_messages_come_in_and_checks_itself() {
    let world = world();
    let said = |from: i64, to: i64| {
        (from..to)
            .map(|n| at(1_764_000_000_000 + n * 60_000, text(&format!("${n}"), ANN, &format!("plan number{n}"))))
            .collect()
    };
    world.live(ROOM, said(0, 100));
    assert_eq!(world.vault.index_state().unwrap(), IndexState::Complete);
    world.vault.rebuild_index().unwrap();
    assert_eq!(world.vault.index_state().unwrap(), IndexState::Building { back_to: None });
    assert_eq!(find(&world, "plan"), Vec::<String>::new());
    let IndexState::Building { back_to: Some(_) } = world.vault.index_more(30).unwrap() else { panic!("it goes on") };
    assert_eq!(world.vault.search(&asked("plan")).unwrap().total, 30);
    // A new message is found at once; an old one that comes now waits for its turn, and is not taken in twice.
    world.live(ROOM, said(100, 101));
    world.live(ROOM, vec![at(1_764_000_000_000 + 30_000, text("$late", ANN, "plan late")), redaction("$r", ANN, "$5")]);
    assert_eq!(world.vault.search(&asked("plan")).unwrap().total, 31);
    while world.vault.index_more(30).unwrap() != IndexState::Complete {}
    let found = world.vault.search(&Search { limit: 200, ..asked("plan") }).unwrap();
    assert_eq!((found.total, found.hits.len()), (101, 101));
    assert_eq!(find(&world, "number7"), ["$79", "$78", "$77", "$76", "$75", "$74", "$73", "$72", "$71", "$70", "$7"]);
    let check = world.vault.check_index().unwrap();
    assert!(check.sound && check.checked > 0 && check.missing == 0, "{check:?}");
    let world = world.reopen();
    assert_eq!(world.vault.search(&asked("plan")).unwrap().total, 101);
}

#[test]
fn people_are_found_by_parts_of_their_names() {
    let world = world();
    world.members(ROOM, &[("@tomasz:org.example", "Tomasz Wiśniewski", true), (ANN, "Ann Lee", true)]);
    let named = |part: &str| -> Vec<String> {
        world.vault.people_named(part, 10).unwrap().into_iter().map(|(user, _)| user.0).collect()
    };
    assert_eq!(named("wisniew"), ["@tomasz:org.example"]);
    assert_eq!(named("tomasz w"), ["@tomasz:org.example"]);
    assert_eq!(named(ANN), [ANN]);
    assert_eq!(named("zed"), Vec::<String>::new());
    world.members(ROOM, &[("@tomasz:org.example", "Tom", true)]);
    assert_eq!(named("wisniew"), Vec::<String>::new());
}

#[test]
fn pictures_files_and_links_of_a_chat_are_listed_newest_first() {
    let world = world();
    let file = |kind: &str| json!({ "msgtype": kind, "body": "x", "url": "mxc://o/1" });
    world.live(
        ROOM,
        vec![
            event("$i", ANN, "m.room.message", file("m.image")),
            event("$v", ANN, "m.room.message", file("m.video")),
            text("$l", ANN, "see https://example.org"),
            event("$f", ANN, "m.room.message", file("m.file")),
        ],
    );
    let room = RoomId::from(ROOM);
    let listed = |kinds: &[Part], before| -> Vec<String> {
        world
            .vault
            .parts(&room, kinds, before, 10)
            .unwrap()
            .into_iter()
            .map(|carrier| carrier.message.event.0)
            .collect()
    };
    assert_eq!(listed(&[Part::Image, Part::Video], None), ["$v", "$i"]);
    assert_eq!(listed(&[Part::File], None), ["$f"]);
    assert_eq!(listed(&[Part::Link], None), ["$l"]);
    let position = world.message(ROOM, "$v").position;
    assert_eq!(listed(&[Part::Image, Part::Video], Some(position)), ["$i"]);
    world.live(ROOM, vec![redaction("$r", ANN, "$i")]);
    assert_eq!(listed(&[Part::Image], None), Vec::<String>::new());
}

#[test]
fn what_nobody_says_is_answered_with_what_somebody_does() {
    let world = world();
    world.live(ROOM, vec![text("$1", ANN, "The berth plan for Wiśniewski")]);
    let meant = |text: &str| world.vault.suggest(text).unwrap();
    assert_eq!(meant("berht"), Some("berth".to_owned()));
    assert_eq!(meant("berht plan"), Some("berth plan".to_owned()));
    assert_eq!(meant("wisnieswki"), Some("wisniewski".to_owned()));
    assert_eq!(meant("berth"), None);
    assert_eq!(meant("submarine"), None);
    assert_eq!(meant("xyz \" *"), None);
}

#[test]
fn messages_without_files_are_found_and_counted_apart() {
    let world = world();
    let file = json!({ "msgtype": "m.file", "body": "plan.pdf", "url": "mxc://o/1" });
    world.live(ROOM, vec![text("$1", ANN, "plan"), event("$2", ANN, "m.room.message", file)]);
    let files = vec![Part::File, Part::Image];
    assert_eq!(search(&world, &Search { without: files.clone(), ..asked("plan") }), ["$1"]);
    let count = |search: Search| world.vault.search(&Search { limit: 0, ..search }).unwrap().total;
    assert_eq!(count(Search { without: files.clone(), ..asked("plan") }), 1);
    assert_eq!(count(Search { has: files, ..asked("plan") }), 1);
    assert_eq!(count(asked("plan")), 2);
    assert_eq!(count(asked("p")), 2);
}

#[test]
fn how_far_back_everything_is_here_is_known() {
    let world = world();
    world.live(ROOM, vec![at(5_000, text("$1", ANN, "x"))]);
    assert_eq!(world.vault.complete_since().unwrap(), None);
    world.limited(ROOM, vec![at(9_000, text("$2", ANN, "y"))], "token");
    assert_eq!(world.vault.complete_since().unwrap(), Some(Timestamp(9_000)));
    assert_eq!(world.vault.count_events().unwrap(), 2);
}

#[test]
fn of_more_unread_messages_than_can_be_named_each_chat_gives_its_newest() {
    let world = world();
    for (room, after) in [("!a", 0), ("!b", 500)] {
        world.summary(room, joined(room));
        let events = (0..5_100).map(|n| {
            let time = 1_764_000_000_000 + i64::from(n) * 1_000 + after;
            at(time, Event { notifies: true, ..text(&format!("${room}{n}"), ANN, "tide") })
        });
        world.live(room, events.collect());
    }
    let hits = search(&world, &Search { unread: true, limit: 4, ..asked("tide") });
    assert_eq!(hits.len(), 4);
    assert!(hits.iter().all(|hit| hit.ends_with("5098") || hit.ends_with("5099")), "{hits:?}");
}

#[test]
fn what_stands_for_many_words_is_found_and_counted_beyond_the_newest_messages() {
    let world = world();
    world.summary("!other", joined("Quay"));
    let minute = |n: i64| 1_764_000_000_000 + n * 60_000;
    let family = (0..310).map(|n| format!("wave{n}")).collect::<Vec<_>>().join(" ");
    world.live(ROOM, vec![at(minute(0), text("$family", ANN, &family))]);
    let one = |n: i64| at(minute(n), text(&format!("$w{n}"), ANN, &format!("wave{n}")));
    world.live(ROOM, (1..30).map(one).collect());
    world.live("!other", (30..50).map(one).collect());
    let room = |room: &str| Search { rooms: Some(vec![RoomId::from(room)]), ..asked("wav") };
    let count = |search: Search| world.vault.search(&Search { limit: 0, ..search }).unwrap();
    for newest in [None, Some(5)] {
        if let Some(newest) = newest {
            world.vault.warm_search(newest).unwrap();
        }
        assert_eq!((count(room(ROOM)).total, count(room("!other")).total), (30, 20), "{newest:?}");
        let here = search(&world, &room(ROOM));
        assert_eq!((here.len(), here[0].as_str(), here[29].as_str()), (30, "$w29", "$family"));
        let everywhere = search(&world, &Search { limit: 60, ..asked("wav") });
        assert_eq!((everywhere.len(), everywhere[0].as_str()), (50, "$w49"));
        // What is not counted to its end says so.
        let all = count(asked("wav"));
        assert!(all.total == 50 || all.more, "{all:?}");
    }
}

#[test]
fn the_newest_messages_in_memory_are_bounded_by_their_bytes() {
    let world = world();
    let long = |n: i64| {
        let words = (0..9_000).map(|word| format!("w{word}")).collect::<Vec<_>>().join(" ");
        at(1_764_000_000_000 + n * 60_000, text(&format!("$l{n}"), ANN, &format!("n{n} {words}")))
    };
    world.vault.warm_search(10_000).unwrap();
    // Some forty megabytes, beyond what is kept.
    for n in 0..80 {
        world.live(ROOM, (n * 10..n * 10 + 10).map(long).collect());
    }
    for name in ["\"n3 w0\"", "\"n799 w0\"", "\"n400 w0\""] {
        assert_eq!(find(&world, name).len(), 1, "{name}");
    }
}

#[test]
fn a_word_that_the_vocabulary_lost_is_noticed_and_found_again_when_the_index_is_made_anew() {
    let world = world();
    world.live(ROOM, vec![text("$1", ANN, "the berth plan"), text("$2", BOB, "quay")]);
    crate::migration::open(world.path(), &world.key).execute_batch("DELETE FROM vocabulary").unwrap();
    let check = world.vault.check_index().unwrap();
    assert!(check.sound && check.checked > 0 && check.missing == check.checked, "{check:?}");
    assert_eq!(find(&world, "ert"), Vec::<String>::new());
    world.vault.rebuild_index().unwrap();
    while world.vault.index_more(10).unwrap() != IndexState::Complete {}
    assert_eq!(world.vault.check_index().unwrap().missing, 0);
    assert_eq!(find(&world, "ert"), ["$1"]);
}
