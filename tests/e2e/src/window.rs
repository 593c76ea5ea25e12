//! The window over WebDriver (W3C): what is in it, and what a person does to it.

use std::{net::TcpListener, net::TcpStream, time::Instant};

use fantoccini::{Client, ClientBuilder, Locator, elements::Element, key::Key};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    PATIENCE, Program, Stage, app, children, patience,
    program::{built, signal},
    until,
};

/// A driven window. Ends with the test.
#[derive(Debug)]
pub struct Window<'a> {
    stage: &'a Stage,
    page: Client,
    driver: Program,
    process: u32,
}

impl<'a> Window<'a> {
    /// Start the app with more arguments, and wait until its page is there. It has the keyboard then.
    pub async fn open(stage: &'a Stage, more: &[&str]) -> Window<'a> {
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let mut command = stage.command("WebKitWebDriver");
        command.args(["--host=127.0.0.1", &format!("--port={port}")]).env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Program::start(&mut command);
        until("the driver", || TcpStream::connect(("127.0.0.1", port)).ok()).await;
        let arguments: Vec<String> =
            stage.arguments().into_iter().chain(more.iter().map(ToString::to_string)).collect();
        let options = json!({"webkitgtk:browserOptions": {"binary": built("tidings"), "args": arguments}});
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(options.as_object().unwrap().clone());
        let page = builder.connect(&format!("http://127.0.0.1:{port}")).await.unwrap();
        let process = until("the app", || children(driver.id(), "tidings").first().copied()).await;
        let window = Self { stage, page, driver, process };
        app::focus(stage, process).await;
        window.until("the page has the keyboard", "return document.hasFocus()", &[]).await;
        window
    }

    /// The app's process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.process
    }

    /// Whether the app runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        !children(self.driver.id(), "tidings").is_empty()
    }

    /// What a script in the page gives back.
    pub async fn script(&self, script: &str, arguments: &[Value]) -> Value {
        self.page.execute(script, arguments.to_vec()).await.unwrap_or_else(|error| panic!("{error}: {script}"))
    }

    /// What a script gives back that calls its last argument when it is done.
    pub async fn later(&self, script: &str, arguments: &[Value]) -> Value {
        self.page.execute_async(script, arguments.to_vec()).await.unwrap_or_else(|error| panic!("{error}: {script}"))
    }

    /// Wait until a script gives back something true.
    pub async fn until(&self, what: &str, script: &str, arguments: &[Value]) -> Value {
        let begun = Instant::now();
        loop {
            let seen = self.script(script, arguments).await;
            if !matches!(seen, Value::Null | Value::Bool(false)) {
                return seen;
            }
            if begun.elapsed() > PATIENCE {
                let text = self.script("return document.body.innerText", &[]).await;
                panic!("not seen in {} s: {what}. The page says instead:\n{text}", PATIENCE.as_secs());
            }
            patience::pause().await;
        }
    }

    /// Wait until this text is to be read in the page.
    pub async fn reads(&self, text: &str) {
        self.until(text, "return document.body.innerText.includes(arguments[0])", &[json!(text)]).await;
    }

    /// Whether this text is to be read in the page now.
    pub async fn says(&self, text: &str) -> bool {
        self.script("return document.body.innerText.includes(arguments[0])", &[json!(text)]).await == true
    }

    /// Wait for what a selector names.
    pub async fn element(&self, selector: &str) -> Element {
        let wait = self.page.wait().at_most(PATIENCE).for_element(Locator::Css(selector));
        wait.await.unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// Wait for a button, by what it says or is called.
    pub async fn button(&self, name: &str) -> Element {
        let path = format!("//*[self::button or @role='menuitem'][normalize-space()='{name}' or @aria-label='{name}']");
        let wait = self.page.wait().at_most(PATIENCE).for_element(Locator::XPath(&path));
        wait.await.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Click a button, by what it says or is called.
    pub async fn press(&self, name: &str) {
        self.click(self.button(name).await).await;
    }

    /// Click an element once it stands still: what slides in is elsewhere between the press of a button and its release.
    pub async fn click(&self, element: Element) {
        let still = "const done = arguments[arguments.length - 1]; let before = ''; const look = () => { \
                       const box = JSON.stringify(arguments[0].getBoundingClientRect()); \
                       if (box === before) done(true); else { before = box; requestAnimationFrame(look); } }; look();";
        self.later(still, &[serde_json::to_value(&element).unwrap()]).await;
        element.click().await.unwrap();
    }

    /// Write into a field, in place of what is in it.
    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.element(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Open a chat by its name in the list, and wait until it can be written in.
    pub async fn open_chat(&self, name: &str) {
        let shown = "const row = [...document.querySelectorAll('[role=option]')] \
                       .find((row) => row.querySelector('.name')?.textContent === arguments[0]); \
                     if (!row) return null; const box = row.getBoundingClientRect(); \
                     const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2); \
                     return top !== null && row.contains(top) ? row.dataset.room : null";
        let room = self.until(&format!("the row of {name}"), shown, &[json!(name)]).await;
        let row = format!("[role=option][data-room='{}']", room.as_str().unwrap());
        self.click(self.element(&row).await).await;
        self.is_open(name).await;
    }

    /// Wait until this chat is open.
    pub async fn is_open(&self, name: &str) {
        let script = "return document.querySelector('[data-region=header] h2')?.textContent === arguments[0] \
                      && document.querySelector('main textarea') !== null";
        self.until(&format!("the chat {name}"), script, &[json!(name)]).await;
    }

    /// Press a key, as `xdotool` names it, wherever the caret is.
    pub fn keys(&self, key: &str) {
        self.stage.screen.tool(&["key", "--clearmodifiers", key]).unwrap();
    }

    /// Write a text where the caret is.
    pub fn types(&self, text: &str) {
        self.stage.screen.tool(&["type", "--delay", "20", text]).unwrap();
    }

    /// Write a message, not sent yet.
    pub async fn write(&self, text: &str) {
        self.element("main textarea").await.send_keys(text).await.unwrap();
    }

    /// Write a message and send it with Enter.
    pub async fn send(&self, text: &str) {
        self.write(text).await;
        self.element("main textarea").await.send_keys(&Key::Enter.to_string()).await.unwrap();
    }

    /// Wait until a bubble says this.
    pub async fn bubble(&self, text: &str) {
        let script = "return [...document.querySelectorAll('.bubble')].some((b) => b.innerText.includes(arguments[0]))";
        self.until(&format!("a bubble: {text}"), script, &[json!(text)]).await;
    }

    /// The address of the page.
    pub async fn address(&self) -> String {
        self.page.current_url().await.unwrap().to_string()
    }

    /// Give the window this size, in pixels, and wait until the page has it.
    pub async fn resize(&self, width: u32, height: u32) {
        app::resize(self.stage, self.process, width, height).await;
        let script = "return innerWidth === arguments[0] && innerHeight === arguments[1]";
        self.until(&format!("{width} × {height} pixels"), script, &[json!(width), json!(height)]).await;
    }

    /// The window, as the X server numbers it.
    pub async fn id(&self) -> String {
        app::window(self.stage, self.process).await
    }

    /// Give the keyboard back.
    pub async fn gets_focus(&self) {
        app::focus(self.stage, self.process).await;
        self.until("the page has the keyboard", "return document.hasFocus()", &[]).await;
    }

    /// Wait until the app has ended.
    pub async fn ended(&self) {
        until("the end of the app", || (!self.runs()).then_some(())).await;
    }

    /// Ask the app to end, and see that it does.
    pub async fn end(self) {
        signal(self.process, Signal::TERM);
        self.ended().await;
    }

    /// End the app at once, as a power cut would.
    pub async fn kill(self) {
        signal(self.process, Signal::KILL);
        self.ended().await;
    }
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        signal(self.process, Signal::KILL);
    }
}
