//! Where events stand in a room, and what is missing between them.
//!
//! **Invariant:** larger is newer. Inside a stretch without holes positions are neighbours; a hole is a [`Gap`] in front
//! of the stretch's oldest event, with room for 2^32 events.
//! **Invariant:** a run of events has no holes in itself. So a known event in it says where the run belongs, and every
//! gap that the run spans is closed.
//! **Invariant:** an event that is in a run is never dropped. One that comes late and has no place left (the server's
//! timeline and its history do not always agree) stands as near as possible.
//!
//! Pure: reads and changes a [`Stretches`], which the caller loads and saves.
//!
//! [`Gap`]: crate::Gap

use std::collections::BTreeMap;

use crate::Place;

/// The distance between stretches: more events than a room will see in a hole.
const HOLE: i64 = 1 << 32;

/// What is known of a room's positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stretches {
    pub(crate) oldest: Option<i64>,
    pub(crate) newest: Option<i64>,
    /// Tokens by the position of the event that they are missing before.
    pub(crate) gaps: BTreeMap<i64, String>,
    /// Token of a hole after the newest event, when nothing beyond it is known yet; empty for none.
    pub(crate) ahead: String,
}

impl Stretches {
    /// Give each event of a run its position. `known` has the positions of those that have one already. `None` when the
    /// run belongs to a gap that is not there (any more).
    pub(crate) fn place(&mut self, known: &[Option<i64>], place: &Place) -> Option<Vec<i64>> {
        let mut run = Run { positions: known.to_vec() };
        match place {
            Place::Live { prev_batch } => self.place_live(&mut run, prev_batch.as_deref()),
            Place::Older { from, next } => {
                let before = self.gaps.iter().find(|(_, token)| *token == from).map(|(before, _)| *before)?;
                self.place_older(&mut run, before, next.as_deref());
            }
        }
        // Nothing is left without a position; zero stands for what cannot be.
        Some(run.positions.into_iter().map(Option::unwrap_or_default).collect())
    }

    fn place_live(&mut self, run: &mut Run, prev_batch: Option<&str>) {
        let last = run.positions.iter().rposition(Option::is_some);
        let Some(last) = last else {
            if let Some(token) = prev_batch {
                token.clone_into(&mut self.ahead);
            }
            self.append(run, 0);
            return;
        };
        let anchor = run.at(last).unwrap_or_default();
        if Some(anchor) == self.newest {
            self.ahead.clear();
        }
        self.append(run, last.saturating_add(1));
        let cursor = self.walk_back(run, last, anchor, None);
        if let (Some(token), true) = (prev_batch, cursor.extended) {
            self.gaps.insert(cursor.at, token.to_owned());
        }
        // What is still without a place stands between known events that have none between them.
        self.append(run, 0);
    }

    fn place_older(&mut self, run: &mut Run, before: i64, next: Option<&str>) {
        let end = run.positions.len();
        let cursor = self.walk_back(run, end, before, Some(before));
        match next {
            Some(token) => {
                if let Some(kept) = self.gaps.get_mut(&cursor.at) {
                    token.clone_into(kept);
                }
            }
            // The room begins here: nothing can be missing before.
            None => self.gaps.retain(|before, _| *before > cursor.at),
        }
    }

    /// Put what has no place at the newest end, in order; behind a hole if one is known to be there.
    fn append(&mut self, run: &mut Run, from: usize) {
        for position in run.positions.iter_mut().skip(from).filter(|position| position.is_none()) {
            let next = match self.newest {
                None => 0,
                Some(newest) if self.ahead.is_empty() => newest.saturating_add(1),
                Some(newest) => newest.saturating_add(HOLE),
            };
            if !self.ahead.is_empty() {
                self.gaps.insert(next, std::mem::take(&mut self.ahead));
            }
            *position = Some(next);
            self.newest = Some(next);
            self.oldest = self.oldest.or(Some(next));
        }
    }

    /// Follow a run from the event before index `end` to its oldest, beginning just before the position `at`.
    /// `edge` is where late comers without a place go, once a gap was closed.
    fn walk_back(&mut self, run: &mut Run, end: usize, at: i64, mut edge: Option<i64>) -> Cursor {
        let mut cursor = Cursor { at, extended: false };
        for position in run.positions.iter_mut().take(end).rev() {
            match *position {
                // Here already, in this stretch or a newer one.
                Some(known) if known >= cursor.at => {}
                Some(known) => {
                    if self.gaps.remove(&cursor.at).is_some() {
                        edge = Some(cursor.at);
                    }
                    cursor = Cursor { at: known, extended: false };
                }
                None if self.gaps.contains_key(&cursor.at) || self.oldest == Some(cursor.at) => {
                    let older = cursor.at.saturating_sub(1);
                    if let Some(token) = self.gaps.remove(&cursor.at) {
                        self.gaps.insert(older, token);
                    }
                    if self.oldest == Some(cursor.at) {
                        self.oldest = Some(older);
                    }
                    *position = Some(older);
                    cursor = Cursor { at: older, extended: true };
                }
                None => {
                    if let Some(edge) = &mut edge {
                        *edge = edge.saturating_sub(1);
                        *position = Some(*edge);
                    }
                }
            }
        }
        cursor
    }
}

struct Run {
    positions: Vec<Option<i64>>,
}

impl Run {
    fn at(&self, index: usize) -> Option<i64> {
        self.positions.get(index).copied().flatten()
    }
}

/// How far a walk towards older events has come.
struct Cursor {
    at: i64,
    /// The event here was put here by this walk.
    extended: bool,
}

#[cfg(test)]
mod tests;
