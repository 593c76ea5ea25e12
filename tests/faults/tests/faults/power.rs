//! The power goes: of what was written since the last flush, any part may be on the disk, torn or not at all.
//!
//! A life is traced once, with what it writes. Then the disk is replayed up to a random call, and of every file's writes
//! that no `fdatasync` or `fsync` followed, a random choice is kept, some of them torn at sectors. The vault that is found
//! then must hold every step that was acknowledged before that call. Linux only.
//!
//! Refused: cutting the power of a real file system in a loop device: it needs root, and shows the orders one kernel
//! happens to choose, where this chooses worse ones. The `-shm` file is left out: it is an index that is made anew.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::child::{Life, command, word};
use crate::story::{Reference, Story, create, files, folder, lay_out, open, seed};

/// How often the power is cut, unless `TIDINGS_CUTS` says otherwise.
const CUTS: u32 = 600;
/// What a disk writes whole.
const SECTOR: usize = 512;

/// What a process did to its files, in order.
#[derive(Clone, Debug)]
enum Call {
    Write { file: PathBuf, at: usize, bytes: Vec<u8> },
    Length { file: PathBuf, length: usize },
    Flush { file: PathBuf },
    Rename { from: PathBuf, to: PathBuf },
    Remove { file: PathBuf },
    Said { n: u64 },
}

/// A file on a disk that keeps what was flushed, and of the rest what chance leaves.
#[derive(Clone, Default)]
struct Stored {
    safe: Vec<u8>,
    pending: Vec<Call>,
}

impl Stored {
    fn flush(&mut self) {
        for call in std::mem::take(&mut self.pending) {
            apply(&mut self.safe, &call, |_| true);
        }
    }

    /// What may be found after the cut.
    fn found(&self, dice: &mut StdRng) -> Vec<u8> {
        let mut bytes = self.safe.clone();
        for call in &self.pending {
            if dice.random() {
                let torn = dice.random_bool(0.3);
                apply(&mut bytes, call, |_| !torn || dice.random());
            }
        }
        bytes
    }
}

/// Do this to the bytes of a file, sector by sector as chosen.
fn apply(file: &mut Vec<u8>, call: &Call, mut sector: impl FnMut(usize) -> bool) {
    match call {
        Call::Write { at, bytes, .. } => {
            let mut done = 0;
            while done < bytes.len() {
                let from = at + done;
                let length = (SECTOR - from % SECTOR).min(bytes.len() - done);
                if sector(from / SECTOR) {
                    if file.len() < from + length {
                        file.resize(from + length, 0);
                    }
                    file[from..from + length].copy_from_slice(&bytes[done..done + length]);
                }
                done += length;
            }
        }
        Call::Length { length, .. } => file.resize(*length, 0),
        _ => unreachable!("not of one file"),
    }
}

/// The disk after these calls; `flushes` says whether it does what `fdatasync` asks for.
fn replayed(start: &[(PathBuf, Vec<u8>)], calls: &[Call], flushes: bool) -> (BTreeMap<PathBuf, Stored>, u64) {
    let mut disk: BTreeMap<PathBuf, Stored> =
        start.iter().map(|(name, safe)| (name.clone(), Stored { safe: safe.clone(), pending: Vec::new() })).collect();
    let mut done = 0;
    for call in calls {
        match call {
            Call::Write { file, .. } | Call::Length { file, .. } => {
                disk.entry(file.clone()).or_default().pending.push(call.clone());
            }
            Call::Flush { file } if flushes => disk.entry(file.clone()).or_default().flush(),
            Call::Flush { .. } => {}
            Call::Rename { from, to } => {
                if let Some(stored) = disk.remove(from) {
                    disk.insert(to.clone(), stored);
                }
            }
            Call::Remove { file } => {
                disk.remove(file);
            }
            Call::Said { n } => done = n + 1,
        }
    }
    (disk, done)
}

/// Live a story under `strace` and read what it wrote.
fn traced(vault: &Path, log: &Path, story: Story, steps: u64) -> Vec<Call> {
    let mut words: Vec<String> =
        ["strace", "-f", "-qq", "-y", "-xx", "-s", "10000000", "-o"].map(str::to_owned).to_vec();
    let calls = "trace=pwrite64,write,fdatasync,fsync,ftruncate,rename,unlink,openat,lseek";
    words.extend([log.display().to_string(), "-e".to_owned(), calls.to_owned(), "--".to_owned()]);
    words.extend(command(vault, story, 0, steps, 9));
    let said = Life::start(&words).ends();
    assert!(!said.is_empty(), "a process cannot be traced here: is strace installed, and ptrace allowed?");
    assert_eq!(said.last(), Some(&("closed".to_owned(), steps)));
    let mut positions = BTreeMap::new();
    let log = std::fs::read_to_string(log).unwrap();
    log.lines().filter_map(|line| read(line, vault, &mut positions)).flatten().collect()
}

/// One line of `strace`. Only what succeeded, and only in the vault's folder.
fn read(line: &str, vault: &Path, positions: &mut BTreeMap<PathBuf, usize>) -> Option<Vec<Call>> {
    let (_, line) = line.split_once(' ')?;
    let (name, rest) = line.trim_start().split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    if result.starts_with('-') {
        return None;
    }
    let arguments = arguments.strip_suffix(')')?;
    let in_vault = |path: Vec<u8>| {
        let path = PathBuf::from(String::from_utf8(path).ok()?);
        let name = path.strip_prefix(vault).ok()?.to_path_buf();
        (name.components().count() == 1 && !name.to_string_lossy().ends_with("-shm")).then_some(name)
    };
    let opened = || in_vault(text(arguments.split_once('<')?.1.split_once('>')?.0));
    let quoted = |n: usize| arguments.split('"').nth(2 * n + 1).map(text);
    let last = || arguments.rsplit_once(", ")?.1.parse::<usize>().ok();
    Some(match name {
        "pwrite64" => vec![Call::Write { file: opened()?, at: last()?, bytes: quoted(0)? }],
        "write" if arguments.starts_with("1<") => {
            let said = String::from_utf8(quoted(0)?).ok()?;
            let said = said.lines().filter_map(word).filter(|(what, _)| what == "did");
            said.map(|(_, n)| Call::Said { n }).collect()
        }
        "write" => {
            let (file, bytes) = (opened()?, quoted(0)?);
            let at = positions.entry(file.clone()).or_default();
            *at += bytes.len();
            vec![Call::Write { file, at: *at - bytes.len(), bytes }]
        }
        "lseek" => {
            positions.insert(opened()?, result.split(' ').next()?.parse().ok()?);
            Vec::new()
        }
        "fdatasync" | "fsync" => vec![Call::Flush { file: opened()? }],
        "ftruncate" => vec![Call::Length { file: opened()?, length: last()? }],
        "rename" => vec![Call::Rename { from: in_vault(quoted(0)?)?, to: in_vault(quoted(1)?)? }],
        "unlink" => vec![Call::Remove { file: in_vault(quoted(0)?)? }],
        "openat" => {
            let file = in_vault(quoted(0)?)?;
            positions.insert(file.clone(), 0);
            if arguments.contains("O_TRUNC") { vec![Call::Length { file, length: 0 }] } else { Vec::new() }
        }
        _ => return None,
    })
}

/// `\x41\x42` as bytes.
fn text(escaped: &str) -> Vec<u8> {
    escaped.split("\\x").skip(1).map(|digits| u8::from_str_radix(&digits[..2], 16).unwrap()).collect()
}

/// Cut the power this often; the seeds and reasons of the cuts after which something acknowledged was missing.
fn cut(
    cuts: u32,
    seed: u64,
    start: &[(PathBuf, Vec<u8>)],
    calls: &[Call],
    after: &[String],
    flushes: bool,
) -> Vec<String> {
    let sides: Vec<Vec<String>> = std::thread::scope(|scope| {
        let sides: Vec<_> = (0..2)
            .map(|side| {
                scope.spawn(move || {
                    let place = folder();
                    let mut lost = Vec::new();
                    for n in (side..cuts).step_by(2) {
                        let mut dice = StdRng::seed_from_u64(seed ^ u64::from(n));
                        let at = dice.random_range(0..calls.len());
                        let (disk, done) = replayed(start, &calls[..at], flushes);
                        let found: Vec<_> =
                            disk.iter().map(|(name, stored)| (name.clone(), stored.found(&mut dice))).collect();
                        let vault = place.path().join("v");
                        lay_out(&vault, &found);
                        let done = usize::try_from(done).unwrap();
                        let fault = match open(&vault).and_then(|vault| crate::story::seen(&vault)) {
                            Ok(seen) if seen == after[done] || after.get(done + 1) == Some(&seen) => continue,
                            Ok(_) => "something is missing".to_owned(),
                            Err(error) => error.to_string(),
                        };
                        lost.push(format!("cut {n} at call {at} of {}, {done} steps done: {fault}", calls.len()));
                    }
                    lost
                })
            })
            .collect();
        sides.into_iter().map(|side| side.join().unwrap()).collect()
    });
    sides.concat()
}

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged_and_a_disk_that_does_not_flush_would() {
    let cuts = std::env::var("TIDINGS_CUTS").map_or(CUTS, |cuts| cuts.parse().unwrap());
    let seed = seed();
    let story = Story { seed: seed.max(1) };
    const STEPS: u64 = 60;
    let place = folder();
    let vault = place.path().join("v");
    create(&vault).close().unwrap();
    let start: Vec<_> = files(&vault).into_iter().filter(|(name, _)| !name.ends_with("vault.db-shm")).collect();
    let calls = traced(&vault, &place.path().join("log"), story, STEPS);
    let mut reference = Reference::new(story);
    let after: Vec<String> = (0..=STEPS).map(|steps| reference.after(steps)).collect();
    // The replay of everything is what the process left.
    let (mut disk, done) = replayed(&start, &calls, true);
    assert_eq!(done, STEPS);
    for (name, bytes) in files(&vault).iter().filter(|(name, _)| !name.ends_with("vault.db-shm")) {
        let stored = disk.get_mut(name).unwrap_or_else(|| panic!("{} was not traced", name.display()));
        stored.flush();
        assert!(stored.safe == *bytes, "{} is replayed as it was written", name.display());
    }

    let lost = cut(cuts, seed, &start, &calls, &after, true);
    assert!(lost.is_empty(), "TIDINGS_SEED={seed}: {lost:#?}");
    let lost = cut(40, seed, &start, &calls, &after, false);
    assert!(lost.len() > 5, "the control: a disk that lies loses something in {} of 40 cuts", lost.len());
}
