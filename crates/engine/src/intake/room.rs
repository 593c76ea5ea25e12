//! A room as the vault keeps it, read from the SDK's state.

use std::collections::BTreeSet;

use matrix_sdk::{
    Room, RoomState,
    notification_settings::RoomNotificationMode,
    ruma::{
        OwnedUserId, UserId as RumaUserId,
        events::{
            MessageLikeEventType,
            room::{encryption::RoomEncryptionEventContent, member::MembershipState},
            tag::TagName,
        },
    },
};
use tidings_model::{EventId, Timestamp, UserId};
use tidings_vault::{Member, Membership, RoomSummary};

/// Pinned messages of a room that are kept.
const PINNED: usize = 100;
/// How many people are remembered as moderators of a room.
const MOST_MODERATORS: usize = 500;

/// Name, picture, membership and so on.
pub(super) async fn summary(room: &Room) -> RoomSummary {
    let membership = match room.state() {
        RoomState::Joined => Membership::Joined,
        RoomState::Invited => Membership::Invited,
        RoomState::Left | RoomState::Banned | RoomState::Knocked => Membership::Left,
    };
    let partner = partner(room);
    let mode = room.user_defined_notification_mode().await;
    let inviter = if membership == Membership::Invited { inviter(room).await } else { None };
    let mut avatar = room.avatar_url().map(|url| url.to_string());
    if let (None, Some(partner)) = (&avatar, &partner)
        && let Ok(Some(member)) = room.get_member_no_sync(partner).await
    {
        avatar = member.avatar_url().map(ToString::to_string);
    }
    RoomSummary {
        name: match room.display_name().await {
            Ok(name) => name.to_string(),
            Err(_) => room.room_id().to_string(),
        },
        avatar,
        direct: partner.is_some(),
        partner: partner.map(|user| UserId(user.to_string())),
        members: u32::try_from(room.joined_members_count()).unwrap_or(u32::MAX),
        encrypted: room.encryption_state().is_encrypted(),
        membership,
        left_by: if membership == Membership::Left { left_by(room).await } else { None },
        inviter,
        muted: mode == Some(RoomNotificationMode::Mute),
        mentions_only: mode == Some(RoomNotificationMode::MentionsAndKeywordsOnly),
        pinned: pinned(room).await,
        can_write: membership == Membership::Joined && !room.is_tombstoned() && can_write(room).await,
        moderators: moderators(room).await,
        space: room.is_space(),
        pinned_events: room
            .pinned_event_ids()
            .unwrap_or_default()
            .into_iter()
            .take(PINNED)
            .map(|event| EventId(event.to_string()))
            .collect(),
    }
}

/// The other person of a room that `m.direct` names as one to one.
fn partner(room: &Room) -> Option<OwnedUserId> {
    let mut targets = room.direct_targets().into_iter().filter_map(|target| target.into_user_id());
    let first = targets.next()?;
    (targets.next().is_none() && room.active_members_count() <= 2).then_some(first)
}

async fn inviter(room: &Room) -> Option<String> {
    let invite = room.invite_details().await.ok()?;
    let inviter = invite.inviter?;
    Some(inviter.name().to_owned())
}

/// Who ended this person's membership.
async fn left_by(room: &Room) -> Option<UserId> {
    let own = room.get_member_no_sync(room.own_user_id()).await.ok()??;
    let ended = matches!(own.membership(), MembershipState::Leave | MembershipState::Ban);
    ended.then(|| UserId(own.event().sender().to_string()))
}

async fn pinned(room: &Room) -> bool {
    matches!(room.tags().await, Ok(Some(tags)) if tags.contains_key(&TagName::Favorite))
}

async fn can_write(room: &Room) -> bool {
    let Ok(levels) = room.power_levels().await else { return true };
    levels.user_can_send_message(room.own_user_id(), MessageLikeEventType::RoomMessage)
}

/// Everybody who may delete what others wrote, and so close their polls. Nobody, while that is not known.
async fn moderators(room: &Room) -> Vec<UserId> {
    let Ok(levels) = room.power_levels().await else { return Vec::new() };
    let mut moderators: BTreeSet<&RumaUserId> = levels.users.keys().map(|user| &**user).collect();
    // Creators of newer rooms stand above the list.
    let creators = room.creators().unwrap_or_default();
    moderators.extend(creators.iter().map(|user| &**user));
    moderators.insert(room.own_user_id());
    let may = moderators.into_iter().filter(|user| levels.user_can_redact_event_of_other(user));
    may.take(MOST_MODERATORS).map(|user| UserId(user.to_string())).collect()
}

/// Members as this room knows them.
pub(super) async fn members(room: &Room, users: &BTreeSet<OwnedUserId>) -> Vec<Member> {
    let mut members = Vec::with_capacity(users.len());
    for user in users {
        if let Some(member) = member(room, user).await {
            members.push(member);
        }
    }
    members
}

async fn member(room: &Room, user: &RumaUserId) -> Option<Member> {
    let member = room.get_member_no_sync(user).await.ok()??;
    Some(Member {
        user: UserId(user.to_string()),
        name: member.display_name().map(str::to_owned),
        avatar: member.avatar_url().map(ToString::to_string),
        joined: matches!(member.membership(), MembershipState::Join),
    })
}

/// When the room became encrypted; the beginning of time when that is not known.
pub(super) async fn encrypted_since(room: &Room) -> Option<Timestamp> {
    if !room.encryption_state().is_encrypted() {
        return None;
    }
    let event = room.get_state_event_static::<RoomEncryptionEventContent>().await.ok()??;
    let time = event.deserialize().ok()?;
    let time = time.as_sync()?.origin_server_ts();
    Some(Timestamp(i64::from(time.get())))
}

/// This person muted the room, or wants mentions only.
pub(super) fn quiet_by_choice(room: &Room) -> bool {
    matches!(
        room.cached_user_defined_notification_mode(),
        Some(RoomNotificationMode::Mute | RoomNotificationMode::MentionsAndKeywordsOnly)
    )
}
