//! Strict DAG-CBOR, as atproto data has it: yes or no, and the `$type`.
//!
//! The twin of `dagcbor.sound_type`, and like it no reader of values. A block
//! is refused whenever `diagnose` would report anything, of any severity.
//!
//! Source: DAG-CBOR §Strictness; DRISL; atproto data model.

use std::ops::Range;

use crate::cid::{LINK, LINK_HEAD, PLAIN_PREFIX, RAW_PREFIX};
use crate::limits;

const TEXT: u8 = 3;
const TYPE: &[u8] = b"$type";

/// What a sound block is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sound {
    /// Where the text of its top-level `$type` stands; empty without one.
    pub type_at: Range<usize>,
}

/// An array or a map that is not at its end.
#[derive(Clone, Copy, Default)]
struct Open {
    /// Items or pairs to come.
    left: u64,
    is_map: bool,
    /// The key before, head and all, as a place in the block.
    key: (usize, usize),
}

/// Judge a block; None when it is not sound.
#[must_use]
pub fn judge(data: &[u8]) -> Option<Sound> {
    if data.is_empty() || data.len() > limits::MAX_RECORD {
        return None;
    }
    let mut reader = Reader { data, position: 0 };
    let mut sound = Sound::default();
    let mut stack = [Open::default(); limits::DEEP_NESTING];
    let mut nesting = 0;
    let mut open = Open {
        left: 1,
        ..Open::default()
    };
    loop {
        if open.left == 0 {
            if nesting == 0 {
                break;
            }
            nesting -= 1;
            open = stack[nesting];
            continue;
        }
        open.left -= 1;
        let mut is_type = false;
        if open.is_map {
            let start = reader.position;
            let text = reader.key()?;
            let key = &data[start..reader.position];
            // With their heads, keys are ordered by length and then by bytes.
            // The empty key is the least, and no map may have it.
            let previous = &data[open.key.0..open.key.1];
            // Most keys differ from the one before in their first byte.
            let ascends = key[0] > previous.first().copied().unwrap_or(0) || key > previous;
            if text.is_empty() || !ascends {
                return None;
            }
            if text[0] == b'$' {
                if text != TYPE {
                    return None;
                }
                is_type = nesting == 1;
            }
            open.key = (start, reader.position);
        }
        if let Some(inner) = reader.item(is_type.then_some(&mut sound))? {
            *stack.get_mut(nesting)? = open;
            nesting += 1;
            open = inner;
        }
    }
    (reader.position == data.len()).then_some(sound)
}

struct Reader<'a> {
    data: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    /// Read a map key, and return its text.
    fn key(&mut self) -> Option<&'a [u8]> {
        let (major, count) = self.head()?;
        if major != TEXT || count > limits::MAX_MAP_KEY {
            return None;
        }
        self.text(count)
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
        if first == LINK_HEAD[0] {
            self.link()?;
            return Some(None);
        }
        let (major, argument) = self.head()?;
        match major {
            0 if argument <= limits::MAX_SAFE => {}
            1 if argument < limits::MAX_SAFE => {}
            2 => {
                self.take(argument)?;
            }
            TEXT => {
                let text = self.text(argument)?;
                if let Some(sound) = sound {
                    sound.type_at = self.position - text.len()..self.position;
                }
            }
            4 | 5 if argument <= limits::MAX_ITEMS => {
                return Some(Some(Open {
                    left: argument,
                    is_map: major == 5,
                    key: (0, 0),
                }));
            }
            _ => return None,
        }
        Some(None)
    }

    fn link(&mut self) -> Option<()> {
        let (head, rest) = self.take(LINK as u64)?.split_first_chunk()?;
        let prefix = rest.first_chunk()?;
        let known = *prefix == PLAIN_PREFIX || *prefix == RAW_PREFIX;
        (*head == LINK_HEAD && known).then_some(())
    }

    /// Read the head of an item of major type 0 to 5, in its shortest form.
    #[inline]
    fn head(&mut self) -> Option<(u8, u64)> {
        let &first = self.data.get(self.position)?;
        self.position += 1;
        let (major, low) = (first >> 5, first & 31);
        if low < 24 {
            return (major < 6).then_some((major, u64::from(low)));
        }
        if major > 5 || low > 27 {
            return None;
        }
        let width = 1_u64 << (low - 24);
        let mut argument = 0;
        for &byte in self.take(width)? {
            argument = argument << 8 | u64::from(byte);
        }
        let least = if low == 24 { 24 } else { 1 << (4 * width) };
        (argument >= least).then_some((major, argument))
    }

    fn text(&mut self, count: u64) -> Option<&'a [u8]> {
        let text = self.take(count)?;
        is_clean(text).then_some(text)
    }

    #[inline]
    fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let count = usize::try_from(count).ok()?;
        let taken = self.data[self.position..].get(..count)?;
        self.position += count;
        Some(taken)
    }
}

/// Tell whether this is UTF-8 without control and bidi characters.
#[inline]
fn is_clean(text: &[u8]) -> bool {
    let (words, _) = text.as_chunks::<8>();
    let is_plain = |word: &[u8; 8]| is_plain_word(u64::from_le_bytes(*word));
    let plain = words.iter().take_while(|word| is_plain(word)).count();
    if plain == words.len() && is_plain_word(last_bytes(text)) {
        return true;
    }
    // All before is ASCII, so no character is cut in two.
    is_clean_slow(&text[plain * 8..])
}

/// Return the last bytes of a text as a word: of a long one some that were seen
/// before, of a short one all, some of them twice.
#[inline]
fn last_bytes(text: &[u8]) -> u64 {
    if let Some(word) = text.last_chunk::<8>() {
        return u64::from_le_bytes(*word);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    }
    match text {
        [] => PLAIN,
        [first, .., last] => u64::from_le_bytes([
            *first,
            *last,
            text[text.len() / 2],
            b' ',
            b' ',
            b' ',
            b' ',
            b' ',
        ]),
        [only] => u64::from_le_bytes([*only, b' ', b' ', b' ', b' ', b' ', b' ', b' ']),
    }
}

/// Eight spaces.
const PLAIN: u64 = u64::from_le_bytes([b' '; 8]);

/// Tell whether all eight bytes are printable ASCII.
#[inline]
fn is_plain_word(word: u64) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    // A byte below 0x20 borrows, one of 0x7f carries; where another byte of the
    // word disturbs that, the slow way decides.
    let low = word.wrapping_sub(ONES * 0x20);
    let delete = word.wrapping_add(ONES);
    (word | low | delete) & HIGH == 0
}

fn is_clean_slow(text: &[u8]) -> bool {
    // Without a way out of the loop it is done many bytes at a time.
    let allowed = |byte: u8| (byte >= 0x20 && byte != 0x7f) || matches!(byte, 9 | 10 | 13);
    let clean = text.iter().fold(true, |all, &byte| all & allowed(byte));
    clean && std::str::from_utf8(text).is_ok() && !has_wide_control(text)
}

/// Find C1, and the bidi overrides and isolates, in UTF-8.
fn has_wide_control(text: &[u8]) -> bool {
    memchr::memchr2_iter(0xc2, 0xe2, text).any(|at| {
        matches!(
            &text[at..],
            [0xc2, 0x80..=0x9f, ..] | [0xe2, 0x80, 0xad | 0xae, ..] | [0xe2, 0x81, 0xa6..=0xa9, ..]
        )
    })
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

    #[test]
    fn the_fast_look_at_text_agrees_with_the_slow_one() {
        for byte in 0..=255 {
            for place in 0..11 {
                let mut text = *b"abcdefghijk";
                text[place] = byte;
                assert_eq!(
                    is_clean(&text),
                    is_clean_slow(&text),
                    "{byte:#x} at {place}"
                );
            }
        }
    }
}
