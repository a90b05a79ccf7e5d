//! Which of many keys, end to end, contain a needle.

/// Return the numbers of the keys from `start` to `stop` that contain `needle`,
/// ascending. Matches across two keys do not count.
///
/// `end_of` tells where a key ends.
pub fn search(
    keys: &[u8],
    end_of: impl Fn(usize) -> usize,
    needle: &[u8],
    start: usize,
    stop: usize,
) -> Vec<u32> {
    let mut found = Vec::new();
    let mut begin = if start == 0 { 0 } else { end_of(start - 1) };
    let finder = memchr::memmem::Finder::new(needle);
    let mut number = start;
    while number < stop {
        let last = end_of(stop - 1);
        let Some(at) = keys.get(begin..last).and_then(|rest| finder.find(rest)) else {
            break;
        };
        let at = begin + at;
        // Which key it is in: gallop, for the next hit is seldom far.
        let (mut low, mut step) = (number, 1);
        while low + step < stop && end_of(low + step) <= at {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(stop - 1);
        while low < high {
            let middle = usize::midpoint(low, high);
            if end_of(middle) <= at {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        number = low;
        if at + needle.len() <= end_of(number) {
            found.push(u32::try_from(number).unwrap_or(u32::MAX));
            begin = end_of(number);
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
            needle in "[ab]{1,3}",
            bounds in (0_usize..40, 0_usize..40),
        ) {
            let joined: Vec<u8> = keys.concat().into_bytes();
            let mut ends = Vec::new();
            let mut end = 0;
            for key in &keys {
                end += key.len();
                ends.push(end);
            }
            let stop = bounds.1.min(keys.len());
            let start = bounds.0.min(stop);
            let found = search(&joined, |key| ends[key], needle.as_bytes(), start, stop);
            let expected: Vec<u32> = (start..stop)
                .filter(|&key| keys[key].contains(&needle))
                .map(|key| u32::try_from(key).unwrap())
                .collect();
            prop_assert_eq!(found, expected);
        }
    }
}
