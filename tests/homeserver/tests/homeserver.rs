//! A real Synapse is started, used, stopped and started again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::net::TcpStream;

use serde_json::json;
use tidings_homeserver::{Error, Homeserver, Limit, Method, NewRoom, Settings};
use tidings_model::Timestamp;

const LAST_YEAR: Timestamp = Timestamp(1_750_000_000_000);

fn started() -> (tempfile::TempDir, Homeserver) {
    let folder = tempfile::tempdir().unwrap();
    let homeserver = Homeserver::start(Settings::in_folder(folder.path())).unwrap();
    (folder, homeserver)
}

#[test]
fn people_talk_in_the_past_and_it_is_read_back() {
    let (_folder, homeserver) = started();
    let admin = homeserver.admin();
    let ada = admin.user("ada", "Ada Quist", "correct horse").unwrap();
    let ben = admin.user("ben", "Ben Ros", "battery staple").unwrap();
    assert_eq!(ada.as_str(), "@ada:skerrylines.example");

    let members = [ben.clone()];
    let room =
        admin.create_room(&ada, &NewRoom { name: Some("Pier"), members: &members, ..NewRoom::default() }).unwrap();
    let said = admin.say(&room, &ada, "The ramp is down", Some(LAST_YEAR)).unwrap();
    admin.react(&room, &ben, &said, "👍", Some(LAST_YEAR)).unwrap();
    let reply = admin.reply(&room, &ben, &said, "Thanks", None).unwrap();
    admin.thread(&room, &ben, &said, "Since when?", None).unwrap();
    admin.edit(&room, &ben, &reply, "Thank you", None).unwrap();
    admin.receipt(&room, &ben, &said).unwrap();
    admin.pin(&ada, &room, 0.1).unwrap();
    admin.mute(&ben, &room).unwrap();
    admin.typing(&room, &ben, true).unwrap();
    admin.redact(&room, &ben, &reply).unwrap();

    let events = admin.messages(&room, &ada, 50).unwrap();
    let found = events.iter().find(|event| event["event_id"] == json!(said)).unwrap();
    assert_eq!(found["content"]["body"], "The ramp is down");
    assert_eq!(found["origin_server_ts"], json!(LAST_YEAR));
    assert_eq!(found["sender"], json!(ada));
    let gone = events.iter().find(|event| event["event_id"] == json!(reply)).unwrap();
    assert_eq!(gone["content"].get("body"), None);
}

#[test]
fn a_direct_chat_is_marked_on_both_sides() {
    let (_folder, homeserver) = started();
    let admin = homeserver.admin();
    let ada = admin.user("ada", "Ada", "1").unwrap();
    let ben = admin.user("ben", "Ben", "2").unwrap();
    let members = [ben.clone()];
    let direct = NewRoom { members: &members, direct: true, encrypted: true, ..NewRoom::default() };
    let room = admin.create_room(&ada, &direct).unwrap();
    assert_eq!(admin.account_data(&ada, "m.direct").unwrap(), json!({ben.as_str(): [room]}));
    assert_eq!(admin.account_data(&ben, "m.direct").unwrap(), json!({ada.as_str(): [room]}));
}

#[test]
fn ended_sessions_and_closed_accounts_are_refused() {
    let (_folder, homeserver) = started();
    let admin = homeserver.admin();
    let ada = admin.user("ada", "Ada", "correct horse").unwrap();
    let session = admin.login("ada", "correct horse").unwrap();
    let whoami = |token: &str| admin.call(Some(token), Method::GET, "/_matrix/client/v3/account/whoami", None);
    assert_eq!(whoami(&session.token).unwrap()["user_id"], json!(ada));
    assert_eq!(admin.devices(&ada).unwrap(), [session.device]);

    admin.end_sessions(&ada).unwrap();
    let refused = whoami(&session.token).unwrap_err();
    assert!(matches!(&refused, Error::Refused { errcode, .. } if errcode == "M_UNKNOWN_TOKEN"), "{refused}");

    admin.set_password(&ada, "another").unwrap();
    admin.login("ada", "another").unwrap();
    admin.close_account(&ada).unwrap();
    let refused = admin.login("ada", "another").unwrap_err();
    assert!(matches!(&refused, Error::Refused { status: 403, .. }), "{refused}");
}

#[test]
fn it_comes_back_on_the_same_port_with_the_same_people() {
    let (folder, mut homeserver) = started();
    let port = homeserver.port();
    homeserver.admin().user("ada", "Ada", "correct horse").unwrap();
    homeserver.stop();
    assert!(!homeserver.admin().answers());
    TcpStream::connect(("127.0.0.1", port)).unwrap_err();
    homeserver.resume().unwrap();
    homeserver.admin().login("ada", "correct horse").unwrap();

    homeserver.kill();
    drop(homeserver);
    let again = Homeserver::start(Settings::in_folder(folder.path())).unwrap();
    assert_eq!(again.port(), port);
    again.admin().login("ada", "correct horse").unwrap();
}

#[test]
fn its_settings_can_be_changed() {
    let (_folder, mut homeserver) = started();
    let sliding_sync = |homeserver: &Homeserver| {
        let versions = homeserver.admin().call(None, Method::GET, "/_matrix/client/versions", None).unwrap();
        versions["unstable_features"]["org.matrix.simplified_msc3575"] == json!(true)
    };
    assert!(sliding_sync(&homeserver));
    let well_known = "/.well-known/matrix/client";
    let found = homeserver.admin().call(None, Method::GET, well_known, None).unwrap();
    assert_eq!(found["m.homeserver"]["base_url"], json!(format!("{}/", homeserver.url())));

    homeserver
        .change(|settings| {
            settings.sliding_sync = false;
            settings.login_limit = Some(Limit { per_second: 0.001, burst: 1 });
        })
        .unwrap();
    assert!(!sliding_sync(&homeserver));
    homeserver.admin().user("ada", "Ada", "correct horse").unwrap();
    homeserver.admin().login("ada", "correct horse").unwrap();
    let refused = homeserver.admin().login("ada", "correct horse").unwrap_err();
    assert!(matches!(&refused, Error::Refused { status: 429, .. }), "{refused}");
}

#[test]
fn a_clock_that_is_behind_makes_rooms_in_the_past() {
    let folder = tempfile::tempdir().unwrap();
    let behind = std::time::Duration::from_secs(21 * 24 * 3600);
    let homeserver = Homeserver::start(Settings { behind, ..Settings::in_folder(folder.path()) }).unwrap();
    let admin = homeserver.admin();
    let ada = admin.user("ada", "Ada", "1").unwrap();
    let room = admin.create_room(&ada, &NewRoom { name: Some("Pier"), ..NewRoom::default() }).unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64;
    let made = admin.messages(&room, &ada, 50).unwrap().last().unwrap()["origin_server_ts"].as_i64().unwrap();
    let age = now - made;
    assert!((age / 1000 - 21 * 24 * 3600).abs() < 600, "{age} ms old");
}
