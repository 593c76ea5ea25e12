//! The index says what a scan would: random texts of several scripts, edits, redactions, late keys, left rooms, and
//! random queries with random filters. The scan reads the parsed query over every text, one after another.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tidings_model::{EventId, RoomId, Timestamp, UserId};
use tidings_vault::{
    Clause, Encryption, Event, IndexState, Membership, Part, Place, Query, RoomSummary, Search, Vault, marks,
};

use crate::world::{ANN, BOB, ME, World, event, joined, redaction, timeline, undecryptable};

const PEOPLE: [&str; 3] = [ME, ANN, BOB];
const BEGIN: i64 = 1_700_000_000_000;
/// Cases share a vault, but not their times: rows of one moment stand beside each other.
const APART: i64 = 10_000_000;

/// Words as they are written, each with a part of it as people type it.
static WORDS: LazyLock<[(&str, &str); 28]> = LazyLock::new(|| {
    [
        ("berth", "ert"),
        ("Berths", "berths"),
        ("berth-plan_v2.pdf", "plan"),
        ("crane", "CRANE"),
        ("cranes", "anes"),
        ("a", "a"),
        ("an", "an"),
        ("naïve", "naive"),
        ("Straße", "strasse"),
        ("Łukasz", "lukasz"),
        ("cafe\u{301}", "café"),
        ("don't", "dont"),
        ("ﬁle", "file"),
        ("привет", "ИВЕТ"),
        ("ёлка", "елка"),
        ("Ελλάδα", "ελλαδ"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("हिन्दी", "हिन्दी"),
        ("東京都庁", "京都"),
        ("都", "都"),
        ("한국어", "국어"),
        ("ひらがなカタカナ", "がなカ"),
        ("👍🏽", "👍"),
        ("12:30", "12"),
        ("https://example.org/x?y=1", "example"),
        // A part that stands for many words, and one for more than are asked for one by one.
        (family("dock", 12), "dock"),
        (family("wave", 310), "wav"),
    ]
});

fn family(word: &str, count: usize) -> &'static str {
    (0..count).map(|n| format!("{word}{n}")).collect::<Vec<_>>().join(" ").leak()
}

/// What happens in the rooms.
#[derive(Clone, Debug)]
enum Step {
    Say { by: usize, room: usize, what: What, words: Vec<usize>, mentions: bool, late: bool },
    Edit { target: Index, words: Vec<usize> },
    Redact { target: Index },
    Star { target: Index },
    Read { room: usize, target: Index },
}

#[derive(Clone, Copy, Debug)]
enum What {
    Text,
    File,
    Image,
    Poll,
    Thread,
}

fn words() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(0..WORDS.len(), 1..6)
}

fn step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![5 => Just(What::Text), 1 => Just(What::File), 1 => Just(What::Image), 1 => Just(What::Poll), 1 => Just(What::Thread)];
    prop_oneof![
        8 => (0..3_usize, 0..3_usize, what, words(), prop::bool::weighted(0.2), prop::bool::weighted(0.2))
            .prop_map(|(by, room, what, words, mentions, late)| Step::Say { by, room, what, words, mentions, late }),
        3 => (any::<Index>(), words()).prop_map(|(target, words)| Step::Edit { target, words }),
        2 => any::<Index>().prop_map(|target| Step::Redact { target }),
        1 => any::<Index>().prop_map(|target| Step::Star { target }),
        1 => (0..3_usize, any::<Index>()).prop_map(|(room, target)| Step::Read { room, target }),
    ]
}

/// What is asked for.
#[derive(Clone, Debug)]
struct Asked {
    pieces: Vec<Piece>,
    from: Option<usize>,
    room: Option<usize>,
    has: Option<usize>,
    before: Option<usize>,
    after: Option<usize>,
    mentions: bool,
    starred: bool,
    unread: bool,
    limit: usize,
}

#[derive(Clone, Debug)]
enum Piece {
    /// A word, whole.
    Whole(usize),
    /// A part of it as people type it.
    Typed(usize),
    /// Letters from the middle of a word.
    Inner(usize, Index, usize),
    /// Two words, quoted.
    Phrase(usize, usize),
    /// Something that is nowhere.
    Nowhere,
}

const HAS: [Part; 4] = [Part::File, Part::Image, Part::Poll, Part::Link];

fn asked() -> impl Strategy<Value = Asked> {
    let word = 0..WORDS.len();
    let piece = prop_oneof![
        3 => word.clone().prop_map(Piece::Whole),
        3 => word.clone().prop_map(Piece::Typed),
        3 => (word.clone(), any::<Index>(), 1..4_usize).prop_map(|(word, from, length)| Piece::Inner(word, from, length)),
        2 => (word.clone(), word).prop_map(|(one, other)| Piece::Phrase(one, other)),
        1 => Just(Piece::Nowhere),
    ];
    let rarely = |most: usize| prop::option::weighted(0.15, 0..most);
    let flag = || prop::bool::weighted(0.1);
    (
        prop::collection::vec(piece, 0..3),
        (rarely(3), rarely(3), rarely(HAS.len())),
        (rarely(40), rarely(40)),
        (flag(), flag(), flag()),
        1..6_usize,
    )
        .prop_map(|(pieces, (from, room, has), (before, after), (mentions, starred, unread), limit)| Asked {
            pieces,
            from,
            room,
            has,
            before,
            after,
            mentions,
            starred,
            unread,
            limit,
        })
}

impl Asked {
    /// As it is typed.
    fn text(&self) -> String {
        let typed = self.pieces.iter().map(|piece| match piece {
            Piece::Whole(word) => WORDS[*word].0.to_owned(),
            Piece::Typed(word) => WORDS[*word].1.to_owned(),
            Piece::Inner(word, from, length) => {
                let letters: Vec<char> = WORDS[*word].0.chars().collect();
                let from = from.index(letters.len());
                letters.iter().skip(from).take(*length).collect()
            }
            Piece::Phrase(one, other) => format!("\"{} {}\"", WORDS[*one].0, WORDS[*other].0),
            Piece::Nowhere => "qqxqq".to_owned(),
        });
        typed.collect::<Vec<_>>().join(" ")
    }
}

/// A message as the scan has it.
struct Said {
    id: String,
    room: usize,
    by: usize,
    time: i64,
    /// Its texts: body, file name, question and answers.
    texts: Vec<String>,
    parts: BTreeSet<Part>,
    mentions: bool,
    starred: bool,
    redacted: bool,
    what: What,
}

fn joined_words(words: &[usize]) -> String {
    words.iter().map(|word| WORDS[*word].0).collect::<Vec<_>>().join(" ")
}

/// The content of a message, and what it says.
fn content(what: What, words: &[usize]) -> (&'static str, Value, Vec<String>, BTreeSet<Part>) {
    let body = joined_words(words);
    let link = words.iter().any(|word| WORDS[*word].0.starts_with("https"));
    let mut parts = BTreeSet::new();
    if link && !matches!(what, What::Poll) {
        parts.insert(Part::Link);
    }
    match what {
        What::Text | What::Thread => {
            ("m.room.message", json!({ "msgtype": "m.text", "body": body }), vec![body], parts)
        }
        What::File | What::Image => {
            let image = matches!(what, What::Image);
            let kind = if image { "m.image" } else { "m.file" };
            let name = format!("{}.bin", words[0]);
            parts.insert(if image { Part::Image } else { Part::File });
            let content = json!({ "msgtype": kind, "body": body, "filename": name, "url": "mxc://org.example/x" });
            ("m.room.message", content, vec![body, name], parts)
        }
        What::Poll => {
            let answer = WORDS[words[0]].0.to_owned();
            let content = json!({ "m.text": [{ "body": body }], "m.poll": {
                "question": { "m.text": [{ "body": body }] },
                "answers": [{ "m.id": "a", "m.text": [{ "body": answer }] }] } });
            parts.insert(Part::Poll);
            ("m.poll.start", content, vec![body, answer], parts)
        }
    }
}

struct Story<'a> {
    world: &'a World,
    begin: i64,
    prefix: String,
    said: Vec<Said>,
    /// Times of events, by their number: not the order in which they come.
    times: Vec<i64>,
    next: usize,
    opened: Vec<Vec<Event>>,
    read: [usize; 3],
    /// The same of threads, which are read by answering in them.
    read_threads: [usize; 3],
    order: [Vec<usize>; 3],
    /// Events that come with the next response, by room, and how many make one.
    coming: [Vec<Event>; 3],
    together: usize,
}

impl Story<'_> {
    fn says(&mut self, room: usize, event: Event) {
        self.coming[room].push(event);
        if self.coming.iter().map(Vec::len).sum::<usize>() >= self.together {
            self.respond();
        }
    }

    fn respond(&mut self) {
        let coming = std::mem::take(&mut self.coming).into_iter().enumerate();
        let said = |(room, events)| timeline(&self.room(room), events, Place::Live { prev_batch: None });
        self.world.record(coming.map(said).collect());
    }

    fn room(&self, room: usize) -> String {
        format!("!{}/{room}", self.prefix)
    }

    fn tell(&mut self, step: &Step) {
        let n = self.next;
        self.next += 1;
        let id = format!("${}/{n}", self.prefix);
        let time = self.begin + self.times[n] * 1000;
        match step {
            Step::Say { by, room, what, words, mentions, late } => {
                let (kind, mut content, texts, parts) = content(*what, words);
                if matches!(what, What::Thread) {
                    content["m.relates_to"] = json!({ "rel_type": "m.thread", "event_id": "$elsewhere" });
                }
                let open = Event {
                    time: Timestamp(time),
                    notifies: *by != 0,
                    mentions_me: *mentions,
                    encryption: Encryption::Decrypted,
                    ..event(&id, PEOPLE[*by], kind, content)
                };
                if *late {
                    let mut shut = undecryptable(&id, PEOPLE[*by], "s");
                    // A relation stays in the clear (Matrix spec, "m.room.encrypted").
                    if let Some(relates) = open.content.get("m.relates_to") {
                        shut.content["m.relates_to"] = relates.clone();
                    }
                    self.says(*room, Event { time: open.time, notifies: open.notifies, ..shut });
                    self.opened[*room].push(open);
                } else {
                    self.says(*room, open);
                }
                self.order[*room].push(self.said.len());
                if *by == 0 {
                    let read = if matches!(what, What::Thread) { &mut self.read_threads } else { &mut self.read };
                    read[*room] = self.order[*room].len();
                }
                self.said.push(Said {
                    id,
                    room: *room,
                    by: *by,
                    time,
                    texts,
                    parts,
                    mentions: *mentions,
                    starred: false,
                    redacted: false,
                    what: *what,
                });
            }
            Step::Edit { target, words } => {
                let Some(at) = self.pick(target) else { return };
                let said = &self.said[at];
                let (kind, new, texts, parts) = content(said.what, words);
                let mut content = json!({ "m.new_content": new, "body": "* x", "msgtype": "m.text" });
                content["m.relates_to"] = json!({ "rel_type": "m.replace", "event_id": said.id });
                // Edits come in the order of their times here: what wins is tried elsewhere.
                let edit = Event {
                    time: Timestamp(self.begin + APART / 2 + i64::try_from(n).unwrap() * 1000),
                    encryption: Encryption::Decrypted,
                    ..event(&id, PEOPLE[said.by], kind, content)
                };
                let (room, own) = (said.room, said.by == 0);
                self.says(room, edit);
                if own {
                    self.read[room] = self.order[room].len();
                }
                let said = &mut self.said[at];
                if !said.redacted {
                    (said.texts, said.parts) = (texts, parts);
                }
            }
            Step::Redact { target } => {
                let Some(at) = self.pick(target) else { return };
                let room = self.said[at].room;
                self.says(room, redaction(&id, BOB, &self.said[at].id));
                self.said[at].redacted = true;
            }
            Step::Star { target } => {
                self.respond();
                let Some(at) = self.pick(target) else { return };
                let said = &self.said[at];
                let (room, id) = (RoomId::from(self.room(said.room).as_str()), EventId::from(said.id.as_str()));
                self.world.vault.set_starred(&room, &id, true, Timestamp(1)).unwrap();
                self.said[at].starred = true;
            }
            Step::Read { room, target } => {
                self.respond();
                if self.order[*room].is_empty() {
                    return;
                }
                let at = target.index(self.order[*room].len());
                let id = self.said[self.order[*room][at]].id.clone();
                self.world.read(&self.room(*room), ME, &id);
                self.read[*room] = self.read[*room].max(at + 1);
            }
        }
    }

    fn moment(&self, n: usize) -> i64 {
        self.begin + i64::try_from(n).unwrap() * 1000
    }

    fn pick(&self, target: &Index) -> Option<usize> {
        (!self.said.is_empty()).then(|| target.index(self.said.len()))
    }

    fn open(&mut self) {
        self.respond();
        for room in 0..3 {
            let opened = std::mem::take(&mut self.opened[room]);
            self.world.vault.redecrypt(&RoomId::from(self.room(room).as_str()), &opened).unwrap();
        }
    }

    /// The ids that are found, newest first, by reading everything.
    fn scan(&self, query: &Query, asked: &Asked, left: Option<usize>) -> Vec<String> {
        let filtered = asked.from.is_some()
            || asked.room.is_some()
            || asked.has.is_some()
            || asked.before.is_some()
            || asked.after.is_some()
            || asked.mentions
            || asked.starred
            || asked.unread;
        if query.clauses.is_empty() && !filtered {
            return Vec::new();
        }
        let says = |said: &Said, clause: &Clause| {
            let one = Query { clauses: vec![clause.clone()], filters: Vec::new() };
            said.texts.iter().any(|text| !marks(text, &one).is_empty())
        };
        let unread = |at: usize, said: &Said| {
            let place = self.order[said.room].iter().position(|other| *other == at).unwrap();
            let thread = if matches!(said.what, What::Thread) { self.read_threads[said.room] } else { 0 };
            said.by != 0 && place >= self.read[said.room].max(thread)
        };
        let mut found: Vec<&Said> = self
            .said
            .iter()
            .enumerate()
            .filter(|(at, said)| {
                !said.redacted
                    && left != Some(said.room)
                    && query.clauses.iter().all(|clause| says(said, clause))
                    && asked.from.is_none_or(|by| said.by == by)
                    && asked.room.is_none_or(|room| said.room == room)
                    && asked.has.is_none_or(|part| said.parts.contains(&HAS[part]))
                    && asked.before.is_none_or(|before| said.time < self.moment(before))
                    && asked.after.is_none_or(|after| said.time >= self.moment(after))
                    && (!asked.mentions || said.mentions)
                    && (!asked.starred || said.starred)
                    && (!asked.unread || unread(*at, said))
            })
            .map(|(_, said)| said)
            .collect();
        found.sort_by_key(|said| std::cmp::Reverse(said.time));
        found.into_iter().map(|said| said.id.clone()).collect()
    }

    fn search(&self, query: &Query, asked: &Asked) -> Search {
        // The vault is shared by all cases: each asks in its own rooms.
        let rooms = match asked.room {
            Some(room) => vec![room],
            None => vec![0, 1, 2],
        };
        Search {
            from: asked.from.map(|by| vec![UserId::from(PEOPLE[by])]),
            rooms: Some(rooms.into_iter().map(|room| RoomId::from(self.room(room).as_str())).collect()),
            has: asked.has.map(|part| HAS[part]).into_iter().collect(),
            before: asked.before.map(|before| Timestamp(self.moment(before))),
            after: asked.after.map(|after| Timestamp(self.moment(after))),
            mentions_me: asked.mentions,
            starred: asked.starred,
            unread: asked.unread,
            ..Search::of(query, asked.limit)
        }
    }
}

/// All pages of a search.
fn all_pages(vault: &Vault, mut search: Search) -> Result<Vec<String>, TestCaseError> {
    let mut found: Vec<String> = Vec::new();
    loop {
        let page = vault.search(&search).unwrap();
        prop_assert!(page.hits.len() <= search.limit);
        prop_assert!(page.total as usize >= page.hits.len(), "fewer were counted than are here");
        found.extend(page.hits.into_iter().map(|hit| hit.message.event.0));
        let Some(next) = page.next else { return Ok(found) };
        prop_assert!(search.cursor.is_none_or(|before| next < before), "the next page goes on");
        search.cursor = Some(next);
    }
}

fn whole_index(vault: &Vault, step: usize) {
    while vault.index_more(step).unwrap() != IndexState::Complete {}
}

#[test]
fn the_index_says_what_a_scan_says() {
    says_what_a_scan_says(&World::new(), 64);
}

#[test]
fn the_newest_messages_and_the_index_say_together_what_a_scan_says() {
    for newest in [5, 60, 10_000] {
        let world = World::new();
        world.vault.warm_search(newest).unwrap();
        says_what_a_scan_says(&world, 48);
    }
}

fn says_what_a_scan_says(world: &World, cases: u32) {
    let case = Cell::new(0_i32);
    let steps = prop::collection::vec(step(), 1..40);
    let times = Just((0..40_i64).collect::<Vec<_>>()).prop_shuffle();
    let asked = prop::collection::vec(asked(), 12);
    let (left, rebuild) = (prop::option::weighted(0.2, 0..3_usize), prop::option::weighted(0.2, 1..30_usize));
    let strategy = (steps, times, asked, left, rebuild, 1..9_usize);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&strategy, |(steps, times, asked, left, rebuild, together)| {
        case.set(case.get() + 1);
        let mut story = Story {
            world,
            begin: BEGIN + i64::from(case.get()) * APART,
            prefix: format!("c{}", case.get()),
            said: Vec::new(),
            times,
            next: 0,
            opened: vec![Vec::new(); 3],
            read: [0; 3],
            read_threads: [0; 3],
            order: Default::default(),
            coming: Default::default(),
            together,
        };
        for room in 0..3 {
            world.summary(&story.room(room), joined("R"));
        }
        steps.iter().for_each(|step| story.tell(step));
        story.open();
        if let Some(room) = left {
            world.summary(&story.room(room), RoomSummary { membership: Membership::Left, ..joined("R") });
        }
        if let Some(step) = rebuild {
            world.vault.rebuild_index().unwrap();
            whole_index(&world.vault, step);
        }
        for asked in &asked {
            let text = asked.text();
            let query = Query::parse(&text);
            prop_assert!(query.filters.is_empty());
            // Its rooms narrow every search, so that cases do not see each other's.
            let asked = Asked { room: asked.room, ..asked.clone() };
            let expected = if query.clauses.is_empty() {
                story.scan(&query, &Asked { after: asked.after.or(Some(0)), ..asked.clone() }, left)
            } else {
                story.scan(&query, &asked, left)
            };
            let found = all_pages(&world.vault, story.search(&query, &asked))?;
            prop_assert_eq!(found, expected, "{:?} as {:?}", text, query);
        }
        let check = world.vault.check_index().unwrap();
        prop_assert!(check.sound && check.missing == 0, "{check:?}");
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn a_word_is_found_by_any_part_as_people_type_it() {
    let world = World::new();
    world.summary("!r", joined("R"));
    for (n, (written, _)) in WORDS.iter().enumerate() {
        world.live("!r", vec![crate::world::text(&format!("${n}"), ANN, &format!("before {written}, after"))]);
    }
    for (n, (written, typed)) in WORDS.iter().enumerate() {
        for asked in [(*typed).to_owned(), typed.to_uppercase(), (*written).to_owned(), format!("{typed} before")] {
            let found = world.vault.search(&Search::of(&Query::parse(&asked), 100)).unwrap();
            let ids: Vec<String> = found.hits.into_iter().map(|hit| hit.message.event.0).collect();
            assert!(ids.contains(&format!("${n}")), "{asked:?} does not find {written:?}: {ids:?}");
        }
    }
}

#[test]
fn many_messages_of_one_moment_are_before_the_next() {
    let world = World::new();
    world.summary("!r", joined("R"));
    // A bot says much at once; rows of one moment stand beside each other, not in it.
    let said = |n: i64| crate::world::at(BEGIN, crate::world::text(&format!("${n}"), ANN, "berth"));
    world.live("!r", (0..200).map(said).collect());
    let berth = |before: i64| Search { before: Some(Timestamp(before)), ..Search::of(&Query::parse("berth"), 500) };
    assert_eq!(world.vault.search(&berth(BEGIN + 1)).unwrap().hits.len(), 200);
    assert_eq!(world.vault.search(&berth(BEGIN)).unwrap().hits.len(), 0);
}
