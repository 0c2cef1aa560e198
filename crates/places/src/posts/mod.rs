//! Posts (岗位) and assignments (任职): how many people a station or point is meant to have, and who is there since when [G6, D1].
//!
//! The staffing rate (到岗率) is filled full-time equivalents by planned headcount, so a post says how many and an assignment
//! says what share of full time. One account cannot work more than full time on any day, whatever the stations; a worker
//! without account (a volunteer, a new hire) is known by name only. Ending a post ends its open assignments that day.

pub mod actions;
pub mod http;
pub mod model;
pub mod row;
