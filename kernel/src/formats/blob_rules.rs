//! References to blobs: maps whose `$type` is "blob", or of the older form with its
//! two fields.
//!
//! The twin of `dagcbor.blob_rules`. In a sound block all are right, and of the form
//! of today; of others the faults are counted where they are plain.
//!
//! Source: atproto data model, "Blob Type".

use crate::cid::{LINK, LINK_HEAD, PLAIN_PREFIX, RAW_PREFIX};
use crate::counted_faults::Fault;

/// The `$type` of a reference, with its head.
pub const BLOB: &[u8] = b"\x64blob";
/// The last field of a reference of either form.
pub const MEDIA_TYPE: &[u8] = b"mimeType";

const LEGACY: [&[u8]; 2] = [b"cid", MEDIA_TYPE];
const FIELDS: [&[u8]; 4] = [b"ref", b"size", b"$type", MEDIA_TYPE];
const TEXT: u8 = 3;
const TAG: u8 = 6;
/// What stands in a head, in place of a length, where a break comes.
const INDEFINITE: u8 = 31;

/// A value of a field, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value<'a> {
    Text(&'a [u8]),
    Integer { is_positive: bool },
    Link { is_raw: bool },
    Other,
}

/// Read the value that begins here, and return what stands behind it.
///
/// None for a link that is not plainly one of atproto's, for text in pieces, and for
/// what is cut. Behind a value of another kind nothing is returned.
fn read(data: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let (&first, rest) = data.split_first()?;
    let (major, low) = (first >> 5, first & INDEFINITE);
    if major == TAG {
        let (link, rest) = data.split_at_checked(LINK)?;
        let cid = link.strip_prefix(&LINK_HEAD)?;
        let is_raw = cid.starts_with(&RAW_PREFIX);
        let is_link = is_raw || cid.starts_with(&PLAIN_PREFIX);
        return is_link.then_some((Value::Link { is_raw }, rest));
    }
    if !matches!(major, 0 | 1 | TEXT) {
        return Some((Value::Other, &[]));
    }
    let width = match low {
        0..24 => 0,
        24..28 => 1 << (low - 24),
        _ => return None,
    };
    let (bytes, rest) = rest.split_at_checked(width)?;
    let more = |all: u64, &byte: &u8| all << 8 | u64::from(byte);
    let argument = if width == 0 {
        u64::from(low)
    } else {
        bytes.iter().fold(0, more)
    };
    if major != TEXT {
        let is_positive = major == 0 && argument > 0;
        return Some((Value::Integer { is_positive }, rest));
    }
    let (text, rest) = rest.split_at_checked(usize::try_from(argument).ok()?)?;
    Some((Value::Text(text), rest))
}

fn is_media_type(text: &[u8]) -> bool {
    text.contains(&b'/')
}

/// Tell whether a map is a right reference, in strict DAG-CBOR.
///
/// Of what stands behind its fields nothing is seen, and it may be anything.
#[must_use]
pub fn is_right(map: &[u8]) -> bool {
    let fields = || {
        let (link, rest) = read(map.strip_prefix(b"\xa4\x63ref")?)?;
        let (size, rest) = read(rest.strip_prefix(b"\x64size")?)?;
        let (media_type, _) = read(rest.strip_prefix(b"\x65$type\x64blob\x68mimeType")?)?;
        Some((link, size, media_type))
    };
    matches!(fields(), Some((
        Value::Link { is_raw: true },
        Value::Integer { is_positive: true },
        Value::Text(text),
    )) if is_media_type(text))
}

/// Tell whether a map is a reference of the older form, in strict DAG-CBOR.
#[must_use]
pub fn is_legacy(map: &[u8]) -> bool {
    let values = || {
        let (cid, rest) = read(map.strip_prefix(b"\xa2\x63cid")?)?;
        let (media_type, _) = read(rest.strip_prefix(b"\x68mimeType")?)?;
        Some((cid, media_type))
    };
    matches!(values(), Some((Value::Text(_), Value::Text(_))))
}

/// A field of a map: its key, and where its value begins in the block.
pub type Field<'a> = (&'a [u8], usize);

/// Return what is wrong with a map if it is a reference.
///
/// None where that is not plain. Of two fields of one name the first is used.
///
/// # Arguments
///
/// * `fields` - All that it has, in their order.
/// * `data` - The block.
pub fn faults_of<'a>(
    fields: &(impl Iterator<Item = Field<'a>> + Clone),
    data: &[u8],
) -> Option<[Option<Fault>; 4]> {
    let find = |name: &[u8]| fields.clone().find(|(key, _)| *key == name);
    let value = |name: &[u8]| match find(name) {
        Some((_, at)) => read(&data[at..]).map(|(value, _)| Some(value)),
        None => Some(None),
    };
    let all_are = |names: &[&[u8]]| fields.clone().all(|(key, _)| names.contains(&key));
    let mut faults = [None; 4];
    if value(b"$type")? == Some(Value::Text(b"blob")) {
        let (link, size, media_type) = (value(b"ref")?, value(b"size")?, value(MEDIA_TYPE)?);
        let is_shaped = all_are(&FIELDS)
            && matches!(link, Some(Value::Link { .. }))
            && matches!(size, Some(Value::Integer { .. }))
            && matches!(media_type, Some(Value::Text(_)));
        let is_raw = link != Some(Value::Link { is_raw: false });
        let has_size = size != Some(Value::Integer { is_positive: false });
        let has_slash = !matches!(media_type, Some(Value::Text(text)) if !is_media_type(text));
        faults = [
            (!is_shaped).then_some(Fault::BlobShape),
            (!is_raw).then_some(Fault::BlobCid),
            (!has_size).then_some(Fault::BlobSize),
            (!has_slash).then_some(Fault::BlobMediaType),
        ];
    } else if LEGACY.iter().all(|name| find(name).is_some()) && all_are(&LEGACY) {
        let are_texts = LEGACY.iter().try_fold(true, |all, name| {
            Some(all & matches!(value(name)?, Some(Value::Text(_))))
        })?;
        faults[0] = are_texts.then_some(Fault::BlobLegacy);
    }
    Some(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(size: &[u8], media_type: &[u8]) -> Vec<u8> {
        let link: &[u8] = &[&LINK_HEAD[..], &RAW_PREFIX, &[0; 32]].concat();
        let head: &[u8] = b"\xa4\x63ref";
        let type_: &[u8] = b"\x65$type\x64blob\x68mimeType";
        [head, link, b"\x64size", size, type_, media_type].concat()
    }

    #[test]
    fn a_right_reference() {
        for size in [&b"\x01"[..], b"\x18\x18", b"\x1a\x00\x01\x00\x00"] {
            assert!(is_right(&reference(size, b"\x69image/png and more")));
        }
    }

    #[test]
    fn wrong_references() {
        let right = reference(b"\x01", b"\x69image/png");
        for cut in 0..right.len() {
            assert!(!is_right(&right[..cut]), "{cut}");
        }
        for size in [&b"\x00"[..], b"\x20", b"\xf6", b"\x61/"] {
            assert!(!is_right(&reference(size, b"\x69image/png")), "{size:x?}");
        }
        for media_type in [&b"\x60"[..], b"\x63png", b"\x43a/b", b"\x7f\x63a/b\xff"] {
            assert!(
                !is_right(&reference(b"\x01", media_type)),
                "{media_type:x?}"
            );
        }
        let of_node = right.windows(4).position(|part| part == RAW_PREFIX);
        let mut plain = right.clone();
        plain[of_node.unwrap_or(0) + 1] = PLAIN_PREFIX[1];
        assert!(!is_right(&plain));
    }

    #[test]
    fn references_of_the_older_form() {
        assert!(is_legacy(b"\xa2\x63cid\x60\x68mimeType\x61a"));
        assert!(!is_legacy(b"\xa3\x63cid\x60\x68mimeType\x61a"));
        assert!(!is_legacy(b"\xa2\x63cid\x01\x68mimeType\x61a"));
        assert!(!is_legacy(b"\xa2\x63cid\x60\x68mimeType\x41a"));
        assert!(!is_legacy(b"\xa2\x63cid\x60\x63uri\x61a"));
    }
}
