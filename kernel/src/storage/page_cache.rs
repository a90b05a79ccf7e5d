//! A direct-mapped, write-back page cache over a temporary file.
//!
//! A page is read on demand, and written back, if it changed, when another one
//! replaces it. So its memory does not grow with the file.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::storage::positional_file::{read_exact_at, write_all_at};

/// Bytes of a page.
pub const PAGE: usize = 4096;
/// Bytes read or written at a time where many are.
pub const BUFFER: usize = 1 << 18;
/// No page has this number.
const NO_PAGE: u64 = u64::MAX;

struct Page {
    number: u64,
    has_changed: bool,
    bytes: Vec<u8>,
}

/// A file, and some of its pages.
pub struct PageCache {
    file: File,
    /// Bytes in it.
    size: u64,
    /// By page number modulo their count: a page's only slot. Each has a lock, for
    /// the read-ahead thread.
    held: Vec<Mutex<Page>>,
}

impl PageCache {
    /// Make a file in a folder, with so many pages in memory at most.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn new(folder: &Path, most: usize) -> io::Result<Self> {
        let empty = |_| {
            Mutex::new(Page {
                number: NO_PAGE,
                has_changed: false,
                bytes: Vec::new(),
            })
        };
        Ok(Self {
            file: tempfile::tempfile_in(folder)?,
            size: 0,
            held: (0..most).map(empty).collect(),
        })
    }

    /// Return the bytes of memory that this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let all = usize::try_from(self.size.div_ceil(PAGE as u64)).unwrap_or(usize::MAX);
        self.held.len().min(all) * PAGE + self.held.len() * size_of::<Mutex<Page>>()
    }

    /// Call a function with `N` bytes that lie within one page; it tells
    /// whether it changed them.
    ///
    /// # Errors
    /// The disk fails, or there are no such bytes.
    pub fn with<T, const N: usize>(
        &self,
        at: u64,
        use_it: impl FnOnce(&mut [u8; N]) -> (T, bool),
    ) -> io::Result<T> {
        let (number, start) = (at / PAGE as u64, at % PAGE as u64);
        let mut page = lock(&self.held[place_of(number, self.held.len())]);
        page.hold(number, &self.file, self.size)?;
        let rest = usize::try_from(start).ok();
        let rest = rest.and_then(|start| page.bytes.get_mut(start..));
        let Some(bytes) = rest.and_then(|rest| rest.first_chunk_mut()) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let (value, has_changed) = use_it(bytes);
        page.has_changed |= has_changed;
        Ok(value)
    }

    /// Write back what changed, so that the file has it.
    ///
    /// # Errors
    /// The disk fails.
    pub fn settle(&self) -> io::Result<()> {
        self.held
            .iter()
            .try_for_each(|page| lock(page).write_back(&self.file))
    }

    /// Fill a buffer with bytes of the file, as they were settled last.
    ///
    /// # Errors
    /// The disk fails, or has not so many.
    pub fn read(&self, at: u64, buffer: &mut [u8]) -> io::Result<()> {
        read_exact_at(&self.file, buffer, at)
    }

    /// Fill a buffer with bytes as they are now, settled or not.
    ///
    /// # Errors
    /// The disk fails, or there are not so many.
    pub fn copy(&self, mut at: u64, mut buffer: &mut [u8]) -> io::Result<()> {
        while !buffer.is_empty() {
            let (number, start) = (at / PAGE as u64, at % PAGE as u64);
            let mut page = lock(&self.held[place_of(number, self.held.len())]);
            page.hold(number, &self.file, self.size)?;
            let rest = usize::try_from(start).ok();
            let rest = rest.and_then(|start| page.bytes.get(start..));
            let rest = rest.filter(|rest| !rest.is_empty());
            let rest = rest.ok_or(io::ErrorKind::UnexpectedEof)?;
            let (now, later) = buffer.split_at_mut(rest.len().min(buffer.len()));
            now.copy_from_slice(&rest[..now.len()]);
            at += now.len() as u64;
            buffer = later;
        }
        Ok(())
    }

    /// Append what a function writes.
    ///
    /// # Errors
    /// The disk fails, or is full, or the function fails.
    pub fn append(
        &mut self,
        write: impl FnOnce(&mut BufWriter<&File>) -> io::Result<()>,
    ) -> io::Result<()> {
        for page in &self.held {
            // The last one is about to be longer.
            let mut page = lock(page);
            page.write_back(&self.file)?;
            page.number = NO_PAGE;
        }
        (&self.file).seek(SeekFrom::End(0))?;
        let mut writer = BufWriter::with_capacity(BUFFER, &self.file);
        write(&mut writer)?;
        writer.flush()?;
        drop(writer);
        self.size = (&self.file).stream_position()?;
        Ok(())
    }
}

impl Page {
    /// Have the page of a number here, in place of another one.
    fn hold(&mut self, number: u64, file: &File, size: u64) -> io::Result<()> {
        if self.number != number {
            self.write_back(file)?;
            self.read(file, number, size)?;
        }
        Ok(())
    }

    fn write_back(&mut self, file: &File) -> io::Result<()> {
        if self.has_changed {
            write_all_at(file, &self.bytes, self.number * PAGE as u64)?;
            self.has_changed = false;
        }
        Ok(())
    }

    fn read(&mut self, file: &File, number: u64, size: u64) -> io::Result<()> {
        // A read that fails leaves nothing of either page.
        self.number = NO_PAGE;
        let start = number * PAGE as u64;
        let length = usize::try_from(size.saturating_sub(start)).unwrap_or(PAGE);
        self.bytes.resize(length.min(PAGE), 0);
        read_exact_at(file, &mut self.bytes, start)?;
        self.number = number;
        Ok(())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "less than there are places"
)]
fn place_of(page: u64, places: usize) -> usize {
    (page % places as u64) as usize
}

/// Nothing panics while a page is half changed: a poisoned one is sound.
fn lock(page: &Mutex<Page>) -> MutexGuard<'_, Page> {
    page.lock().unwrap_or_else(PoisonError::into_inner)
}
