//! `order` and `holding`: records put in order, and searched.

use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;

use super::block_index::BlockIndex;
use super::keys::ends_behind;
use super::reader::Reader;
use super::values;
use crate::block::{Block, NO_ROW};
use crate::error::{Error, Result};
use crate::index::Index;
use crate::marks::{RAW_CODEC, STATE, State};
use crate::order::{NONE, Order, tid_of};
use crate::texts::Wanted;

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

fn bytes_of(column: &Bound<'_, PyAny>, first: usize, last: usize) -> PyResult<Vec<u8>> {
    let part = column.get_item(values::slice(column.py(), first, last))?;
    part.call_method0("tobytes")?.extract()
}

fn numbers_of(column: &Bound<'_, PyAny>, first: usize, last: usize) -> PyResult<Vec<u32>> {
    let bytes = bytes_of(column, first, last)?;
    let (numbers, _) = bytes.as_chunks();
    Ok(numbers.iter().map(|it| u32::from_ne_bytes(*it)).collect())
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

/// A block to look into.
struct Place {
    offset: u64,
    length: usize,
    /// Among the rows that were given.
    number: u32,
}

/// Blocks so near to each other are read at once.
const GAP: u64 = 1 << 11;
/// No more than this is, but for a single block.
const AT_ONCE: u64 = 1 << 18;

/// Return which of `rows`, by place, hold one of `needles` in a text.
#[pyfunction]
#[pyo3(signature = (blocks, rows, needles, *, fold))]
#[expect(clippy::needless_pass_by_value, reason = "Python gives it away")]
pub fn holding<'py>(
    blocks: &Bound<'py, PyAny>,
    rows: &Bound<'py, PyAny>,
    needles: Vec<Vec<u8>>,
    fold: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = blocks.py();
    let rows = numbers_of(rows, 0, rows.len()?)?;
    let index = blocks.getattr("index")?.cast_into::<BlockIndex>()?;
    let owner = index.borrow();
    let reader = &*owner.reader(blocks)?;
    let index = &owner.scanner.index;
    let mut wanted = Wanted::new(&needles, fold);
    let found = values::detached(py, || {
        let places = places_of(index, &rows)?;
        let mut found = Vec::new();
        let mut buffer = Vec::new();
        let mut rest = &places[..];
        while !rest.is_empty() {
            let (near, others) = rest.split_at(near_first(rest));
            look_into(reader, near, &mut buffer, &mut wanted, &mut found);
            rest = others;
        }
        found.sort_unstable();
        Ok::<_, Error>(found)
    })??;
    values::packed(py, "I", &found)
}

/// Return where the blocks are, in the order of the file, those left out whose
/// bytes are not what they should be or hold no text.
fn places_of(index: &Index, rows: &[u32]) -> Result<Vec<Place>> {
    let mut places = Vec::with_capacity(rows.len());
    for (number, &row) in (0..).zip(rows) {
        let Some(block) = index.rows.get(row)? else {
            continue;
        };
        if block.mark & RAW_CODEC == 0 && block.mark & STATE != State::WrongHash as u8 {
            places.push(Place {
                offset: block.data_start(),
                length: block.length as usize,
                number,
            });
        }
    }
    places.sort_unstable_by_key(|place| place.offset);
    Ok(places)
}

/// Return how many of some places are read at once: one at least.
fn near_first(places: &[Place]) -> usize {
    let first = places[0].offset;
    let mut end = first + places[0].length as u64;
    for (number, place) in places.iter().enumerate().skip(1) {
        let stop = end.max(place.offset + place.length as u64);
        if place.offset > end + GAP || stop - first > AT_ONCE {
            return number;
        }
        end = stop;
    }
    places.len()
}

fn look_into(
    reader: &Reader,
    places: &[Place],
    buffer: &mut Vec<u8>,
    wanted: &mut Wanted,
    found: &mut Vec<u32>,
) {
    let first = places[0].offset;
    let ends = places
        .iter()
        .map(|place| place.offset + place.length as u64);
    let length = usize::try_from(ends.max().unwrap_or(first) - first).unwrap_or(usize::MAX);
    if buffer.len() < length {
        buffer.resize(length, 0);
    }
    if reader.read(first, &mut buffer[..length]).is_none() {
        // What the file lost may be the last of them only.
        if places.len() > 1 {
            for place in places {
                look_into(reader, std::slice::from_ref(place), buffer, wanted, found);
            }
        }
        return;
    }
    for place in places {
        let start = usize::try_from(place.offset - first).unwrap_or(usize::MAX);
        if wanted.is_in(&buffer[start..start + place.length]) {
            found.push(place.number);
        }
    }
}
