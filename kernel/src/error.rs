//! Why an index cannot do what was asked of it.

use std::io;

/// Why an index cannot do what was asked of it.
#[derive(Debug)]
pub enum Error {
    /// Memory holds all the rows that can be numbered there: so many.
    TooMany(usize),
    /// The disk failed or is full, or a poll canceled.
    Disk(io::Error),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// What an index answers.
pub type Result<T> = std::result::Result<T, Error>;
