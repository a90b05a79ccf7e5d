//! `sound_map` and `sound_maps`: records as values of Python.
//!
//! The twin of `decode_sound`, for maps. No value is made without Python's
//! lock, so what can be done without it is done before: reading and hashing.

use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyList, PyString};

use super::block_index::reading;
use super::held::Held;
use super::values;
use crate::cid::CID;
use crate::error::Error;
use crate::formats::sound_items::{ARRAY, BYTES, MAP, TEXT, head, link, take};
use crate::limits;

/// Why a block has no value here.
enum Stop {
    /// It is no sound map.
    Unsound,
    Raised(PyErr),
}

impl From<PyErr> for Stop {
    fn from(error: PyErr) -> Self {
        Stop::Raised(error)
    }
}

/// Return the value of a sound block, from byte `start` on; None if it is no
/// map.
#[pyfunction]
#[pyo3(signature = (block, start = 0))]
pub fn sound_map<'py>(
    py: Python<'py>,
    block: &[u8],
    start: usize,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let mut names = Names::lend();
    let map = map_of(py, block.get(start..).unwrap_or_default(), &mut names);
    names.give_back();
    map
}

/// Return the values of the first of some rows, read and hashed again: of one
/// at least, and of no more than `most` bytes of blocks. What is no sound map
/// has None.
#[pyfunction]
pub fn sound_maps<'py>(
    blocks: &Bound<'py, PyAny>,
    rows: &Bound<'py, PyAny>,
    most: usize,
) -> PyResult<Bound<'py, PyList>> {
    let py = blocks.py();
    let rows = values::rows_in(rows)?;
    let held = reading(blocks, |reader, index| {
        let mut held = Held::read(reader, index, &rows, most)?;
        held.keep_whole();
        Ok::<_, Error>(held)
    })?;
    let mut names = Names::lend();
    let maps = PyList::empty(py);
    for range in &held.blocks {
        let data = held.bytes[range.clone()].get(CID..).unwrap_or_default();
        maps.append(map_of(py, data, &mut names)?)?;
    }
    names.give_back();
    Ok(maps)
}

fn map_of<'py>(
    py: Python<'py>,
    data: &[u8],
    names: &mut Names,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    match read_map(py, data, names) {
        Ok(map) => Ok(Some(map)),
        Err(Stop::Unsound) => Ok(None),
        Err(Stop::Raised(error)) => Err(error),
    }
}

/// An array or a map that is not at its end.
struct Open<'py> {
    /// Items or pairs to come.
    left: u64,
    into: Container<'py>,
}

enum Container<'py> {
    Map(Bound<'py, PyDict>),
    Items(Bound<'py, PyList>),
}

fn read_map<'py>(
    py: Python<'py>,
    mut rest: &[u8],
    names: &mut Names,
) -> Result<Bound<'py, PyDict>, Stop> {
    let (MAP, left) = head(&mut rest).ok_or(Stop::Unsound)? else {
        return Err(Stop::Unsound);
    };
    let map = PyDict::new(py);
    let into = Container::Map(map.clone());
    let mut stack = Vec::new();
    let mut open = Open { left, into };
    loop {
        if open.left == 0 {
            let Some(outer) = stack.pop() else {
                return if rest.is_empty() {
                    Ok(map)
                } else {
                    Err(Stop::Unsound)
                };
            };
            open = outer;
            continue;
        }
        open.left -= 1;
        let key = match open.into {
            Container::Map(_) => Some(read_key(py, &mut rest, names)?),
            Container::Items(_) => None,
        };
        let (value, inner) = read_item(py, &mut rest)?;
        match (&open.into, key) {
            (Container::Map(map), Some(key)) => map.set_item(key, value)?,
            (Container::Items(items), _) => items.append(value)?,
            (Container::Map(_), None) => return Err(Stop::Unsound),
        }
        if let Some(inner) = inner {
            if stack.len() + 1 >= limits::DEEP_NESTING {
                return Err(Stop::Unsound);
            }
            stack.push(open);
            open = inner;
        }
    }
}

fn read_key<'py>(
    py: Python<'py>,
    rest: &mut &[u8],
    names: &mut Names,
) -> Result<Bound<'py, PyString>, Stop> {
    let (TEXT, count) = head(rest).ok_or(Stop::Unsound)? else {
        return Err(Stop::Unsound);
    };
    let name = take(rest, count).ok_or(Stop::Unsound)?;
    names.text(py, name).ok_or(Stop::Unsound)
}

/// Read an item; an array or a map is empty, and returned to be filled as well.
fn read_item<'py>(
    py: Python<'py>,
    rest: &mut &[u8],
) -> Result<(Bound<'py, PyAny>, Option<Open<'py>>), Stop> {
    let simple = match rest.first() {
        Some(0xf4) => Some(PyBool::new(py, false).to_owned().into_any()),
        Some(0xf5) => Some(PyBool::new(py, true).to_owned().into_any()),
        Some(0xf6) => Some(py.None().into_bound(py)),
        _ => None,
    };
    if let Some(simple) = simple {
        *rest = &rest[1..];
        return Ok((simple, None));
    }
    if let Some(raw) = link(rest) {
        return Ok((values::cid(py, raw)?, None));
    }
    let (major, argument) = head(rest).ok_or(Stop::Unsound)?;
    let value = match major {
        0 | 1 => {
            let number = i64::try_from(argument).map_err(|_| Stop::Unsound)?;
            let number = if major == 0 { number } else { -1 - number };
            number.into_pyobject(py).map_err(PyErr::from)?.into_any()
        }
        BYTES => PyBytes::new(py, take(rest, argument).ok_or(Stop::Unsound)?).into_any(),
        TEXT => {
            let text = take(rest, argument).ok_or(Stop::Unsound)?;
            let text = std::str::from_utf8(text).map_err(|_| Stop::Unsound)?;
            PyString::new(py, text).into_any()
        }
        ARRAY => {
            let items = PyList::empty(py);
            let into = Container::Items(items.clone());
            let left = argument;
            return Ok((items.into_any(), Some(Open { left, into })));
        }
        MAP => {
            let map = PyDict::new(py);
            let into = Container::Map(map.clone());
            let left = argument;
            return Ok((map.into_any(), Some(Open { left, into })));
        }
        _ => return Err(Stop::Unsound),
    };
    Ok((value, None))
}

/// Keys of maps, of which most are the same few in all records: each is made
/// once, and has its hash then.
///
/// A hash table of one place a slot: a name puts another out.
#[derive(Default)]
struct Names(Vec<Option<Name>>);

struct Name {
    raw: Box<[u8]>,
    text: Py<PyString>,
}

/// Nobody has it while values are made: what Python does meanwhile, such as
/// collecting garbage, may come back here.
static NAMES: Mutex<Option<Names>> = Mutex::new(None);

impl Names {
    const SLOTS: usize = 256;
    /// Bytes of a name that is kept.
    const LONGEST: usize = 40;

    /// Return what is kept, or nothing yet while somebody else has it.
    fn lend() -> Self {
        let mut kept = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        kept.take().unwrap_or_default()
    }

    fn give_back(self) {
        let mut kept = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        // Another may be dropped only when the lock is free again.
        let _other = kept.replace(self);
        drop(kept);
    }

    /// Return a name as text; None if it is no UTF-8.
    fn text<'py>(&mut self, py: Python<'py>, name: &[u8]) -> Option<Bound<'py, PyString>> {
        if self.0.is_empty() {
            self.0.resize_with(Self::SLOTS, || None);
        }
        let add = |sum: usize, &byte: &u8| sum.wrapping_mul(31).wrapping_add(byte.into());
        let slot = &mut self.0[name.iter().fold(0, add) % Self::SLOTS];
        if let Some(known) = slot
            && *known.raw == *name
        {
            return Some(known.text.bind(py).clone());
        }
        let text = PyString::new(py, std::str::from_utf8(name).ok()?);
        if name.len() <= Self::LONGEST {
            *slot = Some(Name {
                raw: name.into(),
                text: text.clone().unbind(),
            });
        }
        Some(text)
    }
}
