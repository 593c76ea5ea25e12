//! Messages that want to be more than text.

use serde_json::json;
use tidings_e2e::{Listener, Stage, Window, World};

/// Forty ways to run `HIT`, to reach `URL`, or to lie over what is ours.
const BODIES: [&str; 40] = [
    "<script>HIT</script>",
    "<ScRiPt src=URL></sCrIpT>",
    "<img src=x onerror=HIT>",
    "<img src=URL>",
    "<svg onload=HIT></svg>",
    "<svg><script>HIT</script></svg>",
    "<svg><animate onbegin=HIT attributeName=x dur=1s></svg>",
    "<svg><a xlink:href='javascript:HIT'><text y=20>press</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=HIT></style></mglyph></table></mtext></math>",
    "<iframe src='javascript:parent.HIT'></iframe>",
    "<iframe srcdoc='<script>parent.HIT</script>'></iframe>",
    "<iframe src=URL></iframe>",
    "<object data='javascript:HIT'></object>",
    "<object data=URL></object>",
    "<embed src=URL>",
    "<applet code=x archive=URL></applet>",
    "<meta http-equiv=refresh content='0;url=URL'>",
    "<meta http-equiv=refresh content='0;url=javascript:HIT'>",
    "<base href=URL>",
    "<link rel=stylesheet href=URL>",
    "<link rel=prefetch href=URL>",
    "<style>@import 'URL'; * { position: fixed !important }</style>",
    "<style>.bubble { position: fixed; inset: 0; z-index: 9999 }</style>",
    "<div style='position:fixed;inset:0;z-index:99999;background:red'>over everything</div>",
    "<span style='position:absolute;top:-4000px;left:-4000px'>away</span>",
    "<font data-mx-color='red;position:fixed' color='red;position:fixed'>painted</font>",
    "<span data-mx-bg-color='url(URL)'>painted</span>",
    "<p class='app dialog scrim place' id=app>in our clothes</p>",
    "<marquee onstart=HIT behavior=alternate>moving</marquee>",
    "<details open ontoggle=HIT><summary>more</summary></details>",
    "<video><source onerror=HIT></video>",
    "<audio src=URL autoplay onerror=HIT></audio>",
    "<video poster=URL src=URL></video>",
    "<body onload=HIT onpageshow=HIT>",
    "<input autofocus onfocus=HIT>",
    "<form action=URL><button formaction='javascript:HIT'>press</button></form>",
    "<a href='javascript:HIT' autofocus onfocus=HIT tabindex=1>press</a>",
    "<template><img src=x onerror=HIT></template><noscript><p title='</noscript><img src=x onerror=HIT>'></noscript>",
    "<table background=URL><td background=URL style='width:9999px;margin-left:-999px'>wide</td></table>",
    "<!--><img src=x onerror=HIT>--><![CDATA[><script>HIT</script>]]><?xml-stylesheet href=URL?>",
];

/// What lies outside its bubble, or is not in the flow of the page.
const OUTSIDE: &str = "const out = []; \
    for (const bubble of document.querySelectorAll('.bubble')) { \
      const box = bubble.getBoundingClientRect(); \
      for (const part of bubble.querySelectorAll('p, span, b, strong, em, s, u, code, pre, a, div, ul, ol, li, td, table')) { \
        if (part.closest('.sr, .actions')) continue; \
        const own = part.getBoundingClientRect(); \
        const beyond = own.width > 0 && own.height > 0 && (own.left < box.left - 1 || own.right > box.right + 1 \
          || own.top < box.top - 1 || own.bottom > box.bottom + 1); \
        if (beyond || getComputedStyle(part).position === 'fixed') out.push(part.outerHTML); \
      } \
      for (const part of bubble.querySelectorAll('script, style, iframe, object, embed, link, meta, base, svg script, form, \
        input, video, audio, details, marquee, template, [style*=position], [onerror], [onload], #app')) out.push(part.outerHTML); \
    } \
    return out";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_messages_stay_text_in_their_bubbles() {
    let (world, stage, listener) = (World::shared(), Stage::new().await, Listener::open());
    let (ada, bo) = (world.person("Ada"), world.person("Bo"));
    let room = world.group("Quay works", &bo, &ada);
    stage.sign_in(world, &ada);
    let window = Window::open(&stage, &[]).await;
    window.open_chat("Quay works").await;
    let address = window.address().await;

    for (number, body) in BODIES.iter().enumerate() {
        let body = body.replace("URL", &format!("http://127.0.0.1:{}/", listener.port()));
        let body = body.replace("HIT", "window.hit=(window.hit||0)+1");
        let content = json!({
            "msgtype": "m.text", "body": format!("number {number}. {body}"), "format": "org.matrix.custom.html",
            "formatted_body": format!("<p>number {number}.</p>{body}"),
            "__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}},
        });
        world.admin().send(&room, &bo.user, "m.room.message", &content, None).unwrap();
        // Not all of them are drawn at a time: each ten are looked at.
        if number % 10 == 9 {
            for seen in number - 9..=number {
                window.bubble(&format!("number {seen}.")).await;
            }
            assert_eq!(window.script(OUTSIDE, &[]).await, json!([]));
        }
    }
    assert_eq!(window.script("return window.hit ?? 0", &[]).await, 0, "a message ran");
    assert_eq!(window.script("return ({}).polluted ?? null", &[]).await, json!(null));
    assert_eq!(window.script("return Object.isFrozen(Object.prototype)", &[]).await, true);
    assert_eq!(window.address().await, address);

    let paste = "const field = document.querySelector('main textarea'); field.focus(); const data = new DataTransfer(); \
        data.setData('text/html', '<div class=\"dialog\" style=\"position:fixed\"><img src=x onerror=\"window.hit=1\">rich</div>'); \
        data.setData('text/plain', 'plain words'); \
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })); \
        return [field.value, document.querySelectorAll('.composer .dialog, .composer img').length, window.hit ?? 0]";
    assert_eq!(window.script(paste, &[]).await, json!(["plain words", 0, 0]));
    assert_eq!(listener.strangers().await, 0, "a message reached a server");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_page_itself_has_no_network_and_runs_no_foreign_script() {
    let (stage, listener) = (Stage::new().await, Listener::open());
    let window = Window::open(&stage, &[]).await;
    window.element("input[name=address]").await;
    let ways = "const [place, done] = arguments; const url = 'http://' + place; \
        const element = (name, set) => new Promise((tell) => { const made = document.createElement(name); \
          made.onload = () => tell('open'); made.onerror = () => tell('refused'); set(made); document.head.append(made); }); \
        const refusal = (directive, act) => new Promise((tell) => { \
          addEventListener('securitypolicyviolation', function heard(event) { \
            if (!event.effectiveDirective.startsWith(directive)) return; \
            removeEventListener('securitypolicyviolation', heard); tell('refused'); }); act(); }); \
        const all = { \
          fetch: fetch(url, { mode: 'no-cors' }).then(() => 'open', () => 'refused'), \
          xhr: new Promise((tell) => { const x = new XMLHttpRequest(); x.onload = () => tell('open'); \
            x.onerror = () => tell('refused'); x.open('GET', url); x.send(); }), \
          socket: new Promise((tell) => { try { const s = new WebSocket('ws://' + place); s.onopen = () => tell('open'); \
            s.onerror = () => tell('refused'); } catch { tell('refused'); } }), \
          image: element('img', (e) => (e.src = url)), \
          script: element('script', (e) => (e.src = url)), \
          sheet: element('link', (e) => { e.rel = 'stylesheet'; e.href = url; }), \
          inline: refusal('script-src', () => { const s = document.createElement('script'); \
            s.textContent = 'window.hit = 1'; document.head.append(s); }), \
          form: refusal('form-action', () => { const f = document.createElement('form'); f.action = url; f.method = 'post'; \
            document.body.append(f); f.submit(); }), \
        }; \
        Promise.all(Object.entries(all).map(async ([name, end]) => [name, await end])) \
          .then((ends) => done(Object.fromEntries([...ends, ['hit', window.hit ?? 0]])))";
    let seen = window.later(ways, &[json!(format!("127.0.0.1:{}/", listener.port()))]).await;
    let refused = json!({
        "fetch": "refused", "xhr": "refused", "socket": "refused", "image": "refused", "script": "refused",
        "sheet": "refused", "inline": "refused", "form": "refused", "hit": 0,
    });
    assert_eq!(seen, refused);
    assert_eq!(listener.strangers().await, 0, "the page reached a server");
}
