//! Start and stop: opening the data folder, listening rules, TLS, graceful shutdown with a last checkpoint.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use access::{House, Progress, Scope, audit::checkpoint, row::account};
use ground::{Chance, Config, Db, Floor, Folder, Jobs, Keyring, Press, chance::SystemChance, clock::SystemClock};

/// Why the server could not start; the text tells what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error("data folder: {0}")]
    Folder(#[from] std::io::Error),
    /// Settings.
    #[error(transparent)]
    Config(#[from] ground::config::ConfigError),
    /// Keys.
    #[error(transparent)]
    Keys(#[from] ground::crypto::CryptoError),
    /// Database.
    #[error(transparent)]
    Db(#[from] ground::db::DbError),
    /// Migration.
    #[error("migration failed: {0}")]
    Migration(String),
    /// A rule about listening.
    #[error("{0}")]
    Listen(String),
    /// Policies that the installation adds; every fault stands on two lines, Chinese and English.
    #[error("policies of the data folder:\n{0}")]
    Policies(String),
    /// TLS files.
    #[error("TLS: {0}")]
    Tls(std::io::Error),
    /// Something inside.
    #[error("{0}")]
    Problem(#[from] kernel::Problem),
}

/// Opens a data folder: settings, keys, database, migrations.
pub async fn open(data: &Path) -> Result<Arc<Floor>, StartError> {
    let folder = Folder::open(data)?;
    let config = Config::read(&folder.settings())?;
    added_policies(&folder.policies())?;
    let chance: Arc<dyn Chance> = Arc::new(SystemChance::new());
    let keys = Arc::new(Keyring::open(&folder, chance.clone())?);
    let db = if config.database_url.is_empty() {
        Db::open_sqlite(&folder.database(), config.connections).await?
    } else {
        Db::open_postgres(&config.database_url, config.connections).await?
    };
    schema::migrate(db.raw_writer()).await.map_err(|e| StartError::Migration(e.to_string()))?;
    let (clock, press) = (Arc::new(SystemClock), Press::own()?);
    Ok(Arc::new(Floor { db, clock, chance, keys, jobs: Jobs::default(), press, config, folder }))
}

/// Adds the policies of a folder to those of the program.
fn added_policies(folder: &Path) -> Result<(), StartError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let mut paths = entries.map(|entry| entry.map(|e| e.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    let read = |path: &std::path::PathBuf| Ok((path.display().to_string(), std::fs::read_to_string(path)?));
    let cards = paths.iter().map(read).collect::<std::io::Result<Vec<_>>>()?;
    if cards.is_empty() {
        return Ok(());
    }
    let count = aid::policies::shelf::stock(&cards).map_err(|faults| {
        let told: Vec<String> = faults.iter().map(|fault| format!("{}\n{fault}", fault.chinese())).collect();
        StartError::Policies(told.join("\n"))
    })?;
    tracing::info!(added = cards.len(), policies = count, "policies of the data folder are in use");
    Ok(())
}

/// Where and how to listen.
pub struct Listen {
    /// Address and port.
    pub address: SocketAddr,
    /// Certificate chain and key (PEM).
    pub tls: Option<(std::path::PathBuf, std::path::PathBuf)>,
}

/// Checks the rules of listening: beyond loopback TLS or a named proxy, and no demo accounts unless told.
pub async fn may_listen(floor: &Floor, listen: &Listen) -> Result<(), StartError> {
    if listen.address.ip().is_loopback() {
        return Ok(());
    }
    if listen.tls.is_none() && floor.config.behind_proxy.is_empty() {
        return Err(StartError::Listen(
            "beyond loopback TLS is required: give --tls-cert and --tls-key, or name the proxy that ends TLS in \
             `behind_proxy` of sheqiao.toml"
                .to_owned(),
        ));
    }
    if !floor.config.demo_beyond_loopback && account::has_demo(floor).await? {
        return Err(StartError::Listen(
            "this data folder holds demo accounts; it listens beyond loopback only with `demo_beyond_loopback = true`"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Serves until the process is asked to stop; then finishes open requests, writes a checkpoint and closes the database.
pub async fn serve(floor: Arc<Floor>, listen: Listen) -> Result<(), StartError> {
    may_listen(&floor, &listen).await?;
    crate::health::install();
    let swept = access::exports::sweep(&floor)?;
    if swept > 0 {
        tracing::info!(swept, "files of unfinished exports removed");
    }
    let over_tls = listen.tls.is_some() || !floor.config.behind_proxy.is_empty();
    let house = House::build(floor.clone(), over_tls).with_kinds(crate::kinds());
    let checkpoints = house.keep_checkpoints();
    let parameters = tokio::spawn(follow_parameters(house.clone()));
    let timers = keep_timers(house.clone());
    let screening = keep_screening(house.clone());
    let closing = house.clone();
    let reminders = house.keep_reminders();
    let app = crate::router(house).into_make_service_with_connect_info::<SocketAddr>();
    let handle = axum_server::Handle::new();
    tokio::spawn(stop_on_signal(handle.clone()));
    tracing::info!(address = %listen.address, tls = over_tls, "listening");
    match listen.tls {
        Some((cert, key)) => {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let tls = axum_server::tls_rustls::RustlsConfig::from_pem_file(cert, key).await.map_err(StartError::Tls)?;
            axum_server::bind_rustls(listen.address, tls).handle(handle).serve(app).await?;
        }
        None => axum_server::bind(listen.address).handle(handle).serve(app).await?,
    }
    timers.abort();
    screening.abort();
    checkpoints.abort();
    parameters.abort();
    reminders.abort();
    closing.views_written().await;
    checkpoint::write(&floor).await?;
    tracing::info!("stopped");
    Ok(())
}

/// At start and shortly after each midnight (Beijing): brings persons in line with parameters that hold other values by now.
async fn follow_parameters(house: House) {
    const DAY: i64 = 86_400_000;
    loop {
        match caught_up(&house).await {
            Ok(caught) if caught.changed.is_empty() => {}
            Ok(caught) => tracing::info!(
                parameters = caught.changed.len(),
                looked_at = caught.looked_at,
                settled = caught.settled,
                "persons follow changed parameters"
            ),
            Err(problem) => tracing::error!(cause = %problem, "persons could not follow changed parameters"),
        }
        let floor = house.floor();
        let midnight = ground::clock::start_of_day(floor.today()) + DAY;
        let wait = u64::try_from(midnight - floor.now()).unwrap_or(0) + 5_000;
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

async fn caught_up(house: &House) -> kernel::Outcome<people::agreement::Caught> {
    let scope = Scope::<people::persons::Change>::on_behalf_of(house, "people.catch_up").await?;
    people::agreement::catch_up(&scope, &Progress::silent()).await
}

/// Looks at the timers of the ledger at the start and whenever a new day begins in Beijing, as a job of its own.
fn keep_timers(house: House) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_secs(60));
        let mut done_for = None;
        loop {
            tick.tick().await;
            let today = house.floor().today();
            if done_for == Some(today) {
                continue;
            }
            match access::Scope::<people::ledger::Move>::on_behalf_of(&house, people::timers::JOB).await {
                Ok(scope) => {
                    let id = house.floor().new_id();
                    scope
                        .clone()
                        .start_job(id, people::timers::JOB, move |progress| people::timers::job(scope, progress));
                    done_for = Some(today);
                }
                Err(problem) => tracing::error!(cause = %problem, "the timers of the ledger could not be looked at"),
            }
        }
    })
}

/// Screens policies at the start and whenever a new day begins in Beijing, as a job of its own.
fn keep_screening(house: House) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_secs(60));
        let mut done_for = None;
        loop {
            tick.tick().await;
            let today = house.floor().today();
            if done_for == Some(today) {
                continue;
            }
            match Scope::<aid::screening::Run>::on_behalf_of(&house, aid::screening::run::JOB).await {
                Ok(scope) => {
                    let work = scope.clone();
                    let start = move |progress| aid::screening::run::job(work, progress);
                    scope.start_job(house.floor().new_id(), aid::screening::run::JOB, start);
                    done_for = Some(today);
                }
                Err(problem) => tracing::error!(cause = %problem, "policies could not be screened"),
            }
        }
    })
}

async fn stop_on_signal(handle: axum_server::Handle<SocketAddr>) {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        } else {
            let _ = interrupt.await;
        }
    }
    #[cfg(not(unix))]
    let _ = interrupt.await;
    handle.graceful_shutdown(Some(Duration::from_secs(10)));
}
