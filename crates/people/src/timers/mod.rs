//! Timers (时限): what has to be done about somebody in the ledger by which day, and who is told when it is not.
//!
//! First contact with a lead and its verification, grading after entry, the next visit, the re-check of a suspended entry,
//! archiving after an exit, the review (复核、动态管理) of the entry and of each category, and birthdays that begin or end a
//! category. A timer has a window of days: any day in it is in time. A statutory review (法定类别) is a reminder to the
//! civil-affairs office, which owns the decision; all other numbers are planning aids. Nothing ranks people.
//!
//! [`check`] compares what is due with the tasks that were raised: it raises what is missing once, settles what no longer
//! holds, and notes in `person.next_check_on` the first day on which there is something to do again. It runs in the
//! transaction of every change of a person, and at night for those whose day has come ([`nightly`]), over an index of
//! that day: a run that is cut off goes on where it stopped, and one that is repeated changes nothing.
//!
//! Rules and sources: domain reference §4.7, §5.1, §5.3; every number is a parameter.

pub mod actions;
pub mod model;
pub mod store;
pub mod view;

pub use actions::{JOB, check, job, nightly, touch};
pub use view::TimerView;
