//! Where a window stands: a target, found in the vault.
//!
//! **Invariant:** only reads; what is not in the vault is said to be missing, and [`super::seek`] asks for it.

use tidings_model::{EventId, RoomId, Target};
use tidings_vault::{Gap, Vault, VaultError};

use super::source::Source;

/// Rows of the first page, and of every page that is scrolled to.
pub(super) const PAGE: usize = 60;
/// Rows that are shown before the one that was asked for.
const BEFORE: usize = PAGE / 3;
/// So many unread messages are shown down to the newest; of more, the window shows the first.
const LONGEST_FIRST_PAGE: usize = 600;
/// How often what an event speaks of is followed: an edit of a reply in a thread.
const LONGEST_CHAIN: usize = 3;

/// Where a window stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// The position of its oldest row.
    pub(super) from: i64,
    /// The position of its newest row; `None` follows the end of the chat.
    pub(super) to: Option<i64>,
    /// What is to be seen first.
    pub(super) stop: Stop,
}

/// What is to be seen first; rows by their positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Unread,
    End,
    Message(i64),
    Start(i64),
}

/// What was found of a target.
#[derive(Debug)]
pub(crate) enum Found {
    /// It is here.
    Here(Standing),
    /// What is here comes near it, but events are missing just before: the first one may be among them.
    Near(Standing, Gap),
    /// It is not here.
    Missing,
}

/// Find a target in the vault.
pub(crate) fn find(vault: &Vault, room: &RoomId, target: &Target) -> Result<Found, VaultError> {
    match target {
        Target::Unread => Ok(Found::Here(unread(vault, room)?)),
        Target::End => Ok(Found::Here(end(vault, room)?)),
        Target::Event { event } => {
            let Some(position) = row_of(vault, room, event)? else { return Ok(Found::Missing) };
            Ok(Found::Here(around(vault, room, position, PAGE, Stop::Message(position))?))
        }
        Target::Date { time } => {
            let Some(position) = vault.first_since(room, *time)? else { return Ok(Found::Here(end(vault, room)?)) };
            let standing = around(vault, room, position, PAGE, Stop::Start(position))?;
            Ok(match gap_before(vault, room, position)? {
                Some(gap) => Found::Near(standing, gap),
                None => Found::Here(standing),
            })
        }
    }
}

/// Find a target in a thread: it follows its end wherever it is looked at.
pub(crate) fn find_in_thread(vault: &Vault, source: &Source, target: &Target) -> Result<Found, VaultError> {
    let from = |until: i64, rows: usize| -> Result<i64, VaultError> {
        Ok(source.older(vault, until, rows)?.last().copied().unwrap_or(i64::MIN))
    };
    let (read, unread) = source.unread(vault)?;
    match target {
        Target::Event { event } => {
            let Some(place) = vault.place(&source.room, event)? else { return Ok(Found::Missing) };
            let root = source.thread.as_ref() == Some(event);
            if !root && (!place.in_thread || place.about != source.thread) {
                return Ok(Found::Missing);
            }
            let from = if root { i64::MIN } else { from(place.position, BEFORE)? };
            Ok(Found::Here(Standing { from, to: None, stop: Stop::Message(place.position) }))
        }
        Target::Unread if unread > 0 => {
            // All that was not read, and some of what was.
            let after = read.unwrap_or(i64::MIN);
            Ok(Found::Here(Standing {
                from: from(after, BEFORE)?.min(from(i64::MAX, PAGE)?),
                to: None,
                stop: Stop::Unread,
            }))
        }
        Target::Unread | Target::End | Target::Date { .. } => {
            Ok(Found::Here(Standing { from: from(i64::MAX, PAGE)?, to: None, stop: Stop::End }))
        }
    }
}

/// At the end, with a page above it.
pub(super) fn end(vault: &Vault, room: &RoomId) -> Result<Standing, VaultError> {
    let from = vault.older(room, i64::MAX, PAGE)?.last().copied().unwrap_or(i64::MIN);
    Ok(Standing { from, to: None, stop: Stop::End })
}

/// At the first message that was not read, else at the end.
fn unread(vault: &Vault, room: &RoomId) -> Result<Standing, VaultError> {
    let end = end(vault, room)?;
    let waiting = vault.chat(room)?.is_some_and(|chat| chat.unread > 0);
    let after = vault.read_position(room)?.unwrap_or(i64::MIN);
    let first = if waiting { vault.newer(room, after, 1)?.first().copied() } else { None };
    let Some(first) = first else { return Ok(Standing { stop: Stop::Unread, ..end }) };
    let all = around(vault, room, first, LONGEST_FIRST_PAGE, Stop::Unread)?;
    if all.to.is_some() {
        return around(vault, room, first, PAGE, Stop::Unread);
    }
    Ok(Standing { from: all.from.min(end.from), ..all })
}

/// Around the row at a position, with so many rows after it.
fn around(vault: &Vault, room: &RoomId, position: i64, after: usize, stop: Stop) -> Result<Standing, VaultError> {
    let from = vault.older(room, position, BEFORE.saturating_add(1))?.last().copied().unwrap_or(position);
    Ok(Standing { from, to: newest(vault, room, position, after)?, stop })
}

/// The position of the newest of so many rows after a position; `None` when that is the end of the chat.
pub(super) fn newest(vault: &Vault, room: &RoomId, after: i64, rows: usize) -> Result<Option<i64>, VaultError> {
    let newer = vault.newer(room, after, rows.saturating_add(1))?;
    Ok(if newer.len() > rows { newer.get(rows.saturating_sub(1)).copied() } else { None })
}

/// The position of the row that shows an event, or what it speaks of, or (for what shows nothing) the row before it.
fn row_of(vault: &Vault, room: &RoomId, event: &EventId) -> Result<Option<i64>, VaultError> {
    let mut event = event.clone();
    let mut position = None;
    for _ in 0..LONGEST_CHAIN {
        let Some(place) = vault.place(room, &event)? else { break };
        if place.shown {
            return Ok(Some(place.position));
        }
        position = position.or(Some(place.position));
        let Some(about) = place.about else { break };
        event = about;
    }
    let Some(position) = position else { return Ok(None) };
    match vault.older(room, position, 1)?.first() {
        Some(row) => Ok(Some(*row)),
        None => Ok(vault.newer(room, position, 1)?.first().copied()),
    }
}

/// The gap between the row at a position and the one before.
pub(super) fn gap_before(vault: &Vault, room: &RoomId, position: i64) -> Result<Option<Gap>, VaultError> {
    Ok(vault.page_between(room, position, Some(position))?.gaps.into_iter().next_back())
}
