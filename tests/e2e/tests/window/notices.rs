//! Notifications, as the system is asked to show them.

use tidings_e2e::{Call, Stage, Window, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_on_screen_notifies_once_opens_its_chat_and_is_withdrawn_when_read() {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let (quay, night) = (world.group("Quay works", &bo, &ada), world.group("Night shift", &bo, &ada));
    stage.sign_in(world, &ada);
    let window = Window::open(&stage, &[]).await;
    stage.mark("synced", 1).await;
    window.open_chat("Night shift").await;

    world.say(&quay, &bo, "<b>the crane</b> & the rope");
    let (id, replaces) = stage.notifications.shown("crane").await;
    assert_eq!(replaces, 0);
    world.say(&quay, &bo, "the second sentence");
    assert_eq!(stage.notifications.shown("second sentence").await, (id, id), "it takes the place of the first");
    let calls = stage.notifications.calls();
    assert_eq!(calls.len(), 2, "one call for each message: {calls:#?}");
    let Call::Notify { title, body, actions, hints, .. } = &calls[0] else { panic!("{calls:#?}") };
    assert!(title.contains("Quay works"), "{title}");
    assert!(body.contains("&lt;b&gt;the crane&lt;/b&gt; &amp; the rope"), "{body}");
    assert_eq!(*actions, ["default", "Open"]);
    assert!(!hints.iter().any(|hint| hint.contains("image")), "{hints:?}");

    stage.notifications.click(id).await;
    window.is_open("Quay works").await;
    window.bubble("the second sentence").await;
    stage.notifications.until("it is withdrawn", |calls| calls.contains(&Call::Close(id)).then_some(())).await;

    // On screen and with the keyboard: nothing. The other chat's message comes later and is the proof.
    window.gets_focus().await;
    world.say(&quay, &bo, "seen at once");
    window.bubble("seen at once").await;
    world.say(&night, &bo, "from the other chat");
    stage.notifications.shown("from the other chat").await;
    let calls = stage.notifications.calls();
    let at_once = |call: &Call| matches!(call, Call::Notify { body, .. } if body.contains("seen at once"));
    assert!(!calls.iter().any(at_once), "{calls:#?}");
}
