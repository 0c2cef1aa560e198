//! Visit plan (走访计划): who is visited on which day, capped by what one worker can do, and what cannot be met [F4].
//!
//! A worker with a thousand clients cannot visit everybody in time. The plan takes the people due until the end of the month
//! (of the next one in the last ten days), gives each working day `plan.visits_per_day` visits and `plan.calls_per_day` calls, and
//! fills them: days promised or set by hand first, then 重点, then dates a national document sets for a category, then the
//! longest due. A day is filled village by village, so that trips are short. Where all timers of a person accept a call
//! (`visit.allowed_modes.*`, `visit.allowed_category_modes.*`), a call may stand in when visits run out.
//!
//! What does not fit is counted and named: per worker, station, township and county. Work of one worker is not moved to
//! another by itself, so the share that cannot be met is added up, never netted. Nothing here ranks people or stations.
//!
//! The plan is worked out at each look from due days and parameters; nothing of it is stored but `person.planned_on`.
//! Public holidays are not taken off (`plan.weekdays`). Domain reference §17.2 item 11.

pub mod http;
pub mod model;
pub mod store;

pub use http::routes;
