//! Faults of records and keys that are counted instead of handed over.
//!
//! The engine lists the first hundred findings of a code; a hostile file may have a
//! million more, which only count.

use crate::limits;

/// A broken rule, by its number in `seam.CountedFault`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fault {
    /// A head is not in its shortest form.
    LongHead,
    /// A tag does not mark a link.
    Tag,
    /// A link holds no CID.
    Link,
    /// A link holds a CID that is not of atproto's form.
    OddLink,
    /// A float.
    Float,
    /// A float that is short, or no number.
    OddFloat,
    /// A simple value that there is not in DAG-CBOR.
    Simple,
    /// An integer over 53 bits.
    LargeInt,
    /// An integer over 64 bits with a sign.
    HugeInt,
    /// A text is not UTF-8.
    NotUtf8,
    /// A text holds control or bidi characters.
    Control,
    /// A map key is empty.
    EmptyKey,
    /// A map key begins with `$`.
    ReservedKey,
    /// A map key stands behind one that it should come before.
    KeyOrder,
    /// A map key is there twice.
    SameKey,
    /// Something stands behind the item.
    Tail,
    /// The record has no `$type`.
    NoType,
    /// The `$type` is not the collection.
    OtherType,
    /// A record key holds a character that none may.
    KeyCharacter,
    /// A key is longer than older readers take.
    LongKey,
    /// A text, bytes, an array or a map goes on up to a break.
    NoLength,
    /// The block of a record does not hash to its CID.
    Damaged,
}

/// How many there are.
pub const FAULTS: usize = Fault::Damaged as usize + 1;

/// How often each fault was met.
pub type Counts = [u64; FAULTS];

/// What to do with the faults of a block.
pub trait Faults<'a> {
    /// Whether a block may have any.
    const COUNTS: bool;

    /// Handle a fault; None ends the reading.
    fn meet(&mut self, fault: Fault) -> Option<()>;

    /// Begin an array or a map.
    fn open(&mut self, nesting: usize);

    /// Take the next key of a map; tell whether it is a new one.
    fn key(&mut self, nesting: usize, text: &'a [u8], ascends: bool) -> Option<bool>;
}

/// The reading ends with the first fault.
pub struct Refused;

impl Faults<'_> for Refused {
    const COUNTS: bool = false;

    #[inline]
    fn meet(&mut self, _: Fault) -> Option<()> {
        None
    }

    #[inline]
    fn open(&mut self, _: usize) {}

    #[inline]
    fn key(&mut self, _: usize, _: &[u8], ascends: bool) -> Option<bool> {
        ascends.then_some(true)
    }
}

/// Each key is compared with all others of its map.
const MOST_KEYS: usize = 64;

/// Faults are counted.
#[derive(Default)]
pub struct Counted<'a> {
    /// How often each was met.
    pub counts: Counts,
    /// The keys of the maps that are open, with the nesting of each.
    keys: Vec<(usize, &'a [u8])>,
}

impl<'a> Faults<'a> for &mut Counted<'a> {
    const COUNTS: bool = true;

    fn meet(&mut self, fault: Fault) -> Option<()> {
        self.counts[fault as usize] += 1;
        (self.counts.iter().sum::<u64>() <= limits::FAULTS_A_BLOCK).then_some(())
    }

    fn open(&mut self, nesting: usize) {
        while self.keys.pop_if(|(outer, _)| *outer >= nesting).is_some() {}
    }

    fn key(&mut self, nesting: usize, text: &'a [u8], ascends: bool) -> Option<bool> {
        // How a key that is no text is called depends on all its bytes.
        std::str::from_utf8(text).ok()?;
        self.open(nesting + 1);
        let others = self.keys.iter().rev();
        let of_map = others.take_while(|(outer, _)| *outer == nesting);
        let (mut count, mut is_new) = (0, true);
        for (_, other) in of_map {
            count += 1;
            is_new &= *other != text;
        }
        if count == MOST_KEYS {
            return None;
        }
        self.keys.push((nesting, text));
        if !is_new {
            self.meet(Fault::SameKey)?;
        } else if !ascends {
            self.meet(Fault::KeyOrder)?;
        }
        Some(is_new)
    }
}
