//! Memory of a server that runs for months on a small machine: pages of the program that only the start needed (migrations,
//! divisions, settings) or a nightly job are let go; whoever needs one finds it in the file cache.

use std::time::Duration;

/// When the start is over, and how often it is done again.
const FIRST: Duration = Duration::from_secs(15);
const EVERY: Duration = Duration::from_secs(3_600);

/// Lets go of the program's pages again and again, until the task is aborted.
pub async fn keep_small() {
    tokio::time::sleep(FIRST).await;
    loop {
        if let Err(error) = let_go() {
            tracing::debug!(%error, "the pages of the program stay");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Lets go of the pages of the program's own code; gives how many bytes were named.
#[cfg(target_os = "linux")]
fn let_go() -> std::io::Result<usize> {
    let program = std::fs::read_link("/proc/self/exe")?;
    let maps = std::fs::read_to_string("/proc/self/maps")?;
    let mut named = 0;
    for (from, to) in code_of(&maps, &program.to_string_lossy()) {
        // SAFETY: the range is a mapping of this program's own file that may be executed and cannot be written, so its pages
        // were never changed and equal the file: dropping them loses nothing, the next use reads them back. The mapping lasts as
        // long as the program.
        unsafe {
            let start = std::ptr::with_exposed_provenance_mut(from);
            rustix::mm::madvise(start, to - from, rustix::mm::Advice::LinuxDontNeed)?;
        }
        named += to - from;
    }
    Ok(named)
}

#[cfg(not(target_os = "linux"))]
fn let_go() -> std::io::Result<usize> {
    Ok(0)
}

/// Ranges of a file's code in the list of mappings (proc_pid_maps(5)): executable, not writable, private.
#[cfg(target_os = "linux")]
fn code_of(maps: &str, program: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(range), Some("r-xp")) = (words.next(), words.next()) else { continue };
        let Some((from, to)) = range.split_once('-') else { continue };
        if words.nth(3) == Some(program)
            && let (Ok(from), Ok(to)) = (usize::from_str_radix(from, 16), usize::from_str_radix(to, 16))
        {
            found.push((from, to));
        }
    }
    found
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const MAPS: &str = "\
55d0c8a00000-55d0ccbb5000 r--p 00000000 fe:00 1234 /opt/sheqiao
55d0ccbb5000-55d0d11d8000 r-xp 03bb4000 fe:00 1234 /opt/sheqiao
55d0d11d9000-55d0d14ac000 r--p 081d7000 fe:00 1234 /opt/sheqiao
55d0d14ac000-55d0d14d7000 rw-p 084a9000 fe:00 1234 /opt/sheqiao
7f2c00000000-7f2c00021000 rw-p 00000000 00:00 0
7f2c10000000-7f2c10155000 r-xp 00026000 fe:00 77 /usr/lib/libc.so.6
";

    #[test]
    fn only_the_program_s_own_code_is_named() {
        assert_eq!(code_of(MAPS, "/opt/sheqiao"), [(0x55d0_ccbb_5000, 0x55d0_d11d_8000)]);
        assert_eq!(code_of(MAPS, "/opt/other"), []);
        assert_eq!(code_of("no mappings\n", "/opt/sheqiao"), []);
    }

    #[test]
    fn the_program_goes_on_after_its_pages_are_let_go() {
        let digest = |text: &str| text.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        let before = digest(MAPS);
        for _ in 0..3 {
            assert!(let_go().unwrap() > 100_000, "the code of the program was not found");
            assert_eq!(digest(MAPS), before);
        }
    }
}
