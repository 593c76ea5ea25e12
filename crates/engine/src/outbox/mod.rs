//! The one way out: what a person did is sent from its durable row, in order, until the server has it or refuses it.
//!
//! **Invariant:** a row is sent with the transaction id it was recorded with, so a try that got through without an
//! answer is not sent twice: the server gives the first event id again, and the event itself, when it comes back over
//! sync, takes the row away. Rows that were tried before a restart wait for the first sync, which may bring that event.
//! Refused: the SDK's send queue (it turns a room off after any error and is wedged for good by a web page in the way).

mod delivery;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tidings_model::{Connection, Failure, Timestamp};
use tidings_vault::{Action, Changes, Intent};

use crate::{backoff, fault::Fault, session::Session};

/// How many rooms are sent to at the same time.
const AT_ONCE: usize = 4;
/// How long to wait when the outbox itself cannot be read or written.
const UNREADABLE: Duration = Duration::from_secs(5);
/// A message that was not answered for this long counts as an attempt that failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Send what is due until the session ends.
pub(crate) async fn run(session: Arc<Session>) {
    if session.opened_client().await.is_none() {
        return;
    }
    let mut connection = session.connection.subscribe();
    let mut hurry = session.hurry.subscribe();
    let mut sending = FuturesUnordered::new();
    let mut flying: BTreeSet<i64> = BTreeSet::new();
    let mut last = session.ports.clock.now();
    loop {
        let now = session.ports.clock.now();
        if now < last {
            // The clock was set back: what waits for a moment by the old one would wait too long.
            hurry_all(&session, now).await;
        }
        last = now;
        let online = *connection.borrow_and_update() == Connection::Online;
        let mut next = None;
        // Nothing starts before a sync has answered: it may bring what an earlier try already sent.
        if online {
            match due(&session).await {
                Ok((due, later)) => {
                    next = later;
                    for intent in due {
                        if flying.len() < AT_ONCE && flying.insert(intent.id) {
                            sending.push(send(&session, intent));
                        }
                    }
                }
                Err(failure) => {
                    tracing::error!(code = ?failure.code, "the outbox cannot be read: {}", failure.details);
                    next = Some(UNREADABLE);
                }
            }
        }
        let timer = async {
            match next {
                Some(duration) => tokio::time::sleep(duration).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some((id, sent)) = sending.next(), if !sending.is_empty() => {
                flying.remove(&id);
                match sent {
                    Sent::Settled => {}
                    // Asked again at once it would go to the server again and again.
                    Sent::NotKept => tokio::time::sleep(UNREADABLE).await,
                    // A new sign-in starts a new outbox; until then everything stays recorded.
                    Sent::SessionEnded => return,
                }
            }
            () = session.outbox.notified() => {}
            changed = connection.changed() => if changed.is_err() { return },
            changed = hurry.changed() => {
                if changed.is_err() {
                    return;
                }
                hurry_all(&session, session.ports.clock.now()).await;
            }
            () = timer => {}
        }
    }
}

async fn hurry_all(session: &Session, now: Timestamp) {
    if let Err(failure) = session.vault(move |vault| vault.retry_all_now(now)).await {
        tracing::warn!(code = ?failure.code, "waiting messages were not hurried");
    }
}

/// What is due now, and how long until the next is; nothing when what is due is on its way already.
async fn due(session: &Session) -> Result<(Vec<Intent>, Option<Duration>), Failure> {
    let now = session.ports.clock.now();
    session
        .vault(move |vault| {
            let due = vault.due(now)?;
            let next = vault.next_due(now)?;
            Ok((due, next.map(|next| until(now, next))))
        })
        .await
}

/// What became of one intent.
enum Sent {
    /// It was sent, refused, or scheduled again.
    Settled,
    /// What became of it could not be recorded; it is sent again under the same transaction id.
    NotKept,
    /// The server ended the session.
    SessionEnded,
}

async fn send(session: &Arc<Session>, intent: Intent) -> (i64, Sent) {
    (intent.id, deliver(session, intent).await)
}

async fn deliver(session: &Arc<Session>, intent: Intent) -> Sent {
    let id = intent.id;
    let outcome = tokio::time::timeout(PATIENCE, delivery::deliver(session, &intent)).await;
    let settled = match outcome {
        Ok(Ok(event)) => session.vault(move |vault| vault.sent(id, event.as_ref())).await,
        Ok(Err(fault)) => match fault.refusal() {
            Some(reason) => {
                tracing::info!(room = %intent.room, ?fault, "the server refused an action");
                session.vault(move |vault| vault.refused(id, reason)).await
            }
            None if fault == Fault::SessionEnded => {
                session.connection.send_replace(Connection::SessionEnded);
                return Sent::SessionEnded;
            }
            None => again(session, &intent, &fault).await,
        },
        Err(_) => again(session, &intent, &Fault::Silent).await,
    };
    match settled {
        Ok(changes) => {
            session.publish(changes);
            Sent::Settled
        }
        Err(failure) => {
            tracing::error!(code = ?failure.code, "an outcome was not kept: {}", failure.details);
            Sent::NotKept
        }
    }
}

/// Count the attempt and schedule the next.
async fn again(session: &Arc<Session>, intent: &Intent, fault: &Fault) -> Result<Changes, Failure> {
    let asked = if let Fault::Limited(asked) = fault { *asked } else { None };
    let wait = backoff::wait(intent.attempts, asked);
    tracing::info!(room = %intent.room, ?fault, attempts = intent.attempts, "an action waits for another try");
    let id = intent.id;
    let next = Timestamp(now_plus(session, wait));
    let mut changes = Changes::default();
    if matches!(intent.action, Action::Message { .. }) {
        changes.conversations.insert(intent.room.clone());
        changes.rows.insert(intent.room.clone());
    }
    session.vault(move |vault| vault.attempt(id, next)).await?;
    Ok(changes)
}

fn now_plus(session: &Session, duration: Duration) -> i64 {
    session.ports.clock.now().0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
}

/// How long until a moment, and no longer than the longest back-off: by then the clock is looked at again.
fn until(now: Timestamp, then: Timestamp) -> Duration {
    let millis = u64::try_from(then.0.saturating_sub(now.0)).unwrap_or_default();
    Duration::from_millis(millis).min(backoff::ceiling(u32::MAX) + PATIENCE)
}
