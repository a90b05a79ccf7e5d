//! Read a repository with repo-stream's alpha: `MODE CAR [PLACE | REPEATS]`.
//!
//! Modes: `memory` and `spill-MIB` read the file through a buffer of 1 MiB;
//! `slice` reads it whole and gives its bytes; `repeat` does so many times, and
//! prints the median. Every record is reduced to its length.

use mimalloc::MiMalloc;
use repo_stream::{DiskBuilder, DriverBuilder, LoadError};
use std::{error::Error, path::PathBuf, time::Instant};
use tokio::{
    fs::File,
    io::{AsyncRead, BufReader},
};

#[global_allocator]
static GLOBAL: MiMalloc = MiMalloc;

type Answer<T> = Result<T, Box<dyn Error>>;

/// Never reached by a file that is measured.
const UNLIMITED_MIB: usize = 64 * 1024;

fn length(record: Vec<u8>) -> Vec<u8> {
    record.len().to_ne_bytes().to_vec()
}

async fn count<R: AsyncRead + Unpin>(reader: R, limit: usize, place: &str) -> Answer<usize> {
    let builder = DriverBuilder::new()
        .with_mem_limit_mb(limit)
        .with_block_processor(length);
    let mut records = 0;
    match builder.load_car(reader).await {
        Ok(mut car) => {
            while let Some(chunk) = car.next_chunk_strict(256)? {
                records += chunk.len();
            }
        }
        Err(LoadError::MemoryLimitReached(partial)) => {
            let store = DiskBuilder::new().open(PathBuf::from(place)).await?;
            let (_, _, driver) = partial.finish_loading(store).await?;
            let (mut chunks, worker) = driver.to_channel(512);
            while let Some(chunk) = chunks.recv().await {
                records += chunk?.len();
            }
            worker.await?;
        }
        Err(error) => return Err(error.to_string().into()),
    }
    Ok(records)
}

async fn repeat(bytes: &[u8], repeats: usize) -> Answer<(usize, f64)> {
    let mut times = Vec::with_capacity(repeats);
    let mut records = 0;
    for _ in 0..repeats {
        let begin = Instant::now();
        records = count(bytes, UNLIMITED_MIB, "").await?;
        times.push(begin.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok((records, times[repeats / 2]))
}

#[tokio::main]
async fn main() -> Answer<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (mode, car) = (arguments[0].as_str(), &arguments[1]);
    let more = arguments.get(2).map_or("", String::as_str);
    let begin = Instant::now();
    let (records, seconds) = if mode == "repeat" {
        repeat(&std::fs::read(car)?, more.parse()?).await?
    } else {
        let records = if mode == "slice" {
            count(std::fs::read(car)?.as_slice(), UNLIMITED_MIB, "").await?
        } else {
            let reader = BufReader::with_capacity(1 << 20, File::open(car).await?);
            let limit = match mode.strip_prefix("spill-") {
                Some(limit) => limit.parse()?,
                None => UNLIMITED_MIB,
            };
            count(reader, limit, more).await?
        };
        (records, begin.elapsed().as_secs_f64())
    };
    println!("{{\"records\": {records}, \"seconds\": {seconds:.9}}}");
    Ok(())
}
