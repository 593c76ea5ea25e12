//! Messages whose key comes later.

use tidings_journeys::{Answer, Proxy, Reply, Seat, World};
use tidings_model::{Account, Code, Recovery, RoomId, Screen};

/// What Priya wrote before Marta's second computer was there.
const TEXTS: [&str; 3] = ["the ramp is up", "the ramp is down", "lunch?"];

/// An encrypted room of the two, in which Priya wrote; and Marta's second computer, which cannot read it.
async fn a_second_computer(world: &World) -> (Seat, Seat, Seat, RoomId) {
    let (priya, laptop) = (world.person("Priya").signed_in().await, world.person("Marta").signed_in().await);
    let room = world.encrypted_group("Pier", &[&*priya, &*laptop]);
    let his = priya.opens_encrypted(&room).await;
    let hers = laptop.opens_encrypted(&room).await;
    for text in TEXTS {
        his.sends(text).await;
        hers.sees(text).await;
    }
    let tower = (*laptop).clone().signed_in().await;
    (priya, laptop, tower, room)
}

/// The rows are there, and cannot be read.
async fn cannot_read(tower: &Seat, room: &RoomId) -> tidings_journeys::Chat {
    let chat = tower.opens_encrypted(room).await;
    chat.until("three rows that cannot be read", |view| {
        let unreadable = view.texts().iter().filter(|text| text.starts_with("[undecryptable")).count();
        (unreadable == TEXTS.len()).then_some(())
    })
    .await;
    tower.until_row(room, "three unread", |row| (row.unread == 3).then_some(())).await;
    chat
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_is_opened_makes_old_messages_readable_in_their_place() {
    let world = World::new();
    let (priya, laptop, tower, room) = a_second_computer(&world).await;
    let key = laptop.engine().set_up_recovery(laptop.account()).await.unwrap();
    let chat = cannot_read(&tower, &room).await;
    let keys: Vec<_> = chat.now().items.iter().map(|item| item.key.clone()).collect();

    let wrong = tower.engine().recover(tower.account(), "EsTs not a key".to_owned()).await.unwrap_err();
    assert_eq!(wrong.code, Code::WrongKey);
    assert!(!wrong.details.contains("EsTs"), "{wrong}");
    tower.engine().recover(tower.account(), key).await.unwrap();
    chat.shows(&TEXTS).await;
    let view = chat.now();
    assert_eq!(view.items.iter().map(|item| item.key.clone()).collect::<Vec<_>>(), keys, "no row moved");
    tower.has_preview(&room, "lunch?").await;
    tower.until_row(&room, "three unread", |row| (row.unread == 3).then_some(())).await;

    // What comes later is read by both, and a restart forgets nothing.
    let his = priya.opens(&room).await;
    his.sends("and on").await;
    chat.sees("and on").await;
    tower.restarts().await;
    let chat = tower.opens(&room).await;
    chat.shows(&[TEXTS[0], TEXTS[1], TEXTS[2], "and on"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_keys_makes_old_messages_readable() {
    let world = World::new();
    let (_priya, laptop, tower, room) = a_second_computer(&world).await;
    let name = laptop.engine().export_keys(laptop.account(), "a passphrase".to_owned()).await.unwrap();
    let file = laptop.downloads().join(name);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("-----BEGIN MEGOLM SESSION DATA-----"), "as other messengers write it");
    let chat = cannot_read(&tower, &room).await;

    let import = |passphrase: &str, file: &str| {
        let (engine, account, passphrase, file) =
            (tower.engine(), tower.account(), passphrase.to_owned(), file.as_bytes().to_vec());
        async move { engine.import_keys(account, file, passphrase).await }
    };
    assert_eq!(import("another", &text).await.unwrap_err().code, Code::WrongKey);
    assert_eq!(import("a passphrase", "something else").await.unwrap_err().code, Code::WrongKey);
    assert!(import("a passphrase", &text).await.unwrap() >= 1);
    assert!(tower.files().iter().all(|file| !file.ends_with("keys-to-import")), "nothing of it is left");
    chat.shows(&TEXTS).await;
    tower.has_preview(&room, "lunch?").await;
    tower.until_row(&room, "three unread", |row| (row.unread == 3).then_some(())).await;
    assert_eq!(tower.desktop().now().said(), Vec::<String>::new(), "old messages notify nobody");
}

/// Wait until the account is as `look` likes.
async fn has_account(seat: &Seat, what: &str, look: impl Fn(&Account) -> bool) {
    seat.until(what, |state| match &state.screen {
        Screen::Chats { account } => look(account).then_some(()),
        _ => None,
    })
    .await;
}

/// Wait until recovery stands so.
async fn recovery_is(seat: &Seat, expected: Recovery) {
    has_account(seat, &format!("recovery {expected:?}"), |account| account.recovery == expected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_says_whether_its_messages_can_be_read_again_after_this_computer() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let laptop = world.person("Marta").signed_in_at(&proxy.url()).await;
    recovery_is(&laptop, Recovery::Off).await;
    let yard = world.group("Yard", &[&laptop]);
    laptop.has(&yard).await;
    has_account(&laptop, "nothing that needs keys", |account| !account.encrypted).await;
    let pier = world.encrypted_group("Pier", &[&laptop]);
    laptop.has(&pier).await;
    has_account(&laptop, "something that needs keys", |account| account.encrypted).await;

    let key = laptop.engine().set_up_recovery(laptop.account()).await.unwrap();
    recovery_is(&laptop, Recovery::On).await;
    let tower = (*laptop).clone().signed_in().await;
    recovery_is(&tower, Recovery::Elsewhere).await;
    tower.engine().recover(tower.account(), key).await.unwrap();
    recovery_is(&tower, Recovery::On).await;

    proxy.goes_down();
    laptop.restarts().await;
    recovery_is(&laptop, Recovery::On).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_without_a_network_learns_later_that_there_is_no_recovery() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    // What is asked at the sign-in is not answered.
    proxy.treats(|request| {
        let asked = request.path().contains("m.secret_storage.default_key");
        if asked { Answer::error(502, "M_UNKNOWN").reply() } else { Reply::Pass }
    });
    let laptop = world.person("Marta").signed_in_at(&proxy.url()).await;
    proxy.gets(2, "questions for recovery", |request| request.path().contains("m.secret_storage.default_key")).await;
    recovery_is(&laptop, Recovery::Unknown).await;
    proxy.heals();
    laptop.engine().try_now();
    recovery_is(&laptop, Recovery::Off).await;
}
