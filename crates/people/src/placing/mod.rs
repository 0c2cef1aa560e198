//! Placing (归属): people say where everybody lives after a village was divided, cut or abolished.
//!
//! A division event moves by rule what a rule can move. Who of a village that is divided lives in which part only people know,
//! so persons, households and seats of points wait in the queue of unassigned (待归属) that `places/divisions` keeps for the
//! event. Here the county, or the township inside its place, assigns them: one by one, many at once, or all the rest.
//!
//! To assign is to move from the day of the event on: the residence is cut there, so that figures of earlier days stay what
//! they were; visits and open tasks follow the person, the place of registration too where it was the same village, and a
//! household follows its head. Whoever stays is assigned to the village itself. A choice can be changed while the queue is
//! open. When nothing is left the queue ends, and the village with it if the event says so.
//! Not here: moving house (`persons`), and the events themselves.

pub mod actions;
pub mod http;
pub mod moving;

use kernel::permits;
use places::{divisions::row::queue, points::row::point};

pub use http::routes;

use crate::{households::row::household, persons::row::person};

permits! {
    /// Assigning what a division event left open.
    Assign = "people.placing.assign", "归属待归属对象", "Assign what an event left open",
        sees [queue::Entity, person::Entity, household::Entity, point::Entity];
}
