//! The ways out of the page: frames, addresses, windows, links.

use serde_json::json;
use tidings_e2e::{Listener, Stage, Window, World, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_foreign_frame_or_address_gets_the_window_or_a_command() {
    let (world, stage, listener) = (World::shared(), Stage::new().await, Listener::open());
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let room = world.group("Quay works", &bo, &ada);
    world.say(&room, &bo, "the crane is back");
    stage.sign_in(world, &ada);
    let window = Window::open(&stage, &[]).await;
    window.reads("Quay works").await;
    let address = window.address().await;
    window.script("window.still = true", &[]).await;
    let here = format!("http://127.0.0.1:{}/", listener.port());

    // Frames: none of them runs, and none has what a command is called with. They stay while everything else happens.
    let frames = "const ran = '<script>parent.framed = true</scr' + 'ipt>'; \
        const from = ['data:text/html,' + encodeURIComponent(ran), 'media://localhost/a/b', 'file:///etc/passwd', \
          URL.createObjectURL(new Blob([ran], { type: 'text/html' })), arguments[0], 'https://example.org/', \
          'javascript:parent.framed=true', location.href, 'about:blank', null]; \
        for (const src of from) { const frame = document.createElement('iframe'); frame.className = 'foreign'; \
          if (src === null) frame.srcdoc = ran; else frame.src = src; document.body.append(frame); } \
        return from.length";
    assert_eq!(window.script(frames, &[json!(here)]).await, 10);

    // Our page's own way, which answers.
    let own = "const done = arguments[arguments.length - 1]; \
        window.__TAURI_INTERNALS__.invoke('try_now').then(() => done(true), () => done(false))";
    assert_eq!(window.later(own, &[]).await, true);

    // A command without the key that only our page was given.
    let bare = "const done = arguments[arguments.length - 1]; \
        fetch('ipc://localhost/try_now', { method: 'POST', headers: { 'Content-Type': 'application/json', \
          'Tauri-Callback': '1', 'Tauri-Error': '2' }, body: '{}' }).then((r) => done(r.ok), () => done(false))";
    assert_eq!(window.later(bare, &[]).await, false, "a command answered without the key");

    // Addresses and windows.
    let addresses = [
        "https://example.org/",
        here.as_str(),
        "file:///etc/passwd",
        "media://localhost/a/b",
        "data:text/html,<p>x</p>",
        "blob:tauri://localhost/5f6d",
        "about:blank",
        "javascript:window.framed=true",
        "tauri://elsewhere/",
        "ipc://localhost/try_now",
    ];
    for to in addresses {
        window.script("try { location.href = arguments[0]; } catch {}", &[json!(to)]).await;
        let opened = "try { return window.open(arguments[0]) !== null; } catch { return false; }";
        assert_eq!(window.script(opened, &[json!(to)]).await, false, "{to} got a window");
    }
    // The page goes on, and is the same.
    window.open_chat("Quay works").await;
    window.bubble("the crane is back").await;
    let reach = "return [...document.querySelectorAll('iframe.foreign')].map((frame) => { \
        try { return typeof (frame.contentWindow.__TAURI_INTERNALS__ ?? frame.contentWindow.ipc); } \
        catch { return 'undefined'; } })";
    assert_eq!(window.script(reach, &[]).await, json!(vec!["undefined"; 10]), "a frame has the way to the commands");
    assert_eq!(window.script("return [window.still, window.framed ?? false]", &[]).await, json!([true, false]));
    assert_eq!(window.address().await, address);
    assert_eq!(listener.strangers().await, 0, "the page went somewhere");
}

/// What the system's opener may be given.
const OPENED: [&str; 3] = ["https://example.org/tides?day=1", "http://example.org/berths", "mailto:bo@example.org"];

/// What it must never be given.
const NEVER: [&str; 10] = [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "smb://example.org/share",
    "vbscript:x",
    "ms-msdt:/id x",
    "search-ms:query=x",
    "tel:+491234",
    "vscode://file/etc/passwd",
    "media://localhost/a/b",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_web_and_mail_links_leave_the_window_and_it_stays_where_it_is() {
    let (world, stage) = (World::shared(), Stage::new().await);
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let room = world.group("Quay works", &bo, &ada);
    stage.sign_in(world, &ada);
    let window = Window::open(&stage, &[]).await;
    window.open_chat("Quay works").await;
    let address = window.address().await;
    let links = NEVER.iter().map(|to| (to, "never")).chain(OPENED.iter().map(|to| (to, "opened")));
    for (number, (to, class)) in links.enumerate() {
        let content = json!({
            "msgtype": "m.text", "body": format!("{class} {number}"), "format": "org.matrix.custom.html",
            "formatted_body": format!("<a href=\"{to}\">{class} {number}</a>"),
        });
        world.admin().send(&room, &bo.user, "m.room.message", &content, None).unwrap();
    }
    window.bubble("opened 12").await;

    // Whatever a message offers to press is pressed, in every way; then the three that may leave.
    let press = "const bubble = [...document.querySelectorAll('.bubble')].find((b) => b.innerText.includes(arguments[0])); \
        if (!bubble) return null; const links = bubble.querySelectorAll('a, [role=link]'); \
        for (const part of arguments[1] ? links : bubble.querySelectorAll('*')) { \
          part.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })); \
          if (arguments[1]) break; \
          part.dispatchEvent(new MouseEvent('auxclick', { bubbles: true, cancelable: true, button: 1 })); \
          part.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })); } \
        return links.length";
    for (number, to) in NEVER.iter().enumerate() {
        let text = json!(format!("never {number}"));
        assert_eq!(window.script(press, &[text, json!(false)]).await, 0, "{to} is offered as a link");
    }
    for (number, to) in OPENED.iter().enumerate() {
        let text = json!(format!("opened {}", NEVER.len() + number));
        assert_eq!(window.script(press, &[text, json!(true)]).await, 1, "{to} is no link");
        until(&format!("{to} is opened"), || (stage.opened().len() > number).then_some(())).await;
    }
    assert_eq!(stage.opened(), OPENED);
    assert_eq!(window.address().await, address);
}
