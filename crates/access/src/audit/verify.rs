//! Verifying chains and rows, all in one snapshot of the database: a walk along every chain, then a pass over every kept table.
//!
//! The walk finds what was done to records (edited, deleted, inserted, swapped, tail cut) and rows that are gone or older
//! than their newest record. The pass over a table finds rows without record, rows that are not what their record left, and
//! adds up the rows of bulk loads. Each query takes thousands of rows; nothing is asked row by row.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use futures::future::BoxFuture;
use ground::Floor;
use kernel::{Day, Id, Outcome, Problem, Sealed, Secret};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, FromQueryResult, ModelTrait,
    QueryFilter as _, QueryOrder as _, QueryResult, QuerySelect as _, Statement, Value,
};

use super::{
    Entry, SYSTEM, append_with, checkpoint, mac,
    proof::{Load, Proof, digest, hex, unhex},
    sql,
};
use crate::{
    row::{audit, audit_head},
    writing::Kept,
};

/// Rows that a division event took to another county share one record of this action.
const MOVED: &str = "moved";
/// Rows asked for at a time.
const STEP: u64 = 2_000;

/// A fault found by [`verify`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which chain.
    pub chain: i32,
    /// Which record, 0 for the chain as a whole.
    pub seq: i64,
    /// What is wrong.
    pub what: String,
}

impl Fault {
    fn new(chain: i32, seq: i64, what: impl Into<String>) -> Self {
        Self { chain, seq, what: what.into() }
    }
}

/// One state of the whole database, however long it is looked at and whoever writes in the meantime.
pub struct Snapshot {
    floor: Arc<Floor>,
    tx: DatabaseTransaction,
}

impl Snapshot {
    /// Opens a snapshot of now.
    pub async fn of_now(floor: &Arc<Floor>) -> Outcome<Self> {
        Ok(Self { floor: floor.clone(), tx: floor.db.snapshot().await? })
    }

    /// Looks at what an open transaction sees.
    pub fn of(floor: &Arc<Floor>, tx: DatabaseTransaction) -> Self {
        Self { floor: floor.clone(), tx }
    }

    /// The transaction, for the queries of rooms.
    pub fn conn(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// Today in Beijing.
    pub fn today(&self) -> Day {
        self.floor.today()
    }

    /// Decrypts, for a comparison with what is derived of a secret.
    pub fn open_for_use(&self, sealed: &Sealed) -> Outcome<Secret> {
        self.floor.keys.open_sealed(sealed).map_err(Problem::internal)
    }

    /// Keyed hash for equality search.
    pub fn index(&self, purpose: &str, text: &str) -> Vec<u8> {
        self.floor.keys.index(purpose, text)
    }

    /// Gives the transaction back.
    pub fn into_inner(self) -> DatabaseTransaction {
        self.tx
    }

    async fn rows(&self, text: &str, values: Vec<Value>) -> Outcome<Vec<QueryResult>> {
        let backend = self.tx.get_database_backend();
        Ok(self.tx.query_all_raw(Statement::from_sql_and_values(backend, sql(backend, text), values)).await?)
    }
}

/// The chain and number of a record.
type Key = (i32, i64);

/// Rows counted and their digests added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    rows: u64,
    sum: u128,
}

impl Sum {
    fn add(&mut self, digest: u128) {
        self.rows += 1;
        self.sum = self.sum.wrapping_add(digest);
    }

    fn plus(self, other: Self) -> Self {
        Self { rows: self.rows + other.rows, sum: self.sum.wrapping_add(other.sum) }
    }
}

/// A kept table under watch.
pub struct Watched {
    kind: &'static str,
    table: &'static str,
    pass: for<'a> fn(&'a Snapshot) -> BoxFuture<'a, Outcome<Passed>>,
}

impl Watched {
    /// The table of this entity.
    pub fn of<E>() -> Self
    where
        E: Kept,
        E::Model: ModelTrait<Entity = E> + FromQueryResult,
    {
        Self { kind: E::KIND, table: E::default().table_name(), pass: |s| Box::pin(pass::<E>(s)) }
    }

    /// Its name.
    pub fn table(&self) -> &'static str {
        self.table
    }
}

/// What the pass over a table found.
#[derive(Default)]
struct Passed {
    faults: Vec<Fault>,
    loads: HashMap<Key, Sum>,
}

/// Walks every chain, and compares heads and checkpoints; gives all faults found and the number of records read.
pub async fn verify(floor: &Arc<Floor>) -> Outcome<(Vec<Fault>, u64)> {
    verify_in(&Snapshot::of_now(floor).await?, &[]).await
}

/// The same in a snapshot, and compares the rows of these tables with their records, both ways.
pub async fn verify_in(snapshot: &Snapshot, tables: &[Watched]) -> Outcome<(Vec<Fault>, u64)> {
    let mut walk = Walk::new(snapshot, tables).await?;
    walk.all().await?;
    let Walk { mut faults, count, loads, moved, .. } = walk;
    let mut found: HashMap<Key, Sum> = HashMap::new();
    for table in tables {
        let passed = (table.pass)(snapshot).await?;
        faults.extend(passed.faults);
        for (key, sum) in passed.loads {
            let there = found.entry(key).or_default();
            *there = there.plus(sum);
        }
    }
    if !tables.is_empty() {
        for ((chain, seq), load) in loads {
            // Once rows of the kind went to another county, the sum of a load cannot be told from theirs.
            if moved.contains(&load.kind) {
                continue;
            }
            let now = found.get(&(chain, seq)).copied().unwrap_or_default().plus(load.left);
            match load.sealed {
                None => faults.push(Fault::new(chain, seq, "bulk load without seal")),
                Some(sealed) if sealed != now => {
                    faults.push(Fault::new(chain, seq, "a row of this bulk load was changed, added or removed"));
                }
                Some(_) => {}
            }
        }
    }
    Ok((faults, count))
}

/// Seals bulk loads that have no seal yet; call it once after the rows are in, before anybody works with them.
pub async fn seal_loads(floor: &Arc<Floor>, tables: &[Watched], actor: Id) -> Outcome<()> {
    let snapshot = Snapshot::of_now(floor).await?;
    let mut walk = Walk::new(&snapshot, tables).await?;
    walk.all().await?;
    let mut found: HashMap<Key, Sum> = HashMap::new();
    for table in tables {
        for (key, sum) in (table.pass)(&snapshot).await?.loads {
            let there = found.entry(key).or_default();
            *there = there.plus(sum);
        }
    }
    let open: Vec<(Key, Sum)> = walk
        .loads
        .iter()
        .filter(|(_, load)| load.sealed.is_none())
        .map(|(key, load)| (*key, found.get(key).copied().unwrap_or_default().plus(load.left)))
        .collect();
    drop(walk);
    drop(snapshot);
    let on = floor.clone();
    floor
        .db
        .write(move |tx| {
            Box::pin(async move {
                for ((chain, seq), sum) in open {
                    let load = Load { seq, rows: sum.rows, sum: hex(sum.sum) };
                    let proof = Proof { load: Some(load), ..Proof::default() };
                    let detail = super::Detail::default();
                    let entry = Entry {
                        chain,
                        actor,
                        action: "sealed",
                        object_kind: "load",
                        object: Id::nil(),
                        rev: 0,
                        detail: &detail,
                    };
                    append_with(&tx.steps(), &on, entry, &proof).await?;
                }
                Ok(())
            })
        })
        .await
}

/// A bulk load as the chains tell it.
#[derive(Default)]
struct Loaded {
    /// Kind of its rows.
    kind: String,
    /// Its seal.
    sealed: Option<Sum>,
    /// Rows that have a record of their own by now.
    left: Sum,
}

/// A walk along all chains.
struct Walk<'a> {
    snapshot: &'a Snapshot,
    tables: BTreeMap<&'static str, &'static str>,
    faults: Vec<Fault>,
    count: u64,
    loads: BTreeMap<Key, Loaded>,
    /// Kinds (or their tables) of which rows went to another county.
    moved: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    async fn new(snapshot: &'a Snapshot, tables: &[Watched]) -> Outcome<Self> {
        let text = "SELECT chain, seq, object_kind FROM audit WHERE object_id = $1 AND action = 'load'";
        let mut loads = BTreeMap::new();
        for row in snapshot.rows(text, vec![Id::nil().into()]).await? {
            let load = Loaded { kind: row.try_get("", "object_kind")?, ..Loaded::default() };
            loads.insert((row.try_get("", "chain")?, row.try_get("", "seq")?), load);
        }
        let tables = tables.iter().map(|t| (t.kind, t.table)).collect();
        Ok(Self { snapshot, tables, faults: Vec::new(), count: 0, loads, moved: BTreeSet::new() })
    }

    async fn all(&mut self) -> Outcome<()> {
        let marks = checkpoint::read_all(&self.snapshot.floor);
        let heads = audit_head::Entity::find().all(self.snapshot.conn()).await?;
        let heads: BTreeMap<i32, audit_head::Model> = heads.into_iter().map(|h| (h.chain, h)).collect();
        let mut chains: BTreeSet<i32> = heads.keys().chain(marks.heads.keys()).copied().collect();
        for row in self.snapshot.rows("SELECT DISTINCT chain FROM audit", Vec::new()).await? {
            chains.insert(row.try_get("", "chain")?);
        }
        for broken in &marks.broken {
            self.fault(SYSTEM, 0, format!("checkpoint {broken} has no valid signature"));
        }
        let none = BTreeMap::new();
        for chain in chains {
            let marks = marks.heads.get(&chain).unwrap_or(&none);
            let (seq, last) = self.chain(chain, marks).await?;
            match heads.get(&chain) {
                None => self.fault(chain, seq, "the chain has no head"),
                Some(h) if h.seq != seq || h.mac != last => {
                    self.fault(chain, seq, "the head does not match the last record");
                }
                Some(_) => {}
            }
            if marks.keys().max().is_some_and(|marked| *marked > seq) {
                let what = "records after this one are in a signed checkpoint but not here: the tail was cut";
                self.fault(chain, seq, what);
            }
        }
        Ok(())
    }

    fn fault(&mut self, chain: i32, seq: i64, what: impl Into<String>) {
        self.faults.push(Fault::new(chain, seq, what));
    }

    /// Walks one chain and gives number and hash of its last record.
    async fn chain(&mut self, chain: i32, marks: &BTreeMap<i64, Vec<u8>>) -> Outcome<(i64, Vec<u8>)> {
        let (mut seq, mut before) = (0_i64, Vec::new());
        loop {
            let rows = audit::Entity::find()
                .filter(audit::Column::Chain.eq(chain))
                .filter(audit::Column::Seq.gt(seq))
                .order_by_asc(audit::Column::Seq)
                .limit(STEP)
                .all(self.snapshot.conn())
                .await?;
            self.objects(&rows).await?;
            let full = rows.len() as u64 == STEP;
            for row in rows {
                self.count += 1;
                if row.seq != seq + 1 {
                    self.fault(chain, seq + 1, "record is missing");
                }
                if mac(&self.snapshot.floor.keys, &before, &row).as_slice() != row.mac {
                    self.fault(chain, row.seq, "record was changed, or the one before it");
                }
                if marks.get(&row.seq).is_some_and(|m| *m != row.mac) {
                    self.fault(chain, row.seq, "record differs from its signed checkpoint");
                }
                self.prove(&row);
                seq = row.seq;
                before = row.mac;
            }
            if !full {
                return Ok((seq, before));
            }
        }
    }

    /// Keeps what a record proves of bulk loads.
    fn prove(&mut self, row: &audit::Model) {
        if row.action == MOVED {
            self.moved.insert(row.object_kind.clone());
        }
        if self.loads.is_empty() {
            return;
        }
        let Some(proof) = read(&self.snapshot.floor, &row.detail) else { return };
        if let Some(was) = proof.was
            && let Some(load) = self.loads.get_mut(&(was.chain, was.seq))
        {
            load.left.add(unhex(&was.row));
        }
        if let Some(sealed) = proof.load
            && let Some(load) = self.loads.get_mut(&(row.chain, sealed.seq))
        {
            load.sealed = Some(Sum { rows: sealed.rows, sum: unhex(&sealed.sum) });
        }
    }

    /// Compares records with the rows they are about: each row is there, and at least as new.
    async fn objects(&mut self, records: &[audit::Model]) -> Outcome<()> {
        let mut wanted: BTreeMap<&'static str, BTreeMap<Id, &audit::Model>> = BTreeMap::new();
        for record in records.iter().filter(|r| r.rev > 0 && !r.object_id.is_nil() && r.action != MOVED) {
            if let Some((kind, _)) = self.tables.get_key_value(record.object_kind.as_str()) {
                let newest = wanted.entry(kind).or_default().entry(record.object_id).or_insert(record);
                if newest.rev < record.rev {
                    *newest = record;
                }
            }
        }
        for (kind, records) in wanted {
            let Some(table) = self.tables.get(kind) else { continue };
            let marks: Vec<String> = (1..=records.len()).map(|n| format!("${n}")).collect();
            let text = format!("SELECT id, rev FROM {table} WHERE id IN ({})", marks.join(", "));
            let mut there: HashMap<Id, i32> = HashMap::new();
            for row in self.snapshot.rows(&text, records.keys().map(|id| (*id).into()).collect()).await? {
                there.insert(row.try_get("", "id")?, row.try_get("", "rev")?);
            }
            for (id, record) in records {
                match there.get(&id) {
                    None => self.fault(record.chain, record.seq, format!("{kind}: audit record without its row")),
                    Some(rev) if *rev < record.rev => {
                        self.fault(record.chain, record.seq, format!("{kind}: the row is older than its record"));
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }
}

/// What a record proves.
fn read(floor: &Floor, detail: &[u8]) -> Option<Proof> {
    let plain = floor.keys.open_sealed(&Sealed(detail.to_vec())).ok()?;
    serde_json::from_str(plain.expose()).ok()
}

/// Reads a whole table with the record of each row.
async fn pass<E>(snapshot: &Snapshot) -> Outcome<Passed>
where
    E: Kept,
    E::Model: ModelTrait<Entity = E> + FromQueryResult,
{
    let text = format!(
        "SELECT t.*, a.object_kind AS a_kind, a.object_id AS a_object, a.action AS a_action, a.rev AS a_rev, \
         a.detail AS a_detail FROM {} t LEFT JOIN audit a ON a.chain = t.county_id AND a.seq = t.audit_no \
         WHERE t.id > $1 ORDER BY t.id LIMIT {STEP}",
        E::default().table_name()
    );
    let (mut passed, mut last) = (Passed::default(), Id::nil());
    loop {
        let rows = snapshot.rows(&text, vec![last.into()]).await?;
        let full = rows.len() as u64 == STEP;
        for row in rows {
            let model = E::Model::from_query_result(&row, "")?;
            last = E::id(&model);
            let key = (E::chain(&model), audit_no::<E>(&model));
            if let Err(what) = compare::<E>(snapshot, &model, &row, key, &mut passed)? {
                passed.faults.push(Fault::new(key.0, key.1, format!("{}: {what}", E::KIND)));
            }
        }
        if !full {
            return Ok(passed);
        }
    }
}

/// Compares one row with its record; the inner error says what is wrong.
fn compare<E>(
    snapshot: &Snapshot,
    model: &E::Model,
    row: &QueryResult,
    key: Key,
    passed: &mut Passed,
) -> Outcome<Result<(), &'static str>>
where
    E: Kept,
    E::Model: ModelTrait<Entity = E>,
{
    let Some(action) = row.try_get::<Option<String>>("", "a_action")? else {
        return Ok(Err("row without its audit record"));
    };
    // A division event took the row to another county: its own records stand in the chain it came from.
    if action == MOVED {
        return Ok(Ok(()));
    }
    if row.try_get::<String>("", "a_kind")? != E::KIND || row.try_get::<i32>("", "a_rev")? != E::rev(model) {
        return Ok(Err("row and audit record do not belong together"));
    }
    let now = digest::<E>(&snapshot.floor.keys, |column| Some(model.get(column)));
    if action == "load" {
        passed.loads.entry(key).or_default().add(now);
        return Ok(Ok(()));
    }
    if row.try_get::<Id>("", "a_object")? != E::id(model) {
        return Ok(Err("row and audit record do not belong together"));
    }
    let proof = read(&snapshot.floor, &row.try_get::<Vec<u8>>("", "a_detail")?);
    Ok(match proof.and_then(|p| p.row) {
        Some(kept) if unhex(&kept) == now => Ok(()),
        Some(_) => Err("row was changed past the product"),
        None => Err("row whose audit record does not prove it"),
    })
}

/// The audit number of a row.
pub(crate) fn audit_no<E>(model: &E::Model) -> i64
where
    E: Kept,
    E::Model: ModelTrait<Entity = E>,
{
    match model.get(E::audit_column()) {
        Value::BigInt(Some(number)) => number,
        _ => 0,
    }
}
