//! What happens to a vault, step by step; and everything that can be seen of it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::json;
use tidings_model::{EventId, FailReason, RoomId, Timestamp, TransactionId, UserId};
use tidings_vault::{Action, Batch, Event, NewIntent, Place, ReceiptThread, Result, Vault, VaultError, VaultKey};

use crate::world::{ANN, BOB, ME, edit, intent, joined, reaction, redaction, text, timeline};

pub(crate) const KEY: [u8; 32] = [42; 32];
pub(crate) const ROOMS: [&str; 3] = ["!0", "!1", "!2"];
/// How many kinds of steps there are.
const KINDS: u64 = 13;

/// A seed of this run: the one that was asked for, or a new one.
pub(crate) fn seed() -> u64 {
    std::env::var("TIDINGS_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap())
}

/// Every kind of step in turn, in one room after the other.
pub(crate) const IN_TURN: u64 = 0;

/// The steps of a seed.
#[derive(Clone, Copy)]
pub(crate) struct Story {
    pub(crate) seed: u64,
}

impl Story {
    /// What step `n` does: its kind, and its dice.
    fn step(self, n: u64) -> (u64, StdRng) {
        let mut dice = StdRng::seed_from_u64(self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ n);
        let any = dice.random_range(0..KINDS);
        (if self.seed == IN_TURN { n % KINDS } else { any }, dice)
    }

    fn room(self, n: u64) -> &'static str {
        ROOMS[usize::try_from(self.step(n).1.random_range(0..3_u32)).unwrap()]
    }

    /// The last step of this kind before `n`.
    fn before(self, n: u64, wanted: impl Fn(u64) -> bool) -> Option<u64> {
        (0..n).rev().take(60).find(|step| wanted(self.step(*step).0))
    }

    /// Live one step: at most one write.
    pub(crate) fn live(self, vault: &Vault, n: u64) -> Result<()> {
        let (kind, mut dice) = self.step(n);
        let said = self.before(n, |kind| kind <= 1).map(|step| (self.room(step), format!("${step}.0")));
        let wrote = self.before(n, |kind| kind == 5).map(|step| (self.room(step), TransactionId(format!("t{step}"))));
        let record = |room: &str, events: Vec<Event>, place: Place| {
            let mut batch = timeline(room, events, place);
            batch.summary = Some(joined(&format!("Room {room} at {n}")));
            vault.record(&Batch { rooms: vec![batch] }).map(|_| ())
        };
        let live = Place::Live { prev_batch: None };
        match (kind, said, wrote) {
            (2, Some((room, target)), _) => record(room, vec![edit(&format!("${n}"), ANN, &target, "edited")], live),
            (3, Some((room, target)), _) => record(room, vec![redaction(&format!("${n}"), ANN, &target)], live),
            (4, Some((room, target)), _) => record(room, vec![reaction(&format!("${n}"), BOB, &target, "👍")], live),
            (5, ..) => {
                let new = intent(self.room(n), &format!("t{n}"), &format!("written {n}"));
                vault.enqueue_written(&new, None).map(|_| ())
            }
            (6, _, Some((_, transaction))) => match vault.intent(&transaction)? {
                Some(intent) => vault.sent(intent.id, Some(&EventId(format!("$of-{transaction}")))).map(|_| ()),
                None => Ok(()),
            },
            (7, _, Some((room, transaction))) => {
                let id = format!("$of-{transaction}");
                record(room, vec![Event { transaction: Some(transaction), ..text(&id, ME, "echoed") }], live)
            }
            (8, _, Some((_, transaction))) => match vault.intent(&transaction)? {
                Some(intent) => vault.refused(intent.id, FailReason::TooLarge).map(|_| ()),
                None => Ok(()),
            },
            (9, ..) => {
                let events = vec![text(&format!("${n}.0"), ANN, &format!("after a hole {n}"))];
                record(self.room(n), events, Place::Live { prev_batch: Some(format!("hole-{n}")) })
            }
            (10, ..) => match vault.oldest_gap(&RoomId::from(self.room(n)))? {
                Some(gap) => {
                    let events =
                        (0..5).map(|i| text(&format!("${n}.h{i}"), BOB, &format!("history {n}.{i}"))).collect();
                    let next = n.is_multiple_of(2).then(|| format!("older-{n}"));
                    record(self.room(n), events, Place::Older { from: gap.token, next })
                }
                None => Ok(()),
            },
            (11, ..) => {
                let room = RoomId::from(self.room(n));
                vault
                    .set_draft(
                        &room,
                        None,
                        &format!("half a thought {n}").as_str().into(),
                        Timestamp(i64::try_from(n).unwrap()),
                    )
                    .map(|_| ())
            }
            (12, Some((room, target)), _) => vault
                .enqueue(&NewIntent {
                    room: RoomId::from(room),
                    action: Action::Receipt { event: EventId(target), thread: ReceiptThread::Main },
                    transaction: TransactionId(format!("r{n}")),
                    time: Timestamp(1),
                })
                .map(|_| ()),
            _ => {
                let count = dice.random_range(1..5);
                let event = |i| Event {
                    notifies: true,
                    content: json!({ "msgtype": "m.text", "body": body(n, i) }),
                    ..text(&format!("${n}.{i}"), ANN, "")
                };
                record(self.room(n), (0..count).map(event).collect(), live)
            }
        }
    }
}

/// What the message with this number says: long enough to fill pages.
fn body(n: u64, i: u64) -> String {
    format!("message {n}.{i} {}", "tide ".repeat(usize::try_from((n * 7 + i) % 90).unwrap()))
}

/// Everything that can be seen of a vault.
pub(crate) fn seen(vault: &Vault) -> Result<String> {
    let mut seen = String::new();
    // Nothing but damage and old files sets a vault back.
    writeln!(seen, "set back: {}", vault.setback()?).unwrap();
    writeln!(seen, "{:#?} {}", vault.chat_list(None)?, vault.unread_chats()?).unwrap();
    for room in ROOMS.map(RoomId::from) {
        let page = vault.page(&room, None, 100_000)?;
        let pending = vault.pending(&room)?;
        writeln!(seen, "{room}\n{page:#?}\n{pending:#?}\n{:?}", vault.draft(&room, None)?).unwrap();
        writeln!(seen, "{:?}", vault.oldest_gap(&room)?).unwrap();
    }
    writeln!(seen, "{:?}", vault.due(Timestamp(i64::MAX))?).unwrap();
    Ok(seen)
}

/// Where files are that need not survive this machine: in memory, if there is such a place.
pub(crate) fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let mut builder = tempfile::Builder::new();
    builder.prefix("tidings-faults-");
    if memory.is_dir() { builder.tempdir_in(memory) } else { builder.tempdir() }.unwrap()
}

pub(crate) fn create(folder: &Path) -> Vault {
    Vault::create(folder, &VaultKey::new(KEY), &UserId::from(ME)).unwrap()
}

pub(crate) fn open(folder: &Path) -> Result<Vault, VaultError> {
    Vault::open(folder, &VaultKey::new(KEY))
}

/// The files of a folder with their contents.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| (PathBuf::from(&name), std::fs::read(folder.join(&name)).unwrap())).collect()
}

/// Make a folder hold these files and no other.
pub(crate) fn lay_out(folder: &Path, files: &[(PathBuf, Vec<u8>)]) {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

/// A vault that lives a story in peace.
pub(crate) struct Reference {
    story: Story,
    vault: Vault,
    lived: u64,
    _folder: tempfile::TempDir,
}

impl Reference {
    pub(crate) fn new(story: Story) -> Self {
        let folder = folder();
        Self { story, vault: create(folder.path()), lived: 0, _folder: folder }
    }

    /// What is to be seen after the first `steps` steps; they never go back.
    pub(crate) fn after(&mut self, steps: u64) -> String {
        assert!(self.lived <= steps, "a story goes forward");
        for n in self.lived..steps {
            self.story.live(&self.vault, n).unwrap();
        }
        self.lived = steps;
        seen(&self.vault).unwrap()
    }

    /// How many steps a vault has lived that acknowledged `done` of them: these or one more. What else it may be is a
    /// fault, and comes back as the first line that differs.
    pub(crate) fn places(&mut self, vault: &Vault, done: u64) -> std::result::Result<u64, String> {
        let found = seen(vault).map_err(|error| error.to_string())?;
        if found == self.after(done) {
            return Ok(done);
        }
        let expected = self.after(done + 1);
        if found == expected {
            return Ok(done + 1);
        }
        let differs = found.lines().zip(expected.lines()).find(|(found, expected)| found != expected);
        Err(format!(
            "after {done} steps: {differs:?}, {} lines for {}",
            found.lines().count(),
            expected.lines().count()
        ))
    }
}
