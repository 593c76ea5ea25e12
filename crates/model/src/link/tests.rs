#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::string_slice)]

use proptest::prelude::*;

use super::*;

/// Schemes that start programs, read files, log in elsewhere or run script, on any system.
const REFUSED: &[&str] = &[
    "javascript",
    "data",
    "vbscript",
    "file",
    "ftp",
    "ftps",
    "sftp",
    "smb",
    "afp",
    "nfs",
    "dav",
    "davs",
    "ms-msdt",
    "search-ms",
    "search",
    "ms-officecmd",
    "ms-word",
    "ms-excel",
    "ms-powerpoint",
    "ms-appinstaller",
    "ms-settings",
    "ms-cxh",
    "shell",
    "ldap",
    "ldaps",
    "telnet",
    "ssh",
    "git",
    "svn",
    "vscode",
    "vscode-insiders",
    "jetbrains",
    "steam",
    "zoommtg",
    "msteams",
    "slack",
    "tg",
    "skype",
    "callto",
    "tel",
    "sms",
    "sip",
    "facetime",
    "intent",
    "market",
    "itms-services",
    "blob",
    "filesystem",
    "about",
    "chrome",
    "view-source",
    "jar",
    "ws",
    "wss",
    "magnet",
    "feed",
    "gopher",
    "rdp",
    "mid",
    "cid",
    "mxc",
    "matrix",
    "media",
    "tauri",
    "tidings",
    "x-apple.systempreferences",
    "apt",
    "help",
    "man",
    "httpx",
    "xhttp",
    "httpss",
    "mailtos",
];

/// The ways to write a scheme so that somebody reads it differently.
fn variants(scheme: &str) -> Vec<String> {
    let mut middle = scheme.to_owned();
    let half = scheme.len() / 2;
    let with = |inside: &str| format!("{}{inside}{}", &scheme[..half], &scheme[half..]);
    middle.make_ascii_uppercase();
    let mut all: Vec<String> = [
        scheme.to_owned(),
        middle,
        with("\t"),
        with("\n"),
        with("\r"),
        with("\0"),
        with("\u{1}"),
        with("\u{ad}"),
        with("\u{200b}"),
        with("\u{202e}"),
        with("/"),
        with("\\"),
        with("&#9;"),
        with("%09"),
        format!(" {scheme}"),
        format!("\n\t{scheme}"),
        format!("\u{1}{scheme}"),
        format!("\u{a0}{scheme}"),
        format!("\u{feff}{scheme}"),
        format!("\u{2028}{scheme}"),
    ]
    .iter()
    .flat_map(|scheme| {
        [
            ":alert(1)",
            "://host/share",
            ":/x",
            ":///x",
            ":\\\\host\\share",
            ":https://good.example/",
            "://a@b.example",
            ":\t//x.example",
        ]
        .map(|rest| format!("{scheme}{rest}"))
    })
    .collect();
    all.push(format!("{scheme}&colon;alert(1)"));
    all.push(format!("{scheme}：//host"));
    all
}

#[test]
fn no_other_scheme_survives_in_any_spelling() {
    assert!(REFUSED.len() >= 40);
    for scheme in REFUSED {
        for address in variants(scheme) {
            assert_eq!(LinkTarget::parse(&address), None, "{address:?}");
        }
    }
}

#[test]
fn the_three_schemes_survive_only_in_their_plain_spelling() {
    for scheme in ["http", "https"] {
        for address in variants(scheme) {
            if let Some(target) = LinkTarget::parse(&address) {
                let plain = address.trim().to_ascii_lowercase();
                assert!(plain == format!("{scheme}://host/share"), "{address:?} gave {target:?}");
            }
        }
    }
}

#[test]
fn an_honest_address_is_kept_and_normalised() {
    for (given, href, host) in [
        ("https://example.org", "https://example.org/", "example.org"),
        ("HTTPS://EXAMPLE.org/Path?q=1#Part", "https://example.org/Path?q=1#Part", "example.org"),
        ("  http://example.org/a  ", "http://example.org/a", "example.org"),
        ("http://example.org:8080/x", "http://example.org:8080/x", "example.org"),
        ("https://localhost/x", "https://localhost/x", "localhost"),
        ("https://2130706433/", "https://127.0.0.1/", "127.0.0.1"),
        ("https://[::1]/", "https://[::1]/", "[::1]"),
        ("https://münchen.example/ß", "https://xn--mnchen-3ya.example/%C3%9F", "münchen.example"),
        ("https://xn--mnchen-3ya.example/", "https://xn--mnchen-3ya.example/", "münchen.example"),
        ("https://почта.example/", "https://xn--80a1acny.example/", "почта.example"),
        ("https://日本語テスト.example/", "https://xn--zckzah9431abffnl.example/", ""),
        ("mailto:anna@example.org", "mailto:anna@example.org", "example.org"),
        ("MAILTO:anna@EXAMPLE.org?Subject=Hi%20there", "mailto:anna@example.org?Subject=Hi%20there", "example.org"),
        (
            "https://example.org/?next=https://a@b.example",
            "https://example.org/?next=https://a@b.example",
            "example.org",
        ),
    ] {
        let target = LinkTarget::parse(given).unwrap_or_else(|| panic!("{given}"));
        if host.is_empty() {
            assert!(!target.host.starts_with("xn--"), "{target:?}");
        } else {
            assert_eq!((target.href.as_str(), target.host.as_str()), (href, host), "{given}");
        }
    }
}

#[test]
fn an_address_that_two_parsers_read_differently_is_refused() {
    for given in [
        "",
        ":",
        "https:",
        "https:/",
        "https://",
        "https:///example.org",
        "https:example.org",
        "https:/example.org",
        "//example.org",
        "\\\\host\\share",
        "/etc/passwd",
        "example.org",
        "#part",
        "?q",
        "https://good.example@evil.example/",
        "https://user:pass@evil.example/",
        "https://@evil.example/",
        "https://:@evil.example",
        "https://good.example\\@evil.example",
        "https:\\\\evil.example",
        "https://evil.example\\.good.example",
        "https://good.example\t.evil.example",
        "https://exa mple.org",
        "https://good.example%00.evil.example",
        "https://%",
        "https://a..b\u{0}",
        "https://[::1",
        "https://exam\u{202e}ple.org",
        "https://exam\u{200b}ple.org",
        "https://good.example\u{2028}",
        "http://300.1.1.1/",
        "https://xn--a/",
        "mailto:",
        "mailto:anna",
        "mailto:@example.org",
        "mailto:anna@",
        "mailto:-x@example.org",
        "mailto:a@example.org,b@evil.example",
        "mailto:a@b@example.org",
        "mailto:a%40good.example%2Cb@evil.example",
        "mailto:a@[127.0.0.1]",
        "mailto:?to=a@example.org",
        "mailto://a@example.org",
        "mailto:\"a b\"@example.org",
        "mailto:a@127.0.0.1",
    ] {
        assert_eq!(LinkTarget::parse(given), None, "{given:?}");
    }
    assert_eq!(LinkTarget::parse(&format!("https://example.org/{}", "a".repeat(MAX_HREF))), None);
    assert_eq!(LinkTarget::parse(&format!("https://{}.example/", "a".repeat(64))), None);
}

#[test]
fn a_mail_address_brings_no_file_and_no_further_recipient() {
    let given = "mailto:a@example.org?attach=/etc/passwd&cc=b@evil.example&subject=x%0D%0ABcc:c@evil.example&body=two%0Alines&to=d@e.org";
    assert_eq!(LinkTarget::parse(given).unwrap().href, "mailto:a@example.org?body=two%0Alines");
}

#[test]
fn a_host_of_look_alikes_is_shown_in_punycode() {
    for given in [
        "https://аpple.com/",               // one Cyrillic letter
        "https://аррӏе.com/",               // Cyrillic twins alone
        "https://gооgle.example/",          // Cyrillic о
        "https://examp1e.ｏrg.example/é-ї", // fullwidth letters are mapped, the path does not matter
        "https://раураl.example/",
        "https://αpple.example/",
        "https://ex-āрple.example/",
    ] {
        let target = LinkTarget::parse(given).unwrap_or_else(|| panic!("{given}"));
        assert!(target.host.is_ascii(), "{target:?}");
    }
}

#[test]
fn a_text_that_reads_like_another_host_is_noticed() {
    for (shown, href, expected) in [
        ("here", "https://example.org/", false),
        ("https://example.org/other/path", "https://example.org/", false),
        ("example.org", "https://example.org/a", false),
        ("EXAMPLE.org.", "https://example.org/a", false),
        ("www.example.org", "https://example.org/", false),
        ("example.org", "https://www.example.org/", false),
        ("example.org", "https://docs.example.org/", false),
        ("example.org:8080/x", "http://example.org:8080/x", false),
        ("docs at (example.org),", "https://example.org/", false),
        ("anna@example.org", "mailto:anna@example.org", false),
        ("mailto:anna@example.org", "mailto:anna@example.org?subject=x", false),
        ("münchen.example", "https://xn--mnchen-3ya.example/", false),
        ("127.0.0.1", "http://127.0.0.1/", false),
        ("http://[::1]/x", "http://[::1]/", false),
        ("report.pdf", "https://example.org/report.pdf", false),
        ("version 1.5, e.g. this", "https://example.org/", false),
        ("src/main.rs", "https://example.org/", false),
        ("@anna", "https://example.org/", false),
        ("…", "https://example.org/", false),
        ("https://bank.example", "https://evil.example/", true),
        ("bank.example", "https://evil.example/", true),
        ("Please use bank.example today", "https://evil.example/", true),
        ("www.bank.example", "https://evil.example/", true),
        ("BANK.EXAMPLE", "https://evil.example/", true),
        ("bank.example/login.html", "https://evil.example/", true),
        ("bank.example:443", "https://evil.example/", true),
        ("«bank.example»", "https://evil.example/", true),
        ("bank。example", "https://evil.example/", true),
        ("ｂａｎｋ．ｅｘａｍｐｌｅ", "https://evil.example/", true),
        ("bank.exa\u{200b}mple", "https://evil.example/", true),
        ("https:∕∕bank.example", "https://evil.example/", true),
        ("https://bank.example@evil.example/", "https://evil.example/", true),
        ("bank.example.evil.example", "https://bank.example/", true),
        ("evil.bank.example", "https://bank.example/", true),
        ("notexample.org", "https://example.org/", true),
        ("example.org", "https://notexample.org/", true),
        ("10.0.0.1", "https://evil.example/", true),
        ("anna@bank.example", "mailto:anna@evil.example", true),
        ("anna@bank.example", "https://evil.example/", true),
        ("ftp://bank.example", "https://evil.example/", true),
        ("https://localhost", "https://evil.example/", true),
        ("elpmaxe.knab\u{202e}", "https://evil.example/", true),
        ("apple.com", "https://аpple.com/", true),
    ] {
        let target = LinkTarget::parse(href).unwrap_or_else(|| panic!("{href}"));
        assert_eq!(misleading(shown, &target), expected, "{shown:?} on {href}");
    }
}

proptest! {
    #[test]
    fn whatever_survives_is_one_of_three_schemes_and_stays_the_same(
        given in "(https?:|mailto:|javascript:|HTTPS:)?[/\\\\]{0,3}(\\PC|[\\x00-\\x20@:/?#.a-z]){0,40}",
    ) {
        if let Some(target) = LinkTarget::parse(&given) {
            prop_assert!(["http://", "https://", "mailto:"].iter().any(|start| target.href.starts_with(start)));
            prop_assert!(target.href.is_ascii() && !target.href.chars().any(|letter| letter.is_ascii_control() || letter == ' '));
            prop_assert!(!target.host.is_empty());
            let again = LinkTarget::parse(&target.href);
            prop_assert_eq!(again.as_ref(), Some(&target));
            let _ = misleading(&given, &target);
        }
    }

    #[test]
    fn no_text_makes_the_comparison_fail(shown in "\\PC{0,60}") {
        let target = LinkTarget::parse("https://example.org/").unwrap();
        let _ = misleading(&shown, &target);
    }
}
