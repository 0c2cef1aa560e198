//! Pure words of the product: ids, days, places, secrets, pages, permits, problems, code lists.
//!
//! Nothing here does I/O. Every other crate stands on these types, so they are kept small and slow to change.
//! The one concession to the floor above is that [`secret::Sealed`] knows how to stand in a database column and
//! [`problem::Problem`] knows how to become an HTTP answer: both must happen in exactly one place.

pub mod codes;
pub mod day;
pub mod document;
pub mod mask;
pub mod name;
pub mod page;
pub mod paper;
pub mod params;
pub mod permit;
pub mod place;
pub mod problem;
pub mod secret;
pub mod sheet;

/// A calendar day in Beijing time (业务日期), never derived from an instant in SQL.
pub type Day = chrono::NaiveDate;

/// A record id: UUIDv7, made by the client so that a repeated write is recognised.
pub type Id = uuid::Uuid;

/// An instant in UTC milliseconds since 1970.
pub type Millis = i64;

pub use page::Page;
pub use permit::{Permit, Sees};
pub use place::{Level, Place};
pub use problem::{Field, Outcome, Problem};
pub use secret::{Sealed, Secret};
