//! The vault's figures: recording, opening, a page of a conversation, the whole chat list, what it takes on disk.
//!
//! The vault is closed and opened again between writing and reading, as a start would find it. Making up the text is not
//! measured, and every figure is of the vault's public calls. A message recorded includes all that came with it:
//! reactions, edits, redactions, votes, receipts and members are recorded in the same time and not counted.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use tidings_corpus::{Dice, ROOMS, Responses};
use tidings_vault::{Vault, VaultKey};

use crate::{
    failure::Failure,
    figure::{Figure, ms, percentile},
    memory::peak_mb,
    peer::Peer,
    rooms::{batch, own, room},
    search,
};

/// Rows of a page.
const PAGE: usize = 60;
/// How many pages are read: half the newest of a room, half somewhere in its history.
const PAGES: usize = 2_000;
/// How often the chat list is read.
const LISTS: usize = 25;
/// How often the vault is opened.
const OPENS: usize = 15;

/// Measure a vault of this many messages, and seshat beside it if its program is there.
pub(crate) fn measure(messages: usize, seshat: Option<&Path>, keep: Option<&Path>) -> Result<Vec<Figure>, Failure> {
    let cache = tidings_homeserver::cache();
    std::fs::create_dir_all(&cache)?;
    // Beside the other caches: the temporary folder may be memory, where nothing is ever durable.
    let folder = tempfile::Builder::new().prefix("bench-vault-").tempdir_in(cache)?;
    let key = key();
    let queries = search::queries(messages)?;

    let vault = Vault::create(folder.path(), &key, &own())?;
    let mut filling = Filling::new(messages);
    filling.go_on(&vault, messages)?;
    // As the app does in quiet moments.
    while vault.merge_index()? {}
    vault.close()?;
    let size = size(folder.path())?;
    if let Some(keep) = keep {
        std::fs::create_dir_all(keep)?;
        for file in std::fs::read_dir(folder.path())? {
            let file = file?;
            std::fs::copy(file.path(), keep.join(file.file_name()))?;
        }
    }

    let open = opening(folder.path(), &key)?;
    let vault = Vault::open(folder.path(), &key)?;
    let mut figures = vec![
        Figure::new("vault.ingest_per_s", filling.per_s(), "messages/s"),
        Figure::new("vault.open_ms", open, "ms"),
        Figure::new("vault.page_p95_ms", pages(&vault)?, "ms"),
        Figure::new("vault.chat_list_ms", chat_list(&vault)?, "ms"),
        Figure::new("vault.size_mb", size / 1e6, "MB"),
        Figure::new("vault.bytes_per_text_byte", size / filling.text_bytes(), "bytes/byte"),
    ];
    vault.close()?;
    let place = tempfile::Builder::new().prefix("bench-seshat-").tempdir_in(tidings_homeserver::cache())?;
    let mut peer = seshat.map(|program| Peer::start(program, place.path(), messages)).transpose()?;
    if let Some(peer) = &mut peer {
        figures.push(Figure::new("seshat.ingest_per_s", peer.ingest()?, "messages/s"));
        figures.push(Figure::new("seshat.open_ms", peer.open()?, "ms"));
        figures.push(Figure::new("seshat.bytes_per_text_byte", peer.close()? / filling.text_bytes(), "bytes/byte"));
    }
    figures.extend(search::measure(folder.path(), &key, &queries, peer.as_mut())?);
    figures.push(Figure::new("bench.memory_mb", peak_mb()?, "MB"));
    Ok(figures)
}

/// The key of the vault that is measured.
fn key() -> VaultKey {
    VaultKey::new([7; 32])
}

/// The searches alone, in a vault of this many messages that was kept: to try what they cost without filling one.
pub(crate) fn searches(folder: &Path, messages: usize) -> Result<Vec<Figure>, Failure> {
    search::measure(folder, &key(), &search::queries(messages)?, None)
}

/// A vault while it is filled.
pub(crate) struct Filling {
    responses: Responses,
    recording: Duration,
    done: usize,
}

#[expect(clippy::cast_precision_loss, reason = "counts of messages and bytes are far below 2^53")]
impl Filling {
    /// With this many messages, in the end.
    pub(crate) fn new(messages: usize) -> Self {
        Self { responses: Responses::new(messages), recording: Duration::ZERO, done: 0 }
    }

    /// Record until there are this many.
    pub(crate) fn go_on(&mut self, vault: &Vault, messages: usize) -> Result<(), Failure> {
        while self.done < messages {
            let Some(response) = self.responses.next() else { break };
            let events = response.iter().flat_map(|part| &part.events);
            let count = events.filter(|event| event.is_message()).count();
            let batch = batch(response);
            let begun = Instant::now();
            vault.record(&batch)?;
            self.recording += begun.elapsed();
            self.done += count;
            if self.done % 100_000 < count {
                eprintln!("{} messages recorded, {:.0} a second", self.done, self.per_s());
            }
        }
        Ok(())
    }

    /// Messages that were recorded a second.
    pub(crate) fn per_s(&self) -> f64 {
        self.done as f64 / self.recording.as_secs_f64()
    }

    /// Bytes of the text that can be read in it.
    pub(crate) fn text_bytes(&self) -> f64 {
        self.responses.text_bytes() as f64
    }
}

/// The median of opening the vault, as each start does.
fn opening(folder: &Path, key: &VaultKey) -> Result<f64, Failure> {
    let mut times = Vec::with_capacity(OPENS);
    for _ in 0..OPENS {
        let begun = Instant::now();
        let vault = Vault::open(folder, key)?;
        times.push(ms(begun.elapsed()));
        vault.close()?;
    }
    percentile(&mut times, 0.5).ok_or_else(|| Failure::new("the vault was not opened"))
}

/// The 95th percentile of reading a page.
fn pages(vault: &Vault) -> Result<f64, Failure> {
    let mut dice = Dice::new(3);
    let mut times = Vec::with_capacity(PAGES);
    while times.len() < PAGES {
        // Half of the visits are to the fifty busiest rooms.
        let rooms = if dice.percent(50) { 50 } else { ROOMS };
        let room = room(dice.below(rooms));
        let mut before = None;
        // Scroll up a little, as people do: each page is one that was asked for.
        for _ in 0..=dice.below(4) {
            let begun = Instant::now();
            let page = vault.page(&room, before, PAGE)?;
            times.push(ms(begun.elapsed()));
            match page.messages.first() {
                Some(oldest) if page.older_here => before = Some(oldest.position),
                _ => break,
            }
        }
    }
    percentile(&mut times, 0.95).ok_or_else(|| Failure::new("no page was read"))
}

/// The median of reading the whole chat list.
fn chat_list(vault: &Vault) -> Result<f64, Failure> {
    let mut times = Vec::with_capacity(LISTS);
    for _ in 0..LISTS {
        let begun = Instant::now();
        let rows = vault.chat_list(None)?;
        times.push(ms(begun.elapsed()));
        if rows.len() != ROOMS {
            return Err(Failure::new(format!("the chat list has {} rows instead of {ROOMS}", rows.len())));
        }
    }
    percentile(&mut times, 0.5).ok_or_else(|| Failure::new("no chat list was read"))
}

/// The bytes of all files of a closed vault.
#[expect(clippy::cast_precision_loss, reason = "sizes of files are far below 2^53")]
pub(crate) fn size(folder: &Path) -> Result<f64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes as f64)
}
