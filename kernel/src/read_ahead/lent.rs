//! A block index shared with reading threads, and taken back for writing.
//!
//! The owner needs exclusive access to write, so readers then wait until the index
//! is lent again. Their results stay valid: no row ever gets another number.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::blocks::block_index::BlockIndex;

/// Where threads find the index, while it is lent.
#[derive(Default)]
pub struct Lent {
    index: Mutex<Option<Arc<BlockIndex>>>,
    /// Signaled when the index is lent again, or a thread is to end.
    changed: Condvar,
}

impl Lent {
    /// Lend the index, until it is taken back.
    pub fn give(&self, index: &Arc<BlockIndex>) {
        *self.lock() = Some(Arc::clone(index));
        self.changed.notify_all();
    }

    /// Take the index back, once no thread uses it: uses are short.
    pub fn take_back(&self) {
        *self.lock() = None;
    }

    /// Wake waiting threads, to check whether they are to end.
    pub fn wake(&self) {
        drop(self.lock());
        self.changed.notify_all();
    }

    /// Use the index, once it is lent; None if the thread is to end.
    ///
    /// The owner waits meanwhile, so this must not take long.
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
