//! The stack of nodes being walked, with the steps left to do in each.

use std::ops::Range;

use crate::blocks::block::Found;
use crate::cid::{CID, PLAIN_PREFIX};
use crate::formats::node::Node;
use crate::walk::batch::NO_PARENT;

/// A link of a step.
#[derive(Clone, Copy, Debug)]
pub enum Link {
    /// Of the form that trees link to.
    Plain([u8; CID]),
    /// An odd one; its index in `Frame::odd`.
    Odd(usize),
}

/// What a step leads to, in terms of its frame's `text`.
#[derive(Clone, Debug)]
pub enum What {
    /// The record of this key; false for a key that was found misplaced.
    Record(Range<usize>, bool),
    /// A sub-tree whose keys are above the one and below the other.
    Child(Range<usize>, Option<Range<usize>>),
}

/// One step through a node.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it leads.
    pub link: Link,
    /// The row of the link, once it was looked up.
    pub row: Option<u32>,
    /// That row, if it was read ahead.
    pub found: Option<Found>,
    /// What is there.
    pub what: What,
}

/// A node being walked.
#[derive(Default)]
pub struct Frame {
    /// Its number, in the order of entering; `NO_PARENT` above the top.
    pub number: u32,
    /// Of its section.
    pub offset: u64,
    /// Its depth, where it is known.
    pub depth: Option<u8>,
    /// What is to do.
    pub steps: Vec<Step>,
    /// How many of these are done.
    pub done: usize,
    /// The keys of the steps, end to end.
    pub text: Vec<u8>,
    /// Links that are not of the plain form.
    pub odd: Vec<Vec<u8>>,
}

impl Frame {
    fn clear(&mut self) {
        self.steps.clear();
        self.text.clear();
        self.odd.clear();
        self.done = 0;
    }

    fn keep(&mut self, text: &[u8]) -> Range<usize> {
        let start = self.text.len();
        self.text.extend_from_slice(text);
        start..self.text.len()
    }

    fn add(&mut self, cid: &[u8], what: What) {
        let link = match <[u8; CID]>::try_from(cid) {
            Ok(plain) if cid.starts_with(&PLAIN_PREFIX) => Link::Plain(plain),
            _ => {
                self.odd.push(cid.to_vec());
                Link::Odd(self.odd.len() - 1)
            }
        };
        self.steps.push(Step {
            link,
            row: None,
            found: None,
            what,
        });
    }

    /// Append a step to a sub-tree.
    pub fn add_child(&mut self, cid: &[u8], lo: &[u8], hi: Option<&[u8]>) {
        let lo = self.keep(lo);
        let hi = hi.map(|hi| self.keep(hi));
        self.add(cid, What::Child(lo, hi));
    }

    /// Append a step to a record.
    pub fn add_record(&mut self, cid: &[u8], key: &[u8], in_order: bool) {
        let key = self.keep(key);
        self.add(cid, What::Record(key, in_order));
    }

    /// Fill with the steps through a sound node whose keys lie in (`lo`, `hi`).
    pub fn take_in(&mut self, node: &Node, data: &[u8], lo: &[u8], hi: Option<&[u8]>) {
        self.text.extend_from_slice(&node.keys);
        let mut lo = self.keep(lo);
        let hi = hi.map(|hi| self.keep(hi));
        let mut child = node.left;
        for entry in &node.entries {
            if let Some(at) = child {
                let above = std::mem::replace(&mut lo, entry.key.clone());
                self.add(
                    &data[at..at + CID],
                    What::Child(above, Some(entry.key.clone())),
                );
            }
            let value = &data[entry.value..entry.value + CID];
            self.add(value, What::Record(entry.key.clone(), true));
            lo = entry.key.clone();
            child = entry.tree;
        }
        if let Some(at) = child {
            self.add(&data[at..at + CID], What::Child(lo, hi));
        }
    }

    /// Store what the links of all steps lead to; false if that is not known of all.
    pub fn note(&mut self, links: &[Found]) -> bool {
        let are_all = !links.is_empty() && links.len() == self.steps.len();
        if are_all {
            for (step, &found) in self.steps.iter_mut().zip(links) {
                step.row = Some(found.row);
                step.found = Some(found);
            }
        }
        are_all
    }

    /// Return the bytes of a link.
    #[must_use]
    pub fn cid<'a>(&'a self, link: &'a Link) -> &'a [u8] {
        match link {
            Link::Plain(cid) => cid,
            Link::Odd(place) => &self.odd[*place],
        }
    }
}

/// The frames from the top to where a walk stands. The first one is of no node:
/// it has the step to the top. Frames are reused, so that a walk of a sound tree
/// does not allocate.
#[derive(Default)]
pub struct Frames {
    frames: Vec<Frame>,
    deep: usize,
}

impl Frames {
    /// Return how many nodes are being walked.
    #[must_use]
    pub fn nodes(&self) -> usize {
        self.deep.saturating_sub(1)
    }

    /// Begin at the link to the top, which stands in the section at `holder`.
    pub fn begin(&mut self, cid: &[u8], holder: u64) {
        self.deep = 0;
        let (_, frame) = self.top_and_below();
        frame.number = NO_PARENT;
        frame.offset = holder;
        frame.depth = None;
        frame.add_child(cid, b"", None);
        self.enter();
    }

    /// Return the node being walked.
    pub fn top(&mut self) -> Option<&mut Frame> {
        self.frames[..self.deep].last_mut()
    }

    /// Return the node being walked, and an empty frame for one below it,
    /// which joins these when `enter` is called.
    pub fn top_and_below(&mut self) -> (Option<&mut Frame>, &mut Frame) {
        if self.deep == self.frames.len() {
            self.frames.push(Frame::default());
        }
        let (above, spare) = self.frames.split_at_mut(self.deep);
        let below = &mut spare[0];
        below.clear();
        (above.last_mut(), below)
    }

    /// Step into the node whose frame was made ready.
    pub fn enter(&mut self) {
        self.deep += 1;
    }

    /// Return the links to sub-trees that are still to be walked, the next last.
    #[must_use]
    pub fn children_left(&self) -> Vec<[u8; CID]> {
        let mut links = Vec::new();
        for frame in &self.frames[..self.deep] {
            for step in frame.steps[frame.done..].iter().rev() {
                if let (Link::Plain(cid), What::Child(..)) = (&step.link, &step.what) {
                    links.push(*cid);
                }
            }
        }
        links
    }

    /// Step out of the node being walked; return its number, if it is one.
    pub fn leave(&mut self) -> Option<u32> {
        self.deep -= 1;
        let number = self.frames[self.deep].number;
        (number != NO_PARENT).then_some(number)
    }
}
