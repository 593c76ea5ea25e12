//! Streams to windows: who listens, and that a listener who went away is forgotten.

use std::sync::Mutex;

use crate::Sink;

/// The listeners of one stream.
pub(crate) struct Listeners<T> {
    sinks: Mutex<Vec<Sink<T>>>,
}

impl<T> Default for Listeners<T> {
    fn default() -> Self {
        Self { sinks: Mutex::new(Vec::new()) }
    }
}

impl<T: Clone> Listeners<T> {
    /// Add a listener, which first gets `first` (a reset). Nothing is sent to it before.
    pub(crate) fn add(&self, sink: Sink<T>, first: T) {
        let mut sinks = lock(&self.sinks);
        if sink(first) {
            sinks.push(sink);
        }
    }

    /// Tell every listener; forget those that went away.
    pub(crate) fn tell(&self, update: &T) {
        lock(&self.sinks).retain(|sink| sink(update.clone()));
    }
}

/// Lock a mutex whose holder cannot leave it half-changed: a panic of an earlier holder does not matter.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
