//! Finding what was said.

use tidings_journeys::{Proxy, Seat, World};
use tidings_model::{
    FilterState, Fragment, Indexed, RebuildUpdate, RoomId, SearchHit, SearchRequest, SearchResults, SearchScope,
};

/// Ask everywhere.
async fn finds(seat: &Seat, text: &str) -> SearchResults {
    asks(seat, text, None).await
}

async fn asks(seat: &Seat, text: &str, room: Option<&RoomId>) -> SearchResults {
    let request = SearchRequest { text: text.to_owned(), room: room.cloned(), scope: SearchScope::All, cursor: None };
    seat.engine().search(seat.account(), request).await.unwrap()
}

fn said(fragments: &[Fragment]) -> String {
    fragments.iter().map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
}

fn hits(results: &SearchResults) -> Vec<String> {
    results.groups.iter().flat_map(|group| &group.hits).map(|hit: &SearchHit| said(&hit.text)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_in_encrypted_chats_is_found_without_a_network() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let priya = world.person("Priya").signed_in().await;
    let marta = world.person("Marta").signed_in_at(&proxy.url()).await;
    let pier = world.encrypted_group("Pier", &[&*priya, &*marta]);
    let bridge = world.encrypted_group("Bridge and fleet", &[&*priya, &*marta]);
    for (room, text) in [(&pier, "The berth plan is out"), (&pier, "Überprüfung um neun"), (&bridge, "no plans here")]
    {
        let his = priya.opens_encrypted(room).await;
        let hers = marta.opens_encrypted(room).await;
        his.sends(text).await;
        hers.sees(text).await;
    }
    proxy.goes_down();

    let found = finds(&marta, "plan").await;
    assert_eq!(hits(&found), ["no [plans] here", "The berth [plan] is out"]);
    assert_eq!(found.groups[0].name, "Bridge and fleet");
    assert_eq!((found.counts.messages, found.counts.files, found.counts.more), (2, 0, false));
    assert_eq!(found.groups[1].hits[0].sender.name, "Priya");
    assert_eq!(found.indexed, Indexed::Complete);
    assert_eq!(hits(&finds(&marta, "uberpruf").await), ["[Überprüfung] um neun"]);
    assert_eq!(hits(&asks(&marta, "plan", Some(&pier)).await), ["The berth [plan] is out"]);
    assert_eq!(hits(&finds(&marta, "in:fleet plan").await), ["no [plans] here"]);
    assert_eq!(hits(&finds(&marta, "from:me plan").await), Vec::<String>::new());
    assert_eq!(hits(&finds(&marta, "from:priya berth").await), ["The [berth] plan is out"]);
    assert_eq!(hits(&finds(&marta, "after:2020 before:2021 plan").await), Vec::<String>::new());
    let unknown = finds(&marta, "from:nobody plan").await;
    assert_eq!((hits(&unknown).len(), unknown.filters[0].state), (0, FilterState::Unknown));
    assert_eq!(finds(&marta, "berht").await.suggestion.as_deref(), Some("berth"));
    let chats: Vec<_> = finds(&marta, "fleet").await.chats.iter().map(|chat| said(&chat.name)).collect();
    assert_eq!(chats, ["Bridge and [fleet]"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_is_found_by_its_new_words_and_the_index_can_be_made_anew() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in().await);
    let room = world.group("Pier", &[&priya, &marta]);
    for number in 1..=30 {
        priya.says(&room, &format!("message number{number}"));
    }
    let hers = marta.opens(&room).await;
    hers.sees("message number30").await;
    hers.scrolls_to_the_beginning().await;
    let whole = finds(&marta, "message").await;
    assert_eq!((whole.counts.messages, whole.groups[0].total), (30, 30));
    assert_eq!(whole.groups[0].hits.len(), 5, "the newest few of a chat");
    assert_eq!(asks(&marta, "message", Some(&room)).await.groups[0].hits.len(), 30);

    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let sink = Box::new(move |update| tell.send(update).is_ok());
    marta.engine().rebuild_search(marta.account(), sink).await.unwrap();
    let mut last = None;
    while let Some(update) = told.recv().await {
        last = Some(update);
    }
    let Some(RebuildUpdate::Done { mended: 0, sound: true, messages }) = last else { panic!("{last:?}") };
    assert!(messages >= 30);
    assert_eq!(finds(&marta, "message").await.counts.messages, 30);
}
