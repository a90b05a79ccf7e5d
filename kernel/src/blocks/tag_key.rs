//! The key under which an index hashes CIDs.
//!
//! A *tag* is a 16-byte `SipHash` of a whole CID under a random key for each index.
//! Without the key, a file cannot be made to hold two CIDs of one tag, or to collide
//! in the hash table.

use siphasher::sip128::SipHasher13;

/// The key under which an index hashes CIDs.
#[derive(Clone, Copy)]
pub struct TagKey {
    hasher: SipHasher13,
    /// Needed to use packed rows again.
    pub bytes: [u8; 16],
}

impl TagKey {
    /// Draw a key.
    ///
    /// # Errors
    /// The machine has no random bytes.
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut key = [0; 16];
        getrandom::fill(&mut key)?;
        Ok(Self::of(key))
    }

    /// Return the key of these bytes.
    #[must_use]
    pub fn of(bytes: [u8; 16]) -> Self {
        let hasher = SipHasher13::new_with_key(&bytes);
        Self { hasher, bytes }
    }

    /// Return the tag of the CID with these bytes.
    #[must_use]
    pub fn tag(&self, cid: &[u8]) -> u128 {
        self.hasher.hash(cid).as_u128()
    }
}
