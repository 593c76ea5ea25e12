//! The specification, read in the plainest way: what a log comes to, without an index, a cache or an order of arrival.
//!
//! Ours must equal it always; it is also who is asked where theirs differs for a [reason](crate::reasons).

use crate::delivery::Known;
use crate::row::Row;
use crate::story::{How, Step, Story, id};

/// The rows of the main timeline.
pub(crate) fn rows(story: &Story, known: &Known) -> Vec<Row> {
    (0..story.log.len()).filter(|n| is_row(story, *n, known)).map(|n| row(story, n)).collect()
}

/// Deleted by the end of the log.
pub(crate) fn is_redacted(story: &Story, n: usize) -> bool {
    story.redaction(n, story.log.len()).is_some()
}

/// What relates to something else is no row, unless nobody here ever saw what it related to.
fn is_row(story: &Story, n: usize, known: &Known) -> bool {
    match &story.log[n].step {
        Step::Redact { .. } | Step::React { .. } => false,
        _ if story.redaction(n, known.head(n)).is_some() => true,
        step @ Step::Edit { .. } => !is_edit(step) && !is_gone(story, n, known),
        Step::Thread { .. } => false,
        Step::Say { .. } | Step::Reply { .. } => true,
    }
}

/// "Redacting the *original* message in effect removes the message, including all subsequent edits". What says in the
/// clear that it replaces a message, and waits for its key when that message is known to be deleted, is deleted with it
/// for good: nobody can tell yet that it lacks `m.new_content`. So is what is deleted itself while it waits.
pub(crate) fn is_gone(story: &Story, n: usize, known: &Known) -> bool {
    let Step::Edit { to, sealed: true, .. } = story.log[n].step else { return false };
    // Of two redactions either will do, whichever stands first in the log.
    let deletion = |n| (0..story.log.len()).any(|by| story.deletes(by, n) && known.before_keys(by));
    let target_gone = known.before_keys(to) && (deletion(to) || story.redaction(to, known.head(to)).is_some());
    known.before_keys(n) && (deletion(n) || target_gone)
}

/// "Relationships which don't match the schema, or which break the rules of a relationship, are simply ignored. […] Clients
/// handling such invalid relationships should show the events independently of each other": what lacks `m.new_content` is
/// a message like any other, which can be edited and reacted to.
fn is_edit(step: &Step) -> bool {
    matches!(step, Step::Edit { how, .. } if *how != How::Empty)
}

fn row(story: &Story, n: usize) -> Row {
    let entry = &story.log[n];
    let redacted = is_redacted(story, n);
    let edit = edit(story, n).filter(|_| !redacted);
    let content = match edit {
        Some(edit) => &story.log[edit].content["m.new_content"],
        None => &entry.content,
    };
    let answers = match entry.step {
        Step::Reply { to, .. } => Some(id(to)),
        _ => None,
    };
    Row {
        event: entry.id.clone(),
        body: content["body"].as_str().filter(|_| !redacted).map(str::to_owned),
        edited: edit.is_some(),
        redacted,
        answers: answers.filter(|_| !redacted),
        reactions: if redacted { Vec::new() } else { reactions(story, n) },
    }
}

/// The edit that counts: "Clients should render the content of the **most recent** valid replacement event. The most
/// recent event is determined by comparing `origin_server_ts`; if two or more replacement events have identical
/// `origin_server_ts`, the event with the lexicographically largest `event_id` is treated as more recent."
pub(crate) fn edit(story: &Story, n: usize) -> Option<usize> {
    let valid = (0..story.log.len()).filter(|edit| is_valid_edit(story, n, *edit));
    valid.max_by_key(|edit| (story.log[*edit].time, &story.log[*edit].id))
}

/// "Validity of replacement events", and "when an event using a `rel_type` of `m.replace` is redacted, it removes that
/// edit revision".
fn is_valid_edit(story: &Story, n: usize, edit: usize) -> bool {
    let (original, replacement) = (&story.log[n], &story.log[edit]);
    matches!(replacement.step, Step::Edit { to, .. } if to == n)
        && is_edit(&replacement.step)
        // "You cannot edit an edit."
        && !is_edit(&original.step)
        && original.by == replacement.by
        && original.kind == replacement.kind
        // "If the original event was encrypted, the replacement should be too."
        && (original.sealed.is_none() || replacement.sealed.is_some())
        && !is_redacted(story, edit)
}

/// "Multiple identical annotations […] from the same user […] should be treated as a single annotation"; "implementations
/// should ignore any annotation event which refers to an event which itself has an `m.relates_to` with `rel_type:
/// m.annotation` or `rel_type: m.replace`"; "when an annotation is redacted, it is removed from the count". Their order
/// is that of their time.
fn reactions(story: &Story, n: usize) -> Vec<(String, Vec<String>)> {
    let mut given: Vec<usize> = (0..story.log.len())
        .filter(|reaction| matches!(story.log[*reaction].step, Step::React { to, .. } if to == n))
        .filter(|reaction| !is_redacted(story, *reaction) && !is_edit(&story.log[n].step))
        .collect();
    given.sort_by_key(|reaction| story.log[*reaction].time);
    let mut reactions: Vec<(String, Vec<String>)> = Vec::new();
    for reaction in &given {
        let reaction = &story.log[*reaction];
        let key = reaction.step.key().unwrap_or_default();
        let at = reactions.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
            reactions.push((key.to_owned(), Vec::new()));
            reactions.len() - 1
        });
        let senders = &mut reactions[at].1;
        if !senders.iter().any(|known| known == reaction.by) {
            senders.push(reaction.by.to_owned());
        }
    }
    reactions
}
