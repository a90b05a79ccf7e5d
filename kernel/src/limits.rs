//! The bounds that both twins of the kernel keep; `limits.py` has the reasons.

/// Bytes of a record from which it is unusual, and handed over.
pub const MAX_RECORD: usize = 1_000_000;
/// Open items at which a block is unusual.
pub const DEEP_NESTING: usize = 32;
/// Values of a block that is not sound from which it is handed over.
pub const MAX_VALUES: usize = 1_000_000;
/// Items of one array or map.
pub const MAX_ITEMS: u64 = 131_072;
/// Bytes of a map key.
pub const MAX_MAP_KEY: u64 = 8_192;
/// Greatest integer that every reader keeps exactly.
pub const MAX_SAFE: u64 = (1 << 53) - 1;
/// Bytes of a CID.
pub const MAX_CID: usize = 100;
/// Faults kept for one block.
pub const FAULTS_A_BLOCK: u64 = 100;
/// Entries of a node from which it is unusual.
pub const MANY_ENTRIES: usize = 64;
/// Bytes of an MST key.
pub const MAX_KEY: usize = 4_096;
/// Bytes of a key that every reader takes.
pub const LONG_KEY: usize = 256;
/// Bytes of a key that newer readers take.
pub const LONGEST_KEY: usize = 1_024;
/// Bytes of a record key.
pub const MAX_RKEY: usize = 512;
/// Bytes of the domain part of a collection.
pub const MAX_DOMAIN: usize = 253;
/// Depth of a top node from which it is unusual.
pub const HIGH_TREE: u8 = 24;
/// Nodes on a way down the tree.
pub const MAX_TREE: usize = 129;
/// Characters of an NSID.
pub const MAX_NSID: usize = 317;
/// `$type`s that are kept.
pub const KEPT_TYPES: u16 = 4_096;
/// Unlinked blocks that are looked at.
pub const UNLINKED_LOOKED_AT: usize = 10_000;
/// Findings kept for one code.
pub const FINDINGS_A_CODE: usize = 100;
/// What a block costs in the index, at most, with its share of the table.
pub const BLOCK_BYTES: usize = 40;
