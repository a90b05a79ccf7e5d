//! Nodes, and between them records, in the order of a walk.

/// Columns of adjacent nodes, in preorder.
pub struct Nodes<'a> {
    /// The number of the first.
    pub number: u64,
    /// The first record at or behind each.
    pub firsts: &'a [u32],
    /// The number behind the last record in or below each.
    pub ends: &'a [u32],
    /// 1 for a node that is taken.
    pub wanted: &'a [u8],
    /// The row of each.
    pub rows: &'a [u32],
}

/// Columns of some records, ascending.
pub struct Records<'a> {
    /// The number of each.
    pub numbers: &'a [u64],
    /// The row of each.
    pub rows: &'a [u32],
}

/// Return rows and numbers of both, each record behind the nodes that begin at or
/// before it; a node's number is inverted. None if the columns do not fit.
///
/// `empty` tells whether nodes without a record are taken, but for the top.
#[must_use]
pub fn interleaved(
    nodes: &Nodes<'_>,
    records: &Records<'_>,
    empty: bool,
) -> Option<(Vec<u32>, Vec<u64>)> {
    let count = nodes.firsts.len();
    let are_whole = [nodes.ends.len(), nodes.wanted.len(), nodes.rows.len()] == [count; 3];
    if !are_whole || records.numbers.len() != records.rows.len() {
        return None;
    }
    let most = count + records.numbers.len();
    let (mut rows, mut numbers) = (Vec::with_capacity(most), Vec::with_capacity(most));
    let mut done = 0;
    for (place, &first) in nodes.firsts.iter().enumerate() {
        let rest = &records.numbers[done..];
        let behind = rest.iter().take_while(|&&number| number < u64::from(first));
        let before = done + behind.count();
        rows.extend_from_slice(&records.rows[done..before]);
        numbers.extend_from_slice(&records.numbers[done..before]);
        done = before;
        let number = nodes.number + place as u64;
        if nodes.wanted[place] == 1 && (empty || nodes.ends[place] > first || number == 0) {
            rows.push(nodes.rows[place]);
            numbers.push(!number);
        }
    }
    rows.extend_from_slice(&records.rows[done..]);
    numbers.extend_from_slice(&records.numbers[done..]);
    Some((rows, numbers))
}
