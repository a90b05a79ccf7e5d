//! MST keys: their syntax and their depth.
//!
//! A key is `collection/rkey`. Source: atproto repository v3, "Repository
//! Paths" and "MST Structure"; NSID and record key syntax.

use sha256x2::sha256_two;

use crate::counted_faults::{Counts, Fault};
use crate::limits;
use crate::sha256::sha256;

/// Return how many leading zero bit *pairs* SHA-256 of `key` has: 0 to 128.
#[must_use]
pub fn key_depth(key: &[u8]) -> u8 {
    depth_of(&sha256(key))
}

/// Return the depths of two keys, faster than one by one.
#[must_use]
pub fn key_depths(keys: [&[u8]; 2]) -> [u8; 2] {
    sha256_two(keys).map(|digest| depth_of(&digest))
}

fn depth_of(digest: &[u8; 32]) -> u8 {
    let mut zeros = 0;
    for &byte in digest {
        zeros += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    u8::try_from(zeros / 2).unwrap_or(u8::MAX)
}

/// What stands before the first `/`; empty for none.
#[must_use]
pub fn collection_of(key: &[u8]) -> &[u8] {
    match key.iter().position(|&byte| byte == b'/') {
        Some(slash) => &key[..slash],
        None => &[],
    }
}

/// Judges keys, and remembers the last collection that it found right: keys
/// come in order, so the next one is likely to be of the same.
#[derive(Default)]
pub struct KeyJudge {
    collection: Vec<u8>,
}

impl KeyJudge {
    /// Tell whether nothing is wrong with `key` itself.
    pub fn is_sound(&mut self, key: &[u8]) -> bool {
        if key.len() > limits::LONG_KEY {
            return false;
        }
        let known = self.collection.len();
        if known > 0 && key.len() > known && key[..known] == self.collection {
            return is_rkey(&key[known..]);
        }
        let Some(slash) = key.iter().position(|&byte| byte == b'/') else {
            return false;
        };
        if !is_collection(&key[..slash]) {
            return false;
        }
        self.collection.clear();
        self.collection.extend_from_slice(&key[..=slash]);
        is_rkey(&key[slash + 1..])
    }
}

/// Count what is wrong with a key; None where that cannot be counted here.
#[must_use]
pub fn count_faults(key: &[u8], counts: &mut Counts) -> Option<()> {
    let slash = key.iter().position(|&byte| byte == b'/')?;
    let (collection, rkey) = (&key[..slash], &key[slash + 1..]);
    let is_plain = |&byte: &u8| matches!(byte, b' '..=b'~') && byte != b'/';
    // Of a longer collection the domain may be too long.
    let can_be = collection.len() <= limits::MAX_DOMAIN
        && is_collection(collection)
        && !matches!(rkey, b"" | b"." | b"..")
        && rkey.len() <= limits::MAX_RKEY
        && rkey.iter().all(is_plain);
    if key.len() > limits::LONG_KEY {
        counts[Fault::LongKey as usize] += 1;
    }
    if !is_rkey(rkey) {
        counts[Fault::KeyCharacter as usize] += 1;
    }
    (can_be && key.len() <= limits::LONGEST_KEY).then_some(())
}

fn is_rkey(rkey: &[u8]) -> bool {
    let legal = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'~' | b'-')
    };
    !rkey.is_empty() && rkey != b"." && rkey != b".." && rkey.iter().all(legal)
}

/// Tell whether this is an NSID with its domain in lower case.
fn is_collection(collection: &[u8]) -> bool {
    let mut labels = collection.split(|&byte| byte == b'.');
    let Some(name) = labels.next_back() else {
        return false;
    };
    let mut count = 0;
    for label in labels {
        if !is_domain_label(label) || (count == 0 && !label[0].is_ascii_lowercase()) {
            return false;
        }
        count += 1;
    }
    count >= 2
        && (1..=63).contains(&name.len())
        && name[0].is_ascii_alphabetic()
        && name.iter().all(u8::is_ascii_alphanumeric)
}

fn is_domain_label(label: &[u8]) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=63).contains(&label.len())
        && alphanumeric(label[0])
        && alphanumeric(label[label.len() - 1])
        && label.iter().all(|&byte| alphanumeric(byte) || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_sound(key: &str) -> bool {
        KeyJudge::default().is_sound(key.as_bytes())
    }

    #[test]
    fn depths_of_the_specification() {
        assert_eq!(key_depth(b""), 0);
        assert_eq!(key_depth(b"app.bsky.feed.post/454397e440ec"), 4);
        assert_eq!(key_depth(b"app.bsky.feed.post/9adeb165882c"), 8);
    }

    #[test]
    fn honest_keys_are_sound() {
        for key in [
            "app.bsky.feed.post/3jzfcijpj2z2a",
            "app.bsky.actor.profile/self",
            "a.b.c/~",
            "a.1-2.cD9/a:b_c.d-e",
        ] {
            assert!(is_sound(key), "{key}");
        }
    }

    #[test]
    fn others_are_not() {
        let long = format!("a.b.c/{}", "x".repeat(300));
        for key in [
            "",
            "/",
            "a",
            "a.b/c",
            "a.b.c/",
            "a.b.c",
            "a.b.c/.",
            "a.b.c/..",
            "1.b.c/d",
            "A.b.c/d",
            "a.B.c/d",
            "a.b.1/d",
            "a.b-.c/d",
            "a..c/d",
            "a.b.c/d/e",
            "a.b.c/ä",
            "a.b.c-d/e",
            &long,
        ] {
            assert!(!is_sound(key), "{key}");
        }
    }

    #[test]
    fn a_remembered_collection_changes_nothing() {
        let mut judge = KeyJudge::default();
        assert!(judge.is_sound(b"a.b.c/d"));
        assert!(judge.is_sound(b"a.b.c/e"));
        assert!(!judge.is_sound(b"a.b.c/"));
        assert!(!judge.is_sound(b"a.b.c/e/f"));
        assert!(!judge.is_sound(b"a.b.cd"));
        assert!(judge.is_sound(b"a.b.cd/d"));
    }
}
