//! What is marked of a block: its state, its codec, and how the tree used it.

/// Bits of a mark: the state.
pub const STATE: u8 = 0b11;
/// The CID is of codec raw.
pub const RAW_CODEC: u8 = 1 << 2;
/// Linked to as a record.
pub const RECORD: u8 = 1 << 3;
/// Linked to as a record by a second key.
pub const AGAIN: u8 = 1 << 4;
/// Entered as a node.
pub const NODE: u8 = 1 << 5;
/// A second copy was met.
pub const DUPLICATE: u8 = 1 << 6;
/// Taken as the commit.
pub const COMMIT: u8 = 1 << 7;
/// Used by the tree, in any way.
pub const LINKED: u8 = RECORD | NODE | COMMIT;

/// What is known of a block from its bytes alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// It hashes to its CID, and nothing is wrong with it.
    Sound = 0,
    /// It hashes, but something about it is, or may be, a finding.
    Unsound = 1,
    /// The bytes are not those that the CID names.
    WrongHash = 2,
}

impl State {
    /// Return the state that a mark, or Python, has as a number.
    #[must_use]
    pub fn of(mark: u8) -> Self {
        match mark & STATE {
            0 => State::Sound,
            1 => State::Unsound,
            _ => State::WrongHash,
        }
    }
}
