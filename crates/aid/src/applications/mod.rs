//! Applications (帮办代办): we prepare, check, keep track and take the result back; the binding decision is made and keyed in
//! another system, by the county or the township it was handed down to (社会救助法 art. 44, 55) [G10, G13].
//!
//! Way: draft 准备 → accepted 受理 → surveyed 入户调查 → opinion 审核意见 → publicity 公示 → submitted 上报 → confirmed 确认 or
//! refused 不予确认; withdrawn 撤回 before that. Policies that recognise a status go all the way; others may be sent on once
//! accepted. The notice before the decision (公示) and the publication after it (公布) are two acts; cards with `no_publicity`
//! have neither. A survey takes two people. An objection during the notice leads back to the survey.
//!
//! Papers come from the card: what data matching obtains is never asked for (art. 62). Whether a close relative works for the
//! office (近亲属备案) is answered before acceptance, the authorisation to check (核对授权, art. 40) is recorded before the
//! submission. Whoever began an application does not accept it. A confirmed status enters the ledger as a category in the same
//! transaction, with the decision as evidence; a refusal says how to appeal (art. 76).
//!
//! Due days follow the limits of the card. Without the list of holidays working days are Monday to Friday, and the page says so.
//! Restricted policies and duties of an agency cannot be applied for here. It is never a second system of decision.

pub mod actions;
pub mod flow;
pub mod http;
pub mod kinds;
pub mod limits;
pub mod model;
pub mod outcome;
pub mod view;

pub use http::routes;

use people::{applications::row::application, persons::row::person};

kernel::permits! {
    /// Reading applications.
    Read = "aid.applications.read", "查看帮办申请", "Read applications", sees [application::Entity, person::Entity];
    /// Preparing applications, withdrawing them, telling the person of the decision.
    Prepare = "aid.applications.prepare", "帮办申请", "Prepare applications", sees [application::Entity, person::Entity];
    /// Recording acceptance, survey, opinion, notice, submission and result.
    Process = "aid.applications.process", "办理申请", "Process applications", sees [application::Entity, person::Entity];
}
