//! Markdown (CommonMark, with `~~`) to the HTML of a `formatted_body`.
//!
//! **Invariant:** raw HTML is text, every line break is kept, links lead to http, https or mailto, and no picture is ever
//! referred to: one of another server would be fetched by whoever reads it.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd, html};
use tidings_model::LinkTarget;

/// The HTML, or `None` when the text has no formatting.
pub(super) fn to_html(text: &str) -> Option<String> {
    let parser = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH);
    let mut events = Vec::new();
    let mut formatted = false;
    // `-` or `#` alone are signs, not an empty list or heading.
    let mut says_something = false;
    let mut paragraphs = 0;
    // Whether each open link was kept, so that its end is treated as its beginning.
    let mut links = Vec::new();
    for event in parser {
        formatted |= is_formatting(&event);
        says_something |= matches!(&event, Event::Text(text) | Event::Code(text) if !text.trim().is_empty());
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let email = link_type == LinkType::Email;
                let target = if email { format!("mailto:{dest_url}") } else { dest_url.to_string() };
                let target = LinkTarget::parse(&target);
                links.push(target.is_some());
                if let Some(target) = target {
                    // The writer puts `mailto:` before an e-mail address by itself.
                    let dest_url = if email { dest_url } else { target.href.into() };
                    events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
            }
            Event::End(TagEnd::Link) => {
                if links.pop() == Some(true) {
                    events.push(Event::End(TagEnd::Link));
                }
            }
            // The words that describe a picture stay.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            Event::Start(Tag::HtmlBlock) => {
                paragraphs += 1;
                events.push(Event::Start(Tag::Paragraph));
            }
            Event::End(TagEnd::HtmlBlock) => {
                if matches!(events.last(), Some(Event::HardBreak)) {
                    events.pop();
                }
                events.push(Event::End(TagEnd::Paragraph));
            }
            Event::Html(source) => {
                for line in source.split_inclusive('\n') {
                    events.push(Event::Text(line.trim_end_matches(['\n', '\r']).to_owned().into()));
                    if line.ends_with('\n') {
                        events.push(Event::HardBreak);
                    }
                }
            }
            Event::InlineHtml(source) => events.push(Event::Text(source)),
            Event::SoftBreak => events.push(Event::HardBreak),
            other => {
                if matches!(other, Event::Start(Tag::Paragraph)) {
                    paragraphs += 1;
                }
                events.push(other);
            }
        }
    }
    if !formatted || !says_something {
        return None;
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    let out = out.trim_end();
    // One paragraph alone is a line of chat, not a document.
    let bare = out.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>")).filter(|_| paragraphs == 1);
    Some(bare.unwrap_or(out).to_owned())
}

/// What plain text cannot say. Indented lines are no code in a chat unless something else is formatted too.
fn is_formatting(event: &Event<'_>) -> bool {
    match event {
        Event::Start(Tag::Paragraph | Tag::HtmlBlock | Tag::CodeBlock(CodeBlockKind::Indented)) => false,
        // Where the target is refused, only its words would be left.
        Event::Start(Tag::Link { dest_url, .. }) => LinkTarget::parse(dest_url).is_some(),
        Event::Start(Tag::Image { .. }) => false,
        Event::Start(_) | Event::Code(_) | Event::Rule => true,
        _ => false,
    }
}
