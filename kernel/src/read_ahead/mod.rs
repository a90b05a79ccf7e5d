//! Read nodes before a walk comes to them, on a thread of its own.
//!
//! If blocks are not in walk order, most time goes into random reads of nodes, and
//! of the index if that is on disk. So both are done ahead (`plan`), and the walk
//! judges what it gets as if it had read it. In a tree that is not sound the plan
//! may diverge from the walk, which then reads for itself.

pub mod lent;
pub mod opened;
pub mod piece;
pub mod plan;
pub mod waiting;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::blocks::block::Found;
use crate::blocks::block_index::BlockIndex;
use crate::blocks::tag_key::TagKey;
use crate::error::Result;
use crate::read_ahead::lent::Lent;
use crate::read_ahead::piece::{Piece, Read};
use crate::read_ahead::plan::Plan;

/// Fills a buffer with the bytes at an offset; None when it cannot.
pub type ReadAt = Arc<dyn Fn(u64, &mut [u8]) -> Option<()> + Send + Sync>;

/// Most pieces read ahead, with the bytes of their nodes.
const AHEAD: usize = 8;
/// Most pieces read ahead without bytes: as many as one batch of look-ups gives,
/// so that the walk can go on during the next. They count to the plan's memory.
const AHEAD_WITHOUT_BYTES: usize = 128;
/// Consecutive misses after which the read-ahead is given up.
const MISSES: u32 = 256;

/// Where pieces are made.
enum Maker {
    /// A thread.
    Thread(Thread),
    /// The thread that takes them.
    Own(Plan),
    /// Nowhere any more.
    Ended,
}

/// The read-ahead of one walk.
pub struct ReadAhead {
    maker: Maker,
    piece: Piece,
    misses: u32,
}

impl ReadAhead {
    /// Start a thread that reads the sub-trees that these links lead to, the last
    /// first.
    ///
    /// `is_on_disk` where the index is.
    #[must_use]
    pub fn start(
        lent: Arc<Lent>,
        key: TagKey,
        read_at: ReadAt,
        links: Vec<u128>,
        is_on_disk: bool,
    ) -> Self {
        let most = if is_on_disk {
            AHEAD_WITHOUT_BYTES
        } else {
            AHEAD
        };
        let thread = Thread::start(lent, Plan::new(key, links, false, true), read_at, most);
        Self::by(Maker::Thread(thread))
    }

    /// Read them when they are taken, without a thread.
    ///
    /// `keeps_bytes` where to read a node costs more than memory; `is_shared`
    /// where another thread may help all the same.
    #[must_use]
    pub fn without_thread(
        key: TagKey,
        links: Vec<u128>,
        keeps_bytes: bool,
        is_shared: bool,
    ) -> Self {
        Self::by(Maker::Own(Plan::new(key, links, keeps_bytes, is_shared)))
    }

    fn by(maker: Maker) -> Self {
        Self {
            maker,
            piece: Piece::default(),
            misses: 0,
        }
    }

    /// Tell whether the walk diverged from the plan, and nothing more comes.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.misses >= MISSES
    }

    /// Return the bytes of the node in `row`, and what its links lead to, if
    /// they were read; nothing of links while the index is in memory.
    ///
    /// # Errors
    /// The disk that has the index failed while these were looked up.
    pub fn take(
        &mut self,
        row: u32,
        index: &BlockIndex,
        read: Read,
    ) -> Result<Option<(&[u8], &[Found])>> {
        if self.piece.is_empty() {
            let next = match &mut self.maker {
                Maker::Thread(thread) => thread.next()?,
                Maker::Own(plan) => plan.next(0, &|use_it| (use_it(index), true).1, read)?,
                Maker::Ended => None,
            };
            let Some(next) = next else {
                return Ok(None);
            };
            self.piece = next;
            self.piece.fill(read);
        }
        if !self.piece.has(row) {
            self.misses += 1;
            if self.is_lost() {
                self.maker = Maker::Ended;
                self.piece = Piece::default();
            }
            return Ok(None);
        }
        self.misses = 0;
        Ok(self.piece.take(row))
    }
}

/// A thread that makes pieces.
struct Thread {
    /// Behind a lock only so that Python may own this on any thread.
    pieces: Option<Mutex<Receiver<Result<Piece>>>>,
    lent: Arc<Lent>,
    /// The bytes of memory that pieces take which wait to be used.
    ahead: Arc<AtomicUsize>,
    /// Whether the thread is to end.
    over: Arc<AtomicBool>,
    worker: Option<JoinHandle<()>>,
}

impl Thread {
    fn start(lent: Arc<Lent>, mut plan: Plan, read_at: ReadAt, most: usize) -> Self {
        let (sender, receiver) = sync_channel(most);
        let over = Arc::new(AtomicBool::new(false));
        let ahead = Arc::new(AtomicUsize::new(0));
        let (theirs, ended, sent) = (Arc::clone(&lent), Arc::clone(&over), Arc::clone(&ahead));
        let work = move || {
            let is_wanted = || !ended.load(Ordering::Relaxed);
            let with =
                |use_it: &mut dyn FnMut(&BlockIndex)| theirs.with(is_wanted, use_it).is_some();
            loop {
                let taken = sent.load(Ordering::Relaxed);
                let Some(piece) = plan.next(taken, &with, &*read_at).transpose() else {
                    return;
                };
                let is_last = piece.is_err();
                sent.fetch_add(piece.as_ref().map_or(0, Piece::memory), Ordering::Relaxed);
                // The walk may be over by now.
                if sender.send(piece).is_err() || is_last {
                    return;
                }
            }
        };
        let builder = std::thread::Builder::new().name("repoview-read".into());
        Self {
            pieces: Some(Mutex::new(receiver)),
            lent,
            ahead,
            over,
            worker: builder.spawn(work).ok(),
        }
    }

    /// Wait for the next piece; None where none comes any more.
    fn next(&mut self) -> Result<Option<Piece>> {
        let pieces = self.pieces.as_mut().and_then(|each| each.get_mut().ok());
        let piece = pieces.and_then(|each| each.recv().ok()).transpose()?;
        let size = piece.as_ref().map_or(0, Piece::memory);
        self.ahead.fetch_sub(size, Ordering::Relaxed);
        Ok(piece)
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        // The channel has no receiver any more, so the thread ends.
        self.pieces = None;
        self.over.store(true, Ordering::Relaxed);
        self.lent.wake();
        if let Some(worker) = self.worker.take() {
            drop(worker.join());
        }
    }
}
