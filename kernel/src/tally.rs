//! What the marks on an index say once a walk is over.

use crate::index::{AGAIN, Index, LINKED, NODE, RAW_CODEC, RECORD, State};
use crate::limits;

/// See `seam.Tally`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Blocks that the tree did not use.
    pub unlinked: u64,
    /// Their bytes.
    pub unlinked_bytes: u64,
    /// Rows of those that are not sound; at most as many as are looked at.
    pub unsound: Vec<u32>,
    /// Rows of sound ones that may be nodes or commits; likewise.
    pub untyped: Vec<u32>,
    /// Rows of those whose bytes do not hash.
    pub damaged: Vec<u32>,
    /// Rows of records that more than one key links to.
    pub shared: Vec<u32>,
    /// Rows used both as node and as record.
    pub two_roles: Vec<u32>,
}

/// Look at every row once.
#[must_use]
pub fn tally(index: &Index) -> Tally {
    let mut tally = Tally::default();
    index.each(|number, row| {
        let mark = row.mark;
        if mark & LINKED != 0 {
            if mark & AGAIN != 0 {
                tally.shared.push(number);
            }
            if mark & (RECORD | NODE) == RECORD | NODE {
                tally.two_roles.push(number);
            }
            return;
        }
        tally.unlinked += 1;
        tally.unlinked_bytes += u64::from(row.length);
        // Damage is always told; of the others only a sample is looked at.
        let rows = match State::of(mark) {
            State::WrongHash => {
                tally.damaged.push(number);
                return;
            }
            State::Unsound => &mut tally.unsound,
            State::Sound if row.kind.type_number() != 0 || mark & RAW_CODEC != 0 => return,
            State::Sound => &mut tally.untyped,
        };
        if rows.len() < limits::UNLINKED_LOOKED_AT {
            rows.push(number);
        }
    });
    tally
}
