//! What messages carry, drawn as the lists of a drawer.

use tidings_model::{Block, Body, PartItem, PartLink, RoomId, Span, UserId, one_line};
use tidings_vault::Carrier;

use super::body::{self, Rights, Scene};
use crate::{people::People, session::Session};

/// Characters of a link that are shown.
const LONGEST: usize = 120;

/// Messages as items of a list.
pub(crate) fn parts(session: &Session, room: &RoomId, carriers: &[Carrier]) -> Vec<PartItem> {
    let senders: Vec<UserId> = carriers.iter().map(|carrier| carrier.message.sender.clone()).collect();
    let people = People::read(session, room, &senders);
    let scene = Scene { session, people: &people, rights: Rights::default() };
    let item = |Carrier { message: record, thread }: &Carrier| {
        let body = body::body(&scene, record);
        PartItem {
            event: record.event.clone(),
            thread: thread.clone(),
            sender: people.person(&record.sender),
            own: record.sender == session.user,
            time: record.time,
            link: first_link(blocks(&body)),
            body,
        }
    };
    carriers.iter().map(item).collect()
}

/// The text of a body, or its caption.
fn blocks(body: &Body) -> &[Block] {
    match body {
        Body::Text { blocks, .. } => blocks,
        Body::Image { caption, .. }
        | Body::Video { caption, .. }
        | Body::Audio { caption, .. }
        | Body::File { caption, .. } => caption,
        _ => &[],
    }
}

/// The first link of a text. What is shown of it is read off its target, so that it cannot say another.
fn first_link(blocks: &[Block]) -> Option<PartLink> {
    blocks.iter().find_map(|block| match block {
        Block::Paragraph { spans } | Block::Heading { spans, .. } => in_spans(spans),
        Block::Quote { blocks } => first_link(blocks),
        Block::List { items, .. } => items.iter().find_map(|item| first_link(item)),
        Block::Code { .. } | Block::Rule => None,
    })
}

fn in_spans(spans: &[Span]) -> Option<PartLink> {
    spans.iter().find_map(|span| match span {
        Span::Link { href, host, .. } => {
            let after = href.split_once("://").map_or("", |(_, rest)| rest);
            let path = after.find('/').and_then(|at| after.get(at..)).unwrap_or_default();
            let text = one_line(&format!("{host}{}", path.trim_end_matches('/')), LONGEST);
            Some(PartLink { href: href.clone(), text })
        }
        Span::Bold { spans } | Span::Italic { spans } | Span::Strike { spans } | Span::Underline { spans } => {
            in_spans(spans)
        }
        Span::Text { .. } | Span::Break | Span::Code { .. } | Span::Mention { .. } => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::rich_text::{Context, from_plain};

    fn of(text: &str) -> Option<(String, String)> {
        let names = |_: &UserId| None;
        let me = UserId::from("@me:org.example");
        let context = Context { me: &me, names: &names, mentions: &[], room_mention: false };
        first_link(&from_plain(text, context)).map(|link| (link.href, link.text))
    }

    #[test]
    fn the_first_link_is_shown_by_where_it_leads() {
        let (href, text) = of("see https://org.example/plans/week-20/ and https://other.example").unwrap();
        assert_eq!((href.as_str(), text.as_str()), ("https://org.example/plans/week-20/", "org.example/plans/week-20"));
        assert_eq!(of("no link here"), None);
    }
}
