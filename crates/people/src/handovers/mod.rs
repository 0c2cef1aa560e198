//! Hand-overs (移交): who answers for a person, when the person moves or the worker changes [F7, experience 3.2 row 9].
//!
//! Three places are kept apart on a person (人户分离): where somebody is **registered** (户籍地), where somebody **lives**
//! (居住地, which decides who sees and serves the person), and which **station answers** for the person (责任社工站).
//!
//! *Between stations* a hand-over has two sides. The sender proposes: new village, day of moving, reason, notice or consent.
//! From that moment the person lies in the receiver's place: the sender has no writable row, counters follow the residence,
//! visits and open tasks come along, and the receiver's inbox has a task with a day to answer. The responsible station stays
//! the sender's until the receiver **accepts** and names a worker. A receiver who **declines** gives a reason, and the person
//! goes back; so does a proposal that the sender **withdraws**. Nothing of the history is rewritten.
//!
//! *Inside a station* a head gives one worker's clients to another (caseload), in steps of at most 200 persons, with a list
//! to sign (交接清单). That needs no answer: the head decides for the station.
//!
//! Either way who was responsible keeps a **read trail** (see `access::shares`): while the hand-over is open, and for
//! `handover.trail_days` after the answer. Persons whose worker's grant has ended, and persons without a worker, are listed
//! for the head ([`caseloads`]), so nobody is orphaned.
//!
//! It is not a transfer of benefit files: which office decides is a matter of the registration (社会救助法 art. 37).

pub mod actions;
pub mod caseloads;
pub mod http;
pub mod model;
pub mod row;
pub mod store;
pub mod view;

use kernel::{Sees, permits};

use crate::persons::row::person;
use row::{handover, outgoing};

pub use http::routes;

permits! {
    /// Reading hand-overs, coming and going.
    Read = "people.handovers.read", "查看移交", "Read hand-overs", sees [handover::Entity, outgoing::Entity, person::Entity];
    /// Proposing a hand-over to another station, and withdrawing it.
    Propose = "people.handovers.propose", "提出移交", "Propose hand-overs",
        sees [handover::Entity, outgoing::Entity, person::Entity];
    /// Accepting or declining a hand-over.
    Decide = "people.handovers.decide", "接收移交", "Answer hand-overs", sees [handover::Entity, person::Entity];
    /// Giving the clients of one worker to another.
    Assign = "people.handovers.assign", "调整责任社工", "Reassign caseloads", sees [handover::Entity, person::Entity];
}

// The history of a hand-over is open to whoever may see it where it goes to.
impl Sees<handover::Entity> for access::history::ReadHistory {}
impl Sees<handover::Entity> for access::history::ReadAccessLog {}
