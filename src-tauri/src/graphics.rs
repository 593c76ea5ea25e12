//! Who draws the window: a graphics card, or the processor where there is none (a virtual desktop, a server).
//!
//! WebKitGTK always draws in layers and puts them together with OpenGL. Without a card that is Mesa on the processor: each
//! frame costs three to four times as much as one drawn at once, and a fourth of the memory of all is textures. So
//! where nothing can help, the layers are left out. WebView2 and WKWebView decide that by themselves.
//!
//! Refused: `WEBKIT_DISABLE_COMPOSITING_MODE`, which does the same: a program's environment is not to be changed while
//! threads run.

use tauri::WebviewWindow;

/// See that the window is drawn in the way that costs least.
#[cfg(target_os = "linux")]
pub(crate) fn suit(window: &WebviewWindow) {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};

    // Cards that programs reach another way: NVIDIA's own driver, and Windows' from within Linux.
    let elsewhere = ["/dev/nvidiactl", "/dev/dxg"].iter().any(|node| std::path::Path::new(node).exists());
    if elsewhere || has_card(std::path::Path::new("/dev/dri")) {
        return;
    }
    let suited = window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    });
    match suited {
        Ok(()) => tracing::info!("no graphics card: the window is drawn without layers"),
        Err(error) => tracing::warn!(%error, "the window is drawn in layers"),
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn suit(_window: &WebviewWindow) {}

/// A card that this program may draw with has a render node that it can open (Linux kernel, "DRM: Render nodes"); on a
/// terminal server there may be one that it cannot.
#[cfg(target_os = "linux")]
fn has_card(nodes: &std::path::Path) -> bool {
    let Ok(nodes) = std::fs::read_dir(nodes) else { return false };
    let opens = |node: &std::fs::DirEntry| std::fs::File::options().read(true).write(true).open(node.path()).is_ok();
    nodes.flatten().any(|node| node.file_name().as_encoded_bytes().starts_with(b"renderD") && opens(&node))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_card_is_one_that_programs_may_draw_with() {
        let nodes = tempfile::tempdir().unwrap();
        assert!(!has_card(&nodes.path().join("none")));
        assert!(!has_card(nodes.path()));
        // A screen without a card behind it, as virtual machines have.
        std::fs::write(nodes.path().join("card0"), "").unwrap();
        assert!(!has_card(nodes.path()));
        std::fs::write(nodes.path().join("renderD128"), "").unwrap();
        assert!(has_card(nodes.path()));
    }
}
