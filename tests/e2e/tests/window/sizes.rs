//! One window: started twice, closed, opened again.

use tidings_e2e::{App, Program, Stage, Window, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_start_ends_well_and_closing_the_only_window_ends_the_program_which_remembers_its_size() {
    let (world, stage) = (World::shared(), Stage::new().await);
    stage.sign_in(world, &world.person("Ada"));
    let mut app = App::open(&stage, &[]).await;
    stage.mark("chat_list_painted", 1).await;

    let mut second = Program::start(&mut stage.app());
    assert_eq!(second.ended().await.code(), Some(0));
    assert!(app.runs());
    assert_eq!(stage.marks("chat_list_painted"), 1, "the second start painted nothing");

    app.resize(1011, 707).await;
    app.close_window().await;
    assert_eq!(app.ended().await.code(), Some(0), "there is no tray here");

    let app = App::open(&stage, &[]).await;
    app.has_size(1011, 707).await;
    assert!(app.end().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_is_as_wide_as_it_was_made_when_the_program_starts_again() {
    let (world, stage) = (World::shared(), Stage::new().await);
    stage.sign_in(world, &world.person("Ada"));
    // Its edge is drawn inside of it.
    let width = "const list = document.querySelector('[data-region=list]').parentElement; \
                 return Math.round(list.getBoundingClientRect().width) === arguments[0]";
    let window = Window::open(&stage, &[]).await;
    window.resize(1280, 800).await;
    window.until("the width it begins with", width, &[360.into()]).await;
    window.script("document.querySelector('[role=separator]').focus()", &[]).await;
    window.keys("Home");
    window.until("the least width", width, &[280.into()]).await;
    window.end().await;

    let window = Window::open(&stage, &[]).await;
    window.resize(1280, 800).await;
    window.until("the width of last time", width, &[280.into()]).await;
    window.end().await;
}
