//! A list of named steps: each with a headline and its time, the first failure in one line, a table at the end.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use crate::stop::{Outcome, Stop};

/// Steps that run one after another and stop at the first that fails.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<(String, Duration, bool)>,
    begun: Option<Instant>,
}

impl Steps {
    /// Run a step under its headline.
    ///
    /// # Errors
    /// The step's own, with the step's name in front, after the table of what was done.
    pub(crate) fn step(&mut self, name: &str, what: impl FnOnce() -> Outcome) -> Outcome {
        let begun = Instant::now();
        let total = *self.begun.get_or_insert(begun);
        println!("\n━━ {name} ━━ at {}", human(begun.duration_since(total)));
        let outcome = what();
        self.done.push((name.to_owned(), begun.elapsed(), outcome.is_ok()));
        outcome.map_err(|stop| {
            println!("{}", self.table());
            Stop::new(format!("step `{name}` failed: {stop}"))
        })
    }

    /// What was done, how long it took, and how it went.
    pub(crate) fn table(&self) -> String {
        let width = self.done.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        let mut lines = vec![String::new()];
        for (name, time, passed) in &self.done {
            let verdict = if *passed { "passed" } else { "FAILED" };
            lines.push(format!("  {name:width$}  {:>8}  {verdict}", human(*time)));
        }
        let total: Duration = self.done.iter().map(|(_, time, _)| *time).sum();
        lines.push(format!("  {:width$}  {:>8}", "in all", human(total)));
        lines.join("\n")
    }
}

/// Run a command, its output going where ours goes.
///
/// # Errors
/// When it does not start or does not succeed.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let line = line(command);
    let status = command.status().map_err(|error| Stop::new(format!("`{line}` does not start: {error}")))?;
    if status.success() { Ok(()) } else { Err(Stop::new(format!("`{line}` failed ({status})"))) }
}

/// Run a command and return what it wrote to its standard output.
///
/// # Errors
/// When it does not start or does not succeed; with the last line it complained with.
pub(crate) fn read(command: &mut Command) -> Outcome<String> {
    let line = line(command);
    let output = command.output().map_err(|error| Stop::new(format!("`{line}` does not start: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).trim().lines().last().unwrap_or_default().to_owned();
    Err(Stop::new(format!("`{line}` failed: {complaint}")))
}

/// The command as a person would type it.
fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// A time as people say it.
fn human(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds >= 60 { format!("{}m{:02}s", seconds / 60, seconds % 60) } else { format!("{:.1}s", time.as_secs_f32()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_is_named_in_one_line_and_in_the_table() {
        let mut steps = Steps::default();
        assert!(steps.step("first", || Ok(())).is_ok());
        let stop = steps.step("second", || Err(Stop::new("no such thing"))).map_err(|stop| stop.to_string());
        assert_eq!(stop, Err("step `second` failed: no such thing".to_owned()));
        let table = steps.table();
        assert!(table.contains("first") && table.contains("passed") && table.contains("FAILED"), "{table}");
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        assert_eq!(human(Duration::from_millis(1_240)), "1.2s");
        assert_eq!(human(Duration::from_secs(605)), "10m05s");
    }
}
