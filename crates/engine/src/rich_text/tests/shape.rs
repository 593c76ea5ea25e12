use super::*;

#[test]
fn formatting_becomes_blocks_and_spans() {
    for (given, expected) in [
        ("hello", "p(hello)"),
        ("<p>one</p><p>two</p>", "p(one) p(two)"),
        ("<b>a</b> <strong>b</strong><i>c</i><em>d</em>", "p(b(a) b(b)i(cd))"),
        ("<u>a</u><ins>b</ins> <s>c</s><strike>d</strike><del>e</del>", "p(u(ab) s(cde))"),
        ("<b>a<i>b</b>c</i>d", "p(b(ai(b))i(c)d)"),
        ("<b><b><b>x</b></b></b>y", "p(b(x)y)"),
        ("</b></i></a>x", "p(x)"),
        ("<b>one<p>two</p></b>three", "p(b(one)) p(b(two)) p(three)"),
        ("a<br>b<br/>c", "p(a⏎b⏎c)"),
        ("<br><br>a<br><br>", "p(a)"),
        ("  a \n  b\t", "p(a b)"),
        ("<h1>a</h1><h6>b</h6>c", "h1(a) h6(b) p(c)"),
        ("a<hr>b", "p(a) hr p(b)"),
        ("use <code>x &lt; y</code>", "p(use `x < y`)"),
        (
            "<pre><code class=\"language-rust\">fn a() {\n    b();\n}\n</code></pre>",
            "pre[rust](\"fn a() {\\n    b();\\n}\")",
        ),
        ("<pre>\n  a\n</pre>b", "pre[](\"  a\") p(b)"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>c", "quote(p(a) quote(p(b))) p(c)"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "ul(li(p(a)) li(p(b) ul(li(p(c)))))"),
        ("<ol start=5><li>a<li>b</ol>", "ol5(li(p(a)) li(p(b)))"),
        ("<ol start=-1><li>a</ol><ol start=x><li>b</ol>", "ol1(li(p(a))) ol1(li(p(b)))"),
        ("<ul></ul><blockquote> </blockquote><p></p><b></b>", ""),
        ("<li>alone</li>", "p(alone)"),
        ("<ul>loose<li>a</ul>", "ul(li(p(loose)) li(p(a)))"),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>e", "p(a | b⏎c | d) p(e)"),
        ("<details><summary>s</summary>d</details>", "p(s) p(d)"),
        ("x<sup>2</sup> <span data-mx-color=red>c</span> <font color=red>f</font>", "p(x2 c f)"),
        ("<img src=\"mxc://a/b\" alt=\":wave:\" title=t> hi", "p(:wave: hi)"),
        ("<img src=x>", ""),
        ("<mx-reply><blockquote>old</blockquote></mx-reply>new", "p(new)"),
        ("<unknown>text</unknown>", "p(text)"),
        ("&amp;lt; &eacute; &#x1F600; &nosuch; &", "p(&lt; é 😀 &nosuch; &)"),
        ("<head><title>t</title></head><body>b</body>", "p(b)"),
        ("<head>never closed<body>b", "p(b)"),
        ("<!-- c -->a<!doctype html><?pi?>b", "p(ab)"),
        ("", ""),
        ("   ", ""),
    ] {
        assert_eq!(sketch(&html(given)), expected, "{given}");
    }
}

#[test]
fn links_carry_their_checked_target() {
    for (given, expected) in [
        ("<a href=\"https://example.org/a\">here</a>", "p(a[https://example.org/a](here))"),
        ("<a href=\"https://example.org/?a=1&amp;b=2\">x</a>", "p(a[https://example.org/?a=1&b=2](x))"),
        ("<a href=https://evil.example>bank.<b>exam</b>ple</a>", "p(a[https://evil.example/ !](bank.b(exam)ple))"),
        (
            "<a href=https://e.org>a<b>b<a href=https://f.org>c</a>d</b>",
            "p(a[https://e.org/](ab(b))a[https://f.org/](b(c))b(d))",
        ),
        ("<a href=https://e.org>one<p>two</a>three", "p(a[https://e.org/](one)) p(a[https://e.org/](two)three)"),
        ("<a href=https://e.org> </a>x", "p(x)"),
        ("<a href=javascript:x>y</a>", "p(y)"),
        ("<a>y</a>", "p(y)"),
        ("see https://example.org/a, please", "p(see a[https://example.org/a](https://example.org/a), please)"),
        ("https://e.org/?a=1&amp;b=2", "p(a[https://e.org/?a=1&b=2](https://e.org/?a=1&b=2))"),
        ("<code>https://example.org</code>", "p(`https://example.org`)"),
    ] {
        assert_eq!(sketch(&html(given)), expected, "{given}");
    }
}

#[test]
fn a_person_is_named_as_the_room_knows_them() {
    for (given, expected) in [
        ("<a href=\"https://matrix.to/#/@anna:example.org\">the boss</a>: hi", "p(@[Anna Berg]: hi)"),
        ("<a href='https://matrix.to/#/%40me%3Aexample.org'>me</a>", "p(@[Me me])"),
        ("<a href='matrix:u/anna:example.org'>x</a>", "p(@[Anna Berg])"),
        ("<a href='https://matrix.to/#/@new:example.org'>Admin</a>", "p(@[new])"),
        ("<a href='https://matrix.to/#/@odd:example.org'>x</a>", "p(@[Odd name])"),
        ("<b><a href='https://matrix.to/#/@anna:example.org'>x</a></b>", "p(b(@[Anna Berg]))"),
        ("<a href='https://matrix.to/#/@anna:example.org'>x<p>not lost</p>", "p(@[Anna Berg]) p(not lost)"),
        (
            "<a href='https://matrix.to/#/!room:example.org'>room</a>",
            "p(a[https://matrix.to/#/!room:example.org](room))",
        ),
        ("@room and @rooms", "p(@[room all me] and @rooms)"),
        ("@Anna Berg, Anna Berg", "p(@[Anna Berg], Anna Berg)"),
    ] {
        assert_eq!(sketch(&html(given)), expected, "{given}");
    }
}

#[test]
fn a_plain_body_keeps_its_lines_and_shows_addresses_and_mentions() {
    for (given, expected) in [
        ("hello", "p(hello)"),
        ("a\nb\r\n\nc\n\n", "p(a⏎b⏎⏎c)"),
        ("  indented\n\tline", "p(  indented⏎\tline)"),
        ("<b>not bold</b> &amp;", "p(<b>not bold</b> &amp;)"),
        ("see https://example.org/a_(b).", "p(see a[https://example.org/a_(b)](https://example.org/a_(b)).)"),
        ("www.example.org", "p(a[https://www.example.org/](www.example.org))"),
        ("main.rs and example.org", "p(main.rs and example.org)"),
        ("write to anna@example.org!", "p(write to a[mailto:anna@example.org](anna@example.org)!)"),
        (
            "javascript://x.example/%0Aalert(1) file:///etc/passwd",
            "p(javascript://x.example/%0Aalert(1) file:///etc/passwd)",
        ),
        ("https://good.example@evil.example/", "p(https://good.example@evil.example/)"),
        ("Anna Berg: lunch?", "p(@[Anna Berg]: lunch?)"),
        ("@Anna Berg @anna @anna:example.org", "p(@[Anna Berg] @[Anna Berg] @[Anna Berg])"),
        ("@stranger hello", "p(@[stranger] hello)"),
        ("Annabel, JoAnna Berg, Anna Bergs", "p(Annabel, JoAnna Berg, Anna Bergs)"),
        ("Me means me, @Me", "p(Me means me, @[Me me])"),
        ("@room\n@room", "p(@[room all me]⏎@[room all me])"),
        ("a\u{202e}b\u{7}c\0", "p(abc)"),
        (" \n ", ""),
        ("", ""),
    ] {
        assert_eq!(sketch(&plain(given)), expected, "{given:?}");
    }
}

#[test]
fn nobody_is_coloured_who_is_not_mentioned() {
    let me = UserId::from("@me:example.org");
    let blocks =
        from_plain("@room @Me Anna Berg", Context { me: &me, names: &names, mentions: &[], room_mention: false });
    assert_eq!(sketch(&blocks), "p(@room @Me Anna Berg)");
}

#[test]
fn a_preview_is_one_short_line() {
    for (given, expected) in [
        ("<p>one</p><ul><li>two<li>three</ul><pre>four\nfive</pre>", "one two three four five"),
        ("<a href='https://matrix.to/#/@anna:example.org'>x</a> <b>now</b><br>!", "@Anna Berg now !"),
        ("a&#x202e;b&#x2066;c", "abc"),
        ("<hr>", ""),
    ] {
        assert_eq!(to_plain(&html(given)), expected, "{given}");
    }
    let long = to_plain(&plain(&"word ".repeat(100)));
    assert!(long.ends_with("word…") && long.chars().count() <= 200);
}

#[test]
fn one_to_three_emoji_are_drawn_large() {
    for (text, expected) in [
        ("👍", true),
        ("👍🏽 🎉", true),
        ("❤️", true),
        ("❤", true),
        ("👩‍👩‍👧‍👦🇩🇪🏴󠁧󠁢󠁥󠁮󠁧󠁿", true),
        ("1️⃣", true),
        ("☺️☺️☺️", true),
        ("👍👍👍👍", false),
        ("👍 ok", false),
        ("ok", false),
        ("123", false),
        ("#", false),
        ("™", false),
        ("→", false),
        ("🇩", false),
        ("❤︎", false),
        ("日本", false),
        ("👍\n👍", false),
        ("", false),
    ] {
        assert_eq!(jumbo(&plain(text)), expected, "{text}");
    }
    assert!(!jumbo(&html("<b>👍</b>")) && !jumbo(&html("<h1>👍</h1>")));
}
