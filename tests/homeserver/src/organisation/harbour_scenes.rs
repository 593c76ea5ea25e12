//! What a harbour talks about on any day: short dialogues with places to fill in.
//!
//! `{ship}`, `{other}`, `{berth}`, `{ramp}`, `{gate}`, `{time}`, `{later}`, `{wind}`, `{side}` and `{count}` are filled in
//! by the day.

/// Who says what, in order.
pub(super) type Dialogue = &'static [(&'static str, &'static str)];

/// How a day begins.
pub(super) const MORNINGS: [Dialogue; 6] = [
    &[
        ("samir", "Morning all. Wind {wind} m/s from the {side}, easing after ten. Nothing that stops us."),
        ("finn", "Thank you Samir. {ship} is warm and ready."),
        ("emil", "Terminal 1 open, two early coaches are waiting."),
    ],
    &[
        ("samir", "Good morning. {wind} m/s from the {side}, visibility good, tide turns at {time}."),
        ("tomasz", "Tug crew is on board."),
        ("marta", "Thanks both. Quiet day by the look of it."),
        ("jonas", "You said it out loud 🙈"),
    ],
    &[
        ("emil", "Terminal 1 is open. {count} cars booked for the {time}."),
        ("samir", "Wind {wind} m/s, {side}. Gusts over the mole, take the {berth} side slowly."),
        ("finn", "Will do."),
    ],
    &[
        (
            "aoife",
            "Morning. Gangway at gate {gate} was icy at five, it is gritted now. Please look again before the {time}.",
        ),
        ("emil", "Looked. Dry."),
        ("samir", "Wind {wind} m/s from the {side}, dropping."),
    ],
    &[
        ("samir", "Fog until about {time}. Horn and radar, {ship} leaves ten minutes late."),
        ("jonas", "Boards at terminal 2 say so already."),
        ("leila", "Crew knows."),
        ("samir", "Lifting faster than I thought. Back to the timetable from {later}."),
    ],
    &[
        ("leila", "Everybody who should be here is here. First time this week."),
        ("yuki", "I was early!"),
        ("samir", "And the wind is {wind} m/s from the {side}. A good morning."),
    ],
];

/// What comes up during a day.
pub(super) const MATTERS: [Dialogue; 34] = [
    &[
        (
            "priya",
            "Ramp {ramp}: pressure drops two bar in an hour. Not a leak we can see. I keep it in use and look again at {time}.",
        ),
        ("marta", "How sure are you that it holds?"),
        ("priya", "Sure for today. For the weekend I want the seal changed."),
        ("kofi", "Seal is in store, shelf 14. I can do it between the {time} and the {later}."),
        ("marta", "Please do."),
    ],
    &[
        ("jonas", "Gate {gate} will not close by itself again. Guard is holding it."),
        ("kofi", "The sensor is full of salt. Ten minutes."),
        ("jonas", "It closes. Thank you Kofi."),
    ],
    &[
        ("emil", "A school class of {count} for the {time}, not {count} minus ten as booked. Do we have room?"),
        ("leila", "{ship} takes them, but I need one more on deck."),
        ("yuki", "I can stay until {later}."),
        ("leila", "Then yes. Thank you Yuki."),
    ],
    &[
        ("finn", "{ship} asks for berth {berth} instead, the swell at ours is unpleasant."),
        ("samir", "Berth {berth} is free until {later}."),
        ("marta", "Take it. Jonas, the boards please."),
        ("jonas", "Done."),
    ],
    &[
        ("noah", "Somebody parked a van in the ambulance lane at gate {gate}."),
        ("jonas", "White, with ladders? Belongs to the painters. I am calling them."),
        ("noah", "Gone. He was very sorry."),
    ],
    &[
        ("tomasz", "Tug is needed in Lyrvik from {time}. Back by {later}."),
        ("samir", "No calls at 5 before that. Fine."),
        ("marta", "OK."),
    ],
    &[
        ("grace", "Fuel delivery is split this month, half on Tuesday and half on Thursday. Who signs?"),
        ("finn", "I sign for {ship}."),
        ("kofi", "I do for the tug."),
        ("grace", "Perfect. Please send me the papers the same day."),
    ],
    &[
        ("aoife", "Lifejacket count on {ship} is four short of the list."),
        ("yuki", "They are in the drying room since the drill."),
        ("aoife", "Please bring them back before the {time} and tell me."),
        ("yuki", "Back. {count} counted."),
        ("aoife", "Thank you."),
    ],
    &[
        ("leila", "Swap for tomorrow: Noah takes the late shift, Yuki the early one."),
        ("noah", "Yes."),
        ("yuki", "Yes 👍"),
    ],
    &[
        ("jonas", "Ticket reader 2 at gate {gate} reads every second code only."),
        ("emil", "Take the spare from terminal 1, I will send Noah with it."),
        ("noah", "On my way with a bike."),
        ("jonas", "Works."),
    ],
    &[
        ("samir", "Gale warning for tonight, {wind} m/s and more after 21:00."),
        ("marta", "Last boat leaves at {later} then, and we double the lines."),
        ("finn", "{ship} and {other} both?"),
        ("marta", "Both. Tomasz stays on call."),
        ("tomasz", "I stay."),
    ],
    &[
        ("emil", "A lady lost a red suitcase on the {time}. Inside: a violin."),
        ("yuki", "Found, car deck, lane 3. I am holding it as if it were a baby."),
        ("emil", "She is crying with joy. Thank you."),
    ],
    &[
        (
            "priya",
            "The diver looks at the fender of berth {berth} from {time} to {later}. No propellers near him please.",
        ),
        ("samir", "Berth {berth} closed on the plan."),
        ("tomasz", "Understood."),
        ("priya", "Diver is out. Two bolts to replace, the rest is good."),
    ],
    &[
        ("helena", "Visitors from the county at {time}, six people. Who shows them round?"),
        ("marta", "I do the harbour, Jonas the terminal."),
        ("jonas", "With coffee."),
        ("helena", "Thank you. They are interested in the shore power."),
    ],
    &[
        ("kofi", "Shore power at berth {berth} trips when {other} connects. It is the old plug."),
        ("priya", "Do not use it today. I order the new one."),
        ("kofi", "Tagged and locked."),
    ],
    &[
        ("leila", "Yuki is ill. I need someone on {ship} from {time}."),
        ("noah", "I can do until {later}."),
        ("leila", "That is enough. Thank you."),
        ("marta", "Get well, Yuki."),
    ],
    &[
        ("jonas", "{count} cars in the queue for the {time}, the deck takes fifteen fewer."),
        ("emil", "I tell the last ones now, with a coffee voucher."),
        ("marta", "{other} can take them at {later}."),
        ("jonas", "Told. Nobody shouted."),
    ],
    &[
        ("aoife", "Near miss at gate {gate}: reversing lorry, child on a scooter. Nobody hurt. Form is in the folder."),
        ("noah", "I was there. A rope between the posts would have been enough."),
        ("marta", "Rope today, rail next week. Priya?"),
        ("priya", "Rail is in the workshop on Monday."),
    ],
    &[
        ("finn", "Radar 2 on {ship} restarts every hour. Radar 1 is fine."),
        ("samir", "Service can come on Wednesday at {time}."),
        ("finn", "Good."),
    ],
    &[("tomasz", "Pilot for the gravel boat is booked for {time}."), ("samir", "Seen.")],
    &[
        ("emil", "Card machine at the kiosk is down. Cash only."),
        ("grace", "Their line was cut by the works at quay 5. They say {later}."),
        ("emil", "Back since a minute."),
    ],
    &[
        ("noah", "Round at 05:00 done. Nothing, except a seal on the slipway."),
        ("yuki", "Photo!"),
        ("noah", "He left before I found my phone."),
    ],
    &[
        ("marta", "Reminder: drill at {time} on {other}. Thirty minutes, everybody who is not on watch."),
        ("aoife", "Muster list is on the board at gate {gate}."),
        ("finn", "Coming with four."),
        ("aoife", "Done in 22 minutes. Best so far. Thank you all."),
    ],
    &[
        ("jonas", "The announcement at terminal 2 still says Sunday timetable."),
        ("emil", "Changed. Who told the computer that it is Sunday?"),
        ("jonas", "Wishful thinking."),
    ],
    &[
        ("priya", "Ramp {ramp} is up for greasing from {time} to {later}."),
        ("samir", "Noted, {ship} uses the other one."),
        ("priya", "Down again."),
    ],
    &[
        ("leila", "Who has the key to the crew room at terminal 2?"),
        ("yuki", "Under the third flower pot. I mean: in the key box, of course."),
        ("aoife", "I read that."),
    ],
    &[
        ("finn", "Thirty passengers more than usual on the {time}. Concert in Lyrvik."),
        ("emil", "It will be worse on the way back. I keep the kiosk open until {later}."),
        ("marta", "Good idea."),
    ],
    &[
        ("kofi", "Bilge alarm on {other} was the sensor. Cleaned, tested twice."),
        ("finn", "Thank you, I sleep better."),
    ],
    &[
        ("samir", "{ship} off the quay at {time}."),
        ("jonas", "{count} cars, {count} happy faces."),
        ("emil", "Minus the one who forgot his wife. She takes the next one."),
    ],
    &[
        ("tomasz", "A yacht is anchored in the fairway, south of buoy 4."),
        ("samir", "Called him twice on 16. He is sleeping."),
        ("tomasz", "I go and knock."),
        ("tomasz", "He moves."),
    ],
    &[
        ("grace", "Parking income is up nine percent since the new signs."),
        ("helena", "Wonderful. Who had that idea?"),
        ("grace", "Noah."),
        ("noah", "I only wanted people to stop asking me."),
    ],
    &[
        ("jonas", "Wheelchair assistance for the {time}, two people, gate {gate}."),
        ("yuki", "I meet them at the kerb."),
        ("jonas", "Thank you."),
    ],
    &[
        ("aoife", "Fire door at the workshop was wedged open again. Please do not."),
        ("kofi", "That was me with the compressor. Sorry. There is a proper hook now."),
        ("aoife", "Even better."),
    ],
    &[
        ("emil", "Bread for {ship} and {other} is here."),
        ("yuki", "Collecting at {time}."),
        ("finn", "Leave some on board this time."),
    ],
];

/// How a day ends.
pub(super) const EVENINGS: [Dialogue; 4] = [
    &[("finn", "{ship} secured at {berth}. Good night."), ("noah", "Night watch has taken over.")],
    &[("jonas", "Terminal 2 closed. {count} cars today."), ("marta", "Thank you all. See you tomorrow.")],
    &[("noah", "All gates locked. Gate {gate} needed two tries."), ("kofi", "I look at it tomorrow.")],
    &[("samir", "Last boat in. Wind {wind} m/s, going down."), ("tomasz", "Tug off. Good night.")],
];
