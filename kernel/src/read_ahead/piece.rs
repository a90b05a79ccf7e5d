//! Some nodes of a walk, one after the other, with what their links lead to.

use crate::blocks::block::{Found, NO_ROW};
use crate::formats::node::Node;

/// Nodes of one piece.
pub const PIECE: usize = 64;

/// Fills a buffer with the bytes at an offset; None when it cannot.
pub type Read<'a> = &'a (dyn Fn(u64, &mut [u8]) -> Option<()> + Sync);

/// Some nodes that follow each other in a walk.
#[derive(Default)]
pub struct Piece {
    /// Of each its row, and where its bytes and its links end.
    nodes: Vec<(u32, usize, usize)>,
    /// The bytes of all.
    pub bytes: Vec<u8>,
    /// What the links of all lead to.
    pub links: Vec<Found>,
    /// Nodes that were taken.
    taken: usize,
    /// Of nodes at the end whose bytes are not read yet: which, and where in the
    /// file these begin.
    unread: Vec<(usize, u64)>,
}

impl Piece {
    /// Return how many nodes there are, those that were taken among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Return the bytes of memory that this takes.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.bytes.capacity()
            + self.links.capacity() * size_of::<Found>()
            + self.nodes.capacity() * size_of::<(u32, usize, usize)>()
            + self.unread.capacity() * size_of::<(usize, u64)>()
    }

    /// Return the bytes of the last node, before it is added.
    #[must_use]
    pub fn last(&self) -> &[u8] {
        &self.bytes[self.nodes.last().map_or(0, |node| node.1)..]
    }

    /// Tell whether all nodes were taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.taken == self.nodes.len()
    }

    /// Return the bytes of the node in `row`, and what its links lead to, in
    /// order; nothing is told of these while the index is in memory.
    pub fn take(&mut self, row: u32) -> Option<(&[u8], &[Found])> {
        let rest = &self.nodes[self.taken..];
        let place = self.taken + rest.iter().position(|node| node.0 == row)?;
        self.taken = place + 1;
        let before = place.checked_sub(1).map(|place| self.nodes[place]);
        let (_, start, first) = before.unwrap_or_default();
        let (_, end, last) = self.nodes[place];
        Some((&self.bytes[start..end], &self.links[first..last]))
    }

    /// Return the row of the node that comes next.
    #[must_use]
    pub fn first(&self) -> Option<u32> {
        self.nodes.get(self.taken).map(|node| node.0)
    }

    /// Tell whether the node in `row` is among those that were not taken.
    #[must_use]
    pub fn has(&self, row: u32) -> bool {
        self.nodes[self.taken..].iter().any(|node| node.0 == row)
    }

    /// Read a node behind the others; false where it is none.
    pub fn read(&mut self, node: &mut Node, offset: u64, length: u32, read: Read) -> bool {
        let start = self.bytes.len();
        self.bytes.resize(start + length as usize, 0);
        let data = &mut self.bytes[start..];
        if read(offset, data).is_some() && node.read(data) {
            return true;
        }
        self.bytes.truncate(start);
        false
    }

    /// Add a node whose links were put behind the others, and whose bytes are read
    /// by `fill`.
    pub fn plan(&mut self, row: u32, offset: u64, length: u32) {
        let before = self.nodes.last().map_or(0, |node| node.1);
        self.unread.push((self.nodes.len(), offset));
        let end = before + length as usize;
        self.nodes.push((row, end, self.links.len()));
    }

    /// Read what is not read yet. What cannot be read is not among the nodes then.
    pub fn fill(&mut self, read: Read) {
        let mut start = self.bytes.len();
        self.bytes
            .resize(self.nodes.last().map_or(0, |node| node.1), 0);
        for (place, offset) in std::mem::take(&mut self.unread) {
            let node = &mut self.nodes[place];
            if read(offset, &mut self.bytes[start..node.1]).is_none() {
                node.0 = NO_ROW;
            }
            start = node.1;
        }
    }

    /// Close the node whose bytes and links were put behind the others.
    pub fn add(&mut self, row: u32) {
        self.nodes.push((row, self.bytes.len(), self.links.len()));
    }
}
