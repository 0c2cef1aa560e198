//! Standing approvals of responsible workers for the minors in their care (未成年人网络保护条例 art. 36), given when the world is made.

use kernel::{Id, Sealed};
use sea_orm::Value;

/// Columns of a row.
pub const COLUMNS: &[&str] = &[
    "id",
    "way",
    "person_id",
    "account_id",
    "part",
    "approver",
    "reason",
    "state",
    "asked_by",
    "asked_at",
    "decided_by",
    "decided_at",
    "province_id",
    "city_id",
    "county_id",
    "township_id",
    "village_id",
];

/// A standing approval of `worker` for `person`, decided by `actor` on the instant `at`.
pub fn standing(
    id: Id,
    (person, worker, actor): (Id, Id, Id),
    reason: Sealed,
    at: i64,
    [province, city, county, township, village]: [i32; 5],
) -> [Value; 17] {
    [
        id.into(),
        "standing".into(),
        person.into(),
        worker.into(),
        "".into(),
        "TR".into(),
        reason.0.into(),
        "approved".into(),
        worker.into(),
        at.into(),
        Some(actor).into(),
        Some(at).into(),
        province.into(),
        city.into(),
        county.into(),
        township.into(),
        village.into(),
    ]
}
