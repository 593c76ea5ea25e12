//! Contents as today's clients send them (Element's, in encrypted rooms), with all that they carry beside the text.

use serde_json::{Value, json};

use crate::dice::{BASE64, Dice, PLAIN_BASE64};

/// A text; some have a formatted twin, as a client makes it of Markdown.
pub(crate) fn text(dice: &mut Dice, body: &str) -> Value {
    let mut content = json!({"msgtype": "m.text", "body": body, "m.mentions": {}});
    if dice.percent(10) {
        let (first, rest) = body.split_once(' ').unwrap_or((body, ""));
        add(&mut content, "format", json!("org.matrix.custom.html"));
        add(&mut content, "formatted_body", json!(format!("<p><strong>{first}</strong> {rest}</p>")));
    }
    content
}

/// What a bot says.
pub(crate) fn notice(body: &str) -> Value {
    json!({"msgtype": "m.notice", "body": body, "m.mentions": {}})
}

/// A mention of this person (Matrix spec, "User and room mentions").
pub(crate) fn mention(content: &mut Value, user: &str) {
    add(content, "m.mentions", json!({"user_ids": [user]}));
}

/// An answer to a message, "rich" without the fallback, as it is since version 1.13 of the spec.
pub(crate) fn reply(content: &mut Value, target: &str) {
    add(content, "m.relates_to", json!({"m.in_reply_to": {"event_id": target}}));
}

/// A message of a thread.
pub(crate) fn thread(content: &mut Value, root: &str, last: &str) {
    let relation = json!({"rel_type": "m.thread", "event_id": root, "is_falling_back": true,
                          "m.in_reply_to": {"event_id": last}});
    add(content, "m.relates_to", relation);
}

/// Another text in place of the first.
pub(crate) fn edit(body: &str, target: &str) -> Value {
    json!({
        "msgtype": "m.text", "body": format!("* {body}"), "m.mentions": {},
        "m.new_content": {"msgtype": "m.text", "body": body, "m.mentions": {}},
        "m.relates_to": {"rel_type": "m.replace", "event_id": target},
    })
}

/// A reaction.
pub(crate) fn reaction(key: &str, target: &str) -> Value {
    json!({"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": key}})
}

/// A picture or video, with its small twin, both encrypted.
pub(crate) fn picture(dice: &mut Dice, kind: &str, name: &str, caption: Option<&str>) -> Value {
    let mimetype = if kind == "m.video" { "video/mp4" } else { "image/jpeg" };
    let info = json!({
        "mimetype": mimetype, "size": 80_000 + dice.below(4_000_000), "w": 4032, "h": 3024,
        "xyz.amorgan.blurhash": dice.letters(28, BASE64),
        "thumbnail_info": {"mimetype": "image/jpeg", "size": 20_000 + dice.below(60_000), "w": 800, "h": 600},
        "thumbnail_file": attachment(dice),
    });
    json!({
        "msgtype": kind, "body": caption.unwrap_or(name), "filename": name, "info": info, "file": attachment(dice),
        "m.mentions": {},
    })
}

/// A document.
pub(crate) fn file(dice: &mut Dice, name: &str, caption: Option<&str>) -> Value {
    json!({
        "msgtype": "m.file", "body": caption.unwrap_or(name), "filename": name,
        "info": {"mimetype": "application/pdf", "size": 10_000 + dice.below(9_000_000)},
        "file": attachment(dice), "m.mentions": {},
    })
}

/// A voice message (MSC3245).
pub(crate) fn voice(dice: &mut Dice) -> Value {
    let waveform: Vec<usize> = (0..60).map(|_| dice.below(1024)).collect();
    let duration = 2_000 + dice.below(60_000);
    json!({
        "msgtype": "m.audio", "body": "Voice message.ogg", "file": attachment(dice),
        "info": {"duration": duration, "mimetype": "audio/ogg", "size": duration * 4},
        "org.matrix.msc1767.audio": {"duration": duration, "waveform": waveform},
        "org.matrix.msc3245.voice": {}, "m.mentions": {},
    })
}

/// A question with answers (MSC3381).
pub(crate) fn poll(dice: &mut Dice, question: &str, answers: &[String]) -> Value {
    let choices: Vec<Value> = answers
        .iter()
        .map(|answer| json!({"id": dice.letters(16, BASE64), "org.matrix.msc1767.text": answer}))
        .collect();
    json!({
        "org.matrix.msc1767.text": format!("{question}\n{}", answers.join("\n")),
        "org.matrix.msc3381.poll.start": {
            "kind": "org.matrix.msc3381.poll.disclosed", "max_selections": 1, "answers": choices,
            "question": {"body": question, "msgtype": "m.text", "org.matrix.msc1767.text": question},
        },
    })
}

/// An answer to a poll.
pub(crate) fn vote(dice: &mut Dice, poll: &str) -> Value {
    json!({
        "m.relates_to": {"rel_type": "m.reference", "event_id": poll},
        "org.matrix.msc3381.poll.response": {"answers": [dice.letters(16, BASE64)]},
    })
}

/// Where an encrypted file is and its keys (Matrix spec, "Sending encrypted attachments").
fn attachment(dice: &mut Dice) -> Value {
    json!({
        "v": "v2", "url": format!("mxc://bench.example/{}", dice.letters(24, BASE64)),
        "key": {"alg": "A256CTR", "ext": true, "k": dice.bytes_32(BASE64), "key_ops": ["encrypt", "decrypt"], "kty": "oct"},
        "iv": dice.bytes_16(PLAIN_BASE64), "hashes": {"sha256": dice.bytes_32(PLAIN_BASE64)},
    })
}

fn add(content: &mut Value, name: &str, value: Value) {
    if let Some(object) = content.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}
