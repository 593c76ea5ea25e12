//! A notification daemon that shows nothing and remembers everything (Desktop Notifications Specification 1.2).

use std::collections::HashMap;

use tokio::{sync::watch, time::timeout};
use zbus::OwnedVariant;

use crate::{Bus, PATIENCE};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// What the daemon was asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Show something.
    Notify {
        /// The number it was given.
        id: u32,
        /// The number of the one it takes the place of; 0 for none.
        replaces: u32,
        /// The title; never markup.
        title: String,
        /// The body; markup.
        body: String,
        /// Keys and labels, in turn.
        actions: Vec<String>,
        /// The names of its hints, sorted.
        hints: Vec<String>,
    },
    /// Take one away.
    Close(u32),
}

/// The daemon.
#[derive(Debug)]
pub struct Notifications {
    calls: watch::Sender<Vec<Call>>,
    connection: zbus::Connection,
}

struct Recorder {
    calls: watch::Sender<Vec<Call>>,
    last: u32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Recorder {
    fn get_capabilities(&self) -> Vec<String> {
        ["body", "body-markup", "actions"].map(str::to_owned).to_vec()
    }

    #[expect(clippy::too_many_arguments, reason = "the specification's own list")]
    fn notify(
        &mut self,
        _app_name: String,
        replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedVariant>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut hints: Vec<String> = hints.into_keys().collect();
        hints.sort();
        let id = if replaces_id == 0 {
            self.last += 1;
            self.last
        } else {
            replaces_id
        };
        let call = Call::Notify { id, replaces: replaces_id, title: summary, body, actions, hints };
        self.calls.send_modify(|calls| calls.push(call));
        id
    }

    fn close_notification(&self, id: u32) {
        self.calls.send_modify(|calls| calls.push(Call::Close(id)));
    }
}

impl Notifications {
    /// Begin on a bus.
    pub(crate) async fn begin(bus: &Bus) -> Self {
        let calls = watch::Sender::new(Vec::new());
        let connection = bus.connect().await;
        let recorder = Recorder { calls: calls.clone(), last: 0 };
        connection.object_server().at(PATH, recorder).await.unwrap();
        connection.request_name(NAME).await.unwrap();
        Self { calls, connection }
    }

    /// Everything it was asked to do, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.calls.borrow().clone()
    }

    /// Wait until `look` finds something in what it was asked to do.
    pub async fn until<T>(&self, what: &str, mut look: impl FnMut(&[Call]) -> Option<T>) -> T {
        let mut found = None;
        let mut receiver = self.calls.subscribe();
        let met = timeout(
            PATIENCE,
            receiver.wait_for(|calls| {
                found = look(calls);
                found.is_some()
            }),
        );
        let met = met.await.is_ok();
        match found {
            Some(found) if met => found,
            _ => panic!("not asked in {} s: {what}. Asked instead:\n{:#?}", PATIENCE.as_secs(), self.calls()),
        }
    }

    /// Wait until something with this in its body is shown, and give its number and the one it replaces.
    pub async fn shown(&self, text: &str) -> (u32, u32) {
        self.until(&format!("a notification with “{text}”"), |calls| {
            calls.iter().find_map(|call| match call {
                Call::Notify { id, replaces, body, .. } if body.contains(text) => Some((*id, *replaces)),
                _ => None,
            })
        })
        .await
    }

    /// The person clicks one.
    pub async fn click(&self, id: u32) {
        let everyone = None::<zbus::names::BusName<'_>>;
        self.connection.emit_signal(everyone, PATH, NAME, "ActionInvoked", &(id, "default")).await.unwrap();
    }
}
