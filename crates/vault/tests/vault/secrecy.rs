//! Nothing readable in any file, and the same for databases that others open.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use tidings_model::{RoomId, Timestamp, UserId};
use tidings_vault::{Batch, Vault, VaultKey, keying};

use crate::world::{World, intent, joined, reaction, text};

const CANARY: &str = "Quetzalcoatlus-northropi";

/// The ways a text may lie in a file.
fn spellings(text: &str) -> Vec<Vec<u8>> {
    let utf16: Vec<u16> = text.encode_utf16().collect();
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut spellings = vec![
        text.as_bytes().to_vec(),
        utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    // Base64 of a part of a longer text: cut what depends on the neighbours.
    for shift in 0..3 {
        let padded = [vec![b'.'; shift], text.as_bytes().to_vec()].concat();
        let encoded = base64(&padded);
        let whole = encoded.len() / 4 * 4;
        spellings.push(encoded[4..whole - 4].to_vec());
    }
    spellings
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks_exact(3)
        .flat_map(|three| {
            let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
            [18, 12, 6, 0].map(|shift| LETTERS[(bits >> shift) as usize & 63])
        })
        .collect()
}

/// The files below a folder in which a text can be read.
fn readable(folder: &Path, canary: &str) -> Vec<String> {
    let spellings = spellings(canary);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(readable(&path, canary));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        if spellings.iter().any(|spelling| bytes.windows(spelling.len()).any(|window| window == spelling)) {
            found.push(path.display().to_string());
        }
    }
    found
}

#[test]
fn nothing_that_was_kept_can_be_read_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let key = VaultKey::random();
    let own = UserId(format!("@{CANARY}:org.example"));
    let room = RoomId(format!("!{CANARY}:org.example"));
    let vault = Vault::create(folder.path(), &key, &own).unwrap();
    let mut said = crate::world::timeline(
        room.as_str(),
        vec![text(&format!("${CANARY}"), own.as_str(), CANARY), reaction("$r", own.as_str(), "$1", CANARY)],
        tidings_vault::Place::Live { prev_batch: Some(CANARY.to_owned()) },
    );
    said.summary = Some(joined(CANARY));
    vault.record(&Batch { rooms: vec![said] }).unwrap();
    vault.enqueue(&intent(room.as_str(), CANARY, CANARY)).unwrap();
    vault.set_draft(&room, None, &CANARY.into(), Timestamp(0)).unwrap();
    vault.set_draft(&room, Some(&CANARY.into()), &CANARY.into(), Timestamp(0)).unwrap();
    vault.set_document(CANARY, CANARY.as_bytes()).unwrap();
    assert!(folder.path().join("vault.db-wal").metadata().unwrap().len() > 0, "the log is looked at too");
    assert_eq!(readable(folder.path(), CANARY), Vec::<String>::new());
    vault.close().unwrap();
    assert_eq!(readable(folder.path(), CANARY), Vec::<String>::new());
    let hex: String = key.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(readable(folder.path(), &hex), Vec::<String>::new());
}

#[test]
fn the_search_finds_what_is_not_encrypted() {
    for spelling in 0..spellings(CANARY).len() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let db = Connection::open(inner.join("plain.db")).unwrap();
        db.execute_batch("CREATE TABLE kept (bytes BLOB)").unwrap();
        let bytes = match spelling {
            0..=4 => spellings(CANARY).swap_remove(spelling),
            shift => base64(&[vec![b'x'; shift - 5], format!("{CANARY}..").into_bytes()].concat()),
        };
        db.execute("INSERT INTO kept VALUES (?1)", [bytes]).unwrap();
        drop(db);
        assert_eq!(readable(folder.path(), CANARY).len(), 1, "spelling {spelling}");
    }
}

/// What the SDK does: a database in WAL mode, opened by several connections.
fn use_as_others_do(path: &Path) -> i64 {
    let first = Connection::open(path).unwrap();
    first.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS kv (k TEXT, v TEXT);").unwrap();
    first.execute("INSERT INTO kv VALUES (?1, ?1)", [CANARY]).unwrap();
    let second = Connection::open(path).unwrap();
    let count = second.query_row("SELECT count(*) FROM kv WHERE v = ?1", [CANARY], |row| row.get(0)).unwrap();
    let folder = path.parent().unwrap();
    let files = fs::read_dir(folder).unwrap().count();
    assert!(files >= 2, "the log is there while it is looked at");
    count
}

#[test]
fn a_database_in_a_registered_folder_is_opaque_and_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let sdk = folder.path().join("sdk").join("cache");
    fs::create_dir_all(&sdk).unwrap();
    let path = sdk.join("matrix-sdk-state.sqlite3");
    let key = VaultKey::random();
    keying::install().unwrap();
    keying::install().unwrap();
    keying::register(folder.path(), &key).unwrap();
    assert_eq!(use_as_others_do(&path), 1);
    assert_eq!(readable(folder.path(), CANARY), Vec::<String>::new());
    assert_eq!(use_as_others_do(&path), 2);

    keying::forget(folder.path());
    let stranger = Connection::open(&path).unwrap();
    assert!(stranger.query_row("SELECT count(*) FROM kv", [], |row| row.get::<_, i64>(0)).is_err());
    keying::register(folder.path(), &VaultKey::random()).unwrap();
    let stranger = Connection::open(&path).unwrap();
    assert!(stranger.query_row("SELECT count(*) FROM kv", [], |row| row.get::<_, i64>(0)).is_err());
    keying::register(folder.path(), &key).unwrap();
    assert_eq!(use_as_others_do(&path), 3);
    keying::forget(folder.path());
}

#[test]
fn a_database_outside_registered_folders_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("inside");
    let outside = folder.path().join("inside-not");
    fs::create_dir_all(&inside).unwrap();
    fs::create_dir_all(&outside).unwrap();
    keying::register(&inside, &VaultKey::random()).unwrap();
    assert_eq!(use_as_others_do(&outside.join("other.db")), 1);
    assert_eq!(readable(&outside, CANARY).len(), 1);
    // In memory there is nothing to key.
    Connection::open_in_memory().unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    keying::forget(&inside);
    assert!(keying::register(&folder.path().join("none"), &VaultKey::random()).is_err());
}

#[cfg(unix)]
#[test]
fn a_registered_folder_is_known_by_every_name() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real");
    fs::create_dir(&real).unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    keying::register(&link, &VaultKey::random()).unwrap();
    use_as_others_do(&real.join("a.db"));
    use_as_others_do(&link.join("b.db"));
    assert_eq!(readable(&real, CANARY), Vec::<String>::new());
    keying::forget(&real);
}

#[test]
fn a_vault_in_a_registered_folder_is_opened_by_its_own_key() {
    let world = World::new();
    world.live("!r", vec![text("$1", "@a:o", "x")]);
    keying::register(world.path(), &VaultKey::random()).unwrap();
    let path = world.path().to_path_buf();
    let world = world.reopen();
    assert_eq!(world.rows("!r").len(), 1);
    keying::forget(&path);
}
