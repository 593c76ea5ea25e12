//! File names that others chose, made safe to show and to save.
//!
//! **Invariant:** a [`SafeFileName`] is one component on every system, at most 200 bytes, and ends on screen where it ends
//! in truth: nothing in it is unseen, turns the direction or pretends to be a dot, a slash or a colon.
//!
//! Names are mended, never refused: a file with a bad name must still be savable. Bidi controls become `_`, so that one
//! sees where somebody tried; joiners and other unseen characters go. No list of dangerous extensions stands here: one
//! misspelt entry of such a list once ran programs in another messenger. What decides is the sniffed type.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use crate::plain_text::{is_bidi_control, is_blank, is_unseen};

/// Bytes. File systems allow 255; browsers and copies add endings of their own.
const MAX_BYTES: usize = 200;
/// Bytes. What is longer is no extension but a sentence with a dot in it.
const MAX_EXTENSION: usize = 32;
/// More than any file system can hold; the rest of a hostile name is not looked at.
const MAX_INPUT: usize = 8 * 1024;

/// A file name of one component that hides nothing and leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SafeFileName(String);

impl<'de> Deserialize<'de> for SafeFileName {
    fn deserialize<D: serde::Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        String::deserialize(source).map(|name| Self::new(&name))
    }
}

impl SafeFileName {
    /// Make a name safe. Never fails and never gives an empty name; safe names stay as they are.
    #[must_use]
    pub fn new(untrusted: &str) -> Self {
        // The end is kept, because the extension stands there.
        let start = untrusted.ceil_char_boundary(untrusted.len().saturating_sub(MAX_INPUT));
        let untrusted = untrusted.get(start..).unwrap_or_default();
        let last = untrusted.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or_default();
        let name = tidy(last);
        let name = if name.is_empty() { "file".to_owned() } else { name };
        let name = if reserved(&name) { format!("_{name}") } else { name };
        Self(shortened(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The true extension in capitals, at most 8 characters; empty when there is none or it is longer.
    #[must_use]
    pub fn extension(&self) -> String {
        match self.0.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => {
                let capitals: String = extension.to_uppercase();
                if capitals.chars().count() <= 8 { capitals } else { String::new() }
            }
            _ => String::new(),
        }
    }
}

impl std::fmt::Display for SafeFileName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// Every character made harmless, blanks single, none of them or of dots at an end or beside the last dot.
fn tidy(part: &str) -> String {
    let mut name = String::with_capacity(part.len());
    for letter in part.nfc() {
        if is_bidi_control(letter) || is_stand_in(letter) {
            name.push('_');
        } else if is_unseen(letter) {
        } else if is_blank(letter) {
            if !name.ends_with(' ') {
                name.push(' ');
            }
        } else {
            name.push(letter);
        }
    }
    // What was taken out may have kept a letter and its accent apart.
    let name: String = name.nfc().collect();
    let end = |letter: char| letter == '.' || letter == ' ';
    let body = name.trim_end_matches(end);
    let visible = body.trim_start_matches(end);
    let hidden = body.trim_start_matches(' ').starts_with('.') && !visible.is_empty();
    // `a.pdf      .exe`: the blanks before a last dot only push the extension out of sight.
    let visible = match visible.rsplit_once('.') {
        Some((stem, extension)) => format!("{}.{}", stem.trim_end_matches(' '), extension.trim_start_matches(' ')),
        None => visible.to_owned(),
    };
    // A leading dot would hide the file; `.desktop` stays a name that shows what it is.
    if hidden { format!("_.{visible}") } else { visible }
}

/// Characters that mean something to a shell or a file system, and the ones Windows turns into them.
fn is_stand_in(letter: char) -> bool {
    matches!(letter, '<' | '>' | ':' | '"' | '|' | '?' | '*')
        // Full-width and small forms of ASCII signs.
        || matches!(letter, '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
        || matches!(letter, '\u{fe50}'..='\u{fe6f}')
        // Slashes, colons, bars and dots of other blocks.
        || matches!(letter, '\u{2044}' | '\u{2215}' | '\u{2216}' | '\u{29f5}' | '\u{29f8}' | '\u{29f9}' | '\u{2236}'
            | '\u{a789}' | '\u{2223}' | '\u{01c0}' | '\u{2024}' | '\u{2025}' | '\u{2026}' | '\u{3002}' | '\u{0701}'
            | '\u{0702}' | '\u{a4f8}' | '\u{10a50}' | '\u{1d16d}')
}

/// Names that Windows keeps for devices (with any extension) or reads as settings of a folder.
fn reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end_matches(' ').to_lowercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
            matches!(rest, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul" | "conin$" | "conout$" | "clock$")
        || numbered("com")
        || numbered("lpt")
        || matches!(name.to_lowercase().as_str(), "desktop.ini" | "thumbs.db" | "autorun.inf")
}

/// At most [`MAX_BYTES`], cut before the extension.
fn shortened(name: String) -> String {
    if name.len() <= MAX_BYTES {
        return name;
    }
    let end = |letter: char| letter == '.' || letter == ' ';
    match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= MAX_EXTENSION => {
            let stem = stem.get(..stem.floor_char_boundary(MAX_BYTES - 1 - extension.len())).unwrap_or_default();
            format!("{}.{extension}", stem.trim_end_matches(end))
        }
        // No extension: a cut must not make one.
        _ => {
            let flat = name.replace('.', "_");
            let kept = flat.get(..flat.floor_char_boundary(MAX_BYTES)).unwrap_or_default();
            kept.trim_end_matches(end).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use std::path::{Component, Path};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_true_extension_is_the_visible_end() {
        for (given, name, extension) in [
            ("report.pdf", "report.pdf", "PDF"),
            ("Überstunden März.xlsx", "Überstunden März.xlsx", "XLSX"),
            ("archive.tar.gz", "archive.tar.gz", "GZ"),
            ("no extension", "no extension", ""),
            ("photo\u{202e}gpj.exe", "photo_gpj.exe", "EXE"),
            ("\u{2066}photo\u{2069}.\u{200f}exe", "_photo_._exe", "_EXE"),
            ("a\u{61c}b\u{200e}.txt", "a_b_.txt", "TXT"),
            ("invoice.e\u{200b}x\u{feff}e", "invoice.exe", "EXE"),
            ("a.pdf                                  .exe", "a.pdf.exe", "EXE"),
            ("a.pdf\u{a0}\u{3000}\u{2800}\u{3164}.exe", "a.pdf.exe", "EXE"),
            ("a.pdf. exe", "a.pdf.exe", "EXE"),
            ("photo\u{2024}exe.png", "photo_exe.png", "PNG"),
            ("photo．exe", "photo_exe", ""),
            ("line\nbreak\t.txt", "line break.txt", "TXT"),
            ("nul\0byte.txt", "nul byte.txt", "TXT"),
            ("a.txt\0.exe", "a.txt.exe", "EXE"),
            ("name.verylongextension", "name.verylongextension", ""),
        ] {
            let safe = SafeFileName::new(given);
            assert_eq!((safe.as_str(), safe.extension().as_str()), (name, extension), "{given:?}");
        }
    }

    #[test]
    fn a_name_never_leads_anywhere() {
        for (given, name) in [
            ("", "file"),
            (".", "file"),
            ("..", "file"),
            ("...", "file"),
            ("/", "file"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\x", "x"),
            ("/etc/x", "x"),
            ("C:\\Windows\\system.ini", "system.ini"),
            ("C:evil.txt", "C_evil.txt"),
            ("\\\\host\\share\\a.txt", "a.txt"),
            ("dir/", "dir"),
            ("a/..", "file"),
            ("a／..／b.txt", "a_.._b.txt"),
            ("a∕b⁄c.txt", "a_b_c.txt"),
            ("file.txt:ads", "file.txt_ads"),
            ("file.txt::$DATA", "file.txt__$DATA"),
            ("what?*<>|\".txt", "what______.txt"),
            ("trailing.txt. . .", "trailing.txt"),
            ("  spaces  .txt  ", "spaces.txt"),
            (".bashrc", "_.bashrc"),
            (".desktop", "_.desktop"),
            ("...hidden.txt", "_.hidden.txt"),
            (" .profile", "_.profile"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("NUL.tar.gz", "_NUL.tar.gz"),
            ("aux .c", "_aux.c"),
            ("COM1.log", "_COM1.log"),
            ("lpt³", "_lpt³"),
            ("CONIN$", "_CONIN$"),
            ("console.txt", "console.txt"),
            ("COM10", "COM10"),
            ("desktop.ini", "_desktop.ini"),
            ("Thumbs.db", "_Thumbs.db"),
        ] {
            assert_eq!(SafeFileName::new(given).as_str(), name, "{given:?}");
        }
    }

    #[test]
    fn composed_and_decomposed_twins_are_one_name() {
        assert_eq!(SafeFileName::new("cafe\u{301}.txt"), SafeFileName::new("café.txt"));
        assert_eq!(SafeFileName::new("cafe\u{200b}\u{301}.txt"), SafeFileName::new("café.txt"));
    }

    #[test]
    fn a_long_name_keeps_its_extension() {
        let long = SafeFileName::new(&format!("{}.docx", "ü".repeat(300)));
        assert!(long.as_str().len() <= MAX_BYTES && long.as_str().ends_with("ü.docx"));
        assert_eq!(long.extension(), "DOCX");
    }

    #[test]
    fn a_cut_makes_no_new_extension() {
        for pad in 150..250 {
            let given = format!("{}.exe {}", "a".repeat(pad), "b".repeat(120));
            assert_eq!(SafeFileName::new(&given).extension(), "", "{pad}");
        }
    }

    #[test]
    fn a_stored_name_is_made_safe_again() {
        let name: SafeFileName = serde_json::from_str(r#""../../x.sh""#).unwrap();
        assert_eq!(name.as_str(), "x.sh");
    }

    /// What must hold for every name; the control below must break it.
    fn wrong(name: &str) -> Option<&'static str> {
        let folder = Path::new("/home/somebody/Downloads");
        let path = folder.join(name);
        let parts: Vec<Component<'_>> = Path::new(name).components().collect();
        let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
        if path.parent() != Some(folder) || !matches!(parts.as_slice(), [Component::Normal(_)]) {
            return Some("leaves the folder");
        }
        if name.contains(['/', '\\', ':', '\0', '<', '>', '|', '?', '*', '"']) {
            return Some("holds a sign");
        }
        if name.chars().any(|letter| letter.is_control() || is_unseen(letter) || is_bidi_control(letter)) {
            return Some("hides something");
        }
        if name.is_empty() || name.len() > MAX_BYTES {
            return Some("has a bad length");
        }
        if name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) {
            return Some("has a bad end");
        }
        let digit = |rest: &str| rest.chars().count() == 1 && rest.starts_with(|c: char| c.is_ascii_digit());
        if ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
            || ["COM", "LPT"].iter().any(|prefix| stem.strip_prefix(prefix).is_some_and(digit))
        {
            return Some("is reserved");
        }
        None
    }

    #[test]
    fn the_check_itself_notices_bad_names() {
        for bad in ["../x", "/x", "a/b", "a:b", "a\u{202e}b", "", ".x", "x.", "con.txt", "COM3", "a\u{200b}"] {
            assert!(wrong(bad).is_some(), "{bad:?}");
        }
    }

    const PIECES: &[&str] = &[
        "/",
        "\\",
        "..",
        ".",
        " ",
        ":",
        "\0",
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "CON",
        "nul",
        "COM1",
        "LPT9",
        ".exe",
        ".pdf",
        "C:",
        "／",
        "\u{301}",
        "\u{2024}",
        "\n",
        "\u{e0041}",
        "é",
        "desktop.ini",
        "~",
        "%2f",
        "%00",
        "a",
        "Report",
        "-",
        "_",
    ];

    /// Half hostile pieces, a quarter long runs and short words, a quarter any character at all.
    fn names() -> impl Strategy<Value = String> {
        prop::collection::vec(any::<u32>(), 0..8).prop_map(|seeds| {
            let mut name = String::new();
            for seed in seeds {
                let value = seed >> 2;
                match seed % 4 {
                    0 | 1 => name.push_str(PIECES[value as usize % PIECES.len()]),
                    2 => name.push_str(&"aé".repeat(value as usize % 50)),
                    _ => name.extend(char::from_u32(value % 0x11_0000)),
                }
            }
            name
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 100_000, ..ProptestConfig::default() })]

        #[test]
        fn every_name_stays_one_safe_component_of_its_folder(given in names()) {
            let safe = SafeFileName::new(&given);
            prop_assert_eq!(wrong(safe.as_str()), None, "{:?}", safe);
            prop_assert_eq!(&SafeFileName::new(safe.as_str()), &safe);
            prop_assert!(safe.extension().chars().count() <= 8);
        }
    }
}
