//! The shortest story of each reason: theirs differs in it, ours is as the specification says.
//!
//! A test that fails here after an update of the SDK says that the difference is gone, and its reason with it.

use std::collections::BTreeSet;

use crate::delivery::Plan;
use crate::reasons::Reason;
use crate::story::{Clock, How, Step, What};
use crate::world::World;

const ME: usize = 0;
const ANN: usize = 1;
const BOB: usize = 2;

fn say(what: What) -> Step {
    Step::Say { by: ANN, what, sealed: false }
}

fn edit(by: usize, how: How, clock: Clock) -> Step {
    Step::Edit { by, to: 0, how, clock, sealed: false }
}

fn react(by: usize) -> Step {
    Step::React { by, to: 0, key: 0, behind: false }
}

fn redact(to: usize) -> Step {
    Step::Redact { by: ME, to }
}

/// Tell it live, an event at a time: this reason must be needed, and no other.
#[track_caller]
fn differs(reason: Reason, steps: &[Step]) {
    differs_when_told(reason, steps, &Plan::live(1));
}

#[track_caller]
fn differs_when_told(reason: Reason, steps: &[Step], plan: &Plan) {
    let told = World::new().tell(steps, plan);
    assert_eq!(told.plain, told.ours, "what the specification says, and ours");
    assert_eq!(told.excused, told.ours, "theirs, but for reasons, and ours");
    assert_ne!(told.theirs, told.ours, "theirs does not differ any more");
    assert_eq!(told.needed, BTreeSet::from([reason]));
}

#[test]
fn the_last_edit_taken_back_leaves_what_was_before() {
    differs(Reason::LastEditTakenBack, &[say(What::Text), edit(ANN, How::Plain, Clock::Right), redact(1)]);
}

#[test]
fn the_newest_edit_is_the_one_with_the_latest_time() {
    let edits = [edit(ANN, How::Plain, Clock::Right), edit(ANN, How::Plain, Clock::Behind)];
    differs(Reason::NewestByTime, &[&[say(What::Text)][..], &edits].concat());
}

#[test]
fn an_edit_by_another_does_not_hide_the_edit_before_it() {
    // The message comes last, so all edits are there when theirs chooses.
    let edit = |by| Step::Edit { by, to: 2, how: How::Plain, clock: Clock::Right, sealed: false };
    differs(Reason::InvalidEditAfterValid, &[edit(ANN), edit(BOB), say(What::Text)]);
}

#[test]
fn an_edit_without_text_is_an_edit_and_no_row() {
    differs(Reason::EditWithoutText, &[say(What::Text), edit(ANN, How::Bodiless, Clock::Right)]);
}

#[test]
fn a_message_without_text_can_be_edited_and_reacted_to() {
    differs(Reason::UnreadableMessage, &[say(What::Bodiless), edit(ANN, How::Plain, Clock::Right), react(BOB)]);
}

#[test]
fn of_two_reactions_that_are_one_the_other_stays_when_one_is_taken_back() {
    differs(Reason::OneReactionOfTwoTakenBack, &[say(What::Text), react(BOB), react(BOB), redact(1)]);
}

#[test]
fn a_deleted_message_has_no_reactions() {
    differs(Reason::ReactionToDeleted, &[say(What::Text), redact(0), react(BOB)]);
}

#[test]
fn a_deleted_answer_in_a_thread_that_was_seen_is_no_row() {
    // A hole makes theirs read its own copy anew, which is without the relation by then.
    let thread = Step::Thread { by: ANN, to: 0, sealed: false };
    let plan = Plan { missed: 0b1000, ..Plan::live(1) };
    differs_when_told(
        Reason::DeletedRelation,
        &[say(What::Text), thread, redact(1), say(What::Text), say(What::Text)],
        &plan,
    );
}

#[test]
fn an_edit_that_waits_for_its_key_goes_with_the_deleted_message() {
    let edit = Step::Edit { by: ANN, to: 0, how: How::Empty, clock: Clock::Right, sealed: true };
    let plan = Plan { keys: 9, ..Plan::live(1) };
    differs_when_told(Reason::WaitingEditOfDeleted, &[say(What::Text), edit, redact(0)], &plan);
}

#[test]
fn what_waits_for_its_key_is_gone_with_any_of_its_deletions() {
    // The first deletion is in the hole and comes after the key; the second comes before it.
    let edit = Step::Edit { by: ANN, to: 1, how: How::Empty, clock: Clock::Right, sealed: true };
    let steps = [say(What::Text), say(What::Text), edit, redact(2), say(What::Text), say(What::Text), redact(2)];
    let told = World::new().tell(&steps, &Plan { missed: 0b10, keys: 3, ..Plan::live(3) });
    assert_eq!(told.plain, told.ours, "what the specification says, and ours");
}
