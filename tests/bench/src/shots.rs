//! Pictures of the real app, for eyes: sign-in, and the demo's organisation in light, dark and narrow.
//!
//! A picture is taken when the window has come to rest: two pictures in a row that differ by no more than a caret. After
//! a key or a new size it must first differ from the picture before: a window that has not drawn yet is at rest as well.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{SystemTime, UNIX_EPOCH},
};

use tidings_homeserver::{Settings, Venv, cache};
use tidings_model::Timestamp;

use crate::{
    failure::Failure,
    window::{Mark, Window, program, run},
};

/// Pixels that may differ between two pictures of a window at rest: a blinking caret.
const CARET: f64 = 120.0;
/// Pixels that differ at least between two scenes.
const SCENE: f64 = 3_000.0;
/// The window, as the design draws it.
const WIDE: (u32, u32) = (1280, 800);
/// A phone's width.
const NARROW: (u32, u32) = (420, 800);

/// Take them all into this folder.
pub(crate) fn take(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder)?;
    let (app, sign_in) = (program("TIDINGS_APP")?, program("TIDINGS_SIGN_IN")?);
    let place = tempfile::Builder::new().prefix("tidings-shots-").tempdir()?;
    let studio = Studio { app, folder: folder.to_owned(), place: place.path().to_owned() };

    studio.session("sign-in", "light", |window| studio.shoot(window, "sign-in", None))?;
    studio.session("sign-in", "dark", |window| studio.shoot(window, "sign-in-dark", None))?;

    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let now = Timestamp(i64::try_from(now).unwrap_or(i64::MAX));
    let settings = Settings::in_folder(cache().join("shots-homeserver"));
    let venv = Venv::shared(|step| eprintln!("{step}"))?;
    let (homeserver, _) = tidings_homeserver::found(venv, settings, now, |step| eprintln!("{step}"))?;
    let mut command = Command::new(sign_in);
    command.arg("--profile").arg(studio.profile("marta")).args(["--homeserver", &homeserver.url(), "--user", "marta"]);
    // Not on the command line, which everybody can read.
    run(command.env("TIDINGS_PASSWORD", tidings_homeserver::PASSWORD))?;

    for (theme, suffix) in [("light", ""), ("dark", "-dark")] {
        studio.session("marta", theme, |window| {
            window.wait(Mark::ChatListPainted, 1)?;
            window.wait(Mark::Synced, 1)?;
            let name = |scene: &str| format!("{scene}{suffix}");
            studio.shoot(window, &name("chats-none"), None)?;
            window.key("alt+Down")?;
            window.wait(Mark::ChatPainted, 1)?;
            studio.shoot(window, &name("chats"), Some(&name("chats-none")))?;
            window.resize(NARROW.0, NARROW.1)?;
            studio.shoot(window, &name("narrow-chat"), Some(&name("chats")))?;
            window.key("Escape")?;
            studio.shoot(window, &name("narrow-list"), Some(&name("narrow-chat")))?;
            window.key("ctrl+shift+f")?;
            window.write("berth")?;
            studio.shoot(window, &name("search-narrow"), Some(&name("narrow-list")))?;
            window.resize(WIDE.0, WIDE.1)?;
            window.key("Down")?;
            studio.shoot(window, &name("search"), Some(&name("chats")))?;
            window.key("ctrl+a")?;
            window.write("has:")?;
            studio.shoot(window, &name("search-filters"), Some(&name("search")))
        })?;
    }
    Ok(())
}

/// Where pictures are taken.
struct Studio {
    app: PathBuf,
    folder: PathBuf,
    place: PathBuf,
}

impl Studio {
    fn profile(&self, name: &str) -> PathBuf {
        self.place.join(name)
    }

    /// Open the app on a profile in these colours, let `scene` take its pictures, close it.
    fn session(
        &self,
        profile: &str,
        theme: &str,
        scene: impl FnOnce(&Window) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let timings = self.place.join(format!("{profile}-{theme}.jsonl"));
        let window = Window::open(&self.app, &self.profile(profile), &timings, &["--theme", theme])?;
        window.resize(WIDE.0, WIDE.1)?;
        scene(&window)?;
        window.close()
    }

    /// Wait until the window has left the picture of `left` and is at rest, and keep its picture.
    fn shoot(&self, window: &Window, name: &str, left: Option<&str>) -> Result<(), Failure> {
        eprintln!("{name}");
        let (id, picture, before) =
            (window.id()?, self.folder.join(format!("{name}.png")), self.place.join("before.png"));
        let left = left.map(|left| self.folder.join(format!("{left}.png")));
        self.capture(&id, &before)?;
        window.until(|| {
            self.capture(&id, &picture).ok()?;
            let elsewhere = match &left {
                Some(left) => difference(&self.cut(left, &picture)?, &picture)? >= SCENE,
                None => true,
            };
            let rests = elsewhere && colours(&picture)? > 8 && difference(&before, &picture)? <= CARET;
            fs::copy(&picture, &before).ok()?;
            rests.then_some(())
        })
    }

    /// A picture cut to another's size, as a window looks that was made smaller and has not drawn yet.
    fn cut(&self, picture: &Path, like: &Path) -> Option<PathBuf> {
        let cut = self.place.join("cut.png");
        let size = Command::new("identify").args(["-format", "%wx%h"]).arg(like).output().ok()?;
        let size = format!("{}+0+0", String::from_utf8(size.stdout).ok()?.trim());
        run(Command::new("convert").arg(picture).args(["-crop", &size, "+repage"]).arg(&cut)).ok()?;
        Some(cut)
    }

    fn capture(&self, id: &str, file: &Path) -> Result<(), Failure> {
        run(Command::new("import").args(["-window", id, "-strip"]).arg(file))
    }
}

/// How many pixels differ; `None` when the sizes do.
fn difference(one: &Path, other: &Path) -> Option<f64> {
    let output = Command::new("compare").args(["-metric", "AE"]).args([one, other]).arg("null:").output().ok()?;
    // `compare` speaks on standard error, and ends with 1 when there is a difference.
    String::from_utf8(output.stderr).ok()?.split_whitespace().next()?.parse().ok()
}

/// How many colours a picture has: a blank window has one or two.
fn colours(picture: &Path) -> Option<u32> {
    let output = Command::new("identify").args(["-format", "%k"]).arg(picture).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
