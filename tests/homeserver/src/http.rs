//! JSON over HTTP to 127.0.0.1, one call at a time.
//!
//! **Invariant:** no proxy is ever asked, whatever the environment says.

use std::time::Duration;

use serde_json::Value;
use ureq::http::{Method, Request, Response};

use crate::Error;

/// A connection pool to one homeserver.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    agent: ureq::Agent,
    base: String,
}

/// What goes with a request.
pub(crate) enum Payload<'a> {
    Nothing,
    Json(&'a Value),
    Bytes { bytes: &'a [u8], mime: &'a str },
}

impl Http {
    pub(crate) fn new(base: String) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .proxy(None)
            .build();
        Self { agent: config.into(), base }
    }

    /// Calls, and reads JSON. `path` begins with a slash and is percent-encoded.
    pub(crate) fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        payload: Payload<'_>,
    ) -> Result<Value, Error> {
        let said = path.split('?').next().unwrap_or(path);
        let call = format!("{method} {said}");
        let unreachable = |reason: String| Error::Unreachable { call: call.clone(), reason };
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let answer = match payload {
            Payload::Nothing => request.body(()).map(|request| self.agent.run(request)),
            Payload::Json(json) => request
                .header("Content-Type", "application/json")
                .body(json.to_string())
                .map(|request| self.agent.run(request)),
            Payload::Bytes { bytes, mime } => {
                request.header("Content-Type", mime).body(bytes).map(|request| self.agent.run(request))
            }
        };
        let answer = answer.map_err(|error| unreachable(error.to_string()))?;
        let mut answer: Response<ureq::Body> = answer.map_err(|error| unreachable(error.to_string()))?;
        let status = answer.status().as_u16();
        let text = answer.body_mut().with_config().limit(64 << 20).read_to_string();
        let text = text.map_err(|error| unreachable(error.to_string()))?;
        let json: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if (200..300).contains(&status) {
            return Ok(json);
        }
        let field = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Err(Error::Refused { call, status, errcode: field("errcode"), message: field("error") })
    }
}

/// Percent-encodes one segment of a path or one value of a query (RFC 3986, unreserved characters stay).
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A text field of an answer.
pub(crate) fn text(answer: &Value, field: &'static str, call: &str) -> Result<String, Error> {
    let found = answer.get(field).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| Error::Incomplete { call: call.to_owned(), field })
}
