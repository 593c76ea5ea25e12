//! The process that draws the page dies.

use serde_json::json;
use tidings_e2e::{App, Stage, Window, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_page_dies_the_window_comes_back_with_what_was_being_written() {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let (quay, night) = (world.group("Quay works", &bo, &ada), world.group("Night shift", &bo, &ada));
    world.say(&quay, &bo, "the crane is back");
    world.say(&night, &bo, "all quiet");
    stage.sign_in(world, &ada);
    let app = App::open(&stage, &[]).await;
    stage.mark("chat_list_painted", 1).await;
    app.key("alt+Down");
    stage.mark("chat_painted", 1).await;
    app.write("half a thought");
    // Leaving the chat keeps the draft at once; it lies in the open chat again when the page dies.
    app.key("alt+Down");
    stage.mark("chat_painted", 2).await;
    app.key("alt+Up");
    stage.mark("chat_painted", 3).await;

    app.kill_page();
    stage.mark("chat_list_painted", 2).await;
    assert!(app.end().await.success());

    let window = Window::open(&stage, &[]).await;
    window.open_chat("Night shift").await;
    let draft = "return document.querySelector('main textarea').value === arguments[0]";
    window.until("the draft", draft, &[json!("half a thought")]).await;
}
