//! The log: one file a day under the profile, seven days at most.
//!
//! **Invariant:** message text, keys and tokens are never written. Our own crates say nothing that holds them; of every
//! other crate only *where* it spoke is written (level, module, file, line), not what it said, because a dependency may
//! quote a server's answer or an event. A panic is written as its place alone, because its message may quote what it
//! choked on. No core is ever dumped.
//!
//! Refused: filtering other crates' words for secrets. A filter that must know every secret's shape fails silently.

use std::{fmt, io, path::Path};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter, format::Writer},
    layer::SubscriberExt,
    registry::LookupSpan,
};

/// How many days are kept.
const DAYS: usize = 7;

/// The crates whose words are written.
const OURS: [&str; 4] = ["tidings", "tidings_engine", "tidings_vault", "tidings_model"];

/// Begin to log into `folder`, and set what is written when something panics.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn begin(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let files = tracing_appender::rolling::Builder::new()
        .rotation(tracing_appender::rolling::Rotation::DAILY)
        .filename_prefix("tidings")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .map_err(io::Error::other)?;
    // A second logger in one process is refused; the first goes on.
    let _ = tracing::subscriber::set_global_default(subscriber(files));
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panicked");
        crate::say(&format!("tidings panicked at {place}"));
    }));
    Ok(())
}

/// Leave no core behind: neither of this process, nor of the webview's, which inherit the limit.
#[cfg(target_os = "linux")]
pub(crate) fn leave_no_core() {
    use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    if let Err(error) = set_dumpable_behavior(DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "this process may leave a core");
    }
    if let Err(error) = setrlimit(Resource::Core, none) {
        tracing::warn!(%error, "the webview may leave a core");
    }
}

/// macOS and Windows write no core of their own accord.
#[cfg(not(target_os = "linux"))]
pub(crate) fn leave_no_core() {}

fn subscriber<W>(writer: W) -> impl Subscriber + Send + Sync
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let levels = Targets::new().with_default(LevelFilter::WARN).with_targets(OURS.map(|name| (name, Level::INFO)));
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).event_format(Discreet).with_writer(writer);
    tracing_subscriber::registry().with(levels).with(lines)
}

/// Writes our own words whole, and of others only where they spoke. Spans are left out: another crate's may be open
/// around our line, with fields of its own.
struct Discreet;

impl<S, N> FormatEvent<S, N> for Discreet
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let about = event.metadata();
        write!(writer, "{:.6} {:>5} {}", jiff::Timestamp::now(), about.level(), about.target())?;
        let owner = about.target().split("::").next().unwrap_or_default();
        if OURS.contains(&owner) {
            writer.write_str(": ")?;
            context.field_format().format_fields(writer.by_ref(), event)?;
            return writeln!(writer);
        }
        let (file, line) = (about.file().unwrap_or("?"), about.line().unwrap_or(0));
        let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
        writeln!(writer, " spoke at {file}:{line}")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(speak: impl FnOnce()) -> String {
        let paper = Paper::default();
        let writer = paper.clone();
        tracing::subscriber::with_default(subscriber(move || writer.clone()), speak);
        let bytes = paper.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn our_own_words_are_written() {
        let log = written(|| tracing::info!(target: "tidings_engine::sync", rooms = 3, "caught up"));
        assert!(log.contains("caught up") && log.contains("rooms=3"), "{log}");
    }

    #[test]
    fn of_others_only_the_place_is_written() {
        let log = written(|| tracing::warn!(target: "matrix_sdk::http", body = "canary-7f3a", "canary-91bd"));
        assert!(log.contains("matrix_sdk::http spoke at logs.rs:"), "{log}");
        assert!(!log.contains("canary"), "{log}");
    }

    #[test]
    fn a_span_of_another_crate_adds_nothing_to_our_lines() {
        let log = written(|| {
            let span = tracing::error_span!(target: "matrix_sdk::client", "request", token = "canary-55aa");
            span.in_scope(|| tracing::info!(target: "tidings_engine::session", "signed in"));
        });
        assert!(log.contains("signed in"), "{log}");
        assert!(!log.contains("canary"), "{log}");
    }

    #[test]
    fn chatter_of_others_is_not_written_at_all() {
        assert_eq!(written(|| tracing::info!(target: "matrix_sdk", "hello")), "");
        assert_eq!(written(|| tracing::debug!(target: "tidings_vault", "hello")), "");
    }

    #[test]
    fn a_crate_with_a_similar_name_is_not_ours() {
        let log = written(|| tracing::warn!(target: "tidings_helper", "canary-0001"));
        assert!(!log.contains("canary"), "{log}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn no_core_is_dumped() {
        use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};
        leave_no_core();
        assert_eq!(dumpable_behavior().unwrap(), DumpableBehavior::NotDumpable);
        assert_eq!(getrlimit(Resource::Core).current, Some(0));
    }
}
