use proptest::prelude::*;

use super::*;
use crate::event_id;

const HASH: &str = "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";
const OTHER: &str = "$Bqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";

fn reads_back(content: &Value, beside: Beside<'_>) -> usize {
    let kept = pack(content, beside);
    assert_eq!(unpack(&kept, beside), *content);
    if let Some(eased) = ease(&kept) {
        assert_eq!((unpack(&eased, beside), ease(&eased)), (content.clone(), None));
    }
    kept.len()
}

#[test]
fn content_reads_as_it_was_and_plain_text_costs_its_text_at_most() {
    let plain = json!({ "msgtype": "m.text", "body": "Ramp 3 is down" });
    assert!(reads_back(&plain, Beside::NOTHING) <= "Ramp 3 is down".len() + 1);
    for content in [
        json!({ "msgtype": "m.text", "body": "", "m.mentions": {} }),
        json!({ "msgtype": "m.text", "body": "\u{1}", "m.mentions": { "room": true } }),
        json!({ "msgtype": "m.text", "body": "the same again and again and again and again and again and again" }),
        json!({ "msgtype": "m.notice", "body": "x" }),
        json!({ "msgtype": "m.text", "body": 1 }),
        json!({ "msgtype": "m.text", "body": "x", "other": {} }),
        json!({ "msgtype": "m.notice", "body": "x".repeat(70_000) }),
        json!({ "msgtype": "m.text", "body": "xyz0".repeat(70_000) }),
        json!({ "ids": [HASH, OTHER, "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zh", "Rqnc+F+dvnEYJTyHq/iKxU2bZ1CI92+kuZq3a5lr5Zg"] }),
        json!((0..20).map(|_| HASH).collect::<Vec<_>>()),
        json!("\u{1}text"),
        json!("\u{3}"),
        json!(true),
        json!({}),
        Value::Null,
    ] {
        reads_back(&content, Beside::NOTHING);
    }
}

#[test]
fn what_the_columns_say_is_not_repeated() {
    let target = event_id::pack(HASH);
    let reaction = json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": HASH, "key": "👍" } });
    let beside = Beside { target: &target, detail: "👍" };
    assert!(reads_back(&reaction, beside) < 20, "{}", reads_back(&reaction, beside));
    let vote = json!({ "m.relates_to": { "rel_type": "m.reference", "event_id": HASH },
                       "org.matrix.msc3381.poll.response": { "answers": ["Xk2c0aE7"] } });
    let beside = Beside { target: &target, detail: r#"["Xk2c0aE7"]"# };
    assert!(reads_back(&vote, beside) < 24, "{}", reads_back(&vote, beside));
    let thread = json!({ "msgtype": "m.text", "body": "ok", "m.mentions": {}, "m.relates_to": { "rel_type": "m.thread",
        "event_id": HASH, "is_falling_back": true, "m.in_reply_to": { "event_id": OTHER } } });
    let beside = Beside { target: &target, detail: "" };
    assert!(reads_back(&thread, beside) < 32 + 28, "{}", reads_back(&thread, beside));
    // Ids of old rooms say anything.
    for id in ["$1:\"org\\", "$", "a", "\u{1}"] {
        let target = event_id::pack(id);
        for detail in ["", "a", "\"", "\\", "[\"a\"]", "[\"", "\u{2}", "id"] {
            let content = json!({ "id": id, "detail": detail, "list": ["a"], "text": "\u{7}[\"a\"]\\" });
            reads_back(&content, Beside { target: &target, detail });
        }
    }
}

#[test]
fn a_bomb_is_no_content_and_takes_no_memory() {
    // Blocks that say "this letter, again and again", one inside the other, and one that claims to be larger than it may.
    let zeros = pack(&json!({ "msgtype": "m.text", "body": "a".repeat(1 << 17) }), Beside::NOTHING);
    assert!(zeros.len() < 200);
    assert_eq!(unpack(&zeros, Beside::NOTHING)["body"].as_str().map(str::len), Some(1 << 17));
    let larger = pack(&json!({ "msgtype": "m.text", "body": "a".repeat((1 << 17) + 1) }), Beside::NOTHING);
    assert!(larger.len() > 1 << 17, "it is kept as it is");
    for form in 0..=u8::MAX {
        assert!(
            unpack(&[&[form], zeros.get(1..).unwrap_or_default()].concat(), Beside::NOTHING).is_null()
                || form & 0xf < 3
        );
    }
}

#[test]
fn a_key_that_anybody_may_write_takes_nothing_from_the_content() {
    let (target, key) = (event_id::pack(HASH), "[\"\u{1}");
    let content = json!({ "m.relates_to": { "event_id": HASH, "key": key }, "x": [HASH] });
    reads_back(&content, Beside { target: &target, detail: key });
}

#[test]
fn the_parser_s_own_sign_reads_as_no_content() {
    for content in [json!({ RAW: "x", "body": "quicksilver" }), json!({ "body": { RAW: "x" } })] {
        assert_eq!(*as_read(&content), Value::Null);
    }
    let content = json!({ RAW: "x", "msgtype": "m.text", "body": "quicksilver" });
    assert_eq!(unpack(&pack(&content, Beside::NOTHING), Beside::NOTHING), Value::Null);
}

#[test]
fn what_would_be_without_end_is_not_read() {
    let detail = "x".repeat(60_000);
    let kept = [&[JSON], "\u{2}".repeat(100_000).as_bytes()].concat();
    assert_eq!(said(&kept, Beside { target: &[], detail: &detail }), "");
}

#[test]
fn what_nests_beyond_the_parser_reads_as_no_content() {
    for (depth, read) in [(1, true), (126, true), (127, true), (128, false), (500, false)] {
        let content =
            (1..depth).fold(json!([]), |inner, n| if n % 2 == 0 { json!([inner]) } else { json!({ "a": inner }) });
        assert_eq!(unpack(&pack(&content, Beside::NOTHING), Beside::NOTHING), *as_read(&content), "{depth}");
        assert_eq!(!as_read(&content).is_null(), read, "{depth}");
    }
}

proptest! {
    #[test]
    fn every_text_reads_as_it_was(body in any::<String>(), target in any::<String>(), detail in any::<String>()) {
        let packed = event_id::pack(&target);
        let beside = Beside { target: &packed, detail: &detail };
        for content in [
            json!({ "msgtype": "m.text", "body": body }),
            json!({ "msgtype": "m.text", "body": body, "to": target, "key": detail, "both": format!("{target}{detail}{body}") }),
        ] {
            prop_assert_eq!(unpack(&pack(&content, beside), beside), content);
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(kept in any::<Vec<u8>>()) {
        unpack(&kept, Beside::NOTHING);
        for form in [0x11, 0x13, 0x14, 0x03, 0x0f] {
            unpack(&[&[form], kept.as_slice()].concat(), Beside::NOTHING);
        }
    }
}

#[test]
fn what_a_released_version_wrote_is_read_by_every_later_one() {
    use sha2::{Digest as _, Sha256};
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let dictionary = Sha256::digest(include_bytes!("dictionary_1.bin"));
    assert_eq!(hex(&dictionary), "74001b61604d38ad08f86fd454630bbede7ecb31cb972276ad28277f0e98b1c8");
    let content = json!({ "msgtype": "m.text", "body": "They will be here at seven, the tugs an hour before", "m.mentions": {},
        "m.relates_to": { "m.in_reply_to": { "event_id": HASH } } });
    // What the library makes of it may change; that it reads this may not.
    let kept = "1446a9dcf85f9dbe7118253c87abf88ac54d9b675088f76fa4b99ab76b996be598f382076dabaa53b7605d9dc6df0ec4ef153e8b\
                7b1cdfb657efd4e794aebf7af52304fc40fca027a0c576e7c073e7a4";
    let kept: Vec<u8> =
        (0..kept.len()).step_by(2).filter_map(|at| u8::from_str_radix(kept.get(at..at + 2)?, 16).ok()).collect();
    assert_eq!(unpack(&kept, Beside::NOTHING), content);
}
