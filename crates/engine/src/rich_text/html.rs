//! HTML that others wrote, token by token.
//!
//! **Invariant:** every token costs a bounded number of steps: open containers are at most [`MAX_OPEN`], formatting is a
//! counter for each kind, and a tag that does not end is given up.
//!
//! Content is dropped where a browser would not show it (script, style, head …); of every other unknown tag the text
//! stays. Raw text states are told to the tokenizer, so that what looks like a tag in a script is none here either.

use std::cell::{Cell, RefCell};

use html5ever::{
    Attribute,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind},
};
use tidings_model::{Block, LinkTarget, MAX_DEPTH};

use super::{
    Context, MAX_INPUT, MAX_NODES, beginning,
    inline::{self, Content, Marker, Names, Run, Style},
    is_kept, pill,
};

/// Quotes and lists within each other. A paragraph and six levels of spans still fit below [`MAX_DEPTH`].
pub(super) const MAX_OPEN: usize = MAX_DEPTH - 7;
/// Bytes that are given to the tokenizer at once.
const PIECE: usize = 1024;
/// Pieces without any token. The tokenizer compares each attribute of a tag with all before it, so a tag of thousands of
/// attributes would cost quadratic time; no honest tag is 16 KiB long.
const MAX_SILENT: u32 = 16;

/// Read HTML. Empty when nothing visible is left, or when a tag did not end in time.
pub(super) fn parse(html: &str, context: Context<'_>) -> Vec<Block> {
    let sink = Sink { tree: RefCell::new(Tree::new(context, html.len() > MAX_INPUT)), spoke: Cell::new(false) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest = beginning(html, MAX_INPUT);
    let mut silent = 0;
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(PIECE.min(rest.len())));
        rest = after;
        queue.push_back(StrTendril::from(piece));
        let _ = tokenizer.feed(&queue);
        silent = if tokenizer.sink.spoke.take() { 0 } else { silent + 1 };
        if silent >= MAX_SILENT {
            return Vec::new();
        }
    }
    tokenizer.end();
    tokenizer.sink.tree.into_inner().finish()
}

struct Sink<'a> {
    tree: RefCell<Tree<'a>>,
    /// A token came since this was last asked.
    spoke: Cell<bool>,
}

impl TokenSink for Sink<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        // Errors come from within a tag as well: they are no progress.
        self.spoke.set(self.spoke.get() || !matches!(token, Token::ParseError(_)));
        let mut tree = self.tree.borrow_mut();
        match token {
            Token::CharacterTokens(text) => tree.text(&text),
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return tree.start(&tag),
            Token::TagToken(tag) => tree.end(&tag.name),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

/// What the running line will become.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Leaf {
    Paragraph,
    Heading(u8),
    Code(Option<String>),
}

/// An open quote or list.
enum Frame {
    Quote(Vec<Block>),
    List { start: Option<u32>, items: Vec<Vec<Block>> },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Quote,
    Numbers,
    Bullets,
}

impl Frame {
    fn kind(&self) -> Kind {
        match self {
            Self::Quote(_) => Kind::Quote,
            Self::List { start: Some(_), .. } => Kind::Numbers,
            Self::List { start: None, .. } => Kind::Bullets,
        }
    }
}

/// How often each formatting was opened.
#[derive(Default)]
struct Open {
    bold: u32,
    italic: u32,
    underline: u32,
    strike: u32,
    code: u32,
    link: Option<usize>,
}

struct Tree<'a> {
    marker: Marker<'a>,
    done: Vec<Block>,
    frames: Vec<Frame>,
    /// Containers that were opened beyond [`MAX_OPEN`].
    skipped: usize,
    leaf: Leaf,
    runs: Vec<Run>,
    open: Open,
    links: Vec<LinkTarget>,
    /// The last character was a blank, or the line begins.
    blank: bool,
    /// Within the text of a mention, which the person's own name replaces.
    in_mention: bool,
    /// A cell of this row has been seen.
    in_row: bool,
    /// Within an element whose content is not shown: its name, and how often it is open.
    dropping: Option<(String, usize)>,
    nodes: usize,
    /// Set when there is too much: everything else becomes plain text.
    flat: Option<String>,
}

impl<'a> Tree<'a> {
    fn new(context: Context<'a>, flat: bool) -> Self {
        Self {
            marker: Marker::new(context, Names::WithSign),
            done: Vec::new(),
            frames: Vec::new(),
            skipped: 0,
            leaf: Leaf::Paragraph,
            runs: Vec::new(),
            open: Open::default(),
            links: Vec::new(),
            blank: true,
            in_mention: false,
            in_row: false,
            dropping: None,
            nodes: 0,
            flat: flat.then(String::new),
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.end_leaf();
        while let Some(frame) = self.frames.pop() {
            self.close_frame(frame);
        }
        if let Some(text) = self.flat.take() {
            let spans = inline::flat(text.trim());
            if !spans.is_empty() {
                self.done.push(Block::Paragraph { spans });
            }
        }
        self.done
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        if let Some((dropped, depth)) = &mut self.dropping {
            if dropped == "head" && name == "body" {
                self.dropping = None;
            } else if dropped == name {
                *depth += 1;
            }
            return TokenSinkResult::Continue;
        }
        let raw = match name {
            "script" => Some(RawKind::ScriptData),
            "style" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
            "title" => Some(RawKind::Rcdata),
            "head" | "noscript" | "template" | "mx-reply" => None,
            _ => {
                self.shown(name, &tag.attrs);
                return TokenSinkResult::Continue;
            }
        };
        self.dropping = Some((name.to_owned(), 1));
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    fn shown(&mut self, name: &str, attributes: &[Attribute]) {
        let in_code = matches!(self.leaf, Leaf::Code(_));
        match name {
            "b" | "strong" => self.open.bold += 1,
            "i" | "em" => self.open.italic += 1,
            "u" | "ins" => self.open.underline += 1,
            "s" | "strike" | "del" => self.open.strike += 1,
            "code" | "tt" => self.start_code(attributes),
            "a" => self.start_link(attributes),
            "img" => self.text(value(attributes, "alt").unwrap_or_default()),
            "br" => self.line_break(),
            "pre" => {
                self.boundary();
                self.leaf = Leaf::Code(None);
            }
            _ if in_code && is_block(name) && !self.runs.is_empty() => self.text("\n"),
            _ if in_code => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.boundary();
                self.leaf = Leaf::Heading(name.bytes().last().map_or(1, |digit| digit - b'0'));
            }
            "hr" => {
                self.boundary();
                self.put(Block::Rule, 1);
            }
            "blockquote" => self.open_frame(Frame::Quote(Vec::new())),
            "ul" => self.open_frame(Frame::List { start: None, items: Vec::new() }),
            "ol" => {
                let start = value(attributes, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
                self.open_frame(Frame::List { start: Some(start), items: Vec::new() });
            }
            "li" => {
                self.boundary();
                if self.skipped == 0
                    && self.flat.is_none()
                    && let Some(Frame::List { items, .. }) = self.frames.last_mut()
                {
                    items.push(Vec::new());
                }
            }
            "tr" => {
                self.in_row = false;
                if !self.runs.is_empty() {
                    self.line_break();
                }
            }
            "td" | "th" if self.in_row => self.text(" | "),
            "td" | "th" => self.in_row = true,
            _ if is_block(name) => self.boundary(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((dropped, depth)) = &mut self.dropping {
            if dropped == name {
                *depth -= 1;
                if *depth == 0 {
                    self.dropping = None;
                }
            }
            return;
        }
        match name {
            "b" | "strong" => self.open.bold = self.open.bold.saturating_sub(1),
            "i" | "em" => self.open.italic = self.open.italic.saturating_sub(1),
            "u" | "ins" => self.open.underline = self.open.underline.saturating_sub(1),
            "s" | "strike" | "del" => self.open.strike = self.open.strike.saturating_sub(1),
            "code" | "tt" => self.open.code = self.open.code.saturating_sub(1),
            "a" => self.end_link(),
            "blockquote" => self.close(Kind::Quote),
            "ol" => self.close(Kind::Numbers),
            "ul" => self.close(Kind::Bullets),
            "pre" => self.boundary(),
            _ if matches!(self.leaf, Leaf::Code(_)) => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.boundary(),
            _ if is_block(name) => self.boundary(),
            _ => {}
        }
    }

    fn start_code(&mut self, attributes: &[Attribute]) {
        if let Leaf::Code(language) = &mut self.leaf {
            let class = value(attributes, "class").unwrap_or_default();
            let found = class.split_whitespace().find_map(|class| class.strip_prefix("language-"));
            let plain = |letter: char| letter.is_ascii_alphanumeric() || "+#._-".contains(letter);
            *language = found
                .filter(|name| !name.is_empty() && name.len() <= 32 && name.chars().all(plain))
                .map(str::to_owned)
                .or(language.take());
        }
        self.open.code += 1;
    }

    fn start_link(&mut self, attributes: &[Attribute]) {
        self.end_link();
        let Some(href) = value(attributes, "href") else { return };
        if let Some(user) = pill::user(href) {
            if self.flat.is_none() && !matches!(self.leaf, Leaf::Code(_)) {
                let span = inline::mention(&user, self.marker.context);
                self.runs.push(Run { style: self.style(), content: Content::Mention(span) });
                self.blank = false;
                self.in_mention = true;
            }
        } else if let Some(target) = LinkTarget::parse(href) {
            self.open.link = Some(self.links.len());
            self.links.push(target);
        }
    }

    fn end_link(&mut self) {
        self.open.link = None;
        self.in_mention = false;
    }

    fn style(&self) -> Style {
        Style {
            link: self.open.link,
            bold: self.open.bold > 0,
            italic: self.open.italic > 0,
            underline: self.open.underline > 0,
            strike: self.open.strike > 0,
            code: self.open.code > 0,
        }
    }

    fn text(&mut self, text: &str) {
        if self.dropping.is_some() || self.in_mention {
            return;
        }
        let code = matches!(self.leaf, Leaf::Code(_)) && self.flat.is_none();
        let mut words = String::with_capacity(text.len());
        for letter in text.chars().filter(|letter| is_kept(*letter) || letter.is_ascii_whitespace()) {
            if code {
                words.push(letter);
            } else if letter.is_ascii_whitespace() {
                if !std::mem::replace(&mut self.blank, true) {
                    words.push(' ');
                }
            } else {
                self.blank = false;
                words.push(letter);
            }
        }
        if words.is_empty() {
            return;
        }
        if let Some(flat) = &mut self.flat {
            flat.push_str(&words);
            return;
        }
        let style = if code { Style::default() } else { self.style() };
        match self.runs.last_mut() {
            Some(Run { style: last, content: Content::Text(before) }) if *last == style => before.push_str(&words),
            _ => self.runs.push(Run::text(style, words)),
        }
    }

    fn line_break(&mut self) {
        if matches!(self.leaf, Leaf::Code(_)) || self.flat.is_some() {
            self.text("\n");
        } else {
            self.in_mention = false;
            self.runs.push(Run::line_break(self.style()));
            self.blank = true;
        }
    }

    /// The running line ends here.
    fn boundary(&mut self) {
        self.end_leaf();
        self.leaf = Leaf::Paragraph;
    }

    fn end_leaf(&mut self) {
        self.in_mention = false;
        self.in_row = false;
        self.text_blank();
        let mut runs = std::mem::take(&mut self.runs);
        if let Leaf::Code(language) = &self.leaf {
            let code = inline::words(&runs);
            let code = code.strip_prefix('\n').unwrap_or(&code).trim_end_matches('\n').to_owned();
            if !code.trim().is_empty() {
                self.put(Block::Code { language: language.clone(), text: code }, 1);
            }
            return;
        }
        trim(&mut runs);
        let spans = self.marker.spans(&runs, &self.links);
        if spans.is_empty() {
            return;
        }
        let nodes = inline::count(&spans) + 1;
        if !self.has_room(nodes) {
            self.flat.get_or_insert_default().push_str(&inline::words(&runs));
            self.text_blank();
            return;
        }
        let block = match self.leaf {
            Leaf::Heading(level) => Block::Heading { level, spans },
            Leaf::Paragraph | Leaf::Code(_) => Block::Paragraph { spans },
        };
        self.put(block, nodes);
    }

    /// A new line of plain text begins with a blank at most.
    fn text_blank(&mut self) {
        if let Some(flat) = &mut self.flat
            && !flat.is_empty()
            && !flat.ends_with(' ')
        {
            flat.push(' ');
        }
        self.blank = true;
    }

    fn open_frame(&mut self, frame: Frame) {
        self.boundary();
        if self.frames.len() >= MAX_OPEN || self.flat.is_some() || !self.has_room(1) {
            self.skipped += 1;
        } else {
            self.frames.push(frame);
        }
    }

    fn close(&mut self, kind: Kind) {
        self.boundary();
        if self.skipped > 0 {
            self.skipped -= 1;
        } else if let Some(place) = self.frames.iter().rposition(|frame| frame.kind() == kind) {
            while self.frames.len() > place {
                let Some(frame) = self.frames.pop() else { return };
                self.close_frame(frame);
            }
        }
    }

    fn close_frame(&mut self, frame: Frame) {
        let block = match frame {
            Frame::Quote(blocks) if !blocks.is_empty() => Block::Quote { blocks },
            Frame::List { start, mut items } => {
                items.retain(|item| !item.is_empty());
                if items.is_empty() {
                    return;
                }
                Block::List { start, items }
            }
            Frame::Quote(_) => return,
        };
        self.put(block, 1);
    }

    /// Places for the containers that are open and for the plain text at the end are kept free.
    fn has_room(&self, nodes: usize) -> bool {
        self.nodes + nodes + self.frames.len() + 2 <= MAX_NODES
    }

    fn put(&mut self, block: Block, nodes: usize) {
        if !self.has_room(nodes) {
            if let Block::Code { text, .. } = &block {
                self.flat.get_or_insert_default().push_str(text);
            }
            return;
        }
        self.nodes += nodes;
        match self.frames.last_mut() {
            None => self.done.push(block),
            Some(Frame::Quote(blocks)) => blocks.push(block),
            Some(Frame::List { items, .. }) => match items.last_mut() {
                Some(item) => item.push(block),
                None => items.push(vec![block]),
            },
        }
    }
}

/// Blanks and line breaks at both ends of a line are not shown.
fn trim(runs: &mut Vec<Run>) {
    while let Some(Run { content, .. }) = runs.last_mut() {
        match content {
            Content::Text(text) => {
                text.truncate(text.trim_end_matches(|letter: char| letter.is_ascii_whitespace()).len());
                if !text.is_empty() {
                    break;
                }
            }
            Content::Break => {}
            Content::Mention(_) => break,
        }
        runs.pop();
    }
    let empty = |run: &&Run| match &run.content {
        Content::Text(text) => text.trim().is_empty(),
        Content::Break => true,
        Content::Mention(_) => false,
    };
    let leading = runs.iter().take_while(empty).count();
    runs.drain(..leading);
}

/// Tags that begin and end a line of their own.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "table"
            | "thead"
            | "tbody"
            | "tfoot"
            | "caption"
            | "details"
            | "summary"
            | "li"
            | "dl"
            | "dt"
            | "dd"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "aside"
            | "nav"
            | "address"
            | "figure"
            | "figcaption"
            | "center"
            | "form"
            | "fieldset"
            | "legend"
            | "option"
            | "body"
            | "html"
    )
}

fn value<'t>(attributes: &'t [Attribute], name: &str) -> Option<&'t str> {
    attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}
