//! Searching: what was typed becomes a question to the vault, and hits become rows.
//!
//! **Invariant:** an answer comes from this computer alone; no request is made and nothing waits for a network.
//! **Invariant:** no text is an error. A filter that names nobody finds nothing and says so.
//!
//! `filters` finds out what `from:`, `in:` and days mean here, `hits` draws what was found, `index` builds what is not
//! in the index yet in the background.

mod filters;
mod hits;
pub(crate) mod index;

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use tidings_model::{
    ChatHit, ChatRow, Failure, RoomId, SearchCounts, SearchFilter, SearchGroup, SearchRequest, SearchResults,
    SearchScope,
};
use tidings_vault::{Found, Part, Query, Search, Vault, VaultError};

use crate::session::Session;

/// Hits of a page.
const PAGE: usize = 50;
/// Hits of one chat in an answer about all chats.
const OF_CHAT: usize = 5;
/// Chats of an answer whose hits are counted.
const COUNTED_CHATS: usize = 10;
/// People and chats of an answer.
const CHATS: usize = 8;
/// What a hit of the scope "files" carries.
const FILES: [Part; 5] = [Part::Image, Part::Video, Part::Audio, Part::Voice, Part::File];

/// Answer a request. `chats` are the rows of the chat list.
pub(crate) fn search(
    session: &Arc<Session>,
    chats: &[ChatRow],
    request: &SearchRequest,
) -> Result<SearchResults, VaultError> {
    let begun = Instant::now();
    let query = Query::parse(&request.text);
    let resolved = filters::resolve(session, chats, request, &query)?;
    let nothing = resolved.unknown || query.clauses.is_empty() && !resolved.narrows;
    let (found, counts) = if nothing { Default::default() } else { ask(&session.vault, &resolved.search, request)? };
    let first = request.cursor.is_none() && request.room.is_none();
    let matching = if first { hits::chats(chats, &query, CHATS) } else { Vec::new() };
    let suggestion = match query.clauses.as_slice() {
        _ if nothing || !first || !found.hits.is_empty() || !matching.is_empty() => None,
        _ => session.vault.suggest(&request.text)?,
    };
    let groups = groups(session, chats, &query, &resolved.search, request, &found)?;
    Ok(results(session, resolved.filters, groups, matching, counts, &found, suggestion, begun))
}

#[expect(clippy::too_many_arguments, reason = "the parts of an answer, put together once")]
fn results(
    session: &Session,
    filters: Vec<SearchFilter>,
    groups: Vec<SearchGroup>,
    chats: Vec<ChatHit>,
    counts: SearchCounts,
    found: &Found,
    suggestion: Option<String>,
    begun: Instant,
) -> SearchResults {
    SearchResults {
        filters,
        groups,
        chats,
        counts,
        next: found.next.map(|next| next.to_string()),
        indexed: index::reach(session),
        suggestion,
        took_ms: u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX),
    }
}

/// Ask for a page of the wanted scope, and how many hits the other scopes have.
fn ask(vault: &Vault, search: &Search, request: &SearchRequest) -> Result<(Found, SearchCounts), VaultError> {
    let files = narrowed_to_files(search);
    let messages = without_files(search);
    let count = |search: &Search| vault.search(&Search { limit: 0, cursor: None, ..search.clone() });
    let cursor = request.cursor.as_deref().and_then(|cursor| cursor.parse().ok());
    let page = |search: &Search| vault.search(&Search { limit: PAGE, cursor, ..search.clone() });
    let (found, wanted) = match request.scope {
        SearchScope::All => (page(search)?, count(search)?),
        SearchScope::Messages => (page(&messages)?, count(search)?),
        SearchScope::Files => (files.as_ref().map(page).transpose()?.unwrap_or_default(), count(search)?),
    };
    let files = files.as_ref().map(count).transpose()?.unwrap_or_default().total;
    let counts = counted(request.scope, request.cursor.is_none(), &found, &wanted, files);
    Ok((found, counts))
}

/// How many hits there are of each kind. What is compared message by message is not counted to its end: there are at least
/// as many as are on the page, and no more where the first page has all.
fn counted(scope: SearchScope, first: bool, found: &Found, wanted: &Found, files: u32) -> SearchCounts {
    let here = u32::try_from(found.hits.len()).unwrap_or(u32::MAX);
    let all = first && found.next.is_none();
    match scope {
        SearchScope::All => {
            let total = if all { here } else { wanted.total.max(here) };
            let files = files.min(total);
            SearchCounts { messages: total.saturating_sub(files), files, more: wanted.more && !all }
        }
        SearchScope::Messages => {
            let messages = if all { here } else { wanted.total.saturating_sub(files).max(here) };
            SearchCounts { messages, files, more: wanted.more }
        }
        SearchScope::Files => {
            let files = if all { here } else { files.max(here) };
            SearchCounts { messages: wanted.total.saturating_sub(files), files, more: wanted.more }
        }
    }
}

/// The same, of messages that carry a file; a `has:` of the person's own narrows it further. `None` when that asks for
/// what is no file.
fn narrowed_to_files(search: &Search) -> Option<Search> {
    let has: Vec<Part> = match search.has.as_slice() {
        [] => FILES.to_vec(),
        has => has.iter().copied().filter(|part| FILES.contains(part)).collect(),
    };
    (!has.is_empty()).then(|| Search { has, ..search.clone() })
}

/// The same, of messages that carry none.
fn without_files(search: &Search) -> Search {
    Search { without: FILES.to_vec(), ..search.clone() }
}

/// Hits by chat, the chat with the newest hit first.
fn groups(
    session: &Arc<Session>,
    chats: &[ChatRow],
    query: &Query,
    search: &Search,
    request: &SearchRequest,
    found: &Found,
) -> Result<Vec<SearchGroup>, VaultError> {
    let mut order: Vec<&RoomId> = Vec::new();
    let mut by_room: BTreeMap<&RoomId, Vec<&tidings_vault::Hit>> = BTreeMap::new();
    for hit in &found.hits {
        let hits = by_room.entry(&hit.room).or_default();
        if hits.is_empty() {
            order.push(&hit.room);
        }
        hits.push(hit);
    }
    let wanted = match request.scope {
        SearchScope::All => Some(search.clone()),
        SearchScope::Messages => Some(without_files(search)),
        SearchScope::Files => narrowed_to_files(search),
    };
    let mut groups = Vec::new();
    for (at, room) in order.into_iter().enumerate() {
        let Some(hits) = by_room.get(room) else { continue };
        let here = u32::try_from(hits.len()).unwrap_or(u32::MAX);
        let total = match &wanted {
            Some(wanted) if at < COUNTED_CHATS && found.next.is_some() => {
                let of_room = Search { rooms: Some(vec![room.clone()]), limit: 0, cursor: None, ..wanted.clone() };
                session.vault.search(&of_room)?.total.max(here)
            }
            _ => here,
        };
        let most = if request.room.is_some() { hits.len() } else { OF_CHAT };
        groups.push(hits::group(session, chats, query, room, hits.iter().take(most).copied(), total));
    }
    Ok(groups)
}

/// Make the index anew; what happened is told to `tell`, which says whether anybody still listens.
pub(crate) async fn rebuild(session: Arc<Session>, tell: crate::Sink<tidings_model::RebuildUpdate>) {
    use tidings_model::RebuildUpdate;
    let outcome: Result<RebuildUpdate, Failure> = async {
        let before = session.vault(Vault::check_index).await?;
        let total = session.vault(Vault::count_events).await?;
        session.vault(Vault::rebuild_index).await?;
        let mut done = 0_u64;
        while session.vault(|vault| vault.index_more(index::STEP)).await? != tidings_vault::IndexState::Complete {
            done = done.saturating_add(index::STEP as u64);
            // Goes on when the window is closed: half an index finds half.
            let _ = tell(RebuildUpdate::Progress { done: done.min(total), total });
        }
        let after = session.vault(Vault::check_index).await?;
        let (mended, sound) = (u64::from(before.missing), after.sound && after.missing == 0);
        Ok(RebuildUpdate::Done { messages: total, mended, sound })
    }
    .await;
    let _ = tell(outcome.unwrap_or_else(|failure| RebuildUpdate::Failed { failure }));
}
