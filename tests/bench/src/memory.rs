//! How much memory this process took at most.

use std::fs;

use crate::failure::Failure;

/// The most that was in memory at once since the start, in MB (10^6 bytes): `VmHWM`, proc(5).
pub(crate) fn peak_mb() -> Result<f64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    peak_kb(&status).map(|kilobytes| kilobytes * 1024.0 / 1e6).ok_or_else(|| Failure::new("the system names no peak"))
}

fn peak_kb(status: &str) -> Option<f64> {
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_of_this_test_is_known() {
        assert_eq!(peak_kb("VmPeak:\t 9 kB\nVmHWM:\t  512 kB\nVmRSS: 1 kB\n"), Some(512.0));
        assert!(peak_mb().is_ok_and(|peak| peak > 1.0));
    }
}
