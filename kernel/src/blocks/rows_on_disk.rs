//! Rows on disk, by number, behind a small page cache.
//!
//! Their marks are in a file of their own, a byte each, with a larger page cache:
//! a walk writes one for every block, in any order.

use std::io::{self, Write};
use std::path::Path;

use crate::blocks::block::Block;
use crate::blocks::kind::Kind;
use crate::blocks::rows_in_memory::RowsInMemory;
use crate::error::Result;
use crate::pause::Pause;
use crate::storage::page_cache::{BUFFER, PAGE, PageCache};

/// Bytes of a row: tag, offset, length, kind, head; one is free.
const FACTS: usize = 32;
/// Bytes of a row, and of its mark.
pub const ROW: usize = FACTS + 1;
/// Offset of the head.
const HEAD: usize = 30;
/// Pages in memory, at most and at least. Reads in the order of the file need few;
/// for any other order even many would not help.
const PAGES: usize = 64;
const FEWEST_PAGES: usize = 4;
/// Share of the budget for pages: one n-th.
const SHARE: usize = 64;
/// Pages of marks, at most: of 64 million rows.
const MARK_PAGES: usize = 1 << 14;
/// Share of the budget for marks: one n-th.
const MARK_SHARE: usize = 8;
/// From one row in so many pages on, all pages are read sequentially.
const DENSE: usize = 8;

/// Rows on disk.
pub struct RowsOnDisk {
    facts: PageCache,
    marks: PageCache,
    count: u32,
}

impl RowsOnDisk {
    /// Make temporary files in a folder, which vanish with this value.
    ///
    /// `budget` is what the whole index may take of memory.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn new(folder: &Path, budget: usize) -> io::Result<Self> {
        let share = |share: usize, most: usize| (budget / share / PAGE).clamp(FEWEST_PAGES, most);
        Ok(Self {
            facts: PageCache::new(folder, share(SHARE, PAGES))?,
            marks: PageCache::new(folder, share(MARK_SHARE, MARK_PAGES))?,
            count: 0,
        })
    }

    /// Return how many there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Tell whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Return the bytes of memory that this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.facts.bytes() + self.marks.bytes()
    }

    /// Return a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn get(&self, row: u32) -> io::Result<Block> {
        let mark = self.mark(row)?;
        self.facts
            .with(place_of(row), |facts| (decode(facts, mark), false))
    }

    /// Return the mark of a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn mark(&self, row: u32) -> io::Result<u8> {
        self.marks.with(u64::from(row), |&mut [mark]| (mark, false))
    }

    /// Note how the tree used a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn add_mark(&self, row: u32, bits: u8) -> io::Result<()> {
        self.marks.with(u64::from(row), |[mark]| {
            let old = *mark;
            *mark |= bits;
            ((), *mark != old)
        })
    }

    /// Put another block in the place of a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn put(&self, row: u32, block: &Block) -> io::Result<()> {
        self.marks.with(u64::from(row), |mark| {
            *mark = [block.mark];
            ((), true)
        })?;
        self.facts.with(place_of(row), |facts| {
            *facts = encode(block);
            ((), true)
        })
    }

    /// Call a function with the rows from `row` on, but those from `stop` on.
    ///
    /// # Errors
    /// The disk fails; or the function does, which is not called again then.
    pub fn some(
        &self,
        mut row: u32,
        stop: u32,
        use_it: &mut impl FnMut(u32, &Block) -> Result<()>,
    ) -> Result<()> {
        self.facts.settle()?;
        self.marks.settle()?;
        let stop = stop.min(self.count);
        let most = (stop.saturating_sub(row) as usize).min(BUFFER / FACTS);
        let (mut facts, mut marks) = (vec![0; most * FACTS], vec![0; most]);
        while row < stop {
            let count = most.min((stop - row) as usize);
            let (facts, marks) = (&mut facts[..count * FACTS], &mut marks[..count]);
            self.facts.read(place_of(row), facts)?;
            self.marks.read(u64::from(row), marks)?;
            for (facts, &mark) in facts.as_chunks().0.iter().zip(marks.iter()) {
                use_it(row, &decode(facts, mark))?;
                row += 1;
            }
        }
        Ok(())
    }

    /// Call a function with some rows, and with what comes with their numbers,
    /// which ascend. Many are read together.
    ///
    /// # Errors
    /// The disk fails, or there is no such row.
    pub fn each_of(
        &self,
        rows: &[(u32, u32)],
        mut use_it: impl FnMut(u32, u32, &Block),
    ) -> io::Result<()> {
        self.facts.settle()?;
        let per_page = PAGE / FACTS;
        let is_dense = rows.len() * DENSE >= self.count as usize / per_page;
        let unit = if is_dense { BUFFER / FACTS } else { per_page };
        let (mut facts, mut held) = (vec![0; unit * FACTS], 0..0);
        for &(row, with) in rows {
            let number = row as usize;
            if !held.contains(&number) {
                let first = number - number % unit;
                held = first..(first + unit).min(self.count as usize);
                let facts = &mut facts[..held.len() * FACTS];
                self.facts.read((first * FACTS) as u64, facts)?;
            }
            let facts = facts.as_chunks().0.get(number - held.start);
            let facts = facts.ok_or(io::ErrorKind::UnexpectedEof)?;
            use_it(row, with, &decode(facts, self.mark(row)?));
        }
        Ok(())
    }

    /// Append rows.
    ///
    /// # Errors
    /// The disk fails, or is full, or this was canceled.
    pub fn append(&mut self, rows: &RowsInMemory, pause: &Pause) -> io::Result<()> {
        self.facts.append(|file| {
            for piece in rows.pieces() {
                pause.check()?;
                for row in piece {
                    file.write_all(&encode(&row.block()))?;
                }
            }
            Ok(())
        })?;
        self.marks.append(|file| {
            let rows = rows.pieces().iter().flatten();
            rows.map(|row| row.block().mark)
                .try_for_each(|mark| file.write_all(&[mark]))
        })?;
        self.count += rows.len();
        Ok(())
    }
}

fn place_of(row: u32) -> u64 {
    u64::from(row) * FACTS as u64
}

fn encode(block: &Block) -> [u8; FACTS] {
    let mut bytes = [0; FACTS];
    bytes[..16].copy_from_slice(&block.tag.to_be_bytes());
    bytes[16..24].copy_from_slice(&block.offset.to_be_bytes());
    bytes[24..28].copy_from_slice(&block.length.to_be_bytes());
    bytes[28..30].copy_from_slice(&block.kind.number().to_be_bytes());
    bytes[HEAD] = block.head;
    bytes
}

fn decode(bytes: &[u8; FACTS], mark: u8) -> Block {
    let mut tag = [0; 16];
    tag.copy_from_slice(&bytes[..16]);
    let mut offset = [0; 8];
    offset.copy_from_slice(&bytes[16..24]);
    let mut length = [0; 4];
    length.copy_from_slice(&bytes[24..28]);
    Block {
        tag: u128::from_be_bytes(tag),
        offset: u64::from_be_bytes(offset),
        length: u32::from_be_bytes(length),
        kind: Kind::numbered(u16::from_be_bytes([bytes[28], bytes[29]])),
        mark,
        head: bytes[HEAD],
    }
}
