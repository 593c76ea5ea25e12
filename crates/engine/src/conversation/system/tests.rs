use serde_json::json;
use tidings_model::{Role, RoleChange, Timestamp};
use tidings_vault::Encryption;

use super::*;

fn record(kind: &str, key: &str, content: Value, previous: Option<Value>) -> MessageRecord {
    MessageRecord {
        event: EventId::from("$e"),
        transaction: None,
        position: 1,
        sender: UserId::from("@aoife"),
        time: Timestamp(1),
        kind: kind.to_owned(),
        state_key: Some(key.to_owned()),
        content,
        previous,
        edited: false,
        redacted: false,
        encryption: Encryption::Clear,
        mentions_me: false,
        notifies: false,
        reply_to: None,
        reactions: Vec::new(),
        thread: None,
        starred: false,
        pinned: false,
        poll: None,
        call: Vec::new(),
    }
}

fn line_of(record: &MessageRecord) -> Option<SystemLine> {
    let name = |user: &UserId| user.as_str().trim_start_matches('@').to_owned();
    let viewer = Viewer { name: &name, me: &UserId::from("@marta") };
    let here = |room: &RoomId| room.as_str() == "!known";
    let thread = |event: &EventId| (event.as_str() == "$reply").then(|| EventId::from("$root"));
    line(viewer, record, Around { here: &here, thread: &thread })
}

fn who(name: &str) -> Who {
    Who { name: name.to_owned(), me: name == "marta" }
}

fn state(kind: &str, content: Value, previous: Option<Value>) -> Option<SystemLine> {
    line_of(&record(kind, "", content, previous))
}

fn member(key: &str, content: Value, previous: Option<Value>) -> Option<SystemLine> {
    line_of(&record("m.room.member", key, content, previous))
}

#[test]
fn every_way_to_come_and_go_is_said() {
    let is = |membership: &str| json!({ "membership": membership });
    let was = |membership: &str| Some(is(membership));
    let (who, whom) = (who("aoife"), who("noah"));
    let reason = String::new;
    let other = "@noah";
    let own = "@aoife";
    for (key, before, after, expected) in [
        (other, None, "join", SystemLine::Joined { who: whom.clone() }),
        (other, was("invite"), "join", SystemLine::Joined { who: whom.clone() }),
        (other, None, "invite", SystemLine::Invited { who: who.clone(), whom: whom.clone() }),
        (own, was("join"), "leave", SystemLine::Left { who: who.clone() }),
        (own, None, "leave", SystemLine::Left { who: who.clone() }),
        (own, was("invite"), "leave", SystemLine::InvitationDeclined { who: who.clone() }),
        (other, was("invite"), "leave", SystemLine::InvitationWithdrawn { who: who.clone(), whom: whom.clone() }),
        (other, was("join"), "leave", SystemLine::Removed { who: who.clone(), whom: whom.clone(), reason: reason() }),
        (other, was("join"), "ban", SystemLine::Banned { who: who.clone(), whom: whom.clone(), reason: reason() }),
        (other, was("ban"), "leave", SystemLine::Unbanned { who: who.clone(), whom: whom.clone() }),
        (own, was("leave"), "knock", SystemLine::Knocked { who: who.clone() }),
        (own, was("knock"), "leave", SystemLine::KnockWithdrawn { who: who.clone() }),
        (other, was("knock"), "leave", SystemLine::KnockRefused { who: who.clone(), whom: whom.clone() }),
    ] {
        assert_eq!(member(key, is(after), before.clone()), Some(expected), "{key} {before:?} {after}");
    }
    for (before, after) in [(was("leave"), "leave"), (was("ban"), "ban"), (was("join"), "join"), (None, "dance")] {
        assert_eq!(member(other, is(after), before.clone()), None, "{before:?} {after}");
    }
    let said = json!({"membership": "leave", "reason": "spam"});
    let removed = SystemLine::Removed { who, whom, reason: "spam".to_owned() };
    assert_eq!(member(other, said, was("join")), Some(removed));
}

#[test]
fn a_new_name_is_said_with_the_old_one() {
    let named = |name: Value| json!({"membership": "join", "displayname": name, "avatar_url": "mxc://a/b"});
    let changed = |who: &str, name: &str| SystemLine::NameChanged {
        who: Who { name: who.to_owned(), me: false },
        name: name.to_owned(),
    };
    assert_eq!(member("@noah", named(json!("N. F.")), Some(named(json!("Noah")))), Some(changed("Noah", "N. F.")));
    assert_eq!(member("@noah:x", named(json!(null)), Some(named(json!("Noah")))), Some(changed("Noah", "noah")));
    let picture = json!({"membership": "join", "displayname": "Noah", "avatar_url": "mxc://a/c"});
    assert_eq!(
        member("@noah", picture, Some(named(json!("Noah")))),
        Some(SystemLine::PictureChanged { who: who("noah") })
    );
}

#[test]
fn who_became_what_is_said_and_rules_are_rules() {
    let levels = |users: Value| json!({"users": users, "users_default": 0});
    let before = levels(json!({"@aoife": 100, "@samir": "50"}));
    let after = levels(json!({"@aoife": 100, "@noah": 50, "@marta": i64::MAX, "@samir": 10}));
    let expected = [("marta", Role::Admin), ("noah", Role::Moderator), ("samir", Role::Member)];
    let changes = expected.map(|(whom, role)| RoleChange { whom: who(whom), role }).to_vec();
    let said = state("m.room.power_levels", after, Some(before.clone()));
    assert_eq!(said, Some(SystemLine::Roles { who: who("aoife"), changes }));
    let rules = json!({"users": {"@aoife": 100, "@samir": "50"}, "events_default": 50});
    let said = state("m.room.power_levels", rules, Some(before));
    assert_eq!(said, Some(SystemLine::Permissions { who: who("aoife") }));
}

#[test]
fn encryption_is_turned_on_and_never_off() {
    let megolm = || json!({"algorithm": "m.megolm.v1.aes-sha2"});
    let who = || who("aoife");
    for (content, before, expected) in [
        (megolm(), None, Some(SystemLine::Encrypted { who: who() })),
        (json!({"algorithm": "m.megolm.v1.aes-sha2", "rotation_period_msgs": 5}), Some(megolm()), None),
        (json!({}), Some(megolm()), Some(SystemLine::EncryptionKept { who: who() })),
        (json!({"algorithm": "none"}), Some(megolm()), Some(SystemLine::EncryptionKept { who: who() })),
        (json!({"algorithm": 4}), None, Some(SystemLine::EncryptionKept { who: who() })),
    ] {
        assert_eq!(state("m.room.encryption", content.clone(), before.clone()), expected, "{content} {before:?}");
    }
}

#[test]
fn what_was_pinned_last_is_shown() {
    let list = |events: &[&str]| json!({ "pinned": events });
    let of = |event: &str, thread: Option<&str>| {
        let (event, thread) = (EventId::from(event), thread.map(EventId::from));
        Some(SystemLine::Pinned { who: who("aoife"), event, thread })
    };
    let pinned = |event: &str| of(event, None);
    let unpinned = Some(SystemLine::Unpinned { who: who("aoife") });
    for (now, before, expected) in [
        (list(&["$a", "$b"]), Some(list(&["$a"])), pinned("$b")),
        (list(&["$a", "$b"]), None, pinned("$b")),
        (list(&["$reply"]), None, of("$reply", Some("$root"))),
        (list(&["$a", "$reply"]), Some(list(&["$a"])), of("$reply", Some("$root"))),
        (list(&["$b"]), Some(list(&["$a", "$b"])), unpinned),
        (list(&["$b", "$a"]), Some(list(&["$a", "$b"])), None),
        (json!({"pinned": "all"}), None, None),
    ] {
        assert_eq!(state("m.room.pinned_events", now.clone(), before), expected, "{now}");
    }
}

#[test]
fn a_chat_that_moves_says_where_and_takes_nobody_along() {
    let moved = |room: Option<&str>, here: bool| {
        Some(SystemLine::Moved { who: who("aoife"), room: room.map(RoomId::from), here })
    };
    for (to, expected) in [
        (json!("!known"), moved(Some("!known"), true)),
        (json!("!new:elsewhere.example"), moved(Some("!new:elsewhere.example"), false)),
        (json!("#alias:elsewhere.example"), moved(None, false)),
        (json!("!"), moved(None, false)),
        (json!({"a": 1}), moved(None, false)),
    ] {
        assert_eq!(state("m.room.tombstone", json!({ "replacement_room": to }), None), expected, "{to}");
    }
}

#[test]
fn quiet_lines_in_a_row_are_one() {
    let renamed =
        |who: &str| SystemLine::NameChanged { who: Who { name: who.to_owned(), me: false }, name: String::new() };
    let pictured = |who: &str| SystemLine::PictureChanged { who: Who { name: who.to_owned(), me: false } };
    let folded = [renamed("b"), renamed("c"), pictured("a"), renamed("b")].into_iter().fold(renamed("a"), fold);
    let SystemLine::Several { names, pictures, calls, lines } = folded else { panic!("{folded:?}") };
    assert_eq!((names, pictures, calls, lines.len()), (3, 1, 0, 5));
    assert!(!is_quiet(&SystemLine::Joined { who: who("noah") }));
}

#[test]
fn state_of_any_shape_is_a_line_or_none() {
    let kinds = [
        "m.room.create",
        "m.room.name",
        "m.room.topic",
        "m.room.avatar",
        "m.room.encryption",
        "m.room.member",
        "m.room.power_levels",
        "m.room.pinned_events",
        "m.room.tombstone",
        "m.room.history_visibility",
        "m.room.guest_access",
        "m.room.join_rules",
        "org.matrix.msc3401.call.member",
    ];
    let shapes = || {
        [json!(null), json!(7), json!([]), json!({}), json!("x"), json!({"users": [], "pinned": {}, "membership": []})]
    };
    for kind in kinds {
        for content in shapes() {
            for previous in shapes() {
                let _ = line_of(&record(kind, "@noah", content.clone(), Some(previous)));
            }
        }
    }
}
