//! An index that its owner lends to threads that read in it.
//!
//! Whoever writes must have it alone, so it is taken back for that, and threads
//! wait until it is lent again. What they know of it stays true meanwhile: no
//! row ever gets another number.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::blocks::block_index::BlockIndex;

/// Where threads find the index, while it is lent.
#[derive(Default)]
pub struct Lent {
    index: Mutex<Option<Arc<BlockIndex>>>,
    /// It was lent again, or somebody is not wanted any more.
    changed: Condvar,
}

impl Lent {
    /// Lend the index, until it is taken back.
    pub fn give(&self, index: &Arc<BlockIndex>) {
        *self.lock() = Some(Arc::clone(index));
        self.changed.notify_all();
    }

    /// Take the index back, as soon as nobody uses it: after one short use.
    pub fn take_back(&self) {
        *self.lock() = None;
    }

    /// Have those who wait look whether they are still wanted.
    pub fn wake(&self) {
        drop(self.lock());
        self.changed.notify_all();
    }

    /// Use the index, once it is lent; None where that is not wanted any more.
    ///
    /// It is lent while it is used, so to use it should not take long.
    pub fn with<T>(
        &self,
        is_wanted: impl Fn() -> bool,
        use_it: impl FnOnce(&BlockIndex) -> T,
    ) -> Option<T> {
        let mut index = self.lock();
        while is_wanted() {
            if let Some(index) = &*index {
                return Some(use_it(index));
            }
            index = self
                .changed
                .wait(index)
                .unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    /// Nothing is half changed while this is held: a poisoned one is sound.
    fn lock(&self) -> MutexGuard<'_, Option<Arc<BlockIndex>>> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
