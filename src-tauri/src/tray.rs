//! The icon beside the clock.
//!
//! **Invariant:** there is an icon only where a host shows it, because closing the window hides it behind the icon, and
//! a hidden window without an icon could not be found again.

use tauri::{
    AppHandle, Manager,
    image::Image,
    menu::{Menu, MenuItem},
    tray::TrayIconBuilder,
};

use crate::{desk::Desk, window};

const ID: &str = "tidings";
const OPEN: &str = "open";
const QUIT: &str = "quit";

const READ_ICON: Image<'_> = tauri::include_image!("icons/tray.png");
const UNREAD_ICON: Image<'_> = tauri::include_image!("icons/tray-unread.png");

/// Whether the icon is shown.
pub(crate) fn is_here(app: &AppHandle) -> bool {
    app.tray_by_id(ID).is_some()
}

/// Show the icon, if this desktop has a place for it. Returns whether it has.
pub(crate) async fn begin(app: &AppHandle) -> bool {
    if !has_host().await {
        tracing::info!("this desktop has no tray; closing the window ends the program");
        return false;
    }
    let (done, is_done) = tokio::sync::oneshot::channel();
    let handle = app.clone();
    let queued = app.run_on_main_thread(move || {
        // The library behind it panics where its own system library is not installed.
        let built = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| build(&handle)));
        if let Ok(Err(error)) = &built {
            tracing::warn!(%error, "the tray icon was not shown");
        }
        let _ = done.send(matches!(built, Ok(Ok(()))));
    });
    queued.is_ok() && is_done.await.unwrap_or(false)
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    let open = MenuItem::with_id(app, OPEN, "Open Tidings", true, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, "Quit", true, None::<&str>)?;
    let unread = app.try_state::<std::sync::Arc<Desk>>().map_or(0, |desk| desk.unread_chats());
    TrayIconBuilder::with_id(ID)
        .menu(&Menu::with_items(app, &[&open, &quit])?)
        .icon(icon(unread))
        .tooltip(tooltip(unread))
        .show_menu_on_left_click(cfg!(target_os = "linux"))
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => window::present(app),
            QUIT => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            use tauri::tray::{MouseButton, MouseButtonState, TrayIconEvent};
            if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
                window::present(tray.app_handle());
            }
        })
        .build(app)?;
    Ok(())
}

/// Say how many chats are unread.
pub(crate) fn tell(app: &AppHandle, unread_chats: u32) {
    let Some(tray) = app.tray_by_id(ID) else { return };
    let told = tray.set_icon(Some(icon(unread_chats))).and_then(|()| tray.set_tooltip(Some(tooltip(unread_chats))));
    if let Err(error) = told {
        tracing::warn!(%error, "the tray icon was not changed");
    }
}

fn icon(unread_chats: u32) -> Image<'static> {
    if unread_chats == 0 { READ_ICON } else { UNREAD_ICON }
}

fn tooltip(unread_chats: u32) -> String {
    match unread_chats {
        0 => "Tidings".to_owned(),
        1 => "Tidings: 1 unread chat".to_owned(),
        many => format!("Tidings: {many} unread chats"),
    }
}

/// Whether something shows tray icons: on Linux a registered host of the StatusNotifierWatcher (KDE, and GNOME with an
/// extension); elsewhere always.
#[cfg(target_os = "linux")]
async fn has_host() -> bool {
    let limit = std::time::Duration::from_secs(1);
    matches!(tokio::time::timeout(limit, registered_host()).await, Ok(Ok(true)))
}

#[cfg(target_os = "linux")]
async fn registered_host() -> zbus::Result<bool> {
    let bus = zbus::Connection::session().await?;
    let watcher = zbus::Proxy::new(
        &bus,
        "org.kde.StatusNotifierWatcher",
        "/StatusNotifierWatcher",
        "org.kde.StatusNotifierWatcher",
    )
    .await?;
    watcher.get_property("IsStatusNotifierHostRegistered").await
}

#[cfg(not(target_os = "linux"))]
async fn has_host() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tooltip_counts_chats() {
        assert_eq!(tooltip(0), "Tidings");
        assert_eq!(tooltip(1), "Tidings: 1 unread chat");
        assert_eq!(tooltip(20), "Tidings: 20 unread chats");
    }
}
