//! An old vault becomes a new one, and shows the same.

use std::path::Path;

use rusqlite::Connection;
use serde_json::json;
use tidings_model::{EventId, RoomId, UserId};
use tidings_vault::{Batch, Encryption, IndexState, Part, Place, Query, Search, Vault, VaultKey};

use crate::world::{ANN, BOB, ME, body, joined, text, timeline};

const ROOM: &str = "!ops:org.example";
const HASH: &str = "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";

/// A vault whose tables are those of an earlier version.
fn old(folder: &Path, key: &VaultKey, version: u32, tables: &[&str]) -> Connection {
    Vault::create(folder, key, &UserId::from(ME)).unwrap().close().unwrap();
    std::fs::remove_file(folder.join("vault.db")).unwrap();
    let db = open(folder, key);
    db.execute_batch("PRAGMA journal_mode = WAL;").unwrap();
    tables.iter().for_each(|sql| db.execute_batch(sql).unwrap());
    db.pragma_update(None, "application_id", 0x7469_6469).unwrap();
    db.pragma_update(None, "user_version", version).unwrap();
    db
}

pub(crate) fn open(folder: &Path, key: &VaultKey) -> Connection {
    let db = Connection::open(folder.join("vault.db")).unwrap();
    let hex: String = key.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    db.execute_batch(&format!("PRAGMA key = \"x'{hex}'\";")).unwrap();
    db
}

/// A vault as version 1 left it: its tables, and rows as it wrote them.
fn version_1(folder: &Path, key: &VaultKey) {
    let db = old(folder, key, 1, &[include_str!("../../src/schema/0001_first.sql")]);
    db.execute_batch(&format!(
        r#"
        INSERT INTO document VALUES ('vault.own_user', CAST('{ME}' AS BLOB)), ('vault.clean', CAST('1' AS BLOB));
        INSERT INTO room (id, room, summary, listed, oldest, newest, unread, latest, latest_position, sort)
        VALUES (1, '{ROOM}', '{{"name":"Harbour Ops","avatar":null,"direct":false,"partner":null,"members":3,"encrypted":true,
            "membership":"Joined","inviter":null,"muted":false,"mentions_only":false,"pinned":false,"can_write":true,
            "space":false}}', 1, 1, 6, 1, 6, 6, 1764000060000);
        INSERT INTO event (id, room, position, event, sender, time, kind, content, notifies, counts, shown, edit) VALUES
            (1, 1, 1, '{HASH}', '{ANN}', 1764000000000, 'm.room.message', '{{"msgtype":"m.text","body":"the old plan"}}', 1, 1, 2, 2),
            (3, 1, 3, '$odd', '{ANN}', 0, 'm.room.message', '{{"msgtype":"m.text","body":"from before time","m.mentions":{{}}}}', 0, 0, 2, 0),
            (6, 1, 6, '$last', '{ANN}', 1764000060000, 'm.room.message', '{{"msgtype":"m.notice","body":"newest"}}', 1, 1, 2, 0);
        INSERT INTO event (id, room, position, event, sender, time, kind, content, relation, target) VALUES
            (2, 1, 2, '$edit', '{ANN}', 1764000010000, 'm.room.message',
             '{{"m.new_content":{{"msgtype":"m.text","body":"the new plan"}},"m.relates_to":{{"rel_type":"m.replace","event_id":"{HASH}"}}}}', 2, '{HASH}');
        INSERT INTO event (id, room, position, event, sender, time, kind, content, relation, target, detail) VALUES
            (4, 1, 4, '$like', '{ME}', 1764000020000, 'm.reaction', '{{}}', 3, '{HASH}', '👍');
        INSERT INTO event (id, room, position, event, sender, time, kind, state_key, content, shown, detail) VALUES
            (5, 1, 5, '$join', '{ANN}', 1764000030000, 'm.room.member', '{ANN}', '{{"membership":"join"}}', 1, 'join');
        INSERT INTO latest SELECT 1, event, '', position, sender, time, kind, NULL, content, 0, 0, '', 0, 0, 1, NULL
            FROM event WHERE id = 6;
        INSERT INTO member VALUES (1, '{ANN}', 'Ann Léa', NULL, 1);
        INSERT INTO receipt VALUES (1, '{ME}', 5);
        "#
    ))
    .unwrap();
    db.close().unwrap();
}

#[test]
fn a_vault_of_the_first_version_shows_the_same_after() {
    let (folder, key) = (tempfile::tempdir().unwrap(), VaultKey::random());
    version_1(folder.path(), &key);
    let vault = Vault::open(folder.path(), &key).unwrap();
    let room = RoomId::from(ROOM);
    let rows = vault.page(&room, None, 100).unwrap().messages;
    let ids: Vec<&str> = rows.iter().map(|row| row.event.as_str()).collect();
    assert_eq!(ids, [HASH, "$odd", "$join", "$last"]);
    assert_eq!((body(&rows[0]), rows[0].edited, rows[0].sender.as_str()), ("the new plan", true, ANN));
    assert_eq!(rows[0].reactions[0].key, "👍");
    assert_eq!(body(&rows[1]), "from before time");
    let chat = vault.chat(&room).unwrap().unwrap();
    assert_eq!((chat.unread, chat.summary.name.as_str()), (1, "Harbour Ops"));
    assert_eq!(chat.latest.unwrap().event, EventId::from("$last"));
    assert_eq!(vault.people_named("lea", 5).unwrap()[0].0, UserId::from(ANN));

    // What was kept before is searched once it was taken in, in the background.
    assert_eq!(vault.index_state().unwrap(), IndexState::Building { back_to: None });
    while vault.index_more(2).unwrap() != IndexState::Complete {}
    let found = |query: &str| -> Vec<String> {
        let found = vault.search(&Search::of(&Query::parse(query), 10)).unwrap();
        found.hits.into_iter().map(|hit| hit.message.event.0).collect()
    };
    assert_eq!(found("plan"), [HASH]);
    assert_eq!(found("old"), Vec::<String>::new());
    assert_eq!(found("time"), ["$odd"]);
    assert!(vault.check_index().unwrap().sound);
}

#[test]
fn opening_it_twice_migrates_once() {
    let (folder, key) = (tempfile::tempdir().unwrap(), VaultKey::random());
    version_1(folder.path(), &key);
    for _ in 0..2 {
        let vault = Vault::open(folder.path(), &key).unwrap();
        assert_eq!(vault.page(&RoomId::from(ROOM), None, 100).unwrap().messages.len(), 4);
        vault.close().unwrap();
    }
}

/// A hash as an id is kept: `\x01` and its bytes.
fn hash(byte: u8) -> String {
    format!("x'01{}'", format!("{byte:02x}").repeat(32))
}

/// The same as an id.
fn id(byte: u8) -> String {
    use base64::Engine as _;
    format!("${}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode([byte; 32]))
}

/// A vault as version 8 left it: its tables, and rows as it wrote them.
fn version_8(folder: &Path, key: &VaultKey) {
    let db = old(
        folder,
        key,
        8,
        &[
            include_str!("../../src/schema/0001_first.sql"),
            include_str!("../../src/schema/0002_compact.sql"),
            include_str!("../../src/schema/0002_indexes.sql"),
            include_str!("../../src/schema/0003_reading.sql"),
            include_str!("../../src/schema/0004_said.sql"),
            include_str!("../../src/schema/0005_chain.sql"),
            include_str!("../../src/schema/0006_seals.sql"),
            include_str!("../../src/schema/0007_threads.sql"),
            include_str!("../../src/schema/0008_forgetting.sql"),
        ],
    );
    // Names 6 and 7 are Ann and Bob, 8 is this person; 9 is a vote, 10 a poll, 11 the room's topic.
    let names = [ANN, BOB, ME, "m.poll.response", "m.poll.start", "m.room.topic"];
    for (number, name) in (6..).zip(names) {
        db.execute("INSERT INTO name (id, name) VALUES (?1, ?2)", rusqlite::params![number, name]).unwrap();
    }
    let event = |number: u8, sender: u8, kind: u8, content: &str, columns: &str, values: &str| {
        let time = 1_764_000_000_000_i64 + i64::from(number) * 1_000;
        db.execute(
            &format!(
                "INSERT INTO event (id, room, position, event, sender, time, kind, content{columns})
                 VALUES ({}, 1, {number}, {}, {sender}, {time}, {kind}, ?1{values})",
                (time - 1_388_534_400_000) / 500,
                hash(number)
            ),
            [content],
        )
        .unwrap();
    };
    let about = |number: u8| hash(number);
    event(1, 6, 1, "\u{1}the old plan", ", notifies, counts, shown, edit", ", 1, 1, 2, 750931204");
    let edit = json!({ "body": "* the new plan", "msgtype": "m.text", "m.new_content": { "body": "the new plan", "msgtype": "m.text" },
        "m.relates_to": { "event_id": id(1), "rel_type": "m.replace" } });
    event(2, 6, 1, &edit.to_string(), ", relation, target", &format!(", 2, {}", about(1)));
    let like = json!({ "m.relates_to": { "event_id": id(1), "key": "👍", "rel_type": "m.annotation" } });
    event(3, 7, 4, &like.to_string(), ", relation, target, detail", &format!(", 3, {}, '👍'", about(1)));
    let reply = json!({ "body": "in the thread", "msgtype": "m.text", "m.mentions": {}, "m.relates_to": { "event_id": id(1),
        "rel_type": "m.thread", "is_falling_back": true, "m.in_reply_to": { "event_id": id(1) } } });
    event(4, 7, 1, &reply.to_string(), ", relation, target, notifies, counts", &format!(", 4, {}, 1, 1", about(1)));
    let question = json!({ "m.text": [{ "body": "Where?" }], "m.poll": { "kind": "m.disclosed", "max_selections": 1,
        "question": { "m.text": [{ "body": "Where?" }] }, "answers": [{ "m.id": "a", "m.text": [{ "body": "Quay" }] }] } });
    event(5, 6, 10, &question.to_string(), ", shown", ", 2");
    let vote = json!({ "m.relates_to": { "event_id": id(5), "rel_type": "m.reference" }, "m.selections": ["a"] });
    event(6, 7, 9, &vote.to_string(), ", relation, target, detail", &format!(", 5, {}, '[\"a\"]'", about(5)));
    let picture =
        json!({ "body": "crane.jpg", "msgtype": "m.image", "url": "mxc://org.example/crane", "m.mentions": {} });
    event(7, 7, 1, &picture.to_string(), ", shown, notifies, counts, print, turn", ", 2, 1, 1, 77, 3");
    event(8, 6, 11, r#"{"topic":"new"}"#, ", shown, state_key, previous", r#", 1, '', '{"topic":"before"}'"#);
    event(9, 6, 1, "null", ", shown, redacted", ", 2, 1");
    event(
        10,
        6,
        3,
        r#"{"algorithm":"m.megolm.v1.aes-sha2"}"#,
        ", shown, encryption, session, waiting",
        ", 2, 3, 'S', 1",
    );
    let answer = json!({ "body": "newest", "msgtype": "m.text", "m.mentions": {}, "m.relates_to": { "m.in_reply_to": { "event_id": id(7) } } });
    event(11, 6, 1, &answer.to_string(), ", shown, notifies, counts, encryption", ", 2, 1, 1, 4");
    db.execute_batch(&format!(
        r#"
        INSERT INTO document VALUES ('vault.own_user', CAST('{ME}' AS BLOB)), ('vault.clean', CAST('1' AS BLOB)),
            ('vault.index', x'020000000000000080');
        INSERT INTO room (id, room, summary, listed, oldest, newest, unread, latest, latest_position, sort)
        VALUES (1, '{ROOM}', '{{"name":"Harbour Ops","avatar":null,"direct":false,"partner":null,"members":3,"encrypted":true,
            "membership":"Joined","inviter":null,"muted":false,"mentions_only":false,"pinned":false,"can_write":true,
            "space":false}}', 1, 1, 11, 3, (SELECT max(id) FROM event), 11, 1764000011000);
        INSERT INTO latest SELECT 1, event, '', position, '{ANN}', time, 'm.room.message', NULL, content, 0, 4, '', 0, 0, 1, NULL
            FROM event WHERE position = 11;
        INSERT INTO receipt (room, user, position, everything) VALUES (1, '{ME}', 3, 3);
        INSERT INTO star (room, event, time) VALUES (1, {starred}, 5);
        INSERT INTO words (rowid, text) SELECT id, 'the new plan _r1 _s6' FROM event WHERE position = 1;
        INSERT INTO words (rowid, text) SELECT id, 'crane jpg' FROM event WHERE position = 7;
        INSERT INTO word VALUES ('the'), ('new'), ('plan'), ('crane'), ('jpg');
        INSERT INTO part SELECT 1, 1, position, id FROM event WHERE position = 7;
        "#,
        starred = hash(7)
    ))
    .unwrap();
    db.close().unwrap();
}

fn check_version_8(vault: &Vault) {
    let room = RoomId::from(ROOM);
    let rows = vault.page(&room, None, 100).unwrap().messages;
    let ids: Vec<&str> = rows.iter().map(|row| row.event.as_str()).collect();
    assert_eq!(ids, [1, 5, 7, 8, 9, 10, 11].map(id));
    assert_eq!((body(&rows[0]), rows[0].edited), ("the new plan", true));
    assert_eq!((rows[0].reactions[0].key.as_str(), rows[0].reactions[0].senders[0].as_str()), ("👍", BOB));
    let thread = rows[0].thread.as_ref().unwrap();
    assert_eq!((thread.replies, thread.unread, thread.people[0].as_str()), (1, 1, BOB));
    assert_eq!(rows[1].poll.as_ref().unwrap().chosen[0], [UserId::from(BOB)]);
    assert_eq!(rows[2].content["url"], "mxc://org.example/crane");
    assert!(rows[2].starred);
    assert_eq!(
        (&rows[3].content, rows[3].previous.as_ref()),
        (&json!({ "topic": "new" }), Some(&json!({ "topic": "before" })))
    );
    assert!(rows[4].redacted && rows[4].content.is_null());
    assert!(matches!(&rows[5].encryption, Encryption::Undecryptable { session: Some(session), .. } if session == "S"));
    assert_eq!((body(&rows[6]), rows[6].reply_to.clone()), ("newest", Some(EventId(id(7)))));
    assert_eq!(rows[6].encryption, Encryption::Verified);
    let reply = vault.message(&room, &EventId(id(4))).unwrap().unwrap();
    assert_eq!(reply.content["m.relates_to"]["m.in_reply_to"]["event_id"], id(1));
    let vote = vault.message(&room, &EventId(id(6))).unwrap().unwrap();
    assert_eq!(
        vote.content,
        json!({ "m.relates_to": { "event_id": id(5), "rel_type": "m.reference" }, "m.selections": ["a"] })
    );
    let chat = vault.chat(&room).unwrap().unwrap();
    assert_eq!((chat.unread, body(chat.latest.as_ref().unwrap())), (3, "newest"));
    assert_eq!(vault.twins(&room, &[77]).unwrap()[0].event, EventId(id(7)));
    // The index of words is made anew.
    while vault.index_more(2).unwrap() != IndexState::Complete {}
    let found = vault.search(&Search::of(&Query::parse("plan"), 10)).unwrap();
    assert_eq!(found.hits.iter().map(|hit| hit.message.event.0.clone()).collect::<Vec<_>>(), [id(1)]);
    assert_eq!(vault.parts(&room, &[Part::Image], None, 10).unwrap()[0].message.event, EventId(id(7)));
}

#[test]
fn a_vault_of_version_8_shows_and_finds_the_same_after() {
    let (folder, key) = (tempfile::tempdir().unwrap(), VaultKey::random());
    version_8(folder.path(), &key);
    for _ in 0..2 {
        let vault = Vault::open(folder.path(), &key).unwrap();
        check_version_8(&vault);
        vault.close().unwrap();
    }
}

#[test]
fn a_migration_that_does_not_come_to_its_end_changes_nothing() {
    let (folder, key) = (tempfile::tempdir().unwrap(), VaultKey::random());
    version_8(folder.path(), &key);
    // Every row was moved when this is in the way.
    open(folder.path(), &key).execute_batch("ALTER TABLE room RENAME COLUMN latest TO latest_").unwrap();
    assert!(Vault::open(folder.path(), &key).is_err());
    open(folder.path(), &key).execute_batch("ALTER TABLE room RENAME COLUMN latest_ TO latest").unwrap();
    let vault = Vault::open(folder.path(), &key).unwrap();
    check_version_8(&vault);
}

#[test]
fn the_words_of_version_10_are_found_after_without_an_index_made_anew() {
    let (folder, key) = (tempfile::tempdir().unwrap(), VaultKey::random());
    let vault = Vault::create(folder.path(), &key, &UserId::from(ME)).unwrap();
    let said = [(id(1), "the harbour plan"), (id(2), "Überseehafen, plan B"), ("$odd".to_owned(), "plank")];
    let events = said.iter().map(|(id, said)| text(id, ANN, said)).collect();
    let mut batch = timeline(ROOM, events, Place::Live { prev_batch: None });
    batch.summary = Some(joined("Harbour Ops"));
    vault.record(&Batch { rooms: vec![batch] }).unwrap();
    vault.close().unwrap();
    // As it was: a row for each word, and indexes of six bytes.
    let db = open(folder.path(), &key);
    db.execute_batch(
        "CREATE TABLE word (word TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
         INSERT INTO word VALUES ('the'), ('harbour'), ('plan'), ('uberseehafen'), ('b'), ('plank');
         DROP TABLE vocabulary;
         DROP INDEX event_id;
         CREATE INDEX event_id ON event (room, substr(event, 3, 6));
         PRAGMA user_version = 10;",
    )
    .unwrap();
    db.close().unwrap();
    for _ in 0..2 {
        let vault = Vault::open(folder.path(), &key).unwrap();
        assert_eq!(vault.index_state().unwrap(), IndexState::Complete);
        let found = |query: &str| vault.search(&Search::of(&Query::parse(query), 10)).unwrap().hits.len();
        assert_eq!(["plan", "arbou", "überseehafen", "lank", "quay"].map(found), [3, 1, 1, 1, 0]);
        for (id, _) in &said {
            assert!(vault.message(&RoomId::from(ROOM), &EventId(id.clone())).unwrap().is_some());
        }
        vault.close().unwrap();
    }
}
