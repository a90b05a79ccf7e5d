//! The nodes that a walk will come to, in its order, and what they link to.
//!
//! Which nodes come next follows from the links alone. While the index is in
//! memory, one node is read after the other. If it is on disk, each look-up would
//! cost a read, so links are looked up in sorted batches: nodes are read
//! breadth-first, as many of a level at once as fit the memory of a plan (its
//! *room*, a share of the index's budget), and wait for their turn.

use crate::blocks::block::Found;
use crate::blocks::block_index::BlockIndex;
use crate::blocks::tag_key::TagKey;
use crate::error::Result;
use crate::formats::node::{Node, Shape};
use crate::marks::{NODE, STATE};
use crate::read_ahead::opened::{Opened, OpenedNodes};
use crate::read_ahead::piece::{PIECE, Piece, Read};
use crate::read_ahead::waiting::{Item, Known, Waiting};

/// Share of the room for memory that is allocated and unused: one n-th.
const SPARE: usize = 4;
/// A plan that is over its room goes on in one n-th of it.
const LITTLE: usize = 64;
/// Bytes of a node for each link in it. Most have a little more.
const BYTES_A_LINK: usize = 50;
/// Memory that a link counts before it is looked up: there are few of them.
const UNKNOWN: usize = 1 << 16;
/// What a link takes: looked up, with what it leads to (a half of that twice, if
/// two threads look), and what that becomes.
const LINK: usize = size_of::<u128>() + 12 + 5 * size_of::<Found>() / 2 + size_of::<Item>();
/// A node counts twice for each level below it, up to so many levels. So most of
/// the room goes to the lowest level, which has most of the nodes.
const LEVELS: u8 = 3;

/// Calls a function with the index; false if the thread is to end.
pub type Use<'a> = &'a dyn Fn(&mut dyn FnMut(&BlockIndex)) -> bool;

/// Return how much of the room it takes to open what a link leads to, about.
fn weight_of(found: &Found, keeps_bytes: bool) -> usize {
    let levels = match found.kind.shape() {
        Some(Shape::AtDepth(depth)) => depth.min(LEVELS),
        _ => LEVELS,
    };
    let length = found.length as usize;
    // As they are read, as they wait, and while they are moved.
    let bytes = if keeps_bytes { 3 * length } else { 0 };
    let links = length / BYTES_A_LINK * LINK;
    (size_of::<Item>() + size_of::<Opened>() + links + bytes) << levels
}

/// What is left of a tree.
pub struct Plan {
    key: TagKey,
    waiting: Waiting,
    node: Node,
    /// Whether to keep the bytes of nodes that wait: to read twice costs too much.
    keeps_bytes: bool,
    /// Whether another thread may help to read nodes and to look links up.
    is_shared: bool,
    /// The most that this took, in bytes.
    peak: usize,
}

impl Plan {
    /// Begin with the sub-trees that these links lead to, the last first.
    ///
    /// `keeps_bytes` where to read a node costs more than memory; `is_shared`
    /// where another thread may help.
    #[must_use]
    pub fn new(key: TagKey, links: Vec<u128>, keeps_bytes: bool, is_shared: bool) -> Self {
        let mut waiting = Waiting::default();
        waiting.items.extend(links.into_iter().map(Item::Link));
        Self {
            key,
            waiting,
            node: Node::default(),
            keeps_bytes,
            is_shared,
            peak: 0,
        }
    }

    /// Return the most bytes of memory that this took so far: of what waits, and
    /// of what was looked up.
    #[must_use]
    pub fn peak(&self) -> usize {
        self.peak
    }

    /// Return the nodes that come next, for the caller to `fill`; None if there
    /// are no more, or the thread is to end.
    ///
    /// `ahead` is the room that earlier, unused pieces take.
    ///
    /// # Errors
    /// The disk that has the index fails.
    pub fn next(&mut self, ahead: usize, with: Use, read: Read) -> Result<Option<Piece>> {
        let mut piece = Piece::default();
        while piece.len() < PIECE {
            match self.waiting.items.pop() {
                None => break,
                Some(Item::Node(known)) => self.put_out(&known, &mut piece),
                Some(link) => {
                    let mut share = None;
                    let asked = with(&mut |index| {
                        share = index.rows.is_on_disk().then(|| index.plan_room());
                    });
                    let is_wanted = match share {
                        _ if !asked => false,
                        Some(share) => {
                            self.waiting.items.push(link);
                            self.open(share, ahead, with, read)?
                        }
                        None => self.step_into(&link, &mut piece, with, read)?,
                    };
                    if !is_wanted {
                        return Ok(None);
                    }
                }
            }
        }
        Ok((!piece.is_empty()).then_some(piece))
    }

    /// Put a node that waited behind those of a piece.
    fn put_out(&mut self, known: &Known, piece: &mut Piece) {
        let waiting = &mut self.waiting;
        let links = waiting.links.len() - known.links as usize;
        let data = waiting.data.len() - known.kept as usize;
        piece.links.extend(waiting.links.drain(links..));
        if known.kept > 0 {
            piece.bytes.extend(waiting.data.drain(data..));
            piece.add(known.row);
        } else {
            piece.plan(known.row, known.start, known.length);
        }
    }

    /// Read one node, and go on with its sub-trees; false if the thread is to end.
    fn step_into(&mut self, link: &Item, piece: &mut Piece, with: Use, read: Read) -> Result<bool> {
        let mut known = Ok(None);
        let is_wanted = with(&mut |index| known = node_behind(index, link));
        let Some(known) = known? else {
            return Ok(is_wanted);
        };
        if piece.read(&mut self.node, known.start, known.length, read) {
            let data = piece.last();
            let below = self
                .node
                .links()
                .filter_map(|(at, is_tree)| is_tree.then_some(at));
            let tags = below.map(|at| Item::Link(self.key.tag(&data[at..at + 36])));
            let items = &mut self.waiting.items;
            let start = items.len();
            items.extend(tags);
            items[start..].reverse();
            piece.add(known.row);
        }
        Ok(true)
    }

    /// Read many of the nodes that come next, and look all their links up; false
    /// if the thread is to end.
    fn open(&mut self, share: usize, ahead: usize, with: Use, read: Read) -> Result<bool> {
        let most = share - share / SPARE;
        let left = most.saturating_sub(self.waiting.bytes_used() + ahead);
        let room = left.max(most / LITTLE);
        let mut part = self.next_links(room);
        let mut taken = Ok(Vec::new());
        let (keeps_bytes, is_shared) = (self.keeps_bytes, self.is_shared);
        let is_wanted = with(&mut |index| {
            taken = look_up_all(index, &mut part.items, is_shared)
                .and_then(|()| take_nodes(index, &mut part.items, room, keeps_bytes));
        });
        let mut opened = OpenedNodes::read(taken?, self.key, keeps_bytes, is_shared, read);
        let mut found = Ok(Vec::new());
        if !is_wanted || !with(&mut |index| found = index.rows.look_up(&opened.tags, is_shared)) {
            return Ok(false);
        }
        let found = found?;
        self.note_peak(&part, &opened);
        opened.tags = Vec::new();
        opened.nodes.sort_unstable_by_key(|node| node.place);
        self.put_back(&part, &opened, &found);
        Ok(true)
    }

    /// Pop the items that come next, with links for so much room.
    fn next_links(&mut self, room: usize) -> Waiting {
        let items = &self.waiting.items;
        let (mut first, mut weight) = (items.len(), 0);
        for (place, item) in items.iter().enumerate().rev() {
            if weight > room {
                break;
            }
            weight += match item {
                Item::Node(_) => continue,
                Item::Nothing => 0,
                Item::Found(found) => weight_of(found, self.keeps_bytes),
                Item::Link(_) => UNKNOWN,
            };
            first = place;
        }
        self.waiting.split_off(first)
    }

    /// Push items back, with links replaced by their nodes.
    fn put_back(&mut self, part: &Waiting, opened: &OpenedNodes, found: &[Found]) {
        let waiting = &mut self.waiting;
        let trees = opened.are_trees.iter().filter(|&&is_tree| is_tree).count();
        waiting.reserve(part, found.len(), trees, opened.data.len());
        let (mut nodes, mut old) = (opened.nodes.iter().peekable(), (0, 0));
        for (place, item) in part.items.iter().enumerate() {
            match item {
                Item::Nothing => {}
                Item::Link(tag) => waiting.items.push(Item::Link(*tag)),
                Item::Found(found) => waiting.items.push(Item::Found(*found)),
                Item::Node(known) => {
                    let (first, data) = old;
                    old = (first + known.links as usize, data + known.kept as usize);
                    waiting.items.push(Item::Node(*known));
                    waiting.links.extend_from_slice(&part.links[first..old.0]);
                    waiting.data.extend_from_slice(&part.data[data..old.1]);
                }
            }
            if let Some(node) = nodes.next_if(|node| node.place == place) {
                let (first, data, known) = (node.first, node.data, node.known);
                let own = first..first + known.links as usize;
                let all = found[own.clone()]
                    .iter()
                    .zip(&opened.are_trees[own.clone()]);
                let below = all
                    .rev()
                    .filter_map(|(link, &is_tree)| is_tree.then_some(*link));
                waiting.items.extend(below.map(Item::Found));
                waiting.items.push(Item::Node(known));
                waiting.links.extend_from_slice(&found[own]);
                let kept = data..data + known.kept as usize;
                waiting.data.extend_from_slice(&opened.data[kept]);
            }
        }
    }

    /// Note what all takes just after links were looked up.
    fn note_peak(&mut self, part: &Waiting, opened: &OpenedNodes) {
        // Where they stand in what was sorted, and where they were found.
        let looked_up = opened.tags.capacity() * (12 + 3 * size_of::<Found>() / 2);
        self.peak = self
            .peak
            .max(self.waiting.bytes() + part.bytes() + opened.bytes() + looked_up);
    }
}

/// Look up those links that were not.
fn look_up_all(index: &BlockIndex, items: &mut [Item], is_shared: bool) -> Result<()> {
    let tag_of = |item: &Item| match item {
        Item::Link(tag) => Some(*tag),
        _ => None,
    };
    let tags: Vec<_> = items.iter().filter_map(tag_of).collect();
    if tags.is_empty() {
        return Ok(());
    }
    let links = items.iter_mut().filter(|item| tag_of(item).is_some());
    for (item, found) in links.zip(index.rows.look_up(&tags, is_shared)?) {
        *item = Item::Found(found);
    }
    Ok(())
}

/// Take out the nodes that links lead to, for so much room, the next first.
fn take_nodes(
    index: &BlockIndex,
    items: &mut [Item],
    room: usize,
    keeps_bytes: bool,
) -> Result<Vec<Opened>> {
    let (mut opened, mut weight) = (Vec::new(), 0);
    for (place, item) in items.iter_mut().enumerate().rev() {
        let Item::Found(found) = item else {
            continue;
        };
        if weight > room {
            break;
        }
        if let Some(known) = known_of(index, found)? {
            weight += weight_of(found, keeps_bytes);
            opened.push(Opened {
                place,
                known,
                first: 0,
                data: 0,
            });
        }
        *item = Item::Nothing;
    }
    Ok(opened)
}

/// Return the node that the walk would enter behind an item.
fn node_behind(index: &BlockIndex, item: &Item) -> Result<Option<Known>> {
    let found = match item {
        Item::Link(tag) => {
            let row = index.rows.find(*tag)?;
            index.rows.get(row)?.map(|block| Found::of(row, &block))
        }
        Item::Found(found) => Some(*found),
        Item::Node(_) | Item::Nothing => None,
    };
    found.map_or(Ok(None), |found| known_of(index, &found))
}

/// Return the node that the walk would enter there: a sound one that it did not
/// enter yet.
fn known_of(index: &BlockIndex, found: &Found) -> Result<Option<Known>> {
    let mark = index.rows.mark(found.row)?.filter(|mark| {
        let would_enter = mark & (STATE | NODE) == 0;
        would_enter && found.kind.shape().is_some()
    });
    Ok(mark.map(|mark| Known {
        start: found.block(mark).data_start(),
        row: found.row,
        length: found.length,
        links: 0,
        kept: 0,
    }))
}
