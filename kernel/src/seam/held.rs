//! The blocks of some records in memory, read in the order of the file.

use std::ops::Range;

use super::near::{Place, read_near};
use super::reader::Reader;
use crate::blocks::block::Block;
use crate::blocks::block_index::BlockIndex as Index;
use crate::cid::CID;
use crate::error::Result;
use crate::marks::{RAW_CODEC, STATE};
use crate::sha256::sha256;

/// Blocks in memory.
pub struct Held {
    /// CIDs and data, in the order of the file.
    pub bytes: Vec<u8>,
    /// Where in these each stands; nowhere, if it has to be handed over.
    pub blocks: Vec<Range<usize>>,
}

impl Held {
    /// Read the first of some rows; those that are no sound records in
    /// DAG-CBOR, or are others now, have nothing.
    pub fn read(reader: &Reader, index: &Index, rows: &[u32], most: usize) -> Result<Self> {
        let mut places = Vec::with_capacity(rows.len());
        let mut tags = Vec::with_capacity(rows.len());
        let mut size = 0;
        for (number, block) in (0..).zip(blocks_in(index, rows)?) {
            let length = block.map_or(0, |block| CID + block.length as usize);
            if number > 0 && size + length > most {
                break;
            }
            size += length;
            let block = block.filter(|block| block.mark & (STATE | RAW_CODEC) == 0);
            tags.push(block.map(|block| block.tag));
            if let Some(block) = block {
                let offset = block.data_start() - CID as u64;
                places.push(Place {
                    offset,
                    length,
                    number,
                });
            }
        }
        let mut bytes = Vec::with_capacity(size);
        let mut blocks = vec![0..0; tags.len()];
        read_near(reader, places, &mut |place, block| {
            let number = place.number as usize;
            if tags[number] == Some(index.key.tag(&block[..CID])) {
                let start = bytes.len();
                bytes.extend_from_slice(block);
                blocks[number] = start..bytes.len();
            }
        });
        Ok(Self { bytes, blocks })
    }

    /// Let go of the blocks whose bytes do not hash to their CIDs.
    pub fn keep_whole(&mut self) {
        for range in &mut self.blocks {
            let block = &self.bytes[range.clone()];
            let is_whole = |(cid, data): (&[u8], &[u8])| sha256(data) == cid[4..];
            if !block.split_at_checked(CID).is_some_and(is_whole) {
                *range = 0..0;
            }
        }
    }
}

/// Return the blocks in some rows, read in the order of these.
pub fn blocks_in(index: &Index, rows: &[u32]) -> Result<Vec<Option<Block>>> {
    let mut blocks = vec![None; rows.len()];
    let mut order: Vec<usize> = (0..rows.len()).collect();
    if index.rows.is_on_disk() {
        // A page of rows is read once, and not for each of them.
        order.sort_unstable_by_key(|&number| rows[number]);
    }
    for number in order {
        blocks[number] = index.rows.get(rows[number])?;
    }
    Ok(blocks)
}
