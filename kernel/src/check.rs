//! Check one section: its hash, its encoding, and what its bytes are.

use sha2::{Digest, Sha256};

use crate::cbor;
use crate::cid::{CID, RAW_PREFIX};
use crate::framing::Section;
use crate::index::{Kind, State, TagKey};
use crate::key::KeyJudge;
use crate::limits;
use crate::node::Node;

/// Return the SHA-256 of some bytes.
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    Sha256::digest(data).into()
}

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
}

/// Checks sections, one after the other, with buffers that are used again.
#[derive(Default)]
pub struct Checker {
    node: Node,
    judge: KeyJudge,
}

impl Checker {
    /// Check one section of `data`.
    pub fn check(&mut self, data: &[u8], section: &Section, key: &TagKey) -> Checked {
        let body = section.body as usize;
        let cid = &data[body..body + CID];
        let start = body + CID;
        let block = &data[start..body + section.length as usize];
        let mut checked = Checked {
            tag: key.tag(cid),
            body: section.body,
            length: section.length - CID as u32,
            state: State::Sound,
            kind: Kind::None,
            type_at: (0, 0),
        };
        if sha256(block) != cid[4..] {
            checked.state = State::WrongHash;
        } else if cid.starts_with(&RAW_PREFIX) {
            if block.len() > limits::MAX_RECORD {
                checked.state = State::Unsound;
            }
        } else if self.node.read(block) {
            // A canonical node breaks no rule of the encoding.
            checked.kind = self.node.shape(&mut self.judge).into();
        } else if let Some(sound) = cbor::judge(block) {
            let place = |at: usize| u32::try_from(start + at).unwrap_or(0);
            checked.type_at = (place(sound.type_at.start), place(sound.type_at.end));
        } else {
            checked.state = State::Unsound;
        }
        checked
    }
}
