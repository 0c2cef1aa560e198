//! Steps: plain statements of a write, whoever carries them out.
//!
//! The ORM's driver for SQLite keeps a thread for its connection; each statement wakes that thread and then the one that
//! waits, which takes longer than the statement. A write that is a few plain statements (an audit record, above all) is
//! therefore told as steps: alone it runs on the writer's own connection in the writer's own thread, beside others and on
//! PostgreSQL in their transaction.

use kernel::Outcome;
use sea_orm::{ConnectionTrait as _, DatabaseTransaction, DbBackend, Statement};

use crate::lines::{Cells, Line, Writer};

/// An open write transaction that takes plain statements.
pub struct Steps<'a>(pub(crate) By<'a>);

/// Who carries them out.
pub(crate) enum By<'a> {
    /// The writer's own connection of the embedded file.
    Own(&'a Writer),
    /// The ORM's transaction.
    Orm(&'a DatabaseTransaction),
}

impl<'a> Steps<'a> {
    /// Inside a transaction of the ORM.
    pub fn of(tx: &'a DatabaseTransaction) -> Self {
        Self(By::Orm(tx))
    }

    /// Which SQL is spoken.
    pub fn backend(&self) -> DbBackend {
        match &self.0 {
            By::Own(_) => DbBackend::Sqlite,
            By::Orm(tx) => tx.get_database_backend(),
        }
    }

    /// Whether many statements cost hardly more than one with many rows.
    pub fn are_cheap(&self) -> bool {
        matches!(self.0, By::Own(_))
    }

    /// Runs a statement and tells how many rows it changed.
    pub async fn run(&self, statement: Statement) -> Outcome<u64> {
        match &self.0 {
            By::Own(own) => own.run(&statement),
            By::Orm(tx) => Ok(tx.execute_raw(statement).await?.rows_affected()),
        }
    }

    /// Runs a statement and reads its rows by position.
    pub async fn lines<L: Line>(&self, statement: Statement) -> Outcome<Vec<L>> {
        match &self.0 {
            By::Own(own) => own.lines(&statement),
            By::Orm(tx) => {
                let rows = tx.query_all_raw(statement).await?;
                rows.into_iter().map(|row| L::read(&mut Cells::other(row))).collect()
            }
        }
    }
}
