//! Skerry Lines is founded for real, and looks lived in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{cell::RefCell, collections::BTreeSet, fs};

use serde_json::{Value, json};
use tidings_homeserver::{Method, PASSWORD, Settings, Venv, found as founded};
use tidings_model::Timestamp;

fn now() -> Timestamp {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp(i64::try_from(now.as_millis()).unwrap())
}

fn kinds(events: &[Value]) -> BTreeSet<&str> {
    events.iter().filter_map(|event| event["type"].as_str()).collect()
}

#[test]
fn skerry_lines_has_weeks_of_history_and_is_founded_once() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("homeserver");
    // A founding that was interrupted leaves a database without a marker.
    fs::create_dir_all(&home).unwrap();
    fs::write(home.join("homeserver.db"), "half").unwrap();
    let venv = Venv::shared(|_| {}).unwrap();
    let steps = RefCell::new(Vec::new());
    let note = |step: &str| steps.borrow_mut().push(step.to_owned());
    let began = now();
    let (homeserver, skerry) = founded(venv.clone(), Settings::in_folder(&home), began, note).unwrap();
    assert!(steps.borrow().iter().any(|step| step.starts_with("Writing its history")));
    let admin = homeserver.admin();
    let marta = skerry.person("marta");
    admin.login("marta", PASSWORD).unwrap();

    // Harbour Ops: long, varied, nothing in the future, made before anything was said in it.
    let harbour = skerry.room("harbour").unwrap();
    let events = admin.messages(harbour, &marta, 1000).unwrap();
    let messages = events.iter().filter(|event| event["type"] == "m.room.message").count();
    assert!(messages >= 400, "{messages} messages");
    let found = kinds(&events);
    for kind in ["m.reaction", "m.room.redaction", "org.matrix.msc3381.poll.start", "org.matrix.msc3381.poll.response"]
    {
        assert!(found.contains(kind), "no {kind}");
    }
    let has = |test: &dyn Fn(&Value) -> bool| events.iter().any(|event| test(&event["content"]));
    assert!(has(&|content| content["msgtype"] == "m.image"));
    assert!(has(&|content| content["msgtype"] == "m.file"));
    assert!(has(&|content| content["m.relates_to"]["rel_type"] == "m.thread"));
    assert!(has(&|content| content["m.relates_to"]["rel_type"] == "m.replace"));
    assert!(has(&|content| content["m.mentions"]["user_ids"] == json!([marta])));
    let times: Vec<i64> = events.iter().rev().map(|event| event["origin_server_ts"].as_i64().unwrap()).collect();
    assert!(*times.iter().max().unwrap() <= now().0);
    let made = events.last().unwrap();
    assert_eq!(made["type"], "m.room.create");
    let first = events.iter().rev().find(|event| event["type"] == "m.room.message").unwrap();
    assert!(first["origin_server_ts"].as_i64() > made["origin_server_ts"].as_i64());

    // Every other kind of event has its place.
    let kinds_of = |room: &str| -> BTreeSet<String> {
        let events = admin.messages(skerry.room(room).unwrap(), &marta, 200).unwrap();
        kinds(&events).into_iter().map(str::to_owned).collect()
    };
    assert!(kinds_of("watch").contains("m.sticker"));
    assert!(kinds_of("tomasz").contains("m.call.invite") && kinds_of("tomasz").contains("m.call.hangup"));
    let boarding = kinds_of("boarding");
    for kind in ["org.matrix.msc3381.poll.end", "m.room.pinned_events", "m.room.guest_access"] {
        assert!(boarding.contains(kind), "no {kind}");
    }

    // The others: an invitation, a silent encrypted group, a muted and a pinned room.
    let invited = admin.call_as(&marta, Method::GET, "/sync?timeout=0", None).unwrap();
    assert!(invited["rooms"]["invite"].get(skerry.room("works").unwrap().as_str()).is_some());
    let incident = admin.messages(skerry.room("incident").unwrap(), &marta, 50).unwrap();
    assert!(kinds(&incident).contains("m.room.encryption"));
    assert!(!kinds(&incident).contains("m.room.message"));
    let rules = admin.call_as(&marta, Method::GET, "/pushrules/", None).unwrap();
    let silent = json!(skerry.room("safety").unwrap());
    let muted = rules["global"]["override"].as_array().unwrap().iter().find(|rule| rule["rule_id"] == silent).unwrap();
    assert_eq!(muted["actions"], json!([]));
    let unread = &invited["rooms"]["join"][skerry.room("helena").unwrap().as_str()]["unread_notifications"];
    assert_eq!(unread["notification_count"], 1);

    drop(homeserver);
    steps.borrow_mut().clear();
    let (_homeserver, again) = founded(venv, Settings::in_folder(&home), now(), note).unwrap();
    assert_eq!(again, skerry);
    assert_eq!(*steps.borrow(), ["Starting the homeserver"]);
}
