//! The wall clock, and the days of the place where the computer stands.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use tidings_engine::ports::Clock;
use tidings_model::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// The computer's clock and time zone.
#[derive(Debug, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let ms = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        };
        Timestamp(ms)
    }

    fn local_day(&self, time: Timestamp) -> i64 {
        local_day(time, &TimeZone::system())
    }
}

/// Days since 1 January 1970 on the calendar of `zone`. A moment outside the calendar (years beyond 9999, which only a
/// hostile event has) is counted in UTC.
fn local_day(time: Timestamp, zone: &TimeZone) -> i64 {
    let Ok(moment) = jiff::Timestamp::from_millisecond(time.0) else { return time.0.div_euclid(DAY_MS) };
    let offset_ms = i64::from(zone.to_offset(moment).seconds()) * 1000;
    time.0.saturating_add(offset_ms).div_euclid(DAY_MS)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    fn day(moment: &str, zone: &TimeZone) -> i64 {
        local_day(Timestamp(moment.parse::<jiff::Timestamp>().unwrap().as_millisecond()), zone)
    }

    #[test]
    fn a_day_begins_at_the_place_s_own_midnight() {
        let east = TimeZone::fixed(jiff::tz::offset(2));
        assert_eq!(day("2026-03-01T21:59:59Z", &east) + 1, day("2026-03-01T22:00:00Z", &east));
        assert_eq!(day("2026-03-01T22:00:00Z", &east), day("2026-03-02T21:59:59Z", &east));
        assert_eq!(day("1970-01-01T00:00:00Z", &TimeZone::UTC), 0);
        assert_eq!(day("1969-12-31T23:59:59Z", &TimeZone::UTC), -1);
    }

    #[test]
    fn no_moment_breaks_the_calendar() {
        for ms in [i64::MIN, -1, 0, i64::MAX] {
            SystemClock.local_day(Timestamp(ms));
        }
        assert!(local_day(Timestamp(i64::MAX), &TimeZone::UTC) > 0);
    }

    #[test]
    fn the_wall_clock_runs() {
        assert!(SystemClock.now().0 > 1_700_000_000_000);
    }
}
