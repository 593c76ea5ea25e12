//! Two people talk.

use serde_json::{Value, json};
use tidings_engine::Engine;
use tidings_homeserver::Admin;
use tidings_journeys::{Chat, Proxy, Reply, Request, Seat, World};
use tidings_model::{Delivery, Draft, EventId, Preview, RoomId};

/// Two people at their computers, and a room both have on screen.
async fn two(world: &World, encrypted: bool) -> (Seat, Seat, RoomId) {
    let priya = world.person("Priya").signed_in().await;
    let marta = world.person("Marta").signed_in().await;
    let people = [&*priya, &*marta];
    let room = if encrypted { world.encrypted_group("Pier", &people) } else { world.group("Pier", &people) };
    (priya, marta, room)
}

/// What was sent keeps its row from the echo on.
fn keeps_its_row(chat: &Chat, transaction: &tidings_model::TransactionId) {
    let (view, key) = (chat.now(), Engine::item_key(transaction));
    assert_eq!(view.inserted.get(key.as_str()), Some(&1), "inserted once");
    assert!(!view.removed.contains(&key), "never removed");
    assert_eq!(view.resets, 1);
}

async fn they_talk(encrypted: bool) {
    let world = World::new();
    let (priya, marta, room) = two(&world, encrypted).await;
    let his = priya.opens(&room).await;
    let hers = marta.opens(&room).await;
    for chat in [&his, &hers] {
        // A room is told of while it is being made; nobody writes before it is.
        chat.until("its encryption", |view| (view.header.as_ref()?.encrypted == encrypted).then_some(())).await;
    }

    let lunch = his.sends("lunch?").await;
    let echo = his.sees("lunch?").await;
    assert!(echo.own && echo.transaction.as_ref() == Some(&lunch));
    let seen = hers.sees("lunch?").await;
    assert!(!seen.own && !seen.trust.is_doubtful());
    assert_eq!((seen.sender.name.as_str(), seen.delivery), ("Priya", None));
    let sent = his.delivers("lunch?", &Delivery::Sent).await;
    assert_eq!(sent.event, seen.event);
    marta.until_row(&room, "one unread", |row| (row.unread == 1 && row.mentions == 0).then_some(())).await;
    priya.until_row(&room, "nothing unread", |row| (row.unread == 0).then_some(())).await;
    let preview = marta.until_row(&room, "a preview", |row| Some(row.preview.clone())).await;
    assert_eq!(
        preview,
        Preview::Message {
            sender: Some("Priya".to_owned()),
            own: false,
            text: "lunch?".to_owned(),
            mark: None,
            delivery: None,
            doubtful: false
        }
    );

    let event = seen.event.unwrap();
    hers.reads(&event).await;
    marta.until_row(&room, "nothing unread", |row| (row.unread == 0).then_some(())).await;
    his.delivers("lunch?", &Delivery::Read).await;
    assert_eq!(
        his.now().deliveries[Engine::item_key(&lunch).as_str()],
        [Delivery::Sending, Delivery::Sent, Delivery::Read]
    );

    hers.types(true).await;
    let writing = |names: &'static [&'static str]| {
        move |view: &tidings_journeys::View| (view.header.as_ref()?.typing == names).then_some(())
    };
    his.until("Marta writes", writing(&["Marta"])).await;
    priya
        .until_row(&room, "Marta writes", |row| {
            (row.preview == Preview::Typing { names: vec!["Marta".to_owned()] }).then_some(())
        })
        .await;
    hers.types(false).await;
    his.until("nobody writes", writing(&[])).await;

    let reply = Draft {
        text: "at *one*".to_owned(),
        reply_to: Some(event.clone()),
        thread: None,
        mentions: vec![priya.user().clone()],
    };
    let one = hers.sends_draft(reply).await;
    let answer = his.sees("at one").await;
    let quote = answer.reply.unwrap();
    assert_eq!((quote.event, quote.text.as_str()), (event, "lunch?"));
    assert_eq!(quote.sender.unwrap().name, "Priya");
    assert!(answer.mentions_me);
    priya.until_row(&room, "one mention", |row| (row.unread == 1 && row.mentions == 1).then_some(())).await;
    hers.delivers("at one", &Delivery::Sent).await;

    his.shows(&["lunch?", "at one"]).await;
    hers.shows(&["lunch?", "at one"]).await;
    keeps_its_row(&his, &lunch);
    keeps_its_row(&hers, &one);

    let on_server = |kind: &str| world.count_from(&room, &priya, kind);
    let expected = if encrypted { (0, 1) } else { (1, 0) };
    assert_eq!((on_server("m.room.message"), on_server("m.room.encrypted")), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_chat() {
    they_talk(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_chat_encrypted() {
    they_talk(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_chat_carries_the_name_of_the_other() {
    let world = World::new();
    let priya = world.person("Priya").signed_in().await;
    let marta = world.person("Marta Lind").signed_in().await;
    let room = world.encrypted_direct(&priya, &marta);
    let his = priya.opens_encrypted(&room).await;
    priya.until_row(&room, "her name", |row| (row.name == "Marta Lind" && row.direct).then_some(())).await;
    marta.until_row(&room, "his name", |row| (row.name == "Priya" && row.direct).then_some(())).await;
    his.sends("hello").await;
    let hers = marta.opens(&room).await;
    hers.sees("hello").await;
    let preview = marta.until_row(&room, "a preview", |row| match &row.preview {
        Preview::Message { sender, text, .. } => Some((sender.clone(), text.clone())),
        _ => None,
    });
    assert_eq!(preview.await, (None, "hello".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_messages_at_once_arrive_in_order() {
    let world = World::new();
    let (priya, marta, room) = two(&world, true).await;
    let his = priya.opens_encrypted(&room).await;
    let hers = marta.opens_encrypted(&room).await;
    let texts: Vec<String> = (1..=25).map(|number| format!("number {number}")).collect();
    for text in &texts {
        his.sends(text).await;
    }
    let all = |view: &tidings_journeys::View| (view.texts() == texts).then_some(());
    his.until("all of them, in order", all).await;
    hers.until("all of them, in order", all).await;
    his.delivers("number 25", &Delivery::Sent).await;
    let view = his.now();
    assert_eq!(view.removed, [], "nothing moved");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_chat_stands_first_and_a_pinned_one_before_it() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in().await);
    let rooms = [("Pier", "one"), ("Yard", "two"), ("Mess", "three")]
        .map(|(name, text)| (world.group(name, &[&priya, &marta]), text));
    for (room, text) in &rooms {
        priya.says(room, text);
    }
    let order = |expected: [&'static str; 3]| {
        let marta = &marta;
        async move {
            let names =
                |rows: &[tidings_model::ChatRow]| rows.iter().map(|row| row.name.as_str()).eq(expected).then_some(());
            marta.until_rows(&format!("{expected:?}"), names).await;
        }
    };
    order(["Mess", "Yard", "Pier"]).await;
    priya.says(&rooms[0].0, "four");
    order(["Pier", "Mess", "Yard"]).await;
    world.admin().pin(marta.user(), &rooms[1].0, 0.5).unwrap();
    order(["Yard", "Pier", "Mess"]).await;
    let row = marta.until_row(&rooms[1].0, "a pinned row", |row| row.pinned.then(|| row.clone())).await;
    assert_eq!(row.unread, 1);
}

/// A message that Priya's other client sent, as Marta has it on screen.
async fn on_screen(admin: &Admin, priya: &tidings_journeys::Person, hers: &Chat, room: &RoomId) -> EventId {
    let event = admin.say(room, priya.user(), "the ramp is up", None).unwrap();
    hers.sees("the ramp is up").await;
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn edits_reactions_and_deletions_change_the_row_in_its_place() {
    let world = World::new();
    let admin = world.admin();
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in().await);
    let room = world.group("Pier", &[&priya, &marta]);
    let hers = marta.opens(&room).await;
    let event = on_screen(admin, &priya, &hers, &room).await;
    let key = hers.now().item("the ramp is up").unwrap().key.clone();

    admin.edit(&room, priya.user(), &event, "the ramp is down", None).unwrap();
    assert!(hers.sees("the ramp is down").await.edited);
    marta.has_preview(&room, "the ramp is down").await;

    admin.react(&room, marta.user(), &event, "👍", None).unwrap();
    admin.react(&room, priya.user(), &event, "👍", None).unwrap();
    let reacted = |message: &tidings_model::Message| message.reactions.iter().any(|reaction| reaction.count == 2);
    let message = hers.sees_with("the ramp is down", "with two thumbs", reacted).await;
    assert_eq!(message.reactions.len(), 1);
    assert!(message.reactions[0].own && message.reactions[0].key == "👍");
    assert_eq!(message.reactions[0].names, ["Marta", "Priya"]);

    admin.redact(&room, priya.user(), &event).unwrap();
    let deleted = hers.sees("[deleted]").await;
    assert!(deleted.reactions.is_empty() && !deleted.edited);
    let view = hers.now();
    assert_eq!(view.item("[deleted]").unwrap().key, key);
    assert!(!view.removed.contains(&key));
    marta.until_row(&room, "nothing unread", |row| (row.unread == 0).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_edits_or_deletes_what_another_wrote() {
    let world = World::new();
    let admin = world.admin();
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in().await);
    let eve = world.person("Eve");
    let room = world.group("Pier", &[&priya, &marta, &eve]);
    let hers = marta.opens(&room).await;
    let event = on_screen(admin, &priya, &hers, &room).await;
    admin.edit(&room, eve.user(), &event, "the ramp is gone", None).unwrap();
    assert!(admin.redact(&room, eve.user(), &event).is_err(), "the server refuses it");
    admin.say(&room, eve.user(), "done", None).unwrap();
    hers.sees("done").await;
    assert_eq!(hers.texts(), ["the ramp is up", "done"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_shown_and_accepted() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in().await);
    let room = world.group("Pier", &[&priya]);
    world.admin().invite(&room, priya.user(), marta.user()).unwrap();
    marta
        .until_row(&room, "an invitation", |row| {
            (row.preview == Preview::Invitation { by: Some("Priya".to_owned()) }).then_some(())
        })
        .await;
    let hers = marta.opens(&room).await;
    assert!(hers.now().header.unwrap().invitation);
    marta.engine().answer_invitation(marta.account(), room.clone(), true).await.unwrap();
    hers.until("a composer", |view| {
        view.header.as_ref().filter(|header| !header.invitation && header.can_write).map(drop)
    })
    .await;
    hers.sends("here I am").await;
    hers.delivers("here I am", &Delivery::Sent).await;
    assert_eq!(world.on_the_server(&room, &priya), ["here I am"]);
}

/// Takes every trace of a room's encryption out of what a sync says.
fn without_encryption(answer: &mut Value) {
    let rooms = answer.pointer_mut("/rooms").and_then(Value::as_object_mut);
    for room in rooms.into_iter().flat_map(|rooms| rooms.values_mut()) {
        for part in ["required_state", "timeline"] {
            if let Some(events) = room.get_mut(part).and_then(Value::as_array_mut) {
                events.retain(|event| event["type"] != "m.room.encryption");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_is_encrypted_gets_nothing_in_the_clear_before_its_encryption_is_known_here() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let priya = world.person("Priya").signed_in_at(&proxy.url()).await;
    let marta = world.person("Marta").signed_in().await;
    proxy.treats(|request| if request.is_sync() { Reply::altered(without_encryption) } else { Reply::Pass });
    // The request that waits for news began before; its answer brings this one.
    let plain = world.group("Mess", &[&priya, &marta]);
    priya.has(&plain).await;
    let room = world.encrypted_group("Pier", &[&priya, &marta]);
    let his = priya.opens(&room).await;
    assert!(!his.now().header.unwrap().encrypted, "the control: it is not known here");
    his.sends("just between us").await;
    let asks = |request: &Request| request.path().ends_with("/state/m.room.encryption/");
    proxy.gets(2, "questions whether it is encrypted", asks).await;
    assert_eq!(world.on_the_server(&room, &priya), Vec::<String>::new());

    // It goes out when its encryption is known.
    proxy.heals();
    // The request that waits for news is still answered as before.
    marta.says(&plain, "hello");
    priya.has_preview(&plain, "hello").await;
    let encryption = json!({"algorithm": "m.megolm.v1.aes-sha2", "rotation_period_msgs": 100});
    world.admin().set_state(&room, priya.user(), "m.room.encryption", "", &encryption, None).unwrap();
    his.delivers("just between us", &Delivery::Sent).await;
    assert_eq!(world.on_the_server(&room, &priya), Vec::<String>::new());
    assert_eq!(world.count_from(&room, &priya, "m.room.encrypted"), 1);
    let hers = marta.opens_encrypted(&room).await;
    assert!(!hers.sees("just between us").await.trust.is_doubtful());

    // The control: a room without encryption takes it in the clear.
    let open = priya.opens(&plain).await;
    open.sends("for everybody").await;
    open.delivers("for everybody", &Delivery::Sent).await;
    assert_eq!(world.on_the_server(&plain, &priya), ["hello", "for everybody"]);
}
