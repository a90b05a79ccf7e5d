//! The hot path of repoview: scan a CAR, look blocks up, walk the tree.
//!
//! The kernel accepts; it never diagnoses. What is plainly sound stays here,
//! everything else is handed over to the engine in Python, which says why. Its
//! twin in Python, `repoview/core/kernel/pure.py`, is the readable specification.

#![forbid(unsafe_code)]

pub mod blocks;
pub mod cid;
pub mod counted_faults;
pub mod error;
pub mod formats;
pub mod guard;
pub mod halves;
pub mod interleaving;
pub mod limits;
pub mod marks;
pub mod node_keys;
pub mod pause;
pub mod read_ahead;
pub mod scan;
pub mod search;
pub mod sha256;
pub mod sorting;
pub mod storage;
pub mod tally;
pub mod tid_days;
pub mod varint;
pub mod walk;

#[cfg(feature = "python")]
mod seam;
