//! A sentence to a person when there is no window to say it in.

/// Show a sentence and wait until it was read. Must be called on the main thread.
#[cfg(target_os = "linux")]
pub(crate) fn show(sentence: &str) {
    use gtk::prelude::{DialogExt, GtkWindowExt};
    if gtk::init().is_err() {
        return;
    }
    let dialog = gtk::MessageDialog::new(
        None::<&gtk::Window>,
        gtk::DialogFlags::MODAL,
        gtk::MessageType::Error,
        gtk::ButtonsType::Close,
        sentence,
    );
    dialog.set_title("Tidings");
    dialog.run();
}

/// Show a sentence and wait until it was read.
#[cfg(not(target_os = "linux"))]
pub(crate) fn show(sentence: &str) {
    rfd::MessageDialog::new().set_level(rfd::MessageLevel::Error).set_title("Tidings").set_description(sentence).show();
}
