//! What is searched for: words, parts of words and phrases that somebody really wrote in the corpus.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{Dice, Event, Part, Responses, person, room};

/// Queries of each class.
const EACH: usize = 240;
/// Messages that queries are taken from, for each class that takes them from messages.
const SAMPLES: usize = 20_000;
/// A word that is said no more often is rare.
const RARE: u32 = 5;
const DAY: i64 = 86_400_000;

/// A class of queries: each has its own figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The 240 commonest words of two letters or more.
    Common,
    /// Words that were said one to five times.
    Rare,
    /// The first three to five letters of a word.
    Prefix,
    /// Two or three words of a message, side by side.
    Phrase,
    /// Four to six letters from within a word; two signs from within a run of Chinese or Japanese.
    Substring,
    /// A word with one of `from:`, `in:`, `has:` and `before:`.
    Filtered,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Common, Self::Rare, Self::Prefix, Self::Phrase, Self::Substring, Self::Filtered];

    /// As figures name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::Rare => "rare",
            Self::Prefix => "prefix",
            Self::Phrase => "phrase",
            Self::Substring => "substring",
            Self::Filtered => "filtered",
        }
    }
}

/// The queries of a corpus, by class, as they are typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Queries(Value);

impl Queries {
    /// As they were written with [`Queries::json`]; `None` when the text is something else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }

    /// For another process.
    #[must_use]
    pub fn json(&self) -> String {
        self.0.to_string()
    }

    /// Those of a class.
    #[must_use]
    pub fn of(&self, class: Class) -> Vec<String> {
        let found = self.0.get(class.name()).and_then(Value::as_array);
        found.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

/// Choose queries for a corpus of this many messages; the same each time.
#[must_use]
pub fn choose(messages: usize) -> Queries {
    let mut counts: HashMap<String, u32> = HashMap::new();
    let mut dice = Dice::new(4);
    let (mut samples, mut seen) = (Vec::with_capacity(SAMPLES), 0);
    for part in Responses::new(messages).flatten() {
        for event in part.events.iter().filter(|event| event.is_message()) {
            words(&event.text).for_each(|word| *counts.entry(word).or_default() += 1);
            // Each message has the same chance to be kept (Vitter's algorithm R, 1985).
            seen += 1;
            let sample = || Sample::of(&part, event);
            if samples.len() < SAMPLES {
                samples.push(sample());
            } else if let Some(place) = samples.get_mut(dice.below(seen)) {
                *place = sample();
            }
        }
    }
    let mut counted: Vec<(u32, String)> = counts.into_iter().map(|(word, count)| (count, word)).collect();
    counted.sort_by(|one, other| other.cmp(one));
    let common = counted.iter().filter(|(_, word)| word.chars().count() > 1).take(EACH);
    let common: Vec<String> = common.map(|(_, word)| word.clone()).collect();
    let few: Vec<&String> = counted
        .iter()
        .filter(|(count, word)| *count <= RARE && (3..20).contains(&word.chars().count()))
        .map(|(_, word)| word)
        .collect();
    let rare: Vec<String> = (0..EACH).filter_map(|_| dice.one(&few)).cloned().collect();
    let mut take = |make: &mut dyn FnMut(&Sample, &mut Dice) -> Option<String>| {
        let mut made = Vec::with_capacity(EACH);
        for _ in 0..SAMPLES {
            let query = samples.get(dice.below(samples.len())).and_then(|sample| make(sample, &mut dice));
            made.extend(query);
            if made.len() == EACH {
                break;
            }
        }
        made
    };
    let mut turn = 0;
    Queries(json!({
        Class::Common.name(): common,
        Class::Rare.name(): rare,
        Class::Prefix.name(): take(&mut prefix),
        Class::Phrase.name(): take(&mut phrase),
        Class::Substring.name(): take(&mut substring),
        Class::Filtered.name(): take(&mut |sample, dice| {
            let query = filtered(sample, turn % 4, dice)?;
            turn += 1;
            Some(query)
        }),
    }))
}

/// A message that queries are made of.
#[derive(Clone, Debug)]
struct Sample {
    text: String,
    room: usize,
    sender: usize,
    time: i64,
    has: Option<&'static str>,
}

impl Sample {
    fn of(part: &Part, event: &Event) -> Self {
        let has = match event.content.get("msgtype").and_then(Value::as_str) {
            Some("m.image") => Some("image"),
            Some("m.file") => Some("file"),
            None => Some("poll"),
            Some(_) if event.text.contains("https://") => Some("link"),
            Some(_) => None,
        };
        Self { text: event.text.clone(), room: part.room, sender: event.sender, time: event.time, has }
    }
}

/// The words of a text: runs of letters, in small letters.
fn words(text: &str) -> impl Iterator<Item = String> {
    // The parts of addresses are found as words, but nobody looks for them.
    text.split_whitespace()
        .filter(|run| !run.contains("://"))
        .flat_map(|run| run.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty() && word.chars().all(char::is_alphabetic) && !is_run(word))
        .map(str::to_lowercase)
}

/// Writing without spaces: what lies between two marks is no word.
fn is_run(text: &str) -> bool {
    text.chars().any(|letter| ('\u{3040}'..='\u{9fff}').contains(&letter))
}

/// A word of the text with at least so many letters.
fn word(sample: &Sample, letters: usize, dice: &mut Dice) -> Option<Vec<char>> {
    let long: Vec<Vec<char>> = words(&sample.text)
        .map(|word| word.chars().collect::<Vec<char>>())
        .filter(|word| word.len() >= letters)
        .collect();
    long.get(dice.below(long.len())).cloned()
}

fn prefix(sample: &Sample, dice: &mut Dice) -> Option<String> {
    let word = word(sample, 6, dice)?;
    Some(word.iter().take(3 + dice.below(3)).collect())
}

fn substring(sample: &Sample, dice: &mut Dice) -> Option<String> {
    if is_run(&sample.text) {
        let run = sample.text.split(|letter: char| !letter.is_alphabetic()).find(|run| run.chars().count() >= 5)?;
        return Some(run.chars().skip(1 + dice.below(3)).take(2).collect());
    }
    let word = word(sample, 8, dice)?;
    let length = 4 + dice.below(3);
    let from = 1 + dice.below(word.len() - length);
    Some(word.iter().skip(from).take(length).collect())
}

fn phrase(sample: &Sample, dice: &mut Dice) -> Option<String> {
    let plain = |word: &&str| word.chars().all(char::is_alphabetic) && !is_run(word);
    let all: Vec<&str> = sample.text.split(' ').collect();
    let count = 2 + dice.below(2);
    let runs: Vec<&[&str]> =
        all.windows(count).filter(|run| run.iter().all(|word| plain(word) && !word.is_empty())).collect();
    let run = runs.get(dice.below(runs.len()))?;
    Some(format!("\"{}\"", run.join(" ").to_lowercase()))
}

fn filtered(sample: &Sample, filter: usize, dice: &mut Dice) -> Option<String> {
    let word: String = word(sample, 3, dice)?.into_iter().collect();
    let filter = match filter {
        0 => format!("from:\"{}\"", person(sample.sender).name),
        1 => format!("in:\"{}\"", room(sample.room).name),
        2 => format!("has:{}", sample.has?),
        _ => format!("before:{}", date(sample.time + 2 * DAY)),
    };
    Some(format!("{word} {filter}"))
}

/// The day of a moment (UTC), as `2024-03-01` (Hinnant, "chrono-compatible low-level date algorithms").
fn date(time: i64) -> String {
    let days = time.div_euclid(DAY) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    format!("{:04}-{month:02}-{of_month:02}", year + era * 400 + carry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_queries_of_its_own() {
        let queries = choose(12_000);
        for class in Class::ALL {
            let all = queries.of(class);
            assert_eq!(all.len(), EACH, "{}", class.name());
            assert!(all.iter().all(|query| !query.trim().is_empty()));
        }
        assert_eq!(Queries::parse(&queries.json()), Some(queries.clone()));
        assert!(queries.of(Class::Common).contains(&"the".to_owned()));
        assert!(queries.of(Class::Phrase).iter().all(|query| query.trim_matches('"').contains(' ')));
        assert!(queries.of(Class::Filtered).iter().all(|query| query.contains(':')));
    }

    #[test]
    fn a_day_is_named_as_calendars_do() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(1_709_164_800_000), "2024-02-29");
        assert_eq!(date(1_735_689_599_999), "2024-12-31");
    }
}
