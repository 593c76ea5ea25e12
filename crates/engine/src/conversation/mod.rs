//! An open conversation: a window over the vault that begins with a reset and goes on in keyed patches.
//!
//! `standing` says where a window stands, `seek` fetches what it is to stand at, `window` keeps it in step, `items` makes
//! its rows.

mod body;
mod items;
mod overlay;
mod parts;
pub(crate) mod preview;
mod seek;
mod source;
mod standing;
mod system;
#[cfg(test)]
mod tests;
mod window;

use std::{
    future::Future,
    sync::{Arc, Weak},
};

use tidings_model::{ConversationUpdate, Failure, Target};
use tokio::sync::mpsc;

use crate::{Sink, session::Session};
pub(crate) use overlay::TAKES_BACK;
pub(crate) use parts::parts;
pub(crate) use seek::seek;
pub(crate) use source::Source;
pub(crate) use standing::Standing;
use window::Window;

/// What a window is asked.
pub(crate) enum Ask {
    /// Show older messages.
    Older,
    /// Show newer messages.
    Newer,
    /// Stand somewhere else.
    Stand(Standing),
}

/// An open conversation, for whoever has its id.
#[derive(Clone)]
pub(crate) struct Conversing {
    /// Whose it is; signing out does not wait for a window.
    pub(crate) session: Weak<Session>,
    /// The chat, or its thread.
    pub(crate) source: Source,
    /// The way to its window.
    pub(crate) asks: mpsc::Sender<Ask>,
}

/// Open a conversation at a target, or, where that is not in the vault, at its unread line: the first reset is sent
/// before this returns; the future keeps the window in step.
pub(crate) async fn open(
    session: Arc<Session>,
    source: Source,
    target: Target,
    sink: Sink<ConversationUpdate>,
) -> Result<(Conversing, impl Future<Output = ()> + Send + 'static), Failure> {
    // Subscribed before the first reading, so that no change falls between.
    let feed = session.feed.subscribe();
    let mut window = Window::first(Arc::clone(&session), source.clone(), target, sink).await?;
    let (asks, asked) = mpsc::channel(4);
    let session = Arc::downgrade(&session);
    Ok((Conversing { session, source, asks }, async move { window.follow(feed, asked).await }))
}
