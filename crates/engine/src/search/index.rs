//! The index, kept whole in the background, and how far it reaches.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tidings_model::{Indexed, Timestamp};
use tidings_vault::IndexState;

use crate::{broadcast::lock, session::Session};

/// Events that one transaction takes in: short enough that nothing that is recorded meanwhile waits noticeably.
pub(crate) const STEP: usize = 500;
/// Events that searches find in memory: the last days of a busy person, in a few megabytes.
const NEWEST: usize = 16_384;
/// How long to wait when the index cannot be written (a full disk).
const AGAIN: Duration = Duration::from_secs(30);
/// How often the pieces of the index are merged.
const TIDIED: Duration = Duration::from_secs(600);
/// How long an answer about holes in the history is good for.
const FRESH: Duration = Duration::from_secs(5);

/// Since when every chat is complete, as it was read last.
pub(crate) type Reach = Mutex<Option<(Instant, Option<Timestamp>)>>;

/// Take in what was kept before it could be searched, read what the first search needs, and keep the index in few pieces.
pub(crate) async fn run(session: Arc<Session>) {
    loop {
        match session.vault(|vault| vault.index_more(STEP)).await {
            Ok(IndexState::Complete) => break,
            Ok(IndexState::Building { .. }) => {}
            Err(failure) => {
                tracing::warn!(code = ?failure.code, "the index is not built on for now");
                session.pause(AGAIN).await;
            }
        }
    }
    if let Err(failure) = session.vault(|vault| vault.warm_search(NEWEST)).await {
        tracing::warn!(code = ?failure.code, "the vocabulary was not read");
    }
    loop {
        match session.vault(tidings_vault::Vault::merge_index).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(TIDIED).await,
            Err(failure) => {
                tracing::warn!(code = ?failure.code, "the index is not merged for now");
                tokio::time::sleep(TIDIED).await;
            }
        }
    }
}

/// How much of the history can be found.
pub(super) fn reach(session: &Session) -> Indexed {
    match session.vault.index_state() {
        Ok(IndexState::Building { back_to }) => Indexed::Building { back_to },
        Ok(IndexState::Complete) | Err(_) => {
            complete_since(session).map_or(Indexed::Complete, |time| Indexed::BackTo { time })
        }
    }
}

/// The newest hole of all chats: since then nothing is missing anywhere.
fn complete_since(session: &Session) -> Option<Timestamp> {
    let mut reach = lock(&session.reach);
    if let Some((read, since)) = *reach
        && read.elapsed() < FRESH
    {
        return since;
    }
    let since = session.vault.complete_since().ok().flatten();
    *reach = Some((Instant::now(), since));
    since
}
