//! What went wrong on the way to the server, in the few kinds that are treated differently.
//!
//! **Invariant:** every error of the SDK is read here and nowhere else, and becomes a [`Fault`]; the outbox, the sync loop
//! and the verbs decide on that. Kinds are found by type (`errcode`, HTTP status, `rustls::Error`), never by the words
//! of a message.

use std::{error::Error as StdError, time::Duration};

use matrix_sdk::{
    ClientBuildError, HttpError,
    encryption::{MegolmError, OlmError},
    ruma::api::error::{ErrorKind, FromHttpResponseError, RetryAfter},
};
use tidings_model::{Code, FailReason, Failure};

/// The longest wait a server may ask for; beyond it we ask again anyway.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no way to the server.
    Offline,
    /// The server failed, or did not answer in time.
    Silent,
    /// The server asks to wait (429, `M_LIMIT_EXCEEDED`).
    Limited(Option<Duration>),
    /// A web page answered where Matrix was expected.
    Captive,
    /// The certificate cannot be trusted.
    Untrusted,
    /// The session was ended (`M_UNKNOWN_TOKEN`, `M_MISSING_TOKEN`).
    SessionEnded,
    /// The sync position is not known any more (`M_UNKNOWN_POS`).
    UnknownPosition,
    /// The endpoint is not there (404 or 405 with `M_UNRECOGNIZED`).
    Unsupported,
    /// The server understood and refuses (`M_FORBIDDEN` and other 4xx).
    Refused {
        /// HTTP status.
        status: u16,
        /// `errcode`, or an empty text.
        code: String,
    },
    /// A store of this computer failed. Whether the disk is full is asked of the vault, which lies beside it.
    Local,
    /// The disk is full.
    DiskFull,
    /// Encryption failed.
    Encryption,
    /// The room is not in a state that allows it (left, unknown).
    WrongRoom,
}

impl Fault {
    /// Read an error of the SDK.
    #[must_use]
    pub(crate) fn of(error: &matrix_sdk::Error) -> Self {
        use matrix_sdk::Error;
        match error {
            Error::Http(http) => Self::of_http(http),
            Error::WrongRoomState(_) => Self::WrongRoom,
            // A full disk is no reason to refuse a message: it is encrypted when there is room.
            Error::OlmError(olm) if matches!(**olm, OlmError::Store(_)) => Self::Local,
            Error::MegolmError(megolm) if matches!(**megolm, MegolmError::Store(_)) => Self::Local,
            Error::OlmError(_) | Error::MegolmError(_) | Error::NoOlmMachine => Self::Encryption,
            Error::StateStore(_) | Error::CryptoStoreError(_) | Error::MediaStore(_) | Error::Io(_) => Self::Local,
            Error::AuthenticationRequired => Self::SessionEnded,
            _ => Self::of_chain(error).unwrap_or(Self::Local),
        }
    }

    /// Read an HTTP error of the SDK.
    #[must_use]
    pub(crate) fn of_http(error: &HttpError) -> Self {
        if let HttpError::Cached(inner) = error {
            return Self::of_http(inner);
        }
        if let Some(api) = error.as_client_api_error() {
            let status = api.status_code.as_u16();
            return match api.error_kind() {
                Some(ErrorKind::LimitExceeded(limit)) => Self::Limited(limit.retry_after.as_ref().map(wait)),
                Some(ErrorKind::UnknownToken(_) | ErrorKind::MissingToken) => Self::SessionEnded,
                Some(ErrorKind::UnknownPos) => Self::UnknownPosition,
                Some(ErrorKind::Unrecognized) => Self::Unsupported,
                kind => match status {
                    429 => Self::Limited(None),
                    500.. => Self::Silent,
                    // A redirect or a success that is no Matrix answer, or an error page without an errcode.
                    _ if kind.is_none() && (status < 400 || matches!(status, 403 | 404 | 405 | 407 | 511)) => {
                        Self::Captive
                    }
                    _ => {
                        Self::Refused { status, code: kind.map(|kind| kind.errcode().to_string()).unwrap_or_default() }
                    }
                },
            };
        }
        match error {
            HttpError::Api(api) => match api.as_ref() {
                // Something answered with success, but not with Matrix: a captive portal, or a proxy's page.
                FromHttpResponseError::Deserialization(_) => Self::Captive,
                _ => Self::Silent,
            },
            HttpError::Reqwest(reqwest) => Self::of_reqwest(reqwest),
            HttpError::RefreshToken(_) => Self::SessionEnded,
            _ => Self::of_chain(error).unwrap_or(Self::Silent),
        }
    }

    /// Read an error of the builder (discovery, stores).
    #[must_use]
    pub(crate) fn of_build(error: &ClientBuildError) -> Self {
        match error {
            ClientBuildError::Http(http) => Self::of_http(http),
            ClientBuildError::SqliteStore(_) => Self::Local,
            _ => Self::of_chain(error).unwrap_or(Self::Unsupported),
        }
    }

    /// Read an error of the HTTP library.
    #[must_use]
    pub(crate) fn of_reqwest(error: &reqwest::Error) -> Self {
        if let Some(fault) = Self::of_chain(error) {
            return fault;
        }
        if error.is_redirect() || error.is_decode() {
            Self::Captive
        } else if error.is_connect() {
            Self::Offline
        } else {
            Self::Silent
        }
    }

    /// Look for a TLS refusal in what caused an error.
    fn of_chain(error: &(dyn StdError + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(cause) = next {
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return Some(match tls {
                    // A plain web server or a cut in the handshake says nothing about the certificate.
                    rustls::Error::InvalidMessage(_) => Self::Silent,
                    _ => Self::Untrusted,
                });
            }
            // The source of an I/O error is that of what it wraps, which skips the wrapped error itself.
            next = match cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
                Some(wrapped) => Some(wrapped),
                None => cause.source(),
            };
        }
        None
    }

    /// Whether trying again by itself may help.
    #[must_use]
    pub(crate) fn heals(&self) -> bool {
        match self {
            Self::Offline | Self::Silent | Self::Limited(_) | Self::Captive | Self::Untrusted => true,
            Self::Local | Self::DiskFull => true,
            // A proxy that sends us to the wrong place for a while looks like a server that lacks the endpoint.
            Self::Unsupported => true,
            // The server is there but says "not now" in its own way: request timeout, conflict with itself.
            Self::Refused { status, .. } => matches!(status, 408 | 425),
            Self::SessionEnded | Self::UnknownPosition | Self::Encryption | Self::WrongRoom => false,
        }
    }

    /// Why a message that met this fault is refused for good; `None` when it is tried again.
    #[must_use]
    pub(crate) fn refusal(&self) -> Option<FailReason> {
        if self.heals() {
            return None;
        }
        match self {
            Self::Refused { status: 413, .. } => Some(FailReason::TooLarge),
            Self::Refused { code, .. } if code == "M_TOO_LARGE" => Some(FailReason::TooLarge),
            Self::Refused { status: 403, .. } => Some(FailReason::NotAllowed),
            Self::Refused { status: 404, .. } | Self::WrongRoom => Some(FailReason::Gone),
            Self::Encryption => Some(FailReason::Encryption),
            // A session that ended keeps everything until the person signs in again.
            Self::SessionEnded | Self::UnknownPosition => None,
            _ => Some(FailReason::Refused),
        }
    }

    /// The failure to show, for a verb that met this fault.
    #[must_use]
    pub(crate) fn failure(&self, details: impl std::fmt::Display) -> Failure {
        let code = match self {
            Self::Offline => Code::Offline,
            Self::Silent | Self::UnknownPosition => Code::ServerSilent,
            Self::Limited(_) => Code::RateLimited,
            Self::Captive => Code::CaptivePortal,
            Self::Untrusted => Code::Untrusted,
            Self::SessionEnded => Code::SessionEnded,
            Self::Unsupported => Code::NotAHomeserver,
            Self::Refused { code, .. }
                if matches!(code.as_str(), "M_USER_DEACTIVATED" | "M_USER_LOCKED" | "M_USER_SUSPENDED") =>
            {
                Code::AccountClosed
            }
            Self::Refused { status, code } if *status == 403 || code == "M_FORBIDDEN" => Code::NotAllowed,
            Self::WrongRoom => Code::Gone,
            Self::DiskFull => Code::DiskFull,
            Self::Refused { .. } | Self::Local | Self::Encryption => Code::Internal,
        };
        Failure::new(code, details)
    }
}

/// How long the server asks to wait, within reason.
fn wait(retry_after: &RetryAfter) -> Duration {
    let asked = match retry_after {
        RetryAfter::Delay(delay) => *delay,
        RetryAfter::DateTime(moment) => {
            moment.duration_since(std::time::SystemTime::now()).unwrap_or(Duration::from_secs(1))
        }
    };
    asked.min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_heal_is_refused_for_good() {
        let refused = |status, code: &str| Fault::Refused { status, code: code.to_owned() };
        for (fault, expected) in [
            (Fault::Offline, None),
            (Fault::Silent, None),
            (Fault::Captive, None),
            (Fault::Limited(None), None),
            (Fault::Local, None),
            (Fault::DiskFull, None),
            (Fault::SessionEnded, None),
            (refused(408, ""), None),
            (refused(403, "M_FORBIDDEN"), Some(FailReason::NotAllowed)),
            (refused(413, "M_TOO_LARGE"), Some(FailReason::TooLarge)),
            (refused(400, "M_TOO_LARGE"), Some(FailReason::TooLarge)),
            (refused(404, "M_NOT_FOUND"), Some(FailReason::Gone)),
            (refused(400, "M_BAD_JSON"), Some(FailReason::Refused)),
            (Fault::WrongRoom, Some(FailReason::Gone)),
            (Fault::Encryption, Some(FailReason::Encryption)),
        ] {
            assert_eq!(fault.refusal(), expected, "{fault:?}");
        }
    }

    #[test]
    fn a_refusal_speaks_of_what_was_refused_and_not_of_a_password() {
        let refused = |status, code: &str| Fault::Refused { status, code: code.to_owned() };
        for (fault, expected) in [
            (refused(403, "M_FORBIDDEN"), Code::NotAllowed),
            (refused(403, ""), Code::NotAllowed),
            (refused(403, "M_USER_DEACTIVATED"), Code::AccountClosed),
            (refused(401, "M_USER_LOCKED"), Code::AccountClosed),
            (refused(404, "M_NOT_FOUND"), Code::Internal),
        ] {
            assert_eq!(fault.failure("").code, expected, "{fault:?}");
        }
    }

    #[test]
    fn a_wait_is_honoured_up_to_five_minutes() {
        assert_eq!(wait(&RetryAfter::Delay(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(wait(&RetryAfter::Delay(Duration::from_secs(86_400))), LONGEST_WAIT);
    }
}
