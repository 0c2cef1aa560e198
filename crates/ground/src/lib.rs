//! The only I/O floor: databases, jobs, the data folder, clock, chance, configuration and cryptography.
//!
//! Rooms never depend on this crate (tests aside): their only way to data, jobs and files is a `Scope` of `access`, which
//! stands on the [`Floor`]. Everything that would make a run unrepeatable (time, random bytes, ids) enters here and is
//! injected upwards, so that a test can fix it.

pub mod bulk;
pub mod chance;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod db;
pub mod folder;
pub mod jobs;
pub mod lines;
pub mod press;
pub mod steps;
#[cfg(feature = "testing")]
pub mod testing;

use std::sync::Arc;

pub use chance::Chance;
pub use clock::Clock;
pub use config::Config;
pub use crypto::Keyring;
pub use db::{Db, Engine, Tx};
pub use folder::Folder;
pub use jobs::{Jobs, Progress};
pub use lines::{Cells, Line};
pub use press::Press;
pub use steps::Steps;

/// Everything the house stands on, shared by all requests, jobs and commands of one process.
pub struct Floor {
    /// The database, with its one writer.
    pub db: Db,
    /// The only source of time.
    pub clock: Arc<dyn Clock>,
    /// The only source of random bytes and ids.
    pub chance: Arc<dyn Chance>,
    /// Keys and ciphers.
    pub keys: Arc<Keyring>,
    /// Background work with progress.
    pub jobs: Jobs,
    /// Documents on paper.
    pub press: Press,
    /// Settings of file and environment.
    pub config: Config,
    /// The data folder.
    pub folder: Folder,
}

impl Floor {
    /// Now, in UTC milliseconds.
    pub fn now(&self) -> kernel::Millis {
        self.clock.now()
    }

    /// Today in Beijing.
    pub fn today(&self) -> kernel::Day {
        clock::beijing_day(self.clock.now())
    }

    /// A new UUIDv7.
    pub fn new_id(&self) -> kernel::Id {
        chance::id(self.clock.now(), &*self.chance)
    }
}
