//! Without a network, everything that is here is here.

use tidings_journeys::{Answer, Proxy, Reply, World};
use tidings_model::{Connection, Delivery, Preview};

fn is_cut(connection: &Connection) -> bool {
    matches!(connection, Connection::Offline { .. } | Connection::ServerSilent { .. })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_and_the_history_are_there_without_a_network() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in_at(&proxy.url()).await);
    let room = world.group("Pier", &[&priya, &marta]);
    priya.says(&room, "the ramp is up");
    marta.has_preview(&room, "the ramp is up").await;
    marta.quits().await;
    proxy.goes_down();

    marta.starts().await.unwrap();
    let (_, first) = marta.engine().first_paint(10);
    let tidings_model::ChatListUpdate::Reset { rows } = first else { panic!("{first:?}") };
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Pier"]);
    assert_eq!(marta.rows(), rows);
    let hers = marta.opens(&room).await;
    assert_eq!(hers.texts(), ["the ramp is up"]);
    let connection = marta.is_connected("no network", is_cut).await;
    assert_eq!(connection, Connection::Offline { since: None }, "no answer came in this run");

    hers.sends("so I see").await;
    hers.delivers("so I see", &Delivery::Waiting).await;
    let waiting = marta.until_row(&room, "the own message", |row| match &row.preview {
        Preview::Message { text, own: true, .. } if text == "so I see" => Some(()),
        _ => None,
    });
    waiting.await;
    assert_eq!(world.on_the_server(&room, &priya), ["the ramp is up"]);

    // It is still there after another start without a network.
    marta.restarts().await;
    let hers = marta.opens(&room).await;
    assert_eq!(hers.texts(), ["the ramp is up", "so I see"]);

    proxy.comes_back().await;
    marta.engine().try_now();
    hers.delivers("so I see", &Delivery::Sent).await;
    assert_eq!(world.on_the_server(&room, &priya), ["the ramp is up", "so I see"]);
    hers.shows(&["the ramp is up", "so I see"]).await;
    assert_eq!(hers.now().removed, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_is_said_and_what_was_written_goes_out_once_when_it_returns() {
    let world = World::own(|_| {});
    let (priya, marta) = (world.person("Priya").signed_in().await, world.person("Marta").signed_in().await);
    let room = world.encrypted_group("Pier", &[&priya, &marta]);
    let his = priya.opens_encrypted(&room).await;
    let hers = marta.opens_encrypted(&room).await;
    his.sends("are you there?").await;
    hers.sees("are you there?").await;
    his.delivers("are you there?", &Delivery::Sent).await;

    world.server().stop();
    let connection = priya.is_connected("the server gone", is_cut).await;
    let (Connection::Offline { since } | Connection::ServerSilent { since }) = connection else { unreachable!() };
    let ago = tidings_engine::ports::Clock::now(priya.clock()).0 - since.unwrap().0;
    assert!((0..60_000).contains(&ago), "{ago} ms");
    for text in ["one", "two", "three"] {
        his.sends(text).await;
        his.delivers(text, &Delivery::Waiting).await;
    }
    world.server().resume().unwrap();
    priya.engine().try_now();
    marta.engine().try_now();
    hers.shows(&["are you there?", "one", "two", "three"]).await;
    his.delivers("three", &Delivery::Sent).await;
    his.shows(&["are you there?", "one", "two", "three"]).await;
    assert_eq!(world.count_from(&room, &priya, "m.room.encrypted"), 4);
    priya.is_online().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_a_restart_and_an_empty_one_is_forgotten() {
    let world = World::new();
    let marta = world.person("Marta").signed_in().await;
    let room = world.group("Pier", &[&marta]);
    let hers = marta.opens(&room).await;
    hers.drafts("I was about to say").await;
    let draft = Preview::Draft { text: "I was about to say".to_owned() };
    marta.until_row(&room, "a draft", |row| (row.preview == draft).then_some(())).await;
    marta.restarts().await;
    assert_eq!(marta.rows()[0].preview, draft);
    let hers = marta.opens(&room).await;
    assert_eq!(hers.now().draft.text, "I was about to say");
    hers.drafts("").await;
    marta.until_row(&room, "no draft", |row| (row.preview != draft).then_some(())).await;
    marta.restarts().await;
    assert_eq!(marta.opens(&room).await.now().draft.text, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_without_a_network_is_told_when_it_returns() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya").signed_in().await, world.person("Marta"));
    let marta = marta.signed_in_at(&proxy.url()).await;
    let room = world.group("Pier", &[&priya, &marta]);
    let his = priya.opens(&room).await;
    his.sends("read me").await;
    let hers = marta.opens(&room).await;
    let event = hers.sees("read me").await.event.unwrap();
    proxy.goes_down();
    marta.is_connected("no network", is_cut).await;
    hers.reads(&event).await;
    marta.until_row(&room, "nothing unread", |row| (row.unread == 0).then_some(())).await;
    his.delivers("read me", &Delivery::Sent).await;
    marta.restarts().await;
    assert_eq!(marta.rows()[0].unread, 0);
    proxy.comes_back().await;
    marta.engine().try_now();
    his.delivers("read me", &Delivery::Read).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_was_set_back_makes_nothing_wait() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let priya = world.person("Priya").signed_in_at(&proxy.url()).await;
    let room = world.group("Pier", &[&priya]);
    let his = priya.opens(&room).await;
    proxy.treats(|request| if request.is_send() { Answer::error(503, "M_UNKNOWN").reply() } else { Reply::Pass });
    his.sends("one").await;
    proxy.gets(2, "tries", tidings_journeys::Request::is_send).await;
    priya.clock().back(std::time::Duration::from_secs(60 * 60));
    proxy.heals();
    his.sends("two").await;
    his.delivers("two", &Delivery::Sent).await;
    assert_eq!(world.on_the_server(&room, &priya), ["one", "two"]);
}
