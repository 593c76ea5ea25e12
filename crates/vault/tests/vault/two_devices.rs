//! Two devices of one person: what they count is equal, whatever came when, and it is what counting gives.
//!
//! A room is a log, as the server keeps it. Each device gets the whole log and all receipts, but in pieces of its own
//! size, with holes that it fills later, receipts in its own order, and keys that come late.

use std::cell::Cell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult, TestRunner};
use tidings_model::{EventId, RoomId, Timestamp, UserId};
use tidings_vault::{Encryption, Event, Membership, Place, Receipt, RoomSummary};

use crate::world::{ANN, BOB, ME, World, edit, joined, reaction, redaction, text, thread, timeline, undecryptable};

const PEOPLE: [&str; 3] = [ME, ANN, BOB];

/// What happens in a room.
#[derive(Clone, Debug)]
enum Step {
    Message {
        by: usize,
        notifies: bool,
        mentions: bool,
    },
    /// Encrypted; one of the devices may have to wait for its key.
    Secret {
        by: usize,
        notifies: bool,
        mentions: bool,
    },
    Thread {
        by: usize,
        root: usize,
    },
    Reaction {
        by: usize,
        which: usize,
    },
    Edit {
        which: usize,
    },
    Redact {
        by: usize,
        which: usize,
    },
    Read {
        by: usize,
        which: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..30_usize;
    prop_oneof![
        5 => (0..3_usize, any::<bool>(), any::<bool>())
            .prop_map(|(by, notifies, mentions)| Step::Message { by, notifies, mentions }),
        2 => (1..3_usize, any::<bool>(), any::<bool>())
            .prop_map(|(by, notifies, mentions)| Step::Secret { by, notifies, mentions }),
        1 => (0..3_usize, which.clone()).prop_map(|(by, root)| Step::Thread { by, root }),
        1 => (1..3_usize, which.clone()).prop_map(|(by, which)| Step::Reaction { by, which }),
        1 => which.clone().prop_map(|which| Step::Edit { which }),
        1 => (1..3_usize, which.clone()).prop_map(|(by, which)| Step::Redact { by, which }),
        3 => (0..3_usize, which).prop_map(|(by, which)| Step::Read { by, which }),
    ]
}

/// How a device gets to know of it.
#[derive(Clone, Debug)]
struct Device {
    /// Events a response.
    size: usize,
    /// Responses that it misses, and fills later.
    missed: u32,
    /// Events a page of history.
    page: usize,
    /// When receipts come: an order of their own.
    receipts: Vec<usize>,
    /// Keys come after everything else.
    late_keys: bool,
}

fn device() -> impl Strategy<Value = Device> {
    (1..8_usize, any::<u32>(), 1..8_usize, proptest::collection::vec(0..60_usize, 60), any::<bool>())
        .prop_map(|(size, missed, page, receipts, late_keys)| Device { size, missed, page, receipts, late_keys })
}

/// One entry of the log, as a device with its key reads it.
struct Entry {
    by: usize,
    event: Event,
    counts: bool,
    secret: bool,
    /// The root of the thread it is in.
    thread: Option<usize>,
    /// It is known by its relation alone.
    speaks: bool,
}

#[derive(Default)]
struct Server {
    log: Vec<Entry>,
    receipts: Vec<(usize, usize)>,
    redacted: BTreeSet<usize>,
}

fn id(n: usize) -> String {
    format!("${n}")
}

impl Server {
    fn new(steps: &[Step]) -> Self {
        let mut server = Self::default();
        for step in steps {
            let n = server.log.len();
            let here = id(n);
            let (by, event, counts, secret) = match *step {
                Step::Message { by, notifies, mentions } => {
                    let event = Event { notifies, mentions_me: mentions, ..text(&here, PEOPLE[by], "x") };
                    (by, event, notifies, false)
                }
                Step::Secret { by, notifies, mentions } => {
                    let event = Event {
                        notifies,
                        mentions_me: mentions,
                        encryption: Encryption::Decrypted,
                        ..text(&here, PEOPLE[by], "secret")
                    };
                    (by, event, notifies, true)
                }
                Step::Thread { by, root } if root < n => {
                    (by, Event { notifies: true, ..thread(&here, PEOPLE[by], &id(root), "re") }, true, false)
                }
                Step::Reaction { by, which } if which < n => {
                    (by, Event { notifies: true, ..reaction(&here, PEOPLE[by], &id(which), "+1") }, false, false)
                }
                Step::Edit { which } if which < n => {
                    let by = server.log[which].by;
                    (by, Event { notifies: true, ..edit(&here, PEOPLE[by], &id(which), "y") }, false, false)
                }
                // What a deleted event spoke of (the thread of a reply, the message of an edit), a server tells nobody
                // who asks later.
                Step::Redact { by, which } if which < n && !server.log[which].speaks => {
                    server.redacted.insert(which);
                    (by, redaction(&here, PEOPLE[by], &id(which)), false, false)
                }
                Step::Read { by, which } => {
                    if which < n {
                        server.receipts.push((by, which));
                    }
                    continue;
                }
                Step::Thread { .. } | Step::Reaction { .. } | Step::Edit { .. } | Step::Redact { .. } => continue,
            };
            let thread = match *step {
                Step::Thread { root, .. } => Some(root),
                _ => None,
            };
            let speaks = matches!(step, Step::Thread { .. } | Step::Edit { .. });
            server.log.push(Entry { by, event, counts, secret, thread, speaks });
        }
        server
    }

    /// Unread messages and mentions, counted in the plainest way: who writes has read what came before, and who answers
    /// in a thread, that thread.
    fn unread(&self) -> (u32, u32) {
        let written = |thread| self.log.iter().rposition(|entry| entry.by == 0 && entry.thread == thread);
        let receipt = self.receipts.iter().filter(|(by, _)| *by == 0).map(|(_, which)| *which).max();
        let everything = written(None).max(receipt);
        let unread = self.log.iter().enumerate().filter(|(n, entry)| {
            let read = everything.max(entry.thread.and_then(|root| written(Some(root))));
            entry.by != 0 && entry.counts && !self.redacted.contains(n) && read.is_none_or(|read| *n > read)
        });
        let mentions = unread.clone().filter(|(_, entry)| entry.event.mentions_me).count();
        (u32::try_from(unread.count()).unwrap(), u32::try_from(mentions).unwrap())
    }

    /// Events of the log as the server gives them: without content once the log has come to their redaction.
    fn give(&self, from: usize, to: usize, head: usize, device: &Device) -> Vec<Event> {
        let gone = |n: usize| {
            self.log[..head].iter().any(|later| later.event.redacts == Some(EventId(id(n))))
                && self.redacted.contains(&n)
        };
        (from..to)
            .map(|n| {
                let entry = &self.log[n];
                if gone(n) {
                    Event { redacted: true, content: serde_json::json!({}), ..entry.event.clone() }
                } else if entry.secret && device.late_keys {
                    Event { notifies: true, ..undecryptable(&id(n), PEOPLE[entry.by], "s") }
                } else {
                    entry.event.clone()
                }
            })
            .collect()
    }
}

/// Let a device come to know everything.
fn follow(world: &World, room: &str, server: &Server, device: &Device) {
    let end = server.log.len();
    let mut waiting: Vec<(usize, Receipt)> = server
        .receipts
        .iter()
        .enumerate()
        .map(|(n, (by, which))| {
            let receipt = Receipt { user: UserId::from(PEOPLE[*by]), event: EventId(id(*which)), time: Timestamp(1) };
            (device.receipts.get(n).copied().unwrap_or_default(), receipt)
        })
        .collect();
    waiting.sort_by_key(|(when, _)| *when);
    let (mut at, mut response, mut hole) = (0, 0_u32, None);
    while at < end {
        let next = (at + device.size).min(end);
        let last = next == end;
        if !last && device.missed & (1 << (response % 32)) != 0 {
            hole = Some(format!("t{next}"));
        } else {
            let place = Place::Live { prev_batch: hole.take() };
            let mut batch = timeline(room, server.give(at, next, next, device), place);
            let due = waiting.iter().take_while(|(when, _)| last || *when < next).count();
            batch.receipts = waiting.drain(..due).map(|(_, receipt)| receipt).collect();
            world.record(vec![batch]);
        }
        (at, response) = (next, response + 1);
    }
    while let Some(gap) = world.vault.oldest_gap(&RoomId::from(room)).unwrap() {
        let to: usize = gap.token[1..].parse().unwrap();
        let from = to.saturating_sub(device.page);
        let next = (from > 0).then(|| format!("t{from}"));
        world.older(room, server.give(from, to, end, device), &gap.token, next.as_deref());
    }
    if device.late_keys {
        let opened: Vec<Event> =
            server.log.iter().filter(|entry| entry.secret).map(|entry| entry.event.clone()).collect();
        world.vault.redecrypt(&RoomId::from(room), &opened).unwrap();
    }
}

/// What may become of the room.
fn end() -> impl Strategy<Value = RoomSummary> {
    (any::<bool>(), any::<bool>(), 0..3_u8).prop_map(|(muted, mentions_only, membership)| RoomSummary {
        muted,
        mentions_only,
        membership: [Membership::Joined, Membership::Invited, Membership::Left][usize::from(membership)],
        ..joined("R")
    })
}

fn run<S: Strategy>(strategy: &S, check: impl Fn([&World; 2], &str, S::Value) -> TestCaseResult) {
    let (one, two) = (World::new(), World::new());
    let room = Cell::new(0);
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(strategy, |value| {
        room.set(room.get() + 1);
        check([&one, &two], &format!("!{}", room.get()), value)
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn two_devices_count_what_counting_gives_whatever_came_when() {
    let case = (proptest::collection::vec(step(), 1..50), device(), device(), end());
    run(&case, |worlds, room, (steps, one, two, end)| {
        let server = Server::new(&steps);
        let attention_before = worlds.map(|world| world.vault.unread_chats().unwrap());
        for (world, device) in worlds.into_iter().zip([&one, &two]) {
            world.summary(room, joined("R"));
            follow(world, room, &server, device);
        }
        let counted = worlds.map(|world| world.unread(room));
        prop_assert_eq!(counted[0], server.unread(), "the first device against counting");
        prop_assert_eq!(counted[1], server.unread(), "the second device against counting");
        prop_assert!(counted[0].1 <= counted[0].0, "a mention is unread");

        // Leaving, muting, being invited anew: what asks for attention follows.
        for (world, before) in worlds.into_iter().zip(attention_before) {
            world.summary(room, end.clone());
            let asks = match end.membership {
                Membership::Invited => true,
                Membership::Joined => !end.muted && server.unread().0 > 0,
                Membership::Left => false,
            };
            prop_assert_eq!(world.vault.unread_chats().unwrap(), before + u32::from(asks));
            // Nothing sticks: reading up to what the vault itself names leaves nothing, here and on the other device.
            world.summary(room, joined("R"));
            if let Some(newest) = world.vault.newest(&RoomId::from(room)).unwrap() {
                world.read(room, ME, newest.as_str());
            }
            prop_assert_eq!(world.unread(room), (0, 0));
            prop_assert_eq!(world.vault.unread_chats().unwrap(), before);
        }
        prop_assert_eq!(
            worlds[0].vault.newest(&RoomId::from(room)).unwrap(),
            worlds[1].vault.newest(&RoomId::from(room)).unwrap(),
            "reading on one device reads everything on the other"
        );
        Ok(())
    });
}

#[test]
fn the_room_is_the_same_on_both_devices() {
    let case = (proptest::collection::vec(step(), 1..50), device(), device());
    run(&case, |worlds, room, (steps, one, two)| {
        let server = Server::new(&steps);
        for (world, device) in worlds.into_iter().zip([&one, &two]) {
            follow(world, room, &server, device);
        }
        let [first, second] = worlds.map(|world| {
            let mut rows = world.rows(room);
            for row in &mut rows {
                row.position = 0;
                if row.redacted {
                    // What it was is known to the device that saw it before, or had its key.
                    (row.kind, row.encryption) = (String::new(), Encryption::Clear);
                    (row.notifies, row.mentions_me) = (false, false);
                }
            }
            rows
        });
        prop_assert_eq!(first, second);
        Ok(())
    });
}
