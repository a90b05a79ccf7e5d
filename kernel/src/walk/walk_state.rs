//! The state of a walk: a stack of nodes, and the current batch.
//!
//! The walk appends the records and nodes that it meets, and so does the engine for
//! what was handed over to it; `take` returns them as a batch.

use crate::formats::node::Node;
use crate::walk::batch::{Batch, Hole, NO_PARENT, NodeFacts, NodeKind, Writer};
use crate::walk::block_order::BlockOrder;
use crate::walk::frames::{Frame, Frames, Step};
use crate::walk::record_check::LastCollection;

/// The state of a walk.
#[derive(Default)]
pub struct WalkState {
    /// The nodes being walked.
    pub frames: Frames,
    /// What was met since the last batch was taken.
    pub writer: Writer,
    /// The order of blocks in the file.
    pub order: BlockOrder,
    /// The greatest key so far that was in order.
    pub last_key: Vec<u8>,
    /// The faults of records that are only counted, a bit for each.
    pub counted: u32,
    /// The collection of the last record.
    pub collection: LastCollection,
    /// Buffers of the walk.
    pub scratch: Scratch,
}

impl WalkState {
    /// Return the batch of what was met since the last call.
    pub fn take(&mut self) -> Batch {
        self.writer.take()
    }

    /// Pop the step that the walk stopped in front of.
    pub fn next_step(&mut self) -> Option<(&Frame, Step)> {
        let frame = self.frames.top()?;
        let step = frame.steps.get(frame.done)?.clone();
        frame.done += 1;
        Some((frame, step))
    }

    /// Append a node, or a link that leads to none, below the last frame.
    pub fn add_node(&mut self, row: u32, depth: Option<u8>, kind: u8, hole: Option<Hole>) -> u32 {
        let distance = self.frames.nodes();
        let parent = self.frames.top().map_or(NO_PARENT, |frame| frame.number);
        let facts = NodeFacts {
            row,
            parent,
            depth,
            distance,
            kind,
        };
        self.writer.add_node(&facts, hole)
    }

    /// Append a node and step into it; its steps are the caller's to add.
    pub fn enter(
        &mut self,
        row: u32,
        offset: u64,
        depth: Option<u8>,
        hole: Option<Hole>,
    ) -> Option<&mut Frame> {
        let number = self.add_node(row, depth, NodeKind::Node as u8, hole);
        let (_, frame) = self.frames.top_and_below();
        frame.number = number;
        frame.offset = offset;
        frame.depth = depth;
        self.frames.enter();
        self.frames.top()
    }
}

/// Buffers that are used again.
#[derive(Default)]
pub struct Scratch {
    /// The current node.
    pub node: Node,
    /// The tags of its links.
    pub tags: Vec<u128>,
    /// Their rows.
    pub rows: Vec<u32>,
}
