//! Where the person is looking.

use std::sync::{Arc, Mutex};

use tidings_model::{Attention, RoomId};

use crate::broadcast::lock;

/// The window's last word on where the person is looking, shared by everyone who decides on it.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    now: Arc<Mutex<Attention>>,
}

impl Watch {
    /// The window says where the person is looking.
    pub(crate) fn set(&self, attention: Attention) {
        *lock(&self.now) = attention;
    }

    /// The person looks at this chat: the window is focused and shows it.
    pub(crate) fn is_on(&self, room: &RoomId) -> bool {
        let now = lock(&self.now);
        now.focused && now.room.as_ref() == Some(room)
    }
}
