//! Files that are damaged, or older than what they stand beside.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tidings_journeys::{Answer, Proxy, Reply, Seat, View, World};
use tidings_model::{AppState, Care, Connection, Delivery, LockReason, Preview, RoomId, Screen};

const VAULT: &str = "vault.db";
const KEYS: &str = "matrix-sdk-crypto.sqlite3";
const STATE: &str = "matrix-sdk-state.sqlite3";

/// The one file of this name in a profile.
fn file(seat: &Seat, name: &str) -> PathBuf {
    let is_it = |path: &PathBuf| path.file_name().is_some_and(|it| it == name);
    let found: Vec<PathBuf> = seat.files().into_iter().filter(is_it).collect();
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found.into_iter().next().unwrap()
}

/// Make every fourth page of a file something else; its first pages stay.
fn damage(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    assert!(bytes.len() > 20 * 4096, "the control: there is something to damage in {} bytes", bytes.len());
    for page in bytes.chunks_mut(4096).skip(2).step_by(4) {
        page.fill(0x5a);
    }
    fs::write(file, bytes).unwrap();
}

/// Put an older copy of a database in its place, without the log of the newer one.
fn put_back(older: &[u8], file: &Path) {
    for ending in ["-wal", "-shm"] {
        let beside = PathBuf::from(format!("{}{ending}", file.display()));
        if beside.exists() {
            fs::remove_file(beside).unwrap();
        }
    }
    fs::write(file, older).unwrap();
}

/// Priya and Marta in an encrypted group, where something was said.
async fn two(world: &World) -> (Seat, Seat, RoomId) {
    let (priya, marta) = (world.person("Priya").signed_in().await, world.person("Marta").signed_in().await);
    let room = world.encrypted_group("Pier", &[&priya, &marta]);
    let his = priya.opens_encrypted(&room).await;
    let hers = marta.opens_encrypted(&room).await;
    his.sends("before").await;
    hers.sees("before").await;
    (priya, marta, room)
}

/// The device of these keys is not used again: she signs in as a new one, and goes on with what she had.
async fn goes_on_as_a_new_device(world: &World, priya: &Seat, marta: &Seat, room: &RoomId, old: &[String]) {
    marta.is_connected("an ended session", |connection| *connection == Connection::SessionEnded).await;
    let hers = marta.opens(room).await;
    assert_eq!(hers.texts(), ["before"]);
    // A wrong password changes nothing of that.
    marta.engine().sign_in_again(marta.account(), "guess".to_owned()).await.unwrap_err();
    marta.engine().sign_in_again(marta.account(), marta.password().to_owned()).await.unwrap();
    marta.is_online().await;
    let new = world.admin().devices(marta.user()).unwrap();
    assert_eq!(new.len(), 1, "{new:?}");
    assert_ne!(new, old, "another device");
    let his = priya.opens_encrypted(room).await;
    hers.sends("from the new one").await;
    his.sees("from the new one").await;
    his.sends("to the new one").await;
    hers.sees("to the new one").await;
    // Nor is the new one taken for the old one later.
    marta.restarts().await;
    marta.is_online().await;
    assert_eq!(world.admin().devices(marta.user()).unwrap(), new);
    assert_eq!(marta.opens(room).await.texts(), ["before", "from the new one", "to the new one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_copy_of_the_keys_is_never_used_again() {
    let world = World::new();
    let (priya, marta, room) = two(&world).await;
    let devices = world.admin().devices(marta.user()).unwrap();
    marta.restarts().await;
    marta.is_online().await;
    marta.quits().await;
    let keys = file(&marta, KEYS);
    let older = fs::read(&keys).unwrap();

    // The control: as they were left, they are the ones.
    put_back(&older, &keys);
    marta.starts().await.unwrap();
    marta.is_online().await;
    assert_eq!(world.admin().devices(marta.user()).unwrap(), devices);
    marta.quits().await;

    put_back(&older, &keys);
    marta.starts().await.unwrap();
    goes_on_as_a_new_device(&world, &priya, &marta, &room, &devices).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_gone_or_damaged_end_the_device_and_nothing_else() {
    for gone in [true, false] {
        let world = World::new();
        let (priya, marta, room) = two(&world).await;
        let devices = world.admin().devices(marta.user()).unwrap();
        marta.quits().await;
        let keys = file(&marta, KEYS);
        if gone {
            fs::remove_file(&keys).unwrap();
        } else {
            damage(&keys);
        }
        marta.starts().await.unwrap();
        goes_on_as_a_new_device(&world, &priya, &marta, &room, &devices).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_or_damaged_copy_of_what_the_server_has_costs_nothing() {
    let world = World::new();
    let (priya, marta, room) = two(&world).await;
    let devices = world.admin().devices(marta.user()).unwrap();
    marta.quits().await;
    let state = file(&marta, STATE);
    let older = fs::read(&state).unwrap();
    marta.starts().await.unwrap();
    let his = priya.opens(&room).await;
    his.sends("meanwhile").await;
    marta.has_preview(&room, "meanwhile").await;
    marta.quits().await;

    put_back(&older, &state);
    marta.starts().await.unwrap();
    let hers = marta.opens(&room).await;
    his.sends("after the older copy").await;
    hers.shows(&["before", "meanwhile", "after the older copy"]).await;
    marta.quits().await;

    damage(&state);
    marta.starts().await.unwrap();
    let hers = marta.opens(&room).await;
    his.sends("after the damage").await;
    hers.shows(&["before", "meanwhile", "after the older copy", "after the damage"]).await;
    assert_eq!(world.admin().devices(marta.user()).unwrap(), devices, "the same device");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_vault_is_built_anew_with_the_draft_and_what_was_not_sent() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let priya = world.person("Priya").signed_in().await;
    let marta = world.person("Marta").signed_in_at(&proxy.url()).await;
    let room = world.encrypted_group("Pier", &[&priya, &marta]);
    let (his, hers) = (priya.opens_encrypted(&room).await, marta.opens_encrypted(&room).await);
    proxy.treats(|request| if request.is_send() { Answer::error(503, "M_UNKNOWN").reply() } else { Reply::Pass });
    hers.sends("not sent yet").await;
    hers.drafts("half a thought").await;
    let draft = Preview::Draft { text: "half a thought".to_owned() };
    marta.until_row(&room, "a draft", |row| (row.preview == draft).then_some(())).await;
    // What comes after stands at the end of the file; texts that repeat themselves would take no room there.
    for n in 0..60_u64 {
        let words = (0..180).map(|word| format!("{:x}", (n * 180 + word).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        his.sends(&format!("message {n} {}", words.collect::<Vec<_>>().join(" "))).await;
    }
    let last = |view: &View| view.texts().iter().any(|text| text.starts_with("message 59")).then_some(());
    hers.until("the last message", last).await;
    marta.quits().await;
    proxy.heals();
    let vault = file(&marta, VAULT);
    let length = fs::metadata(&vault).unwrap().len();
    fs::File::options().write(true).open(&vault).unwrap().set_len(length - 8 * 4096).unwrap();

    marta.starts().await.unwrap();
    let damaged = |app: &AppState| matches!(app.screen, Screen::Locked { reason: LockReason::Damaged, .. });
    marta.until("a damaged vault", |app| damaged(app).then_some(())).await;
    marta.engine().repair(marta.account(), None).await.unwrap();
    marta.opens_the_chats().await;
    let care = |app: &AppState| match &app.screen {
        Screen::Chats { account } => account.care,
        _ => None,
    };
    let said = marta.until("what happened", care).await;
    assert_eq!(said, Care::Rebuilt { lost: false });
    let aside = marta.files().into_iter().any(|file| file.to_string_lossy().contains("damaged"));
    assert!(aside, "the damaged file is kept");
    let hers = marta.opens(&room).await;
    assert_eq!(hers.now().draft.text, "half a thought");
    hers.delivers("not sent yet", &Delivery::Sent).await;
    his.sees("not sent yet").await;
    hers.until("the last message", last).await;
    marta.engine().care_read(marta.account()).await.unwrap();
    marta.restarts().await;
    marta.is_online().await;
    assert_eq!(care(&marta.app()), None);
    marta.has(&room).await;
}
