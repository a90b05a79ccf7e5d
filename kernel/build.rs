//! Gives the kernel the hash of its own source, so that it can be told from one
//! that was built of an older source. `tests/kernel_source.py` computes the
//! same.

use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let files = [
        "Cargo.toml",
        "build.rs",
        "heap/Cargo.toml",
        "sha256x2/Cargo.toml",
    ];
    let mut files: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    collect(Path::new("src"), &mut files)?;
    collect(Path::new("heap/src"), &mut files)?;
    collect(Path::new("sha256x2/src"), &mut files)?;
    files.sort_by_key(|file| file.to_string_lossy().replace('\\', "/"));
    let mut hash = Sha256::new();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let bytes = fs::read(&file)?;
        hash.update(file.to_string_lossy().replace('\\', "/"));
        hash.update(format!("\0{}\0", bytes.len()));
        hash.update(bytes);
    }
    let digest = hash.finalize();
    print!("cargo::rustc-env=REPOVIEW_KERNEL_SOURCE=");
    for byte in digest {
        print!("{byte:02x}");
    }
    println!();
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    // A file that is new changes its folder.
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|suffix| suffix == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
