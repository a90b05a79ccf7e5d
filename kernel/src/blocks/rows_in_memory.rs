//! Rows in memory, by number, in pieces: they never move as a whole.
//!
//! Pieces are large pages: nearly each look-up is of a row that no cache has, and
//! then to find its page takes as long as the row. Of 1.3 million records by CID,
//! this saves a tenth of the time.

use std::iter::once;
use std::ops::Index;

use heap::huge::HugeVec;

use crate::blocks::block::{Block, Row};

/// Rows of one piece.
const PIECE: usize = HugeVec::<Row>::ROOM;

/// Rows between two polls of who goes through all.
const SOME: usize = 1 << 13;

/// Rows, numbered from 0.
#[derive(Default)]
pub struct RowsInMemory {
    /// The first piece, which grows: most repositories are small.
    first: Vec<Row>,
    /// The others.
    pieces: Vec<HugeVec<Row>>,
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
        let row = row as usize;
        match (row / PIECE).checked_sub(1) {
            None => self.first.get(row),
            Some(piece) => self.pieces.get(piece)?.get(row % PIECE),
        }
    }

    /// Append a block, and return its number.
    pub fn push(&mut self, block: &Block) -> u32 {
        if self.first.len() < PIECE {
            self.first.push(Row::new(block));
        } else {
            if (self.count as usize).is_multiple_of(PIECE) {
                self.pieces.push(HugeVec::new());
            }
            if let Some(piece) = self.pieces.last_mut() {
                piece.push(Row::new(block));
            }
        }
        self.count += 1;
        self.count - 1
    }

    /// Put another block in the place of a row that is there.
    pub fn put(&mut self, row: u32, block: &Block) {
        let (row, new) = (row as usize, Row::new(block));
        match (row / PIECE).checked_sub(1) {
            None => self.first[row] = new,
            Some(piece) => self.pieces[piece].put(row % PIECE, new),
        }
    }

    /// Return all of them, in order, some thousand at a time.
    pub fn some(&self) -> impl Iterator<Item = &[Row]> {
        let pieces = once(&*self.first).chain(self.pieces.iter().map(|piece| &**piece));
        pieces.flat_map(|piece| piece.chunks(SOME))
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
        let row = row as usize;
        match (row / PIECE).checked_sub(1) {
            None => &self.first[row],
            Some(piece) => &self.pieces[piece][row % PIECE],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::kind::Kind;

    #[test]
    fn a_row_takes_32_bytes() {
        assert_eq!(size_of::<Row>(), 32);
    }

    #[test]
    fn each_is_where_its_number_says() {
        let mut rows = RowsInMemory::default();
        let block = |name: u32| Block {
            tag: u128::from(name),
            offset: u64::from(name),
            length: name,
            kind: Kind::None,
            mark: 0,
            head: 0,
        };
        let count = u32::try_from(5 * PIECE / 2).unwrap();
        for name in 0..count {
            assert_eq!(rows.push(&block(name)), name);
        }
        for row in [0, 7, count / 2, count - 1] {
            rows.put(row, &block(count + row));
        }
        let put = |row| [0, 7, count / 2, count - 1].contains(&row);
        let wanted = |row| block(if put(row) { count + row } else { row });
        assert!((0..count).all(|row| rows[row].block() == wanted(row)));
        assert!((0..count).all(|row| rows.get(row).map(Row::block) == Some(wanted(row))));
        let all = rows.some().flatten().map(Row::block);
        assert!(all.eq((0..count).map(wanted)));
        assert!(rows.get(count).is_none());
    }
}
