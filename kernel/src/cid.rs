//! The two forms of CID that atproto knows, both of 36 bytes.

/// Bytes of a CID of either form.
pub const CID: usize = 36;
/// What a CID of codec dag-cbor begins with: nodes, records, commits.
pub const PLAIN_PREFIX: [u8; 4] = [0x01, 0x71, 0x12, 0x20];
/// What a CID of codec raw begins with: blobs.
pub const RAW_PREFIX: [u8; 4] = [0x01, 0x55, 0x12, 0x20];
/// What stands in a block before the 36 bytes of a linked CID.
pub const LINK_HEAD: [u8; 5] = [0xd8, 0x2a, 0x58, 0x25, 0x00];
/// Bytes of a link in a block.
pub const LINK: usize = LINK_HEAD.len() + CID;

const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Return the base32 text of a CID of version 1.
#[must_use]
pub fn cid_text(raw: &[u8]) -> String {
    let mut text = String::with_capacity(1 + raw.len().div_ceil(5) * 8);
    text.push('b');
    let (mut bits, mut count) = (0_u32, 0);
    for &byte in raw {
        bits = bits << 8 | u32::from(byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            text.push(digit(bits >> count));
        }
    }
    if count > 0 {
        text.push(digit(bits << (5 - count)));
    }
    text
}

fn digit(bits: u32) -> char {
    char::from(BASE32[(bits & 31) as usize])
}
