//! Places in a chat: opening it at a message, going to one, going to a day.

use tidings_engine::ports::Clock as _;
use tidings_journeys::{Proxy, View, World};
use tidings_model::{Code, Connection, Draft, EventId, History, ItemKind, Landing, Target, Timestamp};

const DAY: i64 = 24 * 60 * 60 * 1000;

fn numbered(from: usize, to: usize) -> Vec<String> {
    (from..=to).map(|number| format!("message {number}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_opens_at_a_message_without_a_connection_and_goes_on_in_both_directions() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let priya = world.person("Priya");
    let marta = world.person("Marta").signed_in_at(&proxy.url()).await;
    let room = world.group("Pier", &[&priya, &marta]);
    let events: Vec<EventId> = numbered(1, 300).iter().map(|text| priya.says(&room, text)).collect();
    let hers = marta.opens(&room).await;
    hers.sees("message 300").await;
    hers.scrolls_to_the_beginning().await;
    hers.closes().await;
    proxy.goes_down();
    marta.is_connected("offline", |connection| *connection != Connection::Online).await;

    let target = Target::Event { event: events[149].clone() };
    let hers = marta.opens_at(&room, target).await;
    let view = hers.now();
    assert_eq!(view.landed_at().as_deref(), Some("message 150"));
    assert_eq!((view.history, view.newer), (Some(History::More), Some(History::More)));
    assert_eq!(view.texts(), numbered(130, 210));

    // Down to the end, which is followed from then on.
    while hers.now().newer == Some(History::More) {
        let count = hers.now().items.len();
        hers.scrolls_down().await;
        let more = |view: &View| view.items.len() > count || view.newer != Some(History::More);
        hers.until("newer rows", |view| more(view).then_some(())).await;
    }
    assert_eq!(hers.texts(), numbered(130, 300));
    hers.sends("written at the end").await;
    hers.sees("written at the end").await;
    hers.scrolls_to_the_beginning().await;
    assert_eq!(hers.texts()[..300], numbered(1, 300));
    assert_eq!(hers.now().resets, 1, "scrolling never begins anew");

    // Within an open chat, and back to its end.
    hers.jumps_to(Target::Event { event: events[9].clone() }).await.unwrap();
    assert_eq!(hers.now().landed_at().as_deref(), Some("message 10"));
    assert_eq!(hers.texts()[..2], numbered(1, 2), "a place near the beginning");
    hers.jumps_to(Target::End).await.unwrap();
    assert_eq!(hers.now().landing, Some(Landing::End));
    assert_eq!(hers.texts().last().map(String::as_str), Some("written at the end"));

    let nowhere = Target::Event { event: EventId::from("$nowhere") };
    assert_eq!(hers.jumps_to(nowhere).await.unwrap_err().code, Code::NotHere);
    assert_eq!(hers.now().landing, Some(Landing::End), "it stays where it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_not_here_is_fetched_with_everything_on_the_way() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let events: Vec<EventId> = numbered(1, 300).iter().map(|text| priya.says(&room, text)).collect();
    let marta = marta.signed_in().await;
    let hers = marta.opens(&room).await;
    hers.sees("message 300").await;
    assert!(hers.now().message("message 100").is_none(), "the control: it is not here");
    hers.jumps_to(Target::Event { event: events[99].clone() }).await.unwrap();
    assert_eq!(hers.now().landed_at().as_deref(), Some("message 100"));
    hers.until("no hole around it", |view| (!view.items.iter().any(|item| item.kind == ItemKind::Gap)).then_some(()))
        .await;
    hers.jumps_to(Target::End).await.unwrap();
    let unknown = Target::Event { event: EventId::from("$0123456789012345678901234567890123456789012") };
    assert_eq!(hers.jumps_to(unknown).await.unwrap_err().code, Code::NotHere);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_gone_to_by_its_date() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let marta = marta.signed_in().await;
    let today = marta.clock().now().0 / DAY * DAY;
    let first = today - 40 * DAY;
    for day in 0..40 {
        for hour in 8..12 {
            let time = Timestamp(first + day * DAY + hour * 60 * 60 * 1000);
            let text = format!("day {day}, {hour}:00");
            world.admin().say(&room, priya.user(), &text, Some(time)).unwrap();
        }
    }
    let hers = marta.opens(&room).await;
    hers.sees("day 39, 11:00").await;
    hers.jumps_to(Target::Date { time: Timestamp(first + 5 * DAY) }).await.unwrap();
    let view = hers.now();
    assert_eq!(view.landed_at().as_deref(), Some("day 5, 8:00"));
    let Some(Landing::Start { key }) = view.landing else { panic!("{:?}", view.landing) };
    let row = view.items.iter().find(|item| item.key == key).unwrap();
    assert!(matches!(row.kind, ItemKind::Day { .. }), "the day itself comes first: {row:?}");
    // Before the first message is the first message, after the last one the end.
    hers.jumps_to(Target::Date { time: Timestamp(0) }).await.unwrap();
    assert_eq!(hers.now().history, Some(History::Complete));
    hers.jumps_to(Target::Date { time: Timestamp(today + DAY) }).await.unwrap();
    assert_eq!((hers.now().landing, hers.now().newer), (Some(Landing::End), Some(History::Complete)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_original_of_an_answer_is_gone_to_when_it_is_far_away() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in().await);
    let room = world.group("Pier", &[&priya, &marta]);
    let asked = priya.says(&room, "Can we open gate 2?");
    let hers = marta.opens(&room).await;
    hers.sees("Can we open gate 2?").await;
    for text in numbered(1, 120) {
        priya.says(&room, &text);
    }
    hers.sees("message 120").await;
    let answer = Draft { text: "Yes".to_owned(), reply_to: Some(asked.clone()), thread: None, mentions: Vec::new() };
    hers.sends_draft(answer).await;
    hers.closes().await;
    let hers = marta.opens_at(&room, Target::End).await;
    assert!(hers.now().message("Can we open gate 2?").is_none(), "the control: it is far away");
    let quote = hers.sees_with("Yes", "with its quote", |message| message.reply.is_some()).await.reply.unwrap();
    assert_eq!((quote.event.clone(), quote.text.as_str()), (asked, "Can we open gate 2?"));
    hers.jumps_to(Target::Event { event: quote.event }).await.unwrap();
    assert_eq!(hers.now().landed_at().as_deref(), Some("Can we open gate 2?"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_while_one_stands_elsewhere_is_counted_and_waits_at_the_end() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in().await);
    let room = world.group("Pier", &[&priya, &marta]);
    let events: Vec<EventId> = numbered(1, 150).iter().map(|text| priya.says(&room, text)).collect();
    let hers = marta.opens(&room).await;
    hers.sees("message 150").await;
    hers.reads(&events[149]).await;
    hers.until("all read", |view| (view.header.as_ref()?.unread == 0).then_some(())).await;
    hers.jumps_to(Target::Event { event: events[19].clone() }).await.unwrap();
    let before = hers.texts();
    priya.says(&room, "new");
    hers.until("one unread", |view| (view.header.as_ref()?.unread == 1).then_some(())).await;
    assert_eq!(hers.texts(), before);
    // Passing by old messages takes nothing back and reads nothing new.
    hers.reads(&events[19]).await;
    assert_eq!(hers.now().header.unwrap().unread, 1);
    hers.jumps_to(Target::End).await.unwrap();
    hers.sees("new").await;
}
