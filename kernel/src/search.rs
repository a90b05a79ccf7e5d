//! Which of many keys, end to end, contain a needle.

/// Return the numbers of the keys that contain `needle`, ascending. Matches
/// across two keys do not count.
///
/// `ends` tells where each key ends: ascending, and within `keys`.
#[must_use]
pub fn search(keys: &[u8], ends: &[usize], needle: &[u8]) -> Vec<u32> {
    let mut found = Vec::new();
    let finder = memchr::memmem::Finder::new(needle);
    let (mut begin, mut number) = (0, 0);
    while number < ends.len() {
        let Some(at) = keys.get(begin..).and_then(|rest| finder.find(rest)) else {
            break;
        };
        let at = begin + at;
        // Which key it is in: gallop, for the next hit is seldom far. What is
        // empty is in a key that ends there, too.
        let is_before = |end: usize| end < at + usize::from(!needle.is_empty());
        let (mut low, mut step) = (number, 1);
        while low + step < ends.len() && is_before(ends[low + step]) {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(ends.len() - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if is_before(ends[middle]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        number = low;
        if at + needle.len() <= ends[number] {
            found.push(u32::try_from(number).unwrap_or(u32::MAX));
            begin = ends[number];
            number += 1;
        } else {
            begin = at + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_finds_what_a_plain_look_finds(
            keys in prop::collection::vec("[ab]{0,6}", 0..40),
            needle in "[ab]{0,3}",
        ) {
            let joined: Vec<u8> = keys.concat().into_bytes();
            let mut ends = Vec::new();
            let mut end = 0;
            for key in &keys {
                end += key.len();
                ends.push(end);
            }
            let found = search(&joined, &ends, needle.as_bytes());
            let expected: Vec<u32> = (0..keys.len())
                .filter(|&key| keys[key].contains(&needle))
                .map(|key| u32::try_from(key).unwrap())
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
