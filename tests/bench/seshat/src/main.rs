//! seshat, the engine behind Element Desktop's search, on the corpus that our vault is measured on.
//!
//! It is used as Element uses it: encrypted with a passphrase, the default tokenizer, live events added as they come and
//! committed once a response (seshat itself then commits to its index each 500 events), edits and redactions told, votes
//! and reactions not. Where there was a choice it was made in its favour: the events' JSON is made beforehand and lacks
//! what Element adds to it, hits are asked for without their neighbours, and merging its index after the last commit is
//! not counted in its time.
//!
//! **Invariant:** standard output carries one line of JSON for each line of standard input: `ingest`, `open`, `close`,
//! `search HITS WORDS`. The one who asks decides when this process works, so that two engines never run at once.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line program speaks on the terminal")]

use std::{
    error::Error,
    io::BufRead as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use seshat::{Config, Database, Event, EventType, Profile, SearchConfig};
use tidings_corpus::{Event as Said, Responses, person, room};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().collect();
    let [_, folder, messages] = args.as_slice() else { return Err("tidings-bench-seshat FOLDER MESSAGES".into()) };
    let (folder, messages) = (PathBuf::from(folder), messages.parse()?);
    let mut database = None;
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (command, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match (command, database.take()) {
            ("ingest", None) => ingest(&folder, messages)?,
            ("open", None) => {
                let begun = Instant::now();
                database = Some(open(&folder)?);
                json!({"ms": ms(begun.elapsed())})
            }
            ("close", Some(open)) => {
                close(open)?;
                json!({"bytes": size(&folder)?})
            }
            ("search", Some(open)) => {
                let answer = search(&open, rest)?;
                database = Some(open);
                answer
            }
            _ => return Err(format!("`{line}` makes no sense now").into()),
        };
        println!("{answer}");
    }
    Ok(())
}

fn open(folder: &Path) -> Outcome<Database> {
    Ok(Database::new_with_config(folder, &Config::new().set_passphrase("measured in milliseconds"))?)
}

/// Wait for what it still does in the background, and close it.
fn close(database: Database) -> Outcome<()> {
    Ok(database.shutdown().recv()??)
}

/// Add all messages.
fn ingest(folder: &Path, messages: usize) -> Outcome<Value> {
    let database = open(folder)?;
    let (mut adding, mut done) = (Duration::ZERO, 0);
    for response in Responses::new(messages) {
        let mut batch = Vec::new();
        for part in response {
            let room = room(part.room).id;
            done += part.events.iter().filter(|event| event.is_message()).count();
            batch.extend(part.events.iter().filter_map(|event| step(event, &room)));
        }
        let begun = Instant::now();
        for step in batch {
            match step {
                Step::Add(event, profile) => database.add_event(event, profile),
                Step::Delete(event) => drop(database.delete_event(&event).recv()??),
            }
        }
        database.commit()?;
        adding += begun.elapsed();
        if done % 100_000 < 200 {
            eprintln!("seshat: {done} messages added, {:.0} a second", per_s(done, adding));
        }
    }
    let begun = Instant::now();
    database.force_commit()?;
    adding += begun.elapsed();
    close(database)?;
    Ok(json!({"per_s": per_s(done, adding)}))
}

enum Step {
    Add(Event, Profile),
    Delete(String),
}

/// What Element tells seshat of an event.
fn step(said: &Said, room: &str) -> Option<Step> {
    if let Some(redacted) = &said.redacts {
        return Some(Step::Delete(redacted.clone()));
    }
    let field = |name: &str| said.content.get(name).and_then(Value::as_str);
    let body = field("body").filter(|_| said.kind == "m.room.message")?;
    let sender = person(said.sender);
    let source = json!({
        "type": said.kind, "event_id": said.id, "sender": sender.id, "origin_server_ts": said.time, "room_id": room,
        "content": said.content,
    });
    let event = Event::new(
        EventType::Message,
        body,
        field("msgtype"),
        &said.id,
        &sender.id,
        said.time,
        room,
        &source.to_string(),
    );
    Some(Step::Add(event, Profile { displayname: Some(sender.name), avatar_url: None }))
}

/// The newest hits: `HITS WORDS`.
fn search(database: &Database, line: &str) -> Outcome<Value> {
    let (hits, words) = line.split_once(' ').ok_or("`search HITS WORDS`")?;
    let mut config = SearchConfig::new();
    config.limit(hits.parse()?).order_by_recency(true);
    let begun = Instant::now();
    let found = database.search(words, &config)?;
    Ok(json!({"ms": ms(begun.elapsed()), "hits": found.results.len()}))
}

/// The bytes of all its files.
fn size(folder: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn per_s(messages: usize, time: Duration) -> f64 {
    messages as f64 / time.as_secs_f64()
}
