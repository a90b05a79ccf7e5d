//! The map from tag to row on disk: sorted runs, merged as in an LSM tree.
//!
//! A new run is merged with those before it that are not much larger: so there are
//! O(log n) runs, and a tag is written O(log n) times.

use std::io;
use std::path::Path;

use crate::blocks::sorted_run::{Entry, Room, SortedRun, merged};
use crate::pause::Pause;

/// Tag → row, on disk.
#[derive(Default)]
pub struct SortedRuns {
    /// The largest first.
    runs: Vec<SortedRun>,
}

impl SortedRuns {
    /// Return the bytes of memory that they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.runs.iter().map(SortedRun::bytes).sum()
    }

    /// Return the row of a tag.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find(&self, tag: u128) -> io::Result<Option<u32>> {
        for run in &self.runs {
            if let Some(row) = run.find(tag)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Find many tags, those at the indexes `wanted`, in the order of the tags:
    /// return row and index of each that is there.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find_all(&self, tags: &[u128], wanted: &[u32]) -> io::Result<Vec<(u32, u32)>> {
        let (mut wanted, mut rows) = (wanted.to_vec(), Vec::with_capacity(wanted.len()));
        for run in &self.runs {
            run.find_all(tags, &mut wanted, &mut rows)?;
        }
        Ok(rows)
    }

    /// Prefetch the filters' cache lines of a tag.
    #[must_use]
    pub fn fetch(&self, tag: u128) -> u64 {
        self.runs.iter().fold(0, |all, run| all ^ run.fetch(tag))
    }

    /// Append a run of `count` tags that are not there yet, which are sorted.
    ///
    /// # Errors
    /// The disk fails, or is full, or this was canceled.
    pub fn append(
        &mut self,
        folder: &Path,
        count: usize,
        sorted: impl Iterator<Item = Entry>,
        room: &Room,
        pause: &Pause,
    ) -> io::Result<()> {
        let run = SortedRun::write(folder, count, sorted.map(Ok), room, pause)?;
        self.runs.push(run);
        Ok(())
    }

    /// Make one run of the last one and those before it that are not much larger.
    ///
    /// # Errors
    /// The disk fails, or is full, or this was canceled; then these
    /// cannot be used any more.
    pub fn merge(&mut self, folder: &Path, room: &Room, pause: &Pause) -> io::Result<()> {
        let (mut first, mut count) = (self.runs.len(), 0);
        while first > 0 && (count == 0 || self.runs[first - 1].len() <= much(count)) {
            first -= 1;
            count += self.runs[first].len();
        }
        if self.runs.len() - first < 2 {
            return Ok(());
        }
        let mut parts = self.runs.split_off(first);
        parts.iter_mut().for_each(SortedRun::forget);
        let entries = merged(parts.iter().map(SortedRun::entries).collect())?;
        let whole = SortedRun::write(folder, count, entries, room, pause)?;
        self.runs.push(whole);
        Ok(())
    }
}

/// Return the size up to which a run is merged: there are ever fewer rows in memory,
/// so a run of as many must not count as larger.
fn much(count: usize) -> usize {
    count + count / 2
}
