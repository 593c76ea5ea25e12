//! Very many rooms, quickly: for benchmarks and for scrolling.
//!
//! Making them takes Synapse minutes, so a finished folder is kept beside the venv and copied.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tidings_model::{RoomId, Timestamp, UserId};

use crate::{Error, Homeserver, NewRoom, Settings, Venv, cache};

/// The password of the one who is in all rooms.
pub const CROWD_PASSWORD: &str = "many-rooms";

/// Changes when what is made below changes.
const EDITION: u32 = 1;
const PEOPLE: usize = 24;
const THREADS: usize = 4;
/// How far apart the newest messages of two rooms are, in milliseconds.
const APART: i64 = 7 * 60_000;

/// A person in very many rooms.
#[derive(Clone, Debug)]
pub struct Crowd {
    /// The person.
    pub me: UserId,
    /// Somebody who is in every room too, to write from.
    pub other: UserId,
    /// All rooms, the one with the newest message first.
    pub rooms: Vec<RoomId>,
}

/// Starts the homeserver of these settings (with an unused folder) with one person, `marta`, in so many rooms, each with
/// so many messages. The first time takes minutes, after that a copy.
///
/// # Errors
/// When the homeserver does not start or refuses, or a folder cannot be written.
pub fn crowd(
    venv: Venv,
    settings: Settings,
    rooms: usize,
    messages: usize,
    progress: impl Fn(&str),
) -> Result<(Homeserver, Crowd), Error> {
    let kept = cache().join(format!("crowd-{}-{EDITION}-{rooms}-{messages}", settings.name));
    if !kept.join("crowd.json").exists() {
        let part = kept.with_extension(format!("part-{}", std::process::id()));
        let mut homeserver =
            Homeserver::start_with(venv.clone(), Settings { folder: part.clone(), port: 0, ..settings.clone() })?;
        gather(&homeserver, rooms, messages, &progress)?;
        homeserver.stop();
        if fs::rename(&part, &kept).is_err() {
            // Another process was faster; its copy is as good.
            fs::remove_dir_all(&part).map_err(Error::file("remove", &part))?;
        }
    }
    progress("Copying a homeserver that was filled before");
    copy(&kept, &settings.folder)?;
    let path = settings.folder.join("crowd.json");
    let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
    let homeserver = Homeserver::start_with(venv, settings)?;
    let missing = || Error::Incomplete { call: "crowd.json".to_owned(), field: "rooms" };
    let json: Value = serde_json::from_str(&text).map_err(|_| missing())?;
    let rooms = json.get("rooms").cloned().and_then(|rooms| serde_json::from_value(rooms).ok()).ok_or_else(missing)?;
    let admin = homeserver.admin();
    let crowd = Crowd { me: admin.id("marta"), other: admin.id("person0"), rooms };
    Ok((homeserver, crowd))
}

fn gather(homeserver: &Homeserver, rooms: usize, messages: usize, progress: &impl Fn(&str)) -> Result<(), Error> {
    let admin = homeserver.admin();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_millis();
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let me = admin.user("marta", "Marta Lindqvist", CROWD_PASSWORD)?;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(admin.user(&format!("person{number}"), &format!("Person {number}"), CROWD_PASSWORD)?);
    }
    let one = |number: usize| -> Result<RoomId, Error> {
        let others: Vec<UserId> =
            [0, 1 + number % (PEOPLE - 1)].iter().filter_map(|at| people.get(*at).cloned()).collect();
        let name = format!("Room {number:04}");
        let room = admin.create_room(&me, &NewRoom { name: Some(&name), members: &others, ..NewRoom::default() })?;
        let newest = now - APART * i64::try_from(number).unwrap_or(0);
        for message in 0..messages {
            let before = i64::try_from(messages - message).unwrap_or(0) * 20_000;
            let sender = others.get(message % others.len()).unwrap_or(&me);
            let text = format!("Message {message} in room {number}: the tide turns at ten, and the ramp is down.");
            admin.say(&room, sender, &text, Some(Timestamp(newest - before)))?;
        }
        Ok(room)
    };
    // The oldest first, a few at once: Synapse waits for its disk in between.
    let mut made: Vec<RoomId> = Vec::with_capacity(rooms);
    let numbers: Vec<usize> = (0..rooms).rev().collect();
    for (count, batch) in numbers.chunks(THREADS).enumerate() {
        if count % 10 == 0 {
            progress(&format!("Filling rooms: {} of {rooms}", made.len()));
        }
        let batch: Vec<Result<RoomId, Error>> = std::thread::scope(|scope| {
            let running: Vec<_> = batch.iter().map(|number| scope.spawn(|| one(*number))).collect();
            running.into_iter().filter_map(|thread| thread.join().ok()).collect()
        });
        for room in batch {
            made.push(room?);
        }
    }
    made.reverse();
    let path = homeserver.folder().join("crowd.json");
    fs::write(&path, json!({"rooms": made}).to_string()).map_err(Error::file("write", &path))
}

/// Copies a stopped homeserver, but for its port and configuration, which belong to the folder.
fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::create_dir_all(to).map_err(Error::file("make", to))?;
    for name in ["homeserver.db", "homeserver.db-wal", "signing.key", "crowd.json"] {
        let source = from.join(name);
        if name.ends_with("-wal") && !source.exists() {
            continue;
        }
        fs::copy(&source, to.join(name)).map_err(Error::file("copy", &source))?;
    }
    Ok(())
}
