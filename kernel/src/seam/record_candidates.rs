//! Rows that were just added to the index, with the blocks of candidate records.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use super::block_index::BlockIndex;
use super::values;
use crate::cid::CID;

/// Sentinel for a block whose bytes are in none of the buffers.
const ELSEWHERE: u8 = 2;

/// Tell whether a sound map may have `e` or `l`; never false where it has.
///
/// Keys come shortest first, so the first one tells. True for any map of 24 pairs or
/// more, which no record has.
fn looks_like_node(data: &[u8]) -> bool {
    data.first().is_none_or(|&head| head >= 0xb8) || data.get(1).is_none_or(|&key| key <= 0x61)
}

/// Bytes of the source that are in memory.
struct AtHand<'a> {
    /// Where each begins, and its bytes.
    buffers: Vec<(u64, &'a [u8])>,
    /// The one that was looked into last: the next block is likely to be there.
    last: usize,
}

impl<'a> AtHand<'a> {
    fn new(buffers: &'a [(u64, Bound<'_, PyBytes>)]) -> Self {
        Self {
            buffers: buffers
                .iter()
                .map(|(offset, data)| (*offset, data.as_bytes()))
                .collect(),
            last: 0,
        }
    }

    /// Return CID and data of the block whose data starts there, if it is here.
    fn find(&mut self, start: u64, length: u32) -> Option<(&'a [u8], &'a [u8])> {
        let within = |&(offset, data): &(u64, &'a [u8])| {
            let at = usize::try_from(start.checked_sub(CID as u64)?.checked_sub(offset)?).ok()?;
            let section = data.get(at..)?.get(..CID + length as usize)?;
            Some(section.split_at(CID))
        };
        if let Some(found) = self.buffers.get(self.last).and_then(within) {
            return Some(found);
        }
        let mut all = self.buffers.iter().enumerate();
        let (number, found) = all.find_map(|(number, each)| Some((number, within(each)?)))?;
        self.last = number;
        Some(found)
    }
}

/// Return the rows from `first` on, with the blocks of those that are records.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "Python gives it away")]
pub fn fresh<'py>(
    index: &Bound<'py, BlockIndex>,
    first: u32,
    most: usize,
    buffers: Vec<(u64, Bound<'py, PyBytes>)>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = index.py();
    let owner = index.borrow();
    let index = &owner.scanner.index;
    let (mut offsets, mut ends, mut typed) = (Vec::new(), Vec::new(), Vec::new());
    let (blocks, mut cids) = (PyList::empty(py), Vec::new());
    let mut at_hand = AtHand::new(&buffers);
    for row in (first..).take(most) {
        let Some(block) = index.rows.get(row)? else {
            break;
        };
        let start = block.data_start();
        offsets.push(block.offset);
        ends.push(start + u64::from(block.length));
        typed.push(match at_hand.find(start, block.length) {
            _ if !block.is_typed() => 0,
            None => ELSEWHERE,
            Some((_, data)) if looks_like_node(data) => 0,
            Some((cid, data)) => {
                cids.extend_from_slice(cid);
                blocks.append(PyBytes::new(py, data))?;
                1
            }
        });
    }
    values::fresh(py)?.call1((
        values::packed(py, "Q", &offsets)?,
        values::packed(py, "Q", &ends)?,
        PyBytes::new(py, &typed),
        blocks,
        PyBytes::new(py, &cids),
    ))
}
