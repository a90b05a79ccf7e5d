//! `sections_of`: blocks as sections of another CAR, each hashed again.

use std::mem::take;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::block_index::BlockIndex;
use super::held::blocks_in;
use super::near::{Place, read_in_order};
use super::reader::Reader;
use super::values;
use crate::blocks::block::Block;
use crate::blocks::block_index::BlockIndex as Index;
use crate::blocks::tag_key::TagKey;
use crate::cid::CID;
use crate::error::Result;
use crate::halves::both;
use crate::scan::hasher::Hasher;
use crate::varint;

/// Bytes of sections from which on a second thread takes half of them.
const WORTH_SHARING: usize = 1 << 16;
/// Bytes of blocks that are read before they are hashed: they are still at hand then.
const AT_ONCE: usize = 1 << 17;

/// Return the sections of the first of these rows, hashed again, and how many
/// they are: up to one that is not what it should be, and no more than `most`
/// bytes, but one.
#[pyfunction]
pub fn sections_of<'py>(
    blocks: &Bound<'py, PyAny>,
    rows: &Bound<'py, PyAny>,
    most: usize,
) -> PyResult<(Bound<'py, PyBytes>, usize)> {
    let py = blocks.py();
    let rows = values::rows_in(rows)?;
    let index = blocks.getattr("index")?.cast_into::<BlockIndex>()?;
    let owner = index.borrow();
    let reader = &*owner.reader(blocks)?;
    let index = &owner.scanner.index;
    let is_shared = owner.scanner.threads() > 1;
    let (wanted, size) = values::detached(py, || first_of(index, &rows, most))??;
    let mut count = 0;
    let bytes = PyBytes::new_with(py, size, |bytes| {
        count = values::detached(py, || {
            let is_shared = is_shared && bytes.len() >= WORTH_SHARING;
            filled(reader, &index.key, &wanted, bytes, is_shared)
        })?;
        Ok(())
    })?;
    if count == wanted.len() {
        return Ok((bytes, count));
    }
    let size = wanted[..count].iter().map(size_of_section).sum();
    Ok((PyBytes::new(py, &bytes.as_bytes()[..size]), count))
}

/// Return the blocks in the first of some rows, and how many bytes their sections
/// take: up to one that is not there, and no more than `most` bytes, but one.
fn first_of(index: &Index, rows: &[u32], most: usize) -> Result<(Vec<Block>, usize)> {
    let mut wanted = Vec::with_capacity(rows.len());
    let mut size = 0;
    for block in blocks_in(index, rows)? {
        let Some(block) = block else { break };
        let whole = size_of_section(&block);
        if !wanted.is_empty() && whole.saturating_add(size) > most {
            break;
        }
        size = size.saturating_add(whole);
        wanted.push(block);
    }
    Ok((wanted, size))
}

/// Return the bytes that the section of a block takes.
fn size_of_section(block: &Block) -> usize {
    let length = (CID + block.length as usize) as u64;
    usize::try_from(varint::size_of(length) + length).unwrap_or(usize::MAX)
}

/// A block to read, and where its CID and data go.
struct Slot<'a> {
    offset: u64,
    number: usize,
    into: &'a mut [u8],
}

/// Write the sections of some blocks, which take all these bytes. Return how many
/// there are in front of the first that is not what it should be.
///
/// Blocks are read in the order of the file, whatever their own is: the first half
/// of the file by another thread.
fn filled(
    reader: &Reader,
    key: &TagKey,
    wanted: &[Block],
    bytes: &mut [u8],
    is_shared: bool,
) -> usize {
    let mut slots = slots_of(wanted, bytes);
    slots.sort_unstable_by_key(|slot| slot.offset);
    let middle = if is_shared { slots.len() / 2 } else { 0 };
    let mut behind = slots.split_off(middle);
    let slots = Mutex::new(slots);
    let read = |slots: &mut [Slot]| read(reader, key, wanted, slots);
    let theirs = || read(&mut slots.lock().unwrap_or_else(PoisonError::into_inner));
    let (one, other) = both(is_shared, &theirs, || read(&mut behind));
    one.min(other)
}

/// Read some blocks, which are in the order of the file, into their places. Return
/// the least number of one that is not what it should be.
fn read(reader: &Reader, key: &TagKey, wanted: &[Block], slots: &mut [Slot]) -> usize {
    let place_of = |(number, slot): (u32, &Slot)| Place {
        offset: slot.offset,
        length: slot.into.len(),
        number,
    };
    let places: Vec<_> = (0..).zip(&*slots).map(place_of).collect();
    let mut check = Check {
        key,
        wanted,
        hasher: Hasher::default(),
        first_bad: wanted.len(),
    };
    let (mut done, mut size) = (0, 0);
    read_in_order(reader, &places, &mut |place, block| {
        let number = place.number as usize;
        slots[number].into.copy_from_slice(block);
        size += block.len();
        if size >= AT_ONCE {
            check.look(&slots[done..=number]);
            (done, size) = (number + 1, 0);
        }
    });
    check.look(&slots[done..]);
    check.first_bad
}

/// Looks for blocks that are not what they should be.
struct Check<'a> {
    key: &'a TagKey,
    wanted: &'a [Block],
    hasher: Hasher,
    /// The least number of one.
    first_bad: usize,
}

impl Check<'_> {
    /// Look at blocks that were read; those that could not be are empty.
    fn look(&mut self, slots: &[Slot]) {
        self.hasher
            .hash_each(slots.len(), |number| &slots[number].into[CID..]);
        for (slot, digest) in slots.iter().zip(&self.hasher.digests) {
            let cid = &slot.into[..CID];
            let tag = self.wanted[slot.number].tag;
            if *digest != cid[4..] || self.key.tag(cid) != tag {
                self.first_bad = self.first_bad.min(slot.number);
            }
        }
    }
}

/// Write the lengths of sections, and return what is left for their blocks.
fn slots_of<'a>(wanted: &[Block], mut bytes: &'a mut [u8]) -> Vec<Slot<'a>> {
    let mut slots = Vec::with_capacity(wanted.len());
    let mut head = Vec::new();
    for (number, block) in wanted.iter().enumerate() {
        let length = CID + block.length as usize;
        head.clear();
        varint::write(length as u64, &mut head);
        let (place, behind) = take(&mut bytes).split_at_mut(head.len());
        place.copy_from_slice(&head);
        let (into, behind) = behind.split_at_mut(length);
        bytes = behind;
        let offset = block.data_start() - CID as u64;
        slots.push(Slot {
            offset,
            number,
            into,
        });
    }
    slots
}
