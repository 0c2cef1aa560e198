//! Loading a world: rows station by station, each in one transaction, with one audit record per county and kind. On PostgreSQL
//! the rows of a station go to one file per table, and the files are copied in at the end.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use access::{
    House,
    audit::{self, Detail},
};
use ground::{
    Engine, Floor, Tx,
    bulk::{Bulk, CopyFile, Indexes},
};
use kernel::{Id, Outcome, Problem};
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

    /// Adds a row: a value for each column, or the loader is wrong and says so.
    pub fn push(&mut self, row: impl IntoIterator<Item = Value>) {
        self.values.extend(row);
        assert_eq!(self.values.len() % self.columns.len(), 0, "{}", self.table);
    }

    /// The columns with `rev` and `audit_no` where the table is kept.
    fn all_columns(&self) -> Vec<&'static str> {
        let kept: &[&str] = if self.kind.is_empty() { &[] } else { &["rev", "audit_no"] };
        self.columns.iter().chain(kept).copied().collect()
    }

    /// Row by row, each with revision 1 and the number of its audit record.
    fn into_rows(self, number: Option<i64>) -> impl Iterator<Item = Vec<Value>> {
        let width = self.columns.len();
        let mut values = self.values.into_iter();
        std::iter::from_fn(move || {
            let mut row: Vec<Value> = values.by_ref().take(width).collect();
            if row.is_empty() {
                return None;
            }
            row.extend(number.into_iter().flat_map(|n| [Value::from(1_i32), Value::from(n)]));
            Some(row)
        })
    }
}

/// Loads stations, people and visits, then fills the counters.
pub async fn everything(house: &House, world: &World, logins: &Logins) -> anyhow::Result<()> {
    let floor = house.floor().clone();
    let (bar, progress) = crate::serve::bar("人员与走访 people, visits");
    let mut loader = Loader::begin(&floor, logins.anybody).await?;
    let mut made = people::Maker::new(house, world).await?;
    let total = u64::try_from(world.stations.len()).unwrap_or(0);
    let weights: u64 = world.stations.iter().map(people::weight).sum();
    let mut left = u64::from(world.clients);
    let mut weight_left = weights.max(1);
    for (n, station) in world.stations.iter().enumerate() {
        let share = people::weight(station) * left / weight_left.max(1);
        left -= share;
        weight_left -= people::weight(station);
        let resident = logins.residents.get(&station.id).copied();
        let mut rows = network::rows(world, station, resident, logins.anybody, &floor);
        rows.extend(made.station(station, share, resident, logins.anybody)?);
        loader.put(rows, station.town.county_id).await?;
        progress.at(u64::try_from(n + 1).unwrap_or(0), total, "people");
    }
    bar.finish_and_clear();
    loader.finish().await?;
    Ok(())
}

/// Takes rows place by place and leaves a database with indexes, counters and statistics.
pub struct Loader {
    floor: Arc<Floor>,
    actor: Id,
    indexes: Vec<Indexes>,
    /// On PostgreSQL.
    files: Option<Files>,
    /// Number of the audit record of each county and kind.
    records: HashMap<(i32, &'static str), i64>,
}

impl Loader {
    /// Takes the indexes off; `actor` is the account in whose name the rows are entered.
    pub async fn begin(floor: &Arc<Floor>, actor: Id) -> Outcome<Self> {
        let files = (floor.db.engine() == Engine::Postgres).then(|| Files::new(floor)).transpose()?;
        let indexes = take_off_indexes(floor).await?;
        Ok(Self { floor: floor.clone(), actor, indexes, files, records: HashMap::new() })
    }

    /// Adds the rows of one place whose county is `chain`.
    pub async fn put(&mut self, rows: Vec<Rows>, chain: i32) -> Outcome<()> {
        let rows: Vec<Rows> = rows.into_iter().filter(|r| !r.values.is_empty()).collect();
        let kinds: Vec<&'static str> = rows.iter().map(|r| r.kind).filter(|k| !k.is_empty()).collect();
        let (on, actor, mut records) = (self.floor.clone(), self.actor, std::mem::take(&mut self.records));
        let (now, later) = if self.files.is_some() { (Vec::new(), rows) } else { (rows, Vec::new()) };
        self.records = self
            .floor
            .db
            .write(move |tx| {
                Box::pin(async move {
                    for kind in kinds {
                        if let Entry::Vacant(free) = records.entry((chain, kind)) {
                            free.insert(record(tx, &on, chain, actor, kind).await?);
                        }
                    }
                    for table in now {
                        let number = records.get(&(chain, table.kind)).copied();
                        insert(tx, table, number).await?;
                    }
                    Ok(records)
                })
            })
            .await?;
        match &mut self.files {
            Some(files) => files.take(later, chain, &self.records),
            None => Ok(()),
        }
    }

    /// Copies what waits, makes the indexes again, fills the counters, tells the planner.
    pub async fn finish(self) -> anyhow::Result<()> {
        let floor = self.floor;
        if let Some(files) = self.files {
            let (bar, progress) = crate::serve::bar("写入 copying");
            files.load(&floor, &progress).await?;
            bar.finish_and_clear();
        }
        let (bar, progress) = crate::serve::bar("索引 indexes");
        put_back_indexes(&floor, self.indexes, &progress).await?;
        bar.finish_and_clear();
        floor.db.write(|tx| Box::pin(async move { ::people::figures::rebuild(tx.conn()).await })).await?;
        audit::seal_loads(&floor, &server::check::watched(), self.actor).await?;
        // Both planners know the size of the tables from now on.
        floor.db.raw_writer().execute_unprepared("ANALYZE").await.map_err(Problem::from)?;
        Ok(())
    }
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

/// One `COPY` file per table, filled station by station.
struct Files {
    folder: std::path::PathBuf,
    tables: Vec<(&'static str, CopyFile)>,
}

impl Files {
    fn new(floor: &Floor) -> Outcome<Self> {
        let folder = floor.folder.root().join("jobs").join("load");
        std::fs::create_dir_all(&folder).map_err(Problem::internal)?;
        Ok(Self { folder, tables: Vec::new() })
    }

    /// Takes the rows of a station whose county is `chain`.
    fn take(&mut self, rows: Vec<Rows>, chain: i32, records: &HashMap<(i32, &'static str), i64>) -> Outcome<()> {
        for table in rows {
            let number = records.get(&(chain, table.kind)).copied();
            let columns = table.all_columns();
            let file = match self.tables.iter_mut().position(|(name, _)| *name == table.table) {
                Some(n) => self.tables.get_mut(n),
                None => {
                    self.tables.push((table.table, CopyFile::new(&self.folder, table.table, &columns)?));
                    self.tables.last_mut()
                }
            };
            let (_, file) = file.ok_or_else(|| Problem::internal("no file for a table"))?;
            for row in table.into_rows(number) {
                file.push(row)?;
            }
        }
        Ok(())
    }

    async fn load(self, floor: &Floor, progress: &ground::Progress) -> Outcome<()> {
        let total = u64::try_from(self.tables.len()).unwrap_or(0);
        for (n, (_, file)) in self.tables.into_iter().enumerate() {
            file.load(&floor.db).await?;
            progress.at(u64::try_from(n + 1).unwrap_or(0), total, "copying");
        }
        std::fs::remove_dir(&self.folder).map_err(Problem::internal)
    }
}

/// Whether the data folder holds people already.
pub async fn has_persons(floor: &Floor) -> Outcome<bool> {
    use sea_orm::{EntityTrait as _, QuerySelect as _};
    let found = ::people::persons::row::person::Entity::find().limit(1).one(floor.db.read()).await?;
    Ok(found.is_some())
}

async fn record(tx: &Tx, floor: &Floor, chain: i32, actor: Id, kind: &'static str) -> Outcome<i64> {
    let detail = Detail { changes: Vec::new(), reason: Some("demo world".to_owned()) };
    let entry =
        audit::Entry { chain, actor, action: "load", object_kind: kind, object: Id::nil(), rev: 1, detail: &detail };
    audit::append(&tx.steps(), floor, entry).await
}

async fn insert(tx: &Tx, rows: Rows, number: Option<i64>) -> Outcome<()> {
    let conn = tx.conn();
    let mut bulk = Bulk::new(conn.get_database_backend(), rows.table, &rows.all_columns());
    for row in rows.into_rows(number) {
        bulk.push(conn, row).await?;
    }
    bulk.finish(conn).await?;
    Ok(())
}
