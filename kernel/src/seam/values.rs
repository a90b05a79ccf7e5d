//! Values of `seam.py` and other Python modules, made and read.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyList, PySlice, PyType};

use crate::error::Error;
use crate::guard::guarded;
use crate::tally::{Copies, Rows};
use crate::walk::batch::{Batch, Hole, greatest};

macro_rules! class {
    ($function:ident, $module:literal, $name:literal) => {
        /// Return the Python class of this name.
        pub fn $function(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
            static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
            CLASS.import(py, $module, $name)
        }
    };
}

class!(array, "array", "array");
class!(batch_class, "repoview.core.kernel.seam", "Batch");
class!(child, "repoview.core.kernel.seam", "Child");
class!(cid_class, "repoview.core.cid", "Cid");
class!(fault, "repoview.core.errors", "KernelFault");
class!(copy, "repoview.core.blocks.block_index", "Copy");
class!(copies_class, "repoview.core.kernel.seam", "Copies");
class!(rows_class, "repoview.core.kernel.seam", "Rows");
class!(fresh, "repoview.core.kernel.record_candidates", "Fresh");
class!(hole_class, "repoview.core.kernel.seam", "Hole");
class!(json_lines_class, "repoview.core.kernel.seam", "JsonLines");
class!(key_columns, "repoview.core.kernel.node_keys", "KeyColumns");
class!(
    missing_columns,
    "repoview.core.kernel.seam",
    "MissingColumns"
);
class!(node_keys, "repoview.core.kernel.node_keys", "NodeKeys");
class!(node_columns, "repoview.core.kernel.seam", "NodeColumns");
class!(
    row_columns,
    "repoview.core.blocks.block_index",
    "RowColumns"
);
class!(
    collection_range,
    "repoview.core.kernel.seam",
    "CollectionRange"
);
class!(scanned, "repoview.core.kernel.seam", "Scanned");
class!(tally_class, "repoview.core.kernel.seam", "Tally");
class!(value, "repoview.core.kernel.seam", "Value");

/// Return a member of `seam.Stop`.
pub fn stop<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    static STOP: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    STOP.import(py, "repoview.core.kernel.seam", "Stop")?
        .getattr(name)
}

/// `LimitExceeded` of an index that memory holds no more rows of; `SourceError`
/// of a disk that failed; and what a callback raised to cancel.
impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        Python::attach(|py| match error {
            Error::TooMany(blocks) => error_of(py, "repoview.core.errors", "too_many", blocks),
            Error::Disk(error) => error.downcast().unwrap_or_else(|error| {
                error_of(py, "repoview.core.errors", "no_room", error.to_string())
            }),
        })
    }
}

/// Return the error that a function of Python's makes.
fn error_of<'py>(
    py: Python<'py>,
    module: &str,
    function: &str,
    about: impl IntoPyObject<'py>,
) -> PyErr {
    let made = py
        .import(module)
        .and_then(|module| module.call_method1(function, (about,)));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// Do some work without Python's lock, and turn a panic into a `KernelFault`.
pub fn detached<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> PyResult<T> {
    py.detach(|| guarded(work)).map_err(|said| {
        fault(py)
            .and_then(|class| class.call1((said,)))
            .map_or_else(|error| error, PyErr::from_value)
    })
}

/// Return the slice `start:stop`.
pub fn slice(py: Python<'_>, start: usize, stop: usize) -> Bound<'_, PySlice> {
    PySlice::new(py, start.cast_signed(), stop.cast_signed(), 1)
}

/// Numbers as they stand in memory.
pub trait Packed: Sized {
    /// Write them over some bytes, which are as many as they take.
    fn pack(numbers: &[Self], bytes: &mut [u8]);
}

macro_rules! pack {
    ($number:ty) => {
        impl Packed for $number {
            fn pack(numbers: &[Self], bytes: &mut [u8]) {
                for (to, number) in bytes.as_chunks_mut().0.iter_mut().zip(numbers) {
                    *to = number.to_ne_bytes();
                }
            }
        }
    };
}

pack!(u32);
pack!(u64);

/// Return a Python array of these numbers.
pub fn packed<'py, T: Packed>(
    py: Python<'py>,
    code: &str,
    numbers: &[T],
) -> PyResult<Bound<'py, PyAny>> {
    let bytes = PyBytes::new_with(py, size_of_val(numbers), |bytes| {
        T::pack(numbers, bytes);
        Ok(())
    })?;
    array(py)?.call1((code, bytes))
}

/// Return the bytes of a part of a column.
pub fn bytes_of(column: &Bound<'_, PyAny>, first: usize, last: usize) -> PyResult<Vec<u8>> {
    let part = column.get_item(slice(column.py(), first, last))?;
    part.call_method0("tobytes")?.extract()
}

/// Return the rows that an array or another sequence has.
pub fn rows_in(rows: &Bound<'_, PyAny>) -> PyResult<Vec<u32>> {
    let is_packed =
        rows.is_exact_instance(array(rows.py())?) && rows.getattr("typecode")?.eq("I")?;
    if is_packed {
        return numbers_of(rows, 0, rows.len()?);
    }
    rows.extract()
}

/// Return a part of a column of 32-bit numbers.
pub fn numbers_of(column: &Bound<'_, PyAny>, first: usize, last: usize) -> PyResult<Vec<u32>> {
    let bytes = bytes_of(column, first, last)?;
    let (numbers, _) = bytes.as_chunks();
    Ok(numbers.iter().map(|it| u32::from_ne_bytes(*it)).collect())
}

/// Return a `seam.Copies`.
pub fn copies<'py>(py: Python<'py>, copies: &Copies) -> PyResult<Bound<'py, PyAny>> {
    let first = PyList::empty(py);
    for each in &copies.first {
        first.append(copy(py)?.call1((each.row, each.offset, each.length))?)?;
    }
    copies_class(py)?.call1((copies.total, first))
}

/// Return a `seam.Rows`.
pub fn rows<'py>(py: Python<'py>, rows: &Rows) -> PyResult<Bound<'py, PyAny>> {
    rows_class(py)?.call1((rows.total, packed(py, "I", &rows.first)?))
}

/// Return a `Cid`.
pub fn cid<'py>(py: Python<'py>, raw: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    cid_class(py)?.call1((PyBytes::new(py, raw),))
}

/// Return a `seam.Hole`.
pub fn hole<'py>(py: Python<'py>, hole: &Hole) -> PyResult<Bound<'py, PyAny>> {
    hole_class(py)?.call1((
        cid(py, &hole.cid)?,
        hole.parent_offset,
        hole.depth,
        PyBytes::new(py, &hole.lo),
        hole.hi.as_ref().map(|hi| PyBytes::new(py, hi)),
    ))
}

/// Return the hole that a `seam.Hole` says.
pub fn read_hole(value: &Bound<'_, PyAny>) -> PyResult<Hole> {
    Ok(Hole {
        cid: value.getattr("cid")?.getattr("raw")?.extract()?,
        parent_offset: value.getattr("parent_offset")?.extract()?,
        depth: value.getattr("depth")?.extract()?,
        lo: value.getattr("lo")?.extract()?,
        hi: value.getattr("hi")?.extract()?,
    })
}

/// Return a place as Python has it: -1 for none.
fn place_of(place: Option<usize>) -> i64 {
    place
        .and_then(|place| i64::try_from(place).ok())
        .unwrap_or(-1)
}

/// Return a `seam.Batch`.
pub fn batch<'py>(py: Python<'py>, batch: &Batch) -> PyResult<Bound<'py, PyAny>> {
    let odd = PyDict::new(py);
    for (number, raw) in &batch.missing.odd {
        odd.set_item(number, cid(py, raw)?)?;
    }
    let missing = missing_columns(py)?.call1((
        packed(py, "Q", &batch.missing.numbers)?,
        PyBytes::new(py, &batch.missing.cids),
        packed(py, "Q", &batch.missing.parents)?,
        odd,
    ))?;
    let holes = PyDict::new(py);
    for (number, each) in &batch.holes {
        holes.set_item(number, hole(py, each)?)?;
    }
    let collections = PyList::empty(py);
    for each in &batch.collections {
        let name = PyBytes::new(py, &each.collection);
        collections.append(collection_range(py)?.call1((each.start, name, each.bytes))?)?;
    }
    let nodes = node_columns(py)?.call1((
        packed(py, "I", &batch.node_rows)?,
        packed(py, "I", &batch.parents)?,
        PyBytes::new(py, &batch.depths),
        PyBytes::new(py, &batch.distances),
        PyBytes::new(py, &batch.kinds),
        packed(py, "I", &batch.first_records)?,
        packed(py, "I", &batch.node_ends)?,
        packed(py, "I", &batch.record_ends)?,
    ))?;
    batch_class(py)?.call1((
        PyBytes::new(py, &batch.keys),
        packed(py, "Q", &batch.ends)?,
        packed(py, "I", &batch.rows)?,
        missing,
        collections,
        nodes,
        PyList::new(py, &batch.closed)?,
        holes,
        !batch.misplaced,
        packed(py, "Q", &batch.faults)?,
        (
            place_of(greatest(&batch.rows)),
            place_of(greatest(&batch.node_rows)),
        ),
        batch.has_capitals(),
    ))
}
