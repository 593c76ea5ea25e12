//! What stands beside a chat, in the real window: a thread, and the drawer.

use tidings_e2e::{Stage, Window, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thread_is_answered_beside_its_chat_and_the_drawer_says_who_is_in_it() {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let quay = world.group("Quay works", &bo, &ada);
    world.say(&quay, &bo, "who has the crane?");
    let root = world.admin().say(&quay, &bo.user, "lunch at one", None).unwrap();
    world.say(&quay, &bo, "see https://quay.example/plan");
    stage.sign_in(world, &ada);
    let window = Window::open(&stage, &[]).await;
    window.open_chat("Quay works").await;
    window.bubble("lunch at one").await;

    // What is answered in a thread is told above the composer, and a press leads to it.
    world.admin().thread(&quay, &bo.user, &root, "make it two", None).unwrap();
    window.reads("1 new reply in a thread").await;
    let pill = "const pill = [...document.querySelectorAll('main button')] \
                    .find((button) => button.innerText.includes('new reply in a thread')); pill?.click(); return !!pill";
    window.until("the pill", pill, &[]).await;
    window.element("[data-region=drawer]").await;
    window.bubble("make it two").await;
    window.until("its composer", "return document.querySelectorAll('textarea').length === 2", &[]).await;
    let composer = "const all = document.querySelectorAll('textarea'); all[all.length - 1].focus(); \
                    return document.activeElement === all[all.length - 1]";
    window.until("the thread's composer", composer, &[]).await;
    window.types("two it is");
    window.keys("Return");
    assert_eq!(world.has(&quay, &ada, "two it is").await, 1);
    let events = world.admin().messages(&quay, &ada.user, 20).unwrap();
    let sent = events.iter().find(|event| event["content"]["body"] == "two it is").unwrap();
    assert_eq!(sent["content"]["m.relates_to"]["rel_type"], "m.thread");
    assert_eq!(sent["content"]["m.relates_to"]["event_id"], root.as_str());
    // It was read there, so nothing is told of it any more.
    let gone = "return ![...document.querySelectorAll('main button')] \
                    .some((button) => button.innerText.includes('new reply in a thread'))";
    window.until("nothing new", gone, &[]).await;
    window.press("Close thread").await;
    window.until("the chat alone", "return !document.querySelector('[data-region=drawer]')", &[]).await;

    window.press("Group info").await;
    window.element("[data-region=drawer]").await;
    window.reads("Bo").await;
    let links = "const button = document.querySelector('button[data-page=links]'); button?.click(); return !!button";
    window.until("its links", links, &[]).await;
    window.reads("quay.example/plan").await;
}
