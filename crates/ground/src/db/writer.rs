//! The one writer of the embedded file: what is queued becomes one *group commit*, each closure in a savepoint, one COMMIT (one
//! fsync) for all, and an answer only after that COMMIT.
//!
//! Only the writer opens, releases and rolls back savepoints, and it is never cancelled: dropping a pending nested `begin()`
//! would roll back the outer transaction while its `commit()` still returned Ok. Each batch of the ORM therefore carries a plain
//! sentinel savepoint whose release fails if the outer transaction was lost, and any such failure fails every answer of the
//! batch.
//!
//! It has a thread of its own, so that a request that goes on working does not hold up the write it asked for, and so that a
//! slow disk holds up no request. It has two connections and uses one at a time: the ORM's, and one for batches of plain
//! statements ([`Steps`]), which run in this thread without a driver between.
//!
//! Pages go from the write-ahead log back to the file after an answer, in a moment of rest or when many have come together:
//! with SQLite's own rule one write in a hundred waits for some hundred pages and a second fsync.

use std::time::Duration;

use futures::{FutureExt as _, future::BoxFuture};
use kernel::{Outcome, Problem};
use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, SqliteTransactionMode, TransactionOptions, TransactionTrait as _,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use super::{Tx, crash_point, guarded};
use crate::{
    lines::Writer,
    steps::{By, Steps},
};

/// Most closures one commit carries.
const BATCH: usize = 64;
/// Longest a batch collects before it commits.
const BATCH_TIME: Duration = Duration::from_millis(50);
/// So many pages behind are written back in the next moment of rest (SQLite's own number).
const BEHIND: i64 = 1_000;
/// So many are written back at once.
const FAR_BEHIND: i64 = 4_000;
/// A moment of rest is looked for so long after.
const REST: Duration = Duration::from_millis(200);
/// Most closures that wait.
const QUEUE: usize = 1_024;

/// What the writer is asked for.
pub(super) enum Work {
    /// A write.
    Job(Box<dyn Job>),
    /// A look whether nothing else waits.
    Rest,
    /// The end; answered when both connections rest.
    Close(oneshot::Sender<()>),
}

/// A write that waits for its turn.
pub(super) trait Job: Send {
    /// Whether it is plain statements only.
    fn is_steps(&self) -> bool;
    /// Runs the closure; true when it succeeded.
    fn run<'a>(&'a mut self, on: On<'a>) -> BoxFuture<'a, bool>;
    /// Sends the answer; `failure` overrides a success that did not become durable.
    fn answer(self: Box<Self>, failure: Option<Problem>);
}

/// Where a closure runs.
#[derive(Clone, Copy)]
pub(super) enum On<'a> {
    /// In a transaction of the ORM.
    Orm(&'a Tx),
    /// On the connection for plain statements.
    Own(&'a Steps<'a>),
}

struct Closure<T, F> {
    work: Option<F>,
    answer: Answer<T>,
}

struct Stepwise<T, F> {
    work: Option<F>,
    answer: Answer<T>,
}

struct Answer<T> {
    result: Option<Outcome<T>>,
    reply: oneshot::Sender<Outcome<T>>,
}

impl<T> Answer<T> {
    fn keep(&mut self, result: Outcome<T>) -> bool {
        let ok = result.is_ok();
        self.result = Some(result);
        ok
    }

    fn send(self, failure: Option<Problem>) {
        let result = match (self.result, failure) {
            (Some(Err(problem)), _) => Err(problem),
            (_, Some(problem)) => Err(problem),
            (Some(Ok(value)), None) => Ok(value),
            (None, None) => Err(Problem::internal("a write was not run")),
        };
        let _ = self.reply.send(result);
    }
}

impl<T, F> Job for Closure<T, F>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
{
    fn is_steps(&self) -> bool {
        false
    }

    fn run<'a>(&'a mut self, on: On<'a>) -> BoxFuture<'a, bool> {
        let (Some(work), On::Orm(tx)) = (self.work.take(), on) else { return async { false }.boxed() };
        async move { self.answer.keep(guarded(work(tx)).await) }.boxed()
    }

    fn answer(self: Box<Self>, failure: Option<Problem>) {
        self.answer.send(failure);
    }
}

impl<T, F> Job for Stepwise<T, F>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Steps<'a>) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
{
    fn is_steps(&self) -> bool {
        true
    }

    fn run<'a>(&'a mut self, on: On<'a>) -> BoxFuture<'a, bool> {
        let Some(work) = self.work.take() else { return async { false }.boxed() };
        async move {
            let result = match on {
                On::Own(steps) => guarded(work(steps)).await,
                On::Orm(tx) => guarded(work(&tx.steps())).await,
            };
            self.answer.keep(result)
        }
        .boxed()
    }

    fn answer(self: Box<Self>, failure: Option<Problem>) {
        self.answer.send(failure);
    }
}

/// Starts the writer; it ends with [`Work::Close`] or with the last sender.
pub(super) fn start(orm: DatabaseConnection, own: Writer) -> std::io::Result<mpsc::Sender<Work>> {
    let (queue, work) = mpsc::channel(QUEUE);
    let runtime = tokio::runtime::Handle::current();
    let desk = Desk { queue: queue.downgrade(), orm, own, resting: false };
    std::thread::Builder::new().name("writer".to_owned()).spawn(move || runtime.block_on(desk.write(work)))?;
    Ok(queue)
}

/// Runs `work` in its turn.
pub(super) async fn ask<T, F>(queue: &mpsc::Sender<Work>, work: F) -> Outcome<T>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Tx) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let job = Closure { work: Some(work), answer: Answer { result: None, reply } };
    queue.send(Work::Job(Box::new(job))).await.map_err(|_| Problem::Unavailable)?;
    answer.await.map_err(|_| Problem::Unavailable)?
}

/// Runs plain statements in their turn.
pub(super) async fn ask_steps<T, F>(queue: &mpsc::Sender<Work>, work: F) -> Outcome<T>
where
    T: Send + 'static,
    F: for<'a> FnOnce(&'a Steps<'a>) -> BoxFuture<'a, Outcome<T>> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    let job = Stepwise { work: Some(work), answer: Answer { result: None, reply } };
    queue.send(Work::Job(Box::new(job))).await.map_err(|_| Problem::Unavailable)?;
    answer.await.map_err(|_| Problem::Unavailable)?
}

/// The writer with its two connections.
struct Desk {
    queue: mpsc::WeakSender<Work>,
    orm: DatabaseConnection,
    own: Writer,
    /// Whether a look for rest is on its way.
    resting: bool,
}

impl Desk {
    async fn write(mut self, mut work: mpsc::Receiver<Work>) {
        let mut kept = None;
        loop {
            let next = match kept.take() {
                Some(next) => Some(next),
                None => work.recv().await,
            };
            match next {
                Some(Work::Job(first)) => self.commit(first, &mut work, &mut kept).await,
                Some(Work::Rest) => {
                    self.resting = false;
                    // Whatever waits comes first; after it there is another look.
                    if work.is_empty() {
                        self.own.write_back();
                    }
                }
                Some(Work::Close(reply)) => {
                    drop(self);
                    let _ = reply.send(());
                    return;
                }
                None => return,
            }
        }
    }

    async fn commit(&mut self, first: Box<dyn Job>, work: &mut mpsc::Receiver<Work>, kept: &mut Option<Work>) {
        let mut batch = Batch { began: Instant::now(), work, kept, done: Vec::new() };
        let result = match first.is_steps() {
            true => batch.of_steps(&self.own, first).await,
            false => batch.of_closures(&self.orm, first).await,
        };
        let (failure, done) = (result.err(), batch.done);
        if let Some(problem) = &failure {
            tracing::error!(cause = %problem, writes = done.len(), "group commit failed; no write of it was acknowledged");
        }
        metrics::histogram!("sheqiao_writes_per_commit").record(done.len() as f64);
        for job in done {
            job.answer(failure.clone());
        }
        self.look_behind();
    }

    /// Writes pages back, or has a look later whether nothing waits.
    fn look_behind(&mut self) {
        let behind = self.own.pages_behind();
        if behind >= FAR_BEHIND {
            self.own.write_back();
        } else if behind >= BEHIND && !self.resting {
            self.resting = true;
            let queue = self.queue.clone();
            tokio::spawn(async move {
                tokio::time::sleep(REST).await;
                if let Some(queue) = queue.upgrade() {
                    let _ = queue.send(Work::Rest).await;
                }
            });
        }
    }
}

/// What one commit carries.
struct Batch<'a> {
    began: Instant,
    work: &'a mut mpsc::Receiver<Work>,
    /// Taken out of the queue, for the next batch.
    kept: &'a mut Option<Work>,
    /// Everything that ran or should have; each gets its answer.
    done: Vec<Box<dyn Job>>,
}

impl Batch<'_> {
    /// What waits and may join. A batch of closures takes plain statements as well, one of plain statements nothing else.
    fn more(&mut self, steps_only: bool) -> Option<Box<dyn Job>> {
        if self.done.len() >= BATCH || self.began.elapsed() >= BATCH_TIME {
            return None;
        }
        match self.work.try_recv().ok()? {
            Work::Job(job) if !steps_only || job.is_steps() => Some(job),
            other => {
                *self.kept = Some(other);
                None
            }
        }
    }

    /// Runs a job. It is kept before anything else can fail, so that it always gets its answer.
    async fn run(&mut self, mut job: Box<dyn Job>, on: On<'_>) -> bool {
        crash_point("in_savepoint");
        let ok = job.run(on).await;
        self.done.push(job);
        ok
    }

    async fn of_closures(&mut self, orm: &DatabaseConnection, first: Box<dyn Job>) -> Outcome<()> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = match orm.begin_with_options(options).await {
            Ok(inner) => Tx { inner },
            Err(error) => {
                self.done.push(first);
                return Err(error.into());
            }
        };
        // Two steps at once where they follow each other: each call of the driver wakes its thread and ours.
        let mut step = "SAVEPOINT sentinel; SAVEPOINT one";
        let mut next = Some(first);
        loop {
            if let Err(error) = tx.inner.execute_unprepared(step).await {
                // Taken out of the queue, so it gets the answer of the batch as well.
                self.done.extend(next);
                return Err(error.into());
            }
            let Some(job) = next.take() else { break };
            if !self.run(job, On::Orm(&tx)).await {
                tx.inner.execute_unprepared("ROLLBACK TO one").await?;
            }
            crash_point("between_savepoints");
            next = self.more(false);
            step = if next.is_some() { "RELEASE one; SAVEPOINT one" } else { "RELEASE one; RELEASE sentinel" };
        }
        crash_point("before_commit");
        tx.inner.commit().await?;
        crash_point("after_commit");
        Ok(())
    }

    async fn of_steps(&mut self, own: &Writer, first: Box<dyn Job>) -> Outcome<()> {
        let result = self.steps(own, first).await;
        // A statement that failed badly may have left the transaction open, or ended it; nothing of it was answered for.
        own.abandon();
        result
    }

    async fn steps(&mut self, own: &Writer, first: Box<dyn Job>) -> Outcome<()> {
        let mut next = Some(first);
        if let Err(problem) = own.plain("BEGIN IMMEDIATE") {
            self.done.extend(next);
            return Err(problem);
        }
        let steps = Steps(By::Own(own));
        while let Some(job) = next.take() {
            if let Err(problem) = own.plain("SAVEPOINT one") {
                self.done.push(job);
                return Err(problem);
            }
            if !self.run(job, On::Own(&steps)).await {
                own.plain("ROLLBACK TO one")?;
            }
            own.plain("RELEASE one")?;
            crash_point("between_savepoints");
            next = self.more(true);
        }
        crash_point("before_commit");
        own.plain("COMMIT")?;
        crash_point("after_commit");
        Ok(())
    }
}
