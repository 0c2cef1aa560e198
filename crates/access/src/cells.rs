//! Cells of rows named by table and column, for acts that carry rows of many rooms at once and can be taken back: merging
//! two persons, the recycle bin.
//!
//! Such an act cannot know the entity of every room above it, and its undo has to put back exactly what stood there, sealed
//! columns included. So a cell is kept with its type, in a form both engines share, and never leaves the server. A kept row
//! that is changed here gets its next revision and an audit record in its own chain, as with [`Writing::update`].

use kernel::{Day, Id, Outcome, Permit, Problem};
use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, ConnectionTrait as _, IdenStatic as _, IntoActiveModel, Iterable as _,
    ModelTrait, QueryFilter as _, QueryResult, Statement, Value,
};
use serde::{Deserialize, Serialize};

use crate::{Kept, Writing, audit};

/// The type of a column, as the words of `schema` name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// `{id}`
    Id,
    /// `{int}`
    Int,
    /// `{big}`
    Big,
    /// `{text}`
    Text,
    /// `{day}`
    Day,
    /// `{bool}`
    Bool,
    /// `{bytes}`
    Bytes,
}

/// One value with its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// An id.
    Id(Option<Id>),
    /// A whole number of 32 bits.
    Int(Option<i32>),
    /// A whole number of 64 bits.
    Big(Option<i64>),
    /// Text.
    Text(Option<String>),
    /// A day.
    Day(Option<Day>),
    /// Yes or no.
    Bool(Option<bool>),
    /// Bytes, for example a sealed secret.
    Bytes(Option<Vec<u8>>),
}

impl Cell {
    /// Reads a cell of this type from a row.
    fn read(row: &QueryResult, column: &str, of: Type) -> Outcome<Self> {
        Ok(match of {
            Type::Id => Self::Id(row.try_get("", column)?),
            Type::Int => Self::Int(row.try_get("", column)?),
            Type::Big => Self::Big(row.try_get("", column)?),
            Type::Text => Self::Text(row.try_get("", column)?),
            Type::Day => Self::Day(row.try_get("", column)?),
            Type::Bool => Self::Bool(row.try_get("", column)?),
            Type::Bytes => Self::Bytes(row.try_get("", column)?),
        })
    }

    /// The cell of a value of an entity; a type no table of ours has is an internal problem.
    pub fn of(value: Value) -> Outcome<Self> {
        Ok(match value {
            Value::Uuid(v) => Self::Id(v),
            Value::Int(v) => Self::Int(v),
            Value::BigInt(v) => Self::Big(v),
            Value::String(v) => Self::Text(v),
            Value::ChronoDate(v) => Self::Day(v),
            Value::Bool(v) => Self::Bool(v),
            Value::Bytes(v) => Self::Bytes(v),
            _ => return Err(Problem::internal("a column of a type that cannot be set aside")),
        })
    }

    /// The cell as a value to bind or to set.
    pub fn value(&self) -> Value {
        match self.clone() {
            Self::Id(v) => Value::Uuid(v),
            Self::Int(v) => Value::Int(v),
            Self::Big(v) => Value::BigInt(v),
            Self::Text(v) => Value::String(v),
            Self::Day(v) => Value::ChronoDate(v),
            Self::Bool(v) => Value::Bool(v),
            Self::Bytes(v) => Value::Bytes(v),
        }
    }
}

impl From<Id> for Cell {
    fn from(id: Id) -> Self {
        Self::Id(Some(id))
    }
}

impl From<i32> for Cell {
    fn from(n: i32) -> Self {
        Self::Int(Some(n))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

/// Columns with their values.
pub type Cells = Vec<(String, Cell)>;

/// A row of a table, named by its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowOf {
    /// Table.
    pub table: String,
    /// Key columns with their values.
    pub key: Cells,
    /// The kind of an audited row; none for rows without a history of their own.
    pub kind: Option<&'static str>,
}

impl<P: Permit> Writing<'_, P> {
    /// These columns of the rows of `table` whose `column` is `id`, in the order of the columns named.
    pub async fn cells(&self, table: &str, columns: &[(&str, Type)], column: &str, id: Id) -> Outcome<Vec<Cells>> {
        let key: Cells = vec![(column.to_owned(), id.into())];
        self.cells_by(table, columns, &key).await
    }

    /// The same for rows whose cells are these.
    pub async fn cells_by(&self, table: &str, columns: &[(&str, Type)], key: &[(String, Cell)]) -> Outcome<Vec<Cells>> {
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let (wanted, values) = wanted(key, 0);
        let order = names.join(", ");
        let text = format!("SELECT {order} FROM {table} WHERE {wanted} ORDER BY {order}");
        let rows = self.rows(&text, values).await?;
        let read = |row: &QueryResult| -> Outcome<Cells> {
            columns.iter().map(|(name, of)| Ok(((*name).to_owned(), Cell::read(row, name, *of)?))).collect()
        };
        rows.iter().map(read).collect()
    }

    /// Sets cells of one row without a history of its own.
    pub async fn set_cells(&self, table: &str, key: &[(String, Cell)], set: &[(String, Cell)]) -> Outcome<()> {
        let columns: Vec<String> = set.iter().enumerate().map(|(i, (c, _))| format!("{c} = ${}", i + 1)).collect();
        let (wanted, keys) = wanted(key, set.len());
        let values = set.iter().map(|(_, cell)| cell.value()).chain(keys).collect();
        let text = format!("UPDATE {table} SET {} WHERE {wanted}", columns.join(", "));
        if self.execute(&text, values).await? == 1 { Ok(()) } else { Err(Problem::NotFound) }
    }

    /// Sets cells of an audited row: it gets its next revision, and a record with this action and its proof in its chain.
    pub async fn set_kept_cells<E>(&self, id: Id, set: &[(String, Cell)], action: &str) -> Outcome<()>
    where
        E: Kept,
        E::ActiveModel: ActiveModelTrait<Entity = E> + sea_orm::ActiveModelBehavior + Send,
        E::Model: ModelTrait<Entity = E> + IntoActiveModel<E::ActiveModel> + Clone + Sync,
    {
        let before = E::find().filter(E::id_column().eq(id)).one(self.derived()).await?.ok_or(Problem::NotFound)?;
        let mut row = before.clone().into_active_model();
        for (name, cell) in set {
            let column = E::Column::iter().find(|c| c.as_str() == name);
            row.set(column.ok_or_else(|| Problem::internal("a cell of no column"))?, cell.value());
        }
        self.update_checked::<E>(&before, row, action).await.map(|_| ())
    }

    /// Rows of raw SQL in this transaction, for acts that follow every room; `$1` marks values on both engines.
    pub async fn rows(&self, text: &str, values: Vec<Value>) -> Outcome<Vec<QueryResult>> {
        let backend = self.derived().get_database_backend();
        Ok(self
            .derived()
            .query_all_raw(Statement::from_sql_and_values(backend, audit::sql(backend, text), values))
            .await?)
    }
}

fn wanted(key: &[(String, Cell)], bound: usize) -> (String, Vec<Value>) {
    let parts: Vec<String> = key.iter().enumerate().map(|(i, (c, _))| format!("{c} = ${}", bound + i + 1)).collect();
    (parts.join(" AND "), key.iter().map(|(_, cell)| cell.value()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_the_same_after_a_stay_in_json() {
        let day = kernel::day::parse("2026-02-28").unwrap();
        for cell in [
            Cell::Id(Some(Id::from_u128(7))),
            Cell::Id(None),
            Cell::Int(Some(-3)),
            Cell::Big(Some(i64::MAX)),
            Cell::Text(Some("王芳".to_owned())),
            Cell::Day(Some(day)),
            Cell::Bool(Some(false)),
            Cell::Bytes(Some(vec![0, 255, 7])),
        ] {
            let text = serde_json::to_string(&cell).unwrap();
            assert_eq!(serde_json::from_str::<Cell>(&text).unwrap(), cell);
            assert_eq!(Cell::of(cell.value()).unwrap(), cell);
        }
    }
}
