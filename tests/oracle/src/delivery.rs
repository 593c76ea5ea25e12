//! How a device gets to know a log: in responses of some size, with holes that history fills, and keys at some time.

use proptest::prelude::*;

/// How a device gets to know a log.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// Events a response.
    pub(crate) size: usize,
    /// Responses that never come: a bit each.
    pub(crate) missed: u32,
    /// Responses that come twice, because the device died before it knew that it had them.
    pub(crate) twice: u32,
    /// Responses after which all holes are filled.
    pub(crate) filled: u32,
    /// Events a page of history.
    pub(crate) page: usize,
    /// Of two holes, ours fills the older one first.
    pub(crate) oldest_first: bool,
    /// How many responses come before the keys.
    pub(crate) keys: usize,
    /// Where keys come after everything else: even after the last holes are filled.
    pub(crate) keys_last: bool,
    /// Room version 11 rather than 10.
    pub(crate) modern: bool,
}

impl Plan {
    /// Everything comes live, `size` events at a time.
    pub(crate) fn live(size: usize) -> Self {
        Self {
            size,
            missed: 0,
            twice: 0,
            filled: 0,
            page: 1,
            oldest_first: false,
            keys: 0,
            keys_last: false,
            modern: true,
        }
    }
}

/// Something that a device gets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Piece {
    /// A response with these events of the log, behind a hole or not.
    Live { from: usize, to: usize, hole: bool },
    /// All holes are filled, with pages of this size.
    Fill { page: usize },
    /// The keys of all messages.
    Keys,
}

pub(crate) fn plans() -> impl Strategy<Value = Plan> {
    let few = || (any::<u32>(), any::<u32>()).prop_map(|(some, half)| some & half);
    ((1..9_usize, any::<u32>(), few(), few()), (1..8_usize, any::<bool>()), (0..8_usize, any::<bool>(), any::<bool>()))
        .prop_map(|((size, missed, twice, filled), (page, oldest_first), (keys, keys_last, modern))| Plan {
            size,
            missed,
            twice,
            filled,
            page,
            oldest_first,
            keys,
            keys_last,
            modern,
        })
}

impl Plan {
    /// The pieces in which a log of `events` events comes. Its last event comes alone, when all else is there.
    pub(crate) fn pieces(&self, events: usize) -> Vec<Piece> {
        let (end, mut at, mut response, mut hole) = (events - 1, 0, 0, false);
        let mut pieces = Vec::new();
        let bit = |bits: u32, response: usize| bits & (1 << (response % 32)) != 0;
        while at < end {
            if response == self.keys {
                pieces.push(Piece::Keys);
            }
            let to = (at + self.size).min(end);
            if to < end && bit(self.missed, response) {
                hole = true;
            } else {
                let live = Piece::Live { from: at, to, hole };
                pieces.push(live);
                pieces.extend(bit(self.twice, response).then_some(live));
                pieces.extend(bit(self.filled, response).then_some(Piece::Fill { page: self.page }));
                hole = false;
            }
            (at, response) = (to, response + 1);
        }
        let mut rest = vec![Piece::Fill { page: self.page }];
        if !pieces.contains(&Piece::Keys) {
            rest.insert(usize::from(self.keys_last), Piece::Keys);
        }
        pieces.extend(rest);
        pieces.push(Piece::Live { from: end, to: events, hole: false });
        pieces
    }
}

/// How the events of a log came to be known.
pub(crate) struct Known {
    /// When each event was first given: the piece, and how far the log had come then.
    given: Vec<Option<(usize, usize)>>,
    keys: usize,
}

impl Known {
    pub(crate) fn new(pieces: &[Piece], events: usize) -> Self {
        let mut known = Self { given: vec![None; events], keys: pieces.len() };
        let mut head = 0;
        for (at, piece) in pieces.iter().enumerate() {
            let range = match *piece {
                Piece::Live { from, to, .. } => {
                    head = to;
                    from..to
                }
                Piece::Fill { .. } => 0..head,
                Piece::Keys => {
                    known.keys = at;
                    continue;
                }
            };
            known.given[range].iter_mut().for_each(|given| *given = given.or(Some((at, head))));
        }
        known
    }

    /// How far the log had come when an event was first given.
    pub(crate) fn head(&self, n: usize) -> usize {
        self.given[n].map_or(0, |(_, head)| head)
    }

    /// An event was given.
    pub(crate) fn has(&self, n: usize) -> bool {
        self.given[n].is_some()
    }

    /// An event was given before the keys.
    pub(crate) fn before_keys(&self, n: usize) -> bool {
        self.given[n].is_some_and(|(at, _)| at < self.keys)
    }
}
