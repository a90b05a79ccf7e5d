//! Hash many blocks, two at a time.

use sha256x2::sha256_two;

use crate::cid::CID;
use crate::formats::car::Section;
use crate::sha256::sha256;

/// Lengths, in units of what SHA-256 takes at a time, that are told apart.
const LENGTHS: usize = 64;

/// Hashes blocks two by two: those of like length, so that both end together.
pub struct Hasher {
    /// Those of the sections that were hashed last.
    pub digests: Vec<[u8; 32]>,
    /// By length, the block that has none beside it yet.
    single: [Option<usize>; LENGTHS],
}

impl Default for Hasher {
    fn default() -> Self {
        Self {
            digests: Vec::new(),
            single: [None; LENGTHS],
        }
    }
}

impl Hasher {
    /// Hash the data of each section of a buffer.
    pub fn hash_all(&mut self, data: &[u8], sections: &[Section]) {
        self.hash_each(sections.len(), |number| block_of(data, &sections[number]));
    }

    /// Hash as many blocks, by their number.
    pub fn hash_each<'a>(&mut self, count: usize, block: impl Fn(usize) -> &'a [u8]) {
        self.digests.clear();
        self.digests.resize(count, [0; 32]);
        for number in 0..count {
            let length = (block(number).len() + CID) / 64;
            let length = length.min(LENGTHS - 1);
            match self.single[length].take() {
                None => self.single[length] = Some(number),
                Some(other) => self.hash_two([other, number], &block),
            }
        }
        let mut left = None;
        for length in 0..LENGTHS {
            let Some(number) = self.single[length].take() else {
                continue;
            };
            match left.take() {
                None => left = Some(number),
                Some(other) => self.hash_two([other, number], &block),
            }
        }
        if let Some(number) = left {
            self.digests[number] = sha256(block(number));
        }
    }

    fn hash_two<'a>(&mut self, [one, two]: [usize; 2], block: impl Fn(usize) -> &'a [u8]) {
        [self.digests[one], self.digests[two]] = sha256_two([block(one), block(two)]);
    }
}

/// Return the data of a section, which stands in a buffer.
#[must_use]
pub fn block_of<'a>(data: &'a [u8], section: &Section) -> &'a [u8] {
    &data[section.body as usize..][CID..section.length as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_block_has_its_own_digest(
            lengths in prop::collection::vec(0_usize..9_000, 0..40),
        ) {
            let mut data = Vec::new();
            let mut sections = Vec::new();
            for (number, length) in lengths.iter().enumerate() {
                let start = u32::try_from(data.len()).unwrap();
                data.resize(data.len() + CID + length, u8::try_from(number).unwrap());
                let length = u32::try_from(CID + length).unwrap();
                sections.push(Section { start, body: start, length });
            }
            let mut hasher = Hasher::default();
            for _ in 0..2 {
                hasher.hash_all(&data, &sections);
                for (section, digest) in sections.iter().zip(&hasher.digests) {
                    prop_assert_eq!(*digest, sha256(block_of(&data, section)));
                }
            }
        }
    }
}
