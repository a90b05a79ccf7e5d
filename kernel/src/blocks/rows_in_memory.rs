//! Rows in memory, by number, in pieces: they never move as a whole.

use std::ops::Index;

use crate::blocks::block::{Block, Row};

/// Rows of one piece.
const PIECE: usize = 1 << 13;
/// Capacity of the first one, which then grows: most repositories are small.
const FIRST_ROOM: usize = 8;

/// Rows, numbered from 0.
#[derive(Default)]
pub struct RowsInMemory {
    /// All of `PIECE` rows, but the last.
    pieces: Vec<Vec<Row>>,
    count: u32,
}

impl RowsInMemory {
    /// Return how many there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Tell whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Return a row, if there are so many.
    #[inline]
    #[must_use]
    pub fn get(&self, row: u32) -> Option<&Row> {
        self.pieces
            .get(row as usize / PIECE)?
            .get(row as usize % PIECE)
    }

    /// Append a block, and return its number.
    pub fn push(&mut self, block: &Block) -> u32 {
        if (self.count as usize).is_multiple_of(PIECE) {
            let room = if self.is_empty() { FIRST_ROOM } else { PIECE };
            self.pieces.push(Vec::with_capacity(room));
        }
        if let Some(piece) = self.pieces.last_mut() {
            piece.push(Row::new(block));
        }
        self.count += 1;
        self.count - 1
    }

    /// Put another block in the place of a row that is there.
    pub fn put(&mut self, row: u32, block: &Block) {
        self.pieces[row as usize / PIECE][row as usize % PIECE] = Row::new(block);
    }

    /// Return all of them, in order, in pieces.
    #[must_use]
    pub fn pieces(&self) -> &[Vec<Row>] {
        &self.pieces
    }

    /// Return the bytes that they take; the last piece may have room for more.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.count as usize * size_of::<Row>()
    }
}

impl Index<u32> for RowsInMemory {
    type Output = Row;

    #[inline]
    fn index(&self, row: u32) -> &Row {
        &self.pieces[row as usize / PIECE][row as usize % PIECE]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_takes_32_bytes() {
        assert_eq!(size_of::<Row>(), 32);
    }
}
