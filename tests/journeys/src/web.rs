//! HTTP/1.1 as little as a test needs: one request a connection, read whole, answered as the test says.
//!
//! By hand rather than over a library, because a test must be able to cut an answer at any byte.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Instant,
};

use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
};

use crate::Seen;

/// A request, as it was received.
#[derive(Clone)]
pub struct Request {
    /// When it was whole.
    pub at: Instant,
    /// `GET`, `PUT`, ….
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What became of it.
    pub reply: Reply,
}

impl Request {
    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// It is a call of the sync loop.
    #[must_use]
    pub fn is_sync(&self) -> bool {
        self.path().contains("simplified_msc3575/sync") || self.path().ends_with("/sync")
    }

    /// It sends an event into a room.
    #[must_use]
    pub fn is_send(&self) -> bool {
        self.method == "PUT" && self.path().contains("/rooms/") && self.path().contains("/send/")
    }

    /// The last part of the path: the transaction id of a send.
    #[must_use]
    pub fn last_segment(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }

    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {} ({:?})", self.method, self.target, self.reply)
    }
}

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// It goes on to the homeserver, and the answer comes back.
    Pass,
    /// It is answered here.
    Answer(Answer),
    /// The connection is cut before the request goes on.
    Cut,
    /// The homeserver gets it, and its answer is dropped.
    Swallow,
    /// The homeserver gets it, and its answer is cut after this many bytes of the body.
    CutAfter(usize),
    /// The homeserver gets it, and its answer, JSON, is changed on the way back.
    Alter(Change),
    /// The connection stays open and nothing is said.
    Silence,
}

/// A change to an answer.
#[derive(Clone)]
pub struct Change(Arc<dyn Fn(&mut Value) + Send + Sync>);

impl fmt::Debug for Change {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Change")
    }
}

impl Reply {
    /// The homeserver's answer, changed.
    pub fn altered(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::Alter(Change(Arc::new(change)))
    }
}

/// An answer of our own.
#[derive(Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers besides `Content-Length` and `Connection`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Answer {}", self.status)
    }
}

impl Answer {
    /// JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: body.to_string().into_bytes(),
        }
    }

    /// A Matrix error.
    #[must_use]
    pub fn error(status: u16, errcode: &str) -> Self {
        Self::json(status, &serde_json::json!({"errcode": errcode, "error": "as the test says"}))
    }

    /// A web page.
    #[must_use]
    pub fn page(status: u16, html: &str) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
            body: html.as_bytes().to_vec(),
        }
    }

    /// With another header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// As a reply.
    #[must_use]
    pub fn reply(self) -> Reply {
        Reply::Answer(self)
    }
}

type Rule = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;

/// A listener on 127.0.0.1 that treats each request by a rule.
pub(crate) struct Web {
    shared: Arc<Shared>,
    port: u16,
    accepting: Mutex<Option<AbortHandle>>,
}

struct Shared {
    upstream: Option<u16>,
    rule: Mutex<Rule>,
    requests: Seen<Vec<Request>>,
    connections: Seen<usize>,
}

impl Web {
    pub(crate) async fn open(upstream: Option<u16>, rule: Rule) -> Self {
        let shared = Arc::new(Shared {
            upstream,
            rule: Mutex::new(rule),
            requests: Seen::new(Vec::new()),
            connections: Seen::new(0),
        });
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let accepting = Mutex::new(Some(Self::accept(Arc::clone(&shared), listener)));
        Self { shared, port, accepting }
    }

    fn accept(shared: Arc<Shared>, listener: TcpListener) -> AbortHandle {
        let task = tokio::spawn(async move {
            // Ends with the task, and every connection with it.
            let mut connections = JoinSet::new();
            loop {
                let Ok((stream, _)) = listener.accept().await else { return };
                while connections.try_join_next().is_some() {}
                shared.connections.change(|count| *count += 1);
                let shared = Arc::clone(&shared);
                connections.spawn(async move { shared.serve(stream).await });
            }
        });
        task.abort_handle()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn requests(&self) -> &Seen<Vec<Request>> {
        &self.shared.requests
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.now()
    }

    pub(crate) fn rule(&self, rule: Rule) {
        *self.shared.rule.lock().unwrap() = rule;
    }

    pub(crate) fn close(&self) {
        if let Some(accepting) = self.accepting.lock().unwrap().take() {
            accepting.abort();
        }
    }

    pub(crate) async fn reopen(&self) {
        // The aborted task may hold the port for a moment longer.
        let listener = loop {
            match TcpListener::bind(("127.0.0.1", self.port)).await {
                Ok(listener) => break listener,
                Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => tokio::task::yield_now().await,
                Err(error) => panic!("the port cannot be taken again: {error}"),
            }
        };
        *self.accepting.lock().unwrap() = Some(Self::accept(Arc::clone(&self.shared), listener));
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    async fn serve(&self, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let Some(mut request) = read_request(&mut stream).await else { return };
        let rule = Arc::clone(&self.rule.lock().unwrap());
        let reply = rule(&request);
        request.reply = reply.clone();
        self.requests.change(|requests| requests.push(request.clone()));
        match reply {
            Reply::Answer(answer) => {
                let _ = write_answer(&mut stream, &answer).await;
            }
            Reply::Cut => {}
            Reply::Silence => {
                // Until the other side gives up.
                let _ = stream.read(&mut [0]).await;
            }
            Reply::Pass => {
                if let Some(mut upstream) = self.forward(&request).await {
                    let (mut asking, mut answering) = stream.split();
                    let mut gone = [0];
                    tokio::select! {
                        _ = tokio::io::copy(&mut upstream, &mut answering) => {}
                        _ = asking.read(&mut gone) => {}
                    }
                    let _ = stream.shutdown().await;
                }
            }
            Reply::Alter(change) => {
                let Some(mut upstream) = self.forward(&request).await else { return };
                let mut answer = Vec::new();
                let (mut asking, mut answering) = stream.split();
                let mut gone = [0];
                tokio::select! {
                    _ = upstream.read_to_end(&mut answer) => {}
                    _ = asking.read(&mut gone) => return,
                }
                let altered = altered(&answer, &change).unwrap_or(answer);
                let _ = answering.write_all(&altered).await;
                let _ = stream.shutdown().await;
            }
            Reply::Swallow => {
                if let Some(mut upstream) = self.forward(&request).await {
                    let _ = upstream.read_to_end(&mut Vec::new()).await;
                }
            }
            Reply::CutAfter(count) => {
                if let Some(mut upstream) = self.forward(&request).await {
                    let mut answer = Vec::new();
                    let _ = upstream.read_to_end(&mut answer).await;
                    let head = memchr::memmem::find(&answer, b"\r\n\r\n").map_or(answer.len(), |end| end + 4);
                    // Never the whole answer.
                    let end = (head + count).min(answer.len().saturating_sub(1));
                    let _ = stream.write_all(&answer[..end]).await;
                    let _ = stream.flush().await;
                }
            }
        }
    }

    async fn forward(&self, request: &Request) -> Option<TcpStream> {
        let mut upstream = TcpStream::connect(("127.0.0.1", self.upstream?)).await.ok()?;
        let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
        for (name, value) in &request.headers {
            if name != "connection" && name != "accept-encoding" {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        head.push_str("connection: close\r\n\r\n");
        upstream.write_all(head.as_bytes()).await.ok()?;
        upstream.write_all(&request.body).await.ok()?;
        Some(upstream)
    }
}

/// A whole answer with its JSON changed; `None` when it has none.
fn altered(answer: &[u8], change: &Change) -> Option<Vec<u8>> {
    let head = memchr::memmem::find(answer, b"\r\n\r\n")?;
    let text = String::from_utf8_lossy(&answer[..head]).into_owned();
    let chunked = text.to_ascii_lowercase().contains("transfer-encoding: chunked");
    let body = &answer[head + 4..];
    let body = if chunked { unchunked(body) } else { body.to_vec() };
    let mut json: Value = serde_json::from_slice(&body).ok()?;
    (change.0)(&mut json);
    let body = json.to_string();
    let mut lines: Vec<String> = text
        .split("\r\n")
        .filter(|line| {
            let line = line.to_ascii_lowercase();
            !line.starts_with("content-length:") && !line.starts_with("transfer-encoding:")
        })
        .map(str::to_owned)
        .collect();
    lines.push(format!("Content-Length: {}\r\n\r\n", body.len()));
    Some([lines.join("\r\n").into_bytes(), body.into_bytes()].concat())
}

/// The body of a chunked answer (RFC 9112, 7.1).
fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = memchr::memmem::find(bytes, b"\r\n") {
        let size = usize::from_str_radix(String::from_utf8_lossy(&bytes[..end]).trim(), 16).unwrap_or(0);
        let Some(chunk) = bytes.get(end + 2..end + 2 + size).filter(|_| size > 0) else { break };
        body.extend_from_slice(chunk);
        bytes = bytes.get(end + 2 + size + 2..).unwrap_or_default();
    }
    body
}

/// Read one request; `None` when the other side went away first.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<Request> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).into_owned();
    let mut lines = text.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = bytes.split_off(head + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Request { at: Instant::now(), method, target, headers, body, reply: Reply::Pass })
}

/// Write an answer and close.
pub(crate) async fn write_answer(stream: &mut (impl AsyncWrite + Unpin), answer: &Answer) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} As asked\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n", answer.body.len()));
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&answer.body).await?;
    stream.shutdown().await
}
