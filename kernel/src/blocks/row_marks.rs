//! The marks of rows on disk, a byte each: a walk reads and writes one for every
//! block, in any order.
//!
//! They are in memory while they fit a share of the index's budget; after that on
//! disk, behind a page cache of that size.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};

use crate::storage::page_cache::{PAGE, PageCache};

/// Pages in memory, at least.
const FEWEST_PAGES: usize = 4;
/// Share of the budget: one n-th.
const SHARE: usize = 6;
/// Bytes in memory, at most: of 64 million rows.
const MOST: usize = 1 << 26;

/// Marks by row.
pub struct RowMarks {
    folder: PathBuf,
    /// Bytes of memory that they may take.
    most: usize,
    marks: Marks,
}

enum Marks {
    InMemory(Vec<AtomicU8>),
    OnDisk(PageCache),
}

impl RowMarks {
    /// Begin with none.
    ///
    /// `folder` is where they go when there are many, and `budget` what the whole
    /// index may take of memory.
    #[must_use]
    pub fn new(folder: &Path, budget: usize) -> Self {
        Self {
            folder: folder.to_owned(),
            most: (budget / SHARE).clamp(FEWEST_PAGES * PAGE, MOST),
            marks: Marks::InMemory(Vec::new()),
        }
    }

    /// Return the bytes of memory that this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match &self.marks {
            Marks::InMemory(marks) => marks.capacity(),
            Marks::OnDisk(pages) => pages.bytes(),
        }
    }

    /// Return the mark of a row.
    ///
    /// # Errors
    /// The disk fails, or there is no such row.
    pub fn get(&self, row: u32) -> io::Result<u8> {
        match &self.marks {
            Marks::InMemory(marks) => Ok(at(marks, row)?.load(Ordering::Relaxed)),
            Marks::OnDisk(pages) => pages.with(u64::from(row), |&mut [mark]| (mark, false)),
        }
    }

    /// Prefetch the mark of a row, if it is in memory.
    #[must_use]
    pub fn fetch(&self, row: u32) -> u64 {
        match &self.marks {
            Marks::InMemory(marks) => {
                at(marks, row).map_or(0, |mark| mark.load(Ordering::Relaxed).into())
            }
            Marks::OnDisk(_) => 0,
        }
    }

    /// Add bits to the mark of a row.
    ///
    /// # Errors
    /// The disk fails, or there is no such row.
    pub fn add(&self, row: u32, bits: u8) -> io::Result<()> {
        match &self.marks {
            Marks::InMemory(marks) => {
                at(marks, row)?.fetch_or(bits, Ordering::Relaxed);
                Ok(())
            }
            Marks::OnDisk(pages) => pages.with(u64::from(row), |[mark]| {
                let old = *mark;
                *mark |= bits;
                ((), *mark != old)
            }),
        }
    }

    /// Replace the mark of a row.
    ///
    /// # Errors
    /// The disk fails, or there is no such row.
    pub fn put(&self, row: u32, mark: u8) -> io::Result<()> {
        match &self.marks {
            Marks::InMemory(marks) => {
                at(marks, row)?.store(mark, Ordering::Relaxed);
                Ok(())
            }
            Marks::OnDisk(pages) => pages.with(u64::from(row), |old| {
                *old = [mark];
                ((), true)
            }),
        }
    }

    /// Fill a buffer with the marks from a row on.
    ///
    /// # Errors
    /// The disk fails, or there are not so many.
    pub fn copy(&self, row: usize, buffer: &mut [u8]) -> io::Result<()> {
        match &self.marks {
            Marks::InMemory(marks) => {
                let marks = marks.get(row..).unwrap_or_default();
                if marks.len() < buffer.len() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                for (to, from) in buffer.iter_mut().zip(marks) {
                    *to = from.load(Ordering::Relaxed);
                }
                Ok(())
            }
            Marks::OnDisk(pages) => pages.copy(row as u64, buffer),
        }
    }

    /// Append marks.
    ///
    /// # Errors
    /// The disk fails, or is full.
    pub fn append(&mut self, marks: impl ExactSizeIterator<Item = u8>) -> io::Result<()> {
        if let Marks::InMemory(held) = &mut self.marks {
            let count = held.len() + marks.len();
            if count <= self.most {
                // Not twice as many as before: they are counted in the budget.
                held.reserve_exact(marks.len());
                held.extend(marks.map(AtomicU8::new));
                return Ok(());
            }
            let mut pages = PageCache::new(&self.folder, self.most / PAGE)?;
            let held = std::mem::take(held);
            pages.append(|file| {
                let mut bytes = held.iter().map(|mark| mark.load(Ordering::Relaxed));
                bytes.try_for_each(|mark| file.write_all(&[mark]))
            })?;
            self.marks = Marks::OnDisk(pages);
        }
        if let Marks::OnDisk(pages) = &mut self.marks {
            pages.append(|file| {
                let mut marks = marks;
                marks.try_for_each(|mark| file.write_all(&[mark]))
            })?;
        }
        Ok(())
    }
}

fn at(marks: &[AtomicU8], row: u32) -> io::Result<&AtomicU8> {
    let mark = marks.get(row as usize);
    mark.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        /// A budget of nothing has them on disk soon, a large one never.
        #[test]
        fn marks_are_the_same_in_memory_and_on_disk(
            sizes in proptest::collection::vec(0..9_000_usize, 1..6),
            changes in proptest::collection::vec((any::<u32>(), any::<u8>(), any::<bool>()), 0..200),
        ) {
            let folder = std::env::temp_dir();
            let (mut few, mut many) = (RowMarks::new(&folder, 0), RowMarks::new(&folder, 1 << 30));
            let mut wanted = Vec::new();
            for size in sizes {
                let more: Vec<u8> = (0..size).map(|number| number.to_le_bytes()[0]).collect();
                few.append(more.iter().copied()).unwrap();
                many.append(more.iter().copied()).unwrap();
                wanted.extend(more);
                for &(row, bits, is_put) in &changes {
                    let Some(place) = (row as usize).checked_rem(wanted.len()) else {
                        continue;
                    };
                    let row = u32::try_from(place).unwrap();
                    wanted[place] = if is_put { bits } else { wanted[place] | bits };
                    for marks in [&few, &many] {
                        if is_put {
                            marks.put(row, bits).unwrap();
                        } else {
                            marks.add(row, bits).unwrap();
                        }
                        prop_assert_eq!(marks.get(row).unwrap(), wanted[place]);
                    }
                }
            }
            let end = u32::try_from(wanted.len()).unwrap();
            for marks in [&few, &many] {
                let mut all = vec![0; wanted.len()];
                marks.copy(0, &mut all).unwrap();
                prop_assert_eq!(&all, &wanted);
                prop_assert!(marks.get(end).is_err());
                prop_assert!(marks.copy(wanted.len(), &mut [0]).is_err());
            }
        }
    }
}
