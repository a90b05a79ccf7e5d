//! Text that every reader shows as it is: UTF-8 without control and bidi
//! characters. Eight bytes of ASCII are seen at a time.

/// Tell whether this is UTF-8 without control and bidi characters.
#[inline]
#[must_use]
pub fn is_clean(text: &[u8]) -> bool {
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

/// The same, for texts that are mostly not ASCII.
#[must_use]
pub fn is_clean_slow(text: &[u8]) -> bool {
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
