//! How the bytes of a source are read: in memory, from its file, or, where the
//! machine gives no other way, by asking Python.

use std::fs::File;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use crate::read_ahead::ReadAt;

/// A source, for reading at any offset.
pub enum Reader {
    /// A file of our own, opened beside Python's.
    File(Arc<File>),
    /// Bytes in memory.
    Held(PyBackedBytes),
    /// The source itself, asked under Python's lock.
    Asked(Py<PyAny>),
}

impl Reader {
    /// Return the best way to read a `Source`.
    pub fn of(source: &Bound<'_, PyAny>) -> PyResult<Self> {
        let held: Option<Bound<'_, PyBytes>> = source.getattr("held")?.extract()?;
        if let Some(held) = held {
            return Ok(Reader::Held(held.into()));
        }
        let handle: Option<(i32, u64, u64)> = source.getattr("handle")?.extract()?;
        let file = handle.and_then(|(number, device, inode)| reopen(number, device, inode));
        Ok(file.map_or_else(
            || Reader::Asked(source.clone().unbind()),
            |file| Reader::File(Arc::new(file)),
        ))
    }

    /// Tell whether the source still lets its bytes be read in this way: a source
    /// that was closed does not, nor does one that moved them to a file.
    pub fn is_of(&self, source: &Bound<'_, PyAny>) -> PyResult<bool> {
        let has = |name| source.getattr(name).map(|value| !value.is_none());
        Ok(match self {
            Reader::Held(_) => has("held")?,
            Reader::File(_) => has("handle")?,
            Reader::Asked(_) => true,
        })
    }

    /// Return a way to read that other threads may use, where there is one
    /// that is worth a thread.
    pub fn shared(&self) -> Option<ReadAt> {
        let Reader::File(file) = self else {
            return None;
        };
        let file = Arc::clone(file);
        Some(Arc::new(move |offset, buffer: &mut [u8]| {
            read_exact_at(&file, buffer, offset)
        }))
    }

    /// Tell whether each read is a call of Python.
    pub fn is_asked(&self) -> bool {
        matches!(self, Reader::Asked(_))
    }

    /// Fill a buffer with the bytes from `offset` on; None when it cannot.
    pub fn read(&self, offset: u64, buffer: &mut [u8]) -> Option<()> {
        match self {
            Reader::File(file) => read_exact_at(file, buffer, offset),
            Reader::Held(bytes) => {
                let start = usize::try_from(offset).ok()?;
                buffer.copy_from_slice(bytes.get(start..)?.get(..buffer.len())?);
                Some(())
            }
            // What goes wrong here goes wrong again, and is told, when the
            // engine reads the block that is handed over.
            Reader::Asked(source) => Python::attach(|py| {
                let arguments = (offset, buffer.len());
                let read = source.bind(py).call_method1("read_at", arguments).ok()?;
                let bytes = read.cast_into::<PyBytes>().ok()?;
                (bytes.as_bytes().len() == buffer.len())
                    .then(|| buffer.copy_from_slice(bytes.as_bytes()))
            }),
        }
    }
}

/// Open the file behind a number of Python's once more, if it is that file.
#[cfg(unix)]
fn reopen(number: i32, device: u64, inode: u64) -> Option<File> {
    use std::os::unix::fs::MetadataExt;
    let file = File::open(format!("/dev/fd/{number}")).ok()?;
    let facts = file.metadata().ok()?;
    ((facts.dev(), facts.ino()) == (device, inode)).then_some(file)
}

#[cfg(not(unix))]
fn reopen(_: i32, _: u64, _: u64) -> Option<File> {
    None
}

#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> Option<()> {
    use std::os::unix::fs::FileExt;
    file.read_exact_at(buffer, offset).ok()
}

#[cfg(not(unix))]
fn read_exact_at(_: &File, _: &mut [u8], _: u64) -> Option<()> {
    None
}
