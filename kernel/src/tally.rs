//! Count blocks by their marks once a walk is over.

use crate::blocks::block::Block;
use crate::blocks::block_index::BlockIndex;
use crate::blocks::copies::Copy;
use crate::error::Result;
use crate::limits;
use crate::marks::{AGAIN, DUPLICATE, LINKED, NODE, RAW_CODEC, RECORD, State};
use crate::pause::LOOK;

/// Copies that do not hash, of blocks of one sort.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Copies {
    /// How many there are.
    pub total: u64,
    /// The first of them; at most as many as are shown.
    pub first: Vec<Copy>,
}

/// Rows of one sort.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// How many there are.
    pub total: u64,
    /// The first of them; at most as many as are shown.
    pub first: Vec<u32>,
}

impl Rows {
    fn add(&mut self, row: u32) {
        self.total += 1;
        if self.first.len() < limits::FINDINGS_A_CODE {
            self.first.push(row);
        }
    }
}

/// See `seam.Tally`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Blocks that the tree did not use.
    pub unlinked: u64,
    /// Their bytes.
    pub unlinked_bytes: u64,
    /// Rows of those that are not sound; at most as many as are judged.
    pub unsound: Vec<u32>,
    /// Rows of sound ones that may be nodes or commits; likewise.
    pub untyped: Vec<u32>,
    /// Those of them whose bytes do not hash.
    pub damaged: Rows,
    /// Records that more than one key links to.
    pub shared: Rows,
    /// Blocks used both as node and as record.
    pub two_roles: Rows,
    /// Copies of blocks that have one that hashes; of those that have none and
    /// that the tree uses; and of all others.
    pub bad_copies: [Copies; 3],
    /// Rows of the first blocks that the tree did not use, whatever they are.
    pub unlinked_first: Vec<u32>,
    /// Rows of the first blocks that have a copy that hashes, too.
    pub duplicated_first: Vec<u32>,
}

impl Tally {
    fn add(&mut self, number: u32, row: &Block) {
        let mark = row.mark;
        if mark & DUPLICATE != 0 && self.duplicated_first.len() < limits::FINDINGS_A_CODE {
            self.duplicated_first.push(number);
        }
        if mark & LINKED != 0 {
            if mark & AGAIN != 0 {
                self.shared.add(number);
            }
            if mark & (RECORD | NODE) == RECORD | NODE {
                self.two_roles.add(number);
            }
            return;
        }
        self.unlinked += 1;
        if self.unlinked_first.len() < limits::FINDINGS_A_CODE {
            self.unlinked_first.push(number);
        }
        self.unlinked_bytes += u64::from(row.length);
        // Damage is always counted; of the others only a sample is judged.
        let rows = match State::of(mark) {
            State::WrongHash => {
                self.damaged.add(number);
                return;
            }
            State::Unsound => &mut self.unsound,
            State::Sound if row.kind.type_number() != 0 || mark & RAW_CODEC != 0 => return,
            State::Sound => &mut self.untyped,
        };
        if rows.len() < limits::UNLINKED_LOOKED_AT {
            rows.push(number);
        }
    }
}

/// Count, in one pass over all rows.
///
/// # Errors
/// The disk fails, or this was canceled.
pub fn tally(index: &BlockIndex) -> Result<Tally> {
    let mut tally = Tally::default();
    index.rows.some(0, u32::MAX, |number, row| {
        if (number as usize).is_multiple_of(LOOK) {
            index.pause.check()?;
        }
        tally.add(number, row);
        Ok(())
    })?;
    index.each_copy(|copy| {
        let mark = index.rows.mark(copy.row)?.unwrap_or(0);
        let sort = match (State::of(mark), mark & LINKED) {
            (State::Sound | State::Unsound, _) => 0,
            (State::WrongHash, 0) => 2,
            (State::WrongHash, _) => 1,
        };
        let copies = &mut tally.bad_copies[sort];
        copies.total += 1;
        if copies.first.len() < limits::FINDINGS_A_CODE {
            copies.first.push(*copy);
        }
        Ok(())
    })?;
    Ok(tally)
}
