//! The vault's figures: recording, a page of a conversation, the whole chat list.
//!
//! The vault is closed and opened again between writing and reading, as a start would find it. Making up the text is not
//! measured, and every figure is of the vault's public calls.

use std::time::{Duration, Instant};

use tidings_vault::{Batch, Vault, VaultKey};

use crate::{
    failure::Failure,
    figure::{Figure, ms, percentile},
    rooms::{ROOMS, Responses, own, room},
    words::{Dice, Zipf},
};

/// Rows of a page.
const PAGE: usize = 60;
/// How many pages are read: half the newest of a room, half somewhere in its history.
const PAGES: usize = 2_000;
/// How often the chat list is read.
const LISTS: usize = 25;

/// Measure a vault of this many messages.
pub(crate) fn measure(messages: usize) -> Result<Vec<Figure>, Failure> {
    let cache = tidings_homeserver::cache();
    std::fs::create_dir_all(&cache)?;
    // Beside the other caches: the temporary folder may be memory, where nothing is ever durable.
    let folder = tempfile::Builder::new().prefix("bench-vault-").tempdir_in(cache)?;
    let key = VaultKey::new([7; 32]);

    let vault = Vault::create(folder.path(), &key, &own())?;
    let ingest = fill(&vault, messages)?;
    vault.close()?;

    let vault = Vault::open(folder.path(), &key)?;
    let figures = vec![
        Figure::new("vault.ingest_per_s", ingest, "messages/s"),
        Figure::new("vault.page_p95_ms", pages(&vault)?, "ms"),
        Figure::new("vault.chat_list_ms", chat_list(&vault)?, "ms"),
        Figure::new("vault.size_mb", size_mb(folder.path())?, "MB"),
    ];
    vault.close()?;
    Ok(figures)
}

/// Record them all; returns how many a second.
#[expect(clippy::cast_precision_loss, reason = "counts of messages are far below 2^53")]
fn fill(vault: &Vault, messages: usize) -> Result<f64, Failure> {
    let mut recording = Duration::ZERO;
    let mut done = 0;
    for batch in Responses::new(messages) {
        let begun = Instant::now();
        vault.record(&batch)?;
        recording += begun.elapsed();
        let before = done;
        done += events(&batch);
        if done / 100_000 != before / 100_000 {
            eprintln!("{done} messages recorded, {:.0} a second", done as f64 / recording.as_secs_f64());
        }
    }
    Ok(done as f64 / recording.as_secs_f64())
}

fn events(batch: &Batch) -> usize {
    batch.rooms.iter().filter_map(|part| part.timeline.as_ref()).map(|run| run.events.len()).sum()
}

/// The 95th percentile of reading a page.
fn pages(vault: &Vault) -> Result<f64, Failure> {
    let (mut dice, busy) = (Dice::new(3), Zipf::new(ROOMS));
    let mut times = Vec::with_capacity(PAGES);
    while times.len() < PAGES {
        let room = room(busy.draw(&mut dice));
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

/// What the vault takes on disk.
#[expect(clippy::cast_precision_loss, reason = "sizes of files are far below 2^53")]
fn size_mb(folder: &std::path::Path) -> Result<f64, Failure> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes as f64 / 1_000_000.0)
}
