//! A story in many chats: written chat by chat, told in the order of its times.
//!
//! **Invariant:** what is said in one moment of all chats reaches the homeserver in that order, so that every client sorts
//! the chats as the story does.

use serde_json::{Value, json};
use tidings_model::{EventId, Timestamp, UserId};

use super::{Calendar, Organisation, PEOPLE};
use crate::{Admin, Error, document::Document, picture::Picture};

/// A line of the story, to be answered or reacted to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(usize);

/// What happens in a line.
enum Deed {
    Say(String),
    Rich {
        body: String,
        html: String,
    },
    Reply(Mark, String),
    Thread(Mark, String),
    Edit(Mark, String),
    React(Mark, &'static str),
    Delete(Mark),
    Picture {
        picture: Box<Picture>,
        name: &'static str,
        caption: Option<&'static str>,
    },
    File(Box<Document>),
    Poll {
        question: &'static str,
        answers: &'static [&'static str],
    },
    Vote(Mark, usize),
    EndPoll(Mark),
    /// A sound file, or, with how loud it is over time, a voice message.
    Sound {
        document: Box<Document>,
        seconds: u32,
        waveform: Vec<u16>,
    },
    Sticker {
        picture: Box<Picture>,
        words: &'static str,
    },
    /// Any other message-like event.
    Send {
        kind: &'static str,
        content: Value,
    },
    /// A state event; its key may be a person's local part after `@`.
    State {
        kind: &'static str,
        key: &'static str,
        content: Value,
    },
    Pin(Mark),
    Read(Mark),
}

struct Line {
    room: String,
    who: &'static str,
    at: Timestamp,
    deed: Deed,
}

/// All lines, in the order they were written.
pub(crate) struct Story {
    now: Timestamp,
    pub(crate) calendar: Calendar,
    lines: Vec<Line>,
}

/// One chat of the story, at a moment that moves on with each message.
pub(crate) struct Scene<'a> {
    story: &'a mut Story,
    room: String,
    at: Timestamp,
    last: Option<Mark>,
}

const MINUTE: i64 = 60_000;

impl Story {
    pub(crate) fn new(now: Timestamp, calendar: Calendar) -> Self {
        Self { now, calendar, lines: Vec::new() }
    }

    /// Goes to a chat.
    pub(crate) fn chat(&mut self, room: &str) -> Scene<'_> {
        let at = self.now;
        Scene { story: self, room: room.to_owned(), at, last: None }
    }

    /// Tells everything to a homeserver.
    pub(crate) fn play(&self, admin: &Admin, cast: &Organisation, progress: impl Fn(&str)) -> Result<(), Error> {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.sort_by_key(|index| self.lines.get(*index).map(|line| line.at));
        let mut told: Vec<Option<EventId>> = vec![None; self.lines.len()];
        for (count, index) in order.iter().enumerate() {
            if count % 200 == 0 {
                progress(&format!("Writing its history: {count} of {} lines", order.len()));
            }
            let Some(line) = self.lines.get(*index) else { continue };
            let event = line.tell(admin, cast, &told)?;
            if let Some(slot) = told.get_mut(*index) {
                *slot = event;
            }
        }
        Ok(())
    }
}

impl Line {
    fn tell(&self, admin: &Admin, cast: &Organisation, told: &[Option<EventId>]) -> Result<Option<EventId>, Error> {
        let Some(room) = cast.room(&self.room) else { return Ok(None) };
        let who = &cast.person(self.who);
        let at = Some(self.at);
        let earlier = |mark: &Mark| told.get(mark.0).cloned().flatten();
        let message = |content: &Value| admin.send(room, who, "m.room.message", content, at).map(Some);
        match &self.deed {
            Deed::Say(text) => message(&spoken(text, cast)),
            Deed::Rich { body, html } => message(&json!({
                "msgtype": "m.text", "body": body, "format": "org.matrix.custom.html", "formatted_body": html,
                "m.mentions": {},
            })),
            Deed::Picture { picture, name, caption } => {
                let bytes = picture.png();
                let url = admin.upload(who, &bytes, "image/png", name)?;
                let info =
                    json!({"w": picture.width(), "h": picture.height(), "mimetype": "image/png", "size": bytes.len()});
                message(&json!({
                    "msgtype": "m.image", "body": caption.unwrap_or(name), "filename": name, "url": url, "info": info,
                    "m.mentions": {},
                }))
            }
            Deed::File(document) => {
                let url = admin.upload(who, &document.bytes, document.mime, &document.name)?;
                let info = json!({"mimetype": document.mime, "size": document.bytes.len()});
                message(&json!({
                    "msgtype": "m.file", "body": document.name, "filename": document.name, "url": url, "info": info,
                    "m.mentions": {},
                }))
            }
            Deed::Poll { question, answers } => {
                let options: Vec<Value> = answers
                    .iter()
                    .enumerate()
                    .map(|(number, answer)| json!({"id": number.to_string(), "org.matrix.msc1767.text": answer}))
                    .collect();
                let poll = json!({
                    "org.matrix.msc1767.text": format!("{question}\n{}", answers.join("\n")),
                    "org.matrix.msc3381.poll.start": {
                        "kind": "org.matrix.msc3381.poll.disclosed", "max_selections": 1,
                        "question": {"org.matrix.msc1767.text": question}, "answers": options,
                    },
                });
                admin.send(room, who, "org.matrix.msc3381.poll.start", &poll, at).map(Some)
            }
            Deed::Reply(to, text) => {
                let relation = earlier(to).map(|to| json!({"m.in_reply_to": {"event_id": to}}));
                message(&with_relation(spoken(text, cast), relation))
            }
            Deed::Thread(root, text) => {
                let relation = earlier(root).map(|root| {
                    json!({
                        "rel_type": "m.thread", "event_id": root, "is_falling_back": true,
                        "m.in_reply_to": {"event_id": root},
                    })
                });
                message(&with_relation(spoken(text, cast), relation))
            }
            Deed::Edit(line, text) => earlier(line).map(|event| admin.edit(room, who, &event, text, at)).transpose(),
            Deed::React(line, key) => earlier(line).map(|event| admin.react(room, who, &event, key, at)).transpose(),
            Deed::Delete(line) => earlier(line).map(|event| admin.redact(room, who, &event)).transpose(),
            Deed::Read(line) => {
                earlier(line).map(|event| admin.receipt(room, who, &event)).transpose()?;
                Ok(None)
            }
            Deed::EndPoll(poll) => {
                let Some(poll) = earlier(poll) else { return Ok(None) };
                let end = json!({
                    "m.relates_to": {"rel_type": "m.reference", "event_id": poll},
                    "org.matrix.msc3381.poll.end": {}, "org.matrix.msc1767.text": "The poll is closed.",
                });
                admin.send(room, who, "org.matrix.msc3381.poll.end", &end, at).map(Some)
            }
            Deed::Sound { document, seconds, waveform } => {
                let url = admin.upload(who, &document.bytes, document.mime, &document.name)?;
                let duration = seconds * 1000;
                let info = json!({"mimetype": document.mime, "size": document.bytes.len(), "duration": duration});
                let mut content = json!({
                    "msgtype": "m.audio", "body": document.name, "filename": document.name, "url": url, "info": info,
                    "m.mentions": {},
                });
                if let (false, Some(content)) = (waveform.is_empty(), content.as_object_mut()) {
                    let audio = json!({"duration": duration, "waveform": waveform});
                    content.insert("org.matrix.msc1767.audio".to_owned(), audio);
                    content.insert("org.matrix.msc3245.voice".to_owned(), json!({}));
                }
                message(&content)
            }
            Deed::Sticker { picture, words } => {
                let bytes = picture.png();
                let url = admin.upload(who, &bytes, "image/png", "sticker.png")?;
                let info =
                    json!({"w": picture.width(), "h": picture.height(), "mimetype": "image/png", "size": bytes.len()});
                let content = json!({"body": words, "url": url, "info": info});
                admin.send(room, who, "m.sticker", &content, at).map(Some)
            }
            Deed::Send { kind, content } => admin.send(room, who, kind, content, at).map(Some),
            Deed::State { kind, key, content } => {
                let key = match key.strip_prefix('@') {
                    Some(local) => cast.person(local).to_string(),
                    None => (*key).to_owned(),
                };
                admin.set_state(room, who, kind, &key, content, at).map(Some)
            }
            Deed::Pin(line) => {
                let Some(event) = earlier(line) else { return Ok(None) };
                let pinned = json!({ "pinned": [event] });
                admin.set_state(room, who, "m.room.pinned_events", "", &pinned, at).map(Some)
            }
            Deed::Vote(poll, answer) => {
                let Some(poll) = earlier(poll) else { return Ok(None) };
                let vote = json!({
                    "m.relates_to": {"rel_type": "m.reference", "event_id": poll},
                    "org.matrix.msc3381.poll.response": {"answers": [answer.to_string()]},
                });
                admin.send(room, who, "org.matrix.msc3381.poll.response", &vote, at).map(Some)
            }
        }
    }
}

impl Scene<'_> {
    /// Goes to a time of day, so many days before today.
    pub(crate) fn at(&mut self, days_ago: u32, hour: i8, minute: i8) -> &mut Self {
        self.at = self.story.calendar.time(days_ago, hour, minute);
        self
    }

    /// Goes to a moment before now.
    pub(crate) fn ago(&mut self, minutes: i64) -> &mut Self {
        self.at = Timestamp(self.story.now.0 - minutes * MINUTE);
        self
    }

    /// Lets time pass.
    pub(crate) fn after(&mut self, minutes: i64) -> &mut Self {
        self.at.0 = (self.at.0 + minutes * MINUTE).min(self.story.now.0);
        self
    }

    fn add(&mut self, who: &'static str, deed: Deed) -> Mark {
        self.story.lines.push(Line { room: self.room.clone(), who, at: self.at, deed });
        // Uneven seconds look lived in, and keep the lines of one minute in order.
        let number = self.story.lines.len();
        let pause = 17 + i64::try_from(number * 7 % 40).unwrap_or(0);
        self.at.0 = (self.at.0 + pause * 1000).min(self.story.now.0);
        let mark = Mark(number - 1);
        self.last = Some(mark);
        mark
    }

    /// A text. A first name after `@` mentions that person.
    pub(crate) fn say(&mut self, who: &'static str, text: impl Into<String>) -> Mark {
        self.add(who, Deed::Say(text.into()))
    }

    /// A text with its HTML.
    pub(crate) fn rich(&mut self, who: &'static str, body: &str, html: &str) -> Mark {
        self.add(who, Deed::Rich { body: body.to_owned(), html: html.to_owned() })
    }

    /// An answer to a line.
    pub(crate) fn reply(&mut self, who: &'static str, to: Mark, text: &str) -> Mark {
        self.add(who, Deed::Reply(to, text.to_owned()))
    }

    /// A line in the thread below another.
    pub(crate) fn thread(&mut self, who: &'static str, root: Mark, text: &str) -> Mark {
        self.add(who, Deed::Thread(root, text.to_owned()))
    }

    /// Another text for an own line.
    pub(crate) fn edit(&mut self, who: &'static str, line: Mark, text: &str) {
        self.add(who, Deed::Edit(line, text.to_owned()));
    }

    /// The same reaction from several people.
    pub(crate) fn react(&mut self, people: &[&'static str], line: Mark, key: &'static str) {
        for who in people {
            self.add(who, Deed::React(line, key));
        }
    }

    /// Takes an own line back.
    pub(crate) fn delete(&mut self, who: &'static str, line: Mark) {
        self.add(who, Deed::Delete(line));
    }

    /// A picture.
    pub(crate) fn picture(
        &mut self,
        who: &'static str,
        name: &'static str,
        picture: Picture,
        caption: Option<&'static str>,
    ) -> Mark {
        self.add(who, Deed::Picture { picture: Box::new(picture), name, caption })
    }

    /// A file.
    pub(crate) fn file(&mut self, who: &'static str, document: Document) -> Mark {
        self.add(who, Deed::File(Box::new(document)))
    }

    /// A poll with one answer for each person (MSC3381).
    pub(crate) fn poll(&mut self, who: &'static str, question: &'static str, answers: &'static [&'static str]) -> Mark {
        self.add(who, Deed::Poll { question, answers })
    }

    /// Votes in a poll.
    pub(crate) fn vote(&mut self, people: &[&'static str], poll: Mark, answer: usize) {
        for who in people {
            self.add(who, Deed::Vote(poll, answer));
        }
    }

    /// Closes a poll.
    pub(crate) fn end_poll(&mut self, who: &'static str, poll: Mark) {
        self.add(who, Deed::EndPoll(poll));
    }

    /// A sound of so many seconds; a voice message if it says how loud it is over time.
    pub(crate) fn sound(&mut self, who: &'static str, document: Document, seconds: u32, waveform: Vec<u16>) -> Mark {
        self.add(who, Deed::Sound { document: Box::new(document), seconds, waveform })
    }

    /// A sticker.
    pub(crate) fn sticker(&mut self, who: &'static str, words: &'static str, picture: Picture) -> Mark {
        self.add(who, Deed::Sticker { picture: Box::new(picture), words })
    }

    /// Any other event.
    pub(crate) fn send(&mut self, who: &'static str, kind: &'static str, content: Value) -> Mark {
        self.add(who, Deed::Send { kind, content })
    }

    /// Changes the room.
    pub(crate) fn state(&mut self, who: &'static str, kind: &'static str, key: &'static str, content: Value) {
        self.add(who, Deed::State { kind, key, content });
    }

    /// Pins a line.
    pub(crate) fn pin(&mut self, who: &'static str, line: Mark) {
        self.add(who, Deed::Pin(line));
    }

    /// These people have read up to a line.
    pub(crate) fn read(&mut self, people: &[&'static str], line: Mark) {
        for who in people {
            self.add(who, Deed::Read(line));
        }
    }
}

/// A text whose `@First` names are mentions (Matrix spec, "User and room mentions").
fn spoken(text: &str, cast: &Organisation) -> Value {
    let mut html = text.replace('&', "&amp;").replace('<', "&lt;");
    let mut mentioned: Vec<UserId> = Vec::new();
    for (local, name, _) in PEOPLE {
        let first = name.split(' ').next().unwrap_or(name);
        let at = format!("@{first}");
        if html.contains(&at) {
            let user = cast.person(local);
            html = html.replace(&at, &format!("<a href=\"https://matrix.to/#/{user}\">{first}</a>"));
            mentioned.push(user);
        }
    }
    if mentioned.is_empty() {
        return json!({"msgtype": "m.text", "body": text, "m.mentions": {}});
    }
    json!({
        "msgtype": "m.text", "body": text, "format": "org.matrix.custom.html", "formatted_body": html,
        "m.mentions": {"user_ids": mentioned},
    })
}

fn with_relation(mut content: Value, relation: Option<Value>) -> Value {
    if let (Some(object), Some(relation)) = (content.as_object_mut(), relation) {
        object.insert("m.relates_to".to_owned(), relation);
    }
    content
}
