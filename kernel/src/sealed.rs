//! Rows that went to disk: found by number, and by tag in few sorted runs.
//!
//! What is sealed later makes a new run, which takes in the ones before that are
//! not much larger: so there are few of them, and no row is written often. What finds a tag in them, and a row by its
//! number, takes a part of the budget, however many rows there are.

use std::io;
use std::path::Path;

use crate::block::{Block, Row};
use crate::error::Result;
use crate::pause::Pause;
use crate::rows::{ROW, Rows};
use crate::run::{ENTRY, Entry, Room, Run, merged};
use crate::slots::Slots;

/// Rows on disk.
pub struct Sealed {
    rows: Rows,
    /// The largest first.
    runs: Vec<Run>,
}

impl Sealed {
    /// Make room in a folder; what is there vanishes with this value.
    ///
    /// `budget` is what the whole index may take of memory.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn new(folder: &Path, budget: usize) -> io::Result<Self> {
        Ok(Self {
            rows: Rows::new(folder, budget)?,
            runs: Vec::new(),
        })
    }

    /// Return how many rows there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.rows.len()
    }

    /// Tell whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Return the bytes of memory that this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.runs.iter().map(Run::bytes).sum::<usize>() + self.rows.bytes()
    }

    /// Return the bytes that are on disk.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        u64::from(self.len()) * (ROW + ENTRY) as u64
    }

    /// Return a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn get(&self, row: u32) -> io::Result<Block> {
        self.rows.get(row)
    }

    /// Note how the tree used a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn add_mark(&self, row: u32, bits: u8) -> io::Result<()> {
        self.rows.add_mark(row, bits)
    }

    /// Put another block in the place of a row, of the same tag.
    ///
    /// # Errors
    /// The disk fails.
    pub fn put(&self, row: u32, block: &Block) -> io::Result<()> {
        self.rows.put(row, block)
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

    /// Return the mark of a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn mark(&self, row: u32) -> io::Result<u8> {
        self.rows.mark(row)
    }

    /// Look many tags up, those at the places `wanted`: call a function with the
    /// place, the row and the block of each that is there.
    ///
    /// # Errors
    /// The disk fails.
    pub fn look_up(
        &self,
        tags: &[u128],
        mut wanted: Vec<u32>,
        mut use_it: impl FnMut(u32, u32, &Block),
    ) -> io::Result<()> {
        wanted.sort_unstable_by_key(|&place| tags[place as usize]);
        let mut rows = Vec::with_capacity(wanted.len());
        for run in &self.runs {
            run.find_all(tags, &mut wanted, &mut rows)?;
        }
        drop(wanted);
        rows.sort_unstable();
        self.rows
            .each_of(&rows, |row, place, block| use_it(place, row, block))
    }

    /// Look at what tells whether a tag may be there.
    #[must_use]
    pub fn fetch(&self, tag: u128) -> u64 {
        self.runs.iter().fold(0, |all, run| all ^ run.fetch(tag))
    }

    /// Call a function with the rows from `row` on, but those from `stop` on.
    ///
    /// # Errors
    /// The disk fails; or the function does, which is not called again then.
    pub fn some(
        &self,
        row: u32,
        stop: u32,
        use_it: &mut impl FnMut(u32, &Block) -> Result<()>,
    ) -> Result<()> {
        self.rows.some(row, stop, use_it)
    }

    /// Take in rows that are not there yet, as numbers from `len` on.
    ///
    /// `slots` are those of these rows, and `budget` the bytes of memory that
    /// the whole index may take.
    ///
    /// # Errors
    /// The disk fails, or is full, or somebody wants this to end; then this is
    /// of no use any more.
    pub fn absorb(
        &mut self,
        folder: &Path,
        rows: Vec<Vec<Row>>,
        slots: Slots,
        budget: usize,
        pause: &Pause,
    ) -> io::Result<()> {
        let first = self.len();
        self.rows.append(&rows, pause)?;
        let count = (self.len() - first) as usize;
        let room = Room::of(budget, self.len() as usize);
        let size = rows.first().map_or(1, Vec::len);
        let tag_of = |row: u32| rows[row as usize / size][row as usize % size].tag;
        // The table has them by the first bits of their tags: a few thousand at a
        // time are sorted sooner than all at once.
        let sorted = slots.into_rows().flat_map(|some| {
            let entry = |row| (tag_of(row), first + row);
            let mut entries: Vec<Entry> = some.into_iter().map(entry).collect();
            entries.sort_unstable_by_key(|entry| entry.0);
            entries.into_iter().map(Ok)
        });
        let run = Run::write(folder, count, sorted, &room, pause)?;
        // Memory is short: what is not needed goes before what is large comes.
        drop(rows);
        self.runs.push(run);
        self.merge(folder, &room, pause)
    }

    /// Make one run of the last one and those before it that are not much larger.
    fn merge(&mut self, folder: &Path, room: &Room, pause: &Pause) -> io::Result<()> {
        let (mut first, mut count) = (self.runs.len(), 0);
        while first > 0 && (count == 0 || self.runs[first - 1].len() <= much(count)) {
            first -= 1;
            count += self.runs[first].len();
        }
        if self.runs.len() - first < 2 {
            return Ok(());
        }
        let mut parts = self.runs.split_off(first);
        parts.iter_mut().for_each(Run::forget);
        let entries = merged(parts.iter().map(Run::entries).collect());
        let whole = Run::write(folder, count, entries, room, pause)?;
        self.runs.push(whole);
        Ok(())
    }
}

/// Of rows in memory there are ever fewer, so as many are not to count as more.
fn much(count: usize) -> usize {
    count + count / 2
}
