//! Pictures and files for the page: `media://localhost/<account>/<media>` (on Windows `http://media.localhost/…`).
//!
//! **Invariant:** an answer can be looked at, or played, and is nothing else. Only the pictures, films and sounds that
//! the engine knows by their first bytes are named; everything else is bytes to save. Every answer forbids sniffing, and
//! a document made of it could run and reach nothing (sandbox), because Tauri counts this scheme as local.
//! **Invariant:** both parts of the path are letters and digits, so that no path, query or encoding reaches the engine.
//!
//! Range requests follow RFC 9110 section 14: one range of bytes; several in one request are answered whole.

use std::{borrow::Cow, ops::RangeInclusive};

use tauri::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use tidings_engine::{Media, media_type::SHOWN};
use tidings_model::{AccountId, MediaRef};

/// The scheme's name.
pub(crate) const SCHEME: &str = "media";

/// Longest accepted part of a path; ours are hashes.
const LONGEST: usize = 128;

/// Which media a request asks for; `None` when it asks for nothing of ours.
pub(crate) fn asked<B>(request: &Request<B>) -> Option<(AccountId, MediaRef)> {
    let uri = request.uri();
    if uri.query().is_some() {
        return None;
    }
    let mut parts = uri.path().strip_prefix('/')?.split('/');
    let (account, media) = (parts.next()?, parts.next()?);
    (parts.next().is_none() && is_name(account) && is_name(media)).then(|| (account.into(), media.into()))
}

fn is_name(part: &str) -> bool {
    (1..=LONGEST).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The refusal of a request by its method; `None` when it may go on.
pub(crate) fn refused_method<B>(request: &Request<B>) -> Option<Response<Cow<'static, [u8]>>> {
    let allowed = matches!(*request.method(), Method::GET | Method::HEAD);
    (!allowed).then(|| {
        let mut refusal = empty(StatusCode::METHOD_NOT_ALLOWED);
        refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        refusal
    })
}

/// The answer when there is nothing: not known, not kept, cannot be fetched.
pub(crate) fn missing() -> Response<Cow<'static, [u8]>> {
    empty(StatusCode::NOT_FOUND)
}

/// The answer to a request for media that is there.
pub(crate) fn answer<B>(request: &Request<B>, media: &Media) -> Response<Cow<'static, [u8]>> {
    let total = media.bytes.len();
    let range = request.headers().get(header::RANGE).and_then(|range| range.to_str().ok());
    let (status, part) = match range.map_or(Range::Whole, |range| Range::parse(range, total)) {
        Range::Whole => (StatusCode::OK, None),
        Range::Part(part) => (StatusCode::PARTIAL_CONTENT, Some(part)),
        Range::Unsatisfiable => {
            let mut refusal = empty(StatusCode::RANGE_NOT_SATISFIABLE);
            set(&mut refusal, header::CONTENT_RANGE, &format!("bytes */{total}"));
            return refusal;
        }
    };
    let body = match &part {
        None => &*media.bytes,
        Some(part) => media.bytes.get(part.clone()).unwrap_or_default(),
    };
    let (length, body) = (body.len(), if *request.method() == Method::HEAD { Vec::new() } else { body.to_vec() });
    let mut response = with_guards(status, Cow::Owned(body));
    let shown = SHOWN.contains(&media.mime);
    set(&mut response, header::CONTENT_TYPE, if shown { media.mime } else { "application/octet-stream" });
    set(&mut response, header::CONTENT_DISPOSITION, if shown { "inline" } else { "attachment" });
    set(&mut response, header::CONTENT_LENGTH, &length.to_string());
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    // In memory only: the webview keeps nothing on disk. What a hash names never changes.
    set(&mut response, header::CACHE_CONTROL, "private, max-age=86400, immutable");
    if let Some(part) = part {
        set(&mut response, header::CONTENT_RANGE, &format!("bytes {}-{}/{total}", part.start(), part.end()));
    }
    response
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    Whole,
    Part(RangeInclusive<usize>),
    Unsatisfiable,
}

impl Range {
    /// A header that is not understood is ignored, as RFC 9110 section 14.2 asks.
    fn parse(header: &str, total: usize) -> Self {
        let Some((unit, spec)) = header.split_once('=') else { return Self::Whole };
        let Some((first, last)) = spec.trim().split_once('-') else { return Self::Whole };
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return Self::Whole;
        }
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        // Too many digits for a number is beyond every end.
        let number = |text: &str| text.parse::<usize>().unwrap_or(usize::MAX);
        match (first.trim(), last.trim()) {
            (first, last) if !digits(first) || !digits(last) => Self::Whole,
            ("", "") => Self::Whole,
            ("", suffix) => match number(suffix).min(total) {
                0 => Self::Unsatisfiable,
                length => Self::Part(total - length..=total - 1),
            },
            (first, _) if number(first) >= total => Self::Unsatisfiable,
            (first, "") => Self::Part(number(first)..=total - 1),
            (first, last) if number(last) < number(first) => Self::Whole,
            (first, last) => Self::Part(number(first)..=number(last).min(total - 1)),
        }
    }
}

fn empty(status: StatusCode) -> Response<Cow<'static, [u8]>> {
    with_guards(status, Cow::Borrowed(&[]))
}

fn with_guards(status: StatusCode, body: Cow<'static, [u8]>) -> Response<Cow<'static, [u8]>> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    set(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(&mut response, header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'");
    set(&mut response, header::REFERRER_POLICY, "no-referrer");
    response
}

fn set(response: &mut Response<Cow<'static, [u8]>>, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests;
