//! The key of a vault, and the check that tells a wrong key from a damaged file.
//!
//! **Invariant:** the key is never printed, and its memory is wiped when it goes.
//! **Invariant:** the check says nothing about the key that could be turned round: HMAC-SHA256 (RFC 2104) of a fixed
//! text under 256 random bits.
//!
//! SQLCipher answers "not a database" to a wrong key and to a damaged first page alike. A person must know which it
//! is, because one is healed by the right key and the other never; hence a file of 32 bytes beside the vault. A
//! password-stretching hash was refused: the key is random, there is nothing to guess.

use rand::RngCore as _;
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

const CHECKED: &[u8] = b"tidings vault key check";
const HEAD: &[u8] = b"tidings vault outbox head";

/// The 32 bytes that open a vault.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct VaultKey([u8; 32]);

impl VaultKey {
    /// A key that was kept elsewhere.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A new key, from a generator that the system's random source seeds.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        rand::rng().fill_bytes(bytes.as_mut_slice());
        Self(*bytes)
    }

    /// The bytes, to keep them in a keyring.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key as SQLCipher takes it raw, with no stretching: `x'…64 hex digits…'`.
    pub(crate) fn raw(&self) -> Zeroizing<String> {
        use std::fmt::Write as _;
        let mut text = Zeroizing::new(String::with_capacity(67));
        text.push_str("x'");
        for byte in self.0 {
            let _infallible = write!(text, "{byte:02x}");
        }
        text.push('\'');
        text
    }

    /// HMAC-SHA256 of a fixed text: equal for equal keys.
    pub(crate) fn check(&self) -> [u8; 32] {
        self.mac(&[CHECKED])
    }

    /// HMAC-SHA256 of an outbox's head, told apart from every other use of the key.
    pub(crate) fn head_mac(&self, head: &[u8]) -> [u8; 32] {
        self.mac(&[HEAD, head])
    }

    fn mac(&self, texts: &[&[u8]]) -> [u8; 32] {
        let pad = |with: u8| {
            let mut block = Zeroizing::new([with; 64]);
            for (slot, byte) in block.iter_mut().zip(self.0) {
                *slot ^= byte;
            }
            block
        };
        let mut inner = Sha256::new().chain_update(pad(0x36).as_slice());
        for text in texts {
            inner.update(text);
        }
        let inner = inner.finalize();
        Sha256::new().chain_update(pad(0x5c).as_slice()).chain_update(inner).finalize().into()
    }
}

impl std::fmt::Debug for VaultKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("VaultKey(redacted)")
    }
}
