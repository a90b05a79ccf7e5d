//! A sorted run on disk: pairs of tag and row, found by tag with few short reads.
//!
//! In memory it has fences (8 bytes a page) and a Bloom filter (up to a byte a tag).
//! Both have a share of the budget: with very many tags the filter is coarser, or
//! left out, and only every n-th page has a fence; bisection finds those between.

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use crate::blocks::bloom_filter::BloomFilter;
use crate::pause::{LOOK, Pause};
use crate::storage::positional_file::read_exact_at;

/// Tag and row.
pub type Entry = (u128, u32);

/// Bytes of an entry.
pub const ENTRY: usize = 20;
/// Entries of one page, which fit into 4 KiB.
const PAGE: usize = 204;
/// From one tag in so many pages on, all pages are read sequentially.
const DENSE: usize = 8;
/// Bytes read or written at a time while merging.
const BUFFER: usize = (1 << 18) / ENTRY * ENTRY;
/// Share of the budget for filters: one n-th.
const FILTERS: usize = 4;
/// Share of the budget for fences: one n-th.
const FENCES: usize = 32;
/// Fewest fences.
const FEWEST_FENCES: usize = 64;

/// The memory that a run may take.
pub struct Room {
    /// Tags on disk, in all runs together.
    tags: usize,
    /// Bytes for all filters together.
    filters: usize,
    /// Pages from one fence to the next.
    stride: usize,
}

impl Room {
    /// Share out the budget of an index with so many tags on disk.
    #[must_use]
    pub fn of(budget: usize, tags: usize) -> Self {
        let fences = (budget / FENCES / size_of::<u64>()).max(FEWEST_FENCES);
        Self {
            tags,
            filters: budget / FILTERS,
            stride: tags.div_ceil(PAGE).div_ceil(fences).max(1),
        }
    }

    /// Return the bytes for the filter of so many of the tags.
    fn filter(&self, tags: usize) -> usize {
        let share = self.filters as u128 * tags as u128 / self.tags.max(1) as u128;
        let bytes = usize::try_from(share).unwrap_or(usize::MAX).min(tags);
        // With less than a bit a tag nearly all would be false positives.
        if bytes < tags / 8 { 0 } else { bytes }
    }
}

/// One run.
pub struct SortedRun {
    file: File,
    count: usize,
    /// Of one page in `stride`, the first half of its first tag.
    fences: Vec<u64>,
    stride: usize,
    filter: BloomFilter,
}

impl SortedRun {
    /// Write a run of sorted entries.
    ///
    /// # Errors
    /// The disk fails, or is full, or this was canceled.
    pub fn write(
        folder: &Path,
        count: usize,
        entries: impl Iterator<Item = io::Result<Entry>>,
        room: &Room,
        pause: &Pause,
    ) -> io::Result<Self> {
        let mut file = tempfile::tempfile_in(folder)?;
        let mut bytes = Vec::with_capacity(BUFFER);
        let between = PAGE * room.stride;
        let mut fences = Vec::with_capacity(count.div_ceil(between));
        let mut filter = BloomFilter::of(room.filter(count));
        for (number, entry) in entries.enumerate() {
            let (tag, row) = entry?;
            if number.is_multiple_of(LOOK) {
                pause.check()?;
            }
            if number.is_multiple_of(between) {
                fences.push(first_half(tag));
            }
            filter.add(tag);
            if bytes.len() == BUFFER {
                file.write_all(&bytes)?;
                bytes.clear();
            }
            bytes.extend_from_slice(&tag.to_be_bytes());
            bytes.extend_from_slice(&row.to_be_bytes());
        }
        file.write_all(&bytes)?;
        Ok(Self {
            file,
            count,
            fences,
            stride: room.stride,
            filter,
        })
    }

    /// Return how many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Tell whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Return the bytes of memory that this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.fences.len() * size_of::<u64>() + self.filter.bytes()
    }

    /// Free filter and fences: from now on it is only read, to be merged.
    pub fn forget(&mut self) {
        self.fences = Vec::new();
        self.filter = BloomFilter::default();
    }

    /// Return the row of a tag.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find(&self, tag: u128) -> io::Result<Option<u32>> {
        if !self.filter.may_have(tag) {
            return Ok(None);
        }
        let half = first_half(tag);
        let mut fence = self.fences.partition_point(|&fence| fence <= half);
        while fence > 0 {
            fence -= 1;
            let page = self.page_behind(fence, tag)?;
            if let Some(row) = self.find_in(page, tag)? {
                return Ok(Some(row));
            }
            // Only a tag with the same first half may be in front of the fence.
            if self.fences[fence] != half {
                break;
            }
        }
        Ok(None)
    }

    /// Find many tags. `wanted` are the indexes of those to find, in the order of
    /// the tags.
    ///
    /// Those found go from `wanted` to `rows`, as row and index. Pages are read
    /// sequentially, not one for each tag, where that is less work.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find_all(
        &self,
        tags: &[u128],
        wanted: &mut Vec<u32>,
        rows: &mut Vec<(u32, u32)>,
    ) -> io::Result<()> {
        let may_be_here = |&place: &u32| self.filter.may_have(tags[place as usize]);
        let likely = wanted.iter().filter(|place| may_be_here(place)).count();
        let dense = likely * DENSE >= self.count.div_ceil(PAGE);
        let mut pages = PagesInARow::new(self, dense);
        let mut left = 0;
        for next in 0..wanted.len() {
            let place = wanted[next];
            let tag = tags[place as usize];
            let found = if may_be_here(&place) {
                pages.find(tag)?
            } else {
                None
            };
            if let Some(row) = found {
                rows.push((row, place));
            } else {
                wanted[left] = place;
                left += 1;
            }
        }
        wanted.truncate(left);
        Ok(())
    }

    /// Prefetch the filter's cache line of a tag.
    #[must_use]
    pub fn fetch(&self, tag: u128) -> u64 {
        self.filter.fetch(tag)
    }

    /// Return the last page behind a fence that does not begin behind a tag.
    fn page_behind(&self, fence: usize, tag: u128) -> io::Result<usize> {
        let mut page = fence * self.stride;
        let mut stop = self.count.div_ceil(PAGE).min(page + self.stride);
        while stop - page > 1 {
            let middle = usize::midpoint(page, stop);
            let mut first = [0; 16];
            read_exact_at(&self.file, &mut first, (middle * PAGE * ENTRY) as u64)?;
            if u128::from_be_bytes(first) <= tag {
                page = middle;
            } else {
                stop = middle;
            }
        }
        Ok(page)
    }

    fn find_in(&self, page: usize, tag: u128) -> io::Result<Option<u32>> {
        let first = page * PAGE;
        let count = PAGE.min(self.count - first);
        let mut bytes = [0; PAGE * ENTRY];
        let bytes = &mut bytes[..count * ENTRY];
        read_exact_at(&self.file, bytes, (first * ENTRY) as u64)?;
        let (entries, _) = bytes.as_chunks::<ENTRY>();
        let found = entries.binary_search_by_key(&tag, |entry| entry_of(entry).0);
        Ok(found.ok().map(|place| entry_of(&entries[place]).1))
    }

    /// Read all entries; of a disk that fails, one is the error.
    #[must_use]
    pub fn entries(&self) -> Entries<'_> {
        Entries {
            run: self,
            read: 0,
            bytes: Vec::new(),
            next: 0,
        }
    }
}

/// Pages of a run, read sequentially for ascending tags.
struct PagesInARow<'a> {
    run: &'a SortedRun,
    /// Fences whose pages are read together.
    together: usize,
    /// Of the fences whose pages are in `bytes`.
    held: Range<usize>,
    bytes: Vec<u8>,
}

impl<'a> PagesInARow<'a> {
    fn new(run: &'a SortedRun, are_many: bool) -> Self {
        let most = BUFFER / (run.stride * PAGE * ENTRY);
        Self {
            run,
            together: if are_many { most } else { most.min(1) },
            held: 0..0,
            bytes: Vec::new(),
        }
    }

    fn find(&mut self, tag: u128) -> io::Result<Option<u32>> {
        let (run, half) = (self.run, first_half(tag));
        let behind = run.fences.partition_point(|&fence| fence <= half);
        let Some(fence) = behind.checked_sub(1) else {
            return Ok(None);
        };
        if self.together == 0 || run.fences[fence] == half {
            // There may be many pages behind a fence, or the tag may be before it.
            return run.find(tag);
        }
        let size = run.stride * PAGE * ENTRY;
        if !self.held.contains(&fence) {
            self.held = fence..fence + self.together;
            let start = fence * size;
            let rest = run.count * ENTRY - start;
            self.bytes.resize(rest.min(self.together * size), 0);
            read_exact_at(&run.file, &mut self.bytes, start as u64)?;
        }
        let start = (fence - self.held.start) * size;
        let part = &self.bytes[start..self.bytes.len().min(start + size)];
        let (entries, _) = part.as_chunks::<ENTRY>();
        let found = entries.binary_search_by_key(&tag, |entry| entry_of(entry).0);
        Ok(found.ok().map(|place| entry_of(&entries[place]).1))
    }
}

/// All entries of a run, from its file.
pub struct Entries<'a> {
    run: &'a SortedRun,
    /// Entries that were read.
    read: usize,
    bytes: Vec<u8>,
    /// Offset in `bytes` of the next one.
    next: usize,
}

impl Iterator for Entries<'_> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next == self.bytes.len() {
            let count = (self.run.count - self.read).min(BUFFER / ENTRY);
            self.bytes.resize(count * ENTRY, 0);
            let place = (self.read * ENTRY) as u64;
            if let Err(error) = read_exact_at(&self.run.file, &mut self.bytes, place) {
                return Some(Err(error));
            }
            self.read += count;
            self.next = 0;
        }
        let entry = self.bytes.get(self.next..)?.first_chunk()?;
        self.next += ENTRY;
        Some(Ok(entry_of(entry)))
    }
}

/// A k-way merge of sorted runs.
struct Merged<I> {
    /// For each run that has more, its next entry, and the rest.
    runs: Vec<(Entry, I)>,
}

/// Merge sorted runs; behind an error, entries are missing.
///
/// # Errors
/// The disk fails.
pub fn merged<I>(runs: Vec<I>) -> io::Result<impl Iterator<Item = io::Result<Entry>>>
where
    I: Iterator<Item = io::Result<Entry>>,
{
    let mut merged = Merged {
        runs: Vec::with_capacity(runs.len()),
    };
    for mut run in runs {
        if let Some(first) = run.next() {
            merged.runs.push((first?, run));
        }
    }
    Ok(merged)
}

impl<I: Iterator<Item = io::Result<Entry>>> Iterator for Merged<I> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        // A linear search: there are few runs.
        let heads = self.runs.iter().enumerate();
        let (place, _) = heads.min_by_key(|(_, (head, _))| head.0)?;
        let (head, rest) = &mut self.runs[place];
        Some(match rest.next() {
            Some(next) => next.map(|next| std::mem::replace(head, next)),
            None => Ok(self.runs.swap_remove(place).0),
        })
    }
}

fn first_half(tag: u128) -> u64 {
    (tag >> 64) as u64
}

fn entry_of(bytes: &[u8; ENTRY]) -> Entry {
    let (tag, row) = bytes.split_at(16);
    let tag = tag.try_into().map_or(0, u128::from_be_bytes);
    (tag, row.try_into().map_or(0, u32::from_be_bytes))
}

#[cfg(test)]
mod tests {
    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    fn entry(number: u32) -> Entry {
        // The first halves are the same for a thousand each.
        let tag = u128::from(number / 1_000) << 64 | u128::from(number).wrapping_mul(0x9e37_79b9);
        (tag, number)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_merged_run_has_all_of_both(
            numbers in btree_set(0..20_000_u32, 0..3_000),
            others in btree_set(20_000..40_000_u32, 0..3_000),
            more in btree_set(40_000..50_000_u32, 0..300),
            budget in prop_oneof![Just(0_usize), Just(2_000), Just(1 << 20)],
        ) {
            let folder = std::env::temp_dir();
            let (room, pause) = (Room::of(budget, 6_000), Pause::default());
            let run = |numbers: &std::collections::BTreeSet<u32>| {
                let mut all: Vec<_> = numbers.iter().map(|&number| entry(number)).collect();
                all.sort_unstable();
                let entries = all.iter().copied().map(Ok);
                SortedRun::write(&folder, all.len(), entries, &room, &pause).unwrap()
            };
            let runs = [&numbers, &others, &more].map(run);
            let count = runs.iter().map(SortedRun::len).sum();
            let entries = runs.iter().map(|run| run.entries()).collect();
            let both = {
                let entries = merged(entries).unwrap();
                SortedRun::write(&folder, count, entries, &room, &pause).unwrap()
            };
            prop_assert!(both.bytes() <= (budget / FILTERS).min(count) + 64 + 8 * FEWEST_FENCES);
            for number in (0..50_000).step_by(7).chain(numbers.iter().copied()) {
                let all = [&numbers, &others, &more];
                let is_there = all.iter().any(|numbers| numbers.contains(&number));
                let (tag, row) = entry(number);
                prop_assert_eq!(both.find(tag).unwrap(), is_there.then_some(row));
            }
            let all: Vec<_> = (0..50_000).map(entry).collect();
            for every in [1, 7, 9_000] {
                let tags: Vec<_> = all.iter().step_by(every).map(|&(tag, _)| tag).collect();
                let mut wanted: Vec<_> = (0..).take(tags.len()).collect();
                wanted.sort_unstable_by_key(|&place| tags[place as usize]);
                let (mut left, mut rows) = (wanted.clone(), Vec::new());
                both.find_all(&tags, &mut left, &mut rows).unwrap();
                let find = |place: u32| both.find(tags[place as usize]).unwrap();
                let alone = |&place: &u32| Some((find(place)?, place));
                prop_assert_eq!(rows, wanted.iter().filter_map(alone).collect::<Vec<_>>());
                wanted.retain(|&place| find(place).is_none());
                prop_assert_eq!(left, wanted);
            }
            let read: Vec<_> = both.entries().map(Result::unwrap).collect();
            prop_assert!(read.is_sorted());
            prop_assert_eq!(read.len(), count);
        }
    }
}
