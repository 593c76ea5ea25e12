//! A server that is restored from an older copy of its database.

use std::{fs, path::Path};

use tidings_journeys::World;
use tidings_model::{Care, Delivery, Screen};

/// Copy a stopped server's database, with its log if there is one.
fn copy(from: &Path, to: &Path) {
    for name in ["homeserver.db", "homeserver.db-wal", "homeserver.db-shm"] {
        match fs::remove_file(to.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
            _ => {}
        }
        if from.join(name).exists() {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

fn care(screen: &Screen) -> Option<Care> {
    match screen {
        Screen::Chats { account } => account.care,
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_restored_from_an_older_copy_is_said_once_and_takes_nothing_away() {
    let world = World::own(|_| {});
    let older = tempfile::tempdir().unwrap();
    let (priya, marta) = (world.person("Priya"), world.person("Marta"));
    let pier = world.group("Pier", &[&priya, &marta]);
    priya.says(&pier, "before the copy");
    let laptop = marta.signed_in().await;
    let hers = laptop.opens(&pier).await;
    hers.sees("before the copy").await;

    // The control: a server that was away and is the same says nothing.
    world.server().stop();
    copy(world.folder(), older.path());
    world.server().resume().unwrap();
    laptop.engine().try_now();
    priya.says(&pier, "after the copy");
    hers.sees("after the copy").await;
    laptop.restarts().await;
    let hers = laptop.opens(&pier).await;
    priya.says(&pier, "later");
    hers.sees("later").await;
    priya.says(&pier, "last");
    hers.sees("last").await;
    hers.drafts("half a thought").await;
    assert_eq!(care(&laptop.screen()), None);

    world.server().stop();
    copy(older.path(), world.folder());
    world.server().resume().unwrap();
    laptop.engine().try_now();
    laptop.until("the warning", |app| care(&app.screen).filter(|care| *care == Care::ServerWentBack)).await;
    hers.shows(&["before the copy", "after the copy", "later", "last"]).await;

    // Read, it does not come again for the same messages.
    laptop.engine().care_read(laptop.account()).await.unwrap();
    laptop.until("nothing to be said", |app| care(&app.screen).is_none().then_some(())).await;
    laptop.restarts().await;
    let hers = laptop.opens(&pier).await;
    assert_eq!(hers.now().draft.text, "half a thought");
    hers.sends("and now").await;
    hers.delivers("and now", &Delivery::Sent).await;
    priya.says(&pier, "welcome back");
    hers.sees("welcome back").await;
    assert_eq!(care(&laptop.screen()), None);
    assert_eq!(world.on_the_server(&pier, &marta), ["before the copy", "and now", "welcome back"]);
    hers.shows(&["before the copy", "after the copy", "later", "last", "and now", "welcome back"]).await;
}
