//! SHA-256 of two messages side by side.
//!
//! One message keeps the SHA instructions of a processor half idle: each round
//! waits for the one before. Two messages at once fill the gaps. On a machine
//! without these instructions, both are hashed one after the other.
//!
//! Source: FIPS 180-4.

use sha2::{Digest, Sha256};

/// Return the SHA-256 of each message.
#[must_use]
pub fn sha256_two(messages: [&[u8]; 2]) -> [[u8; 32]; 2] {
    #[cfg(target_arch = "x86_64")]
    if let Some(digests) = x86::sha256_two(messages) {
        return digests;
    }
    messages.map(|message| Sha256::digest(message).into())
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::is_x86_feature_detected;
    use std::arch::x86_64::{
        __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_extract_epi32, _mm_set_epi32, _mm_set_epi64x,
        _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8,
        _mm_shuffle_epi32,
    };

    const BLOCK: usize = 64;

    #[rustfmt::skip]
    #[expect(clippy::unreadable_literal, reason = "as the standard prints them")]
    const ROUNDS: [u32; 64] = [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    #[rustfmt::skip]
    #[expect(clippy::unreadable_literal, reason = "as the standard prints them")]
    const START: [u32; 8] = [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    pub fn sha256_two(messages: [&[u8]; 2]) -> Option<[[u8; 32]; 2]> {
        if !is_x86_feature_detected!("sha")
            || !is_x86_feature_detected!("sse4.1")
            || !is_x86_feature_detected!("ssse3")
        {
            return None;
        }
        // SAFETY: the machine has the instructions that the function asks for.
        Some(unsafe { hash_two(messages) })
    }

    /// The blocks of one message, the padding among them.
    struct Blocks<'a> {
        whole: &'a [[u8; BLOCK]],
        tail: [[u8; BLOCK]; 2],
        count: usize,
    }

    impl<'a> Blocks<'a> {
        fn new(message: &'a [u8]) -> Self {
            let (whole, rest) = message.as_chunks();
            let mut padded = [0; 2 * BLOCK];
            padded[..rest.len()].copy_from_slice(rest);
            padded[rest.len()] = 0x80;
            let tails = if rest.len() < BLOCK - 8 { 1 } else { 2 };
            let bits = (message.len() as u64) << 3;
            padded[tails * BLOCK - 8..tails * BLOCK].copy_from_slice(&bits.to_be_bytes());
            let mut tail = [[0; BLOCK]; 2];
            tail.as_flattened_mut().copy_from_slice(&padded);
            Self {
                whole,
                tail,
                count: whole.len() + tails,
            }
        }

        #[inline]
        fn get(&self, number: usize) -> &[u8; BLOCK] {
            match self.whole.get(number) {
                Some(block) => block,
                None => &self.tail[number - self.whole.len()],
            }
        }
    }

    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn hash_two(messages: [&[u8]; 2]) -> [[u8; 32]; 2] {
        let [a, b] = messages.map(Blocks::new);
        let mut states = [start(); 2];
        let both = a.count.min(b.count);
        for number in 0..both {
            compress(&mut states, [a.get(number), b.get(number)]);
        }
        let [first, second] = &mut states;
        for number in both..a.count {
            compress(std::array::from_mut(first), [a.get(number)]);
        }
        for number in both..b.count {
            compress(std::array::from_mut(second), [b.get(number)]);
        }
        [digest(states[0]), digest(states[1])]
    }

    /// The state as the instructions have it: A B E F, and C D G H.
    type State = [__m128i; 2];

    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn start() -> State {
        let word = |number: usize| START[number].cast_signed();
        [
            _mm_set_epi32(word(0), word(1), word(4), word(5)),
            _mm_set_epi32(word(2), word(3), word(6), word(7)),
        ]
    }

    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn digest([abef, cdgh]: State) -> [u8; 32] {
        let words = [
            _mm_extract_epi32::<3>(abef),
            _mm_extract_epi32::<2>(abef),
            _mm_extract_epi32::<3>(cdgh),
            _mm_extract_epi32::<2>(cdgh),
            _mm_extract_epi32::<1>(abef),
            _mm_extract_epi32::<0>(abef),
            _mm_extract_epi32::<1>(cdgh),
            _mm_extract_epi32::<0>(cdgh),
        ];
        let mut digest = [0; 32];
        for (bytes, word) in digest.as_chunks_mut().0.iter_mut().zip(words) {
            *bytes = word.to_be_bytes();
        }
        digest
    }

    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn load(block: &[u8; BLOCK], quarter: usize) -> __m128i {
        let (words, _) = block.as_chunks::<8>();
        let low = i64::from_le_bytes(words[2 * quarter]);
        let high = i64::from_le_bytes(words[2 * quarter + 1]);
        let swap = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
        _mm_shuffle_epi8(_mm_set_epi64x(high, low), swap)
    }

    /// Do four rounds.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn rounds(state: &mut State, words: __m128i, keys: &[u32; 16], step: usize) {
        let key = |round: usize| keys[4 * step + round].cast_signed();
        let sum = _mm_add_epi32(words, _mm_set_epi32(key(3), key(2), key(1), key(0)));
        let [abef, cdgh] = *state;
        let cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
        let abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32::<0x0e>(sum));
        *state = [abef, cdgh];
    }

    /// Return the words that come sixteen rounds after those of this step.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn next(words: &[__m128i; 4], step: usize) -> __m128i {
        let at = |ahead: usize| words[(step + ahead) % 4];
        let sum = _mm_sha256msg1_epu32(at(0), at(1));
        let sum = _mm_add_epi32(sum, _mm_alignr_epi8::<4>(at(3), at(2)));
        _mm_sha256msg2_epu32(sum, at(3))
    }

    #[expect(clippy::needless_range_loop, reason = "lanes go in step")]
    /// Take one block each into the states; `L` of them, in step.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    fn compress<const L: usize>(states: &mut [State; L], blocks: [&[u8; BLOCK]; L]) {
        let before = *states;
        let mut words = [[_mm_set_epi64x(0, 0); 4]; L];
        for lane in 0..L {
            words[lane] = [0, 1, 2, 3].map(|quarter| load(blocks[lane], quarter));
        }
        // Sixteen rounds a turn: then every word is where it was before.
        let (turns, _) = ROUNDS.as_chunks::<16>();
        for turn in &turns[..3] {
            for step in 0..4 {
                for lane in 0..L {
                    rounds(&mut states[lane], words[lane][step], turn, step);
                    words[lane][step] = next(&words[lane], step);
                }
            }
        }
        for step in 0..4 {
            for lane in 0..L {
                rounds(&mut states[lane], words[lane][step], &turns[3], step);
            }
        }
        for lane in 0..L {
            for half in 0..2 {
                states[lane][half] = _mm_add_epi32(states[lane][half], before[lane][half]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(message: &[u8]) -> [u8; 32] {
        Sha256::digest(message).into()
    }

    #[test]
    fn every_pair_of_short_lengths() {
        let bytes: Vec<u8> = (0..=255).collect();
        for a in 0..200 {
            for b in 0..200 {
                let pair = [&bytes[..a], &bytes[256 - b..]];
                assert_eq!(sha256_two(pair), pair.map(one), "{a} and {b}");
            }
        }
    }

    proptest! {
        #[test]
        fn it_is_the_hash_of_each(a: Vec<u8>, b: Vec<u8>) {
            let pair = [&a[..], &b[..]];
            prop_assert_eq!(sha256_two(pair), pair.map(one));
        }
    }
}
