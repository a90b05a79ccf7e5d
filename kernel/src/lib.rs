//! The hot path of repoview: scan a CAR, look blocks up, walk the tree.
//!
//! The kernel accepts; it never diagnoses. What is plainly sound stays here,
//! everything else is handed over to the engine in Python, which says why. Its
//! twin in Python, `repoview/core/kernel/pure.py`, is the readable specification.

#![forbid(unsafe_code)]

pub mod batch;
pub mod block;
pub mod block_index;
pub mod block_order;
pub mod bloom_filter;
pub mod car;
pub mod check;
pub mod cid;
pub mod cid_order;
pub mod clean_text;
pub mod copies;
pub mod counted_faults;
pub mod dagcbor;
pub mod error;
pub mod frames;
pub mod guard;
pub mod key;
pub mod kind;
pub mod lent;
pub mod limits;
pub mod marks;
pub mod node;
pub mod packed_rows;
pub mod page_cache;
pub mod pause;
pub mod piece;
pub mod plan;
pub mod pool;
pub mod positional_file;
pub mod read_ahead;
pub mod read_block;
pub mod record_check;
pub mod rows;
pub mod rows_in_memory;
pub mod rows_on_disk;
pub mod scan;
pub mod sealed_rows;
pub mod search;
pub mod sha256;
pub mod sorted_run;
pub mod sorted_runs;
pub mod sorting;
pub mod tag_key;
pub mod tag_table;
pub mod tally;
pub mod text_spans;
pub mod tid_days;
pub mod type_names;
pub mod varint;
pub mod waiting;
pub mod walk;
pub mod walk_state;

#[cfg(feature = "python")]
mod seam;
