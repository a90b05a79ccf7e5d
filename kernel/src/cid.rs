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
    let mut text = Vec::with_capacity(1 + raw.len().div_ceil(5) * 8);
    write_cid_text(raw, &mut text);
    text.into_iter().map(char::from).collect()
}

/// Append the base32 text of a CID of version 1.
pub fn write_cid_text(raw: &[u8], out: &mut Vec<u8>) {
    out.push(b'b');
    let (groups, rest) = raw.as_chunks::<5>();
    for group in groups {
        out.extend_from_slice(&digits(*group));
    }
    let mut last = [0; 5];
    last[..rest.len()].copy_from_slice(rest);
    out.extend_from_slice(&digits(last)[..(rest.len() * 8).div_ceil(5)]);
}

/// Return the eight digits of five bytes.
fn digits(group: [u8; 5]) -> [u8; 8] {
    let bits = group
        .iter()
        .fold(0, |sum, &byte| sum << 8 | u64::from(byte));
    std::array::from_fn(|place| BASE32[(bits >> (35 - 5 * place) & 31) as usize])
}
