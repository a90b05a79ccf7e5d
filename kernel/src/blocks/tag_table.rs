//! The hash table over the rows of an index: tag → row.
//!
//! Open addressing. A slot is four bytes: 26 bits of row number, and six of the tag,
//! so that the wrong row is rarely read. A small table is one array; a larger one
//! has segments that grow one by one, by half: memory never doubles at once.

use crate::blocks::block::NO_ROW;

const SEGMENTS: usize = 256;
/// Rows from which a table has segments.
const LARGE: usize = 4_096;
const FIRST_SLOTS: usize = 8;
const ROW_BITS: u32 = 26;
const ROW: u32 = (1 << ROW_BITS) - 1;
/// Sentinel for an empty slot; no row has this number.
const EMPTY: u32 = u32::MAX;

/// There are more rows than a slot can tell apart.
#[derive(Clone, Copy, Debug)]
pub struct Full;

#[derive(Clone, Default)]
struct Segment {
    slots: Vec<u32>,
    used: usize,
}

/// Tag → row. Tags are hashes, so any of their bits will do.
pub struct TagTable {
    segments: Vec<Segment>,
}

impl Default for TagTable {
    fn default() -> Self {
        Self {
            segments: vec![Segment::default()],
        }
    }
}

impl TagTable {
    /// Return the row of a tag, or `NO_ROW`. `is_it` tells whether a row with
    /// the same six bits is the one.
    #[inline]
    #[must_use]
    pub fn find(&self, tag: u128, is_it: impl Fn(u32) -> bool) -> u32 {
        let slots = &self.segments[self.segment_of(tag)].slots;
        if slots.is_empty() {
            return NO_ROW;
        }
        let mark = mark_of(tag);
        let mut place = place_of(tag, slots.len());
        loop {
            let slot = slots[place];
            if slot == EMPTY {
                return NO_ROW;
            }
            if slot & !ROW == mark && is_it(slot & ROW) {
                return slot & ROW;
            }
            place = next(place, slots.len());
        }
    }

    /// Return the row that is the likeliest to be that of a tag, or `NO_ROW`.
    #[inline]
    #[must_use]
    pub fn first(&self, tag: u128) -> u32 {
        let slots = &self.segments[self.segment_of(tag)].slots;
        if slots.is_empty() {
            return NO_ROW;
        }
        let slot = slots[place_of(tag, slots.len())];
        if slot != EMPTY && slot & !ROW == mark_of(tag) {
            slot & ROW
        } else {
            NO_ROW
        }
    }

    /// Add a row that is not there. `tag_of` tells the tags of all rows.
    ///
    /// # Errors
    /// There are more rows than a slot can number.
    pub fn add(&mut self, tag: u128, row: u32, tag_of: impl Fn(u32) -> u128) -> Result<(), Full> {
        if row >= ROW {
            return Err(Full);
        }
        let segment = self.segment_of(tag);
        if self.segments[segment].used == LARGE && self.segments.len() == 1 {
            self.split(LARGE, &tag_of);
            return self.add(tag, row, tag_of);
        }
        self.segments[segment].add(tag, row, tag_of);
        Ok(())
    }

    /// Reserve memory for so many rows.
    pub fn reserve(&mut self, rows: usize, tag_of: impl Fn(u32) -> u128) {
        if self.segments.len() == 1 && rows > LARGE {
            self.split(rows, &tag_of);
        }
        let size = slots_for(rows / self.segments.len());
        for segment in &mut self.segments {
            if size > segment.slots.len() {
                segment.resize(size, &tag_of);
            }
        }
    }

    /// Make segments of the one piece, with room for so many rows.
    fn split(&mut self, rows: usize, tag_of: impl Fn(u32) -> u128) {
        let empty = Segment {
            slots: vec![EMPTY; slots_for(rows / SEGMENTS)],
            used: 0,
        };
        let old = std::mem::replace(&mut self.segments, vec![empty; SEGMENTS]);
        for slot in old.into_iter().flat_map(|segment| segment.slots) {
            if slot != EMPTY {
                let tag = tag_of(slot & ROW);
                let segment = self.segment_of(tag);
                self.segments[segment].add(tag, slot & ROW, &tag_of);
            }
        }
    }

    /// Segment, mark and place are of different bits of a tag: segments of the
    /// first, so that they have the order of tags.
    #[inline]
    fn segment_of(&self, tag: u128) -> usize {
        (tag >> 120) as usize % self.segments.len()
    }

    /// Return all rows, in parts: those of each part have tags that are smaller
    /// than those of the next.
    pub fn into_rows(self) -> impl Iterator<Item = Vec<u32>> {
        let segments = self.segments.into_iter();
        segments.map(|segment| {
            let rows = segment.slots.into_iter().filter(|&slot| slot != EMPTY);
            rows.map(|slot| slot & ROW).collect()
        })
    }

    /// Return the bytes that the table takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let slots = self.segments.iter().map(|segment| segment.slots.capacity());
        slots.sum::<usize>() * size_of::<u32>()
    }
}

impl Segment {
    fn add(&mut self, tag: u128, row: u32, tag_of: impl Fn(u32) -> u128) {
        self.used += 1;
        if self.used * 5 > self.slots.len() * 4 {
            let size = self.slots.len();
            self.resize((size + size / 2 + 1).max(FIRST_SLOTS), tag_of);
        }
        put(&mut self.slots, tag, row);
    }

    fn resize(&mut self, size: usize, tag_of: impl Fn(u32) -> u128) {
        let old = std::mem::replace(&mut self.slots, vec![EMPTY; size]);
        for slot in old {
            if slot != EMPTY {
                put(&mut self.slots, tag_of(slot & ROW), slot & ROW);
            }
        }
    }
}

fn put(slots: &mut [u32], tag: u128, row: u32) {
    let mut place = place_of(tag, slots.len());
    while slots[place] != EMPTY {
        place = next(place, slots.len());
    }
    slots[place] = mark_of(tag) | row;
}

fn slots_for(rows: usize) -> usize {
    rows * 5 / 4 + FIRST_SLOTS
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "any bits of a hash will do"
)]
fn mark_of(tag: u128) -> u32 {
    (tag >> 64) as u32 & !ROW
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the low bits, scaled to the size"
)]
fn place_of(tag: u128, size: usize) -> usize {
    ((u128::from(tag as u64) * size as u128) >> 64) as usize
}

fn next(place: usize, size: usize) -> usize {
    if place + 1 == size { 0 } else { place + 1 }
}
