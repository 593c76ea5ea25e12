//! How long to wait before the next try: full jitter, doubling from one second to sixty.
//!
//! Full jitter (a random wait between nothing and the ceiling) spreads ten thousand clients that lost their server at
//! the same moment; a fixed or half-jittered wait brings them back as waves.

use std::time::Duration;

use rand::Rng as _;

/// The ceiling of the first wait.
const FIRST: Duration = Duration::from_secs(1);
/// The ceiling of every later wait.
const LAST: Duration = Duration::from_secs(60);
/// No wait is shorter, so that a server that always fails sees at most a few requests a second.
const LEAST: Duration = Duration::from_millis(250);

/// The largest wait after this many failures in a row (0 is the first).
#[must_use]
pub fn ceiling(failures: u32) -> Duration {
    FIRST.saturating_mul(2_u32.saturating_pow(failures.min(16))).min(LAST)
}

/// A wait after this many failures in a row, and never less than the server asked for.
#[must_use]
pub fn wait(failures: u32, asked: Option<Duration>) -> Duration {
    let ceiling = ceiling(failures).max(LEAST);
    let millis = |duration: Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let jittered = Duration::from_millis(rand::rng().random_range(millis(LEAST)..=millis(ceiling)));
    asked.map_or(jittered, |asked| asked + jittered.min(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_and_stops_at_a_minute() {
        let seconds: Vec<u64> = (0..9).map(|failures| ceiling(failures).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(ceiling(u32::MAX), LAST);
    }

    #[test]
    fn a_wait_is_jittered_below_its_ceiling_and_honours_the_server() {
        let waits: std::collections::BTreeSet<Duration> = (0..50).map(|_| wait(6, None)).collect();
        assert!(waits.len() > 10, "the waits are spread");
        assert!(waits.iter().all(|wait| *wait >= LEAST && *wait <= LAST));
        assert!(wait(0, Some(Duration::from_secs(90))) >= Duration::from_secs(90));
    }
}
