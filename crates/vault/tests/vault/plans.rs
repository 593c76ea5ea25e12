//! Every statement in the crate, as SQLite plans it: no table is read from end to end, nothing is sorted.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

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
        if let Some((name, value)) = piece.split_once(": &str = \"")
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

/// What a plan should not have. A partial index may be read whole: it holds just what was asked for.
fn faults(plan: &[String]) -> Vec<&String> {
    let partial = ["room_list", "intent_message", "intent_pending", "event_waiting"];
    plan.iter()
        .filter(|step| {
            let scan = step.starts_with("SCAN ")
                && !step.contains("VIRTUAL TABLE")
                && !step.starts_with("SCAN CONSTANT ROW")
                && !partial.iter().any(|index| step.ends_with(&format!("INDEX {index}")));
            scan || step.contains("TEMP B-TREE")
        })
        .collect()
}

fn database() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../../src/schema/0001_first.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0002_compact.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0002_indexes.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0003_reading.sql")).unwrap();
    db.execute_batch(include_str!("../../src/schema/0004_seals.sql")).unwrap();
    db
}

#[test]
fn no_statement_reads_a_table_from_end_to_end_or_sorts() {
    let db = database();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let shared: BTreeMap<String, String> = sources.iter().flat_map(|source| shared(source)).collect();
    let mut checked = 0;
    for mut sql in sources.iter().flat_map(|source| statements(source)) {
        for (name, value) in &shared {
            sql = sql.replace(name, value);
        }
        // What a person asks for and waits for may read all of it; a screen may not.
        if sql.contains("sqlite_schema") || sql == "SELECT count(*) FROM event" {
            continue;
        }
        let plan = plan(&db, &sql);
        assert_eq!(faults(&plan), Vec::<&String>::new(), "{sql}\n{plan:#?}");
        checked += 1;
    }
    assert!(checked > 50, "only {checked} statements were found");
}

#[test]
fn a_plan_that_scans_or_sorts_is_noticed() {
    let db = database();
    for sql in [
        "SELECT * FROM event WHERE sender = ?1",
        "SELECT * FROM event WHERE room = ?1 AND shown > 0 ORDER BY time",
        "SELECT count(*) FROM event",
        "UPDATE event SET counts = 0 WHERE kind = ?1",
    ] {
        assert!(!faults(&plan(&db, sql)).is_empty(), "{sql}");
    }
}
