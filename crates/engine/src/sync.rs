//! The replicator: one sliding-sync connection (MSC4186) that feeds intake.
//!
//! **Invariant:** a response is recorded in the vault before the next request is made, so nothing lags and no position is
//! ever ahead of the data. The connection's position is kept in memory only: a restart asks anew, and the vault knows
//! what it has. Refused: `SyncService` (its list asks for one event a room, and loops without a pause on errors a
//! healthy server repeats), a stored position (a crash between the SDK's store and ours would leave a hole).

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt as _;
use matrix_sdk::{
    Client, SlidingSync, SlidingSyncList, SlidingSyncListLoadingState, SlidingSyncMode,
    ruma::{api::client::sync::sync_events::v5::request as extension, events::StateEventType},
    sync::RoomUpdates,
};
use tidings_model::{Code, Connection, Timestamp};
use tokio::{
    pin,
    sync::broadcast::{Receiver, error::TryRecvError},
};

use crate::{
    backoff,
    broadcast::lock,
    fault::Fault,
    intake,
    intake::{NotTaken, left::Comparison, witness::Witnesses},
    session::{News, Session, repair},
};

/// How often a full disk is looked at again.
const LOOK: Duration = Duration::from_secs(5);

/// So many failures in a row of this computer's own stores are no accident.
const STUBBORN: u32 = 3;

/// The name of the one list.
const LIST: &str = "all";
/// The first request asks for these rooms only, so that the newest chats are fresh at once.
const FIRST_ROOMS: u32 = 20;
/// Later requests take this many more each.
const MORE_ROOMS: u32 = 100;

/// Follow the server until the session ends.
pub(crate) async fn run(session: Arc<Session>) {
    let Some(client) = session.opened_client().await else { return };
    let mut state = Following { failures: 0, since: None, hurried: false };
    let mut link: Option<Link> = None;
    loop {
        let mut fault = follow(&session, &client, &mut link, &mut state).await;
        stop_typing(&session);
        if matches!(fault, Fault::UnknownPosition | Fault::Local | Fault::DiskFull) {
            link = None;
        }
        // A store does not say in its type why it failed.
        if fault == Fault::Local && !session.has_room().await {
            fault = Fault::DiskFull;
        }
        let Some(connection) = state.connection(&fault) else {
            // An unknown position: ask anew, at once the first time.
            if state.failures > 0 {
                session.pause(backoff::wait(state.failures, None)).await;
            }
            state.failures = state.failures.saturating_add(1);
            continue;
        };
        tracing::info!(?fault, failures = state.failures, "the sync was interrupted");
        session.connection.send_replace(connection);
        match fault {
            // The history stays readable; a new sign-in makes a new session.
            Fault::SessionEnded => return,
            // Not the disk: a store may be damaged. Looked at by a task that does not end with this one.
            Fault::Local if state.failures == STUBBORN => {
                tokio::spawn(repair::reopen(session));
                return;
            }
            // Nothing is asked for that could not be kept.
            Fault::DiskFull => {
                while !session.has_room().await {
                    session.pause(LOOK).await;
                }
                state.failures = 0;
                continue;
            }
            Fault::Limited(asked) => session.pause(backoff::wait(state.failures, asked)).await,
            _ if std::mem::take(&mut state.hurried) => {}
            _ => session.pause(backoff::wait(state.failures, None)).await,
        }
        // What is said stays said until there is an answer; a try is not yet a connection.
        state.failures = state.failures.saturating_add(1);
    }
}

/// A connection with its position; kept through faults, so that a moment without network costs a moment.
struct Link {
    sliding: SlidingSync,
    updates: Receiver<RoomUpdates>,
    /// The first answer came, and the list grows beyond the newest rooms.
    grows: bool,
    /// The whole list came once on this connection.
    whole: bool,
    /// What is kept here against what the server has.
    comparison: Comparison,
    /// What came and was not taken in yet, because the server could not be asked about it.
    pending: Option<RoomUpdates>,
}

/// Whoever was writing when the connection ended may have stopped long ago.
fn stop_typing(session: &Session) {
    let rooms = std::mem::take(&mut *lock(&session.typing));
    for room in rooms.into_keys() {
        let _ = session.feed.send(News::Typing(room));
    }
}

/// How following goes.
struct Following {
    /// Failures since the last good answer.
    failures: u32,
    /// When the last good answer came.
    since: Option<Timestamp>,
    /// The person said "now" while a try was running: the next one does not wait.
    hurried: bool,
}

impl Following {
    /// What the window says about a fault; `None` when it is none of the person's business.
    fn connection(&self, fault: &Fault) -> Option<Connection> {
        let since = self.since;
        Some(match fault {
            Fault::UnknownPosition => return None,
            Fault::Offline => Connection::Offline { since },
            Fault::Captive => Connection::CaptivePortal { since },
            Fault::Untrusted => Connection::Untrusted,
            Fault::SessionEnded => Connection::SessionEnded,
            Fault::Unsupported => Connection::Unsupported,
            Fault::Limited(_) => Connection::Connecting,
            Fault::DiskFull => Connection::DiskFull { since },
            Fault::Silent | Fault::Refused { .. } | Fault::Local | Fault::Encryption | Fault::WrongRoom => {
                Connection::ServerSilent { since }
            }
        })
    }
}

/// Follow the server until something goes wrong.
async fn follow(session: &Arc<Session>, client: &Client, link: &mut Option<Link>, state: &mut Following) -> Fault {
    // Whoever was away may come back as somebody else.
    let Ok(mut witnesses) = Witnesses::choose(session).await else { return Fault::Local };
    let Link { sliding, updates, grows, whole, comparison, pending } = match link {
        Some(link) => link,
        None => {
            let updates = client.subscribe_to_all_room_updates();
            match connection(client).await {
                Ok(sliding) => {
                    let comparison = Comparison::default();
                    link.insert(Link { sliding, updates, grows: false, whole: false, comparison, pending: None })
                }
                Err(error) => return Fault::of(&error),
            }
        }
    };
    if let Err(fault) = take_in(session, client, updates, pending, comparison).await {
        return fault;
    }
    let responses = sliding.sync();
    pin!(responses);
    session.set_catching_up(Some(session.ports.clock.now()));
    loop {
        let mut hurry = session.hurry.subscribe();
        let response = tokio::select! {
            response = responses.next() => response,
            // Between responses, so that one task alone writes how rooms stand.
            () = session.settings.notified() => {
                if let Err(failure) = intake::settings::read_again(session, client).await {
                    tracing::warn!(code = ?failure.code, "rooms were not read again: {}", failure.details);
                }
                continue;
            }
            () = comparison.again() => {
                comparison.make(session, client).await;
                continue;
            }
            // A try that hangs on a dead connection is given up when the person says "now".
            _ = hurry.changed(), if state.failures > 0 => {
                state.hurried = true;
                return Fault::Silent;
            }
            // Something else could not be written: nothing more is asked for.
            () = session.fills_up() => return Fault::DiskFull,
        };
        match response {
            Some(Ok(_)) => {}
            Some(Err(error)) => return Fault::of(&error),
            None => return Fault::UnknownPosition,
        }
        if let Err(fault) = take_in(session, client, updates, pending, comparison).await {
            return fault;
        }
        // Another request was told that the session ended; an answer that was on its way already does not undo that.
        if *session.connection.borrow() == Connection::SessionEnded {
            return Fault::SessionEnded;
        }
        state.failures = 0;
        state.since = Some(session.ports.clock.now());
        let back = session.connection.send_if_modified(|connection| {
            let changed = *connection != Connection::Online;
            *connection = Connection::Online;
            changed
        });
        if back {
            // What waits for another try need not wait any longer.
            session.try_now();
        }
        if !*grows {
            *grows = true;
            sliding
                .on_list(LIST, |list: &SlidingSyncList| {
                    list.set_sync_mode(SlidingSyncMode::new_growing(MORE_ROOMS));
                    std::future::ready(())
                })
                .await;
        } else if session.catching_up.borrow().is_some() {
            *whole |= sliding
                .on_list(LIST, |list: &SlidingSyncList| {
                    std::future::ready(matches!(list.state(), SlidingSyncListLoadingState::FullyLoaded))
                })
                .await
                .unwrap_or(false);
            if *whole {
                session.set_catching_up(None);
            }
        }
        witnesses.ask(session, client).await;
        if *whole {
            comparison.make(session, client).await;
        }
    }
}

/// Record everything that the last response brought.
async fn take_in(
    session: &Arc<Session>,
    client: &Client,
    updates: &mut Receiver<RoomUpdates>,
    pending: &mut Option<RoomUpdates>,
    comparison: &mut Comparison,
) -> Result<(), Fault> {
    loop {
        match pending.take().map_or_else(|| updates.try_recv(), Ok) {
            Ok(rooms) => {
                comparison.note(&rooms);
                match intake::live(session, client, rooms.clone()).await {
                    Ok(()) => {}
                    Err(NotTaken::Unasked(fault)) => {
                        *pending = Some(rooms);
                        return Err(fault);
                    }
                    Err(NotTaken::NotKept(failure)) => {
                        tracing::error!(code = ?failure.code, "a response was not kept: {}", failure.details);
                        return Err(if failure.code == Code::DiskFull { Fault::DiskFull } else { Fault::Local });
                    }
                }
            }
            Err(TryRecvError::Empty | TryRecvError::Closed) => return Ok(()),
            // We drain after every response, so this is a bug; asking anew brings everything back.
            Err(TryRecvError::Lagged(missed)) => {
                tracing::error!(missed, "room updates were missed");
                return Err(Fault::UnknownPosition);
            }
        }
    }
}

async fn connection(client: &Client) -> matrix_sdk::Result<SlidingSync> {
    let list = SlidingSyncList::builder(LIST)
        .sync_mode(SlidingSyncMode::new_selective().add_range(0..=FIRST_ROOMS - 1))
        .timeline_limit(20)
        .required_state(required_state());
    let mut to_device = extension::ToDevice::default();
    to_device.enabled = Some(true);
    let mut e2ee = extension::E2EE::default();
    e2ee.enabled = Some(true);
    let mut account_data = extension::AccountData::default();
    account_data.enabled = Some(true);
    let mut receipts = extension::Receipts::default();
    receipts.enabled = Some(true);
    let mut typing = extension::Typing::default();
    typing.enabled = Some(true);
    client
        .sliding_sync("tidings")?
        .add_list(list)
        .with_to_device_extension(to_device)
        .with_e2ee_extension(e2ee)
        .with_account_data_extension(account_data)
        .with_receipt_extension(receipts)
        .with_typing_extension(typing)
        .build()
        .await
}

/// The state of each room that rows, headers and decisions are made of.
fn required_state() -> Vec<(StateEventType, String)> {
    let any = |kind: StateEventType| (kind, String::new());
    vec![
        any(StateEventType::RoomName),
        any(StateEventType::RoomAvatar),
        any(StateEventType::RoomTopic),
        any(StateEventType::RoomCanonicalAlias),
        any(StateEventType::RoomCreate),
        any(StateEventType::RoomEncryption),
        any(StateEventType::RoomJoinRules),
        any(StateEventType::RoomHistoryVisibility),
        any(StateEventType::RoomPowerLevels),
        any(StateEventType::RoomTombstone),
        any(StateEventType::RoomPinnedEvents),
        (StateEventType::RoomMember, "$LAZY".to_owned()),
        (StateEventType::RoomMember, "$ME".to_owned()),
    ]
}
