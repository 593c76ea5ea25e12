//! One line that stands for a message: in the chat list, in a quote, in a notification.

use tidings_model::{PreviewMark, RoomId, one_line};
use tidings_vault::{Action, Intent, MessageRecord};

pub(crate) use super::items::trust;
use super::{body, system};
use crate::{people::People, session::Session};

/// Characters of a line that stands for a message.
const LONGEST: usize = 200;

/// A text as one line.
pub(crate) fn line(text: &str) -> String {
    one_line(text, LONGEST)
}

/// What a recorded action says.
pub(crate) fn of_intent(intent: &Intent) -> String {
    match &intent.action {
        Action::Message { content, .. } => {
            content.get("body").and_then(serde_json::Value::as_str).map(line).unwrap_or_default()
        }
        Action::Receipt { .. } | Action::Membership { .. } | Action::MarkUnread { .. } => String::new(),
    }
}

/// What a message says, and what kind it is where it is not text.
pub(crate) fn of_record(session: &Session, room: &RoomId, record: &MessageRecord) -> (String, Option<PreviewMark>) {
    if record.state_key.is_some() {
        let people = People::read(session, room, std::slice::from_ref(&record.sender));
        let viewer = system::Viewer { name: &|user| people.name(user), me: &session.user };
        // A row of the list leads nowhere else.
        let around = system::Around { here: &|_| false, thread: &|_| None };
        let text = system::line(viewer, record, around).map(|line| system::plain(&line)).unwrap_or_default();
        return (text, None);
    }
    body::record_summary(session, room, record)
}
