//! One block: as the index knows it, as a row in memory, and as a link finds it.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::blocks::kind::Kind;
use crate::marks::{RAW_CODEC, STATE};
use crate::varint;

/// Sentinel for "no row".
pub const NO_ROW: u32 = u32::MAX;

/// One block, as the index knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// The keyed hash of its CID.
    pub tag: u128,
    /// Where its section begins.
    pub offset: u64,
    /// Bytes of its data.
    pub length: u32,
    /// What it looks like.
    pub kind: Kind,
    /// State, codec, and how the tree used it.
    pub mark: u8,
    /// Bytes of its section's length, where that is not minimal; else 0.
    pub head: u8,
}

impl Block {
    /// Return where its data begins.
    #[must_use]
    pub fn data_start(&self) -> u64 {
        let head = match self.head {
            0 => varint::size_of(u64::from(self.length) + 36),
            head => u64::from(head),
        };
        self.offset + head + 36
    }

    /// Tell whether it is sound, no raw one, and has a `$type` that is kept.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        let is_kept = self.kind.type_number() != 0 && self.kind != Kind::MANY;
        self.mark & (STATE | RAW_CODEC) == 0 && is_kept
    }
}

/// A block in memory. Only a walk writes its mark while others read the index.
#[derive(Debug)]
pub struct Row {
    /// The keyed hash of its CID.
    pub tag: u128,
    offset: u64,
    length: u32,
    kind: Kind,
    /// Atomic: other threads read the row during a walk.
    pub mark: AtomicU8,
    head: u8,
}

impl Row {
    /// Return the row of a block.
    #[must_use]
    pub fn new(block: &Block) -> Self {
        Self {
            tag: block.tag,
            offset: block.offset,
            length: block.length,
            kind: block.kind,
            mark: AtomicU8::new(block.mark),
            head: block.head,
        }
    }

    /// Return the block.
    #[inline]
    #[must_use]
    pub fn block(&self) -> Block {
        Block {
            tag: self.tag,
            offset: self.offset,
            length: self.length,
            kind: self.kind,
            mark: self.mark.load(Ordering::Relaxed),
            head: self.head,
        }
    }
}

/// What a link leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// `NO_ROW` where there is no such block.
    pub row: u32,
    /// Where its section begins.
    pub offset: u64,
    /// Bytes of its data.
    pub length: u32,
    /// What it looks like.
    pub kind: Kind,
    /// Its mark, when it was looked up.
    pub mark: u8,
    /// See `Block`.
    pub head: u8,
}

impl Found {
    /// What a link to a missing block leads to.
    pub const NOTHING: Found = Found {
        row: NO_ROW,
        offset: 0,
        length: 0,
        kind: Kind::None,
        mark: 0,
        head: 0,
    };

    /// Return the block in a row, as a link finds it.
    #[must_use]
    pub fn of(row: u32, block: &Block) -> Self {
        Self {
            row,
            offset: block.offset,
            length: block.length,
            kind: block.kind,
            mark: block.mark,
            head: block.head,
        }
    }

    /// Return the block, with another mark, and without its tag.
    #[must_use]
    pub fn block(&self, mark: u8) -> Block {
        Block {
            tag: 0,
            offset: self.offset,
            length: self.length,
            kind: self.kind,
            mark,
            head: self.head,
        }
    }
}
