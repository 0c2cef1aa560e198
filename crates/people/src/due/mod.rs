//! Due visits (待走访 / 已超期): when somebody should be visited next, and why.
//!
//! Each client in the ledger has timers: one of the grade and one of every category for which a longest interval is set.
//! A timer runs from the last contact in a mode that it accepts (a telephone call resets the monthly call on an elder
//! living alone, not the monthly visit to a priority client); days in suspension do not count. The earliest timer is
//! the next due day, kept in `person.next_due_on` so that the due list is an index scan. A lead (线索) is due for its first
//! contact and then for verification. Whoever is suspended, exited, dismissed, archived or dead has no due day.
//!
//! Rules and sources: domain reference §5.2-5.3; every number is a parameter. Overdue is a hint for planning, never a
//! measure of a worker; nothing here ranks people or stations.

pub mod actions;
pub mod asked;
pub mod http;
pub mod model;
pub mod store;

pub use actions::refresh;
pub(crate) use actions::{codes_in, day_of, nearest, place_codes_in};
pub use http::{DueRow, routes};
pub use model::Why;
