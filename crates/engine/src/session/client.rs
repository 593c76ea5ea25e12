//! How the SDK's client is built: every default that is wrong for us is set here, and only here.

use std::{path::Path, time::Duration};

use matrix_sdk::{
    Client, ClientBuildError, ClientBuilder, HttpError, SqliteStoreConfig, ThreadingSupport,
    config::RequestConfig,
    cross_process_lock::CrossProcessLockConfig,
    encryption::{BackupDownloadStrategy, EncryptionSettings},
    ruma::ServerName,
    sliding_sync::VersionBuilder,
};
use reqwest::redirect::Policy;
use tidings_model::{Code, Failure};
use url::{Host, Url};

/// How long a single request may take; the sync loop's long poll has its own.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long making a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How many redirects discovery follows.
const MOST_REDIRECTS: usize = 3;

/// Where a server is: by the name of an organisation, or by an address that was typed whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// A server name: its `.well-known/matrix/client` says where the homeserver is (Matrix spec, "Server discovery").
    Name(String),
    /// The homeserver's own address.
    Url(Url),
}

impl Address {
    /// Read what a person typed. Only `https`, except to this computer itself: a password never travels in the clear.
    pub(crate) fn parse(typed: &str) -> Result<Self, Failure> {
        let typed = typed.trim().trim_end_matches('/');
        let unknown = |why: &str| Failure::new(Code::UnknownServer, why);
        if typed.is_empty() || typed.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
            return Err(unknown("the address is empty or has spaces"));
        }
        let url = match typed.split_once("://") {
            Some(_) => Url::parse(typed).map_err(|error| unknown(&error.to_string()))?,
            None => {
                let guess = Url::parse(&format!("http://{typed}")).map_err(|error| unknown(&error.to_string()))?;
                if !is_loopback(&guess) {
                    let name = ServerName::parse(typed).map_err(|error| unknown(&error.to_string()))?;
                    return Ok(Self::Name(name.to_string()));
                }
                guess
            }
        };
        match url.scheme() {
            "https" => Ok(Self::Url(url)),
            "http" if is_loopback(&url) => Ok(Self::Url(url)),
            "http" => Err(Failure::new(Code::Untrusted, "the address is not encrypted (http)")),
            _ => Err(unknown("the address is not a web address")),
        }
    }

    /// The name to show for it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Url(url) => url.host_str().unwrap_or_default().to_owned(),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A client without a store, for discovery.
pub(crate) async fn visitor(address: &Address) -> Result<Client, ClientBuildError> {
    // It never encrypts anything: a device that only asks leaves no keys behind.
    let builder = common(Redirects::Discovery)?.with_encryption_settings(EncryptionSettings::default());
    located(builder, address).build().await
}

/// A client without a store that a password may go through: it follows no redirect.
pub(crate) async fn caller(address: &Address) -> Result<Client, ClientBuildError> {
    let builder = common(Redirects::None)?.with_encryption_settings(EncryptionSettings::default());
    located(builder, address).build().await
}

/// A client with its stores in the account's folder. With [`Address::Url`] no request is made.
pub(crate) async fn resident(address: &Address, folder: &Path) -> Result<Client, ClientBuildError> {
    // No key of the SDK's own: the files are encrypted page by page (`tidings_vault::keying`), and its value encryption
    // would leave ids in the clear and store blobs at 1.5 times their size.
    let stores = SqliteStoreConfig::new(folder).pool_max_size(4);
    let builder = common(Redirects::None)?.sqlite_store_with_config_and_cache_path(stores, None::<&Path>);
    located(builder, address).build().await
}

fn located(builder: ClientBuilder, address: &Address) -> ClientBuilder {
    match address {
        Address::Url(url) => builder.homeserver_url(url),
        Address::Name(name) => match ServerName::parse(name) {
            Ok(name) => builder.server_name(&name),
            Err(_) => builder,
        },
    }
}

/// Which redirects are followed.
#[derive(Clone, Copy)]
enum Redirects {
    /// None: no host is ever contacted that the organisation did not name, and a captive portal is seen as one.
    None,
    /// From the organisation's own encrypted address to another encrypted one: its `.well-known` may live there.
    Discovery,
}

/// Our own HTTP client: the SDK's follows every redirect.
fn http(redirects: Redirects) -> Result<reqwest::Client, HttpError> {
    let policy = match redirects {
        Redirects::None => Policy::none(),
        Redirects::Discovery => Policy::custom(|attempt| {
            let encrypted = |url: &Url| url.scheme() == "https";
            let named = attempt.previous().iter().all(encrypted) && encrypted(attempt.url());
            if named && attempt.previous().len() <= MOST_REDIRECTS { attempt.follow() } else { attempt.stop() }
        }),
    };
    Ok(reqwest::Client::builder()
        .user_agent(concat!("Tidings/", env!("CARGO_PKG_VERSION")))
        .min_tls_version(reqwest::tls::Version::TLS_1_2)
        .connect_timeout(CONNECT_TIMEOUT)
        .redirect(policy)
        .build()?)
}

fn common(redirects: Redirects) -> Result<ClientBuilder, ClientBuildError> {
    let builder = Client::builder()
        .http_client(http(redirects)?)
        // The profile's lock is the guard; the SDK's lease would wake every 50 ms.
        .cross_process_store_config(CrossProcessLockConfig::SingleProcess)
        .sliding_sync_version_builder(VersionBuilder::Native)
        .with_threading_support(ThreadingSupport::Enabled { with_subscriptions: false })
        // The answer to a sign-in may not move us to another host.
        .respect_login_well_known(false)
        .with_encryption_settings(EncryptionSettings {
            auto_enable_cross_signing: true,
            auto_enable_backups: true,
            backup_download_strategy: BackupDownloadStrategy::AfterDecryptionFailure,
        })
        // Every caller has a back-off of its own, which the person can see and cut short.
        .request_config(RequestConfig::new().disable_retry().timeout(REQUEST_TIMEOUT));
    Ok(builder)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_is_a_name_or_an_encrypted_address() {
        let name = |text: &str| Address::Name(text.to_owned());
        let url = |text: &str| Address::Url(Url::parse(text).unwrap());
        for (typed, expected) in [
            (" skerrylines.example ", Ok(name("skerrylines.example"))),
            ("skerrylines.example:8448", Ok(name("skerrylines.example:8448"))),
            ("https://matrix.skerrylines.example/", Ok(url("https://matrix.skerrylines.example"))),
            ("http://127.0.0.1:8008", Ok(url("http://127.0.0.1:8008"))),
            ("localhost:8008", Ok(url("http://localhost:8008"))),
            ("[::1]:8008", Ok(url("http://[::1]:8008"))),
            ("http://matrix.skerrylines.example", Err(Code::Untrusted)),
            ("http://127.0.0.1.evil.example", Err(Code::Untrusted)),
            ("ftp://skerrylines.example", Err(Code::UnknownServer)),
            ("file:///etc/passwd", Err(Code::UnknownServer)),
            ("skerry lines", Err(Code::UnknownServer)),
            ("", Err(Code::UnknownServer)),
        ] {
            assert_eq!(Address::parse(typed).map_err(|failure| failure.code), expected, "{typed}");
        }
    }
}
