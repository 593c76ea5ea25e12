//! Finding what was said, by keyboard, in the real window.

use tidings_e2e::{Stage, Window, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_said_is_found_everywhere_and_in_one_chat_and_shown_in_its_place() {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let quay = world.group("Quay works", &bo, &ada);
    let pier = world.group("Pier", &bo, &ada);
    world.say(&quay, &bo, "the crane plan for Thursday");
    for number in 1..=12 {
        world.say(&quay, &bo, &format!("concrete, load {number}"));
    }
    world.say(&pier, &bo, "no plans at the pier");
    stage.sign_in(world, &ada);
    let window = Window::open(&stage, &[]).await;
    window.open_chat("Quay works").await;
    window.bubble("load 12").await;

    window.keys("ctrl+shift+f");
    window.element("[data-region=search] input:focus").await;
    window.types("plan");
    let hits =
        "return [...document.querySelectorAll('[data-region=search] [role=option]')].map((o) => o.ariaLabel).join()";
    let both =
        format!("const all = (() => {{ {hits} }})(); return all.includes('no plans') && all.includes('crane plan')");
    window.until("both hits", &both, &[]).await;
    window.keys("Down");
    window.keys("Down");
    let seen = "const hit = [...document.querySelectorAll('main article')].find((a) => a.innerText.includes('crane plan')); \
                if (!hit) return false; const box = hit.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight";
    window.until("the message in its place", seen, &[]).await;
    // The chat that was open is kept behind, where nobody sees it.
    let seen = "return ![...document.querySelectorAll('main textarea')].some((t) => getComputedStyle(t).visibility !== 'hidden')";
    window.until("a chat that is only looked at", seen, &[]).await;

    window.keys("ctrl+a");
    window.types("from:nobody plan");
    window.reads("No one is called “nobody” here.").await;
    window.keys("Escape");
    window.keys("Escape");
    window.until("the list", "return !document.querySelector('[data-region=search]')", &[]).await;

    window.open_chat("Quay works").await;
    window.keys("ctrl+f");
    window.element("[data-region=find] input:focus").await;
    window.types("concrete");
    window.reads("1 of 12").await;
    window.until("the newest hit", "return !!document.querySelector('main .target')", &[]).await;
    window.keys("F3");
    window.reads("2 of 12").await;
    window.keys("Escape");
    window.keys("Escape");
    window.until("the composer", "return document.activeElement?.tagName === 'TEXTAREA'", &[]).await;
}
