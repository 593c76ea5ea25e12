//! On the session bus.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tauri::{AppHandle, Builder, Manager, Wry};
use zbus::{Connection, OwnedVariant, Variant, connection, fdo::RequestNameFlags};

use super::Turn;
use crate::{arguments::Arguments, window};

/// A program that does not answer in this time is asked again.
const ANSWER: Duration = Duration::from_secs(1);

#[zbus::proxy(interface = "org.freedesktop.Application")]
trait Application {
    #[zbus(no_autostart)]
    fn activate(&self, platform_data: HashMap<&str, Variant<'_>>) -> zbus::Result<()>;
}

/// The running program, as later starts see it.
struct Running(AppHandle);

#[zbus::interface(name = "org.freedesktop.Application")]
impl Running {
    /// The program was started again.
    fn activate(&self, _platform_data: HashMap<String, OwnedVariant>) {
        window::present(&self.0);
    }
}

/// The connection on which later starts are answered.
#[derive(Default)]
struct Door(Mutex<Option<Connection>>);

/// Bring the window of the running program forward; nothing when there is none that answers.
pub(super) fn hand_over(name: &str) -> Option<Turn> {
    // Whoever has the name may be stopped, or never answer.
    let asked = tauri::async_runtime::block_on(async { tokio::time::timeout(ANSWER, ask(name)).await });
    matches!(asked, Ok(Ok(()))).then_some(Turn::Handed)
}

async fn ask(name: &str) -> zbus::Result<()> {
    let bus = connection::Builder::session().build().await?;
    let running = ApplicationProxy::builder(&bus)
        .destination(name)
        .path(path(name))
        .cache_properties(zbus::proxy::CacheProperties::No)
        .build()
        .await?;
    running.activate(HashMap::new()).await
}

pub(super) fn with_others(builder: Builder<Wry>, _arguments: &Arguments) -> Builder<Wry> {
    builder
}

pub(super) fn listen(app: &AppHandle, name: &str) {
    app.manage(Door::default());
    let (app, name) = (app.clone(), name.to_owned());
    tauri::async_runtime::spawn(async move {
        match answer(&app, &name).await {
            Ok(bus) => *app.state::<Door>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(bus),
            Err(error) => tracing::info!(%error, "a second start cannot bring this window forward"),
        }
    });
}

async fn answer(app: &AppHandle, name: &str) -> zbus::Result<Connection> {
    let bus = connection::Builder::session().serve_at(path(name), Running(app.clone())).build().await?;
    // No flags: nobody takes the name away, and one that is taken is waited for.
    bus.request_name_with_flags(name, RequestNameFlags::empty()).await?;
    Ok(bus)
}

pub(super) fn leave(app: &AppHandle) {
    let Some(door) = app.try_state::<Door>() else { return };
    let bus = door.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(bus) = bus {
        // The bus takes the name back when the connection ends, which is now or with the process.
        let _ = tauri::async_runtime::block_on(bus.close());
    }
}

/// Where a program of this name answers (Desktop Entry Specification, "D-Bus activation").
fn path(name: &str) -> String {
    format!("/{}", name.replace('.', "/").replace('-', "_"))
}
