//! One MST node: canonical bytes, or nothing.
//!
//! The twin of `mst.read_node`: it matches the one encoding that a node can
//! have, byte by byte, and refuses everything else.
//!
//! Source: atproto repository v3, "MST Node Format".

use std::ops::Range;

use crate::cid::{CID, LINK, LINK_HEAD, PLAIN_PREFIX};
use crate::counted_faults::Counts;
use crate::formats::key::{KeyJudge, count_faults, key_depth, key_depths};
use crate::limits;

/// The only node of an empty repository.
pub const EMPTY_NODE: [u8; 7] = *b"\xa2\x61e\x80\x61l\xf6";

const NODE_HEAD: &[u8] = b"\xa2\x61e";
const ENTRY_HEAD: &[u8] = b"\xa4\x61k";

/// An entry of a node; links are places of 36 bytes in the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of the whole key, in `Node::keys`.
    pub key: Range<usize>,
    /// Where the link to the record begins.
    pub value: usize,
    /// Where the link to the sub-tree behind it begins.
    pub tree: Option<usize>,
}

/// A canonical node; made to be used again for the next one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Where the link to the sub-tree before the first entry begins.
    pub left: Option<usize>,
    /// At most `limits::MANY_ENTRIES`.
    pub entries: Vec<Entry>,
    /// The keys, end to end.
    pub keys: Vec<u8>,
}

/// What a canonical node is, when nothing is wrong with its keys either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All its keys are sound, and of this depth.
    AtDepth(u8),
    /// It has a sub-tree, but no keys: no top node may be such.
    WithoutKeys,
    /// It has nothing: only the top node of an empty repository may be such.
    Empty,
}

impl Node {
    /// Return where the links begin, in the order of the walk, and whether each
    /// leads to a sub-tree.
    pub fn links(&self) -> impl Iterator<Item = (usize, bool)> {
        let entries = self.entries.iter().flat_map(|entry| {
            let tree = entry.tree.map(|at| (at, true));
            std::iter::once((entry.value, false)).chain(tree)
        });
        self.left.map(|at| (at, true)).into_iter().chain(entries)
    }

    /// Take in a block; false when it is not a canonical node, and then what
    /// this node holds means nothing.
    pub fn read(&mut self, data: &[u8]) -> bool {
        self.entries.clear();
        self.keys.clear();
        self.left = None;
        self.read_all(data).is_some()
    }

    fn read_all(&mut self, data: &[u8]) -> Option<()> {
        let mut reader = Reader { data, position: 0 };
        reader.expect(NODE_HEAD)?;
        let count = reader.count(0x80)?;
        if count > limits::MANY_ENTRIES {
            return None;
        }
        let mut previous = 0..0;
        for _ in 0..count {
            let entry = self.read_entry(&mut reader, previous)?;
            previous = entry.key.clone();
            self.entries.push(entry);
        }
        reader.expect(b"\x61l")?;
        self.left = reader.link()?;
        (reader.position == data.len()).then_some(())
    }

    fn read_entry(&mut self, reader: &mut Reader, previous: Range<usize>) -> Option<Entry> {
        reader.expect(ENTRY_HEAD)?;
        let size = reader.count(0x40)?;
        let suffix = reader.take(size)?;
        reader.expect(b"\x61p")?;
        let shared = reader.count(0x00)?;
        if shared > previous.len() || shared + size > limits::MAX_KEY || size == 0 {
            return None;
        }
        // Behind the shared part the keys must differ, and the later be greater.
        if shared < previous.len() && suffix[0] <= self.keys[previous.start + shared] {
            return None;
        }
        let start = self.keys.len();
        self.keys
            .extend_from_within(previous.start..previous.start + shared);
        self.keys.extend_from_slice(suffix);
        reader.expect(b"\x61t")?;
        let tree = reader.link()?;
        reader.expect(b"\x61v")?;
        let value = reader.link()??;
        Some(Entry {
            key: start..self.keys.len(),
            value,
            tree,
        })
    }

    /// Return what the node is, unless something is wrong with its keys.
    #[must_use]
    pub fn shape(&self, judge: &mut KeyJudge) -> Option<Shape> {
        let mut keys = self
            .entries
            .iter()
            .map(|entry| &self.keys[entry.key.clone()]);
        let Some(first) = keys.next() else {
            return Some(self.left.map_or(Shape::Empty, |_| Shape::WithoutKeys));
        };
        let depth = key_depth(first);
        if !judge.is_sound(first) {
            return None;
        }
        while let Some(key) = keys.next() {
            let other = keys.next().unwrap_or(first);
            let sound = judge.is_sound(key) && judge.is_sound(other);
            if !sound || key_depths([key, other]) != [depth; 2] {
                return None;
            }
        }
        Some(Shape::AtDepth(depth))
    }

    /// Return what the node is by its keys' depth, and count what is wrong with
    /// these; None where not all of that can be counted.
    #[must_use]
    pub fn shape_of_wrong(&self, counts: &mut Counts) -> Option<Shape> {
        let mut depth = None;
        for entry in &self.entries {
            let key = &self.keys[entry.key.clone()];
            count_faults(key, counts)?;
            if *depth.get_or_insert(key_depth(key)) != key_depth(key) {
                return None;
            }
        }
        depth.map(Shape::AtDepth)
    }
}

struct Reader<'a> {
    data: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    #[inline]
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.data.get(self.position..)?.get(..count)?;
        self.position += count;
        Some(taken)
    }

    #[inline]
    fn expect(&mut self, bytes: &[u8]) -> Option<()> {
        (self.take(bytes.len())? == bytes).then_some(())
    }

    /// Read the argument of a head of a major type, in its shortest form.
    #[inline]
    fn count(&mut self, major: u8) -> Option<usize> {
        let low = self.take(1)?[0].checked_sub(major)?;
        match low {
            0..24 => Some(usize::from(low)),
            24 => {
                let count = usize::from(self.take(1)?[0]);
                (count >= 24).then_some(count)
            }
            25 => {
                let bytes = self.take(2)?;
                let count = usize::from(bytes[0]) << 8 | usize::from(bytes[1]);
                (count >= 256).then_some(count)
            }
            _ => None,
        }
    }

    /// Read a link to a plain CID, or null; return where the CID begins.
    #[inline]
    #[expect(clippy::option_option, reason = "no link; null; a link")]
    fn link(&mut self) -> Option<Option<usize>> {
        if self.data.get(self.position) == Some(&0xf6) {
            self.position += 1;
            return Some(None);
        }
        let link = self.take(LINK)?;
        let (head, cid) = link.split_at(LINK_HEAD.len());
        let plain = head == LINK_HEAD && cid[..4] == PLAIN_PREFIX;
        plain.then_some(Some(self.position - CID))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cid::cid_text;
    use crate::sha256::sha256;

    fn link(byte: u8) -> Vec<u8> {
        [&LINK_HEAD[..], &PLAIN_PREFIX, &[byte; 32]].concat()
    }

    fn entry(shared: u8, suffix: &[u8], tree: Option<u8>) -> Vec<u8> {
        let size = 0x40 + u8::try_from(suffix.len()).unwrap();
        let tree = tree.map_or_else(|| vec![0xf6], link);
        [
            ENTRY_HEAD,
            &[size],
            suffix,
            b"\x61p",
            &[shared],
            b"\x61t",
            &tree,
            b"\x61v",
            &link(9),
        ]
        .concat()
    }

    fn node(entries: &[Vec<u8>]) -> Vec<u8> {
        let count = 0x80 + u8::try_from(entries.len()).unwrap();
        [NODE_HEAD, &[count], &entries.concat(), b"\x61l\xf6"].concat()
    }

    fn reads(data: &[u8]) -> bool {
        Node::default().read(data)
    }

    #[test]
    fn the_empty_node_has_the_cid_that_every_implementation_names() {
        let raw = [&PLAIN_PREFIX[..], &sha256(&EMPTY_NODE)].concat();
        let text = "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm";
        assert_eq!(cid_text(&raw), text);
    }

    #[test]
    fn keys_are_written_out() {
        let data = node(&[entry(0, b"a.b.c/1", None), entry(6, b"2", Some(7))]);
        let mut read = Node::default();
        assert!(read.read(&data));
        assert_eq!(read.keys, b"a.b.c/1a.b.c/2");
        let tree = read.entries[1].tree.unwrap();
        assert_eq!(data[tree..tree + CID], link(7)[LINK_HEAD.len()..]);
    }

    #[test]
    fn the_empty_node_is_canonical() {
        let mut read = Node::default();
        assert!(read.read(&EMPTY_NODE));
        assert_eq!(read.shape(&mut KeyJudge::default()), Some(Shape::Empty));
    }

    #[test]
    fn every_other_encoding_is_refused() {
        let first = entry(0, b"a.b.c/1", None);
        assert!(!reads(&node(&[entry(1, b"a", None)])));
        assert!(!reads(&node(&[first.clone(), entry(6, b"1", None)])));
        assert!(!reads(&node(&[first.clone(), entry(5, b"/2", None)])));
        assert!(!reads(&node(&[first.clone(), entry(6, b"0", None)])));
        assert!(!reads(&node(&[first.clone(), entry(8, b"0", None)])));
        assert!(!reads(&node(&[first.clone(), entry(7, b"", None)])));
        assert!(!reads(&[node(&[first]), vec![0]].concat()));
    }

    #[test]
    fn no_cut_of_a_node_is_one() {
        let data = node(&[entry(0, b"a.b.c/1", None), entry(6, b"2", Some(7))]);
        for end in 0..data.len() {
            assert!(!reads(&data[..end]));
        }
    }
}
