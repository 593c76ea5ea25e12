//! The app in its window: started, driven by the keyboard as a person would, watched through the marks it writes.

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::failure::Failure;

/// How long anything may take before the run is given up.
const PATIENCE: Duration = Duration::from_secs(240);
/// How often a condition is looked at. It bounds no figure: those are the app's own.
const LOOK: Duration = Duration::from_millis(10);

/// The moments that are waited for, as the app names them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mark {
    WindowShown,
    ChatListPainted,
    ChatAsked,
    ChatPainted,
    Enter,
    EchoPainted,
    Synced,
}

impl Mark {
    fn name(self) -> &'static str {
        match self {
            Self::WindowShown => "window_shown",
            Self::ChatListPainted => "chat_list_painted",
            Self::ChatAsked => "chat_asked",
            Self::ChatPainted => "chat_painted",
            Self::Enter => "enter",
            Self::EchoPainted => "echo_painted",
            Self::Synced => "synced",
        }
    }
}

/// The running app.
pub(crate) struct Window {
    app: RefCell<Child>,
    timings: PathBuf,
}

impl Window {
    /// Start the app on a profile, with more arguments if there are any; it writes its marks to `timings`.
    pub(crate) fn open(app: &Path, profile: &Path, timings: &Path, more: &[&str]) -> Result<Self, Failure> {
        let mut command = Command::new(app);
        command.arg("--profile").arg(profile).arg("--timings").arg(timings).args(more);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let app = command.spawn().map_err(|error| Failure::new(format!("the app does not start: {error}")))?;
        let window = Self { app: RefCell::new(app), timings: timings.to_owned() };
        window.wait(Mark::WindowShown, 1)?;
        window.focus()?;
        Ok(window)
    }

    /// The process.
    pub(crate) fn process_id(&self) -> u32 {
        self.app.borrow().id()
    }

    /// Wait until a mark was written for the `count`th time; returns its milliseconds.
    pub(crate) fn wait(&self, mark: Mark, count: usize) -> Result<f64, Failure> {
        let text = || fs::read_to_string(&self.timings).unwrap_or_default();
        self.until(|| nth(&text(), mark.name(), count))
            .map_err(|failure| Failure::new(format!("{} number {count} was not seen: {failure}", mark.name())))
    }

    /// Wait until a mark was written of what another was written of for the `count`th time; returns the milliseconds
    /// between them.
    pub(crate) fn between(&self, from: Mark, count: usize, to: Mark) -> Result<f64, Failure> {
        let begun = self.wait(from, count)?;
        let text = || fs::read_to_string(&self.timings).unwrap_or_default();
        let ended = self.until(|| answered(&text(), from.name(), count, to.name()))?;
        Ok(ended - begun)
    }

    /// Press a key.
    pub(crate) fn key(&self, key: &str) -> Result<(), Failure> {
        run(Command::new("xdotool").args(["key", "--clearmodifiers", key]))
    }

    /// Write a text where the caret is.
    pub(crate) fn write(&self, text: &str) -> Result<(), Failure> {
        run(Command::new("xdotool").args(["type", "--delay", "15", text]))
    }

    /// Give the window this size, in pixels, at the screen's top left corner.
    pub(crate) fn resize(&self, width: u32, height: u32) -> Result<(), Failure> {
        let id = self.id()?;
        run(Command::new("xdotool").args(["windowmove", &id, "0", "0"]))?;
        run(Command::new("xdotool").args(["windowsize", "--sync", &id, &width.to_string(), &height.to_string()]))
    }

    /// There is no window manager on the hidden screen: say which window the keyboard belongs to.
    fn focus(&self) -> Result<(), Failure> {
        run(Command::new("xdotool").args(["windowfocus", "--sync", &self.id()?]))
    }

    /// The window, as the X server numbers it.
    pub(crate) fn id(&self) -> Result<String, Failure> {
        let process = self.process_id().to_string();
        let search = || Command::new("xdotool").args(["search", "--onlyvisible", "--pid", &process]).output().ok();
        self.until(|| String::from_utf8(search()?.stdout).ok()?.lines().last().map(str::to_owned))
    }

    /// Ask it to end, and see that it does.
    pub(crate) fn close(self) -> Result<(), Failure> {
        run(Command::new("kill").args(["-TERM", &self.process_id().to_string()]))?;
        self.until(|| self.app.borrow_mut().try_wait().ok().flatten().map(drop))
    }

    /// Look until there is something to see.
    pub(crate) fn until<T>(&self, look: impl Fn() -> Option<T>) -> Result<T, Failure> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(seen) = look() {
                return Ok(seen);
            }
            if let Ok(Some(status)) = self.app.borrow_mut().try_wait() {
                return Err(Failure::new(format!("the app ended ({status})")));
            }
            thread::sleep(LOOK);
        }
        Err(Failure::new(format!("nothing for {} s", PATIENCE.as_secs())))
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let app = self.app.get_mut();
        drop(app.kill());
        drop(app.wait());
    }
}

/// Run a command to its end.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Failure::new(format!("{name} does not start: {error}")))?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).trim().lines().last().unwrap_or_default().to_owned();
    Err(Failure::new(format!("{name} failed: {complaint}")))
}

/// A built program that an environment variable names, as `cargo xtask` sets them.
pub(crate) fn program(variable: &str) -> Result<PathBuf, Failure> {
    let path = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.exists());
    path.ok_or_else(|| Failure::new(format!("{variable} does not name a built program; run it through `cargo xtask`")))
}

/// The milliseconds of the `count`th line of this mark.
fn nth(lines: &str, mark: &str, count: usize) -> Option<f64> {
    let marks = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut times = marks.filter(|line| line.get("mark").is_some_and(|name| name == mark));
    times.nth(count.checked_sub(1)?)?.get("ms")?.as_f64()
}

/// The milliseconds of the mark that has the same detail as the `count`th of another, and comes after it: a chat may have
/// been painted before it was asked for, when the window began with it.
fn answered(lines: &str, from: &str, count: usize, to: &str) -> Option<f64> {
    let marks: Vec<Value> = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let is = |line: &Value, mark: &str| line.get("mark").is_some_and(|name| name == mark);
    let at = marks.iter().enumerate().filter(|(_, line)| is(line, from)).nth(count.checked_sub(1)?)?.0;
    let (asked, after) = marks.get(at..)?.split_first()?;
    after.iter().find(|line| is(line, to) && line.get("detail") == asked.get("detail"))?.get("ms")?.as_f64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_that_was_painted_before_it_was_asked_for_does_not_count() {
        let line =
            |mark: &str, ms: u32, chat: &str| format!("{{\"mark\":\"{mark}\",\"ms\":{ms},\"detail\":\"{chat}\"}}\n");
        let begun = [line("chat_painted", 1, "a"), line("chat_asked", 5, "b")].concat();
        assert_eq!(answered(&begun, "chat_asked", 1, "chat_painted"), None);
        let lines =
            [begun, line("chat_asked", 7, "a"), line("chat_painted", 9, "b"), line("chat_painted", 12, "a")].concat();
        assert_eq!(answered(&lines, "chat_asked", 1, "chat_painted"), Some(9.0));
        assert_eq!(answered(&lines, "chat_asked", 2, "chat_painted"), Some(12.0));
    }

    #[test]
    fn marks_are_counted_and_half_lines_wait() {
        let lines = "{\"mark\":\"enter\",\"ms\":5.5}\n{\"mark\":\"synced\",\"ms\":6}\n{\"mark\":\"enter\",\"ms\":9}\n{\"mark\":\"en";
        assert_eq!(nth(lines, "enter", 1), Some(5.5));
        assert_eq!(nth(lines, "enter", 2), Some(9.0));
        assert_eq!(nth(lines, "enter", 3), None);
    }
}
