//! What Python sees: the functions and classes of `repoview.core.kernel.kernel`.
//!
//! Values of `seam.py` go in and come out; nothing is decided here.

mod block_index;
mod blocks;
mod held;
mod interleaving;
mod json_lines;
mod keys;
mod near;
mod node_keys;
mod reader;
mod record_candidates;
mod scan;
mod sections;
mod sorting;
mod sound_maps;
mod text_search;
mod values;
mod walk;
mod window;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use crate::formats::{dagcbor, key};
use crate::{cid, guard};

/// What `repoview --version` calls this kernel.
const NAME: &str = if cfg!(debug_assertions) {
    "compiled-debug"
} else {
    "compiled"
};

#[pymodule]
fn _kernel(module: &Bound<'_, PyModule>) -> PyResult<()> {
    guard::keep_quiet();
    module.add("NAME", NAME)?;
    module.add("SOURCE", env!("REPOVIEW_KERNEL_SOURCE"))?;
    module.add_class::<block_index::BlockIndex>()?;
    module.add_class::<walk::WalkState>()?;
    module.add_function(wrap_pyfunction!(scan::scan, module)?)?;
    module.add_function(wrap_pyfunction!(scan::tally, module)?)?;
    module.add_function(wrap_pyfunction!(walk::walk, module)?)?;
    module.add_function(wrap_pyfunction!(blocks::blocks_of, module)?)?;
    module.add_function(wrap_pyfunction!(blocks::cids_of, module)?)?;
    module.add_function(wrap_pyfunction!(sections::sections_of, module)?)?;
    module.add_function(wrap_pyfunction!(node_keys::node_keys, module)?)?;
    module.add_function(wrap_pyfunction!(node_keys::sort_keys, module)?)?;
    module.add_function(wrap_pyfunction!(sorting::order, module)?)?;
    module.add_function(wrap_pyfunction!(text_search::holding, module)?)?;
    module.add_function(wrap_pyfunction!(cid_texts, module)?)?;
    module.add_function(wrap_pyfunction!(record_candidates::fresh, module)?)?;
    module.add_function(wrap_pyfunction!(interleaving::interleaved, module)?)?;
    module.add_function(wrap_pyfunction!(json_lines::json_lines, module)?)?;
    module.add_function(wrap_pyfunction!(keys::cut, module)?)?;
    module.add_function(wrap_pyfunction!(key_depth, module)?)?;
    module.add_function(wrap_pyfunction!(keys::search, module)?)?;
    module.add_function(wrap_pyfunction!(sound_maps::sound_map, module)?)?;
    module.add_function(wrap_pyfunction!(sound_maps::sound_maps, module)?)?;
    module.add_function(wrap_pyfunction!(sound_type, module)?)?;
    module.add_function(wrap_pyfunction!(keys::tid_days, module)?)?;
    Ok(())
}

/// Return the base32 text of each CID.
#[pyfunction]
fn cid_texts<'py>(py: Python<'py>, raws: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let texts = PyList::empty(py);
    for raw in raws.try_iter()? {
        let raw = raw?.cast_into::<PyBytes>()?;
        texts.append(cid::cid_text(raw.as_bytes()))?;
    }
    Ok(texts)
}

/// Return how many leading zero bit pairs SHA-256 of `key` has.
#[pyfunction]
fn key_depth(key: &[u8]) -> u8 {
    key::key_depth(key)
}

/// Return the `$type` of a sound block, "" if it has none; None if unsound.
#[pyfunction]
fn sound_type(data: &[u8]) -> Option<&str> {
    let sound = dagcbor::judge(data)?;
    std::str::from_utf8(data.get(sound.type_at)?).ok()
}
