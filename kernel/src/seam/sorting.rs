//! `order`: records sorted by date, size or offset.

use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;

use super::block_index::BlockIndex;
use super::keys::ends_behind;
use super::values::{self, bytes_of, numbers_of};
use crate::blocks::block::{Block, NO_ROW};
use crate::error::Result;
use crate::sorting::{NONE, Order, tid_of};

/// Records taken at a time: Python may move what it owns.
const PIECE: usize = 1 << 15;

/// Columns of records, as Python has them, in memory or on disk.
struct Columns<'a, 'py> {
    keys: &'a Bound<'py, PyAny>,
    ends: &'a Bound<'py, PyAny>,
    rows: &'a Bound<'py, PyAny>,
}

impl Columns<'_, '_> {
    /// Return what the records `first` to `last` say as a TID.
    fn dates(&self, first: usize, last: usize) -> PyResult<Vec<u64>> {
        let py = self.keys.py();
        let begin = match first {
            0 => 0,
            _ => self.ends.get_item(first - 1)?.extract()?,
        };
        let column = bytes_of(self.ends, first, last)?;
        let Some((ends, end)) = ends_behind(begin, &column) else {
            return Err(PyIndexError::new_err("keys end where no key can"));
        };
        let text = self.keys.get_item(values::slice(py, begin, end))?;
        let text: Vec<u8> = text.extract()?;
        if ends.len() != last - first || text.len() != end - begin {
            return Err(too_few());
        }
        values::detached(py, || {
            let begins = std::iter::once(0).chain(ends.iter().copied());
            let keys = begins.zip(&ends).map(|(begin, &end)| &text[begin..end]);
            keys.map(tid_of).collect()
        })
    }

    /// Return what the blocks of the records `first` to `last` have.
    fn of_blocks(
        &self,
        owner: &BlockIndex,
        (first, last): (usize, usize),
        what: fn(&Block) -> u64,
    ) -> PyResult<Vec<u64>> {
        let rows = numbers_of(self.rows, first, last)?;
        if rows.len() != last - first {
            return Err(too_few());
        }
        let index = &owner.scanner.index;
        let found = values::detached(self.rows.py(), || {
            let value = |&row: &u32| match row {
                NO_ROW => Ok(Some(NONE)),
                row => Ok(index.rows.get(row)?.as_ref().map(what)),
            };
            rows.iter().map(value).collect::<Result<Option<Vec<u64>>>>()
        })??;
        found.ok_or_else(|| PyIndexError::new_err("no such row"))
    }
}

fn too_few() -> PyErr {
    PyIndexError::new_err("there are not so many records")
}

/// Return how many of some records stand within a piece from the first of
/// them, and the number of the last of these.
fn run_of(records: &[u32]) -> (usize, u32) {
    let first = records[0];
    let mut greatest = first;
    for (place, &record) in records.iter().enumerate() {
        if record < first || (record - first) as usize >= PIECE {
            return (place, greatest);
        }
        greatest = greatest.max(record);
    }
    (records.len(), greatest)
}

/// Return the records `numbers` ordered by what `by` says.
#[pyfunction]
#[pyo3(signature = (blocks, keys, ends, rows, numbers, by, *, reverse))]
pub fn order<'py>(
    blocks: &Bound<'py, PyAny>,
    keys: &Bound<'py, PyAny>,
    ends: &Bound<'py, PyAny>,
    rows: &Bound<'py, PyAny>,
    numbers: &Bound<'py, PyAny>,
    by: &str,
    reverse: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = blocks.py();
    let columns = Columns { keys, ends, rows };
    let what: Option<fn(&Block) -> u64> = match by {
        "date" => None,
        "size" => Some(|block| block.length.into()),
        "offset" => Some(|block| block.offset),
        _ => return Err(PyValueError::new_err("no such order")),
    };
    // A block index from the cache is made when it is first asked for.
    let index = match what {
        None => None,
        Some(_) => Some(blocks.getattr("index")?.cast_into::<BlockIndex>()?),
    };
    let count = numbers.len()?;
    let mut order = Order::new(count, reverse);
    for start in (0..count).step_by(PIECE) {
        let records = numbers_of(numbers, start, count.min(start + PIECE))?;
        let mut rest = &records[..];
        while !rest.is_empty() {
            let (many, last) = run_of(rest);
            let range = (rest[0] as usize, last as usize + 1);
            let found = match (&index, what) {
                (Some(index), Some(what)) => columns.of_blocks(&index.borrow(), range, what)?,
                _ => columns.dates(range.0, range.1)?,
            };
            for &record in &rest[..many] {
                order.add(record, found[record as usize - range.0]);
            }
            rest = &rest[many..];
        }
    }
    let sorted = values::detached(py, || order.sorted())?;
    values::packed(py, "I", &sorted)
}
