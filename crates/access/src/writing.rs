//! Writing inside a scope: place check, revision, audit record and idempotency in one transaction.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use ground::{Floor, Tx};
use kernel::{Id, Level, Outcome, Permit, Place, Problem, Sees};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait,
    IdenStatic as _, IntoActiveModel, Iterable as _, ModelTrait, QueryFilter as _, Statement, Value,
    sea_query::OnConflict,
};

use crate::{
    Scope,
    audit::{self, Change, Detail, Entry, Proof, Was},
    row::write_receipt,
    visible::{PartOf, Placed, Source, Visible, condition},
};

/// A table whose every change is audited: it has `id`, `rev`, `audit_no` and the county of its audit chain.
pub trait Kept: EntityTrait {
    /// Kind of object in the audit log and in `/records/{kind}/{id}`.
    const KIND: &'static str;
    /// The id.
    fn id(model: &Self::Model) -> Id;
    /// The revision.
    fn rev(model: &Self::Model) -> i32;
    /// The audit chain: the county's id.
    fn chain(model: &Self::Model) -> i32;
    /// The revision column.
    fn rev_column() -> Self::Column;
    /// The audit number column.
    fn audit_column() -> Self::Column;
    /// The id column.
    fn id_column() -> Self::Column;
    /// Columns whose values never enter the audit log.
    fn secret_columns() -> Vec<Self::Column>;
    /// The row these values make; none while a column is left to the database.
    fn whole(row: Self::ActiveModel) -> Option<Self::Model>;
}

/// Declares the entity in this module as audited: `kept!("visit")` or `kept!("person", secret [IdNumber, Phone])`.
#[macro_export]
macro_rules! kept {
    ($kind:literal $(, secret [$($column:ident),*])?) => {
        impl $crate::writing::Kept for Entity {
            const KIND: &'static str = $kind;
            fn id(model: &Model) -> kernel::Id {
                model.id
            }
            fn rev(model: &Model) -> i32 {
                model.rev
            }
            fn chain(model: &Model) -> i32 {
                model.county_id
            }
            fn rev_column() -> Column {
                Column::Rev
            }
            fn audit_column() -> Column {
                Column::AuditNo
            }
            fn id_column() -> Column {
                Column::Id
            }
            fn secret_columns() -> Vec<Column> {
                vec![$($(Column::$column),*)?]
            }
            fn whole(row: ActiveModel) -> Option<Model> {
                sea_orm::TryIntoModel::try_into_model(row).ok()
            }
        }
    };
}

/// Whether a write with a client-made id was carried out now or before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Written {
    /// Carried out now.
    New,
    /// The same write came before; nothing was changed.
    Again,
}

/// An open write of a scope.
pub struct Writing<'a, P> {
    tx: &'a Tx,
    scope: Scope<P>,
}

impl<'a, P: Permit> Writing<'a, P> {
    pub(crate) fn new(tx: &'a Tx, scope: Scope<P>) -> Self {
        Self { tx, scope }
    }

    /// The scope this write belongs to: actor, clock, ids, ciphers.
    pub fn scope(&self) -> &Scope<P> {
        &self.scope
    }

    fn floor(&self) -> &Arc<Floor> {
        self.scope.floor()
    }

    fn conn(&self) -> &DatabaseTransaction {
        self.tx.conn()
    }

    /// The open transaction, for rows derived from facts (counters, search keys, labels) and joins of a room's own tables.
    /// Facts themselves go through [`Writing::insert`] and [`Writing::update`].
    pub fn derived(&self) -> &DatabaseTransaction {
        self.tx.conn()
    }

    /// Rows of `E` inside the reach, as they are in this transaction.
    pub fn find<E: Placed>(&self) -> Visible<'_, E>
    where
        P: Sees<E>,
    {
        Visible::new(Source::Write(self.conn()), self.scope.reaches(), None)
    }

    /// The row of `E` with this id inside the reach.
    pub async fn get<E: Placed + Kept>(&self, id: Id) -> Outcome<E::Model>
    where
        P: Sees<E>,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        match self.find::<E>().filter(E::id_column().eq(id)).one().await? {
            Some(row) => Ok(row),
            None => Err(self.lacking::<E>(id).await?),
        }
    }

    /// Why a row cannot be written: handed over, when the caller may still read it; else it is not there.
    async fn lacking<E: Placed + Kept>(&self, id: Id) -> Outcome<Problem>
    where
        P: Sees<E>,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        let trail =
            Visible::<E>::nothing(Source::Write(self.conn())).or_trail(self.scope.reaches(), None, self.scope.today());
        let found = trail.filter(E::id_column().eq(id)).one().await?;
        Ok(if found.is_some() { Problem::HandedOver } else { Problem::NotFound })
    }

    /// The same, refusing when the client saw another revision.
    pub async fn get_rev<E: Placed + Kept>(&self, id: Id, rev: i32) -> Outcome<E::Model>
    where
        P: Sees<E>,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        let row = self.get::<E>(id).await?;
        if E::rev(&row) == rev { Ok(row) } else { Err(Problem::Stale(E::rev(&row))) }
    }

    /// Rows of `C` that belong to `parent`.
    pub fn parts<C: PartOf<E>, E: EntityTrait>(&self, parent: &E::Model) -> Visible<'_, C> {
        let condition = sea_orm::Condition::all().add(C::parent_column().eq(C::parent_key(parent)));
        Visible::part(Source::Write(self.conn()), condition)
    }

    /// Inserts a row whose place lies inside the reach; sets `rev` and `audit_no` and writes the audit record.
    pub async fn insert<E>(&self, mut row: E::ActiveModel) -> Outcome<E::Model>
    where
        E: Kept + Placed,
        P: Sees<E>,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        self.check_placed::<E>(&row)?;
        self.insert_checked::<E>(&mut row).await
    }

    /// Inserts a row that is meant for somebody else's reach (tasks only).
    pub(crate) async fn insert_for_others<E>(&self, mut row: E::ActiveModel) -> Outcome<E::Model>
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        self.insert_checked::<E>(&mut row).await
    }

    /// Inserts a row that belongs to a visible `parent`.
    pub async fn insert_part<E, Parent>(&self, parent: &Parent::Model, mut row: E::ActiveModel) -> Outcome<E::Model>
    where
        E: Kept + PartOf<Parent>,
        Parent: EntityTrait,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        row.set(E::parent_column(), E::parent_key(parent));
        self.insert_checked::<E>(&mut row).await
    }

    async fn insert_checked<E>(&self, row: &mut E::ActiveModel) -> Outcome<E::Model>
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
    {
        row.set(E::rev_column(), 1_i32.into());
        row.set(E::audit_column(), 0_i64.into());
        let mut row = row.clone();
        // The number in the chain is known only after the record is appended, and the record needs the row's content.
        let (id, chain) = identity::<E>(&row)?;
        let changes = differences::<E>(None, &row);
        let detail = Detail { changes, reason: None };
        let proof = Proof { row: Some(self.digest::<E>(&row)), ..Proof::default() };
        let entry = Entry {
            chain,
            actor: self.scope.actor(),
            action: "insert",
            object_kind: E::KIND,
            object: id,
            rev: 1,
            detail: &detail,
        };
        let number = audit::append_with(&self.tx.steps(), self.floor(), entry, &proof).await?;
        row.set(E::audit_column(), number.into());
        // What the row is going to be is known already, unless a column has a default of the database.
        let put = match E::whole(row.clone()) {
            Some(model) => E::insert(row).exec_without_returning(self.conn()).await.map(|_| model),
            None => E::insert(row).exec_with_returning(self.conn()).await,
        };
        match put {
            Ok(model) => Ok(model),
            Err(error) if matches!(error.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_))) => {
                Err(Problem::conflict(
                    "编号已被使用，请刷新页面后重新提交。",
                    "This id is in use already; reload the page and send again.",
                ))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Changes a row: sets `rev`, checks that it stays inside the reach, writes the audit record.
    pub async fn update<E>(
        &self,
        before: &E::Model,
        change: impl FnOnce(&mut E::ActiveModel) + Send,
    ) -> Outcome<E::Model>
    where
        E: Kept + Placed,
        P: Sees<E>,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + Clone + Sync,
    {
        let mut row = before.clone().into_active_model();
        change(&mut row);
        self.check_placed::<E>(&row)?;
        self.update_checked::<E>(before, row, "update").await
    }

    /// Changes the caller's own account row, which lies outside every reach.
    pub(crate) async fn update_own<E>(
        &self,
        before: &E::Model,
        change: impl FnOnce(&mut E::ActiveModel) + Send,
    ) -> Outcome<E::Model>
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + Clone + Sync,
    {
        self.update_part::<E>(before, change).await
    }

    /// Changes a row that was reached through its parent.
    pub async fn update_part<E>(
        &self,
        before: &E::Model,
        change: impl FnOnce(&mut E::ActiveModel) + Send,
    ) -> Outcome<E::Model>
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + Clone + Sync,
    {
        let mut row = before.clone().into_active_model();
        change(&mut row);
        self.update_checked::<E>(before, row, "update").await
    }

    pub(crate) async fn update_checked<E>(
        &self,
        before: &E::Model,
        mut row: E::ActiveModel,
        action: &str,
    ) -> Outcome<E::Model>
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + Clone + Sync,
    {
        let changes = differences::<E>(Some(before), &row);
        if changes.is_empty() {
            return Ok(before.clone());
        }
        let rev = E::rev(before) + 1;
        let detail = Detail { changes, reason: None };
        // A row that moves to another county is recorded in the chain of its new county.
        let chain = identity::<E>(&row).map_or_else(|_| E::chain(before), |(_, chain)| chain);
        let number = self.record_change::<E>(before, &row, action, chain, rev, &detail).await?;
        row.set(E::rev_column(), rev.into());
        row.set(E::audit_column(), number.into());
        self.put::<E>(before, row).await
    }

    /// Appends the record of a changed row with the proof of what the row is now.
    async fn record_change<E>(
        &self,
        before: &E::Model,
        after: &E::ActiveModel,
        action: &str,
        chain: i32,
        rev: i32,
        detail: &Detail,
    ) -> Outcome<i64>
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E>,
        E::Model: ModelTrait<Entity = E>,
    {
        // A row of a bulk load leaves the sum of its load with the first change.
        let was = (E::rev(before) == 1).then(|| Was {
            chain: E::chain(before),
            seq: audit::audit_no::<E>(before),
            row: audit::hex(audit::digest::<E>(&self.floor().keys, |column| Some(before.get(column)))),
        });
        let proof = Proof { row: Some(self.digest::<E>(after)), was, ..Proof::default() };
        let actor = self.scope.actor();
        let entry = Entry { chain, actor, action, object_kind: E::KIND, object: E::id(before), rev, detail };
        audit::append_with(&self.tx.steps(), self.floor(), entry, &proof).await
    }

    /// The keyed digest of a row as it is going to be.
    fn digest<E>(&self, row: &E::ActiveModel) -> String
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E>,
    {
        audit::hex(audit::digest::<E>(&self.floor().keys, |column| row.get(column).into_value()))
    }

    /// Raises `rev` of a row whose parts changed (they stand in tables of their own) and records what changed.
    pub async fn touch<E>(&self, before: &E::Model, changes: Vec<Change>) -> Outcome<E::Model>
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + Clone + Sync,
    {
        let mut row = before.clone().into_active_model();
        let (chain, rev) = (E::chain(before), E::rev(before) + 1);
        let detail = Detail { changes, reason: None };
        let number = self.record_change::<E>(before, &row, "update", chain, rev, &detail).await?;
        row.set(E::rev_column(), rev.into());
        row.set(E::audit_column(), number.into());
        self.put::<E>(before, row).await
    }

    /// Writes a changed row over the one that was read.
    async fn put<E>(&self, before: &E::Model, row: E::ActiveModel) -> Outcome<E::Model>
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + Sync,
    {
        let after = E::whole(row.clone());
        let update = E::update_many()
            .set(row)
            .filter(E::id_column().eq(E::id(before)))
            .filter(E::rev_column().eq(E::rev(before)));
        let put = match after {
            Some(model) => (update.exec(self.conn()).await?.rows_affected > 0).then_some(model),
            None => update.exec_with_returning(self.conn()).await?.into_iter().next(),
        };
        put.ok_or_else(|| Problem::Stale(E::rev(before)))
    }

    /// Appends an audit record that is not a change of a row: a reveal, a sign-in, a division event.
    pub async fn append(
        &self,
        action: &str,
        object_kind: &str,
        object: Id,
        chain: i32,
        rev: i32,
        detail: &Detail,
    ) -> Outcome<i64> {
        let entry = Entry { chain, actor: self.scope.actor(), action, object_kind, object, rev, detail };
        audit::append(&self.tx.steps(), self.floor(), entry).await
    }

    /// Waits for the audit chains of these counties, always in the same order, so that two writes which touch several of
    /// them cannot wait for each other.
    pub async fn queue_at(&self, mut chains: Vec<i32>) -> Outcome<()> {
        chains.sort_unstable();
        chains.dedup();
        for chain in chains {
            self.execute("UPDATE audit_head SET seq = seq WHERE chain = $1", vec![chain.into()]).await?;
        }
        Ok(())
    }

    /// Runs raw SQL on this transaction (bulk paths and division events); `$1` marks values on both engines.
    pub async fn execute(&self, text: &str, values: Vec<Value>) -> Outcome<u64> {
        let backend = self.conn().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, audit::sql(backend, text), values);
        Ok(self.conn().execute_raw(statement).await?.rows_affected())
    }

    /// Every table of the database with its columns, for work over all placed rows at once (division events).
    pub async fn tables(&self) -> Outcome<BTreeMap<String, BTreeSet<String>>> {
        let text = match self.conn().get_database_backend() {
            sea_orm::DbBackend::Sqlite => {
                "SELECT m.name AS t, p.name AS c FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'"
            }
            _ => {
                "SELECT table_name::text AS t, column_name::text AS c FROM information_schema.columns \
                 WHERE table_schema = current_schema()"
            }
        };
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in self.conn().query_all_raw(Statement::from_string(self.conn().get_database_backend(), text)).await? {
            tables.entry(row.try_get("", "t")?).or_default().insert(row.try_get("", "c")?);
        }
        Ok(tables)
    }

    /// Runs a raw query on this transaction (division events); `$1` marks values on both engines.
    pub async fn query(&self, text: &str, values: Vec<Value>) -> Outcome<Vec<sea_orm::QueryResult>> {
        let backend = self.conn().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, audit::sql(backend, text), values);
        Ok(self.conn().query_all_raw(statement).await?)
    }

    /// Refuses when a place lies outside the reach; as everywhere, outside means not there.
    pub fn must_cover(&self, place: &Place) -> Outcome<()> {
        self.scope.must_cover(place)
    }

    pub(crate) async fn receipt(&self, id: Id, body: &[u8]) -> Outcome<Written> {
        let row = write_receipt::ActiveModel {
            id: ActiveValue::Set(id),
            permit: ActiveValue::Set(P::CODE.to_owned()),
            account_id: ActiveValue::Set(self.scope.actor()),
            body: ActiveValue::Set(body.to_vec()),
            at: ActiveValue::Set(self.scope.now()),
        };
        if let Some(found) = write_receipt::Entity::find_by_id(id).one(self.conn()).await? {
            return self.same(&found, body);
        }
        let conflict = OnConflict::column(write_receipt::Column::Id).do_nothing().to_owned();
        let put = write_receipt::Entity::insert(row).on_conflict(conflict).exec_without_returning(self.conn()).await;
        match put {
            Ok(0) | Err(sea_orm::DbErr::RecordNotInserted) => {
                // Sent twice at once: the other one committed while this one waited for the same number.
                let found = write_receipt::Entity::find_by_id(id).one(self.conn()).await?;
                found.map_or(Err(Problem::Unavailable), |found| self.same(&found, body))
            }
            Ok(_) => Ok(Written::New),
            Err(other) => Err(other.into()),
        }
    }

    /// A write that came before under this id: the same again, or another content.
    fn same(&self, found: &write_receipt::Model, body: &[u8]) -> Outcome<Written> {
        let same = found.permit == P::CODE && found.account_id == self.scope.actor() && found.body == body;
        if same {
            return Ok(Written::Again);
        }
        Err(Problem::conflict(
            "同一编号已提交过不同的内容。请刷新页面，核对后重新填写。",
            "The same id was sent before with other content. Reload the page, compare and fill in again.",
        ))
    }

    fn check_placed<E: Placed>(&self, row: &E::ActiveModel) -> Outcome<()>
    where
        E::ActiveModel: ActiveModelTrait<Entity = E>,
    {
        let number = |level: Level| -> i32 {
            match E::column(level).and_then(|c| row.get(c).into_value()) {
                Some(Value::Int(Some(n))) => n,
                _ => 0,
            }
        };
        let path = [
            number(Level::Province),
            number(Level::City),
            number(Level::County),
            number(Level::Township),
            number(Level::Village),
        ];
        let owner = E::owner().and_then(|c| row.get(c).into_value()).and_then(|v| match v {
            Value::Uuid(id) => id,
            _ => None,
        });
        let covered = self.scope.reaches().iter().any(|r| condition::<E>(r).is_some() && r.covers(&path, owner));
        if covered { Ok(()) } else { Err(Problem::NotFound) }
    }
}

fn identity<E>(row: &E::ActiveModel) -> Outcome<(Id, i32)>
where
    E: Kept,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let id = match row.get(E::id_column()).into_value() {
        Some(Value::Uuid(Some(id))) => id,
        _ => return Err(Problem::internal(format!("a new {} has no id", E::KIND))),
    };
    let chain = E::Column::iter()
        .find(|c| c.as_str() == "county_id")
        .and_then(|c| row.get(c).into_value())
        .and_then(|v| match v {
            Value::Int(n) => n,
            _ => None,
        })
        .unwrap_or(audit::SYSTEM);
    Ok((id, chain))
}

/// The columns an update changes (all that an insert sets), without bookkeeping and without the content of secrets.
fn differences<E>(before: Option<&E::Model>, after: &E::ActiveModel) -> Vec<Change>
where
    E: Kept,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
    E::Model: ModelTrait<Entity = E>,
{
    const BOOKKEEPING: &[&str] =
        &["rev", "audit_no", "province_id", "city_id", "county_id", "township_id", "created_at"];
    let secret = E::secret_columns();
    let mut changes = Vec::new();
    for column in E::Column::iter() {
        if BOOKKEEPING.contains(&column.as_str()) {
            continue;
        }
        let ActiveValue::Set(new) = after.get(column) else { continue };
        let old = before.map(|m| m.get(column));
        if old.as_ref() == Some(&new) {
            continue;
        }
        let hidden = secret.iter().any(|s| s.as_str() == column.as_str());
        let (before, after) = if hidden { (None, None) } else { (old.as_ref().and_then(plain), plain(&new)) };
        if before.is_none() && after.is_none() && !hidden && old.is_none() {
            continue;
        }
        changes.push(Change { field: column.as_str().to_owned(), before, after });
    }
    changes
}

/// A value as the history shows it; binary values are not shown.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Bool(v) => v.map(|x| x.to_string()),
        Value::Int(v) => v.map(|x| x.to_string()),
        Value::BigInt(v) => v.map(|x| x.to_string()),
        Value::Double(v) => v.map(|x| x.to_string()),
        Value::String(v) => v.as_ref().map(|x| x.to_string()),
        Value::Uuid(v) => v.map(|x| x.to_string()),
        Value::ChronoDate(v) => v.map(|x| x.to_string()),
        _ => None,
    }
}
