//! What people do to messages that are there: react, change, delete, vote.

use serde_json::json;
use tidings_journeys::{Seat, World};
use tidings_model::{Body, CallState, Delivery, EventId, ItemKind, Message, Poll, Preview, RoomId, SystemLine, Trust};

async fn two(world: &World, encrypted: bool) -> (Seat, Seat, RoomId) {
    let priya = world.person("Priya").signed_in().await;
    let marta = world.person("Marta").signed_in().await;
    let people = [&*priya, &*marta];
    let room = if encrypted { world.encrypted_group("Pier", &people) } else { world.group("Pier", &people) };
    (priya, marta, room)
}

fn reactions(message: &Message) -> Vec<(String, u32, bool)> {
    message.reactions.iter().map(|reaction| (reaction.key.clone(), reaction.count, reaction.own)).collect()
}

fn thumbs(count: u32, own: bool) -> Vec<(String, u32, bool)> {
    vec![("👍".to_owned(), count, own)]
}

async fn they_react_change_and_delete(encrypted: bool) {
    let world = World::new();
    let (priya, marta, room) = two(&world, encrypted).await;
    let (his, hers) = (priya.opens(&room).await, marta.opens(&room).await);
    for chat in [&his, &hers] {
        chat.until("its encryption", |view| (view.header.as_ref()?.encrypted == encrypted).then_some(())).await;
    }
    his.sends("ramp 3 is up").await;
    let sent = his.delivers("ramp 3 is up", &Delivery::Sent).await;
    let event = sent.event.unwrap();
    his.sees_with("ramp 3 is up", "that it is his to change", |message| message.editable && message.deletable).await;
    let seen = hers.sees("ramp 3 is up").await;
    assert!(!seen.editable && !seen.deletable, "what another wrote is theirs");

    hers.reacts(&event, "👍").await;
    hers.sees_with("ramp 3 is up", "her own thumb", |message| reactions(message) == thumbs(1, true)).await;
    his.sees_with("ramp 3 is up", "her thumb", |message| reactions(message) == thumbs(1, false)).await;
    his.reacts(&event, "👍").await;
    hers.sees_with("ramp 3 is up", "two thumbs", |message| reactions(message) == thumbs(2, true)).await;
    hers.takes_back(&event, "👍").await;
    his.sees_with("ramp 3 is up", "one thumb", |message| reactions(message) == thumbs(1, true)).await;

    his.edits(&event, "ramp 3 is **down**").await.unwrap();
    hers.sees_with("ramp 3 is down", "the change", |message| message.edited).await;
    let there = |message: &Message| matches!(message.delivery, Some(Delivery::Sent | Delivery::Read));
    his.sees_with("ramp 3 is down", "that the server has", there).await;
    assert!(hers.edits(&event, "mine now").await.is_err(), "nobody changes what another wrote");

    his.deletes(&event).await;
    hers.sees("[deleted]").await;
    his.sees("[deleted]").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_react_change_and_delete_in_the_clear() {
    they_react_change_and_delete(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn they_react_change_and_delete_behind_encryption() {
    they_react_change_and_delete(true).await;
}

fn poll(message: &Message) -> Option<&Poll> {
    match &message.body {
        Body::Poll { poll } => Some(poll),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn they_vote_and_the_creator_closes_the_poll() {
    let world = World::new();
    let (priya, marta, room) = two(&world, false).await;
    let question = json!({"question": {"org.matrix.msc1767.text": "Sail?"}, "max_selections": 1,
        "kind": "org.matrix.msc3381.poll.disclosed", "answers": [
            {"id": "yes", "org.matrix.msc1767.text": "Yes"}, {"id": "no", "org.matrix.msc1767.text": "No"}]});
    let content = json!({ "org.matrix.msc3381.poll.start": question });
    let kind = "org.matrix.msc3381.poll.start";
    let event: EventId = world.admin().send(&room, priya.user(), kind, &content, None).unwrap();
    let (his, hers) = (priya.opens(&room).await, marta.opens(&room).await);
    let numbers = |message: &Message| -> Vec<Option<u32>> {
        poll(message).map(|poll| poll.answers.iter().map(|answer| answer.votes).collect()).unwrap_or_default()
    };
    let first = hers.sees("[poll Sail?]").await;
    assert_eq!(numbers(&first), [None, None], "no numbers before one's own vote");
    assert!(poll(&first).unwrap().can_vote && !poll(&first).unwrap().can_close);

    hers.votes(&event, &["yes"]).await.unwrap();
    hers.sees_with("[poll Sail?]", "her vote", |message| numbers(message) == [Some(1), Some(0)]).await;
    his.votes(&event, &["no"]).await.unwrap();
    hers.sees_with("[poll Sail?]", "his vote", |message| numbers(message) == [Some(1), Some(1)]).await;
    hers.votes(&event, &["no"]).await.unwrap();
    his.sees_with("[poll Sail?]", "her new vote", |message| numbers(message) == [Some(0), Some(2)]).await;
    assert!(hers.votes(&event, &["maybe"]).await.is_err());
    assert!(hers.votes(&event, &["yes", "no"]).await.is_err());

    his.ends(&event).await.unwrap();
    let closed =
        hers.sees_with("[poll Sail?]", "its end", |message| poll(message).is_some_and(|poll| poll.closed)).await;
    let wins: Vec<bool> = poll(&closed).unwrap().answers.iter().map(|answer| answer.wins).collect();
    assert_eq!(wins, [false, true]);
    his.sees_with("[poll Sail?]", "its end", |message| poll(message).is_some_and(|poll| poll.closed)).await;
    assert!(hers.votes(&event, &["yes"]).await.is_err(), "a closed poll takes no vote");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missed_call_is_told_as_one() {
    let world = World::new();
    let (priya, marta, _) = two(&world, false).await;
    let room = world.direct(&priya, &marta);
    let invite = json!({"call_id": "c", "version": "1", "party_id": "p", "lifetime": 60_000,
        "offer": {"type": "offer", "sdp": "m=audio"}});
    world.admin().send(&room, priya.user(), "m.call.invite", &invite, None).unwrap();
    let hangup = json!({"call_id": "c", "version": "1", "party_id": "p", "reason": "invite_timeout"});
    world.admin().send(&room, priya.user(), "m.call.hangup", &hangup, None).unwrap();
    marta
        .until_row(&room, "a missed call", |row| match &row.preview {
            Preview::Message { mark, .. } => (*mark == Some(tidings_model::PreviewMark::MissedCall)).then_some(()),
            _ => None,
        })
        .await;
    let hers = marta.opens(&room).await;
    let call = hers.sees("[call Missed]").await;
    assert!(matches!(&call.body, Body::Call { call } if call.state == CallState::Missed && !call.video));
    assert_eq!(call.trust, Trust::Usual);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_in_a_chat_is_said_with_what_was_before() {
    let world = World::new();
    let (priya, marta, room) = two(&world, false).await;
    let hers = marta.opens(&room).await;
    let named = json!({"membership": "join", "displayname": "Priya R."});
    world.admin().set_state(&room, priya.user(), "m.room.member", priya.user().as_str(), &named, None).unwrap();
    let forbidden = json!({"guest_access": "forbidden"});
    world.admin().set_state(&room, priya.user(), "m.room.guest_access", "", &forbidden, None).unwrap();
    let line = |wanted: fn(&SystemLine) -> bool| {
        move |view: &tidings_journeys::View| {
            let lines = view.items.iter().filter_map(|item| match &item.kind {
                ItemKind::System { line, .. } => Some(line.clone()),
                _ => None,
            });
            let mut lines = lines;
            lines.find(wanted)
        }
    };
    let renamed = hers.until("her new name", line(|line| matches!(line, SystemLine::NameChanged { .. }))).await;
    assert!(
        matches!(&renamed, SystemLine::NameChanged { who, name } if who.name == "Priya" && name == "Priya R."),
        "{renamed:?}"
    );
    hers.until("guests", line(|line| matches!(line, SystemLine::Guests { allowed: false, .. }))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_moved_takes_nobody_along_who_did_not_ask() {
    let world = World::new();
    let (priya, marta, room) = two(&world, false).await;
    let next = world.group("Pier, new", &[&priya]);
    let hers = marta.opens(&room).await;
    let open = json!({"join_rule": "public"});
    world.admin().set_state(&next, priya.user(), "m.room.join_rules", "", &open, None).unwrap();
    let moved = json!({"body": "moved", "replacement_room": next});
    world.admin().set_state(&room, priya.user(), "m.room.tombstone", "", &moved, None).unwrap();
    hers.until("where it goes on", |view| {
        view.items.iter().find_map(|item| match &item.kind {
            ItemKind::System { line: SystemLine::Moved { room: Some(room), here: false, .. }, .. } => {
                (*room == next).then_some(())
            }
            _ => None,
        })
    })
    .await;
    hers.until("nothing to write in", |view| (!view.header.as_ref()?.can_write).then_some(())).await;
    assert!(marta.rows().iter().all(|row| row.room != next), "nobody is moved");

    let went = marta.engine().follow_move(marta.account(), room).await.unwrap();
    assert_eq!(went, next);
    marta.has(&next).await;
}
