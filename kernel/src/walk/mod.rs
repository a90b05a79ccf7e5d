//! Walk the tree, depth-first and left to right, for as long as all is sound.
//!
//! The twin of `pure.walk`. It stops in front of whatever is not plainly
//! sound: the engine judges that one step, and the walk goes on behind it.

pub mod batch;
pub mod block_order;
pub mod frames;
pub mod read_block;
pub mod record_check;
pub mod walk_state;

use crate::blocks::block::{Block, Found, NO_ROW};
use crate::blocks::block_index::BlockIndex;
use crate::blocks::kind::Kind;
use crate::counted_faults::Counts;
use crate::error::{Error, Result};
use crate::formats::node::{Node, Shape};
use crate::limits;
use crate::marks::{NODE, RECORD, STATE};
use crate::walk::batch::{Hole, NO_PARENT, NodeFacts, NodeKind};
use crate::walk::frames::{Frame, Link, What};
use crate::walk::read_block::ReadBlock;
use crate::walk::record_check::{are_all, faults_of};
use crate::walk::walk_state::{Scratch, WalkState};

/// Why a walk came back; see `seam.Stop`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Nothing is left to do.
    End,
    /// The batch is full.
    Full,
    /// The next step is not plainly sound.
    HandedOver,
}

/// Why the next step was not taken.
enum NotTaken {
    /// It is not plainly sound.
    HandedOver,
    /// The index failed.
    Failed(Error),
}

impl From<Error> for NotTaken {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

type Taken = std::result::Result<(), NotTaken>;

impl WalkState {
    /// Go on until the end, the batch is full, or a step is not plainly sound.
    ///
    /// While the file is still being read (not `complete`), a block that is
    /// not there yet is a reason to stop, not a hole.
    ///
    /// # Errors
    /// The disk of the index fails.
    pub fn walk(
        &mut self,
        index: &BlockIndex,
        blocks: &mut dyn ReadBlock,
        most: usize,
        complete: bool,
    ) -> Result<Stop> {
        while let Some(frame) = self.frames.top() {
            let Some(step) = frame.steps.get(frame.done) else {
                if let Some(number) = self.frames.leave() {
                    self.writer.close(number);
                }
                continue;
            };
            let Link::Plain(cid) = &step.link else {
                return Ok(Stop::HandedOver);
            };
            let row = match step.row {
                Some(row) => row,
                None => look_up(index, cid, self.order.next_row)?,
            };
            if row == NO_ROW && !complete {
                return Ok(Stop::HandedOver);
            }
            let taken = match step.what {
                What::Record(..) => self.take_record(index, row, blocks),
                What::Child(..) => self.take_child(index, row, blocks, complete),
            };
            match taken {
                Ok(()) if self.writer.holds(most) => return Ok(Stop::Full),
                Ok(()) => {}
                Err(NotTaken::HandedOver) => return Ok(Stop::HandedOver),
                Err(NotTaken::Failed(error)) => return Err(error),
            }
        }
        Ok(Stop::End)
    }

    /// Append the record of the next step, if it is sound or missing.
    fn take_record(&mut self, index: &BlockIndex, row: u32, blocks: &mut dyn ReadBlock) -> Taken {
        let frame = self.frames.top().ok_or(NotTaken::HandedOver)?;
        let step = &frame.steps[frame.done];
        let What::Record(key, in_order) = &step.what else {
            return Err(NotTaken::HandedOver);
        };
        let key = &frame.text[key.clone()];
        if let Some(block) = block_of(index, row, step.found.as_ref())? {
            let is_sound = block.mark & STATE == 0;
            if !is_sound || !self.collection.is_of(key, &block, index, blocks) {
                let faults =
                    faults_of(key, &block, self.counted, blocks).ok_or(NotTaken::HandedOver)?;
                self.writer.count_faults(&faults);
            }
            self.order.meet_block(index, row, &block, RECORD)?;
            self.writer.add_record(key, row, u64::from(block.length));
        } else {
            let cid = frame.cid(&step.link);
            self.writer.add_missing(key, cid, frame.offset, 0);
        }
        if !*in_order {
            self.writer.misplace();
        } else if *key > self.last_key[..] {
            self.last_key.clear();
            self.last_key.extend_from_slice(key);
        }
        frame.done += 1;
        Ok(())
    }

    /// Enter the node of the next step if it is sound, or note it as missing.
    fn take_child(
        &mut self,
        index: &BlockIndex,
        row: u32,
        blocks: &mut dyn ReadBlock,
        complete: bool,
    ) -> Taken {
        let distance = self.frames.nodes();
        let (frame, below) = self.frames.top_and_below();
        let frame = frame.ok_or(NotTaken::HandedOver)?;
        if frame.depth == Some(0) || distance >= limits::MAX_TREE {
            return Err(NotTaken::HandedOver);
        }
        let step = &frame.steps[frame.done];
        let What::Child(lo, hi) = &step.what else {
            return Err(NotTaken::HandedOver);
        };
        let bounds = Bounds {
            lo: &frame.text[lo.clone()],
            hi: hi.clone().map(|hi| &frame.text[hi]),
        };
        let mut facts = NodeFacts {
            row,
            parent: frame.number,
            depth: frame.depth.map(|depth| depth - 1),
            distance,
            kind: NodeKind::Node as u8,
        };
        let Some(block) = block_of(index, row, step.found.as_ref())? else {
            let hole = Hole {
                cid: frame.cid(&step.link).to_vec(),
                parent_offset: frame.offset,
                depth: facts.depth,
                lo: bounds.lo.to_vec(),
                hi: bounds.hi.map(<[u8]>::to_vec),
            };
            facts.kind = NodeKind::Missing as u8;
            self.writer.add_node(&facts, Some(hole));
            frame.done += 1;
            return Ok(());
        };
        if block.mark & (STATE | NODE) != 0 {
            return Err(NotTaken::HandedOver);
        }
        let offset = block.offset;
        let is_top = frame.number == NO_PARENT;
        let mut faults = Counts::default();
        let shape = match block.kind.shape() {
            None => self
                .scratch
                .shape_of_wrong(&block, self.counted, blocks, &mut faults)
                .ok_or(NotTaken::HandedOver)?,
            Some(shape) => shape,
        };
        match shape {
            Shape::WithoutKeys if !is_top => {}
            Shape::Empty if is_top => {}
            Shape::AtDepth(own) if is_top && own > limits::HIGH_TREE => {
                return Err(NotTaken::HandedOver);
            }
            Shape::AtDepth(own) if facts.depth.is_none_or(|depth| depth == own) => {
                facts.depth = Some(own);
            }
            _ => return Err(NotTaken::HandedOver),
        }
        let node = &mut self.scratch.node;
        let (mut taken_in, mut looked_up) = (false, false);
        let mut take_in = |data: &[u8], links: &[Found]| {
            if node.read(data) && bounds.hold(node, &self.last_key) {
                below.take_in(node, data, bounds.lo, bounds.hi);
                taken_in = true;
                looked_up = below.note(links);
            }
        };
        blocks.read_node(row, block.data_start(), block.length as usize, &mut take_in)?;
        if !taken_in {
            return Err(NotTaken::HandedOver);
        }
        self.writer.count_faults(&faults);
        self.order.meet_block(index, row, &block, NODE)?;
        if complete && !looked_up {
            self.scratch.look_up_all(index, below)?;
        }
        below.number = self.writer.add_node(&facts, None);
        below.offset = offset;
        below.depth = facts.depth;
        frame.done += 1;
        self.frames.enter();
        Ok(())
    }
}

/// The keys that a sub-tree may have.
struct Bounds<'a> {
    lo: &'a [u8],
    hi: Option<&'a [u8]>,
}

impl Bounds<'_> {
    fn hold(&self, node: &Node, last_key: &[u8]) -> bool {
        let (Some(first), Some(last)) = (node.entries.first(), node.entries.last()) else {
            return true;
        };
        let first = &node.keys[first.key.clone()];
        let last = &node.keys[last.key.clone()];
        first > self.lo && first > last_key && self.hi.is_none_or(|hi| last < hi)
    }
}

/// Return the block in a row, which may have been looked up before.
fn block_of(index: &BlockIndex, row: u32, found: Option<&Found>) -> Result<Option<Block>> {
    match found {
        Some(found) => Ok(index.rows.mark(row)?.map(|mark| found.block(mark))),
        None => index.rows.get(row),
    }
}

fn look_up(index: &BlockIndex, cid: &[u8], likely: u32) -> Result<u32> {
    let tag = index.key.tag(cid);
    match index.rows.get(likely)? {
        Some(next) if next.tag == tag => Ok(likely),
        _ => index.rows.find(tag),
    }
}

impl Scratch {
    /// Return what a node is that has wrong keys, where their faults are only
    /// `counted`.
    fn shape_of_wrong(
        &mut self,
        block: &Block,
        counted: u32,
        blocks: &mut dyn ReadBlock,
        faults: &mut Counts,
    ) -> Option<Shape> {
        if counted == 0 || block.kind != Kind::None {
            return None;
        }
        let mut shape = None;
        let mut look = |data: &[u8]| {
            if self.node.read(data) {
                shape = self.node.shape_of_wrong(faults);
            }
        };
        blocks.read(block.data_start(), block.length as usize, &mut look)?;
        shape.filter(|_| are_all(faults, counted))
    }

    /// Look up all links of a node at once, so that cache misses overlap.
    fn look_up_all(&mut self, index: &BlockIndex, frame: &mut Frame) -> Result<()> {
        self.tags.clear();
        for step in &frame.steps {
            self.tags.push(match &step.link {
                Link::Plain(cid) => index.key.tag(cid),
                Link::Odd(_) => 0,
            });
        }
        index.rows.find_all(&self.tags, &mut self.rows)?;
        for (step, &row) in frame.steps.iter_mut().zip(&self.rows) {
            step.row = Some(row);
        }
        Ok(())
    }
}
