//! Read a repository with jacquard-repo: `MODE CAR [REPEATS]`.
//!
//! `load` reads the file whole, parses it, lists the leaves of the tree, and gets
//! the record of each. `repeat` does so many times with bytes in memory, and prints
//! the median.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use jacquard_common::DefaultStr;
use jacquard_repo::car::parse_car_bytes;
use jacquard_repo::commit::Commit;
use jacquard_repo::{BlockStore, MemoryBlockStore, Mst};
use mimalloc::MiMalloc;

#[global_allocator]
static GLOBAL: MiMalloc = MiMalloc;

type Answer<T> = Result<T, Box<dyn Error>>;

async fn load(car: &[u8]) -> Answer<usize> {
    let parsed = parse_car_bytes(car).await?;
    let store = Arc::new(MemoryBlockStore::new_from_blocks(parsed.blocks));
    let block = store.get(&parsed.root).await?.ok_or("no commit")?;
    let commit = Commit::<DefaultStr>::from_cbor(&block)?;
    let tree = Mst::load(Arc::clone(&store), *commit.data(), None);
    let (mut records, mut length) = (0, 0);
    for (_, value) in tree.leaves_sequential().await? {
        length += store.get(&value).await?.ok_or("a record is missing")?.len();
        records += 1;
    }
    assert!(records == 0 || length > 0);
    Ok(records)
}

async fn repeat(car: &[u8], repeats: usize) -> Answer<(usize, f64)> {
    let mut times = Vec::with_capacity(repeats);
    let mut records = 0;
    for _ in 0..repeats {
        let begin = Instant::now();
        records = load(car).await?;
        times.push(begin.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok((records, times[repeats / 2]))
}

#[tokio::main]
async fn main() -> Answer<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let begin = Instant::now();
    let car = std::fs::read(&arguments[1])?;
    let (records, seconds) = if arguments[0] == "repeat" {
        repeat(&car, arguments[2].parse()?).await?
    } else {
        (load(&car).await?, begin.elapsed().as_secs_f64())
    };
    println!("{{\"records\": {records}, \"seconds\": {seconds:.9}}}");
    Ok(())
}
