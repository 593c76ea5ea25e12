#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use proptest::prelude::*;
use tidings_model::{Trust, is_bidi_control};

use super::*;

const MINUTE: i64 = 60_000;
const NOW: i64 = 1_000_000_000_000;

/// A message that came just now into a room that notifies for everything.
fn news() -> Facts {
    Facts {
        invitation: false,
        own: false,
        redacted: false,
        undecryptable: false,
        late: false,
        notifies: true,
        highlights: false,
        muted: false,
        mentions_only: false,
        watching: false,
        read: false,
        notified: false,
        sent: Timestamp(NOW),
        signed_in: Timestamp(NOW - 1000 * MINUTE),
        catching_up: None,
        last_sound: None,
        now: Timestamp(NOW),
    }
}

const LOUD: Decision = Decision::Show { sound: true };
const QUIET: Decision = Decision::Show { sound: false };

#[track_caller]
fn check(given: impl FnOnce(&mut Facts), expect: Decision) {
    let mut facts = news();
    given(&mut facts);
    assert_eq!(decide(&facts), expect, "{facts:?}");
}

#[test]
fn a_new_message_is_shown_with_a_sound() {
    check(|_| {}, LOUD);
    check(|facts| facts.highlights = true, LOUD);
}

#[test]
fn a_muted_room_stays_silent() {
    let silent = Decision::Silent(Reason::Muted);
    check(|facts| facts.muted = true, silent);
    check(|facts| (facts.muted, facts.notifies) = (true, false), silent);
    check(|facts| (facts.muted, facts.notifies, facts.highlights) = (true, false, true), silent);
    check(|facts| (facts.muted, facts.undecryptable) = (true, true), silent);
    check(|facts| (facts.muted, facts.invitation, facts.notifies) = (true, true, false), silent);
}

#[test]
fn a_rule_of_ones_own_before_the_mute_is_heard() {
    check(|facts| (facts.muted, facts.notifies, facts.highlights) = (true, true, true), LOUD);
}

#[test]
fn a_room_for_mentions_only_tells_mentions() {
    check(|facts| facts.mentions_only = true, Decision::Silent(Reason::MentionsOnly));
    check(|facts| (facts.mentions_only, facts.highlights) = (true, true), LOUD);
    check(|facts| (facts.mentions_only, facts.undecryptable) = (true, true), Decision::Silent(Reason::Undecryptable));
}

#[test]
fn what_the_person_knows_already_stays_silent() {
    check(|facts| facts.own = true, Decision::Silent(Reason::OwnMessage));
    check(|facts| facts.watching = true, Decision::Silent(Reason::Watching));
    check(|facts| facts.read = true, Decision::Silent(Reason::AlreadyRead));
    check(|facts| facts.notified = true, Decision::Silent(Reason::AlreadyNotified));
    check(|facts| (facts.watching, facts.highlights) = (true, true), Decision::Silent(Reason::Watching));
}

#[test]
fn what_cannot_be_shown_stays_silent() {
    check(|facts| facts.redacted = true, Decision::Silent(Reason::Redacted));
    check(|facts| facts.undecryptable = true, Decision::Silent(Reason::Undecryptable));
    check(|facts| facts.notifies = false, Decision::Silent(Reason::NotWorth));
    check(|facts| (facts.notifies, facts.highlights) = (false, true), Decision::Silent(Reason::NotWorth));
}

#[test]
fn a_key_that_comes_later_makes_no_news_of_what_was_before_the_sign_in() {
    let just_before = |facts: &mut Facts| (facts.signed_in, facts.sent) = (Timestamp(NOW - 5), Timestamp(NOW - 6));
    check(just_before, LOUD);
    check(
        |facts| {
            just_before(facts);
            facts.late = true
        },
        Decision::Silent(Reason::Backlog),
    );
    check(|facts| facts.late = true, LOUD);
}

#[test]
fn what_was_missed_long_ago_is_no_news() {
    let backlog = Decision::Silent(Reason::Backlog);
    let caught = |age: i64| {
        move |facts: &mut Facts| {
            facts.catching_up = Some(Timestamp(NOW));
            facts.sent = Timestamp(NOW - age);
        }
    };
    check(caught(4 * MINUTE), LOUD);
    check(caught(5 * MINUTE), LOUD);
    check(caught(5 * MINUTE + 1), backlog);
    check(caught(-MINUTE), LOUD);
    // Live, a late message is news: its server was cut off.
    check(|facts| facts.sent = Timestamp(NOW - 90 * MINUTE), LOUD);
}

#[test]
fn what_was_said_before_the_sign_in_is_no_news() {
    let backlog = Decision::Silent(Reason::Backlog);
    let before = |by: i64, catching_up: bool| {
        move |facts: &mut Facts| {
            facts.signed_in = Timestamp(NOW);
            facts.sent = Timestamp(NOW - by);
            facts.catching_up = catching_up.then_some(Timestamp(NOW));
        }
    };
    check(before(1, true), backlog);
    check(before(0, true), LOUD);
    check(before(4 * MINUTE, false), LOUD);
    check(before(6 * MINUTE, false), backlog);
    check(|facts| facts.sent = Timestamp(i64::MIN), backlog);
    check(|facts| facts.sent = Timestamp(i64::MAX), LOUD);
}

#[test]
fn an_invitation_is_told_once() {
    check(|facts| (facts.invitation, facts.notifies) = (true, false), LOUD);
    check(|facts| (facts.invitation, facts.mentions_only) = (true, true), LOUD);
    check(|facts| (facts.invitation, facts.undecryptable) = (true, true), LOUD);
    check(|facts| (facts.invitation, facts.notified) = (true, true), Decision::Silent(Reason::AlreadyNotified));
    check(|facts| (facts.invitation, facts.watching) = (true, true), Decision::Silent(Reason::Watching));
    check(
        |facts| {
            (facts.invitation, facts.sent, facts.catching_up) =
                (true, Timestamp(NOW - 60 * MINUTE), Some(Timestamp(NOW)))
        },
        LOUD,
    );
    check(
        |facts| (facts.invitation, facts.sent, facts.signed_in) = (true, Timestamp(NOW - 60 * MINUTE), Timestamp(NOW)),
        Decision::Silent(Reason::Backlog),
    );
}

#[test]
fn a_burst_makes_one_sound() {
    for (passed, expect) in [(0, QUIET), (1, QUIET), (4_999, QUIET), (5_000, LOUD), (60_000, LOUD), (-1, LOUD)] {
        check(|facts| facts.last_sound = Some(Timestamp(NOW - passed)), expect);
    }
}

#[test]
fn every_combination_of_facts_has_the_first_reason_that_holds() {
    for bits in 0..1_u32 << 12 {
        let bit = |number: u32| bits >> number & 1 == 1;
        let facts = Facts {
            invitation: bit(0),
            own: bit(1),
            redacted: bit(2),
            undecryptable: bit(3),
            late: bit(11),
            notifies: bit(4),
            highlights: bit(5),
            muted: bit(6),
            mentions_only: bit(7),
            watching: bit(8),
            read: bit(9),
            notified: bit(10),
            ..news()
        };
        let nobody_else = facts.redacted || facts.own || facts.notified || facts.read || facts.watching;
        match decide(&facts) {
            Decision::Show { .. } => {
                assert!(!nobody_else, "{facts:?}");
                assert!(facts.invitation || (facts.notifies && !facts.undecryptable), "{facts:?}");
                assert!(!facts.muted || (facts.notifies && facts.highlights), "{facts:?}");
                assert!(facts.invitation || !facts.mentions_only || facts.highlights, "{facts:?}");
            }
            Decision::Silent(reason) => {
                let holds = match reason {
                    Reason::Redacted => facts.redacted,
                    Reason::OwnMessage => facts.own,
                    Reason::AlreadyNotified => facts.notified,
                    Reason::AlreadyRead => facts.read,
                    Reason::Watching => facts.watching,
                    Reason::Backlog => false,
                    Reason::Muted => facts.muted,
                    Reason::Undecryptable => facts.undecryptable,
                    Reason::MentionsOnly => facts.mentions_only,
                    Reason::NotWorth => !facts.notifies,
                };
                assert!(holds, "{reason:?} {facts:?}");
                assert!(!nobody_else || reason < Reason::Backlog, "{reason:?} {facts:?}");
            }
        }
    }
}

fn say(sender: &str, chat: Option<&str>, what: What<'_>) -> (String, String) {
    title_and_body(&Subject { sender, chat, what, trust: Trust::Usual, private: false })
}

#[test]
fn a_notification_says_who_where_and_what() {
    let group = Some("Harbour Ops");
    for (chat, what, title, body) in [
        (None, What::Text("Ramp 3 is down"), "Priya", "Ramp 3 is down"),
        (group, What::Text("Ramp 3 is down"), "Priya in Harbour Ops", "Ramp 3 is down"),
        (group, What::Text("a\n\n\n\nb\t\u{202e}c\u{2066}\u{7}"), "Priya in Harbour Ops", "a b c"),
        (None, What::Text("<b>x</b> &amp;"), "Priya", "<b>x</b> &amp;"),
        (None, What::Text(" \n\u{202e}"), "Priya", "New message"),
        (Some("\u{200f} "), What::Text("x"), "Priya", "x"),
        (None, What::Action("waves"), "Priya", "Priya waves"),
        (None, What::Photo(None), "Priya", "Photo"),
        (None, What::Photo(Some("the ramp")), "Priya", "Photo: the ramp"),
        (None, What::Video(Some("\n")), "Priya", "Video"),
        (None, What::File("../report\u{202e}fdp.exe"), "Priya", "File: report_fdp.exe"),
        (None, What::Audio, "Priya", "Audio file"),
        (None, What::Voice, "Priya", "Voice message"),
        (None, What::Location, "Priya", "Location"),
        (group, What::Poll("Lunch?"), "Priya in Harbour Ops", "Poll: Lunch?"),
        (None, What::Sticker, "Priya", "Sticker"),
        (None, What::Other, "Priya", "New message"),
        (group, What::Invitation, "Priya", "invites you to Harbour Ops"),
        (None, What::Invitation, "Priya", "invites you to a chat"),
    ] {
        assert_eq!(say("Priya", chat, what), (title.to_owned(), body.to_owned()), "{what:?}");
    }
    assert_eq!(
        say("", group, What::Invitation),
        ("Invitation".to_owned(), "You are invited to Harbour Ops".to_owned())
    );
    assert_eq!(say("", None, What::Invitation), ("Invitation".to_owned(), "You are invited to a chat".to_owned()));
    assert_eq!(say("", group, What::Voice), ("Harbour Ops".to_owned(), "Voice message".to_owned()));
    assert_eq!(say("\u{202e}", None, What::Voice), ("Tidings".to_owned(), "Voice message".to_owned()));
}

#[test]
fn a_private_notification_names_nobody() {
    for (what, body) in [
        (What::Text("secret"), "New message"),
        (What::File("secret.pdf"), "New message"),
        (What::Invitation, "New invitation"),
    ] {
        let subject = Subject { sender: "secret", chat: Some("secret"), what, trust: Trust::Usual, private: true };
        assert_eq!(title_and_body(&subject), ("Tidings".to_owned(), body.to_owned()));
    }
}

#[test]
fn a_long_text_is_cut_between_graphemes_and_both_names_stay() {
    let (title, body) = say(&"Anna ".repeat(50), Some(&"Harbour ".repeat(50)), What::Text(&"👩‍👩‍👧".repeat(100_000)));
    assert!(
        title.starts_with("Anna Anna") && title.contains("… in Harbour Harbour") && title.chars().count() <= 100,
        "{title}"
    );
    assert!(body.chars().count() <= 250 && body.ends_with("👩‍👩‍👧…"), "{body}");
}

proptest! {
    #[test]
    fn no_text_breaks_a_notification(sender in "(\\PC|[\\x00-\\x20\u{202a}-\u{202e}]){0,120}", chat in "(\\PC|\n){0,120}", text in "(\\PC|[\\x00-\\x20\u{2066}-\u{2069}]){0,300}") {
        for what in [What::Text(&text), What::Action(&text), What::Photo(Some(&text)), What::File(&text), What::Poll(&text), What::Invitation] {
            let (title, body) = say(&sender, Some(&chat), what);
            prop_assert!(title.chars().count() <= 100 && body.chars().count() <= 250);
            prop_assert!(!title.is_empty() && !body.is_empty());
            prop_assert!(!title.chars().chain(body.chars()).any(|letter| letter.is_control() || is_bidi_control(letter)));
        }
    }
}

#[test]
fn what_anybody_may_have_written_is_not_repeated() {
    let body = |trust: Trust| {
        title_and_body(&Subject {
            sender: "Jonas",
            chat: None,
            what: What::Text("Send me the code"),
            trust,
            private: false,
        })
        .1
    };
    for trust in [Trust::NotEncrypted, Trust::ChangedIdentity, Trust::Forged] {
        assert_eq!(body(trust), "A message that may not be from Jonas", "{trust:?}");
    }
    for trust in [Trust::UnverifiedDevice, Trust::UnknownDevice] {
        assert_eq!(body(trust), "Unconfirmed device: Send me the code", "{trust:?}");
    }
    for trust in [Trust::Usual, Trust::Verified, Trust::Unproven] {
        assert_eq!(body(trust), "Send me the code", "{trust:?}");
    }
}
