//! Parts that fall over or hang.

use tidings_journeys::World;
use tidings_model::Delivery;

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_that_falls_over_is_the_last_one_lost() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let marta = marta.signed_in().await;
    let hers = marta.opens(&room).await;
    marta.desktop().panics_once();
    priya.says(&room, "one");
    hers.sees("one").await;
    // At once, while the task that fell is being started again.
    priya.says(&room, "two");
    hers.sees("two").await;
    marta.desktop().notifies("two").await;
    priya.says(&room, "three");
    marta.desktop().notifies("three").await;
    let said = marta.desktop().now().said();
    assert!(!said.contains(&"Priya in Pier: one".to_owned()), "the control: it fell over: {said:?}");
}

/// One thread for everything, so that a call which blocks it is felt.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_notification_daemon_that_hangs_stops_nothing_else() {
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let room = world.group("Pier", &[&priya, &marta]);
    let marta = marta.signed_in().await;
    let hers = marta.opens(&room).await;
    marta.desktop().hangs();
    priya.says(&room, "one");
    marta.desktop().is_hanging().await;
    priya.says(&room, "two");
    hers.sees("two").await;
    hers.sends("three").await;
    hers.delivers("three", &Delivery::Sent).await;
    marta.until_row(&room, "both unread", |row| (row.unread == 2).then_some(())).await;
    marta.desktop().recovers();
    marta.desktop().notifies("two").await;
}
