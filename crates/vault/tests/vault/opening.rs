//! Making, opening, closing; wrong keys, damage, newer files, two at once.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tidings_model::UserId;
use tidings_vault::{Vault, VaultError, VaultKey, assert_sqlite_version};

use crate::world::{ANN, ME, World, text};

const ROOM: &str = "!r";

/// A closed vault with some messages in it.
fn closed() -> (tempfile::TempDir, VaultKey) {
    let folder = tempfile::tempdir().unwrap();
    let key = VaultKey::random();
    let vault = Vault::create(folder.path(), &key, &UserId::from(ME)).unwrap();
    let events = (0..200).map(|n| text(&format!("${n}"), ANN, &"text ".repeat(40))).collect();
    let batch = crate::world::timeline(ROOM, events, tidings_vault::Place::Live { prev_batch: None });
    vault.record(&tidings_vault::Batch { rooms: vec![batch] }).unwrap();
    vault.close().unwrap();
    (folder, key)
}

fn database(folder: &Path) -> PathBuf {
    folder.join("vault.db")
}

fn raw(folder: &Path, key: &VaultKey) -> Connection {
    let db = Connection::open(database(folder)).unwrap();
    let hex: String = key.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    db.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"")).unwrap();
    db
}

/// Every file of a folder with its content.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// The files that hold something: without the empty log and the index of it that looking at a database leaves.
fn kept(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = files(folder);
    files.retain(|(path, bytes)| {
        !(path.ends_with("vault.db-shm") || path.ends_with("vault.db-wal") && bytes.is_empty())
    });
    files
}

#[test]
fn the_library_is_a_safe_one() {
    assert_sqlite_version().unwrap();
}

#[test]
fn a_vault_knows_whose_it_is() {
    let world = World::new().reopen();
    assert_eq!(world.vault.own_user(), UserId::from(ME));
}

#[test]
fn an_existing_vault_is_never_replaced() {
    let (folder, key) = closed();
    let before = kept(folder.path());
    for key in [&key, &VaultKey::random()] {
        assert!(matches!(Vault::create(folder.path(), key, &UserId::from(ANN)), Err(VaultError::Exists)));
    }
    assert_eq!(kept(folder.path()), before);
    Vault::open(folder.path(), &key).unwrap();
}

#[test]
fn a_log_alone_is_what_is_left_of_a_vault_and_is_not_replaced() {
    let (folder, key) = closed();
    fs::remove_file(database(folder.path())).unwrap();
    fs::write(folder.path().join("vault.db-wal"), b"what was kept last").unwrap();
    assert!(matches!(Vault::create(folder.path(), &key, &UserId::from(ME)), Err(VaultError::Exists)));
    assert!(matches!(Vault::open(folder.path(), &key), Err(VaultError::Damaged(_))));
}

#[test]
fn opening_never_makes_a_vault() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Vault::open(folder.path(), &VaultKey::random()), Err(VaultError::Missing)));
    assert!(matches!(Vault::open(&folder.path().join("none"), &VaultKey::random()), Err(VaultError::Missing)));
    assert!(!database(folder.path()).exists());
}

#[test]
fn an_interrupted_creation_leaves_nothing_that_stands_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("vault.db.new"), b"half").unwrap();
    fs::write(folder.path().join("vault.check"), b"half").unwrap();
    let key = VaultKey::random();
    Vault::create(folder.path(), &key, &UserId::from(ME)).unwrap().close().unwrap();
    Vault::open(folder.path(), &key).unwrap();
}

#[test]
fn a_wrong_key_is_told_from_damage_and_changes_nothing() {
    let (folder, key) = closed();
    let before = kept(folder.path());
    assert!(matches!(Vault::open(folder.path(), &VaultKey::random()), Err(VaultError::WrongKey)));
    assert_eq!(kept(folder.path()), before);

    let mut bytes = fs::read(database(folder.path())).unwrap();
    bytes[..4096].fill(0);
    fs::write(database(folder.path()), &bytes).unwrap();
    assert!(matches!(Vault::open(folder.path(), &key), Err(VaultError::Damaged(_))));
    assert_eq!(fs::read(database(folder.path())).unwrap(), bytes, "the damaged file is left as it is");
}

/// The files as a kill would leave them: copied while the vault is open, with a log that holds everything.
fn killed() -> (tempfile::TempDir, VaultKey) {
    let world = World::new();
    world.live(ROOM, (0..50).map(|n| text(&format!("${n}"), ANN, "kept")).collect());
    let copy = tempfile::tempdir().unwrap();
    for (path, bytes) in files(world.path()) {
        fs::write(copy.path().join(path.file_name().unwrap()), bytes).unwrap();
    }
    assert!(fs::metadata(copy.path().join("vault.db-wal")).unwrap().len() > 0);
    (copy, world.key.clone())
}

#[test]
fn what_only_the_log_holds_is_there_after_a_kill_and_a_wrong_key_before_that() {
    let (folder, key) = killed();
    let before = kept(folder.path());
    assert!(matches!(Vault::open(folder.path(), &VaultKey::random()), Err(VaultError::WrongKey)));
    assert_eq!(kept(folder.path()), before);
    let vault = Vault::open(folder.path(), &key).unwrap();
    assert_eq!(vault.page(&ROOM.into(), None, 100).unwrap().messages.len(), 50);
}

#[test]
fn a_damaged_vault_is_left_as_it_is_with_its_log() {
    let (folder, key) = killed();
    let whole = files(folder.path());
    let pages = fs::metadata(database(folder.path())).unwrap().len() / 4096;
    let mut damaged = 0;
    for page in 0..usize::try_from(pages).unwrap() {
        for (path, bytes) in &whole {
            fs::write(path, bytes).unwrap();
        }
        let mut bytes = fs::read(database(folder.path())).unwrap();
        bytes[page * 4096 + 200] ^= 1;
        fs::write(database(folder.path()), &bytes).unwrap();
        match Vault::open(folder.path(), &key) {
            // The log holds a newer version of this page.
            Ok(vault) => assert_eq!(vault.page(&ROOM.into(), None, 100).unwrap().messages.len(), 50),
            Err(VaultError::Damaged(_)) => {
                damaged += 1;
                assert_eq!(fs::read(database(folder.path())).unwrap(), bytes);
                let log = folder.path().join("vault.db-wal");
                assert!(whole.contains(&(log.clone(), fs::read(log).unwrap())));
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(damaged > 0);
}

#[test]
fn a_full_or_read_only_disk_is_said_in_one_word() {
    use rusqlite::ffi;
    for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR, ffi::SQLITE_READONLY, ffi::SQLITE_CANTOPEN] {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        assert!(matches!(VaultError::from(error), VaultError::DiskFull), "{code}");
    }
    let busy = rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_BUSY), None);
    assert!(matches!(VaultError::from(busy), VaultError::InUse));
}

#[test]
fn a_lost_key_check_is_written_anew_by_the_right_key_only() {
    let (folder, key) = closed();
    let check = folder.path().join("vault.check");
    let kept = fs::read(&check).unwrap();
    for broken in [None, Some(b"damaged".to_vec())] {
        match broken {
            None => fs::remove_file(&check).unwrap(),
            Some(bytes) => fs::write(&check, bytes).unwrap(),
        }
        assert!(Vault::open(folder.path(), &VaultKey::random()).is_err());
        assert_ne!(fs::read(&check).ok().as_ref(), Some(&kept));
        Vault::open(folder.path(), &key).unwrap().close().unwrap();
        assert_eq!(fs::read(&check).unwrap(), kept);
    }
}

#[test]
fn a_newer_vault_is_refused_and_left_alone() {
    let (folder, key) = closed();
    raw(folder.path(), &key).execute_batch("PRAGMA user_version = 99").unwrap();
    let before = kept(folder.path());
    match Vault::open(folder.path(), &key) {
        Err(VaultError::Newer { found: 99, known }) => assert!(known < 99),
        other => panic!("{other:?}"),
    }
    assert_eq!(kept(folder.path()), before);
}

#[test]
fn a_database_that_is_no_vault_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let key = VaultKey::random();
    raw(folder.path(), &key).execute_batch("CREATE TABLE other (id INTEGER PRIMARY KEY)").unwrap();
    assert!(matches!(Vault::open(folder.path(), &key), Err(VaultError::Damaged(_))));
}

#[test]
fn an_empty_or_truncated_file_is_damage() {
    for keep in [0, 100, 4096, 20_000] {
        let (folder, key) = closed();
        let file = fs::OpenOptions::new().write(true).open(database(folder.path())).unwrap();
        file.set_len(keep).unwrap();
        let opened = Vault::open(folder.path(), &key);
        let found = opened.and_then(|vault| vault.page(&ROOM.into(), None, 1_000).map(|_| ()));
        assert!(matches!(found, Err(VaultError::Damaged(_))), "{keep} bytes: {found:?}");
    }
}

#[test]
fn every_damaged_page_is_noticed_after_an_unclean_exit_and_none_is_read_wrong_after_a_clean_one() {
    let (folder, key) = closed();
    let whole = fs::read(database(folder.path())).unwrap();
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 1_000] ^= 1;
        fs::write(database(folder.path()), &bytes).unwrap();
        let read = Vault::open(folder.path(), &key).and_then(|vault| vault.page(&ROOM.into(), None, 1_000));
        match read {
            // The page was not needed, or it is one that nothing uses.
            Ok(page) => assert!(page.messages.iter().all(|message| message.content["body"] == "text ".repeat(40))),
            Err(VaultError::Damaged(_)) => {}
            Err(other) => panic!("page {page}: {other:?}"),
        }
        fs::write(database(folder.path()), &whole).unwrap();
        let _ = fs::remove_file(folder.path().join("vault.db-wal"));
        let _ = fs::remove_file(folder.path().join("vault.db-shm"));
    }
    // Now an exit that was not clean.
    let vault = Vault::open(folder.path(), &key).unwrap();
    drop(vault);
    let whole = fs::read(database(folder.path())).unwrap();
    for page in 0..whole.len() / 4096 {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 1_000] ^= 1;
        fs::write(database(folder.path()), &bytes).unwrap();
        let opened = Vault::open(folder.path(), &key);
        assert!(matches!(opened, Err(VaultError::Damaged(_))), "page {page}: {opened:?}");
    }
    fs::write(database(folder.path()), &whole).unwrap();
    Vault::open(folder.path(), &key).unwrap();
}

#[test]
fn two_at_once_are_one_too_many() {
    let world = World::new();
    assert!(matches!(Vault::open(world.path(), &world.key), Err(VaultError::InUse)));
    assert!(matches!(Vault::create(world.path(), &world.key, &UserId::from(ME)), Err(VaultError::InUse)));
    world.live(ROOM, vec![text("$1", ANN, "still here")]);
    world.vault.close().unwrap();
    let second = Vault::open(world.path(), &world.key).unwrap();
    assert_eq!(second.page(&ROOM.into(), None, 9).unwrap().messages.len(), 1);
}

#[test]
fn a_closed_vault_answers_that_it_is() {
    let world = World::new();
    world.vault.close().unwrap();
    world.vault.close().unwrap();
    assert!(matches!(world.vault.chat_list(None), Err(VaultError::Closed)));
    assert!(matches!(world.vault.enqueue(&crate::world::intent(ROOM, "t", "x")), Err(VaultError::Closed)));
    assert!(!world.path().join("vault.db-wal").exists(), "the log was folded in");
}

#[cfg(unix)]
#[test]
fn only_this_person_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt as _;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("a").join("vault");
    let vault = Vault::create(&folder, &VaultKey::random(), &UserId::from(ME)).unwrap();
    vault.set_document("theme", b"dark").unwrap();
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    for (path, _) in files(&folder) {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
    }
}

#[test]
fn small_things_are_kept_under_their_names() {
    let world = World::new();
    world.vault.set_document("session", b"token").unwrap();
    world.vault.set_document("session", b"newer").unwrap();
    assert!(!world.vault.notified(&ROOM.into(), &"$1".into()).unwrap());
    let world = world.reopen();
    assert!(world.vault.notified(&ROOM.into(), &"$1".into()).unwrap());
    assert_eq!(world.vault.document("session").unwrap().as_deref(), Some(b"newer".as_slice()));
    world.vault.remove_document("session").unwrap();
    assert_eq!(world.vault.document("session").unwrap(), None);
    assert!(matches!(world.vault.set_document("vault.own_user", b"@other:o"), Err(VaultError::Exists)));
}

#[test]
fn a_key_is_never_printed() {
    let key = VaultKey::new([7; 32]);
    let vault = {
        let folder = tempfile::tempdir().unwrap();
        format!("{:?}", Vault::create(folder.path(), &key, &UserId::from(ME)).unwrap())
    };
    assert_eq!(format!("{key:?}"), "VaultKey(redacted)");
    assert!(!vault.contains("7, 7") && !vault.contains("0707"), "{vault}");
}
