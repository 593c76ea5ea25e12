//! What this computer keeps of a chat, and what it deletes.

use std::time::Duration;

use serde_json::json;
use tidings_engine::ports::Clock as _;
use tidings_journeys::{Seat, World};

use tidings_model::{PartKind, Role, SearchRequest, SearchScope, SystemLine, Timestamp};

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_was_left_is_deleted_from_this_computer_and_can_be_joined_again() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    priya.says(&room, "the goldfinch sings");
    let tower = marta.signed_in().await;
    tower.opens(&room).await.sees("the goldfinch sings").await;
    let found = |text: &str| {
        let request = SearchRequest { text: text.to_owned(), room: None, scope: SearchScope::All, cursor: None };
        let (engine, account) = (tower.engine(), tower.account());
        async move { engine.search(account, request).await.unwrap().counts.messages }
    };
    assert_eq!(found("goldfinch").await, 1);
    tower.engine().leave_chat(tower.account(), room.clone()).await.unwrap();
    assert_eq!(found("goldfinch").await, 0);
    tower.until_rows("the chat gone", |rows| rows.iter().all(|row| row.room != room).then_some(())).await;
    // The server was told.
    let her = priya.signed_in().await;
    let chat = her.opens(&room).await;
    chat.until("Marta gone", |view| {
        view.items.iter().find_map(|item| match &item.kind {
            tidings_model::ItemKind::System { line: SystemLine::Left { .. }, .. } => Some(()),
            _ => None,
        })
    })
    .await;
    tower.restarts().await;
    tower.is_online().await;
    assert!(tower.rows().iter().all(|row| row.room != room), "and it does not come back");

    world.admin().invite(&room, priya.user(), marta.user()).unwrap();
    world.admin().join(&room, marta.user()).unwrap();
    priya.says(&room, "welcome back");
    tower.has_preview(&room, "welcome back").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_older_than_is_kept_are_deleted_and_are_not_fetched_again() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let tower = Seat::new(marta.clone());
    let today = tower.clock().now().0;
    for n in 0..80 {
        world.admin().say(&room, priya.user(), &format!("old {n}"), Some(Timestamp(today - 40 * DAY + n))).unwrap();
    }
    priya.says(&room, "today");
    tower.starts().await.unwrap();
    tower.signs_in_at(world.url()).await.unwrap();
    let chat = tower.opens(&room).await;
    chat.sees("today").await;
    chat.sees("old 79").await;
    assert_eq!(tower.engine().storage(tower.account()).await.unwrap().kept_days, None);
    // A clock that jumped is not believed: what was said today stays.
    tower.clock().forward(Duration::from_secs(4_000 * 24 * 60 * 60));
    tower.engine().set_retention(tower.account(), Some(30)).await.unwrap();
    chat.shows(&["today"]).await;
    let storage = tower.engine().storage(tower.account()).await.unwrap();
    assert_eq!(storage.kept_days, Some(30));
    assert!(storage.messages > 0 && storage.keys > 0 && storage.aside == 0, "{storage:?}");
    // Neither a restart nor scrolling brings the rest back.
    tower.restarts().await;
    tower.is_online().await;
    let chat = tower.opens(&room).await;
    chat.scrolls_to_the_beginning().await;
    assert_eq!(chat.texts(), ["today"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drawer_of_a_chat_names_its_people_and_lists_what_was_shared() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let admin = world.admin();
    let file =
        json!({ "msgtype": "m.file", "body": "plan.pdf", "url": "mxc://test.example/plan", "info": { "size": 9 } });
    admin.send(&room, priya.user(), "m.room.message", &file, None).unwrap();
    priya.says(&room, "see https://example.org/plans/20");
    let star = priya.says(&room, "the goldfinch sings");
    let tower = marta.signed_in().await;
    let chat = tower.opens(&room).await;
    chat.sees("the goldfinch sings").await;
    chat.stars(&star, true).await;
    chat.sees_with("the goldfinch sings", "with a star", |message| message.starred).await;
    tower.is_online().await;
    let info = tower.engine().chat_info(tower.account(), room.clone()).await.unwrap();
    assert_eq!((info.members, info.starred, info.files, info.links, info.media), (2, 1, 1, 1, 0));
    let people: Vec<(&str, Role)> =
        info.people.iter().map(|person| (person.person.name.as_str(), person.role)).collect();
    assert!(people.contains(&("Marta", Role::Member)) || people.contains(&("Marta", Role::Admin)), "{people:?}");
    assert_eq!(people.len(), 2);
    let parts = |kind| {
        let (engine, account, room) = (tower.engine(), tower.account(), room.clone());
        async move { engine.chat_parts(account, room, kind, None).await.unwrap() }
    };
    assert_eq!(parts(PartKind::Files).await.items.len(), 1);
    let links = parts(PartKind::Links).await;
    assert_eq!(links.items[0].link.as_ref().map(|link| link.text.as_str()), Some("example.org/plans/20"));
    assert_eq!((links.items.len(), links.next), (1, None));
    // The star stays, and only here.
    tower.restarts().await;
    let chat = tower.opens(&room).await;
    chat.sees_with("the goldfinch sings", "with a star", |message| message.starred).await;
    chat.stars(&star, false).await;
    chat.sees_with("the goldfinch sings", "without a star", |message| !message.starred).await;
}
