//! Rows that went to disk: found by tag in one sorted run, and by number.
//!
//! Files without a name: the rows, one after the other, and *runs*, pairs of tag
//! and row sorted by tag. In memory stay a byte a row, for the mark, half a byte
//! for a filter, and eight for each page of a run. What is sealed later makes a
//! new run, which takes in the ones before that are not much larger: so there
//! are few of them, and no row is written often.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::disk::{read_exact_at, write_all_at};
use crate::index::{Block, Kind, Row};
use crate::run::{ENTRY, Run, merged};

/// Bytes of a row on disk: tag, offset, length, kind.
const ROW: usize = 32;
/// Bytes read or written at a time while merging.
const BUFFER: usize = 1 << 18;
/// A run this many times larger than what comes is left as it is.
const MUCH: usize = 4;
/// Marks of one piece of memory.
const PIECE: usize = 1 << 16;

/// Rows on disk.
pub struct Sealed {
    rows: File,
    /// The largest first.
    runs: Vec<Run>,
    count: u32,
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
            runs: Vec::new(),
            count: 0,
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
        self.runs.iter().map(Run::bytes).sum::<usize>() + self.count as usize
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
        for run in &self.runs {
            if let Some(row) = run.find(tag)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
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
    pub fn absorb(&mut self, folder: &Path, rows: Vec<Vec<Row>>) -> io::Result<()> {
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
            .map(|&number| Ok((tag_of(number), self.count + number)));
        let mut run = Run::write(folder, order.len(), new)?;
        self.count += u32::try_from(order.len()).unwrap_or(u32::MAX);
        // Memory is short: what is not needed goes before what is large comes.
        drop((order, rows));
        while let Some(mut last) = self.runs.pop_if(|last| last.len() <= MUCH * run.len()) {
            last.forget();
            run.forget();
            let both = merged(last.entries()?, run.entries()?);
            run = Run::write(folder, last.len() + run.len(), both)?;
        }
        self.runs.push(run);
        Ok(())
    }
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
