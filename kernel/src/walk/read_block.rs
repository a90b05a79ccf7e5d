//! The source of a walk's blocks.

use crate::blocks::block::Found;
use crate::error::Result;

/// Reads the bytes of blocks.
pub trait ReadBlock {
    /// Call `use_it` with the bytes of a block, which has `length` of them from
    /// `offset`; None without calling it if it cannot be read.
    fn read(&mut self, offset: u64, length: usize, use_it: &mut dyn FnMut(&[u8])) -> Option<()>;

    /// Do the same for the node in `row`, which may have been read ahead, and
    /// with what its links lead to, where that is known.
    ///
    /// # Errors
    /// The disk that has the index failed while links were looked up.
    fn read_node(
        &mut self,
        row: u32,
        offset: u64,
        length: usize,
        use_it: &mut dyn FnMut(&[u8], &[Found]),
    ) -> Result<Option<()>>;
}
