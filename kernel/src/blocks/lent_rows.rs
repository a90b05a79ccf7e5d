//! The rows on disk, lent to threads that look blocks up before they are inserted.
//!
//! What is found stays valid: no row ever gets another number. That a block is not
//! there is valid until more rows go to disk.

use std::sync::{Arc, PoisonError, RwLock};

use crate::blocks::block::NO_ROW;
use crate::blocks::sealed_rows::SealedRows;

/// What was found on disk of one block.
#[derive(Clone, Copy, Debug)]
pub struct Sought {
    /// Its row, or `NO_ROW`.
    pub row: u32,
    /// How many rows were on disk then.
    pub among: u32,
}

impl Sought {
    /// Not looked up: right only while no row is on disk.
    pub const NOWHERE: Self = Self {
        row: NO_ROW,
        among: 0,
    };
}

/// Where threads find the rows on disk, while these are not written on.
#[derive(Default)]
pub struct LentRows(RwLock<Option<Arc<SealedRows>>>);

impl LentRows {
    /// Lend the rows, until they are taken back.
    pub fn give(&self, rows: &Arc<SealedRows>) {
        self.replace(Some(Arc::clone(rows)));
    }

    /// Take the rows back, once no thread uses them.
    pub fn take_back(&self) {
        self.replace(None);
    }

    /// Look tags up on disk, in order. None while no rows are lent, and where the
    /// disk fails: whoever inserts the blocks will see it.
    pub fn find_all(&self, tags: impl Iterator<Item = u128>) -> Option<Vec<Sought>> {
        let rows = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let rows = rows.as_ref()?;
        let tags: Vec<u128> = tags.collect();
        let mut wanted: Vec<u32> = (0..).zip(&tags).map(|(place, _)| place).collect();
        wanted.sort_unstable_by_key(|&place| tags[place as usize]);
        let pairs = rows.runs.find_all(&tags, &wanted).ok()?;
        let missing = Sought {
            row: NO_ROW,
            among: rows.rows.len(),
        };
        let mut found = vec![missing; tags.len()];
        for (row, place) in pairs {
            found[place as usize].row = row;
        }
        Some(found)
    }

    /// A value is put there whole: a poisoned lock is sound.
    fn replace(&self, rows: Option<Arc<SealedRows>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = rows;
    }
}
