//! Read a repository with atproto-repo: `MODE CAR [REPEATS]`.
//!
//! `load` reads the file through a buffer of 1 MiB, with the checks that are its
//! default and without its limits of size, lists the entries of the tree, and gets
//! the record of each. `repeat` does so many times with bytes in memory, and prints
//! the median.

use std::error::Error;
use std::time::Instant;

use atproto_repo::{BlockStorage, LimitsConfig, MemoryRepository, RepoConfig};
use mimalloc::MiMalloc;
use tokio::fs::File;
use tokio::io::{AsyncRead, BufReader};

#[global_allocator]
static GLOBAL: MiMalloc = MiMalloc;

type Answer<T> = Result<T, Box<dyn Error>>;

async fn load<R: AsyncRead + Unpin>(reader: R) -> Answer<usize> {
    let config = RepoConfig {
        limits: LimitsConfig::unlimited(),
        ..RepoConfig::default()
    };
    let repo = MemoryRepository::from_car(reader, config).await?;
    let (mut records, mut length) = (0, 0);
    for (_, value) in repo.mst().entries().await? {
        let record = repo.storage().get(&value.into()).await?;
        length += record.ok_or("a record is missing")?.len();
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
    let (records, seconds) = if arguments[0] == "repeat" {
        let car = std::fs::read(&arguments[1])?;
        repeat(&car, arguments[2].parse()?).await?
    } else {
        let reader = BufReader::with_capacity(1 << 20, File::open(&arguments[1]).await?);
        (load(reader).await?, begin.elapsed().as_secs_f64())
    };
    println!("{{\"records\": {records}, \"seconds\": {seconds:.9}}}");
    Ok(())
}
