use std::time::Duration;

use super::*;

/// The processor time of this thread: other programs on the machine do not count. The kernel's `schedstat` will not do,
/// it moves in steps of 4 ms.
#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

#[cfg(not(unix))]
fn processor_time() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

fn cost(work: &dyn Fn(usize), times: usize) -> Duration {
    let before = processor_time();
    work(times);
    processor_time().saturating_sub(before)
}

/// Twice the input takes at most three times as long. Both are the best of many measurements, because a neighbour can only
/// make one slower. The millisecond is for what does not grow with the input.
pub(crate) fn is_linear(work: &dyn Fn(usize)) -> bool {
    let (mut once, mut twice) = (Duration::MAX, Duration::MAX);
    (0..15).any(|round| {
        once = once.min(cost(work, 1));
        twice = twice.min(cost(work, 2));
        round >= 1 && twice <= once * 3 + Duration::from_millis(1)
    })
}

pub(crate) fn flood(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

const BYTES: usize = 20 * 1024;

#[test]
fn twice_the_html_takes_twice_the_time() {
    for piece in [
        "<b>",
        "<b><i><u><s>",
        "<div>",
        "<blockquote>",
        "<ul><li>",
        "<ol>",
        "</ul>",
        "</b>",
        "<a",
        "<a ",
        "<a href=x ",
        "<a><b>",
        "<",
        "</",
        "<!--",
        "<![CDATA[",
        "<?",
        "&",
        "&amp",
        "&#",
        "&#x41;",
        "&amp;",
        "&lt;b&gt;",
        "&notit;",
        "<p>x",
        "<br>",
        "<table><tr><td>x",
        "<a href=https://e.org>x",
        "<a href=\"https://matrix.to/#/@anna:example.org\">",
        "<pre>",
        "<code>x</code>",
        "<h1>x",
        "<hr>",
        "<template>",
        "<svg><style>",
        "<script>",
        "<title>",
        "<mx-reply>",
        "x ",
        "<img alt=x>",
        "\"'",
        "<b>x</b><i>y</i>",
        "@anna ",
        "https://e.org ",
        "a@b.c ",
        "a.b.",
        "@",
        "://",
        "www.",
        "mailto:",
        "(((",
        "http://a@",
        "<li>",
        "<i><p>x</p>",
    ] {
        assert!(is_linear(&|times| drop(html(&flood(piece, BYTES * times)))), "{piece}");
    }
}

#[test]
fn a_tag_of_thousands_of_attributes_is_given_up() {
    let attributes: String = (0..20_000).map(|number| format!(" a{number}")).collect();
    let text = format!("<b>before</b><a{attributes}>after</a>");
    assert!(html(&text).is_empty());
    let quoted: String = (0..10_000).map(|number| format!(" a{number}=\">\"")).collect();
    assert!(html(&format!("<a{quoted}>after</a>")).is_empty());
    assert!(is_linear(&|times| drop(html(&format!("<a{}>x", attributes.repeat(times))))));
}

#[test]
fn twice_the_plain_text_takes_twice_the_time() {
    for piece in [
        "x",
        "\n",
        "x\n",
        " ",
        "@",
        "@anna",
        "@anna ",
        "Anna Berg ",
        "Anna Ber",
        "https://",
        "https://e.org ",
        "http:",
        "www.",
        "a.",
        "a@b.c ",
        "a@",
        "a@a.",
        "://",
        "://a",
        "(",
        ")",
        "https://e.org/(",
        ".",
        "-",
        "a-",
        "ä",
        "\u{301}",
        "😀",
        "@room",
        "a:",
        "mailto:a@b.c,",
        "http://[",
        "//",
        "x://y.",
        "ftp://a.b ",
    ] {
        assert!(is_linear(&|times| drop(plain(&flood(piece, BYTES * times)))), "{piece:?}");
    }
}

#[test]
fn a_preview_and_the_emoji_test_take_linear_time() {
    for piece in ["x", " ", "\u{301}", "👩‍", "\u{202e}", "🇩"] {
        let work = |times| {
            let blocks = plain(&flood(piece, BYTES * times));
            let _ = (to_plain(&blocks), jumbo(&blocks));
        };
        assert!(is_linear(&work), "{piece:?}");
    }
}

#[test]
fn the_measure_itself_notices_quadratic_time() {
    let quadratic = |times: usize| {
        let words: Vec<String> = (0..3_000 * times).map(|number| number.to_string()).collect();
        let seen = words.iter().filter(|word| words.iter().filter(|other| other == word).count() > 1).count();
        assert_eq!(std::hint::black_box(seen), 0);
    };
    assert!(!is_linear(&quadratic));
}
