//! Bytes on disk.

pub mod page_cache;
pub mod positional_file;
