//! What a reader of a block does with the faults that it meets: end, or count them.

use crate::counted_faults::{Counts, Fault};
use crate::formats::blob_rules;
use crate::limits;

/// What to do with the faults of a block.
pub trait Faults<'a> {
    /// Whether a block may have any.
    const COUNTS: bool;

    /// Handle a fault; None ends the reading.
    fn meet(&mut self, fault: Fault) -> Option<()>;

    /// Begin an array or a map.
    fn open(&mut self, nesting: usize);

    /// Take the next key of a map; tell whether it is a new one.
    ///
    /// Its value begins at byte `value_at` of the block.
    fn key(
        &mut self,
        nesting: usize,
        text: &'a [u8],
        value_at: usize,
        ascends: bool,
    ) -> Option<bool>;

    /// Leave a map of this block, all of whose keys were taken.
    fn close(&mut self, nesting: usize, data: &'a [u8]) -> Option<()>;
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
    fn key(&mut self, _: usize, _: &[u8], _: usize, ascends: bool) -> Option<bool> {
        ascends.then_some(true)
    }

    #[inline]
    fn close(&mut self, _: usize, _: &[u8]) -> Option<()> {
        Some(())
    }
}

/// Each key is compared with all others of its map.
const MOST_KEYS: usize = 64;

/// Faults are counted.
#[derive(Default)]
pub struct Counted<'a> {
    /// How often each was met.
    pub counts: Counts,
    /// The keys of the maps that are open.
    keys: Vec<Key<'a>>,
}

struct Key<'a> {
    nesting: usize,
    text: &'a [u8],
    value_at: usize,
}

impl<'a> Faults<'a> for &mut Counted<'a> {
    const COUNTS: bool = true;

    fn meet(&mut self, fault: Fault) -> Option<()> {
        self.counts[fault as usize] += 1;
        (self.counts.iter().sum::<u64>() <= limits::FAULTS_A_BLOCK).then_some(())
    }

    fn open(&mut self, nesting: usize) {
        while self.keys.pop_if(|key| key.nesting >= nesting).is_some() {}
    }

    fn key(
        &mut self,
        nesting: usize,
        text: &'a [u8],
        value_at: usize,
        ascends: bool,
    ) -> Option<bool> {
        // How a key that is no text is called depends on all its bytes.
        std::str::from_utf8(text).ok()?;
        self.open(nesting + 1);
        let others = self.keys.iter().rev();
        let of_map = others.take_while(|key| key.nesting == nesting);
        let (mut count, mut is_new) = (0, true);
        for other in of_map {
            count += 1;
            is_new &= other.text != text;
        }
        if count == MOST_KEYS {
            return None;
        }
        self.keys.push(Key {
            nesting,
            text,
            value_at,
        });
        if !is_new {
            self.meet(Fault::SameKey)?;
        } else if !ascends {
            self.meet(Fault::KeyOrder)?;
        }
        Some(is_new)
    }

    fn close(&mut self, nesting: usize, data: &'a [u8]) -> Option<()> {
        self.open(nesting + 1);
        let start = self.keys.partition_point(|key| key.nesting < nesting);
        let fields = self.keys[start..]
            .iter()
            .map(|key| (key.text, key.value_at));
        let faults = blob_rules::faults_of(&fields, data)?;
        faults
            .into_iter()
            .flatten()
            .try_for_each(|fault| self.meet(fault))
    }
}
