//! Any text is a query: it is read, asked, and what it marks lies on letters.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use tidings_model::{EventId, RoomId, Timestamp, UserId};
use tidings_vault::{
    Batch, Date, Encryption, Event, Place, Query, RoomBatch, RoomSummary, Search, Timeline, Vault, VaultKey, marks,
};

const TEXTS: [&str; 8] = [
    "The berth plan for week 20",
    "l'équipe s'est réunie à l'aéroport, \"enfin\"",
    "明日の会議は東京駅で",
    "https://example.org/a?b=c#d, www.example.org",
    "naïve façade Łódź straße ﬁne Ⅷ",
    "👍🏽 done 🚢",
    "مرحبا بالعالم",
    "a a a a a a-b_c:d",
];

/// A vault with a few messages; made once.
static VAULT: LazyLock<Vault> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let vault = Vault::create(&folder, &VaultKey::random(), &UserId::from("@me:org")).expect("a vault");
    let event = |n: usize, text: &str| Event {
        id: EventId(format!("${n}")),
        sender: UserId::from("@ann:org"),
        time: Timestamp(1_764_000_000_000 + n as i64),
        kind: "m.room.message".to_owned(),
        state_key: None,
        previous: None,
        content: json!({ "msgtype": "m.text", "body": text }),
        redacts: None,
        redacted: false,
        transaction: None,
        encryption: Encryption::Clear,
        notifies: true,
        mentions_me: false,
    };
    let events = TEXTS.iter().enumerate().map(|(n, text)| event(n, text)).collect();
    let batch = RoomBatch {
        summary: Some(RoomSummary { name: "R".to_owned(), members: 2, ..RoomSummary::default() }),
        timeline: Some(Timeline { events, place: Place::Live { prev_batch: None } }),
        ..RoomBatch::new(RoomId::from("!r"))
    };
    vault.record(&Batch { rooms: vec![batch] }).expect("recorded");
    vault
});

fuzz_target!(|typed: &str| {
    let query = Query::parse(typed);
    for filter in &query.filters {
        assert!(typed.get(filter.range.clone()).is_some(), "a filter ends on a letter");
        let _ = Date::parse(&filter.value);
    }
    for text in TEXTS.into_iter().chain([typed]) {
        let mut end = 0;
        for mark in marks(text, &query) {
            assert!(text.get(mark.clone()).is_some_and(|part| !part.is_empty()), "a mark is a part of the text");
            assert!(mark.start >= end, "marks do not lie in each other");
            end = mark.end;
        }
    }
    let found = VAULT.search(&Search::of(&query, 3)).expect("no text is an error");
    for hit in &found.hits {
        let body = hit.message.content["body"].as_str().unwrap_or_default();
        assert!(query.clauses.is_empty() || !marks(body, &query).is_empty(), "what is found says why");
    }
});
