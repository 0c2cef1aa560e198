//! Queries that are already narrowed to a reach. Nothing else can be run by a room.

use std::{cmp::Ordering, str::FromStr as _, sync::Arc};

use ground::{Cells, Floor, Line};
use kernel::{Day, Level, Outcome, Problem};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DatabaseConnection, DatabaseTransaction, EntityTrait,
    IdenStatic as _, IntoActiveModel, Iterable as _, ModelTrait, Order, PrimaryKeyToColumn as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, Select, Value,
    sea_query::{Expr, IntoCondition, Query},
};

use crate::{Place, reach::Reach, shares};

/// A table whose rows lie somewhere: it names its column of each level (None when it has none) and of the responsible account.
pub trait Placed: EntityTrait {
    /// The column that holds the id of this level.
    fn column(level: Level) -> Option<Self::Column>;
    /// The column that holds the responsible account.
    fn owner() -> Option<Self::Column>;
    /// The column that holds the subject of a read trail (see [`crate::shares`]); none where a hand-over opens nothing.
    fn subject() -> Option<Self::Column> {
        None
    }
}

/// A table whose rows belong to a row of `Parent` and are reached through it only.
pub trait PartOf<Parent: EntityTrait>: EntityTrait {
    /// The column that holds the parent's id.
    fn parent_column() -> Self::Column;
    /// The parent's id.
    fn parent_key(parent: &Parent::Model) -> Value;
}

/// A table some of whose rows are public once they were published (公布): standards and rules, never anything about a person.
pub trait Published: EntityTrait {
    /// Which rows those are.
    fn published() -> Condition;
}

/// Declares where the rows of the entity in this module lie.
#[macro_export]
macro_rules! placed {
    ($p:ident, $c:ident, $k:ident, $t:ident $(, $v:ident)? $(; owner $o:ident)? $(; subject $s:ident)?) => {
        impl $crate::visible::Placed for Entity {
            fn column(level: kernel::Level) -> Option<Column> {
                match level {
                    kernel::Level::Province => Some(Column::$p),
                    kernel::Level::City => Some(Column::$c),
                    kernel::Level::County => Some(Column::$k),
                    kernel::Level::Township => Some(Column::$t),
                    #[allow(unreachable_code)]
                    kernel::Level::Village => { $(return Some(Column::$v);)? None }
                }
            }
            fn owner() -> Option<Column> {
                #[allow(unreachable_code)]
                { $(return Some(Column::$o);)? None }
            }
            fn subject() -> Option<Column> {
                #[allow(unreachable_code)]
                { $(return Some(Column::$s);)? None }
            }
        }
    };
}

/// Declares that rows of the entity in this module lie nowhere: only a reach of `all` sees them.
#[macro_export]
macro_rules! unplaced {
    () => {
        impl $crate::visible::Placed for Entity {
            fn column(_: kernel::Level) -> Option<Column> {
                None
            }
            fn owner() -> Option<Column> {
                None
            }
        }
    };
}

/// Declares that rows of the entity in this module belong to rows of another.
#[macro_export]
macro_rules! part_of {
    ($parent:path, $column:ident, $key:ident) => {
        impl $crate::visible::PartOf<$parent> for Entity {
            fn parent_column() -> Column {
                Column::$column
            }
            fn parent_key(parent: &<$parent as sea_orm::EntityTrait>::Model) -> sea_orm::Value {
                parent.$key.into()
            }
        }
    };
}

/// Tables whose rows can be read by position.
pub trait Lined: EntityTrait {
    /// All columns, in the order in which a row is read.
    const FIELDS: &'static [&'static str];

    /// The same as columns of a query.
    fn fields() -> impl Iterator<Item = Self::Column> {
        Self::FIELDS.iter().filter_map(|field| Self::Column::from_str(field).ok())
    }
}

/// Declares how a row of the entity in this module is read by position; all its fields are named.
#[macro_export]
macro_rules! lined {
    ($line:ident of $table:ident: $($field:ident),* $(,)?) => {
        impl $line {
            /// The columns it is read from, in their order.
            pub fn columns() -> impl Iterator<Item = $table::Column> {
                [$(stringify!($field)),*].into_iter().filter_map(|field| field.parse().ok())
            }
        }
        impl $crate::Line for $line {
            fn read(row: &mut $crate::Cells) -> kernel::Outcome<Self> {
                Ok(Self { $($field: row.take()?),* })
            }
        }
    };
    ($($field:ident),* $(,)?) => {
        impl $crate::visible::Lined for Entity {
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }
        impl $crate::Line for Model {
            fn read(row: &mut $crate::Cells) -> kernel::Outcome<Self> {
                Ok(Self { $($field: row.take()?),* })
            }
        }
    };
}

/// Where a query runs: the readers, or the caller's open write transaction.
#[derive(Clone)]
pub(crate) enum Source<'a> {
    Read(Arc<Floor>),
    Write(&'a DatabaseTransaction),
}

impl Source<'_> {
    pub(crate) async fn all<E: EntityTrait>(&self, query: Select<E>) -> Outcome<Vec<E::Model>> {
        Ok(match self {
            Self::Read(floor) => query.all(reader(floor)).await?,
            Self::Write(tx) => query.all(*tx).await?,
        })
    }

    pub(crate) async fn rows(&self, statement: sea_orm::Statement) -> Outcome<Vec<sea_orm::QueryResult>> {
        Ok(match self {
            Self::Read(floor) => reader(floor).query_all_raw(statement).await?,
            Self::Write(tx) => tx.query_all_raw(statement).await?,
        })
    }

    pub(crate) async fn lines<L: Line>(&self, statement: sea_orm::Statement) -> Outcome<Vec<L>> {
        match self {
            Self::Read(floor) => floor.db.lines(statement).await,
            Self::Write(tx) => {
                let rows = tx.query_all_raw(statement).await?;
                rows.into_iter().map(|row| L::read(&mut Cells::other(row))).collect()
            }
        }
    }

    pub(crate) fn backend(&self) -> sea_orm::DbBackend {
        match self {
            Self::Read(floor) => reader(floor).get_database_backend(),
            Self::Write(tx) => tx.get_database_backend(),
        }
    }
}

pub(crate) fn reader(floor: &Floor) -> &DatabaseConnection {
    floor.db.read()
}

/// A query narrowed to what the scope may see.
#[must_use]
pub struct Visible<'a, E: EntityTrait> {
    select: Select<E>,
    streams: Vec<Condition>,
    order: Vec<(E::Column, Order)>,
    limit: Option<u64>,
    source: Source<'a>,
}

impl<'a, E: Placed> Visible<'a, E> {
    pub(crate) fn new(source: Source<'a>, reaches: &[Reach], place: Option<&Place>) -> Self {
        let parts: Vec<Reach> = match place {
            None => reaches.to_vec(),
            Some(place) => crate::reach::simplify(reaches.iter().filter_map(|r| r.within(place)).collect()),
        };
        let streams = parts.iter().filter_map(condition::<E>).collect();
        Self { select: E::find(), streams, order: Vec::new(), limit: None, source }
    }

    /// Rows of no part of the reach; [`Visible::or_trail`] adds to it.
    pub(crate) fn nothing(source: Source<'a>) -> Self {
        Self { select: E::find(), streams: Vec::new(), order: Vec::new(), limit: None, source }
    }

    /// Adds, for each part of the reach, the rows it may still read by a live share: a stream of its own, led by the index
    /// of `share`, without the rows the reach covers anyway. With `place` only rows that lie in it today.
    pub(crate) fn or_trail(mut self, reaches: &[Reach], place: Option<&Place>, today: Day) -> Self {
        let Some(subject) = E::subject() else { return self };
        let outside: Option<Vec<Condition>> = reaches.iter().map(outside::<E>).collect();
        let inside = match place {
            Some(place) => E::column(place.level).map(|c| Condition::all().add(c.eq(place.id))),
            None => Some(Condition::all()),
        };
        let (Some(outside), Some(inside)) = (outside, inside) else { return self };
        for reach in reaches {
            let Some(live) = shares::live(reach, today) else { continue };
            let mut stream = Condition::all().add(subject.in_subquery(live)).add(inside.clone());
            if let (Reach::Own(_, me), Some(owner), false) = (reach, E::owner(), subject.as_str() == "id") {
                // Whoever sees own clients only keeps the trail of own acts, not of the colleagues' after the hand-over.
                stream = stream.add(owner.eq(*me));
            }
            self.streams.push(outside.iter().fold(stream, |all, part| all.add(part.clone())));
        }
        self
    }
}

impl<'a, E: EntityTrait> Visible<'a, E> {
    pub(crate) fn part(source: Source<'a>, condition: Condition) -> Self {
        Self { select: E::find(), streams: vec![condition], order: Vec::new(), limit: None, source }
    }

    /// Narrows further; nothing can widen.
    pub fn filter(mut self, condition: impl IntoCondition) -> Self {
        self.select = self.select.filter(condition.into_condition());
        self
    }

    /// Sorts by this column, after the ones named before.
    pub fn order(mut self, column: E::Column, order: Order) -> Self {
        self.order.push((column, order));
        self
    }

    /// Gives at most so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.limit = Some(rows);
        self
    }

    /// The statements this query runs, for plan tests.
    pub fn statements(&self) -> Vec<sea_orm::Statement> {
        self.queries().map(|q| q.build(self.source.backend())).collect()
    }

    fn queries(&self) -> impl Iterator<Item = Select<E>> + '_ {
        self.streams.iter().map(|stream| {
            let mut query = self.select.clone().filter(stream.clone());
            for (column, order) in &self.order {
                query = query.order_by(*column, order.clone());
            }
            if let Some(rows) = self.limit {
                query = query.limit(rows);
            }
            query
        })
    }
}

impl<E> Visible<'_, E>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel>,
{
    /// All rows, merged in order when the reach has several places.
    pub async fn all(self) -> Outcome<Vec<E::Model>> {
        let mut found: Vec<E::Model> = Vec::new();
        for query in self.queries() {
            found.extend(self.source.all(query).await?);
        }
        Ok(self.merged(found))
    }

    /// The rows of several streams in order, each once.
    fn merged(&self, mut found: Vec<E::Model>) -> Vec<E::Model> {
        if self.streams.len() > 1 {
            found.sort_by(|a, b| self.compare(a, b));
            let key = |m: &E::Model| -> Vec<Value> { E::PrimaryKey::iter().map(|k| m.get(k.into_column())).collect() };
            if self.order.is_empty() {
                // Without an order the copies of a row are not neighbours.
                let mut seen: Vec<Vec<Value>> = Vec::new();
                found.retain(|row| {
                    let key = key(row);
                    let fresh = !seen.contains(&key);
                    if fresh {
                        seen.push(key);
                    }
                    fresh
                });
            }
            found.dedup_by(|a, b| key(a) == key(b));
            if let Some(rows) = self.limit {
                found.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
            }
        }
        found
    }

    /// Some columns of all rows, in order: lists read what they show, not the whole row. With several parts of the reach the
    /// rows are merged by `order`, which must say the same as the columns this query sorts by.
    pub async fn lines<L>(
        self,
        columns: impl IntoIterator<Item = E::Column>,
        order: fn(&L, &L) -> Ordering,
    ) -> Outcome<Vec<L>>
    where
        L: Line,
    {
        let columns: Vec<E::Column> = columns.into_iter().collect();
        let backend = self.source.backend();
        let several = self.streams.len() > 1;
        let mut found: Vec<L> = Vec::new();
        for query in self.queries() {
            let statement = query.select_only().columns(columns.iter().copied()).build(backend);
            found.extend(self.source.lines(statement).await?);
        }
        if several {
            found.sort_by(order);
            found.dedup_by(|a, b| order(a, b) == Ordering::Equal);
            if let Some(rows) = self.limit {
                found.truncate(usize::try_from(rows).unwrap_or(usize::MAX));
            }
        }
        Ok(found)
    }

    /// All rows, in order, read by position: for tables whose rows are lists of a page.
    pub async fn read(self) -> Outcome<Vec<E::Model>>
    where
        E: Lined,
        E::Model: Line,
    {
        let backend = self.source.backend();
        let mut found: Vec<E::Model> = Vec::new();
        for query in self.queries() {
            let statement = query.select_only().columns(E::fields()).build(backend);
            found.extend(self.source.lines(statement).await?);
        }
        Ok(self.merged(found))
    }

    /// The first row, read by position, or none.
    pub async fn read_first(self) -> Outcome<Option<E::Model>>
    where
        E: Lined,
        E::Model: Line,
    {
        Ok(self.limit(1).read().await?.into_iter().next())
    }

    /// The first row, read by position; none is [`Problem::NotFound`].
    pub async fn read_one(self) -> Outcome<E::Model>
    where
        E: Lined,
        E::Model: Line,
    {
        self.read_first().await?.ok_or(Problem::NotFound)
    }

    /// How many rows there are, counting `most` at the most in each part of the reach.
    pub async fn count(mut self, most: u64) -> Outcome<u64> {
        self.order.clear();
        self.limit = Some(most);
        let mut total = 0;
        for query in self.queries() {
            let rows = sea_orm::QueryTrait::into_query(query.select_only().expr_as(Expr::val(1), "one"));
            let count =
                Query::select().expr_as(Expr::cust("COUNT(*)"), "total").from_subquery(rows, "counted").to_owned();
            for (rows,) in self.source.lines::<(i64,)>(self.source.backend().build(&count)).await? {
                total += u64::try_from(rows).unwrap_or_default();
            }
        }
        Ok(total.min(most))
    }

    /// The first row, or none.
    pub async fn one(self) -> Outcome<Option<E::Model>> {
        let one = self.limit(1);
        if !one.order.is_empty() {
            return Ok(one.all().await?.into_iter().next());
        }
        // Without an order any row will do, so the parts of the reach are asked one after the other.
        for query in one.queries() {
            if let Some(row) = one.source.all(query).await?.into_iter().next() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The first row; none is [`Problem::NotFound`].
    pub async fn required(self) -> Outcome<E::Model> {
        self.one().await?.ok_or(Problem::NotFound)
    }

    fn compare(&self, a: &E::Model, b: &E::Model) -> Ordering {
        for (column, order) in &self.order {
            let step = compare_values(&a.get(*column), &b.get(*column));
            let step = if matches!(order, Order::Desc) { step.reverse() } else { step };
            if step != Ordering::Equal {
                return step;
            }
        }
        Ordering::Equal
    }
}

/// The condition of one part of a reach, or none when the table has no column for it (deny by default).
pub(crate) fn condition<E: Placed>(reach: &Reach) -> Option<Condition> {
    let at = |p: &Place| E::column(p.level).map(|c| c.eq(p.id));
    match reach {
        Reach::All => Some(Condition::all()),
        Reach::Inside(place) => at(place).map(|c| Condition::all().add(c)),
        Reach::Own(place, id) => Some(Condition::all().add(at(place)?).add(E::owner()?.eq(*id))),
    }
}

/// Rows that one part of a reach does not cover; none when the table has no column for it.
fn outside<E: Placed>(reach: &Reach) -> Option<Condition> {
    let not_at = |p: &Place| E::column(p.level).map(|c| c.ne(p.id));
    match reach {
        Reach::All => None,
        Reach::Inside(place) => Some(Condition::all().add(not_at(place)?)),
        Reach::Own(place, id) => {
            let owner = E::owner()?;
            Some(Condition::any().add(not_at(place)?).add(owner.is_null()).add(owner.ne(*id)))
        }
    }
}

/// Compares two values of one column as both databases do.
fn compare_values(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::BigInt(a), Value::BigInt(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Uuid(a), Value::Uuid(b)) => a.cmp(b),
        (Value::ChronoDate(a), Value::ChronoDate(b)) => a.cmp(b),
        (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}
