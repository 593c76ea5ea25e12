//! The server ends a session.

use tidings_journeys::{Answer, Proxy, Reply, Request, World};
use tidings_model::{Code, Connection, Delivery, Screen};

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_keeps_its_history_and_goes_on_after_a_new_sign_in() {
    let world = World::new();
    let priya = world.person("Priya").signed_in().await;
    let marta = world.person("Marta").signed_in().await;
    let room = world.encrypted_group("Pier", &[&priya, &marta]);
    let his = priya.opens_encrypted(&room).await;
    let hers = marta.opens_encrypted(&room).await;
    his.sends("before").await;
    hers.sees("before").await;
    his.delivers("before", &Delivery::Sent).await;
    let devices = world.admin().devices(priya.user()).unwrap();

    world.admin().end_sessions(priya.user()).unwrap();
    priya.is_connected("an ended session", |connection| *connection == Connection::SessionEnded).await;
    assert!(matches!(priya.screen(), Screen::Chats { .. }));
    his.sends("meanwhile").await;
    his.delivers("meanwhile", &Delivery::Waiting).await;
    priya.restarts().await;
    priya.is_connected("an ended session", |connection| *connection == Connection::SessionEnded).await;
    let his = priya.opens(&room).await;
    assert_eq!(his.texts(), ["before", "meanwhile"]);

    let wrong = priya.engine().sign_in_again(priya.account(), "guess".to_owned()).await.unwrap_err();
    assert_eq!(wrong.code, Code::WrongPassword);
    assert_eq!(priya.app().connection, Connection::SessionEnded);
    his.sends("and again").await;
    his.delivers("and again", &Delivery::Waiting).await;

    priya.engine().sign_in_again(priya.account(), priya.password().to_owned()).await.unwrap();
    priya.is_online().await;
    his.delivers("and again", &Delivery::Sent).await;
    hers.shows(&["before", "meanwhile", "and again"]).await;
    assert_eq!(world.admin().devices(priya.user()).unwrap(), devices, "the same device");
    hers.sends("welcome back").await;
    his.sees("welcome back").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_while_sending_keeps_what_was_written() {
    let world = World::new();
    let proxy = Proxy::before(&world).await;
    let priya = world.person("Priya").signed_in_at(&proxy.url()).await;
    let room = world.group("Pier", &[&priya]);
    let his = priya.opens(&room).await;
    proxy.treats(|request| if request.is_send() { Answer::error(401, "M_UNKNOWN_TOKEN").reply() } else { Reply::Pass });
    let texts: Vec<String> = (1..=10).map(|number| format!("message {number}")).collect();
    for text in &texts {
        his.sends(text).await;
    }
    priya.is_connected("an ended session", |connection| *connection == Connection::SessionEnded).await;
    his.until("every echo", |view| (view.texts() == texts).then_some(())).await;
    proxy.heals();
    priya.engine().sign_in_again(priya.account(), priya.password().to_owned()).await.unwrap();
    his.delivers("message 10", &Delivery::Sent).await;
    assert_eq!(world.on_the_server(&room, &priya), texts);
    assert_eq!(his.texts(), texts);
    let refused = proxy.requests().iter().filter(|request| Request::is_send(request)).count();
    assert!(refused > texts.len(), "the control: something was refused");
}
