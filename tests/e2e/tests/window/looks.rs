//! Colours, widths, and what assistive technology is told, in the real webview.

use serde_json::json;
use tidings_e2e::{Stage, Window, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_is_dark_when_asked_and_fits_every_width() {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let room = world.group("Quay works", &bo, &ada);
    world.say(&room, &bo, &format!("one word that is long: {}", "quay".repeat(60)));
    stage.sign_in(world, &ada);
    let window = Window::open(&stage, &["--theme", "dark"]).await;
    let dark = "return document.documentElement.dataset.theme === 'dark' \
                && matchMedia('(prefers-color-scheme: dark)').matches";
    window.until("dark colours", dark, &[]).await;

    window.resize(420, 700).await;
    let fills = "const list = document.querySelector('[role=listbox]').getBoundingClientRect(); \
                 return list.width === innerWidth && !document.querySelector('[data-region=conversation]')";
    window.until("the list fills the window", fills, &[]).await;
    fits(&window).await;
    window.open_chat("Quay works").await;
    window.button("Back to chats").await;
    for width in [400, 420, 720, 1180] {
        window.resize(width, 700).await;
        fits(&window).await;
    }
    window.resize(420, 700).await;
    window.press("Back to chats").await;
    window.until("the list again", fills, &[]).await;
}

/// Nothing scrolls sideways: neither the page nor the messages.
async fn fits(window: &Window<'_>) {
    let fits = "return [document.scrollingElement, ...document.querySelectorAll('.timeline, [role=listbox]')] \
                .every((e) => e.scrollWidth <= e.clientWidth) && document.scrollingElement.scrollWidth <= innerWidth";
    window.until("nothing scrolls sideways", fits, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_real_window_is_accessible() {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let room = world.group("Quay works", &bo, &ada);
    world.say(&room, &bo, "see https://example.org/tides for the *tides*");
    let window = Window::open(&stage, &[]).await;
    window.element("input[name=address]").await;
    accessible(&window, "signing in").await;

    window.fill("input[name=address]", world.url()).await;
    window.fill("input[name=user]", &ada.local).await;
    window.fill("input[name=password]", &ada.password).await;
    window.press("Sign in").await;
    window.reads("Quay works").await;
    accessible(&window, "the chats").await;
    window.open_chat("Quay works").await;
    window.send("thanks").await;
    window.bubble("thanks").await;
    // The mark fades from one state to the next; what is half-way has half its contrast.
    window.element(".mark.sent").await;
    accessible(&window, "a conversation").await;
}

/// What axe finds on what is on screen, once nothing moves any more. A chat's row is called by all that is in it, in the
/// order of speech, so its name is not its text; the handle between two regions is in neither.
async fn accessible(window: &Window<'_>, what: &str) {
    let axe = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).unwrap();
    window.script(&axe, &[]).await;
    window.until("nothing moves", "return document.getAnimations().every((a) => a.playState !== 'running')", &[]).await;
    let found = window
        .later(
            "const done = arguments[arguments.length - 1]; document.getAnimations().forEach((a) => a.finish()); \
             axe.run({ include: document, exclude: ['[role=separator]'] }, { rules: { 'label-content-name-mismatch': { enabled: false } } }).then((r) => done(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' ')))) \
             .catch((error) => done([String(error)]))",
            &[],
        )
        .await;
    assert_eq!(found, json!([]), "{what}");
}
