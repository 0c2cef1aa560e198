//! `check`: audit chains against checkpoints and rows, counters against a recomputation, invariants of the network.

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
    ("bulk_run", "bulk_run"),
    ("visit_review", "visit_review"),
];

/// Runs the check; faults are listed and end with exit code 1.
pub async fn run(data: &Path) -> anyhow::Result<ExitCode> {
    let floor = crate::serve::open(data).await?;
    let mut wrong: Vec<String> = Vec::new();
    let (faults, records) = audit::verify(&floor).await?;
    wrong.extend(faults.into_iter().map(|f| format!("audit chain {} record {}: {}", f.chain, f.seq, f.what)));
    let faults = audit::verify_rows(&floor, KEPT).await?;
    wrong.extend(faults.into_iter().map(|f| format!("audit chain {} record {}: {}", f.chain, f.seq, f.what)));
    let differences = people::figures::differences(floor.db.read()).await?;
    wrong.extend(differences.into_iter().map(|d| format!("{} {}: off by {}", d.table, d.key, d.missing)));
    if wrong.is_empty() {
        println!("Clean: {records} audit records, counters and rows agree.");
        return Ok(ExitCode::SUCCESS);
    }
    for line in wrong.iter().take(200) {
        println!("{line}");
    }
    println!("{} faults found.", wrong.len());
    Ok(ExitCode::FAILURE)
}
