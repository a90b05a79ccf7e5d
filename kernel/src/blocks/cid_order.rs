//! In which order the CIDs of the sections of a file come.

use std::cmp::Ordering::{Equal, Greater, Less};

use crate::cid::CID;

/// In which order CIDs came so far.
pub struct CidOrder {
    /// Whether each was greater than the one before.
    pub ascending: bool,
    /// Whether each was smaller than the one before.
    pub descending: bool,
    last: Option<[u8; CID]>,
}

impl Default for CidOrder {
    fn default() -> Self {
        Self {
            ascending: true,
            descending: true,
            last: None,
        }
    }
}

impl CidOrder {
    /// Take in the CID of the section that comes next.
    pub fn note(&mut self, cid: &[u8]) {
        if !self.ascending && !self.descending {
            return;
        }
        match self.last.map(|last| cid.cmp(&last[..])) {
            Some(Greater) => self.descending = false,
            Some(Less) => self.ascending = false,
            Some(Equal) | None => {}
        }
        self.last = cid.try_into().ok();
    }

    /// A CID of another form comes next: none can be compared with it.
    pub fn note_odd(&mut self) {
        self.ascending = false;
        self.descending = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order_of(cids: &[u8]) -> (bool, bool) {
        let mut order = CidOrder::default();
        for &byte in cids {
            order.note(&[byte; CID]);
        }
        (order.ascending, order.descending)
    }

    #[test]
    fn what_came_so_far_ascends_or_descends_or_neither() {
        assert_eq!(order_of(&[]), (true, true));
        assert_eq!(order_of(&[0]), (true, true));
        assert_eq!(order_of(&[7, 7]), (true, true));
        assert_eq!(order_of(&[1, 2, 2, 3]), (true, false));
        assert_eq!(order_of(&[3, 2, 2, 1]), (false, true));
        assert_eq!(order_of(&[1, 3, 2]), (false, false));
    }
}
