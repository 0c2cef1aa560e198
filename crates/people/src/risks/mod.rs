//! Open red risk signs (红色风险): what a visit saw that cannot wait, until a second person has signed it off.
//!
//! A red sign of a visit (list `risk_sign`) opens a risk. While one is open the person stands at 重点 in the ledger, the page
//! carries a banner, and a guardian's refusal does not take a child out. Closing takes two people, as grading does: whoever
//! may move the ledger asks with a note of what was done, another account that may approve signs off. Correcting or voiding
//! the visit does not close it: that too is told in the note. What each sign asks to be done at once stands in its list.
//!
//! Rules and sources: domain reference §5.2, §6.3. Texts are kept out of the audit log; where names are masked only the
//! number of open risks is shown.

pub mod actions;
pub mod http;
pub mod row;

pub use actions::open;
pub use http::{RiskView, of, routes};
