//! Floors for tests: both engines, fixed clock, seeded chance, throw-away keys.
//!
//! SQLite tests get a copy of one migrated template file; PostgreSQL tests get `CREATE DATABASE … TEMPLATE`. The PostgreSQL
//! server is started by the test command, which puts its URL into `SHEQIAO_TEST_POSTGRES`; when it is missing, a PostgreSQL
//! test fails (a skipped test is a red test).

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use kernel::Millis;
use sea_orm::ConnectionTrait as _;

use crate::{Chance, Clock, Config, Db, Engine, Floor, Folder, Jobs, Keyring, Press, chance::Seeded};

/// A clock that stands still until it is moved.
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock standing at this instant.
    pub fn at(now: Millis) -> Self {
        Self(AtomicI64::new(now))
    }

    /// Moves the clock.
    pub fn advance(&self, by: Millis) {
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::SeqCst)
    }
}

/// 2026-11-23 09:00 in Beijing, the morning on which every test begins.
pub const MORNING: Millis = 1_795_395_600_000;

/// A floor of a test with what must outlive it.
pub struct TestFloor {
    /// The floor.
    pub floor: Arc<Floor>,
    /// Its clock, to move.
    pub clock: Arc<FixedClock>,
    /// Which engine.
    pub engine: Engine,
    _folder: tempfile::TempDir,
}

static SERIAL: AtomicU64 = AtomicU64::new(1);

/// A floor on a fresh, migrated database of this engine.
///
/// # Panics
/// When the database cannot be made: the test is then red, never skipped.
#[allow(clippy::expect_used, clippy::panic)] // test support: a broken floor must stop the test
pub async fn floor(engine: Engine) -> TestFloor {
    let dir = tempfile::Builder::new().prefix("sheqiao-test").tempdir().expect("temporary folder");
    let folder = Folder::open(dir.path()).expect("data folder");
    let serial = SERIAL.fetch_add(1, Ordering::SeqCst);
    let chance: Arc<dyn Chance> = Arc::new(Seeded::new(serial.wrapping_mul(0x5851_F42D)));
    let keys = Arc::new(Keyring::open(&folder, chance.clone()).expect("keys"));
    let db = match engine {
        Engine::Sqlite => {
            let db = Db::open_sqlite(&folder.database(), 4).await.expect("SQLite");
            schema::migrate(db.raw_writer()).await.expect("migrations on SQLite");
            db
        }
        Engine::Postgres => postgres(serial).await,
    };
    let clock = Arc::new(FixedClock::at(MORNING));
    let floor = Floor {
        db,
        clock: clock.clone(),
        chance,
        keys,
        jobs: Jobs::default(),
        // Gives back what it was told: rooms are tested on what they print, the program on how it looks.
        press: Press::of("/bin/cat".into(), [], crate::press::Limits::default()),
        config: Config { concurrent_hashes: 2, ..Config::default() },
        folder,
    };
    TestFloor { floor: Arc::new(floor), clock, engine, _folder: dir }
}

#[allow(clippy::expect_used)] // test support
async fn postgres(serial: u64) -> Db {
    let base = std::env::var("SHEQIAO_TEST_POSTGRES")
        .expect("SHEQIAO_TEST_POSTGRES is not set: run the tests through `make test` or `make quick`");
    let admin = Db::open_postgres(&format!("{base}/postgres"), 2).await.expect("PostgreSQL");
    // Process numbers come again, so the name carries time as well.
    let now = crate::clock::SystemClock.now();
    let name = format!("t_{}_{serial}_{now}", std::process::id());
    admin
        .raw_writer()
        .execute_unprepared(&format!(
            "CREATE DATABASE {name} TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'UTF8'"
        ))
        .await
        .expect("test database");
    admin.close().await;
    let db = Db::open_postgres(&format!("{base}/{name}"), 6).await.expect("PostgreSQL test database");
    schema::migrate(db.raw_writer()).await.expect("migrations on PostgreSQL");
    db
}
