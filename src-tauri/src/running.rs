//! The program as its commands reach it: the engine, once it has started, and the page that is listening now.
//!
//! **Invariant:** a verb that comes before the engine is ready waits for it; a stream ends when the page that asked for
//! it was loaded anew, so a reloaded page never leaves a stream behind.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tauri::ipc::{Channel, IpcResponse};
use tidings_engine::{Engine, Sink};
use tidings_model::{Code, Failure};
use tokio::sync::watch;

use crate::timings::Timings;

/// What came of starting the engine; `None` while it starts.
pub(crate) type Started = Option<Result<Engine, Failure>>;

/// The state that every command is given.
pub(crate) struct Running {
    engine: watch::Receiver<Started>,
    page: Arc<AtomicU64>,
    /// The moments of `--timings`.
    pub(crate) timings: Arc<Timings>,
}

impl Running {
    /// The program around an engine that is starting.
    pub(crate) fn new(engine: watch::Receiver<Started>, timings: Arc<Timings>) -> Self {
        Self { engine, page: Arc::default(), timings }
    }

    /// The engine, as soon as it is ready.
    ///
    /// # Errors
    /// Why it could not start.
    pub(crate) async fn engine(&self) -> Result<Engine, Failure> {
        let mut engine = self.engine.clone();
        match engine.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(result)) => result.clone(),
            Ok(None) | Err(_) => Err(Failure::new(Code::Internal, "the program is ending")),
        }
    }

    /// The engine, if it is ready now.
    pub(crate) fn engine_now(&self) -> Option<Engine> {
        self.engine.borrow().as_ref().and_then(|result| result.as_ref().ok().cloned())
    }

    /// A new page begins to load: the streams of the old one end.
    pub(crate) fn page_begins(&self) {
        self.page.fetch_add(1, Ordering::SeqCst);
    }

    /// Where a stream of the page goes that is loaded now.
    pub(crate) fn sink<T: IpcResponse + Send + Sync + 'static>(&self, channel: Channel<T>) -> Sink<T> {
        let (page, asked_by) = (Arc::clone(&self.page), self.page.load(Ordering::SeqCst));
        Box::new(move |update| page.load(Ordering::SeqCst) == asked_by && channel.send(update).is_ok())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use std::time::Instant;

    use super::*;

    fn running() -> (watch::Sender<Started>, Running) {
        let (started, engine) = watch::channel(None);
        (started, Running::new(engine, Arc::new(Timings::begin(Instant::now(), None).unwrap())))
    }

    #[test]
    fn a_stream_ends_with_the_page_that_asked_for_it() {
        let (_started, running) = running();
        let heard = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&heard);
        let channel = Channel::new(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(())
        });
        let sink = running.sink::<u32>(channel);
        assert!(sink(1));
        running.page_begins();
        assert!(!sink(2));
        assert_eq!(heard.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_verb_waits_for_the_engine() {
        let (started, running) = running();
        let mut verb = Box::pin(running.engine());
        assert!(look(&mut verb).await.is_none());
        started.send(Some(Err(Failure::new(Code::DiskFull, "")))).unwrap();
        assert_eq!(verb.await.err().unwrap().code, Code::DiskFull);
    }

    #[tokio::test]
    async fn a_verb_is_refused_when_the_program_ends_first() {
        let (started, running) = running();
        drop(started);
        assert_eq!(running.engine().await.err().unwrap().code, Code::Internal);
    }

    /// One look at a future.
    async fn look<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        std::future::poll_fn(|context| match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => std::task::Poll::Ready(Some(output)),
            std::task::Poll::Pending => std::task::Poll::Ready(None),
        })
        .await
    }
}
