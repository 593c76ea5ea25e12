//! What the filters of a query mean on this computer.

use tidings_model::{
    Avatar, AvatarShape, ChatRow, FilterKind, FilterOffer, FilterState, RoomId, SearchFilter, SearchRequest, Timestamp,
    Tint, UserId, initials,
};
use tidings_vault::{Date, Filter, FilterKind as Kind, Part, Query, Search, VaultError};

use super::hits::named;
use crate::{people, ports::Clock, session::Session};

/// How many people or chats a filter may mean, and how many are offered.
const OFFERS: usize = 8;
const DAY: i64 = 86_400_000;

/// A query with its filters resolved.
pub(super) struct Resolved {
    /// As the page draws them.
    pub(super) filters: Vec<SearchFilter>,
    pub(super) search: Search,
    /// A filter names nobody: nothing is found.
    pub(super) unknown: bool,
    /// A filter narrows the answer, so that it may be asked without a word.
    pub(super) narrows: bool,
}

/// What one filter means.
struct Meaning {
    value: String,
    label: String,
    state: FilterState,
    offers: Vec<FilterOffer>,
}

impl Meaning {
    fn word(value: &str, known: bool) -> Self {
        let state = match value {
            "" => FilterState::Empty,
            _ if known => FilterState::Resolved,
            _ => FilterState::Unknown,
        };
        Self { value: value.to_owned(), label: value.to_owned(), state, offers: Vec::new() }
    }

    fn of(typed: &str, mut offers: Vec<FilterOffer>) -> Self {
        let (value, label, state) = match offers.as_slice() {
            _ if typed.is_empty() => (String::new(), String::new(), FilterState::Empty),
            [] => (typed.to_owned(), typed.to_owned(), FilterState::Unknown),
            [one] => (one.value.clone(), one.label.clone(), FilterState::Resolved),
            _ => (typed.to_owned(), typed.to_owned(), FilterState::Several),
        };
        offers.truncate(OFFERS);
        Self { value, label, state, offers }
    }
}

/// Find out what the filters mean.
pub(super) fn resolve(
    session: &Session,
    chats: &[ChatRow],
    request: &SearchRequest,
    query: &Query,
) -> Result<Resolved, VaultError> {
    let mut search = Search::of(query, 0);
    let (mut filters, mut unknown, mut narrows) = (Vec::new(), false, false);
    let units = Units::of(&request.text);
    for filter in &query.filters {
        let meaning = meaning(session, chats, filter, &mut search)?;
        unknown |= meaning.state == FilterState::Unknown;
        narrows |= matches!(meaning.state, FilterState::Resolved | FilterState::Several);
        filters.push(SearchFilter {
            kind: kind(filter.kind),
            start: units.at(filter.range.start),
            end: units.at(filter.range.end),
            value: meaning.value,
            label: meaning.label,
            state: meaning.state,
            offers: meaning.offers,
        });
    }
    if let Some(room) = &request.room {
        search.rooms = Some(vec![room.clone()]);
    }
    Ok(Resolved { filters, search, unknown, narrows })
}

fn kind(kind: Kind) -> FilterKind {
    match kind {
        Kind::From => FilterKind::From,
        Kind::In => FilterKind::In,
        Kind::Has => FilterKind::Has,
        Kind::Is => FilterKind::Is,
        Kind::Before => FilterKind::Before,
        Kind::After => FilterKind::After,
        Kind::Mentions => FilterKind::Mentions,
    }
}

/// What a filter means, put into the search.
fn meaning(session: &Session, chats: &[ChatRow], filter: &Filter, search: &mut Search) -> Result<Meaning, VaultError> {
    let value = filter.value.as_str();
    let lower = value.to_lowercase();
    Ok(match filter.kind {
        Kind::From => {
            let offers = senders(session, value)?;
            let meaning = Meaning::of(value, offers);
            if !value.is_empty() {
                let users = meaning.offers.iter().map(|offer| UserId(offer.value.clone()));
                search.from.get_or_insert_with(Vec::new).extend(users);
            }
            meaning
        }
        Kind::In => {
            let meaning = Meaning::of(value, rooms(chats, value));
            if !value.is_empty() {
                let rooms = meaning.offers.iter().map(|offer| RoomId(offer.value.clone()));
                search.rooms.get_or_insert_with(Vec::new).extend(rooms);
            }
            meaning
        }
        Kind::Has => {
            let part = part(&lower);
            search.has.extend(part);
            Meaning::word(&lower, part.is_some())
        }
        Kind::Is => {
            let known = match lower.as_str() {
                "starred" => &mut search.starred,
                "pinned" => &mut search.pinned,
                "unread" => &mut search.unread,
                _ => return Ok(Meaning::word(&lower, false)),
            };
            *known = true;
            Meaning::word(&lower, true)
        }
        Kind::Mentions => {
            search.mentions_me |= lower == "me";
            // Half of the word is on its way to the whole.
            let mut meaning = Meaning::word(&lower, lower == "me");
            if "me".starts_with(&lower) && lower != "me" {
                meaning.state = FilterState::Empty;
            }
            meaning
        }
        Kind::Before | Kind::After => {
            let date = Date::parse(value);
            if let Some(moment) = date.map(|date| midnight(session.ports.clock.as_ref(), date)) {
                if filter.kind == Kind::Before {
                    search.before = Some(search.before.map_or(moment, |before| before.min(moment)));
                } else {
                    search.after = Some(search.after.map_or(moment, |after| after.max(moment)));
                }
            }
            let canonical = date.map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day));
            let mut meaning = Meaning::word(canonical.as_deref().unwrap_or(value), date.is_some());
            // A day that is still being typed narrows nothing yet.
            if date.is_none() && value.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '-' | '.')) {
                meaning.state = FilterState::Empty;
            }
            meaning
        }
    })
}

fn part(word: &str) -> Option<Part> {
    Some(match word {
        "image" | "picture" | "photo" => Part::Image,
        "video" => Part::Video,
        "audio" => Part::Audio,
        "voice" => Part::Voice,
        "file" => Part::File,
        "link" => Part::Link,
        "poll" => Part::Poll,
        _ => return None,
    })
}

/// People that a `from:` may mean.
fn senders(session: &Session, value: &str) -> Result<Vec<FilterOffer>, VaultError> {
    if value.eq_ignore_ascii_case("me") {
        return Ok(vec![offer_person(&session.user, None)]);
    }
    let mut found = session.vault.people_named(value, OFFERS)?;
    // A whole Matrix id means one person, whoever else has it in a name.
    if let Some(exact) = found.iter().position(|(user, _)| user.as_str().eq_ignore_ascii_case(value)) {
        found = vec![found.swap_remove(exact)];
    }
    Ok(found.iter().map(|(user, name)| offer_person(user, name.as_deref())).collect())
}

fn offer_person(user: &UserId, name: Option<&str>) -> FilterOffer {
    let label = name.and_then(people::clean).unwrap_or_else(|| people::local_part(user));
    FilterOffer {
        value: user.to_string(),
        avatar: Avatar {
            shape: AvatarShape::Person,
            initials: initials(&label),
            tint: Tint::of(user.as_str()),
            image: None,
        },
        label,
        disambiguation: Some(user.to_string()),
    }
}

/// Chats that an `in:` may mean.
fn rooms(chats: &[ChatRow], value: &str) -> Vec<FilterOffer> {
    let offer = |chat: &ChatRow| FilterOffer {
        value: chat.room.to_string(),
        label: chat.name.clone(),
        disambiguation: None,
        avatar: chat.avatar.clone(),
    };
    if let Some(exact) = chats.iter().find(|chat| chat.room.as_str() == value) {
        return vec![offer(exact)];
    }
    let whole: Vec<&ChatRow> = chats.iter().filter(|chat| chat.name.eq_ignore_ascii_case(value)).collect();
    let found: Vec<&ChatRow> =
        if whole.is_empty() { chats.iter().filter(|chat| named(&chat.name, value)).collect() } else { whole };
    found.into_iter().take(OFFERS).map(offer).collect()
}

/// The moment a day begins where the computer stands.
fn midnight(clock: &dyn Clock, date: Date) -> Timestamp {
    let day = days(date);
    // No place is further than this from Greenwich.
    let (mut before, mut at) = (day * DAY - DAY, day * DAY + DAY);
    while at - before > 1 {
        let middle = before + (at - before) / 2;
        if clock.local_day(Timestamp(middle)) >= day { at = middle } else { before = middle }
    }
    Timestamp(at)
}

/// Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`).
fn days(date: Date) -> i64 {
    let (month, day) = (i64::from(date.month), i64::from(date.day));
    let year = i64::from(date.year) - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Places of a text in UTF-16 code units, as the page counts.
struct Units<'a>(&'a str);

impl<'a> Units<'a> {
    fn of(text: &'a str) -> Self {
        Self(text)
    }

    fn at(&self, byte: usize) -> u32 {
        let before = self.0.get(..byte).unwrap_or(self.0);
        u32::try_from(before.encode_utf16().count()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct East;

    impl Clock for East {
        fn now(&self) -> Timestamp {
            Timestamp(0)
        }
        fn local_day(&self, time: Timestamp) -> i64 {
            (time.0 + 2 * 3_600_000).div_euclid(DAY)
        }
    }

    #[test]
    fn a_day_begins_at_the_places_own_midnight() {
        let date = |year, month, day| Date { year, month, day };
        assert_eq!(days(date(1970, 1, 1)), 0);
        assert_eq!(days(date(2026, 3, 1)), 20_513);
        assert_eq!(days(date(2024, 2, 29)) + 1, days(date(2024, 3, 1)));
        assert_eq!(midnight(&East, date(1970, 1, 2)), Timestamp(DAY - 2 * 3_600_000));
    }

    #[test]
    fn places_are_counted_as_the_page_counts() {
        let text = "⚓𝄞ä from:x";
        let units = Units::of(text);
        assert_eq!(units.at(text.find("from").unwrap_or_default()), 5);
        assert_eq!(units.at(1_000), 11);
    }
}
