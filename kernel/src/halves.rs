//! Split work between two threads.

use std::panic::resume_unwind;
use std::thread;

/// Call two functions and return what both do, the first of them in a thread of
/// its own where `is_shared`, and there can be one.
///
/// # Panics
/// One of them did.
pub fn both<A: Send, B>(
    is_shared: bool,
    theirs: &(dyn Fn() -> A + Sync),
    ours: impl FnOnce() -> B,
) -> (A, B) {
    if !is_shared {
        return (theirs(), ours());
    }
    thread::scope(|scope| {
        let builder = thread::Builder::new().name("repoview-half".into());
        let started = builder.spawn_scoped(scope, theirs);
        let ours = ours();
        let theirs = match started {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => theirs(),
        };
        (theirs, ours)
    })
}
