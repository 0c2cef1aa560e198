//! Service coverage (服务覆盖率) and ledger coverage (建档率) of any place, on any day, for any period [G4].
//!
//! - 服务覆盖率 = target persons of S with at least one visit that counts as service in the period ÷ target persons of S on D.
//! - 建档率 = target persons active in the ledger ÷ target persons.
//!
//! Target persons (困难群众和特殊群体) are those alive and resident in S on D with at least one open category of
//! `coverage.target_categories`, whatever their ledger state, but no dismissed leads. A telephone call is no service.
//!
//! Today's figures come from counters kept with every change of a person, so they are exact at all times and at once for any
//! first day of the period. A past day is asked of the facts: that takes longer, so above the county it is a job. Past
//! figures lie in the divisions of today: what was merged since counts where it went.
//!
//! The list of the unserved goes down to names (masked as the scope says) in a county or below; above it, choose a county.
//! Rows come in the order of the tree: this is a list of work, not a ranking.

mod figures;
pub mod http;
mod words;

pub use figures::{Answer, answer};
pub use http::routes;

use people::persons::row::person;
use places::divisions::{division, version};

kernel::permits! {
    /// Reads service and ledger coverage.
    ReadServiceCoverage = "insight.service_coverage.read", "查看服务覆盖率", "Read service coverage",
        sees [division::Entity, version::Entity];
    /// Lists target persons not served.
    ReadUnserved = "insight.unserved.read", "查看未服务名单", "List unserved persons", sees [person::Entity];
}
