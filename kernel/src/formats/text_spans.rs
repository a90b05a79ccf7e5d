//! Which blocks hold a text: in their values, and not in the keys of maps.
//!
//! Whatever the bytes are, this goes as far as they can be told apart, and no
//! further; whether they are sound is not asked.

use std::ops::Range;

use memchr::memmem::Finder;

const BYTES: u8 = 2;
const TEXT: u8 = 3;
const ARRAY: u8 = 4;
const MAP: u8 = 5;
const TAG: u8 = 6;

/// An array or a map that is not at its end.
struct Open {
    /// Items to come; of a map, keys and values counted one by one.
    left: u64,
    is_map: bool,
}

/// Tell whether `is_it` takes any text of a block. Keys of maps are left out,
/// and the `$type` of the block, which says what its collection says.
///
/// Ends at the first item that has no plain length, that is cut, or that is a
/// key and no text.
pub fn any_text(data: &[u8], mut is_it: impl FnMut(Range<usize>) -> bool) -> bool {
    let mut position = 0;
    let mut is_type = false;
    let mut open = vec![Open {
        left: 1,
        is_map: false,
    }];
    loop {
        let nesting = open.len();
        let Some(inner) = open.last_mut() else {
            return false;
        };
        if inner.left == 0 {
            open.pop();
            continue;
        }
        let is_key = inner.is_map && inner.left.is_multiple_of(2);
        let is_top = nesting == 2;
        let Some((major, argument, start)) = head(data, position) else {
            return false;
        };
        if is_key && major != TEXT {
            return false;
        }
        position = start;
        if major == TAG {
            // What is tagged stands in its place.
            continue;
        }
        inner.left -= 1;
        match major {
            BYTES | TEXT => {
                let length = usize::try_from(argument).ok();
                let end = length.and_then(|length| start.checked_add(length));
                let Some(end) = end.filter(|&end| end <= data.len()) else {
                    return false;
                };
                let is_told = major == TEXT && !is_key && !is_type;
                if is_told && is_it(start..end) {
                    return true;
                }
                is_type = is_key && is_top && &data[start..end] == b"$type";
                position = end;
                continue;
            }
            ARRAY | MAP => {
                let is_map = major == MAP;
                let items = if is_map {
                    argument.checked_mul(2)
                } else {
                    Some(argument)
                };
                let Some(left) = items else { return false };
                open.push(Open { left, is_map });
            }
            _ => {}
        }
        is_type = false;
    }
}

/// Return the major type of an item, its argument, and where its head ends.
fn head(data: &[u8], position: usize) -> Option<(u8, u64, usize)> {
    let first = *data.get(position)?;
    let start = position + 1;
    let width = match first & 31 {
        argument @ 0..24 => return Some((first >> 5, argument.into(), start)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let bytes = data.get(start..start + width)?;
    let argument = bytes
        .iter()
        .fold(0, |sum, &byte| sum << 8 | u64::from(byte));
    Some((first >> 5, argument, start + width))
}

/// Texts that are looked for.
pub struct Wanted {
    finders: Vec<Finder<'static>>,
    fold: bool,
    folded: Vec<u8>,
}

impl Wanted {
    /// Look for any of these; with `fold`, they are in small letters, and
    /// capital ones of ASCII count as theirs.
    #[must_use]
    pub fn new(needles: &[Vec<u8>], fold: bool) -> Self {
        let owned = |needle: &Vec<u8>| Finder::new(needle).into_owned();
        Self {
            finders: needles.iter().map(owned).collect(),
            fold,
            folded: Vec::new(),
        }
    }

    /// Tell whether one of them is in a text of a block.
    pub fn is_in(&mut self, block: &[u8]) -> bool {
        let data = if self.fold {
            self.folded.clear();
            self.folded.extend_from_slice(block);
            self.folded.make_ascii_lowercase();
            &self.folded
        } else {
            block
        };
        let has = |data: &[u8]| self.finders.iter().any(|each| each.find(data).is_some());
        has(data) && any_text(block, |text| has(&data[text]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(data: &[u8]) -> Vec<&[u8]> {
        let mut found = Vec::new();
        any_text(data, |text| {
            found.push(&data[text]);
            false
        });
        found
    }

    #[test]
    fn texts_are_values_and_not_keys() {
        // {"a": "b", "c": ["d", {"e": 42("f")}, h'6767']}
        let data = b"\xa2\x61a\x61b\x61c\x83\x61d\xa1\x61e\xd8\x2a\x61f\x42gg";
        assert_eq!(texts(data), [b"b", b"d", b"f"]);
    }

    #[test]
    fn the_type_of_a_block_is_no_text_of_it() {
        // {"a": {"$type": "b"}, "$type": "c", "d": "e"}, and so on
        let data = b"\xa3\x61a\xa1\x65$type\x61b\x65$type\x61c\x61d\x61e";
        assert_eq!(texts(data), [b"b", b"e"]);
        assert_eq!(texts(b"\xa1\x65$type\x82\x61a\x61b"), [b"a", b"b"]);
        assert_eq!(texts(b"\x81\xa1\x65$type\x61b"), [b"b"]);
    }

    #[test]
    fn it_ends_where_items_cannot_be_told_apart() {
        assert_eq!(texts(b"\x83\x61a\x62b"), [b"a"]);
        assert_eq!(texts(b"\x83\x61a\x7f\x61b"), [b"a"]);
        assert_eq!(texts(b"\x82\x61a\xa1\x01\x61b"), [b"a"]);
        assert_eq!(texts(b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff\x61a"), [b"a"]);
        assert_eq!(
            texts(b"\xbb\xff\xff\xff\xff\xff\xff\xff\xff\x61a"),
            [b""; 0]
        );
        assert_eq!(texts(b"\x7b\xff\xff\xff\xff\xff\xff\xff\xff"), [b""; 0]);
    }

    #[test]
    fn capital_letters_count_as_small_ones_when_folded() {
        let needles = [b"and".to_vec()];
        assert!(Wanted::new(&needles, true).is_in(b"\x64Sand"));
        assert!(Wanted::new(&needles, true).is_in(b"\x64SAND"));
        assert!(!Wanted::new(&needles, false).is_in(b"\x64SAND"));
        assert!(!Wanted::new(&needles, true).is_in(b"\x44SAND"));
        assert!(!Wanted::new(&[], true).is_in(b"\x64SAND"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(data in prop::collection::vec(any::<u8>(), 0..200)) {
            any_text(&data, |text| data[text].len() > 200);
        }
    }
}
