//! Read nodes before a walk comes to them, on a thread of its own.
//!
//! Where blocks do not stand in the order of the walk, most of its time goes
//! into fetching nodes from all over the file. Which nodes come next follows
//! from the links alone, so they are read ahead, and the walk judges what it
//! gets as if it had read it. Of a tree that is not sound the reader may go
//! another way than the walk, which then reads for itself.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::index::{Index, NODE, STATE, TagKey};
use crate::lent::Lent;
use crate::node::Node;

/// Fills a buffer with the bytes at an offset; None when it cannot.
pub type ReadAt = Arc<dyn Fn(u64, &mut [u8]) -> Option<()> + Send + Sync>;

/// Nodes of one piece.
const PIECE: usize = 64;
/// Pieces that wait to be used.
const AHEAD: usize = 8;
/// Nodes wanted in vain, one after the other, until the reader is given up.
const MISSES: u32 = 256;

#[derive(Default)]
struct Piece {
    nodes: Vec<(u32, Range<usize>)>,
    bytes: Vec<u8>,
}

/// A thread that reads ahead of one walk.
pub struct ReadAhead {
    /// Behind a lock only so that Python may own this on any thread.
    pieces: Option<Mutex<Receiver<Piece>>>,
    piece: Piece,
    next: usize,
    misses: u32,
    lent: Arc<Lent>,
    /// Whether nobody wants any more.
    over: Arc<AtomicBool>,
    worker: Option<JoinHandle<()>>,
}

impl ReadAhead {
    /// Start to read the sub-trees that these links lead to, the last first.
    #[must_use]
    pub fn start(lent: Arc<Lent>, key: TagKey, read_at: ReadAt, links: Vec<u128>) -> Self {
        let (sender, receiver) = sync_channel(AHEAD);
        let over = Arc::new(AtomicBool::new(false));
        let reader = Reader {
            lent: Arc::clone(&lent),
            over: Arc::clone(&over),
            key,
            read_at,
        };
        let builder = std::thread::Builder::new().name("repoview-read".into());
        let worker = builder.spawn(move || reader.read_all(links, &sender));
        Self {
            pieces: Some(Mutex::new(receiver)),
            piece: Piece::default(),
            next: 0,
            misses: 0,
            lent,
            over,
            worker: worker.ok(),
        }
    }

    /// Return the bytes of the node in `row`, if they were read.
    pub fn take(&mut self, row: u32) -> Option<&[u8]> {
        if self.next == self.piece.nodes.len() {
            self.piece = self.pieces.as_mut()?.get_mut().ok()?.recv().ok()?;
            self.next = 0;
        }
        let rest = &self.piece.nodes[self.next..];
        let Some(place) = rest.iter().position(|(read, _)| *read == row) else {
            self.misses += 1;
            if self.misses == MISSES {
                self.pieces = None;
                self.next = self.piece.nodes.len();
            }
            return None;
        };
        self.misses = 0;
        let (_, bytes) = &self.piece.nodes[self.next + place];
        self.next += place + 1;
        self.piece.bytes.get(bytes.clone())
    }
}

impl Drop for ReadAhead {
    fn drop(&mut self) {
        // Nobody receives any more: the thread ends.
        self.pieces = None;
        self.over.store(true, Ordering::Relaxed);
        self.lent.wake();
        if let Some(worker) = self.worker.take() {
            drop(worker.join());
        }
    }
}

/// What the thread has.
struct Reader {
    lent: Arc<Lent>,
    over: Arc<AtomicBool>,
    key: TagKey,
    read_at: ReadAt,
}

/// A node, as the index knows it.
struct Found {
    row: u32,
    /// Of its data.
    offset: u64,
    length: usize,
}

impl Reader {
    fn read_all(&self, mut links: Vec<u128>, sender: &SyncSender<Piece>) {
        let mut node = Node::default();
        let mut piece = Piece::default();
        while let Some(tag) = links.pop() {
            let is_wanted = || !self.over.load(Ordering::Relaxed);
            let Some(found) = self.lent.with(is_wanted, |index| find(index, tag)) else {
                return;
            };
            let Some(found) = found else {
                continue;
            };
            let start = piece.bytes.len();
            piece.bytes.resize(start + found.length, 0);
            let data = &mut piece.bytes[start..];
            if (self.read_at)(found.offset, data).is_none() || !node.read(data) {
                piece.bytes.truncate(start);
                continue;
            }
            let below = node.entries.iter().rev().filter_map(|entry| entry.tree);
            let cids = below.chain(node.left).map(|at| &data[at..at + 36]);
            links.extend(cids.map(|cid| self.key.tag(cid)));
            piece.nodes.push((found.row, start..piece.bytes.len()));
            if piece.nodes.len() == PIECE && sender.send(std::mem::take(&mut piece)).is_err() {
                return;
            }
        }
        // The walk may be over by now.
        drop(sender.send(piece));
    }
}

/// Find what the walk would enter: a sound node that it did not enter yet.
fn find(index: &Index, tag: u128) -> Option<Found> {
    let row = index.find(tag);
    let block = index.get(row)?;
    let is_entered = block.mark & (STATE | NODE) == 0 && block.kind.shape().is_some();
    is_entered.then(|| Found {
        row,
        offset: index.data_start(row, &block),
        length: block.length as usize,
    })
}
