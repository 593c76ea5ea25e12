//! Polls (MSC3381, stable and unstable names): what is asked, and how the votes stand.
//!
//! **Invariant:** pure and total; the result does not depend on the order in which votes came. Rules as in the proposal
//! and in the SDK's own count: of each person the latest response before the end counts; one that names an unknown answer
//! is spoilt, and takes an earlier vote back; what is more than `max_selections` is cut off.
//! **Invariant:** a poll ends with the first end event of its creator or of somebody who may delete others' messages;
//! nobody else's end counts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tidings_model::{Timestamp, UserId};

/// Answers a poll has at most (MSC3381, "Creating a poll").
const MOST_ANSWERS: usize = 20;
/// Bytes of an answer's id; nobody needs more.
const LONGEST_ID: usize = 255;
/// Selections of one response that are looked at. More distinct ones than a poll has answers spoil it in any case.
const MOST_SELECTIONS: usize = 64;
/// A selection that no poll has.
const UNKNOWN: &str = "\u{0}";

/// Event types that begin a poll.
pub(crate) const STARTS: [&str; 2] = ["m.poll.start", "org.matrix.msc3381.poll.start"];
/// Event types that vote.
pub(crate) const RESPONSES: [&str; 2] = ["m.poll.response", "org.matrix.msc3381.poll.response"];
/// Event types that end a poll.
pub(crate) const ENDS: [&str; 2] = ["m.poll.end", "org.matrix.msc3381.poll.end"];

/// What a poll asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollQuestion {
    /// The question, as the creator wrote it.
    pub text: String,
    /// The answers, at most twenty, each id once.
    pub answers: Vec<PollChoice>,
    /// How many answers one response may choose; at least one.
    pub max_selections: usize,
    /// Numbers may be shown before the end.
    pub disclosed: bool,
}

/// An answer one may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollChoice {
    /// What responses name it by.
    pub id: String,
    /// What it says.
    pub text: String,
}

impl PollQuestion {
    /// Read the content of a poll's start; `None` when it asks nothing.
    #[must_use]
    pub fn read(content: &Value) -> Option<Self> {
        let Asked { start, question, answers } = asked(content)?;
        let answers: Vec<PollChoice> =
            answers.into_iter().map(|(id, text)| PollChoice { id: id.to_owned(), text: text.to_owned() }).collect();
        let max = start.get("max_selections").and_then(Value::as_u64).and_then(|max| usize::try_from(max).ok());
        let kind = start.get("kind").and_then(Value::as_str).unwrap_or_default();
        Some(Self {
            text: question.to_owned(),
            max_selections: max.unwrap_or(1).clamp(1, answers.len()),
            answers,
            // Whatever is not known is kept back (MSC3381, "Poll kinds").
            disclosed: matches!(kind, "m.disclosed" | "org.matrix.msc3381.poll.disclosed"),
        })
    }
}

/// What a poll's start has under its name.
struct Asked<'a> {
    start: &'a Value,
    question: &'a str,
    /// Ids and texts.
    answers: Vec<(&'a str, &'a str)>,
}

fn asked(content: &Value) -> Option<Asked<'_>> {
    let start = ["m.poll", "org.matrix.msc3381.poll.start"]
        .iter()
        .find_map(|name| content.get(name).filter(|it| it.is_object()))?;
    let mut known = BTreeSet::new();
    let answers: Vec<(&str, &str)> = start
        .get("answers")?
        .as_array()?
        .iter()
        .take(MOST_ANSWERS)
        .filter_map(|answer| {
            let id = ["m.id", "id"].iter().find_map(|name| answer.get(name)?.as_str())?;
            let fits = id.len() <= LONGEST_ID && id != UNKNOWN;
            (fits && known.insert(id)).then_some(())?;
            Some((id, text(answer)?))
        })
        .collect();
    if answers.is_empty() {
        return None;
    }
    Some(Asked { start, question: text(start.get("question")?)?, answers })
}

/// The texts that a poll shows: its question and its answers.
pub(crate) fn texts(content: &Value) -> Vec<&str> {
    asked(content).map_or_else(Vec::new, |Asked { question, answers, .. }| {
        std::iter::once(question).chain(answers.into_iter().map(|(_, text)| text)).collect()
    })
}

/// A text of an extensible event (MSC1767), in any of the shapes it had.
fn text(value: &Value) -> Option<&str> {
    let plain = ["org.matrix.msc1767.text", "body"].iter().find_map(|name| value.get(name)?.as_str());
    let stable = value.get("m.text").and_then(|texts| {
        texts.as_str().or_else(|| texts.as_array()?.iter().find_map(|one| one.get("body")?.as_str()))
    });
    stable.or(plain)
}

/// What a response chooses, in a form that is short whatever it was sent as.
pub(crate) fn selections(content: &Value) -> Vec<String> {
    let chosen = content
        .get("m.selections")
        .or_else(|| content.pointer("/org.matrix.msc3381.poll.response/answers"))
        .or_else(|| content.pointer("/m.poll.response/answers"))
        .and_then(Value::as_array);
    let mut short: Vec<String> = Vec::new();
    for selection in chosen.into_iter().flatten() {
        let id = selection.as_str().filter(|id| id.len() <= LONGEST_ID).unwrap_or(UNKNOWN);
        if short.len() < MOST_SELECTIONS {
            short.push(id.to_owned());
        } else if !short.iter().any(|known| known == id) {
            return vec![UNKNOWN.to_owned()];
        }
    }
    short
}

/// A vote as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vote {
    pub(crate) sender: UserId,
    pub(crate) time: i64,
    pub(crate) selections: Vec<String>,
}

/// How the votes of a poll stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollTally {
    /// Who chose each answer, in the order of the answers; of each, in the order of their votes.
    pub chosen: Vec<Vec<UserId>>,
    /// How many people have a vote that counts.
    pub voters: usize,
    /// When it was closed.
    pub closed: Option<Timestamp>,
}

impl PollTally {
    /// Let a response count that is not recorded yet: it is newer than everything that is.
    pub fn vote(&mut self, question: &PollQuestion, who: &UserId, content: &Value) {
        self.chosen.resize(question.answers.len(), Vec::new());
        let voted = self.chosen.iter().any(|voters| voters.contains(who));
        for voters in &mut self.chosen {
            voters.retain(|voter| voter != who);
        }
        let places = places(question, &selections(content));
        self.voters = self.voters.saturating_sub(usize::from(voted)).saturating_add(usize::from(!places.is_empty()));
        for place in places {
            if let Some(voters) = self.chosen.get_mut(place) {
                voters.push(who.clone());
            }
        }
    }
}

/// Which answers a response chooses; none when it is spoilt or takes a vote back.
fn places(question: &PollQuestion, selections: &[String]) -> BTreeSet<usize> {
    let place = |id: &String| question.answers.iter().position(|answer| answer.id == *id);
    let chosen: Option<Vec<usize>> = selections.iter().map(place).collect();
    chosen.unwrap_or_default().into_iter().take(question.max_selections).collect()
}

/// Count. Votes come oldest first; `ends` are the moments of end events that count.
pub(crate) fn tally(question: &PollQuestion, votes: Vec<Vote>, ends: impl IntoIterator<Item = i64>) -> PollTally {
    let end = ends.into_iter().min();
    let mut latest: BTreeMap<UserId, (usize, Vec<String>)> = BTreeMap::new();
    let votes = votes.into_iter().filter(|vote| end.is_none_or(|end| vote.time <= end));
    for (order, vote) in votes.enumerate() {
        latest.insert(vote.sender, (order, vote.selections));
    }
    let mut in_order: Vec<(usize, UserId, BTreeSet<usize>)> = latest
        .into_iter()
        .filter_map(|(sender, (order, selections))| {
            let chosen = places(question, &selections);
            (!chosen.is_empty()).then_some((order, sender, chosen))
        })
        .collect();
    in_order.sort_by_key(|(order, ..)| *order);
    let mut chosen = vec![Vec::new(); question.answers.len()];
    let voters = in_order.len();
    for (_, sender, places) in in_order {
        for place in places {
            if let Some(voters) = chosen.get_mut(place) {
                voters.push(sender.clone());
            }
        }
    }
    PollTally { chosen, voters, closed: end.map(Timestamp) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn question(max: u64) -> PollQuestion {
        PollQuestion::read(&json!({"org.matrix.msc3381.poll.start": {
            "question": {"org.matrix.msc1767.text": "When?"}, "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": max,
            "answers": [
                {"id": "a", "org.matrix.msc1767.text": "Thursday"}, {"id": "b", "org.matrix.msc1767.text": "Friday"},
                {"id": "c", "org.matrix.msc1767.text": "Never"}
            ]
        }}))
        .unwrap()
    }

    fn vote(who: &str, time: i64, selections: &[&str]) -> Vote {
        Vote { sender: UserId::from(who), time, selections: selections.iter().map(|id| (*id).to_owned()).collect() }
    }

    fn counts(tally: &PollTally) -> Vec<usize> {
        tally.chosen.iter().map(Vec::len).collect()
    }

    #[test]
    fn both_names_of_a_poll_are_read_alike() {
        let stable = PollQuestion::read(&json!({"m.poll": {
            "question": {"m.text": [{"body": "When?"}]}, "kind": "m.disclosed", "max_selections": 2,
            "answers": [
                {"m.id": "a", "m.text": [{"body": "Thursday"}]}, {"m.id": "b", "m.text": [{"body": "Friday"}]},
                {"m.id": "c", "m.text": [{"body": "Never"}]}
            ]
        }}));
        assert_eq!(stable.unwrap(), question(2));
    }

    #[test]
    fn a_poll_that_asks_nothing_is_no_poll() {
        for content in [
            json!(null),
            json!({"m.poll": 4}),
            json!({"m.poll": {"question": {"m.text": "?"}, "answers": []}}),
            json!({"m.poll": {"question": 3, "answers": [{"m.id": "a", "m.text": "A"}]}}),
            json!({"m.poll": {"question": {"m.text": "?"}, "answers": [{"m.id": 4, "m.text": "A"}, null]}}),
        ] {
            assert_eq!(PollQuestion::read(&content), None, "{content}");
        }
    }

    #[test]
    fn the_latest_response_of_each_person_counts() {
        let votes = vec![vote("@p", 1, &["a"]), vote("@j", 2, &["b"]), vote("@p", 3, &["b"])];
        let tally = tally(&question(1), votes, None);
        assert_eq!((counts(&tally), tally.voters, tally.closed), (vec![0, 2, 0], 2, None));
    }

    #[test]
    fn an_unknown_answer_spoils_a_response_and_takes_the_earlier_one_back() {
        let votes = vec![vote("@p", 1, &["a"]), vote("@p", 2, &["a", "z"]), vote("@j", 3, &[]), vote("@l", 4, &["c"])];
        let tally = tally(&question(3), votes, None);
        assert_eq!((counts(&tally), tally.voters), (vec![0, 0, 1], 1));
    }

    #[test]
    fn more_choices_than_allowed_are_cut_off() {
        let tally = tally(&question(2), vec![vote("@p", 1, &["c", "a", "b"])], None);
        assert_eq!(counts(&tally), [1, 0, 1]);
    }

    #[test]
    fn what_comes_after_the_end_does_not_count() {
        let votes = || vec![vote("@p", 1, &["a"]), vote("@p", 5, &["b"]), vote("@j", 6, &["b"])];
        let tally_at = |ends: Vec<i64>| tally(&question(1), votes(), ends);
        assert_eq!(counts(&tally_at(vec![5])), [0, 1, 0]);
        assert_eq!(counts(&tally_at(vec![9, 4])), [1, 0, 0]);
        assert_eq!(tally_at(vec![9, 4]).closed, Some(Timestamp(4)));
    }

    #[test]
    fn a_response_of_any_shape_is_read() {
        let long = "x".repeat(10_000);
        for (content, expected) in [
            (json!({"m.selections": ["a", "b"]}), vec!["a", "b"]),
            (json!({"org.matrix.msc3381.poll.response": {"answers": ["a"]}}), vec!["a"]),
            (json!({"m.selections": "a"}), vec![]),
            (json!({"m.selections": [1, null, "a"]}), vec![UNKNOWN, UNKNOWN, "a"]),
            (json!({"m.selections": [long]}), vec![UNKNOWN]),
            (json!([]), vec![]),
        ] {
            assert_eq!(selections(&content), expected, "{content}");
        }
        let many: Vec<String> = (0..10_000).map(|n| n.to_string()).collect();
        assert_eq!(selections(&json!({"m.selections": many})), [UNKNOWN]);
        assert_eq!(selections(&json!({"m.selections": vec!["a"; 10_000]})).len(), MOST_SELECTIONS);
    }
}
