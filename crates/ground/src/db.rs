//! Databases: the embedded SQLite file by default, PostgreSQL when the users outgrow one file.
//!
//! Reads go through a pool. Writes are closures handed to [`Db::write`] or, when they are a few plain statements, to
//! [`Db::write_steps`]: on PostgreSQL each gets a transaction of its own; on SQLite one writer ([`writer`]) runs what is queued
//! as one *group commit* and answers after it.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::{FutureExt as _, future::BoxFuture};
use kernel::{Outcome, Problem};
use sea_orm::{
    AccessMode, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, IsolationLevel, SqlxPostgresConnector,
    SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait as _,
};
use sqlx::{
    ConnectOptions as _, Executor as _,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{mpsc, oneshot};

use crate::{
    lines::{Cells, Line, Readers, Writer},
    steps::Steps,
};

pub mod writer;

/// The oldest SQLite that does not corrupt a WAL file written by two connections (fixed in 3.51.3).
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);
/// Page cache of each SQLite connection for long reads in KiB; short ones have connections of their own ([`crate::lines`]).
const LONG_CACHE: u32 = 2_048;
/// Page cache of each other SQLite connection in KiB.
pub(crate) const SQLITE_CACHE: u32 = 4_000;
/// What is left of the write-ahead log once a large load was written back, in bytes.
pub(crate) const JOURNAL_LEFT: i64 = 67_108_864;
/// Longest one closure may run.
const WRITE_TIME: Duration = Duration::from_secs(600);

/// The two engines of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded file.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The driver says no.
    #[error("database: {0}")]
    Driver(#[from] sqlx::Error),
    /// The library or a setting is not what durability needs.
    #[error("database refused: {0}")]
    Refused(String),
}

/// A database with its readers and its one writer.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    read: DatabaseConnection,
    write: DatabaseConnection,
    queue: Option<mpsc::Sender<writer::Work>>,
    lines: Option<Arc<Readers>>,
}

/// An open write transaction (or the part of a group commit that belongs to one closure).
pub struct Tx {
    inner: DatabaseTransaction,
}

impl Tx {
    /// The transaction, for the crates that may use the ORM.
    pub fn conn(&self) -> &DatabaseTransaction {
        &self.inner
    }

    /// The same for plain statements.
    pub fn steps(&self) -> Steps<'_> {
        Steps::of(&self.inner)
    }
}

impl Db {
    /// Opens the embedded file, making it if needed, and asserts version and pragmas.
    pub async fn open_sqlite(path: &std::path::Path, readers: u32) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("mmap_size", "0")
            .pragma("cache_size", format!("-{SQLITE_CACHE}"))
            .pragma("temp_store", "MEMORY")
            // For loads that go past the writer, which otherwise looks after it ([`writer`]).
            .pragma("wal_autocheckpoint", "8000")
            .pragma("journal_size_limit", JOURNAL_LEFT.to_string())
            .disable_statement_logging();
        let writer = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await?;
        assert_sqlite(&writer).await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(readers.max(1))
            .test_before_acquire(false)
            .connect_with(options.pragma("query_only", "1").pragma("cache_size", format!("-{LONG_CACHE}")))
            .await?;
        let write = SqlxSqliteConnector::from_sqlx_sqlite_pool(writer);
        let own = Writer::open(path).map_err(|e| DbError::Refused(e.to_string()))?;
        let queue = writer::start(write.clone(), own).map_err(|e| DbError::Refused(e.to_string()))?;
        let read = SqlxSqliteConnector::from_sqlx_sqlite_pool(reader);
        let count = std::thread::available_parallelism().map_or(2, usize::from).min(readers.max(1) as usize);
        let lines = Readers::open(path, count, SQLITE_CACHE).map_err(|e| DbError::Refused(e.to_string()))?;
        Ok(Self { engine: Engine::Sqlite, read, write, queue: Some(queue), lines: Some(Arc::new(lines)) })
    }

    /// Connects to a PostgreSQL server.
    pub async fn open_postgres(url: &str, connections: u32) -> Result<Self, DbError> {
        let options = url
            .parse::<PgConnectOptions>()?
            .application_name("sheqiao")
            // Data lives on solid disks: an ordered index beats a bitmap scan with a sort. A plan never depends on a value, as
            // with the embedded file: planning each short read anew cost a quarter of it.
            .options([("random_page_cost", "1.1"), ("plan_cache_mode", "force_generic_plan")])
            .disable_statement_logging();
        // Two pools: a write that reads through the readers must never wait for a connection its neighbours hold.
        let pool = |most: u32| {
            PgPoolOptions::new()
                .max_connections(most)
                .acquire_timeout(Duration::from_secs(5))
                .connect_with(options.clone())
        };
        let half = connections.max(4) / 2;
        let writers = pool(half).await?;
        let pool = pool(connections.max(4) - half).await?;
        let collation: String =
            sqlx::query_scalar("select datcollate::text from pg_database where datname = current_database()")
                .fetch_one(&pool)
                .await?;
        if collation != "C" && collation != "C.UTF-8" && collation != "POSIX" {
            return Err(DbError::Refused(format!(
                "the PostgreSQL database has collation {collation}; create it with LC_COLLATE 'C' so that order is the same on both engines"
            )));
        }
        let read = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        let write = SqlxPostgresConnector::from_sqlx_postgres_pool(writers);
        Ok(Self { engine: Engine::Postgres, read, write, queue: None, lines: None })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The readers, for the crates that may use the ORM.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Runs a short reading statement and reads its rows by position; on the embedded file in the caller's own thread.
    pub async fn lines<L: Line>(&self, statement: Statement) -> Outcome<Vec<L>> {
        match &self.lines {
            Some(readers) => readers.lines(&statement),
            None => {
                let rows = self.read.query_all_raw(statement).await?;
                rows.into_iter().map(|row| L::read(&mut Cells::other(row))).collect()
            }
        }
    }

    /// The writing connection outside any transaction: migrations and bulk loads at start only.
    pub fn raw_writer(&self) -> &DatabaseConnection {
        &self.write
    }

    /// Runs a `COPY … FROM STDIN` of PostgreSQL with the content of a file and tells how many rows went in.
    pub async fn copy_in(&self, sql: &str, file: &std::path::Path) -> Outcome<u64> {
        use sqlx::postgres::PgPoolCopyExt as _;
        if self.engine != Engine::Postgres {
            return Err(Problem::internal("COPY is for PostgreSQL only"));
        }
        let file = tokio::fs::File::open(file).await.map_err(Problem::internal)?;
        let mut copy = self.write.get_postgres_connection_pool().copy_in_raw(sql).await.map_err(Problem::internal)?;
        copy.read_from(file).await.map_err(Problem::internal)?;
        copy.finish().await.map_err(Problem::internal)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> bool {
        self.read.execute_unprepared("select 1").await.is_ok()
    }

    /// Closes all connections; on SQLite the WAL is folded into the file.
    pub async fn close(self) {
        let Self { read, write, queue, .. } = self;
        if let Some(queue) = queue {
            let (reply, closed) = oneshot::channel();
            if queue.send(writer::Work::Close(reply)).await.is_ok() {
                let _ = closed.await;
            }
        }
        let _ = read.close().await;
        let _ = write.close().await;
    }

    /// Opens a transaction that reads one state of the whole database, however long it lasts.
    pub async fn snapshot(&self) -> Outcome<DatabaseTransaction> {
        // A SQLite transaction keeps to the state of its first read by itself.
        let options = match self.engine {
            Engine::Sqlite => TransactionOptions::default(),
            Engine::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
        };
        Ok(self.read.begin_with_options(options).await?)
    }

    /// Runs `work` in a write transaction and answers after it is durable.
    ///
    /// An `Err` of the closure rolls back all it did. The closure is finished and committed even when the caller goes away,
    /// which is why every write carries a client-made id.
    pub async fn write<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
    {
        match &self.queue {
            Some(queue) => writer::ask(queue, work).await,
            None => {
                let db = self.clone();
                let run = tokio::spawn(async move { db.write_alone(work).await });
                run.await.unwrap_or_else(|e| Err(Problem::internal(format!("write task: {e}"))))
            }
        }
    }

    /// The same for a write that is a few plain statements ([`Steps`]): the writer of the embedded file runs a lonely one in
    /// its own thread, without the ORM's driver and its thread.
    pub async fn write_steps<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Steps<'a>) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
    {
        match &self.queue {
            Some(queue) => writer::ask_steps(queue, work).await,
            None => self.write(move |tx| Box::pin(async move { work(&tx.steps()).await })).await,
        }
    }

    async fn write_alone<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
    {
        let tx = Tx { inner: self.write.begin().await? };
        crash_point("in_transaction");
        let result = guarded(work(&tx)).await;
        match result {
            Ok(value) => {
                crash_point("before_commit");
                tx.inner.commit().await?;
                crash_point("after_commit");
                Ok(value)
            }
            Err(problem) => {
                let _ = tx.inner.rollback().await;
                Err(problem)
            }
        }
    }
}

/// Runs a closure's future under a time limit and turns a panic into a problem.
async fn guarded<T>(work: BoxFuture<'_, Outcome<T>>) -> Outcome<T> {
    match tokio::time::timeout(WRITE_TIME, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(result)) => result,
        Ok(Err(_)) => Err(Problem::internal("a write closure panicked")),
        Err(_) => Err(Problem::internal("a write took too long")),
    }
}

async fn assert_sqlite(pool: &sqlx::SqlitePool) -> Result<(), DbError> {
    let mut conn = pool.acquire().await?;
    let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(&mut *conn).await?;
    let mut parts = version.split('.').map(|p| p.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < SQLITE_FLOOR || found == (3, 52, 0) {
        return Err(DbError::Refused(format!("SQLite {version} can corrupt a WAL file; 3.51.3 or later is needed")));
    }
    for (pragma, wanted) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"), ("mmap_size", "0")] {
        let row: Option<sqlx::sqlite::SqliteRow> =
            (&mut *conn).fetch_optional(sqlx::AssertSqlSafe(format!("PRAGMA {pragma}"))).await?;
        let value = row.map(|r| {
            use sqlx::Row as _;
            r.try_get::<String, _>(0).or_else(|_| r.try_get::<i64, _>(0).map(|n| n.to_string())).unwrap_or_default()
        });
        // SQLite answers nothing for mmap_size when memory mapping is compiled out.
        if value.as_deref().is_some_and(|v| v != wanted) {
            return Err(DbError::Refused(format!("PRAGMA {pragma} is {value:?}, must be {wanted}")));
        }
    }
    Ok(())
}

/// Ends the process here when a crash test asks for it (`SHEQIAO_CRASH=point:n`, development builds only).
pub fn crash_point(point: &str) {
    #[cfg(debug_assertions)]
    {
        use std::sync::{
            LazyLock,
            atomic::{AtomicI64, Ordering},
        };
        static PLAN: LazyLock<Option<(String, AtomicI64)>> = LazyLock::new(|| {
            let plan = std::env::var("SHEQIAO_CRASH").ok()?;
            let (point, count) = plan.split_once(':')?;
            Some((point.to_owned(), AtomicI64::new(count.parse().ok()?)))
        });
        if let Some((wanted, left)) = PLAN.as_ref()
            && wanted == point
            && left.fetch_sub(1, Ordering::SeqCst) == 1
        {
            std::process::abort();
        }
    }
    #[cfg(not(debug_assertions))]
    let _ = point;
}
