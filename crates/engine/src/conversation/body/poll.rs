//! A poll as it stands: who sees which numbers, and who may vote.

use tidings_model::{Body, Person, Poll, PollAnswer, UserId};
use tidings_vault::{MessageRecord, PollQuestion, PollTally};

use super::{Rights, Scene};
use crate::conversation::preview;

/// How many people an answer shows.
const PEOPLE: usize = 3;

/// The poll of a record; `None` when it asks nothing.
pub(super) fn body(scene: &Scene<'_>, record: &MessageRecord) -> Option<Body> {
    let question = PollQuestion::read(&record.content)?;
    let none = PollTally::default();
    let tally = record.poll.as_ref().unwrap_or(&none);
    let me = &scene.session.user;
    let person = |user: &UserId| scene.people.person(user);
    let Rights { can_write, can_redact } = scene.rights;
    let standing = Standing { can_vote: can_write, can_close: can_redact || can_write && record.sender == *me };
    Some(Body::Poll { poll: poll(&question, tally, me, standing, person) })
}

/// What this person may do with a poll that is open.
#[derive(Clone, Copy)]
struct Standing {
    can_vote: bool,
    can_close: bool,
}

fn poll(
    question: &PollQuestion,
    tally: &PollTally,
    me: &UserId,
    standing: Standing,
    person: impl Fn(&UserId) -> Person,
) -> Poll {
    let closed = tally.closed.is_some();
    let can_vote = standing.can_vote && !closed;
    let voted = tally.chosen.iter().any(|voters| voters.contains(me));
    // Before one's own vote the numbers would only tell one what to think.
    let shown = closed || question.disclosed && (voted || !can_vote);
    let most = tally.chosen.iter().map(Vec::len).max().unwrap_or_default();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let none = Vec::new();
    let answers = question.answers.iter().enumerate().map(|(place, answer)| {
        let voters = tally.chosen.get(place).unwrap_or(&none);
        PollAnswer {
            id: answer.id.clone(),
            text: preview::line(&answer.text),
            votes: shown.then(|| number(voters.len())),
            people: if shown { voters.iter().rev().take(PEOPLE).map(&person).collect() } else { Vec::new() },
            chosen: voters.contains(me),
            wins: closed && most > 0 && voters.len() == most,
        }
    });
    Poll {
        answers: answers.collect(),
        question: preview::line(&question.text),
        choices: number(question.max_selections),
        voters: number(tally.voters),
        secret: !question.disclosed,
        closed,
        can_vote,
        can_close: standing.can_close && !closed,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tidings_model::{Avatar, AvatarShape, Timestamp, Tint};
    use tidings_vault::PollChoice;

    use super::*;

    fn asked(disclosed: bool) -> PollQuestion {
        let answers = ["Thursday", "Friday", "Never"];
        let answers = answers.map(|text| PollChoice { id: text.to_lowercase(), text: text.to_owned() });
        PollQuestion { text: "When?".to_owned(), answers: answers.to_vec(), max_selections: 1, disclosed }
    }

    fn drawn(disclosed: bool, chosen: [&[&str]; 3], closed: bool, can_vote: bool) -> Poll {
        let voters = |names: &[&str]| names.iter().map(|name| UserId::from(*name)).collect::<Vec<_>>();
        let tally = PollTally {
            voters: chosen.iter().map(|names| names.len()).sum(),
            chosen: chosen.iter().map(|names| voters(names)).collect(),
            closed: closed.then_some(Timestamp(9)),
        };
        let person = |user: &UserId| Person {
            user: user.clone(),
            name: user.to_string(),
            disambiguation: None,
            avatar: Avatar { shape: AvatarShape::Person, initials: String::new(), tint: Tint(1), image: None },
        };
        poll(&asked(disclosed), &tally, &UserId::from("@marta"), Standing { can_vote, can_close: false }, person)
    }

    #[test]
    fn numbers_come_after_ones_own_vote_or_when_a_poll_is_closed() {
        let others: [&[&str]; 3] = [&["@priya", "@jonas"], &["@leila"], &[]];
        let with_mine: [&[&str]; 3] = [&["@priya", "@jonas"], &["@leila", "@marta"], &[]];
        for (disclosed, chosen, closed, can_vote, shown) in [
            (true, others, false, true, false),
            (true, with_mine, false, true, true),
            (true, others, false, false, true),
            (true, others, true, true, true),
            (false, with_mine, false, true, false),
            (false, others, false, false, false),
            (false, others, true, true, true),
        ] {
            let poll = drawn(disclosed, chosen, closed, can_vote);
            let said = format!("{disclosed} {closed} {can_vote}");
            assert!(poll.answers.iter().all(|answer| answer.votes.is_some() == shown), "{said}");
            assert!(shown || poll.answers.iter().all(|answer| answer.people.is_empty() && !answer.wins), "{said}");
            assert_eq!(poll.can_vote, can_vote && !closed, "{said}");
        }
    }

    #[test]
    fn own_vote_and_winner_are_marked() {
        let poll = drawn(true, [&["@priya", "@jonas", "@marta", "@leila"], &["@yuki"], &[]], true, true);
        let first = poll.answers.first().unwrap();
        assert!(first.chosen && first.wins && first.votes == Some(4));
        let names: Vec<&str> = first.people.iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, ["@leila", "@marta", "@jonas"], "the latest three");
        assert!(poll.answers.iter().skip(1).all(|answer| !answer.chosen && !answer.wins));
        assert!(drawn(true, [&[], &[], &[]], true, true).answers.iter().all(|answer| !answer.wins));
    }
}
