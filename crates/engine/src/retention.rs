//! Deleting for good: messages that are older than is kept, and chats that were left.
//!
//! **Invariant:** how long messages are kept is a document of the vault; the deleting goes on after a restart.
//! **Invariant:** a message goes with the copies of its files, and with what the log of the database still has of it.
//!
//! **Invariant:** a clock that jumped deletes nothing: it is not believed further than the server's (`Date` of an answer,
//! RFC 9110, section 6.6.1), and without a server no further than a day beyond the newest message.
//!
//! Deleting happens in small transactions, between which everything else goes on.

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use matrix_sdk::ruma::OwnedMxcUri;
use serde::{Deserialize, Serialize};
use tidings_model::{Failure, Timestamp};
use tidings_vault::{Forgotten, Vault, VaultError};

use crate::session::Session;

/// The document that says how long.
const RETENTION: &str = "retention";
/// Events of one transaction.
const STEP: usize = 200;
/// Files of one round.
const FILES: usize = 100;
/// How often the clock is looked at.
const ROUND: Duration = Duration::from_secs(60 * 60);
const DAY: i64 = 24 * 60 * 60 * 1000;
/// How long the server may take to say what time it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long messages are kept, as it is written down.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Kept {
    days: Option<u32>,
}

/// How many days messages are kept; nothing for good.
pub(crate) fn load(vault: &Vault) -> Result<Option<u32>, VaultError> {
    let bytes = vault.document(RETENTION)?;
    let kept: Kept = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    Ok(kept.days)
}

/// Keep messages so many days from now on, or for good. What is older is deleted by [`sweep`].
pub(crate) fn save(vault: &Vault, days: Option<u32>) -> Result<(), VaultError> {
    // A number is always JSON.
    vault.set_document(RETENTION, &serde_json::to_vec(&Kept { days }).unwrap_or_default())?;
    if days.is_none() { vault.keep_everything() } else { Ok(()) }
}

/// Delete what is too old now, and every hour.
pub(crate) async fn run(session: Arc<Session>) {
    loop {
        if let Err(failure) = sweep(&session).await {
            tracing::warn!(code = ?failure.code, "what is too old was not deleted: {}", failure.details);
        }
        session.pause(ROUND).await;
    }
}

/// Delete what is too old and what was left, with its files. Returns when nothing of it is left.
pub(crate) async fn sweep(session: &Arc<Session>) -> Result<(), Failure> {
    let clock = session.ports.clock.now();
    let (days, newest) = session.vault(|vault| Ok((load(vault)?, vault.newest_time()?))).await?;
    let mut deleted = false;
    if let (Some(days), Some(newest)) = (days, newest) {
        let now = believed(clock, server_time(session).await, newest);
        let since = Timestamp(now.0.saturating_sub(i64::from(days).saturating_mul(DAY)));
        deleted |= steps(session, move |vault| vault.forget_before(since, STEP)).await?;
    }
    deleted |= steps(session, |vault| vault.forget_more(STEP)).await?;
    deleted |= files(session).await?;
    if deleted {
        session.vault(Vault::fold).await?;
    }
    Ok(())
}

/// How late it is at least.
fn believed(clock: Timestamp, server: Option<Timestamp>, newest: Timestamp) -> Timestamp {
    clock.min(server.unwrap_or_else(|| Timestamp(newest.0.saturating_add(DAY))))
}

/// The server's clock; `None` when it cannot be asked.
async fn server_time(session: &Session) -> Option<Timestamp> {
    let client = session.client.borrow().clone()?;
    let address = client.homeserver().join("_matrix/client/versions").ok()?;
    let answer = client.http_client().get(address).timeout(PATIENCE).send().await.ok()?;
    let date = answer.headers().get("date")?.to_str().ok()?;
    let time = httpdate::parse_http_date(date).ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(time.as_millis()).ok().map(Timestamp)
}

/// One step after another; whether anything was done.
async fn steps(
    session: &Arc<Session>,
    step: impl Fn(&Vault) -> Result<Forgotten, VaultError> + Clone + Send + 'static,
) -> Result<bool, Failure> {
    let mut any = false;
    loop {
        let Forgotten { changes, more } = session.vault(step.clone()).await?;
        any |= more || !changes.is_empty();
        session.publish(changes);
        if !more {
            return Ok(any);
        }
        tokio::task::yield_now().await;
    }
}

/// Delete the copies of files whose messages went. Without a client they wait for the next round.
async fn files(session: &Arc<Session>) -> Result<bool, Failure> {
    let mut any = false;
    loop {
        let client = session.client.borrow().clone();
        let Some(client) = client else { return Ok(any) };
        let addresses = session.vault(|vault| vault.orphans(FILES)).await?;
        if addresses.is_empty() {
            return Ok(any);
        }
        for address in &addresses {
            let uri = OwnedMxcUri::from(address.as_str());
            if let Err(error) = client.media().remove_media_content_for_uri(&uri).await {
                tracing::warn!("the copy of a file was not deleted: {error}");
                return Ok(any);
            }
        }
        session.vault(move |vault| vault.orphans_gone(&addresses)).await?;
        any = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_not_believed_alone() {
        let day = |days: i64| Timestamp(days * DAY);
        // As it should be; nobody has written for long.
        assert_eq!(believed(day(100), Some(day(100)), day(10)), day(100));
        // It jumped, with a server and without; and it stayed behind.
        assert_eq!(believed(day(4_000), Some(day(100)), day(90)), day(100));
        assert_eq!(believed(day(4_000), None, day(90)), day(91));
        assert_eq!(believed(day(50), Some(day(100)), day(90)), day(50));
        // A message, or a server, from the future.
        assert_eq!(believed(day(100), Some(day(100)), day(9_000)), day(100));
        assert_eq!(believed(day(100), Some(day(9_000)), day(90)), day(100));
    }
}
