//! Unsigned LEB128, at most nine bytes.

/// What stands where a varint should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Varint {
    /// A number, and the position behind it.
    Number(u64, usize),
    /// The bytes end inside it.
    Cut,
    /// It does not end within nine bytes.
    TooLong,
}

const MOST: usize = 9;

/// Read the varint at `position`.
#[must_use]
pub fn read_varint(data: &[u8], position: usize) -> Varint {
    let mut value = 0;
    for (count, &byte) in data[position..].iter().take(MOST).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * count);
        if byte < 0x80 {
            return Varint::Number(value, position + count + 1);
        }
    }
    if data.len() - position < MOST {
        Varint::Cut
    } else {
        Varint::TooLong
    }
}

/// Return how many bytes the shortest form of `value` takes.
#[must_use]
pub fn size_of(value: u64) -> u64 {
    u64::from((64 - (value | 1).leading_zeros()).div_ceil(7))
}

/// Append the shortest form of `value`.
pub fn write(mut value: u64, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(read_varint(&[0], 0), Varint::Number(0, 1));
        assert_eq!(read_varint(&[9, 0x80, 0x01], 1), Varint::Number(128, 3));
        let greatest = [255, 255, 255, 255, 255, 255, 255, 255, 127];
        assert_eq!(read_varint(&greatest, 0), Varint::Number(u64::MAX >> 1, 9));
    }

    #[test]
    fn what_is_none() {
        assert_eq!(read_varint(&[], 0), Varint::Cut);
        assert_eq!(read_varint(&[0x80; 8], 0), Varint::Cut);
        assert_eq!(read_varint(&[0x80; 9], 0), Varint::TooLong);
    }

    #[test]
    fn sizes() {
        for (value, size) in [(0, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3)] {
            assert_eq!(size_of(value), size);
            let mut written = Vec::new();
            write(value, &mut written);
            let all = written.len();
            assert_eq!(all as u64, size);
            assert_eq!(read_varint(&written, 0), Varint::Number(value, all));
        }
    }
}
