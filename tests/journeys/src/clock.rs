//! A clock that can be put forward and back.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tidings_engine::ports::Clock;
use tidings_model::Timestamp;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Real time, moved by as much as a test says. Days are those of UTC.
#[derive(Debug, Default)]
pub struct TestClock {
    ahead: AtomicI64,
}

impl TestClock {
    /// Put it forward.
    pub fn forward(&self, by: Duration) {
        self.ahead.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Put it back.
    pub fn back(&self, by: Duration) {
        self.ahead.fetch_sub(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        Timestamp(i64::try_from(now).unwrap() + self.ahead.load(Ordering::SeqCst))
    }

    fn local_day(&self, time: Timestamp) -> i64 {
        time.0.div_euclid(DAY)
    }
}
