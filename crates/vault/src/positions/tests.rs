#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Stretches;
use crate::Place;

/// A room on a server: its events are numbers, a token `n` asks for what is older than event `n`.
struct Server {
    events: usize,
}

impl Server {
    /// The newest `limit` of what happened since event `since`, and the token if that is not all.
    fn sync(&self, since: usize, until: usize, limit: usize) -> (Vec<usize>, Option<String>) {
        let first = since.max(until.saturating_sub(limit));
        let limited = first > since;
        ((first..until.min(self.events)).collect(), limited.then(|| first.to_string()))
    }

    /// A page of what is older than a token.
    fn older(&self, token: &str, limit: usize) -> (Vec<usize>, Option<String>) {
        let end: usize = token.parse().unwrap();
        let first = end.saturating_sub(limit);
        ((first..end).collect(), (first > 0).then(|| first.to_string()))
    }
}

/// What a vault knows, with the positions alone.
#[derive(Default)]
struct Kept {
    stretches: Stretches,
    positions: BTreeMap<usize, i64>,
}

impl Kept {
    fn take(&mut self, events: &[usize], place: &Place) {
        let known: Vec<_> = events.iter().map(|event| self.positions.get(event).copied()).collect();
        let Some(placed) = self.stretches.place(&known, place) else { return };
        for ((event, known), position) in events.iter().zip(known).zip(placed) {
            if let Some(known) = known {
                assert_eq!(known, position, "what has a position keeps it");
            }
            self.positions.insert(*event, position);
        }
    }

    fn live(&mut self, (events, prev_batch): (Vec<usize>, Option<String>)) {
        self.take(&events, &Place::Live { prev_batch });
    }

    fn older(&mut self, server: &Server, token: &str, limit: usize) {
        let (events, next) = server.older(token, limit);
        self.take(&events, &Place::Older { from: token.to_owned(), next });
    }

    /// Whether order and gaps agree with the server: where events are missing between two neighbours, a gap stands
    /// before the newer one, and it asks for the right thing.
    fn check(&self) {
        let mut by_position: Vec<(i64, usize)> = self.positions.iter().map(|(event, at)| (*at, *event)).collect();
        by_position.sort_unstable();
        let events: Vec<usize> = by_position.iter().map(|(_, event)| *event).collect();
        assert!(events.is_sorted(), "{events:?}");
        assert!(by_position.windows(2).all(|pair| pair[0].0 < pair[1].0), "two events at one position");
        let mut before = 0;
        for (at, event) in by_position {
            let missing = event > before;
            if missing {
                let token = self.stretches.gaps.get(&at).unwrap_or_else(|| panic!("no gap before {event}"));
                assert!(token.parse::<usize>().unwrap() > before, "the token would miss events before {event}");
            }
            before = event + 1;
        }
        assert_eq!(self.stretches.oldest, self.positions.values().min().copied());
        assert_eq!(self.stretches.newest, self.positions.values().max().copied());
    }
}

#[derive(Clone, Debug)]
enum Step {
    /// So many new events happen, and a response carries at most so many of them, perhaps with some known ones before.
    Sync { happened: usize, limit: usize, overlap: usize },
    /// One of the gaps is asked about.
    Older { which: usize, limit: usize },
    /// The first page of a list that grew: the newest events again, more of them than before.
    Again { limit: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..12_usize, 1..8_usize, 0..4_usize)
            .prop_map(|(happened, limit, overlap)| Step::Sync { happened, limit, overlap }),
        3 => (0..8_usize, 1..10_usize).prop_map(|(which, limit)| Step::Older { which, limit }),
        1 => (1..30_usize).prop_map(|limit| Step::Again { limit }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_split_of_a_history_gives_its_order_and_no_gap_is_lost(steps in proptest::collection::vec(step(), 1..40)) {
        let mut server = Server { events: 0 };
        let mut kept = Kept::default();
        let mut since = 0;
        for step in steps {
            match step {
                Step::Sync { happened, limit, overlap } => {
                    server.events += happened;
                    let (events, prev_batch) = server.sync(since, server.events, limit);
                    // A response may begin with events that were there before.
                    let (events, prev_batch) = match prev_batch {
                        None if since > 0 => ((since - overlap.min(since)..server.events).collect(), None),
                        _ => (events, prev_batch),
                    };
                    if !events.is_empty() || prev_batch.is_some() {
                        kept.live((events, prev_batch));
                    }
                    since = server.events;
                }
                Step::Older { which, limit } => {
                    let tokens: Vec<String> = kept.stretches.gaps.values().cloned().collect();
                    if !tokens.is_empty() {
                        kept.older(&server, &tokens[which % tokens.len()], limit);
                    }
                }
                Step::Again { limit } => {
                    let (events, prev_batch) = server.sync(0, server.events, limit);
                    if !events.is_empty() {
                        kept.live((events, prev_batch));
                    }
                }
            }
            kept.check();
        }
        // Every gap can be filled, and then nothing is missing.
        let mut rounds = 0;
        while let Some(token) = kept.stretches.gaps.values().next_back().cloned() {
            kept.older(&server, &token, 5);
            kept.check();
            rounds += 1;
            prop_assert!(rounds < 1_000, "a gap never closes");
        }
        prop_assert_eq!(kept.positions.len(), server.events);
    }
}

/// One run of events after others, and what must come of it.
fn check(before: &[(&[usize], Place)], order: &[usize], gaps: &[(usize, &str)]) {
    let mut kept = Kept::default();
    for (events, place) in before {
        kept.take(events, place);
    }
    let mut found: Vec<(i64, usize)> = kept.positions.iter().map(|(event, at)| (*at, *event)).collect();
    found.sort_unstable();
    assert_eq!(found.iter().map(|(_, event)| *event).collect::<Vec<_>>(), order);
    let expected: BTreeMap<i64, String> =
        gaps.iter().map(|(event, token)| (kept.positions[event], (*token).to_owned())).collect();
    assert_eq!(kept.stretches.gaps, expected);
}

fn live(token: Option<&str>) -> Place {
    Place::Live { prev_batch: token.map(str::to_owned) }
}

fn older(from: &str, next: Option<&str>) -> Place {
    Place::Older { from: from.to_owned(), next: next.map(str::to_owned) }
}

#[test]
fn the_first_events_of_a_room_begin_at_zero_and_go_up_by_one() {
    let mut kept = Kept::default();
    kept.take(&[1, 2, 3], &live(None));
    assert_eq!(kept.positions.into_values().collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn a_limited_response_opens_a_gap_before_its_first_event() {
    check(&[(&[1, 2], live(None)), (&[8, 9], live(Some("8")))], &[1, 2, 8, 9], &[(8, "8")]);
}

#[test]
fn a_limited_response_that_meets_what_is_known_opens_none() {
    check(&[(&[1, 2], live(None)), (&[2, 3, 4], live(Some("2")))], &[1, 2, 3, 4], &[]);
}

#[test]
fn a_longer_run_extends_what_was_there_and_takes_the_gap_with_it() {
    check(&[(&[8, 9], live(Some("8"))), (&[5, 6, 7, 8, 9, 10], live(Some("5")))], &[5, 6, 7, 8, 9, 10], &[(5, "5")]);
}

#[test]
fn a_page_moves_its_gap_to_its_oldest_event() {
    check(&[(&[8, 9], live(Some("8"))), (&[6, 7], older("8", Some("6")))], &[6, 7, 8, 9], &[(6, "6")]);
}

#[test]
fn an_empty_page_moves_the_token() {
    check(&[(&[8, 9], live(Some("8"))), (&[], older("8", Some("x")))], &[8, 9], &[(8, "x")]);
}

#[test]
fn the_last_page_removes_its_gap() {
    check(&[(&[8, 9], live(Some("8"))), (&[6, 7], older("8", None))], &[6, 7, 8, 9], &[]);
}

#[test]
fn a_page_that_meets_a_known_event_closes_its_gap() {
    check(
        &[(&[1, 2], live(None)), (&[5, 6], live(Some("5"))), (&[2, 3, 4], older("5", Some("2")))],
        &[1, 2, 3, 4, 5, 6],
        &[],
    );
}

#[test]
fn a_page_over_a_whole_stretch_closes_one_gap_and_moves_the_next() {
    check(
        &[(&[4, 5], live(Some("4"))), (&[8, 9], live(Some("8"))), (&[2, 3, 4, 5, 6, 7], older("8", Some("2")))],
        &[2, 3, 4, 5, 6, 7, 8, 9],
        &[(2, "2")],
    );
}

#[test]
fn an_unknown_token_changes_nothing() {
    check(&[(&[8, 9], live(Some("8"))), (&[1, 2], older("other", None))], &[8, 9], &[(8, "8")]);
}

#[test]
fn a_hole_without_events_after_it_is_remembered_until_they_come() {
    check(&[(&[1], live(None)), (&[], live(Some("7"))), (&[7, 8], live(None))], &[1, 7, 8], &[(7, "7")]);
}

#[test]
fn a_late_event_between_known_ones_is_kept_at_the_end() {
    check(&[(&[1, 2], live(None)), (&[1, 9, 2, 3], live(None))], &[1, 2, 3, 9], &[]);
}

#[test]
fn a_late_event_in_a_page_is_kept_where_the_page_met_what_was_known() {
    check(
        &[(&[1, 2], live(None)), (&[5, 6], live(Some("5"))), (&[1, 9, 2, 4], older("5", Some("1")))],
        &[1, 2, 9, 4, 5, 6],
        &[],
    );
}
