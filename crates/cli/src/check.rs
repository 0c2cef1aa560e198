//! `check`: audit chains against checkpoints and rows, counters and repeated columns against the facts.

use std::{path::Path, process::ExitCode};

/// Runs the check; faults are listed and end with exit code 1.
pub async fn run(data: &Path) -> anyhow::Result<ExitCode> {
    let floor = crate::serve::open(data).await?;
    let checked = server::check::check(&floor).await?;
    if checked.wrong.is_empty() {
        println!("Clean: {} audit records, counters and rows agree.", checked.records);
        return Ok(ExitCode::SUCCESS);
    }
    for line in checked.wrong.iter().take(200) {
        println!("{line}");
    }
    println!("{} faults found.", checked.wrong.len());
    Ok(ExitCode::FAILURE)
}
