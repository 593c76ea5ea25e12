//! What somebody finds who has the disk and not the key.

use std::{fs, path::Path};

use tidings_journeys::{Seat, World, disk};
use tidings_model::{Code, Delivery, LockReason};

/// A word that nothing else contains.
fn canary(what: &str) -> String {
    format!("canary{what}{:016x}", rand::random::<u64>())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_journey_is_readable_on_the_disk() {
    let world = World::new();
    let [text, secret, group, name, draft, other] = ["text", "secret", "group", "name", "draft", "other"].map(canary);
    let priya = world.person(&name).signed_in().await;
    let marta = world.person(&other).signed_in().await;
    let clear = world.group(&group, &[&priya, &marta]);
    let encrypted = world.encrypted_group(&group, &[&priya, &marta]);
    let his = priya.opens(&clear).await;
    let hidden = priya.opens_encrypted(&encrypted).await;
    his.sends(&text).await;
    hidden.sends(&secret).await;
    his.drafts(&draft).await;
    let event = his.delivers(&text, &Delivery::Sent).await.event.unwrap();
    let hidden_event = hidden.delivers(&secret, &Delivery::Sent).await.event.unwrap();
    let hers = marta.opens_encrypted(&encrypted).await;
    hers.sees(&secret).await;

    let token = world.admin().login(priya.local(), priya.password()).unwrap().token;
    let mut words = vec![
        text.clone(),
        secret,
        group,
        name,
        draft,
        other,
        clear.to_string(),
        encrypted.to_string(),
        event.to_string(),
        hidden_event.to_string(),
        priya.user().to_string(),
        marta.user().to_string(),
        priya.local().to_owned(),
        priya.password().to_owned(),
        // Of another session of the same person: Synapse's tokens begin with the user's name.
        token.split('_').take(2).collect::<Vec<_>>().join("_"),
    ];
    for seat in [&priya, &marta] {
        words.extend(seat.keychain().keys().iter().map(hex));
        words.extend(seat.keychain().keys().iter().map(|key| String::from_utf8_lossy(key).into_owned()));
    }
    let unseen = |when: &str| {
        for seat in [&priya, &marta] {
            assert_eq!(disk::find(&seat.profile(), &words), [], "{when}");
            assert!(seat.files().len() > 4, "the control: there are files");
        }
    };
    unseen("while it runs");
    priya.quits().await;
    marta.quits().await;
    unseen("after it was quit");
    for seat in [&priya, &marta] {
        for key in seat.keychain().keys() {
            for file in seat.files() {
                let contents = fs::read(&file).unwrap();
                assert!(!contents.windows(key.len()).any(|window| window == key), "the key lies in {}", file.display());
            }
        }
    }

    // The control: the same search finds what a program that hides nothing writes.
    let found = disk::find(world.folder(), std::slice::from_ref(&text));
    assert!(found.iter().any(|hit| hit.encoding == "utf-8"), "{found:?}");
    for (encoding, bytes) in disk::written(text.as_bytes()) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("file"), [b"before ", bytes.as_slice(), b" after"].concat()).unwrap();
        assert!(!disk::find(folder.path(), std::slice::from_ref(&text)).is_empty(), "{encoding}");
    }
}

fn hex(key: &[u8; 32]) -> String {
    key.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in disk::files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, &target).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_disk_opens_nothing_without_the_keyring() {
    let world = World::new();
    let priya = world.person("Priya");
    let room = world.group("Pier", &[&priya]);
    let priya = priya.signed_in().await;
    priya.has(&room).await;
    priya.quits().await;

    let thief = Seat::new((*priya).clone());
    copy(&priya.profile(), &thief.profile());
    thief.starts().await.unwrap();
    assert_eq!(thief.locked(), Some(LockReason::KeyLost));
    let account = thief.account();
    let failure = thief.engine().unlock(account.clone(), None).await.unwrap_err();
    assert_eq!(failure.code, Code::KeyLost);
    thief.quits().await;

    // Nor with a key of the thief's own, and trying changes nothing.
    let before: Vec<_> = thief.files().iter().map(|file| (file.clone(), fs::read(file).unwrap())).collect();
    thief.keychain().holds(&account, [7; 32]);
    thief.starts().await.unwrap();
    assert_eq!(thief.locked(), Some(LockReason::WrongKey));
    thief.quits().await;
    let after: Vec<_> = thief.files().iter().map(|file| (file.clone(), fs::read(file).unwrap())).collect();
    assert!(before == after, "the files are as they were");

    // The control: with the keyring's key it is the same profile.
    thief.keychain().holds(&account, priya.keychain().keys()[0]);
    thief.starts().await.unwrap();
    assert_eq!(thief.rows()[0].name, "Pier");
}
