//! `cids_of` and `blocks_of`: what stands in the source of some rows.

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use super::block_index::reading;
use super::reader::Reader;
use super::values;
use crate::blocks::block::Block;
use crate::blocks::block_index::BlockIndex as Index;
use crate::cid::CID;
use crate::error::Error;
use crate::sha256::sha256;

/// Small reads of which the next is often a little behind the last.
struct Near<'a> {
    reader: &'a Reader,
    /// Where the bytes begin that were read last.
    offset: u64,
    bytes: Vec<u8>,
}

impl<'a> Near<'a> {
    /// Bytes read at a time, where more of them are likely to be wanted.
    const AT_ONCE: usize = 1 << 15;
    /// So far behind the last bytes more are likely to be wanted.
    const NEAR: u64 = 1 << 14;

    fn new(reader: &'a Reader) -> Self {
        Self {
            reader,
            offset: u64::MAX,
            bytes: Vec::new(),
        }
    }

    fn read(&mut self, offset: u64, length: usize) -> Option<&[u8]> {
        let behind = offset.checked_sub(self.offset);
        let end = self.bytes.len() as u64;
        if behind.is_none_or(|start| start + length as u64 > end) {
            let is_near = behind.is_some_and(|start| start < end + Self::NEAR);
            self.offset = offset;
            self.bytes.resize(Self::AT_ONCE, 0);
            // Where the file ends, it does not fill that much.
            if !is_near || self.reader.read(offset, &mut self.bytes).is_none() {
                self.bytes.truncate(length);
                self.reader.read(offset, &mut self.bytes)?;
            }
        }
        let start = usize::try_from(offset - self.offset).ok()?;
        self.bytes.get(start..)?.get(..length)
    }
}

/// Return the CIDs of some rows, end to end, 36 bytes each, from the source.
#[pyfunction]
pub fn cids_of<'py>(
    blocks: &Bound<'py, PyAny>,
    rows: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    let py = blocks.py();
    let rows = values::rows_in(rows)?;
    let mut cids = Vec::with_capacity(rows.len() * CID);
    let read = reading(blocks, |reader, index| {
        let mut near = Near::new(reader);
        for &row in &rows {
            let Some(block) = index.rows.get(row)? else {
                return Err(PyIndexError::new_err("no such row"));
            };
            match near.read(block.data_start() - CID as u64, CID) {
                Some(cid) if block.tag == index.key.tag(cid) => {
                    cids.extend_from_slice(cid);
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    })?;
    Ok(read.then(|| PyBytes::new(py, &cids)))
}

/// Bytes read at once where blocks are wanted in the order of the file.
const PIECE: usize = 1 << 16;

/// The bytes that were read last, and where they stand in the file.
#[derive(Default)]
struct Piece {
    offset: u64,
    bytes: Vec<u8>,
    /// Where what was wanted last ends.
    last: u64,
}

impl Piece {
    /// Return the bytes there, read with those behind where these are likely
    /// to be wanted next.
    fn read(&mut self, reader: &Reader, offset: u64, length: usize) -> Option<&[u8]> {
        if self.place(offset, length).is_none() {
            let follows = offset.wrapping_sub(self.last) < PIECE as u64;
            let size = if follows { length.max(PIECE) } else { length };
            // Near its end the file has not so many.
            if !self.fill(reader, offset, size) && !self.fill(reader, offset, length) {
                self.bytes.clear();
                return None;
            }
        }
        self.last = offset + length as u64;
        let start = self.place(offset, length)?;
        self.bytes.get(start..start + length)
    }

    fn fill(&mut self, reader: &Reader, offset: u64, size: usize) -> bool {
        self.offset = offset;
        self.bytes.resize(size, 0);
        reader.read(offset, &mut self.bytes).is_some()
    }

    fn place(&self, offset: u64, length: usize) -> Option<usize> {
        let start = usize::try_from(offset.checked_sub(self.offset)?).ok()?;
        (start + length <= self.bytes.len()).then_some(start)
    }
}

/// Blocks of an index, read again from the source, and hashed again.
pub struct Again<'a> {
    index: &'a Index,
    reader: &'a Reader,
    piece: Piece,
}

impl<'a> Again<'a> {
    /// Return nothing read yet.
    pub fn new(index: &'a Index, reader: &'a Reader) -> Self {
        let piece = Piece::default();
        Self {
            index,
            reader,
            piece,
        }
    }

    /// Return CID and data of a block, if it can be read and hashes.
    pub fn read(&mut self, block: &Block) -> Option<(&[u8], &[u8])> {
        let start = block.data_start() - CID as u64;
        let length = CID + block.length as usize;
        let (cid, data) = self.piece.read(self.reader, start, length)?.split_at(CID);
        let is_it = self.index.key.tag(cid) == block.tag && sha256(data) == cid[4..];
        is_it.then_some((cid, data))
    }
}

/// Return CID and data of the first of these rows, from the source, hashed
/// again: at least one, and no more than `most` bytes.
#[pyfunction]
pub fn blocks_of<'py>(
    blocks: &Bound<'py, PyAny>,
    rows: &Bound<'py, PyAny>,
    most: usize,
) -> PyResult<Bound<'py, PyList>> {
    let py = blocks.py();
    let rows = values::rows_in(rows)?;
    let mut bytes = Vec::new();
    let read = reading(blocks, |reader, index| {
        let mut again = Again::new(index, reader);
        let mut ends = Vec::with_capacity(rows.len());
        for &row in &rows {
            if let Some(block) = index.rows.get(row)? {
                let length = CID + block.length as usize;
                if !ends.is_empty() && bytes.len() + length > most {
                    break;
                }
                if let Some((cid, data)) = again.read(&block) {
                    bytes.extend_from_slice(cid);
                    bytes.extend_from_slice(data);
                }
            }
            ends.push(bytes.len());
        }
        Ok::<_, Error>(ends)
    })?;
    let list = PyList::empty(py);
    let mut start = 0;
    for end in read {
        if end == start {
            list.append(py.None())?;
        } else {
            list.append(PyBytes::new(py, &bytes[start..end]))?;
        }
        start = end;
    }
    Ok(list)
}
