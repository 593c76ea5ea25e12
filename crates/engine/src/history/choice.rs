//! Whether a hole is filled without anybody waiting for it. Pure.
//!
//! A hole between rows that are here is always filled: the person was away, and what was said then is what they look
//! for. What lies before the oldest row is filled as far as the policy goes, further where the unread count depends on
//! it, and to the beginning where the whole history is wanted.

use tidings_model::Timestamp;
use tidings_vault::RoomGap;

use super::{Chosen, HistoryPolicy};

/// A day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// What a hole is judged by.
pub(super) struct Limits {
    pub(super) policy: HistoryPolicy,
    pub(super) chosen: Chosen,
    pub(super) now: Timestamp,
}

impl Limits {
    /// How far rows are to be counted.
    pub(super) fn rows(&self) -> u32 {
        self.policy.rows
    }
}

/// This hole is to be filled.
pub(super) fn wants(limits: &Limits, gap: &RoomGap) -> bool {
    let policy = &limits.policy;
    if policy.whole && limits.chosen.wants(&gap.room) {
        return true;
    }
    if policy.rows == 0 {
        return false;
    }
    let recent = gap.since.0 > limits.now.0.saturating_sub(i64::from(policy.days).saturating_mul(DAY));
    gap.inside || (gap.rows < policy.rows && (recent || gap.uncounted))
}

#[cfg(test)]
mod tests {
    use tidings_model::RoomId;
    use tidings_vault::Gap;

    use super::*;

    const NOW: i64 = 1_000 * DAY;

    fn gap(days_ago: i64, rows: u32, inside: bool, uncounted: bool) -> RoomGap {
        RoomGap {
            room: RoomId::from("!pier"),
            gap: Gap { before: 0, token: "t".to_owned() },
            since: Timestamp(NOW - days_ago * DAY),
            inside,
            rows,
            uncounted,
        }
    }

    fn limits(policy: HistoryPolicy) -> Limits {
        Limits { policy, chosen: Chosen::default(), now: Timestamp(NOW) }
    }

    #[test]
    fn a_hole_is_filled_as_far_as_the_policy_goes() {
        let month = limits(HistoryPolicy { days: 30, rows: 1_000, ..HistoryPolicy::default() });
        for (gap, expected, why) in [
            (gap(3, 20, false, false), true, "it is recent"),
            (gap(31, 20, false, false), false, "a month is here"),
            (gap(3, 1_000, false, false), false, "a thousand rows are here"),
            (gap(900, 1_000, true, false), true, "it lies between known rows"),
            (gap(900, 20, false, true), true, "the unread count depends on it"),
            (gap(900, 1_000, false, true), false, "a count of a thousand is enough"),
        ] {
            assert_eq!(wants(&month, &gap), expected, "{why}: {gap:?}");
        }
    }

    #[test]
    fn with_no_rows_nothing_is_filled_by_itself() {
        let none = limits(HistoryPolicy { rows: 0, ..HistoryPolicy::default() });
        assert!(!wants(&none, &gap(1, 0, false, true)));
        assert!(!wants(&none, &gap(1, 0, true, false)));
    }

    #[test]
    fn the_whole_history_is_fetched_where_it_is_wanted_and_allowed() {
        let mut chosen = Chosen::default();
        chosen.choose(Some(&RoomId::from("!pier")), true);
        let whole = |policy| Limits { chosen: chosen.clone(), ..limits(policy) };
        let old = gap(900, 1_000, false, false);
        assert!(wants(&whole(HistoryPolicy { rows: 0, ..HistoryPolicy::default() }), &old));
        assert!(!wants(&whole(HistoryPolicy { whole: false, ..HistoryPolicy::default() }), &old));
    }
}
