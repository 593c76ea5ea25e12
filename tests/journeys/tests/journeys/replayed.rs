//! A server that says again what somebody once said.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tidings_journeys::{Answer, Chat, Proxy, Reply, Request, Seat, World};
use tidings_model::RoomId;

/// What the hostile server shows when it is asked for the ciphertext of the event it made up.
#[derive(Clone, Copy)]
enum Shows {
    /// Nothing.
    Nothing,
    /// The ciphertext it repeated.
    TheSame,
    /// That of another message of the session.
    Another,
}

const FORGED: &str = "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";

/// A room of the two with two messages, and a server that repeats the first under another id with the next sync.
async fn repeated(shows: Shows) -> (Seat, Seat, RoomId, Chat, Chat) {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let priya = world.person("Priya").signed_in().await;
    let marta = world.person("Marta").signed_in_at(&proxy.url()).await;
    let room = world.encrypted_group("Pier", &[&*priya, &*marta]);
    let sealed: Arc<Mutex<Vec<Value>>> = Arc::default();
    let (kept, id) = (Arc::clone(&sealed), room.clone());
    // It writes down what passes, and repeats it once the third message comes.
    proxy.treats(move |request: &Request| {
        if request.path().contains("/event/") && request.target.contains(FORGED.trim_start_matches('$')) {
            let sealed = kept.lock().unwrap().clone();
            let shown = match shows {
                Shows::Nothing => return Answer::error(404, "M_NOT_FOUND").reply(),
                Shows::TheSame => &sealed[0],
                Shows::Another => &sealed[1],
            };
            let mut shown = shown.clone();
            shown["event_id"] = json!(FORGED);
            shown["room_id"] = json!(id);
            return Answer::json(200, &shown).reply();
        }
        if !request.is_sync() {
            return Reply::Pass;
        }
        let (kept, id) = (Arc::clone(&kept), id.clone());
        Reply::altered(move |answer| {
            let timeline = answer.pointer_mut("/rooms").and_then(|rooms| rooms.get_mut(id.as_str()));
            let Some(Value::Array(timeline)) = timeline.and_then(|room| room.get_mut("timeline")) else { return };
            let mut kept = kept.lock().unwrap();
            for event in timeline.iter().filter(|event| event["type"] == "m.room.encrypted") {
                if kept.iter().all(|known| known["event_id"] != event["event_id"]) {
                    kept.push(event.clone());
                }
            }
            if kept.len() == 3 && timeline.iter().any(|event| event["event_id"] == kept[2]["event_id"]) {
                let mut forged = kept[0].clone();
                forged["event_id"] = json!(FORGED);
                forged["origin_server_ts"] = kept[2]["origin_server_ts"].clone();
                timeline.push(forged);
            }
        })
    });
    let his = priya.opens_encrypted(&room).await;
    let hers = marta.opens_encrypted(&room).await;
    for text in ["pay the invoice", "thanks", "good night"] {
        his.sends(text).await;
        hers.sees(text).await;
    }
    hers.until("what the server made up", |view| (view.messages().count() == 4).then_some(())).await;
    (priya, marta, room, his, hers)
}

/// The honest ones are as they were; the other is marked, counts for nothing and notified nobody.
async fn is_marked(marta: &Seat, room: &RoomId, hers: &Chat) {
    let view = hers.now();
    let marks: Vec<(String, bool)> = view
        .messages()
        .map(|message| (tidings_journeys::text_of(&message.body), message.trust.is_doubtful()))
        .collect();
    let expected = [("pay the invoice", false), ("thanks", false), ("good night", false), ("pay the invoice", true)];
    assert_eq!(marks, expected.map(|(text, warning)| (text.to_owned(), warning)));
    marta.until_row(room, "three unread", |row| (row.unread == 3).then_some(())).await;
    let said = marta.desktop().now().said();
    assert_eq!(said.iter().filter(|text| text.contains("pay the invoice")).count(), 1, "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_the_server_repeats_under_another_name_is_not_shown_as_a_new_one() {
    let (priya, marta, room, his, hers) = repeated(Shows::TheSame).await;
    is_marked(&marta, &room, &hers).await;
    marta.restarts().await;
    let hers = marta.opens(&room).await;
    is_marked(&marta, &room, &hers).await;
    drop((priya, his));
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_when_it_does_not_show_the_ciphertext() {
    let (_priya, marta, room, _his, hers) = repeated(Shows::Nothing).await;
    is_marked(&marta, &room, &hers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_when_it_shows_another() {
    let (_priya, marta, room, _his, hers) = repeated(Shows::Another).await;
    is_marked(&marta, &room, &hers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_the_same_twice_is_believed() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya").signed_in().await, world.person("Marta").signed_in().await);
    let room = world.encrypted_group("Pier", &[&*priya, &*marta]);
    let his = priya.opens_encrypted(&room).await;
    let hers = marta.opens_encrypted(&room).await;
    for _ in 0..3 {
        his.sends("ok").await;
    }
    hers.shows(&["ok", "ok", "ok"]).await;
    marta.until_row(&room, "three unread", |row| (row.unread == 3).then_some(())).await;
    assert!(hers.now().messages().all(|message| !message.trust.is_doubtful()));
    // Fetched as history, too.
    let tower = (*marta).clone().signed_in().await;
    tower.has(&room).await;
    his.sends("ok").await;
    let there = tower.opens(&room).await;
    there.until("the one that can be read here", |view| view.message("ok").cloned()).await;
    assert!(there.now().messages().all(|message| !message.trust.is_doubtful()));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_deletes_a_message_and_says_it_again_is_believed() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya").signed_in().await, world.person("Marta").signed_in().await);
    let room = world.encrypted_group("Pier", &[&*priya, &*marta]);
    let his = priya.opens_encrypted(&room).await;
    let hers = marta.opens_encrypted(&room).await;
    his.sends("yes").await;
    hers.sees("yes").await;
    let first = his.sees_with("yes", "that it can be deleted", |message| message.deletable).await.event.unwrap();
    his.deletes(&first).await;
    hers.until("the first deleted", |view| view.message("yes").is_none().then_some(())).await;
    his.sends("yes").await;
    let again = hers.sees("yes").await;
    assert_ne!(again.event, Some(first));
    assert!(!again.trust.is_doubtful(), "{:?}", again.trust);
    assert!(!his.sees("yes").await.trust.is_doubtful());
    marta.until_row(&room, "one unread", |row| (row.unread == 1).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_doubted_because_the_server_could_not_be_asked() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let priya = world.person("Priya").signed_in().await;
    let marta = world.person("Marta").signed_in_at(&proxy.url()).await;
    let room = world.encrypted_group("Pier", &[&*priya, &*marta]);
    let his = priya.opens_encrypted(&room).await;
    let hers = marta.opens_encrypted(&room).await;
    let unanswered = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = Arc::clone(&unanswered);
    proxy.treats(move |request| {
        if request.path().contains("/event/") && count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 2 {
            return Answer::error(503, "M_UNKNOWN").reply();
        }
        Reply::Pass
    });
    for _ in 0..3 {
        his.sends("ok").await;
    }
    hers.shows(&["ok", "ok", "ok"]).await;
    assert!(hers.now().messages().all(|message| !message.trust.is_doubtful()));
    marta.until_row(&room, "three unread", |row| (row.unread == 3).then_some(())).await;
    assert!(unanswered.load(std::sync::atomic::Ordering::SeqCst) > 2, "the control: it was asked, and failed");
}
