//! Rows that went to disk: found by number, and by tag in sorted runs.
//!
//! Filters and fences take a fixed share of the budget, however many rows there are.

use std::io;
use std::path::Path;

use crate::blocks::block::Found;
use crate::blocks::rows_in_memory::RowsInMemory;
use crate::blocks::rows_on_disk::{ROW, RowsOnDisk};
use crate::blocks::sorted_run::{ENTRY, Entry, Room};
use crate::blocks::sorted_runs::SortedRuns;
use crate::blocks::tag_table::TagTable;
use crate::halves::both;
use crate::pause::Pause;

/// For fewer tags, another thread would cost more than it saves.
const WORTH_SHARING: usize = 2048;

/// Rows on disk.
pub struct SealedRows {
    /// By number.
    pub rows: RowsOnDisk,
    /// Their numbers, by tag.
    pub runs: SortedRuns,
}

impl SealedRows {
    /// Make temporary files in a folder, which vanish with this value.
    ///
    /// `budget` is what the whole index may take of memory.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn new(folder: &Path, budget: usize) -> io::Result<Self> {
        Ok(Self {
            rows: RowsOnDisk::new(folder, budget)?,
            runs: SortedRuns::default(),
        })
    }

    /// Return the bytes of memory that this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.runs.bytes() + self.rows.bytes()
    }

    /// Return the bytes that are on disk.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        u64::from(self.rows.len()) * (ROW + ENTRY) as u64
    }

    /// Look many tags up, those at the indexes `wanted`: call a function with the
    /// index of each that is there, and what was found.
    ///
    /// If `is_shared`, another thread does half of it.
    ///
    /// # Errors
    /// The disk fails.
    pub fn look_up(
        &self,
        tags: &[u128],
        mut wanted: Vec<u32>,
        is_shared: bool,
        mut use_it: impl FnMut(u32, Found),
    ) -> io::Result<()> {
        let is_shared = is_shared && wanted.len() >= WORTH_SHARING;
        let half = |all: usize| if is_shared { all / 2 } else { 0 };
        wanted.sort_unstable_by_key(|&place| tags[place as usize]);
        let (theirs, ours) = wanted.split_at(half(wanted.len()));
        let (theirs, ours) = both(is_shared, &|| self.runs.find_all(tags, theirs), || {
            self.runs.find_all(tags, ours)
        });
        let mut rows = ours?;
        rows.extend(theirs?);
        drop(wanted);
        rows.sort_unstable();
        let (theirs, ours) = rows.split_at(half(rows.len()));
        let read_theirs = || {
            let mut found = Vec::with_capacity(theirs.len());
            let keep = |_, link| found.push(link);
            self.rows.each_of(theirs, keep).map(|()| found)
        };
        let (found, read) = both(is_shared, &read_theirs, || {
            self.rows.each_of(ours, &mut use_it)
        });
        read?;
        for (&(_, place), found) in theirs.iter().zip(found?) {
            use_it(place, found);
        }
        Ok(())
    }

    /// Append new rows, with numbers from `rows.len` on.
    ///
    /// `table` are those of these rows, and `budget` the bytes of memory that
    /// the whole index may take.
    ///
    /// # Errors
    /// The disk fails, or is full, or this was canceled; then this is
    /// of no use any more.
    pub fn absorb(
        &mut self,
        folder: &Path,
        rows: &RowsInMemory,
        table: TagTable,
        budget: usize,
        pause: &Pause,
    ) -> io::Result<()> {
        let first = self.rows.len();
        self.rows.append(rows, pause)?;
        let room = Room::of(budget, self.rows.len() as usize);
        // Only the runs before: merging the last rows of all would gain nothing.
        self.runs.merge(folder, &room, pause)?;
        // The table has them by the first bits of their tags: sorting a few
        // thousand at a time is faster than all at once.
        let sorted = table.into_rows().flat_map(|some| {
            let entry = |row| (rows[row].tag, first + row);
            let mut entries: Vec<Entry> = some.into_iter().map(entry).collect();
            entries.sort_unstable_by_key(|entry| entry.0);
            entries.into_iter()
        });
        let count = rows.len() as usize;
        self.runs.append(folder, count, sorted, &room, pause)
    }
}
