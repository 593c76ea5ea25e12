//! Events that nobody expects, and content that wants out.

use serde_json::{Value, json};
use tidings_journeys::{Answer, Chat, HostileServer, Person, Proxy, Reply, Seat, View, World};
use tidings_model::{Block, Body, Code, RoomId, Span};

async fn marta_in(world: &World) -> (Person, Seat, RoomId, Chat) {
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in().await);
    let room = world.group("Pier", &[&priya, &marta]);
    let hers = marta.opens(&room).await;
    (priya, marta, room, hers)
}

/// An object in an object, so deep.
fn deep(depth: usize) -> Value {
    (0..depth).fold(json!("the bottom"), |inside, _| json!({"in": inside}))
}

/// Contents of every wrong shape.
fn shapes() -> Vec<Value> {
    let text = |extra: Value| {
        let mut content = json!({"msgtype": "m.text", "body": "odd"});
        content.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        content
    };
    let mut shapes = vec![
        json!({}),
        json!({"msgtype": "m.text"}),
        json!({"msgtype": 7, "body": []}),
        json!({"msgtype": "m.text", "body": null}),
        json!({"msgtype": "m.text", "body": {"body": "x"}}),
        json!({"msgtype": "m.unheard.of", "body": "odd"}),
        json!({"msgtype": "", "body": ""}),
        json!({"msgtype": "m.image", "body": "x.png"}),
        json!({"msgtype": "m.image", "body": "x.png", "url": 5, "info": "big"}),
        json!({"msgtype": "m.image", "body": "x.png", "url": "mxc://a/b", "info": {"w": -1, "h": 1e300, "size": "x"}}),
        json!({"msgtype": "m.image", "body": "x.png", "file": {"url": "mxc://a/b", "key": {}, "iv": 3}}),
        json!({"msgtype": "m.file", "filename": ["a"], "url": {}}),
        json!({"msgtype": "m.location", "geo_uri": []}),
        text(
            json!({"__proto__": {"polluted": true}, "constructor": {"prototype": 1}, "toString": 5, "hasOwnProperty": []}),
        ),
        text(json!({"m.relates_to": 5})),
        text(json!({"m.relates_to": {"m.in_reply_to": {"event_id": {}}}})),
        text(json!({"m.relates_to": {"m.in_reply_to": {"event_id": "$nowhere"}}})),
        text(json!({"m.relates_to": {"rel_type": [], "event_id": 7}})),
        text(json!({"m.relates_to": {"rel_type": "m.thread", "event_id": "not an id"}})),
        text(json!({"m.mentions": "everybody"})),
        text(json!({"m.mentions": {"user_ids": [1, null, {}, "@", "x"], "room": "yes"}})),
        text(json!({"format": "org.matrix.custom.html", "formatted_body": 3})),
        text(json!({"format": 3, "formatted_body": "<b>"})),
        text(json!({"number": 9_007_199_254_740_991_i64})),
        text(json!({"\u{0}": "\u{0}", "": {"": ""}})),
        text(json!({"deep": deep(60)})),
        json!({"m.relates_to": {"rel_type": "m.replace", "event_id": "$nowhere"}, "m.new_content": 5, "body": "*", "msgtype": "m.text"}),
    ];
    // Every field of a message as everything it is not.
    for field in
        ["msgtype", "body", "format", "formatted_body", "m.mentions", "m.relates_to", "url", "info", "filename"]
    {
        for wrong in [json!(null), json!(1), json!(true), json!([]), json!([[[]]]), json!({}), json!("x".repeat(2000))]
        {
            let mut content = json!({
                "msgtype": "m.image", "body": "odd", "format": "org.matrix.custom.html", "formatted_body": "<b>odd</b>",
                "url": "mxc://a/b", "info": {"w": 1, "h": 1}, "filename": "a.png",
            });
            content[field] = wrong;
            shapes.push(content);
        }
    }
    shapes
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_messages_are_kept_and_the_others_are_shown() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in_at(&proxy.url()).await);
    let room = world.group("Pier", &[&priya, &marta]);
    marta.has(&room).await;
    // The homeserver checks what it takes from its own people, not what other servers and encryption bring: so what it
    // took is replaced on the way.
    proxy.treats(|request| {
        if !request.is_sync() {
            return Reply::Pass;
        }
        Reply::altered(|answer| {
            let shapes = shapes();
            let rooms = answer.pointer_mut("/rooms").and_then(Value::as_object_mut);
            for room in rooms.into_iter().flat_map(|rooms| rooms.values_mut()) {
                for event in room.pointer_mut("/timeline").and_then(Value::as_array_mut).into_iter().flatten() {
                    let body = event.pointer("/content/body").and_then(Value::as_str).unwrap_or_default();
                    if let Some(number) = body.strip_prefix("odd ").and_then(|number| number.parse::<usize>().ok()) {
                        event["content"] = shapes[number].clone();
                    }
                }
            }
        })
    });
    let hers = marta.opens(&room).await;
    priya.says(&room, "before");
    hers.sees("before").await;
    let count = shapes().len();
    for number in 0..count {
        priya.says(&room, &format!("odd {number}"));
        if number % 10 == 9 {
            let text = format!("after {number}");
            priya.says(&room, &text);
            hers.sees(&text).await;
        }
    }
    priya.says(&room, "after");
    hers.sees("after").await;
    let view = hers.now();
    let unsupported = view.messages().filter(|message| matches!(message.body, Body::Unsupported { .. })).count();
    assert!(unsupported > 10, "{:?}", view.texts());
    assert!(!view.texts().iter().any(|text| text.starts_with("odd ")), "the control: each was replaced");
    marta.has_preview(&room, "after").await;
    // They are read again from the vault.
    marta.restarts().await;
    let hers = marta.opens(&room).await;
    hers.scrolls_to_the_beginning().await;
    hers.sees("before").await;
    hers.sees("after").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_unknown_type_are_shown_as_unsupported_or_not_at_all() {
    let world = World::new();
    let (priya, marta, room, hers) = marta_in(&world).await;
    let admin = world.admin();
    let send = |kind: &str, content: &Value| admin.send(&room, priya.user(), kind, content, None).unwrap();
    priya.says(&room, "before");
    send("org.example.unheard.of", &json!({"body": "x", "__proto__": {"polluted": true}}));
    send("m.call.invite", &json!({"call_id": 1, "lifetime": "x"}));
    send("m.poll.start", &json!({"m.poll": {"answers": "none"}}));
    send("m.reaction", &json!({"m.relates_to": []}));
    send("m.sticker", &json!({"body": 1}));
    send("m.room.encrypted", &json!({"algorithm": "none", "ciphertext": 5}));
    send("org.example.deep", &json!({"deep": deep(90)}));
    admin.set_state(&room, priya.user(), "org.example.state", "key", &json!({"x": [1, {"y": null}]}), None).unwrap();
    priya.says(&room, "after");
    hers.sees("after").await;
    let texts = hers.texts();
    assert_eq!((texts[0].as_str(), texts[texts.len() - 1].as_str()), ("before", "after"));
    assert!(texts.contains(&"[unsupported org.example.unheard.of]".to_owned()), "{texts:?}");
    marta.has_preview(&room, "after").await;
    hers.sends("all well").await;
    hers.delivers("all well", &tidings_model::Delivery::Sent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn very_deep_json_stops_nothing() {
    let world = World::new();
    let (priya, marta, room, hers) = marta_in(&world).await;
    priya.says(&room, "before");
    // Deeper than common parsers go, and than most servers take.
    for depth in [100, 126, 127, 128, 129, 200, 400] {
        let content = json!({"msgtype": "m.text", "body": format!("deep {depth}"), "deep": deep(depth)});
        let sent = world.admin().send(&room, priya.user(), "m.room.message", &content, None);
        let after = format!("after {depth} ({})", if sent.is_ok() { "taken" } else { "refused by the server" });
        priya.says(&room, &after);
        hers.sees(&after).await;
        marta.has_preview(&room, &after).await;
    }
    hers.sees("before").await;
    marta.restarts().await;
    marta.is_online().await;
    priya.says(&room, "the end");
    marta.has_preview(&room, "the end").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_as_long_as_a_server_takes_is_shown() {
    let world = World::new();
    let (priya, marta, room, hers) = marta_in(&world).await;
    let long = "word ".repeat(12_500);
    priya.says(&room, &long);
    priya.says(&room, "after");
    hers.sees("after").await;
    let shown = &hers.texts()[0];
    assert!(shown.starts_with("word word") && shown.len() >= 10_000, "{} bytes", shown.len());
    let notice = marta.desktop().notifies("word word").await;
    assert!(notice.body.chars().count() <= 250);
    let failure = marta
        .engine()
        .send_message(
            marta.account(),
            room.clone(),
            tidings_model::Draft { text: "x".repeat(70_000), reply_to: None, thread: None, mentions: Vec::new() },
        )
        .await
        .unwrap_err();
    assert_eq!(failure.code, tidings_model::Code::TooLong);
    assert_eq!(hers.texts().len(), 2, "and no echo");
}

/// Everything a tree of blocks leads to or names.
fn words(blocks: &[Block]) -> String {
    format!("{blocks:?}").to_lowercase()
}

#[tokio::test(flavor = "multi_thread")]
async fn html_runs_nothing_and_fetches_nothing() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let bait = HostileServer::web_pages().await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in_at(&proxy.url()).await);
    let room = world.group("Pier", &[&priya, &marta]);
    let hers = marta.opens(&room).await;
    let url = bait.url();
    let html = format!(
        "<script>fetch('{url}')</script><style>body{{background:url({url})}}</style><img src=\"{url}/a.png\">\
         <img src='x' onerror=\"alert(1)\"><iframe src=\"{url}\"></iframe><object data=\"{url}\"></object>\
         <link rel=stylesheet href=\"{url}\"><svg onload=alert(1)><use href=\"{url}\"/></svg><base href=\"{url}\">\
         <form action=\"{url}\"><input name=q></form><meta http-equiv=refresh content=\"0;url={url}\">\
         <p style=\"background:url({url})\" class=\"x\" onclick=\"alert(1)\">plain <b>bold</b></p>\
         <a href=\"javascript:alert(1)\">one</a> <a href=\"{url}/page\">two</a> <video src=\"{url}\" poster=\"{url}\">"
    );
    let content = json!({
        "msgtype": "m.text", "body": "fallback", "format": "org.matrix.custom.html", "formatted_body": html,
    });
    world.admin().send(&room, priya.user(), "m.room.message", &content, None).unwrap();
    priya.says(&room, "after");
    hers.sees("after").await;
    let view = hers.now();
    let Body::Text { blocks, .. } = &view.messages().next().unwrap().body else { panic!("{view:#?}") };
    let words = words(blocks);
    assert!(words.contains("plain") && words.contains("bold"), "the control: its text is shown: {words}");
    for bad in ["script", "alert", "style", "fetch", "iframe", "onclick", "a.png", "javascript"] {
        assert!(!words.contains(bad), "{bad} in {words}");
    }
    let links: Vec<String> = links(blocks);
    assert_eq!(links, [format!("{url}/page")], "a link is kept, not followed");
    assert_eq!(bait.connections(), 0);
    assert!(proxy.requests().iter().all(|request| request.path().starts_with("/_matrix/")));

    // Only the person follows a link.
    marta.engine().open_link(&links[0]).unwrap();
    assert!(marta.engine().open_link("javascript:alert(1)").is_err());
    assert_eq!(bait.connections(), 0, "the system's browser goes there, not the program");
    // The control: the bait would have noticed.
    tokio::net::TcpStream::connect(("127.0.0.1", bait.port())).await.unwrap();
    world.until("a connection", |_| (bait.connections() == 1).then_some(())).await;
}

fn links(blocks: &[Block]) -> Vec<String> {
    fn spans(spans_: &[Span], found: &mut Vec<String>) {
        for span in spans_ {
            match span {
                Span::Link { href, spans: inside, .. } => {
                    found.push(href.clone());
                    spans(inside, found);
                }
                Span::Bold { spans: inside }
                | Span::Italic { spans: inside }
                | Span::Strike { spans: inside }
                | Span::Underline { spans: inside } => spans(inside, found),
                Span::Text { .. } | Span::Break | Span::Code { .. } | Span::Mention { .. } => {}
            }
        }
    }
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph { spans: inside } | Block::Heading { spans: inside, .. } => spans(inside, &mut found),
            Block::Quote { blocks } => found.extend(links(blocks)),
            Block::List { items, .. } => found.extend(items.iter().flat_map(|item| links(item))),
            Block::Code { .. } | Block::Rule => {}
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_address_leads_nowhere_but_to_media() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let bait = HostileServer::web_pages().await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in_at(&proxy.url()).await);
    let room = world.group("Pier", &[&priya, &marta]);
    let hers = marta.opens(&room).await;
    let port = bait.port();
    let good = world.admin().upload(priya.user(), PIXEL, "image/png", "a.png").unwrap();
    let addresses = [
        "mxc://../../../../foo".to_owned(),
        "mxc://skerrylines.example/..%2f..%2faccount%2fwhoami".to_owned(),
        "mxc://skerrylines.example/../../../v3/account/whoami".to_owned(),
        "mxc://skerrylines.example/a?allow_redirect=true".to_owned(),
        "mxc://skerrylines.example/a#b".to_owned(),
        "mxc://skerrylines.example/a\\..\\b".to_owned(),
        "mxc://skerrylines.example/\u{2215}etc\u{ff0f}passwd".to_owned(),
        format!("mxc://skerrylines.example/{}", "a".repeat(10_000)),
        format!("mxc://127.0.0.1:{port}/abc"),
        format!("http://127.0.0.1:{port}/a.png"),
        "file:///etc/passwd".to_owned(),
        "mxc://".to_owned(),
        good,
    ];
    for (number, url) in addresses.iter().enumerate() {
        let content =
            json!({"msgtype": "m.image", "body": format!("{number}.png"), "url": url, "info": {"w": 1, "h": 1}});
        world.admin().send(&room, priya.user(), "m.room.message", &content, None).unwrap();
    }
    priya.says(&room, "after");
    hers.sees("after").await;
    let media = |view: &View| -> Vec<(String, tidings_model::MediaRef)> {
        view.messages()
            .filter_map(|message| match &message.body {
                Body::Image { image, .. } => Some((image.name.clone(), image)),
                _ => None,
            })
            .flat_map(|(name, image)| {
                std::iter::once((name.clone(), image.media.clone()))
                    .chain(image.thumbnail.clone().map(|thumbnail| (name, thumbnail)))
            })
            .collect()
    };
    let before = proxy.requests().len();
    let mut fetched = Vec::new();
    for (name, media) in media(&hers.now()) {
        assert!(media.as_str().chars().all(|letter| letter.is_ascii_alphanumeric()), "{media}");
        if marta.engine().media(marta.account(), media).await.is_ok() {
            fetched.push(name);
        }
    }
    fetched.dedup();
    assert_eq!(fetched, ["12.png"], "the control: an honest picture is fetched");
    let asked = &proxy.requests()[before..];
    for request in asked.iter().filter(|request| !request.is_sync()) {
        let path = request.path();
        assert!(path.starts_with("/_matrix/client/v1/media/") || path.starts_with("/_matrix/media/"), "{request:?}");
        assert!(!path.contains("..") && !path.to_lowercase().contains("%2f"), "{request:?}");
    }
    assert_eq!(bait.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_the_server_refuses_says_nothing_of_a_password() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let (priya, marta) = (world.person("Priya"), world.person("Marta").signed_in_at(&proxy.url()).await);
    let room = world.group("Pier", &[&priya, &marta]);
    let hers = marta.opens(&room).await;
    let url = world.admin().upload(priya.user(), PIXEL, "image/png", "pixel.png").unwrap();
    let content = json!({"msgtype": "m.image", "body": "pixel.png", "url": url, "info": {"w": 1, "h": 1, "mimetype": "image/png"}});
    world.admin().send(&room, priya.user(), "m.room.message", &content, None).unwrap();
    let media = hers
        .until("a picture", |view| {
            view.messages().find_map(|message| match &message.body {
                Body::Image { image, .. } => Some(image.media.clone()),
                _ => None,
            })
        })
        .await;
    proxy.treats(|request| {
        if request.path().contains("/media/") { Answer::error(403, "M_FORBIDDEN").reply() } else { Reply::Pass }
    });
    let refused = marta.engine().media(marta.account(), media.clone()).await.unwrap_err();
    assert_eq!(refused.code, Code::NotAllowed);
    proxy.heals();
    marta.engine().media(marta.account(), media).await.unwrap();
}

/// A PNG of one pixel.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0,
    0xf0, 0x1f, 0, 0x05, 0, 1, 0xff, 0x89, 0x99, 0x3d, 0x1d, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60,
    0x82,
];

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_file_lands_in_the_downloads_under_an_honest_name() {
    let world = World::new();
    let (priya, marta, room, hers) = marta_in(&world).await;
    let mxc = world.admin().upload(priya.user(), b"MZ not a picture", "image/png", "x").unwrap();
    for name in
        ["../../../.bashrc", "photo\u{202e}gpj.exe", "C:\\Windows\\x.txt", "/etc/passwd", "CON.txt", "a\u{0}b.pdf"]
    {
        let content = json!({"msgtype": "m.file", "body": name, "url": mxc});
        world.admin().send(&room, priya.user(), "m.room.message", &content, None).unwrap();
    }
    let files = hers
        .until("six files", |view| {
            let files: Vec<_> = view
                .messages()
                .filter_map(|message| match &message.body {
                    Body::File { file, .. } => Some(file.media.clone()),
                    _ => None,
                })
                .collect();
            (files.len() == 6).then_some(files)
        })
        .await;
    for media in &files {
        let name = marta.engine().save_file(marta.account(), media.clone()).await.unwrap();
        assert!(marta.downloads().join(&name).is_file(), "{name:?}");
        assert!(!name.contains(['/', '\\', '\u{202e}', '\u{0}']) && !name.starts_with('.'), "{name:?}");
    }
    // All of them, and nothing beside the folder: the profile and the downloads.
    let beside: Vec<_> = std::fs::read_dir(marta.downloads().parent().unwrap()).unwrap().collect();
    assert_eq!(beside.len(), 2, "{beside:?}");
}
