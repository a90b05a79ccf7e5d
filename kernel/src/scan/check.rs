//! Check one section: its hash, its encoding, and what its bytes are.

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
use crate::scan::hasher::{Hasher, block_of};

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
