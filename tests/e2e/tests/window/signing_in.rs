//! From an empty computer to the first answer, and back to an empty computer.

use tidings_e2e::{Keyring, Stage, Window, World, until};

/// Of a profile, what is of no account: the log, the size of the window (and a driven webview's own files), and the
/// lock of the running program.
const UNTOUCHED: [&str; 3] = ["logs", "window", "lock"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_signs_in_chats_and_signs_out_without_a_trace() {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let room = world.group("Quay works", &bo, &ada);
    world.say(&room, &bo, "the crane is back");
    let window = Window::open(&stage, &[]).await;

    window.fill("input[name=address]", world.url()).await;
    window.fill("input[name=user]", &ada.local).await;
    window.fill("input[name=password]", "not the password").await;
    window.press("Sign in").await;
    window.reads("User name and password do not match.").await;
    assert_eq!(Keyring::entries(&stage.bus).await, 0, "nobody is signed in");

    window.fill("input[name=password]", &ada.password).await;
    window.press("Sign in").await;
    stage.mark("chat_list_painted", 1).await;
    window.open_chat("Quay works").await;
    window.bubble("the crane is back").await;
    assert_eq!(Keyring::entries(&stage.bus).await, 1);

    window.send("on my way").await;
    window.bubble("on my way").await;
    assert_eq!(world.has(&room, &bo, "on my way").await, 1);
    world.say(&room, &bo, "bring the long rope");
    window.bubble("bring the long rope").await;

    window.press("Ada, account").await;
    window.press("Sign out").await;
    window.element("[role=alertdialog]").await;
    window.press("Stay signed in").await;
    window.until("the question is gone", "return !document.querySelector('[role=alertdialog]')", &[]).await;
    window.bubble("bring the long rope").await;
    assert!(!stage.files_but(&UNTOUCHED).is_empty());

    window.press("Ada, account").await;
    window.press("Sign out").await;
    window.click(window.element("[role=alertdialog] button:last-of-type").await).await;
    window.element("input[name=address]").await;
    assert_eq!(Keyring::entries(&stage.bus).await, 0, "the key is gone");
    until("the wiped profile", || stage.files_but(&UNTOUCHED).is_empty().then_some(())).await;
}
