//! Sort records by a number that each of them has.

/// Sentinel for a record without such a number: it comes last, also reversed.
pub const NONE: u64 = u64::MAX;

/// Return the number that the record key of `key` says as a TID; `NONE` where
/// it is no TID. The greatest possible TID, which would be `NONE`, is
/// returned as one less.
#[must_use]
pub fn tid_of(key: &[u8]) -> u64 {
    let rkey = match memchr::memchr(b'/', key) {
        Some(slash) if slash > 0 => &key[slash + 1..],
        _ => key,
    };
    number_of(rkey).map_or(NONE, |number| number.min(NONE - 1))
}

/// Thirteen digits of five bits; the first has four.
fn number_of(tid: &[u8]) -> Option<u64> {
    if tid.len() != 13 {
        return None;
    }
    let mut number = 0_u64;
    for &byte in tid {
        let digit = match byte {
            b'2'..=b'7' => byte - b'2',
            b'a'..=b'z' => byte - b'a' + 6,
            _ => return None,
        };
        if number >> 59 != 0 {
            return None;
        }
        number = number << 5 | u64::from(digit);
    }
    Some(number)
}

/// Records that are being put in order.
pub struct Order {
    pairs: Vec<(u64, u32)>,
    reverse: bool,
}

impl Order {
    /// Begin with none, and room for `count`.
    #[must_use]
    pub fn new(count: usize, reverse: bool) -> Self {
        Self {
            pairs: Vec::with_capacity(count),
            reverse,
        }
    }

    /// Add a record by its number, with its sort key.
    pub fn add(&mut self, record: u32, value: u64) {
        let value = match value {
            NONE => NONE,
            value if self.reverse => NONE - 1 - value,
            value => value,
        };
        self.pairs.push((value, record));
    }

    /// Return the records in order, equals by their numbers.
    #[must_use]
    pub fn sorted(mut self) -> Vec<u32> {
        self.pairs.sort_unstable();
        self.pairs.iter().map(|&(_, record)| record).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tid_is_read_whole_or_not_at_all() {
        assert_eq!(tid_of(b"a.b.c/2222222222222"), 0);
        assert_eq!(tid_of(b"a.b.c/222222222222a"), 6);
        assert_eq!(tid_of(b"a.b.c/3222222222222"), 1 << 60);
        assert_eq!(tid_of(b"2222222222223"), 1);
        assert_eq!(tid_of(b"a/jzzzzzzzzzzzy"), u64::MAX - 1);
        assert_eq!(tid_of(b"a/jzzzzzzzzzzzz"), u64::MAX - 1);
        for key in [
            &b"a/kzzzzzzzzzzzz"[..],
            b"a/222222222222",
            b"a/22222222222222",
            b"a/222222222222A",
            b"a/b/2222222222222",
            b"/2222222222222",
            b"a/self",
            b"",
        ] {
            assert_eq!(tid_of(key), NONE, "{key:?}");
        }
    }

    proptest! {
        #[test]
        fn order_is_that_of_a_stable_sort(
            values in prop::collection::vec(prop::option::of(0..9_u64), 0..60),
            reverse in any::<bool>(),
        ) {
            let mut order = Order::new(values.len(), reverse);
            for (record, value) in (0..).zip(&values) {
                order.add(record, value.unwrap_or(NONE));
            }
            let mut expected: Vec<u32> = (0..).take(values.len()).collect();
            expected.sort_by_key(|&record| {
                let value = values[record as usize];
                let signed = value.map(u64::cast_signed);
                (value.is_none(), signed.map(|it| if reverse { -it } else { it }))
            });
            prop_assert_eq!(order.sorted(), expected);
        }
    }
}
