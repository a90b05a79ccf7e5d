//! Rows that went to disk: found by tag in one sorted run, and by number.
//!
//! Two files without a name: the rows, one after the other, and a *run*, pairs
//! of tag and row sorted by tag. In memory stay a byte a row, for the mark, and
//! eight for each page of the run. What is sealed later is merged into a new
//! run, so that a look-up reads one page and no more.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::disk::{read_exact_at, write_all_at};
use crate::index::{Block, Kind, Row};

/// Bytes of a row on disk: tag, offset, length, kind.
const ROW: usize = 32;
/// Bytes of an entry of the run: tag and row.
const ENTRY: usize = 20;
/// Entries of one page, which fit into 4 KiB.
const PAGE: usize = 204;
/// Bytes read or written at a time while merging.
const BUFFER: usize = 1 << 18;
/// Marks of one piece of memory.
const PIECE: usize = 1 << 16;

/// Rows on disk.
pub struct Sealed {
    rows: File,
    run: File,
    count: u32,
    /// Of each page, the first half of its first tag.
    fences: Vec<u64>,
    marks: Vec<Vec<AtomicU8>>,
}

impl Sealed {
    /// Make room in a folder; what is there vanishes with this value.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self {
            rows: tempfile::tempfile_in(folder)?,
            run: tempfile::tempfile_in(folder)?,
            count: 0,
            fences: Vec::new(),
            marks: Vec::new(),
        })
    }

    /// Return how many rows there are.
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
        self.fences.len() * size_of::<u64>() + self.count as usize
    }

    /// Return the bytes that are on disk.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        u64::from(self.count) * (ROW + ENTRY) as u64
    }

    /// Return a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn get(&self, row: u32) -> io::Result<Block> {
        let mut bytes = [0; ROW];
        read_exact_at(&self.rows, &mut bytes, u64::from(row) * ROW as u64)?;
        Ok(decode(&bytes, self.mark(row)))
    }

    fn mark(&self, row: u32) -> u8 {
        self.marks[row as usize / PIECE][row as usize % PIECE].load(Ordering::Relaxed)
    }

    /// Note how the tree used a row.
    pub fn add_mark(&self, row: u32, bits: u8) {
        self.marks[row as usize / PIECE][row as usize % PIECE].fetch_or(bits, Ordering::Relaxed);
    }

    /// Put another block in the place of a row, of the same tag.
    ///
    /// # Errors
    /// The disk fails.
    pub fn put(&self, row: u32, block: &Block) -> io::Result<()> {
        let mark = &self.marks[row as usize / PIECE][row as usize % PIECE];
        mark.store(block.mark, Ordering::Relaxed);
        write_all_at(&self.rows, &encode(block), u64::from(row) * ROW as u64)
    }

    /// Return the row of a tag.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find(&self, tag: u128) -> io::Result<Option<u32>> {
        let half = first_half(tag);
        let mut page = self.fences.partition_point(|&fence| fence <= half);
        while page > 0 {
            page -= 1;
            if let Some(row) = self.find_in(page, tag)? {
                return Ok(Some(row));
            }
            // Only where tags share a half may it stand in the page before.
            if self.fences[page] != half {
                break;
            }
        }
        Ok(None)
    }

    fn find_in(&self, page: usize, tag: u128) -> io::Result<Option<u32>> {
        let first = page * PAGE;
        let count = PAGE.min(self.count as usize - first);
        let mut bytes = [0; PAGE * ENTRY];
        let bytes = &mut bytes[..count * ENTRY];
        read_exact_at(&self.run, bytes, (first * ENTRY) as u64)?;
        let (entries, _) = bytes.as_chunks::<ENTRY>();
        let found = entries.binary_search_by_key(&tag, |entry| entry_of(entry).0);
        Ok(found.ok().map(|place| entry_of(&entries[place]).1))
    }

    /// Call a function with all rows, in order.
    ///
    /// # Errors
    /// The disk fails.
    pub fn each(&self, use_it: impl FnMut(u32, &Block)) -> io::Result<()> {
        self.some(0, self.count, use_it)
    }

    /// Call a function with the rows from `row` on, but those from `stop` on.
    ///
    /// # Errors
    /// The disk fails.
    pub fn some(
        &self,
        mut row: u32,
        stop: u32,
        mut use_it: impl FnMut(u32, &Block),
    ) -> io::Result<()> {
        let stop = stop.min(self.count);
        let mut bytes = vec![0; BUFFER / ROW * ROW];
        while row < stop {
            let count = (bytes.len() / ROW).min((stop - row) as usize);
            let part = &mut bytes[..count * ROW];
            read_exact_at(&self.rows, part, u64::from(row) * ROW as u64)?;
            for each in part.as_chunks().0 {
                use_it(row, &decode(each, self.mark(row)));
                row += 1;
            }
        }
        Ok(())
    }

    /// Take in rows that are not there yet, as numbers from `len` on.
    ///
    /// # Errors
    /// The disk fails, or is full; then this is of no use any more.
    pub fn absorb(&mut self, folder: &Path, rows: &[Vec<Row>]) -> io::Result<()> {
        let mut order: Vec<u32> = Vec::with_capacity(rows.iter().map(Vec::len).sum());
        self.rows.seek(SeekFrom::End(0))?;
        let mut writer = BufWriter::with_capacity(BUFFER, &self.rows);
        for (number, row) in (self.count..).zip(rows.iter().flatten()) {
            let block = row.block();
            writer.write_all(&encode(&block))?;
            order.push(number - self.count);
            if (number as usize).is_multiple_of(PIECE) {
                self.marks.push(Vec::with_capacity(PIECE));
            }
            if let Some(piece) = self.marks.last_mut() {
                piece.push(AtomicU8::new(block.mark));
            }
        }
        writer.flush()?;
        drop(writer);
        let tag_of = |number: u32| {
            let size = rows[0].len();
            rows[number as usize / size][number as usize % size].tag
        };
        order.sort_unstable_by_key(|&number| tag_of(number));
        let new = order
            .iter()
            .map(|&number| (tag_of(number), self.count + number));
        let (run, fences) = merged(folder, &self.run, self.count, new)?;
        self.count += u32::try_from(order.len()).unwrap_or(u32::MAX);
        self.run = run;
        self.fences = fences;
        Ok(())
    }
}

/// Write a run of what the old one has and what is new, both sorted.
fn merged(
    folder: &Path,
    old: &File,
    old_count: u32,
    new: impl Iterator<Item = (u128, u32)>,
) -> io::Result<(File, Vec<u64>)> {
    let mut source = old;
    source.seek(SeekFrom::Start(0))?;
    let mut reader =
        BufReader::with_capacity(BUFFER, source).take(u64::from(old_count) * ENTRY as u64);
    let file = tempfile::tempfile_in(folder)?;
    let mut writer = BufWriter::with_capacity(BUFFER, &file);
    let mut fences = Vec::new();
    let mut count = 0;
    let mut write = |(tag, row): (u128, u32)| {
        if usize::is_multiple_of(count, PAGE) {
            fences.push(first_half(tag));
        }
        count += 1;
        writer.write_all(&tag.to_be_bytes())?;
        writer.write_all(&row.to_be_bytes())
    };
    let mut next = || {
        let mut entry = [0; ENTRY];
        if reader.limit() == 0 {
            return Ok(None);
        }
        reader.read_exact(&mut entry)?;
        io::Result::Ok(Some(entry_of(&entry)))
    };
    let mut left = next()?;
    for entry in new {
        while let Some(old) = left.filter(|old| old.0 < entry.0) {
            write(old)?;
            left = next()?;
        }
        write(entry)?;
    }
    while let Some(old) = left {
        write(old)?;
        left = next()?;
    }
    writer.flush()?;
    drop(writer);
    Ok((file, fences))
}

fn first_half(tag: u128) -> u64 {
    (tag >> 64) as u64
}

fn entry_of(bytes: &[u8; ENTRY]) -> (u128, u32) {
    let (tag, row) = bytes.split_at(16);
    let tag = tag.try_into().map_or(0, u128::from_be_bytes);
    (tag, row.try_into().map_or(0, u32::from_be_bytes))
}

fn encode(block: &Block) -> [u8; ROW] {
    let mut bytes = [0; ROW];
    bytes[..16].copy_from_slice(&block.tag.to_be_bytes());
    bytes[16..24].copy_from_slice(&block.offset.to_be_bytes());
    bytes[24..28].copy_from_slice(&block.length.to_be_bytes());
    bytes[28..30].copy_from_slice(&block.kind.number().to_be_bytes());
    bytes
}

fn decode(bytes: &[u8; ROW], mark: u8) -> Block {
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
    }
}
