//! What the desktop is told, and what it is spared.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tidings_homeserver::Method;
use tidings_journeys::{Happened, Person, Proxy, Reply, Seat, World};
use tidings_model::{RoomId, is_bidi_control};

/// Priya somewhere, Marta at her computer, and two rooms of theirs that were there before she signed in.
struct Scene {
    priya: Person,
    marta: Seat,
    room: RoomId,
    other: RoomId,
}

impl Scene {
    async fn new(world: &World) -> Self {
        let (priya, marta) = (world.person("Priya"), world.person("Marta"));
        let room = world.group("Pier", &[&priya, &marta]);
        let other = world.group("Barrier", &[&priya, &marta]);
        let marta = marta.signed_in().await;
        marta.has(&room).await;
        marta.has(&other).await;
        Self { priya, marta, room, other }
    }

    /// Something that notifies. What came before it was decided on before it.
    async fn barrier(&self) {
        self.priya.says(&self.other, "the barrier");
        self.marta.desktop().notifies("the barrier").await;
    }
}

const BARRIER: &str = "Priya in Barrier: the barrier";

#[tokio::test(flavor = "multi_thread")]
async fn a_message_notifies_once_when_nobody_looks() {
    let world = World::new();
    let scene = Scene::new(&world).await;
    let Scene { priya, marta, room, .. } = &scene;
    priya.says(room, "lunch?");
    let notice = marta.desktop().notifies("lunch?").await;
    assert_eq!((notice.title.as_str(), notice.body.as_str(), notice.sound), ("Priya in Pier", "lunch?", true));
    assert_eq!(notice.key.room, *room);
    marta.desktop().until("one unread chat", |desk| (desk.badge == 1).then_some(())).await;
    scene.barrier().await;
    assert_eq!(marta.desktop().now().said(), ["Priya in Pier: lunch?", BARRIER]);

    marta.engine().request_open(notice.key.account, notice.key.room);
    assert_eq!(marta.asked_to_open(), std::slice::from_ref(room));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_looking_at_the_chat_is_told_nothing() {
    let world = World::new();
    let scene = Scene::new(&world).await;
    let Scene { priya, marta, room, .. } = &scene;
    marta.looks_at(room);
    priya.says(room, "one");
    marta.has_preview(room, "one").await;
    scene.barrier().await;
    marta.looks_away();
    priya.says(room, "two");
    marta.desktop().notifies("two").await;
    assert_eq!(marta.desktop().now().said(), [BARRIER, "Priya in Pier: two"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_oneself_wrote_elsewhere_is_no_news() {
    let world = World::new();
    let scene = Scene::new(&world).await;
    let Scene { marta, room, .. } = &scene;
    marta.says(room, "from my phone");
    marta.has_preview(room, "from my phone").await;
    scene.barrier().await;
    assert_eq!(marta.desktop().now().said(), [BARRIER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn reading_on_another_computer_withdraws_the_notification() {
    let world = World::new();
    let scene = Scene::new(&world).await;
    let Scene { priya, marta, room, .. } = &scene;
    let laptop = Person::clone(marta).signed_in().await;
    priya.says(room, "lunch?");
    marta.desktop().notifies("lunch?").await;
    let hers = laptop.opens(room).await;
    let event = hers.sees("lunch?").await.event.unwrap();
    hers.reads(&event).await;
    marta.desktop().until("an empty desktop", |desk| desk.standing.is_empty().then_some(())).await;
    assert_eq!(marta.desktop().now().withdrawn(room), 1);
    marta.until_row(room, "nothing unread", |row| (row.unread == 0).then_some(())).await;
    marta.desktop().until("no badge", |desk| (desk.badge == 0).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_muted_chat_stays_silent_even_for_mentions() {
    let world = World::new();
    let scene = Scene::new(&world).await;
    let Scene { priya, marta, room, .. } = &scene;
    world.mute(marta, room);
    marta.until_row(room, "a muted row", |row| row.muted.then_some(())).await;
    priya.says(room, "one");
    say_mentioning(priya, room, "two, for you", marta);
    marta.has_preview(room, "two, for you").await;
    scene.barrier().await;
    assert_eq!(marta.desktop().now().said(), [BARRIER]);
    marta.desktop().until("a badge for the other chat alone", |desk| (desk.badge == 1).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_for_mentions_only_speaks_for_mentions_only() {
    let world = World::new();
    let scene = Scene::new(&world).await;
    let Scene { priya, marta, room, .. } = &scene;
    world.mentions_only(marta, room);
    // Its row looks like any other; the second rule, which shows, came after the first.
    world.mute(marta, &scene.other);
    marta.until_row(&scene.other, "a muted row", |row| row.muted.then_some(())).await;
    priya.says(room, "one");
    say_mentioning(priya, room, "two, for you", marta);
    marta.desktop().notifies("two").await;
    assert_eq!(marta.desktop().now().said(), ["Priya in Pier: two, for you"]);
    marta.until_row(room, "both unread", |row| (row.unread == 2 && row.mentions == 1).then_some(())).await;
}

fn say_mentioning(by: &Person, room: &RoomId, body: &str, whom: &Person) {
    let content = json!({"msgtype": "m.text", "body": body, "m.mentions": {"user_ids": [whom.user()]}});
    by.world().admin().send(room, by.user(), "m.room.message", &content, None).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_for_an_hour_is_no_flood() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let rooms = ["Pier", "Yard", "Mess"].map(|name| world.group(name, &[&priya, &marta]));
    let marta = marta.signed_in_at(&proxy.url()).await;
    for room in &rooms {
        marta.has(room).await;
    }
    // The control: a message that comes live does notify.
    priya.says(&rooms[0], "live");
    marta.desktop().notifies("live").await;

    marta.quits().await;
    for room in &rooms {
        for number in 1..=30 {
            priya.says(room, &format!("missed {number}"));
        }
    }
    marta.clock().forward(std::time::Duration::from_secs(3600));
    marta.starts().await.unwrap();
    for room in &rooms {
        marta.has_preview(room, "missed 30").await;
    }
    // An invitation is never too old to be told.
    let pier = world.group("Quay", &[&priya]);
    world.admin().invite(&pier, priya.user(), marta.user()).unwrap();
    marta.desktop().notifies("invites you to Quay").await;
    assert_eq!(marta.desktop().now().said(), ["Priya in Pier: live", "Priya: invites you to Quay"]);
    marta.desktop().until("three unread chats", |desk| (desk.badge >= 3).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_for_a_minute_is_one_notification_a_chat() {
    let world = World::new();
    let scene = Scene::new(&world).await;
    let Scene { priya, marta, room, .. } = &scene;
    marta.quits().await;
    for number in 1..=15 {
        priya.says(room, &format!("missed {number}"));
    }
    marta.starts().await.unwrap();
    marta.desktop().notifies("missed 15").await;
    scene.barrier().await;
    let desk = marta.desktop().now();
    assert_eq!(desk.standing[room].body, "missed 15");
    let sounds = desk
        .log
        .iter()
        .filter(|happened| matches!(happened, Happened::Shown(notice) if notice.key.room == *room && notice.sound));
    assert_eq!(sounds.count(), 1, "one sound: {:#?}", desk.log);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_message_is_withdrawn_and_an_edited_one_changes() {
    let world = World::new();
    let scene = Scene::new(&world).await;
    let Scene { priya, marta, room, .. } = &scene;
    let event = priya.says(room, "my password is tulip");
    marta.desktop().notifies("tulip").await;
    world.admin().edit(room, priya.user(), &event, "never mind", None).unwrap();
    let notice = marta.desktop().notifies("never mind").await;
    assert!(!notice.sound, "no second sound");
    assert_eq!(marta.desktop().now().standing[room].body, "never mind");
    world.admin().redact(room, priya.user(), &event).unwrap();
    marta.desktop().until("an empty desktop", |desk| desk.standing.is_empty().then_some(())).await;
    assert_eq!(marta.desktop().now().withdrawn(room), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_is_short_plain_and_honest() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let name = json!({"displayname": "Pri\u{202e}ya\u{0}\n<b>Ra\u{200b}man</b>"});
    let path = format!("/profile/{}/displayname", priya.user());
    world.admin().call_as(priya.user(), Method::PUT, &path, Some(&name)).unwrap();
    let room = world.group("Pi\u{2066}er\u{7}", &[&priya, &marta]);
    let marta = marta.signed_in().await;
    marta.has(&room).await;
    let texts = [
        "start1 \u{202e}drawkcab\u{202c} \u{0}\u{7}\u{1b}[31m end".to_owned(),
        format!("start2 {}", "\n".repeat(5_000)),
        format!("start3 {}", "x".repeat(50_000)),
        format!("start4 {}", "e\u{301}\u{301}".repeat(400)),
        "start5 <b>bold</b> <img src=file:///etc/passwd> <a href=\"http://skerrylines.invalid\">&amp;</a>".to_owned(),
    ];
    for (number, text) in texts.iter().enumerate() {
        priya.says(&room, text);
        let notice = marta.desktop().notifies(&format!("start{}", number + 1)).await;
        for part in [&notice.title, &notice.body] {
            let odd = part.chars().find(|letter| letter.is_control() || is_bidi_control(*letter));
            assert_eq!(odd, None, "{notice:?}");
        }
        assert!(notice.title.chars().count() <= 100 && notice.body.chars().count() <= 250, "{notice:?}");
    }
    let said = marta.desktop().now().said();
    assert_eq!(said[1], "Priya <b>Raman</b> in Pier: start2");
    assert!(said[4].ends_with(texts[4].as_str()), "as it was written, for the desktop to escape: {}", said[4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_notified_is_not_notified_again_after_a_restart() {
    let world = World::new();
    let scene = Scene::new(&world).await;
    let Scene { priya, marta, room, .. } = &scene;
    priya.says(room, "lunch?");
    marta.desktop().notifies("lunch?").await;
    marta.restarts().await;
    marta.until_row(room, "still unread", |row| (row.unread == 1).then_some(())).await;
    marta.is_online().await;
    scene.barrier().await;
    assert_eq!(marta.desktop().now().said(), ["Priya in Pier: lunch?", BARRIER]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_key_is_late_notifies_when_it_can_be_read() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.encrypted_group("Pier", &[&priya, &marta]);
    let other = world.group("Yard", &[&priya, &marta]);
    let marta = marta.signed_in_at(&proxy.url()).await;
    let priya = priya.signed_in().await;
    let hers = marta.opens_encrypted(&room).await;
    let his = priya.opens_encrypted(&room).await;

    // Keys are held back on their way to Marta.
    let held: Arc<Mutex<Option<Vec<Value>>>> = Arc::new(Mutex::new(Some(Vec::new())));
    let holder = Arc::clone(&held);
    proxy.treats(move |request| {
        if !request.is_sync() {
            return Reply::Pass;
        }
        let held = Arc::clone(&holder);
        Reply::altered(move |answer| {
            let Some(Value::Array(events)) = answer.pointer_mut("/extensions/to_device/events") else { return };
            if let Some(held) = held.lock().unwrap().as_mut() {
                held.append(events);
            }
        })
    });
    // The request that waits for news began before; this one brings its answer.
    priya.says(&other, "hello");
    marta.desktop().notifies("hello").await;

    his.sends("the secret").await;
    hers.sees("[undecryptable Waiting]").await;
    priya.says(&other, "and now");
    marta.desktop().notifies("and now").await;
    let said = ["Priya in Yard: hello", "Priya in Yard: and now"];
    assert_eq!(marta.desktop().now().said(), said, "nobody is told of what cannot be read");

    let late = held.lock().unwrap().take().unwrap();
    assert!(!late.is_empty(), "the control: keys were held");
    let late = Mutex::new(late);
    let late = Arc::new(late);
    proxy.treats(move |request| {
        if !request.is_sync() {
            return Reply::Pass;
        }
        let late = Arc::clone(&late);
        Reply::altered(move |answer| {
            if let Some(Value::Object(section)) = answer.pointer_mut("/extensions/to_device") {
                let events = section.entry("events").or_insert_with(|| json!([]));
                events.as_array_mut().unwrap().append(&mut late.lock().unwrap());
            }
        })
    });
    priya.says(&other, "once");
    priya.says(&other, "twice");
    hers.sees("the secret").await;
    let notice = marta.desktop().notifies("the secret").await;
    assert_eq!(notice.title, "Priya in Pier");
    priya.says(&other, "the end");
    marta.desktop().notifies("the end").await;
    let said = marta.desktop().now().said();
    assert_eq!(said.iter().filter(|said| said.contains("Pier")).count(), 1, "{said:?}");
    let view = hers.now();
    let key = &view.item("the secret").unwrap().key;
    assert_eq!((view.inserted.get(key.as_str()), view.removed.contains(key)), (Some(&1), false));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_was_answered_elsewhere_is_withdrawn() {
    let world = World::new();
    let Scene { priya, marta, .. } = &Scene::new(&world).await;
    let room = world.group("Quay", &[priya]);
    world.admin().invite(&room, priya.user(), marta.user()).unwrap();
    marta.desktop().notifies("invites you to Quay").await;
    world.admin().join(&room, marta.user()).unwrap();
    marta.desktop().until("an empty desktop", |desk| desk.standing.is_empty().then_some(())).await;
}
