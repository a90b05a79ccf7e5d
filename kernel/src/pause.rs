//! Somebody may want work that takes long to end before it is done.

use std::io;

/// Rows or entries between two looks.
pub const LOOK: usize = 1 << 14;

/// Fails where somebody does not want to go on, with what they say.
pub type Ask = Box<dyn Fn() -> io::Result<()> + Send + Sync>;

/// Asks, in between, whether to go on. By default nobody minds.
#[derive(Default)]
pub struct Pause(Option<Ask>);

impl Pause {
    /// Ask this one, each time.
    #[must_use]
    pub fn asking(ask: Ask) -> Self {
        Self(Some(ask))
    }

    /// Go on, if that is wanted.
    ///
    /// # Errors
    /// It is not.
    pub fn check(&self) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |ask| ask())
    }
}
