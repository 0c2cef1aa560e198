//! Clearances (查阅批准): who may look at what is kept closed, decided by a person in charge, dated, revocable.
//!
//! Four ways share one table and one inbox: a name on the list of a restricted file (`named`), the standing approval of the
//! responsible worker of a minor (`standing`), one opening of a minor's file by somebody else (`minor`), and break-glass
//! (`break_glass`), which nobody decides on but which the head sees and can revoke.
//!
//! Nobody decides on what he asked for. The station head decides; where the station has one worker or no other head, whom
//! the parameter `ledger.single_worker_approver` names (the township reviewer). The inbox shows who asks for whom; the
//! reason is read by opening the request, which is recorded. What a restricted file is about is not shown here.
//!
//! Source: 未成年人网络保护条例 art. 36 (least authority, approval by the person in charge, record); domain reference §17.2.

pub mod actions;
pub mod http;
pub mod store;

use access::restricted::row::clearance;
use kernel::permits;

use crate::persons::row::person;

pub use http::routes;

permits! {
    /// Deciding on clearances and revoking them.
    Decide = "people.clearances.decide", "审批查阅申请", "Decide on clearances", sees [clearance::Entity, person::Entity];
}
