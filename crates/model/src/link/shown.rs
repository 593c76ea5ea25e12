//! What a link shows against where it leads.
//!
//! **Invariant:** a text that reads like an address of one host never stands on a link to another without being noticed.
//!
//! A label of a host is shown in its own letters when they are of one script (UTS #39, "single script", with the usual
//! mixtures of Japanese, Korean and Chinese) and not all of them Latin look-alikes. What is noticed too often (`Node.js`
//! leading to nodejs.org) only costs a question; so file endings that are also top-level domains are left out.

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::{GeneralSecurityProfile as _, MixedScript as _, skeleton};
use url::Host;

use crate::{
    LinkTarget,
    plain_text::{is_bidi_control, is_unseen},
};

/// Whether a label may be shown in its own letters.
pub(super) fn is_honest_label(label: &str) -> bool {
    if label.is_ascii() {
        return true;
    }
    let allowed = label.chars().all(|letter| letter == '-' || letter.identifier_allowed());
    // Cyrillic `аррӏе`: one script, but every letter is the twin of a Latin one.
    let twin = skeleton(label).all(|letter| letter.is_ascii());
    allowed && label.is_single_script() && !twin
}

/// Whether the text of a link reads like an address of another host than its target's.
#[must_use]
pub fn misleading(shown: &str, target: &LinkTarget) -> bool {
    // Text that turns the direction round reads differently than it is compared.
    if shown.chars().any(is_bidi_control) {
        return true;
    }
    let visible: String = shown.chars().filter(|letter| !is_unseen(*letter)).nfkc().map(ascii_sign).collect();
    let own = target.href.split_once("//").map_or("", |(_, rest)| rest);
    let own = own.split(['/', '?', '#']).next().unwrap_or_default();
    let own = bare(target.href.rsplit_once('@').filter(|_| own.is_empty()).map_or(own, |(_, domain)| domain));
    visible.split_whitespace().any(|word| claims_another(word, &own))
}

/// Signs that look like those of an address.
fn ascii_sign(letter: char) -> char {
    match letter {
        '\u{3002}' | '\u{0701}' | '\u{0702}' | '\u{a4f8}' => '.',
        '\u{2044}' | '\u{2215}' | '\u{29f8}' => '/',
        '\u{2236}' | '\u{a789}' => ':',
        _ => letter,
    }
}

fn claims_another(word: &str, own: &str) -> bool {
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '[' && letter != ']');
    let (scheme, rest) = match word.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, word.strip_prefix("mailto:").unwrap_or(word)),
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = match authority.rsplit_once('@') {
        // `https://good.example@other.example` is read by its beginning.
        Some(_) if scheme.is_some() => return true,
        Some((_, domain)) => domain,
        None => authority,
    };
    let host = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or_default() };
    let host = host.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '[' && letter != ']');
    if host.is_empty() || host.len() > super::MAX_HOST || (scheme.is_none() && !reads_like_a_host(host, rest)) {
        return false;
    }
    let shown = match Host::parse(host) {
        Ok(host) => bare(&host.to_string()),
        Err(_) => return true,
    };
    let below = |host: &str, parent: &str| host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'));
    shown != own && !(shown.contains('.') && below(own, &shown))
}

/// Without port, `www.` and a last dot, in small letters.
fn bare(host: &str) -> String {
    let host = if host.starts_with('[') {
        host.split_inclusive(']').next().unwrap_or_default()
    } else {
        host.split([':', '?']).next().unwrap_or_default()
    };
    let host = host.trim_end_matches('.').to_lowercase();
    host.strip_prefix("www.").map(str::to_owned).unwrap_or(host)
}

/// File endings that are top-level domains too, or were never one.
const FILE_ENDINGS: &[&str] = &[
    "7z", "ai", "app", "avi", "bat", "bz2", "c", "cc", "cfg", "conf", "cpp", "cs", "css", "csv", "dmg", "doc", "docx",
    "exe", "gif", "go", "gz", "h", "htm", "html", "iso", "java", "jpeg", "jpg", "js", "json", "kt", "log", "md", "mkv",
    "mov", "mp3", "mp4", "odp", "ods", "odt", "ogg", "pdf", "php", "pl", "png", "ppt", "pptx", "ps", "py", "rar", "rb",
    "rs", "rtf", "sh", "sql", "svelte", "svg", "swift", "tar", "tex", "toml", "ts", "tsx", "txt", "vue", "wav", "webm",
    "webp", "xls", "xlsx", "xml", "yaml", "yml", "zip",
];

/// `example.org` reads like a host; `1.5`, `e.g` and `report.pdf` do not. With `www.` or a path everything with a dot does.
fn reads_like_a_host(host: &str, rest: &str) -> bool {
    let mut labels = host.trim_end_matches('.').split('.');
    let good = |label: &str| !label.is_empty() && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
    if !labels.clone().all(good) {
        return false;
    }
    let Some(last) = labels.next_back() else { return false };
    if labels.next().is_none() {
        return false;
    }
    let last = last.to_lowercase();
    let address = host.parse::<std::net::Ipv4Addr>().is_ok();
    let domain = last.chars().count() >= 2 && last.chars().any(char::is_alphabetic);
    let file = FILE_ENDINGS.contains(&last.as_str());
    address || (domain && (!file || rest.starts_with("www.") || rest.contains(['/', '@'])))
}
