//! Signs a profile in from the command line: for the demo, the benchmarks and the screenshots.
//!
//! **Invariant:** it does what the window does, through the same engine and the same keyring, and the app knows nothing
//! of it. It is not part of what is handed out.
//!
//! Refused: an argument of the app that signs in. Whoever can start a program could then move a person to another
//! organisation.

#[allow(dead_code, reason = "the app's own module; not all of it is needed here")]
#[rustfmt::skip]
#[path = "../clock.rs"]
mod clock;
#[allow(dead_code, reason = "the app's own module; not all of it is needed here")]
#[rustfmt::skip]
#[path = "../keychain.rs"]
mod keychain;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use tidings_engine::{
    Config, Engine, Ports,
    ports::{Desktop, Notice, NoticeKey},
};
use tidings_model::{AppUpdate, Code, Connection, Failure, LinkTarget, Screen, SignIn};
use tokio::sync::watch;

const HELP: &str = "tidings-demo-sign-in --profile DIR --homeserver URL --user NAME (the password in TIDINGS_PASSWORD)";

/// How long the first sync may take.
const FIRST_SYNC: Duration = Duration::from_secs(120);

/// What was asked.
struct Asked {
    profile: PathBuf,
    sign_in: SignIn,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            let _ = writeln!(io::stderr(), "{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let asked = asked()?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    runtime.block_on(sign_in(asked)).map_err(|failure| format!("not signed in: {failure}"))
}

fn asked() -> Result<Asked, String> {
    use lexopt::prelude::{Long, ValueExt};
    let (mut profile, mut address, mut user) = (None, None, None);
    let mut parser = lexopt::Parser::from_env();
    let wrong = |error: lexopt::Error| format!("{error}; {HELP}");
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Long("profile") => profile = Some(PathBuf::from(parser.value().map_err(wrong)?)),
            Long("homeserver") => address = Some(parser.value().and_then(|value| value.string()).map_err(wrong)?),
            Long("user") => user = Some(parser.value().and_then(|value| value.string()).map_err(wrong)?),
            other => return Err(wrong(other.unexpected())),
        }
    }
    let password = std::env::var("TIDINGS_PASSWORD").map_err(|_| HELP.to_owned())?;
    let (Some(profile), Some(address), Some(user)) = (profile, address, user) else { return Err(HELP.to_owned()) };
    // The same name as the app's, whatever folder it is started in.
    let profile = std::path::absolute(profile).map_err(|error| error.to_string())?;
    Ok(Asked { profile, sign_in: SignIn { address, user, password } })
}

/// Signs in, waits for the first sync, and puts everything down. A profile that has its account already is left as it
/// is, but for a key that the keyring lost.
async fn sign_in(asked: Asked) -> Result<(), Failure> {
    let config =
        Config { profile: asked.profile, device_name: gethostname::gethostname().to_string_lossy().into_owned() };
    make_private(&config.profile).map_err(|error| Failure::new(Code::DiskFull, error))?;
    let ports = Ports {
        desktop: Arc::new(NoDesktop),
        keychain: Arc::new(keychain::SystemKeychain::default()),
        clock: Arc::new(clock::SystemClock),
    };
    let engine = Engine::start(config, ports).await?;
    let (tell, mut told) = watch::channel(None);
    engine.subscribe_app(Box::new(move |update| {
        if let AppUpdate::Reset { state } = update {
            tell.send_replace(Some(state));
        }
        true
    }));
    let ended = || Failure::new(Code::Internal, "the engine ended");
    let settled = told.wait_for(|state| state.as_ref().is_some_and(|state| state.screen != Screen::Starting)).await;
    let screen = settled.map_err(|_| ended())?.as_ref().map(|state| state.screen.clone());
    match screen {
        Some(Screen::Chats { .. }) => {
            engine.shutdown().await;
            return Ok(());
        }
        Some(Screen::Locked { account, .. }) => engine.unlock(account, Some(asked.sign_in)).await?,
        _ => engine.sign_in(asked.sign_in).await?,
    }
    let online = told.wait_for(|state| state.as_ref().is_some_and(|state| state.connection == Connection::Online));
    // Without the look at the state, which the engine would wait for when it ends.
    let synced = tokio::time::timeout(FIRST_SYNC, async { online.await.map(drop) }).await;
    let result = match synced {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err(ended()),
        Err(_) => Err(Failure::new(Code::ServerSilent, "no first sync in two minutes")),
    };
    engine.shutdown().await;
    result
}

#[cfg(unix)]
fn make_private(folder: &std::path::Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &std::path::Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// Nobody looks: what is new is shown by the app.
struct NoDesktop;

impl Desktop for NoDesktop {
    fn show(&self, _notice: Notice) {}
    fn withdraw(&self, _key: &NoticeKey) {}
    fn badge(&self, _unread_chats: u32) {}
    fn open_link(&self, _target: &LinkTarget) -> Result<(), String> {
        Err("this program opens nothing".to_owned())
    }
    fn downloads(&self) -> PathBuf {
        std::env::temp_dir()
    }
    fn on_battery(&self) -> bool {
        false
    }
}
