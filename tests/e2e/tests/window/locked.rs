//! The window when the keyring does not give the key.

use serde_json::json;
use tidings_e2e::{Stage, Window, World};

/// Written at every start: the log, the size of the window and what a driven webview keeps.
const OF_EVERY_START: [&str; 2] = ["logs", "window"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_keyring_the_chats_are_untouched_and_open_when_it_comes() {
    opens_when_the_keyring_does(false, "This computer offers no place to keep the key").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_locked_keyring_the_chats_are_untouched_and_open_when_it_opens() {
    opens_when_the_keyring_does(true, "The keyring is locked").await;
}

/// The keyring is locked at the start, or not there at all.
async fn opens_when_the_keyring_does(locked: bool, sentence: &str) {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let room = world.group("Quay works", &bo, &ada);
    world.say(&room, &bo, "the crane is back");
    stage.sign_in(world, &ada);
    stage.stop_keyring().await;
    if locked {
        stage.start_keyring(false).await;
    }
    let before = stage.files_but(&OF_EVERY_START);
    assert!(!before.is_empty());

    let window = Window::open(&stage, &[]).await;
    window.reads(sentence).await;
    window.reads("Your chats are here, encrypted, and untouched.").await;
    assert!(stage.files_but(&OF_EVERY_START) == before, "a file of the profile was touched");

    if locked {
        stage.stop_keyring().await;
    }
    stage.start_keyring(true).await;
    let again = "const button = [...document.querySelectorAll('button')].find((b) => b.textContent.trim() === arguments[0]); \
                 if (button && !button.disabled) button.click(); return Boolean(button && !button.disabled)";
    window.until("Try again", again, &[json!("Try again")]).await;
    window.open_chat("Quay works").await;
    window.bubble("the crane is back").await;
}
