//! The JSON of a canonical block, as the atproto data model has it, on one line.
//!
//! The twin of `json_text.json_text`, byte for byte, for what `dagcbor::judge`
//! accepts, and for what breaks only rules about values: floats, integers beyond
//! 2^53, control characters, reserved keys. Of a block that is not in the one
//! form that its value has, nothing is said. Characters that control a terminal,
//! or are invisible on it, are written as JSON escapes.

use crate::cid::{PLAIN_PREFIX, RAW_PREFIX, write_cid_text};
use crate::formats::json_number::{write_float, write_integer};
use crate::formats::sound_items::{ARRAY, BYTES, MAP, OTHER, TEXT, canonical_head, link, take};
use crate::limits;

const HEX: &[u8; 16] = b"0123456789abcdef";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// An array or a map that is not at its end.
#[derive(Clone, Copy, Default)]
struct Open<'a> {
    /// Items or pairs to come.
    left: u64,
    is_map: bool,
    is_empty: bool,
    /// The key before, in a map.
    key: &'a [u8],
}

/// Append the JSON of a block; None where it is not canonical, or has more than
/// `most` values in it.
///
/// What was appended until then is no use to anyone.
pub fn write_json(block: &[u8], most: usize, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = block;
    let mut stack = [Open::default(); limits::DEEP_NESTING];
    let mut nesting = 0;
    let mut room = most;
    loop {
        if let Some(open) = write_item(&mut rest, out)? {
            *stack.get_mut(nesting)? = open;
            nesting += 1;
        }
        loop {
            let Some(open) = nesting.checked_sub(1).map(|inner| &mut stack[inner]) else {
                return rest.is_empty().then_some(());
            };
            if open.left > 0 {
                room = room.checked_sub(1)?;
                write_key(&mut rest, open, out)?;
                break;
            }
            out.push(if open.is_map { b'}' } else { b']' });
            nesting -= 1;
        }
    }
}

/// Append what stands before the next item of an array or a map.
#[inline]
fn write_key<'a>(rest: &mut &'a [u8], open: &mut Open<'a>, out: &mut Vec<u8>) -> Option<()> {
    open.left -= 1;
    let is_first = open.is_empty;
    if !is_first {
        out.push(b',');
    }
    open.is_empty = false;
    if open.is_map {
        let (major, count) = canonical_head(rest)?;
        if major != TEXT {
            return None;
        }
        let key = take(rest, count)?;
        if !is_first && (key.len(), key) <= (open.key.len(), open.key) {
            return None;
        }
        open.key = key;
        write_text(key, out)?;
        out.push(b':');
    }
    Some(())
}

/// Append an item; of an array or a map only where it begins, and return it.
#[expect(
    clippy::option_option,
    reason = "not canonical; written; written, and more inside"
)]
fn write_item<'a>(rest: &mut &'a [u8], out: &mut Vec<u8>) -> Option<Option<Open<'a>>> {
    let simple: &[u8] = match rest.first()? {
        0xf4 => b"false",
        0xf5 => b"true",
        0xf6 => b"null",
        _ => b"",
    };
    if !simple.is_empty() {
        out.extend_from_slice(simple);
        *rest = &rest[1..];
        return Some(None);
    }
    if let Some(cid) = link(rest) {
        if !cid.starts_with(&PLAIN_PREFIX) && !cid.starts_with(&RAW_PREFIX) {
            return None;
        }
        out.extend_from_slice(b"{\"$link\":\"");
        write_cid_text(cid, out);
        out.extend_from_slice(b"\"}");
        return Some(None);
    }
    let (major, argument) = canonical_head(rest)?;
    match major {
        0 | 1 => write_integer(major == 1, argument, out),
        BYTES => write_bytes(take(rest, argument)?, out),
        TEXT => write_text(take(rest, argument)?, out)?,
        ARRAY | MAP => {
            let is_map = major == MAP;
            out.push(if is_map { b'{' } else { b'[' });
            return Some(Some(Open {
                left: argument,
                is_map,
                is_empty: true,
                key: b"",
            }));
        }
        OTHER => write_float(argument, out)?,
        _ => return None,
    }
    Some(None)
}

/// Append bytes as `$bytes` has them: base64 without padding.
fn write_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"$bytes\":\"");
    for chunk in bytes.chunks(3) {
        let mut three = [0; 3];
        three[..chunk.len()].copy_from_slice(chunk);
        let [a, b, c] = three.map(usize::from);
        let digits = [
            a >> 2,
            (a & 3) << 4 | b >> 4,
            (b & 15) << 2 | c >> 6,
            c & 63,
        ];
        out.extend(digits[..=chunk.len()].iter().map(|&digit| BASE64[digit]));
    }
    out.extend_from_slice(b"\"}");
}

/// Append a text with its quotes; None where it is not UTF-8.
#[inline]
fn write_text(text: &[u8], out: &mut Vec<u8>) -> Option<()> {
    out.push(b'"');
    // Without a way out of the loop it is done many bytes at a time.
    if text.iter().fold(true, |all, &byte| all & is_plain(byte)) {
        out.extend_from_slice(text);
    } else {
        write_escaped(std::str::from_utf8(text).ok()?, out);
    }
    out.push(b'"');
    Some(())
}

/// Tell whether JSON and terminals take a byte of ASCII as it is.
#[inline]
#[must_use]
pub fn is_plain(byte: u8) -> bool {
    matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~')
}

/// Append a text, escaped where that is needed.
fn write_escaped(text: &str, out: &mut Vec<u8>) {
    let mut done = 0;
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        if is_plain(byte) {
            at += 1;
            continue;
        }
        let Some(character) = text[at..].chars().next() else {
            break;
        };
        let end = at + character.len_utf8();
        if byte.is_ascii() || must_hide(character, &text[..at], &text[end..]) {
            out.extend_from_slice(&text.as_bytes()[done..at]);
            write_escape(character, out);
            done = end;
        }
        at = end;
    }
    out.extend_from_slice(&text.as_bytes()[done..]);
}

fn write_escape(character: char, out: &mut Vec<u8>) {
    let short = match character {
        '"' => b'"',
        '\\' => b'\\',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\x08' => b'b',
        '\x0c' => b'f',
        _ => 0,
    };
    if short != 0 {
        out.extend_from_slice(&[b'\\', short]);
        return;
    }
    let mut units = [0; 2];
    for unit in character.encode_utf16(&mut units) {
        out.extend_from_slice(b"\\u");
        let digits = [*unit >> 12, *unit >> 8, *unit >> 4, *unit];
        out.extend(digits.map(|digit| HEX[usize::from(digit & 15)]));
    }
}

/// Tell whether a character controls a terminal, or is invisible on it.
///
/// The joiner may stand between two emoji, and nowhere else.
fn must_hide(character: char, before: &str, behind: &str) -> bool {
    match character {
        '\u{200d}' => !(before.ends_with(is_joined) && behind.starts_with(is_joined)),
        '\x7f'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180e}'
        | '\u{200b}'
        | '\u{200c}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => false,
    }
}

/// Tell whether this is of an emoji.
fn is_joined(character: char) -> bool {
    matches!(
        character,
        '\u{2190}'..='\u{21ff}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{fe0f}'
            | '\u{1f000}'..='\u{1faff}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cid::LINK_HEAD;

    fn json(block: &[u8]) -> Option<String> {
        let mut out = Vec::new();
        write_json(block, usize::MAX, &mut out)?;
        String::from_utf8(out).ok()
    }

    #[test]
    fn every_kind_of_value() {
        // {"a": [1, -24, null, true, false], "b": {"c": []}, "d": {}}
        let block = b"\xa3\x61a\x85\x01\x37\xf6\xf5\xf4\x61b\xa1\x61c\x80\x61d\xa0";
        let text = r#"{"a":[1,-24,null,true,false],"b":{"c":[]},"d":{}}"#;
        assert_eq!(json(block).as_deref(), Some(text));
        let largest =
            b"\x82\x1b\x00\x1f\xff\xff\xff\xff\xff\xff\x3b\x00\x1f\xff\xff\xff\xff\xff\xfe";
        let text = "[9007199254740991,-9007199254740991]";
        assert_eq!(json(largest).as_deref(), Some(text));
        let of_64_bits =
            b"\x82\x1b\xff\xff\xff\xff\xff\xff\xff\xff\x3b\xff\xff\xff\xff\xff\xff\xff\xff";
        let text = "[18446744073709551615,-18446744073709551616]";
        assert_eq!(json(of_64_bits).as_deref(), Some(text));
        let float = b"\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00";
        assert_eq!(json(float).as_deref(), Some("1.5"));
    }

    #[test]
    fn what_has_a_shorter_form_is_none() {
        let blocks: [&[u8]; 9] = [
            b"\x18\x17",
            b"\x19\x00\xff",
            b"\x1a\x00\x00\xff\xff",
            b"\x1b\x00\x00\x00\x00\xff\xff\xff\xff",
            b"\x78\x01a",
            b"\x98\x01\x00",
            b"\xf9\x3c\x00",
            b"\xfa\x3f\x80\x00\x00",
            b"\xf8\x20",
        ];
        for block in blocks {
            assert_eq!(json(block), None);
        }
    }

    #[test]
    fn more_values_than_wanted_are_none() {
        // {"a": [1, 2]}
        let block = b"\xa1\x61a\x82\x01\x02";
        assert!(write_json(block, 3, &mut Vec::new()).is_some());
        assert!(write_json(block, 2, &mut Vec::new()).is_none());
    }

    #[test]
    fn bytes_have_no_padding() {
        for (block, text) in [
            (&b"\x40"[..], ""),
            (b"\x41\xff", "/w"),
            (b"\x42\xff\xfe", "//4"),
            (b"\x43\xff\xfe\xfd", "//79"),
            (b"\x44\xff\xfe\xfd\x00", "//79AA"),
        ] {
            assert_eq!(json(block), Some(format!(r#"{{"$bytes":"{text}"}}"#)));
        }
    }

    #[test]
    fn links_are_text() {
        let link = [&LINK_HEAD[..], &[1, 0x71, 0x12, 0x20], &[0; 32]].concat();
        let text = format!(r#"{{"$link":"bafyrei{}"}}"#, "a".repeat(52));
        assert_eq!(json(&link), Some(text));
    }

    #[test]
    fn what_is_invisible_is_escaped() {
        for (text, escaped) in [
            ("\"\\\n\r\t", r#"\"\\\n\r\t"#),
            ("ä€😀", "ä€😀"),
            ("a\u{61c}b\u{ad}", r"a\u061cb\u00ad"),
            ("\u{1d173}", r"\ud834\udd73"),
            ("😀\u{200d}😀", "😀\u{200d}😀"),
            ("a\u{200d}😀\u{200d}", r"a\u200d😀\u200d"),
        ] {
            let length = u8::try_from(text.len()).expect("short");
            let block = [&[0x60 | length], text.as_bytes()].concat();
            assert_eq!(json(&block), Some(format!("\"{escaped}\"")));
        }
    }

    #[test]
    fn all_else_has_none() {
        for block in [
            &b""[..],
            b"\x00\x00",
            b"\x81",
            b"\xa1\x00\x00",
            b"\x61\xff",
            b"\xf7",
            b"\xf9\x3e\x00",
            b"\xfa\x3f\xc0\x00\x00",
            b"\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00",
            b"\xd8\x2a\x41\x00",
            b"\x18\x17",
            b"\x78\x01a",
            b"\xa2\x61a\x01\x61a\x02",
            b"\xa2\x62aa\x01\x61b\x02",
            b"\x9f\xff",
            b"\x7b\xff\xff\xff\xff\xff\xff\xff\xff",
            &[0x81; 33],
        ] {
            assert_eq!(json(block), None, "{block:x?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(data in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut out = Vec::new();
            if write_json(&data, usize::MAX, &mut out).is_some() {
                prop_assert!(String::from_utf8(out).is_ok());
            }
        }
    }
}
