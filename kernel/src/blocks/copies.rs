//! Copies of blocks that do not hash, in the order in which they were met.
//!
//! A hostile file may have more of them than blocks, so they go to disk where
//! the index does.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::error::Result;
use crate::storage::positional_file::{read_exact_at, write_all_at};

/// A copy of a block that does not hash, beside the one in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Of the block.
    pub row: u32,
    /// Of the copy's section.
    pub offset: u64,
    /// Bytes of the copy's data.
    pub length: u32,
}

/// Bytes of a copy, in memory and on disk.
pub const COPY: usize = 16;
/// Copies buffered in memory before they are written to disk.
const WAITING: usize = 1 << 12;

/// Copies, the last of them in memory.
#[derive(Default)]
pub struct Copies {
    file: Option<File>,
    /// How many are on disk.
    stored: u64,
    waiting: Vec<Copy>,
}

impl Copies {
    /// Append a copy; many go to a folder, if there is one.
    ///
    /// # Errors
    /// The disk fails or is full.
    pub fn push(&mut self, copy: Copy, folder: Option<&Path>) -> io::Result<()> {
        self.waiting.push(copy);
        match folder {
            Some(folder) if self.waiting.len() >= WAITING => self.store(folder),
            _ => Ok(()),
        }
    }

    fn store(&mut self, folder: &Path) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(folder)?),
        };
        for copies in self.waiting.chunks(WAITING) {
            let bytes: Vec<u8> = copies.iter().flat_map(encode).collect();
            write_all_at(file, &bytes, self.stored * COPY as u64)?;
            self.stored += copies.len() as u64;
        }
        self.waiting = Vec::new();
        Ok(())
    }

    /// Return the bytes of memory that they take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.waiting.len() * COPY
    }

    /// Return the bytes that are on disk.
    #[must_use]
    pub fn disk_bytes(&self) -> u64 {
        self.stored * COPY as u64
    }

    /// Call a function with all of them, in order.
    ///
    /// # Errors
    /// The disk fails, or the function does.
    pub fn each(&self, mut use_it: impl FnMut(&Copy) -> Result<()>) -> Result<()> {
        if let Some(file) = &self.file {
            let mut bytes = vec![0; WAITING * COPY];
            let mut next = 0;
            while next < self.stored {
                let count = (self.stored - next).min(WAITING as u64);
                let part = &mut bytes[..usize::try_from(count).unwrap_or(0) * COPY];
                read_exact_at(file, part, next * COPY as u64)?;
                for each in part.as_chunks().0 {
                    use_it(&decode(each))?;
                }
                next += count;
            }
        }
        self.waiting.iter().try_for_each(use_it)
    }
}

fn encode(copy: &Copy) -> [u8; COPY] {
    let mut bytes = [0; COPY];
    bytes[..8].copy_from_slice(&copy.offset.to_be_bytes());
    bytes[8..12].copy_from_slice(&copy.row.to_be_bytes());
    bytes[12..].copy_from_slice(&copy.length.to_be_bytes());
    bytes
}

fn decode(bytes: &[u8; COPY]) -> Copy {
    let [
        o0,
        o1,
        o2,
        o3,
        o4,
        o5,
        o6,
        o7,
        r0,
        r1,
        r2,
        r3,
        l0,
        l1,
        l2,
        l3,
    ] = *bytes;
    Copy {
        row: u32::from_be_bytes([r0, r1, r2, r3]),
        offset: u64::from_be_bytes([o0, o1, o2, o3, o4, o5, o6, o7]),
        length: u32::from_be_bytes([l0, l1, l2, l3]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(copies: &Copies) -> Vec<Copy> {
        let mut found = Vec::new();
        let seen = copies.each(|copy| {
            found.push(*copy);
            Ok(())
        });
        seen.unwrap();
        found
    }

    #[test]
    fn on_disk_they_are_the_same_and_take_no_memory() {
        let folder = std::env::temp_dir();
        let (mut held, mut kept) = (Copies::default(), Copies::default());
        for row in 0..3 * 4_096 + 5 {
            let copy = Copy {
                row,
                offset: u64::from(row) << 30,
                length: !row,
            };
            held.push(copy, None).unwrap();
            // Memory may become short later.
            let may_spill = (row > 5_000).then_some(folder.as_path());
            kept.push(copy, may_spill).unwrap();
        }
        assert_eq!(all(&held), all(&kept));
        assert_eq!(held.disk_bytes(), 0);
        assert!(kept.bytes() < 4_096 * COPY);
        assert_eq!(kept.disk_bytes() + kept.bytes() as u64, held.bytes() as u64);
    }
}
