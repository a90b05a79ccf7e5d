//! `WalkState`, and the walk itself.

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

use super::block_index::BlockIndex;
use super::reader::Reader;
use super::values;
use super::window::Window;
use crate::blocks::block::NO_ROW;
use crate::error::Result;
use crate::read_ahead::ReadAhead;
use crate::scan::Scanner;
use crate::walk::Stop;
use crate::walk::batch::Hole;
use crate::walk::frames::What;

/// Blocks from which a thread that reads ahead is worth its start.
const MANY_BLOCKS: usize = 20_000;

/// The state of a walk, and the current batch.
#[pyclass(module = "repoview.core._kernel")]
#[derive(Default)]
pub struct WalkState {
    state: crate::walk::walk_state::WalkState,
    scratch: Vec<u8>,
    ahead: Option<ReadAhead>,
}

fn hole_of(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Hole>> {
    value.map(values::read_hole).transpose()
}

#[pymethods]
impl WalkState {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn __len__(&self) -> usize {
        self.state.frames.nodes()
    }

    fn begin(&mut self, top: &Bound<'_, PyAny>, holder: u64) -> PyResult<()> {
        let raw: Vec<u8> = top.getattr("raw")?.extract()?;
        self.state.frames.begin(&raw, holder);
        Ok(())
    }

    #[getter]
    fn last_key<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.state.last_key)
    }

    #[setter]
    fn set_last_key(&mut self, key: Vec<u8>) {
        self.state.last_key = key;
    }

    #[getter]
    fn counted(&self) -> u32 {
        self.state.counted
    }

    #[setter]
    fn set_counted(&mut self, counted: u32) {
        self.state.counted = counted;
    }

    #[getter]
    fn first_astray(&self) -> i64 {
        self.state.order.first_astray.map_or(-1, i64::from)
    }

    #[getter]
    fn last_node(&self) -> i64 {
        self.state.order.last_node.map_or(-1, u64::cast_signed)
    }

    #[getter]
    fn first_record(&self) -> u64 {
        self.state.order.first_record.unwrap_or(1 << 63)
    }

    fn meet(&mut self, index: &Bound<'_, BlockIndex>, row: u32, role: u8) -> Result<()> {
        let index = &index.borrow().scanner.index;
        self.state.order.meet(index, row, role)
    }

    fn holds(&self, most: usize) -> bool {
        self.state.writer.holds(most)
    }

    fn misplace(&mut self) {
        self.state.writer.misplace();
    }

    fn add_record(&mut self, key: &[u8], row: u32, length: u64) {
        self.state.writer.add_record(key, row, length);
    }

    fn add_missing(
        &mut self,
        key: &[u8],
        cid: &Bound<'_, PyAny>,
        parent: u64,
        length: u64,
    ) -> PyResult<()> {
        let raw: Vec<u8> = cid.getattr("raw")?.extract()?;
        self.state.writer.add_missing(key, &raw, parent, length);
        Ok(())
    }

    #[pyo3(signature = (row, depth, kind, hole=None))]
    fn add_node(
        &mut self,
        row: u32,
        depth: Option<u8>,
        kind: u8,
        hole: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        self.state.add_node(row, depth, kind, hole_of(hole)?);
        Ok(())
    }

    #[pyo3(signature = (row, offset, depth, steps, hole=None))]
    fn enter(
        &mut self,
        row: u32,
        offset: u64,
        depth: Option<u8>,
        steps: &Bound<'_, PyAny>,
        hole: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let py = steps.py();
        let hole = hole_of(hole)?;
        let child = values::child(py)?;
        let Some(frame) = self.state.enter(row, offset, depth, hole) else {
            return Ok(());
        };
        for step in steps.try_iter()? {
            let step = step?;
            if step.is_instance(child)? {
                let (cid, lo, hi) =
                    step.cast_into::<PyTuple>()?
                        .extract::<(Bound<'_, PyAny>, Vec<u8>, Option<Vec<u8>>)>()?;
                let raw: Vec<u8> = cid.getattr("raw")?.extract()?;
                frame.add_child(&raw, &lo, hi.as_deref());
            } else {
                let (key, cid, in_order) =
                    step.cast_into::<PyTuple>()?
                        .extract::<(Vec<u8>, Bound<'_, PyAny>, bool)>()?;
                let raw: Vec<u8> = cid.getattr("raw")?.extract()?;
                frame.add_record(&raw, &key, in_order);
            }
        }
        Ok(())
    }

    fn next_step<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let Some((frame, step)) = self.state.next_step() else {
            return Err(PyIndexError::new_err("no step is left to do"));
        };
        let cid = values::cid(py, frame.cid(&step.link))?;
        let text = |range: std::ops::Range<usize>| PyBytes::new(py, &frame.text[range]);
        let value = match step.what {
            What::Record(key, in_order) => values::value(py)?.call1((text(key), cid, in_order))?,
            What::Child(lo, hi) => values::child(py)?.call1((cid, text(lo), hi.map(text)))?,
        };
        PyTuple::new(
            py,
            [
                frame.offset.into_pyobject(py)?.into_any(),
                frame.depth.into_pyobject(py)?.into_any(),
                value,
            ],
        )
    }

    fn take<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        values::batch(py, &self.state.take())
    }
}

/// Begin to read ahead of a walk, if that is worth it.
fn read_ahead(
    scanner: &Scanner,
    reader: &Reader,
    state: &crate::walk::walk_state::WalkState,
) -> Option<ReadAhead> {
    let (index, key) = (&scanner.index, scanner.index.key);
    let are_many = index.rows.len() >= MANY_BLOCKS && scanner.threads() > 1;
    let shared = are_many.then(|| reader.shared()).flatten();
    if shared.is_none() && !index.rows.is_on_disk() {
        return None;
    }
    let left = state.frames.children_left();
    let tags = left.iter().map(|cid| key.tag(cid)).collect();
    Some(match shared {
        Some(read_at) => {
            ReadAhead::start(scanner.lend(), key, read_at, tags, index.rows.is_on_disk())
        }
        None => ReadAhead::without_thread(key, tags, reader.is_asked(), are_many),
    })
}

/// Free the last buffers, unless a read is going on.
fn forget_buffers(index: &Bound<'_, BlockIndex>) {
    if let Ok(mut owner) = index.try_borrow_mut() {
        owner.scanner.forget_large();
    }
}

/// If memory is short, return what the reading took to the system: later,
/// fragments that the walk allocates would prevent it.
fn make_room(index: &Bound<'_, BlockIndex>) -> PyResult<()> {
    if index.borrow().scanner.index.rows.is_on_disk() {
        forget_buffers(index);
        if let Ok(mut owner) = index.try_borrow_mut() {
            let index_mut = owner.scanner.index_mut();
            values::detached(index.py(), || index_mut.end_reading())??;
        }
        index.py().detach(heap::give_back);
    }
    Ok(())
}

/// Go on with a walk, depth-first and left to right.
#[pyfunction]
#[pyo3(signature = (blocks, state, most, *, complete=true))]
pub fn walk<'py>(
    blocks: &Bound<'py, PyAny>,
    state: &Bound<'py, WalkState>,
    most: usize,
    complete: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = blocks.py();
    let index = blocks.getattr("index")?.cast_into::<BlockIndex>()?;
    if complete && state.borrow().ahead.is_none() {
        make_room(&index)?;
    }
    // Shared: others may read while this thread walks.
    let owner = index.borrow();
    let (reader, scanner) = (&*owner.reader(blocks)?, &owner.scanner);
    let mut state = state.borrow_mut();
    let WalkState {
        state,
        scratch,
        ahead,
    } = &mut *state;
    if ahead.as_ref().is_some_and(ReadAhead::is_lost) {
        *ahead = None;
    }
    if complete && ahead.is_none() {
        *ahead = read_ahead(scanner, reader, state);
    } else if ahead.is_some() {
        // It may have been taken back since.
        drop(scanner.lend());
    }
    let stop = values::detached(py, || {
        let mut window = Window {
            index: &scanner.index,
            recent: &scanner.recent,
            reader,
            ahead,
            scratch,
        };
        state.walk(&scanner.index, &mut window, most, complete)
    })??;
    if complete && stop == Stop::End {
        *ahead = None;
        drop(owner);
        forget_buffers(&index);
    }
    let name = match stop {
        Stop::End => "END",
        Stop::Full => "FULL",
        Stop::HandedOver => "HANDED_OVER",
    };
    values::stop(py, name)
}

/// A row that stands for none, as Python has it.
const _: () = assert!(NO_ROW == 0xffff_ffff);
