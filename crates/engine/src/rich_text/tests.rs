#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod hostile;
pub(crate) mod linear;
mod shape;

use tidings_model::{Block, LinkTarget, MAX_DEPTH, Span, UserId};

use super::*;

fn names(user: &UserId) -> Option<String> {
    match user.as_str() {
        "@anna:example.org" => Some("Anna Berg".to_owned()),
        "@me:example.org" => Some("Me".to_owned()),
        "@odd:example.org" => Some("Odd\u{202e}\nname".to_owned()),
        _ => None,
    }
}

fn html(text: &str) -> Vec<Block> {
    let me = UserId::from("@me:example.org");
    let mentions = [UserId::from("@anna:example.org"), me.clone()];
    from_html(text, Context { me: &me, names: &names, mentions: &mentions, room_mention: true })
}

fn plain(text: &str) -> Vec<Block> {
    let me = UserId::from("@me:example.org");
    let mentions = [UserId::from("@anna:example.org"), me.clone(), UserId::from("@stranger:example.org")];
    from_plain(text, Context { me: &me, names: &names, mentions: &mentions, room_mention: true })
}

/// A tree as short text, so that a table can be read.
fn sketch(blocks: &[Block]) -> String {
    let all: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph { spans } => format!("p({})", spans_sketch(spans)),
            Block::Heading { level, spans } => format!("h{level}({})", spans_sketch(spans)),
            Block::Code { language, text } => format!("pre[{}]({text:?})", language.as_deref().unwrap_or_default()),
            Block::Quote { blocks } => format!("quote({})", sketch(blocks)),
            Block::List { start, items } => {
                let items: Vec<String> = items.iter().map(|item| format!("li({})", sketch(item))).collect();
                format!("{}({})", start.map_or("ul".to_owned(), |start| format!("ol{start}")), items.join(" "))
            }
            Block::Rule => "hr".to_owned(),
        })
        .collect();
    all.join(" ")
}

fn spans_sketch(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| match span {
            Span::Text { text } => text.clone(),
            Span::Break => "⏎".to_owned(),
            Span::Bold { spans } => format!("b({})", spans_sketch(spans)),
            Span::Italic { spans } => format!("i({})", spans_sketch(spans)),
            Span::Strike { spans } => format!("s({})", spans_sketch(spans)),
            Span::Underline { spans } => format!("u({})", spans_sketch(spans)),
            Span::Code { text } => format!("`{text}`"),
            Span::Link { href, misleading, spans, .. } => {
                format!("a[{href}{}]({})", if *misleading { " !" } else { "" }, spans_sketch(spans))
            }
            Span::Mention { user, name, me } => {
                format!("@[{name}{}{}]", if user.is_none() { " all" } else { "" }, if *me { " me" } else { "" })
            }
        })
        .collect()
}

/// What must hold for every tree, whatever it was made of; `None` when it does.
fn wrong(blocks: &[Block]) -> Option<String> {
    let mut nodes = 0;
    blocks
        .iter()
        .find_map(|block| wrong_block(block, 1, &mut nodes))
        .or_else(|| (nodes > MAX_NODES).then(|| format!("{nodes} nodes")))
}

fn wrong_block(block: &Block, depth: usize, nodes: &mut usize) -> Option<String> {
    *nodes += 1;
    if depth > MAX_DEPTH {
        return Some("too deep".to_owned());
    }
    match block {
        Block::Paragraph { spans } | Block::Heading { spans, level: 1..=6 } => {
            spans.iter().find_map(|span| wrong_span(span, depth + 1, nodes))
        }
        Block::Heading { .. } => Some("level".to_owned()),
        Block::Code { text, language } => {
            let odd = |name: &String| !name.chars().all(|c| c.is_ascii_alphanumeric() || "+#._-".contains(c));
            language
                .as_ref()
                .filter(|name| odd(name))
                .map(|name| format!("language {name}"))
                .or_else(|| wrong_text(text))
        }
        Block::Quote { blocks } => blocks.iter().find_map(|block| wrong_block(block, depth + 1, nodes)),
        Block::List { items, .. } => items.iter().flatten().find_map(|block| wrong_block(block, depth + 1, nodes)),
        Block::Rule => None,
    }
}

fn wrong_span(span: &Span, depth: usize, nodes: &mut usize) -> Option<String> {
    *nodes += 1;
    if depth > MAX_DEPTH {
        return Some("too deep".to_owned());
    }
    match span {
        Span::Text { text } | Span::Code { text } => wrong_text(text),
        Span::Break => None,
        Span::Link { href, host, spans, .. } => {
            let safe = ["http://", "https://", "mailto:"].iter().any(|start| href.starts_with(start));
            if !safe || !LinkTarget::parse(href).is_some_and(|target| target.href == *href && target.host == *host) {
                return Some(format!("link to {href}"));
            }
            spans.iter().find_map(|span| match span {
                Span::Link { .. } => Some("a link in a link".to_owned()),
                span => wrong_span(span, depth + 1, nodes),
            })
        }
        Span::Bold { spans } | Span::Italic { spans } | Span::Strike { spans } | Span::Underline { spans } => {
            spans.iter().find_map(|span| wrong_span(span, depth + 1, nodes))
        }
        Span::Mention { user, name, .. } => {
            let good = user.as_ref().is_none_or(|user| super::pill::is_user_id(user.as_str()));
            (!good || name.is_empty()).then(|| format!("mention {user:?}")).or_else(|| wrong_text(name))
        }
    }
}

fn wrong_text(text: &str) -> Option<String> {
    text.chars().find(|letter| !is_kept(*letter)).map(|letter| format!("{letter:?} in a text"))
}
