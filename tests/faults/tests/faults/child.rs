//! The process that lives a story, and says what was acknowledged.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::story::{Story, open};

const FOLDER: &str = "TIDINGS_FAULTS_FOLDER";
const STORY: &str = "TIDINGS_FAULTS_STORY";

/// Not a test by itself: what the process does that is killed, when it is told where.
#[test]
fn lives_a_story() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let story = std::env::var(STORY).unwrap();
    let numbers: Vec<u64> = story.split(' ').map(|number| number.parse().unwrap()).collect();
    let [seed, from, to, chapter] = numbers[..] else { panic!("{story}") };
    let story = Story { seed };
    let say = |what: &str, n: u64| {
        // One write, so that it is said whole or not at all.
        std::io::stdout().write_all(format!("\n{what} {n}\n").as_bytes()).unwrap();
        std::io::stdout().flush().unwrap();
    };
    let mut n = from;
    loop {
        let vault = match open(Path::new(&folder)) {
            Ok(vault) => vault,
            Err(_) => return say("unopened", n),
        };
        say("opened", n);
        let end = to.min(n + chapter);
        while n < end {
            match story.live(&vault, n) {
                Ok(()) => say("did", n),
                // Failed: what comes after it is not tried, as a person would not.
                Err(_) => return say("failed", n),
            }
            n += 1;
        }
        say(if vault.close().is_ok() { "closed" } else { "unclosed" }, n);
        if n >= to {
            return;
        }
    }
}

/// The command that lives steps `from..to` in the vault of this folder, closing and opening it every `chapter` steps.
pub(crate) fn command(folder: &Path, story: Story, from: u64, to: u64, chapter: u64) -> Vec<String> {
    let mut words = vec!["env".to_owned()];
    words.push(format!("{FOLDER}={}", folder.display()));
    words.push(format!("{STORY}={} {from} {to} {chapter}", story.seed));
    words.push(std::env::current_exe().unwrap().display().to_string());
    words.extend(["--exact", "child::lives_a_story", "--nocapture", "--test-threads=1"].map(str::to_owned));
    words
}

/// A running process.
pub(crate) struct Life {
    process: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Life {
    /// Start it.
    pub(crate) fn start(words: &[String]) -> Self {
        let mut process = Command::new(&words[0])
            .args(&words[1..])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", words[0]));
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, said }
    }

    /// Wait for one more word from it; `None` when it has ended.
    pub(crate) fn word(&mut self) -> Option<(String, u64)> {
        self.said.by_ref().map_while(Result::ok).find_map(|line| word(&line))
    }

    /// Kill it, and give what else it had said.
    pub(crate) fn kill(mut self) -> Vec<(String, u64)> {
        // The process itself, not a wrapper: `env` becomes it.
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        std::iter::from_fn(|| self.word()).collect()
    }

    /// Let it come to its end, and give all it said.
    pub(crate) fn ends(mut self) -> Vec<(String, u64)> {
        let said = std::iter::from_fn(|| self.word()).collect();
        self.process.wait().unwrap();
        said
    }
}

/// One thing that was said.
pub(crate) fn word(line: &str) -> Option<(String, u64)> {
    let (what, n) = line.split_once(' ')?;
    let known = ["opened", "unopened", "did", "failed", "closed", "unclosed"].contains(&what);
    known.then(|| Some((what.to_owned(), n.parse().ok()?))).flatten()
}

/// How many steps were acknowledged by what was said, beginning with `from`.
pub(crate) fn done(said: &[(String, u64)], from: u64) -> u64 {
    said.iter().filter(|(what, _)| what == "did").map(|(_, n)| n + 1).max().unwrap_or(from)
}
