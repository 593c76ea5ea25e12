//! What the filling of history may do by itself.

/// How much history is fetched without being asked for, and when. What a person scrolls to is always fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HistoryPolicy {
    /// A chat is filled back to this many days ago …
    pub days: u32,
    /// … or until this many of its rows are here, whichever comes first. With 0 nothing is filled by itself.
    pub rows: u32,
    /// Fill on battery, too.
    pub on_battery: bool,
    /// People may fetch the whole history of chats.
    pub whole: bool,
}

impl Default for HistoryPolicy {
    /// A month or a thousand rows of each chat, on mains.
    fn default() -> Self {
        Self { days: 30, rows: 1_000, on_battery: false, whole: true }
    }
}
