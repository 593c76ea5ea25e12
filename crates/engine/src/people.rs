//! People and chats as they are drawn.
//!
//! **Invariant:** a name that others chose is shown without control, bidi and invisible characters, and a name that two
//! members of a room share is shown with the Matrix id beside it.

use std::collections::BTreeMap;

use tidings_model::{Avatar, AvatarShape, Person, RoomId, Tint, UserId, initials, is_unseen, one_line};
use tidings_vault::{MemberRecord, RoomSummary};

use crate::{media, session::Session};

/// The longest name that is shown.
const LONGEST: usize = 100;

/// A name that others chose, made safe to show; `None` when nothing of it can be seen.
pub(crate) fn clean(name: &str) -> Option<String> {
    Some(one_line(name, LONGEST)).filter(|name| name.chars().any(|letter| !is_unseen(letter)))
}

/// The name of a chat.
pub(crate) fn chat_name(name: &str) -> String {
    clean(name).unwrap_or_else(|| "…".to_owned())
}

/// The local part of a Matrix id.
pub(crate) fn local_part(user: &UserId) -> String {
    let local = user.as_str().trim_start_matches('@').split(':').next().unwrap_or_default();
    clean(local).unwrap_or_else(|| "…".to_owned())
}

/// A chat's picture, or initials.
pub(crate) fn chat_avatar(session: &Session, room: &RoomId, summary: &RoomSummary, name: &str) -> Avatar {
    // One to one, the chat looks like the person, in every list.
    let id = summary.partner.as_ref().map_or(room.as_str(), UserId::as_str);
    Avatar {
        shape: if summary.direct { AvatarShape::Person } else { AvatarShape::Group },
        initials: initials(name),
        tint: Tint::of(id),
        image: summary.avatar.as_deref().and_then(|avatar| media::avatar(session, avatar)),
    }
}

/// A user's name in a room.
pub(crate) fn name(session: &Session, room: &RoomId, user: &UserId) -> String {
    let member =
        session.vault.members(room, std::slice::from_ref(user)).ok().and_then(|members| members.into_iter().next());
    member.and_then(|member| clean(member.name.as_deref()?)).unwrap_or_else(|| local_part(user))
}

/// The people of a stretch of conversation, read at once.
pub(crate) struct People<'a> {
    session: &'a Session,
    members: BTreeMap<UserId, MemberRecord>,
}

impl<'a> People<'a> {
    /// Read these users of a room.
    pub(crate) fn read(session: &'a Session, room: &RoomId, users: &[UserId]) -> Self {
        let members = match session.vault.members(room, users) {
            Ok(members) => members.into_iter().map(|member| (member.user.clone(), member)).collect(),
            Err(error) => {
                tracing::warn!("members cannot be read: {error}");
                BTreeMap::new()
            }
        };
        Self { session, members }
    }

    /// A user's name.
    pub(crate) fn name(&self, user: &UserId) -> String {
        self.members.get(user).and_then(|member| clean(member.name.as_deref()?)).unwrap_or_else(|| local_part(user))
    }

    /// A user as a conversation shows them.
    pub(crate) fn person(&self, user: &UserId) -> Person {
        let member = self.members.get(user);
        let name = self.name(user);
        // A name that reads like a Matrix id, or that somebody else has too, is told apart by the id itself.
        let doubtful = member.is_some_and(|member| member.ambiguous) || name.contains('@') && name != user.as_str();
        Person {
            disambiguation: doubtful.then(|| user.to_string()),
            avatar: Avatar {
                shape: AvatarShape::Person,
                initials: initials(&name),
                tint: Tint::of(user.as_str()),
                image: member
                    .and_then(|member| member.avatar.as_deref())
                    .and_then(|avatar| media::avatar(self.session, avatar)),
            },
            user: user.clone(),
            name,
        }
    }
}

/// This person, from what was last known.
pub(crate) fn me(session: &Session, name: Option<&str>, avatar: Option<&str>) -> Person {
    let name = name.and_then(clean).unwrap_or_else(|| local_part(&session.user));
    Person {
        avatar: Avatar {
            shape: AvatarShape::Person,
            initials: initials(&name),
            tint: Tint::of(session.user.as_str()),
            image: avatar.and_then(|avatar| media::avatar(session, avatar)),
        },
        user: session.user.clone(),
        disambiguation: None,
        name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_hides_nothing() {
        for (name, expected) in [
            ("Priya Raman", Some("Priya Raman")),
            ("Priya\u{202e}namaR", Some("PriyanamaR")),
            ("a\u{200b}d\u{feff}min", Some("admin")),
            ("line\nbreak\tand  spaces", Some("line break and spaces")),
            ("\u{0}\u{7}", None),
            ("   ", None),
        ] {
            assert_eq!(clean(name).as_deref(), expected);
        }
        assert_eq!(clean(&"x".repeat(4000)).map(|name| name.chars().count()), Some(LONGEST));
    }
}
