//! The rules of the checkout that no compiler knows, as tests.
//!
//! **Invariant:** every rule is a function from a text to its complaints, and has a control: a text it must refuse.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "these are tests")]

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use crate::place;

/// No source file is longer.
const LONGEST: usize = 600;
/// Not written by people.
const GENERATED: &[&str] = &["ui/src/backend/bindings.ts"];
/// Files that people write and read as code.
const SOURCES: &[&str] = &["rs", "svelte", "ts", "css"];

/// Every text file that git knows or would take, with its path from the top.
fn texts() -> Vec<(String, String)> {
    let mut git = Command::new("git");
    git.current_dir(place::checkout()).args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    let output = git.output().expect("git lists the files");
    assert!(output.status.success(), "git lists the files");
    let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
    let paths: BTreeSet<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
    // A file that git still knows may be gone from the disk, and a picture is no text.
    let read = |path: &str| fs::read_to_string(place::checkout().join(path)).ok();
    paths.into_iter().filter_map(|path| Some((path.to_owned(), read(path)?))).collect()
}

fn is_source(path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default();
    SOURCES.contains(&ending) && !GENERATED.contains(&path)
}

/// Run a rule over the files it is for, and show all its complaints at once.
fn hold(rule: impl Fn(&str, &str) -> Vec<String>, applies: impl Fn(&str) -> bool) {
    let texts = texts();
    let judged: Vec<_> = texts.iter().filter(|(path, _)| applies(path)).collect();
    assert!(!judged.is_empty(), "the rule is for no file at all");
    let complaints: Vec<String> = judged
        .iter()
        .flat_map(|(path, text)| rule(path, text).into_iter().map(move |complaint| format!("{path}: {complaint}")))
        .collect();
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn too_long(_: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    if lines > LONGEST { vec![format!("{lines} lines; split it by concept ({LONGEST} at most)")] } else { Vec::new() }
}

fn outside_html(_: &str, text: &str) -> Vec<String> {
    let needle = concat!("{@", "html");
    if text.contains(needle) { vec!["text never becomes HTML".to_owned()] } else { Vec::new() }
}

fn nameless_todo(_: &str, text: &str) -> Vec<String> {
    let needle = concat!("TO", "DO");
    let nameless = |line: &&str| {
        let rest = line.split(needle).nth(1);
        rest.is_some_and(|rest| !rest.starts_with('('))
    };
    text.lines().filter(nameless).map(|line| format!("name who will do it: {}", line.trim())).collect()
}

fn machine_path(_: &str, text: &str) -> Vec<String> {
    let needles = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("C:\\", "Users\\")];
    let absolute = |line: &&str| {
        needles.iter().any(|needle| {
            line.match_indices(needle).any(|(at, _)| {
                let before = line.get(..at).and_then(|before| before.chars().next_back());
                !before.is_some_and(|before| before.is_alphanumeric() || "._-$}".contains(before))
            })
        })
    };
    text.lines().filter(absolute).map(|line| format!("a path of one machine: {}", line.trim())).collect()
}

fn tauri_outside_its_door(path: &str, text: &str) -> Vec<String> {
    let door = path == "ui/src/backend/tauri.ts";
    let imports = text.lines().any(|line| line.contains(concat!("\"@tauri", "-apps/")) && line.contains("from"));
    if imports && !door { vec!["only ui/src/backend/tauri.ts speaks to Tauri".to_owned()] } else { Vec::new() }
}

fn licence(path: &str, text: &str) -> Vec<String> {
    let held = if path.ends_with("package.json") {
        text.contains("\"license\": \"Apache-2.0\"")
    } else {
        text.contains("license.workspace = true") || text.contains("license = \"Apache-2.0\"")
    };
    if held { Vec::new() } else { vec!["the licence is Apache-2.0; the manifest must say so".to_owned()] }
}

#[test]
fn no_source_file_is_longer_than_600_lines() {
    hold(too_long, is_source);
    assert!(!too_long("", &"line\n".repeat(LONGEST + 1)).is_empty());
    assert!(too_long("", &"line\n".repeat(LONGEST)).is_empty());
}

#[test]
fn no_text_becomes_html() {
    hold(outside_html, |path| path.ends_with(".svelte"));
    assert!(!outside_html("", concat!("<p>{@", "html body}</p>")).is_empty());
}

#[test]
fn every_todo_has_a_name() {
    hold(nameless_todo, is_source);
    assert!(!nameless_todo("", concat!("// TO", "DO later")).is_empty());
    assert!(nameless_todo("", concat!("// TO", "DO(ada): later")).is_empty());
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    hold(machine_path, |path| !path.ends_with("package-lock.json"));
    assert!(!machine_path("", concat!("open(\"/ro", "ot/.cache\")")).is_empty());
    assert!(!machine_path("", concat!("cd /wo", "rk/x")).is_empty());
    assert!(machine_path("", "https://example.org/wo\u{72}k/x").is_empty());
}

#[test]
fn only_one_file_of_the_page_speaks_to_tauri() {
    hold(tauri_outside_its_door, |path| path.starts_with("ui/src/"));
    let import = concat!("import { Channel } from \"@tauri", "-apps/api/core\";");
    assert!(!tauri_outside_its_door("ui/src/screens/chat.ts", import).is_empty());
    assert!(tauri_outside_its_door("ui/src/backend/tauri.ts", import).is_empty());
}

#[test]
fn the_licence_is_here_and_every_manifest_names_it() {
    let text = fs::read_to_string(place::checkout().join("LICENSE")).expect("LICENSE");
    assert!(text.contains("Apache License") && text.contains("Version 2.0"), "LICENSE is Apache-2.0");
    hold(licence, |path| {
        let generated = path == "crates/unify/Cargo.toml";
        !generated && (path.ends_with("/Cargo.toml") || path == "ui/package.json")
    });
    assert!(!licence("x/Cargo.toml", "[package]\nname = \"x\"\n").is_empty());
    assert!(!licence("ui/package.json", "{ \"license\": \"MIT\" }").is_empty());
}

#[test]
fn the_map_names_every_crate_and_every_module_of_the_engine() {
    let map = fs::read_to_string(place::checkout().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let missing = unnamed(&map, &houses());
    assert!(missing.is_empty(), "ARCHITECTURE.md does not name: {}", missing.join(", "));
    assert_eq!(unnamed("| `crates/model/` |", &["crates/model/".into(), "crates/other/".into()]), ["crates/other/"]);
}

/// The names of this list that the map does not have in code font.
fn unnamed(map: &str, names: &[String]) -> Vec<String> {
    names.iter().filter(|name| !map.contains(&format!("`{name}`"))).cloned().collect()
}

/// The folders of all workspace members, and the engine's top modules.
fn houses() -> Vec<String> {
    let manifest = fs::read_to_string(place::checkout().join("Cargo.toml")).expect("Cargo.toml");
    let members = manifest.split("members = [").nth(1).and_then(|rest| rest.split(']').next()).expect("members");
    let mut houses: Vec<String> =
        members.lines().filter_map(|line| line.split('"').nth(1)).map(|member| format!("{member}/")).collect();
    assert!(houses.len() > 5, "the members were found");
    let modules = place::checkout().join("crates/engine/src");
    for entry in fs::read_dir(modules).expect("the engine") {
        let path: PathBuf = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let module = path.is_dir() || path.extension().is_some_and(|ending| ending == "rs");
        if module && name != "lib" {
            houses.push(name);
        }
    }
    houses.sort();
    houses.dedup();
    houses
}
