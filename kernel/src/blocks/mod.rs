//! The index of all blocks: CID to offset, length, state and `$type`.
//!
//! 32 bytes a block in memory, and a hash table over them; past a budget, rows on
//! disk and sorted runs with a Bloom filter each.

pub mod block;
pub mod block_index;
pub mod bloom_filter;
pub mod cid_order;
pub mod copies;
pub mod kind;
pub mod lent_rows;
pub mod packed_rows;
pub mod row_marks;
pub mod rows;
pub mod rows_in_memory;
pub mod rows_on_disk;
pub mod sealed_rows;
pub mod sorted_run;
pub mod sorted_runs;
pub mod tag_key;
pub mod tag_table;
pub mod type_names;
