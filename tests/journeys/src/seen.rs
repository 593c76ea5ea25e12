//! A stream as it stands: fed by a sink, waited on by a test.

use std::{fmt::Debug, time::Duration};

use tokio::sync::watch;

/// How long a condition may take to come true. Generous: a slow machine is no failure, a condition that never comes is.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What a stream has shown so far. Clones see the same.
#[derive(Debug)]
pub struct Seen<T> {
    state: watch::Sender<T>,
}

impl<T> Clone for Seen<T> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone() }
    }
}

impl<T: Clone + Debug> Seen<T> {
    /// Nothing but this yet.
    #[must_use]
    pub fn new(first: T) -> Self {
        Self { state: watch::Sender::new(first) }
    }

    /// Something more is seen.
    pub fn change(&self, change: impl FnOnce(&mut T)) {
        self.state.send_modify(change);
    }

    /// What is seen now.
    #[must_use]
    pub fn now(&self) -> T {
        self.state.borrow().clone()
    }

    /// Wait until `look` finds something, and give it. `what` names the condition in the failure.
    pub async fn until<R>(&self, what: &str, mut look: impl FnMut(&T) -> Option<R>) -> R {
        let mut found = None;
        let mut receiver = self.state.subscribe();
        let condition = receiver.wait_for(|state| {
            found = look(state);
            found.is_some()
        });
        let met = tokio::time::timeout(PATIENCE, condition).await.is_ok();
        match found {
            Some(found) if met => found,
            _ => panic!("not seen in {} s: {what}. Seen instead:\n{:#?}", PATIENCE.as_secs(), self.now()),
        }
    }
}
