//! Strict DAG-CBOR, as atproto data has it: yes or no, and the `$type`.
//!
//! The twin of `dagcbor.sound_type`, and like it no reader of values. A block
//! is refused whenever `diagnose` would report anything, of any severity.
//!
//! Where the engine has said all that it says of some faults, they can be
//! counted here as well: those behind which it is plain how to read on.
//!
//! Source: DAG-CBOR §Strictness; DRISL; atproto data model.

use std::ops::Range;

use crate::cid::{CID, LINK, LINK_HEAD, PLAIN_PREFIX, RAW_PREFIX};
use crate::counted_faults::Fault;
use crate::formats::blob_rules;
use crate::formats::clean_text::{is_clean, is_clean_slow};
use crate::formats::met_faults::{Counted, Faults, Refused};
use crate::limits;

const BYTES: u8 = 2;
const TEXT: u8 = 3;
const MAP: u8 = 5;
const TAG: u8 = 6;
const OTHER: u8 = 7;
const BREAK: u8 = 0xff;
/// What stands in a head, in place of a length, where a break comes.
const INDEFINITE: u8 = 31;
const LINK_TAG: u64 = 42;
const TYPE: &[u8] = b"$type";

/// What a sound block is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sound {
    /// Where the text of its top-level `$type` stands; empty without one.
    pub type_at: Range<usize>,
    /// Whether it is a map without a `$type`.
    pub is_untyped_map: bool,
}

/// An array or a map that is not at its end.
#[derive(Clone, Copy, Default)]
struct Open {
    /// Items or pairs to come; up to a break, no more than that.
    left: u64,
    is_endless: bool,
    is_map: bool,
    /// Where its head stands.
    at: usize,
    /// Where the text of the key before stands; zeros where there is none.
    key: (usize, usize),
}

/// Judge a block; None when it is not sound.
#[must_use]
pub fn judge(data: &[u8]) -> Option<Sound> {
    read(data, Refused)
}

/// Count all faults of a block; None where one of them cannot be counted here.
#[must_use]
pub fn count(data: &[u8]) -> Option<(Sound, Counted<'_>)> {
    let mut counted = Counted::default();
    let read = read(data, &mut counted)?;
    Some((read, counted))
}

fn read<'a, F: Faults<'a>>(data: &'a [u8], faults: F) -> Option<Sound> {
    if data.is_empty() || data.len() > limits::MAX_RECORD {
        return None;
    }
    let mut reader = Reader {
        data,
        position: 0,
        faults,
    };
    let mut sound = Sound::default();
    let mut stack = [Open::default(); limits::DEEP_NESTING];
    let mut nesting = 0;
    let mut open = Open {
        left: 1,
        ..Open::default()
    };
    loop {
        let is_over = if F::COUNTS && open.is_endless {
            reader.take_break()
        } else {
            open.left == 0
        };
        if is_over {
            if nesting == 0 {
                break;
            }
            if open.is_map {
                reader.faults.close(nesting, data)?;
            }
            nesting -= 1;
            open = stack[nesting];
            continue;
        }
        open.left = open.left.checked_sub(1)?;
        let mut is_type = false;
        if open.is_map {
            let text = reader.key()?;
            let previous = &data[open.key.0..open.key.1];
            // Shorter keys come first. No text stands where a block begins.
            let ascends = text.len() > previous.len()
                || (text.len() == previous.len() && text > previous)
                || open.key.1 == 0;
            let is_new = reader.faults.key(nesting, text, reader.position, ascends)?;
            if text == TYPE {
                is_type = nesting == 1 && is_new;
                sound.is_untyped_map &= nesting > 1;
            }
            if !F::COUNTS && reader.is_odd_blob(text, open.at) {
                return None;
            }
            open.key = (reader.position - text.len(), reader.position);
        }
        if let Some(inner) = reader.item(is_type.then_some(&mut sound))? {
            *stack.get_mut(nesting)? = open;
            reader.faults.open(nesting + 1);
            sound.is_untyped_map |= nesting == 0 && inner.is_map;
            nesting += 1;
            open = inner;
        }
    }
    if reader.position < data.len() {
        reader.faults.meet(Fault::Tail)?;
    }
    Some(sound)
}

struct Reader<'a, F> {
    data: &'a [u8],
    position: usize,
    faults: F,
}

impl<'a, F: Faults<'a>> Reader<'a, F> {
    /// Read a map key, and return its text.
    fn key(&mut self) -> Option<&'a [u8]> {
        let (major, count) = self.head()?;
        if major != TEXT || count > limits::MAX_MAP_KEY {
            return None;
        }
        let text = self.text(count)?;
        match text.first() {
            None => self.faults.meet(Fault::EmptyKey)?,
            Some(b'$') if text != TYPE => self.faults.meet(Fault::ReservedKey)?,
            _ => {}
        }
        Some(text)
    }

    /// Tell whether a map refers to a blob in another way than it should.
    ///
    /// Of a block that is sound up to here: the value of the key `text` comes next.
    #[inline]
    fn is_odd_blob(&self, text: &[u8], map: usize) -> bool {
        if text == TYPE {
            let is_blob = self.data[self.position..].starts_with(blob_rules::BLOB);
            return is_blob && !blob_rules::is_right(&self.data[map..]);
        }
        text == blob_rules::MEDIA_TYPE && blob_rules::is_legacy(&self.data[map..])
    }

    /// Read an item; of an array or a map only the head, which is returned.
    #[expect(
        clippy::option_option,
        reason = "not sound; sound; sound, and more inside"
    )]
    fn item(&mut self, sound: Option<&mut Sound>) -> Option<Option<Open>> {
        let &first = self.data.get(self.position)?;
        if matches!(first, 0xf4..=0xf6) {
            self.position += 1;
            return Some(None);
        }
        if first >> 5 == TAG {
            return self.tagged(sound);
        }
        if first >> 5 == OTHER {
            self.other()?;
            return Some(None);
        }
        if F::COUNTS && first & INDEFINITE == INDEFINITE {
            return self.endless(sound.is_some());
        }
        let at = self.position;
        let (major, argument) = self.head()?;
        match major {
            0 | 1 => {
                if argument > limits::MAX_SAFE - u64::from(major) {
                    let is_huge = i64::try_from(argument).is_err();
                    let fault = if is_huge {
                        Fault::HugeInt
                    } else {
                        Fault::LargeInt
                    };
                    self.faults.meet(fault)?;
                }
            }
            BYTES => {
                self.take(argument)?;
            }
            TEXT => {
                let text = self.text(argument)?;
                if let Some(sound) = sound {
                    sound.type_at = self.position - text.len()..self.position;
                }
            }
            4 | MAP if argument <= limits::MAX_ITEMS => {
                return Some(Some(Open {
                    left: argument,
                    is_map: major == MAP,
                    at,
                    ..Open::default()
                }));
            }
            _ => return None,
        }
        Some(None)
    }

    /// Read a tag, and what stands under it: a link, as it should be.
    #[expect(clippy::option_option, reason = "as `item`")]
    fn tagged(&mut self, sound: Option<&mut Sound>) -> Option<Option<Open>> {
        let rest = &self.data[self.position..];
        if let Some(link) = rest.first_chunk::<LINK>() {
            let (head, cid) = link.split_at(LINK_HEAD.len());
            if head == LINK_HEAD && is_blessed(cid) {
                self.position += LINK;
                return Some(None);
            }
        }
        if !F::COUNTS {
            return None;
        }
        let mut is_link = false;
        while self.next_major()? == TAG {
            is_link = self.head()?.1 == LINK_TAG;
            if !is_link {
                self.faults.meet(Fault::Tag)?;
            } else if self.next_major()? != BYTES {
                is_link = false;
                self.faults.meet(Fault::Link)?;
            }
        }
        if !is_link {
            return self.item(sound);
        }
        let (_, count) = self.head()?;
        match self.take(count)?.split_first() {
            Some((0, cid)) if is_blessed(cid) => {}
            Some((0, cid)) if is_cid(cid) => self.faults.meet(Fault::OddLink)?,
            Some((0, _)) => return None,
            _ => self.faults.meet(Fault::Link)?,
        }
        Some(None)
    }

    /// Read an item without a length; of an array or a map only the head.
    #[expect(clippy::option_option, reason = "as `item`")]
    fn endless(&mut self, is_type: bool) -> Option<Option<Open>> {
        let major = self.take(1)?[0] >> 5;
        // A `$type` in pieces would have to be joined.
        if major < BYTES || is_type {
            return None;
        }
        self.faults.meet(Fault::NoLength)?;
        if major > TEXT {
            return Some(Some(Open {
                left: limits::MAX_ITEMS,
                is_endless: true,
                is_map: major == MAP,
                ..Open::default()
            }));
        }
        while !self.take_break() {
            let (of_piece, count) = self.head()?;
            if of_piece != major {
                return None;
            }
            let piece = self.take(count)?;
            if major == TEXT && !is_clean(piece) {
                self.unclean(piece)?;
            }
        }
        Some(None)
    }

    fn take_break(&mut self) -> bool {
        let is_next = self.data.get(self.position) == Some(&BREAK);
        self.position += usize::from(is_next);
        is_next
    }

    /// Read a float or a simple value that is none of those that may be.
    fn other(&mut self) -> Option<()> {
        let low = self.take(1)?[0] & 31;
        let fault = match low {
            0..24 => Fault::Simple,
            24 => self.take(1).map(|_| Fault::Simple)?,
            25 => self.take(2).map(|_| Fault::OddFloat)?,
            26 => self.take(4).map(|_| Fault::OddFloat)?,
            27 => {
                let number = f64::from_be_bytes(*self.take(8)?.first_chunk()?);
                let is_odd = !number.is_finite() || number.to_bits() == (-0.0_f64).to_bits();
                if is_odd {
                    Fault::OddFloat
                } else {
                    Fault::Float
                }
            }
            _ => return None,
        };
        self.faults.meet(fault)
    }

    fn next_major(&self) -> Option<u8> {
        self.data.get(self.position).map(|first| first >> 5)
    }

    /// Read the head of an item that is no float and no simple value.
    #[inline]
    fn head(&mut self) -> Option<(u8, u64)> {
        let &first = self.data.get(self.position)?;
        self.position += 1;
        let (major, low) = (first >> 5, first & 31);
        if low < 24 {
            return (major < OTHER).then_some((major, u64::from(low)));
        }
        if major == OTHER || low > 27 {
            return None;
        }
        let width = 1_u64 << (low - 24);
        let mut argument = 0;
        for &byte in self.take(width)? {
            argument = argument << 8 | u64::from(byte);
        }
        let least = if low == 24 { 24 } else { 1 << (4 * width) };
        if argument < least {
            self.faults.meet(Fault::LongHead)?;
        }
        Some((major, argument))
    }

    fn text(&mut self, count: u64) -> Option<&'a [u8]> {
        let text = self.take(count)?;
        if !is_clean(text) {
            self.unclean(text)?;
        }
        Some(text)
    }

    /// Tell what is wrong with a text, once for each rule.
    fn unclean(&mut self, text: &[u8]) -> Option<()> {
        if std::str::from_utf8(text).is_err() {
            self.faults.meet(Fault::NotUtf8)?;
        }
        let is_clean = |part: std::str::Utf8Chunk<'_>| is_clean_slow(part.valid().as_bytes());
        if !text.utf8_chunks().all(is_clean) {
            self.faults.meet(Fault::Control)?;
        }
        Some(())
    }

    #[inline]
    fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let count = usize::try_from(count).ok()?;
        let taken = self.data[self.position..].get(..count)?;
        self.position += count;
        Some(taken)
    }
}

/// Tell whether this is a CID as atproto has them.
fn is_blessed(cid: &[u8]) -> bool {
    cid.len() == CID && (cid.starts_with(&PLAIN_PREFIX) || cid.starts_with(&RAW_PREFIX))
}

/// Tell whether this is plainly a CID, of any kind: all numbers in it are small.
fn is_cid(cid: &[u8]) -> bool {
    match cid {
        [0x12, 0x20, digest @ ..] => digest.len() == 32,
        [1, codec, hash, size, digest @ ..] => {
            let are_small = [codec, hash, size].iter().all(|&&number| number < 0x80);
            are_small && digest.len() == usize::from(*size) && cid.len() <= limits::MAX_CID
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sound(data: &[u8]) -> bool {
        judge(data).is_some()
    }

    #[test]
    fn the_type_is_that_of_the_top_map() {
        let data = b"\xa2\x61a\xa1\x65$type\x61x\x65$type\x65a.b.c";
        assert_eq!(judge(data).map(|sound| sound.type_at), Some(19..24));
        assert_eq!(judge(b"\x81\xa1\x65$type\x61x"), Some(Sound::default()));
        assert_eq!(judge(b"\xa1\x65$type\x01"), Some(Sound::default()));
    }

    #[test]
    fn a_map_without_a_type_is_told_from_others() {
        let is_untyped = |data| judge(data).map(|sound| sound.is_untyped_map);
        assert_eq!(is_untyped(b"\xa0"), Some(true));
        assert_eq!(is_untyped(b"\xa1\x61a\xa1\x65$type\x61x"), Some(true));
        assert_eq!(is_untyped(b"\xa1\x65$type\x01"), Some(false));
        assert_eq!(is_untyped(b"\x81\xa0"), Some(false));
    }

    #[test]
    fn sound_items() {
        for data in [
            &b"\x00"[..],
            b"\x18\x18",
            b"\x3b\x00\x1f\xff\xff\xff\xff\xff\xfe",
            b"\xf6",
            b"\x80",
            b"\xa0",
            b"\x62\xc3\xa4",
            b"\x63a\tb",
            b"\xa2\x61b\x01\x62aa\x02",
        ] {
            assert!(is_sound(data), "{data:x?}");
        }
    }

    #[test]
    fn all_else() {
        let deep = [0x81; 33];
        for data in [
            &b""[..],
            b"\x00\x00",
            b"\x18\x17",
            b"\x19\x00\xff",
            b"\x1b\x00\x20\x00\x00\x00\x00\x00\x00",
            b"\x3b\x00\x1f\xff\xff\xff\xff\xff\xff",
            b"\x5f\xff",
            b"\x62\xc3\x28",
            b"\x61\x07",
            b"\x61\x7f",
            b"\x62\xc2\x85",
            b"\x63\xe2\x80\xae",
            b"\x81",
            b"\xa1\x60\x00",
            b"\xa1\x00\x00",
            b"\xa2\x62aa\x01\x61b\x02",
            b"\xa2\x61a\x01\x61a\x02",
            b"\xa1\x62$a\x00",
            b"\xf7",
            b"\xf9\x00\x00",
            b"\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00",
            b"\xc1\x00",
            b"\x5b\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
            &deep,
        ] {
            assert!(!is_sound(data), "{data:x?}");
        }
    }

    #[test]
    fn nesting_has_a_bound() {
        let nested = |levels: usize| [vec![0x81; levels], vec![0]].concat();
        assert!(is_sound(&nested(limits::DEEP_NESTING)));
        assert!(!is_sound(&nested(limits::DEEP_NESTING + 1)));
    }
}
