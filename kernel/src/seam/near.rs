//! Blocks read in the order of the file, those near to each other at once.

use super::reader::Reader;

/// Bytes to read.
pub struct Place {
    /// Where they begin.
    pub offset: u64,
    /// How many there are.
    pub length: usize,
    /// What the caller calls them.
    pub number: u32,
}

/// Bytes so near to each other are read at once.
const GAP: u64 = 1 << 13;
/// Most bytes read at once, except for a single place.
const AT_ONCE: u64 = 1 << 18;

/// Read some places, in the order of the file; those that cannot be read are
/// left out.
pub fn read_near(reader: &Reader, mut places: Vec<Place>, use_it: &mut dyn FnMut(&Place, &[u8])) {
    places.sort_unstable_by_key(|place| place.offset);
    read_in_order(reader, &places, use_it);
}

/// Read some places that are in the order of the file already, as `read_near`.
pub fn read_in_order(reader: &Reader, places: &[Place], use_it: &mut dyn FnMut(&Place, &[u8])) {
    let mut buffer = Vec::new();
    let mut rest = places;
    while !rest.is_empty() {
        let (near, others) = rest.split_at(near_first(rest));
        read_at_once(reader, near, &mut buffer, use_it);
        rest = others;
    }
}

/// Return how many of some places are read at once: one at least.
fn near_first(places: &[Place]) -> usize {
    let first = places[0].offset;
    let mut end = first + places[0].length as u64;
    for (number, place) in places.iter().enumerate().skip(1) {
        let stop = end.max(place.offset + place.length as u64);
        if place.offset > end + GAP || stop - first > AT_ONCE {
            return number;
        }
        end = stop;
    }
    places.len()
}

fn read_at_once(
    reader: &Reader,
    places: &[Place],
    buffer: &mut Vec<u8>,
    use_it: &mut dyn FnMut(&Place, &[u8]),
) {
    let first = places[0].offset;
    let ends = places
        .iter()
        .map(|place| place.offset + place.length as u64);
    let length = usize::try_from(ends.max().unwrap_or(first) - first).unwrap_or(usize::MAX);
    if buffer.len() < length {
        buffer.resize(length, 0);
    }
    if reader.read(first, &mut buffer[..length]).is_none() {
        // What the file lost may be the last of them only.
        if places.len() > 1 {
            for place in places {
                read_at_once(reader, std::slice::from_ref(place), buffer, use_it);
            }
        }
        return;
    }
    for place in places {
        let start = usize::try_from(place.offset - first).unwrap_or(usize::MAX);
        use_it(place, &buffer[start..start + place.length]);
    }
}
