//! `holding`: which blocks have one of some texts.

use pyo3::prelude::*;

use super::block_index::BlockIndex;
use super::reader::Reader;
use super::values::{self, numbers_of};
use crate::blocks::block_index::BlockIndex as Index;
use crate::error::{Error, Result};
use crate::formats::text_spans::Wanted;
use crate::marks::{RAW_CODEC, STATE, State};

/// A block to look into.
struct Place {
    offset: u64,
    length: usize,
    /// Among the rows that were given.
    number: u32,
}

/// Blocks so near to each other are read at once.
const GAP: u64 = 1 << 11;
/// Most bytes read at once, except for a single block.
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
