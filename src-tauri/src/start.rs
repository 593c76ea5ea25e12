//! The order of the start: profile, whose turn it is, log, engine, window, and only then everything slow.
//!
//! **Invariant:** nothing between the process's start and the window waits for the network, and nothing but the vault
//! is read. The engine has [`PATIENCE`] to open it; a keyring that asks for a password takes longer, and then the window
//! comes first and the page waits.

use std::{
    io,
    path::PathBuf,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tauri::{App, AppHandle, Manager, RunEvent, utils::config::AppDirectoriesOverride};
use tidings_engine::{Engine, Ports};
use tidings_model::{AppUpdate, Code, Connection, Failure, Mark};
use tokio::sync::watch;

use crate::{
    alert, appearance,
    arguments::Arguments,
    clock::SystemClock,
    commands,
    desk::Desk,
    instance::{self, Turn},
    keychain::SystemKeychain,
    logs, media_scheme, profile,
    running::{Running, Started},
    timings::Timings,
    tray,
    window::{self, Beginning, FirstPaint},
};

/// How long the window waits for the vault, so that its first paint is already the chats.
const PATIENCE: Duration = Duration::from_millis(1000);

/// How long the engine may take to put everything down at the end.
const FAREWELL: Duration = Duration::from_secs(4);

/// How many chats are in the first paint: more than fit on a tall screen.
const FIRST_ROWS: usize = 40;

/// Why the program cannot run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// The profile's folder, the log or the timings file.
    #[error("Tidings cannot use its folder: {0}")]
    Folder(#[from] io::Error),
    /// The profile cannot be held.
    #[error("{}", sentence(.0))]
    Profile(Failure),
    /// The window system or the webview.
    #[error("Tidings cannot open its window: {0}")]
    Window(#[from] tauri::Error),
}

/// Run until the person quits.
///
/// # Errors
/// When there is no folder or no window to be had.
pub(crate) fn run(arguments: &Arguments, main: Instant) -> Result<ExitCode, StartError> {
    logs::leave_no_core();
    let profile = profile::folder(arguments)?;
    let turn = instance::turn(arguments, &profile).map_err(StartError::Profile)?;
    if matches!(turn, Turn::Handed) {
        return Ok(ExitCode::SUCCESS);
    }
    logs::begin(&profile.join("logs"))?;
    let timings = Arc::new(Timings::begin(main, arguments.timings.as_deref())?);
    let (started, engine) = watch::channel(None);
    let mut context = tauri::generate_context!();
    context.config_mut().app.app_directories_override = Some(AppDirectoriesOverride::Root(profile.join("window")));
    let start = Start { arguments: arguments.clone(), profile, turn, started };
    let app = instance::with_others(tauri::Builder::default(), arguments)
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(window::remembered())
                .with_filename("window.json")
                .build(),
        )
        .manage(Running::new(engine, timings))
        .register_asynchronous_uri_scheme_protocol(media_scheme::SCHEME, media)
        .invoke_handler(commands::answer())
        .setup(move |app| start.set_up(app))
        .build(context)?;
    let code = app.run_return(|app, event| match event {
        RunEvent::Exit => farewell(app),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::present(app),
        _ => {}
    });
    Ok(u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from))
}

/// What the set-up needs.
struct Start {
    arguments: Arguments,
    profile: PathBuf,
    turn: Turn,
    started: watch::Sender<Started>,
}

impl Start {
    fn set_up(self, app: &mut App) -> Result<(), Box<dyn std::error::Error>> {
        let handle = app.handle().clone();
        let Turn::Ours(held) = self.turn else {
            end(&handle, &Failure::new(Code::InUse, "another running Tidings holds this profile"))
        };
        let desk = Arc::new(Desk::new(&handle)?);
        app.manage(Arc::clone(&desk));
        let ports =
            Ports { desktop: desk, keychain: Arc::new(SystemKeychain::default()), clock: Arc::new(SystemClock) };
        let device_name = gethostname::gethostname().to_string_lossy().into_owned();
        let mut engine = self.started.subscribe();
        let started = self.started;
        tauri::async_runtime::spawn(async move {
            let result = Engine::start_in(held, device_name, ports).await;
            // Held by the state for as long as the program runs.
            started.send_replace(Some(result));
            started.closed().await;
        });
        let ready = tauri::async_runtime::block_on(async {
            tokio::time::timeout(PATIENCE, engine.wait_for(Option::is_some)).await.ok()?.ok()?.clone()
        });
        let first_paint = match &ready {
            Some(Err(failure)) => end(&handle, failure),
            Some(Ok(engine)) => {
                let (app, chats) = engine.first_paint(FIRST_ROWS);
                Some(FirstPaint { app, chats })
            }
            None => None,
        };
        let theme = self.arguments.theme.or_else(|| first_paint.as_ref().and_then(theme)).or_else(appearance::system);
        if theme.is_some() {
            handle.set_theme(theme);
        }
        leave_when_asked(&handle);
        let hidden = self.arguments.hidden;
        window::open(&handle, &Beginning { first_paint, theme, hidden })?;
        instance::listen(&handle, &self.arguments, &self.profile);
        tauri::async_runtime::spawn(accompany(handle, self.arguments));
        Ok(())
    }
}

/// End in order when the system asks: at the end of a session, or of a terminal.
#[cfg(target_os = "linux")]
fn leave_when_asked(app: &AppHandle) {
    use gtk::glib::{ControlFlow, unix_signal_add};
    use rustix::process::Signal;
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let app = app.clone();
        unix_signal_add(signal.as_raw(), move || {
            app.exit(0);
            ControlFlow::Continue
        });
    }
}

/// The other systems ask through their windows.
#[cfg(not(target_os = "linux"))]
fn leave_when_asked(_app: &AppHandle) {}

/// What goes on beside the window: the tray, and what the engine asks of the shell.
async fn accompany(app: AppHandle, arguments: Arguments) {
    if !tray::begin(&app).await && arguments.hidden {
        // Nothing else could show it.
        window::present(&app);
    }
    match app.state::<Running>().engine().await {
        Ok(engine) => follow(&app, &engine, arguments.theme),
        Err(failure) => {
            let handle = app.clone();
            let _ = app.run_on_main_thread(move || {
                end(&handle, &failure);
            });
        }
    }
}

/// Follow the state of the program, as far as the shell shows it.
fn follow(app: &AppHandle, engine: &Engine, asked_theme: Option<tauri::Theme>) {
    let (app, worn, synced) = (app.clone(), Mutex::new(None), std::sync::Once::new());
    engine.subscribe_app(Box::new(move |update| {
        match update {
            AppUpdate::Open { .. } => window::present(&app),
            AppUpdate::Reset { state } => {
                let mut worn = worn.lock().unwrap_or_else(PoisonError::into_inner);
                if worn.replace(state.theme).is_some_and(|before| before != state.theme) && asked_theme.is_none() {
                    appearance::wear(&app, appearance::chosen(state.theme));
                }
                if state.connection == Connection::Online {
                    synced.call_once(|| app.state::<Running>().timings.mark(Mark::Synced, None));
                }
            }
        }
        true
    }));
}

fn theme(first_paint: &FirstPaint) -> Option<tauri::Theme> {
    match &first_paint.app {
        AppUpdate::Reset { state } => appearance::chosen(state.theme),
        AppUpdate::Open { .. } => None,
    }
}

/// End a program whose engine cannot start. One that runs already is no failure: the person has what was asked for.
fn end(app: &AppHandle, failure: &Failure) -> ! {
    tracing::error!(code = ?failure.code, details = failure.details, "the engine did not start");
    let code = if failure.code == Code::InUse {
        crate::say("Tidings is running already with this profile.");
        0
    } else {
        let sentence = sentence(failure);
        crate::say(&sentence);
        alert::show(&sentence);
        1
    };
    app.cleanup_before_exit();
    std::process::exit(code)
}

fn sentence(failure: &Failure) -> String {
    let cause = match failure.code {
        Code::DiskFull => "the disk is full, or its folder cannot be written",
        _ => "something unexpected stands in the way",
    };
    format!("Tidings cannot start: {cause}. Nothing was deleted.\n\n{}", failure.details)
}

/// Let the engine put everything down.
fn farewell(app: &AppHandle) {
    instance::leave(app);
    if let Some(engine) = app.state::<Running>().engine_now() {
        let ended = tauri::async_runtime::block_on(async { tokio::time::timeout(FAREWELL, engine.shutdown()).await });
        if ended.is_err() {
            tracing::warn!("the engine did not end in time");
        }
    }
}

/// Answer a request of the page for a picture or file.
fn media(
    context: tauri::UriSchemeContext<'_, tauri::Wry>,
    request: tauri::http::Request<Vec<u8>>,
    responder: tauri::UriSchemeResponder,
) {
    if let Some(refusal) = media_scheme::refused_method(&request) {
        return responder.respond(refusal);
    }
    let Some((account, media)) = media_scheme::asked(&request) else {
        return responder.respond(media_scheme::missing());
    };
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn(async move {
        let found = match app.state::<Running>().engine().await {
            Ok(engine) => engine.media(account, media).await,
            Err(failure) => Err(failure),
        };
        responder
            .respond(found.map_or_else(|_| media_scheme::missing(), |media| media_scheme::answer(&request, &media)));
    });
}
