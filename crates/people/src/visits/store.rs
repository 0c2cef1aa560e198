//! Queries over visits and addenda, and what a person's visits say taken together.

use std::collections::{BTreeMap, HashMap};

use access::{Scope, Visible, reach::Reach};
use kernel::{Day, Id, Outcome, Permit, Place, Sees};
use sea_orm::{
    ColumnTrait as _, Condition, Order,
    sea_query::{Expr, SimpleExpr},
};

use super::{
    COMPLETED, Read, model,
    row::{VisitTold, addendum, visit},
};
use crate::persons::row::{NEVER_BEFORE, person};

/// Visits read at a time when a person's history is followed back.
const STEP: u64 = 50;

/// The most visits counted on one page.
const MOST_COUNTED: u64 = 1_000;

/// Position in a list of visits: day and id of the last row.
pub type Key = (Day, Id);

/// What to list.
#[derive(Debug, Default)]
pub struct Filter {
    /// From this day.
    pub from: Option<Day>,
    /// To this day, inclusive.
    pub to: Option<Day>,
    /// Of this kind.
    pub kind: Option<String>,
    /// With this service, as its bit.
    pub service: Option<i64>,
    /// In this work field.
    pub field: Option<String>,
    /// In this mode.
    pub mode: Option<String>,
    /// Only acts of service: completed, somebody met.
    pub acts: bool,
}

/// Visits of people in a place, newest first, behind `after`.
pub fn of_place<P: Permit + Sees<visit::Entity>>(
    scope: &Scope<P>,
    place: &Place,
    filter: &Filter,
    after: Option<Key>,
    rows: u64,
) -> Visible<'static, visit::Entity> {
    page(scope.find_in::<visit::Entity>(place), filter, after, rows)
}

/// Visits to one person, newest first, behind `after`; whoever sees own visits only sees those.
pub async fn of_person<P: Permit + Sees<visit::Entity>>(
    scope: &Scope<P>,
    person: &person::Model,
    filter: &Filter,
    after: Option<Key>,
    rows: u64,
) -> Outcome<Visible<'static, visit::Entity>> {
    let covers = scope.reaches().iter().any(|r| !matches!(r, Reach::Own(..)) && r.covers(&person.path(), None));
    let whole = covers || scope.trail_of(person.id).await?.is_some_and(|trail| trail.whole);
    let mut query = scope.parts::<visit::Entity, person::Entity>(person);
    if !whole {
        query = query.filter(visit::Column::WorkerId.eq(scope.actor()));
    }
    Ok(page(query, filter, after, rows))
}

/// Whether the caller sees a person by a read trail of own acts only: then colleagues' visits stay closed.
pub async fn by_own_trail<P: Permit>(scope: &Scope<P>, person: &person::Model) -> Outcome<bool> {
    let covered = scope.reaches().iter().any(|r| r.covers(&person.path(), person.worker_id));
    Ok(!covered && scope.trail_of(person.id).await?.is_some_and(|trail| !trail.whole))
}

/// All visits to somebody in the caller's care, whoever made them, newest first (the timeline shows them in short).
pub fn history_of<P: Permit>(
    scope: &Scope<P>,
    person: &person::Model,
    to: Option<Day>,
    rows: u64,
) -> Visible<'static, visit::Entity> {
    page(scope.parts::<visit::Entity, person::Entity>(person), &Filter { to, ..Filter::default() }, None, rows)
}

/// Completed visits to somebody in the caller's care, and those of them after `since`, up to the limit of one page each.
pub async fn counts<P: Permit>(scope: &Scope<P>, person: &person::Model, since: Day) -> Outcome<(u64, u64)> {
    let completed = || scope.parts::<visit::Entity, person::Entity>(person).filter(visit::Column::State.eq(COMPLETED));
    let all = completed().count(MOST_COUNTED).await?;
    let recent =
        if all == 0 { 0 } else { completed().filter(visit::Column::VisitedOn.gt(since)).count(MOST_COUNTED).await? };
    Ok((all, recent))
}

fn page<'a>(
    query: Visible<'a, visit::Entity>,
    filter: &Filter,
    after: Option<Key>,
    rows: u64,
) -> Visible<'a, visit::Entity> {
    // What was voided lies in the recycle bin and is in no list.
    let mut query = query
        .filter(visit::Column::State.eq(COMPLETED))
        .order(visit::Column::VisitedOn, Order::Desc)
        .order(visit::Column::Id, Order::Desc)
        .limit(rows);
    if let Some(from) = filter.from {
        query = query.filter(visit::Column::VisitedOn.gte(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(visit::Column::VisitedOn.lte(to));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(visit::Column::Kind.eq(kind.as_str()));
    }
    if let Some(bit) = filter.service {
        query = query.filter(with_service(bit));
    }
    for (column, code) in [(visit::Column::WorkField, &filter.field), (visit::Column::Mode, &filter.mode)] {
        if let Some(code) = code {
            query = query.filter(column.eq(code.as_str()));
        }
    }
    if filter.acts {
        query = query
            .filter(visit::Column::State.eq(COMPLETED))
            .filter(visit::Column::ContactResult.is_in(model::contact_results()));
    }
    match after {
        Some(key) => query.filter(older_than(key)),
        None => query,
    }
}

/// The service of this bit was given.
fn with_service(bit: i64) -> SimpleExpr {
    use sea_orm::ExprTrait as _;
    Expr::col((visit::Entity, visit::Column::ServiceBits)).bit_and(bit).ne(0_i64)
}

/// Behind a row in newest-first order; the first part alone already bounds the index range.
fn older_than((day, id): Key) -> Condition {
    let same_day = Condition::all().add(visit::Column::VisitedOn.eq(day)).add(visit::Column::Id.lt(id));
    Condition::all()
        .add(visit::Column::VisitedOn.lte(day))
        .add(Condition::any().add(visit::Column::VisitedOn.lt(day)).add(same_day))
}

/// The addenda of a visit, in the order they were written.
pub async fn addenda<P: Permit>(scope: &Scope<P>, visit: &visit::Model) -> Outcome<Vec<addendum::Model>> {
    scope.parts::<addendum::Entity, visit::Entity>(visit).order(addendum::Column::Id, Order::Asc).read().await
}

/// The people of these visits, by id.
pub async fn people_of(scope: &Scope<Read>, visits: &[visit::Model]) -> Outcome<HashMap<Id, person::Model>> {
    let mut ids: Vec<Id> = visits.iter().map(|v| v.person_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = scope.find::<person::Entity>().filter(person::Column::Id.is_in(ids)).all().await?;
    let mut found: HashMap<Id, person::Model> = rows.into_iter().map(|p| (p.id, p)).collect();
    // A worker's own visit stays readable when the person has come into somebody else's care.
    for visit in visits {
        if !found.contains_key(&visit.person_id)
            && let Some(person) = scope.parts::<person::Entity, visit::Entity>(visit).one().await?
        {
            found.insert(person.id, person);
        }
    }
    Ok(found)
}

/// What the completed visits to one person say taken together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Day of the latest contact; [`NEVER_BEFORE`] without one.
    pub last_visit_on: Day,
    /// Day of the latest visit that counts as service; [`NEVER_BEFORE`] without one.
    pub last_served_on: Day,
    /// Failed visits since the latest contact.
    pub failed_in_row: i32,
    /// Day of the latest contact in each mode.
    pub contacts: Vec<(String, Day)>,
}

/// What one completed visit says of its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its day.
    pub on: Day,
    /// Mode.
    pub mode: String,
    /// Result.
    pub result: String,
    /// Whether it counts as service.
    pub qualifies: bool,
}

impl Trace {
    /// Taken together, the newest first.
    pub fn of(visits: &[Told]) -> Self {
        let (mut last_visit_on, mut last_served_on) = (NEVER_BEFORE, NEVER_BEFORE);
        let mut by_mode: BTreeMap<String, Day> = BTreeMap::new();
        for visit in visits {
            if model::is_contact(&visit.result) {
                last_visit_on = last_visit_on.max(visit.on);
                let last = by_mode.entry(visit.mode.clone()).or_insert(visit.on);
                *last = (*last).max(visit.on);
            }
            if visit.qualifies {
                last_served_on = last_served_on.max(visit.on);
            }
        }
        let failed_in_row = model::failed_in_row(visits.iter().map(|v| v.result.as_str()));
        Self { last_visit_on, last_served_on, failed_in_row, contacts: by_mode.into_iter().collect() }
    }
}

/// Follows a person's visits back to the first one; `visits` gives all of them.
pub async fn trace<'a>(visits: impl Fn() -> Visible<'a, visit::Entity>) -> Outcome<Trace> {
    let mut told = Vec::new();
    let mut after = None;
    loop {
        let query = visits().filter(visit::Column::State.eq(COMPLETED));
        let rows = page(query, &Filter::default(), after, STEP);
        let rows = rows
            .lines(VisitTold::columns(), |a: &VisitTold, b| (b.visited_on, b.id).cmp(&(a.visited_on, a.id)))
            .await?;
        after = rows.last().map(|v| (v.visited_on, v.id));
        let more = rows.len() as u64 == STEP;
        told.extend(rows.into_iter().map(|v| Told {
            on: v.visited_on,
            mode: v.mode,
            result: v.contact_result,
            qualifies: v.qualifies,
        }));
        if !more {
            return Ok(Trace::of(&told));
        }
    }
}

/// The visit with this id inside the reach or a read trail.
pub async fn one<P: Permit + Sees<visit::Entity>>(scope: &Scope<P>, id: Id) -> Outcome<visit::Model> {
    scope.find_with_trail::<visit::Entity>(None).filter(visit::Column::Id.eq(id)).required().await
}

/// The person with this id inside the reach or a read trail, and inside `place` when one is named.
pub async fn person<P: Permit + Sees<person::Entity>>(
    scope: &Scope<P>,
    id: Id,
    place: Option<Place>,
) -> Outcome<person::Model> {
    scope.find_with_trail::<person::Entity>(place.as_ref()).filter(person::Column::Id.eq(id)).read_one().await
}
