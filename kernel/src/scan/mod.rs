//! Add the sections of a CAR to the index, a buffer at a time.

pub mod check;
pub mod hasher;
pub mod pool;

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;

use crate::blocks::block::Block;
use crate::blocks::block_index::BlockIndex;
use crate::cid::{CID, RAW_PREFIX};
use crate::error::Result;
use crate::formats::car::{self, Section, Stop};
use crate::limits::BLOCK_BYTES;
use crate::marks::RAW_CODEC;
use crate::read_ahead::lent::Lent;
use crate::scan::check::{Checked, Checker};
use crate::scan::pool::{Buffer, Bytes, Done, Pool};

/// Buffers below this are checked at once: handing them over would cost more.
const WORTH_SHARING: usize = 1 << 20;
/// In a source that has come to so much, pieces from this size on are shared.
const PART_WORTH_SHARING: usize = 1 << 17;
/// Most threads: more would not help.
const MOST_THREADS: usize = 64;
/// Blocks whose slots in the index are prefetched together.
const AT_ONCE: usize = 16;
/// Buffers kept for a walk in step with the reading.
const RECENT: usize = 4;

/// An index, and the threads that check what is added to it.
pub struct Scanner {
    /// All that was added; nothing of what is pending.
    pub index: Arc<BlockIndex>,
    /// Where threads that read in the index find it.
    lent: Arc<Lent>,
    /// The last buffers taken in, the newest last.
    pub recent: VecDeque<Arc<Buffer>>,
    threads: Option<usize>,
    /// Bytes of the source, until memory is reserved for its blocks.
    size: u64,
    pool: Option<Pool>,
    checker: Checker,
}

impl Scanner {
    /// Scan into an index, with up to `threads` threads (None for as many as the
    /// machine has), a source of `size` bytes; 0 where that is not known.
    #[must_use]
    pub fn new(index: BlockIndex, threads: Option<usize>, size: u64) -> Self {
        Self {
            size,
            index: Arc::new(index),
            lent: Arc::default(),
            recent: VecDeque::new(),
            threads,
            pool: None,
            checker: Checker::default(),
        }
    }

    /// Add the sections of `data` from `start` on; return where they end.
    ///
    /// Those of a large buffer may be added later, by the next call.
    ///
    /// # Errors
    /// The index is full, the disk fails, or this was canceled.
    ///
    /// # Panics
    /// A worker did.
    pub fn scan(&mut self, data: &Bytes, offset: u64, start: usize) -> Result<(usize, Stop)> {
        let bytes = (**data).as_ref();
        let size = bytes.len().saturating_sub(start);
        let mut sections = Vec::with_capacity(if size < 4096 { 0 } else { size / 300 });
        let (consumed, stop) = car::sections(bytes, start, &mut sections);
        if sections.is_empty() {
            return Ok((consumed, stop));
        }
        self.expect_more(consumed - start, sections.len());
        let buffer = Buffer {
            data: Arc::clone(data),
            offset,
            sections,
        };
        let is_large = offset >= WORTH_SHARING as u64 && consumed - start >= PART_WORTH_SHARING;
        if (size >= WORTH_SHARING || is_large) && self.threads() > 1 {
            let (threads, index) = (self.threads(), &self.index);
            let start = || Pool::new(threads, index.key, index.rows.lend());
            let pool = self.pool.get_or_insert_with(start);
            pool.put(buffer);
            self.take_in(false)?;
        } else {
            self.settle()?;
            let key = self.index.key;
            let mut checked = Vec::new();
            for sections in buffer.sections.chunks(pool::AT_ONCE) {
                checked.clear();
                self.checker.check_all(bytes, sections, &key, &mut checked);
                self.add_some(&buffer, sections, &checked)?;
            }
            self.keep(Arc::new(buffer));
        }
        Ok((consumed, stop))
    }

    /// Return how many threads there may be.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads
            .map_or_else(default_threads, |threads| threads.min(MOST_THREADS))
    }

    /// Return the index to write on. Threads that read in it wait until it is
    /// lent again.
    ///
    /// # Panics
    /// Another owner holds it.
    pub fn index_mut(&mut self) -> &mut BlockIndex {
        self.lent.take_back();
        Arc::get_mut(&mut self.index).expect("the index is only lent")
    }

    /// Lend the index to threads that read in it, until it is written on.
    #[must_use]
    pub fn lend(&self) -> Arc<Lent> {
        self.lent.give(&self.index);
        Arc::clone(&self.lent)
    }

    /// Add all that is pending.
    ///
    /// # Errors
    /// The index is full, the disk fails, or this was canceled.
    ///
    /// # Panics
    /// A worker did.
    pub fn settle(&mut self) -> Result<()> {
        if self.pool.is_some() {
            self.take_in(true)?;
        }
        Ok(())
    }

    /// End the threads; what is pending is discarded.
    pub fn stop(&mut self) {
        self.pool = None;
    }

    /// Free the last buffers, unless they are all of a small source.
    pub fn forget_large(&mut self) {
        let held: usize = self
            .recent
            .iter()
            .map(|buffer| (*buffer.data).as_ref().len())
            .sum();
        if held >= WORTH_SHARING {
            self.recent.clear();
        }
    }

    /// Return how many sections were met, those that are pending among them.
    #[must_use]
    pub fn sections(&self) -> u64 {
        self.index.sections + self.pool.as_ref().map_or(0, Pool::sections) as u64
    }

    /// Return what the index takes at most, once all that is pending is in it.
    #[must_use]
    pub fn most_bytes(&self) -> usize {
        let pending = self.pool.as_ref().map_or(0, Pool::sections);
        self.index.bytes_used() + pending * BLOCK_BYTES
    }

    fn take_in(&mut self, all: bool) -> Result<()> {
        while let Some(done) = self.next_done(all) {
            let added = self.add_some(&done.buffer, &done.buffer.sections, &done.checked);
            if added.is_err() {
                self.stop();
            }
            added?;
            self.keep(done.buffer);
            self.index.pause.check()?;
        }
        Ok(())
    }

    fn next_done(&mut self, all: bool) -> Option<Done> {
        // Where a worker panicked, the pool goes with it.
        let mut pool = self.pool.take()?;
        let done = pool.take(all);
        self.pool = Some(pool);
        done
    }

    fn add_some(
        &mut self,
        buffer: &Buffer,
        sections: &[Section],
        checked: &[Checked],
    ) -> Result<()> {
        let data = (*buffer.data).as_ref();
        let index = self.index_mut();
        for (sections, checked) in sections.chunks(AT_ONCE).zip(checked.chunks(AT_ONCE)) {
            let blocks = checked.iter().map(|each| (each.tag, each.sought));
            index.rows.fetch_sought(blocks);
            for (section, checked) in sections.iter().zip(checked) {
                let offset = buffer.offset + u64::from(section.start);
                add(index, data, offset, checked)?;
            }
        }
        Ok(())
    }

    /// Reserve memory for the blocks that the rest of the source is likely to have.
    fn expect_more(&mut self, bytes: usize, sections: usize) {
        if self.size > 0 && bytes >= WORTH_SHARING / 2 {
            let blocks = u128::from(self.size) * sections as u128 / bytes as u128;
            self.size = 0;
            self.index_mut()
                .expect(usize::try_from(blocks).unwrap_or(usize::MAX));
        }
    }

    fn keep(&mut self, buffer: Arc<Buffer>) {
        self.recent.push_back(buffer);
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
    }
}

/// Beyond four threads the one that writes the index cannot keep up.
fn default_threads() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    // Memoized: the system call takes longer than reading a small repository.
    *THREADS.get_or_init(|| available_parallelism().map_or(1, |count| count.get().min(4)))
}

fn add(index: &mut BlockIndex, data: &[u8], offset: u64, checked: &Checked) -> Result<()> {
    let cid = &data[checked.body as usize..][..CID];
    let codec = if cid.starts_with(&RAW_PREFIX) {
        RAW_CODEC
    } else {
        0
    };
    let (start, end) = checked.type_at;
    let block = Block {
        tag: checked.tag,
        offset,
        length: checked.length,
        kind: checked.kind,
        mark: checked.state as u8 | codec,
        head: 0,
    };
    let type_name = &data[start as usize..end as usize];
    index.add_sought(cid, type_name, block, checked.sought)
}
