//! Queries over applications and their acts.

use access::{Scope, Visible, Writing, task_moves};
use kernel::{Day, Id, Outcome, Permit, Place, Sees};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Order};

use super::row::{application, application_step};
use crate::persons::row::person;

/// Which applications to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state; else by `open`.
    pub state: Option<String>,
    /// Neither decided nor withdrawn, or the others.
    pub open: bool,
    /// Of persons this account answers for.
    pub worker: Option<Id>,
}

/// Applications inside a place, the newest first, behind `after`.
pub fn listing<P: Permit + Sees<application::Entity>>(
    scope: &Scope<P>,
    place: Option<&Place>,
    filter: &Filter,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, application::Entity> {
    let query = match place {
        Some(place) => scope.find_in::<application::Entity>(place),
        None => scope.find::<application::Entity>(),
    };
    let mut query = match &filter.state {
        Some(state) => query.filter(application::Column::State.eq(state)),
        None => query.filter(application::Column::IsOpen.eq(filter.open)),
    };
    if let Some(worker) = filter.worker {
        query = query.filter(application::Column::WorkerId.eq(worker));
    }
    if let Some(after) = after {
        query = query.filter(application::Column::Id.lt(after));
    }
    query.order(application::Column::Id, Order::Desc).limit(rows)
}

/// All applications of a person inside the reach, the newest first.
pub fn of_person<P: Permit + Sees<application::Entity>>(
    scope: &Scope<P>,
    person: Id,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, application::Entity> {
    let mut query = scope.find::<application::Entity>().filter(application::Column::PersonId.eq(person));
    if let Some(after) = after {
        query = query.filter(application::Column::Id.lt(after));
    }
    query.order(application::Column::Id, Order::Desc).limit(rows)
}

/// The application with this id inside the reach.
pub async fn one<P: Permit + Sees<application::Entity>>(scope: &Scope<P>, id: Id) -> Outcome<application::Model> {
    scope.find::<application::Entity>().filter(application::Column::Id.eq(id)).required().await
}

/// The person an application is for.
pub async fn person_of<P: Permit>(scope: &Scope<P>, row: &application::Model) -> Outcome<person::Model> {
    scope.parts::<person::Entity, application::Entity>(row).required().await
}

/// The persons of a page of applications.
pub async fn people_of<P>(scope: &Scope<P>, rows: &[application::Model]) -> Outcome<Vec<person::Model>>
where
    P: Permit + Sees<person::Entity>,
{
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = rows.iter().map(|row| row.person_id);
    scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await
}

/// The acts on an application, the oldest first.
pub async fn steps<P: Permit>(scope: &Scope<P>, row: &application::Model) -> Outcome<Vec<application_step::Model>> {
    let steps = scope.parts::<application_step::Entity, application::Entity>(row);
    // Ids are made by clients, whose clocks differ; within a millisecond the record number tells.
    let steps =
        steps.order(application_step::Column::At, Order::Asc).order(application_step::Column::AuditNo, Order::Asc);
    steps.all().await
}

/// The open application of a person for a policy.
pub async fn open_in<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    policy: &str,
) -> Outcome<Option<application::Model>> {
    tx.parts::<application::Entity, person::Entity>(person)
        .filter(application::Column::IsOpen.eq(true))
        .filter(application::Column::Policy.eq(policy))
        .one()
        .await
}

/// Whether anything was ever applied for in the name of a person.
pub async fn any_in<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<bool> {
    Ok(tx.parts::<application::Entity, person::Entity>(person).one().await?.is_some())
}

/// Begins an application of a person.
pub async fn begin<P: Permit + Sees<application::Entity>>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    id: Id,
    policy: &str,
) -> Outcome<application::Model> {
    let (today, actor) = (tx.scope().today(), tx.scope().actor());
    let [province_id, city_id, county_id, township_id, village_id] = person.path();
    let row = application::ActiveModel {
        id: Set(id),
        person_id: Set(person.id),
        policy: Set(policy.to_owned()),
        state: Set("draft".to_owned()),
        is_open: Set(true),
        worker_id: Set(person.worker_id.unwrap_or(actor)),
        opened_by: Set(actor),
        village_id: Set(village_id),
        township_id: Set(township_id),
        county_id: Set(county_id),
        city_id: Set(city_id),
        province_id: Set(province_id),
        opened_on: Set(today),
        state_on: Set(today),
        due_on: Set(None),
        accepted_on: Set(None),
        publicity_to: Set(None),
        publicity_ended_on: Set(None),
        submitted_on: Set(None),
        upstream_no: Set(None),
        decided_on: Set(None),
        document: Set(None),
        reason: Set(None),
        amount: Set(None),
        told_on: Set(None),
        announced_on: Set(None),
        consent_by: Set(None),
        consent_on: Set(None),
        consent_how: Set(None),
        is_relative: Set(None),
        relative_note: Set(None),
        answers: Set("{}".to_owned()),
        note: Set(None),
        created_at: Set(tx.scope().now()),
        ..Default::default()
    };
    tx.insert::<application::Entity>(row).await
}

/// Brings an application to where an act leaves it.
pub async fn advance<P: Permit + Sees<application::Entity>>(
    tx: &Writing<'_, P>,
    before: &application::Model,
    then: application::Model,
) -> Outcome<application::Model> {
    tx.update::<application::Entity>(before, |r| {
        r.state = Set(then.state);
        r.is_open = Set(then.is_open);
        r.state_on = Set(then.state_on);
        r.due_on = Set(then.due_on);
        r.accepted_on = Set(then.accepted_on);
        r.publicity_to = Set(then.publicity_to);
        r.publicity_ended_on = Set(then.publicity_ended_on);
        r.submitted_on = Set(then.submitted_on);
        r.upstream_no = Set(then.upstream_no);
        r.decided_on = Set(then.decided_on);
        r.document = Set(then.document);
        r.reason = Set(then.reason);
        r.amount = Set(then.amount);
        r.told_on = Set(then.told_on);
        r.announced_on = Set(then.announced_on);
    })
    .await
}

/// An act as it is written down.
#[derive(Debug, Clone)]
pub struct Step {
    /// Id the client made.
    pub id: Id,
    /// Word of the act.
    pub act: &'static str,
    /// Day it was done.
    pub on: Day,
    /// What was said.
    pub text: String,
    /// JSON.
    pub detail: String,
}

/// Writes an act down.
pub async fn put_step<P: Permit>(tx: &Writing<'_, P>, row: &application::Model, step: Step) -> Outcome<()> {
    let step = application_step::ActiveModel {
        id: Set(step.id),
        act: Set(step.act.to_owned()),
        on_day: Set(step.on),
        text: Set(step.text),
        detail: Set(step.detail),
        actor_id: Set(tx.scope().actor()),
        at: Set(tx.scope().now()),
        county_id: Set(row.county_id),
        ..Default::default()
    };
    tx.insert_part::<application_step::Entity, application::Entity>(row, step).await.map(|_| ())
}

/// Lets the applications of a person lie where the person lives now and belong to who answers for the person now, with their
/// open tasks. Without a responsible worker they stay with the former one, whose reach decides whether they are still seen.
pub async fn follow<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    let all = tx.parts::<application::Entity, person::Entity>(person).all().await?;
    for row in all {
        let worker = person.worker_id.unwrap_or(row.worker_id);
        if row.path() == person.path() && row.worker_id == worker {
            continue;
        }
        let [province, city, county, township, village] = person.path();
        tx.update_part::<application::Entity>(&row, |r| {
            r.province_id = Set(province);
            r.city_id = Set(city);
            r.county_id = Set(county);
            r.township_id = Set(township);
            r.village_id = Set(village);
            r.worker_id = Set(worker);
        })
        .await?;
        task_moves::follow(tx, "application", row.id, &person.place(), person.worker_id).await?;
    }
    Ok(())
}
