//! Every statement in the crate, as SQLite plans it: no table is read from end to end, nothing is sorted, and full text
//! is asked through its index. Migrations (`src/schema/`) rewrite whole tables, once, and are left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

/// The string literals of a source file that are statements.
fn statements(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(start) = rest.find('"') {
        let after = &rest[start + 1..];
        let mut end = 0;
        let mut literal = String::new();
        let mut letters = after.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    end = at;
                    break;
                }
                '\\' => {
                    // A line break that continues the text, or an escaped letter.
                    if let Some((_, escaped)) = letters.next()
                        && escaped != '\n'
                    {
                        literal.push(escaped);
                    }
                }
                letter => literal.push(letter),
            }
        }
        let text = literal.split_whitespace().collect::<Vec<_>>().join(" ");
        if ["SELECT ", "INSERT ", "REPLACE ", "UPDATE ", "DELETE "].iter().any(|verb| text.starts_with(verb)) {
            found.push(text);
        }
        rest = &after[end + 1..];
    }
    found
}

/// The columns that statements share: `const NAME: &str = "…"`.
fn shared(source: &str) -> BTreeMap<String, String> {
    let mut shared = BTreeMap::new();
    for piece in source.split("const ").skip(1) {
        if let Some((name, value)) = piece.split_once(": &str =")
            && let Some(value) = value.trim_start().strip_prefix('"')
            && name.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
            && let Some((value, _)) = value.split_once("\";")
        {
            let value = value.replace('\\', " ").split_whitespace().collect::<Vec<_>>().join(" ");
            shared.insert(format!("{{{name}}}"), value);
        }
    }
    shared
}

fn plan(db: &Connection, sql: &str) -> Vec<String> {
    let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let parameters = vec![rusqlite::types::Value::Null; explain.parameter_count()];
    explain
        .query_map(rusqlite::params_from_iter(parameters), |row| row.get(3))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// Indexes that hold just what was asked for: they may be read whole.
const PARTIAL: [&str; 6] =
    ["room_list", "room_attention", "room_hidden", "intent_message", "intent_pending", "event_waiting"];

/// Statements that read a whole table, and why they may.
const WHOLE: [(&str, &str); 10] = [
    ("SELECT id, words FROM vocabulary", "read once into memory before the first search"),
    ("SELECT user, name, folded FROM person", "a row for each person, of whom an organisation has thousands at most"),
    (
        "SELECT e.id FROM star s CROSS JOIN event e",
        "all that was starred is what was asked for; each event by its index",
    ),
    ("SELECT address FROM orphan", "files of messages that were deleted a moment ago"),
    ("SELECT room FROM forgetting", "rooms that are being deleted: none or one"),
    ("SELECT r.room, s.event, s.time FROM star s", "for a damaged vault, never for a screen"),
    (
        "SELECT r.room, d.thread, d.text, d.reply, d.drafted FROM thread_draft d",
        "for a damaged vault, never for a screen",
    ),
    ("SELECT e.id FROM pin p CROSS JOIN event e", "all that is pinned is what was asked for; each event by its index"),
    ("SELECT name, pgsize FROM dbstat", "for a person who asked what takes the room, never for a screen"),
    ("SELECT count(*) FROM event", "for a person who asked how much is kept, never for a screen"),
];

/// What a plan should not have.
fn faults(sql: &str, plan: &[String]) -> Vec<String> {
    let allowed = WHOLE.iter().any(|(begin, _)| sql.starts_with(begin));
    let fault = |step: &&String| {
        let scan = step.starts_with("SCAN ") && !step.starts_with("SCAN CONSTANT ROW");
        let whole = match step.split_once(" VIRTUAL TABLE INDEX ") {
            // FTS5 says how it reads (`xBestIndex`): "M" is a MATCH; without one or a row's id it goes through all rows.
            Some((table, how)) if table.ends_with(" words") => !how.contains('M') && !how.contains('='),
            // `json_each` over what the caller gave.
            Some((table, _)) => !table.ends_with(" asked"),
            None => !PARTIAL.iter().any(|index| step.ends_with(&format!("INDEX {index}"))),
        };
        (scan && whole && !allowed) || step.contains("TEMP B-TREE")
    };
    plan.iter().filter(fault).cloned().collect()
}

/// The source files of a folder and of those in it.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("schema") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn database() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../../src/schema/0001_first.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0002_compact.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0002_indexes.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0003_reading.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0004_said.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0005_chain.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0006_seals.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0007_threads.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0008_forgetting.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0009_packed.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0009_indexes.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0011_vocabulary.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0011_slim.sql")).unwrap();
    db
}

#[test]
fn no_statement_reads_a_table_from_end_to_end_or_sorts() {
    let db = database();
    let mut paths = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut paths);
    let sources: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let shared: BTreeMap<String, String> = sources.iter().flat_map(|source| shared(source)).collect();
    let (mut checked, mut matched) = (0, 0);
    for mut sql in sources.iter().flat_map(|source| statements(source)) {
        for (name, value) in &shared {
            sql = sql.replace(name, value);
        }
        // What a person asks for and waits for may read all of it; a screen may not.
        if sql.contains("sqlite_schema") || sql == "SELECT count(*) FROM event" {
            continue;
        }
        // Several statements at once are for maintenance, and take no parameters.
        if sql.trim_end_matches(';').contains(';') {
            continue;
        }
        let plan = plan(&db, &sql);
        assert_eq!(faults(&sql, &plan), Vec::<String>::new(), "{sql}\n{plan:#?}");
        matched += usize::from(sql.contains(" MATCH "));
        checked += 1;
    }
    assert!(checked > 90, "only {checked} statements were found");
    assert!(matched > 2, "only {matched} statements ask the full-text index");
}

#[test]
fn a_plan_that_scans_or_sorts_is_noticed() {
    let db = database();
    for sql in [
        "SELECT * FROM event WHERE sender = ?1",
        "SELECT * FROM event WHERE room = ?1 AND shown > 0 ORDER BY time",
        "SELECT sum(time) FROM event",
        "UPDATE event SET marks = 0 WHERE kind = ?1",
        "SELECT rowid FROM words WHERE text LIKE ?1",
        "SELECT rowid FROM words WHERE rowid < ?1 ORDER BY rowid DESC",
        "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY text",
        "SELECT event FROM star WHERE time > ?1",
        "SELECT user FROM person WHERE name = ?1 ORDER BY name",
    ] {
        assert!(!faults(sql, &plan(&db, sql)).is_empty(), "{sql}");
    }
}
