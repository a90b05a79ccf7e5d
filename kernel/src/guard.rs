//! A panic is a bug of the kernel; its caller gets an error like any other.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, PoisonError};

/// What the last panic said, and where it was.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// From now on, keep what a panic says instead of writing it on the terminal,
/// which may be showing the explorer.
pub fn keep_quiet() {
    panic::set_hook(Box::new(|panic| {
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic.to_string());
    }));
}

/// Do some work.
///
/// What it was changing when it panicked is half changed: it can be dropped,
/// and is good for nothing else.
///
/// # Errors
/// It panicked; this is what it said, as far as that is known.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        last.take().unwrap_or_else(|| "it panicked".into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_that_says_what_and_where() {
        assert_eq!(guarded(|| 1), Ok(1));
        keep_quiet();
        let said = guarded(|| panic!("number {}", 7)).unwrap_err();
        drop(panic::take_hook());
        assert!(
            said.contains("number 7") && said.contains("guard.rs"),
            "{said}"
        );
    }
}
