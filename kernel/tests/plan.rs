//! A plan gives the nodes of a tree in the order of a walk, with what their links
//! lead to, and takes no more than its part of the budget.

mod written;

use std::sync::Arc;

use _kernel::blocks::block::Found;
use _kernel::blocks::block_index::BlockIndex;
use _kernel::cid::PLAIN_PREFIX;
use _kernel::formats::key::key_depth;
use _kernel::read_ahead::plan::Plan;
use _kernel::scan::Scanner;
use _kernel::scan::pool::Bytes;

use written::{node, section};

/// Bytes: much less than all nodes with their links take.
const BUDGET: usize = 2 << 20;
const RECORDS: u32 = 40_000;

/// Write the sub-tree of sorted keys, and return the link to it.
fn tree(keys: &[Vec<u8>], depth: u8, record: &Vec<u8>, out: &mut Vec<u8>) -> Option<Vec<u8>> {
    if keys.is_empty() {
        return None;
    }
    let mut parts = keys.split(|key| key_depth(key) == depth);
    let mut below = |out: &mut Vec<u8>| {
        let keys = parts.next().unwrap_or_default();
        tree(keys, depth.saturating_sub(1), record, out)
    };
    let left = below(out);
    let own = keys.iter().filter(|key| key_depth(key) == depth);
    let entries: Vec<_> = own
        .map(|key| (key.clone(), Some(record.clone()), below(out)))
        .collect();
    let block = node(&entries, left.as_ref());
    Some(section(PLAIN_PREFIX, &block, out))
}

/// Return the blocks of a repository, and the link to its top node.
fn written() -> (Vec<u8>, Vec<u8>) {
    let mut out = Vec::new();
    let record = section(PLAIN_PREFIX, b"\xa1\x65$type\x65a.b.c", &mut out);
    let keys: Vec<_> = (0..RECORDS)
        .map(|number| format!("a.b.c/{number:013}").into_bytes())
        .collect();
    let top = keys.iter().map(|key| key_depth(key)).max().unwrap();
    let link = tree(&keys, top, &record, &mut out).unwrap();
    (out, link)
}

fn scanned(data: &[u8]) -> BlockIndex {
    let index = BlockIndex::new(BUDGET).unwrap();
    let mut scanner = Scanner::new(index, Some(1), 0);
    let buffer: Bytes = Arc::new(data.to_vec());
    assert_eq!(scanner.scan(&buffer, 0, 0).unwrap().0, data.len());
    scanner.stop();
    Arc::into_inner(scanner.index).unwrap()
}

/// Return the plan, and of every node its bytes and what its links lead to.
fn planned(index: &BlockIndex, data: &[u8], top: &[u8], keeps_bytes: bool) -> (Plan, Vec<Node>) {
    let read = |offset: u64, out: &mut [u8]| {
        let start = usize::try_from(offset).ok()?;
        out.copy_from_slice(data.get(start..)?.get(..out.len())?);
        Some(())
    };
    let mut plan = Plan::new(index.key, vec![index.key.tag(top)], keeps_bytes, true);
    let mut nodes = Vec::new();
    while let Some(mut piece) = plan
        .next(0, &|use_it| (use_it(index), true).1, &read)
        .unwrap()
    {
        piece.fill(&read);
        while let Some(row) = piece.first() {
            let (bytes, links) = piece.take(row).unwrap();
            nodes.push((bytes.to_vec(), links.to_vec()));
        }
    }
    (plan, nodes)
}

type Node = (Vec<u8>, Vec<Found>);

#[test]
fn nodes_in_breadth_take_their_part_of_the_budget() {
    let (data, top) = written();
    let mut index = scanned(&data);
    let (plan, expected) = planned(&index, &data, &top, false);
    assert_eq!(plan.peak(), 0);
    let folder = tempfile::tempdir().unwrap();
    index.seal(folder.path()).unwrap();
    let all: usize = expected.iter().map(|node| node.0.len()).sum();
    assert!(all > 2 * index.plan_room());
    for keeps_bytes in [false, true] {
        let (plan, nodes) = planned(&index, &data, &top, keeps_bytes);
        assert!(
            nodes
                .iter()
                .map(|node| &node.0)
                .eq(expected.iter().map(|node| &node.0))
        );
        let links = nodes.iter().flat_map(|node| &node.1);
        let is_found = |found: &Found| index.rows.get(found.row).unwrap().is_some();
        assert_eq!(links.clone().count(), RECORDS as usize + nodes.len() - 1);
        assert!(links.into_iter().all(is_found));
        let (peak, share) = (plan.peak(), index.plan_room());
        assert!(peak > share / 2 && peak < share, "{peak} of {share}");
    }
}
