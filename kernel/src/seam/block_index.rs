//! `BlockIndex`, as Python sees it.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use pyo3::exceptions::{PyIndexError, PyOSError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use super::reader::Reader;
use super::values;
use crate::blocks::block::{Block, NO_ROW};
use crate::blocks::block_index::BlockIndex as Index;
use crate::blocks::kind::Kind;
use crate::blocks::tag_key::TagKey;
use crate::cid::RAW_PREFIX;
use crate::marks::{RAW_CODEC, State};
use crate::pause::Pause;
use crate::scan::Scanner;

/// Digest and codec → row; one row a CID.
#[pyclass(module = "repoview.core._kernel")]
pub struct BlockIndex {
    /// The rows, and the threads that find out what goes into them.
    pub scanner: Scanner,
    /// Where blocks are read, once one was.
    reader: Mutex<Option<Arc<Reader>>>,
    /// Called often; it cancels by raising.
    pause: Option<Arc<Py<PyAny>>>,
}

/// Sentinel among marks for "no block".
const NO_MARK: u8 = 0xff;

/// Milliseconds between two calls of Python where something takes long: each may
/// have to wait for the GIL.
const OFTEN: u64 = 20;

/// Return a `Pause` that calls Python every `OFTEN` milliseconds.
fn asking(pause: Arc<Py<PyAny>>) -> Pause {
    let (begun, next) = (Instant::now(), AtomicU64::new(0));
    Pause::asking(Box::new(move || {
        let now = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        if now < next.load(Ordering::Relaxed) {
            return Ok(());
        }
        next.store(now + OFTEN, Ordering::Relaxed);
        let asked = Python::attach(|py| pause.call0(py));
        asked.map(drop).map_err(io::Error::other)
    }))
}

/// Do some work on the blocks of a source, without Python's lock.
pub fn reading<T: Send, E: Into<PyErr> + Send>(
    blocks: &Bound<'_, PyAny>,
    work: impl FnOnce(&Reader, &Index) -> Result<T, E> + Send,
) -> PyResult<T> {
    let index = blocks.getattr("index")?.cast_into::<BlockIndex>()?;
    let owner = index.borrow();
    let reader = &*owner.reader(blocks)?;
    let index = &owner.scanner.index;
    values::detached(blocks.py(), || work(reader, index))?.map_err(Into::into)
}

impl BlockIndex {
    /// Return the way to read blocks of this source, as long as it is open.
    pub fn reader(&self, blocks: &Bound<'_, PyAny>) -> PyResult<Arc<Reader>> {
        let source = blocks.getattr("source")?;
        let known = self.held_reader().clone();
        if let Some(reader) = known
            && reader.is_of(&source)?
        {
            return Ok(reader);
        }
        let reader = Arc::new(Reader::of(&source)?);
        // Another thread may have been first; its reader is as good.
        *self.held_reader() = Some(Arc::clone(&reader));
        Ok(reader)
    }

    /// Held briefly: a thread that waits for it may hold the GIL.
    fn held_reader(&self) -> MutexGuard<'_, Option<Arc<Reader>>> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settled(&mut self, py: Python<'_>) -> PyResult<&mut Index> {
        values::detached(py, || self.scanner.settle())??;
        Ok(self.scanner.index_mut())
    }

    fn row(&self, row: u32) -> PyResult<Block> {
        let found = self.scanner.index.rows.get(row)?;
        found.ok_or_else(|| PyIndexError::new_err("no such row"))
    }
}

#[pymethods]
impl BlockIndex {
    #[new]
    #[pyo3(signature = (budget=512 << 20, threads=None, size=0, spill=None, pause=None))]
    fn new(
        budget: usize,
        threads: Option<usize>,
        size: u64,
        spill: Option<PathBuf>,
        pause: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let mut index =
            Index::new(budget).map_err(|error| PyOSError::new_err(error.to_string()))?;
        index.spill = spill;
        let pause = pause.map(Arc::new);
        if let Some(pause) = &pause {
            index.pause = asking(Arc::clone(pause));
        }
        Ok(Self {
            scanner: Scanner::new(index, threads, size),
            reader: Mutex::default(),
            pause,
        })
    }

    /// For the garbage collector: this holds a source, which may be part of a cycle.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Ok(reader) = self.reader.try_lock()
            && let Some(Reader::Asked(source)) = reader.as_deref()
        {
            visit.call(source)?;
        }
        visit.call(self.pause.as_deref())
    }

    fn __clear__(&mut self) {
        *self.held_reader() = None;
    }

    /// Make an empty index for rows of one with this key.
    #[staticmethod]
    #[pyo3(signature = (key, budget, spill=None))]
    fn restored(key: [u8; 16], budget: usize, spill: Option<PathBuf>) -> PyResult<Self> {
        let mut made = Self::new(budget, Some(1), 0, spill, None)?;
        made.scanner.index_mut().key = TagKey::of(key);
        Ok(made)
    }

    #[getter]
    fn key(&self) -> [u8; 16] {
        self.scanner.index.key.bytes
    }

    fn pack<'py>(&self, py: Python<'py>, start: u32, count: u32) -> PyResult<Bound<'py, PyBytes>> {
        let mut rows = Vec::new();
        values::detached(py, || self.scanner.index.pack(start, count, &mut rows))??;
        Ok(PyBytes::new(py, &rows))
    }

    fn unpack(&mut self, py: Python<'_>, rows: &[u8]) -> PyResult<()> {
        let index = self.settled(py)?;
        Ok(values::detached(py, || index.unpack(rows))??)
    }

    fn __len__(&self) -> usize {
        self.scanner.index.rows.len()
    }

    #[getter]
    fn budget(&self) -> usize {
        self.scanner.index.budget
    }

    #[getter]
    fn bytes_used(&self) -> usize {
        self.scanner.index.bytes_used()
    }

    #[getter]
    fn most_bytes(&self) -> usize {
        self.scanner.most_bytes()
    }

    #[getter]
    fn disk_used(&self) -> u64 {
        self.scanner.index.disk_used()
    }

    #[getter]
    fn sections(&self) -> u64 {
        self.scanner.sections()
    }

    #[getter]
    fn duplicates(&self) -> u64 {
        self.scanner.index.duplicates
    }

    #[getter]
    fn duplicate_bytes(&self) -> u64 {
        self.scanner.index.duplicate_bytes
    }

    #[getter]
    fn ascending(&self) -> bool {
        self.scanner.index.order.ascending
    }

    #[getter]
    fn descending(&self) -> bool {
        self.scanner.index.order.descending
    }

    fn settle(&mut self, py: Python<'_>) -> PyResult<()> {
        self.settled(py).map(|_| ())
    }

    fn finish(&mut self, py: Python<'_>) {
        py.detach(|| self.scanner.stop());
    }

    fn spend(&mut self, py: Python<'_>, size: usize) -> PyResult<()> {
        Ok(self.settled(py)?.spend(size)?)
    }

    #[pyo3(signature = (duplicate_length=None))]
    fn count_odd(&mut self, py: Python<'_>, duplicate_length: Option<u64>) -> PyResult<()> {
        self.settled(py)?.count_odd(duplicate_length);
        Ok(())
    }

    fn set_padded(&mut self, py: Python<'_>, row: u32, head: u8) -> PyResult<()> {
        Ok(self.settled(py)?.set_head(row, head)?)
    }

    fn spill_to(&mut self, py: Python<'_>, folder: PathBuf, budget: usize) -> PyResult<()> {
        let index = self.settled(py)?;
        Ok(values::detached(py, || index.spill_to(folder, budget))??)
    }

    #[expect(clippy::needless_pass_by_value, reason = "Python gives it away")]
    fn seal(&mut self, py: Python<'_>, folder: PathBuf) -> PyResult<()> {
        let index = self.settled(py)?;
        Ok(values::detached(py, || index.seal(&folder))??)
    }

    fn tag(&self, cid: &[u8]) -> [u8; 16] {
        self.scanner.index.key.tag(cid).to_le_bytes()
    }

    fn find(&self, cid: &[u8]) -> PyResult<i64> {
        let index = &self.scanner.index;
        let row = index.rows.find(index.key.tag(cid))?;
        Ok(if row == NO_ROW { -1 } else { i64::from(row) })
    }

    #[pyo3(signature = (cid, offset, length, state, type_name=""))]
    fn add(
        &mut self,
        py: Python<'_>,
        cid: [u8; 36],
        offset: u64,
        length: u32,
        state: u8,
        type_name: &str,
    ) -> PyResult<()> {
        let index = self.settled(py)?;
        let codec = if cid.starts_with(&RAW_PREFIX) {
            RAW_CODEC
        } else {
            0
        };
        let row = Block {
            tag: index.key.tag(&cid),
            offset,
            length,
            kind: Kind::None,
            mark: State::of(state) as u8 | codec,
            head: 0,
        };
        Ok(index.add(&cid, type_name.as_bytes(), row)?)
    }

    fn offset(&self, row: u32) -> PyResult<u64> {
        Ok(self.row(row)?.offset)
    }

    fn length(&self, row: u32) -> PyResult<u32> {
        Ok(self.row(row)?.length)
    }

    fn lengths<'py>(&self, rows: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = rows.py();
        let rows: Vec<u8> = rows.call_method0("tobytes")?.extract()?;
        let mut lengths = Vec::with_capacity(rows.len() / 4);
        for row in rows.as_chunks().0 {
            lengths.push(match u32::from_ne_bytes(*row) {
                NO_ROW => 0,
                row => self.row(row)?.length,
            });
        }
        values::packed(py, "I", &lengths)
    }

    fn marks_of<'py>(&self, rows: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let py = rows.py();
        let rows: Vec<u8> = rows.call_method0("tobytes")?.extract()?;
        let mut marks = Vec::with_capacity(rows.len() / 4);
        for row in rows.as_chunks().0 {
            marks.push(match u32::from_ne_bytes(*row) {
                NO_ROW => NO_MARK,
                row => self.row(row)?.mark,
            });
        }
        Ok(PyBytes::new(py, &marks))
    }

    fn mark(&self, row: u32) -> PyResult<u8> {
        Ok(self.row(row)?.mark)
    }

    fn add_mark(&self, row: u32, bits: u8) -> PyResult<()> {
        self.row(row)?;
        Ok(self.scanner.index.rows.add_mark(row, bits)?)
    }

    fn type_of(&self, row: u32) -> PyResult<Option<&str>> {
        Ok(self.scanner.index.type_of(self.row(row)?.kind))
    }

    fn data_offset(&self, row: u32) -> PyResult<u64> {
        Ok(self.row(row)?.data_start())
    }

    fn rows<'py>(&self, py: Python<'py>, first: u32, most: usize) -> PyResult<Bound<'py, PyAny>> {
        let index = &self.scanner.index;
        let (mut offsets, mut starts) = (Vec::new(), Vec::new());
        let (mut lengths, mut typed) = (Vec::new(), Vec::new());
        for row in (first..).take(most) {
            let Some(block) = index.rows.get(row)? else {
                break;
            };
            offsets.push(block.offset);
            starts.push(block.data_start());
            lengths.push(block.length);
            typed.push(u8::from(block.is_typed()));
        }
        values::row_columns(py)?.call1((
            values::packed(py, "Q", &offsets)?,
            values::packed(py, "Q", &starts)?,
            values::packed(py, "I", &lengths)?,
            PyBytes::new(py, &typed),
        ))
    }

    fn untyped<'py>(&self, py: Python<'py>, first: u32, most: u32) -> PyResult<Bound<'py, PyAny>> {
        let stop = first.saturating_add(most);
        let rows = values::detached(py, || self.scanner.index.untyped(first, stop))??;
        values::packed(py, "I", &rows)
    }

    fn row_at(&self, py: Python<'_>, offset: u64) -> PyResult<i64> {
        let mut found = -1;
        values::detached(py, || {
            self.scanner.index.rows.each(|row, block| {
                if block.offset == offset {
                    found = i64::from(row);
                }
            })
        })??;
        Ok(found)
    }

    fn greatest_offset(&self, py: Python<'_>) -> PyResult<i64> {
        let mut greatest = -1;
        let index = &self.scanner.index;
        values::detached(py, || {
            index
                .rows
                .each(|_, block| greatest = greatest.max(block.offset.cast_signed()))
        })??;
        Ok(greatest)
    }

    fn copies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        let mut copies = Vec::new();
        self.scanner.index.each_copy(|copy| {
            copies.push(*copy);
            Ok(())
        })?;
        for copy in copies {
            list.append(values::copy(py)?.call1((copy.row, copy.offset, copy.length))?)?;
        }
        Ok(list)
    }
}
