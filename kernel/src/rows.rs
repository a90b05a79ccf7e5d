//! Rows on disk, by number, behind a few pages in memory.
//!
//! A file without a name. A page is read when one of its rows is wanted, and
//! written back, if a mark on it changed, when another page takes its place. So
//! what this takes of memory does not grow with the rows.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::disk::{read_exact_at, write_all_at};
use crate::index::{self, Block, Kind};
use crate::pause::Pause;

/// Bytes of a row: tag, offset, length, kind, mark; one is free.
pub const ROW: usize = 32;
/// Where the mark stands.
const MARK: usize = 30;
/// Rows of a page.
const PAGE: u32 = 128;
/// Pages in memory, at most and at least. A walk in the order of the file needs
/// few of them; for one in another order none would be enough.
const PAGES: usize = 64;
const FEWEST_PAGES: usize = 4;
/// Of the budget, pages have one part in so many.
const SHARE: usize = 64;
/// Bytes of a page.
const PAGE_BYTES: usize = PAGE as usize * ROW;
/// Bytes read or written at a time where all rows are.
const BUFFER: usize = 1 << 18;

/// No page has this number.
const NO_PAGE: u32 = u32::MAX;

struct Page {
    number: u32,
    has_changed: bool,
    bytes: Vec<u8>,
}

/// Rows on disk.
pub struct Rows {
    file: File,
    count: u32,
    /// Page → the one place where it may be. Each has a lock of its own, for a
    /// thread reads ahead of the one that walks.
    pages: Vec<Mutex<Page>>,
}

impl Rows {
    /// Make room in a folder; what is there vanishes with this value.
    ///
    /// `budget` is what the whole index may take of memory.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn new(folder: &Path, budget: usize) -> io::Result<Self> {
        let pages = (budget / SHARE / PAGE_BYTES).clamp(FEWEST_PAGES, PAGES);
        let empty = |_| {
            Mutex::new(Page {
                number: NO_PAGE,
                has_changed: false,
                bytes: Vec::new(),
            })
        };
        Ok(Self {
            file: tempfile::tempfile_in(folder)?,
            count: 0,
            pages: (0..pages).map(empty).collect(),
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
        self.pages.len() * PAGE_BYTES
    }

    /// Return a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn get(&self, row: u32) -> io::Result<Block> {
        self.with(row, |bytes| (decode(bytes), false))
    }

    /// Note how the tree used a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn add_mark(&self, row: u32, bits: u8) -> io::Result<()> {
        self.with(row, |bytes| {
            let old = bytes[MARK];
            bytes[MARK] |= bits;
            ((), bytes[MARK] != old)
        })
    }

    /// Put another block in the place of a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn put(&self, row: u32, block: &Block) -> io::Result<()> {
        self.with(row, |bytes| {
            *bytes = encode(block);
            ((), true)
        })
    }

    /// Call a function with the bytes of a row; it tells whether it changed them.
    fn with<T>(&self, row: u32, use_it: impl FnOnce(&mut [u8; ROW]) -> (T, bool)) -> io::Result<T> {
        let number = row / PAGE;
        let mut page = lock(&self.pages[number as usize % self.pages.len()]);
        if page.number != number {
            page.write_back(&self.file)?;
            page.read(&self.file, number, self.count)?;
        }
        let rows = page.bytes.as_chunks_mut().0;
        let Some(bytes) = rows.get_mut((row % PAGE) as usize) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let (value, has_changed) = use_it(bytes);
        page.has_changed |= has_changed;
        Ok(value)
    }

    /// Call a function with the rows from `row` on, but those from `stop` on.
    ///
    /// # Errors
    /// The disk fails; or the function does, which is not called again then.
    pub fn some(
        &self,
        mut row: u32,
        stop: u32,
        use_it: &mut impl FnMut(u32, &Block) -> io::Result<()>,
    ) -> io::Result<()> {
        for page in &self.pages {
            lock(page).write_back(&self.file)?;
        }
        let stop = stop.min(self.count);
        let most = stop.saturating_sub(row) as usize * ROW;
        let mut bytes = vec![0; most.min(BUFFER)];
        while row < stop {
            let count = (bytes.len() / ROW).min((stop - row) as usize);
            let part = &mut bytes[..count * ROW];
            read_exact_at(&self.file, part, u64::from(row) * ROW as u64)?;
            for each in part.as_chunks().0 {
                use_it(row, &decode(each))?;
                row += 1;
            }
        }
        Ok(())
    }

    /// Append rows.
    ///
    /// # Errors
    /// The disk fails, or is full, or somebody wants this to end.
    pub fn append(&mut self, rows: &[Vec<index::Row>], pause: &Pause) -> io::Result<()> {
        for page in &self.pages {
            // The last one is about to be longer.
            let mut page = lock(page);
            page.write_back(&self.file)?;
            page.number = NO_PAGE;
        }
        self.file.seek(SeekFrom::End(0))?;
        let mut writer = BufWriter::with_capacity(BUFFER, &self.file);
        for piece in rows {
            pause.check()?;
            for row in piece {
                writer.write_all(&encode(&row.block()))?;
            }
            self.count += u32::try_from(piece.len()).unwrap_or(u32::MAX);
        }
        writer.flush()
    }
}

impl Page {
    fn write_back(&mut self, file: &File) -> io::Result<()> {
        if self.has_changed {
            write_all_at(file, &self.bytes, place_of(self.number))?;
            self.has_changed = false;
        }
        Ok(())
    }

    fn read(&mut self, file: &File, number: u32, rows: u32) -> io::Result<()> {
        // A read that fails leaves nothing of either page.
        self.number = NO_PAGE;
        let count = PAGE.min(rows.saturating_sub(number * PAGE));
        self.bytes.resize(count as usize * ROW, 0);
        read_exact_at(file, &mut self.bytes, place_of(number))?;
        self.number = number;
        Ok(())
    }
}

fn place_of(page: u32) -> u64 {
    u64::from(page) * PAGE_BYTES as u64
}

/// Nothing panics while a page is half changed: a poisoned one is sound.
fn lock(page: &Mutex<Page>) -> MutexGuard<'_, Page> {
    page.lock().unwrap_or_else(PoisonError::into_inner)
}

fn encode(block: &Block) -> [u8; ROW] {
    let mut bytes = [0; ROW];
    bytes[..16].copy_from_slice(&block.tag.to_be_bytes());
    bytes[16..24].copy_from_slice(&block.offset.to_be_bytes());
    bytes[24..28].copy_from_slice(&block.length.to_be_bytes());
    bytes[28..MARK].copy_from_slice(&block.kind.number().to_be_bytes());
    bytes[MARK] = block.mark;
    bytes
}

fn decode(bytes: &[u8; ROW]) -> Block {
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
        mark: bytes[MARK],
    }
}
