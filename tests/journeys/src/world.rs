//! The homeserver that journeys happen on, and what is made in it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use serde_json::{Value, json};
use tidings_homeserver::{Admin, Homeserver, Method, NewRoom, Settings, cache};
use tidings_model::{RoomId, UserId};

use crate::Person;

/// A homeserver and everybody in it.
#[derive(Clone)]
pub struct World {
    server: Arc<Mutex<Homeserver>>,
    admin: Admin,
    url: String,
    port: u16,
    folder: PathBuf,
    /// Of a server that this test has for itself.
    _own_folder: Option<Arc<tempfile::TempDir>>,
}

/// Counts people, so that every test has its own.
static PEOPLE: AtomicU32 = AtomicU32::new(1);

impl World {
    /// The homeserver that all tests of this program share: generous limits, never stopped.
    #[must_use]
    pub fn new() -> Self {
        static SHARED: OnceLock<World> = OnceLock::new();
        SHARED
            .get_or_init(|| Self::around(Homeserver::start(Settings::in_folder(shared_folder())).unwrap(), None))
            .clone()
    }

    /// A homeserver for this test alone: it may be stopped and changed.
    #[must_use]
    pub fn own(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::in_folder(folder.path());
        change(&mut settings);
        Self::around(Homeserver::start(settings).unwrap(), Some(Arc::new(folder)))
    }

    fn around(server: Homeserver, own_folder: Option<Arc<tempfile::TempDir>>) -> Self {
        Self {
            admin: server.admin().clone(),
            url: server.url(),
            port: server.port(),
            folder: server.folder().to_owned(),
            server: Arc::new(Mutex::new(server)),
            _own_folder: own_folder,
        }
    }

    /// The homeserver itself, to stop or change it; only for a [`Self::own`] one.
    pub fn server(&self) -> MutexGuard<'_, Homeserver> {
        assert!(self._own_folder.is_some(), "the shared homeserver is everybody's");
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Acts for everybody.
    #[must_use]
    pub fn admin(&self) -> &Admin {
        &self.admin
    }

    /// Its address, as a person types it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it keeps everything.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Somebody new in the organisation, by first name; the user name is made unique.
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        let number = PEOPLE.fetch_add(1, Ordering::SeqCst);
        let local = format!("{}-{number}", name.to_lowercase().replace(' ', "."));
        let password = format!("pass-{:016x}", rand::random::<u64>());
        let user = self.admin.user(&local, name, &password).unwrap();
        Person::new(self.clone(), user, local, password)
    }

    /// A group whose messages are not encrypted.
    #[must_use]
    pub fn group(&self, name: &str, people: &[&Person]) -> RoomId {
        self.room(people, NewRoom { name: Some(name), ..NewRoom::default() })
    }

    /// A group whose messages are encrypted.
    #[must_use]
    pub fn encrypted_group(&self, name: &str, people: &[&Person]) -> RoomId {
        self.room(people, NewRoom { name: Some(name), encrypted: true, ..NewRoom::default() })
    }

    /// A direct chat.
    #[must_use]
    pub fn direct(&self, one: &Person, other: &Person) -> RoomId {
        self.room(&[one, other], NewRoom { direct: true, ..NewRoom::default() })
    }

    /// An encrypted direct chat.
    #[must_use]
    pub fn encrypted_direct(&self, one: &Person, other: &Person) -> RoomId {
        self.room(&[one, other], NewRoom { direct: true, encrypted: true, ..NewRoom::default() })
    }

    fn room(&self, people: &[&Person], room: NewRoom<'_>) -> RoomId {
        let (creator, others) = people.split_first().unwrap();
        let members: Vec<UserId> = others.iter().map(|person| person.user().clone()).collect();
        self.admin.create_room(creator.user(), &NewRoom { members: &members, ..room }).unwrap()
    }

    /// Wait until the homeserver says so.
    pub async fn until<R>(&self, what: &str, mut look: impl FnMut(&Admin) -> Option<R>) -> R {
        let deadline = std::time::Instant::now() + crate::PATIENCE;
        loop {
            if let Some(found) = look(&self.admin) {
                return found;
            }
            assert!(std::time::Instant::now() < deadline, "not seen on the homeserver: {what}");
            tokio::task::yield_now().await;
        }
    }

    /// Silences a chat for somebody, mentions too (an override rule, as other clients set it; Matrix spec, "Push rules").
    pub fn mute(&self, person: &Person, room: &RoomId) {
        let rule = json!({
            "conditions": [{"kind": "event_match", "key": "room_id", "pattern": room}],
            "actions": [],
        });
        self.push_rule(person, "override", room, &rule);
    }

    /// Somebody wants to hear of mentions only in this chat (a room rule without actions).
    pub fn mentions_only(&self, person: &Person, room: &RoomId) {
        self.push_rule(person, "room", room, &json!({"actions": []}));
    }

    fn push_rule(&self, person: &Person, kind: &str, room: &RoomId, rule: &Value) {
        let room = room.as_str().replace('!', "%21").replace(':', "%3A");
        let path = format!("/pushrules/global/{kind}/{room}");
        self.admin.call_as(person.user(), Method::PUT, &path, Some(rule)).unwrap();
    }

    /// The bodies of a room's messages on the server, oldest first.
    #[must_use]
    pub fn on_the_server(&self, room: &RoomId, member: &Person) -> Vec<String> {
        let mut bodies: Vec<String> = self
            .events(room, member)
            .iter()
            .filter(|event| event["type"] == "m.room.message")
            .filter_map(|event| event["content"]["body"].as_str().map(str::to_owned))
            .collect();
        bodies.reverse();
        bodies
    }

    /// How many events of any kind a member sent, on the server.
    #[must_use]
    pub fn count_from(&self, room: &RoomId, sender: &Person, kind: &str) -> usize {
        let events = self.events(room, sender);
        events.iter().filter(|event| event["type"] == kind && event["sender"] == sender.user().as_str()).count()
    }
}

impl World {
    /// All events of a room as a member sees them, newest first.
    fn events(&self, room: &RoomId, member: &Person) -> Vec<Value> {
        let room = room.as_str().replace('!', "%21").replace(':', "%3A");
        let (mut events, mut from) = (Vec::new(), String::new());
        loop {
            let path = format!("/rooms/{room}/messages?dir=b&limit=500{from}");
            let page = self.admin.call_as(member.user(), Method::GET, &path, None).unwrap();
            events.extend(page["chunk"].as_array().unwrap().iter().cloned());
            match page["end"].as_str() {
                Some(end) => from = format!("&from={end}"),
                None => return events,
            }
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// A folder for the shared homeserver: the first that no other test program holds, emptied.
fn shared_folder() -> PathBuf {
    static HELD: OnceLock<File> = OnceLock::new();
    let base = cache().join("journeys");
    for number in 0..64 {
        let folder = base.join(number.to_string());
        fs::create_dir_all(&base).unwrap();
        let lock = File::create(base.join(format!("{number}.lock"))).unwrap();
        if lock.try_lock().is_ok() {
            // Held until the program ends.
            HELD.set(lock).unwrap();
            if folder.exists() {
                fs::remove_dir_all(&folder).unwrap();
            }
            fs::create_dir_all(&folder).unwrap();
            return folder;
        }
    }
    panic!("no free folder in {}", base.display());
}
