//! The memory of the app and of everything it started (the webview's processes), each shared page counted once (PSS,
//! proc(5) `smaps_rollup`).

use std::{collections::BTreeMap, fs};

use crate::failure::Failure;

/// Of the whole process tree, in MB (10^6 bytes).
pub(crate) fn pss_mb(root: u32) -> Result<f64, Failure> {
    let mut kilobytes = 0;
    for process in tree(root, &parents()?) {
        // A process may end while the tree is walked.
        let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
        kilobytes += pss_kb(&text).unwrap_or_default();
    }
    if kilobytes == 0 {
        return Err(Failure::new("the app's memory cannot be read"));
    }
    Ok(f64::from(kilobytes) * 1024.0 / 1_000_000.0)
}

/// Each process and its parent.
fn parents() -> Result<BTreeMap<u32, u32>, Failure> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc")? {
        let Ok(process) = entry?.file_name().to_string_lossy().parse::<u32>() else { continue };
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        if let Some(parent) = parent(&stat) {
            parents.insert(process, parent);
        }
    }
    Ok(parents)
}

/// The fourth field of `stat`; the second is a name in brackets and may hold anything.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// A process and all that descend from it.
fn tree(root: u32, parents: &BTreeMap<u32, u32>) -> Vec<u32> {
    let mut found = vec![root];
    let mut at = 0;
    while let Some(parent) = found.get(at).copied() {
        found.extend(parents.iter().filter(|(_, of)| **of == parent).map(|(process, _)| *process));
        at += 1;
    }
    found
}

fn pss_kb(rollup: &str) -> Option<u32> {
    rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_holds_children_and_grandchildren_and_nobody_else() {
        let parents = BTreeMap::from([(10, 1), (11, 10), (12, 11), (13, 1)]);
        assert_eq!(tree(10, &parents), [10, 11, 12]);
    }

    #[test]
    fn a_parent_is_found_behind_an_odd_name() {
        assert_eq!(parent("42 (a) b (c) S 7 42 42 0"), Some(7));
    }

    #[test]
    fn the_memory_of_this_test_is_known() {
        let size = pss_mb(std::process::id());
        assert!(size.is_ok_and(|size| size > 0.1));
        assert_eq!(pss_kb("Rss:  900 kB\nPss:     512 kB\nPss_Dirty: 1 kB\n"), Some(512));
    }
}
