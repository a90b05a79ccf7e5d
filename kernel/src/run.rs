//! A sorted run on disk: pairs of tag and row, found by tag with one short read.
//!
//! In memory stay eight bytes for each page, and a filter of half a byte a tag,
//! which spares most looks for what is not there.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::iter::Peekable;
use std::path::Path;

use crate::disk::read_exact_at;

/// Tag and row.
pub type Entry = (u128, u32);

/// Bytes of an entry.
pub const ENTRY: usize = 20;
/// Entries of one page, which fit into 4 KiB.
const PAGE: usize = 204;
/// Bytes read or written at a time while merging.
const BUFFER: usize = 1 << 18;

/// One run.
pub struct Run {
    file: File,
    count: usize,
    /// Of each page, the first half of its first tag.
    fences: Vec<u64>,
    filter: Filter,
}

impl Run {
    /// Write a run of what comes, which is sorted.
    ///
    /// # Errors
    /// The disk fails, or is full.
    pub fn write(
        folder: &Path,
        count: usize,
        entries: impl Iterator<Item = io::Result<Entry>>,
    ) -> io::Result<Self> {
        let file = tempfile::tempfile_in(folder)?;
        let mut writer = BufWriter::with_capacity(BUFFER, &file);
        let mut fences = Vec::with_capacity(count.div_ceil(PAGE));
        let mut filter = Filter::of(count);
        for (number, entry) in entries.enumerate() {
            let (tag, row) = entry?;
            if number.is_multiple_of(PAGE) {
                fences.push(first_half(tag));
            }
            filter.add(tag);
            writer.write_all(&tag.to_be_bytes())?;
            writer.write_all(&row.to_be_bytes())?;
        }
        writer.flush()?;
        drop(writer);
        Ok(Self {
            file,
            count,
            fences,
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
        (self.fences.len() + self.filter.bits.len()) * size_of::<u64>()
    }

    /// Let go of what it takes to find tags: from now on it is only read.
    pub fn forget(&mut self) {
        self.fences = Vec::new();
        self.filter = Filter::of(0);
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
        let mut page = self.fences.partition_point(|&fence| fence <= half);
        while page > 0 {
            page -= 1;
            if let Some(row) = self.find_in(page, tag)? {
                return Ok(Some(row));
            }
            // Only where tags share a half may it stand in the page before.
            if self.fences[page] != half {
                break;
            }
        }
        Ok(None)
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

    /// Read all entries.
    ///
    /// # Errors
    /// The disk fails; later, an entry is the error.
    pub fn entries(&self) -> io::Result<impl Iterator<Item = io::Result<Entry>>> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::with_capacity(BUFFER, file);
        Ok((0..self.count).map(move |_| {
            let mut entry = [0; ENTRY];
            reader.read_exact(&mut entry)?;
            Ok(entry_of(&entry))
        }))
    }
}

/// Return what two sorted runs have, sorted; errors come as they are met.
pub fn merged(
    one: impl Iterator<Item = io::Result<Entry>>,
    other: impl Iterator<Item = io::Result<Entry>>,
) -> impl Iterator<Item = io::Result<Entry>> {
    let (mut one, mut other) = (one.peekable(), other.peekable());
    std::iter::from_fn(move || {
        if comes_first(&mut one, &mut other) {
            one.next()
        } else {
            other.next()
        }
    })
}

fn comes_first(
    one: &mut Peekable<impl Iterator<Item = io::Result<Entry>>>,
    other: &mut Peekable<impl Iterator<Item = io::Result<Entry>>>,
) -> bool {
    match (one.peek(), other.peek()) {
        (Some(Ok(one)), Some(Ok(other))) => one.0 < other.0,
        (Some(Err(_)), _) | (_, None) => true,
        _ => false,
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

/// Tells of most tags that are not there that they are not: four bits a tag, two
/// of them looked at, and one in six is let through.
struct Filter {
    bits: Vec<u64>,
}

impl Filter {
    fn of(tags: usize) -> Self {
        Self {
            bits: vec![0; tags.div_ceil(16)],
        }
    }

    /// Pages are found by the first bits of a tag, so here others are looked at.
    #[expect(clippy::cast_possible_truncation, reason = "less than there are bits")]
    fn places(&self, tag: u128) -> [usize; 2] {
        let count = self.bits.len() as u128 * 64;
        let half = tag & u128::from(u64::MAX);
        let other = (tag >> 32) & u128::from(u64::MAX);
        [half, other].map(|hash| ((hash * count) >> 64) as usize)
    }

    fn add(&mut self, tag: u128) {
        for place in self.places(tag) {
            self.bits[place / 64] |= 1 << (place % 64);
        }
    }

    fn may_have(&self, tag: u128) -> bool {
        let is_set = |place: usize| self.bits[place / 64] >> (place % 64) & 1 == 1;
        !self.bits.is_empty() && self.places(tag).into_iter().all(is_set)
    }
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
        ) {
            let folder = std::env::temp_dir();
            let run = |numbers: &std::collections::BTreeSet<u32>| {
                let mut all: Vec<_> = numbers.iter().map(|&number| entry(number)).collect();
                all.sort_unstable();
                Run::write(&folder, all.len(), all.into_iter().map(Ok)).unwrap()
            };
            let (one, other) = (run(&numbers), run(&others));
            let count = one.len() + other.len();
            let both = merged(one.entries().unwrap(), other.entries().unwrap());
            let both = Run::write(&folder, count, both).unwrap();
            for number in (0..40_000).step_by(7).chain(numbers.iter().copied()) {
                let is_there = numbers.contains(&number) || others.contains(&number);
                let (tag, row) = entry(number);
                prop_assert_eq!(both.find(tag).unwrap(), is_there.then_some(row));
            }
            let read: Vec<_> = both.entries().unwrap().map(Result::unwrap).collect();
            prop_assert!(read.is_sorted());
            prop_assert_eq!(read.len(), numbers.len() + others.len());
        }
    }

    #[test]
    fn the_filter_spares_most_looks() {
        let mut filter = Filter::of(10_000);
        let tag = |number: u32| {
            let digest = siphasher::sip128::SipHasher13::new().hash(&number.to_le_bytes());
            digest.as_u128()
        };
        (0..10_000).for_each(|number| filter.add(tag(number)));
        assert!((0..10_000).all(|number| filter.may_have(tag(number))));
        let through = (10_000..20_000)
            .filter(|&n| filter.may_have(tag(n)))
            .count();
        assert!(through < 2_000, "{through}");
    }
}
