//! The text of a notification, as a daemon takes it.

/// The longest body, in characters, as the daemon is given it.
pub(super) const LONGEST: usize = 250;

/// The body for a daemon that reads markup (capability `body-markup`, Desktop Notifications Specification 1.2): no
/// character of a message can become a tag, and what is cut is cut between characters, never inside an entity.
pub(super) fn escaped(body: &str) -> String {
    fitted(body, |letter| match letter {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&apos;"),
        _ => None,
    })
}

/// The body for a daemon that shows it as it is.
pub(super) fn plain(body: &str) -> String {
    fitted(body, |_| None)
}

/// Replaces and cuts; a cut body ends in an ellipsis.
fn fitted(body: &str, replace: impl Fn(char) -> Option<&'static str>) -> String {
    let mut text = String::with_capacity(body.len().min(LONGEST * 4));
    let (mut length, mut cut_at) = (0, 0);
    for letter in body.chars() {
        let replaced = replace(letter);
        length += replaced.map_or(1, str::len);
        if length > LONGEST {
            text.truncate(cut_at);
            text.push('…');
            return text;
        }
        match replaced {
            Some(entity) => text.push_str(entity),
            None => text.push(letter),
        }
        if length < LONGEST {
            cut_at = text.len();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn no_character_of_a_message_becomes_markup() {
        assert_eq!(
            escaped("<b>hi</b> & <a href=\"x\">y</a>"),
            "&lt;b&gt;hi&lt;/b&gt; &amp; &lt;a href=&quot;x&quot;&gt;y&lt;/a&gt;"
        );
        assert_eq!(escaped("<img src='file:///etc/passwd'>"), "&lt;img src=&apos;file:///etc/passwd&apos;&gt;");
        assert_eq!(escaped("&amp;"), "&amp;amp;");
        assert_eq!(plain("a < b & c"), "a < b & c");
    }

    #[test]
    fn a_long_body_is_cut_between_characters() {
        for body in ["x".repeat(1_000_000), "&".repeat(400), "é🦜<".repeat(200), format!("{}&tail", "x".repeat(248))]
        {
            let cut = escaped(&body);
            assert!(cut.chars().count() <= LONGEST, "{}", cut.chars().count());
            assert!(cut.ends_with('…'));
            let without_entities = cut.replace("&amp;", "").replace("&lt;", "");
            assert!(!without_entities.contains('&') && !without_entities.contains('<'), "{cut}");
        }
    }

    #[test]
    fn a_body_that_fits_is_left_whole() {
        let body = "é".repeat(LONGEST);
        assert_eq!(plain(&body), body);
        assert_eq!(escaped(""), "");
    }
}
