//! The moments that `--timings FILE` writes down, one JSON object a line: `{"mark":…,"ms":…,"detail":…}`.
//!
//! **Invariant:** a mark is in the file when the call returns (no buffer), and without `--timings` a mark costs nothing.
//!
//! Milliseconds count from the start of the process, so the loader's time before `main` is in them: on Linux the kernel
//! knows when that was (in its clock ticks, 10 ms); elsewhere they count from `main`.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::Mutex,
    time::{Duration, Instant},
};

use serde::Serialize;
use tidings_model::Mark;

/// The file and the zero of its clock.
#[derive(Debug)]
pub(crate) struct Timings {
    main: Instant,
    before_main: Duration,
    file: Option<Mutex<File>>,
}

#[derive(Serialize)]
struct Line<'a> {
    mark: Mark,
    ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

impl Timings {
    /// Begin to count; `main` is the moment `main` began. Writes the first mark.
    ///
    /// # Errors
    /// When the file cannot be opened for appending.
    pub(crate) fn begin(main: Instant, file: Option<&Path>) -> io::Result<Self> {
        let file = file.map(|path| File::options().create(true).append(true).open(path)).transpose()?;
        let before_main = if file.is_some() { before_main(main).unwrap_or_default() } else { Duration::ZERO };
        let timings = Self { main, before_main, file: file.map(Mutex::new) };
        timings.write(Mark::ProcessStart, 0.0, None);
        Ok(timings)
    }

    /// Write down that this moment is now.
    pub(crate) fn mark(&self, mark: Mark, detail: Option<&str>) {
        let ms = (self.before_main + self.main.elapsed()).as_secs_f64() * 1000.0;
        self.write(mark, ms, detail);
    }

    fn write(&self, mark: Mark, ms: f64, detail: Option<&str>) {
        let Some(file) = &self.file else { return };
        let ms = (ms * 10.0).round() / 10.0;
        let Ok(mut line) = serde_json::to_vec(&Line { mark, ms, detail }) else { return };
        line.push(b'\n');
        let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Err(error) = file.write_all(&line) {
            tracing::warn!(%error, "a timing was not written");
        }
    }
}

/// How long the process ran before `main`: the clock since boot less field 22 of `/proc/self/stat` (proc(5)).
#[cfg(target_os = "linux")]
fn before_main(main: Instant) -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in brackets and may hold spaces; the rest is counted from its end.
    let (_, rest) = stat.rsplit_once(')')?;
    let started: u64 = rest.split_whitespace().nth(19)?.parse().ok()?;
    let ticks = rustix::param::clock_ticks_per_second().max(1);
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let now = Duration::new(now.tv_sec.try_into().ok()?, now.tv_nsec.try_into().ok()?);
    let since_start = now.checked_sub(Duration::from_millis(started.saturating_mul(1000) / ticks))?;
    since_start.checked_sub(main.elapsed())
}

#[cfg(not(target_os = "linux"))]
fn before_main(_main: Instant) -> Option<Duration> {
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn every_mark_is_a_line_as_soon_as_it_is_made() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("timings.jsonl");
        let timings = Timings::begin(Instant::now(), Some(&path)).unwrap();
        timings.mark(Mark::ChatPainted, Some("!room \"quoted\""));
        let lines: Vec<serde_json::Value> =
            std::fs::read_to_string(&path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0], serde_json::json!({ "mark": "process_start", "ms": 0.0 }));
        assert_eq!(lines[1]["mark"], "chat_painted");
        assert_eq!(lines[1]["detail"], "!room \"quoted\"");
        assert!(lines[1]["ms"].as_f64().unwrap() >= 0.0);
    }

    #[test]
    fn without_a_file_a_mark_does_nothing() {
        let timings = Timings::begin(Instant::now(), None).unwrap();
        timings.mark(Mark::Enter, None);
        assert!(timings.file.is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_time_before_main_is_known() {
        let before = before_main(Instant::now()).unwrap();
        let up = std::fs::read_to_string("/proc/uptime").unwrap();
        let up: f64 = up.split_whitespace().next().unwrap().parse().unwrap();
        assert!(before.as_secs_f64() < up, "the process is older than the computer");
    }
}
