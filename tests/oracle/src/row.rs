//! A row of a conversation, as both sides show it.

/// A row of the main timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) event: String,
    /// `None` when there is no text to show: the event was redacted, or never had one.
    pub(crate) body: Option<String>,
    pub(crate) edited: bool,
    pub(crate) redacted: bool,
    /// The event that it answers.
    pub(crate) answers: Option<String>,
    /// Keys and who gave them, in the order in which they are shown.
    pub(crate) reactions: Vec<(String, Vec<String>)>,
}

impl Row {
    /// Its event's place in the log.
    pub(crate) fn n(&self) -> usize {
        self.event.trim_start_matches('$').parse().unwrap()
    }
}
