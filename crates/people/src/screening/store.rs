//! Queries over states, findings, second looks and runs.

use std::collections::HashMap;

use access::{Scope, Visible, Writing, scope::Report};
use kernel::{Day, Id, Level, Outcome, Permit, Place, Sees};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, Order,
    QueryFilter as _, sea_query::OnConflict,
};

use super::row::{screening_dismissal, screening_finding, screening_run, screening_state};
use crate::{applications::row::application, persons::row::person};

/// Lets what was found of a person lie where the person lives now and belong to who answers for the person now.
pub async fn follow<P: Permit>(tx: &Writing<'_, P>, person: &person::Model) -> Outcome<()> {
    let [province, city, county, township, village] = person.path();
    for table in ["screening_state", "screening_finding"] {
        let sql = format!(
            "UPDATE {table} SET province_id = $1, city_id = $2, county_id = $3, township_id = $4, village_id = $5 WHERE person_id = $6"
        );
        let path = [province, city, county, township, village].map(Into::into);
        tx.execute(&sql, path.into_iter().chain([person.id.into()]).collect()).await?;
    }
    let sql = "UPDATE screening_finding SET worker_id = $1 WHERE person_id = $2";
    tx.execute(sql, vec![person.worker_id.into(), person.id.into()]).await.map(|_| ())
}

/// Forgets what was found of somebody who is no longer a client; the next run works out what holds then.
pub async fn forget<P: Permit>(tx: &Writing<'_, P>, person: Id) -> Outcome<()> {
    for table in ["screening_state", "screening_finding"] {
        tx.execute(&format!("DELETE FROM {table} WHERE person_id = $1"), vec![person.into()]).await?;
    }
    Ok(())
}

/// Everything that stands of some persons, as it is in the transaction that brings it up to date.
#[derive(Debug, Default)]
pub struct Standing {
    /// Persons as they are now.
    pub people: HashMap<Id, person::Model>,
    /// Their states.
    pub states: HashMap<Id, screening_state::Model>,
    /// Their findings.
    pub findings: HashMap<Id, Vec<screening_finding::Model>>,
    /// Policies they applied for: those open, and those decided on a day.
    pub applied: HashMap<Id, Vec<(String, Option<Day>)>>,
}

/// Reads what stands of these persons, a few hundred at the most.
pub async fn standing<P: Permit>(tx: &Writing<'_, P>, people: &[Id]) -> Outcome<Standing> {
    let ids = || people.iter().copied();
    let mut standing = Standing::default();
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids())).all(tx.derived()).await?;
    standing.people = rows.into_iter().map(|p| (p.id, p)).collect();
    let rows = screening_state::Entity::find().filter(screening_state::Column::PersonId.is_in(ids()));
    standing.states = rows.all(tx.derived()).await?.into_iter().map(|s| (s.person_id, s)).collect();
    let rows = screening_finding::Entity::find().filter(screening_finding::Column::PersonId.is_in(ids()));
    for row in rows.all(tx.derived()).await? {
        standing.findings.entry(row.person_id).or_default().push(row);
    }
    let rows = application::Entity::find().filter(application::Column::PersonId.is_in(ids()));
    for row in rows.all(tx.derived()).await? {
        let decided = ["confirmed", "refused"].contains(&row.state.as_str());
        if row.is_open || decided {
            let on = if row.is_open { None } else { row.decided_on };
            standing.applied.entry(row.person_id).or_default().push((row.policy, on));
        }
    }
    Ok(standing)
}

/// Writes states; the place of those that are there stays, it follows the person by itself.
pub async fn put_states<P: Permit>(tx: &Writing<'_, P>, states: Vec<screening_state::Model>) -> Outcome<()> {
    use screening_state::Column as C;
    if states.is_empty() {
        return Ok(());
    }
    let rows = states.into_iter().map(|s| s.into_active_model().reset_all());
    let conflict =
        OnConflict::column(C::PersonId).update_columns([C::StandardId, C::Basis, C::NextOn, C::Statuses]).to_owned();
    screening_state::Entity::insert_many(rows).on_conflict(conflict).exec_without_returning(tx.derived()).await?;
    Ok(())
}

/// Puts new findings of a person.
pub async fn put_findings<P: Permit>(tx: &Writing<'_, P>, found: Vec<screening_finding::Model>) -> Outcome<()> {
    if found.is_empty() {
        return Ok(());
    }
    let rows = found.into_iter().map(|f| f.into_active_model().reset_all());
    screening_finding::Entity::insert_many(rows).exec_without_returning(tx.derived()).await?;
    Ok(())
}

/// Takes findings away that no longer hold.
pub async fn drop_findings<P: Permit>(tx: &Writing<'_, P>, gone: &[Id]) -> Outcome<()> {
    for ids in gone.chunks(500) {
        let gone = screening_finding::Column::Id.is_in(ids.iter().copied());
        screening_finding::Entity::delete_many().filter(gone).exec(tx.derived()).await?;
    }
    Ok(())
}

/// Changes the amount of a finding.
pub async fn set_amount<P: Permit>(tx: &Writing<'_, P>, id: Id, amount: Option<i64>, example: bool) -> Outcome<()> {
    let sql = "UPDATE screening_finding SET amount = $1, is_example = $2 WHERE id = $3";
    tx.execute(sql, vec![amount.into(), example.into(), id.into()]).await.map(|_| ())
}

/// The findings of a person.
pub async fn findings_in<P: Permit>(tx: &Writing<'_, P>, person: Id) -> Outcome<Vec<screening_finding::Model>> {
    let rows = screening_finding::Entity::find().filter(screening_finding::Column::PersonId.eq(person));
    Ok(rows.all(tx.derived()).await?)
}

/// Sets a finding aside, with what a worker said on a second look.
pub async fn dismiss<P: Permit>(
    tx: &Writing<'_, P>,
    person: &person::Model,
    finding: &screening_finding::Model,
    (id, reason, note): (Id, String, String),
) -> Outcome<()> {
    let row = screening_dismissal::ActiveModel {
        id: Set(id),
        policy: Set(finding.policy.clone()),
        kind: Set(finding.kind.clone()),
        reason: Set(reason),
        note: Set(note),
        actor_id: Set(tx.scope().actor()),
        at: Set(tx.scope().now()),
        county_id: Set(person.county_id),
        ..Default::default()
    };
    tx.insert_part::<screening_dismissal::Entity, person::Entity>(person, row).await?;
    let sql = "UPDATE screening_finding SET is_dismissed = $1 WHERE id = $2";
    tx.execute(sql, vec![true.into(), finding.id.into()]).await.map(|_| ())
}

/// Which findings to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// eligible, lost or unknown.
    pub kind: String,
    /// Of this policy.
    pub policy: Option<String>,
    /// Those set aside instead of those that wait.
    pub dismissed: bool,
}

/// Findings inside a place, the newest first, behind `after`.
pub fn listing<P: Permit + Sees<screening_finding::Entity>>(
    scope: &Scope<P>,
    place: Option<&Place>,
    filter: &Filter,
    after: Option<Id>,
    rows: u64,
) -> Visible<'static, screening_finding::Entity> {
    use screening_finding::Column as C;
    let mut query = match place {
        Some(place) => scope.find_in::<screening_finding::Entity>(place),
        None => scope.find::<screening_finding::Entity>(),
    };
    query = query.filter(C::Kind.eq(filter.kind.as_str())).filter(C::IsDismissed.eq(filter.dismissed));
    if let Some(policy) = &filter.policy {
        query = query.filter(C::Policy.eq(policy.as_str()));
    }
    if let Some(after) = after {
        query = query.filter(C::Id.lt(after));
    }
    query.order(C::Id, Order::Desc).limit(rows)
}

/// How many findings of a policy wait, counted up to `most`; with `since` only those newer than this id.
pub async fn count<P: Permit + Sees<screening_finding::Entity>>(
    scope: &Scope<P>,
    place: Option<&Place>,
    filter: &Filter,
    since: Option<Id>,
    most: u64,
) -> Outcome<u64> {
    let mut query = listing(scope, place, filter, None, most);
    if let Some(since) = since {
        query = query.filter(screening_finding::Column::Id.gt(since));
    }
    query.count(most).await
}

/// The counties in which anybody lives.
pub async fn counties<P: Permit>(scope: &Scope<P>, report: &Report) -> Outcome<Vec<Place>> {
    let mut found = Vec::new();
    let mut last = 0;
    loop {
        let sql = format!("SELECT MIN(county_id) FROM person WHERE {} > 0 AND county_id > $1", report.column());
        let rows = report.lines::<(Option<i32>,)>(&sql, vec![last.into()]).await?;
        let Some(id) = rows.first().and_then(|row| row.0) else { return Ok(found) };
        found.push(as_county(scope.division(id).await?.place()));
        last = id;
    }
}

/// A place as the county it is or lies in, where its rows are counted.
pub fn as_county(place: Place) -> Place {
    let [province, city, county, ..] = place.path;
    let county = if county == 0 { place.id } else { county };
    Place { id: county, level: Level::County, path: [province, city, county, 0, 0] }
}

/// Runs of a county itself or of one of its townships (0 for the county), the newest first.
pub fn runs<P: Permit + Sees<screening_run::Entity>>(
    scope: &Scope<P>,
    county: i32,
    township: i32,
    state: &str,
) -> Visible<'static, screening_run::Entity> {
    use screening_run::Column as C;
    scope
        .find::<screening_run::Entity>()
        .filter(C::CountyId.eq(county))
        .filter(C::TownshipId.eq(township))
        .filter(C::State.eq(state))
        .order(C::Id, Order::Desc)
}

/// Writes a run, new or gone on.
pub async fn put_run<P: Permit>(tx: &Writing<'_, P>, run: &screening_run::Model) -> Outcome<()> {
    use screening_run::Column as C;
    let row = run.clone().into_active_model().reset_all();
    let changing = [C::State, C::Day, C::Seq, C::UptoId, C::Seen, C::Changed, C::Missed, C::EndedAt];
    let conflict = OnConflict::column(C::Id).update_columns(changing).to_owned();
    screening_run::Entity::insert(row).on_conflict(conflict).exec_without_returning(tx.derived()).await?;
    Ok(())
}
