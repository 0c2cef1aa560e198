//! Queries behind the plan.

use access::{Scope, Visible, scope::Report};
use kernel::{Day, Id, Outcome, Permit, Place, Sees};
use sea_orm::{ColumnTrait as _, Order};

use crate::{due, persons::row::person};

/// Most people of one worker that a plan looks at; a worker has about a thousand clients.
pub const MOST: u64 = 3_000;

/// People in the care of a worker who are due by `to`, the longest due first.
pub fn due_by<P: Permit + Sees<person::Entity>>(
    scope: &Scope<P>,
    place: &Place,
    worker: Id,
    to: Day,
) -> Visible<'static, person::Entity> {
    due::store::due_in(scope, place, Some(worker), (None, to), None).limit(MOST)
}

/// People in the care of a worker whose day was set by hand.
pub fn planned<P: Permit + Sees<person::Entity>>(
    scope: &Scope<P>,
    place: &Place,
    worker: Id,
    (from, to): (Day, Day),
) -> Visible<'static, person::Entity> {
    scope
        .find_in::<person::Entity>(place)
        .filter(person::Column::WorkerId.eq(worker))
        .filter(person::Column::PlannedOn.gte(from))
        .filter(person::Column::PlannedOn.lte(to))
        .order(person::Column::PlannedOn, Order::Asc)
        .order(person::Column::Id, Order::Asc)
        .limit(MOST)
}

/// The due people of a township by worker and grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The responsible worker, if there is one.
    pub worker: Option<Id>,
    /// Grade; empty when there is none.
    pub grade: String,
    /// How many.
    pub n: i64,
}

/// The statement: $1 township, $2 last day.
pub const SHARES: &str = "SELECT worker_id, grade, COUNT(*) AS n FROM person \
     WHERE township_id = $1 AND next_due_on <= $2 GROUP BY worker_id, grade";

/// Who is due in a township by `to`, by worker and grade; served from one index.
pub async fn shares(report: &Report, township: i32, to: Day) -> Outcome<Vec<Share>> {
    let rows = report.query(SHARES, vec![township.into(), to.into()]).await?;
    let mut shares = Vec::with_capacity(rows.len());
    for row in rows {
        shares.push(Share {
            worker: row.try_get("", "worker_id")?,
            grade: row.try_get("", "grade")?,
            n: row.try_get("", "n")?,
        });
    }
    Ok(shares)
}

/// The townships of a county, in the order of the tree; a township is its own.
pub async fn townships(report: &Report) -> Outcome<Vec<i32>> {
    let place = report.place();
    if place.level >= kernel::Level::Township {
        return Ok(vec![place.at(kernel::Level::Township)]);
    }
    let sql = "SELECT d.id FROM division d WHERE d.parent_id = $1 AND d.level = 4 AND d.valid_to IS NULL ORDER BY d.id";
    let rows = report.query(sql, vec![place.id.into()]).await?;
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}
