//! The house: the state all handlers share. Its floor is private to this crate, so a handler reaches data by scope only.

use std::sync::Arc;

use ground::Floor;
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::{
    audit::{self, Detail, Entry},
    history::{self, Kind},
    known::Known,
    limits::Limits,
    scope::Opened,
};

/// Shared state of the server, of jobs and of commands.
#[derive(Clone)]
pub struct House {
    pub(crate) floor: Arc<Floor>,
    pub(crate) hashing: Arc<Semaphore>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) known: Arc<Known>,
    pub(crate) views: mpsc::Sender<Note>,
    pub(crate) over_tls: bool,
    pub(crate) kinds: Arc<Vec<Kind>>,
}

impl House {
    /// Builds the house on a floor and starts its two background tasks: flushing view records and writing checkpoints.
    pub fn build(floor: Arc<Floor>, over_tls: bool) -> Self {
        let (views, events) = mpsc::channel(10_000);
        let hashing = Arc::new(Semaphore::new(floor.config.concurrent_hashes.max(1)));
        let limits = Arc::new(Limits::new(floor.config.requests_per_minute));
        tokio::spawn(keep_views(floor.clone(), events));
        Self { floor, hashing, limits, known: Arc::default(), views, over_tls, kinds: Arc::new(history::kinds()) }
    }

    /// The house with the kinds of record other wings keep, for their history.
    #[must_use]
    pub fn with_kinds(mut self, kinds: impl IntoIterator<Item = Kind>) -> Self {
        let mut all = (*self.kinds).clone();
        all.extend(kinds);
        self.kinds = Arc::new(all);
        self
    }

    /// The floor, for the server's own parts (health, metrics, shutdown) and the command line; rooms cannot name its type.
    pub fn floor(&self) -> &Arc<Floor> {
        &self.floor
    }

    /// Waits until every view noted so far is in the audit log: before the process ends, and before anything is compared with it.
    pub async fn views_written(&self) {
        let (reply, written) = oneshot::channel();
        if self.views.send(Note::Written(reply)).await.is_ok() {
            let _ = written.await;
        }
    }

    /// Writes signed checkpoints every ten seconds until the process ends.
    pub fn keep_checkpoints(&self) -> tokio::task::JoinHandle<()> {
        let floor = self.floor.clone();
        tokio::spawn(async move {
            let mut tick = tokio::time::interval(std::time::Duration::from_secs(10));
            loop {
                tick.tick().await;
                if let Err(problem) = audit::checkpoint::write(&floor).await {
                    tracing::error!(cause = %problem, "audit checkpoint was not written");
                }
            }
        })
    }
}

impl House {
    /// Looks every hour for grants that ran out, until the process ends.
    pub fn keep_reminders(&self) -> tokio::task::JoinHandle<()> {
        let house = self.clone();
        tokio::spawn(async move {
            let mut tick = tokio::time::interval(std::time::Duration::from_secs(3_600));
            loop {
                tick.tick().await;
                match crate::accounts::lapsed::remind(&house).await {
                    Ok(0) => {}
                    Ok(count) => tracing::info!(count, "asked for caseloads of grants that ran out"),
                    Err(problem) => tracing::error!(cause = %problem, "lapsed grants were not looked at"),
                }
            }
        })
    }
}

/// What the writer of view records is told.
pub(crate) enum Note {
    /// Somebody opened a record.
    View(Opened),
    /// Tell when all views noted before are written.
    Written(oneshot::Sender<()>),
}

/// Most views one commit carries.
const GROUP: usize = 256;
/// Longest a view waits for others to be written with it.
const GATHER: std::time::Duration = std::time::Duration::from_millis(200);

/// Appends view records in groups, within a second of the view: those that come together are carried by one commit.
async fn keep_views(floor: Arc<Floor>, mut notes: mpsc::Receiver<Note>) {
    while let Some(first) = notes.recv().await {
        let (mut views, mut asked) = (Vec::with_capacity(GROUP), Vec::new());
        let end = tokio::time::Instant::now() + GATHER;
        let mut next = Some(first);
        while let Some(note) = next.take() {
            match note {
                Note::View(view) => views.push(view),
                Note::Written(reply) => asked.push(reply),
            }
            if views.len() < GROUP && asked.is_empty() {
                next = tokio::time::timeout_at(end, notes.recv()).await.ok().flatten();
            }
        }
        write_views(&floor, views).await;
        for reply in asked {
            let _ = reply.send(());
        }
    }
}

async fn write_views(floor: &Arc<Floor>, views: Vec<Opened>) {
    if views.is_empty() {
        return;
    }
    let count = views.len();
    let on = floor.clone();
    let result = floor
        .db
        .write_steps(move |steps| {
            Box::pin(async move {
                let nothing = Detail::default();
                let entry = |view: &Opened| Entry {
                    chain: view.chain,
                    actor: view.actor,
                    action: "open",
                    object_kind: view.kind,
                    object: view.object,
                    rev: 0,
                    detail: &nothing,
                };
                let entries: Vec<Entry<'_>> = views.iter().map(entry).collect();
                audit::append_views(steps, &on, &entries).await
            })
        })
        .await;
    if let Err(problem) = result {
        metrics::counter!("sheqiao_view_records_lost").increment(count as u64);
        tracing::error!(cause = %problem, count, "view records were not written");
    }
}
