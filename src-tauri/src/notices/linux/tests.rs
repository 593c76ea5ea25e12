//! The real calls, heard by a recording daemon on a bus of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

use tokio::sync::mpsc;
use zbus::OwnedVariant;

use super::*;

struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start() -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }

    async fn connect(&self) -> zbus::Connection {
        zbus::connection::Builder::address(self.address.as_str()).build().await.unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Shown {
    app: String,
    replaces: u32,
    title: String,
    body: String,
    actions: Vec<String>,
    hints: Vec<String>,
}

#[derive(Debug, Default)]
struct Record {
    shown: Vec<Shown>,
    closed: Vec<u32>,
}

/// Answers like a daemon and keeps what it was asked. With `keeps_ids: false` it gives every call a new number.
struct Recorder {
    record: Arc<Mutex<Record>>,
    capabilities: Vec<&'static str>,
    keeps_ids: bool,
    hangs: bool,
    next: u32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Recorder {
    async fn get_capabilities(&self) -> Vec<String> {
        if self.hangs {
            std::future::pending::<()>().await;
        }
        self.capabilities.iter().map(ToString::to_string).collect()
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's own list")]
    fn notify(
        &mut self,
        app_name: String,
        replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedVariant>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut names: Vec<String> = hints.into_keys().collect();
        names.sort();
        let shown = Shown { app: app_name, replaces: replaces_id, title: summary, body, actions, hints: names };
        self.record.lock().unwrap().shown.push(shown);
        if replaces_id != 0 && self.keeps_ids {
            return replaces_id;
        }
        self.next += 1;
        self.next
    }

    fn close_notification(&self, id: u32) {
        self.record.lock().unwrap().closed.push(id);
    }
}

struct Stage {
    screen: Screen,
    record: Arc<Mutex<Record>>,
    daemon: zbus::Connection,
    clicks: mpsc::UnboundedReceiver<NoticeKey>,
    _bus: Bus,
}

impl Stage {
    async fn with(capabilities: &[&'static str], keeps_ids: bool, hangs: bool) -> Self {
        let bus = Bus::start();
        let record = Arc::new(Mutex::new(Record::default()));
        let capabilities = capabilities.to_vec();
        let recorder = Recorder { record: Arc::clone(&record), capabilities, keeps_ids, hangs, next: 0 };
        let daemon = bus.connect().await;
        daemon.object_server().at("/org/freedesktop/Notifications", recorder).await.unwrap();
        daemon.request_name("org.freedesktop.Notifications").await.unwrap();
        let (click, clicks) = mpsc::unbounded_channel();
        let mut screen = Screen::new(Arc::new(move |key| click.send(key).unwrap()));
        screen.address = Some(bus.address.clone());
        Self { screen, record, daemon, clicks, _bus: bus }
    }

    async fn usual() -> Self {
        Self::with(&["body", "body-markup", "actions"], true, false).await
    }

    async fn shows(&mut self, room: &str, body: &str) {
        self.screen.show(notice(room, body)).await;
    }

    /// The daemon tells something, and the screen hears it.
    async fn tells<B: serde::Serialize + zbus::zvariant::DynamicType + Sync>(&mut self, signal: &str, body: &B) {
        let path = "/org/freedesktop/Notifications";
        let everyone = None::<zbus::names::BusName<'_>>;
        self.daemon.emit_signal(everyone, path, "org.freedesktop.Notifications", signal, body).await.unwrap();
        self.screen.listen().await;
    }

    fn shown(&self) -> Vec<Shown> {
        self.record.lock().unwrap().shown.clone()
    }

    fn closed(&self) -> Vec<u32> {
        self.record.lock().unwrap().closed.clone()
    }
}

fn key(room: &str) -> NoticeKey {
    NoticeKey { account: "account".into(), room: room.into() }
}

fn notice(room: &str, body: &str) -> Notice {
    Notice { key: key(room), title: "Mira <mira>".to_owned(), body: body.to_owned(), sound: false }
}

#[tokio::test]
async fn a_message_is_shown_with_its_markup_escaped() {
    let mut stage = Stage::usual().await;
    stage.shows("!a", "<b>hi</b> <img src=\"file:///etc/passwd\">").await;
    let shown = stage.shown().remove(0);
    assert_eq!(shown.app, "Tidings");
    assert_eq!(shown.title, "Mira <mira>", "a title is never markup");
    assert_eq!(shown.body, "&lt;b&gt;hi&lt;/b&gt; &lt;img src=&quot;file:///etc/passwd&quot;&gt;");
    assert_eq!(shown.actions, ["default", "Open"]);
    assert_eq!(shown.hints, ["category", "desktop-entry", "suppress-sound", "urgency"]);
}

#[tokio::test]
async fn a_daemon_without_markup_and_actions_gets_neither() {
    let mut stage = Stage::with(&["body"], true, false).await;
    stage.shows("!a", "1 < 2 & 3").await;
    let shown = stage.shown().remove(0);
    assert_eq!((shown.body.as_str(), shown.actions.len()), ("1 < 2 & 3", 0));
}

#[tokio::test]
async fn a_chat_has_one_notification_and_chats_have_their_own() {
    let mut stage = Stage::usual().await;
    for (room, body) in [("!a", "one"), ("!a", "two"), ("!b", "three"), ("!a", "four")] {
        stage.shows(room, body).await;
    }
    let replaced: Vec<u32> = stage.shown().iter().map(|shown| shown.replaces).collect();
    assert_eq!(replaced, [0, 1, 0, 1]);
    assert_eq!(stage.closed(), [0; 0]);
}

#[tokio::test]
async fn an_earlier_notification_is_closed_where_the_daemon_does_not_replace_it() {
    let mut stage = Stage::with(&[], false, false).await;
    stage.shows("!a", "one").await;
    stage.shows("!a", "two").await;
    assert_eq!(stage.closed(), [1]);
    stage.screen.withdraw(&key("!a")).await;
    assert_eq!(stage.closed(), [1, 2]);
}

#[tokio::test]
async fn reading_a_chat_withdraws_its_notification_once() {
    let mut stage = Stage::usual().await;
    stage.shows("!a", "one").await;
    stage.shows("!b", "two").await;
    stage.screen.withdraw(&key("!a")).await;
    stage.screen.withdraw(&key("!a")).await;
    stage.screen.withdraw(&key("!unknown")).await;
    assert_eq!(stage.closed(), [1]);
}

#[tokio::test]
async fn a_click_opens_the_chat_of_the_notification() {
    let mut stage = Stage::usual().await;
    stage.shows("!a", "one").await;
    stage.shows("!b", "two").await;
    stage.tells("ActionInvoked", &(77_u32, "default")).await;
    stage.tells("ActionInvoked", &(1_u32, "other")).await;
    stage.tells("ActionInvoked", &(2_u32, "default")).await;
    assert_eq!(stage.clicks.try_recv().unwrap(), key("!b"));
    assert!(stage.clicks.try_recv().is_err(), "a click that is not ours, or no click, opened a chat");
}

#[tokio::test]
async fn a_notification_that_went_by_itself_is_not_replaced_or_closed() {
    let mut stage = Stage::usual().await;
    stage.shows("!a", "one").await;
    stage.tells("NotificationClosed", &(1_u32, 2_u32)).await;
    stage.shows("!a", "two").await;
    assert_eq!(stage.shown()[1].replaces, 0);
    assert_eq!(stage.closed(), [0; 0]);
}

#[tokio::test]
async fn another_daemon_s_numbers_are_not_taken_for_ours() {
    let mut stage = Stage::usual().await;
    stage.shows("!a", "one").await;
    stage.daemon.release_name("org.freedesktop.Notifications").await.unwrap();
    while !stage.screen.shown.is_empty() {
        stage.screen.listen().await;
    }
    stage.screen.withdraw(&key("!a")).await;
    assert_eq!(stage.closed(), [0; 0]);
}

#[tokio::test]
async fn without_a_daemon_nothing_is_waited_for() {
    let bus = Bus::start();
    let mut screen = Screen::new(Arc::new(|_| {}));
    screen.address = Some(bus.address.clone());
    let began = Instant::now();
    screen.show(notice("!a", "one")).await;
    screen.withdraw(&key("!a")).await;
    assert!(began.elapsed() < LIMIT, "{:?}", began.elapsed());
    assert!(screen.shown.is_empty());
}

#[tokio::test]
async fn without_a_bus_nothing_is_waited_for() {
    let mut screen = Screen::new(Arc::new(|_| {}));
    screen.address = Some("unix:path=/nonexistent/bus".to_owned());
    let began = Instant::now();
    screen.show(notice("!a", "one")).await;
    assert!(began.elapsed() < LIMIT);
}

#[tokio::test]
async fn a_daemon_that_hangs_is_given_up_and_left_alone() {
    let mut stage = Stage::with(&[], true, true).await;
    let began = Instant::now();
    for number in 0..50 {
        stage.shows("!a", &number.to_string()).await;
    }
    assert!(began.elapsed() < LIMIT * 2, "{:?}", began.elapsed());
    assert!(stage.shown().is_empty());
}
