//! Nodes that are read breadth-first, many at once, and their links.

use crate::blocks::tag_key::TagKey;
use crate::formats::node::Node;
use crate::halves::both;
use crate::read_ahead::piece::{Piece, Read};
use crate::read_ahead::waiting::Known;

/// For fewer nodes, another thread would cost more than it saves.
const WORTH_SHARING: usize = 256;

/// A node that is read breadth-first.
#[derive(Clone, Copy)]
pub struct Opened {
    /// Its index among the items of a plan.
    pub place: usize,
    /// Where it is.
    pub known: Known,
    /// How many links came before its own.
    pub first: usize,
    /// How many bytes that are kept did.
    pub data: usize,
}

/// Nodes that were read, and the links of all.
#[derive(Default)]
pub struct OpenedNodes {
    /// Those that were read.
    pub nodes: Vec<Opened>,
    /// The tags of what the links lead to.
    pub tags: Vec<u128>,
    /// Of each, whether it leads to a sub-tree.
    pub are_trees: Vec<bool>,
    /// Bytes of the nodes, where they are kept.
    pub data: Vec<u8>,
}

impl OpenedNodes {
    /// Read nodes, in the order of the file. Those that are none are left out.
    ///
    /// Where `is_shared`, another thread reads a half of them.
    #[must_use]
    pub fn read(
        mut nodes: Vec<Opened>,
        key: TagKey,
        keeps_bytes: bool,
        is_shared: bool,
        read: Read,
    ) -> Self {
        nodes.sort_unstable_by_key(|node| node.known.start);
        let is_shared = is_shared && nodes.len() >= WORTH_SHARING;
        let half = if is_shared { nodes.len() / 2 } else { 0 };
        let (theirs, ours) = nodes.split_at(half);
        let read_some = |some: &[Opened]| {
            let (mut opened, mut node) = (Self::default(), Node::default());
            opened.nodes.reserve(some.len());
            for each in some {
                opened.add(*each, &mut node, key, keeps_bytes, read);
            }
            opened
        };
        let (mut all, rest) = both(is_shared, &|| read_some(theirs), || read_some(ours));
        all.append(rest);
        all
    }

    fn add(&mut self, mut new: Opened, node: &mut Node, key: TagKey, keeps: bool, read: Read) {
        let (mut piece, known) = (Piece::default(), &mut new.known);
        if !piece.read(node, known.start, known.length, read) {
            return;
        }
        new.first = self.tags.len();
        for (at, is_tree) in node.links() {
            self.tags.push(key.tag(&piece.bytes[at..at + 36]));
            self.are_trees.push(is_tree);
        }
        known.links = u32::try_from(self.tags.len() - new.first).unwrap_or(0);
        if keeps {
            new.data = self.data.len();
            known.kept = known.length;
            self.data.extend(piece.bytes);
        }
        self.nodes.push(new);
    }

    fn append(&mut self, rest: Self) {
        let (first, data) = (self.tags.len(), self.data.len());
        self.nodes.extend(rest.nodes.into_iter().map(|node| Opened {
            first: node.first + first,
            data: node.data + data,
            ..node
        }));
        self.tags.extend(rest.tags);
        self.are_trees.extend(rest.are_trees);
        self.data.extend(rest.data);
    }

    /// Return the bytes of memory that they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Opened>()
            + self.tags.capacity() * size_of::<u128>()
            + self.are_trees.capacity()
            + self.data.capacity()
    }
}
