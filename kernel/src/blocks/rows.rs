//! Rows by number and by tag, in memory or, once they were sealed, on disk.
//!
//! Rows keep their numbers: those on disk are the first ones.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::blocks::block::{Block, Found, NO_ROW, Row};
use crate::blocks::lent_rows::{LentRows, Sought};
use crate::blocks::rows_in_memory::RowsInMemory;
use crate::blocks::sealed_rows::SealedRows;
use crate::blocks::tag_table::{Full, TagTable};
use crate::error::{Error, Result};
use crate::pause::Pause;

/// Rows, wherever they are.
#[derive(Default)]
pub struct Rows {
    memory: RowsInMemory,
    /// Tag → row in memory.
    table: TagTable,
    /// How many rows are on disk: those in memory have greater numbers.
    base: u32,
    sealed: Option<Arc<SealedRows>>,
    /// Where threads find those on disk.
    lent: Arc<LentRows>,
    /// Whether sealing failed half-way: then rows are lost.
    is_half_sealed: bool,
}

impl Rows {
    /// Return how many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.base as usize + self.memory.len() as usize
    }

    /// Tell whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Return the rows on disk, if there are any.
    fn on_disk(&self) -> Result<Option<&SealedRows>> {
        if self.is_half_sealed {
            let lost = "the rows that went there were left half written";
            return Err(Error::Disk(io::Error::other(lost)));
        }
        Ok(self.sealed.as_deref())
    }

    /// Return a row, if there are so many.
    ///
    /// # Errors
    /// The disk fails.
    #[inline]
    pub fn get(&self, row: u32) -> Result<Option<Block>> {
        match row.checked_sub(self.base) {
            Some(row) => Ok(self.memory.get(row).map(Row::block)),
            None => self
                .on_disk()?
                .map(|disk| Ok(disk.rows.get(row)?))
                .transpose(),
        }
    }

    /// Return the mark of a row, if there are so many.
    ///
    /// # Errors
    /// The disk fails.
    #[inline]
    pub fn mark(&self, row: u32) -> Result<Option<u8>> {
        if row < self.base {
            self.on_disk()?
                .map(|disk| Ok(disk.rows.mark(row)?))
                .transpose()
        } else {
            Ok(self.get(row)?.map(|block| block.mark))
        }
    }

    /// Note how the tree used a block.
    ///
    /// # Errors
    /// The disk fails.
    #[inline]
    pub fn add_mark(&self, row: u32, bits: u8) -> Result<()> {
        if row < self.base {
            if let Some(disk) = self.on_disk()? {
                disk.rows.add_mark(row, bits)?;
            }
        } else if let Some(row) = self.memory.get(row - self.base) {
            row.mark.fetch_or(bits, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Call a function with all rows, in order.
    ///
    /// # Errors
    /// The disk fails.
    pub fn each(&self, mut use_it: impl FnMut(u32, &Block)) -> Result<()> {
        self.some(0, u32::MAX, |row, block| {
            use_it(row, block);
            Ok(())
        })
    }

    /// Call a function with the rows from `start` on, but those from `stop` on.
    ///
    /// # Errors
    /// The disk fails; or the function does, which is not called again then.
    pub fn some(
        &self,
        start: u32,
        stop: u32,
        mut use_it: impl FnMut(u32, &Block) -> Result<()>,
    ) -> Result<()> {
        if start < self.base
            && let Some(disk) = self.on_disk()?
        {
            disk.rows.some(start, stop, &mut use_it)?;
        }
        for row in start.max(self.base)..stop.min(self.base + self.memory.len()) {
            use_it(row, &self.memory[row - self.base].block())?;
        }
        Ok(())
    }

    /// Put another block, of the same tag, in the place of a row.
    ///
    /// # Errors
    /// The disk fails.
    pub fn put(&mut self, row: u32, block: &Block) -> Result<()> {
        if let Some(row) = row.checked_sub(self.base) {
            self.memory.put(row, block);
        } else if let Some(disk) = self.on_disk()? {
            disk.rows.put(row, block)?;
        }
        Ok(())
    }

    /// Append a row, of a tag that is not there, and return its number.
    ///
    /// # Errors
    /// Memory holds all the rows that can be numbered there.
    pub fn push(&mut self, block: &Block) -> Result<u32> {
        let number = self.memory.push(block);
        let memory = &self.memory;
        let added = self.table.add(block.tag, number, |row| memory[row].tag);
        added.map_err(|Full| Error::TooMany(self.len()))?;
        Ok(self.base + number)
    }

    /// Reserve memory in the hash table for so many rows.
    pub fn reserve(&mut self, rows: usize) {
        let memory = &self.memory;
        self.table.reserve(rows, |row| memory[row].tag);
    }

    /// Return the row of the block with this tag, or `NO_ROW`.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find(&self, tag: u128) -> Result<u32> {
        match self.table.find(tag, |row| self.memory[row].tag == tag) {
            NO_ROW => self.find_on_disk(tag),
            row => Ok(self.base + row),
        }
    }

    /// Tell whether some rows are on disk: then links are better looked up in
    /// batches.
    #[must_use]
    pub fn is_on_disk(&self) -> bool {
        self.sealed.is_some()
    }

    /// Look many links up together, in order. Where `is_shared`, another thread
    /// helps with those on disk.
    ///
    /// # Errors
    /// The disk fails.
    pub fn look_up(&self, tags: &[u128], is_shared: bool) -> Result<Vec<Found>> {
        let mut found = vec![Found::NOTHING; tags.len()];
        let mut on_disk = Vec::with_capacity(tags.len());
        for ((place, &tag), found) in (0_u32..).zip(tags).zip(&mut found) {
            match self.table.find(tag, |row| self.memory[row].tag == tag) {
                NO_ROW => on_disk.push(place),
                row => *found = Found::of(self.base + row, &self.memory[row].block()),
            }
        }
        if let Some(disk) = self.on_disk()? {
            disk.look_up(tags, on_disk, is_shared, |place, what| {
                found[place as usize] = what;
            })?;
        }
        Ok(found)
    }

    /// Return the row of the block with this tag, or `NO_ROW`, given what was found
    /// of it on disk before.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find_sought(&self, tag: u128, sought: Sought) -> Result<u32> {
        match self.table.find(tag, |row| self.memory[row].tag == tag) {
            NO_ROW if sought.row != NO_ROW || sought.among == self.base => Ok(sought.row),
            NO_ROW => self.find_on_disk(tag),
            row => Ok(self.base + row),
        }
    }

    /// Return where threads find the rows on disk.
    #[must_use]
    pub fn lend(&self) -> Arc<LentRows> {
        Arc::clone(&self.lent)
    }

    fn find_on_disk(&self, tag: u128) -> Result<u32> {
        let found = match self.on_disk()? {
            Some(disk) => disk.runs.find(tag)?,
            None => None,
        };
        Ok(found.unwrap_or(NO_ROW))
    }

    /// Find several blocks; their cache misses overlap.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find_all(&self, tags: &[u128], rows: &mut Vec<u32>) -> Result<()> {
        self.fetch(tags.iter().copied());
        rows.clear();
        rows.extend(tags.iter().map(|&tag| self.table.first(tag)));
        for (row, &tag) in rows.iter_mut().zip(tags) {
            let is_it = *row != NO_ROW && self.memory[*row].tag == tag;
            *row = if is_it {
                self.base + *row
            } else {
                self.find(tag)?
            };
        }
        Ok(())
    }

    /// Prefetch what inserting blocks reads, given what was found of each on disk.
    pub fn fetch_sought(&self, blocks: impl Iterator<Item = (u128, Sought)>) {
        let all = blocks.fold(0, |all, (tag, sought)| {
            let on_disk = match &self.sealed {
                Some(disk) if sought.row != NO_ROW => disk.rows.fetch_mark(sought.row),
                Some(disk) if sought.among != self.base => disk.runs.fetch(tag),
                _ => 0,
            };
            all ^ u64::from(self.table.first(tag)) ^ on_disk
        });
        std::hint::black_box(all);
    }

    /// Prefetch the slots where these blocks are or will be, so that the cache
    /// misses overlap.
    fn fetch(&self, tags: impl Iterator<Item = u128>) {
        self.fetch_sought(tags.map(|tag| (tag, Sought::NOWHERE)));
    }

    /// Write the rows in memory to disk, where they are found as before.
    ///
    /// # Arguments
    ///
    /// * `most` - What the whole index may take of memory, in bytes.
    /// * `budget` - What of it is for rows.
    ///
    /// # Errors
    /// The disk fails or is full, or this was canceled: then rows may
    /// be lost, and every use of them fails from now on.
    ///
    /// # Panics
    /// Another owner holds the rows.
    pub fn seal(&mut self, folder: &Path, most: usize, budget: usize, pause: &Pause) -> Result<()> {
        if self.memory.is_empty() {
            return Ok(());
        }
        let sealed = match &mut self.sealed {
            Some(sealed) => sealed,
            none => none.insert(Arc::new(SealedRows::new(folder, most)?)),
        };
        self.lent.take_back();
        let owned = Arc::get_mut(sealed).expect("the rows are only lent");
        let rows = std::mem::take(&mut self.memory);
        let table = std::mem::take(&mut self.table);
        self.base += rows.len();
        self.is_half_sealed = true;
        owned.absorb(folder, &rows, table, budget, pause)?;
        self.is_half_sealed = false;
        self.lent.give(sealed);
        heap::give_back();
        Ok(())
    }

    /// Return how many rows are in memory.
    #[must_use]
    pub fn in_memory(&self) -> usize {
        self.memory.len() as usize
    }

    /// Return the bytes that rows in memory take, with their hash table.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.memory.bytes() + self.table.bytes()
    }

    /// Return the bytes of memory that it takes to find those on disk.
    #[must_use]
    pub fn sealed_bytes(&self) -> usize {
        self.sealed.as_deref().map_or(0, SealedRows::bytes)
    }

    /// Return the bytes on disk.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        self.sealed.as_deref().map_or(0, SealedRows::disk_bytes)
    }
}

#[cfg(test)]
mod tests {
    use heap::huge::PAGE;

    use super::*;
    use crate::blocks::kind::Kind;
    use crate::blocks::tag_key::TagKey;
    use crate::limits::BLOCK_BYTES;

    #[test]
    fn they_take_no_more_than_is_said_of_a_block() {
        let (key, mut rows) = (TagKey::draw().unwrap(), Rows::default());
        for name in 0..200_000_u32 {
            let block = Block {
                tag: key.tag(&name.to_le_bytes()),
                offset: u64::from(name),
                length: 5,
                kind: Kind::None,
                mark: 0,
                head: 0,
            };
            assert_eq!(rows.push(&block).unwrap(), name);
            if name > 20_000 && name.is_multiple_of(997) {
                // The last piece may have room for as many as are in the first.
                let taken = rows.len().div_ceil(PAGE / size_of::<Row>()) * PAGE;
                let most = rows.len() * BLOCK_BYTES + PAGE;
                assert!(rows.table.bytes() + taken <= most, "{name}");
            }
        }
    }
}
