//! Signs in or goes on, and sends numbered messages as fast as it can, until it is killed.
//!
//! Its arguments: the profile, the folder of its keyring, the homeserver's address, the user, the password, the room, the
//! number of this run, and how many messages to send at most. It prints `online` once it is, and `accepted RUN.NUMBER`
//! for each message that the program took; after the last it goes on to live, so that what was taken goes out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "a part of a test")]

use std::{io::Write as _, sync::Arc};

use tidings_engine::{Config, Engine, Ports};
use tidings_journeys::{FakeDesktop, FileKeychain, Seen, TestClock};
use tidings_model::{AppState, AppUpdate, Connection, Draft, RoomId, Screen, SignIn};

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

#[tokio::main]
async fn main() {
    let [profile, keyring, address, user, password, room, run, most]: [String; 8] =
        std::env::args().skip(1).collect::<Vec<_>>().try_into().unwrap();
    let most: u32 = most.parse().unwrap();
    let config = Config { profile: profile.into(), device_name: "Sender".to_owned() };
    let ports = Ports {
        desktop: Arc::new(FakeDesktop::new(std::env::temp_dir())),
        keychain: Arc::new(FileKeychain::in_folder(keyring.into())),
        clock: Arc::new(TestClock::default()),
    };
    let engine = Engine::start(config, ports).await.unwrap();
    let app: Seen<Option<AppState>> = Seen::new(None);
    let feed = app.clone();
    engine.subscribe_app(Box::new(move |update| {
        if let AppUpdate::Reset { state } = update {
            feed.change(|app| *app = Some(state));
        }
        true
    }));
    if app.now().unwrap().screen == Screen::SignIn {
        engine.sign_in(SignIn { address, user, password }).await.unwrap();
    }
    let account = app
        .until("an open vault and a connection", |state| match state {
            Some(AppState { screen: Screen::Chats { account }, connection: Connection::Online, .. }) => {
                Some(account.account.clone())
            }
            _ => None,
        })
        .await;
    say("online");
    let room = RoomId(room);
    for number in 1..=most {
        let text = format!("{run}.{number}");
        let draft = Draft { text: text.clone(), reply_to: None, thread: None, mentions: Vec::new() };
        engine.send_message(account.clone(), room.clone(), draft).await.unwrap();
        say(&format!("accepted {text}"));
    }
    std::future::pending::<()>().await;
}
