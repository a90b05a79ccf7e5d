//! Blocks by CID: one row of 32 bytes each, and a hash table over them.
//!
//! A row has a *tag* in place of its CID (`tag_key`), so a look-up never reads the
//! file.

use std::path::{Path, PathBuf};

use crate::blocks::block::Block;
use crate::blocks::cid_order::CidOrder;
use crate::blocks::copies::{Copies, Copy};
use crate::blocks::kind::Kind;
use crate::blocks::lent_rows::Sought;
use crate::blocks::packed_rows;
use crate::blocks::rows::Rows;
use crate::blocks::tag_key::TagKey;
use crate::blocks::type_names::TypeNames;
use crate::error::Result;
use crate::limits::BLOCK_BYTES;
use crate::marks::{DUPLICATE, RAW_CODEC, STATE, State};
use crate::pause::Pause;

/// Share of the budget for looking up many links at once (`plan`), one n-th; in
/// bytes, at most and at least.
const PLAN_SHARE: usize = 3;
const MOST_PLAN: usize = 32 << 20;
const LEAST_PLAN: usize = 1 << 16;
/// Blocks between two comparisons with the budget.
const LOOK: usize = 1024;

/// Blocks by CID, in the order in which they were met.
pub struct BlockIndex {
    /// Of the hash of CIDs.
    pub key: TagKey,
    /// Bytes of memory to take, if it can spill. Without a folder it is unused:
    /// callers compare `most_bytes` with it.
    pub budget: usize,
    /// Blocks met, copies counted.
    pub sections: u64,
    /// Copies of blocks that were there before.
    pub duplicates: u64,
    /// Bytes of these.
    pub duplicate_bytes: u64,
    /// In which order their CIDs came.
    pub order: CidOrder,
    /// What is known of each block.
    pub rows: Rows,
    /// Copies that do not hash and are not in a row.
    pub copies: Copies,
    /// A folder to spill to.
    pub spill: Option<PathBuf>,
    /// Called often where something takes long. After it canceled, the index
    /// cannot be used any more.
    pub pause: Pause,
    types: TypeNames,
    spent: usize,
    /// Whether all is read, and no row in memory.
    is_read: bool,
}

impl BlockIndex {
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
            order: CidOrder::default(),
            rows: Rows::default(),
            copies: Copies::default(),
            spill: None,
            pause: Pause::default(),
            types: TypeNames::default(),
            spent: 0,
            is_read: false,
        })
    }

    /// Call a function with all copies that do not hash, in order.
    ///
    /// # Errors
    /// The disk fails, or this was canceled; or the function fails,
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
        let stop = start.saturating_add(count);
        self.rows.some(start, stop, |_, block| {
            packed_rows::pack(block, out);
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
        self.rows.some(start, stop, |row, block| {
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

    /// Append rows that an index with the same key packed, without `$type`s.
    ///
    /// # Errors
    /// Nothing more can be added.
    pub fn unpack(&mut self, rows: &[u8]) -> Result<()> {
        let rows = rows.as_chunks().0;
        rows.iter()
            .try_for_each(|row| self.insert(&packed_rows::unpacked(row)))
    }

    /// Return what the index takes of memory at most, in bytes.
    ///
    /// Exact if it can spill, to use all of its budget; otherwise an estimate that
    /// is the same for both twins.
    #[must_use]
    pub fn bytes_used(&self) -> usize {
        let rows = if self.spill.is_some() {
            self.rows.bytes()
        } else {
            self.rows.in_memory() * BLOCK_BYTES
        };
        rows + self.rows.sealed_bytes() + self.copies.bytes() + self.spent
    }

    /// Return what the index has on disk, in bytes.
    #[must_use]
    pub fn disk_used(&self) -> u64 {
        self.rows.disk_bytes() + self.copies.disk_bytes()
    }

    /// Write the rows in memory to disk; see `Rows::seal`.
    ///
    /// # Errors
    /// The disk fails or is full, or this was canceled.
    pub fn seal(&mut self, folder: &Path) -> Result<()> {
        let budget = self.own_budget();
        self.rows.seal(folder, self.budget, budget, &self.pause)
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
        // At once: there may be no more rows to trigger it.
        self.keep_to_budget()
    }

    /// Seal the last rows if others are on disk: nothing more comes, and a plan
    /// needs their memory.
    ///
    /// # Errors
    /// The disk fails or is full, or this was canceled.
    pub fn end_reading(&mut self) -> Result<()> {
        if let Some(folder) = self.spill.clone()
            && self.rows.is_on_disk()
        {
            self.seal(&folder)?;
            self.is_read = true;
        }
        Ok(())
    }

    /// Return the bytes of the budget that a plan may take, about: all that is
    /// left once everything was read.
    #[must_use]
    pub fn plan_room(&self) -> usize {
        let share = self.budget / PLAN_SHARE;
        let room = if self.is_read {
            self.budget.saturating_sub(self.bytes_used()).max(share)
        } else {
            share
        };
        room.clamp(LEAST_PLAN, MOST_PLAN)
    }

    /// Return the bytes that are left for all else.
    fn own_budget(&self) -> usize {
        self.budget.saturating_sub(self.plan_room())
    }

    /// Spill if the index is over its budget and has a folder.
    fn keep_to_budget(&mut self) -> Result<()> {
        let Some(folder) = &self.spill else {
            return Ok(());
        };
        let budget = self.own_budget();
        // Sealing few rows would free little memory, at the cost of a merge.
        let worth_it = self.rows.in_memory() * BLOCK_BYTES >= budget / 4;
        if worth_it && self.bytes_used() > budget {
            let (folder, count) = (folder.clone(), self.rows.in_memory());
            self.seal(&folder)?;
            // About as many come before the next time: no growing on the way.
            self.rows.reserve(count);
        }
        Ok(())
    }

    /// Make room in the table for so many blocks, as far as the budget goes.
    pub fn expect(&mut self, blocks: usize) {
        self.rows.reserve(blocks.min(self.budget / BLOCK_BYTES));
    }

    /// Count a block that has no row, for its CID is odd.
    pub fn count_odd(&mut self, duplicate_length: Option<u64>) {
        self.sections += 1;
        self.order.note_odd();
        if let Some(length) = duplicate_length {
            self.duplicates += 1;
            self.duplicate_bytes += length;
        }
    }

    /// Add one block. The first copy that hashes is kept in the row; others that
    /// do not hash go to `copies`.
    ///
    /// # Errors
    /// Nothing more can be added.
    pub fn add(&mut self, cid: &[u8], type_name: &[u8], new: Block) -> Result<()> {
        self.add_sought(cid, type_name, new, Sought::NOWHERE)
    }

    /// Add one block, given what was found of it on disk before; see `add`.
    ///
    /// # Errors
    /// Nothing more can be added.
    pub fn add_sought(
        &mut self,
        cid: &[u8],
        type_name: &[u8],
        mut new: Block,
        sought: Sought,
    ) -> Result<()> {
        self.sections += 1;
        self.order.note(cid);
        if !type_name.is_empty() {
            new.kind = self.kind_of_type(type_name)?;
        }
        let row = self.rows.find_sought(new.tag, sought)?;
        // The mark of a row on disk is cheaper to read than the rest.
        let Some(mark) = self.rows.mark(row)? else {
            return self.insert(&new);
        };
        let hashes = State::of(new.mark) != State::WrongHash;
        if hashes && State::of(mark) != State::WrongHash {
            self.rows.add_mark(row, DUPLICATE)?;
            self.duplicates += 1;
            self.duplicate_bytes += u64::from(new.length);
            return Ok(());
        }
        let mut copy = Copy {
            row,
            offset: new.offset,
            length: new.length,
        };
        if hashes && let Some(known) = self.rows.get(row)? {
            // The copy kept so far does not hash: this one takes its place.
            copy.offset = known.offset;
            copy.length = known.length;
            new.mark = mark & !STATE | new.mark & STATE;
            self.rows.put(row, &new)?;
        }
        self.copies.push(copy, self.spill.as_deref())?;
        self.keep_to_budget()
    }

    /// Note that the length of a row's section is padded to so many bytes.
    ///
    /// # Errors
    /// The disk fails.
    pub fn set_head(&mut self, row: u32, head: u8) -> Result<()> {
        match self.rows.get(row)? {
            Some(block) => self.rows.put(row, &Block { head, ..block }),
            None => Ok(()),
        }
    }

    fn insert(&mut self, block: &Block) -> Result<()> {
        self.rows.push(block)?;
        if self.rows.in_memory().is_multiple_of(LOOK) {
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
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;

    use super::*;
    use crate::blocks::block::{NO_ROW, Row};
    use crate::formats::node::Shape;
    use crate::marks::RECORD;

    fn add(index: &mut BlockIndex, name: u32) -> Result<()> {
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
    fn every_block_is_found_and_no_other() {
        let mut index = BlockIndex::new(usize::MAX).unwrap();
        for name in 0..50_000 {
            add(&mut index, name).unwrap();
        }
        for name in 0..50_000_u32 {
            assert_eq!(
                index.rows.find(index.key.tag(&name.to_le_bytes())).unwrap(),
                name
            );
        }
        assert_eq!(index.rows.find(index.key.tag(b"other")).unwrap(), NO_ROW);
        let tags: Vec<_> = (49_990_u32..50_010)
            .map(|name| index.key.tag(&name.to_le_bytes()))
            .collect();
        let mut rows = Vec::new();
        index.rows.find_all(&tags, &mut rows).unwrap();
        let expected: Vec<_> = tags
            .iter()
            .map(|&tag| index.rows.find(tag).unwrap())
            .collect();
        assert_eq!(rows, expected);
    }

    #[test]
    fn without_a_folder_the_budget_ends_nothing() {
        let mut index = BlockIndex::new(100_000).unwrap();
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
            let mut whole = BlockIndex::new(usize::MAX).unwrap();
            let mut sealed = BlockIndex::new(usize::MAX).unwrap();
            sealed.key = whole.key;
            let tag = |name: u32| whole.key.tag(&name.to_le_bytes());
            let tags: Vec<_> = adds.iter().map(|&(name, ..)| tag(name)).collect();
            // What threads find ahead, while more goes to disk behind them.
            let mut ahead = Vec::new().into_iter();
            for (offset, &(name, state, seal)) in (0_u64..).zip(&adds) {
                let next = usize::try_from(offset).unwrap();
                if next % 250 == 0 {
                    let tags = tags[next..].iter().take(250).copied();
                    ahead = sealed.rows.lend().find_all(tags).unwrap_or_default().into_iter();
                }
                let sought = ahead.next().unwrap_or(Sought::NOWHERE);
                let block = Block {
                    tag: tags[next],
                    offset,
                    length: name,
                    kind: Kind::from(Some(Shape::AtDepth((name % 100) as u8))),
                    mark: state,
                    head: 0,
                };
                whole.add(&[0; 36], b"", block).unwrap();
                sealed.add_sought(&[0; 36], b"", block, sought).unwrap();
                if seal && offset % 97 == 0 {
                    sealed.seal(&folder).unwrap();
                }
                if offset % 13 == 0 {
                    whole.rows.add_mark(name, RECORD).unwrap();
                    sealed.rows.add_mark(name, RECORD).unwrap();
                }
            }
            prop_assert_eq!(whole.rows.len(), sealed.rows.len());
            let copies = |index: &BlockIndex| {
                let mut copies = Vec::new();
                let seen = index.copies.each(|copy| {
                    copies.push(*copy);
                    Ok(())
                });
                seen.map(|()| copies).unwrap()
            };
            prop_assert_eq!(copies(&whole), copies(&sealed));
            prop_assert_eq!(whole.duplicates, sealed.duplicates);
            let blocks = |index: &BlockIndex| {
                let mut blocks = Vec::new();
                index.rows.each(|row, block| blocks.push((row, *block))).unwrap();
                blocks
            };
            prop_assert_eq!(blocks(&whole), blocks(&sealed));
            for name in 0..410_u32 {
                let tag = whole.key.tag(&name.to_le_bytes());
                let row = whole.rows.find(tag).unwrap();
                prop_assert_eq!(row, sealed.rows.find(tag).unwrap());
                prop_assert_eq!(whole.rows.get(row).unwrap(), sealed.rows.get(row).unwrap());
            }
            let tags: Vec<_> = (0..410_u32)
                .map(|name| whole.key.tag(&name.to_le_bytes()))
                .collect();
            prop_assert_eq!(whole.rows.look_up(&tags, false).unwrap(), sealed.rows.look_up(&tags, true).unwrap());
        }
    }

    #[test]
    fn what_is_on_disk_takes_a_part_of_the_budget() {
        let budget = 400_000;
        let mut index = BlockIndex::new(budget).unwrap();
        index.spill = Some(std::env::temp_dir());
        for name in 0..500_000 {
            add(&mut index, name).unwrap();
        }
        let sealed = index.rows.sealed_bytes();
        assert!(sealed < budget / 2, "{sealed}");
        for name in (0..500_000_u32).step_by(997) {
            assert_eq!(
                index.rows.find(index.key.tag(&name.to_le_bytes())).unwrap(),
                name
            );
        }
        assert_eq!(index.rows.find(index.key.tag(b"other")).unwrap(), NO_ROW);
    }

    #[test]
    fn whoever_wants_it_to_end_is_heard_in_every_part_of_sealing() {
        let folder = tempfile::tempdir().unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let mut ends = 0;
        for patience in 0.. {
            let mut index = BlockIndex::new(usize::MAX).unwrap();
            for name in 0..40_000 {
                add(&mut index, name).unwrap();
                if [10_000, 25_000].contains(&name) {
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
            assert_eq!(outcome.is_err(), index.rows.find(0).is_err());
            assert_eq!(outcome.is_err(), index.rows.get(0).is_err());
            assert_eq!(folder.path().read_dir().unwrap().count(), 0);
            if outcome.is_ok() {
                break;
            }
            assert_eq!(asked.load(Ordering::Relaxed), patience + 1);
            ends += 1;
        }
        // Tags, the rest of the rows, what is merged, and what is sorted.
        assert_eq!(ends, 2 + 2 + 2 + 1);
    }

    #[test]
    fn an_index_that_may_spill_keeps_its_budget() {
        let mut index = BlockIndex::new(200_000).unwrap();
        index.spill = Some(std::env::temp_dir());
        for name in 0..60_000 {
            add(&mut index, name).unwrap();
            // Between two looks, rows come and the table may grow by half.
            let rows = index.rows.in_memory() * size_of::<Row>();
            let since = LOOK * size_of::<Row>() + (index.rows.bytes() - rows) / 2;
            assert!(index.bytes_used() <= 200_000 + since);
        }
        assert_eq!(index.rows.len(), 60_000);
        for name in (0..60_000_u32).step_by(77) {
            assert_eq!(
                index.rows.find(index.key.tag(&name.to_le_bytes())).unwrap(),
                name
            );
        }
    }

    #[test]
    fn packed_rows_make_the_same_index() {
        let folder = std::env::temp_dir();
        for (sealed, spill) in [(0, None), (700, None), (1_000, Some(folder.clone()))] {
            let mut index = BlockIndex::new(1 << 20).unwrap();
            for name in 0..1_000 {
                add(&mut index, name).unwrap();
                if name + 1 == sealed {
                    index.seal(&folder).unwrap();
                }
            }
            index.rows.add_mark(650, RECORD).unwrap();
            index.set_head(7, 3).unwrap();
            index.set_head(850, 4).unwrap();
            let mut again = BlockIndex::new(20_000).unwrap();
            again.key = TagKey::of(index.key.bytes);
            again.spill = spill;
            for start in (0..1_000).step_by(300) {
                let mut rows = Vec::new();
                index.pack(start, 300, &mut rows).unwrap();
                again.unpack(&rows).unwrap();
            }
            assert_eq!(again.rows.len(), 1_000);
            for name in 0..1_001_u32 {
                let tag = index.key.tag(&name.to_le_bytes());
                let row = index.rows.find(tag).unwrap();
                assert_eq!(again.rows.find(tag).unwrap(), row);
                assert_eq!(again.rows.get(row).unwrap(), index.rows.get(row).unwrap());
            }
        }
    }

    #[test]
    fn a_folder_that_is_not_there_is_told_of_and_nothing_is_lost() {
        let mut index = BlockIndex::new(100_000).unwrap();
        add(&mut index, 7).unwrap();
        assert!(index.seal(Path::new("/nowhere/at/all")).is_err());
        assert_eq!(
            index
                .rows
                .find(index.key.tag(&7_u32.to_le_bytes()))
                .unwrap(),
            0
        );
        index.spill = Some("/nowhere/at/all".into());
        assert!((0..10_000).any(|name| add(&mut index, name).is_err()));
    }
}
