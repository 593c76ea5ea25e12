//! Every chat but Harbour Ops: groups and direct chats, some read, some not.

use super::story::Story;
use crate::{document, picture};

/// Writes them.
pub(super) fn tell(story: &mut Story) {
    rota(story);
    bridge(story);
    safety(story);
    finance(story);
    bikes_and_watch(story);
    boarding(story);
    helena(story);
    priya(story);
    jonas(story);
    leila_and_yuki(story);
    the_others(story);
}

fn rota(story: &mut Story) {
    let week = story.calendar.week();
    let chat = &mut story.chat("rota");
    chat.at(6, 9, 5);
    chat.say(
        "leila",
        format!("The rota for week {week} is open. Swaps until Thursday noon, please here and not by mail."),
    );
    chat.after(20);
    chat.say("yuki", "I would like to give away Saturday late.");
    chat.say("noah", "I take it, if somebody takes my Tuesday early.");
    let swap = chat.say("finn", "Tuesday early is mine. Good trade.");
    chat.react(&["leila", "yuki"], swap, "🤝");
    chat.at(4, 15, 40);
    let table = chat.rich(
        "leila",
        "Changes so far:\n\n- Tuesday early: Finn\n- Saturday late: Noah\n- Sunday: still one short",
        "<p>Changes so far:</p><ul><li>Tuesday early: <strong>Finn</strong></li><li>Saturday late: <strong>Noah</strong></li><li>Sunday: <em>still one short</em></li></ul>",
    );
    chat.after(7);
    chat.reply("samir", table, "I can do Sunday until two.");
    chat.say("marta", "And I find somebody for the rest of it.");
    chat.at(1, 12, 3);
    chat.say("leila", "The rota is closed. Thank you, that was the smoothest one this year.");
    chat.ago(54);
    let last = chat.say("leila", "One thing came up: can Noah and Yuki swap the late shift on Friday? Marta decides.");
    chat.read(&["marta", "noah", "yuki", "finn", "samir"], last);
}

fn bridge(story: &mut Story) {
    let chat = &mut story.chat("bridge");
    for (days, wind) in [(12_u32, "7"), (9, "14"), (7, "5"), (5, "11"), (3, "6")] {
        chat.at(days, 5, 48);
        chat.say("samir", format!("Skerry Sound, {wind} m/s at six. All four ships to the timetable."));
        chat.say("finn", "Copied on Skerry Tern.");
    }
    chat.at(3, 18, 20);
    chat.picture(
        "tomasz",
        "New rope.png",
        picture::rope_on_quay(900, 600),
        Some("New rope at berth 5. Please do not park anchors on it."),
    );
    chat.at(1, 19, 44);
    let tides = chat.picture("samir", "Tides.png", picture::tide_table(900, 520), Some("Spring tides until Thursday."));
    chat.react(&["finn", "tomasz", "marta"], tides, "🌊");
    let read = chat.say("helena", "Thank you Samir, clear as ever.");
    chat.read(&["marta", "finn", "priya", "jonas"], read);
    chat.ago(33);
    chat.say("finn", "Gannet reports a soft steering at low speed. We watch it.");
    chat.say("tomasz", "I can stand by with the tug this evening.");
    chat.ago(24);
    chat.say("finn", "Then we need a berth with room for both.");
    chat.ago(19);
    let ask = chat.say("samir", "@Marta berth 3 or 5 tonight?");
    chat.read(&["finn", "tomasz"], ask);
}

fn safety(story: &mut Story) {
    let chat = &mut story.chat("safety");
    chat.at(10, 14, 0);
    chat.say("aoife", "Agenda for Friday: gangway, night lights at quay 4, first-aid boxes.");
    let read = chat.say("priya", "I add: who holds the key to the acid store.");
    chat.read(&["marta"], read);
    chat.at(3, 10, 15);
    for line in [
        "Gangway: anti-slip strips arrive on Tuesday.",
        "Night lights: three of nine are dark, Kofi has the lamps.",
        "First-aid boxes: terminal 2 was short of bandages, filled up.",
        "Acid store: two keys, Priya and me. The third one is lost.",
    ] {
        chat.say("aoife", line);
    }
    chat.say("kofi", "Lamps are in. Quay 4 is bright again.");
    chat.say("yuki", "We found the third key. It was in the coffee tin.");
    chat.say("aoife", "I do not want to know.");
    chat.at(1, 16, 30);
    chat.say("noah", "A dog bit the rope at gate 1. The rope won.");
    chat.say("finn", "Is that a near miss?");
    chat.say("aoife", "For the dog.");
    chat.ago(98);
    chat.say("aoife", "Minutes from Friday are up.");
    let last = chat.say("aoife", "Please confirm until tomorrow.");
    chat.react(&["priya", "kofi", "finn"], last, "✅");
}

fn finance(story: &mut Story) {
    let month = story.calendar.last_month();
    let chat = &mut story.chat("finance");
    chat.at(8, 11, 20);
    chat.say("grace", format!("We close {month} on Thursday. What is still open?"));
    chat.say("emil", "Two invoices of the caterer, they promised them for tomorrow.");
    chat.say("marta", "Overtime of the storm week. Leila sends it today.");
    chat.at(2, 16, 5);
    chat.say("helena", "Are we above plan?");
    let above = chat.say("grace", "By 3.8 percent, mostly cars. Passengers as planned.");
    chat.react(&["helena", "marta", "emil"], above, "🎉");
    chat.at(1, 17, 22);
    let rows: [&[&str]; 6] = [
        &["Line", "Plan", "Closed"],
        &["Passengers", "418200", "419050"],
        &["Cars", "286000", "309400"],
        &["Freight", "94500", "97100"],
        &["Kiosk", "31800", "33240"],
        &["Fuel", "-188400", "-186900"],
    ];
    chat.file("grace", document::xlsx(&format!("Closing figures {month}.xlsx"), &rows));
    let last = chat.say("grace", "Closing figures are in the folder, and above for reading on the way home.");
    chat.read(&["marta", "helena", "emil"], last);
}

fn bikes_and_watch(story: &mut Story) {
    let chat = &mut story.chat("bikes");
    chat.at(15, 8, 30);
    chat.say("emil", "Bike 7 has a flat tyre. Who was it?");
    chat.say("yuki", "Gravel was it.");
    chat.say("kofi", "Repaired. Also oiled, you could hear it from Lyrvik.");
    chat.at(5, 7, 55);
    let last = chat.say("emil", "Lock code changed, see the board.");
    chat.react(&["jonas", "noah"], last, "👍");
    chat.read(&["marta", "jonas", "noah", "kofi", "yuki"], last);

    let chat = &mut story.chat("watch");
    for days in (1..=9).rev() {
        chat.at(days, 22, 4);
        chat.say("noah", "Watch taken over. Gates, lamps and bilges checked.");
        chat.at(days - 1, 5, 57);
        let done = match days {
            8 => "Handover: a fender came loose at berth 2, made fast.",
            5 => "Handover: fox in the car deck of Eider. He left by the ramp.",
            3 => "Handover: lamp 6 at quay 4 flickers.",
            _ => "Handover: a quiet night.",
        };
        let last = chat.say("tomasz", done);
        chat.read(&["marta", "noah", "kofi", "aoife"], last);
    }
}

fn boarding(story: &mut Story) {
    let chat = &mut story.chat("boarding");
    chat.at(13, 10, 10);
    chat.say("jonas", "The idea: cars that have no luggage on the roof board from the left, all others from the right. We save six minutes a boat.");
    chat.say("helena", "What does it cost?");
    chat.say("jonas", "Two signs and one person for a week.");
    chat.say("priya", "The left ramp takes 3.5 tonnes, not more. So no vans there, roof or not.");
    let noted = chat.say("emil", "I put that on the sign.");
    chat.react(&["priya"], noted, "🙏");
    chat.at(7, 13, 45);
    chat.rich(
        "jonas",
        "First trial, 40 cars:\n\n> left lane: 4 min 10 s\n> right lane: 5 min 35 s\n\nBefore it was 10 min 20 s for all. Code for the boards: `board --lanes 2`",
        "<p>First trial, <strong>40 cars</strong>:</p><blockquote><p>left lane: 4 min 10 s<br>right lane: 5 min 35 s</p></blockquote><p>Before it was 10 min 20 s for all. Code for the boards: <code>board --lanes 2</code></p>",
    );
    chat.say("leila", "That is a whole break more for the deck crew!");
    chat.at(2, 9, 32);
    let last = chat.say("helena", "I like it. Please show it to the county next week.");
    chat.react(&["jonas", "marta", "leila", "emil"], last, "🎉");
    chat.read(&["marta", "jonas", "priya", "emil", "leila"], last);
}

fn helena(story: &mut Story) {
    let chat = &mut story.chat("helena");
    chat.at(9, 18, 5);
    chat.say("helena", "Thank you for today. The county people were impressed, mostly by you.");
    chat.say("marta", "Mostly by the coffee, I think. But thank you.");
    chat.at(2, 8, 10);
    chat.say("helena", "Do you have ten minutes before the board meeting?");
    chat.say("marta", "At a quarter to nine, in your office?");
    let read = chat.say("helena", "Perfect.");
    chat.read(&["marta"], read);
    chat.ago(14);
    chat.say("helena", "Could you join at 14:00 instead?");
}

fn priya(story: &mut Story) {
    let chat = &mut story.chat("priya");
    chat.at(11, 15, 21);
    chat.picture("priya", "Seal.png", picture::rope_on_quay(900, 600), Some("Found what ate the seal: rope fibres."));
    chat.say("marta", "Ouch. Can we keep rope away from there?");
    chat.say("priya", "A brush at the edge would do. Kofi builds one.");
    chat.at(4, 16, 48);
    chat.say("marta", "Do you need anything for the seal on Saturday?");
    chat.say("priya", "Two hours without boats, from 13:00. And cake.");
    let cake = chat.say("marta", "Both granted.");
    chat.react(&["priya"], cake, "🍰");
    chat.ago(57);
    chat.say("marta", "The plan for ramp 3 is in the folder, page 2. Is that all you need?");
    let last = chat.say("priya", "Thank you, that is all I needed");
    chat.react(&["marta"], last, "👍");
    chat.read(&["marta", "priya"], last);
}

fn jonas(story: &mut Story) {
    let chat = &mut story.chat("jonas");
    chat.at(8, 12, 30);
    chat.say("jonas", "Are you in for lunch? It is fish.");
    chat.say("marta", "It is a harbour, it is always fish. Yes.");
    chat.at(1, 16, 12);
    chat.say("jonas", "They hang!");
    let photo = chat.picture("jonas", "Boards.png", picture::boards(900, 600), Some("The new boards at gate 2"));
    chat.react(&["marta"], photo, "😍");
    chat.read(&["marta"], photo);
}

fn leila_and_yuki(story: &mut Story) {
    let chat = &mut story.chat("leila");
    chat.at(5, 17, 2);
    chat.say("leila", "Overtime of the storm week is 41 hours over all. I sent it to Grace.");
    chat.say("marta", "Thank you. Please give everybody a day off for it this month.");
    chat.at(1, 13, 37);
    chat.say("leila", "The 06:10 tomorrow is open again.");
    let last = chat.say("marta", "Could you take it? I would owe you one.");
    chat.read(&["leila", "marta"], last);

    let chat = &mut story.chat("yuki");
    chat.at(6, 20, 15);
    chat.say("yuki", "Sorry that I call so late, it is only about the locker keys.");
    chat.say("marta", "No harm done. Leila has a second set.");
    chat.at(5, 6, 58);
    let last = chat.say("yuki", "Got it, thank you! 🗝️");
    chat.read(&["marta", "yuki"], last);
}

fn the_others(story: &mut Story) {
    let chat = &mut story.chat("grace");
    chat.at(12, 10, 44);
    chat.say("grace", "Your travel costs of last month are paid.");
    let last = chat.say("marta", "Wonderful, thank you Grace.");
    chat.read(&["marta", "grace"], last);

    let chat = &mut story.chat("samir");
    chat.at(14, 21, 20);
    chat.say("samir", "I keep an eye on the low west of us. If it turns, I call you, whatever the hour.");
    chat.say("marta", "Please do.");
    chat.at(13, 5, 31);
    let last = chat.say("samir", "It passed to the north. Sleep on.");
    chat.read(&["marta", "samir"], last);

    let chat = &mut story.chat("tomasz");
    chat.at(17, 9, 12);
    chat.say("tomasz", "Tug inspection passed, no remarks.");
    let last = chat.say("marta", "As every year. Bravo!");
    chat.react(&["tomasz"], last, "⚓");
    chat.read(&["marta", "tomasz"], last);

    let chat = &mut story.chat("aoife");
    chat.at(19, 15, 0);
    let form =
        chat.say("aoife", "The form you asked for is HS-114, third drawer or https://forms.skerrylines.example/hs-114");
    chat.reply("marta", form, "Found it, thank you.");
    let last = chat.say("aoife", "👍");
    chat.read(&["marta", "aoife"], last);
}
