//! Whether a block is what the record of a key should be; if not, what is wrong.

use crate::blocks::block::Block;
use crate::blocks::block_index::BlockIndex;
use crate::blocks::kind::Kind;
use crate::counted_faults::{Counts, Fault};
use crate::formats::dagcbor;
use crate::formats::key::collection_of;
use crate::marks::{NODE, RAW_CODEC, RECORD, STATE, State};
use crate::walk::read_block::ReadBlock;

/// The collection of the last record, and its number among the types.
#[derive(Default)]
pub struct LastCollection {
    collection: Vec<u8>,
    number: Option<u16>,
}

impl LastCollection {
    /// Tell whether a sound block has the `$type` of this key's records.
    pub fn is_of(
        &mut self,
        key: &[u8],
        block: &Block,
        index: &BlockIndex,
        blocks: &mut dyn ReadBlock,
    ) -> bool {
        let collection = collection_of(key);
        if collection.is_empty() {
            return false;
        }
        if block.kind == Kind::MANY {
            return has_type(collection, block, blocks);
        }
        if collection != self.collection {
            self.collection.clear();
            self.collection.extend_from_slice(collection);
            self.number = index.type_number(collection);
        }
        self.number == Some(block.kind.type_number())
    }
}

/// Tell whether a sound block, whose `$type` is not kept, has this one.
fn has_type(name: &[u8], block: &Block, blocks: &mut dyn ReadBlock) -> bool {
    let mut is_it = false;
    let mut look = |data: &[u8]| {
        is_it = dagcbor::judge(data).is_some_and(|sound| data.get(sound.type_at) == Some(name));
    };
    let read = blocks.read(block.data_start(), block.length as usize, &mut look);
    read.is_some() && is_it
}

/// Return what is wrong with a record, where all of that is `counted` only.
///
/// For a block that is not sound, or does not hash, all faults are of the first key
/// that links to it; the engine judges one that was met before.
pub fn faults_of(
    key: &[u8],
    block: &Block,
    counted: u32,
    blocks: &mut dyn ReadBlock,
) -> Option<Counts> {
    let is_first = block.mark & (RECORD | NODE) == 0;
    let state = block.mark & STATE;
    if state == State::WrongHash as u8 && is_first {
        let mut counts = Counts::default();
        counts[Fault::Damaged as usize] = 1;
        return Some(counts).filter(|counts| are_all(counts, counted));
    }
    let may_be = state == State::Sound as u8 || (state == State::Unsound as u8 && is_first);
    if counted == 0 || !may_be || block.mark & RAW_CODEC != 0 {
        return None;
    }
    let mut found = None;
    let mut look = |data: &[u8]| found = faults_in(data, collection_of(key));
    blocks.read(block.data_start(), block.length as usize, &mut look)?;
    found.filter(|counts| are_all(counts, counted))
}

/// Tell whether all faults that there are, are only `counted`.
#[must_use]
pub fn are_all(counts: &Counts, counted: u32) -> bool {
    let mut faults = counts.iter().enumerate();
    faults.all(|(number, &count)| count == 0 || counted >> number & 1 == 1)
}

/// Count what is wrong with a block as a record of this collection.
fn faults_in(data: &[u8], collection: &[u8]) -> Option<Counts> {
    // The engine compares names as text.
    let is_text = |name: &[u8]| !name.is_empty() && std::str::from_utf8(name).is_ok();
    let (sound, mut counted) = dagcbor::count(data).filter(|_| is_text(collection))?;
    let name = &data[sound.type_at];
    if name == collection {
        return Some(counted.counts);
    }
    let fault = match (is_text(name), sound.is_untyped_map) {
        (true, _) => Fault::OtherType,
        (false, true) => Fault::NoType,
        _ => return None,
    };
    counted.counts[fault as usize] += 1;
    Some(counted.counts)
}
