//! Servers that are not what they should be.

use std::sync::Arc;

use rcgen::CertifiedKey;
use tokio::{net::TcpListener, task::AbortHandle};
use tokio_rustls::{
    TlsAcceptor, TlsConnector,
    rustls::{
        ClientConfig, RootCertStore, ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, ServerName},
    },
};

use crate::{
    Answer, Reply, Request, Seen,
    web::{Web, read_request, write_answer},
};

/// A server that answers whatever a test wants.
pub struct HostileServer {
    web: Web,
}

impl HostileServer {
    /// Answers so.
    pub async fn answering(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self { web: Web::open(None, Arc::new(answer)).await }
    }

    /// An ordinary web server, without Matrix.
    pub async fn web_pages() -> Self {
        Self::answering(|_| Answer::page(404, "<h1>Nothing here</h1>").reply()).await
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.web.port())
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.web.port()
    }

    /// Every request so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.web.requests().now()
    }

    /// How many connections were made, with or without a request.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.web.connections()
    }
}

/// A server with a certificate that nobody vouches for. It would answer every request that reaches it.
pub struct SelfSigned {
    port: u16,
    certificate: CertificateDer<'static>,
    requests: Seen<Vec<Request>>,
    refused: Seen<usize>,
    accepting: AbortHandle,
}

impl SelfSigned {
    /// For 127.0.0.1 and localhost; answers by this rule.
    pub async fn answering(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(names).unwrap();
        let certificate = cert.der().clone();
        let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
        let config =
            ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.clone()], key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (requests, refused) = (Seen::new(Vec::new()), Seen::new(0));
        let (heard, turned_away) = (requests.clone(), refused.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    turned_away.change(|count| *count += 1);
                    continue;
                };
                match read_request(&mut stream).await {
                    Some(request) => {
                        let answer = answer(&request);
                        heard.change(|requests| requests.push(request));
                        let _ = write_answer(&mut stream, &answer).await;
                    }
                    None => turned_away.change(|count| *count += 1),
                }
            }
        });
        Self { port, certificate, requests, refused, accepting: task.abort_handle() }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Every request that came through its TLS.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.requests.now()
    }

    /// Wait until somebody turned away from its certificate.
    pub async fn is_refused(&self) {
        self.refused.until("a refused certificate", |count| (*count > 0).then_some(())).await;
    }

    /// Asks it as a client that trusts its certificate would.
    pub async fn is_asked_by_a_friend(&self) -> Vec<u8> {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        let mut stream = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
        stream.write_all(b"GET /_matrix/client/versions HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        answer
    }
}

impl Drop for SelfSigned {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
