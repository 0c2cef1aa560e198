//! Loading a world: rows station by station, each in one transaction, with one audit record per county and kind.

use std::{collections::HashMap, sync::Arc};

use access::{
    House,
    audit::{self, Detail, Entry},
};
use ground::{
    Floor, Tx,
    bulk::{Bulk, Indexes},
};
use kernel::{Id, Outcome};
use sea_orm::{ConnectionTrait as _, Value};

use super::{accounts::Logins, network, people, world::World};

/// Rows of one table.
pub struct Rows {
    /// Table name.
    pub table: &'static str,
    /// Kind in the audit log; empty for tables without audit number.
    pub kind: &'static str,
    /// Columns; for kept tables `rev` and `audit_no` are added.
    pub columns: &'static [&'static str],
    /// Values, row after row.
    pub values: Vec<Value>,
}

impl Rows {
    /// No rows yet.
    pub fn new(table: &'static str, kind: &'static str, columns: &'static [&'static str]) -> Self {
        Self { table, kind, columns, values: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        self.values.extend(row);
        debug_assert_eq!(self.values.len() % self.columns.len(), 0, "{}", self.table);
    }
}

/// Loads stations, people and visits, then fills the counters.
pub async fn everything(house: &House, world: &World, logins: &Logins) -> anyhow::Result<()> {
    let floor = house.floor().clone();
    let (bar, progress) = crate::serve::bar("人员与走访 people, visits");
    let indexes = take_off_indexes(&floor).await?;
    let mut made = people::Maker::new(house, world).await?;
    let total = u64::try_from(world.stations.len()).unwrap_or(0);
    let weights: u64 = world.stations.iter().map(people::weight).sum();
    let mut records: HashMap<(i32, &'static str), i64> = HashMap::new();
    let mut left = u64::from(world.clients);
    let mut weight_left = weights.max(1);
    for (n, station) in world.stations.iter().enumerate() {
        let share = people::weight(station) * left / weight_left.max(1);
        left -= share;
        weight_left -= people::weight(station);
        let resident = logins.residents.get(&station.id).copied();
        let mut rows = network::rows(world, station, resident, logins.anybody, &floor);
        rows.extend(made.station(station, share, resident, logins.anybody)?);
        records = write(&floor, rows, station.town.county_id, logins.anybody, records).await?;
        progress.at(u64::try_from(n + 1).unwrap_or(0), total, "people");
    }
    bar.finish_and_clear();
    let (bar, progress) = crate::serve::bar("索引 indexes");
    put_back_indexes(&floor, indexes, &progress).await?;
    bar.finish_and_clear();
    floor.db.write(|tx| Box::pin(async move { ::people::figures::rebuild(tx.conn()).await })).await?;
    // Both planners know the size of the tables from now on.
    floor.db.raw_writer().execute_unprepared("ANALYZE").await.map_err(kernel::Problem::from)?;
    Ok(())
}

/// Tables whose indexes are made once at the end: sorting beats a million insertions here and there.
const LARGE: &[&str] =
    &["person", "person_key", "residence", "household", "membership", "category_assignment", "ledger_entry", "visit"];

async fn take_off_indexes(floor: &Floor) -> Outcome<Vec<Indexes>> {
    floor
        .db
        .write(|tx| {
            Box::pin(async move {
                let mut all = Vec::new();
                for table in LARGE {
                    all.push(Indexes::take_off(tx.conn(), table).await?);
                }
                Ok(all)
            })
        })
        .await
}

async fn put_back_indexes(floor: &Floor, indexes: Vec<Indexes>, progress: &ground::Progress) -> Outcome<()> {
    let total = u64::try_from(indexes.len()).unwrap_or(0);
    for (n, table) in indexes.into_iter().enumerate() {
        floor.db.write(|tx| Box::pin(async move { table.put_back(tx.conn()).await })).await?;
        progress.at(u64::try_from(n + 1).unwrap_or(0), total, "indexes");
    }
    Ok(())
}

/// Whether the data folder holds people already.
pub async fn has_persons(floor: &Floor) -> Outcome<bool> {
    use sea_orm::{EntityTrait as _, QuerySelect as _};
    let found = ::people::persons::row::person::Entity::find().limit(1).one(floor.db.read()).await?;
    Ok(found.is_some())
}

async fn write(
    floor: &Arc<Floor>,
    rows: Vec<Rows>,
    chain: i32,
    actor: Id,
    mut records: HashMap<(i32, &'static str), i64>,
) -> Outcome<HashMap<(i32, &'static str), i64>> {
    let on = floor.clone();
    floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                for table in rows {
                    if table.values.is_empty() {
                        continue;
                    }
                    let number = if table.kind.is_empty() {
                        None
                    } else {
                        Some(match records.get(&(chain, table.kind)) {
                            Some(number) => *number,
                            None => {
                                let number = record(tx, &on, chain, actor, table.kind).await?;
                                records.insert((chain, table.kind), number);
                                number
                            }
                        })
                    };
                    insert(tx, table, number).await?;
                }
                Ok(records)
            })
        })
        .await
}

async fn record(tx: &Tx, floor: &Floor, chain: i32, actor: Id, kind: &'static str) -> Outcome<i64> {
    let detail = Detail { changes: Vec::new(), reason: Some("demo world".to_owned()) };
    let entry = Entry { chain, actor, action: "load", object_kind: kind, object: Id::nil(), rev: 1, detail: &detail };
    audit::append(tx.conn(), floor, entry).await
}

async fn insert(tx: &Tx, rows: Rows, number: Option<i64>) -> Outcome<()> {
    let conn = tx.conn();
    let width = rows.columns.len();
    let mut columns = rows.columns.to_vec();
    if number.is_some() {
        columns.extend(["rev", "audit_no"]);
    }
    let mut bulk = Bulk::new(conn.get_database_backend(), rows.table, &columns);
    let mut values = rows.values.into_iter();
    loop {
        let mut row: Vec<Value> = values.by_ref().take(width).collect();
        if row.is_empty() {
            break;
        }
        if let Some(number) = number {
            row.extend([Value::from(1_i32), Value::from(number)]);
        }
        bulk.push(conn, row).await?;
    }
    bulk.finish(conn).await?;
    Ok(())
}
