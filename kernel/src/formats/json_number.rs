//! Numbers as JSON text, as Python prints them.

use std::io::Write as _;

/// Append an integer of 64 bits and a sign: `argument`, or -1 less that.
pub fn write_integer(is_negative: bool, argument: u64, out: &mut Vec<u8>) {
    // Most are small, and of numbers of 128 bits the text takes far longer.
    if let Ok(number) = i64::try_from(argument) {
        let number = if is_negative { -1 - number } else { number };
        out.extend_from_slice(number.to_string().as_bytes());
    } else {
        let number = i128::from(argument);
        let number = if is_negative { -1 - number } else { number };
        out.extend_from_slice(number.to_string().as_bytes());
    }
}

/// Append the float that has these bits; None where JSON has no such number, or
/// DAG-CBOR another form of it.
///
/// It has the fewest digits from which the same float is read again. `{:?}` has
/// these too, and an exponent where Python has one: below 1e-4, and from 1e16
/// on. Python's has a sign, and two digits at least.
pub fn write_float(bits: u64, out: &mut Vec<u8>) -> Option<()> {
    let number = f64::from_bits(bits);
    if !number.is_finite() || (number == 0.0 && number.is_sign_negative()) {
        return None;
    }
    let text = format!("{number:?}");
    match text.split_once('e') {
        None => out.extend_from_slice(text.as_bytes()),
        Some((digits, exponent)) => {
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(exponent) => ('-', exponent),
                None => ('+', exponent),
            };
            write!(out, "{digits}e{sign}{exponent:0>2}").ok()?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn float(number: f64) -> Option<String> {
        let mut out = Vec::new();
        write_float(number.to_bits(), &mut out)?;
        String::from_utf8(out).ok()
    }

    #[test]
    fn floats_are_as_python_prints_them() {
        for (number, text) in [
            (0.0, "0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.000_099, "9.9e-05"),
            (-1e-5, "-1e-05"),
            (9_007_199_254_740_992.0, "9007199254740992.0"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1e22, "1e+22"),
            (1e23, "1e+23"),
            (1.5e100, "1.5e+100"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
        ] {
            assert_eq!(float(number).as_deref(), Some(text));
        }
        for number in [-0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(float(number), None);
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_the_same_number(bits: u64) {
            let number = f64::from_bits(bits);
            if let Some(text) = float(number) {
                prop_assert_eq!(text.parse::<f64>().map(f64::to_bits), Ok(bits));
            }
        }
    }
}
