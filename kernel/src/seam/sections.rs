//! `sections_of`: blocks as sections of another CAR, each hashed again.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::block_index::BlockIndex;
use super::held::blocks_in;
use super::near::{Place, read_near};
use super::reader::Reader;
use super::values;
use crate::blocks::block::Block;
use crate::blocks::block_index::BlockIndex as Index;
use crate::blocks::tag_key::TagKey;
use crate::cid::CID;
use crate::error::{Error, Result};
use crate::formats::car::Section;
use crate::halves::both;
use crate::scan::hasher::Hasher;
use crate::varint;

/// Bytes of sections from which on a second thread takes half of them.
const WORTH_SHARING: usize = 1 << 16;

/// Return the sections of the first of these rows, hashed again, and how many
/// they are: up to one that is not what it should be, and no more than `most`
/// bytes, but one.
#[pyfunction]
pub fn sections_of<'py>(
    blocks: &Bound<'py, PyAny>,
    rows: &Bound<'py, PyAny>,
    most: usize,
) -> PyResult<(Bound<'py, PyBytes>, usize)> {
    let py = blocks.py();
    let rows = values::rows_in(rows)?;
    let index = blocks.getattr("index")?.cast_into::<BlockIndex>()?;
    let owner = index.borrow();
    let reader = &*owner.reader(blocks)?;
    let index = &owner.scanner.index;
    let is_shared = owner.scanner.threads() > 1;
    let halves = values::detached(py, || {
        let (wanted, size) = first_of(index, &rows, most)?;
        let is_shared = is_shared && size >= WORTH_SHARING;
        let middle = if is_shared { wanted.len() / 2 } else { 0 };
        let (first, second) = wanted.split_at(middle);
        let read = |wanted| Sections::read(reader, &index.key, wanted);
        let (first, mut second) = both(is_shared, &|| read(first), || read(second));
        if first.count < middle {
            second = Sections::default();
        }
        Ok::<_, Error>([first, second])
    })??;
    let [first, second] = halves;
    let size = first.bytes.len() + second.bytes.len();
    let bytes = PyBytes::new_with(py, size, |bytes| {
        let (before, behind) = bytes.split_at_mut(first.bytes.len());
        before.copy_from_slice(&first.bytes);
        behind.copy_from_slice(&second.bytes);
        Ok(())
    })?;
    Ok((bytes, first.count + second.count))
}

/// Return the blocks in the first of some rows, and how many bytes their sections
/// take: up to one that is not there, and no more than `most` bytes, but one.
fn first_of(index: &Index, rows: &[u32], most: usize) -> Result<(Vec<Block>, usize)> {
    let mut wanted = Vec::with_capacity(rows.len());
    let mut size = 0;
    for block in blocks_in(index, rows)? {
        let Some(block) = block else { break };
        let length = (CID + block.length as usize) as u64;
        let whole = usize::try_from(varint::size_of(length) + length).unwrap_or(usize::MAX);
        if !wanted.is_empty() && whole.saturating_add(size) > most {
            break;
        }
        size = size.saturating_add(whole);
        wanted.push(block);
    }
    Ok((wanted, size))
}

/// Sections, end to end.
#[derive(Default)]
struct Sections {
    bytes: Vec<u8>,
    count: usize,
}

impl Sections {
    /// Read the sections of some blocks, up to the first that is not what it
    /// should be.
    fn read(reader: &Reader, key: &TagKey, wanted: &[Block]) -> Self {
        let mut bytes = Vec::new();
        let mut sections = Vec::with_capacity(wanted.len());
        let mut places = Vec::with_capacity(wanted.len());
        for (number, block) in (0..).zip(wanted) {
            let length = CID + block.length as usize;
            let Some(section) = appended(&mut bytes, length) else {
                break;
            };
            sections.push(section);
            let offset = block.data_start() - CID as u64;
            places.push(Place {
                offset,
                length,
                number,
            });
        }
        read_near(reader, places, &mut |place, block| {
            let start = sections[place.number as usize].body as usize;
            bytes[start..start + place.length].copy_from_slice(block);
        });
        let mut hasher = Hasher::default();
        hasher.hash_all(&bytes, &sections);
        let is_whole = |number: usize| {
            let cid = &bytes[sections[number].body as usize..][..CID];
            key.tag(cid) == wanted[number].tag && hasher.digests[number] == cid[4..]
        };
        let count = (0..sections.len())
            .take_while(|&number| is_whole(number))
            .count();
        if let Some(first) = sections.get(count) {
            bytes.truncate(first.start as usize);
        }
        Self { bytes, count }
    }
}

/// Append the length of a section, and room for its block.
fn appended(bytes: &mut Vec<u8>, length: usize) -> Option<Section> {
    let (start, whole) = (bytes.len() as u64, length as u64);
    let at = |place: u64| u32::try_from(place).ok();
    let section = Section {
        start: at(start)?,
        body: at(start + varint::size_of(whole))?,
        length: at(whole)?,
    };
    varint::write(whole, bytes);
    bytes.resize(bytes.len() + length, 0);
    Some(section)
}
