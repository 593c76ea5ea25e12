//! Every field of every event as something else, and JSON as nobody writes it.
//!
//! What must hold: it is recorded, it is kept as it is, it is shown or not by its type alone, and a good message beside
//! it is read as ever.

use serde_json::{Value, json};
use tidings_model::EventId;
use tidings_vault::Event;

use crate::world::{ANN, BOB, ME, World, body, event, text};

const ROOM: &str = "!r";

/// Events as the specification has them, with every relation.
fn good() -> Vec<(&'static str, Option<&'static str>, Value)> {
    let relates = |kind: &str| {
        json!({ "rel_type": kind, "event_id": "$0", "key": "+1", "is_falling_back": true,
                                       "m.in_reply_to": { "event_id": "$0" } })
    };
    let picture = json!({ "msgtype": "m.image", "body": "x.png", "filename": "x.png", "format": "org.matrix.custom.html",
        "formatted_body": "x", "url": "mxc://org.example/x", "m.mentions": { "user_ids": [ME], "room": true },
        "info": { "w": 1, "h": 1, "size": 1, "mimetype": "image/png", "thumbnail_url": "mxc://org.example/y" },
        "file": { "url": "mxc://org.example/x", "iv": "x", "hashes": { "sha256": "x" }, "v": "v2", "key": { "k": "x" } } });
    let poll = json!({ "kind": "m.disclosed", "max_selections": 1, "question": { "m.text": [{ "body": "?" }] },
        "answers": [{ "m.id": "a", "m.text": [{ "body": "yes" }] }] });
    vec![
        ("m.room.message", None, picture),
        ("m.room.message", None, json!({ "msgtype": "m.text", "body": "x", "m.relates_to": relates("m.thread") })),
        ("m.room.message", None, json!({ "msgtype": "m.location", "body": "x", "geo_uri": "geo:1,2" })),
        (
            "m.room.message",
            None,
            json!({ "msgtype": "m.text", "body": "* x", "m.relates_to": relates("m.replace"),
                    "m.new_content": { "msgtype": "m.text", "body": "x", "m.mentions": { "user_ids": [ME] } } }),
        ),
        ("m.reaction", None, json!({ "m.relates_to": relates("m.annotation") })),
        ("m.room.redaction", None, json!({ "redacts": "$9", "reason": "x" })),
        (
            "m.room.encrypted",
            None,
            json!({ "algorithm": "m.megolm.v1.aes-sha2", "session_id": "s", "ciphertext": "x",
            "sender_key": "k", "device_id": "D", "m.relates_to": relates("m.thread") }),
        ),
        ("m.sticker", None, json!({ "body": "x", "url": "mxc://org.example/x", "info": { "w": 1 } })),
        ("m.poll.start", None, json!({ "m.text": [{ "body": "?" }], "m.poll": poll.clone() })),
        (
            "org.matrix.msc3381.poll.start",
            None,
            json!({ "org.matrix.msc1767.text": "?", "org.matrix.msc3381.poll.start": poll }),
        ),
        ("m.poll.response", None, json!({ "m.relates_to": relates("m.reference"), "m.selections": ["a"] })),
        ("m.poll.end", None, json!({ "m.relates_to": relates("m.reference"), "m.text": [{ "body": "x" }] })),
        ("m.call.invite", None, json!({ "call_id": "c", "lifetime": 1, "offer": { "sdp": "x" }, "version": "1" })),
        ("m.room.member", Some(BOB), json!({ "membership": "join", "displayname": "B", "avatar_url": "mxc://x/y" })),
        ("m.room.name", Some(""), json!({ "name": "x" })),
        ("m.room.topic", Some(""), json!({ "topic": "x" })),
        ("m.room.avatar", Some(""), json!({ "url": "mxc://x/y" })),
        (
            "m.room.create",
            Some(""),
            json!({ "room_version": "11", "predecessor": { "room_id": "!r", "event_id": "$0" } }),
        ),
        ("m.room.encryption", Some(""), json!({ "algorithm": "m.megolm.v1.aes-sha2" })),
        ("m.room.power_levels", Some(""), json!({ "users": { ME: 100 }, "users_default": 0 })),
        ("m.room.pinned_events", Some(""), json!({ "pinned": ["$0"] })),
        ("m.room.tombstone", Some(""), json!({ "body": "x", "replacement_room": "!r" })),
    ]
}

/// What a field may be instead.
fn wrong() -> Vec<Value> {
    let deep = (0..100).fold(json!("x"), |inner, n| if n % 2 == 0 { json!([inner]) } else { json!({ "body": inner }) });
    vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(9_007_199_254_740_993_i64),
        json!(u64::MAX),
        json!(1e308),
        json!(""),
        json!("$0"),
        json!("\u{0}\u{202e}\u{fffd}"),
        json!("x".repeat(70_000)),
        json!([]),
        json!([[[]]]),
        json!({}),
        json!({ "__proto__": { "polluted": true }, "constructor": 1, "toString": null, "hasOwnProperty": [] }),
        deep,
    ]
}

/// The paths of all fields, the content itself first.
fn paths(value: &Value, at: String, found: &mut Vec<String>) {
    found.push(at.clone());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, inner)| paths(inner, format!("{at}/{}", escaped(key)), found));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, inner)| paths(inner, format!("{at}/{n}"), found));
        }
        _ => {}
    }
}

#[test]
fn every_field_of_every_event_may_be_of_any_other_type() {
    let world = World::new();
    let mut tried = 0;
    for (kind, state_key, content) in good() {
        let mut fields = Vec::new();
        paths(&content, String::new(), &mut fields);
        for (n, wrong) in wrong().into_iter().enumerate() {
            let room = format!("!{kind}/{n}/{tried}");
            let mut events = vec![text("$0", ANN, "good")];
            for field in &fields {
                let mut content = content.clone();
                *content.pointer_mut(field).unwrap() = wrong.clone();
                events.push(Event {
                    state_key: state_key.map(str::to_owned),
                    notifies: true,
                    ..event(&format!("$odd{}", events.len()), ANN, kind, content)
                });
            }
            let given = events.clone();
            tried += fields.len();
            world.live(&room, events);
            for event in &given[1..] {
                let kept = world.message(&room, event.id.as_str());
                assert!(kept.redacted || kept.edited || kept.content == event.content, "{kind}: {:?}", event.content);
            }
            let rows = world.rows(&room);
            assert_eq!(rows[0].event, EventId::from("$0"));
            // One of the wrong values is the good message's id.
            let redacts = kind == "m.room.redaction" && wrong == "$0";
            assert_eq!(rows[0].redacted, redacts, "{kind}");
            assert_eq!(world.message(&room, "$0").sender.as_str(), ANN);
            // What comes next is read as ever.
            world.live(&room, vec![text("$after", BOB, "after")]);
            assert_eq!(body(world.rows(&room).last().unwrap()), "after");
        }
    }
    assert!(tried > 2_000, "only {tried} were tried");
}

/// Texts that parsers disagree on. Each stands for the content of an event, as a server may send it.
const TEXTS: &[&str] = &[
    "",
    " ",
    "nul",
    "[",
    "{",
    "{\"a\"",
    "{\"a\":",
    "{\"a\":1,}",
    "[1,]",
    "[,1]",
    "[1 2]",
    "{a:1}",
    "{'a':1}",
    "{\"a\":1 \"b\":2}",
    "{\"body\":\"a\",\"body\":\"b\"}",
    "{\"a\":{},\"a\":[]}",
    "[1]x",
    "{}{}",
    "\u{feff}{}",
    "[\"\t\"]",
    "[\"\\x\"]",
    "[\"\\u00\"]",
    "[\"\\uD800\"]",
    "[\"\\uDC00\\uD800\"]",
    "[\"\\uD83D\\uDE00\"]",
    "[\"\\u0000\"]",
    "{\"\\u0000\":0}",
    "{\"\":0}",
    "[-0]",
    "[-01]",
    "[+1]",
    "[.5]",
    "[1.]",
    "[0x1]",
    "[1e]",
    "[1e400]",
    "[-1e400]",
    "[1e-400]",
    "[123456789012345678901234567890]",
    "[18446744073709551616]",
    "[9007199254740993]",
    "[0.1000000000000000055511151231257827021181583404541015625]",
    "[NaN]",
    "[Infinity]",
    "[true,false,null]",
    "[TRUE]",
    "/* */{}",
    "{}//",
    "{\"a\":/**/1}",
    "\"text\"",
    "1",
    "null",
    "{\"__proto__\":{\"a\":1}}",
    "{\"a\":\"\u{2028}\u{2029}\"}",
    "{\"a\":\"\u{10ffff}\u{e000}\"}",
    "{\"a\":\"\\/\\b\\f\\n\\r\\t\\\"\\\\\"}",
];

#[test]
fn content_that_parsers_disagree_on_is_kept_or_counts_as_none() {
    let world = World::new();
    let nested: Vec<String> = [64, 127, 128, 5_000]
        .into_iter()
        .flat_map(|depth| {
            [
                format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
                format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)),
            ]
        })
        .collect();
    let texts: Vec<&str> = TEXTS.iter().copied().chain(nested.iter().map(String::as_str)).collect();
    let mut expected = Vec::new();
    let events = texts
        .iter()
        .enumerate()
        .map(|(n, text)| {
            // As the engine reads it: what does not parse is no content.
            let content: Value = serde_json::from_str(text).unwrap_or_default();
            expected.push(content.clone());
            event(&format!("${n}"), ANN, "m.room.message", content)
        })
        .collect();
    world.live(ROOM, events);
    let world = world.reopen();
    let rows = world.rows(ROOM);
    assert_eq!(rows.len(), texts.len(), "every one is a row");
    for ((row, expected), text) in rows.iter().zip(&expected).zip(&texts) {
        let short: String = text.chars().take(40).collect();
        assert_eq!(&row.content, expected, "{short}");
    }
}
