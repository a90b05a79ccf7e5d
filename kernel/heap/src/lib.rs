//! Give memory that is no longer used back to the machine; and large pages (`huge`).
//!
//! What a program frees, its allocator keeps for the next who asks. Of the one
//! of glibc that can be as much again as what is in use: each thread takes from
//! a heap of its own, and a heap shrinks only as far as its end is free.

pub mod huge;

/// Give back what was freed, where the allocator has a way to say so.
///
/// It goes through all that is free: not for what happens often.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    glibc::trim();
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    unsafe extern "C" {
        /// Leaves so many bytes at the end of the heap; see its manual page.
        safe fn malloc_trim(pad: usize) -> i32;
    }

    pub fn trim() {
        malloc_trim(0);
    }
}

#[cfg(test)]
mod tests {
    use super::give_back;

    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn resident() -> usize {
        let told = std::fs::read_to_string("/proc/self/statm").unwrap();
        let pages = told.split(' ').nth(1).unwrap();
        pages.parse::<usize>().unwrap() * 4096
    }

    #[test]
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    fn what_was_freed_goes_back() {
        const ALL: usize = 64 << 20;
        let mut pieces: Vec<Vec<u8>> = (0..ALL >> 14).map(|_| vec![1; 1 << 14]).collect();
        let held = resident();
        // What is left lies between, so that no heap can shrink.
        let mut number = 0;
        pieces.retain(|_| {
            number += 1;
            number % 16 == 0
        });
        give_back();
        assert!(resident() < held - ALL / 2);
        assert!(pieces.iter().flatten().all(|&byte| byte == 1));
    }

    #[test]
    fn where_nothing_was_freed_nothing_happens() {
        give_back();
        give_back();
    }
}
