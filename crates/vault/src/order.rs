//! The ids of event rows: they grow with the time of the event, so that the newest rows of anything (a search, the
//! starred messages) are found from the end of an index and nothing is sorted.
//!
//! An id is the event's half second since 2014, when Matrix began, or a free one after it: four bytes until 2048. Where
//! many events claim one moment (a bridge that says 0), each looks in a window of its own, twice as wide each time.
//!
//! **Invariant:** two events never share an id; an id says when only nearly, and rows carry their exact time.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use rusqlite::Connection;
use tidings_model::Timestamp;

use crate::Result;

/// 2014-01-01, in milliseconds since 1970.
const BEGIN: i64 = 1_388_534_400_000;
/// Milliseconds.
const STEP: i64 = 500;

/// The id at which events of this moment begin.
pub(crate) fn of(time: Timestamp) -> i64 {
    time.0.saturating_sub(BEGIN).max(0) / STEP
}

/// How long after the moment of its id an event was sent, in milliseconds. The row keeps this and computes the time
/// (`schema/0009_packed.sql`); ids far beyond any time, where none was free before, are cut so that nothing overflows.
pub(crate) fn late(id: i64, time: Timestamp) -> i64 {
    time.0.saturating_sub((id & 0xfff_ffff_ffff).saturating_mul(STEP).saturating_add(BEGIN))
}

/// The moment that an id stands for.
pub(crate) fn moment(id: i64) -> Timestamp {
    Timestamp(id.saturating_mul(STEP).saturating_add(BEGIN))
}

/// The places to try for an event, best first.
pub(crate) fn places(time: Timestamp, event: &[u8]) -> impl Iterator<Item = i64> {
    let mut hasher = DefaultHasher::new();
    event.hash(&mut hasher);
    let scatter = hasher.finish();
    let begin = of(time);
    (0_u32..62).map(move |wide| {
        let window = 1_u64 << wide;
        let offset = scatter.rotate_left(wide * 7) % window;
        begin.saturating_add(i64::try_from(offset).unwrap_or_default())
    })
}

/// Put an event at the first of its places that is free: `put` says whether it was.
pub(crate) fn first_free(
    db: &Connection,
    time: Timestamp,
    event: &[u8],
    mut put: impl FnMut(i64) -> Result<bool>,
) -> Result<i64> {
    // Zero stands for none.
    for place in places(time, event).filter(|place| *place > 0) {
        if put(place)? {
            return Ok(place);
        }
    }
    // Sixty events of one moment whose ids are the same text, in as many rooms: no server does that. The end is free.
    let place = db.prepare_cached("SELECT max(id) + 1 FROM event")?.query_row([], |row| row.get(0))?;
    put(place)?;
    Ok(place)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn later_events_have_larger_ids_and_the_moment_comes_back() {
        let time = Timestamp(1_764_000_000_123);
        assert!(of(Timestamp(time.0 + 1_000)) > of(time));
        assert!((moment(of(time)).0 - time.0).abs() < STEP);
        assert_eq!(of(Timestamp(0)), 0);
        assert_eq!(of(Timestamp(i64::MIN)), 0);
    }

    #[test]
    fn a_hundred_thousand_events_of_one_moment_find_a_place_quickly() {
        let mut taken = BTreeSet::new();
        let mut tries = 0;
        for number in 0..100_000_u32 {
            let place = places(Timestamp(0), &number.to_le_bytes()).find(|place| {
                tries += 1;
                *place > 0 && !taken.contains(place)
            });
            taken.insert(place.unwrap());
        }
        assert_eq!(taken.len(), 100_000);
        assert!(tries < 100_000 * 25, "{tries} tries");
        assert!(taken.last().unwrap() < &(1 << 22), "they stay near");
    }
}
