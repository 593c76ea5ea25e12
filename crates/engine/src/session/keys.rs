//! The key of a vault, and the spare that survives the loss of the keyring.
//!
//! The key is 32 random bytes and lives in the system's keyring. Keyrings get lost (a moved profile, a reset login
//! password, another desktop), and with them every message; so the profile keeps the key once more, wrapped
//! (XChaCha20-Poly1305) by a second random key that only the organisation's server holds, in the account data of the
//! person (`org.tidings.spare_key.<account>`). Whoever has the disk has no half that opens anything, the server has no
//! vault, and the person needs nothing but their ordinary sign-in to put both together.
//!
//! Refused: a key derived from the account's password (a stolen disk could be tried offline, and a changed password
//! would lock the vault), a code to write down (nobody does), a plain copy in a file.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use matrix_sdk::{Client, ruma::serde::Raw};
use rand::Rng as _;
use serde::{Deserialize, Serialize};
use tidings_model::AccountId;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{ports::StoredKey, profile};

/// The file of the wrapped key, inside an account's folder.
const SPARE_FILE: &str = "spare.key";
/// Version, nonce, 32 bytes, tag.
const SPARE_LENGTH: usize = 1 + 24 + 32 + 16;

/// The server's half: the key that unwraps the spare. Travels as account data, so the server can read it; it opens
/// nothing without the file.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct ServerHalf {
    /// Base64 of 32 bytes.
    key: String,
}

impl ServerHalf {
    /// The type of the account data event that carries the half for this account.
    pub(crate) fn event_type(account: &AccountId) -> String {
        format!("org.tidings.spare_key.{account}")
    }
}

/// Why a spare key did not open.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SpareError {
    /// This profile has no spare key.
    #[error("there is no spare key")]
    Missing,
    /// The server's half does not fit, or the file was changed.
    #[error("the server's half does not fit the spare key")]
    DoesNotFit,
    /// The file cannot be read or written.
    #[error("the spare key's file failed: {0}")]
    File(#[from] std::io::Error),
}

/// Wrap the key into the account's folder and return the half that the server has to keep.
pub(crate) fn wrap(folder: &Path, account: &AccountId, key: &StoredKey) -> Result<ServerHalf, SpareError> {
    let half: Zeroizing<[u8; 32]> = Zeroizing::new(rand::rng().random());
    let nonce: [u8; 24] = rand::rng().random();
    let payload = Payload { msg: &key.0, aad: account.as_str().as_bytes() };
    let wrapped = cipher(&half).encrypt(&nonce.into(), payload).map_err(|_| SpareError::DoesNotFit)?;
    let mut file = Vec::with_capacity(SPARE_LENGTH);
    file.push(1);
    file.extend_from_slice(&nonce);
    file.extend_from_slice(&wrapped);
    profile::write_private(&folder.join(SPARE_FILE), &file)?;
    Ok(ServerHalf { key: STANDARD.encode(half.as_slice()) })
}

/// Put both halves together.
pub(crate) fn unwrap(folder: &Path, account: &AccountId, half: &ServerHalf) -> Result<StoredKey, SpareError> {
    let file = match std::fs::read(folder.join(SPARE_FILE)) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(SpareError::Missing),
        Err(error) => return Err(error.into()),
    };
    let half = Zeroizing::new(STANDARD.decode(half.key.as_bytes()).map_err(|_| SpareError::DoesNotFit)?);
    let half: Zeroizing<[u8; 32]> = Zeroizing::new(half.as_slice().try_into().map_err(|_| SpareError::DoesNotFit)?);
    let (Some(1), Some(nonce), Some(wrapped)) = (file.first(), file.get(1..25), file.get(25..)) else {
        return Err(SpareError::DoesNotFit);
    };
    let nonce: [u8; 24] = nonce.try_into().map_err(|_| SpareError::DoesNotFit)?;
    let payload = Payload { msg: wrapped, aad: account.as_str().as_bytes() };
    let key = Zeroizing::new(cipher(&half).decrypt(&nonce.into(), payload).map_err(|_| SpareError::DoesNotFit)?);
    key.as_slice().try_into().map(StoredKey).map_err(|_| SpareError::DoesNotFit)
}

/// Give the server its half.
pub(crate) async fn give(client: &Client, account: &AccountId, half: &ServerHalf) -> matrix_sdk::Result<()> {
    let content = Raw::new(half)?.cast_unchecked();
    client.account().set_account_data_raw(ServerHalf::event_type(account).into(), content).await?;
    Ok(())
}

/// Ask the server for its half; `None` when it has none.
pub(crate) async fn ask(client: &Client, account: &AccountId) -> matrix_sdk::Result<Option<ServerHalf>> {
    let content = client.account().fetch_account_data(ServerHalf::event_type(account).into()).await?;
    Ok(content.and_then(|content| content.deserialize_as_unchecked().ok()))
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    #[test]
    fn both_halves_give_the_key_back_and_either_alone_gives_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let account = AccountId::from("a0");
        let key = StoredKey([7; 32]);
        let half = wrap(folder.path(), &account, &key).unwrap();
        assert_eq!(unwrap(folder.path(), &account, &half).unwrap(), key);

        let other = tempfile::tempdir().unwrap();
        let foreign = wrap(other.path(), &account, &key).unwrap();
        assert!(matches!(unwrap(folder.path(), &account, &foreign), Err(SpareError::DoesNotFit)));
        assert!(matches!(unwrap(folder.path(), &AccountId::from("b1"), &half), Err(SpareError::DoesNotFit)));
        let empty = tempfile::tempdir().unwrap();
        assert!(matches!(unwrap(empty.path(), &account, &half), Err(SpareError::Missing)));
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let account = AccountId::from("a0");
        let half = wrap(folder.path(), &account, &StoredKey([7; 32])).unwrap();
        let path = folder.path().join(SPARE_FILE);
        let good = std::fs::read(&path).unwrap();
        assert_eq!(good.len(), SPARE_LENGTH);
        assert!(!good.windows(8).any(|window| window == [7; 8]), "the key is not in the clear");
        for position in 0..good.len() {
            let mut bad = good.clone();
            bad[position] ^= 1;
            std::fs::write(&path, bad).unwrap();
            assert!(unwrap(folder.path(), &account, &half).is_err(), "byte {position}");
        }
    }
}
