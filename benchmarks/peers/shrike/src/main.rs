//! Read a repository with shrike: `MODE CAR [REPEATS]`.
//!
//! Modes: `load` reads the file whole, loads it with all its checks, and walks to
//! every record; `walk` leaves out the checks: it finds the blocks and walks.
//! `repeat` loads so many times, and prints the median.

use std::borrow::Cow;
use std::collections::HashMap;
use std::error::Error;
use std::time::Instant;

use mimalloc::MiMalloc;
use shrike::car::SliceReader;
use shrike::cbor::Cid;
use shrike::mst::{BlockSource, DetachedTree, MstError};
use shrike::repo::{Commit, MemRepoStore, Repo, RepoStore};

#[global_allocator]
static GLOBAL: MiMalloc = MiMalloc;

type Answer<T> = Result<T, Box<dyn Error>>;

struct Stored<'a>(&'a MemRepoStore);

impl BlockSource for Stored<'_> {
    fn read_block(&self, cid: &Cid) -> Result<Option<Cow<'_, [u8]>>, MstError> {
        let block = self.0.borrow_block(cid);
        block.map_err(|error| MstError::Storage(Box::new(error)))
    }
}

fn load(car: &[u8]) -> Answer<usize> {
    let repo = Repo::load_car(car)?;
    let data = repo.head().ok_or("no commit")?.data;
    count(&Stored(repo.store()), data)
}

fn walk(car: &[u8]) -> Answer<usize> {
    let reader = SliceReader::new(car)?;
    let root = *reader.roots().first().ok_or("no root")?;
    let mut blocks: HashMap<Cid, &[u8]> = HashMap::new();
    for block in reader {
        let block = block?;
        blocks.insert(block.cid, block.data);
    }
    let commit = Commit::from_cbor(blocks.get(&root).ok_or("no commit")?)?;
    count(&blocks, commit.data)
}

fn count(blocks: &dyn BlockSource, data: Cid) -> Answer<usize> {
    let (mut records, mut length) = (0, 0);
    DetachedTree::load(data).walk(blocks, |_, value| {
        let record = blocks.read_block(&value)?;
        length += record.ok_or(MstError::BlockNotFound(value.to_string()))?.len();
        records += 1;
        Ok(())
    })?;
    assert!(records == 0 || length > 0);
    Ok(records)
}

fn repeat(car: &[u8], repeats: usize) -> Answer<(usize, f64)> {
    let mut times = Vec::with_capacity(repeats);
    let mut records = 0;
    for _ in 0..repeats {
        let begin = Instant::now();
        records = load(car)?;
        times.push(begin.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok((records, times[repeats / 2]))
}

fn main() -> Answer<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let begin = Instant::now();
    let car = std::fs::read(&arguments[1])?;
    let (records, seconds) = match arguments[0].as_str() {
        "repeat" => repeat(&car, arguments[2].parse()?)?,
        "walk" => (walk(&car)?, begin.elapsed().as_secs_f64()),
        _ => (load(&car)?, begin.elapsed().as_secs_f64()),
    };
    println!("{{\"records\": {records}, \"seconds\": {seconds:.9}}}");
    Ok(())
}
