//! Light or dark.
//!
//! The page follows `prefers-color-scheme`, which WebKitGTK takes from GTK 3. GNOME's own switch does not reach GTK 3
//! programs, so on Linux it is read from GNOME's settings and followed; other desktops set the GTK theme themselves.

use tauri::AppHandle;

/// The colours a person chose, as the window takes them; `None` as the system says.
pub(crate) fn chosen(theme: tidings_model::Theme) -> Option<tauri::Theme> {
    match theme {
        tidings_model::Theme::System => None,
        tidings_model::Theme::Light => Some(tauri::Theme::Light),
        tidings_model::Theme::Dark => Some(tauri::Theme::Dark),
    }
}

/// Give the window these colours.
pub(crate) fn wear(app: &AppHandle, theme: Option<tauri::Theme>) {
    app.set_theme(theme.or_else(system));
}

/// What GNOME's switch says; `None` on every other desktop.
#[cfg(target_os = "linux")]
pub(crate) fn system() -> Option<tauri::Theme> {
    use gtk::gio::{Settings, SettingsSchemaSource, prelude::SettingsExt};
    const SCHEMA: &str = "org.gnome.desktop.interface";
    let is_gnome = std::env::var("XDG_CURRENT_DESKTOP").is_ok_and(|desktop| desktop.to_uppercase().contains("GNOME"));
    let schema = SettingsSchemaSource::default()?.lookup(SCHEMA, true)?;
    if !is_gnome || !schema.has_key("color-scheme") {
        return None;
    }
    let dark = Settings::new(SCHEMA).string("color-scheme") == "prefer-dark";
    Some(if dark { tauri::Theme::Dark } else { tauri::Theme::Light })
}

/// The webview asks these systems itself.
#[cfg(not(target_os = "linux"))]
pub(crate) fn system() -> Option<tauri::Theme> {
    None
}
