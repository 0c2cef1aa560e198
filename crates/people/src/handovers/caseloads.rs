//! Caseloads (责任分工): who answers for how many, who has nobody, and giving one worker's clients to another [F7].

use std::collections::BTreeMap;

use access::{Scope, Writing, Written, accounts::store::Office, shares, task_moves};
use kernel::{Id, Outcome, Place, Problem};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, Order};
use serde_json::json;

use super::{
    Assign, Read,
    actions::{blank, must_work_at, open_items, whole},
    model::{self, ACCEPTED, NewCaseloadStep, STEP},
    row::handover,
};
use crate::persons::{self, checks::Faults, row::person};

/// Roles of those who may answer for somebody.
pub const WORKERS: [&str; 3] = ["SH", "TW", "SW"];

/// The most clients counted for one worker.
const MOST: u64 = 10_000;

/// One worker of a place, or nobody.
#[derive(Debug)]
pub struct Caseload {
    /// Who; none for persons without a worker.
    pub worker: Option<Id>,
    /// Whether the account works there today.
    pub in_office: bool,
    /// Living persons in the worker's care there, counted up to 10,000.
    pub persons: u64,
}

/// Everybody who works or worked in a place, with the persons in care there; who left only while somebody is still in care.
pub async fn of_place(scope: &Scope<Read>, place: &Place) -> Outcome<Vec<Caseload>> {
    let mut workers: BTreeMap<Id, bool> = BTreeMap::new();
    for office in scope.offices(&WORKERS, place).await? {
        *workers.entry(office.account).or_default() |= office.holds;
    }
    let mut all = Vec::new();
    let nobody = in_care(scope, place, None).count(MOST).await?;
    all.push(Caseload { worker: None, in_office: false, persons: nobody });
    for (worker, in_office) in workers {
        let persons = in_care(scope, place, Some(worker)).count(MOST).await?;
        if in_office || persons > 0 {
            all.push(Caseload { worker: Some(worker), in_office, persons });
        }
    }
    Ok(all)
}

/// Persons a worker (or nobody) still answers for in a place.
pub async fn left(scope: &Scope<Read>, place: &Place, worker: Option<Id>) -> Outcome<u64> {
    in_care(scope, place, worker).count(MOST).await
}

fn in_care(scope: &Scope<Read>, place: &Place, worker: Option<Id>) -> access::Visible<'static, person::Entity> {
    scope.find_in::<person::Entity>(place).filter(cared_by(worker))
}

fn cared_by(worker: Option<Id>) -> Condition {
    let by = match worker {
        Some(worker) => person::Column::WorkerId.eq(worker),
        None => person::Column::WorkerId.is_null(),
    };
    Condition::all().add(by).add(person::Column::DiedOn.is_null())
}

/// Offices that ended while no other office of the account covers the place: whose clients there have nobody.
fn left_behind(offices: &[Office], place: &Place) -> Vec<(Id, Place)> {
    let mut found: Vec<(Id, Place)> = Vec::new();
    for gone in offices.iter().filter(|o| !o.holds) {
        let held = offices.iter().any(|o| o.holds && o.account == gone.account && o.place.contains(&gone.place));
        // Of the office and the place asked for, the smaller one.
        let at = if gone.place.contains(place) { *place } else { gone.place };
        let held_here = offices.iter().any(|o| o.holds && o.account == gone.account && o.place.contains(&at));
        if !held && !held_here && !found.contains(&(gone.account, at)) {
            found.push((gone.account, at));
        }
    }
    found
}

/// Living persons of a place nobody answers for: without a worker, or with one whose grant has ended; newest first.
pub async fn orphans(scope: &Scope<Read>, place: &Place, after: Option<Id>, rows: u64) -> Outcome<Vec<person::Model>> {
    let offices = scope.offices(&WORKERS, place).await?;
    let mut found = Vec::new();
    for query in orphan_queries(scope, &offices, place, after, rows) {
        found.extend(query.all().await?);
    }
    found.sort_by_key(|p: &person::Model| std::cmp::Reverse(p.id));
    found.dedup_by_key(|p| p.id);
    found.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
    Ok(found)
}

/// One query for those without a worker, one for each worker who left.
pub fn orphan_queries(
    scope: &Scope<Read>,
    offices: &[Office],
    place: &Place,
    after: Option<Id>,
    rows: u64,
) -> Vec<access::Visible<'static, person::Entity>> {
    let mut streams = vec![(None, *place)];
    streams.extend(left_behind(offices, place).into_iter().map(|(worker, at)| (Some(worker), at)));
    streams
        .into_iter()
        .map(|(worker, at)| {
            let query = in_care(scope, &at, worker).order(person::Column::Id, Order::Desc).limit(rows);
            match after {
                Some(after) => query.filter(person::Column::Id.lt(after)),
                None => query,
            }
        })
        .collect()
}

/// Takes one step of a caseload.
pub async fn step(scope: &Scope<Assign>, new: NewCaseloadStep, digest: &[u8]) -> Outcome<Written> {
    let mut faults = Faults::default();
    new.check(&mut faults);
    let place = faults.keep(scope.resolve("place", &new.place).await)?.map(|d| d.place());
    let place = faults.done(place)?;
    scope.must_cover(&place)?;
    scope.write_once(new.id, digest, move |tx| Box::pin(async move { assign(tx, &new, &place).await })).await
}

async fn assign(tx: &Writing<'_, Assign>, new: &NewCaseloadStep, place: &Place) -> Outcome<()> {
    let mine = tx.find::<person::Entity>().filter(cared_by(new.from_worker_id));
    let level = match place.level {
        kernel::Level::Province => person::Column::ProvinceId,
        kernel::Level::City => person::Column::CityId,
        kernel::Level::County => person::Column::CountyId,
        kernel::Level::Township => person::Column::TownshipId,
        kernel::Level::Village => person::Column::VillageId,
    };
    let mut query = mine.filter(level.eq(place.id)).order(person::Column::Id, Order::Asc).limit(STEP);
    if !new.person_ids.is_empty() {
        query = query.filter(person::Column::Id.is_in(new.person_ids.clone()));
    }
    let people = query.all().await?;
    if people.is_empty() || (!new.person_ids.is_empty() && people.len() != new.person_ids.len()) {
        return Err(Problem::refused(
            "caseload.changed",
            "名单已变化：有人已不由该社工负责，或已不在此地。请刷新后重新选择。",
            "The list has changed: somebody is no longer in this worker's care here. Reload and choose again.",
        ));
    }
    let (mut checked, mut days) = (Vec::new(), BTreeMap::new());
    for person in &people {
        if !checked.contains(&person.township_id) {
            must_work_at(tx, &person.place(), new.to_worker_id).await?;
            days.insert(person.township_id, whole(tx, &person.place(), "handover.trail_days").await?);
            checked.push(person.township_id);
        }
        let trail = days.get(&person.township_id).copied().unwrap_or(0);
        take(tx, person, new, trail).await?;
    }
    Ok(())
}

async fn take(tx: &Writing<'_, Assign>, person: &person::Model, new: &NewCaseloadStep, trail: i64) -> Outcome<()> {
    let (today, actor) = (tx.scope().today(), tx.scope().actor());
    let until = shares::until(today, trail);
    let row = handover::ActiveModel {
        batch_id: Set(Some(new.batch_id)),
        state: Set(ACCEPTED.to_owned()),
        is_open: Set(false),
        to_worker_id: Set(Some(new.to_worker_id)),
        to_station_id: Set(person.station_id),
        from_station_id: Set(person.station_id),
        proposed_by: Set(actor),
        decided_by: Set(Some(actor)),
        decided_on: Set(Some(today)),
        moved_on: Set(today),
        answer_by: Set(today),
        trail_until: Set(Some(until)),
        open_items: Set(json!(open_items(tx, person).await?).to_string()),
        ..blank(
            tx,
            tx.scope().new_id(),
            model::WORKER,
            person,
            &person.path(),
            (&new.reason, new.note.as_deref(), "not_needed"),
        )
    };
    let row = tx.insert::<handover::Entity>(row).await?;
    if let Some(before) = person.worker_id {
        let share =
            shares::NewShare { subject: person.id, cause: row.id, path: person.path(), owner: Some(before), until };
        shares::open(tx, share).await?;
    }
    persons::change(tx, person, |r| r.worker_id = Set(Some(new.to_worker_id))).await?;
    task_moves::follow(tx, "person", person.id, &person.place(), Some(new.to_worker_id)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTY: Place = Place { id: 30, level: kernel::Level::County, path: [1, 2, 30, 0, 0] };
    const TOWN: Place = Place { id: 40, level: kernel::Level::Township, path: [1, 2, 30, 40, 0] };
    const OTHER: Place = Place { id: 41, level: kernel::Level::Township, path: [1, 2, 30, 41, 0] };

    #[test]
    fn clients_of_somebody_who_left_one_town_and_works_in_another_are_left_behind_in_the_first() {
        let (a, b) = (Id::from_u128(1), Id::from_u128(2));
        let office = |account, place, holds| Office { account, place, holds };
        let offices = [office(a, TOWN, false), office(a, OTHER, true), office(b, TOWN, false), office(b, COUNTY, true)];
        assert_eq!(left_behind(&offices, &COUNTY), [(a, TOWN)]);
        assert_eq!(left_behind(&offices, &TOWN), [(a, TOWN)]);
        assert_eq!(left_behind(&[office(a, COUNTY, false), office(a, TOWN, true)], &TOWN), []);
        assert_eq!(left_behind(&[office(a, COUNTY, false)], &TOWN), [(a, TOWN)]);
    }
}
