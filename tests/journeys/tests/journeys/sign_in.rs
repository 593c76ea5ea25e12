//! Signing in and out, at servers good and bad.

use serde_json::json;
use tidings_journeys::{Answer, HostileServer, Reply, Request, Seat, SelfSigned, World};
use tidings_model::{Code, Screen, SignIn};

/// Sign in where it must fail: the code, after checking that nothing was left behind.
async fn refused(seat: &Seat, sign_in: SignIn) -> Code {
    let failure = seat.engine().sign_in(sign_in).await.unwrap_err();
    assert_eq!(seat.screen(), Screen::SignIn, "{failure}");
    assert_eq!(seat.account_folders(), Vec::<std::path::PathBuf>::new(), "{failure}");
    assert!(seat.keychain().keys().is_empty(), "{failure}");
    failure.code
}

/// What a homeserver with everything we need says before and at a sign-in.
fn homeserver(request: &Request, login: Answer) -> Reply {
    match (request.method.as_str(), request.path()) {
        ("GET", "/_matrix/client/versions") => Answer::json(
            200,
            &json!({"versions": ["v1.11", "v1.12"], "unstable_features": {"org.matrix.simplified_msc3575": true}}),
        ),
        ("GET", "/_matrix/client/v3/login") => Answer::json(200, &json!({"flows": [{"type": "m.login.password"}]})),
        ("POST", "/_matrix/client/v3/login") => login,
        _ => Answer::error(404, "M_UNRECOGNIZED"),
    }
    .reply()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_address_and_a_password_lead_to_the_chats() {
    let world = World::new();
    let priya = world.person("Priya Raman").signed_in().await;
    let Screen::Chats { account } = priya.screen() else { panic!("{:?}", priya.screen()) };
    assert_eq!(account.user, *priya.user());
    let name = priya
        .until("the own name", |state| match &state.screen {
            Screen::Chats { account } if account.me.name == "Priya Raman" => Some(account.me.avatar.initials.clone()),
            _ => None,
        })
        .await;
    assert_eq!(name, "PR");
    assert_eq!(priya.rows(), Vec::new());
    assert_eq!(world.admin().devices(priya.user()).unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_matrix_id_signs_in_too() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    let typed = SignIn { user: format!("  {} ", seat.user()), ..seat.types(world.url()) };
    seat.signs_in_with(typed).await.unwrap();
    seat.is_online().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_said_and_leaves_nothing_behind() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    let wrong = SignIn { password: "guess".to_owned(), ..seat.types(world.url()) };
    assert_eq!(refused(&seat, wrong).await, Code::WrongPassword);
    assert_eq!(world.admin().devices(seat.user()).unwrap(), Vec::<String>::new());
    seat.signs_in_at(world.url()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_is_told_apart_from_a_wrong_password() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    // Not all servers tell: Synapse says the same as for a wrong password.
    for errcode in ["M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED"] {
        let server = HostileServer::answering(move |request| homeserver(request, Answer::error(403, errcode))).await;
        assert_eq!(refused(&seat, seat.types(&server.url())).await, Code::AccountClosed, "{errcode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_unknown() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    let port = {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    for address in [&format!("http://127.0.0.1:{port}"), "https://skerrylines.invalid", "skerrylines.invalid"] {
        assert_eq!(refused(&seat, seat.types(address)).await, Code::UnknownServer, "{address}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_server_without_matrix_gets_no_password() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    for (status, page) in [(404, "<h1>Not found</h1>"), (200, "<h1>Welcome</h1>"), (403, "<h1>No</h1>")] {
        let server = HostileServer::answering(move |_| Answer::page(status, page).reply()).await;
        assert_eq!(refused(&seat, seat.types(&server.url())).await, Code::NotAHomeserver, "{status}");
        assert!(server.requests().iter().all(|request| request.method == "GET" && request.body.is_empty()));
        assert!(!server.requests().is_empty(), "it was asked");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_sliding_sync_gets_no_password() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    let server = HostileServer::answering(|request| match request.path() {
        "/_matrix/client/versions" => Answer::json(200, &json!({"versions": ["v1.11"]})).reply(),
        _ => homeserver(request, Answer::error(403, "M_FORBIDDEN")),
    })
    .await;
    assert_eq!(refused(&seat, seat.types(&server.url())).await, Code::ServerUnsupported);
    assert!(server.requests().iter().all(|request| request.method == "GET"), "{:?}", server.requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_takes_no_passwords_is_said_to() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    let server = HostileServer::answering(|request| match (request.method.as_str(), request.path()) {
        ("GET", "/_matrix/client/v3/login") => Answer::json(200, &json!({"flows": [{"type": "m.login.sso"}]})).reply(),
        _ => homeserver(request, Answer::error(403, "M_FORBIDDEN")),
    })
    .await;
    assert_eq!(refused(&seat, seat.types(&server.url())).await, Code::PasswordUnsupported);
    assert!(server.requests().iter().all(|request| request.method == "GET"), "{:?}", server.requests());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_nobody_vouches_for_stops_everything_before_a_byte_is_sent() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    let server = SelfSigned::answering(|request| match homeserver(request, Answer::error(403, "M_FORBIDDEN")) {
        Reply::Answer(answer) => answer,
        other => panic!("{other:?}"),
    })
    .await;
    assert_eq!(refused(&seat, seat.types(&server.url())).await, Code::Untrusted);
    server.is_refused().await;
    assert!(server.requests().is_empty(), "{:?}", server.requests());

    // The control: who trusts the certificate is heard.
    let answer = server.is_asked_by_a_friend().await;
    assert!(String::from_utf8_lossy(&answer).contains("simplified_msc3575"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_never_travels_in_the_clear_to_another_computer() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    for address in ["http://skerrylines.invalid", "http://192.0.2.1:8008", "http://127.0.0.1.skerrylines.invalid"] {
        assert_eq!(refused(&seat, seat.types(address)).await, Code::Untrusted, "{address}");
    }
    // The control: this computer itself is no other computer.
    assert!(seat.engine().discover(world.url().to_owned()).await.unwrap().password);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_a_sign_in_moves_nobody_to_another_server() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    let elsewhere = HostileServer::web_pages().await;
    let login = json!({
        "user_id": seat.user(), "device_id": "ELSEWHERE", "access_token": "token",
        "well_known": {"m.homeserver": {"base_url": elsewhere.url()}},
    });
    let server = HostileServer::answering(move |request| homeserver(request, Answer::json(200, &login))).await;
    seat.signs_in_at(&server.url()).await.unwrap();
    seat.is_connected("a state after the first sync", |connection| {
        *connection != tidings_model::Connection::Connecting
    })
    .await;
    assert_eq!(elsewhere.connections(), 0);
    assert!(server.requests().iter().any(Request::is_sync), "the control: it went on where it was");
    seat.quits().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_redirects_takes_nobody_elsewhere() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    let elsewhere = HostileServer::web_pages().await;
    let away = format!("{}/login", elsewhere.url());
    let server = HostileServer::answering(move |_| Answer::page(302, "").with("Location", &away).reply()).await;
    let code = refused(&seat, seat.types(&server.url())).await;
    assert!(matches!(code, Code::NotAHomeserver | Code::CaptivePortal), "{code:?}");
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_leaves_nothing_here_and_no_device_there() {
    let world = World::new();
    let priya = world.person("Priya").signed_in().await;
    let room = world.group("Pier", &[&priya]);
    priya.has(&room).await;
    assert_eq!((priya.account_folders().len(), priya.keychain().keys().len()), (1, 1), "the control");
    assert_eq!(world.admin().devices(priya.user()).unwrap().len(), 1, "the control");

    priya.engine().sign_out(priya.account()).await.unwrap();
    priya.until("the sign-in", |state| (state.screen == Screen::SignIn).then_some(())).await;
    assert_eq!(priya.account_folders(), Vec::<std::path::PathBuf>::new());
    assert!(priya.keychain().keys().is_empty());
    assert_eq!(world.admin().devices(priya.user()).unwrap(), Vec::<String>::new());
    assert_eq!(priya.desktop().now().badge, 0);

    priya.restarts().await;
    assert_eq!(priya.screen(), Screen::SignIn);
    priya.signs_in_at(world.url()).await.unwrap();
    priya.has(&room).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_without_a_network_wipes_this_computer_all_the_same() {
    let world = World::new();
    let proxy = tidings_journeys::Proxy::before(&world).await;
    let priya = world.person("Priya").signed_in_at(&proxy.url()).await;
    proxy.goes_down();
    priya.engine().sign_out(priya.account()).await.unwrap();
    assert_eq!(priya.account_folders(), Vec::<std::path::PathBuf>::new());
    assert!(priya.keychain().keys().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_limits_sign_ins_is_said_to_ask_for_patience() {
    let world = World::new();
    let seat = world.person("Priya").sits_down().await;
    let server = HostileServer::answering(|request| {
        homeserver(
            request,
            Answer::json(429, &json!({"errcode": "M_LIMIT_EXCEEDED", "error": "slowly", "retry_after_ms": 500})),
        )
    })
    .await;
    assert_eq!(refused(&seat, seat.types(&server.url())).await, Code::RateLimited);
    // The SDK tries a sign-in three times; it waits as it is told.
    let logins: Vec<Request> = server.requests().into_iter().filter(|request| request.method == "POST").collect();
    assert!(logins.len() <= 3, "{logins:?}");
    assert!(logins.windows(2).all(|pair| pair[1].at - pair[0].at >= std::time::Duration::from_millis(500)));
}
