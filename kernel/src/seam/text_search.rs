//! `holding`: which blocks have one of some texts.

use pyo3::prelude::*;

use super::block_index::reading;
use super::near::{Place, read_near};
use super::values::{self, numbers_of};
use crate::blocks::block_index::BlockIndex as Index;
use crate::error::{Error, Result};
use crate::formats::text_spans::Wanted;
use crate::marks::{RAW_CODEC, STATE, State};

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
    let mut wanted = Wanted::new(&needles, fold);
    let found = reading(blocks, |reader, index| {
        let places = places_of(index, &rows)?;
        let mut found = Vec::new();
        read_near(reader, places, &mut |place, block| {
            if wanted.is_in(block) {
                found.push(place.number);
            }
        });
        found.sort_unstable();
        Ok::<_, Error>(found)
    })?;
    values::packed(py, "I", &found)
}

/// Return where the blocks are, those left out whose bytes are not what they
/// should be or hold no text.
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
    Ok(places)
}
