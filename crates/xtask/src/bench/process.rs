//! What a process used so far, as the kernel says it.

use anyhow::Context;

/// Kernel ticks a second; the same on every Linux that Rust runs on.
const TICKS: f64 = 100.0;

/// Seconds of processor time, user and system, of a process and all its threads.
pub(crate) fn cpu(id: u32) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name may hold spaces: what counts comes after its closing bracket.
    let (_, rest) = text.rsplit_once(')').context("/proc/…/stat")?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|text| text.parse::<f64>().ok()).context("/proc/…/stat");
    Ok((ticks(11)? + ticks(12)?) / TICKS)
}

/// The most memory it ever held, in megabytes.
pub(crate) fn peak(id: u32) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = text.lines().find(|line| line.starts_with("VmHWM:")).context("VmHWM")?;
    Ok(line.split_whitespace().nth(1).context("VmHWM")?.parse::<f64>()? / 1024.0)
}
