//! Count keys by the day of their record key, where that is a TID.
//!
//! Source: atproto record keys, "TID".

use crate::formats::key::collection_of;

/// Characters of a TID.
const TID: usize = 13;

/// Microseconds of a day.
const DAY: u64 = 86_400_000_000;

/// Days that TIDs can have: 64 bits, ten of which are no time.
const DAYS: usize = ((1_u64 << 54) / DAY) as usize + 1;

/// How many of the keys are of each day since 1970, and how many of none.
pub struct TidDays {
    counts: Vec<u64>,
    /// Keys that end in no TID.
    pub others: u64,
}

impl Default for TidDays {
    fn default() -> Self {
        Self {
            counts: vec![0; DAYS],
            others: 0,
        }
    }
}

impl TidDays {
    /// Count one key.
    pub fn add(&mut self, key: &[u8]) {
        let day = tid_of(key).and_then(day_of);
        match day.and_then(|day| self.counts.get_mut(day)) {
            Some(count) => *count += 1,
            None => self.others += 1,
        }
    }

    /// The days of all keys, ascending, with their counts.
    pub fn told(&self) -> impl Iterator<Item = (usize, u64)> {
        let all = self.counts.iter().copied().enumerate();
        all.filter(|&(_, count)| count > 0)
    }
}

/// The record key of `key`, where it is as long as a TID.
fn tid_of(key: &[u8]) -> Option<&[u8; TID]> {
    let collection = collection_of(key).len();
    if collection == 0 {
        return None;
    }
    key[collection + 1..].try_into().ok()
}

/// The day since 1970 of a TID; None for what is none.
fn day_of(tid: &[u8; TID]) -> Option<usize> {
    let mut number: u64 = 0;
    for (place, &byte) in tid.iter().enumerate() {
        let digit = match byte {
            b'2'..=b'7' => byte - b'2',
            b'a'..=b'z' => byte - b'a' + 6,
            _ => return None,
        };
        if place == 0 && digit > 15 {
            return None;
        }
        number = number << 5 | u64::from(digit);
    }
    usize::try_from((number >> 10) / DAY).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(keys: &[&str]) -> (Vec<(usize, u64)>, u64) {
        let mut days = TidDays::default();
        for key in keys {
            days.add(key.as_bytes());
        }
        (days.told().collect(), days.others)
    }

    #[test]
    fn it_counts_days_and_what_tells_none() {
        let keys = [
            "a.b.c/2222222222222",
            "a.b.c/3jqfcqzm3fo2j",
            "a.b.c/3jqfcqzm3fo2k",
            "a.b.c/jzzzzzzzzzzzz",
            "a.b.c/kzzzzzzzzzzzz",
            "a.b.c/self",
            "a.b.c/d/3jqfcqzm3fo2j",
            "3jqfcqzm3fo2j",
            "/3jqfcqzm3fo2j",
            "",
        ];
        let (days, others) = told(&keys);
        assert_eq!(days, [(0, 1), (19_424, 2), (208_499, 1)]);
        assert_eq!(others, 6);
    }
}
