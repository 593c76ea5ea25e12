//! Pictures and files, by names that say nothing.
//!
//! **Invariant:** the page names media by a hash ([`MediaRef`]) that was given to it with a row; only what was shown can
//! be asked for, and no part of a server's address ever becomes a path. What is fetched is kept in the SDK's media store,
//! which is encrypted page by page; nothing decrypted touches the disk until the person saves a file.

use std::{path::Path, sync::Arc, time::Duration};

use matrix_sdk::{
    media::{MediaFormat, MediaRequestParameters, MediaThumbnailSettings},
    ruma::{
        OwnedMxcUri, UInt,
        api::client::media::get_content_thumbnail::v3::Method,
        events::room::{EncryptedFile, MediaSource},
    },
};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tidings_model::{Code, Failure, MediaRef, SafeFileName};

use crate::{Media, broadcast::lock, fault::Fault, media_type, session::Session};

/// How long a picture waits for the stores to be opened after a start.
const PATIENCE: Duration = Duration::from_secs(10);
/// The width and height avatars are asked for: twice the largest drawn size.
const AVATAR_PIXELS: u32 = 96;
/// The largest width and height of a picture in a bubble, doubled for dense screens.
const PICTURE_PIXELS: u32 = 1040;

/// Where media comes from.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    request: MediaRequestParameters,
    /// The sender's name for it, made safe.
    name: String,
}

/// A picture of a person or chat.
pub(crate) fn avatar(session: &Session, mxc: &str) -> Option<MediaRef> {
    let source = plain(mxc)?;
    let format = thumbnail(Method::Crop, AVATAR_PIXELS);
    Some(remember(session, "avatar", mxc, MediaRequestParameters { source, format }, "avatar"))
}

/// The file of a message, from its content (`url` or `file`).
pub(crate) fn file(session: &Session, content: &Value, name: &str) -> Option<MediaRef> {
    let (id, source) = source(content.get("url"), content.get("file"))?;
    Some(remember(session, "file", &id, MediaRequestParameters { source, format: MediaFormat::File }, name))
}

/// The small picture that a sender sent with a message.
pub(crate) fn still(session: &Session, content: &Value, name: &str) -> Option<MediaRef> {
    let info = content.get("info")?;
    let (id, source) = source(info.get("thumbnail_url"), info.get("thumbnail_file"))?;
    let request = MediaRequestParameters { source, format: MediaFormat::File };
    Some(remember(session, "thumbnail", &id, request, name))
}

/// A smaller picture of a message: the sender's own, else the server's for what it can read.
pub(crate) fn picture(session: &Session, content: &Value, name: &str) -> Option<MediaRef> {
    if let Some(still) = still(session, content, name) {
        return Some(still);
    }
    let mxc = content.get("url").and_then(Value::as_str)?;
    let format = thumbnail(Method::Scale, PICTURE_PIXELS);
    Some(remember(session, "scaled", mxc, MediaRequestParameters { source: plain(mxc)?, format }, name))
}

fn thumbnail(method: Method, pixels: u32) -> MediaFormat {
    MediaFormat::Thumbnail(MediaThumbnailSettings::with_method(method, UInt::from(pixels), UInt::from(pixels)))
}

/// Plain (`mxc:`) or encrypted (`EncryptedFile`) media, with a text that names it.
fn source(url: Option<&Value>, file: Option<&Value>) -> Option<(String, MediaSource)> {
    if let Some(file) = file.filter(|file| file.is_object()) {
        let encrypted: EncryptedFile = serde_json::from_value(file.clone()).ok()?;
        plain(encrypted.url.as_str())?;
        return Some((encrypted.url.to_string(), MediaSource::Encrypted(Box::new(encrypted))));
    }
    let url = url.and_then(Value::as_str)?;
    Some((url.to_owned(), plain(url)?))
}

/// A well-formed `mxc:` address: a server name and a media id of the specification's letters, no path.
fn plain(mxc: &str) -> Option<MediaSource> {
    let uri = OwnedMxcUri::from(mxc);
    let (_, id) = uri.parts().ok()?;
    let safe = !id.is_empty()
        && id.len() <= 255
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    safe.then_some(MediaSource::Plain(uri))
}

/// The name is a hash of everything that decides what is shown and saved, so that nobody's message can take the place
/// of another's: the address, the key and the hash of encrypted media, and the file's name.
fn remember(session: &Session, kind: &str, id: &str, request: MediaRequestParameters, name: &str) -> MediaRef {
    let encrypted = match &request.source {
        MediaSource::Encrypted(file) => serde_json::to_string(file).unwrap_or_default(),
        MediaSource::Plain(_) => String::new(),
    };
    let mut hash = Sha256::new();
    for part in [kind, id, encrypted.as_str(), name] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let key: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let key = MediaRef(key);
    lock(&session.media).entry(key.clone()).or_insert_with(|| Source { request, name: name.to_owned() });
    key
}

/// Fetch media, from the encrypted cache if it is there.
pub(crate) async fn fetch(session: &Session, media: &MediaRef) -> Result<Media, Failure> {
    // A film is asked for piece by piece; it is fetched and decrypted once.
    if let Some(playing) = lock(&session.playing).as_ref().filter(|(playing, _)| playing == media) {
        return Ok(playing.1.clone());
    }
    let source = known(session, media)?;
    let client = tokio::time::timeout(PATIENCE, session.opened_client()).await.ok().flatten();
    let client = client.ok_or_else(|| Failure::new(Code::Offline, "the stores are not open"))?;
    // The SDK's cache names a file by its address alone, encrypted or not. A plain file therefore never enters it:
    // a server could put one there under the address of an encrypted file, whose hash nobody would check any more.
    let plain_file =
        matches!((&source.request.source, &source.request.format), (MediaSource::Plain(_), MediaFormat::File));
    let bytes = client
        .media()
        .get_media_content(&source.request, !plain_file)
        .await
        .map_err(|error| Fault::of(&error).failure("the media could not be fetched"))?;
    let mime = media_type::sniff(&bytes);
    if mime.starts_with("image/") && !media_type::within_limits(&bytes) {
        return Err(Failure::new(Code::Gone, "the picture is too large to draw"));
    }
    let fetched = Media { bytes: Arc::from(bytes), mime };
    if media_type::is_played(mime) {
        *lock(&session.playing) = Some((media.clone(), fetched.clone()));
    }
    Ok(fetched)
}

/// Save a file under its safe name; never over another file. Returns the name it was given.
pub(crate) async fn save(session: &Session, media: &MediaRef) -> Result<String, Failure> {
    let source = known(session, media)?;
    let fetched = fetch(session, media).await?;
    let folder = session.ports.desktop.downloads();
    let name = SafeFileName::new(&source.name);
    tokio::task::spawn_blocking(move || write_new(&folder, &name, &fetched.bytes))
        .await
        .map_err(|error| Failure::new(Code::Internal, error))?
        .map_err(|error| Failure::new(Code::DiskFull, error))
}

fn known(session: &Session, media: &MediaRef) -> Result<Source, Failure> {
    lock(&session.media).get(media).cloned().ok_or_else(|| Failure::new(Code::Gone, "this media was not shown"))
}

/// Write a file that must not exist yet: `plan.pdf`, `plan (2).pdf`, ….
pub(crate) fn write_new(folder: &Path, name: &SafeFileName, bytes: &[u8]) -> std::io::Result<String> {
    use std::io::Write as _;
    let (stem, extension) = match name.as_str().rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name.as_str(), String::new()),
    };
    for count in 1..10_000_u32 {
        let candidate = if count == 1 { name.as_str().to_owned() } else { format!("{stem} ({count}){extension}") };
        match std::fs::OpenOptions::new().write(true).create_new(true).open(folder.join(&candidate)) {
            Ok(mut file) => {
                file.write_all(bytes)?;
                file.sync_all()?;
                return Ok(candidate);
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_address_that_leads_elsewhere_is_no_address() {
        for bad in [
            "mxc://../../../../foo",
            "mxc://example.org/..%2f..%2fadmin",
            "mxc://example.org/a/b",
            "mxc://example.org/a?x=1",
            "mxc://example.org/a#b",
            "mxc://example.org/\u{2215}etc",
            "mxc://example.org/a\\b",
            "mxc://example.org/",
            "https://example.org/a",
            "",
        ] {
            assert!(plain(bad).is_none(), "{bad}");
        }
        assert!(plain(&format!("mxc://example.org/{}", "a".repeat(10_000))).is_none());
        assert!(plain("mxc://example.org/AbC_-9").is_some());
    }

    #[test]
    fn a_saved_file_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let name = SafeFileName::new("plan.pdf");
        assert_eq!(write_new(folder.path(), &name, b"one").unwrap(), "plan.pdf");
        assert_eq!(write_new(folder.path(), &name, b"two").unwrap(), "plan (2).pdf");
        assert_eq!(std::fs::read(folder.path().join("plan.pdf")).unwrap(), b"one");
    }
}
