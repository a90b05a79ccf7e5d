//! Cancellation of work that takes long, by polling a callback.

use std::io;

/// Rows or entries between two polls.
pub const LOOK: usize = 1 << 14;

/// Returns an error to cancel, which is passed on.
pub type Ask = Box<dyn Fn() -> io::Result<()> + Send + Sync>;

/// The callback to poll; by default there is none.
#[derive(Default)]
pub struct Pause(Option<Ask>);

impl Pause {
    /// Poll this callback.
    #[must_use]
    pub fn asking(ask: Ask) -> Self {
        Self(Some(ask))
    }

    /// Poll the callback.
    ///
    /// # Errors
    /// That of the callback: the work was canceled.
    pub fn check(&self) -> io::Result<()> {
        self.0.as_ref().map_or(Ok(()), |ask| ask())
    }
}
