//! Blocks by CID: one row of 32 bytes each, and a hash table over them.
//!
//! A row names its CID by a *tag* (`tag_key`), so a link is compared whole without
//! a look at the file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use crate::block::{Block, Found, NO_ROW, Row};
use crate::copies::{Copies, Copy};
use crate::error::{Error, Result};
use crate::kind::Kind;
use crate::limits::BLOCK_BYTES;
use crate::marks::{DUPLICATE, RAW_CODEC, STATE, State};
use crate::pause::Pause;
use crate::sealed::Sealed;
use crate::slots::{Full, Slots};
use crate::tag_key::TagKey;
use crate::types::Types;

/// Bytes of a row in packed form: tag, offset, length, head and mark,
/// little-endian.
pub const PACKED: usize = 30;
/// Rows of one piece of memory.
const PIECE: usize = 1 << 13;
/// Of the budget, what looks many links up (`plan`) has one part in so many; in
/// bytes, at most and at least.
const PLAN_SHARE: usize = 3;
const MOST_PLAN: usize = 10 << 20;
const LEAST_PLAN: usize = 1 << 16;
/// Blocks between two looks at the budget.
const LOOK: usize = 1024;

/// Blocks by CID, in the order in which they were met.
pub struct Index {
    /// Under which CIDs are hashed.
    pub key: TagKey,
    /// Bytes it should take, where it can spill. Without a folder this is
    /// nothing to it: whoever fills it looks at `most_bytes`.
    pub budget: usize,
    /// Blocks met, copies counted.
    pub sections: u64,
    /// Copies of blocks that were there before.
    pub duplicates: u64,
    /// Bytes of these.
    pub duplicate_bytes: u64,
    /// Whether every CID so far was greater than the one before.
    pub ascending: bool,
    /// Whether every CID so far was smaller than the one before.
    pub descending: bool,
    /// Copies that do not hash and are no row's own.
    pub copies: Copies,
    /// A folder to spill to.
    pub spill: Option<PathBuf>,
    /// Asked in between where something takes long. What ends early leaves
    /// nothing that answers.
    pub pause: Pause,
    last_cid: [u8; 36],
    sealed: Option<Sealed>,
    /// Whether the way of rows to the disk ended half-way: then these are lost.
    is_half_sealed: bool,
    /// How many rows are on disk: those in memory have greater numbers.
    base: u32,
    pieces: Vec<Vec<Row>>,
    /// How many rows are in memory.
    count: usize,
    slots: Slots,
    types: Types,
    spent: usize,
}

impl Index {
    /// Make an empty index.
    ///
    /// # Errors
    /// The machine has no random bytes.
    pub fn new(budget: usize) -> std::result::Result<Self, getrandom::Error> {
        Ok(Self {
            key: TagKey::draw()?,
            budget,
            sections: 0,
            duplicates: 0,
            duplicate_bytes: 0,
            ascending: true,
            descending: true,
            copies: Copies::default(),
            spill: None,
            pause: Pause::default(),
            last_cid: [0; 36],
            sealed: None,
            is_half_sealed: false,
            base: 0,
            pieces: Vec::new(),
            count: 0,
            slots: Slots::default(),
            types: Types::default(),
            spent: 0,
        })
    }

    /// Return how many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.base as usize + self.count
    }

    /// Tell whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Return the rows on disk, if there are any.
    fn on_disk(&self) -> Result<Option<&Sealed>> {
        if self.is_half_sealed {
            let lost = "the rows that went there were left half written";
            return Err(Error::Disk(io::Error::other(lost)));
        }
        Ok(self.sealed.as_ref())
    }

    /// Return a row, if there are so many.
    ///
    /// # Errors
    /// The disk fails.
    #[inline]
    pub fn get(&self, row: u32) -> Result<Option<Block>> {
        match row.checked_sub(self.base) {
            Some(row) => {
                let row = row as usize;
                let piece = self.pieces.get(row / PIECE);
                Ok(piece
                    .and_then(|piece| piece.get(row % PIECE))
                    .map(Row::block))
            }
            None => self.on_disk()?.map(|disk| Ok(disk.get(row)?)).transpose(),
        }
    }

    /// Return the mark of a row, if there are so many.
    ///
    /// # Errors
    /// The disk fails.
    #[inline]
    pub fn mark(&self, row: u32) -> Result<Option<u8>> {
        if row < self.base {
            self.on_disk()?.map(|disk| Ok(disk.mark(row)?)).transpose()
        } else {
            Ok(self.get(row)?.map(|block| block.mark))
        }
    }

    /// Note how the tree used a block.
    ///
    /// # Errors
    /// The disk fails.
    #[inline]
    pub fn add_mark(&self, row: u32, bits: u8) -> Result<()> {
        if row < self.base {
            if let Some(disk) = self.on_disk()? {
                disk.add_mark(row, bits)?;
            }
        } else if (row as usize) < self.len() {
            let mark = &self.row(row - self.base).mark;
            mark.fetch_or(bits, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Return a row in memory, by its number there.
    fn row(&self, row: u32) -> &Row {
        &self.pieces[row as usize / PIECE][row as usize % PIECE]
    }

    /// Call a function with all rows, in order.
    ///
    /// # Errors
    /// The disk fails.
    pub fn each(&self, mut use_it: impl FnMut(u32, &Block)) -> Result<()> {
        self.some(0, u32::MAX, |row, block| {
            use_it(row, block);
            Ok(())
        })
    }

    /// Call a function with the rows from `start` on, but those from `stop` on.
    ///
    /// # Errors
    /// The disk fails; or the function does, which is not called again then.
    pub fn some(
        &self,
        start: u32,
        stop: u32,
        mut use_it: impl FnMut(u32, &Block) -> Result<()>,
    ) -> Result<()> {
        if start < self.base
            && let Some(disk) = self.on_disk()?
        {
            disk.some(start, stop, &mut use_it)?;
        }
        for row in start.max(self.base)..stop.min(self.base + self.in_memory()) {
            use_it(row, &self.row(row - self.base).block())?;
        }
        Ok(())
    }

    /// Call a function with all copies that do not hash, in order.
    ///
    /// # Errors
    /// The disk fails, or somebody wants this to end; or the function fails,
    /// which is not called again then.
    pub fn each_copy(&self, mut use_it: impl FnMut(&Copy) -> Result<()>) -> Result<()> {
        let mut seen = 0;
        self.copies.each(|copy| {
            if seen % LOOK == 0 {
                self.pause.check()?;
            }
            seen += 1;
            use_it(copy)
        })
    }

    /// Append rows in packed form, `PACKED` bytes each, to `out`: as many from
    /// `start` on as there are, and no more than `count`.
    ///
    /// # Errors
    /// The disk fails.
    pub fn pack(&self, start: u32, count: u32, out: &mut Vec<u8>) -> Result<()> {
        self.some(start, start.saturating_add(count), |_, block| {
            out.extend(block.tag.to_le_bytes());
            out.extend(block.offset.to_le_bytes());
            out.extend(block.length.to_le_bytes());
            out.extend([block.head, block.mark]);
            Ok(())
        })
    }

    /// Return which of the rows from `start` on, but those from `stop` on, may
    /// be nodes or commits: they hash, and are no records by their `$type`.
    ///
    /// # Errors
    /// The disk fails.
    pub fn untyped(&self, start: u32, stop: u32) -> Result<Vec<u32>> {
        let mut rows = Vec::new();
        self.some(start, stop, |row, block| {
            let may_be = match State::of(block.mark) {
                State::Sound => block.kind.type_number() == 0,
                State::Unsound => true,
                State::WrongHash => false,
            };
            if may_be && block.mark & RAW_CODEC == 0 {
                rows.push(row);
            }
            Ok(())
        })?;
        Ok(rows)
    }

    fn in_memory(&self) -> u32 {
        u32::try_from(self.count).unwrap_or(u32::MAX)
    }

    /// Take in rows that `pack` gave, of an index with the same key. Of what
    /// types they are is not among what it gave.
    ///
    /// # Errors
    /// Nothing more can be taken in.
    pub fn unpack(&mut self, rows: &[u8]) -> Result<()> {
        let rows = rows.as_chunks().0;
        rows.iter().try_for_each(|row| self.insert(&unpacked(row)))
    }

    /// Return what the index takes of memory at most, in bytes.
    ///
    /// One that may spill tells exactly, to use all of its budget; another one
    /// tells what its twin in Python does.
    #[must_use]
    pub fn bytes_used(&self) -> usize {
        let sealed = self.sealed.as_ref().map_or(0, Sealed::bytes);
        let rows = if self.spill.is_some() {
            self.count * size_of::<Row>() + self.slots.bytes()
        } else {
            self.count * BLOCK_BYTES
        };
        rows + self.copies.bytes() + self.spent + sealed
    }

    /// Return what the index has on disk, in bytes.
    #[must_use]
    pub fn disk_used(&self) -> u64 {
        self.sealed.as_ref().map_or(0, Sealed::disk_bytes) + self.copies.disk_bytes()
    }

    /// Write the rows in memory to disk, where they are found as before.
    ///
    /// # Errors
    /// The disk fails or is full, or somebody wants this to end: then rows may
    /// be lost, and whatever would need them fails from now on.
    pub fn seal(&mut self, folder: &Path) -> Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        let budget = self.own_budget();
        let sealed = match &mut self.sealed {
            Some(sealed) => sealed,
            none => none.insert(Sealed::new(folder, self.budget)?),
        };
        let (rows, slots) = (
            std::mem::take(&mut self.pieces),
            std::mem::take(&mut self.slots),
        );
        self.base += u32::try_from(self.count).unwrap_or(u32::MAX);
        self.count = 0;
        self.is_half_sealed = true;
        sealed.absorb(folder, rows, slots, budget, &self.pause)?;
        self.is_half_sealed = false;
        heap::give_back();
        Ok(())
    }

    /// Count some bytes of a side table.
    ///
    /// # Errors
    /// The disk failed.
    pub fn spend(&mut self, size: usize) -> Result<()> {
        self.spent += size;
        self.keep_to_budget()
    }

    /// Keep to a budget from now on, with a folder for what is over it.
    ///
    /// # Errors
    /// The disk failed.
    pub fn spill_to(&mut self, folder: PathBuf, budget: usize) -> Result<()> {
        self.spill = Some(folder);
        self.budget = budget;
        // Nothing more may come.
        self.keep_to_budget()
    }

    /// Return the bytes of the budget that a plan may take, about.
    #[must_use]
    pub fn plan_room(&self) -> usize {
        (self.budget / PLAN_SHARE).clamp(LEAST_PLAN, MOST_PLAN)
    }

    /// Return the bytes that are left for all else.
    fn own_budget(&self) -> usize {
        self.budget.saturating_sub(self.plan_room())
    }

    /// Go on on disk where the budget is spent and there is a folder for it.
    fn keep_to_budget(&mut self) -> Result<()> {
        let Some(folder) = &self.spill else {
            return Ok(());
        };
        let budget = self.own_budget();
        // Of few rows in memory little would be won, at the cost of a merge.
        let worth_it = self.count * BLOCK_BYTES >= budget / 4;
        if worth_it && self.bytes_used() > budget {
            let (folder, count) = (folder.clone(), self.count);
            self.seal(&folder)?;
            // About as many come before the next time: no growing on the way.
            self.slots.reserve(count, |_| 0);
        }
        Ok(())
    }

    /// Return the row of the block with this tag, or `NO_ROW`.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find(&self, tag: u128) -> Result<u32> {
        match self.slots.find(tag, |row| self.row(row).tag == tag) {
            NO_ROW => self.find_on_disk(tag),
            row => Ok(self.base + row),
        }
    }

    /// Tell whether some rows are on disk: then many links are better looked up
    /// together.
    #[must_use]
    pub fn is_on_disk(&self) -> bool {
        self.sealed.is_some()
    }

    /// Look many links up together, in order.
    ///
    /// # Errors
    /// The disk fails.
    pub fn look_up(&self, tags: &[u128]) -> Result<Vec<Found>> {
        let mut found = vec![Found::NOTHING; tags.len()];
        let mut on_disk = Vec::with_capacity(tags.len());
        for ((place, &tag), found) in (0_u32..).zip(tags).zip(&mut found) {
            match self.slots.find(tag, |row| self.row(row).tag == tag) {
                NO_ROW => on_disk.push(place),
                row => *found = Found::of(self.base + row, &self.row(row).block()),
            }
        }
        if let Some(disk) = self.on_disk()? {
            disk.look_up(tags, on_disk, |place, row, block| {
                found[place as usize] = Found::of(row, block);
            })?;
        }
        Ok(found)
    }

    fn find_on_disk(&self, tag: u128) -> Result<u32> {
        let found = match self.on_disk()? {
            Some(disk) => disk.find(tag)?,
            None => None,
        };
        Ok(found.unwrap_or(NO_ROW))
    }

    /// Find several blocks; the machine fetches them side by side.
    ///
    /// # Errors
    /// The disk fails.
    pub fn find_all(&self, tags: &[u128], rows: &mut Vec<u32>) -> Result<()> {
        self.fetch(tags.iter().copied());
        rows.clear();
        rows.extend(tags.iter().map(|&tag| self.slots.first(tag)));
        for (row, &tag) in rows.iter_mut().zip(tags) {
            let is_it = *row != NO_ROW && self.row(*row).tag == tag;
            *row = if is_it {
                self.base + *row
            } else {
                self.find(tag)?
            };
        }
        Ok(())
    }

    /// Have the machine fetch the places in the table where these blocks are or
    /// will be, all at once and not one by one.
    pub fn fetch(&self, tags: impl Iterator<Item = u128>) {
        let all = tags.fold(0, |all, tag| {
            let sealed = self.sealed.as_ref().map_or(0, |sealed| sealed.fetch(tag));
            all ^ u64::from(self.slots.first(tag)) ^ sealed
        });
        std::hint::black_box(all);
    }

    /// Make room in the table for so many blocks, as far as the budget goes.
    pub fn expect(&mut self, blocks: usize) {
        let blocks = blocks.min(self.budget / BLOCK_BYTES);
        let pieces = &self.pieces;
        let tag_of = |row: u32| pieces[row as usize / PIECE][row as usize % PIECE].tag;
        self.slots.reserve(blocks, tag_of);
    }

    /// Note the CID of the section that comes next, for the order of CIDs.
    fn note_cid(&mut self, cid: &[u8]) {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let first = self.sections == 0;
        self.sections += 1;
        if !self.ascending && !self.descending {
            return;
        }
        match cid.cmp(&self.last_cid[..]) {
            Greater => self.descending = self.descending && first,
            Less => self.ascending = false,
            Equal => {}
        }
        self.last_cid.copy_from_slice(cid);
    }

    /// Count a block that has no row, for its CID is odd.
    pub fn count_odd(&mut self, duplicate_length: Option<u64>) {
        self.sections += 1;
        self.ascending = false;
        self.descending = false;
        if let Some(length) = duplicate_length {
            self.duplicates += 1;
            self.duplicate_bytes += length;
        }
    }

    /// Take in one block. The first copy that hashes is kept; others that do
    /// not hash are remembered apart.
    ///
    /// # Errors
    /// Nothing more can be taken in.
    pub fn add(&mut self, cid: &[u8], type_name: &[u8], mut new: Block) -> Result<()> {
        self.note_cid(cid);
        if !type_name.is_empty() {
            new.kind = self.kind_of_type(type_name)?;
        }
        let row = self.find(new.tag)?;
        // Of a row on disk, its mark is told sooner than the rest.
        let Some(mark) = self.mark(row)? else {
            return self.insert(&new);
        };
        let hashes = State::of(new.mark) != State::WrongHash;
        if hashes && State::of(mark) != State::WrongHash {
            self.add_mark(row, DUPLICATE)?;
            self.duplicates += 1;
            self.duplicate_bytes += u64::from(new.length);
            return Ok(());
        }
        let mut copy = Copy {
            row,
            offset: new.offset,
            length: new.length,
        };
        if hashes && let Some(known) = self.get(row)? {
            // The copy kept so far does not hash: this one takes its place.
            copy.offset = known.offset;
            copy.length = known.length;
            new.mark = mark & !STATE | new.mark & STATE;
            self.put(row, &new)?;
        }
        self.copies.push(copy, self.spill.as_deref())?;
        self.keep_to_budget()
    }

    /// Note that the length of a row's section takes so many bytes, too many.
    ///
    /// # Errors
    /// The disk fails.
    pub fn set_head(&mut self, row: u32, head: u8) -> Result<()> {
        match self.get(row)? {
            Some(block) => self.put(row, &Block { head, ..block }),
            None => Ok(()),
        }
    }

    fn put(&mut self, row: u32, block: &Block) -> Result<()> {
        if let Some(row) = row.checked_sub(self.base) {
            self.pieces[row as usize / PIECE][row as usize % PIECE] = Row::new(block);
        } else if let Some(disk) = self.on_disk()? {
            disk.put(row, block)?;
        }
        Ok(())
    }

    fn insert(&mut self, block: &Block) -> Result<()> {
        if self.count.is_multiple_of(PIECE) {
            // The first is small: most repositories are.
            let room = if self.is_empty() { 8 } else { PIECE };
            self.pieces.push(Vec::with_capacity(room));
        }
        let tag = block.tag;
        if let Some(piece) = self.pieces.last_mut() {
            piece.push(Row::new(block));
        }
        self.count += 1;
        let pieces = &self.pieces;
        let tag_of = |row: u32| pieces[row as usize / PIECE][row as usize % PIECE].tag;
        let number = u32::try_from(self.count - 1).unwrap_or(u32::MAX);
        let added = self.slots.add(tag, number, tag_of);
        added.map_err(|Full| Error::TooMany(self.len()))?;
        if self.count.is_multiple_of(LOOK) {
            self.keep_to_budget()?;
        }
        Ok(())
    }

    fn kind_of_type(&mut self, name: &[u8]) -> Result<Kind> {
        if let Some(number) = self.types.again(name) {
            return Ok(Kind::numbered(number));
        }
        match self.types.add(name) {
            None => Ok(Kind::MANY),
            Some(number) => {
                self.spend(2 * name.len() + 200)?;
                Ok(Kind::numbered(number))
            }
        }
    }

    /// Return the number of a `$type`, if a block has it.
    #[must_use]
    pub fn type_number(&self, name: &[u8]) -> Option<u16> {
        self.types.number(name)
    }

    /// Return the `$type` of a kind: "" for none, None when it is not kept.
    #[must_use]
    pub fn type_of(&self, kind: Kind) -> Option<&str> {
        self.types.name(kind.type_number())
    }

    /// Return where the data of a row begins.
    ///
    /// # Errors
    /// The disk fails.
    pub fn data_offset(&self, row: u32) -> Result<Option<u64>> {
        Ok(self.get(row)?.map(|block| block.data_start()))
    }
}

fn unpacked(row: &[u8; PACKED]) -> Block {
    let mut tag = [0; 16];
    tag.copy_from_slice(&row[..16]);
    let mut offset = [0; 8];
    offset.copy_from_slice(&row[16..24]);
    let mut length = [0; 4];
    length.copy_from_slice(&row[24..28]);
    Block {
        tag: u128::from_le_bytes(tag),
        offset: u64::from_le_bytes(offset),
        length: u32::from_le_bytes(length),
        kind: Kind::None,
        head: row[28],
        mark: row[29],
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicUsize;

    use super::*;
    use crate::marks::RECORD;
    use crate::node::Shape;
    use proptest::prelude::*;

    fn add(index: &mut Index, name: u32) -> Result<()> {
        let tag = index.key.tag(&name.to_le_bytes());
        let block = Block {
            tag,
            offset: u64::from(name),
            length: 5,
            kind: Kind::None,
            mark: State::Sound as u8,
            head: 0,
        };
        index.add(&[0; 36], b"", block)
    }

    #[test]
    fn a_row_takes_32_bytes() {
        assert_eq!(size_of::<Row>(), 32);
    }

    #[test]
    fn every_block_is_found_and_no_other() {
        let mut index = Index::new(usize::MAX).unwrap();
        for name in 0..50_000 {
            add(&mut index, name).unwrap();
        }
        for name in 0..50_000_u32 {
            assert_eq!(
                index.find(index.key.tag(&name.to_le_bytes())).unwrap(),
                name
            );
        }
        assert_eq!(index.find(index.key.tag(b"other")).unwrap(), NO_ROW);
        let tags: Vec<_> = (49_990_u32..50_010)
            .map(|name| index.key.tag(&name.to_le_bytes()))
            .collect();
        let mut rows = Vec::new();
        index.find_all(&tags, &mut rows).unwrap();
        let expected: Vec<_> = tags.iter().map(|&tag| index.find(tag).unwrap()).collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn it_takes_no_more_than_it_says() {
        let mut index = Index::new(usize::MAX).unwrap();
        for name in 0..200_000_u32 {
            add(&mut index, name).unwrap();
            if name > 20_000 && name.is_multiple_of(997) {
                let slots = index.slots.bytes();
                let rows = index.pieces.iter().map(|piece| piece.capacity() * 32);
                let taken = slots + rows.sum::<usize>();
                assert!(taken <= index.bytes_used() + PIECE * 32, "{name}");
            }
        }
    }

    #[test]
    fn without_a_folder_the_budget_ends_nothing() {
        let mut index = Index::new(100_000).unwrap();
        assert!((0..10_000).all(|name| add(&mut index, name).is_ok()));
        assert_eq!(index.bytes_used(), 10_000 * BLOCK_BYTES);
        assert_eq!(index.disk_used(), 0);
    }

    proptest! {
        #[test]
        fn sealing_changes_nothing(
            adds in prop::collection::vec((0_u32..400, 0_u8..3, any::<bool>()), 0..3_000),
        ) {
            let folder = std::env::temp_dir();
            let mut whole = Index::new(usize::MAX).unwrap();
            let mut sealed = Index::new(usize::MAX).unwrap();
            sealed.key = whole.key;
            for (offset, &(name, state, seal)) in (0_u64..).zip(&adds) {
                let block = Block {
                    tag: whole.key.tag(&name.to_le_bytes()),
                    offset,
                    length: name,
                    kind: Kind::from(Some(Shape::AtDepth((name % 100) as u8))),
                    mark: state,
                    head: 0,
                };
                whole.add(&[0; 36], b"", block).unwrap();
                sealed.add(&[0; 36], b"", block).unwrap();
                if seal && offset % 97 == 0 {
                    sealed.seal(&folder).unwrap();
                }
                if offset % 13 == 0 {
                    whole.add_mark(name, RECORD).unwrap();
                    sealed.add_mark(name, RECORD).unwrap();
                }
            }
            prop_assert_eq!(whole.len(), sealed.len());
            let copies = |index: &Index| {
                let mut copies = Vec::new();
                let seen = index.copies.each(|copy| {
                    copies.push(*copy);
                    Ok(())
                });
                seen.map(|()| copies).unwrap()
            };
            prop_assert_eq!(copies(&whole), copies(&sealed));
            prop_assert_eq!(whole.duplicates, sealed.duplicates);
            let blocks = |index: &Index| {
                let mut blocks = Vec::new();
                index.each(|row, block| blocks.push((row, *block))).unwrap();
                blocks
            };
            prop_assert_eq!(blocks(&whole), blocks(&sealed));
            for name in 0..410_u32 {
                let tag = whole.key.tag(&name.to_le_bytes());
                let row = whole.find(tag).unwrap();
                prop_assert_eq!(row, sealed.find(tag).unwrap());
                prop_assert_eq!(whole.get(row).unwrap(), sealed.get(row).unwrap());
            }
            let tags: Vec<_> = (0..410_u32)
                .map(|name| whole.key.tag(&name.to_le_bytes()))
                .collect();
            prop_assert_eq!(whole.look_up(&tags).unwrap(), sealed.look_up(&tags).unwrap());
        }
    }

    #[test]
    fn what_is_on_disk_takes_a_part_of_the_budget() {
        let budget = 400_000;
        let mut index = Index::new(budget).unwrap();
        index.spill = Some(std::env::temp_dir());
        for name in 0..500_000 {
            add(&mut index, name).unwrap();
        }
        let sealed = index.sealed.as_ref().unwrap();
        assert!(sealed.bytes() < budget / 2, "{}", sealed.bytes());
        for name in (0..500_000_u32).step_by(997) {
            assert_eq!(
                index.find(index.key.tag(&name.to_le_bytes())).unwrap(),
                name
            );
        }
        assert_eq!(index.find(index.key.tag(b"other")).unwrap(), NO_ROW);
    }

    #[test]
    fn whoever_wants_it_to_end_is_heard_in_every_part_of_sealing() {
        let folder = tempfile::tempdir().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let mut ends = 0;
        for patience in 0.. {
            let mut index = Index::new(usize::MAX).unwrap();
            for name in 0..40_000 {
                add(&mut index, name).unwrap();
                if name == 10_000 {
                    index.seal(folder.path()).unwrap();
                }
            }
            asked.store(0, Ordering::Relaxed);
            let counted = Arc::clone(&asked);
            index.pause = Pause::asking(Box::new(move || {
                let is_over = counted.fetch_add(1, Ordering::Relaxed) >= patience;
                if is_over {
                    Err(io::ErrorKind::Interrupted.into())
                } else {
                    Ok(())
                }
            }));
            let outcome = index.seal(folder.path());
            // What went half-way is lost, and never taken for what is not there.
            assert_eq!(outcome.is_err(), index.find(0).is_err());
            assert_eq!(outcome.is_err(), index.get(0).is_err());
            assert_eq!(folder.path().read_dir().unwrap().count(), 0);
            if outcome.is_ok() {
                break;
            }
            assert_eq!(asked.load(Ordering::Relaxed), patience + 1);
            ends += 1;
        }
        // Rows, what is sorted, and what is merged.
        assert_eq!(ends, 4 + 2 + 3);
    }

    #[test]
    fn an_index_that_may_spill_keeps_its_budget() {
        let mut index = Index::new(200_000).unwrap();
        index.spill = Some(std::env::temp_dir());
        for name in 0..60_000 {
            add(&mut index, name).unwrap();
            // Between two looks, rows come and the table may grow by half.
            let since = LOOK * size_of::<Row>() + index.slots.bytes() / 2;
            assert!(index.bytes_used() <= 200_000 + since);
        }
        assert_eq!(index.len(), 60_000);
        for name in (0..60_000_u32).step_by(77) {
            assert_eq!(
                index.find(index.key.tag(&name.to_le_bytes())).unwrap(),
                name
            );
        }
    }

    #[test]
    fn packed_rows_make_the_same_index() {
        let folder = std::env::temp_dir();
        for (sealed, spill) in [(0, None), (700, None), (1_000, Some(folder.clone()))] {
            let mut index = Index::new(1 << 20).unwrap();
            for name in 0..1_000 {
                add(&mut index, name).unwrap();
                if name + 1 == sealed {
                    index.seal(&folder).unwrap();
                }
            }
            index.add_mark(650, RECORD).unwrap();
            index.set_head(7, 3).unwrap();
            index.set_head(850, 4).unwrap();
            let mut again = Index::new(20_000).unwrap();
            again.key = TagKey::of(index.key.bytes);
            again.spill = spill;
            for start in (0..1_000).step_by(300) {
                let mut rows = Vec::new();
                index.pack(start, 300, &mut rows).unwrap();
                again.unpack(&rows).unwrap();
            }
            assert_eq!(again.len(), 1_000);
            for name in 0..1_001_u32 {
                let tag = index.key.tag(&name.to_le_bytes());
                let row = index.find(tag).unwrap();
                assert_eq!(again.find(tag).unwrap(), row);
                assert_eq!(again.get(row).unwrap(), index.get(row).unwrap());
            }
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_of_and_nothing_is_lost() {
        let mut index = Index::new(100_000).unwrap();
        add(&mut index, 7).unwrap();
        assert!(index.seal(Path::new("/nowhere/at/all")).is_err());
        assert_eq!(index.find(index.key.tag(&7_u32.to_le_bytes())).unwrap(), 0);
        index.spill = Some("/nowhere/at/all".into());
        assert!((0..10_000).any(|name| add(&mut index, name).is_err()));
    }
}
