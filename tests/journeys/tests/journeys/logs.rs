//! What the logs never say.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use tidings_journeys::{Answer, Proxy, Reply, World, disk};
use tidings_model::{Connection, Delivery};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

/// Everything that was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// A journey whose every thread writes what this filter lets through into one log.
fn journey(filter: &str) -> (Vec<u8>, Vec<String>) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(log.clone())
        .with_ansi(false)
        .finish();
    let dispatch = tracing::Dispatch::new(subscriber);
    let on_threads = dispatch.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        // Of this runtime alone: other tests log nothing.
        .on_thread_start(move || std::mem::forget(tracing::dispatcher::set_default(&on_threads)))
        .build()
        .unwrap();
    let _here = tracing::dispatcher::set_default(&dispatch);
    let words = runtime.block_on(async {
        let canary = |what: &str| format!("canary{what}{:016x}", rand::random::<u64>());
        let [text, secret, draft, refused] = ["text", "secret", "draft", "refused"].map(canary);
        let world = World::new();
        let (priya, marta) = (world.person("Priya").signed_in().await, world.person("Marta").signed_in().await);
        let clear = world.group("Pier", &[&priya, &marta]);
        let encrypted = world.encrypted_group("Yard", &[&priya, &marta]);
        let his = priya.opens(&clear).await;
        let hidden = priya.opens_encrypted(&encrypted).await;
        let hers = marta.opens_encrypted(&encrypted).await;
        his.sends(&text).await;
        hidden.sends(&secret).await;
        hers.sees(&secret).await;
        his.delivers(&text, &Delivery::Sent).await;
        hers.drafts(&draft).await;
        // Something goes wrong, so that something is logged.
        let proxy = Proxy::before(&world).await;
        proxy.treats(|request| if request.is_sync() { Answer::error(500, "M_UNKNOWN").reply() } else { Reply::Pass });
        let laptop = tidings_journeys::Person::clone(&priya).sits_down().await;
        laptop.signs_in_at(&proxy.url()).await.unwrap();
        laptop
            .is_connected("a silent server", |connection| matches!(connection, Connection::ServerSilent { .. }))
            .await;
        laptop.quits().await;
        let mut wrong = priya.types(world.url());
        wrong.password.clone_from(&refused);
        priya.restarts().await;
        priya.is_online().await;
        let mut words = vec![text, secret, draft, refused, priya.password().to_owned(), marta.password().to_owned()];
        for seat in [&priya, &marta] {
            for key in seat.keychain().keys() {
                words.push(key.iter().map(|byte| format!("{byte:02x}")).collect());
                words.push(format!("{key:?}").trim_matches(['[', ']']).to_owned());
            }
        }
        // Synapse's tokens begin with `syt_` and the user's name in base64.
        let token = world.admin().login(priya.local(), priya.password()).unwrap().token;
        words.push(token.split('_').take(2).collect::<Vec<_>>().join("_"));
        assert!(priya.engine().sign_in(wrong).await.is_err());
        priya.quits().await;
        marta.quits().await;
        words
    });
    drop(runtime);
    let log = std::mem::take(&mut *log.0.lock().unwrap());
    (log, words)
}

/// The lines that hold one of the words.
fn telling(log: &[u8], words: &[String]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("log"), log).unwrap();
    let hits = disk::find(folder.path(), words);
    let text = String::from_utf8_lossy(log);
    let line = |word: &str| text.lines().find(|line| line.contains(word)).map(|line| line.chars().take(400).collect());
    hits.iter().map(|hit| line(&hit.word).unwrap_or_else(|| format!("{hit:?}"))).collect()
}

#[test]
fn the_logs_of_our_own_crates_hold_no_secret_at_any_level() {
    let (log, words) = journey("off,tidings_engine=trace,tidings_vault=trace,tidings_model=trace");
    assert!(!log.is_empty(), "the control: something was logged");
    assert_eq!(telling(&log, &words), Vec::<String>::new());
}

#[test]
fn the_logs_as_the_program_writes_them_hold_no_secret() {
    let (log, words) = journey("warn,tidings_engine=info,tidings_vault=info,tidings_model=info");
    assert!(!log.is_empty(), "the control: something was logged");
    assert_eq!(telling(&log, &words), Vec::<String>::new());
    // The control: what is looked for would be found.
    let told = [log.as_slice(), words[0].as_bytes()].concat();
    assert_eq!(telling(&told, &words).len(), 1);
}
