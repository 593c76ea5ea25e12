#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;
use crate::rich_text::tests::linear::{flood, is_linear};

fn draft(text: &str) -> Draft {
    Draft { text: text.to_owned(), reply_to: None, thread: None, mentions: Vec::new() }
}

fn me() -> UserId {
    UserId::from("@me:example.org")
}

fn content(text: &str) -> Value {
    message_content(&draft(text), None, None, &me()).unwrap().unwrap()
}

#[test]
fn a_message_in_a_thread_answers_the_newest_one_for_clients_without_threads_and_nobody_else() {
    let thread = ThreadContext { root: EventId::from("$root"), latest: EventId::from("$last") };
    let content = message_content(&draft("yes"), None, Some(&thread), &me()).unwrap().unwrap();
    let relates = serde_json::json!({ "rel_type": "m.thread", "event_id": "$root", "is_falling_back": true,
        "m.in_reply_to": { "event_id": "$last" } });
    assert_eq!(content["m.relates_to"], relates);
    assert_eq!(content["m.mentions"], serde_json::json!({}));
    let reply = ReplyContext { event: EventId::from("$mid"), sender: UserId::from("@priya:example.org") };
    let content = message_content(&draft("yes"), Some(&reply), Some(&thread), &me()).unwrap().unwrap();
    assert_eq!(content["m.relates_to"]["is_falling_back"], false);
    assert_eq!(content["m.relates_to"]["m.in_reply_to"]["event_id"], "$mid");
    assert_eq!(content["m.mentions"]["user_ids"], serde_json::json!(["@priya:example.org"]));
}

#[test]
fn plain_text_stays_plain() {
    for text in [
        "hello",
        "two\nlines",
        "one\n\ntwo",
        "5 * 3 = 15",
        "snake_case_name",
        "a < b && c > d",
        "<b>typed</b>",
        "<div>\ntyped\n</div>",
        "50 % ~ half",
        "#channel",
        "1.5 litres",
        "+1",
        "    indented",
        "https://example.org/a_b_c",
        "C:\\path\\*",
        "[not a link]",
        "![picture](x.png)",
        "[x](javascript:alert(1))",
        "&amp;",
        "-",
        "#",
        ">",
        "---",
        "a\u{202e}b",
    ] {
        let content = content(text);
        assert_eq!(content["body"], text);
        assert_eq!(content.get("formatted_body"), None, "{text:?}");
        assert_eq!(content.get("format"), None, "{text:?}");
        assert_eq!(content["msgtype"], "m.text");
    }
}

#[test]
fn markdown_makes_a_formatted_body() {
    for (text, html) in [
        ("**bold** and *italic*", "<strong>bold</strong> and <em>italic</em>"),
        ("~~gone~~ `code`", "<del>gone</del> <code>code</code>"),
        ("**a**\nb", "<strong>a</strong><br />\nb"),
        ("**a**\n\nb", "<p><strong>a</strong></p>\n<p>b</p>"),
        ("> quoted\n\nanswer", "<blockquote>\n<p>quoted</p>\n</blockquote>\n<p>answer</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("# Title", "<h1>Title</h1>"),
        ("```rust\nlet a = 1 < 2;\n```", "<pre><code class=\"language-rust\">let a = 1 &lt; 2;\n</code></pre>"),
        ("[here](https://example.org)", "<a href=\"https://example.org/\">here</a>"),
        (
            "**x** <https://example.org/a>",
            "<strong>x</strong> <a href=\"https://example.org/a\">https://example.org/a</a>",
        ),
        ("**x** <anna@example.org>", "<strong>x</strong> <a href=\"mailto:anna@example.org\">anna@example.org</a>"),
        ("**x** [y](javascript:alert(1))", "<strong>x</strong> y"),
        ("**x** [y](</etc/passwd>)", "<strong>x</strong> y"),
        ("**x** ![alt](https://evil.example/p.png)", "<strong>x</strong> alt"),
        ("**x** <script>alert(1)</script>", "<strong>x</strong> &lt;script&gt;alert(1)&lt;/script&gt;"),
        (
            "<div onclick=x>\ny\n</div>\n\n**x**",
            "<p>&lt;div onclick=x&gt;<br />\ny<br />\n&lt;/div&gt;</p>\n<p><strong>x</strong></p>",
        ),
    ] {
        let content = content(text);
        assert_eq!(content["formatted_body"], html, "{text}");
        assert_eq!(content["format"], "org.matrix.custom.html");
        assert_eq!(content["body"], text);
    }
}

#[test]
fn nothing_said_is_nothing_sent() {
    for text in ["", " ", "\n\t \u{a0}", "/me ", "/me   \n"] {
        assert_eq!(message_content(&draft(text), None, None, &me()), Ok(None), "{text:?}");
    }
}

#[test]
fn an_action_is_an_emote() {
    let waves = content("/me waves *wildly*");
    assert_eq!((&waves["msgtype"], &waves["body"]), (&json!("m.emote"), &json!("waves *wildly*")));
    assert_eq!(waves["formatted_body"], "waves <em>wildly</em>");
    for text in ["/me", "/meow at", " /me x", "/ME x"] {
        assert_eq!(content(text)["msgtype"], "m.text", "{text}");
    }
}

#[test]
fn mentions_are_always_told_and_never_oneself_or_twice() {
    let anna = UserId::from("@anna:example.org");
    let ben = UserId::from("@ben:example.org");
    let reply = |sender: &UserId| ReplyContext { event: EventId::from("$e"), sender: sender.clone() };
    for (picked, answered, expected) in [
        (vec![], None, json!({})),
        (vec![anna.clone()], None, json!({ "user_ids": [anna] })),
        (vec![anna.clone(), me(), anna.clone()], Some(reply(&ben)), json!({ "user_ids": [anna, ben] })),
        (vec![ben.clone()], Some(reply(&ben)), json!({ "user_ids": [ben] })),
        (vec![], Some(reply(&me())), json!({})),
    ] {
        let draft = Draft { text: "x".to_owned(), reply_to: None, thread: None, mentions: picked };
        let content = message_content(&draft, answered.as_ref(), None, &me()).unwrap().unwrap();
        assert_eq!(content["m.mentions"], expected);
    }
}

#[test]
fn a_reply_points_at_its_message_and_copies_nothing() {
    let reply = ReplyContext { event: EventId::from("$asked"), sender: UserId::from("@anna:example.org") };
    let content = message_content(&draft("yes"), Some(&reply), None, &me()).unwrap().unwrap();
    let expected = json!({
        "msgtype": "m.text",
        "body": "yes",
        "m.mentions": { "user_ids": ["@anna:example.org"] },
        "m.relates_to": { "m.in_reply_to": { "event_id": "$asked" } },
    });
    assert_eq!(content, expected);
}

#[test]
fn a_message_beyond_the_limit_is_refused_and_formatting_gives_way_first() {
    let over = message_content(&draft(&"x".repeat(MAX_CONTENT + 1)), None, None, &me());
    assert_eq!(over, Err(ComposeError::TooLarge { bytes: MAX_CONTENT + 1 }));
    // As JSON each of these takes two bytes.
    assert!(message_content(&draft(&"\"".repeat(40_000)), None, None, &me()).is_err());
    let half = content(&format!("**x** {}", "y".repeat(50_000)));
    assert_eq!(half.get("formatted_body"), None);
    assert!(content(&format!("**x** {}", "y".repeat(20_000))).get("formatted_body").is_some());
}

#[test]
fn a_markdown_bomb_takes_linear_time_and_space() {
    for piece in [
        "[", "*a_", "**", "> ", ">", "- ", "`", "~~", "![", "[a](", "<", "<a ", "&", "\\", "_a_", "# ", "1. ",
        "[a]: b\n", "|a", "a\n---\n", "<!--", "*a **a ", "[[](", "](",
    ] {
        assert!(
            is_linear(&|times| drop(message_content(&draft(&flood(piece, 12_000 * times)), None, None, &me()))),
            "{piece}"
        );
        let text = flood(piece, 50_000);
        let content = message_content(&draft(&text), None, None, &me());
        assert!(
            content.is_err() || content.unwrap().is_none_or(|content| content.to_string().len() <= MAX_CONTENT),
            "{piece}"
        );
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_tag_that_markdown_has_not(text in "([*_`~>#<&\\[\\]()!\\n\" -]|<script>|<b onclick=x>|javascript:|https://e.org|\\PC){0,40}") {
        if let Some(content) = message_content(&draft(&text), None, None, &me()).unwrap() {
            prop_assert!(content["m.mentions"].is_object());
            if let Some(html) = content["formatted_body"].as_str() {
                let tags: Vec<&str> = html.split('<').skip(1).map(|rest| rest.split([' ', '>', '/']).find(|name| !name.is_empty()).unwrap_or("")).collect();
                let known = ["p", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "br", "a"];
                prop_assert!(tags.iter().all(|tag| known.contains(tag)), "{}", html);
                prop_assert!(!html.contains("href=\"javascript") && !html.contains("<img") && !html.contains("<script"));
            }
        }
    }
}
