//! A keyring that is missing, locked, slow, or has forgotten.

use std::{
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use tidings_journeys::{KeyringState, Person, Seat, World};
use tidings_model::{Code, Delivery, LockReason, RoomId, Screen};

/// Priya, signed in, with a message in a room; the server keeps its half of the spare key.
async fn settled(world: &World) -> (Seat, RoomId) {
    let priya = world.person("Priya").signed_in().await;
    let room = world.group("Pier", &[&priya]);
    let his = priya.opens(&room).await;
    his.sends("remember me").await;
    his.delivers("remember me", &Delivery::Sent).await;
    let spare = format!("org.tidings.spare_key.{}", priya.account());
    world.until("the half of the spare key", |admin| admin.account_data(priya.user(), &spare).ok()).await;
    (priya, room)
}

/// What the account's files hold.
fn contents(seat: &Seat) -> Vec<(PathBuf, Vec<u8>)> {
    let accounts = seat.profile().join("accounts");
    tidings_journeys::disk::files(&accounts).into_iter().map(|file| (file.clone(), fs::read(&file).unwrap())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_nobody_signs_in_and_nothing_is_left_behind() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    for (state, code) in [(KeyringState::Missing, Code::KeyringMissing), (KeyringState::Locked, Code::KeyringLocked)] {
        seat.keychain().becomes(state);
        let failure = seat.engine().sign_in(seat.types(world.url())).await.unwrap_err();
        assert_eq!(failure.code, code);
        assert_eq!(seat.screen(), Screen::SignIn);
        assert_eq!(seat.account_folders(), Vec::<PathBuf>::new());
        assert_eq!(world.admin().devices(seat.user()).unwrap(), Vec::<String>::new(), "no device was made");
    }
    seat.keychain().becomes(KeyringState::Works);
    seat.signs_in_at(world.url()).await.unwrap();
    assert_eq!(world.admin().devices(seat.user()).unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_does_not_answer_locks_the_vault_and_changes_nothing() {
    let world = World::new();
    let (priya, room) = settled(&world).await;
    priya.quits().await;
    let before = contents(&priya);
    for (state, reason, code) in [
        (KeyringState::Missing, LockReason::KeyringMissing, Code::KeyringMissing),
        (KeyringState::Locked, LockReason::KeyringLocked, Code::KeyringLocked),
    ] {
        priya.keychain().becomes(state);
        priya.starts().await.unwrap();
        assert_eq!(priya.locked(), Some(reason));
        let again = priya.engine().unlock(priya.account(), None).await.unwrap_err();
        assert_eq!(again.code, code);
        assert_eq!(priya.locked(), Some(reason));
        // Never a second vault beside the first.
        let second = priya.engine().sign_in(priya.types(world.url())).await.unwrap_err();
        assert_eq!(second.code, Code::InUse);
        assert_eq!(priya.account_folders().len(), 1);
        priya.quits().await;
        assert!(contents(&priya) == before, "the files are as they were");
    }
    priya.keychain().becomes(KeyringState::Locked);
    priya.starts().await.unwrap();
    priya.keychain().becomes(KeyringState::Works);
    let account = priya.account();
    priya.unlocks(&account, None).await.unwrap();
    assert_eq!(priya.opens(&room).await.texts(), ["remember me"]);
    priya.is_online().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_key_comes_back_with_an_ordinary_sign_in_of_the_same_person() {
    let world = World::new();
    let (priya, room) = settled(&world).await;
    priya.quits().await;
    let key = priya.keychain().keys()[0];
    priya.keychain().loses_everything();
    priya.starts().await.unwrap();
    assert_eq!(priya.locked(), Some(LockReason::KeyLost));
    let account = priya.account();
    let before = contents(&priya);

    let mut wrong = priya.types(world.url());
    wrong.password = "guess".to_owned();
    let failure = priya.engine().unlock(account.clone(), Some(wrong)).await.unwrap_err();
    assert_eq!(failure.code, Code::WrongPassword);
    let marta: Person = world.person("Marta");
    let failure = priya.engine().unlock(account.clone(), Some(marta.types(world.url()))).await.unwrap_err();
    assert_eq!(failure.code, Code::KeyLost);
    assert_eq!(priya.locked(), Some(LockReason::KeyLost));
    assert!(priya.keychain().keys().is_empty());
    assert!(contents(&priya) == before, "the files are as they were");

    priya.unlocks(&account, Some(priya.types(world.url()))).await.unwrap();
    assert_eq!(priya.opens(&room).await.texts(), ["remember me"]);
    assert_eq!(priya.keychain().keys(), [key]);
    assert_eq!(world.admin().devices(priya.user()).unwrap().len(), 1, "asking left no device behind");
    assert_eq!(world.admin().devices(marta.user()).unwrap().len(), 0);
    priya.restarts().await;
    assert_eq!(priya.opens(&room).await.texts(), ["remember me"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_asks_first_does_not_keep_the_window_waiting() {
    let world = World::new();
    let (priya, room) = settled(&world).await;
    priya.quits().await;
    priya.keychain().becomes(KeyringState::Asking);
    let began = Instant::now();
    priya.starts().await.unwrap();
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(priya.screen(), Screen::Starting);
    let failure = priya.engine().sign_in(priya.types(world.url())).await.unwrap_err();
    assert_eq!(failure.code, Code::InUse, "never a second vault");
    priya.keychain().becomes(KeyringState::Works);
    priya.opens_the_chats().await;
    assert_eq!(priya.opens(&room).await.texts(), ["remember me"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_asks_and_is_then_locked_says_so() {
    let world = World::new();
    let (priya, _) = settled(&world).await;
    priya.quits().await;
    priya.keychain().becomes(KeyringState::Asking);
    priya.starts().await.unwrap();
    assert_eq!(priya.screen(), Screen::Starting);
    priya.keychain().becomes(KeyringState::Locked);
    let reason = priya.until("a locked vault", |state| match &state.screen {
        Screen::Locked { reason, .. } => Some(*reason),
        _ => None,
    });
    assert_eq!(reason.await, LockReason::KeyringLocked);
}
