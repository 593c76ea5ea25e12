//! A homeserver whose one reader is in many rooms. It is kept between runs: filling it takes minutes.

use std::{fs, path::Path, process::Command};

use serde_json::json;
use tidings_corpus::{Dice, Writer};
use tidings_homeserver::{Homeserver, NewRoom, Settings, cache};
use tidings_model::{RoomId, UserId};

use crate::{failure::Failure, window::run};

const PASSWORD: &str = "measured-in-milliseconds";
const READER: &str = "reader";
const COLLEAGUES: usize = 12;
const MESSAGES: usize = 25;

/// The running homeserver.
pub(crate) struct Organisation {
    homeserver: Homeserver,
}

impl Organisation {
    /// Start it, and fill it if it was never filled with this many rooms.
    pub(crate) fn start(rooms: usize) -> Result<Self, Failure> {
        let folder = cache().join(format!("bench-homeserver-{rooms}"));
        let filled = folder.join("filled");
        if folder.exists() && !filled.exists() {
            // Half filled: begin again.
            fs::remove_dir_all(&folder)?;
        }
        let mut settings = Settings::in_folder(&folder);
        settings.name = "bench.example".to_owned();
        let organisation = Self { homeserver: Homeserver::start(settings)? };
        if !filled.exists() {
            organisation.fill(rooms)?;
            fs::write(filled, [])?;
        }
        Ok(organisation)
    }

    fn fill(&self, rooms: usize) -> Result<(), Failure> {
        let admin = self.homeserver.admin();
        let reader = admin.user(READER, "Rea Der", PASSWORD)?;
        let colleagues = (0..COLLEAGUES)
            .map(|number| Ok(admin.user(&format!("colleague{number}"), &format!("Colleague {number}"), PASSWORD)?))
            .collect::<Result<Vec<UserId>, Failure>>()?;
        let (writer, mut dice) = (Writer::new(), Dice::new(400));
        for number in 0..rooms {
            if number % 50 == 0 {
                eprintln!("filling the homeserver: {number} of {rooms} rooms");
            }
            let name = format!("Room number {number}");
            let from = number % COLLEAGUES;
            let members: Vec<UserId> =
                std::iter::once(&reader).chain(colleagues.iter().cycle().skip(from + 1).take(4)).cloned().collect();
            let Some(creator) = colleagues.get(from) else { continue };
            let made = NewRoom { name: Some(&name), members: &members, ..NewRoom::default() };
            let room = admin.create_room(creator, &made)?;
            self.talk(&room, creator, &members, &writer, &mut dice)?;
        }
        Ok(())
    }

    fn talk(
        &self,
        room: &RoomId,
        creator: &UserId,
        members: &[UserId],
        writer: &Writer,
        dice: &mut Dice,
    ) -> Result<(), Failure> {
        for _ in 0..MESSAGES {
            let sender = members.get(1 + dice.below(members.len().saturating_sub(1))).unwrap_or(creator);
            let content = json!({"msgtype": "m.text", "body": writer.message(dice, 0)});
            self.homeserver.admin().send(room, sender, "m.room.message", &content, None)?;
        }
        Ok(())
    }

    /// Sign the reader in, into this profile, with the keyring of this session.
    pub(crate) fn sign_in(&self, program: &Path, profile: &Path) -> Result<(), Failure> {
        let mut command = Command::new(program);
        command.arg("--profile").arg(profile).args(["--homeserver", &self.homeserver.url(), "--user", READER]);
        // Not on the command line, which everybody can read.
        command.env("TIDINGS_PASSWORD", PASSWORD);
        run(&mut command)
    }
}
