//! People and groups as they are drawn: a picture, or initials on one of eight tints.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{MediaRef, UserId};

/// A person as a conversation shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// The Matrix id.
    pub user: UserId,
    /// The display name, or the Matrix id's local part. Control and bidi characters are already taken out.
    pub name: String,
    /// Shown beside the name when another member's name could be taken for it: the Matrix id.
    pub disambiguation: Option<String>,
    /// Picture, or initials on a tint.
    pub avatar: Avatar,
}

/// A picture, or initials on a tint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Avatar {
    /// People are round, groups squared.
    pub shape: AvatarShape,
    /// One or two letters.
    pub initials: String,
    /// The colour, the same on every device.
    pub tint: Tint,
    /// The picture, if there is one.
    pub image: Option<MediaRef>,
}

/// The outline of an avatar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AvatarShape {
    /// Round.
    Person,
    /// Squared.
    Group,
}

/// One of the eight tints of `tokens.css`: 1 to 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
pub struct Tint(pub u8);

impl Tint {
    /// The tint of a user or room id: FNV-1a modulo eight, so that every device draws the same one.
    #[must_use]
    pub fn of(id: &str) -> Self {
        let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        Self(u8::try_from((hash ^ (hash >> 16)) % 8).unwrap_or(0) + 1)
    }
}

/// One or two letters for a name: the first of the first and of the last word.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).take(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_take_the_first_and_the_last_word() {
        for (name, expected) in [
            ("Harbour Ops", "HO"),
            ("Priya Raman", "PR"),
            ("Maria del Mar Ruiz", "MR"),
            ("priya", "P"),
            ("@marta", "M"),
            ("(Ops) 24", "O2"),
            ("", ""),
            ("😀", ""),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn every_tint_is_used() {
        let used: std::collections::BTreeSet<u8> =
            (0..200).map(|n| Tint::of(&format!("@user{n}:example.org")).0).collect();
        assert_eq!(used, (1..=8).collect());
    }
}
