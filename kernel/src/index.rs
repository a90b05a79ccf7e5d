//! Blocks by CID: one row of 32 bytes each, and a hash table over them.
//!
//! A row names its CID by a *tag*: 16 bytes of a hash of the whole CID, under a
//! key drawn for this index. Nobody without the key can find two CIDs with one
//! tag, or aim at a place in the table, and a link is compared whole without a
//! look at the file.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};

use siphasher::sip128::SipHasher13;

use crate::limits::BLOCK_BYTES;
use crate::node::Shape;
use crate::slots::Slots;
use crate::types::Types;
use crate::varint;

/// Stands for "no row".
pub const NO_ROW: u32 = u32::MAX;

/// Bits of a mark: the state.
pub const STATE: u8 = 0b11;
/// The CID is of codec raw.
pub const RAW_CODEC: u8 = 1 << 2;
/// Linked to as a record.
pub const RECORD: u8 = 1 << 3;
/// Linked to as a record by a second key.
pub const AGAIN: u8 = 1 << 4;
/// Entered as a node.
pub const NODE: u8 = 1 << 5;
/// A second copy was met.
pub const DUPLICATE: u8 = 1 << 6;
/// Taken as the commit.
pub const COMMIT: u8 = 1 << 7;
/// Used by the tree, in any way.
pub const LINKED: u8 = RECORD | NODE | COMMIT;

/// What is known of a block from its bytes alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum State {
    /// It hashes to its CID, and nothing is wrong with it.
    Sound = 0,
    /// It hashes, but something about it is, or may be, a finding.
    Unsound = 1,
    /// The bytes are not those that the CID names.
    WrongHash = 2,
}

impl State {
    /// Return the state that a mark, or Python, has as a number.
    #[must_use]
    pub fn of(mark: u8) -> Self {
        match mark & STATE {
            0 => State::Sound,
            1 => State::Unsound,
            _ => State::WrongHash,
        }
    }
}

/// What a sound block looks like: a record of some `$type`, a node, or else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(u16);

impl Kind {
    /// Neither; or not looked at.
    #[allow(non_upper_case_globals)]
    pub const None: Kind = Kind(0);
    /// A record whose `$type` is not kept.
    pub const MANY: Kind = Kind(u16::MAX);
    /// Type numbers are below this.
    pub const FIRST_NODE: u16 = 0xff00;
    const KEYLESS_NODE: u16 = 0xfff0;
    const EMPTY_NODE: u16 = 0xfff1;

    /// Return what a canonical node is, unless its keys are wrong.
    #[must_use]
    pub fn shape(self) -> Option<Shape> {
        match self.0 {
            Self::KEYLESS_NODE => Some(Shape::WithoutKeys),
            Self::EMPTY_NODE => Some(Shape::Empty),
            number @ Self::FIRST_NODE..Self::KEYLESS_NODE => {
                Some(Shape::AtDepth((number - Self::FIRST_NODE) as u8))
            }
            _ => None,
        }
    }

    /// Return the number of the `$type`; 0 for none.
    #[must_use]
    pub fn type_number(self) -> u16 {
        if self.shape().is_some() { 0 } else { self.0 }
    }
}

impl From<Option<Shape>> for Kind {
    fn from(shape: Option<Shape>) -> Kind {
        match shape {
            None => Kind::None,
            Some(Shape::WithoutKeys) => Kind(Kind::KEYLESS_NODE),
            Some(Shape::Empty) => Kind(Kind::EMPTY_NODE),
            Some(Shape::AtDepth(depth)) => Kind(Kind::FIRST_NODE + u16::from(depth)),
        }
    }
}

/// The key under which an index hashes CIDs.
#[derive(Clone, Copy)]
pub struct TagKey(SipHasher13);

impl TagKey {
    /// Draw a key.
    ///
    /// # Errors
    /// The machine has no random bytes.
    pub fn draw() -> Result<Self, getrandom::Error> {
        let mut key = [0; 16];
        getrandom::fill(&mut key)?;
        Ok(Self(SipHasher13::new_with_key(&key)))
    }

    /// Return the tag of the CID with these bytes.
    #[must_use]
    pub fn tag(&self, cid: &[u8]) -> u128 {
        self.0.hash(cid).as_u128()
    }
}

/// One block.
#[derive(Debug)]
pub struct Row {
    /// The keyed hash of its CID.
    pub tag: u128,
    /// Where its section begins.
    pub offset: u64,
    /// Bytes of its data.
    pub length: u32,
    /// What it looks like.
    pub kind: Kind,
    /// State, codec, and how the tree used it. Only a walk writes it while
    /// others read the index.
    mark: AtomicU8,
}

impl Row {
    /// Make a row.
    #[must_use]
    pub fn new(tag: u128, offset: u64, length: u32, kind: Kind, mark: u8) -> Self {
        Self {
            tag,
            offset,
            length,
            kind,
            mark: AtomicU8::new(mark),
        }
    }

    /// Return state, codec, and how the tree used it, as bits.
    #[must_use]
    pub fn mark(&self) -> u8 {
        self.mark.load(Ordering::Relaxed)
    }

    /// Note how the tree used it.
    pub fn add_mark(&self, bits: u8) {
        self.mark.fetch_or(bits, Ordering::Relaxed);
    }
}

/// A copy of a block that does not hash, beside the one in the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Of the block.
    pub row: u32,
    /// Of the copy's section.
    pub offset: u64,
    /// Bytes of the copy's data.
    pub length: u32,
}

/// The index takes more than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverBudget;

/// Rows of one piece of memory.
const PIECE: usize = 1 << 13;
/// Blocks between two looks at the budget.
const LOOK: usize = 1024;

/// Blocks by CID, in the order in which they were met.
pub struct Index {
    /// Under which CIDs are hashed.
    pub key: TagKey,
    /// Bytes it may take.
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
    pub copies: Vec<Copy>,
    /// Row → bytes of its section's length, where that is not minimal.
    pub padded: HashMap<u32, u8>,
    last_cid: [u8; 36],
    pieces: Vec<Vec<Row>>,
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
    pub fn new(budget: usize) -> Result<Self, getrandom::Error> {
        Ok(Self {
            key: TagKey::draw()?,
            budget,
            sections: 0,
            duplicates: 0,
            duplicate_bytes: 0,
            ascending: true,
            descending: true,
            copies: Vec::new(),
            padded: HashMap::new(),
            last_cid: [0; 36],
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
        self.count
    }

    /// Tell whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Return a row, if there are so many.
    #[must_use]
    pub fn get(&self, row: u32) -> Option<&Row> {
        let row = row as usize;
        self.pieces.get(row / PIECE)?.get(row % PIECE)
    }

    fn row(&self, row: u32) -> &Row {
        &self.pieces[row as usize / PIECE][row as usize % PIECE]
    }

    /// Return all rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.pieces.iter().flatten()
    }

    /// Return what the index takes at most, in bytes.
    #[must_use]
    pub fn bytes_used(&self) -> usize {
        self.count * BLOCK_BYTES + self.spent
    }

    /// Count some bytes of a side table.
    ///
    /// # Errors
    /// The budget is spent.
    pub fn spend(&mut self, size: usize) -> Result<(), OverBudget> {
        self.spent += size;
        self.check_budget()
    }

    fn check_budget(&self) -> Result<(), OverBudget> {
        if self.bytes_used() > self.budget {
            return Err(OverBudget);
        }
        Ok(())
    }

    /// Return the row of the block with this tag, or `NO_ROW`.
    #[must_use]
    pub fn find(&self, tag: u128) -> u32 {
        self.slots.find(tag, |row| self.row(row).tag == tag)
    }

    /// Find several blocks; the machine fetches them side by side.
    pub fn find_all(&self, tags: &[u128], rows: &mut Vec<u32>) {
        self.fetch(tags.iter().copied());
        rows.clear();
        rows.extend(tags.iter().map(|&tag| self.slots.first(tag)));
        for (row, &tag) in rows.iter_mut().zip(tags) {
            let is_it = *row != NO_ROW && self.row(*row).tag == tag;
            if !is_it {
                *row = self.find(tag);
            }
        }
    }

    /// Have the machine fetch the places in the table where these blocks are or
    /// will be, all at once and not one by one.
    pub fn fetch(&self, tags: impl Iterator<Item = u128>) {
        let all = tags.fold(0, |all, tag| all ^ self.slots.first(tag));
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
    /// The budget is spent.
    pub fn add(&mut self, cid: &[u8], type_name: &[u8], mut new: Row) -> Result<(), OverBudget> {
        self.note_cid(cid);
        if !type_name.is_empty() {
            new.kind = self.kind_of_type(type_name)?;
        }
        let row = self.find(new.tag);
        if row == NO_ROW {
            return self.insert(new);
        }
        let known = &mut self.pieces[row as usize / PIECE][row as usize % PIECE];
        let mut copy = Copy {
            row,
            offset: new.offset,
            length: new.length,
        };
        let (new_mark, mark) = (new.mark(), known.mark());
        if State::of(new_mark) != State::WrongHash {
            if State::of(mark) != State::WrongHash {
                known.add_mark(DUPLICATE);
                self.duplicates += 1;
                self.duplicate_bytes += u64::from(new.length);
                return Ok(());
            }
            // The copy kept so far does not hash: this one takes its place.
            copy.offset = known.offset;
            copy.length = known.length;
            *known.mark.get_mut() = mark & !STATE | new_mark & STATE;
            known.kind = new.kind;
            known.offset = new.offset;
            known.length = new.length;
            self.padded.remove(&row);
        }
        self.copies.push(copy);
        self.spend(16)
    }

    fn insert(&mut self, row: Row) -> Result<(), OverBudget> {
        if self.count.is_multiple_of(PIECE) {
            // The first is small: most repositories are.
            let room = if self.count == 0 { 8 } else { PIECE };
            self.pieces.push(Vec::with_capacity(room));
        }
        let tag = row.tag;
        if let Some(piece) = self.pieces.last_mut() {
            piece.push(row);
        }
        self.count += 1;
        let pieces = &self.pieces;
        let tag_of = |row: u32| pieces[row as usize / PIECE][row as usize % PIECE].tag;
        let number = u32::try_from(self.count - 1).map_err(|_| OverBudget)?;
        self.slots.add(tag, number, tag_of)?;
        if self.count.is_multiple_of(LOOK) {
            self.check_budget()?;
        }
        Ok(())
    }

    fn kind_of_type(&mut self, name: &[u8]) -> Result<Kind, OverBudget> {
        if let Some(number) = self.types.again(name) {
            return Ok(Kind(number));
        }
        match self.types.add(name) {
            None => Ok(Kind::MANY),
            Some(number) => {
                self.spend(2 * name.len() + 200)?;
                Ok(Kind(number))
            }
        }
    }

    /// Return the number of a `$type`, if a block has it.
    #[must_use]
    pub fn type_number(&self, name: &[u8]) -> Option<u16> {
        self.types.number(name)
    }

    /// Return the `$type` of a row: "" for none, None when it is not kept.
    #[must_use]
    pub fn type_of(&self, row: &Row) -> Option<&str> {
        self.types.name(row.kind.type_number())
    }

    /// Return where the data of a row begins.
    #[must_use]
    pub fn data_offset(&self, row: u32) -> Option<u64> {
        let block = self.get(row)?;
        let length = u64::from(block.length) + 36;
        let head = self
            .padded
            .get(&row)
            .map_or_else(|| varint::size_of(length), |&head| u64::from(head));
        Some(block.offset + head + 36)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(index: &mut Index, name: u32) -> Result<(), OverBudget> {
        let tag = index.key.tag(&name.to_le_bytes());
        let row = Row::new(tag, u64::from(name), 5, Kind::None, State::Sound as u8);
        index.add(&[0; 36], b"", row)
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
            assert_eq!(index.find(index.key.tag(&name.to_le_bytes())), name);
        }
        assert_eq!(index.find(index.key.tag(b"other")), NO_ROW);
        let tags: Vec<_> = (49_990_u32..50_010)
            .map(|name| index.key.tag(&name.to_le_bytes()))
            .collect();
        let mut rows = Vec::new();
        index.find_all(&tags, &mut rows);
        let expected: Vec<_> = tags.iter().map(|&tag| index.find(tag)).collect();
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
    fn the_budget_is_kept() {
        let mut index = Index::new(100_000).unwrap();
        let added = (0..10_000).take_while(|&name| add(&mut index, name).is_ok());
        assert_eq!(added.count(), 3 * LOOK - 1);
    }

    #[test]
    fn node_kinds_are_no_types() {
        for depth in 0..=128 {
            let kind = Kind::from(Some(Shape::AtDepth(depth)));
            assert_eq!(kind.shape(), Some(Shape::AtDepth(depth)));
            assert_eq!(kind.type_number(), 0);
        }
        for shape in [Shape::WithoutKeys, Shape::Empty] {
            assert_eq!(Kind::from(Some(shape)).shape(), Some(shape));
        }
        assert_eq!(Kind::MANY.shape(), None);
    }
}
