//! What Priya and Jonas say: chosen by what was written, and not the same twice in a row.

use rand::seq::IndexedRandom;

/// The two local parts, so that neither answers the other.
pub(crate) const COLLEAGUES: [&str; 2] = ["priya", "jonas"];

/// Somebody who answers.
pub(crate) struct Character {
    /// The local part of the Matrix id.
    pub(crate) local: &'static str,
    /// The first name, as people write it.
    pub(crate) first: &'static str,
    /// Of two, who answers an odd message that is for both.
    pub(crate) odd: bool,
    /// After so many seconds the first remark in Harbour Ops.
    pub(crate) first_remark_s: u64,
    /// Words that a message may contain, and what fits then. The first rule that fits is taken, so
    /// that a greeting with a question is answered as a question.
    rules: &'static [(&'static [&'static str], &'static [&'static str])],
    /// What fits a question.
    question: &'static [&'static str],
    /// What fits anything.
    anything: &'static [&'static str],
    /// What comes to mind in Harbour Ops.
    pub(crate) remarks: &'static [&'static str],
}

/// What is said first in the encrypted group.
pub(crate) const INCIDENT: [(&str, &str); 5] = [
    ("priya", "I put what we know about Tuesday in here, because only the three of us should read it for now."),
    ("priya", "The bow door was closed at 17:52. The indicator showed green at 17:49, three minutes too early."),
    ("jonas", "Nobody at terminal 2 noticed. The passengers were already on board."),
    ("priya", "I took the sensor out. It reads “closed” when it is wet. The same one sits on Gannet."),
    ("jonas", "@Marta shall we keep Gannet at the quay until it is changed?"),
];

/// Harbour engineer, exact and friendly.
pub(crate) const PRIYA: Character = Character {
    local: "priya",
    first: "Priya",
    odd: true,
    first_remark_s: 50,
    rules: &[
        (
            &["thank", "thx", "great", "perfect"],
            &["You are welcome.", "Any time.", "Gladly 🙂", "That is what I am here for."],
        ),
        (
            &["ramp", "seal", "hydraul"],
            &[
                "Ramp 3 holds at 182 bar. I look again at noon.",
                "The new seal is in. I trust it, but I keep measuring.",
                "Give me ten minutes, I go and look with my own eyes.",
            ],
        ),
        (
            &["gannet", "sensor", "incident"],
            &[
                "The spare sensor arrives tomorrow at seven. I would rather wait for it.",
                "I have the readings of both ships side by side now. I send them this afternoon.",
                "My advice stays: not before the sensor is changed.",
            ],
        ),
        (
            &["berth", "quay", "fender"],
            &[
                "Berth 4 stays closed, the others are free from my side.",
                "The fender at 2 needs a bolt, otherwise all is well.",
            ],
        ),
        (
            &["when", "how long", "what time"],
            &[
                "Before noon, if nothing falls into the water.",
                "About an hour. I tell you when it is done.",
                "By 14:00, I promise.",
            ],
        ),
        (&["photo", "picture"], &["Sharp picture, thank you. I can even read the gauge."]),
        (
            &["lunch", "coffee", "cake"],
            &["Coffee: always. Kofi made some that can stand upright.", "In ten minutes at the workshop?"],
        ),
        (
            &["hello", "hi ", "hey", "good morning", "moin"],
            &["Good morning Marta!", "Hello! What can I do for you?", "Hi Marta 👋"],
        ),
    ],
    question: &[
        "Yes.",
        "Let me check, I do not want to guess.",
        "I think so. I confirm in a moment.",
        "Good question. I ask Kofi.",
        "Yes, from my side.",
    ],
    anything: &[
        "Understood.",
        "Noted, I take care of it.",
        "That fits well.",
        "All right. I tell you if anything changes.",
        "Seen 👍",
        "Good, then we do it that way.",
    ],
    remarks: &[
        "Ramp 3: 182 bar, unchanged.",
        "Diver is out of the water, berth 2 is free again.",
        "Please mind the hose across quay 4 for the next half hour.",
        "Pressure test passed. That makes twelve days in a row.",
        "Kofi and I grease ramp 1 in the lunch break, ten minutes.",
    ],
};

/// Terminal 2, quick and cheerful.
pub(crate) const JONAS: Character = Character {
    local: "jonas",
    first: "Jonas",
    odd: false,
    first_remark_s: 210,
    rules: &[
        (&["thank", "thx", "great", "perfect"], &["Always!", "My pleasure.", "You owe me a coffee 😄"]),
        (
            &["board", "sign", "display"],
            &[
                "The boards are right again, I just walked past them.",
                "Changed. Gate 2 shows it too.",
                "They hang straight, finally.",
            ],
        ),
        (
            &["gannet", "incident", "sensor"],
            &[
                "Then I move her passengers to Eider, there are seats enough.",
                "I can explain it at the gate without saying why.",
                "Agreed. I keep it among us.",
            ],
        ),
        (
            &["gate", "queue", "cars", "boarding"],
            &[
                "Gates open five minutes early today, the queue reaches the road.",
                "41 cars so far, all in line.",
                "Two lanes work like a charm.",
            ],
        ),
        (
            &["when", "how long", "what time"],
            &["Give me a quarter of an hour.", "Right away!", "After the 11:40, then it gets quiet."],
        ),
        (&["photo", "picture"], &["Ha, nice one!", "This goes on the wall."]),
        (&["lunch", "fish", "coffee"], &["12:30, and yes, it is fish.", "Coffee is ready, come over."]),
        (
            &["hello", "hi ", "hey", "good morning", "moin"],
            &["Moin Marta!", "Hey! Everything all right over there?", "Hello from terminal 2 ☀️"],
        ),
    ],
    question: &[
        "Yes!",
        "I think yes, but ask me again in five minutes.",
        "Sure, no problem.",
        "Hm, I find out.",
        "From terminal 2: yes.",
    ],
    anything: &[
        "Done!",
        "Consider it done.",
        "OK, I tell the others.",
        "Good to know.",
        "On it 🏃",
        "Works for us here.",
    ],
    remarks: &[
        "38 cars for the next one, two coaches, one horse.",
        "Gate 2 is a little slow, I keep an eye on it.",
        "Somebody left a tuba at the kiosk. I repeat: a tuba.",
        "The tuba has been collected. There was a short concert.",
        "Announcement works again in all three languages.",
    ],
};

impl Character {
    /// What fits `text`, and was not said last.
    pub(crate) fn answer(&self, text: &str, last: &str) -> String {
        let text = format!("{} ", text.to_lowercase());
        let fits = self.rules.iter().find(|(words, _)| words.iter().any(|word| text.contains(word)));
        let list = match fits {
            Some((_, list)) => list,
            None if text.contains('?') => self.question,
            None => self.anything,
        };
        pick(list, last)
    }

    /// Something new for Harbour Ops.
    pub(crate) fn remark(&self, last: &str) -> String {
        pick(self.remarks, last)
    }
}

fn pick(list: &[&str], last: &str) -> String {
    let others: Vec<&str> = list.iter().copied().filter(|line| *line != last).collect();
    others.choose(&mut rand::rng()).or(list.first()).copied().unwrap_or("👍").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_fits_and_is_not_the_last_one() {
        let first = PRIYA.answer("Is the ramp still down?", "");
        assert!(first.contains("bar") || first.contains("seal") || first.contains("look"), "{first}");
        for _ in 0..50 {
            assert_ne!(PRIYA.answer("Is the ramp still down?", &first), first);
        }
    }

    #[test]
    fn every_text_has_an_answer_even_where_only_one_line_fits() {
        for character in [&PRIYA, &JONAS] {
            for text in ["", "?", "A photo", "Grüße 🚢", "hello"] {
                let answer = character.answer(text, "");
                assert!(!answer.is_empty());
                assert!(!character.answer(text, &answer).is_empty());
            }
        }
    }
}
