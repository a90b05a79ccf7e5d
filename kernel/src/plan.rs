//! The nodes that a walk will come to, in its order, and what they link to.
//!
//! Which nodes come next follows from the links alone. While the index is in
//! memory, one node is read after the other. What is on disk is looked up many
//! links at a time, sorted, for each look would cost a read: so nodes are read
//! in breadth, as many of a level at once as the budget of the index allows, and
//! wait until it is their turn.

use crate::index::{Found, Index, NODE, STATE, TagKey};
use crate::node::Node;

/// Nodes of one piece.
const PIECE: usize = 64;
/// Nodes read in breadth: one for so many bytes of the budget.
const BYTES_A_NODE: usize = 2048;
const FEWEST: usize = 64;
const MOST: usize = 1 << 13;
/// Where the bytes of nodes that wait are kept too, these are so many times fewer.
const WITH_BYTES: usize = 4;
/// Bytes of the nodes read in breadth together, for each of them. Most have less.
const NODE_BYTES: usize = 1024;
/// Links that may wait, and KiB, for each node read in breadth. In an honest tree
/// there are half as many; where there are more, few nodes are read at once.
const WAITING: usize = 64;

/// Fills a buffer with the bytes at an offset; None when it cannot.
pub type Read<'a> = &'a dyn Fn(u64, &mut [u8]) -> Option<()>;

/// Calls a function with the index; false where nobody wants that any more.
pub type Use<'a> = &'a dyn Fn(&mut dyn FnMut(&Index)) -> bool;

/// Some nodes that follow each other in a walk.
#[derive(Default)]
pub struct Piece {
    /// Of each its row, and where its bytes and its links end.
    nodes: Vec<(u32, usize, usize)>,
    bytes: Vec<u8>,
    links: Vec<Found>,
    /// Nodes that were taken.
    taken: usize,
}

impl Piece {
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

    /// Tell whether the node in `row` is among those that were not taken.
    #[must_use]
    pub fn has(&self, row: u32) -> bool {
        self.nodes[self.taken..].iter().any(|node| node.0 == row)
    }

    /// Read a node behind the others; false where it is none.
    fn read(&mut self, node: &mut Node, offset: u64, length: u32, read: Read) -> bool {
        let start = self.bytes.len();
        self.bytes.resize(start + length as usize, 0);
        let data = &mut self.bytes[start..];
        if read(offset, data).is_some() && node.read(data) {
            return true;
        }
        self.bytes.truncate(start);
        false
    }

    fn add(&mut self, row: u32) {
        self.nodes.push((row, self.bytes.len(), self.links.len()));
    }
}

/// A node whose links were looked up.
struct Known {
    row: u32,
    /// Of its data.
    start: u64,
    length: u32,
    links: Box<[Found]>,
    /// Its bytes, where they are kept while it waits.
    data: Box<[u8]>,
}

impl Known {
    /// Return how much it counts among what waits.
    fn weight(&self) -> usize {
        1 + self.links.len() + self.data.len() / NODE_BYTES
    }
}

enum Item {
    /// Nothing that a walk would enter.
    Nothing,
    /// A link to a sub-tree.
    Link(u128),
    /// What a link to a sub-tree leads to.
    Found(Found),
    /// A node; its sub-trees stand before it.
    Node(Known),
}

/// A node that is read in breadth.
struct Opened {
    /// Its place among the items.
    place: usize,
    known: Known,
    /// How many links came before its own.
    first: usize,
    /// Of each of its links, whether it leads to a sub-tree.
    are_trees: Vec<bool>,
}

/// What is left of a tree.
pub struct Plan {
    key: TagKey,
    /// What comes next is the last.
    items: Vec<Item>,
    node: Node,
    /// What waits, by its weight.
    waiting: usize,
    /// Whether to keep the bytes of nodes that wait: to read twice costs too much.
    keeps_bytes: bool,
}

impl Plan {
    /// Begin with the sub-trees that these links lead to, the last first.
    ///
    /// `keeps_bytes` where to read a node costs more than memory.
    #[must_use]
    pub fn new(key: TagKey, links: Vec<u128>, keeps_bytes: bool) -> Self {
        Self {
            key,
            items: links.into_iter().map(Item::Link).collect(),
            node: Node::default(),
            waiting: 0,
            keeps_bytes,
        }
    }

    /// Return the nodes that come next; None where there are no more, or nobody
    /// wants them.
    pub fn next(&mut self, with: Use, read: Read) -> Option<Piece> {
        let mut piece = Piece::default();
        while piece.nodes.len() < PIECE {
            match self.items.pop() {
                None => break,
                Some(Item::Node(known)) => {
                    self.waiting -= known.weight();
                    if self.put(&known, &mut piece, read) {
                        piece.links.extend(known.links);
                        piece.add(known.row);
                    }
                }
                Some(link) => {
                    let mut width = 0;
                    let asked = with(&mut |index| {
                        if index.is_on_disk() {
                            width = self.width(index.budget);
                        }
                    });
                    if !asked {
                        return None;
                    }
                    if width == 0 {
                        self.step_into(&link, &mut piece, with, read)?;
                    } else {
                        self.items.push(link);
                        self.open(width, with, read)?;
                    }
                }
            }
        }
        (!piece.is_empty()).then_some(piece)
    }

    /// Return how many nodes may be read in breadth.
    fn width(&self, budget: usize) -> usize {
        let bytes = BYTES_A_NODE * if self.keeps_bytes { WITH_BYTES } else { 1 };
        (budget / bytes).clamp(FEWEST, MOST)
    }

    /// Put the bytes of a node behind those of a piece; false where it is none.
    fn put(&mut self, known: &Known, piece: &mut Piece, read: Read) -> bool {
        if known.data.is_empty() {
            return piece.read(&mut self.node, known.start, known.length, read);
        }
        piece.bytes.extend_from_slice(&known.data);
        true
    }

    /// Read one node, and go on with its sub-trees.
    fn step_into(&mut self, link: &Item, piece: &mut Piece, with: Use, read: Read) -> Option<()> {
        let mut known = None;
        let is_wanted = with(&mut |index| {
            let found = match link {
                Item::Link(tag) => {
                    let row = index.find(*tag);
                    index.get(row).map(|block| Found::of(row, &block))
                }
                Item::Found(found) => Some(*found),
                Item::Node(_) | Item::Nothing => None,
            };
            known = found.and_then(|found| known_of(index, &found));
        });
        let Some(known) = known else {
            return is_wanted.then_some(());
        };
        if piece.read(&mut self.node, known.start, known.length, read) {
            let before = piece.nodes.last().map_or(0, |node| node.1);
            let data = &piece.bytes[before..];
            let below = links_of(&self.node).filter_map(|(at, is_tree)| is_tree.then_some(at));
            let tags = below.map(|at| Item::Link(self.key.tag(&data[at..at + 36])));
            let start = self.items.len();
            self.items.extend(tags);
            self.items[start..].reverse();
            piece.add(known.row);
        }
        Some(())
    }

    /// Read many of the nodes that come next, and look all their links up.
    fn open(&mut self, width: usize, with: Use, read: Read) -> Option<()> {
        let is_deep = self.waiting > WAITING * width;
        let width = if is_deep { FEWEST } else { width };
        let mut items = self.next_links(width);
        let mut opened = Vec::new();
        let is_wanted = with(&mut |index| {
            look_up_all(index, &mut items);
            take_nodes(index, &mut items, &mut opened, width * NODE_BYTES);
        });
        // In the order of the file.
        opened.sort_unstable_by_key(|node| node.known.start);
        let mut tags = Vec::new();
        opened.retain_mut(|node| self.read_links(node, &mut tags, read));
        let mut found = Vec::new();
        if !is_wanted || !with(&mut |index| found = index.look_up(&tags)) {
            return None;
        }
        drop(tags);
        opened.sort_unstable_by_key(|node| node.place);
        self.put_back(items, opened, &found);
        Some(())
    }

    /// Take out the items that come next, with so many links among them.
    fn next_links(&mut self, most: usize) -> Vec<Item> {
        let places = self.items.iter().enumerate().rev();
        let mut links = places.filter(|(_, item)| !matches!(item, Item::Node(_)));
        let first = links
            .by_ref()
            .take(most)
            .last()
            .map_or(0, |(place, _)| place);
        self.items.split_off(first)
    }

    /// Append the tags of the links of a node; false where it is none.
    fn read_links(&mut self, opened: &mut Opened, tags: &mut Vec<u128>, read: Read) -> bool {
        let mut piece = Piece::default();
        if !self.put(&opened.known, &mut piece, read) {
            return false;
        }
        opened.first = tags.len();
        for (at, is_tree) in links_of(&self.node) {
            tags.push(self.key.tag(&piece.bytes[at..at + 36]));
            opened.are_trees.push(is_tree);
        }
        if self.keeps_bytes {
            opened.known.data = piece.bytes.into();
        }
        true
    }

    /// Put items back, with nodes in the place of the links to them.
    fn put_back(&mut self, items: Vec<Item>, opened: Vec<Opened>, found: &[Found]) {
        let mut opened = opened.into_iter().peekable();
        for (place, item) in items.into_iter().enumerate() {
            let Some(mut node) = opened.next_if(|node| node.place == place) else {
                if !matches!(item, Item::Nothing) {
                    self.items.push(item);
                }
                continue;
            };
            let links = &found[node.first..node.first + node.are_trees.len()];
            let all = links.iter().zip(&node.are_trees).rev();
            let trees = all.filter_map(|(link, &is_tree)| is_tree.then_some(*link));
            self.items.extend(trees.map(Item::Found));
            node.known.links = links.into();
            self.waiting += node.known.weight();
            self.items.push(Item::Node(node.known));
        }
    }
}

/// Look up those links that were not.
fn look_up_all(index: &Index, items: &mut [Item]) {
    let tag_of = |item: &Item| match item {
        Item::Link(tag) => Some(*tag),
        _ => None,
    };
    let tags: Vec<_> = items.iter().filter_map(tag_of).collect();
    if tags.is_empty() {
        return;
    }
    let links = items.iter_mut().filter(|item| tag_of(item).is_some());
    for (item, found) in links.zip(index.look_up(&tags)) {
        *item = Item::Found(found);
    }
}

/// Take out the nodes that links lead to, up to so many bytes, the next first.
fn take_nodes(index: &Index, items: &mut [Item], opened: &mut Vec<Opened>, most: usize) {
    let mut bytes = 0;
    for (place, item) in items.iter_mut().enumerate().rev() {
        let Item::Found(found) = item else {
            continue;
        };
        if bytes > most {
            break;
        }
        if let Some(known) = known_of(index, found) {
            bytes += known.length as usize;
            let (first, are_trees) = (0, Vec::new());
            opened.push(Opened {
                place,
                known,
                first,
                are_trees,
            });
        }
        *item = Item::Nothing;
    }
}

/// Return the node that the walk would enter there: a sound one that it did not
/// enter yet.
fn known_of(index: &Index, found: &Found) -> Option<Known> {
    let mark = index.mark(found.row)?;
    let is_entered = mark & (STATE | NODE) == 0 && found.kind.shape().is_some();
    is_entered.then(|| Known {
        row: found.row,
        start: found.block(mark).data_start(),
        length: found.length,
        links: Box::default(),
        data: Box::default(),
    })
}

/// Return where the links of a node begin, in the order of the walk, and whether
/// each leads to a sub-tree.
fn links_of(node: &Node) -> impl Iterator<Item = (usize, bool)> {
    let entries = node.entries.iter().flat_map(|entry| {
        let tree = entry.tree.map(|at| (at, true));
        std::iter::once((entry.value, false)).chain(tree)
    });
    node.left.map(|at| (at, true)).into_iter().chain(entries)
}
