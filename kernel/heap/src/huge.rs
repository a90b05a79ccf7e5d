//! Vectors of a fixed capacity in pages of 2 MiB, where the machine gives them.
//!
//! What is read at random from tens of megabytes spends much of its time on
//! finding the page: a processor remembers some thousand pages, whatever their size.
//! Usual systems give large ones only to those who ask (`madvise`).

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ops::Deref;
use std::ptr::NonNull;
use std::slice;

/// Bytes of a page.
pub const PAGE: usize = 1 << 21;

/// Up to as many values as one page holds. It never moves, and is allocated once.
pub struct HugeVec<T> {
    start: NonNull<T>,
    count: usize,
}

// SAFETY: it owns its values, as a `Vec` does.
unsafe impl<T: Send> Send for HugeVec<T> {}
// SAFETY: to share it gives shared references to its values alone.
unsafe impl<T: Sync> Sync for HugeVec<T> {}

impl<T> HugeVec<T> {
    /// How many values it takes.
    pub const ROOM: usize = PAGE / size_of::<T>();
    const LAYOUT: Layout = {
        assert!(size_of::<T>() > 0 && PAGE.is_multiple_of(align_of::<T>()));
        match Layout::from_size_align(PAGE, PAGE) {
            Ok(layout) => layout,
            Err(_) => panic!("a page has a layout"),
        }
    };

    /// Make an empty one.
    #[must_use]
    pub fn new() -> Self {
        // SAFETY: the size is not 0.
        let start = unsafe { alloc(Self::LAYOUT) };
        let Some(start) = NonNull::new(start) else {
            handle_alloc_error(Self::LAYOUT);
        };
        advise(start);
        Self {
            start: start.cast(),
            count: 0,
        }
    }

    /// Append a value.
    ///
    /// # Panics
    /// It is full.
    pub fn push(&mut self, value: T) {
        assert!(self.count < Self::ROOM, "a page is full");
        // SAFETY: this place is allocated, and holds no value yet.
        unsafe { self.start.add(self.count).write(value) };
        self.count += 1;
    }

    /// Put another value in the place of one that is there.
    ///
    /// # Panics
    /// There is none.
    pub fn put(&mut self, place: usize, value: T) {
        assert!(place < self.count, "no value is there");
        // SAFETY: a value is there, which is dropped; nobody else has a reference.
        unsafe { *self.start.add(place).as_mut() = value };
    }
}

impl<T> Default for HugeVec<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Deref for HugeVec<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        // SAFETY: so many values were written there, and none is changed while
        // this is borrowed.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.count) }
    }
}

impl<T> Drop for HugeVec<T> {
    fn drop(&mut self) {
        let values = std::ptr::slice_from_raw_parts_mut(self.start.as_ptr(), self.count);
        // SAFETY: the values are there and are not used any more, and the memory was
        // allocated with this layout.
        unsafe {
            std::ptr::drop_in_place(values);
            dealloc(self.start.as_ptr().cast(), Self::LAYOUT);
        }
    }
}

#[cfg(target_os = "linux")]
fn advise(start: NonNull<u8>) {
    const MADV_HUGEPAGE: i32 = 14;
    unsafe extern "C" {
        fn madvise(start: *mut u8, length: usize, advice: i32) -> i32;
    }
    // SAFETY: the memory is ours, and the advice changes nothing that is there.
    // Where the system knows no such pages it is not followed.
    unsafe { madvise(start.as_ptr(), PAGE, MADV_HUGEPAGE) };
}

#[cfg(not(target_os = "linux"))]
fn advise(_: NonNull<u8>) {}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    #[test]
    fn it_holds_what_was_put_there() {
        let mut all = HugeVec::<u64>::new();
        assert_eq!(HugeVec::<u64>::ROOM, PAGE / 8);
        for number in 0..HugeVec::<u64>::ROOM as u64 {
            all.push(number);
        }
        all.put(7, 1);
        assert!(
            (0..)
                .zip(&*all)
                .all(|(number, &held)| held == number || (number, held) == (7, 1))
        );
    }

    #[test]
    #[should_panic(expected = "a page is full")]
    fn it_never_takes_more_than_a_page() {
        let mut all = HugeVec::new();
        for _ in 0..=HugeVec::<[u8; 1 << 12]>::ROOM {
            all.push([0_u8; 1 << 12]);
        }
    }

    #[test]
    #[should_panic(expected = "no value is there")]
    fn a_place_that_is_empty_cannot_be_put_over() {
        HugeVec::new().put(0, 1);
    }

    #[test]
    fn values_are_dropped_once() {
        let value = Rc::new(());
        let mut all = HugeVec::new();
        for _ in 0..5 {
            all.push(Rc::clone(&value));
        }
        all.put(2, Rc::clone(&value));
        assert_eq!(Rc::strong_count(&value), 6);
        drop(all);
        assert_eq!(Rc::strong_count(&value), 1);
    }
}
