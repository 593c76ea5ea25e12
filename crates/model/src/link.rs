//! Links that others wrote, checked before anything opens them.
//!
//! **Invariant:** a [`LinkTarget`] is http, https or mailto, names one host, carries no user name, and its `href` is what the
//! check read: no other parser finds another host in it.
//!
//! Refused, not mended: control, bidi and unseen characters and blanks inside, backslashes, a missing or third slash, and
//! `user@` before a host. No honest address has them, and each is a known way to make two parsers disagree.

mod shown;

use url::{Host, Url};

use crate::plain_text::{is_blank, is_unseen};
pub use shown::misleading;

/// Bytes. Sign-in addresses of large organisations reach four thousand.
const MAX_HREF: usize = 8 * 1024;
/// Bytes of a host as written: 253 at most (RFC 1035), more where letters are percent-encoded. Reading a longer one as
/// an international name would cost quadratic time.
const MAX_HOST: usize = 1024;

/// A kind of address that may be handed to the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `http:`
    Http,
    /// `https:`
    Https,
    /// `mailto:`
    Mailto,
}

/// An address that may be handed to the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkTarget {
    /// Its kind.
    pub scheme: Scheme,
    /// The whole address, normalised.
    pub href: String,
    /// The host to show.
    pub host: String,
}

impl LinkTarget {
    /// Check an address; `None` for everything but http, https and mailto. Blanks around it are taken off.
    #[must_use]
    pub fn parse(untrusted: &str) -> Option<Self> {
        let text = untrusted.trim_matches([' ', '\t', '\n', '\r', '\u{c}']);
        let odd = |letter: char| is_blank(letter) || is_unseen(letter) || letter == '\\';
        if text.len() > MAX_HREF || text.chars().any(odd) {
            return None;
        }
        let (scheme, rest) = text.split_once(':')?;
        match scheme.to_ascii_lowercase().as_str() {
            "http" => Self::web(Scheme::Http, text, rest),
            "https" => Self::web(Scheme::Https, text, rest),
            "mailto" => Self::mail(rest),
            _ => None,
        }
    }

    fn web(scheme: Scheme, text: &str, rest: &str) -> Option<Self> {
        let rest = rest.strip_prefix("//")?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if authority.is_empty() || authority.len() > MAX_HOST || authority.contains('@') {
            return None;
        }
        let url = Url::parse(text).ok()?;
        let host = show(&url.host()?.to_owned())?;
        Some(Self { scheme, href: url.into(), host })
    }

    /// One address, with a subject and a text at most (RFC 6068). Mail programs know more fields, among them `attach`,
    /// which puts a file of this computer into the message.
    fn mail(rest: &str) -> Option<Self> {
        let rest = rest.split('#').next().unwrap_or_default();
        let (address, fields) = rest.split_once('?').unwrap_or((rest, ""));
        let (local, domain) = address.split_once('@')?;
        let plain = |letter: char| letter.is_ascii_alphanumeric() || ".!#$&'*+=^_{|}~-".contains(letter);
        if local.is_empty()
            || local.starts_with('-')
            || !local.chars().all(plain)
            || !domain.contains('.')
            || domain.len() > MAX_HOST
        {
            return None;
        }
        let domain = match Host::parse(domain).ok()? {
            Host::Domain(domain) => domain,
            Host::Ipv4(_) | Host::Ipv6(_) => return None,
        };
        let host = show(&Host::Domain(domain.clone()))?;
        let mut url = Url::parse(&format!("mailto:{local}@{domain}")).ok()?;
        let fields: Vec<&str> = fields.split('&').filter(|field| is_text_field(field)).collect();
        if !fields.is_empty() {
            url.set_query(Some(&fields.join("&")));
        }
        Some(Self { scheme: Scheme::Mailto, href: url.into(), host })
    }
}

/// A subject of one line, or a text.
fn is_text_field(field: &str) -> bool {
    let Some((name, value)) = field.split_once('=') else { return false };
    let value = value.to_ascii_lowercase();
    match name.to_ascii_lowercase().as_str() {
        "body" => !value.contains("%00"),
        "subject" => !["%00", "%0a", "%0d"].iter().any(|control| value.contains(control)),
        _ => false,
    }
}

/// A host for eyes: its own letters where no other host can look like it, else punycode (RFC 3492).
fn show(host: &Host<String>) -> Option<String> {
    match host {
        Host::Domain(domain) => {
            if domain.split('.').any(|label| label.len() > 63) || domain.len() > 253 {
                return None;
            }
            let (letters, result) = idna::domain_to_unicode(domain);
            let honest = result.is_ok() && letters.split('.').all(shown::is_honest_label);
            Some(if honest { letters } else { domain.clone() })
        }
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(format!("[{address}]")),
    }
}

#[cfg(test)]
mod tests;
