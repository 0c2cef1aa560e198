//! The check of a data folder: audit chains against checkpoints and rows, what is repeated against the facts, counters
//! against a recomputation. It reads one state of the database, changes nothing, and may run beside a serving process.

use std::sync::Arc;

use access::audit::{self, Snapshot, Watched};
use ground::Floor;
use kernel::Outcome;

/// What a check found.
#[derive(Debug, Default)]
pub struct Checked {
    /// Audit records read.
    pub records: u64,
    /// What is wrong, a line each.
    pub wrong: Vec<String>,
}

/// The audited tables of all wings.
pub fn watched() -> Vec<Watched> {
    access::watched().into_iter().chain(places::watched()).chain(people::watched()).chain(aid::watched()).collect()
}

/// Checks everything; chains and facts at the same time, each in a snapshot of its own.
pub async fn check(floor: &Arc<Floor>) -> Outcome<Checked> {
    let (chains, facts) = (Snapshot::of_now(floor).await?, Snapshot::of_now(floor).await?);
    let chains = tokio::spawn(async move { records(&chains).await });
    let mut wrong = agreement(&facts).await?;
    let mut checked = chains.await.map_err(kernel::Problem::internal)??;
    checked.wrong.append(&mut wrong);
    Ok(checked)
}

/// The same in one snapshot.
pub async fn check_in(snapshot: &Snapshot) -> Outcome<Checked> {
    let mut checked = records(snapshot).await?;
    checked.wrong.extend(agreement(snapshot).await?);
    Ok(checked)
}

async fn records(snapshot: &Snapshot) -> Outcome<Checked> {
    let (faults, records) = audit::verify_in(snapshot, &watched()).await?;
    let wrong = faults.into_iter().map(|f| format!("audit chain {} record {}: {}", f.chain, f.seq, f.what)).collect();
    Ok(Checked { records, wrong })
}

async fn agreement(snapshot: &Snapshot) -> Outcome<Vec<String>> {
    let mut wrong = Vec::new();
    let differences = people::figures::differences(snapshot.conn()).await?;
    wrong.extend(differences.into_iter().map(|d| format!("{} {}: off by {}", d.table, d.key, d.missing)));
    let faults = people::agreement::faults(snapshot).await?;
    wrong.extend(faults.into_iter().map(|f| format!("person {}: {}", f.person, f.what)));
    let misplaced = places::divisions::agreement::misplaced(snapshot).await?;
    wrong.extend(misplaced.into_iter().map(|(table, id)| format!("{table} {id}: place and levels do not agree")));
    Ok(wrong)
}
