//! Where theirs differs for a reason, and the sentence of the specification that decides for ours.
//!
//! **Invariant:** a reason names the rows, and the fields of them, that it excuses; everything else must be equal. What
//! it excuses on their side is still checked on ours, against the [plain reading](crate::plain).
//! **Invariant:** no reason is stale: `differences` has the shortest story of each, and fails when theirs does not
//! differ in it any more.

use std::collections::BTreeSet;

use crate::delivery::{Known, Piece};
use crate::plain;
use crate::row::Row;
use crate::story::{How, Step, Story, What};

/// Why theirs may differ. Sentences are of the Matrix specification 1.19, client-server API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// "However, if it was the most recent edit, the event is in effect reverted to its content before the redacted
    /// edit." ("Redactions of edited events".) Theirs keeps the text of the last edit that was redacted.
    LastEditTakenBack,
    /// "The most recent event is determined by comparing `origin_server_ts`; if two or more replacement events have
    /// identical `origin_server_ts`, the event with the lexicographically largest `event_id` is treated as more
    /// recent." ("Event replacements", "Client behaviour".) Theirs takes the one that is last in the timeline.
    NewestByTime,
    /// "If any of these criteria are not satisfied, implementations should ignore the replacement event." ("Validity of
    /// replacement events".) Theirs looks at the last edit alone: an invalid one hides the valid ones before it.
    InvalidEditAfterValid,
    /// "The replacement event (once decrypted, if appropriate) must have an `m.new_content` property", and nothing is
    /// said of what is in it. Theirs cannot read such an edit, and shows it as a row.
    EditWithoutText,
    /// "Any `type` of event is eligible for an annotation", and validity of edits asks for sender, type and
    /// `m.new_content` alone: not for a `body` in the original. With theirs an event that it cannot read has neither.
    UnreadableMessage,
    /// "Multiple identical annotations […] from the same user […] should be treated as a single annotation", and "when
    /// an annotation is redacted, it is removed from the count": the other one stays. Theirs removes both.
    OneReactionOfTwoTakenBack,
    /// "When a parent event is redacted, the child events which pointed to that parent remain" ("Aggregations of child
    /// events"); whether a deleted message shows them is left open. With ours it shows none; with theirs it shows those
    /// that came after its deletion, and none that came before.
    ReactionToDeleted,
    /// "When a child event is redacted then the relationship is broken" ("Aggregations of child events"); what is shown
    /// of it is left open. Who saw that it was an edit or in a thread knows that it was never a row: ours keeps that;
    /// theirs shows a deleted row once it has read its own copy anew.
    DeletedRelation,
    /// "Redacting the *original* message in effect removes the message, including all subsequent edits, from the visible
    /// timeline." ("Redactions of edited events".) An encrypted event whose key is not here, and which says in the clear
    /// that it replaces a deleted message, is deleted with it; theirs keeps it, and shows it when its key comes and says
    /// that it lacks `m.new_content`.
    WaitingEditOfDeleted,
}

/// What both sides came to, and what is known of how.
pub(crate) struct Case<'a> {
    pub(crate) story: &'a Story,
    pub(crate) pieces: &'a [Piece],
    pub(crate) known: &'a Known,
}

impl Case<'_> {
    /// Their rows as they would be but for reasons, and the reasons that were needed.
    pub(crate) fn excuse(&self, ours: &[Row], theirs: &[Row]) -> (Vec<Row>, BTreeSet<Reason>) {
        let mut needed = BTreeSet::new();
        let mut excused = Vec::new();
        for row in theirs {
            let Some(mine) = ours.iter().find(|mine| mine.event == row.event) else {
                let reason = self.of_row(row.n());
                if reason.is_none() {
                    excused.push(row.clone());
                }
                needed.extend(reason);
                continue;
            };
            let mut row = row.clone();
            if (&row.body, row.edited) != (&mine.body, mine.edited)
                && let Some(reason) = self.of_text(row.n())
            {
                needed.insert(reason);
                (row.body, row.edited) = (mine.body.clone(), mine.edited);
            }
            if !self.in_order(row.n()) {
                row.reactions = as_in(&mine.reactions, row.reactions);
            }
            if row.reactions != mine.reactions
                && let Some(reason) = self.of_reactions(row.n())
            {
                needed.insert(reason);
                row.reactions.clone_from(&mine.reactions);
            }
            excused.push(row);
        }
        (excused, needed)
    }

    /// It was seen before it was deleted, if it ever was.
    fn was_whole(&self, n: usize) -> bool {
        self.story.redaction(n, self.known.head(n)).is_none()
    }

    /// Why theirs may have a row that ours has not.
    fn of_row(&self, n: usize) -> Option<Reason> {
        let deleted = plain::is_redacted(self.story, n) && self.was_whole(n);
        match self.story.log[n].step {
            Step::Edit { .. } | Step::Thread { .. } if deleted => Some(Reason::DeletedRelation),
            Step::Edit { how: How::Bodiless, .. } => Some(Reason::EditWithoutText),
            Step::Edit { how: How::Empty, .. } if plain::is_gone(self.story, n, self.known) => {
                Some(Reason::WaitingEditOfDeleted)
            }
            _ => None,
        }
    }

    /// Why theirs may have another text.
    fn of_text(&self, n: usize) -> Option<Reason> {
        if self.is_unreadable(n) {
            return Some(Reason::UnreadableMessage);
        }
        // What theirs takes for an edit.
        let edits = || {
            let edits = self.story.log.iter().enumerate();
            edits.filter_map(|(edit, entry)| match entry.step {
                Step::Edit { to, how: How::Plain | How::Answering, .. } if to == n => Some(edit),
                _ => None,
            })
        };
        let last = edits().filter(|edit| !plain::is_redacted(self.story, *edit)).max();
        match (plain::edit(self.story, n), last) {
            (Some(edit), _) if matches!(self.story.log[edit].step, Step::Edit { how: How::Bodiless, .. }) => {
                Some(Reason::EditWithoutText)
            }
            (Some(edit), Some(last)) if edit != last => {
                let valid = self.story.log[last].by == self.story.log[n].by
                    && (self.story.log[n].sealed.is_none() || self.story.log[last].sealed.is_some());
                Some(if valid { Reason::NewestByTime } else { Reason::InvalidEditAfterValid })
            }
            (None, _) => {
                let taken_back = edits().any(|edit| plain::is_redacted(self.story, edit) && self.was_whole(edit));
                taken_back.then_some(Reason::LastEditTakenBack)
            }
            _ => None,
        }
    }

    /// Why theirs may have other reactions.
    fn of_reactions(&self, n: usize) -> Option<Reason> {
        if plain::is_redacted(self.story, n) {
            return Some(Reason::ReactionToDeleted);
        }
        if self.is_unreadable(n) {
            return Some(Reason::UnreadableMessage);
        }
        let given: Vec<usize> = self.reactions(n).collect();
        let same = |one: usize, two: usize| {
            let (one, two) = (&self.story.log[one], &self.story.log[two]);
            one.by == two.by && one.step.key() == two.step.key()
        };
        let twice = given.iter().any(|one| {
            plain::is_redacted(self.story, *one)
                && self.was_whole(*one)
                && given.iter().any(|two| one != two && same(*one, *two))
        });
        twice.then_some(Reason::OneReactionOfTwoTakenBack)
    }

    fn reactions(&self, n: usize) -> impl Iterator<Item = usize> {
        let reactions = self.story.log.iter().enumerate();
        reactions.filter_map(move |(reaction, entry)| match entry.step {
            Step::React { to, .. } if to == n => Some(reaction),
            _ => None,
        })
    }

    /// Theirs fails to parse it.
    fn is_unreadable(&self, n: usize) -> bool {
        matches!(self.story.log[n].step, Step::Say { what: What::Bodiless, .. } | Step::Edit { how: How::Empty, .. })
    }

    /// Reactions stand in the order of their time with ours and of their arrival with theirs, until one is redacted. The
    /// specification asks for counts and knows no order: it is compared where both orders are one.
    fn in_order(&self, n: usize) -> bool {
        let holes = self.pieces.iter().any(|piece| matches!(piece, Piece::Live { hole: true, .. }));
        let straight = |reaction: usize| {
            !plain::is_redacted(self.story, reaction)
                && matches!(self.story.log[reaction].step, Step::React { behind: false, .. })
        };
        !holes && self.reactions(n).all(straight)
    }
}

/// Reactions in the order of others.
fn as_in(order: &[(String, Vec<String>)], mut reactions: Vec<(String, Vec<String>)>) -> Vec<(String, Vec<String>)> {
    reactions.sort_by_key(|(key, _)| order.iter().position(|(known, _)| known == key));
    for (key, senders) in &mut reactions {
        let known = order.iter().find(|(known, _)| known == key);
        senders.sort_by_key(|sender| known.and_then(|(_, senders)| senders.iter().position(|it| it == sender)));
    }
    reactions
}
