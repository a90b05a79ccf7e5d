//! Rows on disk, by number, behind small page caches.
//!
//! Tags are in a file of their own: look-ups, which read most rows many times, find
//! them in sorted runs. Marks are apart too (see `row_marks`).

use std::io::{self, Write};
use std::path::Path;

use crate::blocks::block::{Block, Found};
use crate::blocks::kind::Kind;
use crate::blocks::row_marks::RowMarks;
use crate::blocks::rows_in_memory::RowsInMemory;
use crate::error::Result;
use crate::pause::Pause;
use crate::storage::page_cache::{BUFFER, PAGE, PageCache};

/// Bytes of a tag.
const TAG: usize = 16;
/// Bytes of the rest of a row: offset, length, kind, head; one is free.
const FACTS: usize = 16;
/// Bytes of a row, with its mark.
pub const ROW: usize = TAG + FACTS + 1;
/// Offset of the head.
const HEAD: usize = 14;
/// Pages of each file in memory, at most and at least. Reads in the order of the
/// file need few; for any other order even many would not help.
const PAGES: usize = 32;
const FEWEST_PAGES: usize = 2;
/// Share of the budget for the pages of each file: one n-th.
const SHARE: usize = 128;
/// Rows in a page.
const ROWS_A_PAGE: usize = PAGE / FACTS;
/// Rows that are read at a time where many are.
const ROWS_AT_ONCE: usize = BUFFER / FACTS;
/// From one row in so many pages on, all pages are read sequentially.
const DENSE: usize = 8;

/// Rows on disk.
pub struct RowsOnDisk {
    tags: PageCache,
    facts: PageCache,
    marks: RowMarks,
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
        let pages = (budget / SHARE / PAGE).clamp(FEWEST_PAGES, PAGES);
        Ok(Self {
            tags: PageCache::new(folder, pages)?,
            facts: PageCache::new(folder, pages)?,
            marks: RowMarks::new(folder, budget),
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
        self.tags.bytes() + self.facts.bytes() + self.marks.bytes()
    }

    /// Return a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn get(&self, row: u32) -> io::Result<Block> {
        let mark = self.mark(row)?;
        let tag = self
            .tags
            .with(u64::from(row) * TAG as u64, |&mut tag| (tag, false))?;
        self.facts
            .with(place_of(row), |facts| (decode(tag, facts, mark), false))
    }

    /// Return the mark of a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn mark(&self, row: u32) -> io::Result<u8> {
        self.marks.get(row)
    }

    /// Prefetch the mark of a row, if it is in memory.
    #[must_use]
    pub fn fetch_mark(&self, row: u32) -> u64 {
        self.marks.fetch(row)
    }

    /// Note how the tree used a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn add_mark(&self, row: u32, bits: u8) -> io::Result<()> {
        self.marks.add(row, bits)
    }

    /// Put another block, of the same tag, in the place of a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn put(&self, row: u32, block: &Block) -> io::Result<()> {
        self.marks.put(row, block.mark)?;
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
        let stop = stop.min(self.count);
        let most = (stop.saturating_sub(row) as usize).min(ROWS_AT_ONCE);
        let (mut tags, mut facts) = (vec![0; most * TAG], vec![0; most * FACTS]);
        let mut marks = vec![0; most];
        while row < stop {
            let count = most.min((stop - row) as usize);
            self.tags
                .read(u64::from(row) * TAG as u64, &mut tags[..count * TAG])?;
            self.facts
                .read(place_of(row), &mut facts[..count * FACTS])?;
            self.marks.copy(row as usize, &mut marks[..count])?;
            let all = tags.as_chunks().0.iter().zip(facts.as_chunks().0);
            for ((&tag, facts), &mark) in all.zip(&marks[..count]) {
                use_it(row, &decode(tag, facts, mark))?;
                row += 1;
            }
        }
        Ok(())
    }

    /// Call a function with what links to some rows find, and with what comes with
    /// their numbers, which ascend. Many are read together.
    ///
    /// # Errors
    /// The disk fails, or there is no such row.
    pub fn each_of(
        &self,
        rows: &[(u32, u32)],
        mut use_it: impl FnMut(u32, Found),
    ) -> io::Result<()> {
        self.facts.settle()?;
        let is_dense = rows.len() * DENSE >= self.count as usize / ROWS_A_PAGE;
        let unit = if is_dense { ROWS_AT_ONCE } else { ROWS_A_PAGE };
        let (mut facts, mut marks) = (vec![0; unit * FACTS], vec![0; unit]);
        let mut held = 0..0;
        for &(row, with) in rows {
            let number = row as usize;
            if !held.contains(&number) {
                let first = number - number % unit;
                held = first..(first + unit).min(self.count as usize);
                let facts = &mut facts[..held.len() * FACTS];
                self.facts.read((first * FACTS) as u64, facts)?;
                self.marks.copy(first, &mut marks[..held.len()])?;
            }
            let at = number - held.start;
            let facts = facts.as_chunks().0.get(at);
            let facts = facts.ok_or(io::ErrorKind::UnexpectedEof)?;
            // A link has the tag already.
            let block = decode([0; TAG], facts, marks[at]);
            use_it(with, Found::of(row, &block));
        }
        Ok(())
    }

    /// Append rows.
    ///
    /// # Errors
    /// The disk fails, or is full, or this was canceled.
    pub fn append(&mut self, rows: &RowsInMemory, pause: &Pause) -> io::Result<()> {
        self.tags.append(|file| {
            for some in rows.some() {
                pause.check()?;
                for row in some {
                    file.write_all(&row.tag.to_be_bytes())?;
                }
            }
            Ok(())
        })?;
        self.facts.append(|file| {
            for some in rows.some() {
                pause.check()?;
                for row in some {
                    file.write_all(&encode(&row.block()))?;
                }
            }
            Ok(())
        })?;
        self.marks
            .append((0..rows.len()).map(|row| rows[row].block().mark))?;
        self.count += rows.len();
        Ok(())
    }
}

fn place_of(row: u32) -> u64 {
    u64::from(row) * FACTS as u64
}

fn encode(block: &Block) -> [u8; FACTS] {
    let mut bytes = [0; FACTS];
    bytes[..8].copy_from_slice(&block.offset.to_be_bytes());
    bytes[8..12].copy_from_slice(&block.length.to_be_bytes());
    bytes[12..14].copy_from_slice(&block.kind.number().to_be_bytes());
    bytes[HEAD] = block.head;
    bytes
}

fn decode(tag: [u8; TAG], bytes: &[u8; FACTS], mark: u8) -> Block {
    let mut offset = [0; 8];
    offset.copy_from_slice(&bytes[..8]);
    let mut length = [0; 4];
    length.copy_from_slice(&bytes[8..12]);
    Block {
        tag: u128::from_be_bytes(tag),
        offset: u64::from_be_bytes(offset),
        length: u32::from_be_bytes(length),
        kind: Kind::numbered(u16::from_be_bytes([bytes[12], bytes[13]])),
        mark,
        head: bytes[HEAD],
    }
}
