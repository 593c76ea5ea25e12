//! The verbs of a chat's drawer: who is in it, and what its messages carry.

use std::{collections::BTreeMap, time::Duration};

use matrix_sdk::{
    RoomMemberships,
    room::{RoomMember, RoomMemberRole},
};
use tidings_model::{
    AccountId, ChatInfo, Code, Failure, InfoPerson, PARTS_COUNTED, PartItem, PartKind, Parts, Person, Role, RoomId,
    UserId,
};
use tidings_vault::Part;

use super::Engine;
use crate::{
    conversation, history, intake,
    people::{self, People},
    session::Session,
};

/// People that are listed.
const PEOPLE: usize = 200;
/// Items of a page.
const PAGE: usize = 60;
/// The server is waited for so long when it has to be asked who is in a chat.
const PATIENCE: Duration = Duration::from_secs(5);

const MEDIA: &[Part] = &[Part::Image, Part::Video];
const FILES: &[Part] = &[Part::File, Part::Audio, Part::Voice];
const LINKS: &[Part] = &[Part::Link];

impl Engine {
    /// A chat, beside its messages.
    ///
    /// # Errors
    /// [`Code::Gone`] when there is no such chat.
    pub async fn chat_info(&self, account: AccountId, room: RoomId) -> Result<ChatInfo, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let (roles, topic) = (roles(&session, &room).await, topic(&session, &room));
        let reader = std::sync::Arc::clone(&session);
        session
            .vault(move |vault| {
                let Some(chat) = vault.chat(&room)? else { return Ok(None) };
                let users: Vec<UserId> = match &roles {
                    Some(roles) => roles.keys().cloned().collect(),
                    None => vault.joined(&room, PEOPLE)?,
                };
                let known = People::read(&reader, &room, &users);
                let role = |user: &UserId| match &roles {
                    Some(roles) => roles.get(user).copied().unwrap_or(Role::Member),
                    None if chat.summary.moderators.contains(user) => Role::Moderator,
                    None => Role::Member,
                };
                let listed = users.iter().map(|user| InfoPerson {
                    person: known.person(user),
                    role: role(user),
                    me: *user == reader.user,
                });
                let carried = vault.carried(&room, &[MEDIA, FILES, LINKS], PARTS_COUNTED)?;
                let count = |list: usize| carried.parts.get(list).copied().unwrap_or_default();
                let name = people::chat_name(&chat.summary.name);
                Ok(Some(ChatInfo {
                    avatar: people::chat_avatar(&reader, &room, &chat.summary, &name),
                    name,
                    direct: chat.summary.direct,
                    encrypted: chat.summary.encrypted,
                    topic,
                    people: sorted(listed.collect()),
                    members: chat.summary.members,
                    starred: carried.starred,
                    pinned: carried.pinned,
                    media: count(0),
                    files: count(1),
                    links: count(2),
                    kept: history::reach(&reader, &room)?,
                    room,
                }))
            })
            .await?
            .ok_or_else(|| Failure::new(Code::Gone, "there is no such chat"))
    }

    /// What the messages of a chat carry, newest first; `cursor` is where the page before ended.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn chat_parts(
        &self,
        account: AccountId,
        room: RoomId,
        kind: PartKind,
        cursor: Option<String>,
    ) -> Result<Parts, Failure> {
        let session = self.accounts.open_account(&account)?.session;
        let reader = std::sync::Arc::clone(&session);
        session
            .vault(move |vault| {
                let kinds = match kind {
                    PartKind::Media => MEDIA,
                    PartKind::Files => FILES,
                    PartKind::Links => LINKS,
                };
                let before = cursor.and_then(|cursor| cursor.parse().ok());
                let carriers = vault.parts(&room, kinds, before, PAGE)?;
                let last = carriers.last().filter(|_| carriers.len() >= PAGE);
                let next = last.map(|last| last.message.position.to_string());
                let items = conversation::parts(&reader, &room, &carriers);
                let items = items.into_iter().filter(|item| kind != PartKind::Links || item.link.is_some());
                Ok(Parts { items: items.collect::<Vec<PartItem>>(), next })
            })
            .await
    }
}

/// Who is in a chat and what they may do, as the stores or the server say; `None` when neither can be asked now. Those
/// who will be listed are recorded, so that they have their names.
async fn roles(session: &Session, id: &RoomId) -> Option<BTreeMap<UserId, Role>> {
    let room = session.room(id)?;
    let known = tokio::time::timeout(PATIENCE, room.members(RoomMemberships::JOIN)).await;
    let mut members = match known {
        Ok(Ok(members)) => members,
        _ => room.members_no_sync(RoomMemberships::JOIN).await.ok()?,
    };
    members.sort_by_cached_key(|member| (role(member), member.name().to_lowercase()));
    members.truncate(PEOPLE);
    let users = members.iter().map(|member| member.user_id().to_owned()).collect();
    if let Err(failure) = intake::members(session, &room, &users).await {
        tracing::warn!(code = ?failure.code, "the members of a chat were not recorded");
    }
    Some(members.iter().map(|member| (UserId(member.user_id().to_string()), role(member))).collect())
}

fn role(member: &RoomMember) -> Role {
    match member.suggested_role_for_power_level() {
        RoomMemberRole::Creator | RoomMemberRole::Administrator => Role::Admin,
        RoomMemberRole::Moderator => Role::Moderator,
        RoomMemberRole::User => Role::Member,
    }
}

fn topic(session: &Session, id: &RoomId) -> Option<String> {
    let topic = session.room(id)?.topic()?;
    Some(tidings_model::one_line(&topic, 400)).filter(|topic| !topic.is_empty())
}

/// Those with rights first, then by name.
fn sorted(mut people: Vec<InfoPerson>) -> Vec<InfoPerson> {
    let name = |person: &Person| person.name.to_lowercase();
    people.sort_by(|one, other| one.role.cmp(&other.role).then_with(|| name(&one.person).cmp(&name(&other.person))));
    people.truncate(PEOPLE);
    people
}
