//! Persons (服务对象): who is served or may be, where they live, how they are found again.
//!
//! A person is entered once, in the village where he or she lives, and comes into the ledger as a lead in the same step.
//! Names are kept as on the document, any script; document and telephone numbers and addresses are kept encrypted, found by
//! keyed hash and shown masked; a reveal needs a reason and is audited. Who has no document gets a temporary number and a task.
//!
//! One person, one record: a number that exists inside the caller's reach is refused with a pointer to the record; one that
//! exists outside is accepted with exactly the same answer, and the county officer gets a task, so that nobody learns from
//! an answer who is known elsewhere. Nothing is deleted: people move (a new residence), die, leave the ledger.
//!
//! Every change of a person row goes through [`change`], which keeps the counters of `figures` exact. The tables are not
//! for other rooms; they call [`rows`], [`page`], [`change`] and the functions of `store` with their own scope.

pub mod actions;
pub mod asked;
pub mod checks;
pub mod hint;
pub mod http;
pub mod keys;
pub mod model;
pub mod revise;
pub mod row;
pub mod search;
pub mod store;
mod totals;
pub mod view;

use access::Writing;
use kernel::{Outcome, Permit, Sees, permits};

use crate::{applications, figures, minors, screening};
use row::person;

pub use http::{Masked, revealed, routes};
pub use view::{Named, PersonPage, PersonRow, page, rows};

permits! {
    /// Reading persons.
    Read = "people.persons.read", "查看服务对象", "Read clients", sees [person::Entity];
    /// Entering persons.
    Create = "people.persons.create", "登记服务对象", "Register clients", sees [person::Entity];
    /// Changing persons and recording deaths.
    Change = "people.persons.change", "修改服务对象", "Change clients", sees [person::Entity];
    /// Revealing masked numbers, addresses and names.
    Reveal = "people.secrets.reveal", "查看完整敏感信息", "Reveal masked information", sees [person::Entity];
}

// The history of a person is open to whoever may see the person under these permits.
impl Sees<person::Entity> for access::history::ReadHistory {}
impl Sees<person::Entity> for access::history::ReadAccessLog {}

/// Changes a person row and moves the counters with it; the only way to change one.
pub async fn change<P>(
    tx: &Writing<'_, P>,
    before: &person::Model,
    change: impl FnOnce(&mut person::ActiveModel) + Send,
) -> Outcome<person::Model>
where
    P: Permit + Sees<person::Entity>,
{
    let after = tx.update::<person::Entity>(before, change).await?;
    figures::moved(tx, Some(before), &after).await?;
    minors::follow(tx, Some(before), &after).await?;
    if before.path() != after.path() || before.worker_id != after.worker_id {
        applications::store::follow(tx, &after).await?;
        screening::store::follow(tx, &after).await?;
    }
    if before.is_client() && !after.is_client() {
        screening::store::forget(tx, after.id).await?;
    }
    Ok(after)
}
