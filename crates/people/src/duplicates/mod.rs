//! Possible duplicates (疑似重复档案): pairs of records that may be one person, and what people decided about each.
//!
//! A pair is found in two ways. *Exact*: the same number, after 15 or 18 digits, x or X, full-width digits and spaces are one
//! form (`kernel::document`). *Near*: names that are equal, sound alike or differ by a character, weighed together with birth
//! date, sex, village, township and telephone ([`model`]). Candidates come from words kept with each record (`person_key`:
//! sound as it is misheard, birth date and sex, last four digits) by index, inside one county, whenever a record is entered
//! or changed; a scan does the same for records that came in bulk.
//!
//! The machine only points; people decide: merge them (room `merges`), or dismiss the pair with a reason, which is remembered
//! and audited. A pair lies where both records lie: in the village, township or county they share, and whoever reaches only
//! one of the two never sees it. Pairs across counties are not looked for here; an equal number across counties becomes
//! a task when it is entered. Domain reference §4.1, §4.2 [G14].

pub mod actions;
pub mod http;
pub mod model;
pub mod row;
pub mod scan;
pub mod store;

use kernel::permits;

use crate::persons::row::person;
use row::person_twin;

pub use http::routes;

permits! {
    /// Reading possible duplicates.
    Read = "people.duplicates.read", "查看疑似重复档案", "Read possible duplicates", sees [person_twin::Entity, person::Entity];
    /// Deciding that two records are two people, and looking for duplicates anew.
    Decide = "people.duplicates.decide", "处理疑似重复档案", "Decide possible duplicates", sees [person_twin::Entity, person::Entity];
}

/// Waits for a decision.
pub const OPEN: &str = "open";
/// Two people, somebody decided.
pub const DISMISSED: &str = "dismissed";
/// Merged into one record.
pub const MERGED: &str = "merged";
/// One of the two is not there at present: merged with somebody else, or in the recycle bin.
pub const ASIDE: &str = "aside";
