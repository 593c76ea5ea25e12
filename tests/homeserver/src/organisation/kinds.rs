//! What is neither text nor picture: voices, stickers, places, polls that end, calls, and changes of a chat.

use std::f64::consts::TAU;

use serde_json::{Value, json};

use super::story::Story;
use crate::{
    document::{self, Document},
    picture,
};

/// Writes them.
pub(super) fn tell(story: &mut Story) {
    watch(story);
    boarding(story);
    calls(story);
}

/// Somebody who hums more than they speak: syllables of a low voice.
fn hum(name: &str, seconds: u32, pitch: f64) -> (Document, Vec<u16>) {
    let loudness = |time: f64| {
        let syllable = (time * 3.1).sin().abs() * (time * 0.9 + 1.0).sin().abs();
        syllable * (1.0 - (time / f64::from(seconds)).powi(6))
    };
    let voice = move |time: f64| {
        let tone =
            (TAU * pitch * time).sin() + 0.5 * (TAU * pitch * 2.0 * time).sin() + 0.25 * (TAU * 700.0 * time).sin();
        0.3 * tone * loudness(time)
    };
    let waveform = (0..100)
        .map(|step| loudness(f64::from(step) / 100.0 * f64::from(seconds)))
        // Between 0 and 1,024 (MSC1767).
        .map(|loud| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1")]
            let loud = (loud.clamp(0.0, 1.0) * 1024.0) as u16;
            loud
        })
        .collect();
    (document::wav(name, seconds, voice), waveform)
}

fn horn(time: f64) -> f64 {
    let swell = (time * 2.0).min(1.0) * (6.0 - time).clamp(0.0, 1.0);
    swell * 0.4 * ((TAU * 87.0 * time).sin() + (TAU * 110.0 * time).sin() + 0.5 * (TAU * 174.0 * time).sin())
}

fn watch(story: &mut Story) {
    let chat = &mut story.chat("watch");
    chat.ago(150);
    chat.say("noah", "Something was humming at berth 2 all night. This is what it sounds like:");
    chat.sound("noah", document::wav("Fog horn at berth 2.wav", 6, horn), 6, Vec::new());
    let (voice, waveform) = hum("Voice message.wav", 14, 110.0);
    chat.sound("kofi", voice, 14, waveform);
    chat.after(4);
    chat.send(
        "noah",
        "m.room.message",
        json!({
            "msgtype": "m.location", "body": "Mooring of the pilot boat", "geo_uri": "geo:59.912731,10.746090;u=12",
            "org.matrix.msc3488.location": {
                "uri": "geo:59.912731,10.746090;u=12", "description": "Mooring of the pilot boat",
            },
            "m.mentions": {},
        }),
    );
    chat.after(2);
    chat.sticker("yuki", "A small ferry at sunrise", picture::ferry_at_sunrise(256, 256));
    let (voice, waveform) = hum("Voice message.wav", 9, 165.0);
    chat.sound("aoife", voice, 9, waveform);
}

fn boarding(story: &mut Story) {
    let chat = &mut story.chat("boarding");
    chat.at(3, 9, 0);
    let poll = chat.poll("jonas", "Where does the queue begin?", &["At the gate", "At the kiosk", "At the car park"]);
    chat.vote(&["marta", "priya", "leila"], poll, 0);
    chat.vote(&["emil"], poll, 1);
    chat.after(40);
    chat.end_poll("jonas", poll);
    chat.after(5);
    chat.pin("jonas", poll);
    chat.state("jonas", "m.room.name", "", json!({"name": "New boarding flow, trial"}));
    for (local, name) in [("@leila", "Leila F."), ("@emil", "Emil Dahl, terminal 1")] {
        let who = local.trim_start_matches('@');
        chat.state(who, "m.room.member", local, json!({"membership": "join", "displayname": name}));
    }
    chat.state("jonas", "m.room.guest_access", "", json!({"guest_access": "forbidden"}));
}

fn calls(story: &mut Story) {
    let call = |id: &str, more: Value| {
        let mut content = json!({"call_id": id, "version": "1", "party_id": "demo"});
        if let (Some(content), Some(more)) = (content.as_object_mut(), more.as_object()) {
            content.extend(more.clone());
        }
        content
    };
    let offer = || json!({"lifetime": 60_000, "offer": {"type": "offer", "sdp": "v=0\r\nm=audio 9 RTP/SAVPF 111\r\n"}});
    let chat = &mut story.chat("tomasz");
    chat.at(2, 11, 20);
    chat.send("tomasz", "m.call.invite", call("demo-1", offer()));
    chat.send("marta", "m.call.answer", call("demo-1", json!({"answer": {"type": "answer", "sdp": ""}})));
    chat.after(3);
    chat.send("tomasz", "m.call.hangup", call("demo-1", json!({"reason": "user_hangup"})));
    chat.ago(48);
    chat.send("tomasz", "m.call.invite", call("demo-2", offer()));
    chat.after(1);
    chat.send("tomasz", "m.call.hangup", call("demo-2", json!({"reason": "invite_timeout"})));
}
