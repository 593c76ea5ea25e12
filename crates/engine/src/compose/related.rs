//! What is said of a message: changes, reactions, deletions, votes (Matrix spec, "Forming relationships between events";
//! MSC3381 for polls).
//!
//! **Invariant:** pure. Polls are answered in the names they were asked in, so that every program that shows the poll
//! counts the vote.

use serde_json::{Map, Value, json};
use tidings_model::{Draft, EventId, UserId};
use tidings_vault::PollQuestion;

use super::{ComposeError, MAX_CONTENT, message_content};

/// The fields of a text that a change may replace.
const OF_TEXT: [&str; 4] = ["body", "format", "formatted_body", "m.mentions"];

/// A message with another text: of a text all of it, of a picture or a file its caption, which may be empty. `None` when a
/// text would say nothing.
///
/// # Errors
/// [`ComposeError::TooLarge`].
pub fn edit_content(
    original: &Value,
    event: &EventId,
    draft: &Draft,
    me: &UserId,
) -> Result<Option<Value>, ComposeError> {
    let written = message_content(draft, None, None, me)?;
    let Some(mut content) = original.as_object().cloned() else { return Ok(None) };
    content.remove("m.relates_to");
    let captioned = is_captioned(original);
    let before = mentioned(original);
    for field in OF_TEXT {
        content.remove(field);
    }
    match (written, captioned) {
        (Some(Value::Object(mut written)), captioned) => {
            if captioned {
                // A caption is a body beside a name of its own (Matrix 1.10).
                content.entry("filename").or_insert_with(|| json!(file_name(original)));
                written.remove("msgtype");
            }
            content.append(&mut written);
        }
        (_, true) => {
            content.insert("body".to_owned(), json!(file_name(original)));
            content.insert("m.mentions".to_owned(), json!({}));
        }
        (_, false) => return Ok(None),
    }
    // Nobody is told twice: the change itself mentions only who was not mentioned before.
    let now = mentioned(&Value::Object(content.clone()));
    let fresh: Vec<&String> = now.iter().filter(|user| !before.contains(user)).collect();
    let mut outer = Map::new();
    outer.insert("msgtype".to_owned(), content.get("msgtype").cloned().unwrap_or_else(|| json!("m.text")));
    let body = content.get("body").and_then(Value::as_str).unwrap_or_default();
    outer.insert("body".to_owned(), json!(format!("* {body}")));
    outer.insert("m.mentions".to_owned(), if fresh.is_empty() { json!({}) } else { json!({ "user_ids": fresh }) });
    outer.insert("m.relates_to".to_owned(), json!({ "rel_type": "m.replace", "event_id": event }));
    outer.insert("m.new_content".to_owned(), Value::Object(content));
    let outer = Value::Object(outer);
    let bytes = outer.to_string().len();
    if bytes > MAX_CONTENT { Err(ComposeError::TooLarge { bytes }) } else { Ok(Some(outer)) }
}

/// The text that a change begins with: what was typed.
#[must_use]
pub fn editable_text(content: &Value) -> String {
    let body = content.get("body").and_then(Value::as_str).unwrap_or_default();
    if is_captioned(content) {
        let has_caption = content.get("filename").and_then(Value::as_str).is_some_and(|name| name != body);
        return if has_caption { body.to_owned() } else { String::new() };
    }
    if content.get("msgtype").and_then(Value::as_str) == Some("m.emote") {
        format!("/me {body}")
    } else {
        body.to_owned()
    }
}

fn is_captioned(content: &Value) -> bool {
    matches!(content.get("msgtype").and_then(Value::as_str), Some("m.image" | "m.video" | "m.audio" | "m.file"))
}

fn file_name(content: &Value) -> &str {
    let name = content.get("filename").or_else(|| content.get("body"));
    name.and_then(Value::as_str).unwrap_or("file")
}

fn mentioned(content: &Value) -> Vec<String> {
    let users = content.pointer("/m.mentions/user_ids").and_then(Value::as_array);
    users.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A reaction.
#[must_use]
pub fn reaction_content(event: &EventId, key: &str) -> Value {
    json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": event, "key": key } })
}

/// A vote, as event type and content; no answers take an earlier vote back.
#[must_use]
pub fn vote(poll_type: &str, poll: &EventId, answers: &[String]) -> (&'static str, Value) {
    let relation = json!({ "rel_type": "m.reference", "event_id": poll });
    if is_unstable(poll_type) {
        let response = json!({ "answers": answers });
        (
            "org.matrix.msc3381.poll.response",
            json!({ "m.relates_to": relation, "org.matrix.msc3381.poll.response": response }),
        )
    } else {
        ("m.poll.response", json!({ "m.relates_to": relation, "m.selections": answers }))
    }
}

/// The end of a poll, as event type and content. `counts` are the votes of its answers, said in a sentence for programs
/// that cannot count.
#[must_use]
pub fn poll_end(poll_type: &str, poll: &EventId, question: &PollQuestion, counts: &[usize]) -> (&'static str, Value) {
    let relation = json!({ "rel_type": "m.reference", "event_id": poll });
    let most = counts.iter().copied().max().unwrap_or_default();
    let top: Vec<&str> = question
        .answers
        .iter()
        .zip(counts)
        .filter(|(_, count)| **count == most && most > 0)
        .map(|(answer, _)| answer.text.as_str())
        .collect();
    let text = match top.as_slice() {
        [] => "The poll is closed. Nobody voted.".to_owned(),
        answers => format!("The poll is closed. Most votes: {}", answers.join(", ")),
    };
    if is_unstable(poll_type) {
        let content =
            json!({ "m.relates_to": relation, "org.matrix.msc3381.poll.end": {}, "org.matrix.msc1767.text": text });
        ("org.matrix.msc3381.poll.end", content)
    } else {
        ("m.poll.end", json!({ "m.relates_to": relation, "m.text": [{ "body": text }] }))
    }
}

fn is_unstable(poll_type: &str) -> bool {
    poll_type.starts_with("org.matrix.msc3381.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn draft(text: &str) -> Draft {
        Draft { text: text.to_owned(), reply_to: None, thread: None, mentions: Vec::new() }
    }

    fn edit(original: &Value, text: &str) -> Option<Value> {
        edit_content(original, &EventId::from("$m"), &draft(text), &UserId::from("@marta")).unwrap()
    }

    #[test]
    fn a_change_of_a_text_replaces_all_of_it_and_nothing_of_where_it_stands() {
        let original = json!({"msgtype": "m.text", "body": "**old**", "format": "org.matrix.custom.html",
            "formatted_body": "<b>old</b>", "m.relates_to": {"m.in_reply_to": {"event_id": "$x"}}});
        let content = edit(&original, "new").unwrap();
        assert_eq!(content.get("m.new_content"), Some(&json!({"msgtype": "m.text", "body": "new", "m.mentions": {}})));
        assert_eq!(content.get("m.relates_to"), Some(&json!({"rel_type": "m.replace", "event_id": "$m"})));
        assert_eq!(content.get("body"), Some(&json!("* new")));
        assert_eq!(edit(&original, "  "), None);
    }

    #[test]
    fn a_caption_is_changed_beside_its_picture_and_can_go() {
        let original = json!({"msgtype": "m.image", "body": "Ramp 3.png", "url": "mxc://a/b", "info": {"w": 4}});
        let content = edit(&original, "Wet steel").unwrap();
        let expected = json!({"msgtype": "m.image", "body": "Wet steel", "filename": "Ramp 3.png", "url": "mxc://a/b",
            "info": {"w": 4}, "m.mentions": {}});
        assert_eq!(content.get("m.new_content"), Some(&expected));
        assert_eq!(editable_text(&original), "");
        assert_eq!(editable_text(&expected), "Wet steel");
        let bare = edit(&expected, "").unwrap();
        assert_eq!(bare.pointer("/m.new_content/body"), Some(&json!("Ramp 3.png")));
        assert_eq!(editable_text(bare.get("m.new_content").unwrap()), "");
    }

    #[test]
    fn a_change_mentions_only_whom_it_mentions_first() {
        let original = json!({"msgtype": "m.text", "body": "a", "m.mentions": {"user_ids": ["@priya"]}});
        let draft = Draft {
            text: "b".to_owned(),
            reply_to: None,
            thread: None,
            mentions: vec![UserId::from("@priya"), UserId::from("@jonas")],
        };
        let content = edit_content(&original, &EventId::from("$m"), &draft, &UserId::from("@marta")).unwrap().unwrap();
        assert_eq!(content.get("m.mentions"), Some(&json!({"user_ids": ["@jonas"]})));
        assert_eq!(content.pointer("/m.new_content/m.mentions"), Some(&json!({"user_ids": ["@priya", "@jonas"]})));
    }

    #[test]
    fn polls_are_answered_in_the_names_they_were_asked_in() {
        let poll = EventId::from("$p");
        let (kind, content) = vote("org.matrix.msc3381.poll.start", &poll, &["a".to_owned()]);
        assert_eq!(
            (kind, content.pointer("/org.matrix.msc3381.poll.response/answers")),
            ("org.matrix.msc3381.poll.response", Some(&json!(["a"])))
        );
        let (kind, content) = vote("m.poll.start", &poll, &[]);
        assert_eq!((kind, content.get("m.selections")), ("m.poll.response", Some(&json!([]))));
        assert_eq!(content.pointer("/m.relates_to/event_id"), Some(&json!("$p")));
    }
}
