//! The hot path of repoview: scan a CAR, look blocks up, walk the tree.
//!
//! The kernel accepts; it never diagnoses. What is plainly sound stays here,
//! everything else is handed over to the engine in Python, which says why. Its
//! twin in Python, `repoview/core/kernel/pure.py`, is the readable specification.

#![forbid(unsafe_code)]

pub mod batch;
pub mod block;
pub mod block_order;
pub mod cbor;
pub mod check;
pub mod cid;
pub mod cid_order;
pub mod clean_text;
pub mod copies;
pub mod disk;
pub mod error;
pub mod faults;
pub mod filter;
pub mod framing;
pub mod guard;
pub mod index;
pub mod key;
pub mod kind;
pub mod lent;
pub mod limits;
pub mod marks;
pub mod node;
pub mod order;
pub mod packed_rows;
pub mod pages;
pub mod pause;
pub mod piece;
pub mod plan;
pub mod pool;
pub mod read_ahead;
pub mod read_block;
pub mod record_check;
pub mod rows;
pub mod rows_in_memory;
pub mod rows_on_disk;
pub mod run;
pub mod scan;
pub mod sealed_rows;
pub mod search;
pub mod sha256;
pub mod slots;
pub mod sorted_runs;
pub mod steps;
pub mod tag_key;
pub mod tally;
pub mod texts;
pub mod tid;
pub mod types;
pub mod varint;
pub mod waiting;
pub mod walk;

#[cfg(feature = "python")]
mod seam;
