//! Whatever the bytes are, nothing panics, and threads change nothing.
//!
//! Files are sections of nodes, records and noise, which link to one another at
//! random; then bytes of them are changed. They are scanned in pieces, by one
//! thread and by several, and walked from every block. In a debug build, as
//! `cargo test` makes, arithmetic that overflows is a panic too.
//!
//! `PROPTEST_CASES=100000 cargo test --no-default-features --test hostile` does
//! more of it.

mod written;

use std::path::Path;
use std::sync::Arc;

use _kernel::blocks::block::{Block, Found};
use _kernel::blocks::block_index::BlockIndex;
use _kernel::blocks::copies::Copy;
use _kernel::cid::{CID, PLAIN_PREFIX, RAW_PREFIX};
use _kernel::error::Result;
use _kernel::formats::car;
use _kernel::read_ahead::ReadAhead;
use _kernel::scan::Scanner;
use _kernel::scan::pool::Bytes;
use _kernel::walk;
use _kernel::walk::read_block::ReadBlock;
use _kernel::walk::walk_state::WalkState;
use proptest::prelude::*;
use proptest::sample::{Index as Choice, select};

use written::{bytes_of, section};

/// One block to be.
#[derive(Clone, Debug)]
enum Part {
    /// A node: keys, each with a link to an earlier block and maybe a sub-tree.
    Node(Vec<(Vec<u8>, Choice, Option<Choice>)>, Option<Choice>),
    /// A record of this type.
    Record(&'static str, Vec<u8>),
    /// Bytes of any kind, under the one codec or the other.
    Noise(Vec<u8>, bool),
    /// Zeros, so many that the section is worth a thread.
    Large(usize),
}

/// A change of a file's bytes.
#[derive(Clone, Debug)]
enum Change {
    Flip(Choice, u8),
    Remove(Choice, usize),
    Insert(Choice, Vec<u8>),
    Repeat(Choice, usize),
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => (select(vec!["a.b.c", "a.b.cd"]), 0_u16..500)
            .prop_map(|(name, number)| format!("{name}/{number}").into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..300),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    let entry = (key(), any::<Choice>(), prop::option::of(any::<Choice>()));
    let name = select(vec!["a.b.c", "a.b.cd", "a.b.e", "", "$"]);
    prop_oneof![
        4 => (prop::collection::vec(entry, 0..8), prop::option::of(any::<Choice>()))
            .prop_map(|(entries, left)| Part::Node(entries, left)),
        4 => (name, prop::collection::vec(any::<u8>(), 0..20))
            .prop_map(|(name, filling)| Part::Record(name, filling)),
        1 => (prop::collection::vec(any::<u8>(), 0..120), any::<bool>())
            .prop_map(|(bytes, raw)| Part::Noise(bytes, raw)),
    ]
}

fn change() -> impl Strategy<Value = Change> {
    let some = prop::collection::vec(any::<u8>(), 1..12);
    prop_oneof![
        4 => (any::<Choice>(), any::<u8>()).prop_map(|(at, bits)| Change::Flip(at, bits)),
        1 => (any::<Choice>(), 1_usize..60).prop_map(|(at, size)| Change::Remove(at, size)),
        1 => (any::<Choice>(), some).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        1 => (any::<Choice>(), 1_usize..200).prop_map(|(at, size)| Change::Repeat(at, size)),
    ]
}

/// Write a node of links to earlier blocks, with keys in order.
fn node(
    mut entries: Vec<(Vec<u8>, Choice, Option<Choice>)>,
    left: Option<&Choice>,
    cids: &[Vec<u8>],
) -> Vec<u8> {
    entries.sort_by(|one, two| one.0.cmp(&two.0));
    entries.dedup_by(|one, two| one.0 == two.0);
    let cid = |choice: &Choice| (!cids.is_empty()).then(|| choice.get(cids).clone());
    let entries: Vec<_> = entries
        .iter()
        .map(|(key, value, tree)| (key.clone(), cid(value), tree.as_ref().and_then(cid)))
        .collect();
    written::node(&entries, left.and_then(cid).as_ref())
}

/// Write the parts, then change what was written.
fn file(parts: Vec<Part>, changes: Vec<Change>) -> Vec<u8> {
    let (mut out, mut cids) = (Vec::new(), Vec::new());
    for part in parts {
        let (prefix, block) = match part {
            Part::Node(entries, left) => (PLAIN_PREFIX, node(entries, left.as_ref(), &cids)),
            Part::Record(name, filling) => {
                let mut block = vec![0xa2, 0x61, b'x'];
                bytes_of(2, &filling, &mut block);
                bytes_of(3, b"$type", &mut block);
                bytes_of(3, name.as_bytes(), &mut block);
                (PLAIN_PREFIX, block)
            }
            Part::Noise(bytes, false) => (PLAIN_PREFIX, bytes),
            Part::Noise(bytes, true) => (RAW_PREFIX, bytes),
            Part::Large(size) => (RAW_PREFIX, vec![0; size]),
        };
        cids.push(section(prefix, &block, &mut out));
    }
    for change in changes {
        let size = out.len();
        match change {
            _ if size == 0 => {}
            Change::Flip(at, bits) => out[at.index(size)] ^= bits,
            Change::Remove(at, some) => {
                let at = at.index(size);
                out.drain(at..size.min(at + some));
            }
            Change::Insert(at, bytes) => {
                let at = at.index(size);
                out.splice(at..at, bytes);
            }
            Change::Repeat(at, some) => {
                let at = at.index(size);
                let bytes = out[at..size.min(at + some)].to_vec();
                out.splice(at..at, bytes);
            }
        }
    }
    out
}

/// Scan a file as the engine does, a piece at a time; pass some bytes by
/// where the kernel would go no further. Seal the index behind each piece, where there
/// is a folder for it.
fn scanned(data: &[u8], piece: usize, threads: usize, folder: Option<&Path>) -> Scanner {
    let index = BlockIndex::new(1 << 30).unwrap();
    let mut scanner = Scanner::new(index, Some(threads), data.len() as u64);
    let (mut at, mut wanted) = (0, piece);
    while at < data.len() {
        let end = data.len().min(at + wanted);
        let buffer: Bytes = Arc::new(data[at..end].to_vec());
        let (used, stop) = scanner.scan(&buffer, at as u64, 0).unwrap();
        if let Some(folder) = folder {
            scanner.index_mut().seal(folder).unwrap();
        }
        wanted = piece;
        at += used;
        match stop {
            car::Stop::End => {}
            car::Stop::Cut if end < data.len() && used == 0 => wanted = 2 * (end - at),
            car::Stop::Cut if end < data.len() => {}
            _ => at += 1 + data.len() / 1_000,
        }
    }
    scanner.settle().unwrap();
    scanner
}

fn blocks(index: &BlockIndex) -> Vec<Block> {
    let rows = 0..u32::try_from(index.rows.len()).unwrap();
    let block = |row| Block {
        tag: 0, // of each index's own key
        ..index.rows.get(row).unwrap().unwrap()
    };
    rows.map(block).collect()
}

fn copies(index: &BlockIndex) -> Vec<Copy> {
    let mut copies = Vec::new();
    let seen = index.each_copy(|copy| {
        copies.push(*copy);
        Ok(())
    });
    seen.unwrap();
    copies
}

/// Reads blocks of bytes in memory, some of them ahead.
struct Held<'a> {
    index: &'a BlockIndex,
    data: &'a [u8],
    ahead: &'a mut Option<ReadAhead>,
}

fn copied(data: &[u8], offset: u64, out: &mut [u8]) -> Option<()> {
    let start = usize::try_from(offset).ok()?;
    out.copy_from_slice(data.get(start..)?.get(..out.len())?);
    Some(())
}

impl ReadBlock for Held<'_> {
    fn read_node(
        &mut self,
        row: u32,
        offset: u64,
        length: usize,
        use_it: &mut dyn FnMut(&[u8], &[Found]),
    ) -> Result<Option<()>> {
        let data = self.data;
        let read = |offset: u64, out: &mut [u8]| copied(data, offset, out);
        if let Some(ahead) = self.ahead
            && let Some((block, links)) = ahead.take(row, self.index, &read)?
        {
            use_it(block, links);
            return Ok(Some(()));
        }
        Ok(self.read(offset, length, &mut |block| use_it(block, &[])))
    }

    fn read(&mut self, offset: u64, length: usize, use_it: &mut dyn FnMut(&[u8])) -> Option<()> {
        let start = usize::try_from(offset).ok()?;
        use_it(self.data.get(start..)?.get(..length)?);
        Some(())
    }
}

/// How a file is walked.
#[derive(Clone, Copy)]
enum How<'a> {
    Plainly,
    /// With a plan, which may keep bytes, and without a thread.
    Planned(bool),
    /// With a thread that reads ahead.
    Ahead,
    /// The same, and the index is sealed in the midst of it, in a folder.
    Caught(&'a Path),
}

/// All that a walk from one block meets, step by step, in words.
fn walked(scanner: &mut Scanner, data: &Arc<Vec<u8>>, top: &[u8], how: How) -> Vec<String> {
    let mut state = WalkState::default();
    state.frames.begin(top, 0);
    state.counted = u32::MAX;
    let key = scanner.index.key;
    let tags = vec![key.tag(top)];
    let mut ahead = match how {
        How::Plainly => None,
        How::Planned(keeps) => Some(ReadAhead::without_thread(key, tags, keeps, true)),
        How::Ahead | How::Caught(_) => {
            let data = Arc::clone(data);
            let read_at = move |offset: u64, out: &mut [u8]| copied(&data, offset, out);
            let lent = scanner.lend();
            Some(ReadAhead::start(lent, key, Arc::new(read_at), tags, true))
        }
    };
    let mut met = Vec::new();
    // Of blocks that link to one another at random trees can be very large.
    for _ in 0..200 {
        let index = &scanner.index;
        let ahead = &mut ahead;
        let mut held = Held { index, data, ahead };
        let stop = state.walk(index, &mut held, 5, true).unwrap();
        let batch = state.take();
        if let How::Caught(folder) = how {
            scanner.index_mut().seal(folder).unwrap();
            drop(scanner.lend());
        }
        met.push(format!(
            "{stop:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            batch.faults,
            batch.keys,
            batch.ends,
            batch.rows,
            batch.node_rows,
            batch.depths,
            batch.kinds,
            batch.closed,
            batch.misplaced,
        ));
        match stop {
            walk::Stop::End => break,
            walk::Stop::Full => {}
            walk::Stop::HandedOver => {
                // The engine would look into it; here it is passed by.
                let (frame, step) = state.next_step().unwrap();
                met.push(format!("{:?} {:?}", frame.offset, step.what));
            }
        }
    }
    met
}

fn check(parts: Vec<Part>, changes: Vec<Change>, piece: usize) {
    let data = Arc::new(file(parts, changes));
    let mut one = scanned(&data, piece, 1, None);
    let mut many = scanned(&data, piece, 3, None);
    let mut caught = scanned(&data, piece, 3, None);
    let folder = tempfile::tempdir().unwrap();
    let mut sealed = scanned(&data, piece, 1, Some(folder.path()));
    let mut planned = scanned(&data, piece, 1, Some(folder.path()));
    let rows = blocks(&one.index);
    assert_eq!(rows, blocks(&many.index));
    assert_eq!(rows, blocks(&sealed.index));
    assert_eq!(copies(&one.index), copies(&many.index));
    assert_eq!(copies(&one.index), copies(&sealed.index));
    for row in 0..u32::try_from(rows.len()).unwrap() {
        let block = one.index.rows.get(row).unwrap().unwrap();
        let end = usize::try_from(block.data_start()).unwrap();
        let top = &data[end - CID..end];
        let met = walked(&mut one, &data, top, How::Plainly);
        assert_eq!(met, walked(&mut many, &data, top, How::Ahead));
        assert_eq!(met, walked(&mut sealed, &data, top, How::Ahead));
        assert_eq!(
            met,
            walked(&mut planned, &data, top, How::Planned(row % 2 == 0))
        );
        let how = How::Caught(folder.path());
        assert_eq!(met, walked(&mut caught, &data, top, how));
    }
    for scanner in [&many, &sealed, &planned, &caught] {
        let tallies = [&one, scanner].map(|each| _kernel::tally::tally(&each.index).unwrap());
        assert_eq!(tallies[0], tallies[1]);
    }
}

proptest! {
    #[test]
    fn small_files_are_borne(
        parts in prop::collection::vec(part(), 0..40),
        changes in prop::collection::vec(change(), 0..6),
        piece in select(vec![40, 300, 1 << 20]),
    ) {
        check(parts, changes, piece);
    }
}

proptest! {
    // In a debug build hashing takes its time.
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn large_files_are_borne(
        parts in prop::collection::vec(
            prop_oneof![
                3 => part(),
                1 => (400_000_usize..1_100_000).prop_map(Part::Large),
            ],
            10..30,
        ),
        changes in prop::collection::vec(change(), 0..6),
        piece in select(vec![1 << 20, 3 << 20]),
    ) {
        check(parts, changes, piece);
    }
}
