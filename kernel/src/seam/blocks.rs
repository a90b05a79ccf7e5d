//! Where a walk reads blocks: in what was just scanned, in the file, or, where
//! the machine gives no other way, by asking Python.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyList};

use super::block_index::BlockIndex;
use super::values;
use crate::check::sha256;
use crate::cid::CID;
use crate::index::{Found, Index};
use crate::pool::Buffer;
use crate::read_ahead::{ReadAhead, ReadAt};
use crate::walk::ReadBlock;

/// A source, for reading at any offset.
pub enum Reader {
    /// A file of our own, opened beside Python's.
    File(Arc<File>),
    /// Bytes in memory.
    Held(PyBackedBytes),
    /// The source itself, asked under Python's lock.
    Asked(Py<PyAny>),
}

impl Reader {
    /// Return the best way to read a `Source`.
    pub fn of(source: &Bound<'_, PyAny>) -> PyResult<Self> {
        let held: Option<Bound<'_, PyBytes>> = source.getattr("held")?.extract()?;
        if let Some(held) = held {
            return Ok(Reader::Held(held.into()));
        }
        let handle: Option<(i32, u64, u64)> = source.getattr("handle")?.extract()?;
        let file = handle.and_then(|(number, device, inode)| reopen(number, device, inode));
        Ok(file.map_or_else(
            || Reader::Asked(source.clone().unbind()),
            |file| Reader::File(Arc::new(file)),
        ))
    }

    /// Return a way to read that other threads may use, where there is one
    /// that is worth a thread.
    pub fn shared(&self) -> Option<ReadAt> {
        let Reader::File(file) = self else {
            return None;
        };
        let file = Arc::clone(file);
        Some(Arc::new(move |offset, buffer: &mut [u8]| {
            read_exact_at(&file, buffer, offset)
        }))
    }

    /// Tell whether each read is a call of Python.
    pub fn is_asked(&self) -> bool {
        matches!(self, Reader::Asked(_))
    }

    /// Fill a buffer with the bytes from `offset` on; None when it cannot.
    pub fn read(&self, offset: u64, buffer: &mut [u8]) -> Option<()> {
        match self {
            Reader::File(file) => read_exact_at(file, buffer, offset),
            Reader::Held(bytes) => {
                let start = usize::try_from(offset).ok()?;
                buffer.copy_from_slice(bytes.get(start..)?.get(..buffer.len())?);
                Some(())
            }
            // What goes wrong here goes wrong again, and is told, when the
            // engine reads the block that is handed over.
            Reader::Asked(source) => Python::attach(|py| {
                let arguments = (offset, buffer.len());
                let read = source.bind(py).call_method1("read_at", arguments).ok()?;
                let bytes = read.cast_into::<PyBytes>().ok()?;
                (bytes.as_bytes().len() == buffer.len())
                    .then(|| buffer.copy_from_slice(bytes.as_bytes()))
            }),
        }
    }
}

/// Open the file behind a number of Python's once more, if it is that file.
#[cfg(unix)]
fn reopen(number: i32, device: u64, inode: u64) -> Option<File> {
    use std::os::unix::fs::MetadataExt;
    let file = File::open(format!("/dev/fd/{number}")).ok()?;
    let facts = file.metadata().ok()?;
    ((facts.dev(), facts.ino()) == (device, inode)).then_some(file)
}

#[cfg(not(unix))]
fn reopen(_: i32, _: u64, _: u64) -> Option<File> {
    None
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> Option<()> {
    use std::os::unix::fs::FileExt;
    file.read_exact_at(buffer, offset).ok()
}

#[cfg(not(unix))]
fn read_exact_at(_: &File, _: &mut [u8], _: u64) -> Option<()> {
    None
}

/// A reader, and the buffers that were scanned last.
pub struct Window<'a> {
    /// Of the blocks.
    pub index: &'a Index,
    /// The newest last.
    pub recent: &'a VecDeque<Arc<Buffer>>,
    /// For all else.
    pub reader: &'a Reader,
    /// Has nodes that were read before they were wanted.
    pub ahead: &'a mut Option<ReadAhead>,
    /// For what is read.
    pub scratch: &'a mut Vec<u8>,
}

impl ReadBlock for Window<'_> {
    fn read_node(
        &mut self,
        row: u32,
        offset: u64,
        length: usize,
        use_it: &mut dyn FnMut(&[u8], &[Found]),
    ) -> Option<()> {
        let reader = self.reader;
        let read = |offset: u64, buffer: &mut [u8]| reader.read(offset, buffer);
        if let Some(ahead) = self.ahead
            && let Some((block, links)) = ahead.take(row, self.index, &read)
        {
            use_it(block, links);
            return Some(());
        }
        self.read(offset, length, &mut |block| use_it(block, &[]))
    }

    fn read(&mut self, offset: u64, length: usize, use_it: &mut dyn FnMut(&[u8])) -> Option<()> {
        for buffer in self.recent.iter().rev() {
            let data = (*buffer.data).as_ref();
            let Some(start) = offset.checked_sub(buffer.offset) else {
                continue;
            };
            let start = usize::try_from(start).ok()?;
            if let Some(block) = data.get(start..).and_then(|data| data.get(..length)) {
                use_it(block);
                return Some(());
            }
        }
        self.scratch.resize(length, 0);
        self.reader.read(offset, self.scratch)?;
        use_it(self.scratch);
        Some(())
    }
}

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
#[expect(clippy::needless_pass_by_value, reason = "Python gives it away")]
pub fn cids_of<'py>(
    blocks: &Bound<'py, PyAny>,
    rows: Vec<u32>,
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    let py = blocks.py();
    let index = blocks.getattr("index")?.cast_into::<BlockIndex>()?;
    let index = index.borrow();
    let (reader, scanner) = (index.reader(blocks)?, &index.scanner);
    let mut near = Near::new(reader);
    let mut cids = Vec::with_capacity(rows.len() * CID);
    let read = values::detached(py, || {
        for &row in &rows {
            let Some(at) = scanner.index.data_offset(row) else {
                return Err(PyIndexError::new_err("no such row"));
            };
            let known = scanner.index.get(row).map(|row| row.tag);
            match near.read(at - CID as u64, CID) {
                Some(cid) if known == Some(scanner.index.key.tag(cid)) => {
                    cids.extend_from_slice(cid);
                }
                _ => return Ok(false),
            }
        }
        Ok(true)
    })??;
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

/// Return CID and data of the first of these rows, from the source, hashed
/// again: at least one, and no more than `most` bytes.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "Python gives it away")]
pub fn blocks_of<'py>(
    blocks: &Bound<'py, PyAny>,
    rows: Vec<u32>,
    most: usize,
) -> PyResult<Bound<'py, PyList>> {
    let py = blocks.py();
    let index = blocks.getattr("index")?.cast_into::<BlockIndex>()?;
    let index = index.borrow();
    let (reader, scanner) = (index.reader(blocks)?, &index.scanner);
    let mut bytes = Vec::new();
    let read = values::detached(py, || {
        let mut piece = Piece::default();
        let mut ends = Vec::with_capacity(rows.len());
        for &row in &rows {
            let found = scanner.index.get(row);
            if let Some(block) = found {
                let start = block.data_start() - CID as u64;
                let length = CID + block.length as usize;
                if !ends.is_empty() && bytes.len() + length > most {
                    break;
                }
                if let Some(data) = piece.read(reader, start, length) {
                    let (cid, data) = data.split_at(CID);
                    if scanner.index.key.tag(cid) == block.tag && sha256(data) == cid[4..] {
                        bytes.extend_from_slice(cid);
                        bytes.extend_from_slice(data);
                    }
                }
            }
            ends.push(bytes.len());
        }
        ends
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
