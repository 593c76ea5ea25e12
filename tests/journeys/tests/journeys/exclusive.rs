//! One profile, one program; and a program that is killed.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use rand::{Rng as _, SeedableRng as _};
use tidings_engine::Engine;
use tidings_journeys::{PATIENCE, Person, World};
use tidings_model::{Code, RoomId};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_program_on_the_same_profile_is_turned_away() {
    let world = World::new();
    let priya = world.person("Priya").signed_in().await;
    let room = world.group("Pier", &[&priya]);
    let Err(failure) = Engine::start(priya.config(), priya.ports()).await else { panic!("two at once") };
    assert_eq!(failure.code, Code::InUse);
    priya.has(&room).await;
    priya.restarts().await;
    priya.has(&room).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_starts_at_once_exactly_one_runs() {
    let world = World::new();
    let priya = world.person("Priya").signed_in().await;
    priya.quits().await;
    for _ in 0..5 {
        let starts: Vec<_> = (0..20).map(|_| tokio::spawn(Engine::start(priya.config(), priya.ports()))).collect();
        let mut running = Vec::new();
        for start in starts {
            match start.await.unwrap() {
                Ok(engine) => running.push(engine),
                Err(failure) => assert_eq!(failure.code, Code::InUse),
            }
        }
        assert_eq!(running.len(), 1);
        running[0].shutdown().await;
    }
    priya.starts().await.unwrap();
    priya.is_online().await;
}

/// How often the program is killed, unless `TIDINGS_KILLS` says otherwise.
const KILLS: u32 = 20;
/// How many messages a run takes at most.
const MOST: u32 = 40;

struct Sender {
    process: Child,
    said: std::io::Lines<BufReader<ChildStdout>>,
}

impl Sender {
    fn start(folder: &std::path::Path, priya: &Person, room: &RoomId, run: u32, most: u32) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_sender"))
            .arg(folder.join("profile"))
            .arg(folder.join("keyring"))
            .args([priya.world().url(), priya.local(), priya.password(), room.as_str()])
            .args([run.to_string(), most.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { process, said }
    }

    /// Wait for it to be online.
    fn is_online(&mut self) {
        assert_eq!(self.said.next().unwrap().unwrap(), "online");
    }

    /// End it as a power cut would, and give what it said it had accepted.
    fn ends(mut self) -> Vec<String> {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.said.map_while(Result::ok).filter_map(|line| line.strip_prefix("accepted ").map(str::to_owned)).collect()
    }
}

#[test]
fn what_a_killed_program_had_accepted_is_sent_once_and_in_order() {
    let world = World::new();
    let priya = world.person("Priya");
    let room = world.group("Pier", &[&priya]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("keyring")).unwrap();
    let kills = std::env::var("TIDINGS_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let seed: u64 = std::env::var("TIDINGS_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    let seed_said = format!("TIDINGS_SEED={seed} TIDINGS_KILLS={kills}");
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);

    let mut accepted = Vec::new();
    for run in 1..=kills {
        let mut sender = Sender::start(folder.path(), &priya, &room, run, MOST);
        sender.is_online();
        // The stimulus, not a wait: the moment of the power cut.
        std::thread::sleep(Duration::from_millis(random.random_range(5..=500)));
        accepted.extend(sender.ends());
    }
    assert!(accepted.len() > usize::try_from(kills).unwrap(), "the control: something was accepted");

    let mut last = Sender::start(folder.path(), &priya, &room, kills + 1, 1);
    last.is_online();
    let end = format!("{}.1", kills + 1);
    let began = Instant::now();
    let arrived = loop {
        let arrived = world.on_the_server(&room, &priya);
        if arrived.last() == Some(&end) {
            break arrived;
        }
        assert!(began.elapsed() < 2 * PATIENCE, "the last message did not arrive, {seed_said}; {} did", arrived.len());
    };
    last.ends();

    let number = |text: &String| {
        let (run, number) = text.split_once('.').unwrap();
        (run.parse::<u32>().unwrap(), number.parse::<u32>().unwrap())
    };
    let order: Vec<_> = arrived.iter().map(number).collect();
    assert!(order.is_sorted(), "in order, {seed_said}: {arrived:?}");
    let mut once = arrived.clone();
    once.dedup();
    assert_eq!(once.len(), arrived.len(), "nothing twice, {seed_said}: {arrived:?}");
    let lost: Vec<_> = accepted.iter().filter(|text| !arrived.contains(text)).collect();
    assert!(lost.is_empty(), "lost, {seed_said}: {lost:?}");
}
