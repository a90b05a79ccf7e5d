//! Check the sections of buffers on several cores, and give them back in order.
//!
//! Workers return what the sections of a buffer are. Of the index they have only the
//! rows on disk, to look the blocks up there. Only the caller's thread writes to the
//! index; it helps instead of waiting.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::blocks::lent_rows::LentRows;
use crate::blocks::tag_key::TagKey;
use crate::formats::car::Section;
use crate::scan::check::{Checked, Checker};

/// Sections checked at a time: few enough that their bytes stay in the cache.
pub const AT_ONCE: usize = 512;

/// Bytes of a CAR that several threads may read.
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A buffer, and the sections in it.
pub struct Buffer {
    /// The bytes.
    pub data: Bytes,
    /// Where they stand in the file.
    pub offset: u64,
    /// What is in them.
    pub sections: Vec<Section>,
}

impl Buffer {
    fn check(&self, checker: &mut Checker, key: &TagKey, on_disk: &LentRows) -> Vec<Checked> {
        let mut checked = Vec::with_capacity(self.sections.len());
        for sections in self.sections.chunks(AT_ONCE) {
            checker.check_all((*self.data).as_ref(), sections, key, &mut checked);
        }
        let sought = on_disk.find_all(checked.iter().map(|each| each.tag));
        for (checked, sought) in checked.iter_mut().zip(sought.into_iter().flatten()) {
            checked.sought = sought;
        }
        checked
    }
}

/// A buffer that went through the pool.
pub struct Done {
    /// What went in.
    pub buffer: Arc<Buffer>,
    /// What its sections are, in order.
    pub checked: Vec<Checked>,
}

enum Outcome {
    Waiting,
    Checked(Vec<Checked>),
    Panicked(Box<dyn Any + Send>),
}

struct Task {
    buffer: Arc<Buffer>,
    outcome: Mutex<Outcome>,
}

#[derive(Default)]
struct Queue {
    tasks: VecDeque<Arc<Task>>,
    closed: bool,
}

struct Shared {
    queue: Mutex<Queue>,
    /// Something is in the queue, or it was closed.
    filled: Condvar,
    /// A task is done. Waited for with the queue's lock.
    finished: Condvar,
    key: TagKey,
    on_disk: Arc<LentRows>,
}

impl Shared {
    fn check(&self, buffer: &Buffer, checker: &mut Checker) -> Vec<Checked> {
        buffer.check(checker, &self.key, &self.on_disk)
    }
}

/// Threads that check buffers.
pub struct Pool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
    /// What was put in and not yet taken out, in order.
    pending: VecDeque<Arc<Task>>,
    most: usize,
    checker: Checker,
}

impl Pool {
    /// Start a pool; the caller's thread counts as one of `threads`.
    #[must_use]
    pub fn new(threads: usize, key: TagKey, on_disk: Arc<LentRows>) -> Self {
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            filled: Condvar::new(),
            finished: Condvar::new(),
            key,
            on_disk,
        });
        let start = |_| {
            let shared = Arc::clone(&shared);
            let builder = std::thread::Builder::new().name("repoview-check".into());
            // If no more threads can be started, those there are do the work.
            builder.spawn(move || work(&shared)).ok()
        };
        let workers: Vec<_> = (1..threads).map_while(start).collect();
        Self {
            shared,
            most: 2 * (workers.len() + 1),
            workers,
            pending: VecDeque::new(),
            checker: Checker::default(),
        }
    }

    /// Put in a buffer.
    pub fn put(&mut self, buffer: Buffer) {
        let task = Arc::new(Task {
            buffer: Arc::new(buffer),
            outcome: Mutex::new(Outcome::Waiting),
        });
        self.pending.push_back(Arc::clone(&task));
        lock(&self.shared.queue).tasks.push_back(task);
        self.shared.filled.notify_one();
    }

    /// Return how many sections were put in and not yet taken out.
    #[must_use]
    pub fn sections(&self) -> usize {
        let sections = self.pending.iter().map(|task| task.buffer.sections.len());
        sections.sum()
    }

    /// Take out the next buffer, in the order of putting in.
    ///
    /// Returns None when there is none, or, unless `all` are wanted, when it
    /// is not worth waiting for the next one.
    ///
    /// # Panics
    /// A worker did.
    pub fn take(&mut self, all: bool) -> Option<Done> {
        loop {
            let first = self.pending.front()?;
            let outcome = std::mem::replace(&mut *lock(&first.outcome), Outcome::Waiting);
            match outcome {
                Outcome::Checked(checked) => {
                    let buffer = Arc::clone(&first.buffer);
                    self.pending.pop_front();
                    return Some(Done { buffer, checked });
                }
                // Its panic goes on here.
                Outcome::Panicked(panic) => resume_unwind(panic),
                Outcome::Waiting if !all && self.pending.len() < self.most => return None,
                Outcome::Waiting => self.help(),
            }
        }
    }

    /// Do a task that no worker has begun, or wait until one is done.
    fn help(&mut self) {
        let mut queue = lock(&self.shared.queue);
        if let Some(task) = queue.tasks.pop_front() {
            drop(queue);
            let checked = self.shared.check(&task.buffer, &mut self.checker);
            *lock(&task.outcome) = Outcome::Checked(checked);
            return;
        }
        // Every task is begun. Workers signal its end under this lock.
        while let Some(first) = self.pending.front() {
            if !matches!(*lock(&first.outcome), Outcome::Waiting) {
                return;
            }
            queue = self
                .shared
                .finished
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let mut queue = lock(&self.shared.queue);
        queue.closed = true;
        queue.tasks.clear();
        drop(queue);
        self.shared.filled.notify_all();
        for worker in self.workers.drain(..) {
            // Its panic, if any, was told when its task was taken out.
            drop(worker.join());
        }
    }
}

fn work(shared: &Shared) {
    let mut checker = Checker::default();
    loop {
        let mut queue = lock(&shared.queue);
        let task = loop {
            if queue.closed {
                return;
            }
            if let Some(task) = queue.tasks.pop_front() {
                break task;
            }
            queue = shared
                .filled
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        };
        drop(queue);
        let check = || shared.check(&task.buffer, &mut checker);
        let outcome = catch_unwind(AssertUnwindSafe(check));
        *lock(&task.outcome) = outcome.map_or_else(Outcome::Panicked, Outcome::Checked);
        drop(task);
        drop(lock(&shared.queue));
        shared.finished.notify_all();
    }
}

/// A lock is never held across what may panic: a poisoned one is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
