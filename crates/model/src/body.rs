//! What a message says, kind by kind.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Block, MediaRef, Person, Timestamp};

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Body {
    /// Text.
    Text {
        /// The text.
        blocks: Vec<Block>,
        /// Written by a machine (`m.notice`).
        notice: bool,
        /// An action (`m.emote`): drawn after the sender's name.
        emote: bool,
        /// One to three emoji and nothing else: drawn large.
        jumbo: bool,
    },
    /// A picture.
    Image {
        /// The picture.
        image: Image,
        /// Text with it.
        caption: Vec<Block>,
    },
    /// A film.
    Video {
        /// The film.
        video: Video,
        /// Text with it.
        caption: Vec<Block>,
    },
    /// A sound file.
    Audio {
        /// The sound.
        sound: Sound,
        /// Text with it.
        caption: Vec<Block>,
    },
    /// A voice message (MSC3245).
    Voice {
        /// The sound.
        sound: Sound,
    },
    /// A sticker: a small picture without a bubble.
    Sticker {
        /// The picture.
        image: Image,
        /// What the sender says is on it.
        text: String,
    },
    /// A file of any kind that is not drawn or played.
    File {
        /// The file.
        file: File,
        /// Text with it.
        caption: Vec<Block>,
    },
    /// A poll.
    Poll {
        /// The poll.
        poll: Poll,
    },
    /// A place.
    Location {
        /// The place.
        location: Location,
    },
    /// A call, or the invitation to one.
    Call {
        /// The call.
        call: Call,
    },
    /// Deleted.
    Deleted,
    /// Cannot be decrypted here (yet).
    Undecryptable {
        /// Why.
        cause: UndecryptableCause,
    },
    /// A kind this version cannot show; it is kept.
    Unsupported {
        /// The event or message type.
        what: String,
    },
}

/// Why a message cannot be decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum UndecryptableCause {
    /// The key is on its way.
    Waiting,
    /// It was sent before this device was signed in.
    BeforeSignIn,
    /// The sender does not share keys with this device.
    Withheld,
    /// Anything else.
    Unknown,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Image {
    /// Where to get it.
    pub media: MediaRef,
    /// A smaller version, if the sender made one or the server can.
    pub thumbnail: Option<MediaRef>,
    /// The file's name, made safe.
    pub name: String,
    /// Pixels, as the sender says; 0 when unknown.
    pub width: u32,
    /// Pixels, as the sender says; 0 when unknown.
    pub height: u32,
}

/// A film.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Video {
    /// The file, to play and to save.
    pub file: File,
    /// A still picture of it, if the sender made one.
    pub poster: Option<MediaRef>,
    /// Pixels, as the sender says; 0 when unknown.
    pub width: u32,
    /// Pixels, as the sender says; 0 when unknown.
    pub height: u32,
    /// Milliseconds, as the sender says.
    pub duration: Option<u32>,
}

/// Something to hear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Sound {
    /// The file, to play and to save.
    pub file: File,
    /// Milliseconds, as the sender says.
    pub duration: Option<u32>,
    /// How loud it is over time, 0 to 100 each (MSC1767 `waveform`, made even); empty when the sender does not say.
    pub waveform: Vec<u8>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct File {
    /// Where to get it.
    pub media: MediaRef,
    /// The file's name, made safe; the true extension is always visible.
    pub name: String,
    /// The true extension in capitals, for the tile; empty when there is none.
    pub extension: String,
    /// Bytes, as the sender says.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
}

/// A poll (MSC3381), as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Poll {
    /// The question.
    pub question: String,
    /// The answers, in the order of the poll.
    pub answers: Vec<PollAnswer>,
    /// How many answers one person may choose, at least one and at most all.
    pub choices: u32,
    /// How many people have a valid vote.
    pub voters: u32,
    /// Numbers come only when it is closed; until then they are nobody's to see.
    pub secret: bool,
    /// No vote counts any more.
    pub closed: bool,
    /// This person may vote now.
    pub can_vote: bool,
    /// This person may close it.
    pub can_close: bool,
}

/// An answer of a poll.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PollAnswer {
    /// What a vote names it by.
    pub id: String,
    /// The answer.
    pub text: String,
    /// How many chose it; `None` while the numbers are not to be shown.
    pub votes: Option<u32>,
    /// Some who chose it, at most three; none while the numbers are not to be shown.
    pub people: Vec<Person>,
    /// This person chose it.
    pub chosen: bool,
    /// It has the most votes of a closed poll.
    pub wins: bool,
}

/// A place, as the sender gave it. No map is fetched: that would ask a foreign host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Location {
    /// The sender's description; empty when it only repeats the coordinates.
    pub text: String,
    /// Where, if the address could be read.
    pub coordinates: Option<Coordinates>,
}

/// A place on the Earth (RFC 5870, WGS 84), in millionths of a degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Coordinates {
    /// North of the equator; south is negative. At most 90 degrees.
    pub latitude: i32,
    /// East of Greenwich; west is negative. At most 180 degrees.
    pub longitude: i32,
    /// Metres it may be off.
    pub uncertainty: Option<u32>,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// With pictures.
    pub video: bool,
    /// What became of it.
    pub state: CallState,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum CallState {
    /// It rings; after `until` it is as good as missed.
    Ringing {
        /// Until when.
        until: Timestamp,
    },
    /// A group began a call; who came is not known here.
    Started,
    /// Somebody answered; it goes on, as far as is known here.
    Answered,
    /// Nobody answered.
    Missed,
    /// The other side declined.
    Declined,
    /// It took place.
    Ended {
        /// Seconds.
        seconds: u32,
    },
}
