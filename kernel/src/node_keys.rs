//! The keys that nodes say, and keys in order.
//!
//! A node has its keys in full, whatever is lost around it. Canonical nodes are
//! accepted, and all else is left to the engine.

use std::cmp::Reverse;

use crate::blocks::block::{Found, NO_ROW};
use crate::blocks::rows::Rows;
use crate::blocks::tag_key::TagKey;
use crate::cid::CID;
use crate::error::Result;
use crate::formats::node::Node;
use crate::marks::State;

/// What canonical nodes say, in columns.
#[derive(Debug, Default)]
pub struct NodeKeys {
    /// Rows of the nodes.
    pub nodes: Vec<u32>,
    /// How many keys each has.
    pub counts: Vec<u32>,
    /// The keys, end to end.
    pub keys: Vec<u8>,
    /// Bytes of each key.
    pub sizes: Vec<u32>,
    /// Tags of the record of each key.
    records: Vec<u128>,
    /// Tags of the sub-trees.
    trees: Vec<u128>,
    /// Rows of what is no canonical node, or could not be read.
    pub others: Vec<u32>,
    node: Node,
}

impl NodeKeys {
    /// Take in the block of a row, if it could be read.
    #[expect(clippy::cast_possible_truncation, reason = "a node is small")]
    pub fn take(&mut self, key: &TagKey, row: u32, block: Option<&[u8]>) {
        let Some(data) = block.filter(|data| self.node.read(data)) else {
            self.others.push(row);
            return;
        };
        self.nodes.push(row);
        self.counts.push(self.node.entries.len() as u32);
        self.keys.extend_from_slice(&self.node.keys);
        let sizes = self.node.entries.iter().map(|entry| entry.key.len() as u32);
        self.sizes.extend(sizes);
        for (at, is_tree) in self.node.links() {
            let tag = key.tag(&data[at..at + CID]);
            if is_tree {
                self.trees.push(tag);
            } else {
                self.records.push(tag);
            }
        }
    }

    /// Return the row of each key's record, `NO_ROW` where that is not there or
    /// does not hash; and the rows of the sub-trees that are there.
    ///
    /// # Errors
    /// The disk fails.
    pub fn look_up(&self, rows: &Rows) -> Result<(Vec<u32>, Vec<u32>)> {
        let found = |tags: &[u128]| -> Result<Vec<u32>> {
            Ok(rows.look_up(tags, false)?.iter().map(whole).collect())
        };
        let mut trees = found(&self.trees)?;
        trees.retain(|&row| row != NO_ROW);
        Ok((found(&self.records)?, trees))
    }
}

fn whole(found: &Found) -> u32 {
    match State::of(found.mark) {
        State::WrongHash => NO_ROW,
        _ => found.row,
    }
}

/// Keys in order, and the row of each, in columns.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct KeyColumns {
    /// The keys, end to end.
    pub keys: Vec<u8>,
    /// Bytes of each key.
    pub sizes: Vec<u32>,
    /// One a key.
    pub rows: Vec<u32>,
    /// 1 where a key is another than the one before, else 0.
    pub firsts: Vec<u8>,
}

/// Return keys and their rows in order, what comes twice once: by key, and of one
/// key the greatest row first, but `NO_ROW` last. None if the columns do not fit
/// each other.
#[must_use]
pub fn sort_keys(keys: &[u8], sizes: &[u32], rows: &[u32]) -> Option<KeyColumns> {
    let mut pairs = Vec::with_capacity(rows.len());
    let mut rest = keys;
    if sizes.len() != rows.len() {
        return None;
    }
    for (&size, &row) in sizes.iter().zip(rows) {
        let (key, behind) = rest.split_at_checked(size as usize)?;
        pairs.push((key, Reverse(row.wrapping_add(1))));
        rest = behind;
    }
    if !rest.is_empty() {
        return None;
    }
    // Nodes come in order where the file does, and this finds what is sorted.
    pairs.sort();
    pairs.dedup();
    let mut sorted = KeyColumns::default();
    sorted.keys.reserve(keys.len());
    let mut before = None;
    for (key, Reverse(row)) in pairs {
        sorted.keys.extend_from_slice(key);
        sorted.sizes.push(u32::try_from(key.len()).ok()?);
        sorted.rows.push(row.wrapping_sub(1));
        sorted.firsts.push(u8::from(before != Some(key)));
        before = Some(key);
    }
    Some(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(pairs: &[(&str, u32)]) -> Vec<(String, u32, u8)> {
        let keys: String = pairs.iter().map(|pair| pair.0).collect();
        let sizes: Vec<u32> = pairs
            .iter()
            .map(|pair| u32::try_from(pair.0.len()).unwrap())
            .collect();
        let rows: Vec<u32> = pairs.iter().map(|pair| pair.1).collect();
        let found = sort_keys(keys.as_bytes(), &sizes, &rows).unwrap();
        let mut start = 0;
        let mut told = Vec::new();
        for ((&size, &row), &first) in found.sizes.iter().zip(&found.rows).zip(&found.firsts) {
            let key = &found.keys[start..start + size as usize];
            told.push((String::from_utf8(key.to_vec()).unwrap(), row, first));
            start += size as usize;
        }
        told
    }

    fn of(key: &str, row: u32, first: u8) -> (String, u32, u8) {
        (key.to_owned(), row, first)
    }

    #[test]
    fn keys_ascend_and_the_rows_of_one_descend_but_for_none() {
        let found = sorted(&[
            ("b", 1),
            ("a", NO_ROW),
            ("a", 0),
            ("ab", 5),
            ("a", 7),
            ("a", 0),
        ]);
        let wanted = [
            of("a", 7, 1),
            of("a", 0, 0),
            of("a", NO_ROW, 0),
            of("ab", 5, 1),
        ];
        assert_eq!(found[..4], wanted);
        assert_eq!(found[4..], [of("b", 1, 1)]);
    }

    #[test]
    fn columns_that_do_not_fit_are_refused() {
        assert_eq!(sort_keys(b"ab", &[1], &[1]), None);
        assert_eq!(sort_keys(b"a", &[2], &[1]), None);
        assert_eq!(sort_keys(b"a", &[1], &[]), None);
        assert_eq!(sort_keys(b"", &[], &[]), Some(KeyColumns::default()));
    }
}
