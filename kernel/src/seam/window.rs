//! Reads blocks for a walk: from the buffers just scanned, or from the source.

use std::collections::VecDeque;
use std::sync::Arc;

use super::reader::Reader;
use crate::blocks::block::Found;
use crate::blocks::block_index::BlockIndex as Index;
use crate::error::Result;
use crate::read_ahead::ReadAhead;
use crate::scan::pool::Buffer;
use crate::walk::read_block::ReadBlock;

/// A reader, and the buffers that were scanned last.
pub struct Window<'a> {
    /// Of the blocks.
    pub index: &'a Index,
    /// The newest last.
    pub recent: &'a VecDeque<Arc<Buffer>>,
    /// For all else.
    pub reader: &'a Reader,
    /// The read-ahead.
    pub ahead: &'a mut Option<ReadAhead>,
    /// For what is read.
    pub scratch: &'a mut Vec<u8>,
}

impl ReadBlock for Window<'_> {
    fn read_node(
        &mut self,
        row: u32,
        offset: u64,
        length: usize,
        use_it: &mut dyn FnMut(&[u8], &[Found]),
    ) -> Result<Option<()>> {
        let reader = self.reader;
        let read = |offset: u64, buffer: &mut [u8]| reader.read(offset, buffer);
        if let Some(ahead) = self.ahead
            && let Some((block, links)) = ahead.take(row, self.index, &read)?
        {
            use_it(block, links);
            return Ok(Some(()));
        }
        Ok(self.read(offset, length, &mut |block| use_it(block, &[])))
    }

    fn read(&mut self, offset: u64, length: usize, use_it: &mut dyn FnMut(&[u8])) -> Option<()> {
        for buffer in self.recent.iter().rev() {
            let data = (*buffer.data).as_ref();
            let Some(start) = offset.checked_sub(buffer.offset) else {
                continue;
            };
            let start = usize::try_from(start).ok()?;
            if let Some(block) = data.get(start..).and_then(|data| data.get(..length)) {
                use_it(block);
                return Some(());
            }
        }
        self.scratch.resize(length, 0);
        self.reader.read(offset, self.scratch)?;
        use_it(self.scratch);
        Some(())
    }
}
