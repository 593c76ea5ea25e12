//! The search's figures, ours and seshat's, of the same corpus and the same queries.
//!
//! Each class of queries is asked in a vault that was just opened, each query once and for as many hits as the screen
//! shows first, as a person would; then once more, warm. The whole is done several times, ours and theirs in turn, and
//! the medians of the 95th percentiles are given. seshat knows whole words, so it is asked for the common and the rare.
//!
//! What a query costs begins with the text that was typed: reading it and finding out whom its filters name are in it.

use std::{collections::HashMap, path::Path, process::Command, time::Instant};

use tidings_corpus::{Class, Queries, ROOMS, room};
use tidings_model::{RoomId, Timestamp};
use tidings_vault::{Date, FilterKind, Part, Query, Search, Vault, VaultKey};

use crate::{
    failure::Failure,
    figure::{Figure, ms, percentile},
    peer::Peer,
};

/// Hits that are asked for.
const HITS: usize = 20;
/// Newest events that are read into memory, as the engine has it.
const NEWEST: usize = 16_384;
/// How often everything is asked.
const ROUNDS: usize = 3;
/// People that one `from:` may mean, as the engine has it.
const PEOPLE: usize = 8;

/// The queries of a corpus of this many messages, chosen in a process of its own: counting words takes memory that
/// would be measured as the vault's.
pub(crate) fn queries(messages: usize) -> Result<Queries, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.args(["queries", "--messages", &messages.to_string()]).output()?;
    let text = String::from_utf8(output.stdout)?;
    Queries::parse(&text).ok_or_else(|| Failure::new("no queries were chosen"))
}

/// Measure a closed vault, and what seshat keeps beside it.
pub(crate) fn measure(
    folder: &Path,
    key: &VaultKey,
    queries: &Queries,
    mut peer: Option<&mut Peer>,
) -> Result<Vec<Figure>, Failure> {
    let (mut ours, mut theirs, mut ready) = (Times::default(), Times::default(), Vec::new());
    let chats = Chats::new();
    for round in 1..=ROUNDS {
        eprintln!("searching, round {round} of {ROUNDS}");
        for class in Class::ALL {
            let asked = queries.of(class);
            let vault = Vault::open(folder, key)?;
            let begun = Instant::now();
            vault.warm_search(NEWEST)?;
            ready.push(ms(begun.elapsed()));
            for pass in [Pass::Fresh, Pass::Warm] {
                ours.add(class, pass, asked.iter().map(|words| chats.search(&vault, words)))?;
            }
            vault.close()?;
            if let (Some(peer), Class::Common | Class::Rare) = (peer.as_deref_mut(), class) {
                peer.open()?;
                for pass in [Pass::Fresh, Pass::Warm] {
                    theirs.add(class, pass, asked.iter().map(|words| peer.search(words, HITS)))?;
                }
                peer.close()?;
            }
        }
    }
    let ready = percentile(&mut ready, 0.5).ok_or_else(|| Failure::new("nothing was opened"))?;
    let mut figures = vec![Figure::new("search.ready_ms", ready, "ms")];
    for (times, who) in [(&ours, "search"), (&theirs, "seshat")] {
        for class in Class::ALL {
            for (pass, name) in [(Pass::Fresh, ""), (Pass::Warm, "_warm")] {
                if let Some(value) = times.median(class, pass) {
                    figures.push(Figure::new(format!("{who}.{}{name}_p95_ms", class.name()), value, "ms"));
                }
            }
        }
    }
    Ok(figures)
}

/// The chats by their names, as the engine has them in its list.
struct Chats(HashMap<String, Vec<RoomId>>);

impl Chats {
    fn new() -> Self {
        let mut chats: HashMap<String, Vec<RoomId>> = HashMap::new();
        for room in (0..ROOMS).map(room) {
            chats.entry(room.name).or_default().push(RoomId(room.id));
        }
        Self(chats)
    }

    /// One query of ours, in milliseconds.
    fn search(&self, vault: &Vault, words: &str) -> Result<f64, Failure> {
        let begun = Instant::now();
        let query = Query::parse(words);
        let mut search = Search::of(&query, HITS);
        for filter in &query.filters {
            let value = filter.value.as_str();
            match filter.kind {
                FilterKind::From => {
                    let people = vault.people_named(value, PEOPLE)?;
                    search.from = Some(people.into_iter().map(|(user, _)| user).collect());
                }
                FilterKind::In => search.rooms = self.0.get(value).cloned(),
                FilterKind::Has => search.has.extend(part(value)),
                FilterKind::Before => search.before = Date::parse(value).map(midnight),
                _ => return Err(Failure::new(format!("`{words}` has a filter that is not measured"))),
            }
        }
        vault.search(&search)?;
        Ok(ms(begun.elapsed()))
    }
}

fn part(value: &str) -> Option<Part> {
    match value {
        "image" => Some(Part::Image),
        "file" => Some(Part::File),
        "link" => Some(Part::Link),
        "poll" => Some(Part::Poll),
        _ => None,
    }
}

/// The beginning of a day, UTC (Hinnant, "chrono-compatible low-level date algorithms").
fn midnight(date: Date) -> Timestamp {
    let (year, month, day) = (i64::from(date.year), i64::from(date.month), i64::from(date.day));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    Timestamp(days * 86_400_000)
}

/// Whether it was asked before since the vault was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    Fresh,
    Warm,
}

/// The 95th percentiles of each round.
#[derive(Default)]
struct Times(Vec<(Class, Pass, f64)>);

impl Times {
    fn add(
        &mut self,
        class: Class,
        pass: Pass,
        times: impl Iterator<Item = Result<f64, Failure>>,
    ) -> Result<(), Failure> {
        let mut times = times.collect::<Result<Vec<f64>, Failure>>()?;
        let value = percentile(&mut times, 0.95).ok_or_else(|| Failure::new("nothing was searched for"))?;
        self.0.push((class, pass, value));
        Ok(())
    }

    fn median(&self, class: Class, pass: Pass) -> Option<f64> {
        let rounds = self.0.iter().filter(|(of, at, _)| *of == class && *at == pass);
        percentile(&mut rounds.map(|(.., value)| *value).collect::<Vec<f64>>(), 0.5)
    }
}
