//! Looking for duplicates among all records of a place, for records that came in bulk: a job with progress.

use access::{Progress, Scope};
use kernel::{Id, Outcome, Place};
use sea_orm::{ColumnTrait as _, Order};
use serde_json::json;

use super::{Decide, actions, store};
use crate::persons::row::person;

/// Records per write: short enough that nobody waits behind a scan.
const STEP: u64 = 100;

/// Starts the scan of a county or below under the job's id.
pub fn start(scope: &Scope<Decide>, id: Id, place: Place) {
    let scope = scope.clone();
    scope.clone().start_job(id, "duplicates.scan", move |progress| async move { run(&scope, &place, &progress).await });
}

/// Compares every record of the place with its candidates.
pub async fn run(scope: &Scope<Decide>, place: &Place, progress: &Progress) -> Outcome<serde_json::Value> {
    let (mut after, mut looked) = (None::<Id>, 0_u64);
    loop {
        let mut query = scope.find_in::<person::Entity>(place);
        if let Some(after) = after {
            query = query.filter(person::Column::Id.gt(after));
        }
        let people = query.order(person::Column::Id, Order::Asc).limit(STEP).all().await?;
        let Some(last) = people.last().map(|p| p.id) else { break };
        after = Some(last);
        looked += people.len() as u64;
        scope
            .write_again(|| {
                let people = people.clone();
                move |tx| {
                    Box::pin(async move {
                        for person in &people {
                            actions::refresh(tx, person).await?;
                        }
                        Ok(())
                    })
                }
            })
            .await?;
        progress.at(looked, 0, "records");
    }
    let open = store::listing(scope, Some(place), super::OPEN, None, 1).count(10_000).await?;
    Ok(json!({ "looked": looked, "open": open }))
}
