//! `check`: audit chains against checkpoints and rows, counters and repeated columns against the facts.

use std::{path::Path, process::ExitCode};

use access::audit;

/// Kept tables with the kind their audit records carry.
const KEPT: &[(&str, &str)] = &[
    ("account", "account"),
    ("role_grant", "grant"),
    ("organisation", "organisation"),
    ("task", "task"),
    ("station", "station"),
    ("point", "point"),
    ("area", "area"),
    ("post", "post"),
    ("assignment", "assignment"),
    ("plaque", "plaque"),
    ("person", "person"),
    ("household", "household"),
    ("membership", "membership"),
    ("category_assignment", "category_assignment"),
    ("ledger_entry", "ledger_entry"),
    ("visit", "visit"),
    ("visit_addendum", "visit_addendum"),
    ("worklist", "worklist"),
    ("list_export", "export"),
];

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
