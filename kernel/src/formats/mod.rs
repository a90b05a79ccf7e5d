//! Bytes to values, and the rules of each format; no input or output.

pub mod blob_rules;
pub mod car;
pub mod clean_text;
pub mod dagcbor;
pub mod json_number;
pub mod json_text;
pub mod key;
pub mod met_faults;
pub mod node;
pub mod sound_items;
pub mod text_spans;
