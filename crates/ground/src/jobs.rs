//! Background work with progress that people can watch (server-sent events in the desk, a bar in the terminal).
//!
//! A job lives in the process that started it; what it leaves behind is its result. A restart forgets unfinished jobs, so a
//! job must be safe to start again.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use futures::FutureExt as _;
use kernel::{Id, Outcome, Problem};
use serde::Serialize;
use tokio::sync::watch;

/// How many finished jobs are remembered.
const REMEMBERED: usize = 500;

/// State of a job as people see it.
#[derive(Debug, Clone, Serialize)]
pub struct JobState {
    /// Id of the job.
    pub id: Id,
    /// The account that started it.
    #[serde(skip)]
    pub owner: Id,
    /// What it does, for example `coverage.service`.
    pub kind: &'static str,
    /// running, done or failed.
    pub state: &'static str,
    /// Steps done.
    pub done: u64,
    /// Steps in all; 0 while unknown.
    pub total: u64,
    /// What it is doing now (code of a message).
    pub message: String,
    /// Its result once done.
    pub result: Option<serde_json::Value>,
}

type Tell = dyn Fn(u64, u64, &str) + Send + Sync;

/// Tells a job's progress.
#[derive(Clone)]
pub struct Progress {
    tell: Arc<Tell>,
}

impl Progress {
    /// Progress that calls `tell(done, total, message)`.
    pub fn new(tell: impl Fn(u64, u64, &str) + Send + Sync + 'static) -> Self {
        Self { tell: Arc::new(tell) }
    }

    /// Progress nobody watches.
    pub fn silent() -> Self {
        Self::new(|_, _, _| {})
    }

    /// Tells how far the work is.
    pub fn at(&self, done: u64, total: u64, message: &str) {
        (self.tell)(done, total, message);
    }
}

type Watched = HashMap<Id, (u64, watch::Sender<JobState>)>;

/// The jobs of this process.
#[derive(Clone, Default)]
pub struct Jobs {
    all: Arc<Mutex<Watched>>,
}

impl Jobs {
    /// Starts `work` in the background; starting the same id again changes nothing.
    pub fn start<F, R>(&self, id: Id, owner: Id, kind: &'static str, work: F)
    where
        F: FnOnce(Progress) -> R,
        R: Future<Output = Outcome<serde_json::Value>> + Send + 'static,
    {
        let state =
            JobState { id, owner, kind, state: "running", done: 0, total: 0, message: String::new(), result: None };
        let (sender, _) = watch::channel(state);
        {
            let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
            if all.contains_key(&id) {
                return;
            }
            let serial = all.values().map(|(n, _)| n + 1).max().unwrap_or(0);
            all.insert(id, (serial, sender.clone()));
            if all.len() > REMEMBERED
                && let Some(oldest) = all
                    .iter()
                    .filter(|(_, (_, s))| s.borrow().state != "running")
                    .min_by_key(|(_, (n, _))| *n)
                    .map(|(id, _)| *id)
            {
                all.remove(&oldest);
            }
        }
        let tell = sender.clone();
        let progress = Progress::new(move |done, total, message| {
            tell.send_modify(|s| {
                s.done = done;
                s.total = total;
                message.clone_into(&mut s.message);
            });
        });
        let run = std::panic::AssertUnwindSafe(work(progress)).catch_unwind();
        tokio::spawn(async move {
            let result = run.await.unwrap_or_else(|_| Err(Problem::internal("a job panicked")));
            if let Err(problem) = &result {
                tracing::error!(job = %id, kind, cause = %problem, "job failed");
            }
            sender.send_modify(|s| match result {
                Ok(value) => {
                    s.state = "done";
                    s.done = s.total.max(s.done);
                    s.result = Some(value);
                }
                Err(problem) => {
                    s.state = "failed";
                    s.message = problem.code().to_owned();
                }
            });
        });
    }

    /// A job of this owner, to watch; another owner's job is as if it were not there.
    pub fn watch(&self, id: Id, owner: Id) -> Option<watch::Receiver<JobState>> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, sender) = all.get(&id)?;
        (sender.borrow().owner == owner).then(|| sender.subscribe())
    }
}
