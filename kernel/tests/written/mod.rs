//! Blocks and sections as the specifications have them, for tests to read.

use _kernel::cid::{CID, LINK_HEAD};
use _kernel::sha256::sha256;

/// What a node says of one key: the key, and the CIDs of its record and of the
/// sub-tree behind it. None is written as null.
pub type Entry = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

fn head(major: u8, number: usize, out: &mut Vec<u8>) {
    let number = u16::try_from(number).unwrap();
    match u8::try_from(number) {
        Ok(small @ 0..24) => out.push(major << 5 | small),
        Ok(byte) => out.extend([major << 5 | 0x18, byte]),
        Err(_) => {
            out.push(major << 5 | 0x19);
            out.extend(number.to_be_bytes());
        }
    }
}

/// Append bytes (major type 2) or a text (3).
pub fn bytes_of(major: u8, bytes: &[u8], out: &mut Vec<u8>) {
    head(major, bytes.len(), out);
    out.extend(bytes);
}

fn link(cid: Option<&Vec<u8>>, out: &mut Vec<u8>) {
    match cid {
        None => out.push(0xf6),
        Some(cid) => {
            out.extend(LINK_HEAD);
            out.extend(cid);
        }
    }
}

/// Return the node with these entries, whose keys ascend.
pub fn node(entries: &[Entry], left: Option<&Vec<u8>>) -> Vec<u8> {
    let mut out = vec![0xa2, 0x61, b'e'];
    head(4, entries.len(), &mut out);
    let mut previous: &[u8] = b"";
    for (key, value, tree) in entries {
        let shared = key.iter().zip(previous).take_while(|(a, b)| a == b).count();
        out.extend([0xa4, 0x61, b'k']);
        bytes_of(2, &key[shared..], &mut out);
        out.extend([0x61, b'p']);
        head(0, shared, &mut out);
        out.extend([0x61, b't']);
        link(tree.as_ref(), &mut out);
        out.extend([0x61, b'v']);
        link(value.as_ref(), &mut out);
        previous = key;
    }
    out.extend([0x61, b'l']);
    link(left, &mut out);
    out
}

/// Append the section of a block, and return its CID, which begins with `prefix`.
pub fn section(prefix: [u8; 4], block: &[u8], out: &mut Vec<u8>) -> Vec<u8> {
    let mut cid = prefix.to_vec();
    cid.extend(sha256(block));
    let mut length = CID + block.len();
    while length >= 0x80 {
        out.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    out.push(u8::try_from(length).unwrap());
    out.extend(&cid);
    out.extend(block);
    cid
}
