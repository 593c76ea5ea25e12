//! Which addresses are our own page.
//!
//! **Invariant:** exactly one origin is ours. Everything else, our own `media:` scheme included, neither calls a command
//! nor is shown in the window.

use tauri::Url;

/// How a system addresses what a program serves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `tauri://localhost` (Linux, macOS).
    Scheme,
    /// `http://tauri.localhost` (Windows).
    Host,
}

const HERE: Form = if cfg!(windows) { Form::Host } else { Form::Scheme };

/// The origin of our page on this system, as scripts see it.
pub(crate) const ORIGIN: &str = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };

/// Whether an address is of our own page.
pub(crate) fn is_ours(address: &Url) -> bool {
    is_page(address, HERE)
}

fn is_page(address: &Url, form: Form) -> bool {
    let (scheme, host) = match form {
        Form::Scheme => ("tauri", "localhost"),
        Form::Host => ("http", "tauri.localhost"),
    };
    address.scheme() == scheme
        && address.host_str() == Some(host)
        && address.port().is_none()
        && address.username().is_empty()
        && address.password().is_none()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    /// Addresses an attacker could come from; none is ours on any system.
    const FOREIGN: [&str; 18] = [
        "media://localhost/account/0a1b",
        "http://media.localhost/account/0a1b",
        "http://app.evil.com",
        "http://tauri.localhost.evil.com/",
        "http://evil.tauri.localhost/",
        "http://tauri.localhost:8080/",
        "http://tauri.localhost@evil.com/",
        "http://user@tauri.localhost/",
        "https://tauri.localhost/",
        "tauri://localhost.evil.com/",
        "tauri://evil/",
        "tauri://localhost:1/",
        "ipc://localhost/send_message",
        "about:blank",
        "about:srcdoc",
        "data:text/html,x",
        "blob:tauri://localhost/5f6d",
        "file:///etc/passwd",
    ];

    #[test]
    fn only_the_page_is_ours() {
        for address in FOREIGN {
            let url = Url::parse(address).unwrap();
            assert!(!is_page(&url, Form::Scheme), "{address}");
            assert!(!is_page(&url, Form::Host), "{address}");
        }
        assert!(is_page(&Url::parse("tauri://localhost/index.html#chat").unwrap(), Form::Scheme));
        assert!(is_page(&Url::parse("http://tauri.localhost/").unwrap(), Form::Host));
        assert!(!is_page(&Url::parse("tauri://localhost").unwrap(), Form::Host));
        assert!(!is_page(&Url::parse("http://tauri.localhost/").unwrap(), Form::Scheme));
        assert!(is_ours(&Url::parse(ORIGIN).unwrap()));
    }
}
