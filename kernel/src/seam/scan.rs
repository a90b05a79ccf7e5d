//! `scan` and `tally`: fill an index, and count all of it.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use super::block_index::BlockIndex;
use super::values;
use crate::formats::car::Stop;
use crate::scan::pool::Bytes;

/// Index the sections of `data`, which stands at `offset` in the file.
#[pyfunction]
#[pyo3(signature = (index, data, offset, start=0))]
pub fn scan<'py>(
    index: &Bound<'py, BlockIndex>,
    data: &Bound<'py, PyBytes>,
    offset: u64,
    start: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let py = index.py();
    let data: Bytes = Arc::new(PyBackedBytes::from(data.clone()));
    let mut index = index.borrow_mut();
    let scanner = &mut index.scanner;
    let (consumed, stop) = values::detached(py, || scanner.scan(&data, offset, start))??;
    let name = match stop {
        Stop::End => "END",
        Stop::Cut => "CUT",
        Stop::HandedOver => "HANDED_OVER",
    };
    values::scanned(py)?.call1((consumed, values::stop(py, name)?))
}

/// Return what the marks on `index` say once a walk is over.
#[pyfunction]
pub fn tally<'py>(index: &Bound<'py, BlockIndex>) -> PyResult<Bound<'py, PyAny>> {
    let py = index.py();
    let owner = index.borrow();
    let index = &owner.scanner.index;
    let tally = values::detached(py, || crate::tally::tally(index))??;
    values::tally_class(py)?.call1((
        tally.unlinked,
        tally.unlinked_bytes,
        values::packed(py, "I", &tally.unsound)?,
        values::packed(py, "I", &tally.untyped)?,
        values::rows(py, &tally.damaged)?,
        values::rows(py, &tally.shared)?,
        values::rows(py, &tally.two_roles)?,
        values::copies(py, &tally.bad_copies[0])?,
        values::copies(py, &tally.bad_copies[1])?,
        values::copies(py, &tally.bad_copies[2])?,
        values::packed(py, "I", &tally.unlinked_first)?,
        values::packed(py, "I", &tally.duplicated_first)?,
    ))
}
