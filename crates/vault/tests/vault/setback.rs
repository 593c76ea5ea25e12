//! A file that went back to an earlier state: noticed, said, and nothing is sent twice.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tidings_model::{EventId, FailReason, RoomId, Timestamp, TransactionId, UserId};
use tidings_vault::{Action, Event, IntentState, NewIntent, ReceiptThread, Vault, VaultError, VaultKey};

use crate::world::{ME, event, intent};

const ROOM: &str = "!r";
const KEY: [u8; 32] = [7; 32];

type Files = Vec<(PathBuf, Vec<u8>)>;

fn open(folder: &Path) -> Result<Vault, VaultError> {
    Vault::open(folder, &VaultKey::new(KEY))
}

fn files(folder: &Path) -> Files {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    names.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// Give back only these files of an earlier state.
fn go_back(earlier: &Files, names: &[&str]) {
    for (path, bytes) in earlier {
        if names.iter().any(|name| path.ends_with(name)) {
            fs::write(path, bytes).unwrap();
        }
    }
}

fn echo(vault: &Vault, transaction: &str) {
    let said = Event {
        transaction: Some(TransactionId::from(transaction)),
        ..event(&format!("$of-{transaction}"), ME, "m.room.message", json!({ "msgtype": "m.text", "body": "x" }))
    };
    let batch = crate::world::timeline(ROOM, vec![said], tidings_vault::Place::Live { prev_batch: None });
    vault.record(&tidings_vault::Batch { rooms: vec![batch] }).unwrap();
}

/// The transaction ids of the messages that would go out now.
fn goes_out(vault: &Vault) -> Vec<String> {
    vault.due(Timestamp(i64::MAX)).unwrap().into_iter().map(|intent| intent.transaction.0).collect()
}

fn write(vault: &Vault, transaction: &str) {
    vault.enqueue(&intent(ROOM, transaction, "x")).unwrap();
}

/// `t1` is still to be sent in what comes back; it was sent, and `t2` written, since.
fn lived() -> (tempfile::TempDir, Files) {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::create(folder.path(), &VaultKey::new(KEY), &UserId::from(ME)).unwrap();
    write(&vault, "t1");
    vault.close().unwrap();
    let earlier = files(folder.path());
    let vault = open(folder.path()).unwrap();
    assert!(!vault.setback().unwrap());
    let id = vault.intent(&TransactionId::from("t1")).unwrap().unwrap().id;
    vault.sent(id, Some(&EventId::from("$of-t1"))).unwrap();
    echo(&vault, "t1");
    write(&vault, "t2");
    vault.close().unwrap();
    (folder, earlier)
}

#[test]
fn a_file_that_was_copied_back_is_noticed_and_nothing_goes_out_by_itself() {
    let (folder, earlier) = lived();
    go_back(&earlier, &["vault.db"]);
    let vault = open(folder.path()).unwrap();
    assert!(vault.setback().unwrap());
    assert_eq!(goes_out(&vault), Vec::<String>::new());
    let t1 = TransactionId::from("t1");
    let held = vault.intent(&t1).unwrap().unwrap();
    assert_eq!(held.state, IntentState::Failed { reason: FailReason::Unsure });

    // Said until it was read, and only once.
    vault.close().unwrap();
    let vault = open(folder.path()).unwrap();
    assert!(vault.setback().unwrap());
    vault.setback_read().unwrap();
    vault.close().unwrap();
    let vault = open(folder.path()).unwrap();
    assert!(!vault.setback().unwrap());

    // The person may send it all the same; the server's own word ends it as always.
    vault.retry(&t1, Timestamp(1)).unwrap();
    assert_eq!(goes_out(&vault), ["t1"]);
    echo(&vault, "t1");
    assert_eq!(goes_out(&vault), Vec::<String>::new());
    assert_eq!(vault.pending(&RoomId::from(ROOM)).unwrap(), []);
}

#[test]
fn a_log_that_was_lost_with_what_was_written_last_is_noticed() {
    let (folder, _) = lived();
    let vault = open(folder.path()).unwrap();
    write(&vault, "t3");
    // As a kill leaves it, but the log is damaged from its first frame.
    let copy = tempfile::tempdir().unwrap();
    for (path, bytes) in files(folder.path()) {
        fs::write(copy.path().join(path.file_name().unwrap()), bytes).unwrap();
    }
    let mut log = fs::read(copy.path().join("vault.db-wal")).unwrap();
    log[60] ^= 1;
    fs::write(copy.path().join("vault.db-wal"), log).unwrap();
    let found = open(copy.path()).unwrap();
    assert_eq!(found.intent(&TransactionId::from("t3")).unwrap(), None, "the log was dropped without a word");
    assert!(found.setback().unwrap());
    assert_eq!(goes_out(&found), Vec::<String>::new());
}

#[test]
fn a_head_that_lags_behind_is_no_setback_and_a_lost_or_forged_one_is() {
    let (folder, earlier) = lived();
    let now = files(folder.path());
    go_back(&earlier, &["vault.head"]);
    let vault = open(folder.path()).unwrap();
    assert!(!vault.setback().unwrap());
    assert_eq!(goes_out(&vault), ["t2"]);
    vault.close().unwrap();

    let head = folder.path().join("vault.head");
    for damage in [None, Some(vec![0; 4608]), Some(fs::read(&head).unwrap().iter().map(|byte| byte ^ 1).collect())] {
        go_back(&now, &["vault.db", "vault.head"]);
        match damage {
            None => fs::remove_file(&head).unwrap(),
            Some(bytes) => fs::write(&head, bytes).unwrap(),
        }
        let vault = open(folder.path()).unwrap();
        assert!(vault.setback().unwrap());
        assert_eq!(goes_out(&vault), Vec::<String>::new());
        vault.close().unwrap();
    }
}

#[test]
fn a_torn_head_is_no_setback() {
    let (folder, _) = lived();
    let head = folder.path().join("vault.head");
    let whole = fs::read(&head).unwrap();
    let now = files(folder.path());
    for place in [0, 4096] {
        go_back(&now, &["vault.db", "vault.head"]);
        let mut torn = whole.clone();
        torn[place + 40..place + 80].fill(0);
        fs::write(&head, torn).unwrap();
        let vault = open(folder.path()).unwrap();
        assert!(!vault.setback().unwrap(), "place {place}");
        vault.close().unwrap();
    }
}

#[test]
fn no_single_old_page_sends_anything_twice() {
    let (folder, earlier) = lived();
    let now = files(folder.path());
    let bytes = |files: &Files| files.iter().find(|(path, _)| path.ends_with("vault.db")).unwrap().1.clone();
    let (old, new) = (bytes(&earlier), bytes(&now));
    let mut noticed = 0;
    for page in 0..new.len().min(old.len()) / 4096 {
        go_back(&now, &["vault.db", "vault.head"]);
        let mut mixed = new.clone();
        mixed[page * 4096..(page + 1) * 4096].copy_from_slice(&old[page * 4096..(page + 1) * 4096]);
        if mixed == new {
            continue;
        }
        fs::write(folder.path().join("vault.db"), mixed).unwrap();
        let _ = fs::remove_file(folder.path().join("vault.db-wal"));
        let _ = fs::remove_file(folder.path().join("vault.db-shm"));
        match open(folder.path()) {
            Ok(vault) => {
                let out = goes_out(&vault);
                assert!(out.is_empty() || out == ["t2"], "page {page} would send {out:?}");
                noticed += u32::from(vault.setback().unwrap());
                vault.abandon();
            }
            Err(VaultError::Damaged(_)) => noticed += 1,
            Err(other) => panic!("page {page}: {other:?}"),
        }
    }
    assert!(noticed > 0, "the control: some page matters");
}

#[test]
fn after_a_setback_nobody_leaves_and_what_deletes_a_message_still_goes_out() {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::create(folder.path(), &VaultKey::new(KEY), &UserId::from(ME)).unwrap();
    let kinds = [
        ("leave", Action::Membership { join: false }),
        ("deletion", said("m.room.redaction", json!({ "redacts": "$1" }))),
        (
            "reaction",
            said("m.reaction", json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": "$1", "key": "+" } })),
        ),
        ("vote", said("m.poll.response", json!({ "m.relates_to": { "rel_type": "m.reference", "event_id": "$1" } }))),
        ("receipt", Action::Receipt { event: "$1".into(), thread: ReceiptThread::Unthreaded }),
    ];
    for (transaction, action) in kinds {
        vault.enqueue(&NewIntent { action, ..intent(&format!("!{transaction}"), transaction, "") }).unwrap();
    }
    vault.close().unwrap();
    let earlier = files(folder.path());
    let vault = open(folder.path()).unwrap();
    assert_eq!(goes_out(&vault).len(), 5, "the control");
    write(&vault, "later");
    vault.close().unwrap();
    go_back(&earlier, &["vault.db"]);
    let vault = open(folder.path()).unwrap();
    assert!(vault.setback().unwrap());
    assert_eq!(goes_out(&vault), ["deletion", "receipt"]);
}

fn said(kind: &str, content: serde_json::Value) -> Action {
    Action::Message { event_type: kind.to_owned(), content }
}
