//! What a walk met, in columns: records and nodes, in its order.

use crate::blocks::block::NO_ROW;
use crate::cid::CID;
use crate::counted_faults::Counts;
use crate::formats::key::collection_of;

/// Sentinel for a depth that is not known.
pub const UNKNOWN_DEPTH: u8 = 0xff;
/// Sentinel for "no parent".
pub const NO_PARENT: u32 = u32::MAX;

/// What a link to a sub-tree led to: the two kinds that are no fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum NodeKind {
    /// A node that was entered.
    Node = 0,
    /// Its block is not in the file.
    Missing = 1,
}

/// A link to a node that was not entered, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The CID that is linked to.
    pub cid: Vec<u8>,
    /// Section of the node that has the link.
    pub parent_offset: u64,
    /// Of the node, where it is known.
    pub depth: Option<u8>,
    /// The key, or the greatest that is left of the sub-tree.
    pub lo: Vec<u8>,
    /// The smallest key right of the sub-tree.
    pub hi: Option<Vec<u8>>,
}

/// Records whose block the index lacks, in columns.
#[derive(Default)]
pub struct Missing {
    /// Of the records.
    pub numbers: Vec<u64>,
    /// Their CIDs, 36 bytes each; zeros for one that is not of this form.
    pub cids: Vec<u8>,
    /// Sections of the nodes that link to them.
    pub parents: Vec<u64>,
    /// By record: the CIDs that are of another form.
    pub odd: Vec<(u64, Vec<u8>)>,
}

/// Adjacent records of one collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CollectionRange {
    /// Number of the first.
    pub start: u64,
    /// Their collection.
    pub collection: Vec<u8>,
    /// Bytes of their blocks.
    pub bytes: u64,
}

/// Columns of one batch. Numbers of records and nodes, and bytes of keys, are
/// counted from the walk's first, not from the batch's.
#[derive(Default)]
pub struct Batch {
    /// The keys of the records, end to end.
    pub keys: Vec<u8>,
    /// Where each key ends.
    pub ends: Vec<u64>,
    /// The block of each record.
    pub rows: Vec<u32>,
    /// Those without a row.
    pub missing: Missing,
    /// The collections of the records.
    pub collections: Vec<CollectionRange>,
    /// The block of each node.
    pub node_rows: Vec<u32>,
    /// The nodes that hold the links to them.
    pub parents: Vec<u32>,
    /// Their depths.
    pub depths: Vec<u8>,
    /// Steps from the top.
    pub distances: Vec<u8>,
    /// What the links led to.
    pub kinds: Vec<u8>,
    /// Records before each.
    pub first_records: Vec<u32>,
    /// Number behind the last node below each; 0 while this is not known.
    pub node_ends: Vec<u32>,
    /// Number behind the last record in or below each, where that is known.
    pub record_ends: Vec<u32>,
    /// Nodes of earlier batches that were left: node, node end, record end.
    pub closed: Vec<(u32, u32, u32)>,
    /// By node: those without a block that could be entered.
    pub holes: Vec<(u32, Hole)>,
    /// Whether a key is misplaced.
    pub misplaced: bool,
    /// What is wrong with records, where that is only counted.
    pub faults: Counts,
}

impl Batch {
    /// Tell whether a key has a capital letter of ASCII.
    #[must_use]
    pub fn has_capitals(&self) -> bool {
        // Without a way out of the loop it is done many bytes at a time.
        let are = |found, byte: &u8| found | byte.is_ascii_uppercase();
        self.keys.iter().fold(false, are)
    }
}

/// Return the place of the greatest row, the first of equal ones.
#[must_use]
pub fn greatest(rows: &[u32]) -> Option<usize> {
    // One more is 0 for `NO_ROW`.
    let most = rows.iter().map(|row| row.wrapping_add(1)).max()?;
    let is_it = |row: &u32| row.wrapping_add(1) == most;
    rows.iter().position(is_it).filter(|_| most > 0)
}

/// A node, one value for each column.
pub struct NodeFacts {
    /// Its block, or `NO_ROW`.
    pub row: u32,
    /// The node that links to it, or `NO_PARENT`.
    pub parent: u32,
    /// Its depth, where it is known.
    pub depth: Option<u8>,
    /// Steps from the top.
    pub distance: usize,
    /// What the link led to.
    pub kind: u8,
}

/// Writes batches, and counts over all of them.
#[derive(Default)]
pub struct Writer {
    batch: Batch,
    records: u64,
    nodes: u32,
    first_node: u32,
    key_bytes: u64,
}

impl Writer {
    /// Tell whether there are `most` records or nodes in the batch.
    #[must_use]
    pub fn holds(&self, most: usize) -> bool {
        self.batch.rows.len() >= most || self.batch.node_rows.len() >= most
    }

    /// Return the batch, and begin a new one.
    pub fn take(&mut self) -> Batch {
        self.first_node = self.nodes;
        std::mem::take(&mut self.batch)
    }

    /// Note that a key is misplaced.
    pub fn misplace(&mut self) {
        self.batch.misplaced = true;
    }

    /// Count what is wrong with a record.
    pub fn count_faults(&mut self, faults: &Counts) {
        for (all, more) in self.batch.faults.iter_mut().zip(faults) {
            *all += more;
        }
    }

    /// Append a record without a row, which the node at `parent` links to.
    pub fn add_missing(&mut self, key: &[u8], cid: &[u8], parent: u64, length: u64) {
        let missing = &mut self.batch.missing;
        missing.numbers.push(self.records);
        missing.parents.push(parent);
        if cid.len() == CID {
            missing.cids.extend_from_slice(cid);
        } else {
            missing.cids.extend_from_slice(&[0; CID]);
            missing.odd.push((self.records, cid.to_vec()));
        }
        self.add_record(key, NO_ROW, length);
    }

    /// Append a record, whose block has `length` bytes.
    pub fn add_record(&mut self, key: &[u8], row: u32, length: u64) {
        let batch = &mut self.batch;
        batch.keys.extend_from_slice(key);
        self.key_bytes += key.len() as u64;
        batch.ends.push(self.key_bytes);
        batch.rows.push(row);
        let collection = collection_of(key);
        match batch.collections.last_mut() {
            Some(range) if range.collection == collection => range.bytes += length,
            _ => batch.collections.push(CollectionRange {
                start: self.records,
                collection: collection.to_vec(),
                bytes: length,
            }),
        }
        self.records += 1;
    }

    /// Append a node, or a link that leads to none; return its number.
    pub fn add_node(&mut self, node: &NodeFacts, hole: Option<Hole>) -> u32 {
        let number = self.nodes;
        let records = self.records_met();
        let batch = &mut self.batch;
        if let Some(hole) = hole {
            batch.holes.push((number, hole));
        }
        batch.node_rows.push(node.row);
        batch.parents.push(node.parent);
        batch.depths.push(node.depth.unwrap_or(UNKNOWN_DEPTH));
        batch
            .distances
            .push(u8::try_from(node.distance).unwrap_or(u8::MAX));
        batch.kinds.push(node.kind);
        batch.first_records.push(records);
        let entered = node.kind == NodeKind::Node as u8;
        batch.node_ends.push(if entered { 0 } else { number + 1 });
        batch.record_ends.push(records);
        self.nodes += 1;
        number
    }

    /// Note that a node was left, and so where it ends.
    pub fn close(&mut self, number: u32) {
        let records = self.records_met();
        match number.checked_sub(self.first_node) {
            Some(place) => {
                self.batch.node_ends[place as usize] = self.nodes;
                self.batch.record_ends[place as usize] = records;
            }
            None => self.batch.closed.push((number, self.nodes, records)),
        }
    }

    fn records_met(&self) -> u32 {
        u32::try_from(self.records).unwrap_or(u32::MAX)
    }
}
