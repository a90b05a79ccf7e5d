//! Bytes to values, and the rules of each format; no input or output.

pub mod car;
pub mod clean_text;
pub mod dagcbor;
pub mod key;
pub mod node;
pub mod text_spans;
