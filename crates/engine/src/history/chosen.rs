//! Which chats are wanted whole: kept in the vault, so that fetching goes on after a restart.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tidings_model::RoomId;
use tidings_vault::{Vault, VaultError};

/// The document of the choice.
const CHOSEN: &str = "history";

/// The chats whose whole history is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    all: bool,
    /// Wanted, unless all are; then those that are not.
    #[serde(default)]
    rooms: BTreeSet<RoomId>,
}

impl Chosen {
    /// As it was kept; nothing when it was never kept or cannot be read.
    pub(crate) fn load(vault: &Vault) -> Self {
        let bytes = vault.document(CHOSEN).ok().flatten();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Keep it.
    pub(crate) fn save(&self, vault: &Vault) -> Result<(), VaultError> {
        // Text and a flag are always JSON.
        vault.set_document(CHOSEN, &serde_json::to_vec(self).unwrap_or_default())
    }

    /// The whole history of this chat is wanted.
    pub(crate) fn wants(&self, room: &RoomId) -> bool {
        self.all != self.rooms.contains(room)
    }

    /// Want a chat, or all, or not any more.
    pub(crate) fn choose(&mut self, room: Option<&RoomId>, wanted: bool) {
        match room {
            None => *self = Self { all: wanted, rooms: BTreeSet::new() },
            Some(room) if self.wants(room) == wanted => {}
            Some(room) => {
                if !self.rooms.remove(room) {
                    self.rooms.insert(room.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn one_chat_or_all_but_one_are_wanted() {
        let (pier, yard) = (RoomId::from("!pier"), RoomId::from("!yard"));
        let mut chosen = Chosen::default();
        assert!(!chosen.wants(&pier));
        chosen.choose(Some(&pier), true);
        chosen.choose(Some(&pier), true);
        assert!(chosen.wants(&pier) && !chosen.wants(&yard));
        chosen.choose(None, true);
        assert!(chosen.wants(&pier) && chosen.wants(&yard));
        chosen.choose(Some(&pier), false);
        assert!(!chosen.wants(&pier) && chosen.wants(&yard));
        chosen.choose(None, false);
        assert_eq!(chosen, Chosen::default());
    }

    #[test]
    fn what_was_chosen_is_read_as_it_was_kept() {
        let mut chosen = Chosen::default();
        chosen.choose(Some(&RoomId::from("!pier")), true);
        let bytes = serde_json::to_vec(&chosen).unwrap();
        assert_eq!(serde_json::from_slice::<Chosen>(&bytes).unwrap(), chosen);
        assert_eq!(serde_json::from_slice::<Chosen>(b"{}").unwrap(), Chosen::default());
    }
}
