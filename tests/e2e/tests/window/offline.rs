//! The window without its server.

use serde_json::json;
use tidings_e2e::{Stage, Window, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_server_everything_is_there_and_what_is_written_goes_out_once_later() {
    let (world, stage) = (World::own(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let room = world.group("Quay works", &bo, &ada);
    world.say(&room, &bo, "the crane is back");
    stage.sign_in(&world, &ada);
    world.server().stop();

    let window = Window::open(&stage, &[]).await;
    window.open_chat("Quay works").await;
    window.bubble("the crane is back").await;
    let cut_off = "const said = document.body.innerText; \
                   return said.includes('does not answer.') || said.includes('You are offline.')";
    window.until("the window says that it is cut off", cut_off, &[]).await;
    window.send("written in a tunnel").await;
    window.bubble("written in a tunnel").await;
    window.bubble("Waiting for a connection").await;

    world.server().resume().unwrap();
    is_sent(&window, "written in a tunnel").await;
    let whole = format!("return !(() => {{ {cut_off} }})()");
    window.until("the window is not cut off any more", &whole, &[]).await;
    assert_eq!(world.has(&room, &bo, "written in a tunnel").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_was_seen_survives_a_power_cut_and_is_sent_once() {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let room = world.group("Quay works", &bo, &ada);
    stage.sign_in(world, &ada);
    let window = Window::open(&stage, &[]).await;
    window.open_chat("Quay works").await;
    window.send("before the lights went out").await;
    window.bubble("before the lights went out").await;
    window.kill().await;

    let window = Window::open(&stage, &[]).await;
    window.open_chat("Quay works").await;
    is_sent(&window, "before the lights went out").await;
    assert_eq!(world.has(&room, &bo, "before the lights went out").await, 1);
}

/// Wait until the bubble with this text has its tick.
async fn is_sent(window: &Window<'_>, text: &str) {
    let script = "return [...document.querySelectorAll('.bubble')] \
                  .some((b) => b.innerText.includes(arguments[0]) && b.querySelector('.mark.sent, .mark.read'))";
    window.until(&format!("sent: {text}"), script, &[json!(text)]).await;
}
