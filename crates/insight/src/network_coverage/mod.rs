//! Coverage of the network (网络覆盖率): station coverage, point coverage and staffing as of any day, at any level [G3, G4].
//!
//! - 社工站覆盖率 = townships of S with a station that counts on D ÷ townships of S on D. Units of the civil-affairs list count,
//!   and statistical ones where that list names none; farms and zones only where somebody chooses their kind.
//! - 社工点覆盖率 = villages of S with a point seated there (strict) or covering them (area mode) ÷ villages of S on D.
//! - 到岗率 = full-time equivalents at work on D ÷ headcount planned on D.
//!
//! What counts on a day is the rule of `places::network`. Nothing is stored: the facts are dated, so the figure of a past day is
//! asked of them. For days before a merge of townships each unit is taken as it was and each station where it then stood.
//! Missing units are named with the reason, because a list of names can be worked on and a percentage cannot.
//!
//! Readable in the whole county of the account. What it is not: a forecast, a ranking, or the frozen figures of a report.

pub mod http;
pub mod model;
pub mod past;
pub mod store;
mod view;

pub use model::{Kind, Mode, Question};
pub use view::figures;

use places::divisions::{division, version};

kernel::permits! {
    /// Reads network coverage of the county.
    ReadNetworkCoverage = "insight.network_coverage.read", "查看网络覆盖率", "Read network coverage",
        sees [division::Entity, version::Entity];
}
