//! Links that stand for a person: `https://matrix.to/#/@user:server` and `matrix:u/user:server`
//! (Matrix spec, appendix "URIs").
//!
//! **Invariant:** nothing but a whole user id becomes a person; rooms and events of `matrix.to` stay ordinary links.

use tidings_model::UserId;

/// The person a link stands for.
pub(super) fn user(href: &str) -> Option<UserId> {
    let href = href.trim();
    let lower = href.get(..20).map(str::to_ascii_lowercase).unwrap_or_else(|| href.to_ascii_lowercase());
    let id = if lower == "https://matrix.to/#/" {
        decoded(href.get(20..)?.split('?').next()?)?
    } else {
        let rest = lower.starts_with("matrix:u/").then(|| href.get(9..)).flatten()?;
        format!("@{}", decoded(rest.split(['?', '#']).next()?)?)
    };
    is_user_id(&id).then_some(UserId(id))
}

/// Whether a text is a user id (Matrix spec, appendix "User Identifiers"). Of the historical ones only those with capitals:
/// the others hold signs that look like markup.
pub(super) fn is_user_id(id: &str) -> bool {
    let Some((local, server)) = id.strip_prefix('@').and_then(|rest| rest.split_once(':')) else { return false };
    let server_letter = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | ':' | '[' | ']');
    id.len() <= 255
        && !local.is_empty()
        && local.chars().all(|letter| letter.is_ascii_alphanumeric() || "._=-/+".contains(letter))
        && !server.is_empty()
        && server.chars().all(server_letter)
}

/// Percent signs undone (RFC 3986, section 2.1).
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = digits.iter().all(u8::is_ascii_hexdigit).then_some(digits)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_user_id_is_a_person() {
        for (href, expected) in [
            ("https://matrix.to/#/@anna:example.org", Some("@anna:example.org")),
            ("HTTPS://Matrix.to/#/@anna:example.org?via=example.org", Some("@anna:example.org")),
            ("https://matrix.to/#/%40anna%3Aexample.org", Some("@anna:example.org")),
            ("matrix:u/anna:example.org?action=chat", Some("@anna:example.org")),
            ("https://matrix.to/#/!room:example.org", None),
            ("https://matrix.to/#/#room:example.org", None),
            ("https://matrix.to/#/@Anna:example.org", Some("@Anna:example.org")),
            ("https://matrix.to/#/@an\"na:example.org", None),
            ("https://matrix.to/#/@anna", None),
            ("https://matrix.to/#/@:example.org", None),
            ("https://matrix.to/#/@anna:exa mple.org", None),
            ("https://matrix.to/#/@anna%0a:example.org", None),
            ("https://matrix.to/#/@an%C3%A4na:example.org", None),
            ("https://matrix.to/#/@anna%2", None),
            ("https://matrix.to/#/@anna%zz:x.org", None),
            ("https://matrix.to.evil.example/#/@anna:example.org", None),
            ("http://matrix.to/#/@anna:example.org", None),
            ("matrix:r/room:example.org", None),
            ("matrix:u/", None),
            ("ü", None),
            ("", None),
        ] {
            assert_eq!(user(href), expected.map(UserId::from), "{href}");
        }
    }
}
