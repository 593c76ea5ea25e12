//! What stands between one computer and the homeserver, and breaks what a test names.

use std::sync::Arc;

use crate::{Reply, Request, Seen, World, web::Web};

/// A way to the homeserver that can be cut, filled with errors, and watched.
pub struct Proxy {
    web: Web,
}

impl Proxy {
    /// Before this world's homeserver; everything passes.
    pub async fn before(world: &World) -> Self {
        Self { web: Web::open(Some(world.port()), Arc::new(|_| Reply::Pass)).await }
    }

    /// Its address, as a person types it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.web.port())
    }

    /// From now on each request is treated so.
    pub fn treats(&self, rule: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
        self.web.rule(Arc::new(rule));
    }

    /// From now on everything passes.
    pub fn heals(&self) {
        self.treats(|_| Reply::Pass);
    }

    /// Nobody listens any more, and every connection is cut.
    pub fn goes_down(&self) {
        self.web.close();
    }

    /// Listens again, on the same port.
    pub async fn comes_back(&self) {
        self.web.reopen().await;
    }

    /// Every request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.web.requests().now()
    }

    /// The stream of requests.
    #[must_use]
    pub fn seen(&self) -> &Seen<Vec<Request>> {
        self.web.requests()
    }

    /// Wait for this many requests that `look` likes, and give them.
    pub async fn gets(&self, count: usize, what: &str, look: impl Fn(&Request) -> bool) -> Vec<Request> {
        let what = format!("{count} of {what}");
        self.web
            .requests()
            .until(&what, |requests| {
                let found: Vec<Request> = requests.iter().filter(|request| look(request)).cloned().collect();
                (found.len() >= count).then_some(found)
            })
            .await
    }
}
