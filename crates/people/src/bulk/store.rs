//! Queries over bulk acts and their rows.

use std::fmt::Write as _;

use access::{Scope, Visible, Writing};
use kernel::{Id, Outcome, Permit};
use sea_orm::{ColumnTrait as _, Order, Value};

use super::{
    Run,
    model::WAITING,
    row::{bulk_row, bulk_run},
};

/// A row to write with an act.
pub struct NewRow {
    /// Who.
    pub person: Id,
    /// State.
    pub state: &'static str,
    /// What stood there, as JSON.
    pub before: String,
    /// What was set, as JSON.
    pub after: String,
}

/// Acts of a reach, newest first, behind `after`.
pub fn runs(scope: &Scope<Run>, after: Option<Id>, rows: u64) -> Visible<'static, bulk_run::Entity> {
    let mut query = scope.find::<bulk_run::Entity>().order(bulk_run::Column::Id, Order::Desc).limit(rows);
    if let Some(after) = after {
        query = query.filter(bulk_run::Column::Id.lt(after));
    }
    query
}

/// The act with this id inside the reach.
pub async fn one(scope: &Scope<Run>, id: Id) -> Outcome<bulk_run::Model> {
    scope.find::<bulk_run::Entity>().filter(bulk_run::Column::Id.eq(id)).required().await
}

/// Rows of an act in order, behind `after`, only those of a state when one is named.
pub fn rows<P: Permit>(
    scope: &Scope<P>,
    run: &bulk_run::Model,
    state: Option<&str>,
    after: i32,
    most: u64,
) -> Visible<'static, bulk_row::Entity> {
    let mut query = scope
        .parts::<bulk_row::Entity, bulk_run::Entity>(run)
        .filter(bulk_row::Column::Serial.gt(after))
        .order(bulk_row::Column::Serial, Order::Asc)
        .limit(most);
    if let Some(state) = state {
        query = query.filter(bulk_row::Column::State.eq(state));
    }
    query
}

/// How many rows of an act stand in each state.
pub async fn counts<P: Permit>(scope: &Scope<P>, run: &bulk_run::Model) -> Outcome<Vec<(String, i64)>> {
    let mut counts: std::collections::BTreeMap<String, i64> = std::collections::BTreeMap::new();
    for row in scope.parts::<bulk_row::Entity, bulk_run::Entity>(run).all().await? {
        *counts.entry(row.state).or_default() += 1;
    }
    Ok(counts.into_iter().collect())
}

/// Writes the rows of an act.
pub async fn put_rows<P: Permit>(tx: &Writing<'_, P>, run: Id, rows: &[NewRow]) -> Outcome<()> {
    for (chunk_no, chunk) in rows.chunks(500).enumerate() {
        let mut sql = String::from(
            "INSERT INTO bulk_row (run_id, serial, person_id, state, wish, before_json, after_json, why_zh, why_en) VALUES ",
        );
        let mut values: Vec<Value> = vec![run.into()];
        for (n, row) in chunk.iter().enumerate() {
            let b = values.len();
            let comma = if n == 0 { "" } else { ", " };
            let _ = write!(sql, "{comma}($1, ${}, ${}, ${}, '', ${}, ${}, '', '')", b + 1, b + 2, b + 3, b + 4, b + 5);
            let serial = i32::try_from(chunk_no * 500 + n + 1).unwrap_or(i32::MAX);
            values.extend([serial.into(), row.person.into(), row.state.into()]);
            values.extend([row.before.clone().into(), row.after.clone().into()]);
        }
        tx.execute(&sql, values).await?;
    }
    Ok(())
}

/// Notes what became of a row; it must stand as the caller saw it.
pub async fn mark<P: Permit>(
    tx: &Writing<'_, P>,
    row: &bulk_row::Model,
    state: &str,
    (before, after): (&str, &str),
    (zh, en): (&str, &str),
) -> Outcome<bool> {
    let sql = "UPDATE bulk_row SET state = $1, before_json = $2, after_json = $3, why_zh = $4, why_en = $5 \
               WHERE run_id = $6 AND serial = $7 AND state = $8";
    let values: Vec<Value> = vec![
        state.into(),
        before.into(),
        after.into(),
        zh.into(),
        en.into(),
        row.run_id.into(),
        row.serial.into(),
        row.state.clone().into(),
    ];
    Ok(tx.execute(sql, values).await? == 1)
}

/// The next rows that wait.
pub fn waiting<P: Permit>(scope: &Scope<P>, run: &bulk_run::Model) -> Visible<'static, bulk_row::Entity> {
    rows(scope, run, Some(WAITING), 0, 100)
}
