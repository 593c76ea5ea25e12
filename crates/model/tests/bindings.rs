//! The TypeScript twins of every type the page sees are one generated file; a stale one is rewritten, and fails here.
#![allow(clippy::expect_used)]

use std::{fmt::Write as _, path::PathBuf};

use tidings_model::*;
use ts_rs::{Config, TS};

fn generated() -> String {
    let config = Config::new().with_large_int("number");
    let mut out = String::from("// Generated from crates/model by its `bindings` test. Do not edit.\n");
    macro_rules! declare {
        ($($name:ty),* $(,)?) => {
            $(
                let docs = <$name as TS>::docs().unwrap_or_default();
                writeln!(out, "\n{docs}export {}", <$name as TS>::decl(&config)).expect("a string takes everything");
            )*
        };
    }
    declare![
        AccountId,
        RoomId,
        UserId,
        EventId,
        TransactionId,
        ItemKey,
        MediaRef,
        Timestamp,
        ConversationId,
        AppState,
        AppUpdate,
        Screen,
        LockReason,
        Account,
        Care,
        Recovery,
        Connection,
        Theme,
        Organisation,
        SignIn,
        Attention,
        Mark,
        Code,
        Failure,
        Op<()>,
        Tint,
        AvatarShape,
        Avatar,
        Person,
        ChatListUpdate,
        ChatRow,
        Preview,
        PreviewMark,
        ConversationUpdate,
        ConversationHeader,
        Departure,
        History,
        HistoryReach,
        Fetching,
        Target,
        Landing,
        Item,
        ItemKind,
        SystemLine,
        Who,
        Role,
        RoleChange,
        HistoryVisibility,
        JoinRule,
        Message,
        Trust,
        RunPosition,
        Delivery,
        FailReason,
        Body,
        UndecryptableCause,
        Image,
        Video,
        Sound,
        File,
        Poll,
        PollAnswer,
        Location,
        Coordinates,
        Call,
        CallState,
        Quote,
        Reaction,
        ThreadSummary,
        SavedDraft,
        UnreadThread,
        Draft,
        Block,
        Span,
        SearchRequest,
        SearchScope,
        SearchResults,
        SearchCounts,
        SearchGroup,
        SearchHit,
        Fragment,
        FileHit,
        ChatHit,
        Indexed,
        FilterKind,
        SearchFilter,
        FilterState,
        FilterOffer,
        RebuildUpdate,
        ChatInfo,
        InfoPerson,
        PartKind,
        Parts,
        PartItem,
        PartLink,
        Storage,
    ];
    out
}

#[test]
fn the_generated_bindings_are_fresh() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/backend/bindings.ts");
    let fresh = generated();
    let stale = std::fs::read_to_string(&file).unwrap_or_default() != fresh;
    if stale {
        std::fs::create_dir_all(file.parent().expect("the file has a folder")).expect("the folder can be made");
        std::fs::write(&file, fresh).expect("the file can be written");
    }
    assert!(!stale, "ui/src/backend/bindings.ts was stale; it is fresh now: commit it");
}
