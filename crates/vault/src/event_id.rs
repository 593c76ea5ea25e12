//! Event ids as they are kept: 33 bytes instead of 44 letters.
//!
//! Since room version 4 an event id is `$` and the URL-safe base64 of a SHA-256 (Matrix spec, "Room version 4", event
//! ids). Such an id is kept as the hash; every other text is kept as it is. The first byte says which.
//!
//! **Invariant:** what was packed unpacks to the same text, whatever a server calls an id.
//!
//! The indexes over ids hold four bytes of each ([`BY_ID`], [`ABOUT`]): in a room, 32 bits of a hash find one row nearly
//! always, and the statement compares the rest. They are taken behind the time with which the ids of older room versions
//! begin. Whoever writes in a room can make ids that agree in them, at some price: then reading is slow in that room.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rusqlite::{Connection, OptionalExtension as _, params};
use tidings_model::EventId;

use crate::Result;

const TEXT: u8 = 0;
const HASH: u8 = 1;

/// A condition for the event `?2` in the room `?1`, answered from the index `event_id`.
pub(crate) const BY_ID: &str = "substr(event, 16, 4) = substr(?2, 16, 4) AND room = ?1 AND event = ?2";

/// A condition for what is said about the event `?2` in the room `?1`, but for the replies of its thread; answered from
/// the index `event_about`.
pub(crate) const ABOUT: &str =
    "room = ?1 AND substr(target, 16, 4) = substr(?2, 16, 4) AND target = ?2 AND target != x'' AND relation != 4";

/// A condition for the replies of the thread `?2` in the room `?1`, answered from the index `event_thread`.
pub(crate) const IN_THREAD: &str =
    "room = ?1 AND substr(target, 16, 4) = substr(?2, 16, 4) AND target = ?2 AND relation = 4";

/// An id as it is kept.
pub(crate) fn pack(id: &str) -> Vec<u8> {
    if let Some(hash) = id.strip_prefix('$').filter(|hash| hash.len() == 43)
        && let Ok(bytes) = URL_SAFE_NO_PAD.decode(hash)
        // Other spellings of the same bytes are other ids.
        && URL_SAFE_NO_PAD.encode(&bytes) == hash
    {
        return [&[HASH], bytes.as_slice()].concat();
    }
    [&[TEXT], id.as_bytes()].concat()
}

/// An id that was kept.
pub(crate) fn unpack(kept: &[u8]) -> EventId {
    match kept.split_first() {
        Some((&HASH, hash)) => EventId(format!("${}", URL_SAFE_NO_PAD.encode(hash))),
        Some((_, text)) => EventId(String::from_utf8_lossy(text).into_owned()),
        None => EventId(String::new()),
    }
}

/// Where an event stands in its room; `None` when it is not here.
pub(crate) fn position(db: &Connection, room: i64, packed: &[u8]) -> Result<Option<i64>> {
    let mut query = db.prepare_cached(&format!("SELECT position FROM event WHERE {BY_ID}"))?;
    Ok(query.query_row(params![room, packed], |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_in_what_the_indexes_hold() {
        // Of room versions 1 and 3 and later, sent in the same second.
        for ids in [
            ["$1509980416216qOxJR:matrix.org", "$1509980416317RfKsd:matrix.org"],
            ["$YUhReV0NTCJrsMvc:dendrite.example", "$YUhReV0NTCJrsXwq:dendrite.example"],
            ["$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg", "$Rqnc-F-dvnEYJTyHq_iKyV3cA2DJ03-lvAr4b6ms6Ah"],
        ] {
            let held = ids.map(|id| pack(id).get(15..19).map(<[u8]>::to_vec));
            assert!(held.iter().all(Option::is_some) && held[0] != held[1], "{ids:?}");
        }
    }

    #[test]
    fn an_id_unpacks_to_itself_and_a_hash_takes_33_bytes() {
        let hash = "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg";
        assert_eq!(pack(hash).len(), 33);
        let odd = "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zh";
        for id in [hash, odd, "$1:org.example", "", "$", "no dollar", "$Rqnc+F/dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg"] {
            assert_eq!(unpack(&pack(id)).as_str(), id);
        }
        // The last letter of 43 has bits that say nothing: another letter is another id.
        assert_ne!(pack(hash), pack(odd));
    }
}
