//! Bulk loading: many rows in few statements, for the first start and the demo worlds.
//!
//! Table and column names come from code, never from a request. [`Bulk`] sends prepared multi-row inserts on both engines;
//! [`CopyFile`] collects rows in PostgreSQL's `COPY` text format in a file, for worlds of a million persons.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use kernel::{Outcome, Problem};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

/// Most bound values of one statement (SQLite allows 32,766, PostgreSQL 65,535).
const BINDS: usize = 8_000;

/// Collects rows of one table and inserts them batch by batch.
pub struct Bulk {
    head: String,
    columns: usize,
    per_batch: usize,
    full: String,
    backend: DbBackend,
    values: Vec<Value>,
    rows: u64,
}

impl Bulk {
    /// A loader for `table` with these columns.
    pub fn new(backend: DbBackend, table: &str, columns: &[&str]) -> Self {
        let names: Vec<String> = columns.iter().map(|c| format!("\"{c}\"")).collect();
        let head = format!("INSERT INTO \"{table}\" ({}) VALUES ", names.join(", "));
        let per_batch = (BINDS / columns.len().max(1)).max(1);
        let full = format!("{head}{}", tuples(backend, columns.len(), per_batch));
        Self { head, columns: columns.len(), per_batch, full, backend, values: Vec::new(), rows: 0 }
    }

    /// Adds one row; sends a batch when enough are waiting.
    pub async fn push(&mut self, conn: &impl ConnectionTrait, row: impl IntoIterator<Item = Value>) -> Outcome<()> {
        self.values.extend(row);
        self.rows += 1;
        debug_assert_eq!(self.values.len() % self.columns, 0);
        if self.values.len() >= self.per_batch * self.columns {
            let values = std::mem::take(&mut self.values);
            let statement = Statement::from_sql_and_values(self.backend, self.full.clone(), values);
            conn.execute_raw(statement).await?;
        }
        Ok(())
    }

    /// Sends what is left and tells how many rows went in.
    pub async fn finish(mut self, conn: &impl ConnectionTrait) -> Outcome<u64> {
        if !self.values.is_empty() {
            let rows = self.values.len() / self.columns;
            let sql = format!("{}{}", self.head, tuples(self.backend, self.columns, rows));
            let values = std::mem::take(&mut self.values);
            conn.execute_raw(Statement::from_sql_and_values(self.backend, sql, values)).await?;
        }
        Ok(self.rows)
    }
}

fn tuples(backend: DbBackend, columns: usize, rows: usize) -> String {
    let mut sql = String::with_capacity(rows * columns * 4);
    let mut n = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            if column > 0 {
                sql.push(',');
            }
            n += 1;
            match backend {
                DbBackend::Postgres => sql.push_str(&format!("${n}")),
                _ => sql.push('?'),
            }
        }
        sql.push(')');
    }
    sql
}

/// Rows of one table in the `COPY` text format of PostgreSQL, collected in a file: memory stays flat however many there are.
pub struct CopyFile {
    table: &'static str,
    columns: Vec<String>,
    path: PathBuf,
    out: BufWriter<File>,
    line: String,
}

impl CopyFile {
    /// An empty file `TABLE.copy` in `folder` for these columns.
    pub fn new(folder: &Path, table: &'static str, columns: &[&str]) -> Outcome<Self> {
        let path = folder.join(format!("{table}.copy"));
        let out = BufWriter::with_capacity(1 << 20, File::create(&path).map_err(Problem::internal)?);
        let columns = columns.iter().map(|c| (*c).to_owned()).collect();
        Ok(Self { table, columns, path, out, line: String::new() })
    }

    /// Adds one row.
    pub fn push(&mut self, row: impl IntoIterator<Item = Value>) -> Outcome<()> {
        self.line.clear();
        for (n, value) in row.into_iter().enumerate() {
            if n > 0 {
                self.line.push('\t');
            }
            copy_text(&mut self.line, &value)?;
        }
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes()).map_err(Problem::internal)
    }

    /// Copies the file into its table, removes it and tells how many rows went in.
    pub async fn load(mut self, db: &crate::Db) -> Outcome<u64> {
        self.out.flush().map_err(Problem::internal)?;
        let names: Vec<String> = self.columns.iter().map(|c| format!("\"{c}\"")).collect();
        let sql = format!("COPY \"{}\" ({}) FROM STDIN", self.table, names.join(", "));
        let rows = db.copy_in(&sql, &self.path).await?;
        std::fs::remove_file(&self.path).map_err(Problem::internal)?;
        Ok(rows)
    }
}

/// One value as `COPY` reads it: `\N` for none, backslashes doubled, bytes in hexadecimal.
fn copy_text(line: &mut String, value: &Value) -> Outcome<()> {
    let written = match value {
        Value::Bool(Some(v)) => write!(line, "{}", if *v { 't' } else { 'f' }),
        Value::Int(Some(v)) => write!(line, "{v}"),
        Value::BigInt(Some(v)) => write!(line, "{v}"),
        Value::Uuid(Some(v)) => write!(line, "{v}"),
        Value::ChronoDate(Some(v)) => write!(line, "{v}"),
        Value::Bytes(Some(v)) => write!(line, "\\\\x{}", hex::encode(v)),
        Value::String(Some(v)) => {
            for c in v.chars() {
                match c {
                    '\\' => line.push_str("\\\\"),
                    '\t' => line.push_str("\\t"),
                    '\n' => line.push_str("\\n"),
                    '\r' => line.push_str("\\r"),
                    other => line.push(other),
                }
            }
            Ok(())
        }
        Value::Bool(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::Uuid(None)
        | Value::ChronoDate(None)
        | Value::Bytes(None)
        | Value::String(None) => write!(line, "\\N"),
        other => return Err(Problem::internal(format!("no COPY text for {other:?}"))),
    };
    written.map_err(Problem::internal)
}

/// The secondary indexes of a table, taken off for a load and put back after it: sorting once is several times faster than
/// keeping nine trees in order row by row. Belongs in one transaction, so that nobody ever sees the table without them.
/// On SQLite the page cache grows for the time being, or every index would be built from pages read back from the log.
#[must_use]
pub struct Indexes {
    ddl: Vec<String>,
}

impl Indexes {
    /// Takes off all indexes of `table` that no constraint needs.
    pub async fn take_off(conn: &impl ConnectionTrait, table: &str) -> Outcome<Self> {
        let backend = conn.get_database_backend();
        let text = match backend {
            DbBackend::Postgres => {
                "SELECT i.indexname AS name, i.indexdef AS ddl FROM pg_indexes i WHERE i.schemaname = current_schema() \
                 AND i.tablename = $1 AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
            }
            _ => {
                "SELECT name, sql AS ddl FROM sqlite_master WHERE type = 'index' AND tbl_name = ?1 AND sql IS NOT NULL"
            }
        };
        cache(conn, 256 * 1024).await?;
        let mut ddl = Vec::new();
        for row in conn.query_all_raw(Statement::from_sql_and_values(backend, text, [table.into()])).await? {
            let name: String = row.try_get("", "name")?;
            ddl.push(row.try_get("", "ddl")?);
            conn.execute_unprepared(&format!("DROP INDEX \"{name}\"")).await?;
        }
        Ok(Self { ddl })
    }

    /// Makes them again.
    pub async fn put_back(self, conn: &impl ConnectionTrait) -> Outcome<()> {
        for statement in self.ddl {
            conn.execute_unprepared(&statement).await?;
        }
        cache(conn, crate::db::SQLITE_CACHE).await
    }
}

/// Sets the page cache of this SQLite connection in KiB; PostgreSQL keeps its own.
async fn cache(conn: &impl ConnectionTrait, kib: u32) -> Outcome<()> {
    if conn.get_database_backend() == DbBackend::Sqlite {
        conn.execute_unprepared(&format!("PRAGMA cache_size = -{kib}")).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_written_as_copy_reads_it() {
        let cases: &[(Value, &str)] = &[
            (Value::from(true), "t"),
            (Value::from(-7_i32), "-7"),
            (Value::from(9_i64), "9"),
            (Value::from("a\tb\\c\nd\re鼎"), "a\\tb\\\\c\\nd\\re鼎"),
            (Value::from(vec![0_u8, 0xff]), "\\\\x00ff"),
            (Value::from(None::<String>), "\\N"),
            (Value::from(kernel::Id::nil()), "00000000-0000-0000-0000-000000000000"),
        ];
        for (value, expected) in cases {
            let mut line = String::new();
            copy_text(&mut line, value).unwrap();
            assert_eq!(line, *expected);
        }
    }
}
