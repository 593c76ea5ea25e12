//! Waiting for a condition.

use std::time::{Duration, Instant};

/// How long a condition may take to come true. Generous: a slow machine is no failure, a condition that never comes is.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(25);

/// Look until there is something to see, and give it. `what` names the condition in the failure.
pub async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < PATIENCE, "not seen in {} s: {what}", PATIENCE.as_secs());
        pause().await;
    }
}

/// The time between two looks.
pub(crate) async fn pause() {
    tokio::time::sleep(LOOK).await;
}
