//! Acts for everybody in an organisation, through an application service whose namespace is all of its people.
//!
//! **Invariant:** every call names the person it acts as (Application Service API, "Identity assertion").
//!
//! An application service rather than a token for each person: it alone may say when something happened (`?ts=`).

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha1::Sha1;
use tidings_model::{EventId, RoomId, Timestamp, UserId};
use ureq::http::Method;

use crate::{
    Error,
    http::{Http, Payload, encoded, text},
    settings::Secrets,
};

/// The person that only ends sessions and closes accounts.
const STEWARD: &str = "steward";
const STEWARD_PASSWORD: &str = "steward-of-this-machine";

/// Acts for everybody in one homeserver. Cheap to clone, and usable from several threads.
#[derive(Clone)]
pub struct Admin {
    http: Http,
    name: String,
    secrets: Secrets,
    next: Arc<AtomicU64>,
    steward: Arc<Mutex<Option<Session>>>,
}

/// A signed-in session of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub user: UserId,
    /// Its device id.
    pub device: String,
    /// Its access token.
    pub token: String,
}

/// A room to make. Its members are invited and join at once.
#[derive(Clone, Debug, Default)]
pub struct NewRoom<'a> {
    /// Its name; a direct chat has none.
    pub name: Option<&'a str>,
    /// Its topic.
    pub topic: Option<&'a str>,
    /// The others, besides who makes it.
    pub members: &'a [UserId],
    /// One to one: both sides are marked (`is_direct`, `m.direct`), both have the same power.
    pub direct: bool,
    /// Messages are end-to-end encrypted from the first on.
    pub encrypted: bool,
    /// Its picture (`mxc:`).
    pub avatar: Option<&'a str>,
}

impl Admin {
    pub(crate) fn new(http: Http, name: String, secrets: Secrets) -> Self {
        Self { http, name, secrets, next: Arc::default(), steward: Arc::default() }
    }

    pub(crate) fn http(&self) -> &Http {
        &self.http
    }

    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// The Matrix id of a local part.
    #[must_use]
    pub fn id(&self, local: &str) -> UserId {
        UserId(format!("@{local}:{}", self.name))
    }

    /// Any call of the client-server API as this person. `path` follows `/_matrix/client/v3`, percent-encoded.
    ///
    /// # Errors
    /// When the homeserver refuses or does not answer.
    pub fn call_as(&self, user: &UserId, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Error> {
        let joiner = if path.contains('?') { '&' } else { '?' };
        let path = format!("/_matrix/client/v3{path}{joiner}user_id={}", encoded(user.as_str()));
        self.http.call(method, &path, Some(&self.secrets.service), body.map_or(Payload::Nothing, Payload::Json))
    }

    /// Any call with an access token, or without one. `path` begins with `/_matrix` or `/_synapse`, percent-encoded.
    ///
    /// # Errors
    /// When the homeserver refuses or does not answer.
    pub fn call(&self, token: Option<&str>, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Error> {
        self.http.call(method, path, token, body.map_or(Payload::Nothing, Payload::Json))
    }

    /// Makes an account (Synapse admin API, "Shared-secret registration").
    ///
    /// # Errors
    /// When the name is taken, or the homeserver refuses.
    pub fn user(&self, local: &str, display: &str, password: &str) -> Result<UserId, Error> {
        self.register(local, display, password, false)
    }

    fn register(&self, local: &str, display: &str, password: &str, admin: bool) -> Result<UserId, Error> {
        let path = "/_synapse/admin/v1/register";
        let answer = self.call(None, Method::GET, path, None)?;
        let nonce = text(&answer, "nonce", path)?;
        let role = if admin { "admin" } else { "notadmin" };
        let mut mac = Hmac::<Sha1>::new_from_slice(self.secrets.registration.as_bytes())
            .map_err(|error| Error::Unreachable { call: path.to_owned(), reason: error.to_string() })?;
        mac.update([nonce.as_str(), local, password, role].join("\0").as_bytes());
        let mac: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let body = json!({
            "nonce": nonce, "username": local, "password": password, "displayname": display, "admin": admin, "mac": mac,
            "inhibit_login": true,
        });
        self.call(None, Method::POST, path, Some(&body))?;
        Ok(self.id(local))
    }

    /// Signs in with a password, as another client would.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn login(&self, local: &str, password: &str) -> Result<Session, Error> {
        let path = "/_matrix/client/v3/login";
        let body = json!({
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": local},
            "password": password,
        });
        let answer = self.call(None, Method::POST, path, Some(&body))?;
        Ok(Session {
            user: UserId(text(&answer, "user_id", path)?),
            device: text(&answer, "device_id", path)?,
            token: text(&answer, "access_token", path)?,
        })
    }

    /// Ends every session of a person: their tokens are unknown from now on (`M_UNKNOWN_TOKEN`), their devices gone.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn end_sessions(&self, user: &UserId) -> Result<(), Error> {
        let devices = self.devices(user)?;
        let path = format!("/_synapse/admin/v2/users/{}/delete_devices", encoded(user.as_str()));
        self.as_steward(Method::POST, &path, Some(&json!({"devices": devices}))).map(drop)
    }

    /// The device ids of a person.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn devices(&self, user: &UserId) -> Result<Vec<String>, Error> {
        let path = format!("/_synapse/admin/v2/users/{}/devices", encoded(user.as_str()));
        let answer = self.as_steward(Method::GET, &path, None)?;
        let devices = answer.get("devices").and_then(Value::as_array).into_iter().flatten();
        Ok(devices.filter_map(|device| Some(device.get("device_id")?.as_str()?.to_owned())).collect())
    }

    /// Closes an account: its sessions end, and signing in answers `M_USER_DEACTIVATED`.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn close_account(&self, user: &UserId) -> Result<(), Error> {
        let path = format!("/_synapse/admin/v1/deactivate/{}", encoded(user.as_str()));
        self.as_steward(Method::POST, &path, Some(&json!({"erase": false}))).map(drop)
    }

    /// Gives a person another password; their sessions stay.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn set_password(&self, user: &UserId, password: &str) -> Result<(), Error> {
        let path = format!("/_synapse/admin/v1/reset_password/{}", encoded(user.as_str()));
        let body = json!({"new_password": password, "logout_devices": false});
        self.as_steward(Method::POST, &path, Some(&body)).map(drop)
    }

    /// A call with the rights of a server administrator.
    fn as_steward(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Error> {
        let mut steward = self.steward.lock().unwrap_or_else(PoisonError::into_inner);
        if steward.is_none() {
            let session = match self.login(STEWARD, STEWARD_PASSWORD) {
                Err(Error::Refused { .. }) => {
                    self.register(STEWARD, "Steward", STEWARD_PASSWORD, true)?;
                    self.login(STEWARD, STEWARD_PASSWORD)?
                }
                other => other?,
            };
            *steward = Some(session);
        }
        let token = steward.as_ref().map(|session| session.token.clone());
        drop(steward);
        self.call(token.as_deref(), method, path, body)
    }

    /// Makes a room; its members join at once.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn create_room(&self, creator: &UserId, room: &NewRoom<'_>) -> Result<RoomId, Error> {
        let mut state = Vec::new();
        if room.encrypted {
            state.push(json!({
                "type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"},
            }));
        }
        if let Some(url) = room.avatar {
            state.push(json!({"type": "m.room.avatar", "state_key": "", "content": {"url": url}}));
        }
        let mut body = json!({
            "preset": if room.direct { "trusted_private_chat" } else { "private_chat" },
            "is_direct": room.direct,
            "invite": room.members,
            "initial_state": state,
        });
        if let Some(object) = body.as_object_mut() {
            for (field, value) in [("name", room.name), ("topic", room.topic)] {
                object.extend(value.map(|value| (field.to_owned(), json!(value))));
            }
        }
        let answer = self.call_as(creator, Method::POST, "/createRoom", Some(&body))?;
        let id = RoomId(text(&answer, "room_id", "POST /createRoom")?);
        for member in room.members {
            self.join(&id, member)?;
            if room.direct {
                self.mark_direct(creator, member, &id)?;
                self.mark_direct(member, creator, &id)?;
            }
        }
        Ok(id)
    }

    /// Accepts an invitation, or enters an open room.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn join(&self, room: &RoomId, user: &UserId) -> Result<(), Error> {
        let path = format!("/rooms/{}/join", encoded(room.as_str()));
        self.call_as(user, Method::POST, &path, Some(&json!({}))).map(drop)
    }

    /// Leaves a room, or declines an invitation.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn leave(&self, room: &RoomId, user: &UserId) -> Result<(), Error> {
        let path = format!("/rooms/{}/leave", encoded(room.as_str()));
        self.call_as(user, Method::POST, &path, Some(&json!({}))).map(drop)
    }

    /// Invites a person.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn invite(&self, room: &RoomId, by: &UserId, whom: &UserId) -> Result<(), Error> {
        let path = format!("/rooms/{}/invite", encoded(room.as_str()));
        self.call_as(by, Method::POST, &path, Some(&json!({"user_id": whom}))).map(drop)
    }

    /// Removes a person.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn remove(&self, room: &RoomId, by: &UserId, whom: &UserId) -> Result<(), Error> {
        let path = format!("/rooms/{}/kick", encoded(room.as_str()));
        self.call_as(by, Method::POST, &path, Some(&json!({"user_id": whom}))).map(drop)
    }

    /// Sets a state event; `at` says when it happened, now when it is `None`.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn set_state(
        &self,
        room: &RoomId,
        by: &UserId,
        kind: &str,
        key: &str,
        content: &Value,
        at: Option<Timestamp>,
    ) -> Result<EventId, Error> {
        let (room, kind, key) = (encoded(room.as_str()), encoded(kind), encoded(key));
        let path = format!("/rooms/{room}/state/{kind}/{key}{}", when(at));
        let answer = self.call_as(by, Method::PUT, &path, Some(content))?;
        text(&answer, "event_id", "PUT state").map(EventId)
    }

    /// Marks a room as direct chat of `user` with `with` (`m.direct`, Matrix spec, "Direct Messaging").
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn mark_direct(&self, user: &UserId, with: &UserId, room: &RoomId) -> Result<(), Error> {
        let mut direct = match self.account_data(user, "m.direct") {
            Ok(Value::Object(direct)) => direct,
            Ok(_) | Err(Error::Refused { status: 404, .. }) => Map::new(),
            Err(other) => return Err(other),
        };
        let rooms = direct.entry(with.as_str()).or_insert_with(|| json!([]));
        if let Some(rooms) = rooms.as_array_mut() {
            rooms.push(json!(room));
        }
        self.set_account_data(user, "m.direct", &Value::Object(direct))
    }

    /// Account data of a person.
    ///
    /// # Errors
    /// When there is none (404), or the homeserver refuses.
    pub fn account_data(&self, user: &UserId, kind: &str) -> Result<Value, Error> {
        let path = format!("/user/{}/account_data/{}", encoded(user.as_str()), encoded(kind));
        self.call_as(user, Method::GET, &path, None)
    }

    /// Sets account data of a person.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn set_account_data(&self, user: &UserId, kind: &str, content: &Value) -> Result<(), Error> {
        let path = format!("/user/{}/account_data/{}", encoded(user.as_str()), encoded(kind));
        self.call_as(user, Method::PUT, &path, Some(content)).map(drop)
    }

    /// Keeps a chat at the top of a person's list (`m.favourite`, Matrix spec, "Room Tagging").
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn pin(&self, user: &UserId, room: &RoomId, order: f64) -> Result<(), Error> {
        let path = format!("/user/{}/rooms/{}/tags/m.favourite", encoded(user.as_str()), encoded(room.as_str()));
        self.call_as(user, Method::PUT, &path, Some(&json!({"order": order}))).map(drop)
    }

    /// Silences a chat for a person, mentions too (an override push rule for the room, Matrix spec, "Push Rules").
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn mute(&self, user: &UserId, room: &RoomId) -> Result<(), Error> {
        let path = format!("/pushrules/global/override/{}", encoded(room.as_str()));
        let condition = json!({"kind": "event_match", "key": "room_id", "pattern": room.as_str()});
        self.call_as(user, Method::PUT, &path, Some(&json!({"conditions": [condition], "actions": []}))).map(drop)
    }

    /// Keeps a file on the homeserver. Returns its `mxc:` address.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn upload(&self, user: &UserId, bytes: &[u8], mime: &str, name: &str) -> Result<String, Error> {
        let (name, user) = (encoded(name), encoded(user.as_str()));
        let path = format!("/_matrix/media/v3/upload?filename={name}&user_id={user}");
        let payload = Payload::Bytes { bytes, mime };
        let answer = self.http.call(Method::POST, &path, Some(&self.secrets.service), payload)?;
        text(&answer, "content_uri", "POST upload")
    }

    /// Gives a person a picture (`mxc:`).
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn set_avatar(&self, user: &UserId, url: &str) -> Result<(), Error> {
        let path = format!("/profile/{}/avatar_url", encoded(user.as_str()));
        self.call_as(user, Method::PUT, &path, Some(&json!({"avatar_url": url}))).map(drop)
    }

    /// Says that a person has read up to a message (`m.read` and `m.fully_read`).
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn receipt(&self, room: &RoomId, user: &UserId, event: &EventId) -> Result<(), Error> {
        let path = format!("/rooms/{}/read_markers", encoded(room.as_str()));
        let body = json!({"m.fully_read": event, "m.read": event});
        self.call_as(user, Method::POST, &path, Some(&body)).map(drop)
    }

    /// Shows or hides that a person is writing, for at most 30 seconds.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn typing(&self, room: &RoomId, user: &UserId, typing: bool) -> Result<(), Error> {
        let path = format!("/rooms/{}/typing/{}", encoded(room.as_str()), encoded(user.as_str()));
        let body = if typing { json!({"typing": true, "timeout": 30_000}) } else { json!({"typing": false}) };
        self.call_as(user, Method::PUT, &path, Some(&body)).map(drop)
    }

    /// A transaction id that was never used on this homeserver.
    pub(crate) fn transaction(&self) -> String {
        let started = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_nanos();
        format!("{}.{started}.{}", std::process::id(), self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// The query that says when something happened (Application Service API, "Timestamp massaging").
pub(crate) fn when(at: Option<Timestamp>) -> String {
    at.map_or_else(String::new, |at| format!("?ts={}", at.0))
}
