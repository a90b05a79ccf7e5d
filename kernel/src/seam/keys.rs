//! `cut`, `search` and `tid_days`: keys that stand end to end.

use std::ops::Range;

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};

use super::values::{self, packed};
use crate::search as searching;
use crate::tid_days::TidDays;

/// Return the parts of `data`, which stands at `start`, up to each of `ends`.
#[pyfunction]
pub fn cut<'py>(
    data: &Bound<'py, PyBytes>,
    ends: &Bound<'py, PyAny>,
    start: usize,
) -> PyResult<Bound<'py, PyList>> {
    let py = data.py();
    let column: Vec<u8> = ends.call_method0("tobytes")?.extract()?;
    let bytes = data.as_bytes();
    let Some((ends, end)) = ends_behind(start, &column) else {
        return Err(PyIndexError::new_err("a part ends where none can"));
    };
    if end - start > bytes.len() {
        return Err(PyIndexError::new_err("there are not so many bytes"));
    }
    let begins = std::iter::once(0).chain(ends.iter().copied());
    let parts = begins
        .zip(&ends)
        .map(|(begin, &end)| PyBytes::new(py, &bytes[begin..end]));
    PyList::new(py, parts.collect::<Vec<_>>())
}

/// Keys looked through at a time.
const PIECE: usize = 1 << 15;

/// Return which of the keys `start` to `stop` contain `needle`, ascending.
#[pyfunction]
pub fn search<'py>(
    keys: &Bound<'py, PyAny>,
    ends: &Bound<'py, PyAny>,
    needle: &[u8],
    start: usize,
    stop: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let mut found = Vec::new();
    by_pieces(keys, ends, start..stop, |first, text, ends| {
        let hits = searching::search(text, ends, needle);
        let shift = u32::try_from(first).unwrap_or(u32::MAX);
        found.extend(hits.iter().map(|hit| hit + shift));
    })?;
    packed(keys.py(), "I", &found)
}

/// Return how many of the keys `start` to `stop` tell each day since 1970.
#[pyfunction]
pub fn tid_days<'py>(
    keys: &Bound<'py, PyAny>,
    ends: &Bound<'py, PyAny>,
    start: usize,
    stop: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let mut days = TidDays::default();
    by_pieces(keys, ends, start..stop, |_, text, ends| {
        let mut begin = 0;
        for &end in ends {
            days.add(&text[begin..end]);
            begin = end;
        }
    })?;
    let counts = PyDict::new(keys.py());
    if days.others > 0 {
        counts.set_item(-1, days.others)?;
    }
    for (day, count) in days.told() {
        counts.set_item(day, count)?;
    }
    Ok(counts)
}

/// Look through some keys, without the interpreter.
///
/// Keys and ends are copied a piece at a time: Python may move what it owns.
///
/// # Arguments
///
/// * `see` - Given the number of the first key of a piece, the keys of the
///   piece end to end, and where in them each ends.
fn by_pieces(
    keys: &Bound<'_, PyAny>,
    ends: &Bound<'_, PyAny>,
    numbers: Range<usize>,
    mut see: impl FnMut(usize, &[u8], &[usize]) + Send,
) -> PyResult<()> {
    let py = keys.py();
    let (start, stop) = (numbers.start, numbers.end);
    let mut first = start;
    let mut begin: usize = if start == 0 {
        0
    } else {
        ends.get_item(start - 1)?.extract()?
    };
    while first < stop {
        let last = stop.min(first + PIECE);
        let columns = ends.get_item(values::slice(py, first, last))?;
        let columns: Vec<u8> = columns.call_method0("tobytes")?.extract()?;
        let Some((ends, end)) = ends_behind(begin, &columns) else {
            return Err(PyIndexError::new_err("keys end where no key can"));
        };
        let text: Vec<u8> = keys.get_item(values::slice(py, begin, end))?.extract()?;
        if ends.len() != last - first || text.len() != end - begin {
            return Err(PyIndexError::new_err("there are not so many keys"));
        }
        values::detached(py, || see(first, &text, &ends))?;
        first = last;
        begin = end;
    }
    Ok(())
}

/// Return where keys end, counted from `begin`, and where the last one does.
///
/// None where a key ends before the one in front of it.
pub fn ends_behind(begin: usize, column: &[u8]) -> Option<(Vec<usize>, usize)> {
    let (numbers, _) = column.as_chunks::<8>();
    let mut ends = Vec::with_capacity(numbers.len());
    let mut end = begin;
    for number in numbers {
        let next = usize::try_from(u64::from_ne_bytes(*number)).ok()?;
        if next < end {
            return None;
        }
        end = next;
        ends.push(end - begin);
    }
    Some((ends, end))
}
