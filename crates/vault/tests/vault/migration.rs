//! An old vault becomes a new one, and shows the same.

use rusqlite::Connection;
use tidings_model::{EventId, RoomId, UserId};
use tidings_vault::{IndexState, Query, Search, Vault, VaultKey};

use crate::world::{ANN, ME, body};

const ROOM: &str = "!ops:org.example";
const HASH: &str = "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";

/// A vault as version 1 left it: its tables, and rows as it wrote them.
fn version_1(folder: &std::path::Path, key: &VaultKey) {
    Vault::create(folder, key, &UserId::from(ME)).unwrap().close().unwrap();
    std::fs::remove_file(folder.join("vault.db")).unwrap();
    let db = Connection::open(folder.join("vault.db")).unwrap();
    let hex: String = key.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    db.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"; PRAGMA journal_mode = WAL;")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0001_first.sql")).unwrap();
    db.pragma_update(None, "application_id", 0x7469_6469).unwrap();
    db.pragma_update(None, "user_version", 1).unwrap();
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
