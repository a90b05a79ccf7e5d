//! `json_lines`: what JSON says of some records, a line each.

use std::ops::Range;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use super::block_index::BlockIndex;
use super::held::blocks_in;
use super::near::{Place, read_in_order};
use super::values::{self, numbers_of};
use crate::blocks::block_index::BlockIndex as Index;
use crate::blocks::tag_key::TagKey;
use crate::cid::{CID, write_cid_text};
use crate::error::{Error, Result};
use crate::formats::car::Section;
use crate::formats::json_text::{is_plain, write_json};
use crate::halves::both;
use crate::limits;
use crate::marks::{RAW_CODEC, State};
use crate::scan::hasher::{Hasher, block_of};

/// Bytes of blocks from which on a second thread takes half of them.
const WORTH_SHARING: usize = 1 << 16;
/// Bytes of blocks that are read before their lines are written.
const AT_ONCE: usize = 1 << 17;

/// A part of a line.
enum Part {
    Bytes(PyBackedBytes),
    Path,
    Cid,
    Value,
}

impl Part {
    /// Return the part that bytes are, or a `seam.JsonField` says.
    fn of(part: &Bound<'_, PyAny>) -> PyResult<Self> {
        if part.is_instance_of::<PyBytes>() {
            return Ok(Part::Bytes(part.extract()?));
        }
        match part.extract()? {
            0_u8 => Ok(Part::Path),
            1 => Ok(Part::Cid),
            2 => Ok(Part::Value),
            _ => Err(PyValueError::new_err("no such field")),
        }
    }
}

/// Return the lines of the first of these records: of one at least, and of no
/// more than `most` bytes of blocks. What is not canonical has an empty one.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "Python gives it away")]
pub fn json_lines<'py>(
    blocks: &Bound<'py, PyAny>,
    keys: Vec<PyBackedBytes>,
    rows: &Bound<'py, PyAny>,
    form: Vec<Bound<'py, PyAny>>,
    most: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let py = blocks.py();
    let rows = numbers_of(rows, 0, rows.len()?.min(keys.len()))?;
    let form = form.iter().map(Part::of).collect::<PyResult<Vec<_>>>()?;
    let index = blocks.getattr("index")?.cast_into::<BlockIndex>()?;
    let owner = index.borrow();
    let reader = &*owner.reader(blocks)?;
    let index = &owner.scanner.index;
    let is_shared = owner.scanner.threads() > 1;
    let (count, halves) = values::detached(py, || {
        let wanted = Wanted::first_of(index, &rows, most)?;
        let is_shared = is_shared && wanted.size >= WORTH_SHARING;
        let middle = if is_shared {
            wanted.places.len() / 2
        } else {
            0
        };
        let (first, second) = wanted.places.split_at(middle);
        let lines = |places| {
            let mut lines = Lines::new(&form, &keys, &wanted, &index.key, places);
            read_in_order(reader, places, &mut |place, block| lines.add(place, block));
            lines.written()
        };
        let halves = both(is_shared, &|| lines(first), || lines(second));
        Ok::<_, Error>((wanted.tags.len(), halves))
    })??;
    joined(py, count, &[halves.0, halves.1])
}

/// The blocks whose lines are wanted.
struct Wanted {
    /// Where they are, CID and data, in the order of the file; those that have to
    /// be handed over are left out.
    places: Vec<Place>,
    /// The keyed hash of each CID, by number.
    tags: Vec<u128>,
    /// Whether each was found sound.
    sound: Vec<bool>,
    /// Bytes of all.
    size: usize,
}

impl Wanted {
    /// Return the first of some rows; those that are no records in DAG-CBOR, or
    /// are others now, have no place.
    fn first_of(index: &Index, rows: &[u32], most: usize) -> Result<Self> {
        let mut wanted = Self {
            places: Vec::with_capacity(rows.len()),
            tags: Vec::with_capacity(rows.len()),
            sound: Vec::with_capacity(rows.len()),
            size: 0,
        };
        for (number, block) in (0..).zip(blocks_in(index, rows)?) {
            let length = block.map_or(0, |block| CID + block.length as usize);
            if number > 0 && wanted.size + length > most {
                break;
            }
            wanted.size += length;
            let state = block.map(|block| State::of(block.mark));
            wanted.tags.push(block.map_or(0, |block| block.tag));
            wanted.sound.push(state == Some(State::Sound));
            if let Some(block) = block
                && block.mark & RAW_CODEC == 0
                && state != Some(State::WrongHash)
            {
                let offset = block.data_start() - CID as u64;
                wanted.places.push(Place {
                    offset,
                    length,
                    number,
                });
            }
        }
        wanted.places.sort_unstable_by_key(|place| place.offset);
        Ok(wanted)
    }
}

/// Lines as they were written, in the order of the file.
struct Written {
    text: Vec<u8>,
    /// The number of each, and where in the text it stands.
    lines: Vec<(u32, Range<usize>)>,
}

/// Writes the lines of blocks as they come, some at a time: their bytes are still
/// at hand then, and two are hashed at once.
struct Lines<'a> {
    form: &'a [Part],
    keys: &'a [PyBackedBytes],
    wanted: &'a Wanted,
    tag_key: &'a TagKey,
    hasher: Hasher,
    /// Blocks to come, CIDs and data.
    data: Vec<u8>,
    sections: Vec<Section>,
    numbers: Vec<u32>,
    written: Written,
}

impl<'a> Lines<'a> {
    fn new(
        form: &'a [Part],
        keys: &'a [PyBackedBytes],
        wanted: &'a Wanted,
        tag_key: &'a TagKey,
        places: &[Place],
    ) -> Self {
        let size: usize = places.iter().map(|place| place.length).sum();
        let written = Written {
            text: Vec::with_capacity(2 * size),
            lines: Vec::with_capacity(places.len()),
        };
        Self {
            form,
            keys,
            wanted,
            tag_key,
            hasher: Hasher::default(),
            data: Vec::with_capacity(size.min(2 * AT_ONCE)),
            sections: Vec::new(),
            numbers: Vec::new(),
            written,
        }
    }

    /// Take a block, if it is the one that the index has.
    fn add(&mut self, place: &Place, block: &[u8]) {
        let tag = self.wanted.tags[place.number as usize];
        if tag != self.tag_key.tag(&block[..CID]) {
            return;
        }
        let section = |start, length| {
            let (start, length) = (u32::try_from(start).ok()?, u32::try_from(length).ok()?);
            Some(Section {
                start,
                body: start,
                length,
            })
        };
        let Some(section) = section(self.data.len(), block.len()) else {
            return;
        };
        self.data.extend_from_slice(block);
        self.sections.push(section);
        self.numbers.push(place.number);
        if self.data.len() >= AT_ONCE {
            self.write();
        }
    }

    /// Write the lines of the blocks that were taken.
    fn write(&mut self) {
        self.hasher.hash_all(&self.data, &self.sections);
        let text = &mut self.written.text;
        let blocks = self.sections.iter().zip(&self.hasher.digests);
        for ((section, digest), &number) in blocks.zip(&self.numbers) {
            let cid = &self.data[section.body as usize..][..CID];
            if *digest != cid[4..] {
                continue;
            }
            let is_sound = self.wanted.sound[number as usize];
            let start = text.len();
            let data = block_of(&self.data, section);
            let key = &self.keys[number as usize];
            match write_line(self.form, key, cid, data, is_sound, text) {
                Some(()) => self.written.lines.push((number, start..text.len())),
                None => text.truncate(start),
            }
        }
        self.data.clear();
        self.sections.clear();
        self.numbers.clear();
    }

    fn written(mut self) -> Written {
        self.write();
        self.written
    }
}

/// Append a line; None where the record has to be handed over.
fn write_line(
    form: &[Part],
    key: &[u8],
    cid: &[u8],
    data: &[u8],
    is_sound: bool,
    out: &mut Vec<u8>,
) -> Option<()> {
    if !key.iter().all(|&byte| is_plain(byte)) {
        return None;
    }
    let most = if is_sound {
        usize::MAX
    } else {
        limits::MAX_VALUES
    };
    if !is_sound && !form.iter().any(|part| matches!(part, Part::Value)) {
        // Whether it is canonical is seen while it is written.
        let start = out.len();
        write_json(data, most, out)?;
        out.truncate(start);
    }
    for part in form {
        match part {
            Part::Bytes(bytes) => out.extend_from_slice(bytes),
            Part::Path => out.extend_from_slice(key),
            Part::Cid => write_cid_text(cid, out),
            Part::Value => write_json(data, most, out)?,
        }
    }
    Some(())
}

/// Return a `seam.JsonLines` of `count` lines, by their numbers.
fn joined<'py>(
    py: Python<'py>,
    count: usize,
    halves: &[Written; 2],
) -> PyResult<Bound<'py, PyAny>> {
    let mut lines: Vec<&[u8]> = vec![&[]; count];
    for half in halves {
        for (number, place) in &half.lines {
            lines[*number as usize] = &half.text[place.clone()];
        }
    }
    let mut size = 0;
    let ends: Vec<u64> = lines
        .iter()
        .map(|line| {
            size += line.len();
            size as u64
        })
        .collect();
    let text = PyBytes::new_with(py, size, |mut text| {
        for line in lines {
            let (place, behind) = text.split_at_mut(line.len());
            place.copy_from_slice(line);
            text = behind;
        }
        Ok(())
    })?;
    let ends = values::packed(py, "Q", &ends)?;
    values::json_lines_class(py)?.call1((text, ends))
}
