//! SHA-256 of one piece of bytes; of two at once see `sha256x2`.

use sha2::{Digest, Sha256};

/// Return the SHA-256 of some bytes.
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}
