//! What people say: messages, replies, threads, edits, reactions, redactions, and reading them back.

use serde_json::{Value, json};
use tidings_model::{EventId, RoomId, Timestamp, UserId};
use ureq::http::Method;

use crate::{
    Admin, Error,
    admin::when,
    http::{encoded, text},
};

impl Admin {
    /// Sends any event; `at` says when it happened, now when it is `None`.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn send(
        &self,
        room: &RoomId,
        sender: &UserId,
        kind: &str,
        content: &Value,
        at: Option<Timestamp>,
    ) -> Result<EventId, Error> {
        let path = format!("/rooms/{}/send/{}/{}", encoded(room.as_str()), encoded(kind), self.transaction());
        let answer = self.call_as(sender, Method::PUT, &format!("{path}{}", when(at)), Some(content))?;
        text(&answer, "event_id", "PUT send").map(EventId)
    }

    /// Says something.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn say(&self, room: &RoomId, sender: &UserId, body: &str, at: Option<Timestamp>) -> Result<EventId, Error> {
        self.send(room, sender, "m.room.message", &said(body), at)
    }

    /// Answers a message (Matrix spec, "Rich replies").
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn reply(
        &self,
        room: &RoomId,
        sender: &UserId,
        to: &EventId,
        body: &str,
        at: Option<Timestamp>,
    ) -> Result<EventId, Error> {
        self.send(room, sender, "m.room.message", &related(said(body), json!({"m.in_reply_to": {"event_id": to}})), at)
    }

    /// Writes in the thread that begins at `root` (Matrix spec, "Threading").
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn thread(
        &self,
        room: &RoomId,
        sender: &UserId,
        root: &EventId,
        body: &str,
        at: Option<Timestamp>,
    ) -> Result<EventId, Error> {
        let relation = json!({
            "rel_type": "m.thread", "event_id": root, "is_falling_back": true, "m.in_reply_to": {"event_id": root},
        });
        self.send(room, sender, "m.room.message", &related(said(body), relation), at)
    }

    /// Gives an own message another text (Matrix spec, "Event replacements").
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn edit(
        &self,
        room: &RoomId,
        sender: &UserId,
        event: &EventId,
        body: &str,
        at: Option<Timestamp>,
    ) -> Result<EventId, Error> {
        let content = json!({
            "msgtype": "m.text",
            "body": format!("* {body}"),
            "m.new_content": said(body),
            "m.relates_to": {"rel_type": "m.replace", "event_id": event},
        });
        self.send(room, sender, "m.room.message", &content, at)
    }

    /// Reacts to a message with an emoji (Matrix spec, "Event annotations and reactions").
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn react(
        &self,
        room: &RoomId,
        sender: &UserId,
        event: &EventId,
        key: &str,
        at: Option<Timestamp>,
    ) -> Result<EventId, Error> {
        let content = json!({"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": key}});
        self.send(room, sender, "m.reaction", &content, at)
    }

    /// Deletes a message.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn redact(&self, room: &RoomId, by: &UserId, event: &EventId) -> Result<EventId, Error> {
        let (room, event) = (encoded(room.as_str()), encoded(event.as_str()));
        let path = format!("/rooms/{room}/redact/{event}/{}", self.transaction());
        let answer = self.call_as(by, Method::PUT, &path, Some(&json!({})))?;
        text(&answer, "event_id", "PUT redact").map(EventId)
    }

    /// The newest events of a room as a member sees them, newest first.
    ///
    /// # Errors
    /// When the homeserver refuses.
    pub fn messages(&self, room: &RoomId, user: &UserId, limit: usize) -> Result<Vec<Value>, Error> {
        let path = format!("/rooms/{}/messages?dir=b&limit={limit}", encoded(room.as_str()));
        let mut answer = self.call_as(user, Method::GET, &path, None)?;
        match answer.get_mut("chunk").map(Value::take) {
            Some(Value::Array(events)) => Ok(events),
            _ => Err(Error::Incomplete { call: "GET messages".to_owned(), field: "chunk" }),
        }
    }
}

/// A plain text.
fn said(body: &str) -> Value {
    json!({"msgtype": "m.text", "body": body, "m.mentions": {}})
}

fn related(mut content: Value, relation: Value) -> Value {
    if let Some(object) = content.as_object_mut() {
        object.insert("m.relates_to".to_owned(), relation);
    }
    content
}
