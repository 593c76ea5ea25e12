//! Complete history: the holes of all rooms, filled one request at a time.
//!
//! **Invariant:** one request for older messages is in flight per account, whoever asks. What a person scrolled to goes
//! first; the rest waits its turn, in the order of the chat list, the chats on screen before it.
//! **Invariant:** a server that asks to wait is not asked earlier, by nobody; whatever else goes wrong is waited out
//! with [`backoff`], except for the person, who is told at once.
//! **Invariant:** nothing is remembered here that the vault does not have: a hole's token stands beside it, and which
//! chats are wanted whole is a document. A kill costs one page.
//!
//! Which hole comes next is [`choice`]; what may be done by itself is [`policy`]; which chats are wanted whole is
//! [`chosen`]. Refused: the SDK's own back-pagination (it fills its cache, which forgets), and a second connection for it.

mod choice;
mod chosen;
mod policy;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex},
    time::Duration,
};

use tidings_model::{Code, Connection, Failure, Fetching, HistoryReach, RoomId};
use tidings_vault::{Gap, Reach, Vault, VaultError};
use tokio::{
    sync::{Notify, oneshot},
    time::Instant,
};

use crate::{
    backoff,
    broadcast::lock,
    fault::Fault,
    intake::history::{Unfilled, fill},
    session::{News, Session},
};
use choice::Limits;
pub(crate) use chosen::Chosen;
pub use policy::HistoryPolicy;

/// How often to look whether the computer is back on mains.
const POWER_CHECK: Duration = Duration::from_secs(30);
/// After a page the next waits as long as that one took, and no longer than this: half the time the server is left alone.
const LONGEST_PACE: Duration = Duration::from_secs(2);

/// What is known of the filling of an account's holes.
#[derive(Default)]
pub(crate) struct History {
    asked: Mutex<VecDeque<Ask>>,
    /// The chats that are on screen, and how often.
    open: Mutex<BTreeMap<RoomId, usize>>,
    policy: Mutex<HistoryPolicy>,
    chosen: Mutex<Chosen>,
    /// Something may be there to fill.
    wake: Notify,
    /// The computer runs on its battery, as last seen.
    on_battery: Mutex<bool>,
}

/// Somebody waits for a hole.
struct Ask {
    room: RoomId,
    token: String,
    answer: oneshot::Sender<Result<(), Failure>>,
}

/// A chat is on screen for as long as this lives.
pub(crate) struct OnScreen {
    session: Arc<Session>,
    room: RoomId,
}

impl Drop for OnScreen {
    fn drop(&mut self) {
        let mut open = lock(&self.session.history.open);
        if let Some(count) = open.get_mut(&self.room) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&self.room);
            }
        }
    }
}

impl History {
    /// As it was left.
    pub(crate) fn load(vault: &Vault) -> Self {
        Self { chosen: Mutex::new(Chosen::load(vault)), ..Self::default() }
    }

    /// Something may be there to fill.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Nobody is left to answer.
    pub(crate) fn forget_asks(&self) {
        lock(&self.asked).clear();
    }

    /// How the fetching of a chat's whole history stands.
    pub(crate) fn fetching(&self, room: &RoomId) -> Fetching {
        if !lock(&self.chosen).wants(room) {
            Fetching::Off
        } else if !lock(&self.policy).whole {
            Fetching::NotAllowed
        } else if *lock(&self.on_battery) && !lock(&self.policy).on_battery {
            Fetching::OnBattery
        } else {
            Fetching::Running
        }
    }
}

/// How far back a chat is kept here, and whether the rest is being fetched.
pub(crate) fn reach(session: &Session, room: &RoomId) -> Result<HistoryReach, VaultError> {
    let since = match session.vault.reach(room)? {
        Some(Reach::Since(time)) => Some(time),
        Some(Reach::Beginning) | None => None,
    };
    Ok(HistoryReach { since, fetching: session.history.fetching(room) })
}

/// Ask for the page behind a hole, before everything that is not asked for.
pub(crate) async fn ask(session: &Session, room: RoomId, token: String) -> Result<(), Failure> {
    let (answer, answered) = oneshot::channel();
    if session.client.borrow().is_none() {
        return Err(Failure::new(Code::Offline, "the stores are not open yet"));
    }
    lock(&session.history.asked).push_back(Ask { room, token, answer });
    session.history.wake();
    answered.await.unwrap_or_else(|_| Err(Failure::new(Code::Offline, "nobody is left to ask")))
}

/// A chat is on screen: its holes come first.
pub(crate) fn on_screen(session: &Arc<Session>, room: RoomId) -> OnScreen {
    *lock(&session.history.open).entry(room.clone()).or_default() += 1;
    session.history.wake();
    OnScreen { session: Arc::clone(session), room }
}

/// What may be done by itself, from now on.
pub(crate) fn set_policy(session: &Session, policy: HistoryPolicy) {
    *lock(&session.history.policy) = policy;
    session.history.wake();
    let _ = session.feed.send(News::History);
}

/// Want the whole history of a chat, or of all; or not any more. Durable when it returns.
pub(crate) async fn choose(session: &Arc<Session>, room: Option<RoomId>, wanted: bool) -> Result<(), Failure> {
    let chooser = Arc::clone(session);
    session
        .vault(move |vault| {
            // Changed and kept under one lock, so that what is kept last is what was chosen last.
            let mut chosen = lock(&chooser.history.chosen);
            let mut next = chosen.clone();
            next.choose(room.as_ref(), wanted);
            next.save(vault)?;
            *chosen = next;
            Ok(())
        })
        .await?;
    session.history.wake();
    let _ = session.feed.send(News::History);
    Ok(())
}

/// How filling goes.
#[derive(Default)]
struct Filling {
    failures: u32,
    /// The server asked not to be asked before.
    closed_until: Option<Instant>,
    /// By itself not before.
    rest_until: Option<Instant>,
    /// Holes that the server refuses to fill; tried again when the connection comes back.
    refused: BTreeSet<String>,
    /// Holes that were not filled the last time; tried again after the others.
    later: BTreeSet<String>,
}

/// Fill holes until the session ends.
pub(crate) async fn run(session: Arc<Session>) {
    if session.opened_client().await.is_none() {
        return;
    }
    let mut connection = session.connection.subscribe();
    let mut catching_up = session.catching_up.subscribe();
    let mut hurry = session.hurry.subscribe();
    let mut filling = Filling::default();
    loop {
        let online = *connection.borrow_and_update() == Connection::Online;
        let settled = catching_up.borrow_and_update().is_none();
        let mut wait = None;
        if let Some(until) = filling.closed_until.filter(|until| *until > Instant::now()) {
            wait = Some(until);
        } else if let Some(ask) = next_ask(&session) {
            answer(&session, &mut filling, ask).await;
            continue;
        } else if online && settled {
            match filling.rest_until.filter(|until| *until > Instant::now()) {
                Some(until) => wait = Some(until),
                None => match next(&session, &filling).await {
                    Next::Gap(room, gap) => {
                        by_itself(&session, &mut filling, room, gap).await;
                        continue;
                    }
                    Next::OnBattery => wait = Some(Instant::now() + POWER_CHECK),
                    Next::Nothing if !filling.later.is_empty() => {
                        filling.later.clear();
                        continue;
                    }
                    Next::Nothing => {}
                },
            }
        }
        let timer = async {
            match wait {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = timer => {}
            () = session.history.wake.notified() => {}
            changed = connection.changed() => {
                if changed.is_err() {
                    return;
                }
                filling.refused.clear();
            }
            changed = catching_up.changed() => if changed.is_err() { return },
            changed = hurry.changed() => {
                if changed.is_err() {
                    return;
                }
                filling = Filling { closed_until: filling.closed_until, ..Filling::default() };
            }
        }
    }
}

fn next_ask(session: &Session) -> Option<Ask> {
    lock(&session.history.asked).pop_front()
}

/// Fill what somebody waits for.
async fn answer(session: &Arc<Session>, filling: &mut Filling, ask: Ask) {
    let outcome = fill(session, &ask.room, &ask.token).await;
    let answered = match outcome {
        Ok(()) => Ok(()),
        Err(unfilled) => {
            filling.note(&unfilled);
            if let Fault::Limited(_) = unfilled.fault {
                // It waits its turn, and the person sees that it is being fetched.
                lock(&session.history.asked).push_front(ask);
                return;
            }
            Err(unfilled.failure)
        }
    };
    // Whoever asked may have gone.
    let _ = ask.answer.send(answered);
}

/// Fill what nobody waits for.
async fn by_itself(session: &Arc<Session>, filling: &mut Filling, room: RoomId, gap: Gap) {
    let began = Instant::now();
    match fill(session, &room, &gap.token).await {
        Ok(()) => {
            filling.failures = 0;
            filling.rest_until = Some(Instant::now() + began.elapsed().min(LONGEST_PACE));
        }
        Err(unfilled) => {
            tracing::info!(%room, fault = ?unfilled.fault, "a hole was not filled");
            if unfilled.fault.heals() {
                filling.later.insert(gap.token);
            } else if unfilled.fault != Fault::SessionEnded {
                filling.refused.insert(gap.token);
            }
            filling.note(&unfilled);
            filling.rest_until = Some(Instant::now() + backoff::wait(filling.failures, None));
            filling.failures = filling.failures.saturating_add(1);
        }
    }
}

impl Filling {
    fn note(&mut self, unfilled: &Unfilled) {
        if let Fault::Limited(asked) = unfilled.fault {
            self.closed_until = Some(Instant::now() + backoff::wait(0, asked));
        }
    }
}

/// What to do by itself.
enum Next {
    Gap(RoomId, Gap),
    OnBattery,
    Nothing,
}

async fn next(session: &Arc<Session>, filling: &Filling) -> Next {
    let (policy, chosen) = (*lock(&session.history.policy), lock(&session.history.chosen).clone());
    let open: Vec<RoomId> = lock(&session.history.open).keys().cloned().collect();
    let limits = Limits { policy, chosen, now: session.ports.clock.now() };
    let (most, skipped) = (limits.rows(), filling.refused.union(&filling.later).cloned().collect::<BTreeSet<_>>());
    let found = session
        .vault(move |vault| {
            let wanted =
                |gap: &tidings_vault::RoomGap| !skipped.contains(&gap.gap.token) && choice::wants(&limits, gap);
            for room in open {
                if let Some(gap) = vault.newest_gap(&room, most)?.filter(wanted) {
                    return Ok(Some(gap));
                }
            }
            vault.next_gap(most, wanted)
        })
        .await;
    let gap = match found {
        Ok(Some(gap)) => gap,
        Ok(None) => return Next::Nothing,
        Err(failure) => {
            tracing::error!(code = ?failure.code, "holes cannot be read: {}", failure.details);
            return Next::Nothing;
        }
    };
    if !policy.on_battery && on_battery(session).await { Next::OnBattery } else { Next::Gap(gap.room, gap.gap) }
}

/// Whether the computer runs on its battery; a change is told.
async fn on_battery(session: &Arc<Session>) -> bool {
    let desktop = Arc::clone(&session.ports.desktop);
    let now = tokio::task::spawn_blocking(move || desktop.on_battery()).await.unwrap_or(false);
    let before = std::mem::replace(&mut *lock(&session.history.on_battery), now);
    if before != now {
        let _ = session.feed.send(News::History);
    }
    now
}
