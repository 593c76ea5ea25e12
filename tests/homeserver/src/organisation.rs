//! Skerry Lines: a small ferry company with weeks of history, founded on an empty homeserver.
//!
//! **Invariant:** the same now gives the same story; what is said lies before now, and nothing says who tells it.
//! **Invariant:** a folder holds either the whole organisation or none: one that was interrupted is founded again.
//!
//! Refused: a database with the story in it. It would grow old, and no review could read it.

mod chats;
mod harbour;
mod harbour_scenes;
mod kinds;
mod story;

use std::{collections::BTreeMap, fs, time::Duration};

use jiff::{Zoned, civil};
use serde_json::json;
use tidings_model::{RoomId, Timestamp, UserId};

use crate::{Admin, Error, Homeserver, NewRoom, Settings, Venv, picture};

/// The password of everybody at Skerry Lines.
pub const PASSWORD: &str = "harbour-lights-21";

/// How many days the story reaches back.
const DAYS: u64 = 24;

/// The people: local part, name, and what they do (the first one signs in).
pub const PEOPLE: [(&str, &str, &str); 14] = [
    ("marta", "Marta Lindqvist", "Operations lead"),
    ("priya", "Priya Raman", "Harbour engineer"),
    ("jonas", "Jonas Halvorsen", "Terminal 2"),
    ("leila", "Leila Farouk", "Crew planning"),
    ("samir", "Samir Haddad", "Bridge"),
    ("aoife", "Aoife Brennan", "Safety"),
    ("tomasz", "Tomasz Wiśniewski", "Tug and pilotage"),
    ("noah", "Noah Fischer", "Harbour guard"),
    ("grace", "Grace Mbeki", "Finance"),
    ("yuki", "Yuki Tanabe", "Deck crew"),
    ("helena", "Helena Strand", "Managing director"),
    ("finn", "Finn Larsen", "Master, Skerry Tern"),
    ("kofi", "Kofi Mensah", "Harbour mechanic"),
    ("emil", "Emil Dahl", "Harbour office, terminal 1"),
];

/// Who is where, after the founding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Matrix ids by local part.
    pub people: BTreeMap<String, UserId>,
    /// Rooms by short name: `harbour`, `rota`, `bridge`, `safety`, `finance`, `bikes`, `watch`, `boarding`, `works` (an
    /// invitation for Marta), `incident` (encrypted, still silent), and each direct chat by the other's local part.
    pub rooms: BTreeMap<String, RoomId>,
}

impl Organisation {
    /// The Matrix id of a local part; a person who is not there gets an id nobody has.
    #[must_use]
    pub fn person(&self, local: &str) -> UserId {
        self.people.get(local).cloned().unwrap_or_else(|| UserId(format!("@{local}:unknown.invalid")))
    }

    /// The room of a short name.
    #[must_use]
    pub fn room(&self, name: &str) -> Option<&RoomId> {
        self.rooms.get(name)
    }
}

/// Starts the homeserver of these settings with the whole organisation in it, founding it when the folder has none.
/// `progress` is told each step before it begins.
///
/// # Errors
/// When the homeserver does not start or refuses, or the folder cannot be written.
pub fn found(
    venv: Venv,
    settings: Settings,
    now: Timestamp,
    progress: impl Fn(&str),
) -> Result<(Homeserver, Organisation), Error> {
    let marker = settings.folder.join("organisation.json");
    if let Some(organisation) = fs::read_to_string(&marker).ok().and_then(|text| read(&text)) {
        progress("Starting the homeserver");
        return Ok((Homeserver::start_with(venv, settings)?, organisation));
    }
    if settings.folder.join("homeserver.db").exists() {
        fs::remove_dir_all(&settings.folder).map_err(Error::file("remove", &settings.folder))?;
    }
    let today = settings.behind;
    progress("Starting the homeserver");
    let behind = today + Duration::from_secs(DAYS * 24 * 3600);
    let mut homeserver = Homeserver::start_with(venv, Settings { behind, ..settings })?;
    progress("Founding Skerry Lines: people and chats");
    let calendar = Calendar::at(now);
    let organisation = Organisation { people: hire(homeserver.admin())?, rooms: BTreeMap::new() };
    let organisation = open_chats(homeserver.admin(), organisation, &calendar)?;
    progress("Bringing its clock to today");
    homeserver.change(|settings| settings.behind = today)?;
    let mut story = story::Story::new(now, calendar.clone());
    harbour::tell(&mut story);
    chats::tell(&mut story);
    kinds::tell(&mut story);
    story.play(homeserver.admin(), &organisation, &progress)?;
    settle(homeserver.admin(), &organisation)?;
    let kept = json!({"people": organisation.people, "rooms": organisation.rooms});
    fs::write(&marker, format!("{kept:#}\n")).map_err(Error::file("write", &marker))?;
    Ok((homeserver, organisation))
}

fn read(text: &str) -> Option<Organisation> {
    let kept: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(Organisation {
        people: serde_json::from_value(kept.get("people")?.clone()).ok()?,
        rooms: serde_json::from_value(kept.get("rooms")?.clone()).ok()?,
    })
}

/// Accounts, and pictures for some.
fn hire(admin: &Admin) -> Result<BTreeMap<String, UserId>, Error> {
    let mut people = BTreeMap::new();
    for (local, name, _) in PEOPLE {
        let user = admin.user(local, name, PASSWORD)?;
        let picture = match local {
            "tomasz" => Some(picture::tug(256, 256)),
            "finn" => Some(picture::ferry_at_sunrise(256, 256)),
            "kofi" => Some(picture::cranes_at_dusk(256, 256)),
            _ => None,
        };
        if let Some(picture) = picture {
            let url = admin.upload(&user, &picture.png(), "image/png", "me.png")?;
            admin.set_avatar(&user, &url)?;
        }
        people.insert(local.to_owned(), user);
    }
    Ok(people)
}

/// The rooms, all made on the first day.
fn open_chats(admin: &Admin, mut organisation: Organisation, calendar: &Calendar) -> Result<Organisation, Error> {
    let all: Vec<&str> = PEOPLE.iter().map(|(local, ..)| *local).collect();
    let rota = format!("Crew rota, week {}", calendar.week());
    let finance = format!("Finance close, {}", calendar.last_month());
    let bridge = ["marta", "finn", "tomasz", "priya", "jonas", "helena"];
    // Short name, name, topic, who makes it, who else is in it, encrypted.
    type Group<'a> = (&'a str, &'a str, &'a str, &'a str, &'a [&'a str], bool);
    let groups: [Group<'_>; 10] = [
        ("harbour", "Harbour Ops", "Berths, ramps and gates, day by day", "marta", &all, false),
        (
            "rota",
            &rota,
            "Who sails when. Swaps until Thursday noon",
            "leila",
            &["marta", "noah", "yuki", "finn", "jonas", "samir"],
            false,
        ),
        ("bridge", "Bridge and fleet", "Weather, berths, the four ships", "samir", &bridge, false),
        (
            "safety",
            "Safety reps",
            "Drills, near misses, minutes",
            "aoife",
            &["marta", "priya", "noah", "yuki", "kofi", "finn"],
            false,
        ),
        ("finance", &finance, "Closing figures and open questions", "grace", &["marta", "helena", "emil"], false),
        (
            "bikes",
            "Terminal bikes",
            "Eleven bikes, one lock code",
            "emil",
            &["marta", "jonas", "noah", "yuki", "kofi", "leila"],
            false,
        ),
        (
            "watch",
            "Night watch",
            "Handover at 06:00 and 22:00",
            "noah",
            &["marta", "yuki", "kofi", "aoife", "tomasz"],
            false,
        ),
        (
            "boarding",
            "New boarding flow",
            "Trial at terminal 2",
            "jonas",
            &["marta", "priya", "emil", "leila", "helena"],
            false,
        ),
        ("works", "Quay 5 renewal", "Contractors, closures, noise", "kofi", &["priya", "tomasz"], false),
        ("incident", "Incident review", "Confidential until the report is out", "marta", &["priya", "jonas"], true),
    ];
    for (short, name, topic, creator, members, encrypted) in groups {
        let creator = organisation.person(creator);
        let members: Vec<UserId> =
            members.iter().map(|local| organisation.person(local)).filter(|member| *member != creator).collect();
        let picture = match short {
            "bikes" => Some(picture::bicycle(256, 256)),
            "bridge" => Some(picture::compass(256, 256)),
            _ => None,
        };
        let url =
            picture.map(|picture| admin.upload(&creator, &picture.png(), "image/png", "group.png")).transpose()?;
        let new = NewRoom {
            name: Some(name),
            topic: Some(topic),
            members: &members,
            encrypted,
            avatar: url.as_deref(),
            ..NewRoom::default()
        };
        organisation.rooms.insert(short.to_owned(), admin.create_room(&creator, &new)?);
    }
    let marta = organisation.person("marta");
    for local in ["helena", "priya", "jonas", "leila", "yuki", "grace", "samir", "tomasz", "aoife"] {
        let other = [organisation.person(local)];
        let room = admin.create_room(&marta, &NewRoom { members: &other, direct: true, ..NewRoom::default() })?;
        organisation.rooms.insert(local.to_owned(), room);
    }
    Ok(organisation)
}

/// What Marta keeps at the top and silent, and what she is invited to.
fn settle(admin: &Admin, organisation: &Organisation) -> Result<(), Error> {
    let marta = organisation.person("marta");
    for (short, order) in [("harbour", 0.1), ("rota", 0.2)] {
        if let Some(room) = organisation.room(short) {
            admin.pin(&marta, room, order)?;
        }
    }
    if let Some(room) = organisation.room("safety") {
        admin.mute(&marta, room)?;
    }
    if let Some(room) = organisation.room("works") {
        admin.invite(room, &organisation.person("kofi"), &marta)?;
    }
    Ok(())
}

/// Days as people at Skerry Lines count them, in this computer's time zone.
#[derive(Clone, Debug)]
pub(crate) struct Calendar {
    now: Zoned,
}

impl Calendar {
    fn at(now: Timestamp) -> Self {
        let instant = jiff::Timestamp::from_millisecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        Self { now: instant.to_zoned(jiff::tz::TimeZone::system()) }
    }

    /// A time of day, so many days before today. Never after now.
    pub(crate) fn time(&self, days_ago: u32, hour: i8, minute: i8) -> Timestamp {
        let span = jiff::Span::new().days(i64::from(days_ago));
        let day = self.now.date().checked_sub(span).unwrap_or(self.now.date());
        let time = civil::Time::new(hour, minute, 0, 0).unwrap_or(civil::Time::MIN);
        let moment = day.to_datetime(time).to_zoned(self.now.time_zone().clone());
        let moment = moment.map_or(self.now.timestamp(), |moment| moment.timestamp());
        Timestamp(moment.min(self.now.timestamp()).as_millisecond())
    }

    /// Whether that day is a Saturday or Sunday.
    pub(crate) fn weekend(&self, days_ago: u32) -> bool {
        let day = self.now.date().checked_sub(jiff::Span::new().days(i64::from(days_ago)));
        day.is_ok_and(|day| matches!(day.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday))
    }

    /// The ISO week of today.
    pub(crate) fn week(&self) -> i8 {
        self.now.date().iso_week_date().week()
    }

    /// The month before this one, in English.
    pub(crate) fn last_month(&self) -> &'static str {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let last = usize::try_from(self.now.month()).unwrap_or(1) + 10;
        MONTHS.get(last % 12).copied().unwrap_or("May")
    }
}
