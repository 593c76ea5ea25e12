//! The one way out: what a person did is sent from its durable row, in order, until the server has it or refuses it.
//!
//! **Invariant:** a row is sent with the transaction id it was recorded with, so a try that got through without an
//! answer is not sent twice: the server gives the first event id again, and the event itself, when it comes back over
//! sync, takes the row away. Rows that were tried before a restart wait for the first sync, which may bring that event.
//! Refused: the SDK's send queue (it turns a room off after any error and is wedged for good by a web page in the way).

mod delivery;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tidings_model::{Connection, RoomId, Timestamp};
use tidings_vault::{Action, Changes, Intent};

use crate::{backoff, fault::Fault, session::Session};

/// How many rooms are sent to at the same time.
const AT_ONCE: usize = 4;
/// A message that was not answered for this long counts as an attempt that failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Send what is due until the session ends.
pub(crate) async fn run(session: Arc<Session>) {
    if session.opened_client().await.is_none() {
        return;
    }
    // The first answer of a sync may bring what an earlier run sent.
    let mut connection = session.connection.subscribe();
    if connection.wait_for(|connection| *connection == Connection::Online).await.is_err() {
        return;
    }
    loop {
        let hurry = *session.hurry.borrow();
        match round(&session).await {
            Round::SessionEnded => {
                // A new sign-in starts a new outbox; until then everything stays recorded.
                return;
            }
            Round::Busy => {}
            Round::Idle(until) => {
                let sleep = async {
                    match until {
                        Some(duration) => session.pause(duration).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = session.outbox.notified() => {}
                    () = sleep => {}
                }
            }
        }
        if *session.hurry.borrow() != hurry {
            let now = session.ports.clock.now();
            if let Err(failure) = session.vault(move |vault| vault.retry_all_now(now)).await {
                tracing::warn!(code = ?failure.code, "waiting messages were not hurried");
            }
        }
    }
}

/// What a round came to.
enum Round {
    /// Something was done; look again at once.
    Busy,
    /// Nothing is due; the next is due after this long, if anything is.
    Idle(Option<Duration>),
    /// The server ended the session.
    SessionEnded,
}

/// Send everything that is due now, rooms side by side, each room in order.
async fn round(session: &Arc<Session>) -> Round {
    let now = session.ports.clock.now();
    let due = match session.vault(move |vault| vault.due(now)).await {
        Ok(due) => due,
        Err(failure) => {
            tracing::error!(code = ?failure.code, "the outbox cannot be read: {}", failure.details);
            return Round::Idle(Some(Duration::from_secs(5)));
        }
    };
    if due.is_empty() {
        let next = session.vault(tidings_vault::Vault::next_due).await.ok().flatten();
        return Round::Idle(next.map(|next| until(now, next)));
    }
    let mut sending = FuturesUnordered::new();
    let mut waiting = due.into_iter();
    let mut rooms: BTreeSet<RoomId> = BTreeSet::new();
    loop {
        while sending.len() < AT_ONCE {
            let Some(intent) = waiting.next() else { break };
            rooms.insert(intent.room.clone());
            sending.push(send(session, intent));
        }
        match sending.next().await {
            Some(Sent::SessionEnded) => return Round::SessionEnded,
            Some(Sent::Settled) => {}
            None => break,
        }
    }
    Round::Busy
}

/// What became of one intent.
enum Sent {
    /// It was sent, refused, or scheduled again.
    Settled,
    /// The server ended the session.
    SessionEnded,
}

async fn send(session: &Arc<Session>, intent: Intent) -> Sent {
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
        Ok(changes) => session.publish(changes),
        Err(failure) => tracing::error!(code = ?failure.code, "an outcome was not kept: {}", failure.details),
    }
    Sent::Settled
}

/// Count the attempt and schedule the next.
async fn again(session: &Arc<Session>, intent: &Intent, fault: &Fault) -> Result<Changes, tidings_model::Failure> {
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

/// How long until a moment. A clock that was set back must not make anything wait longer than the longest back-off.
fn until(now: Timestamp, then: Timestamp) -> Duration {
    let millis = u64::try_from(then.0.saturating_sub(now.0)).unwrap_or_default();
    Duration::from_millis(millis).min(backoff::ceiling(u32::MAX) + PATIENCE)
}
