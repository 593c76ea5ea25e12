//! Runs of text to spans: formatting, links, addresses and mentions within a line.
//!
//! **Invariant:** spans nest in one order (link, bold, italic, underline, strike, text), so never deeper than six,
//! whatever the sender nested.

use linkify::{LinkFinder, LinkKind};
use tidings_model::{LinkTarget, Span, UserId, misleading, one_line};

use super::{Context, pill};

/// Characters of a name in a mention.
const MAX_NAME: usize = 80;
/// People who are looked for in a text. More are notified, but not coloured.
const MAX_PEOPLE: usize = 50;

/// The formatting of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) link: Option<usize>,
    pub(super) bold: bool,
    pub(super) italic: bool,
    pub(super) underline: bool,
    pub(super) strike: bool,
    pub(super) code: bool,
}

/// What a run shows.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Text(String),
    Break,
    Mention(Span),
}

/// A piece of a line with one formatting.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) style: Style,
    pub(super) content: Content,
}

impl Run {
    pub(super) fn text(style: Style, text: String) -> Self {
        Self { style, content: Content::Text(text) }
    }

    pub(super) fn line_break(style: Style) -> Self {
        Self { style, content: Content::Break }
    }
}

/// The text of runs, on one line.
pub(super) fn words(runs: &[Run]) -> String {
    let mut text = String::new();
    for run in runs {
        match &run.content {
            Content::Text(words) => text.push_str(words),
            Content::Break => text.push(' '),
            Content::Mention(Span::Mention { name, .. }) => text.push_str(name),
            Content::Mention(_) => {}
        }
    }
    text
}

/// A text without any markup.
pub(super) fn flat(text: &str) -> Vec<Span> {
    if text.trim().is_empty() { Vec::new() } else { vec![Span::Text { text: text.to_owned() }] }
}

/// How many spans there are, all levels together. The levels are at most six.
pub(super) fn count(spans: &[Span]) -> usize {
    spans.iter().map(|span| 1 + children(span).map_or(0, count)).sum()
}

fn children(span: &Span) -> Option<&[Span]> {
    match span {
        Span::Bold { spans }
        | Span::Italic { spans }
        | Span::Strike { spans }
        | Span::Underline { spans }
        | Span::Link { spans, .. } => Some(spans),
        Span::Text { .. } | Span::Break | Span::Code { .. } | Span::Mention { .. } => None,
    }
}

/// Which spellings of a name count as a mention.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// `@Name`: HTML has links for mentions, so a bare name is just a word.
    WithSign,
    /// `Name` too: the plain body of a mention is often the name alone.
    Bare,
}

/// Finds addresses and mentions in text.
pub(super) struct Marker<'a> {
    finder: LinkFinder,
    /// Longest first: what to look for, and the mention it stands for.
    needles: Vec<(String, Span)>,
    pub(super) context: Context<'a>,
}

impl<'a> Marker<'a> {
    pub(super) fn new(context: Context<'a>, names: Names) -> Self {
        let mut finder = LinkFinder::new();
        finder.kinds(&[LinkKind::Url, LinkKind::Email]).url_must_have_scheme(false);
        let mut needles = Vec::new();
        for user in context.mentions.iter().take(MAX_PEOPLE).filter(|user| pill::is_user_id(user.as_str())) {
            let mention = mention(user, context);
            let id = user.as_str();
            let local = id.split(':').next().unwrap_or(id);
            needles.push((id.to_owned(), mention.clone()));
            needles.push((local.to_owned(), mention.clone()));
            if let Some(name) = (context.names)(user).filter(|name| !name.trim().is_empty()) {
                let name = name.trim().trim_start_matches('@').to_owned();
                if names == Names::Bare && name.chars().count() >= 3 {
                    needles.push((name.clone(), mention.clone()));
                }
                needles.push((format!("@{name}"), mention));
            }
        }
        if context.room_mention {
            needles.push(("@room".to_owned(), Span::Mention { user: None, name: "room".to_owned(), me: true }));
        }
        needles.retain(|(needle, _)| needle.chars().count() > 1);
        needles.sort_by_key(|(needle, _)| std::cmp::Reverse(needle.len()));
        Self { finder, needles, context }
    }

    /// The spans of a line. `links` are what [`Style::link`] counts.
    pub(super) fn spans(&self, runs: &[Run], links: &[LinkTarget]) -> Vec<Span> {
        let mut spans = Vec::new();
        for group in runs.chunk_by(|a, b| a.style.link == b.style.link) {
            let link = group.first().and_then(|run| run.style.link).and_then(|number| links.get(number));
            let inner = self.formatted(group, 0);
            match link {
                // A link without visible text cannot be seen, so it must not be clicked.
                Some(_) if words(group).trim().is_empty() => {}
                Some(target) => spans.push(Span::Link {
                    href: target.href.clone(),
                    host: target.host.clone(),
                    misleading: misleading(&words(group), target),
                    spans: inner,
                }),
                None => spans.extend(inner),
            }
        }
        spans
    }

    /// `level` goes from bold to text, so this calls itself four times deep at most.
    fn formatted(&self, runs: &[Run], level: u8) -> Vec<Span> {
        let on = |run: &Run| match level {
            0 => run.style.bold,
            1 => run.style.italic,
            2 => run.style.underline,
            _ => run.style.strike,
        };
        if level > 3 {
            return runs.iter().flat_map(|run| self.leaf(run)).collect();
        }
        let mut spans = Vec::new();
        for group in runs.chunk_by(|a, b| on(a) == on(b)) {
            let inner = self.formatted(group, level + 1);
            match level {
                _ if inner.is_empty() => {}
                _ if !group.first().is_some_and(on) => spans.extend(inner),
                0 => spans.push(Span::Bold { spans: inner }),
                1 => spans.push(Span::Italic { spans: inner }),
                2 => spans.push(Span::Underline { spans: inner }),
                _ => spans.push(Span::Strike { spans: inner }),
            }
        }
        spans
    }

    fn leaf(&self, run: &Run) -> Vec<Span> {
        match &run.content {
            Content::Break => vec![Span::Break],
            Content::Mention(span) => vec![span.clone()],
            Content::Text(text) if text.is_empty() => Vec::new(),
            Content::Text(text) if run.style.code => vec![Span::Code { text: text.clone() }],
            Content::Text(text) if run.style.link.is_some() => vec![Span::Text { text: text.clone() }],
            Content::Text(text) => self.marked(text),
        }
    }

    /// Text with its addresses and mentions marked.
    fn marked(&self, text: &str) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut plain = String::new();
        for part in self.finder.spans(text) {
            let words = part.as_str();
            let target = match part.kind() {
                Some(LinkKind::Email) => LinkTarget::parse(&format!("mailto:{words}")),
                Some(_) if words.contains("://") => LinkTarget::parse(words),
                // `example.org` alone is as often `main.rs`.
                Some(_) if words.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www.")) => {
                    LinkTarget::parse(&format!("https://{words}"))
                }
                _ => None,
            };
            match target {
                Some(target) => {
                    self.mentioned(&std::mem::take(&mut plain), &mut spans);
                    let misleading = misleading(words, &target);
                    let inner = vec![Span::Text { text: words.to_owned() }];
                    spans.push(Span::Link { href: target.href, host: target.host, misleading, spans: inner });
                }
                None => plain.push_str(words),
            }
        }
        self.mentioned(&plain, &mut spans);
        spans
    }

    fn mentioned(&self, text: &str, spans: &mut Vec<Span>) {
        let mut plain = String::new();
        let mut rest = text;
        let mut inside_word = false;
        while let Some(letter) = rest.chars().next() {
            let found = if inside_word { None } else { self.needle_at(rest) };
            if let Some((needle, mention)) = found {
                if !plain.is_empty() {
                    spans.push(Span::Text { text: std::mem::take(&mut plain) });
                }
                spans.push(mention.clone());
                rest = rest.get(needle.len()..).unwrap_or_default();
                inside_word = true;
            } else {
                plain.push(letter);
                inside_word = is_word(letter);
                rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            }
        }
        if !plain.is_empty() {
            spans.push(Span::Text { text: plain });
        }
    }

    fn needle_at(&self, rest: &str) -> Option<&(String, Span)> {
        self.needles.iter().find(|(needle, _)| {
            rest.strip_prefix(needle.as_str()).is_some_and(|after| !after.chars().next().is_some_and(is_word))
        })
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// A person, by the name the room knows; never by a text that the sender chose.
pub(super) fn mention(user: &UserId, context: Context<'_>) -> Span {
    let known = (context.names)(user).map(|name| one_line(name.trim().trim_start_matches('@'), MAX_NAME));
    let name = known.filter(|name| !name.is_empty()).unwrap_or_else(|| {
        let id = user.as_str().trim_start_matches('@');
        one_line(id.split(':').next().unwrap_or(id), MAX_NAME)
    });
    Span::Mention { user: Some(user.clone()), name, me: user == context.me }
}
