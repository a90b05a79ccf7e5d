//! In which order the blocks of a tree stand in the file, and which it used.

use crate::blocks::block::Block;
use crate::blocks::block_index::BlockIndex;
use crate::error::Result;
use crate::marks::{AGAIN, LINKED, NODE, RECORD};

/// In which order the blocks of the tree stand in the file.
#[derive(Default)]
pub struct BlockOrder {
    last_offset: Option<u64>,
    /// Row of the first block that stands before the one walked before it.
    pub first_astray: Option<u32>,
    /// Greatest offset of a node met.
    pub last_node: Option<u64>,
    /// Smallest offset of a record met.
    pub first_record: Option<u64>,
    /// The row behind the last one met: the likeliest to come next.
    pub next_row: u32,
}

impl BlockOrder {
    /// Mark the block in `row` as used, and keep account of the order.
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
