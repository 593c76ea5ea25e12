//! One person at two computers: what is unread at one is unread at the other.

use serde_json::json;
use tidings_homeserver::Method;
use tidings_journeys::{Answer, Person, Proxy, Reply, Request, Seat, World};
use tidings_model::{ChatRow, EventId, RoomId};

/// Marta at two computers, Priya somewhere, and a room of theirs.
async fn at_two(world: &World) -> (Person, Seat, Seat, RoomId) {
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let (laptop, tower) = (marta.signed_in().await, marta.signed_in().await);
    laptop.has(&room).await;
    tower.has(&room).await;
    (priya, laptop, tower, room)
}

/// Wait until both rows are so.
async fn both(laptop: &Seat, tower: &Seat, room: &RoomId, what: &str, look: impl Fn(&ChatRow) -> bool) {
    for seat in [laptop, tower] {
        seat.until_row(room, what, |row| look(row).then_some(())).await;
    }
}

/// Wait until this many chats ask for attention at both.
async fn badges(laptop: &Seat, tower: &Seat, expected: u32) {
    for seat in [laptop, tower] {
        seat.desktop().until(&format!("a badge of {expected}"), |desk| (desk.badge == expected).then_some(())).await;
    }
}

/// A receipt of another client (Matrix spec, `POST /rooms/{roomId}/receipt/{receiptType}/{eventId}`).
fn receipt(person: &Person, room: &RoomId, event: &EventId, thread: Option<&str>) {
    let encoded = |id: &str| id.replace('!', "%21").replace('$', "%24").replace(':', "%3A");
    let path = format!("/rooms/{}/receipt/m.read/{}", encoded(room.as_str()), encoded(event.as_str()));
    let body = thread.map_or_else(|| json!({}), |thread| json!({"thread_id": thread}));
    person.world().admin().call_as(person.user(), Method::POST, &path, Some(&body)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_at_one_computer_is_read_at_the_other() {
    let world = World::new();
    let (priya, laptop, tower, room) = at_two(&world).await;
    for text in ["one", "two", "three"] {
        priya.says(&room, text);
    }
    both(&laptop, &tower, &room, "three unread", |row| row.unread == 3).await;
    badges(&laptop, &tower, 1).await;
    tower.desktop().notifies("three").await;
    let hers = laptop.opens(&room).await;
    let two = hers.sees("two").await.event.unwrap();
    let three = hers.sees("three").await.event.unwrap();
    hers.reads(&two).await;
    both(&laptop, &tower, &room, "one unread", |row| row.unread == 1).await;
    hers.reads(&three).await;
    both(&laptop, &tower, &room, "nothing unread", |row| row.unread == 0).await;
    badges(&laptop, &tower, 0).await;
    tower.desktop().until("no notification", |desk| desk.standing.is_empty().then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_marked_as_unread_is_marked_at_both_until_it_is_read_at_either() {
    let world = World::new();
    let (priya, laptop, tower, room) = at_two(&world).await;
    priya.says(&room, "one");
    let hers = laptop.opens(&room).await;
    let one = hers.sees("one").await.event.unwrap();
    hers.reads(&one).await;
    both(&laptop, &tower, &room, "nothing unread", |row| row.unread == 0 && !row.marked_unread).await;

    laptop.engine().mark_unread(laptop.account(), room.clone(), true).await.unwrap();
    both(&laptop, &tower, &room, "a mark", |row| row.unread == 0 && row.marked_unread).await;
    badges(&laptop, &tower, 1).await;
    tower.restarts().await;
    both(&laptop, &tower, &room, "a mark", |row| row.marked_unread).await;
    let there = tower.opens(&room).await;
    there.sees("one").await;
    there.reads(&one).await;
    both(&laptop, &tower, &room, "no mark", |row| !row.marked_unread).await;
    badges(&laptop, &tower, 0).await;
    // And without reading.
    laptop.engine().mark_unread(laptop.account(), room.clone(), true).await.unwrap();
    both(&laptop, &tower, &room, "a mark", |row| row.marked_unread).await;
    tower.engine().mark_unread(tower.account(), room.clone(), false).await.unwrap();
    both(&laptop, &tower, &room, "no mark", |row| !row.marked_unread).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_that_is_newer_than_a_reading_stays_though_the_reading_is_told_later() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let (laptop, tower) = (marta.signed_in_at(&proxy.url()).await, marta.signed_in().await);
    priya.says(&room, "one");
    let hers = laptop.opens(&room).await;
    let one = hers.sees("one").await.event.unwrap();
    tower.until_row(&room, "one unread", |row| (row.unread == 1).then_some(())).await;
    let reads = |request: &Request| request.path().ends_with("/read_markers") || request.path().contains("/receipt/");
    proxy.treats(move |request| if reads(request) { Answer::error(503, "M_UNKNOWN").reply() } else { Reply::Pass });
    hers.reads(&one).await;
    proxy.gets(1, "a reading that is not taken", reads).await;
    tower.engine().mark_unread(tower.account(), room.clone(), true).await.unwrap();
    both(&laptop, &tower, &room, "a mark", |row| row.marked_unread).await;

    proxy.heals();
    tower.until_row(&room, "what was read", |row| (row.unread == 0).then_some(())).await;
    priya.says(&room, "two");
    hers.sees("two").await;
    both(&laptop, &tower, &room, "the mark, and what is new", |row| row.marked_unread && row.unread == 1).await;
    assert!(!proxy.requests().iter().any(|request| request.path().contains("marked_unread")), "nobody took it away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_muted_or_left_counts_nowhere() {
    let world = World::new();
    let (priya, laptop, tower, room) = at_two(&world).await;
    let other = world.group("Yard", &[&priya, &laptop]);
    priya.says(&room, "one");
    priya.says(&other, "two");
    badges(&laptop, &tower, 2).await;
    world.mute(&laptop, &room);
    both(&laptop, &tower, &room, "silence, and its count", |row| row.muted && row.unread == 1).await;
    badges(&laptop, &tower, 1).await;
    tower.desktop().notifies("two").await;
    laptop.engine().answer_invitation(laptop.account(), other.clone(), false).await.unwrap();
    for seat in [&laptop, &tower] {
        let gone = |rows: &[ChatRow]| rows.iter().all(|row| row.room != other).then_some(());
        seat.until_rows("the chat gone", gone).await;
    }
    badges(&laptop, &tower, 0).await;
    tower.desktop().until("no notification of it", |desk| (!desk.standing.contains_key(&other)).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_counts_at_both_until_it_is_answered_at_one() {
    let world = World::new();
    let (priya, laptop, tower, _) = at_two(&world).await;
    let (pier, yard) = (world.group("Gate", &[&priya]), world.group("Yard", &[&priya]));
    for room in [&pier, &yard] {
        world.admin().invite(room, priya.user(), laptop.user()).unwrap();
        laptop.has(room).await;
        tower.has(room).await;
    }
    badges(&laptop, &tower, 2).await;
    laptop.engine().answer_invitation(laptop.account(), pier.clone(), true).await.unwrap();
    laptop.engine().answer_invitation(laptop.account(), yard.clone(), false).await.unwrap();
    badges(&laptop, &tower, 0).await;
    for seat in [&laptop, &tower] {
        seat.until_rows("one chat and no invitation", |rows| {
            let joined = rows.iter().any(|row| row.room == pier);
            (joined && rows.iter().all(|row| row.room != yard)).then_some(())
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_where_one_may_not_write_is_read_like_any_other() {
    let world = World::new();
    let (priya, laptop, tower, room) = at_two(&world).await;
    // Whoever made the room may always write, and must not be named (room version 12).
    let levels = json!({"events_default": 50, "users_default": 0});
    world.admin().set_state(&room, priya.user(), "m.room.power_levels", "", &levels, None).unwrap();
    let news = priya.says(&room, "news");
    both(&laptop, &tower, &room, "one unread", |row| row.unread == 1).await;
    let hers = laptop.opens(&room).await;
    hers.until("no composer", |view| (!view.header.as_ref()?.can_write).then_some(())).await;
    hers.sees("news").await;
    hers.reads(&news).await;
    both(&laptop, &tower, &room, "nothing unread", |row| row.unread == 0).await;
    badges(&laptop, &tower, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn threads_are_read_by_themselves_where_another_messenger_says_so() {
    let world = World::new();
    let (priya, laptop, tower, room) = at_two(&world).await;
    let admin = world.admin();
    let (one, two) = (priya.says(&room, "one"), priya.says(&room, "two"));
    let reply = |root: &EventId, text: &str| admin.thread(&room, priya.user(), root, text, None).unwrap();
    let (a, b) = (reply(&one, "a"), reply(&one, "b"));
    let c = reply(&two, "c");
    both(&laptop, &tower, &room, "five unread", |row| row.unread == 5).await;

    receipt(&laptop, &room, &a, Some(one.as_str()));
    both(&laptop, &tower, &room, "four unread", |row| row.unread == 4).await;
    receipt(&laptop, &room, &two, Some("main"));
    both(&laptop, &tower, &room, "one of each thread unread", |row| row.unread == 2).await;
    receipt(&laptop, &room, &b, Some(one.as_str()));
    both(&laptop, &tower, &room, "one unread", |row| row.unread == 1).await;
    // A computer that comes later counts the same.
    let later = (*laptop).clone().signed_in().await;
    later.until_row(&room, "one unread", |row| (row.unread == 1).then_some(())).await;
    tower.restarts().await;
    tower.until_row(&room, "one unread", |row| (row.unread == 1).then_some(())).await;
    receipt(&laptop, &room, &c, None);
    for seat in [&laptop, &tower, &later] {
        seat.until_row(&room, "nothing unread", |row| (row.unread == 0).then_some(())).await;
    }
}
