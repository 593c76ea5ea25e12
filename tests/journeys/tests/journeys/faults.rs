//! What the way to the server does to what people write, and what may never come of it.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use serde_json::json;
use tidings_journeys::{Answer, HostileServer, Proxy, Reply, Request, Seat, View, World};
use tidings_model::{Connection, Delivery, FailReason, Preview, RoomId};

/// Priya behind a proxy, Marta beside it, and a room of theirs.
async fn behind(world: &World, encrypted: bool) -> (Proxy, Seat, Seat, RoomId) {
    let proxy = Proxy::before(world).await;
    let priya = world.person("Priya").signed_in_at(&proxy.url()).await;
    let marta = world.person("Marta").signed_in().await;
    let people = [&*priya, &*marta];
    let room = if encrypted { world.encrypted_group("Pier", &people) } else { world.group("Pier", &people) };
    if encrypted {
        // Known to both before anybody writes.
        priya.opens_encrypted(&room).await.closes().await;
        marta.opens_encrypted(&room).await.closes().await;
    }
    (proxy, priya, marta, room)
}

/// The first `count` requests that `look` likes get this; the others pass.
fn first(
    count: usize,
    look: impl Fn(&Request) -> bool + Send + Sync + 'static,
    reply: impl Fn(usize) -> Reply + Send + Sync + 'static,
) -> impl Fn(&Request) -> Reply + Send + Sync + 'static {
    let so_far = AtomicUsize::new(0);
    move |request| {
        if !look(request) {
            return Reply::Pass;
        }
        let number = so_far.fetch_add(1, Ordering::SeqCst);
        if number < count { reply(number) } else { Reply::Pass }
    }
}

fn sends(proxy: &Proxy) -> Vec<Request> {
    proxy.requests().into_iter().filter(Request::is_send).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_to_wait_is_not_asked_earlier() {
    let world = World::new();
    let (proxy, priya, _marta, room) = behind(&world, false).await;
    let his = priya.opens(&room).await;
    let limited = Answer::json(429, &json!({"errcode": "M_LIMIT_EXCEEDED", "error": "slowly"}));
    proxy.treats(first(1, Request::is_send, move |_| limited.clone().with("Retry-After", "2").reply()));
    his.sends("patience").await;
    his.sends("is a virtue").await;
    his.delivers("is a virtue", &Delivery::Sent).await;
    let sends = sends(&proxy);
    assert_eq!(sends.len(), 3, "{sends:?}");
    let waited = sends[1].at - sends[0].at;
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
    assert_eq!(sends[0].target, sends[1].target, "the same transaction");
    assert_eq!(world.on_the_server(&room, &priya), ["patience", "is a virtue"]);
    his.shows(&["patience", "is a virtue"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_that_is_asked_to_wait_waits() {
    let world = World::new();
    let (proxy, priya, marta, room) = behind(&world, false).await;
    let his = priya.opens(&room).await;
    let limited = Answer::json(429, &json!({"errcode": "M_LIMIT_EXCEEDED", "error": "slowly", "retry_after_ms": 2000}));
    proxy.treats(first(1, Request::is_sync, move |_| limited.clone().reply()));
    marta.says(&room, "one");
    marta.says(&room, "two");
    his.shows(&["one", "two"]).await;
    marta.says(&room, "three");
    his.shows(&["one", "two", "three"]).await;
    let syncs: Vec<Request> = proxy.requests().into_iter().filter(Request::is_sync).collect();
    let limited = syncs.iter().position(|request| matches!(request.reply, Reply::Answer(_))).unwrap();
    let waited = syncs[limited + 1].at - syncs[limited].at;
    assert!(waited >= Duration::from_secs(2), "{waited:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_server_errors_heals_without_a_loss() {
    let world = World::new();
    let (proxy, priya, marta, room) = behind(&world, true).await;
    let his = priya.opens(&room).await;
    let hers = marta.opens(&room).await;
    let rule = first(
        6,
        |request| request.is_send() || request.is_sync(),
        |number| match number % 3 {
            0 => Answer::error(500, "M_UNKNOWN").reply(),
            1 => Answer::page(502, "<h1>Bad gateway</h1>").reply(),
            _ => Answer::page(520, "").reply(),
        },
    );
    proxy.treats(rule);
    for text in ["one", "two", "three"] {
        his.sends(text).await;
    }
    marta.says(&room, "from the phone");
    hers.until("all four", |view| (view.messages().count() == 4).then_some(())).await;
    his.delivers("three", &Delivery::Sent).await;
    his.sees("from the phone").await;
    let own = |view: &View| view.messages().filter(|message| message.own).count();
    assert_eq!(own(&his.now()), 3);
    assert_eq!(world.count_from(&room, &priya, "m.room.encrypted"), 3);
    assert!(his.now().deliveries.values().flatten().all(|delivery| !matches!(delivery, Delivery::Failed { .. })));
    priya.is_online().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_cut_is_asked_for_again() {
    let world = World::new();
    let (proxy, priya, marta, room) = behind(&world, false).await;
    let his = priya.opens(&room).await;
    proxy.treats(first(4, |request| request.is_send() || request.is_sync(), |number| Reply::CutAfter(number * 20)));
    his.sends("one").await;
    his.sends("two").await;
    marta.says(&room, "three");
    his.delivers("two", &Delivery::Sent).await;
    his.sees("three").await;
    let view = his.now();
    assert_eq!(view.messages().count(), 3, "{:?}", view.texts());
    let on_server = world.on_the_server(&room, &priya);
    assert_eq!(on_server.iter().filter(|body| *body != "three").collect::<Vec<_>>(), ["one", "two"]);
}

async fn swallowed(encrypted: bool) {
    let world = World::new();
    let (proxy, priya, marta, room) = behind(&world, encrypted).await;
    let his = priya.opens(&room).await;
    let hers = marta.opens(&room).await;
    proxy.treats(first(2, Request::is_send, |_| Reply::Swallow));
    his.sends("only once").await;
    his.sends("and then this").await;
    hers.shows(&["only once", "and then this"]).await;
    his.delivers("and then this", &Delivery::Sent).await;
    his.shows(&["only once", "and then this"]).await;
    let sends = sends(&proxy);
    assert!(sends.len() >= 2, "the control: an answer was swallowed: {sends:?}");
    let kind = if encrypted { "m.room.encrypted" } else { "m.room.message" };
    assert_eq!(world.count_from(&room, &priya, kind), 2);
    let mut transactions: Vec<&str> = sends.iter().map(Request::last_segment).collect();
    transactions.dedup();
    assert_eq!(transactions.len(), 2, "each message kept its transaction id: {sends:?}");
    assert_eq!(his.now().removed, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_was_lost_is_there_once() {
    swallowed(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_message_whose_answer_was_lost_is_there_once() {
    swallowed(true).await;
}

async fn portal(page: impl Fn(&HostileServer) -> Answer) {
    let world = World::new();
    let (proxy, priya, _marta, room) = behind(&world, false).await;
    let his = priya.opens(&room).await;
    let login = HostileServer::answering(|_| Answer::page(200, "<h1>Pay here</h1>").reply()).await;
    let page = page(&login);
    proxy.treats(move |_| page.clone().reply());
    // The request that waits for news is cut, as by a network that changes.
    proxy.goes_down();
    proxy.comes_back().await;
    his.sends("can you hear me?").await;
    priya.engine().try_now();
    let since = priya
        .until("a captive portal", |state| match state.connection {
            Connection::CaptivePortal { since } => Some(since),
            _ => None,
        })
        .await;
    assert!(since.is_some());
    his.delivers("can you hear me?", &Delivery::Waiting).await;
    assert_eq!(login.connections(), 0, "nobody follows a portal's redirect");

    proxy.heals();
    priya.engine().try_now();
    his.delivers("can you hear me?", &Delivery::Sent).await;
    priya.is_online().await;
    assert_eq!(world.on_the_server(&room, &priya), ["can you hear me?"]);
    let never = his.now().deliveries.values().flatten().any(|delivery| matches!(delivery, Delivery::Failed { .. }));
    assert!(!never, "nothing is refused by a web page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_page_in_the_way_is_a_portal_and_refuses_nothing() {
    portal(|_| Answer::page(200, "<html>Welcome to our network</html>")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_in_the_way_is_a_portal_and_is_not_followed() {
    portal(|login| Answer::page(302, "").with("Location", &format!("{}/login", login.url()))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_the_server_forgot_brings_nothing_twice() {
    let world = World::new();
    let (proxy, priya, marta, room) = behind(&world, false).await;
    let his = priya.opens(&room).await;
    let texts: Vec<String> = (1..=40).map(|number| format!("message {number}")).collect();
    for text in &texts[..30] {
        marta.says(&room, text);
    }
    his.sees("message 30").await;
    his.drafts("half a thought").await;
    let forgotten = Answer::error(400, "M_UNKNOWN_POS");
    let with_position = |request: &Request| request.is_sync() && request.target.contains("pos=");
    proxy.treats(first(2, with_position, move |_| forgotten.clone().reply()));
    for text in &texts[30..] {
        marta.says(&room, text);
    }
    his.until("all of them, in order", |view| (view.texts() == texts).then_some(())).await;
    assert_eq!(priya.opens(&room).await.now().draft.text, "half a thought");
    his.sends("done").await;
    his.delivers("done", &Delivery::Sent).await;
    his.until("no double", |view| (view.messages().count() == 41).then_some(())).await;
    assert_eq!(his.now().removed, []);
    let again = priya.opens(&room).await;
    // Sending empties the composer.
    assert_eq!(again.now().draft.text, "");
    assert_eq!(again.texts().len(), 41);
    let answered = proxy.requests().iter().filter(|request| with_position(request)).count();
    assert!(answered >= 2, "the control: the position was refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_message_says_why_and_can_be_tried_again_or_deleted() {
    let world = World::new();
    let (_proxy, priya, marta, room) = behind(&world, false).await;
    let his = priya.opens(&room).await;
    let hers = marta.opens(&room).await;
    let refused = Delivery::Failed { reason: FailReason::NotAllowed };
    // Priya made the room; Marta may not write in it any more.
    let levels = |default: i64| {
        let content = json!({"events_default": default});
        world.admin().set_state(&room, priya.user(), "m.room.power_levels", "", &content, None).unwrap();
    };
    levels(50);
    let one = hers.sends("one").await;
    hers.delivers("one", &refused).await;
    let two = hers.sends("two").await;
    hers.delivers("two", &refused).await;
    marta
        .until_row(&room, "not sent", |row| {
            matches!(&row.preview, Preview::NotSent { text } if text == "two").then_some(())
        })
        .await;
    // It is still said after a restart.
    marta.restarts().await;
    let hers = marta.opens(&room).await;
    hers.delivers("one", &refused).await;

    levels(0);
    hers.tries_again(&one).await;
    hers.delivers("one", &Delivery::Sent).await;
    hers.discards(&two).await;
    hers.shows(&["one"]).await;
    marta.has_preview(&room, "one").await;
    his.shows(&["one"]).await;
    assert_eq!(world.on_the_server(&room, &priya), ["one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_large_says_so_and_holds_up_nothing() {
    let world = World::new();
    let (proxy, priya, _marta, room) = behind(&world, false).await;
    let his = priya.opens(&room).await;
    proxy.treats(first(1, Request::is_send, |_| Answer::error(413, "M_TOO_LARGE").reply()));
    his.sends("large").await;
    his.sends("small").await;
    his.delivers("large", &Delivery::Failed { reason: FailReason::TooLarge }).await;
    his.delivers("small", &Delivery::Sent).await;
    assert_eq!(world.on_the_server(&room, &priya), ["small"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_always_fails_is_asked_less_than_once_a_second() {
    let world = World::new();
    let (proxy, priya, _marta, room) = behind(&world, false).await;
    let his = priya.opens(&room).await;
    his.sends("all well").await;
    his.delivers("all well", &Delivery::Sent).await;
    proxy.treats(|_| Answer::error(500, "M_UNKNOWN").reply());
    let before = proxy.requests().len();
    his.sends("into the void").await;
    // A window that is long enough to say something: waits are random, and grow.
    let seen = proxy.seen().until("requests over fifteen seconds", |requests| {
        let since = &requests[before..];
        let (first, last) = (since.first()?, since.last()?);
        (last.at - first.at >= Duration::from_secs(15)).then(|| since.to_vec())
    });
    let seen = seen.await;
    let begin = seen[0].at + Duration::from_secs(3);
    let end = seen.last().unwrap().at;
    let asked = seen.iter().filter(|request| request.at >= begin).count();
    let window = end.saturating_duration_since(begin).as_secs_f64();
    assert!(asked as f64 <= window, "{asked} requests in {window:.1} s: {seen:?}");
    assert!(seen.iter().any(Request::is_sync) && seen.iter().any(Request::is_send), "the control: both tried");
    assert!(matches!(priya.app().connection, Connection::ServerSilent { since: Some(_) }));
    his.delivers("into the void", &Delivery::Waiting).await;
    proxy.heals();
    priya.engine().try_now();
    his.delivers("into the void", &Delivery::Sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_silent_is_left_when_the_person_says_now() {
    let world = World::new();
    let (proxy, priya, marta, room) = behind(&world, false).await;
    let his = priya.opens(&room).await;
    proxy.goes_down();
    priya.is_connected("no connection", |connection| *connection != Connection::Online).await;
    // It fails until a wait by itself is up to a minute.
    proxy.treats(|_| Answer::error(503, "M_UNKNOWN").reply());
    proxy.comes_back().await;
    let failed = |request: &Request| request.is_sync() && matches!(request.reply, Reply::Answer(_));
    for count in 1..=8 {
        priya.engine().try_now();
        proxy.gets(count, "syncs that failed", failed).await;
    }
    proxy.treats(|_| Reply::Silence);
    let unanswered = |request: &Request| request.is_sync() && matches!(request.reply, Reply::Silence);
    priya.engine().try_now();
    proxy.gets(1, "syncs without an answer", unanswered).await;
    let pressed = std::time::Instant::now();
    priya.engine().try_now();
    proxy.gets(2, "syncs without an answer", unanswered).await;
    let took = pressed.elapsed();
    assert!(took < std::time::Duration::from_secs(5), "\"now\" was after {took:?}");
    proxy.heals();
    priya.engine().try_now();
    marta.says(&room, "still there?");
    his.sees("still there?").await;
}
