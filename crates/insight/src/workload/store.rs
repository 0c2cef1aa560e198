//! Counting a worker's clients and visits by index.

use access::{Outcome, Place, Scope};
use kernel::{Day, Id, day};
use sea_orm::Value;

use crate::service_coverage::ReadServiceCoverage;

/// Clients, due soon, overdue, visits of the last 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Living people in the worker's care who are leads or in the ledger.
    pub clients: i64,
    /// Of them: a visit is due today or soon.
    pub due: i64,
    /// Of them: a visit is overdue.
    pub overdue: i64,
    /// Completed visits.
    pub visits: i64,
}

/// The statement: $1 worker, $2 township, $3 today, $4 last day that is soon, $5 first day of the visits.
pub const LOAD: &str = "SELECT \
    (SELECT COUNT(*) FROM person p WHERE p.worker_id = $1 AND p.township_id = $2 \
     AND p.ledger_state IN ('lead', 'verifying', 'active', 'suspended') AND p.died_on IS NULL) AS clients, \
    (SELECT COUNT(*) FROM person p WHERE p.worker_id = $1 AND p.township_id = $2 \
     AND p.next_due_on >= $3 AND p.next_due_on <= $4) AS due, \
    (SELECT COUNT(*) FROM person p WHERE p.worker_id = $1 AND p.township_id = $2 AND p.next_due_on < $3) AS overdue, \
    (SELECT COUNT(*) FROM visit v WHERE v.worker_id = $1 AND v.township_id = $2 \
     AND v.visited_on >= $5 AND v.visited_on <= $3 AND v.state = 'completed') AS visits";

/// The values of [`LOAD`].
pub fn values(worker: Id, township: &Place, today: Day, soon_days: i64) -> Vec<Value> {
    let (soon, since) = (day::add_days(today, soon_days), day::add_days(today, -29));
    vec![worker.into(), township.id.into(), today.into(), soon.into(), since.into()]
}

/// The load of one worker in one township inside the reach.
pub async fn of(scope: &Scope<ReadServiceCoverage>, worker: Id, township: &Place, soon_days: i64) -> Outcome<Load> {
    let rows = scope.report(township)?.query(LOAD, values(worker, township, scope.today(), soon_days)).await?;
    let Some(row) = rows.first() else { return Ok(Load::default()) };
    Ok(Load {
        clients: row.try_get("", "clients")?,
        due: row.try_get("", "due")?,
        overdue: row.try_get("", "overdue")?,
        visits: row.try_get("", "visits")?,
    })
}
