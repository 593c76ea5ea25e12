//! What was said before, and while nobody listened.

use tidings_journeys::{Proxy, World};
use tidings_model::{Delivery, History, ItemKind, SystemLine};

#[tokio::test(flavor = "multi_thread")]
async fn scrolling_up_leads_to_the_beginning() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let texts: Vec<String> = (1..=300).map(|number| format!("message {number}")).collect();
    for text in &texts {
        priya.says(&room, text);
    }
    let marta = marta.signed_in().await;
    let hers = marta.opens(&room).await;
    hers.sees("message 300").await;
    assert_eq!(hers.now().history, Some(History::More), "the control: there is more than one page");
    hers.scrolls_to_the_beginning().await;
    hers.until("all of them, in order", |view| (view.texts() == texts).then_some(())).await;
    let view = hers.now();
    assert_eq!(view.history, Some(History::Complete));
    let created = view.items.iter().find_map(|item| match &item.kind {
        ItemKind::System { line: SystemLine::Created { who }, .. } => Some(who.name.clone()),
        _ => None,
    });
    assert_eq!(created.as_deref(), Some("Priya"));
    assert!(
        view.removed.iter().all(|key| key.as_str().starts_with("d:") || key.as_str() == "new"),
        "{:?}",
        view.removed
    );
    hers.closes().await;

    // All of it is kept: a second look needs no server.
    marta.restarts().await;
    let hers = marta.opens(&room).await;
    hers.scrolls_to_the_beginning().await;
    assert_eq!(hers.texts(), texts);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_while_the_line_was_cut_is_fetched_whole() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in_at(&proxy.url()).await);
    let room = world.group("Pier", &[&priya, &marta]);
    let texts: Vec<String> = (1..=65).map(|number| format!("message {number}")).collect();
    for text in &texts[..5] {
        priya.says(&room, text);
    }
    let hers = marta.opens(&room).await;
    hers.sees("message 5").await;
    proxy.goes_down();
    marta.is_connected("offline", |connection| *connection != tidings_model::Connection::Online).await;
    for text in &texts[5..] {
        priya.says(&room, text);
    }
    proxy.comes_back().await;
    marta.engine().try_now();
    hers.until("all of them, in order, without a gap", |view| {
        let whole = !view.items.iter().any(|item| item.kind == ItemKind::Gap);
        (whole && view.texts() == texts).then_some(())
    })
    .await;
    marta.until_row(&room, "all unread", |row| (row.unread == 65).then_some(())).await;
    hers.closes().await;
    let again = marta.opens(&room).await;
    again.scrolls_to_the_beginning().await;
    assert_eq!(again.texts(), texts);
    again.sends("done").await;
    again.delivers("done", &Delivery::Sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_not_watched_has_its_gap_filled_when_it_is_opened() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in().await);
    let room = world.group("Pier", &[&priya, &marta]);
    priya.says(&room, "before");
    marta.has_preview(&room, "before").await;
    marta.quits().await;
    let texts: Vec<String> = (1..=50).map(|number| format!("message {number}")).collect();
    for text in &texts {
        priya.says(&room, text);
    }
    marta.starts().await.unwrap();
    marta.has_preview(&room, "message 50").await;
    let hers = marta.opens(&room).await;
    hers.scrolls_to_the_beginning().await;
    let all: Vec<String> = std::iter::once("before".to_owned()).chain(texts).collect();
    hers.until("all of them, in order", |view| (view.texts() == all).then_some(())).await;
}
