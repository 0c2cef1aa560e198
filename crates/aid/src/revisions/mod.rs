//! Revisions (标准调整、政策修订): what a place decides about numbers and conditions, with its document [G13].
//!
//! A county first of all changes numbers: a document (红头文件) sets the dibao standard from a day on. Few change conditions.
//! Either way somebody drafts it beside the document, sees whom it would change over the whole ledger of the place
//! ([`effect`]), and hands it in; a second person decides. Then it holds at the place and below from its first day: nothing
//! is overwritten, the value before stays with its own period, and every explanation names the document. A revision of
//! conditions brings examples that must come out as said before it can be handed in.
//!
//! What is in force is public ([`access::Published`]); drafts are seen inside the reach only.

pub mod actions;
pub mod draft;
pub mod effect;
pub mod http;
pub mod model;
pub mod row;
pub mod standards;
pub mod store;
pub mod view;

pub use http::routes;

use access::history::{ReadAccessLog, ReadHistory};
use kernel::Sees;
use people::{households::row::household, persons::row::person};
use row::policy_revision;

kernel::permits! {
    /// Reading revisions.
    Read = "aid.revisions.read", "查看政策口径修订", "Read revisions of standards and policies",
        sees [policy_revision::Entity];
    /// Drafting them and working out whom they would change.
    Draft = "aid.revisions.draft", "起草标准调整和政策修订", "Draft revisions of standards and policies",
        sees [policy_revision::Entity, person::Entity, household::Entity];
    /// Deciding about what somebody else drafted.
    Decide = "aid.revisions.decide", "审批标准调整和政策修订", "Decide about revisions of standards and policies",
        sees [policy_revision::Entity];
}

impl Sees<policy_revision::Entity> for ReadHistory {}
impl Sees<policy_revision::Entity> for ReadAccessLog {}
