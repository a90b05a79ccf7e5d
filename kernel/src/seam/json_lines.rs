//! `json_lines`: what JSON says of some records, a line each.

use std::ops::Range;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use super::block_index::BlockIndex;
use super::held::Held;
use super::values::{self, numbers_of};
use crate::cid::{CID, write_cid_text};
use crate::error::Error;
use crate::formats::json_text::{is_plain, write_json};
use crate::halves::both;
use crate::sha256::sha256;

/// Bytes of blocks from which on a second thread takes half of them.
const WORTH_SHARING: usize = 1 << 16;

/// A part of a line.
enum Part {
    Bytes(PyBackedBytes),
    Path,
    Cid,
    Value,
}

impl Part {
    /// Return the part that bytes are, or a `seam.JsonField` says.
    fn of(part: &Bound<'_, PyAny>) -> PyResult<Self> {
        if part.is_instance_of::<PyBytes>() {
            return Ok(Part::Bytes(part.extract()?));
        }
        match part.extract()? {
            0_u8 => Ok(Part::Path),
            1 => Ok(Part::Cid),
            2 => Ok(Part::Value),
            _ => Err(PyValueError::new_err("no such field")),
        }
    }
}

/// Return the lines of the first of these records: of one at least, and of no
/// more than `most` bytes of blocks. What is not plainly sound has an empty one.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "Python gives it away")]
pub fn json_lines<'py>(
    blocks: &Bound<'py, PyAny>,
    keys: Vec<PyBackedBytes>,
    rows: &Bound<'py, PyAny>,
    form: Vec<Bound<'py, PyAny>>,
    most: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let py = blocks.py();
    let rows = numbers_of(rows, 0, rows.len()?.min(keys.len()))?;
    let form = form.iter().map(Part::of).collect::<PyResult<Vec<_>>>()?;
    let index = blocks.getattr("index")?.cast_into::<BlockIndex>()?;
    let owner = index.borrow();
    let reader = &*owner.reader(blocks)?;
    let index = &owner.scanner.index;
    let is_shared = owner.scanner.threads() > 1;
    let halves = values::detached(py, || {
        let held = Held::read(reader, index, &rows, most)?;
        let count = held.blocks.len();
        let is_shared = is_shared && held.bytes.len() >= WORTH_SHARING;
        let middle = if is_shared { count / 2 } else { 0 };
        let lines = |range| Lines::write(&form, &keys, &held, range);
        Ok::<_, Error>(both(is_shared, &|| lines(0..middle), || {
            lines(middle..count)
        }))
    })??;
    joined(py, [halves.0, halves.1])
}

/// Some lines, and where each ends.
struct Lines {
    text: Vec<u8>,
    ends: Vec<u64>,
}

impl Lines {
    fn write(form: &[Part], keys: &[PyBackedBytes], held: &Held, range: Range<usize>) -> Self {
        let mut text =
            Vec::with_capacity(2 * held.bytes.len() * range.len() / held.blocks.len().max(1));
        let mut ends = Vec::with_capacity(range.len());
        for number in range {
            let start = text.len();
            let block = &held.bytes[held.blocks[number].clone()];
            if write_line(form, &keys[number], block, &mut text).is_none() {
                text.truncate(start);
            }
            ends.push(text.len() as u64);
        }
        Self { text, ends }
    }
}

/// Append a line; None where the record has to be handed over.
fn write_line(form: &[Part], key: &[u8], block: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (cid, data) = block.split_at_checked(CID)?;
    if !key.iter().all(|&byte| is_plain(byte)) || sha256(data) != cid[4..] {
        return None;
    }
    for part in form {
        match part {
            Part::Bytes(bytes) => out.extend_from_slice(bytes),
            Part::Path => out.extend_from_slice(key),
            Part::Cid => write_cid_text(cid, out),
            Part::Value => write_json(data, out)?,
        }
    }
    Some(())
}

/// Return a `seam.JsonLines` of all of these.
fn joined(py: Python<'_>, parts: [Lines; 2]) -> PyResult<Bound<'_, PyAny>> {
    let [first, second] = parts;
    let split = first.text.len();
    let text = PyBytes::new_with(py, split + second.text.len(), |text| {
        text[..split].copy_from_slice(&first.text);
        text[split..].copy_from_slice(&second.text);
        Ok(())
    })?;
    let mut ends = first.ends;
    ends.extend(second.ends.iter().map(|end| end + split as u64));
    let ends = values::packed(py, "Q", &ends)?;
    values::json_lines_class(py)?.call1((text, ends))
}
