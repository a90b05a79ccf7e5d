//! That an index is full.

/// Nothing more can be taken in: the disk failed, or memory holds all the rows
/// that can be numbered there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;
