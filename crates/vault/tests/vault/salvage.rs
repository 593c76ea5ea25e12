//! A damaged vault: what is saved, where the damaged file goes, and what takes its place.

use std::fs;
use std::path::{Path, PathBuf};

use tidings_model::{EventId, FailReason, RoomId, Timestamp, TransactionId, UserId};
use tidings_vault::{DraftRecord, IntentState, Vault, VaultError, VaultKey};

use crate::world::{ANN, ME, intent, joined, text, timeline};

const ROOM: &str = "!r";
const KEY: [u8; 32] = [9; 32];

fn key() -> VaultKey {
    VaultKey::new(KEY)
}

/// A vault with messages, a draft, two messages that are to be sent and one that was refused; not closed cleanly.
fn written() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::create(folder.path(), &key(), &UserId::from(ME)).unwrap();
    for room in 0..40 {
        let room = format!("!{room}");
        let events = (0..20).map(|n| text(&format!("${room}.{n}"), ANN, &"said ".repeat(30))).collect();
        let mut said = timeline(&room, events, tidings_vault::Place::Live { prev_batch: None });
        said.summary = Some(joined(&room));
        vault.record(&tidings_vault::Batch { rooms: vec![said] }).unwrap();
    }
    vault.set_document("session", b"token").unwrap();
    let room = RoomId::from(ROOM);
    let answer = DraftRecord { reply_to: Some("$0.1".into()), ..DraftRecord::from("half a thought") };
    vault.set_draft(&room, None, &answer, Timestamp(5)).unwrap();
    vault.set_draft(&room, Some(&"$0.1".into()), &"in the thread".into(), Timestamp(6)).unwrap();
    vault.set_starred(&"!3".into(), &"$!3.7".into(), true, Timestamp(7)).unwrap();
    for transaction in ["t1", "t2", "t3", "t4"] {
        vault.enqueue(&intent(ROOM, transaction, transaction)).unwrap();
    }
    let id = |transaction| vault.intent(&TransactionId::from(transaction)).unwrap().unwrap().id;
    vault.refused(id("t3"), FailReason::TooLarge).unwrap();
    vault.sent(id("t4"), Some(&EventId::from("$4"))).unwrap();
    vault.close().unwrap();
    // From here on every page is checked before anything is shown.
    drop(Vault::open(folder.path(), &key()).unwrap());
    folder
}

fn pending(vault: &Vault) -> Vec<(String, IntentState)> {
    let intents = vault.pending(&RoomId::from(ROOM)).unwrap();
    intents.into_iter().map(|intent| (intent.transaction.0, intent.state)).collect()
}

fn aside(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("vault-damaged-") && name.ends_with(".db")
    });
    files.sort();
    files
}

#[test]
fn whatever_page_is_damaged_the_rest_is_saved_and_the_damaged_file_is_kept() {
    let folder = written();
    let database = folder.path().join("vault.db");
    let keep = |name: &str| (folder.path().join(name), fs::read(folder.path().join(name)).unwrap());
    let whole = [keep("vault.db"), keep("vault.head"), keep("vault.check")];
    let pages = whole[0].1.len() / 4096;
    let (mut all, mut damages) = (0, 0);
    for page in 0..pages {
        for file in fs::read_dir(folder.path()).unwrap() {
            fs::remove_file(file.unwrap().path()).unwrap();
        }
        for (path, bytes) in &whole {
            fs::write(path, bytes).unwrap();
        }
        let mut bytes = whole[0].1.clone();
        bytes[page * 4096 + 700] ^= 1;
        fs::write(&database, &bytes).unwrap();
        assert!(matches!(Vault::open(folder.path(), &key()), Err(VaultError::Damaged(_))), "page {page}");
        let salvage = Vault::salvage(folder.path(), &key()).unwrap();
        assert_eq!(fs::read(&database).unwrap(), bytes, "looking changes nothing");
        let vault = Vault::rebuild(folder.path(), &key(), &UserId::from(ME), &salvage).unwrap();
        damages += 1;

        let aside = aside(folder.path());
        assert_eq!(aside.len(), 1, "{aside:?}");
        assert_eq!(fs::read(&aside[0]).unwrap(), bytes, "the damaged file keeps its bytes");
        assert_eq!(vault.own_user(), UserId::from(ME));
        assert!(!vault.setback().unwrap());
        assert_eq!(vault.page(&RoomId::from("!0"), None, 9).unwrap().messages, [], "the server is asked again");

        let refused = IntentState::Failed { reason: FailReason::TooLarge };
        // Where the outbox's head cannot be read, nobody knows whether they were sent.
        let unsent =
            if salvage.current { IntentState::Pending } else { IntentState::Failed { reason: FailReason::Unsure } };
        let expected =
            [("t1".to_owned(), unsent.clone()), ("t2".to_owned(), unsent.clone()), ("t3".to_owned(), refused.clone())];
        let found = pending(&vault);
        let room = RoomId::from(ROOM);
        let draft = vault.draft(&room, None).unwrap();
        let in_thread = vault.draft(&room, Some(&"$0.1".into())).unwrap();
        let everything = found == expected
            && draft == DraftRecord { reply_to: Some("$0.1".into()), ..DraftRecord::from("half a thought") }
            && in_thread == "in the thread".into()
            && salvage.stars.len() == 1
            && vault.document("session").unwrap().is_some();
        assert!(everything || salvage.lost > 0, "page {page}: {found:?} {draft:?}, and no loss is said");
        if salvage.lost == 0 && salvage.current {
            all += 1;
        }
        // Nothing is there that was not.
        assert!(found.iter().all(|(transaction, state)| match state {
            IntentState::Pending => ["t1", "t2"].contains(&transaction.as_str()),
            IntentState::Failed { reason: FailReason::Unsure } => ["t1", "t2"].contains(&transaction.as_str()),
            state => transaction == "t3" && *state == refused,
        }));
        vault.close().unwrap();
        Vault::open(folder.path(), &key()).unwrap().close().unwrap();
    }
    assert!(all * 100 >= damages * 75, "everything was saved after {all} of {damages} damages");
}

#[test]
fn a_vault_that_is_lost_altogether_is_begun_anew() {
    for bytes in [Vec::new(), vec![0; 40_000]] {
        let folder = written();
        fs::write(folder.path().join("vault.db"), &bytes).unwrap();
        let salvage = Vault::salvage(folder.path(), &key()).unwrap();
        assert!(salvage.lost > 0 && salvage.intents.is_empty());
        let vault = Vault::rebuild(folder.path(), &key(), &UserId::from(ME), &salvage).unwrap();
        assert_eq!(pending(&vault), []);
        vault.close().unwrap();
        // A second damage on the same day has a name of its own.
        fs::write(folder.path().join("vault.db"), &bytes).unwrap();
        let salvage = Vault::salvage(folder.path(), &key()).unwrap();
        drop(Vault::rebuild(folder.path(), &key(), &UserId::from(ME), &salvage).unwrap());
        assert_eq!(aside(folder.path()).len(), 2);
    }
}

#[test]
fn what_may_have_been_sent_already_waits_after_a_damage_too() {
    let folder = written();
    // The outbox's head is gone: nobody knows how old what is left is.
    fs::remove_file(folder.path().join("vault.head")).unwrap();
    let salvage = Vault::salvage(folder.path(), &key()).unwrap();
    assert!(!salvage.current);
    let vault = Vault::rebuild(folder.path(), &key(), &UserId::from(ME), &salvage).unwrap();
    assert_eq!(vault.due(Timestamp(i64::MAX)).unwrap(), []);
    assert_eq!(pending(&vault).len(), 3);
}

#[test]
fn a_wrong_key_saves_nothing_and_sets_nothing_aside() {
    let folder = written();
    assert!(matches!(Vault::salvage(folder.path(), &VaultKey::new([1; 32])), Err(VaultError::WrongKey)));
    assert_eq!(aside(folder.path()), Vec::<PathBuf>::new());
    let open = Vault::open(folder.path(), &key()).unwrap();
    assert!(matches!(Vault::salvage(folder.path(), &key()), Err(VaultError::InUse)));
    drop(open);
}

#[test]
fn sizes_say_what_takes_room() {
    let folder = written();
    let vault = Vault::open(folder.path(), &key()).unwrap();
    vault.try_writing().unwrap();
    let sizes = vault.sizes().unwrap();
    assert!(sizes.messages > 100_000 && sizes.search > 4096 && sizes.log > 0, "{sizes:?}");
    assert_eq!(sizes.aside, 0);
    let file = fs::metadata(folder.path().join("vault.db")).unwrap().len();
    assert!(sizes.messages + sizes.search + sizes.free <= file + sizes.log, "{sizes:?} of {file}");
}

#[test]
fn wherever_a_file_is_cut_off_what_stands_before_is_saved() {
    let folder = written();
    let database = folder.path().join("vault.db");
    let whole = fs::read(&database).unwrap();
    let pages = whole.len() / 4096;
    let all = Vault::salvage(folder.path(), &key()).unwrap();
    let mut sessions = 0;
    for left in (1..pages).step_by(3) {
        for bytes in [left * 4096, left * 4096 + 900] {
            fs::write(&database, &whole[..bytes]).unwrap();
            assert!(matches!(Vault::open(folder.path(), &key()), Err(VaultError::Damaged(_))), "{left} pages");
            let salvage = Vault::salvage(folder.path(), &key()).unwrap();
            let everything = salvage.intents == all.intents
                && salvage.drafts == all.drafts
                && salvage.stars == all.stars
                && salvage.documents == all.documents;
            assert!(everything || salvage.lost > 0, "{left} pages, and no loss is said");
            sessions += u32::from(salvage.document("session").is_some());
        }
    }
    assert!(sessions > 0, "of {pages} pages some are enough for the session");
}
