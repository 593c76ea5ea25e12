//! A disk that is really full: a file system in memory, of a size that is used up.
//!
//! Mounting is for a process of its own: the test starts itself once more, in a namespace where it may mount. A machine
//! where nobody may do that fails the test; it is never skipped.
#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout, reason = "the process with the small disk tells the other that it was full")]

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use tidings_journeys::{Seat, World};
use tidings_model::{Code, Connection, Delivery, Draft};

/// Where the small disk is, in the process that has one.
const DISK: &str = "TIDINGS_SMALL_DISK";
const NAME: &str = "full::a_full_disk_is_said_loses_nothing_and_goes_on_by_itself_when_there_is_room";

/// Live this test once more in a process with a disk of 48 MiB.
fn on_a_small_disk() {
    let disk = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=48m tmpfs \"$0\" && exec \"$@\"";
    let output = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(disk.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(DISK, disk.path())
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(said.contains("the small disk was full"), "the control: it was lived\n{said}");
}

/// Use up all room that is left.
fn fill(file: &Path) {
    let mut ballast = File::create(file).unwrap();
    let mut piece = vec![0_u8; 1 << 20];
    while !piece.is_empty() {
        match ballast.write_all(&piece) {
            Ok(()) => {}
            Err(error) => {
                assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
                piece.truncate(piece.len() / 2);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_loses_nothing_and_goes_on_by_itself_when_there_is_room() {
    let Some(disk) = std::env::var_os(DISK) else { return on_a_small_disk() };
    let world = World::new();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let pier = world.group("Pier", &[&priya, &marta]);
    let laptop = Seat::on(Path::new(&disk), marta.clone());
    laptop.starts().await.unwrap();
    laptop.signs_in_at(world.url()).await.unwrap();
    let hers = laptop.opens(&pier).await;
    hers.sends("written before").await;
    hers.delivers("written before", &Delivery::Sent).await;
    laptop.is_online().await;

    let ballast = Path::new(&disk).join("ballast");
    fill(&ballast);
    // Whatever room the log of the vault still has is used up too.
    let texts: Vec<String> = (0..300).map(|n| format!("while full {n} {}", "x".repeat(20_000))).collect();
    for text in &texts {
        priya.says(&pier, text);
    }
    laptop.is_connected("a full disk", |connection| matches!(connection, Connection::DiskFull { .. })).await;
    println!("the small disk was full");
    // What is there can be read, and what cannot be kept is refused, not taken and lost.
    assert!(hers.texts().contains(&"written before".to_owned()));
    let kept = hers.texts().len();
    let draft = Draft { text: "y".repeat(60_000), reply_to: None, thread: None, mentions: Vec::new() };
    let refused = laptop.engine().send_message(laptop.account(), pier.clone(), draft).await.unwrap_err();
    assert_eq!(refused.code, Code::DiskFull);

    let freed = Instant::now();
    fs::remove_file(&ballast).unwrap();
    laptop.is_online().await;
    let took = freed.elapsed();
    assert!(took < Duration::from_secs(10), "it went on after {took:?}");
    hers.sees(texts.last().unwrap()).await;
    hers.sends("written after").await;
    hers.delivers("written after", &Delivery::Sent).await;
    assert!(kept < texts.len() + 1, "the control: not everything was there while the disk was full");

    laptop.restarts().await;
    let hers = laptop.opens(&pier).await;
    let mut expected = vec!["written before".to_owned()];
    expected.extend(texts);
    expected.push("written after".to_owned());
    // What was missed in between is fetched by itself.
    hers.until("everything, once and in order", |view| (view.texts() == expected).then_some(())).await;
}
