//! The house: the state all handlers share. Its floor is private to this crate, so a handler reaches data by scope only.

use std::sync::Arc;

use ground::Floor;
use tokio::sync::{Semaphore, mpsc};

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
    pub(crate) opened: mpsc::Sender<Opened>,
    pub(crate) over_tls: bool,
    pub(crate) kinds: Arc<Vec<Kind>>,
}

impl House {
    /// Builds the house on a floor and starts its two background tasks: flushing view records and writing checkpoints.
    pub fn build(floor: Arc<Floor>, over_tls: bool) -> Self {
        let (opened, events) = mpsc::channel(10_000);
        let hashing = Arc::new(Semaphore::new(floor.config.concurrent_hashes.max(1)));
        let limits = Arc::new(Limits::new(floor.config.requests_per_minute));
        tokio::spawn(keep_views(floor.clone(), events));
        Self { floor, hashing, limits, known: Arc::default(), opened, over_tls, kinds: Arc::new(history::kinds()) }
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

/// Appends view records in groups, within a second of the view.
async fn keep_views(floor: Arc<Floor>, mut events: mpsc::Receiver<Opened>) {
    let mut batch = Vec::with_capacity(256);
    while events.recv_many(&mut batch, 256).await > 0 {
        // Views that come together are written together: one commit carries them all.
        let end = tokio::time::Instant::now() + std::time::Duration::from_millis(200);
        while batch.len() < 256 {
            match tokio::time::timeout_at(end, events.recv()).await {
                Ok(Some(event)) => batch.push(event),
                Ok(None) | Err(_) => break,
            }
        }
        let views = std::mem::take(&mut batch);
        let count = views.len();
        let on = floor.clone();
        let result = floor
            .db
            .write(move |tx| {
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
                    audit::append_views(tx.conn(), &on, &entries).await
                })
            })
            .await;
        if let Err(problem) = result {
            metrics::counter!("sheqiao_view_records_lost").increment(count as u64);
            tracing::error!(cause = %problem, count, "view records were not written");
        }
    }
}
