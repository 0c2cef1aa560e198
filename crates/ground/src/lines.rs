//! Lines: rows read by position, the short way for lists and pages.
//!
//! The ORM's driver for SQLite keeps a thread per connection and copies every value of every row across to the caller; for a
//! list of twenty that costs more than the query. So short reads of the embedded file go through connections of their own
//! that the caller's thread uses directly (read-only, the same library, the same write-ahead log). On PostgreSQL the same
//! statement goes the ordinary way. Either way a type says once how it is read, by implementing [`Line`].

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError, TryLockError},
};

use kernel::{Day, Id, Outcome, Problem, Sealed, day};
use rusqlite::{Connection, OpenFlags, config::DbConfig, types::ValueRef};
use sea_orm::{DbErr, QueryResult, Statement, TryGetable, Value};

/// A type that is read from the columns of a statement, in their order.
pub trait Line: Sized {
    /// Reads one row.
    fn read(row: &mut Cells) -> Outcome<Self>;
}

/// The values of one row, taken one after the other.
pub struct Cells {
    row: Row,
    at: usize,
}

enum Row {
    Lite(Vec<Cell>),
    Other(Box<QueryResult>),
}

/// A value as SQLite keeps it.
#[derive(Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Null,
    /// A whole number or a truth value.
    Whole(i64),
    /// A fraction (a coordinate or a share of a post).
    Real(f64),
    /// Text or a day.
    Text(String),
    /// Bytes or an id.
    Bytes(Vec<u8>),
}

impl Cells {
    /// A row of the ORM.
    pub fn other(row: QueryResult) -> Self {
        Self { row: Row::Other(Box::new(row)), at: 0 }
    }

    /// The next value.
    pub fn take<T: FromCell>(&mut self) -> Outcome<T> {
        let at = self.at;
        self.at += 1;
        match &mut self.row {
            Row::Lite(cells) => {
                let cell = cells.get_mut(at).map(std::mem::take).unwrap_or_default();
                T::from_cell(cell).ok_or_else(|| Problem::internal(format!("column {at} is of another type")))
            }
            Row::Other(row) => T::from_other(row, at).map_err(Problem::from),
        }
    }
}

/// A value that a column can hold.
pub trait FromCell: Sized {
    /// From the embedded file; none when the cell holds something else.
    fn from_cell(cell: Cell) -> Option<Self>;
    /// From the ORM's row.
    fn from_other(row: &QueryResult, at: usize) -> Result<Self, DbErr>;
}

impl<T: FromCell> FromCell for Option<T>
where
    Option<T>: TryGetable,
{
    fn from_cell(cell: Cell) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            some => T::from_cell(some).map(Some),
        }
    }

    fn from_other(row: &QueryResult, at: usize) -> Result<Self, DbErr> {
        row.try_get_by_index(at)
    }
}

macro_rules! from_cell {
    ($($type:ty: $pattern:pat => $value:expr;)*) => {
        $(
            impl FromCell for $type {
                fn from_cell(cell: Cell) -> Option<Self> {
                    match cell {
                        $pattern => $value,
                        _ => None,
                    }
                }

                fn from_other(row: &QueryResult, at: usize) -> Result<Self, DbErr> {
                    row.try_get_by_index(at)
                }
            }
        )*
    };
}

from_cell! {
    String: Cell::Text(text) => Some(text);
    i32: Cell::Whole(n) => i32::try_from(n).ok();
    i64: Cell::Whole(n) => Some(n);
    bool: Cell::Whole(n) => Some(n != 0);
    f64: Cell::Real(n) => Some(n);
    Day: Cell::Text(text) => day::parse(&text);
    Id: Cell::Bytes(bytes) => Id::from_slice(&bytes).ok();
    Vec<u8>: Cell::Bytes(bytes) => Some(bytes);
    Sealed: Cell::Bytes(bytes) => Some(Sealed(bytes));
}

macro_rules! tuple {
    ($($name:ident),*) => {
        impl<$($name: FromCell),*> Line for ($($name,)*) {
            fn read(row: &mut Cells) -> Outcome<Self> {
                Ok(($(row.take::<$name>()?,)*))
            }
        }
    };
}

tuple!(A);
tuple!(A, B);
tuple!(A, B, C);
tuple!(A, B, C, D);

/// Connections for short reads of the embedded file.
pub(crate) struct Readers(Vec<Mutex<Connection>>);

/// So many statements a connection keeps ready.
const STATEMENTS: usize = 256;
/// Page cache of the writer's connection for plain statements in KiB: they touch the ends of few trees.
const WRITER_CACHE: i64 = 512;

impl Readers {
    pub(crate) fn open(path: &Path, count: usize, cache_kib: u32) -> Result<Self, rusqlite::Error> {
        let open = || -> Result<Mutex<Connection>, rusqlite::Error> {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let conn = Connection::open_with_flags(path, flags)?;
            conn.busy_timeout(std::time::Duration::from_secs(10))?;
            conn.pragma_update(None, "mmap_size", 0)?;
            conn.pragma_update(None, "cache_size", -i64::from(cache_kib))?;
            // A plan never depends on a value, so a statement is planned once and not anew at each step (partial indexes would
            // make it so); none of their conditions is met by a value.
            conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            conn.set_prepared_statement_cache_capacity(STATEMENTS);
            Ok(Mutex::new(conn))
        };
        Ok(Self((0..count.max(1)).map(|_| open()).collect::<Result<_, _>>()?))
    }

    /// A connection nobody uses now, else the first that is free again.
    fn take(&self) -> Option<MutexGuard<'_, Connection>> {
        for one in &self.0 {
            match one.try_lock() {
                Ok(guard) => return Some(guard),
                Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.0.first().map(|one| one.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn lines<L: Line>(&self, statement: &Statement) -> Outcome<Vec<L>> {
        read(&*self.take().ok_or(Problem::Unavailable)?, statement)
    }
}

/// The connection of the writer for plain statements. Only the writer's thread uses it; the lock is there because a future
/// that holds it may be sent.
pub(crate) struct Writer(Mutex<Connection>);

impl Writer {
    /// Opens it beside the ORM's, with the same promises of durability.
    pub(crate) fn open(path: &Path) -> Result<Self, rusqlite::Error> {
        let conn =
            Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        conn.busy_timeout(std::time::Duration::from_secs(10))?;
        for (name, value) in [
            ("mmap_size", 0),
            ("cache_size", -WRITER_CACHE),
            ("synchronous", 2),
            ("foreign_keys", 1),
            // Pages go back to the file when the writer says so, not in the middle of a commit somebody waits for.
            ("wal_autocheckpoint", 0),
            ("journal_size_limit", crate::db::JOURNAL_LEFT),
        ] {
            conn.pragma_update(None, name, value)?;
        }
        conn.set_prepared_statement_cache_capacity(STATEMENTS);
        let synchronous: i64 = conn.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        let mode: String = conn.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        if synchronous != 2 || mode != "wal" {
            return Err(rusqlite::Error::InvalidParameterName(format!("synchronous {synchronous}, journal {mode}")));
        }
        Ok(Self(Mutex::new(conn)))
    }

    fn conn(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a statement without values and rows.
    pub(crate) fn plain(&self, text: &str) -> Outcome<()> {
        self.conn().prepare_cached(text).and_then(|mut prepared| prepared.raw_execute()).map(|_| ()).map_err(failure)
    }

    /// Runs a statement and tells how many rows it changed.
    pub(crate) fn run(&self, statement: &Statement) -> Outcome<u64> {
        let conn = self.conn();
        let changed = prepared(&conn, statement)?.raw_execute().map_err(failure)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// Runs a statement and reads its rows.
    pub(crate) fn lines<L: Line>(&self, statement: &Statement) -> Outcome<Vec<L>> {
        read(&self.conn(), statement)
    }

    /// How many pages of the write-ahead log were not written back to the file yet.
    pub(crate) fn pages_behind(&self) -> i64 {
        self.checkpoint("PRAGMA wal_checkpoint(NOOP)")
    }

    /// Writes them back, as far as no reader needs what stands there; gives what is left.
    pub(crate) fn write_back(&self) -> i64 {
        self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)")
    }

    fn checkpoint(&self, text: &str) -> i64 {
        let conn = self.conn();
        let asked = conn
            .prepare_cached(text)
            .and_then(|mut prepared| prepared.query_row([], |row| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?)));
        // Nobody waits for it: what could not be done now is done after a later commit.
        asked
            .inspect_err(|error| tracing::warn!(cause = %error, "write-ahead log not written back"))
            .unwrap_or_default()
    }

    /// Undoes a transaction that was left open.
    pub(crate) fn abandon(&self) {
        if !self.conn().is_autocommit() {
            let _ = self.plain("ROLLBACK");
        }
    }
}

fn prepared<'a>(conn: &'a Connection, statement: &Statement) -> Outcome<rusqlite::CachedStatement<'a>> {
    let mut prepared = conn.prepare_cached(&statement.sql).map_err(failure)?;
    let values = statement.values.as_ref().map_or(&[][..], |v| v.0.as_slice());
    for (n, value) in values.iter().enumerate() {
        bind(&mut prepared, n + 1, value)?;
    }
    Ok(prepared)
}

fn read<L: Line>(conn: &Connection, statement: &Statement) -> Outcome<Vec<L>> {
    let mut prepared = prepared(conn, statement)?;
    let width = prepared.column_count();
    let mut rows = prepared.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        let mut cells = Vec::with_capacity(width);
        for at in 0..width {
            cells.push(match row.get_ref(at).map_err(failure)? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(n) => Cell::Whole(n),
                ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Cell::Bytes(bytes.to_vec()),
                ValueRef::Real(n) => Cell::Real(n),
            });
        }
        found.push(L::read(&mut Cells { row: Row::Lite(cells), at: 0 })?);
    }
    Ok(found)
}

fn bind(prepared: &mut rusqlite::CachedStatement<'_>, at: usize, value: &Value) -> Outcome<()> {
    match value {
        Value::Bool(v) => prepared.raw_bind_parameter(at, v),
        Value::Int(v) => prepared.raw_bind_parameter(at, v),
        Value::BigInt(v) => prepared.raw_bind_parameter(at, v),
        Value::BigUnsigned(v) => prepared.raw_bind_parameter(at, v.map(|n| i64::try_from(n).unwrap_or(i64::MAX))),
        Value::String(v) => prepared.raw_bind_parameter(at, v.as_deref()),
        Value::Bytes(v) => prepared.raw_bind_parameter(at, v.as_deref()),
        Value::Uuid(v) => prepared.raw_bind_parameter(at, v.as_ref().map(|id| id.as_bytes().as_slice())),
        Value::ChronoDate(v) => prepared.raw_bind_parameter(at, v.map(|day| day.to_string())),
        other => return Err(Problem::internal(format!("no binding for {other:?}"))),
    }
    .map_err(failure)
}

fn failure(error: rusqlite::Error) -> Problem {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => Problem::Unavailable,
        _ => Problem::internal(error),
    }
}
