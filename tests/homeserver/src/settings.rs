//! How a homeserver is set up: everything has a default that suits a test on one machine.
//!
//! **Invariant:** it listens on 127.0.0.1 alone, talks to no other server, and looks at no link.

use std::{path::PathBuf, time::Duration};

use serde_json::{Map, Value, json};

/// A homeserver to start. Make it with [`Settings::in_folder`] and change what matters.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Holds everything of the homeserver; made if it is missing, continued if it is not.
    pub folder: PathBuf,
    /// The server name: the part of a Matrix id after the colon.
    pub name: String,
    /// 0 takes the port the folder had before, else a free one.
    pub port: u16,
    /// Offer simplified sliding sync (MSC4186).
    pub sliding_sync: bool,
    /// How many messages a person may send; `None` sets no limit (Synapse `rc_message`).
    pub message_limit: Option<Limit>,
    /// How often a person may sign in; `None` sets no limit (Synapse `rc_login`).
    pub login_limit: Option<Limit>,
    /// How far its clock is behind. What has no timestamp of its own, such as the making of a room, then lies in the past.
    pub behind: Duration,
    /// Any other option of `homeserver.yaml`, put over ours: `{"experimental_features": {…}}`.
    pub options: Map<String, Value>,
}

/// A rate limit of Synapse: so many a second, after a first burst.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// How many a second, in the long run.
    pub per_second: f64,
    /// How many at once.
    pub burst: u32,
}

impl Settings {
    /// A generous homeserver of `skerrylines.example` on a free port.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            name: "skerrylines.example".to_owned(),
            port: 0,
            sliding_sync: true,
            message_limit: None,
            login_limit: None,
            behind: Duration::ZERO,
            options: Map::new(),
        }
    }
}

/// What a folder's homeserver keeps secret; made once.
#[derive(Clone)]
pub(crate) struct Secrets {
    /// Registers people (Synapse `registration_shared_secret`).
    pub(crate) registration: String,
    /// Acts for anybody, at any time in the past (`as_token` of the application service).
    pub(crate) service: String,
}

/// `homeserver.yaml`. JSON is YAML.
pub(crate) fn homeserver_yaml(settings: &Settings, port: u16, secrets: &Secrets) -> Value {
    let folder = &settings.folder;
    let none = Limit { per_second: 100_000.0, burst: 100_000 };
    let limit = |limit: Option<Limit>| {
        let Limit { per_second, burst } = limit.unwrap_or(none);
        json!({"per_second": per_second, "burst_count": burst})
    };
    let login = limit(settings.login_limit);
    let free = limit(None);
    let mut yaml = json!({
        "server_name": settings.name,
        // Set, so that /.well-known/matrix/client is answered.
        "public_baseurl": format!("http://127.0.0.1:{port}/"),
        "pid_file": folder.join("homeserver.pid"),
        "listeners": [{
            "port": port,
            "bind_addresses": ["127.0.0.1"],
            "type": "http",
            "tls": false,
            "resources": [{"names": ["client"], "compress": false}],
        }],
        "database": {"name": "sqlite3", "args": {"database": folder.join("homeserver.db")}},
        "log_config": folder.join("log.yaml"),
        "media_store_path": folder.join("media"),
        "signing_key_path": folder.join("signing.key"),
        "app_service_config_files": [folder.join("service.yaml")],
        "registration_shared_secret": secrets.registration,
        "macaroon_secret_key": secrets.registration,
        "form_secret": secrets.registration,
        "report_stats": false,
        "suppress_key_server_warning": true,
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "presence": {"enabled": false},
        "url_preview_enabled": false,
        "enable_registration": false,
        // One round of hashing protects nobody, and nobody is here.
        "bcrypt_rounds": 4,
        "max_upload_size": "256M",
        "user_directory": {"enabled": true, "search_all_users": true},
        "experimental_features": {"msc3575_enabled": settings.sliding_sync},
        "rc_message": limit(settings.message_limit),
        "rc_login": {"address": login, "account": login, "failed_attempts": login},
        "rc_registration": free,
        "rc_joins": {"local": free, "remote": free},
        "rc_joins_per_room": free,
        "rc_invites": {"per_room": free, "per_user": free, "per_issuer": free},
        "rc_key_requests": free,
        "rc_media_create": free,
        "rc_room_creation": free,
        "rc_admin_redaction": free,
        "rc_user_directory": free,
        "rc_profile": free,
    });
    if let Some(object) = yaml.as_object_mut() {
        object.extend(settings.options.clone());
    }
    yaml
}

/// The application service that acts for everybody (Application Service API, "Registration").
pub(crate) fn service_yaml(secrets: &Secrets) -> Value {
    json!({
        "id": "organisation",
        "url": null,
        "as_token": secrets.service,
        "hs_token": format!("{}-unused", secrets.service),
        "sender_localpart": "organisation",
        "rate_limited": false,
        "namespaces": {"users": [{"exclusive": false, "regex": "@.*"}], "rooms": [], "aliases": []},
    })
}

/// The log: warnings and errors into one file.
pub(crate) fn log_yaml(settings: &Settings) -> Value {
    json!({
        "version": 1,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "handlers": {"file": {
            "class": "logging.FileHandler", "formatter": "line", "filename": settings.folder.join("homeserver.log"),
        }},
        "root": {"level": "WARNING", "handlers": ["file"]},
        "disable_existing_loggers": false,
    })
}
