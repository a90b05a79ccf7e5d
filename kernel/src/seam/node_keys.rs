//! `node_keys` and `sort_keys`: what nodes say that the tree does not reach.

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::block_index::reading;
use super::blocks::Again;
use super::values::{self, numbers_of, packed};
use crate::cid::CID;
use crate::error::Error;
use crate::node_keys::{self as nodes, NodeKeys};

/// Return what the nodes among the first of these rows say, of no more than
/// `most` bytes of blocks, but of one block; and up to the node whose keys make
/// more than so many bytes.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "Python gives it away")]
pub fn node_keys<'py>(
    blocks: &Bound<'py, PyAny>,
    rows: Vec<u32>,
    most: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let py = blocks.py();
    let (taken, found, links) = reading(blocks, |reader, index| {
        let (mut found, mut again) = (NodeKeys::default(), Again::new(index, reader));
        let (mut taken, mut read) = (0, 0_usize);
        for &row in &rows {
            let block = index.rows.get(row)?;
            let length = block.map_or(0, |block| CID + block.length as usize);
            let is_full = block.is_some() && read + length > most;
            if taken > 0 && (is_full || found.keys.len() > most) {
                break;
            }
            let data = block.and_then(|block| again.read(&block));
            if data.is_some() {
                read += length;
            }
            found.take(&index.key, row, data.map(|(_, data)| data));
            taken += 1;
        }
        let links = found.look_up(&index.rows)?;
        Ok::<_, Error>((taken, found, links))
    })?;
    let (records, trees) = links;
    values::node_keys(py)?.call1((
        taken,
        packed(py, "I", &found.nodes)?,
        packed(py, "I", &found.counts)?,
        PyBytes::new(py, &found.keys),
        packed(py, "I", &found.sizes)?,
        packed(py, "I", &records)?,
        packed(py, "I", &trees)?,
        packed(py, "I", &found.others)?,
    ))
}

/// Return keys and their rows in order, what comes twice once.
#[pyfunction]
pub fn sort_keys<'py>(
    keys: &Bound<'py, PyBytes>,
    sizes: &Bound<'py, PyAny>,
    rows: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = keys.py();
    let (sizes, rows) = (
        numbers_of(sizes, 0, sizes.len()?)?,
        numbers_of(rows, 0, rows.len()?)?,
    );
    let bytes = keys.as_bytes();
    let Some(sorted) = values::detached(py, || nodes::sort_keys(bytes, &sizes, &rows))? else {
        let wrong = "columns of keys do not fit each other";
        return Err(PyIndexError::new_err(wrong));
    };
    values::key_columns(py)?.call1((
        PyBytes::new(py, &sorted.keys),
        packed(py, "I", &sorted.sizes)?,
        packed(py, "I", &sorted.rows)?,
        PyBytes::new(py, &sorted.firsts),
    ))
}
