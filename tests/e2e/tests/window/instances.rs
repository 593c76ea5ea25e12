//! One program for each profile, whatever happened to the one before.

use tidings_e2e::{App, Program, Stage, World, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_right_after_a_power_cut_runs() {
    let (world, stage) = (World::shared(), Stage::new().await);
    stage.sign_in(world, &world.person("Ada"));
    for _ in 0..5 {
        // Killed, and started again while the bus may still list the dead one: no look at the bus, no wait.
        App::open(&stage, &[]).await.kill();
    }
    let mut app = App::open(&stage, &[]).await;
    stage.bus.app_name().await;
    assert_eq!(Program::start(&mut stage.app()).ended().await.code(), Some(0));
    assert!(app.runs());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_that_another_holds_on_the_bus_keeps_nobody_out() {
    let (world, stage) = (World::shared(), Stage::new().await);
    stage.sign_in(world, &world.person("Ada"));
    let app = App::open(&stage, &[]).await;
    let name = stage.bus.app_name().await;
    assert!(app.end().await.success());

    // As a dead process does until the bus notices, but for as long as this test likes.
    let other = stage.bus.connect().await;
    other.request_name(name.as_str()).await.unwrap();
    let mut app = App::open(&stage, &[]).await;
    assert_eq!(Program::start(&mut stage.app()).ended().await.code(), Some(0), "the lock turns it away");
    assert!(app.runs());

    // And the name becomes the app's own when it is free.
    other.release_name(name.as_str()).await.unwrap();
    stage.bus.passes_on(&name, &other).await;
    assert_eq!(Program::start(&mut stage.app()).ended().await.code(), Some(0));
    assert!(app.runs());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_twenty_starts_at_once_exactly_one_runs() {
    let (world, stage) = (World::shared(), Stage::new().await);
    stage.sign_in(world, &world.person("Ada"));
    for (round, with_bus) in [true, false].into_iter().enumerate() {
        let mut starts: Vec<Program> = (0..20)
            .map(|_| {
                let mut command = stage.app();
                if !with_bus {
                    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
                }
                Program::start(&mut command)
            })
            .collect();
        until("nineteen ends", || {
            (starts.iter_mut().filter_map(|start| start.try_ended()).count() == 19).then_some(())
        })
        .await;
        assert!(starts.iter_mut().filter_map(Program::try_ended).all(|status| status.code() == Some(0)));
        stage.mark("window_shown", round + 1).await;
        let running = starts.iter_mut().find_map(|start| if start.runs() { Some(start) } else { None }).unwrap();
        assert!(running.end().await.success());
        assert_eq!(stage.marks("window_shown"), round + 1, "one window in all");
    }
}
