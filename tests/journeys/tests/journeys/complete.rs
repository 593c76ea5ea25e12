//! Complete history: holes that are filled while nobody looks.

use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use serde_json::json;
use tidings_engine::HistoryPolicy;
use tidings_journeys::{Answer, Chat, Person, Proxy, Reply, Request, Seat, View, World};
use tidings_model::{Fetching, History, RoomId, Timestamp};

/// A day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

fn asks_for_history(request: &Request) -> bool {
    request.path().ends_with("/messages")
}

fn histories(proxy: &Proxy) -> Vec<Request> {
    proxy.requests().into_iter().filter(asks_for_history).collect()
}

/// A room of the two with numbered messages, one an hour, the last so many days ago. What is older than a day Marta read.
fn said_long_ago(
    world: &World,
    name: &str,
    priya: &Person,
    marta: &Person,
    count: i64,
    days: i64,
) -> (RoomId, Vec<String>) {
    let room = world.group(name, &[priya, marta]);
    let now = tidings_journeys::TestClock::default();
    let last = tidings_engine::ports::Clock::now(&now).0 - days * DAY;
    let texts: Vec<String> = (1..=count).map(|number| format!("{name} {number}")).collect();
    for (number, text) in (1..).zip(&texts) {
        let at = Timestamp(last - (count - number) * DAY / 24);
        let event = world.admin().say(&room, priya.user(), text, Some(at)).unwrap();
        if number == count && days > 1 {
            world.admin().receipt(&room, marta.user(), &event).unwrap();
        }
    }
    (room, texts)
}

/// Wait until a chat is whole on this computer.
async fn is_whole(chat: &Chat) {
    chat.until("the whole history", |view: &View| view.header.as_ref()?.reach.since.is_none().then_some(())).await;
}

/// Everything of a chat comes by itself, and is here without the server.
async fn has_all_offline(seat: &Seat, proxy: &Proxy, room: &RoomId, texts: &[String]) {
    let chat = seat.opens(room).await;
    is_whole(&chat).await;
    chat.closes().await;
    proxy.goes_down();
    seat.is_connected("offline", |connection| *connection != tidings_model::Connection::Online).await;
    let chat = seat.opens(room).await;
    chat.scrolls_to_the_beginning().await;
    assert_eq!(chat.texts(), texts);
    proxy.comes_back().await;
    seat.engine().try_now();
    seat.is_online().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_month_of_every_chat_is_fetched_while_nobody_looks() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let (pier, said) = said_long_ago(&world, "Pier", &priya, &marta, 150, 1);
    let (yard, older) = said_long_ago(&world, "Yard", &priya, &marta, 60, 100);
    let marta = marta.signed_in_at(&proxy.url()).await;
    marta.until_row(&pier, "all unread", |row| (row.unread == 150).then_some(())).await;
    has_all_offline(&marta, &proxy, &pier, &said).await;
    assert_eq!(marta.desktop().now().said(), Vec::<String>::new(), "history notifies nobody");
    // What is older than a month stays where it is, until somebody looks.
    let open = marta.opens(&yard).await;
    let since = open.now().header.unwrap().reach.since.unwrap();
    assert!(since > Timestamp(0));
    assert_eq!(open.now().header.unwrap().reach.fetching, Fetching::Off);
    open.scrolls_to_the_beginning().await;
    assert_eq!(open.texts(), older);
    is_whole(&open).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_history_of_a_chat_is_fetched_on_demand_and_goes_on_after_a_restart() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let (pier, said) = said_long_ago(&world, "Pier", &priya, &marta, 260, 100);
    let (yard, _) = said_long_ago(&world, "Yard", &priya, &marta, 60, 100);
    let marta = marta.signed_in_at(&proxy.url()).await;
    let hers = marta.opens(&pier).await;
    let before = hers.until("what is here", |view: &View| view.header.as_ref()?.reach.since).await;
    // The server gives one page and fails.
    let answered = AtomicUsize::new(0);
    proxy.treats(move |request| {
        let fails = asks_for_history(request) && answered.fetch_add(1, Ordering::SeqCst) > 0;
        if fails { Answer::error(500, "M_UNKNOWN").reply() } else { Reply::Pass }
    });
    marta.engine().fetch_history(marta.account(), Some(pier.clone())).await.unwrap();
    hers.until("progress", |view: &View| view.header.as_ref()?.reach.since.filter(|since| *since < before)).await;
    // The program ends in the middle of it.
    marta.quits().await;
    proxy.heals();
    marta.starts().await.unwrap();
    let hers = marta.opens(&pier).await;
    is_whole(&hers).await;
    let header = hers.now().header.unwrap();
    assert_eq!((header.reach.since, header.reach.fetching), (None, Fetching::Running));
    hers.closes().await;
    has_all_offline(&marta, &proxy, &pier, &said).await;
    let other = marta.opens(&yard).await;
    assert_eq!(other.now().header.unwrap().reach.fetching, Fetching::Off, "nobody asked for this one");
    assert!(other.now().header.unwrap().reach.since.is_some());

    // All of them.
    marta.engine().fetch_history(marta.account(), None).await.unwrap();
    is_whole(&other).await;
    marta.engine().stop_history(marta.account(), None).await.unwrap();
    other.until("no more", |view: &View| (view.header.as_ref()?.reach.fetching == Fetching::Off).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_fetched_by_itself_on_battery_or_against_the_policy_and_scrolling_still_works() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let (pier, _) = said_long_ago(&world, "Pier", &priya, &marta, 200, 100);
    let seat = marta.sits_down().await;
    seat.desktop().runs_on_battery(true);
    seat.signs_in_at(&proxy.url()).await.unwrap();
    seat.is_online().await;
    let hers = seat.opens(&pier).await;
    hers.sees("Pier 200").await;
    seat.engine().fetch_history(seat.account(), Some(pier.clone())).await.unwrap();
    let fetching =
        |expected: Fetching| move |view: &View| (view.header.as_ref()?.reach.fetching == expected).then_some(());
    hers.until("a wait for mains", fetching(Fetching::OnBattery)).await;
    let before = hers.now().header.unwrap().reach.since;
    let asked = histories(&proxy).len();
    hers.scrolls_up().await;
    hers.until("older rows", |view: &View| view.message("Pier 150").map(drop)).await;
    assert!(histories(&proxy).len() > asked, "the control: what is scrolled to is fetched");
    let further = |view: &View| view.header.as_ref()?.reach.since.filter(|since| Some(*since) < before).map(drop);
    hers.until("that more is here, and not all", further).await;

    seat.engine().set_history_policy(HistoryPolicy { whole: false, ..HistoryPolicy::default() });
    hers.until("that it is not allowed", fetching(Fetching::NotAllowed)).await;
    seat.desktop().runs_on_battery(false);
    seat.engine().try_now();
    seat.engine().set_history_policy(HistoryPolicy::default());
    is_whole(&hers).await;
    hers.until("mains", fetching(Fetching::Running)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_to_wait_is_not_asked_for_history_earlier_by_anybody() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let (pier, said) = said_long_ago(&world, "Pier", &priya, &marta, 150, 1);
    let (yard, _) = said_long_ago(&world, "Yard", &priya, &marta, 90, 100);
    let answered = AtomicUsize::new(0);
    let seat = marta.sits_down().await;
    seat.engine().set_history_policy(HistoryPolicy { rows: 0, ..HistoryPolicy::default() });
    seat.signs_in_at(&proxy.url()).await.unwrap();
    seat.is_online().await;
    let hers = seat.opens(&yard).await;
    hers.sees("Yard 90").await;
    seat.has(&pier).await;
    assert_eq!(histories(&proxy).len(), 0, "the control: nothing is fetched by itself");
    proxy.treats(move |request| {
        if !asks_for_history(request) || answered.fetch_add(1, Ordering::SeqCst) > 0 {
            return Reply::Pass;
        }
        let limited = json!({"errcode": "M_LIMIT_EXCEEDED", "error": "slowly", "retry_after_ms": 2000});
        Answer::json(429, &limited).reply()
    });
    hers.scrolls_up().await;
    proxy.gets(1, "questions for history", asks_for_history).await;
    // What nobody waits for waits with it, and behind it.
    seat.engine().set_history_policy(HistoryPolicy::default());
    hers.until("older rows", |view: &View| view.message("Yard 40").map(drop)).await;
    let asked = histories(&proxy);
    let waited = asked[1].at - asked[0].at;
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
    let in_yard =
        |request: &Request| request.path().contains(yard.as_str().split(':').next().unwrap().trim_start_matches('!'));
    assert!(in_yard(&asked[1]), "what is waited for goes first: {asked:?}");
    seat.until_row(&pier, "all unread", |row| (row.unread == 150).then_some(())).await;
    hers.closes().await;
    has_all_offline(&seat, &proxy, &pier, &said).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_fails_is_asked_again_and_nothing_is_missing_in_the_end() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let (pier, said) = said_long_ago(&world, "Pier", &priya, &marta, 200, 1);
    let answered = AtomicUsize::new(0);
    proxy.treats(move |request| {
        if !asks_for_history(request) {
            return Reply::Pass;
        }
        match answered.fetch_add(1, Ordering::SeqCst) {
            0 => Answer::error(500, "M_UNKNOWN").reply(),
            1 => Reply::CutAfter(300),
            2 => Reply::Swallow,
            _ => Reply::Pass,
        }
    });
    let marta = marta.signed_in_at(&proxy.url()).await;
    marta.until_row(&pier, "all unread", |row| (row.unread == 200).then_some(())).await;
    has_all_offline(&marta, &proxy, &pier, &said).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_in_a_chat_that_nobody_opens_is_fetched() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let marta = marta.signed_in_at(&proxy.url()).await;
    priya.says(&room, "before");
    marta.has_preview(&room, "before").await;
    marta.quits().await;
    let texts: Vec<String> = (1..=90).map(|number| format!("message {number}")).collect();
    for text in &texts {
        priya.says(&room, text);
    }
    marta.starts().await.unwrap();
    marta.until_row(&room, "all unread", |row| (row.unread == 91).then_some(())).await;
    let all: Vec<String> = std::iter::once("before".to_owned()).chain(texts).collect();
    has_all_offline(&marta, &proxy, &room, &all).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_count_of_a_new_computer_is_right_without_opening_anything() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let events: Vec<_> = (1..=100).map(|number| priya.says(&room, &format!("message {number}"))).collect();
    world.admin().receipt(&room, marta.user(), &events[29]).unwrap();
    let laptop = marta.signed_in().await;
    laptop.until_row(&room, "seventy unread", |row| (row.unread == 70).then_some(())).await;
    let chat = laptop.opens(&room).await;
    is_whole(&chat).await;
    assert_eq!(laptop.rows()[0].unread, 70);
    assert_eq!(laptop.desktop().now().said(), Vec::<String>::new(), "and nothing of it notified");
}

/// Copies the files of a folder that begin so, and nothing below it.
fn copy(from: &Path, to: &Path, beginning: &str) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if name.to_str().unwrap().starts_with(beginning) {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// Marta's computer with one of its stores as it was some messages earlier, as a power cut between the two leaves them.
async fn with_a_store_behind(store: &str, beginning: &str) {
    let world = World::new();
    let (priya, marta) = (world.person("Priya").signed_in().await, world.person("Marta").signed_in().await);
    let room = world.encrypted_group("Pier", &[&priya, &marta]);
    let his = priya.opens_encrypted(&room).await;
    let hers = marta.opens_encrypted(&room).await;
    his.sends("message 0").await;
    hers.sees("message 0").await;
    marta.quits().await;
    let folder = marta.account_folders().remove(0).join(store);
    let aside = tempfile::tempdir().unwrap();
    copy(&folder, aside.path(), beginning);

    marta.starts().await.unwrap();
    let hers = marta.opens(&room).await;
    let texts: Vec<String> = (0..=45).map(|number| format!("message {number}")).collect();
    for text in &texts[1..] {
        his.sends(text).await;
    }
    hers.sees("message 45").await;
    marta.quits().await;
    copy(aside.path(), &folder, beginning);

    marta.starts().await.unwrap();
    marta.is_online().await;
    let hers = marta.opens(&room).await;
    hers.sees("message 45").await;
    hers.scrolls_to_the_beginning().await;
    hers.until("all of them, in order", |view: &View| (view.texts() == texts).then_some(())).await;
    assert_eq!(hers.now().history, Some(History::Complete));
    his.sends("and on").await;
    hers.sees("and on").await;
    hers.sends("yes").await;
    his.sees("yes").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_is_behind_the_stores_catches_up() {
    with_a_store_behind("", "vault.db").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_store_that_is_behind_the_vault_catches_up() {
    with_a_store_behind("sdk", "matrix-sdk-state").await;
}
