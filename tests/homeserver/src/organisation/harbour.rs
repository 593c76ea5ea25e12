//! Harbour Ops: the group everybody is in, with more than four hundred messages to scroll through.

use super::{
    harbour_scenes::{Dialogue, EVENINGS, MATTERS, MORNINGS},
    story::{Scene, Story},
};
use crate::{document, picture};

const SHIPS: [&str; 4] = ["Skerry Tern", "Gannet", "Eider", "Lyrvik"];
const SIDES: [&str; 5] = ["west", "south-west", "north-west", "east", "south"];
/// Who reads along.
const READERS: [&str; 6] = ["samir", "leila", "noah", "finn", "emil", "kofi"];

/// Writes the weeks before, and today.
pub(super) fn tell(story: &mut Story) {
    let mut dice = Dice(0x5eed_0021);
    for days_ago in (1..=super::DAYS as u32 - 1).rev() {
        day(story, days_ago, &mut dice);
    }
    today(story);
}

/// Numbers that are the same in every telling.
struct Dice(u32);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        usize::try_from(self.0 >> 8).unwrap_or(0) % end.max(1)
    }
}

fn day(story: &mut Story, days_ago: u32, dice: &mut Dice) {
    let weekend = story.calendar.weekend(days_ago);
    let hours: &[i8] = if weekend { &[10, 15] } else { &[8, 10, 12, 14, 16] };
    let mut chat = story.chat("harbour");
    chat.at(days_ago, 6, 4 + i8::try_from(dice.below(20)).unwrap_or(0));
    play(&mut chat, pick(&MORNINGS, dice.below(MORNINGS.len())), dice);
    // Walking on by a step that shares no factor with the count repeats a matter as late as possible.
    let first = usize::try_from(days_ago).unwrap_or(0) * 5;
    for (number, hour) in hours.iter().enumerate() {
        chat.at(days_ago, *hour, i8::try_from(dice.below(50)).unwrap_or(0));
        play(&mut chat, pick(&MATTERS, (first + number) * 13 % MATTERS.len()), dice);
    }
    if days_ago % 6 == 2 {
        extra(&mut chat, days_ago);
    }
    chat.at(days_ago, 21, 10 + i8::try_from(dice.below(40)).unwrap_or(0));
    play(&mut chat, pick(&EVENINGS, dice.below(EVENINGS.len())), dice);
}

fn pick(dialogues: &[Dialogue], number: usize) -> Dialogue {
    dialogues.get(number).copied().unwrap_or_default()
}

fn play(chat: &mut Scene<'_>, dialogue: Dialogue, dice: &mut Dice) {
    let ship = dice.below(SHIPS.len());
    let hour = 9 + dice.below(8);
    let quarter = [5, 10, 20, 40].get(dice.below(4)).copied().unwrap_or(10);
    let of = |list: &[&'static str], number: usize| list.get(number % list.len().max(1)).copied().unwrap_or_default();
    let words = [
        ("{ship}", of(&SHIPS, ship).to_owned()),
        ("{other}", of(&SHIPS, ship + 1).to_owned()),
        ("{berth}", (1 + dice.below(5)).to_string()),
        ("{ramp}", (1 + dice.below(3)).to_string()),
        ("{gate}", (1 + dice.below(3)).to_string()),
        ("{time}", format!("{hour:02}:{quarter:02}")),
        ("{later}", format!("{:02}:{quarter:02}", hour + 2)),
        ("{wind}", (4 + dice.below(11)).to_string()),
        ("{side}", of(&SIDES, dice.below(SIDES.len())).to_owned()),
        ("{count}", (28 + dice.below(40)).to_string()),
    ];
    let mut last = None;
    for (who, text) in dialogue {
        let filled = words.iter().fold((*text).to_owned(), |text, (slot, word)| text.replace(slot, word));
        last = Some(chat.say(who, filled));
        chat.after(i64::try_from(dice.below(6)).unwrap_or(0));
    }
    if let (Some(last), 0) = (last, dice.below(4)) {
        let key = of(&["👍", "🙏", "😄", "⚓", "❤️"], dice.below(5));
        let from = dice.below(READERS.len());
        chat.react(&[of(&READERS, from), of(&READERS, from + 1)], last, key);
    }
}

/// Something out of the ordinary, about once a week.
fn extra(chat: &mut Scene<'_>, days_ago: u32) {
    chat.at(days_ago, 17, 12);
    match days_ago / 6 {
        3 => {
            let photo = chat.picture("finn", "First light.png", picture::ferry_at_sunrise(900, 600), None);
            chat.react(&["marta", "helena", "emil", "yuki", "grace"], photo, "😍");
            chat.reply("helena", photo, "This one goes on the calendar.");
        }
        2 => {
            let plan = chat.rich(
                "aoife",
                "Drill on Thursday, in short:\n\n1. Alarm at 10:00, no warning before\n2. Muster at deck 5, not at the stairs\n3. Count by list, then report to me\n\nBring your own lifejacket.",
                "<p><strong>Drill on Thursday</strong>, in short:</p><ol><li>Alarm at <code>10:00</code>, no warning before</li><li>Muster at deck 5, <em>not</em> at the stairs</li><li>Count by list, then report to me</li></ol><p>Bring your own lifejacket.</p>",
            );
            chat.react(&["finn", "yuki", "noah", "priya"], plan, "✅");
            chat.thread("yuki", plan, "Does the galley crew come too?");
            chat.thread("aoife", plan, "Yes, everybody on board.");
            chat.thread("finn", plan, "Then lunch will be late, and that is fine.");
        }
        1 => {
            let wrong = chat.say("noah", "Gate code for the weekend is 4417");
            chat.delete("noah", wrong);
            chat.say("noah", "Sorry, codes belong into the key box, not here.");
            let said = chat.say("aoife", "Thank you Noah. Changed it already.");
            chat.react(&["noah"], said, "🙏");
        }
        _ => {
            let photo = chat.picture(
                "kofi",
                "Quay 5.png",
                picture::cranes_at_dusk(900, 600),
                Some("Quay 5 at five o'clock. The works are on time."),
            );
            chat.react(&["priya", "marta", "tomasz"], photo, "🌇");
        }
    }
}

/// Yesterday's poll, and this morning as it stands.
fn today(story: &mut Story) {
    let chat = &mut story.chat("harbour");
    chat.at(1, 11, 52);
    let poll = chat.poll(
        "jonas",
        "When do we test the new boarding flow?",
        &["Thursday 06:00", "Thursday 13:30", "Friday 06:00"],
    );
    chat.vote(&["samir", "leila", "noah", "priya", "marta"], poll, 0);
    chat.vote(&["emil", "yuki", "finn"], poll, 1);
    chat.vote(&["kofi"], poll, 2);

    chat.ago(64);
    chat.say("samir", "Morning all. Wind is 9 m/s from the west, easing after ten.");
    chat.say("samir", "Nothing that stops us. Full notes are on the board.");
    chat.ago(58);
    chat.say("leila", "Crew complete. I can take the 06:10 tomorrow if that helps.");
    chat.say("marta", "It helps a lot, thank you.");
    chat.ago(41);
    let ramp = chat.picture(
        "priya",
        "Ramp 3.png",
        picture::ramp_down(960, 640),
        Some("Ramp 3 is down and holding. Wet steel, 5 km/h."),
    );
    chat.react(&["marta", "samir", "jonas", "noah", "leila"], ramp, "👍");
    chat.react(&["kofi", "emil"], ramp, "🎉");
    chat.after(3);
    chat.thread("samir", ramp, "How long did it hold the last time?");
    chat.thread("priya", ramp, "Eleven days, with the old seal.");
    chat.thread("leila", ramp, "So we plan with both ramps again?");
    chat.thread("noah", ramp, "Cones are away.");
    chat.ago(36);
    chat.reply("jonas", ramp, "Good news. Can the 11:40 leave from berth 3, then?");
    chat.ago(34);
    let yes = chat.say("marta", "Yes. The 11:40 moves to berth 3, gates open at 11:00.");
    chat.edit("marta", yes, "Yes. The 11:40 moves to berth 3, gates open at 11:05.");
    let read = chat.say("marta", "I am telling the bridge now and changing the boards.");
    chat.read(&["marta", "priya", "jonas", "leila", "samir", "noah", "finn", "emil", "kofi", "helena"], read);
    chat.ago(12);
    chat.say("tomasz", "Tug and pilot are booked for the gravel boat, 12:45 at the mole.");
    chat.ago(11);
    let plan = document::pdf(
        "Berth plan.pdf",
        "Berth plan",
        &[
            "Berth 1   Lyrvik, all day",
            "Berth 2   Eider, 08:20 to 16:40",
            "Berth 3   Skerry Tern, from 11:05. Ramp 3 in use again",
            "Berth 4   closed, fender works",
            "Berth 5   gravel boat, 13:00 to 19:00. Tug at 12:45",
        ],
    );
    chat.file("tomasz", plan);
    chat.ago(9);
    let ask = chat.say("aoife", "@Marta please look at berth 5 before noon, the tug is booked until 13:00.");
    chat.read(&["aoife", "tomasz", "samir", "finn"], ask);
}
