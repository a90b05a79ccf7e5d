//! `interleaved`: nodes and records in the order of a walk.

use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;

use super::values::{bytes_of, detached, numbers_of, packed};
use crate::interleaving::{self, Nodes, Records};

/// Return rows and numbers of adjacent nodes, and of the records between them.
#[pyfunction]
pub fn interleaved<'py>(
    number: u32,
    nodes: (
        Bound<'py, PyAny>,
        Bound<'py, PyAny>,
        Vec<u8>,
        Bound<'py, PyAny>,
    ),
    numbers: &Bound<'py, PyAny>,
    rows: &Bound<'py, PyAny>,
    empty: bool,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let py = numbers.py();
    let column = |column: &Bound<'py, PyAny>| numbers_of(column, 0, column.len()?);
    let (firsts, ends, wanted, node_rows) = nodes;
    let (firsts, ends, node_rows) = (column(&firsts)?, column(&ends)?, column(&node_rows)?);
    let rows = column(rows)?;
    let bytes = bytes_of(numbers, 0, numbers.len()?)?;
    let (words, _) = bytes.as_chunks();
    let numbers: Vec<u64> = words.iter().map(|it| u64::from_ne_bytes(*it)).collect();
    let found = detached(py, || {
        let nodes = Nodes {
            number: number.into(),
            firsts: &firsts,
            ends: &ends,
            wanted: &wanted,
            rows: &node_rows,
        };
        let records = Records {
            numbers: &numbers,
            rows: &rows,
        };
        interleaving::interleaved(&nodes, &records, empty)
    })?;
    let Some((rows, numbers)) = found else {
        let wrong = "columns of nodes and records do not fit each other";
        return Err(PyIndexError::new_err(wrong));
    };
    Ok((packed(py, "I", &rows)?, packed(py, "q", &numbers)?))
}
