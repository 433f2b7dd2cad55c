//! What Linux says of a process in `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// The processor time that a process has taken so far, its own and the kernel's on its behalf.
pub(crate) fn cpu_time(pid: u32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&path).with_context(|| path.clone())?;
    parse_cpu_time(&text).with_context(|| format!("{path} is not as proc(5) has it"))
}

/// The memory of a process that is resident, in bytes.
pub(crate) fn resident(pid: u32) -> Result<u64> {
    size(pid, "VmRSS:")
}

/// The most memory of a process that was ever resident, in bytes.
pub(crate) fn peak(pid: u32) -> Result<u64> {
    size(pid, "VmHWM:")
}

fn size(pid: u32, name: &str) -> Result<u64> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).with_context(|| path.clone())?;
    parse_size(&text, name).with_context(|| format!("{path} is not as proc(5) has it"))
}

/// Fields 14 and 15, `utime` and `stime`. The second is the program's name, which may hold anything.
fn parse_cpu_time(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    Some(Duration::from_millis((ticks()? + ticks()?) * MILLISECONDS_PER_TICK))
}

fn parse_size(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// `USER_HZ` is 100 on every architecture that we know.
const MILLISECONDS_PER_TICK: u64 = 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_proc() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194304 100 0 0 0 7 5 0 0 20 0 3 0 1000 0 0";
        assert_eq!(parse_cpu_time(stat), Some(Duration::from_millis(120)));
        assert_eq!(parse_cpu_time("42 (a) S 1"), None);
        assert_eq!(parse_size("Name:\ta\nVmRSS:\t    2048 kB\n", "VmRSS:"), Some(2 << 20));
        assert_eq!(parse_size("Name:\ta\n", "VmRSS:"), None);
    }

    #[test]
    fn reads_itself() {
        assert!(cpu_time(std::process::id()).is_ok());
        assert!(resident(std::process::id()).unwrap() > 1 << 20);
        assert!(peak(std::process::id()).unwrap() > 1 << 20);
    }
}
