//! Killed at any moment: nothing that was acknowledged is missing.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use tidings_model::{EventId, RoomId, TransactionId};
use tidings_vault::{Batch, Place, Vault, VaultError, VaultKey};

use crate::world::{ANN, ME, intent, text, timeline};

const ROOM: &str = "!r";
const FOLDER: &str = "TIDINGS_VAULT_TO_KILL";
const KEY: [u8; 32] = [42; 32];

/// Not a test by itself: what the killed process does, when it is told where. It writes and says what was acknowledged.
#[test]
fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let vault = Vault::open(Path::new(&folder), &VaultKey::new(KEY)).unwrap();
    let begun = vault.page(&RoomId::from(ROOM), None, 1).unwrap().messages.last().map_or(0, |last| last.position);
    // The last one again: its intent may be missing, and neither is ever doubled.
    let mut out = std::io::stdout().lock();
    for n in begun.. {
        let events = vec![text(&format!("${n}"), ANN, "kept")];
        vault.record(&Batch { rooms: vec![timeline(ROOM, events, Place::Live { prev_batch: None })] }).unwrap();
        vault.enqueue(&intent(ROOM, &format!("t{n}"), "kept")).unwrap();
        writeln!(out, "kept {n}").unwrap();
        out.flush().unwrap();
    }
}

fn spawn(folder: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::writes_until_it_is_killed", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn what_was_acknowledged_is_there_after_every_kill() {
    let folder = tempfile::tempdir().unwrap();
    let key = VaultKey::new(KEY);
    Vault::create(folder.path(), &key, &ME.into()).unwrap().close().unwrap();
    let mut last = None;
    for round in 0..60 {
        let mut child = spawn(folder.path());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // Some rounds are killed while they open, the others after a few writes.
        for _ in 0..round % 7 {
            let kept =
                lines.by_ref().map(Result::unwrap).find_map(|line| line.strip_prefix("kept ").map(str::to_owned));
            last = Some(kept.unwrap().parse::<i64>().unwrap());
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it still said before it died was acknowledged too.
        for line in lines.map_while(Result::ok) {
            if let Some(n) = line.strip_prefix("kept ").and_then(|n| n.parse().ok()) {
                last = Some(n);
            }
        }
        if round % 10 != 9 {
            continue;
        }
        let vault = Vault::open(folder.path(), &key).unwrap();
        let rows = vault.page(&RoomId::from(ROOM), None, 100_000).unwrap().messages;
        let last = last.unwrap();
        for (n, row) in (0..=last).zip(&rows) {
            assert_eq!(row.event, EventId(format!("${n}")));
            assert!(vault.intent(&TransactionId(format!("t{n}"))).unwrap().is_some(), "intent {n} is missing");
        }
        assert!(rows.len() as i64 > last, "{} rows, but {last} was acknowledged", rows.len());
        assert!(rows.len() as i64 <= last + 2);
        // What was written but not acknowledged may be there; the next round goes on behind it.
        vault.close().unwrap();
    }
}

#[test]
fn another_process_finds_it_in_use_and_the_lock_dies_with_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let key = VaultKey::new(KEY);
    Vault::create(folder.path(), &key, &ME.into()).unwrap().close().unwrap();
    let mut child = spawn(folder.path());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.by_ref().map(Result::unwrap).any(|line| line.starts_with("kept ")));
    assert!(matches!(Vault::open(folder.path(), &key), Err(VaultError::InUse)));
    child.kill().unwrap();
    child.wait().unwrap();
    Vault::open(folder.path(), &key).unwrap();
}
