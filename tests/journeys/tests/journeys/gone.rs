//! Rooms that are gone when the program comes back.

use std::sync::atomic::{AtomicUsize, Ordering};

use tidings_homeserver::Method;
use tidings_journeys::{Answer, Chat, Person, Proxy, Reply, Seat, World};
use tidings_model::{ChatRow, Departure, RoomId, SearchRequest, SearchScope};

/// Wait until a chat is not in the list.
async fn loses(seat: &Seat, room: &RoomId) {
    let there = |rows: &[ChatRow]| rows.iter().any(|row| row.room == *room);
    seat.until_rows("the chat gone", |rows| (!there(rows)).then_some(())).await;
}

/// Leave a room, or decline an invitation, at another computer.
async fn leaves_elsewhere(person: &Person, room: &RoomId) {
    let phone = person.signed_in().await;
    phone.has(room).await;
    phone.engine().answer_invitation(phone.account(), room.clone(), false).await.unwrap();
    loses(&phone, room).await;
    phone.quits().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_was_left_elsewhere_while_this_computer_was_off_is_gone() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let (pier, yard) = (world.group("Pier", &[&priya, &marta]), world.group("Yard", &[&priya, &marta]));
    let laptop = marta.signed_in().await;
    priya.says(&pier, "anybody here?");
    laptop.until_row(&pier, "one unread", |row| (row.unread == 1).then_some(())).await;
    laptop.desktop().until("a badge", |desk| (desk.badge == 1).then_some(())).await;
    laptop.has(&yard).await;
    laptop.quits().await;

    leaves_elsewhere(&marta, &pier).await;
    laptop.starts().await.unwrap();
    loses(&laptop, &pier).await;
    laptop.desktop().until("nothing unread", |desk| (desk.badge == 0).then_some(())).await;
    // Settings that change make every room be read again.
    world.mute(&marta, &yard);
    laptop.until_row(&yard, "silence", |row| row.muted.then_some(())).await;
    loses(&laptop, &pier).await;
    laptop.restarts().await;
    laptop.is_online().await;
    loses(&laptop, &pier).await;

    // Whoever comes back finds it again.
    world.admin().invite(&pier, priya.user(), marta.user()).unwrap();
    world.admin().join(&pier, marta.user()).unwrap();
    priya.says(&pier, "welcome back");
    laptop.has_preview(&pier, "welcome back").await;
    laptop.restarts().await;
    laptop.has_preview(&pier, "welcome back").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_room_of_all_is_gone_too() {
    let world = World::new();
    let marta = world.person("Marta");
    let pier = world.group("Pier", &[&marta]);
    let laptop = marta.signed_in().await;
    laptop.has(&pier).await;
    laptop.quits().await;
    leaves_elsewhere(&marta, &pier).await;
    laptop.starts().await.unwrap();
    loses(&laptop, &pier).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forgot_the_connection_and_fails_for_a_while_takes_no_room_away_and_brings_none_back() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let (pier, yard) = (world.group("Pier", &[&priya, &marta]), world.group("Yard", &[&priya, &marta]));
    let laptop = marta.signed_in_at(&proxy.url()).await;
    laptop.has(&pier).await;
    laptop.has(&yard).await;
    proxy.goes_down();
    laptop.is_connected("offline", |connection| *connection != tidings_model::Connection::Online).await;
    leaves_elsewhere(&marta, &pier).await;
    let (forgot, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    proxy.treats(move |request| {
        if request.is_sync() && forgot.fetch_add(1, Ordering::SeqCst) == 0 {
            return Answer::error(400, "M_UNKNOWN_POS").reply();
        }
        if request.path().ends_with("/joined_rooms") && failed.fetch_add(1, Ordering::SeqCst) < 2 {
            return Answer::error(500, "M_UNKNOWN").reply();
        }
        Reply::Pass
    });
    proxy.comes_back().await;
    laptop.engine().try_now();
    loses(&laptop, &pier).await;
    laptop.has(&yard).await;
    let asked = proxy.requests().into_iter().filter(|request| request.path().ends_with("/joined_rooms")).count();
    assert!(asked >= 3, "the control: it failed twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_was_declined_elsewhere_is_gone() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let (pier, yard) = (world.group("Pier", &[&priya]), world.group("Yard", &[&priya]));
    for room in [&pier, &yard] {
        world.admin().invite(room, priya.user(), marta.user()).unwrap();
    }
    let laptop = marta.signed_in().await;
    laptop.has(&pier).await;
    laptop.has(&yard).await;
    laptop.quits().await;
    leaves_elsewhere(&marta, &pier).await;
    laptop.starts().await.unwrap();
    loses(&laptop, &pier).await;
    laptop.has(&yard).await;
    laptop.desktop().until("one invitation", |desk| (desk.badge == 1).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn declining_an_invitation_leaves_no_room_that_it_names() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta, mallory) = (world.person("Priya"), world.person("Marta"), world.person("Mallory"));
    let yard = world.group("Yard", &[&priya, &marta]);
    let laptop = marta.signed_in_at(&proxy.url()).await;
    laptop.has(&yard).await;
    let trap = serde_json::json!({
        "preset": "private_chat", "name": "Prize", "invite": [marta.user()],
        "creation_content": { "predecessor": { "room_id": yard, "event_id": "$none" } },
    });
    let made = world.admin().call_as(mallory.user(), Method::POST, "/createRoom", Some(&trap)).unwrap();
    let prize = RoomId::from(made["room_id"].as_str().unwrap());
    laptop.has(&prize).await;
    laptop.engine().answer_invitation(laptop.account(), prize.clone(), false).await.unwrap();
    loses(&laptop, &prize).await;
    // It is forgotten once it was left, with whatever was left along with it.
    proxy.gets(1, "rooms forgotten", |request| request.path().ends_with("/forget")).await;
    let left = proxy.requests().into_iter().filter(|request| request.path().ends_with("/leave")).count();
    assert_eq!(left, 1);
    laptop.has(&yard).await;
    let joined = world.admin().call_as(marta.user(), Method::GET, "/joined_rooms", None).unwrap();
    assert!(joined["joined_rooms"].as_array().unwrap().iter().any(|room| room == yard.as_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_gone_when_the_sync_tells_of_it_before_the_answer_does() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let pier = world.group("Pier", &[&priya]);
    world.admin().invite(&pier, priya.user(), marta.user()).unwrap();
    let laptop = marta.signed_in_at(&proxy.url()).await;
    laptop.has(&pier).await;
    let answers = AtomicUsize::new(0);
    proxy.treats(move |request| match request.path().ends_with("/leave") {
        true if answers.fetch_add(1, Ordering::Relaxed) < 2 => Reply::Swallow,
        _ => Reply::Pass,
    });
    laptop.engine().answer_invitation(laptop.account(), pier.clone(), false).await.unwrap();
    loses(&laptop, &pier).await;
    proxy.gets(1, "rooms forgotten", |request| request.path().ends_with("/forget")).await;
    loses(&laptop, &pier).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_was_left_without_a_network_does_not_come_back_with_it() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let (pier, yard) = (world.group("Pier", &[&priya, &marta]), world.group("Yard", &[&priya, &marta]));
    priya.says(&pier, "kingfisher");
    let laptop = marta.signed_in_at(&proxy.url()).await;
    laptop.has_preview(&pier, "kingfisher").await;
    proxy.goes_down();
    laptop.is_connected("offline", |connection| *connection != tidings_model::Connection::Online).await;
    laptop.engine().leave_chat(laptop.account(), pier.clone()).await.unwrap();
    loses(&laptop, &pier).await;
    priya.says(&pier, "kingfisher again");
    proxy.comes_back().await;
    laptop.engine().try_now();
    proxy.gets(1, "rooms forgotten", |request| request.path().ends_with("/forget")).await;
    // The control, and a moment after: what came of the other chat is here.
    priya.says(&yard, "heron");
    laptop.desktop().notifies("heron").await;
    loses(&laptop, &pier).await;
    let said = laptop.desktop().now().said();
    assert!(!said.iter().any(|text| text.contains("again")), "{said:?}");
    let ask = |text: &str| SearchRequest { text: text.to_owned(), room: None, scope: SearchScope::All, cursor: None };
    for (text, count) in [("heron", 1), ("kingfisher", 0)] {
        let found = laptop.engine().search(laptop.account(), ask(text)).await.unwrap();
        assert_eq!(found.counts.messages, count, "{text}");
    }
    laptop.restarts().await;
    laptop.is_online().await;
    laptop.has(&yard).await;
    loses(&laptop, &pier).await;
}

/// Aoife, Marta at her computer, and a chat of theirs that she has open.
async fn a_chat_with_aoife(world: &World) -> (Person, Seat, RoomId, Chat) {
    let (aoife, marta) = (world.person("Aoife"), world.person("Marta").signed_in().await);
    let pier = world.group("Pier", &[&aoife, &marta]);
    aoife.says(&pier, "the ramp is up");
    let hers = marta.opens(&pier).await;
    hers.sees("the ramp is up").await;
    (aoife, marta, pier, hers)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_is_told_by_whom_and_goes_on_reading() {
    let world = World::new();
    let (aoife, marta, pier, hers) = a_chat_with_aoife(&world).await;
    hers.drafts("but why").await;
    assert_eq!(hers.now().header.unwrap().departure, None);
    world.admin().remove(&pier, aoife.user(), marta.user()).unwrap();
    let removed = Departure::Removed { by: Some("Aoife".to_owned()) };
    let departure = hers.until("a departure", |view| view.header.as_ref()?.departure.clone()).await;
    assert_eq!(departure, removed);
    assert!(!hers.now().header.unwrap().can_write);
    loses(&marta, &pier).await;

    marta.restarts().await;
    let again = marta.opens_gone(&pier).await;
    again.sees("the ramp is up").await;
    let view = again.now();
    assert_eq!((view.header.unwrap().departure, view.draft.text.as_str()), (Some(removed), "but why"));

    // Whoever comes back is in it again.
    world.admin().invite(&pier, aoife.user(), marta.user()).unwrap();
    world.admin().join(&pier, marta.user()).unwrap();
    again.until("no departure", |view| view.header.as_ref()?.departure.is_none().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_one_leaves_elsewhere_says_that_it_was_the_own_choice() {
    let world = World::new();
    let (_aoife, marta, pier, hers) = a_chat_with_aoife(&world).await;
    world.admin().leave(&pier, marta.user()).unwrap();
    let departure = hers.until("a departure", |view| view.header.as_ref()?.departure.clone()).await;
    assert_eq!(departure, Departure::Own);
}
