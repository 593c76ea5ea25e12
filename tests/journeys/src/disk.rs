//! Looking for words in files, in every way they could be written.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

/// A word that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// In this file.
    pub file: PathBuf,
    /// This word.
    pub word: String,
    /// Written so.
    pub encoding: &'static str,
}

/// Every file below a folder.
#[must_use]
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Look for words in the contents and names of all files below a folder: as UTF-8, UTF-16 (little endian), base64 (at
/// each of the three offsets, both alphabets) and hexadecimal (both cases). Words have at least 8 bytes, so that chance
/// finds none.
#[must_use]
pub fn find(folder: &Path, words: &[String]) -> Vec<Hit> {
    let needles: Vec<(&String, &'static str, Vec<u8>)> = words
        .iter()
        .flat_map(|word| {
            assert!(word.len() >= 8, "too short to mean anything: {word}");
            written(word.as_bytes()).into_iter().map(move |(encoding, bytes)| (word, encoding, bytes))
        })
        .collect();
    let mut hits = Vec::new();
    for file in files(folder) {
        // A file of a running program may go between the listing and the reading.
        let Ok(mut contents) = fs::read(&file) else { continue };
        contents.extend_from_slice(file.strip_prefix(folder).unwrap().to_string_lossy().as_bytes());
        for (word, encoding, bytes) in &needles {
            if memchr::memmem::find(&contents, bytes).is_some() {
                hits.push(Hit { file: file.clone(), word: (*word).clone(), encoding });
            }
        }
    }
    hits
}

/// A word in every way it could be written.
#[must_use]
pub fn written(word: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let text = String::from_utf8_lossy(word);
    let mut ways = vec![
        ("utf-8", word.to_vec()),
        ("utf-16le", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("hex", word.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into_bytes()),
        ("HEX", word.iter().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes()),
    ];
    for offset in 0..3 {
        let padded = [vec![0; offset], word.to_vec()].concat();
        // The first characters depend on what stands before, the last on what follows.
        let skipped = [0, 2, 3][offset];
        let certain = padded.len() * 8 / 6;
        for (encoding, encoded) in
            [("base64", STANDARD_NO_PAD.encode(&padded)), ("base64url", URL_SAFE_NO_PAD.encode(&padded))]
        {
            ways.push((encoding, encoded.as_bytes()[skipped..certain].to_vec()));
        }
    }
    ways
}
