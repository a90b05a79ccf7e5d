//! Track the order of a tree's blocks in the file, and mark those it uses.

use crate::blocks::block::Block;
use crate::blocks::block_index::BlockIndex;
use crate::error::Result;
use crate::marks::{AGAIN, LINKED, NODE, RECORD};

/// The order of the tree's blocks in the file.
#[derive(Default)]
pub struct BlockOrder {
    last_offset: Option<u64>,
    /// Row of the first block that is out of walk order in the file.
    pub first_astray: Option<u32>,
    /// Greatest offset of a node met.
    pub last_node: Option<u64>,
    /// Smallest offset of a record met.
    pub first_record: Option<u64>,
    /// The row behind the last one met: the likeliest to come next.
    pub next_row: u32,
}

impl BlockOrder {
    /// Mark the block in `row` as used, and compare its offset with the order.
    ///
    /// # Errors
    /// The disk fails.
    pub fn meet(&mut self, index: &BlockIndex, row: u32, role: u8) -> Result<()> {
        match index.rows.get(row)? {
            Some(block) => self.meet_block(index, row, &block, role),
            None => Ok(()),
        }
    }

    /// Mark a block that was looked up.
    ///
    /// # Errors
    /// The disk fails.
    pub fn meet_block(
        &mut self,
        index: &BlockIndex,
        row: u32,
        block: &Block,
        role: u8,
    ) -> Result<()> {
        self.next_row = row + 1;
        let mark = block.mark;
        if mark & LINKED == 0 {
            let offset = block.offset;
            if self.last_offset.is_none_or(|last| offset > last) {
                self.last_offset = Some(offset);
            } else if self.first_astray.is_none() {
                self.first_astray = Some(row);
            }
            if role == NODE {
                self.last_node = self.last_node.max(Some(offset));
            } else if role == RECORD {
                let first = self.first_record.unwrap_or(u64::MAX);
                self.first_record = Some(first.min(offset));
            }
        }
        let again = if role == RECORD && mark & RECORD != 0 {
            AGAIN
        } else {
            0
        };
        index.rows.add_mark(row, role | again)
    }
}
