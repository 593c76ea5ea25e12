//! Who draws the window: a graphics card, or the processor where there is none (a virtual desktop, a terminal server).
//!
//! WebKitGTK draws in layers and puts them together with OpenGL. Without a card that is Mesa on the processor: a frame
//! costs several times as much as one that is drawn at once, and a fourth of all memory is textures. So where no card can
//! help, the layers are left out. WebView2 and WKWebView decide that by themselves.
//!
//! WebKitGTK reads this from its environment when it is loaded, and a program's own environment is not to be changed once
//! threads may run. So the program begins once more in its own process, before it did anything, with the variable set. What
//! it starts inherits it: a browser that is made with WebKitGTK is drawn that way, too, where there is no card either.
//! Refused: WebKitGTK's setting for it (`hardware-acceleration-policy`), which comes after the window was made and left the
//! first window of a session unpainted.

/// The variable of WebKitGTK that leaves out layers; whoever set it, to whatever value, is obeyed.
#[cfg(target_os = "linux")]
const WITHOUT_LAYERS: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";

/// See that the window is drawn in the way that costs least. The first thing that is done; it may begin the program anew.
#[cfg(target_os = "linux")]
pub(crate) fn suit() {
    use std::os::unix::process::CommandExt;

    if std::env::var_os(WITHOUT_LAYERS).is_some() || has_card(std::path::Path::new("/dev")) {
        return;
    }
    // While the program is replaced by a newer one it is not there for a moment: slower frames are no reason to stop.
    let Some(program) = std::env::current_exe().ok().filter(|program| program.is_file()) else { return };
    let mut again = std::process::Command::new(program);
    let mut words = std::env::args_os();
    if let Some(name) = words.next() {
        again.arg0(name);
    }
    let _refused = again.args(words).env(WITHOUT_LAYERS, "1").exec();
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn suit() {}

/// A card that this program may draw with has a render node that it may open (Linux kernel, "DRM: Render nodes"): on a
/// terminal server there may be one that it may not. It is not opened, which would wake up a card that sleeps. NVIDIA's own
/// driver has a node of its own, and so has Windows for the Linux within it.
#[cfg(target_os = "linux")]
fn has_card(devices: &std::path::Path) -> bool {
    use rustix::fs::Access;

    if ["nvidiactl", "dxg"].iter().any(|node| devices.join(node).exists()) {
        return true;
    }
    let Ok(nodes) = std::fs::read_dir(devices.join("dri")) else { return false };
    let may = |node: &std::fs::DirEntry| rustix::fs::access(node.path(), Access::READ_OK | Access::WRITE_OK).is_ok();
    nodes.flatten().any(|node| node.file_name().as_encoded_bytes().starts_with(b"renderD") && may(&node))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_card_is_one_that_programs_may_draw_with() {
        let devices = tempfile::tempdir().unwrap();
        assert!(!has_card(devices.path()));
        let nodes = devices.path().join("dri");
        std::fs::create_dir(&nodes).unwrap();
        assert!(!has_card(devices.path()));
        // A screen without a card behind it, as virtual machines have.
        std::fs::write(nodes.join("card0"), "").unwrap();
        assert!(!has_card(devices.path()));
        std::fs::write(nodes.join("renderD128"), "").unwrap();
        assert!(has_card(devices.path()));
    }

    #[test]
    fn another_way_to_a_card_is_enough() {
        let devices = tempfile::tempdir().unwrap();
        std::fs::write(devices.path().join("nvidiactl"), "").unwrap();
        assert!(has_card(devices.path()));
    }
}
