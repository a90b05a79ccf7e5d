//! Check one section: its hash, its encoding, and what its bytes are.

use sha256x2::sha256_two;

use crate::blocks::kind::Kind;
use crate::blocks::lent_rows::Sought;
use crate::blocks::tag_key::TagKey;
use crate::cid::{CID, RAW_PREFIX};
use crate::formats::car::Section;
use crate::formats::dagcbor;
use crate::formats::key::KeyJudge;
use crate::formats::node::Node;
use crate::limits;
use crate::marks::State;
use crate::sha256::sha256;

/// What the bytes of one section say.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The keyed hash of its CID.
    pub tag: u128,
    /// Where its CID begins in the buffer.
    pub body: u32,
    /// Bytes of its data, without the CID.
    pub length: u32,
    /// What is known of it.
    pub state: State,
    /// What it looks like, but for the name of a `$type`.
    pub kind: Kind,
    /// Where its `$type` stands in the buffer; empty without one.
    pub type_at: (u32, u32),
    /// What was found of it on disk.
    pub sought: Sought,
}

/// Checks sections, with buffers that are used again.
#[derive(Default)]
pub struct Checker {
    node: Node,
    judge: KeyJudge,
    hasher: Hasher,
}

impl Checker {
    /// Check sections of `data`, and append what they are.
    pub fn check_all(
        &mut self,
        data: &[u8],
        sections: &[Section],
        key: &TagKey,
        found: &mut Vec<Checked>,
    ) {
        self.hasher.hash_all(data, sections);
        for (number, section) in sections.iter().enumerate() {
            let digest = self.hasher.digests[number];
            found.push(self.check(data, section, &digest, key));
        }
    }

    fn check(&mut self, data: &[u8], section: &Section, digest: &[u8], key: &TagKey) -> Checked {
        let cid = &data[section.body as usize..][..CID];
        let start = section.body as usize + CID;
        let block = block_of(data, section);
        let mut checked = Checked {
            tag: key.tag(cid),
            body: section.body,
            length: block_length(section),
            state: State::Sound,
            kind: Kind::None,
            type_at: (0, 0),
            sought: Sought::NOWHERE,
        };
        if *digest != cid[4..] {
            checked.state = State::WrongHash;
        } else if cid.starts_with(&RAW_PREFIX) {
            if block.len() > limits::MAX_RECORD {
                checked.state = State::Unsound;
            }
        } else if self.node.read(block) {
            // A canonical node breaks no rule of the encoding.
            checked.kind = self.node.shape(&mut self.judge).into();
        } else if let Some(sound) = dagcbor::judge(block) {
            let place = |at: usize| u32::try_from(start + at).unwrap_or(0);
            checked.type_at = (place(sound.type_at.start), place(sound.type_at.end));
        } else {
            checked.state = State::Unsound;
        }
        checked
    }
}

fn block_length(section: &Section) -> u32 {
    // Sections are of at least a CID.
    section.length.saturating_sub(36)
}

fn block_of<'a>(data: &'a [u8], section: &Section) -> &'a [u8] {
    &data[section.body as usize..][CID..section.length as usize]
}

/// Lengths, in units of what SHA-256 takes at a time, that are told apart.
const LENGTHS: usize = 64;

/// Hashes blocks two by two: those of like length, so that both end together.
struct Hasher {
    digests: Vec<[u8; 32]>,
    /// By length, the block that has none beside it yet.
    single: [Option<u32>; LENGTHS],
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
    fn hash_all(&mut self, data: &[u8], sections: &[Section]) {
        self.digests.clear();
        self.digests.resize(sections.len(), [0; 32]);
        for (number, section) in (0..).zip(sections) {
            let length = (section.length as usize / 64).min(LENGTHS - 1);
            match self.single[length].take() {
                None => self.single[length] = Some(number),
                Some(other) => self.hash_two(data, sections, other, number),
            }
        }
        let mut left = None;
        for length in 0..LENGTHS {
            let Some(number) = self.single[length].take() else {
                continue;
            };
            match left.take() {
                None => left = Some(number),
                Some(other) => self.hash_two(data, sections, other, number),
            }
        }
        if let Some(number) = left {
            let number = number as usize;
            self.digests[number] = sha256(block_of(data, &sections[number]));
        }
    }

    fn hash_two(&mut self, data: &[u8], sections: &[Section], one: u32, two: u32) {
        let (one, two) = (one as usize, two as usize);
        let pair = [one, two].map(|number| block_of(data, &sections[number]));
        [self.digests[one], self.digests[two]] = sha256_two(pair);
    }
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
