//! The app as a person starts it: without WebDriver, with keys from the X server.

use std::process::ExitStatus;

use rustix::process::Signal;

use crate::{Program, Stage, children, patience, program::signal};

/// A running app.
#[derive(Debug)]
pub struct App<'a> {
    stage: &'a Stage,
    program: Program,
}

impl<'a> App<'a> {
    /// Start it with more arguments, and wait until its window is shown. It has the keyboard then.
    pub async fn open(stage: &'a Stage, more: &[&str]) -> App<'a> {
        let shown = stage.marks("window_shown");
        let app = Self { stage, program: Program::start(stage.app().args(more)) };
        stage.mark("window_shown", shown + 1).await;
        focus(stage, app.program.id()).await;
        app
    }

    /// Its process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.program.id()
    }

    /// Whether it runs.
    #[must_use]
    pub fn runs(&mut self) -> bool {
        self.program.runs()
    }

    /// Press a key, as `xdotool` names it.
    pub fn key(&self, key: &str) {
        self.stage.screen.tool(&["key", "--clearmodifiers", key]).unwrap();
    }

    /// Write a text where the caret is.
    pub fn write(&self, text: &str) {
        self.stage.screen.tool(&["type", "--delay", "20", text]).unwrap();
    }

    /// Its window, as the X server numbers it.
    pub async fn window(&self) -> String {
        window(self.stage, self.program.id()).await
    }

    /// Give the window this size, in pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        resize(self.stage, self.program.id(), width, height).await;
        self.has_size(width, height).await;
    }

    /// Wait until the window has this size, in pixels.
    pub async fn has_size(&self, width: u32, height: u32) {
        let id = self.window().await;
        let wanted = format!("WIDTH={width}\nHEIGHT={height}");
        crate::until(&format!("{width} × {height} pixels"), || {
            let geometry = self.stage.screen.tool(&["getwindowgeometry", "--shell", &id])?;
            geometry.contains(&wanted).then_some(())
        })
        .await;
    }

    /// Close the window, as the cross in its corner does.
    pub async fn close_window(&self) {
        let id = self.window().await;
        self.stage.screen.close(id.parse().unwrap());
    }

    /// Kill the process that draws its page.
    pub fn kill_page(&self) {
        let drawing = children(self.program.id(), "WebKitWebProces");
        assert_eq!(drawing.len(), 1, "one process draws the page");
        signal(drawing[0], Signal::KILL);
    }

    /// Ask it to end, and see that it does.
    pub async fn end(mut self) -> ExitStatus {
        self.program.end().await
    }

    /// End it at once, as a power cut would.
    pub fn kill(mut self) {
        self.program.kill();
    }

    /// Wait until it has ended of itself.
    pub async fn ended(mut self) -> ExitStatus {
        self.program.ended().await
    }
}

/// The visible window of a process.
pub(crate) async fn window(stage: &Stage, process: u32) -> String {
    let process = process.to_string();
    crate::until("its window", || {
        let found = stage.screen.tool(&["search", "--onlyvisible", "--pid", &process])?;
        found.lines().last().map(str::to_owned)
    })
    .await
}

/// There is no window manager: say which window the keyboard belongs to.
pub(crate) async fn focus(stage: &Stage, process: u32) {
    let id = window(stage, process).await;
    let begun = std::time::Instant::now();
    while stage.screen.tool(&["windowfocus", "--sync", &id]).is_none() {
        assert!(begun.elapsed() < patience::PATIENCE, "the window does not take the keyboard");
        patience::pause().await;
    }
}

/// Give the window of a process this size, in pixels.
pub(crate) async fn resize(stage: &Stage, process: u32, width: u32, height: u32) {
    let id = window(stage, process).await;
    let (width, height) = (width.to_string(), height.to_string());
    stage.screen.tool(&["windowmove", &id, "0", "0"]).unwrap();
    stage.screen.tool(&["windowsize", &id, &width, &height]).unwrap();
}
