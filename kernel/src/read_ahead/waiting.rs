//! The stack of what a plan has found and not returned yet.

use crate::blocks::block::Found;

/// A node whose links were looked up.
#[derive(Clone, Copy)]
pub struct Known {
    /// Of its data.
    pub start: u64,
    /// Its row in the index.
    pub row: u32,
    /// Bytes of its data.
    pub length: u32,
    /// How many links it has.
    pub links: u32,
    /// How many of its bytes are kept while it waits: all, or none.
    pub kept: u32,
}

/// One thing that waits.
pub enum Item {
    /// Nothing that a walk would enter.
    Nothing,
    /// A link to a sub-tree.
    Link(u128),
    /// What a link to a sub-tree leads to.
    Found(Found),
    /// A node; its sub-trees stand before it.
    Node(Known),
}

/// What waits for its turn: a stack, what comes next at its end.
#[derive(Default)]
pub struct Waiting {
    /// Links, and nodes behind the links to their sub-trees.
    pub items: Vec<Item>,
    /// Of all nodes among the items, their links, and their bytes if they are
    /// kept. In one array, against fragmentation.
    pub links: Vec<Found>,
    /// See `links`.
    pub data: Vec<u8>,
}

impl Waiting {
    /// Return the bytes of memory that this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.items.capacity() * size_of::<Item>()
            + self.links.capacity() * size_of::<Found>()
            + self.data.capacity()
    }

    /// Return how many of them are of what waits now.
    #[must_use]
    pub fn bytes_used(&self) -> usize {
        self.items.len() * size_of::<Item>()
            + self.links.len() * size_of::<Found>()
            + self.data.len()
    }

    /// Pop the items from an index on.
    #[must_use]
    pub fn split_off(&mut self, place: usize) -> Self {
        let items = self.items.split_off(place);
        let (mut links, mut data) = (self.links.len(), self.data.len());
        for item in &items {
            if let Item::Node(node) = item {
                links -= node.links as usize;
                data -= node.kept as usize;
            }
        }
        Self {
            items,
            links: self.links.split_off(links),
            data: self.data.split_off(data),
        }
    }

    /// Reserve exactly the memory for what replaces the popped items.
    pub fn reserve(&mut self, part: &Self, links: usize, trees: usize, data: usize) {
        self.items.reserve_exact(part.items.len() + trees);
        self.links.reserve_exact(part.links.len() + links);
        self.data.reserve_exact(part.data.len() + data);
    }
}
