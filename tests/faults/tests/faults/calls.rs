//! Every call that changes a file, killed once and failed once.
//!
//! `strace` does it: it counts the calls of a life in peace, then lives it again once for each call and each fault. A
//! machine where a process may not be traced fails these tests; they are never skipped. Linux only.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::path::Path;

use crate::child::{Life, command, done};
use crate::story::{IN_TURN, Reference, Story, create, files, folder, lay_out, open};

/// The calls that change a file (or make it durable).
const CALLS: [&str; 9] =
    ["pwrite64", "write", "fdatasync", "fsync", "ftruncate", "rename", "unlink", "openat", "fallocate"];

/// What happens to a call.
const FAULTS: [&str; 3] = ["signal=KILL:when={n}", "error=EIO:when={n}", "error=ENOSPC:when={n}+"];

/// Run a life under `strace`, which traces only calls on files of this folder.
fn traced(folder: &Path, log: &Path, inject: Option<&str>, life: &[String]) -> Vec<(String, u64)> {
    let mut words: Vec<String> = ["strace", "-f", "-qq", "-o"].map(str::to_owned).to_vec();
    words.push(log.display().to_string());
    for (name, _) in files(folder)
        .into_iter()
        .chain(["vault.db-wal", "vault.db-shm", "vault.check.new"].map(|name| (name.into(), Vec::new())))
    {
        words.extend(["-P".to_owned(), folder.join(name).display().to_string()]);
    }
    words.extend(["-e".to_owned(), format!("trace={}", CALLS.join(","))]);
    words.extend(inject.map(|inject| ["-e".to_owned(), format!("inject={inject}")]).into_iter().flatten());
    words.push("--".to_owned());
    words.extend(life.iter().cloned());
    Life::start(&words).ends()
}

/// How often a life makes each call.
fn counted(log: &Path) -> BTreeMap<&'static str, u32> {
    let log = std::fs::read_to_string(log).unwrap();
    let count = |call: &str| log.lines().filter(|line| line.contains(&format!(" {call}("))).count();
    CALLS.map(|call| (call, u32::try_from(count(call)).unwrap())).into_iter().collect()
}

/// Live this once for every call and every fault; `check` looks at what is left. Gives how many faults there were.
fn every_call(
    start: &[(std::path::PathBuf, Vec<u8>)],
    life: impl Fn(&Path) -> Vec<String> + Sync,
    check: impl Fn(&Path, &[(String, u64)], &str) + Sync,
) -> usize {
    let place = folder();
    let (vault, log) = (place.path().join("v"), place.path().join("log"));
    lay_out(&vault, start);
    let said = traced(&vault, &log, None, &life(&vault));
    assert!(!said.is_empty(), "a process cannot be traced here: is strace installed, and ptrace allowed?");
    check(&vault, &said, "in peace");
    let counted = counted(&log);
    assert!(counted["pwrite64"] > 0 && counted["fsync"] + counted["fdatasync"] > 0, "{counted:?}");
    let faults: Vec<String> = counted
        .iter()
        .flat_map(|(call, count)| (1..=*count).map(move |n| (call, n)))
        .flat_map(|(call, n)| FAULTS.map(|fault| format!("{call}:{}", fault.replace("{n}", &n.to_string()))))
        .collect();
    let (life, check, faults) = (&life, &check, &faults);
    std::thread::scope(|scope| {
        for side in 0..2 {
            scope.spawn(move || {
                let place = folder();
                let (vault, log) = (place.path().join("v"), place.path().join("log"));
                for fault in faults.iter().skip(side).step_by(2) {
                    lay_out(&vault, start);
                    let said = traced(&vault, &log, Some(fault), &life(&vault));
                    check(&vault, &said, fault);
                }
            });
        }
    });
    faults.len()
}

#[test]
fn every_write_of_recording_sending_and_closing_is_killed_and_failed_once_and_nothing_is_lost() {
    let story = Story { seed: IN_TURN };
    const BEGUN: u64 = 13;
    const END: u64 = 26;
    let place = folder();
    let vault = create(place.path());
    for n in 0..BEGUN {
        story.live(&vault, n).unwrap();
    }
    vault.close().unwrap();
    drop(vault);
    let start = files(place.path());
    // What is to be seen after each number of steps.
    let mut reference = Reference::new(story);
    let after: Vec<String> = (BEGUN..=END).map(|steps| reference.after(steps)).collect();
    let count = every_call(
        &start,
        |vault| command(vault, story, BEGUN, END, 100),
        |vault, said, fault| {
            let done = done(said, BEGUN);
            let failed = said.iter().any(|(what, _)| what == "failed");
            if fault == "in peace" {
                assert_eq!(done, END);
            }
            let vault = open(vault).unwrap_or_else(|error| panic!("{error} after {fault}, {said:?}"));
            let found = crate::story::seen(&vault).unwrap();
            let at = usize::try_from(done - BEGUN).unwrap();
            let kept = found == after[at] || after.get(at + 1) == Some(&found);
            assert!(kept, "{fault}: after {done} steps{}", if failed { " and a failed one" } else { "" });
        },
    );
    assert!(count > 200, "{count} faults");
}

#[test]
fn every_write_of_a_migration_is_killed_and_failed_once_and_leaves_the_old_or_the_new() {
    let start = crate::migrating::first();
    let place = folder();
    lay_out(place.path(), &start);
    let vault = open(place.path()).unwrap();
    let expected = crate::story::seen(&vault).unwrap();
    drop(vault);
    let count = every_call(
        &start,
        |vault| command(vault, Story { seed: IN_TURN }, 0, 0, 1),
        |vault, _, fault| {
            let vault = open(vault).unwrap_or_else(|error| panic!("{error} after {fault}"));
            assert!(crate::story::seen(&vault).unwrap() == expected, "{fault}");
        },
    );
    assert!(count > 10, "{count} faults");
}
