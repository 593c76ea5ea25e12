//! Unread messages, mentions, what arrives and what is read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use tidings_model::{EventId, RoomId};
use tidings_vault::{Event, Membership, RoomSummary};

use crate::world::{
    ANN, BOB, ME, World, at, edit, in_any_room, joined, member, ping, reaction, redaction, text, thread,
};

const ROOM: &str = "!r";

fn arrived(changes: &tidings_vault::Changes) -> Vec<&str> {
    changes.arrived.iter().map(|arrived| arrived.event.as_str()).collect()
}

#[test]
fn messages_of_others_count_until_they_are_read() {
    let world = World::new();
    let changes = world
        .live(ROOM, vec![ping("$1", ANN), text("$quiet", ANN, "x"), Event { mentions_me: true, ..ping("$2", BOB) }]);
    assert_eq!(arrived(&changes), ["$1", "$2"]);
    assert_eq!(world.unread(ROOM), (2, 1));
    let changes = world.read(ROOM, ME, "$1");
    assert_eq!(world.unread(ROOM), (1, 1));
    assert!(changes.read.is_empty() && changes.rows.contains(&RoomId::from(ROOM)));
    let changes = world.read(ROOM, ME, "$2");
    assert!(changes.read.contains(&RoomId::from(ROOM)));
    assert_eq!(world.unread(ROOM), (0, 0));
    assert!(world.read(ROOM, ME, "$1").is_empty(), "a receipt never moves back");
    assert_eq!(world.unread(ROOM), (0, 0));
}

#[test]
fn who_writes_has_read() {
    let world = World::new();
    world.live(ROOM, vec![ping("$1", ANN)]);
    let changes = world.live(ROOM, vec![text("$2", ME, "answer")]);
    assert!(changes.read.contains(&RoomId::from(ROOM)));
    assert_eq!(world.unread(ROOM), (0, 0));
    assert_eq!(world.vault.read_position(&RoomId::from(ROOM)).unwrap(), Some(1));
}

#[test]
fn a_receipt_that_comes_before_its_event_waits_for_it() {
    let world = World::new();
    world.read(ROOM, ME, "$2");
    let changes = world.live(ROOM, vec![ping("$1", ANN), ping("$2", ANN), ping("$3", ANN)]);
    assert_eq!(arrived(&changes), ["$3"]);
    assert_eq!(world.unread(ROOM), (1, 0));
}

#[test]
fn nothing_arrives_twice_and_history_never_does() {
    let world = World::new();
    assert_eq!(arrived(&world.limited(ROOM, vec![ping("$5", ANN)], "t")), ["$5"]);
    assert_eq!(arrived(&world.live(ROOM, vec![ping("$5", ANN)])), Vec::<&str>::new());
    assert_eq!(arrived(&world.older(ROOM, vec![ping("$4", ANN)], "t", None)), Vec::<&str>::new());
    assert_eq!(world.unread(ROOM), (2, 0));
}

#[test]
fn what_is_redacted_in_the_same_breath_does_not_arrive_and_does_not_count() {
    let world = World::new();
    let changes = world.live(ROOM, vec![ping("$1", ANN), redaction("$x", ANN, "$1"), ping("$2", ANN)]);
    assert_eq!(arrived(&changes), ["$2"]);
    let changes = world.live(ROOM, vec![redaction("$y", ANN, "$2")]);
    assert_eq!(world.unread(ROOM), (0, 0));
    assert!(changes.read.contains(&RoomId::from(ROOM)), "what was shown of it is withdrawn");
}

#[test]
fn what_no_row_shows_does_not_count_but_threads_do() {
    let world = World::new();
    let loud = |event: Event| Event { notifies: true, ..event };
    world.live(
        ROOM,
        vec![
            text("$1", ANN, "root"),
            loud(edit("$e", ANN, "$1", "x")),
            loud(reaction("$r", ANN, "$1", "+1")),
            loud(thread("$t", ANN, "$1", "re")),
        ],
    );
    assert_eq!(world.unread(ROOM), (1, 0));
    assert_eq!(world.vault.newest(&RoomId::from(ROOM)).unwrap(), Some(EventId::from("$t")));
    world.read(ROOM, ME, "$1");
    assert_eq!(world.unread(ROOM), (1, 0), "the receipt does not cover the reply");
    world.read(ROOM, ME, "$t");
    assert_eq!(world.unread(ROOM), (0, 0));
}

#[test]
fn chats_that_ask_for_attention_are_unread_and_not_muted_or_invitations() {
    let world = World::new();
    world.summary("!a", joined("A"));
    world.summary("!b", RoomSummary { muted: true, ..joined("B") });
    world.summary("!c", joined("C"));
    world.summary("!d", RoomSummary { membership: Membership::Invited, ..joined("D") });
    world.summary("!e", RoomSummary { membership: Membership::Left, ..joined("E") });
    for room in ["!a", "!b", "!e"] {
        world.live(room, vec![ping("$1", ANN)]);
    }
    assert_eq!(world.vault.unread_chats().unwrap(), 2);
    assert_eq!(world.unread("!b"), (1, 0), "a muted chat still counts its own");
    world.read("!a", ME, "$1");
    assert_eq!(world.vault.unread_chats().unwrap(), 1);
}

#[test]
fn one_encrypted_room_is_enough_to_have_something_that_needs_keys() {
    let world = World::new();
    assert!(!world.vault.any_encrypted().unwrap());
    world.summary("!a", joined("\"encrypted\":true"));
    world.summary("!b", RoomSummary { encrypted: true, membership: Membership::Left, ..joined("B") });
    assert!(!world.vault.any_encrypted().unwrap());
    world.summary("!c", RoomSummary { encrypted: true, ..joined("C") });
    assert!(world.vault.any_encrypted().unwrap());
}

#[test]
fn the_list_has_pinned_chats_first_then_the_newest_and_no_spaces_or_left_rooms() {
    let world = World::new();
    let rooms = [
        ("!old", joined("Old"), 10),
        ("!new", joined("New"), 30),
        ("!pinned", RoomSummary { pinned: true, ..joined("Pinned") }, 5),
        ("!space", RoomSummary { space: true, ..joined("Space") }, 99),
        ("!left", RoomSummary { membership: Membership::Left, ..joined("Left") }, 99),
    ];
    for (room, summary, time) in rooms {
        world.live(room, vec![at(time, text("$1", ANN, room))]);
        world.summary(room, summary);
    }
    // An invitation is news, although it has no time.
    world.summary("!invited", RoomSummary { membership: Membership::Invited, ..joined("Invited") });
    world.live("!later", vec![at(40, text("$1", ANN, "later"))]);
    world.summary("!later", joined("Later"));
    let list =
        |limit| -> Vec<String> { world.vault.chat_list(limit).unwrap().into_iter().map(|chat| chat.room.0).collect() };
    let names = list(None);
    assert_eq!(names[0], "!pinned");
    assert_eq!(names[1], "!later");
    assert_eq!(names[4], "!old");
    assert_eq!(BTreeSet::from(["!invited", "!new"]), names[2..4].iter().map(String::as_str).collect());
    assert_eq!(list(Some(2)), ["!pinned", "!later"]);

    let chat = world.vault.chat(&RoomId::from("!later")).unwrap().unwrap();
    assert_eq!((chat.order.0, chat.latest.unwrap().event.0), (40, "$1".to_owned()));
}

#[test]
fn a_summary_that_says_nothing_new_changes_nothing() {
    let world = World::new();
    assert!(world.summary(ROOM, joined("A")).rows.contains(&RoomId::from(ROOM)));
    assert!(world.summary(ROOM, joined("A")).is_empty());
    assert!(!world.summary(ROOM, joined("B")).is_empty());
    assert_eq!(world.vault.chat(&RoomId::from(ROOM)).unwrap().unwrap().summary, joined("B"));
}

#[test]
fn a_draft_is_kept_and_an_empty_one_is_none() {
    let world = World::new();
    let room = RoomId::from(ROOM);
    world.summary(ROOM, joined("A"));
    assert!(world.vault.set_draft(&room, None, &"half a thou".into(), 5.into_time()).unwrap().rows.contains(&room));
    assert!(world.vault.set_draft(&room, None, &"half a thou".into(), 6.into_time()).unwrap().is_empty());
    let world = world.reopen();
    assert_eq!(world.vault.draft(&room, None).unwrap(), "half a thou".into());
    assert_eq!(world.vault.chat(&room).unwrap().unwrap().draft.as_deref(), Some("half a thou"));
    world.vault.set_draft(&room, None, &"".into(), 7.into_time()).unwrap();
    assert!(world.vault.draft(&room, None).unwrap().is_empty());
}

trait IntoTime {
    fn into_time(self) -> tidings_model::Timestamp;
}

impl IntoTime for i64 {
    fn into_time(self) -> tidings_model::Timestamp {
        tidings_model::Timestamp(self)
    }
}

/// What happens in a room, as the server tells it.
#[derive(Clone, Debug)]
enum Step {
    Message {
        by: usize,
        notifies: bool,
        mentions: bool,
    },
    Read {
        by: usize,
        which: usize,
    },
    Redact {
        which: usize,
    },
    Thread {
        by: usize,
        root: usize,
    },
    /// This person read the thread, or the main timeline, up to there and no more.
    ReadPart {
        which: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_usize, any::<bool>(), any::<bool>())
            .prop_map(|(by, notifies, mentions)| Step::Message { by, notifies, mentions }),
        1 => (0..3_usize, 0..40_usize).prop_map(|(by, which)| Step::Read { by, which }),
        1 => (0..40_usize).prop_map(|which| Step::Redact { which }),
        1 => (0..3_usize, 0..4_usize).prop_map(|(by, root)| Step::Thread { by, root }),
        1 => (0..40_usize).prop_map(|which| Step::ReadPart { which }),
    ]
}

/// The same, counted in the plainest way.
#[derive(Default)]
struct Model {
    /// Sender, counts, mentions.
    events: Vec<(usize, bool, bool)>,
    redacted: BTreeSet<usize>,
    /// Who read everything up to where.
    read: BTreeMap<usize, usize>,
    /// The root of what is in a thread.
    threads: BTreeMap<usize, usize>,
    /// How far this person read each thread, and the main timeline.
    parts: BTreeMap<Option<usize>, usize>,
}

impl Model {
    fn unread(&self) -> (u32, u32) {
        let is_read = |n: &usize| self.is_read(*n);
        let unread: Vec<_> = self
            .events
            .iter()
            .enumerate()
            .filter(|(n, (by, counts, _))| *by != 0 && *counts && !self.redacted.contains(n) && !is_read(n))
            .collect();
        let mentions = unread.iter().filter(|(_, (_, _, mentions))| *mentions).count();
        (u32::try_from(unread.len()).unwrap(), u32::try_from(mentions).unwrap())
    }

    fn read(&mut self, by: usize, which: usize) {
        let read = self.read.entry(by).or_insert(which);
        *read = which.max(*read);
    }

    fn read_part(&mut self, which: usize) {
        let read = self.parts.entry(self.threads.get(&which).copied()).or_insert(which);
        *read = which.max(*read);
    }

    fn is_read(&self, n: usize) -> bool {
        let part = self.parts.get(&self.threads.get(&n).copied());
        self.read.get(&0).max(part).is_some_and(|read| n <= *read)
    }
}

#[test]
fn counts_agree_with_counting() {
    let counted = RefCell::new(Vec::new());
    let steps = (proptest::collection::vec(step(), 1..60), 1..6_usize);
    let world = in_any_room(64, &steps, |world, room, (steps, size)| {
        let people = [ME, ANN, BOB];
        world.summary(room, joined("R"));
        world.members(room, &[(ME, "Me", true), (ANN, "Ann", true), (BOB, "Bob", true)]);
        let mut model = Model::default();
        for chunk in steps.chunks(size) {
            let mut events = Vec::new();
            let (mut receipts, mut parts) = (Vec::new(), Vec::new());
            let mut told = BTreeSet::new();
            for step in chunk {
                let n = model.events.len();
                let id = format!("${n}");
                match *step {
                    Step::Message { by, notifies, mentions } => {
                        events.push(Event { notifies, mentions_me: mentions, ..text(&id, people[by], "x") });
                        model.events.push((by, notifies, mentions));
                        model.read(by, n);
                        if notifies && by != 0 {
                            told.insert(n);
                        }
                    }
                    Step::Thread { by, root } => {
                        events.push(Event { notifies: true, ..thread(&id, people[by], &format!("${root}x"), "x") });
                        model.events.push((by, true, false));
                        model.threads.insert(n, root);
                        if by == 0 {
                            model.read_part(n);
                        } else {
                            told.insert(n);
                        }
                    }
                    Step::Redact { which } if which < n => {
                        events.push(redaction(&id, ANN, &format!("${which}")));
                        model.events.push((1, false, false));
                        model.redacted.insert(which);
                    }
                    Step::Read { by, which } if which < n => {
                        receipts.push((by, which));
                        model.read(by, which);
                    }
                    Step::ReadPart { which } if which < n => {
                        parts.push((which, model.threads.get(&which).map(|root| format!("${root}x"))));
                        model.read_part(which);
                    }
                    Step::Redact { .. } | Step::Read { .. } | Step::ReadPart { .. } => {}
                }
            }
            let before = world.unread(room).0;
            let mut batch = crate::world::timeline(room, events, tidings_vault::Place::Live { prev_batch: None });
            batch.receipts = receipts
                .into_iter()
                .map(|(by, which)| tidings_vault::Receipt {
                    user: people[by].into(),
                    event: format!("${which}").into(),
                    time: tidings_model::Timestamp(0),
                })
                .collect();
            batch.thread_receipts = parts
                .into_iter()
                .map(|(which, root)| tidings_vault::ThreadReceipt {
                    receipt: tidings_vault::Receipt {
                        user: ME.into(),
                        event: format!("${which}").into(),
                        time: tidings_model::Timestamp(0),
                    },
                    root: root.map(Into::into),
                })
                .collect();
            let changes = world.record(vec![batch]);
            prop_assert_eq!(world.unread(room), model.unread());
            prop_assert_eq!(!changes.read.is_empty(), before > 0 && model.unread().0 == 0);
            let expected: Vec<String> = told
                .into_iter()
                .filter(|n| !model.redacted.contains(n) && !model.is_read(*n))
                .map(|n| format!("${n}"))
                .collect();
            prop_assert_eq!(arrived(&changes), expected);
            let all: Option<usize> = [1, 2].iter().map(|by| model.read.get(by).copied()).min().flatten();
            prop_assert_eq!(world.vault.read_by_all(&room.into()).unwrap(), all.map(|n| i64::try_from(n).unwrap()));
        }
        counted.borrow_mut().push((room.to_owned(), model.unread()));
        Ok(())
    });
    // What was kept is what was counted.
    let world = world.reopen();
    for (room, unread) in counted.into_inner() {
        assert_eq!(world.unread(&room), unread);
    }
}

#[test]
fn who_changes_a_name_or_deletes_something_has_not_read() {
    let world = World::new();
    world.members(ROOM, &[(ME, "Me", true), (ANN, "Ann", true)]);
    world.live(ROOM, vec![text("$mine", ME, "one"), ping("$1", ANN)]);
    assert_eq!(world.unread(ROOM), (1, 0));
    // From another device: a new name is told to every room.
    world.live(ROOM, vec![member("$m", ME, ME, "join"), redaction("$x", ME, "$mine")]);
    assert_eq!(world.unread(ROOM), (1, 0));
    let read =
        |event: &str| world.vault.read_by_all(&ROOM.into()).unwrap() >= Some(world.message(ROOM, event).position);
    world.live(ROOM, vec![text("$2", ME, "two"), member("$n", ANN, ANN, "join")]);
    assert!(!read("$2"), "she did not read it");
    // The control: who writes has read.
    world.live(ROOM, vec![text("$3", ANN, "three")]);
    assert!(read("$2"));
}
